"""The commands `pay` and `budget`: the same use cases as in the window, and the same command twice is one payment."""

import json
from datetime import date

import pytest

from zjtx_desktop import cli
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import letters, rounds
from zjtx_desktop.usecases.standings import part_lines
from zjtx_desktop.values import Division

CITY = Division("361199")


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
    assert code == 1 and "由玉山县（受益财政）、上饶市本级（市级财政）承担" in said
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


# -- the city's treasury as beneficiary and as the city


@pytest.fixture
def paid_twice_by_one(book, recognise):
    """A book with one issued award of an organisation whose beneficiary is 上饶市本级 itself, and the award's number."""
    recognise(division=CITY)
    with book.action("测算", "张三") as session:
        round_id = rounds.prepare(session, 2024, *rounds.basis_for(session, 2024), every_division=True).round.id
    with book.action("下达", "张三") as session:
        (letter,) = letters.issue(session, round_id, date(2024, 12, 2))
    book.close()
    return book.path, letter.award_number, round_id


def standing(path, round_id):
    with Book(path) as book, book.reading() as session:
        return {part.payer.value: part.standing.held.fen for part in part_lines(session, round_id)}


def test_two_parts_of_one_treasury_are_told_apart_by_the_payer(capsys, paid_twice_by_one):
    path, number, round_id = paid_twice_by_one
    order = ("--amount", "4万", "--on", "2024-12-20", "--voucher", "1号")
    command = ("pay", path, "--award", number, *order)
    for treasury in ((), ("--treasury", "上饶市本级")):
        code, said = run(capsys, *command, *treasury)
        assert code == 1 and "--payer" in said
        assert "上饶市本级（受益财政）、上饶市本级（市级财政）" in said
    code, said = run(capsys, *command, "--payer", "谁")
    assert code == 1 and "请写受益财政（beneficiary）或市级财政（municipal）" in said
    assert standing(path, round_id) == {"beneficiary": 0, "municipal": 0}
    for payer in ("beneficiary", "受益财政"):  # the same payment in other words
        code, said = run(capsys, *command, "--payer", payer)
        assert code == 0 and "上饶市本级（受益财政）已拨付 40,000.00 元，还有 60,000.00 元" in said
    assert standing(path, round_id) == {"beneficiary": 4_000_000, "municipal": 0}


def test_what_the_city_pays_as_the_city_waits_for_its_own_arrival_and_for_nothing_of_the_other(capsys, paid_twice_by_one):
    path, number, round_id = paid_twice_by_one
    order = ("pay", path, "--award", number, "--amount", "20万", "--on", "2024-12-20", "--voucher", "1号")
    code, said = run(capsys, *order, "--payer", "beneficiary")
    assert code == 1 and "现在最多可拨付 100,000.00 元" in said
    code, said = run(capsys, *order, "--payer", "市级财政")
    assert code == 1 and "请先登记到账" in said


def test_the_budget_of_the_city_as_beneficiary_is_its_own(capsys, paid_twice_by_one):
    path, _, _ = paid_twice_by_one
    command = ("budget", path, "--year", 2024, "--treasury", "上饶市本级", "--amount", "15万", "--basis", "饶财〔2024〕2号")
    code, said = run(capsys, *command, "--payer", "受益财政")
    assert code == 0 and "上饶市本级（受益财政）预算 150,000.00 元，已审定和下达 100,000.00 元" in said
    code, said = run(capsys, *command)
    assert code == 0 and "上饶市本级（市级财政）预算 150,000.00 元，已审定和下达 200,000.00 元" in said
