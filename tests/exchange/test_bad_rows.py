"""The file of refused rows can be opened, corrected and imported again."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from zjtx_desktop.errors import BadFile, Refused
from zjtx_desktop.exchange.bad_rows import write_bad_rows

HEADER = ("企业名称", "统一社会信用代码", "认定年度")
ROWS = [
    (3, ("江西三清精密机械有限公司", "9.14E+17", "2024"), "代码被表格软件改坏，请按证照重新填写。"),
    (7, ("玉山县怀玉山食品有限公司", "0012", ""), "代码应为 18 位，这里只有 4 位。"),
]
NASTY = [
    "=1+1", "==1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "#N/A", "'x", "<r><t>甲</t></r>", "_x0041_",
]  # fmt: skip


def sheet_of(path: Path) -> Worksheet:
    return load_workbook(path).active


def test_number_and_reason_come_first_and_the_original_columns_follow_as_text(tmp_path):
    write_bad_rows(tmp_path / "未导入.xlsx", HEADER, ROWS)

    sheet = sheet_of(tmp_path / "未导入.xlsx")
    assert [cell.value for cell in sheet[1]] == ["原行号", "原因", *HEADER]
    assert [cell.value for cell in sheet[2]] == [3, ROWS[0][2], *ROWS[0][1]]
    assert [cell.value for cell in sheet[3]] == [7, ROWS[1][2], "玉山县怀玉山食品有限公司", "0012", None]
    assert {cell.data_type for cell in sheet[2][1:]} == {"s"}


def test_every_cell_to_be_corrected_is_a_text_cell_even_an_empty_one(tmp_path):
    write_bad_rows(tmp_path / "未导入.xlsx", HEADER, ROWS)

    sheet = sheet_of(tmp_path / "未导入.xlsx")
    assert {cell.number_format for row in sheet["C2:E3"] for cell in row} == {"@"}
    assert sheet.freeze_panes == "C2"


def test_a_file_of_rows_refused_twice_has_one_reason_a_row(tmp_path):
    header = ("原行号", "原因", *HEADER)
    rows = [(2, ("3", "旧原因", "甲公司", "0012", "2024"), "新原因")]

    write_bad_rows(tmp_path / "未导入.xlsx", header, rows)

    sheet = sheet_of(tmp_path / "未导入.xlsx")
    assert [cell.value for cell in sheet[1]] == ["原行号", "原因", *HEADER]
    assert [cell.value for cell in sheet[2]] == [2, "新原因", "甲公司", "0012", "2024"]


def test_cells_beyond_the_headings_are_kept(tmp_path):
    write_bad_rows(tmp_path / "未导入.xlsx", ("企业名称",), [(2, ("甲", "乙", "丙"), "多出两列")])

    assert [cell.value for cell in sheet_of(tmp_path / "未导入.xlsx")[2]] == [2, "多出两列", "甲", "乙", "丙"]


@pytest.mark.parametrize("text", NASTY)
def test_text_stays_text_whatever_it_looks_like(tmp_path, text):
    write_bad_rows(tmp_path / "未导入.xlsx", (text,), [(2, (text,), text)])

    sheet = sheet_of(tmp_path / "未导入.xlsx")
    for cell in (sheet["C1"], sheet["B2"], sheet["C2"]):
        assert (cell.value, cell.data_type) == (text, "s")


def test_what_no_cell_can_hold_is_shown_instead_of_failing(tmp_path):
    rows = [(2, ("甲\x00\x1f\ud800公司", "长" * 40_000), "控制符")]

    write_bad_rows(tmp_path / "未导入.xlsx", HEADER, rows)

    sheet = sheet_of(tmp_path / "未导入.xlsx")
    assert sheet["C2"].value == "甲���公司"
    assert sheet["D2"].value.endswith("……【原文共 40,000 个字，以下从略】")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_can_be_written_and_none_becomes_a_formula(tmp_path, cell, reason):
    write_bad_rows(tmp_path / "任意.xlsx", ("列",), [(2, (cell,), reason)], overwrite=True)

    for written in sheet_of(tmp_path / "任意.xlsx")[2][1:]:
        assert written.value is None or written.data_type == "s"


def test_no_rows_give_a_sheet_of_headings(tmp_path):
    write_bad_rows(tmp_path / "未导入.xlsx", HEADER, [])

    assert sheet_of(tmp_path / "未导入.xlsx").max_row == 1


def test_a_file_that_is_there_is_kept(tmp_path):
    (tmp_path / "未导入.xlsx").write_bytes(b"old")

    with pytest.raises(Refused):
        write_bad_rows(tmp_path / "未导入.xlsx", HEADER, ROWS)

    assert (tmp_path / "未导入.xlsx").read_bytes() == b"old"


def test_a_missing_folder_is_a_sentence_not_a_trace(tmp_path):
    with pytest.raises(BadFile, match="文件夹“没有”不存在"):
        write_bad_rows(tmp_path / "没有" / "未导入.xlsx", HEADER, ROWS)


def test_equal_rows_give_equal_bytes(tmp_path):
    for name in ("甲.xlsx", "乙.xlsx"):
        write_bad_rows(tmp_path / name, HEADER, ROWS)

    assert (tmp_path / "甲.xlsx").read_bytes() == (tmp_path / "乙.xlsx").read_bytes()
