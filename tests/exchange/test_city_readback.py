"""Whatever changes in the file between writing and reading back is noticed."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from city_samples import NATIONAL, REPORT
from openpyxl import load_workbook

from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.city_plan import Sheet
from zjtx_desktop.exchange.city_readback import compare
from zjtx_desktop.exchange.city_report import AwardRow, Sums
from zjtx_desktop.exchange.city_workbook import city_sheets, write_city_workbook, write_sheets
from zjtx_desktop.values import ZERO, Money

SUMMARY, DETAIL, STRINGS = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"
SUMS = Sums.of(REPORT.counted)


@pytest.fixture
def sheets() -> tuple[Sheet, ...]:
    return city_sheets(REPORT)[0]


@pytest.fixture
def written(tmp_path, sheets) -> Path:
    path = tmp_path / "上报.xlsx"
    write_sheets(sheets, "", REPORT.prepared_on, path, lambda: None)
    return path


def change(path: Path, part: str, edit: Callable[[str], str]) -> None:
    """Rewrite one part of the workbook, as a fault or a hand would."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    before = parts[part].decode()
    parts[part] = edit(before).encode()
    assert parts[part].decode() != before
    with zipfile.ZipFile(path, "w") as book:
        for name, data in parts.items():
            book.writestr(name, data)


def test_what_was_written_reads_back_equal(written, sheets):
    steps = []

    compare(written, sheets, SUMS, lambda: steps.append(1))

    assert len(steps) == sum(len(sheet.lines) for sheet in sheets)


