"""The commands set-amount, redo, year-end, carry-over, close-year and compute --yearly-cap."""

import json
from datetime import date

import pytest
from test_pay_commands import run

from zjtx_desktop.domain.titles import Level
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import letters, rounds
from zjtx_desktop.values import Division


@pytest.fixture
def drafted(book, recognise):
    """The path of a closed book with a computed round of two provincial awards of one firm."""
    recognise(title="srdi_sme", level=Level.PROVINCIAL)
    recognise(title="single_champion", level=Level.PROVINCIAL, on=date(2024, 10, 8), organisation=1)
    with book.action("测算", "张三") as session:
        rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))
    book.close()
    return book.path


def answer(capsys, *words):
    code, said = run(capsys, *words, "--json")
    assert code == 0, said
    return json.loads(said)


def test_an_amount_by_hand_needs_the_scan_and_stays_under_the_cap(capsys, drafted, tmp_path):
    number, scan = "361123-2024-00001", tmp_path / "纪要.pdf"
    scan.write_bytes(b"%PDF-1.7 x")
    command = ("set-amount", drafted, "--award", number, "--treasury", "玉山县", "--amount", "12万", "--reason", "会议", "--document", "纪要", "--scan")
    code, said = run(capsys, *command, tmp_path / "没有.pdf")
    assert code == 1 and "打不开" in said
    assert answer(capsys, *command, scan) == {"award": number, "fen": 12_000_000, "total_fen": 12_000_000}
    code, said = run(capsys, "compute", drafted, "--year", 2024, "--yearly-cap", "15万")
    assert code == 1 and "没有写明依据" in said
    capped = answer(capsys, "compute", drafted, "--year", 2024, "--yearly-cap", "15万", "--basis", "玉府办发〔2024〕9号")
    assert [(one["manual"], one["capped"], one["parts"][0]["fen"]) for one in capped["awards"]] == [
        (True, False, 12_000_000),
        (False, True, 3_000_000),
    ]
    code, said = run(capsys, *command[:6], "--amount", "16万", *command[8:], scan)
    assert code == 1 and "最多奖励 15 万元" in said


def test_a_year_goes_from_a_correction_to_its_close(capsys, drafted, tmp_path):
    with Book(drafted) as book, book.action("下达", "张三") as session:
        letters.issue(session, 1, date(2024, 12, 2))
    redo = ("redo", drafted, "--award", "361123-2024-00001", "--reason", "写错")
    made = answer(capsys, *redo)
    assert made == {"award": "361123-2024-00001-2", "replaces": "361123-2024-00001", "verdict": "award"}
    assert answer(capsys, *redo) == made
    seen = answer(capsys, "year-end", drafted, "--year", 2024, "--out", tmp_path / "清单.pdf")
    assert [one["kind"] for one in seen["unfinished"]] == ["draft", "unpaid"] and (tmp_path / "清单.pdf").exists()
    code, said = run(capsys, "close-year", drafted, "--year", 2024)
    assert code == 1 and "还有没有办结的：草稿 1 笔、未付清 1 笔" in said
    with Book(drafted) as book, book.action("下达", "张三") as session:
        letters.issue(session, 1, date(2024, 12, 3))
    (carried,) = answer(capsys, "carry-over", drafted, "--year", 2024)["rounds"]
    assert carried == {"year": 2025, "name": "第一批结转（2024年）", "awards": 2, "fen": 20_000_000}
    assert answer(capsys, "close-year", drafted, "--year", 2024)["closed_by"] == "张三"
    code, said = run(capsys, "compute", drafted, "--year", 2024)
    assert code == 1 and "2024 年度已由张三于" in said
    code, said = run(capsys, "pay", drafted, "--award", made["award"], "--amount", "10万", "--on", "2025-02-03", "--voucher", "1号")
    assert code == 0, said


def test_the_city_as_beneficiary_has_its_own_part_set(capsys, book, recognise, tmp_path):
    recognise(title="srdi_sme", level=Level.PROVINCIAL, division=Division("361199"))
    with book.action("测算", "张三") as session:
        rounds.prepare(session, 2024, *rounds.basis_for(session, 2024), every_division=True)
    book.close()
    scan = tmp_path / "纪要.pdf"
    scan.write_bytes(b"%PDF-1.7 x")
    (number,) = (one["number"] for one in answer(capsys, "compute", book.path, "--year", 2024)["awards"])
    command = ("set-amount", book.path, "--award", number, "--treasury", "上饶市本级", "--amount", "12万", "--reason", "会议", "--document", "纪要", "--scan", scan)
    code, said = run(capsys, *command)
    assert code == 1 and "市级部分按文件定额" in said  # the city is meant as the city where nothing is said
    assert answer(capsys, *command, "--payer", "受益财政")["fen"] == 12_000_000
