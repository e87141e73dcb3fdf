"""Rows that could not be taken, saved and corrected by hand: just those are taken, and what was left as it is is refused again."""

import json
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zjtx_desktop.cli import run
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import recognitions
from zjtx_desktop.usecases.imports import Plan
from zjtx_desktop.usecases.list_file import ListDefaults, paste_list
from zjtx_desktop.usecases.outcomes import Status
from zjtx_desktop.values import CreditCode

OFFICE = shutil.which("soffice")
WHOLE = ("--title", "专精特新中小企业", "--level", "省级", "--type", "复核", "--batch", "第九批", "--label-year", "2024", "--number", "示例〔2024〕9号", "--date", "2024-06-03")
HEAD = ["序号", "企业名称", "统一社会信用代码", "所属地区", "有效期止"]


def code(number: int) -> str:
    body = f"91361123MA{number:07d}"
    return body + CreditCode(body + "0").expected_check


def book_of(folder: Path) -> Path:
    path = folder / "县.zjtx"
    assert run(["new", str(path), "--division", "361123", "--office", "玉山县财政局", "--by", "张三"]) == 0
    return path


def written(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def answer(capsys, book: Path, source: Path, *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["import", str(book), str(source), "--by", "张三", "--json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def held(book: Path) -> list[tuple[Any, ...]]:
    """Every recognition of the book: who, code, what, and by which document."""
    with Book(book) as opened, opened.reading() as session:
        lines = recognitions.LISTING.lines(session, recognitions.LISTING.ids(session))
    return sorted(
        (line.organisation, line.credit_code, line.title, line.level, line.kind, line.batch, line.label_year, line.document_number, line.document_date)
        for line in lines
    )


def resaved(path: Path, folder: Path) -> Path:
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed")
    words = [OFFICE, f"-env:UserInstallation=file://{folder}/home", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run([*words, "--outdir", str(folder / "saved"), str(path)], check=True, capture_output=True, timeout=120)
    return folder / "saved" / path.name


DAMAGED = [913611230000000000, 9.1361123e17, "9.14E+17", "913611230000000000", "0012", "=1+1"]


@pytest.mark.parametrize("through", [lambda path, folder: path, resaved], ids=["as it is", "LibreOffice"])
def test_damaged_codes_come_back_as_they_went_out_and_just_what_was_corrected_is_taken(through, tmp_path, capsys):
    book = book_of(tmp_path)
    rows = [HEAD, [1, "示例好一有限公司", code(1), "玉山县", None]]
    rows += [[2 + at, f"示例坏码{at}有限公司", damaged, "玉山县", None] for at, damaged in enumerate(DAMAGED)]
    first = answer(capsys, book, written(tmp_path / "名单.xlsx", rows), *WHOLE, "--bad-rows", str(tmp_path / "坏.xlsx"))
    assert [row["status"] for row in first["rows"]] == ["new", *["error"] * 6]
    good = ("示例好一有限公司", code(1), "srdi_sme", "省级", "复核", "第九批", 2024, "示例〔2024〕9号", date(2024, 6, 3))
    assert held(book) == [good]

    bad = through(tmp_path / "坏.xlsx", tmp_path)
    untouched = answer(capsys, book, bad)
    assert ([row["status"] for row in untouched["rows"]], untouched["written"], untouched["notes"]) == (["error"] * 6, 0, [])
    assert held(book) == [good]

    workbook = openpyxl.load_workbook(bad)
    sheet = workbook.active
    column = [cell.value for cell in sheet[1]].index("统一社会信用代码") + 1
    sheet.cell(2, column).value, sheet.cell(4, column).value = code(12), f" {code(14)} "
    workbook.save(tmp_path / "改好.xlsx")
    second = answer(capsys, book, tmp_path / "改好.xlsx", "--bad-rows", str(tmp_path / "还坏.xlsx"))
    assert [row["status"] for row in second["rows"]] == ["new", "error", "new", *["error"] * 3]
    whole = good[2:]
    assert held(book) == [("示例坏码0有限公司", code(12), *whole), ("示例坏码2有限公司", code(14), *whole), good]
    assert answer(capsys, book, tmp_path / "改好.xlsx")["written"] == 0
    assert len(answer(capsys, book, tmp_path / "还坏.xlsx")["rows"]) == 4


NUMBERS_OF_CODES = {  # as a sheet shows them: fifteen digits
    9.1361123003002e17: "9.1361123003002E+17", 913611230030020012: "9.1361123003002E+17", 913611230030024e3: "9.13611230030024E+17",
    9.136112300302e17: "9.136112300302E+17", 91361123003002001: "9.1361123003002E+16",
}  # fmt: skip


def test_a_code_that_was_a_number_goes_out_as_the_sheet_shows_it_and_is_never_taken(tmp_path, capsys):
    """The digits that its binary value has beyond the fifteenth are nobody's code, whether their check digit fails or agrees."""
    book = book_of(tmp_path)
    rows = [HEAD, *([at, f"示例{at}有限公司", number, "玉山县", None] for at, number in enumerate(NUMBERS_OF_CODES, start=1))]
    first = answer(capsys, book, written(tmp_path / "名单.xlsx", rows), *WHOLE, "--bad-rows", str(tmp_path / "坏.xlsx"))
    assert [row["status"] for row in first["rows"]] == ["error"] * len(NUMBERS_OF_CODES)
    sheet = openpyxl.load_workbook(tmp_path / "坏.xlsx").active
    column = [cell.value for cell in sheet[1]].index("统一社会信用代码") + 1
    assert [sheet.cell(row, column).value for row in range(2, sheet.max_row + 1)] == list(NUMBERS_OF_CODES.values())
    again = answer(capsys, book, tmp_path / "坏.xlsx")
    assert [(row["status"], "科学计数法" in row["messages"][0]) for row in again["rows"]] == [("error", True)] * len(NUMBERS_OF_CODES)
    assert held(book) == []


def test_dates_come_back_as_they_went_out(tmp_path, capsys):
    """A serial number is a day, as number or as text; a doubtful day is asked about again until it is corrected."""
    book = book_of(tmp_path)
    days = [45446, "45446", "24.6.3", datetime(2024, 6, 3, 23, 59, 17), True, "#N/A", "2024年6月"]
    rows = [["企业名称", "统一社会信用代码", "认定日期"], *([f"示例{at}有限公司", code(at), day] for at, day in enumerate(days, start=1))]
    words = ("--title", "专精特新中小企业", "--level", "省级", "--type", "新认定")
    first = answer(capsys, book, written(tmp_path / "名单.xlsx", rows), *words, "--bad-rows", str(tmp_path / "坏.xlsx"))
    assert [row["status"] for row in first["rows"]] == ["new", "new", *["error"] * 5]
    assert [row["taken"]["document_date"] for row in first["rows"][:2]] == ["2024-06-03", "2024-06-03"]
    assert [row["status"] for row in answer(capsys, book, tmp_path / "坏.xlsx")["rows"]] == ["error"] * 5
    workbook = openpyxl.load_workbook(tmp_path / "坏.xlsx")
    sheet = workbook.active
    column = [cell.value for cell in sheet[1]].index("认定日期") + 1
    for row in range(2, 7):
        sheet.cell(row, column).value = ("45446", "2024.6.3", "2024年6月3日", "2024-06-03", "20240603")[row - 2]
    workbook.save(tmp_path / "坏.xlsx")
    second = answer(capsys, book, tmp_path / "坏.xlsx")
    assert [(row["status"], row["taken"]["document_date"], row["taken"]["kind"]) for row in second["rows"]] == [("new", "2024-06-03", "新认定")] * 5
    assert len(held(book)) == 7


def test_what_was_given_is_not_given_to_rows_under_a_heading_that_says_otherwise(tmp_path, capsys):
    book = book_of(tmp_path)
    rows = [HEAD, [1, "示例甲有限公司", "12", "玉山县", None], ["二、复核通过企业"], [1, "示例乙有限公司", "12", "玉山县", None]]
    words = ("--title", "专精特新中小企业", "--level", "省级", "--type", "新认定")
    answer(capsys, book, written(tmp_path / "名单.xlsx", rows), *words, "--bad-rows", str(tmp_path / "坏.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "坏.xlsx").active
    heads = [cell.value for cell in sheet[1]]
    kinds = [sheet.cell(row, heads.index("认定类型") + 1).value for row in (2, 3)]
    assert kinds == ["新认定", None] and sheet.cell(3, heads.index("原小标题") + 1).value == "二、复核通过企业"


# One recognition of a batch, whichever way it comes


NUMBERS = ["示例〔2024〕9号", "示例〔2024〕10号", ""]


def test_the_same_batch_is_one_recognition_by_import_and_paste_and_form(tmp_path, capsys):
    book = book_of(tmp_path)
    head = ["企业名称", "统一社会信用代码", "批次", "年度", "文号"]
    words = ("--title", "专精特新中小企业", "--level", "省级", "--type", "新认定")
    answer(capsys, book, written(tmp_path / "一.xlsx", [head, ["示例甲有限公司", code(1), "第六批", 2024, NUMBERS[0]]]), *words)
    for number in NUMBERS:
        for batch in ("第六批", "第6批", "6", "（第六批）"):
            found = answer(capsys, book, written(tmp_path / "又.xlsx", [head, ["示例甲有限公司", code(1), batch, 2024, number]]), *words)
            assert found["rows"][0]["status"] in ("same", "changed") and len(held(book)) == 1
            text = "\t".join(head) + f"\r\n示例甲有限公司\t\t{batch}\t\t{number}\r\n"
            parsed = paste_list(text).parse(ListDefaults(title="srdi_sme", level=Level.PROVINCIAL, kind=Kind.NEW), date(2025, 3, 1))
            with Book(book) as opened, opened.action("粘贴", "张三") as session:
                plan = Plan(session, parsed)
                assert plan.outcomes[0].status in (Status.SAME, Status.CHANGED)
                plan.take_over(session, "粘贴", "0")
            assert len(held(book)) == 1
    with Book(book) as opened:
        with opened.reading() as session:
            form = recognitions.get(session, 1)
        for number in NUMBERS:
            form_of = recognitions.RecognitionForm(1, "srdi_sme", Level.PROVINCIAL, Kind.NEW, "示例甲有限公司", "第6批", None, document_number=number or None)
            with pytest.raises(recognitions.Refused, match="已登记过同一项认定"), opened.action("登记", "张三") as session:
                recognitions.register(session, form_of)
        assert form.batch and opened.check() == []
    assert len(held(book)) == 1
