"""Text tables: the encodings offices save in, separators, quotes, and where a row is."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.exchange.child import read_file
from zjtx_desktop.exchange.plain import decode, read_text
from zjtx_desktop.exchange.reading import CellProblem, Row, Table, read_table

LINES = "企业名称,所属地区\r\n江西某某科技有限公司,玉山县\r\n"
ROWS = (Row(1, ("企业名称", "所属地区")), Row(2, ("江西某某科技有限公司", "玉山县")))


def read(tmp_path: Path, data: bytes, name: str = "名单.csv") -> Table:
    (tmp_path / name).write_bytes(data)
    return read_file(tmp_path / name)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (LINES.encode("utf-8-sig"), "UTF-8"),
        (LINES.encode(), "UTF-8"),
        (LINES.encode("gb18030"), "GB18030"),
        (LINES.encode("gbk"), "GB18030"),
        (LINES.encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + LINES.encode("utf-16-be"), "UTF-16"),
        (LINES.replace(",", "\t").encode("utf-16"), "UTF-16"),
        (LINES.replace(",", ";").encode(), "UTF-8"),
        (LINES.replace("\r\n", "\n").encode(), "UTF-8"),
        (LINES.replace("\r\n", "\r").encode(), "UTF-8"),
    ],
)
def test_every_way_an_office_saves_text_gives_the_same_rows(tmp_path, data, encoding):
    table = read(tmp_path, data)

    assert table.rows == ROWS
    assert table.sheet == "名单" and table.sheets == ("名单",)
    assert table.notes == (f"文本文件按 {encoding} 编码读取，请核对预览里的汉字。",)


def test_gbk_text_that_begins_like_a_utf_8_mark_is_read_as_gbk():
    data = b"\xef\xbb\xbf\xef" + "企业,玉山县\n甲,乙\n".encode("gbk")

    assert decode(data) == ("锘匡企业,玉山县\n甲,乙\n", "GB18030")


def test_a_rare_character_of_gb18030_survives(tmp_path):
    assert read(tmp_path, "企业名称\n𠮷野䶮公司\n".encode("gb18030")).rows[1].cells == ("𠮷野䶮公司",)


def test_quotes_line_breaks_and_commas_inside_a_cell_are_kept(tmp_path):
    table = read(tmp_path, '企业名称,备注\n"甲,""乙""\n公司",丙\n丁,"戊"\n'.encode())

    assert table.rows[1:] == (Row(2, ('甲,"乙"\n公司', "丙")), Row(3, ("丁", "戊")))


def test_a_quote_inside_a_plain_cell_is_kept(tmp_path):
    table = read(tmp_path, '称号\n国家级专精特新"小巨人"企业\n'.encode())

    assert table.rows[1].cells == ('国家级专精特新"小巨人"企业',)


def test_numbers_stay_text_and_empty_rows_keep_the_count(tmp_path):
    table = read(tmp_path, "\n企业名称,代码\n,\n\n甲,00123\n".encode(), "名单.txt")

    assert table.rows == (Row(2, ("企业名称", "代码")), Row(5, ("甲", "00123")))


def test_an_error_text_is_a_problem(tmp_path):
    assert isinstance(read(tmp_path, "甲,#N/A\n".encode()).rows[0].cells[1], CellProblem)


def test_the_reading_process_reads_text_too(tmp_path):
    (tmp_path / "名单.csv").write_bytes(LINES.encode("gb18030"))

    assert read_table(tmp_path / "名单.csv").rows == ROWS


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_whatever_is_saved_with_a_mark_comes_back(text):
    assert decode(text.encode("utf-8-sig"))[0] == text
    assert decode(codecs.BOM_UTF16_LE + text.encode("utf-16-le"))[0] == text


SIGNS = st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="\t;#_")
CELLS = st.lists(st.text(SIGNS).filter(str.strip), min_size=2, max_size=5)


@given(st.lists(CELLS, min_size=1, max_size=5))
def test_cells_quoted_as_excel_quotes_them_come_back(rows):
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]

    found: list[Row] = []
    read_text("\r\n".join(quoted).encode("utf-8-sig"), "名单.csv", None, found.append)

    assert [list(row.cells) for row in found] == rows