TAMPERED = [
    ("an amount one fen off", DETAIL, lambda xml: xml.replace("<v>100000.00</v>", "<v>100000.01</v>", 1)),
    ("an amount half a fen off", DETAIL, lambda xml: xml.replace("<v>100000.00</v>", "<v>100000.005</v>", 1)),
    ("an amount that is text", DETAIL, lambda xml: re.sub(r'( s="\d+")><v>100000.00', r'\1 t="str"><v>100000.00', xml, count=1)),
    ("an amount gone", DETAIL, lambda xml: xml.replace("<v>100000.00</v>", "", 1)),
    ("a total one fen off", DETAIL, lambda xml: xml.replace("<v>500000.00</v>", "<v>500000.01</v>")),
    ("a total without its value", DETAIL, lambda xml: xml.replace("<v>500000.00</v>", "")),
    ("a sum over fewer rows", DETAIL, lambda xml: xml.replace("<f>SUM(O5:O8)</f>", "<f>SUM(O5:O7)</f>")),
    ("a formula in place of an amount", DETAIL, lambda xml: xml.replace("<v>100000.00</v>", "<f>1+1</f><v>100000.00</v>", 1)),
    ("a formula with attributes", DETAIL, lambda xml: xml.replace("<v>100000.00</v>", '<f t="normal">1</f><v>100000.00</v>', 1)),
    ("a formula gone", SUMMARY, lambda xml: xml.replace("<f>F5+G5</f>", "")),
    ("a voided amount that is a number", DETAIL, lambda xml: re.sub(r'(<c r="Q8" s="\d+") t="s"><v>\d+', r"\1><v>300000", xml)),
    ("another code", STRINGS, lambda xml: xml.replace("91360000625912173B", "91360000625912173C")),
    ("a code that is a number", DETAIL, lambda xml: re.sub(r'(<c r="D5" s="\d+") t="s"><v>\d+', r"\1><v>913", xml)),
    ("a trimmed blank", STRINGS, lambda xml: xml.replace("作废", "作废 ", 1)),
    ("an error in place of text", DETAIL, lambda xml: re.sub(r'(<c r="E5" s="\d+") t="s"><v>\d+', r'\1 t="e"><v>#N/A', xml)),
    ("two rows swapped", DETAIL, lambda xml: xml.replace('r="6"', 'r="x"').replace('r="5"', 'r="6"').replace('r="x"', 'r="5"')),
    ("a row gone", DETAIL, lambda xml: re.sub(r'<row r="7".*?</row>', "", xml)),
    ("a row more", DETAIL, lambda xml: xml.replace("</sheetData>", '<row r="99"><c r="A99"><v>1</v></c></row></sheetData>')),
    ("a cell more", DETAIL, lambda xml: re.sub(r'(<row r="5".*?)</row>', r'\1<c r="Z5"><v>1</v></c></row>', xml)),
    ("a sheet renamed", "xl/workbook.xml", lambda xml: xml.replace('name="校验"', 'name="校验 "')),
    ("broken XML", DETAIL, lambda xml: xml[: len(xml) // 2]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "part", "edit"), TAMPERED, ids=[what for what, _, _ in TAMPERED])
def test_a_change_in_the_file_is_refused(written, sheets, what, part, edit):
    change(written, part, edit)

    with pytest.raises(Refused, match="请重新导出"):
        compare(written, sheets, SUMS, lambda: None)


def test_the_place_of_the_difference_is_told(written, sheets):
    change(written, STRINGS, lambda xml: xml.replace("91360000625912173B", "91360000625912173C"))

    with pytest.raises(Refused, match="明细表 D5 应为“91360000625912173B”，实为“91360000625912173C”"):
        compare(written, sheets, SUMS, lambda: None)


@pytest.mark.parametrize("keep", [0, 100, 5000])
def test_a_cut_file_is_refused(written, sheets, keep):
    written.write_bytes(written.read_bytes()[:keep])

    with pytest.raises(Refused, match="读不回来"):
        compare(written, sheets, SUMS, lambda: None)


def test_the_amounts_are_summed_anew_and_not_taken_from_the_layout(written, sheets):
    with pytest.raises(Refused, match="逐笔相加得 500,000.00 元，应为 500,000.01 元"):
        compare(written, sheets, replace(SUMS, total=SUMS.total + Money(1)), lambda: None)


def test_the_hash_is_computed_anew_and_not_taken_from_the_layout(tmp_path, sheets):
    other = city_sheets(replace(REPORT, rows=(replace(NATIONAL, batch="第七批"), *REPORT.rows[1:])))[0]
    mixed = (other[0], other[1], other[2], sheets[3])
    write_sheets(mixed, "", REPORT.prepared_on, tmp_path / "混.xlsx", lambda: None)

    with pytest.raises(Refused, match="明细表的校验值与校验表所载不同"):
        compare(tmp_path / "混.xlsx", mixed, SUMS, lambda: None)


def test_an_award_of_the_city_alone_goes_out(tmp_path):
    """补差 and 就高 may leave the beneficiary treasury nothing, and the sheet no name of it."""
    alone = replace(NATIONAL, treasuries=(), beneficiary=ZERO, total=NATIONAL.municipal)

    written = write_city_workbook(replace(REPORT, rows=(alone,)), tmp_path / "上报.xlsx")

    assert (written.beneficiary, written.total) == (ZERO, NATIONAL.municipal)
    assert load_workbook(written.path)["汇总表"]["D5"].value == "（只有市级财政部分）"


@pytest.mark.parametrize("empty", ["", None])
@pytest.mark.parametrize("place", range(4))
def test_an_empty_text_on_any_sheet_reads_back_as_the_empty_cell_it_was_written_as(tmp_path, place, empty):
    sheets = list(city_sheets(REPORT)[0])
    row = sheets[place].lines[-1]
    kept = tuple(empty for _ in row.cells)
    sheets[place] = replace(sheets[place], lines=(*sheets[place].lines[:-1], replace(row, cells=kept)))
    write_sheets(sheets, "", REPORT.prepared_on, tmp_path / "空.xlsx", lambda: None)

    compare(tmp_path / "空.xlsx", sheets, SUMS, lambda: None)


EMPTIED = [field.name for field in fields(AwardRow) if isinstance(getattr(NATIONAL, field.name), str)]


@pytest.mark.parametrize("name", sorted(set(EMPTIED) - {"verdict", "state"}))
@pytest.mark.parametrize("verdict", ["award", "none"])
def test_whatever_text_of_a_row_is_empty_the_workbook_goes_out(tmp_path, name, verdict):
    row = replace(NATIONAL, **{name: ""})
    if verdict == "none":
        row = replace(row, verdict="none", treasuries=(), beneficiary=ZERO, municipal=ZERO, total=ZERO, reasons=("",))

    write_city_workbook(replace(REPORT, rows=(row,)), tmp_path / "上报.xlsx")
