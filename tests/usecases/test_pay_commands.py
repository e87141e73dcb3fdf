"""The commands `pay` and `budget`: the same use cases as in the window, and the same command twice is one payment."""

import json
from datetime import date

import pytest

from zjtx_desktop import cli
from zjtx_desktop.usecases import letters, rounds


@pytest.fixture
def issued(book, recognise):
    """The path of a closed book with one issued award, and the award's number."""
    recognise()
    with book.action("测算", "张三") as session:
        round_id = rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id
    with book.action("下达", "张三") as session:
        (letter,) = letters.issue(session, round_id, date(2024, 12, 2))
    book.close()
    return book.path, letter.award_number


def run(capsys, *words):
    code = cli.run([*map(str, words), "--by", "张三"])
    said = capsys.readouterr()
    return code, said.out if not code else said.err


def test_a_payment_is_entered_once_however_often_the_command_is_given(capsys, issued):
    path, number = issued
    command = ("pay", path, "--award", number, "--treasury", "玉山县", "--amount", "4万", "--on", "2024-12-20", "--voucher", "1号", "--json")
    for _ in range(2):
        code, said = run(capsys, *command)
        assert (code, json.loads(said)["paid_fen"], json.loads(said)["left_fen"]) == (0, 4_000_000, 6_000_000)
    code, said = run(capsys, *command[:7], "60000.01", *command[8:])
    assert code == 1 and "现在最多可拨付 60,000.00 元" in said
    code, said = run(capsys, *command[:4], *command[6:])
    assert code == 1 and "由玉山县、上饶市本级承担" in said
    code, said = run(capsys, "pay", path, "--award", "没有", *command[6:])
    assert code == 1 and "没有编号为 没有 的已下达奖补" in said


def test_a_budget_is_recorded_and_told_with_what_is_left(capsys, issued):
    path, _ = issued
    command = ("budget", path, "--year", 2024, "--treasury", "玉山县", "--amount", "15万", "--basis", "玉府发〔2024〕2号")
    code, said = run(capsys, *command)
    assert code == 0 and "预算 150,000.00 元，已审定和下达 100,000.00 元，可用 50,000.00 元" in said
    code, said = run(capsys, *command[:5], "361199", *command[6:], "--json")
    assert json.loads(said)["left_fen"] == -5_000_000


def test_the_book_is_sound_afterwards(capsys, issued):
    path, number = issued
    run(capsys, "pay", path, "--award", number, "--treasury", "玉山县", "--amount", "4万", "--on", "2024-12-20", "--voucher", "1号")
    assert cli.run(["check", str(path)]) == 0
