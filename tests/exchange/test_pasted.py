"""Blocks copied in Excel, WPS and LibreOffice: cells as they were typed, codes as text, limits in sentences."""

from datetime import date

import made_tables
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange import pasted
from zjtx_desktop.exchange.guessing import guess_columns
from zjtx_desktop.exchange.headers import Field
from zjtx_desktop.exchange.lists import parse_list
from zjtx_desktop.exchange.pasted import read_pasted
from zjtx_desktop.exchange.table import CellProblem

CODE = "91360000625912173B"


def cells(text):
    return [row.cells for row in read_pasted(text).rows]


def parsed(text, columns=None):
    return parse_list(read_pasted(text), made_tables.FULL, Titles.load(), date(2025, 3, 1), columns)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\tb\r\nc\td\r\n", [("a", "b"), ("c", "d")]),
        ("a\tb\nc\td", [("a", "b"), ("c", "d")]),
        ("a\tb\rc\td\r", [("a", "b"), ("c", "d")]),
        ("a\t\tb\r\n\r\n\tc\r\n", [("a", None, "b"), (None, "c")]),
        ('"第一行\n第二行"\tb\r\nc\td\r\n', [("第一行\n第二行", "b"), ("c", "d")]),
        ('"第一行\r\n第二行"\tb\r\nc\td\r\n', [("第一行\n第二行", "b"), ("c", "d")]),
        ('"有\t制表符"\tb\r\n', [("有\t制表符", "b")]),
        ('"换行和""引号""\n两样"\tb\r\n', [('换行和"引号"\n两样', "b")]),
        ('"""引号"""\tb\r\n', [('"引号"', "b")]),
        ('"小巨人"\tb\r\n', [('"小巨人"', "b")]),
        ('"小巨人"企业\t名\r\n', [('"小巨人"企业', "名")]),
        ('专精特新"小巨人"\tb\r\n', [('专精特新"小巨人"', "b")]),
        ('"没有配对\tb\r\nc\td\r\n', [('"没有配对', "b"), ("c", "d")]),
        ('"甲\tb\r\n丙\t乙"\r\n丁\td\r\n', [('"甲', "b"), ("丙", '乙"'), ("丁", "d")]),
        ('""\tb\tc\r\n', [('""', "b", "c")]),
        (f"{CODE}\t913600006259121730\r\n", [(CODE, "913600006259121730")]),
        ("0012\t=1+1\r\n", [("0012", "=1+1")]),
        ("a\tb\r\n\0", [("a", "b")]),
    ],
)
def test_cells_come_as_they_were_typed(text, wanted):
    assert cells(text) == wanted


def test_rows_keep_their_places_when_empty_ones_lie_between():
    assert [row.number for row in read_pasted("a\tb\r\n\t\r\nc\td\r\n").rows] == [1, 3]


def test_what_a_spreadsheet_could_not_show_is_a_problem_of_the_cell():
    ((name, code, error),) = cells("甲厂\t########\t#N/A\r\n")
    assert name == "甲厂" and isinstance(code, CellProblem) and "拉宽" in code.sentence
    assert isinstance(error, CellProblem)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有表格内容"),
        (" \r\n\t\r\n", "没有表格内容"),
        ("甲厂", "只有一格"),
        ("甲厂\r\n", "只有一格"),
        ("甲\t乙\r\n" * 20_001, "最多 20,000 行"),
        ("甲\t" * 200 + "乙", "200 列"),
        ("\n" * 200_001, "过大"),
        ("字" * 10_000_001, "过大"),
        ("甲\t" + "字" * 32_768, "第 1 行有一格超过 32,767"),
    ],
)
def test_a_block_that_is_none_or_too_much_gets_a_sentence(text, said):
    with pytest.raises(BadFile, match=said):
        read_pasted(text)


def test_messages_tell_row_and_column_of_what_was_pasted():
    text = f"企业名称\t统一社会信用代码\r\n甲厂\t{CODE}\r\n乙厂\t9.14E+17\r\n"
    good, bad = parsed(text).rows
    assert str(good.credit_code) == CODE
    assert bad.errors[0].startswith("粘贴内容 第3行 第2列：")


def test_without_a_names_column_the_sentence_speaks_of_what_was_pasted():
    with pytest.raises(BadFile, match="^粘贴内容的前 20 行里没有找到企业名称一列"):
        parsed("地址\t电话\r\n城东\t123\r\n")
    with pytest.raises(BadFile, match="第1列“企业名称”和第2列“单位名称”都是企业名称"):
        parsed("企业名称\t单位名称\r\n甲厂\t乙厂\r\n")


def test_columns_can_be_told_where_there_is_no_header():
    rows = parsed(f"甲厂\t{CODE}\r\n乙厂\t\r\n", {"name": 1, "code": 2}).rows
    assert [row.name for row in rows] == ["甲厂", "乙厂"] and str(rows[0].credit_code) == CODE


def test_columns_without_a_header_are_guessed_from_their_values():
    line = "1\t示例甲厂\t{code}\t玉山县\t省级\t新认定\t第五批\t赣工信〔2024〕6号\t2024/6/3\t张三\r\n"
    table = read_pasted(line.format(code=CODE) + line.format(code=""))
    assert guess_columns(table) == {
        Field.NAME: 2, Field.CODE: 3, Field.REGION: 4, Field.LEVEL: 5, Field.KIND: 6, Field.BATCH: 7,
        Field.NUMBER: 8, Field.DATE: 9,
    }  # fmt: skip
    assert guess_columns(read_pasted("张三\t13800000000\r\n李四\t13900000000\r\n")) == {}
    assert guess_columns(read_pasted(f"名 字\t{CODE}\r\n甲厂\t{CODE}\r\n")) == {}


def test_a_damaged_value_does_not_hide_its_column():
    table = read_pasted(f"甲厂\t{CODE}\t玉山县\r\n乙厂\t9.14E+17\t某某县\r\n丙厂\t{CODE}\t德兴市\r\n")
    assert guess_columns(table) == {Field.NAME: 1, Field.CODE: 2, Field.REGION: 3}
    assert guess_columns(read_pasted(f"甲厂\t9.14E+17\r\n乙厂\t{CODE}\r\n"))[Field.CODE] == 2


TYPED = st.text(st.sampled_from('ab"甲\t\n'), max_size=6)
BLOCKS = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(TYPED, min_size=width, max_size=width), min_size=1, max_size=4))


def copied(block, quotes_too):
    """As LibreOffice and this program copy (a quote also calls for quotes), or as Excel does."""

    def field(text):
        needs = any(sign in text for sign in ('\t\n"' if quotes_too else "\t\n"))
        return '"' + text.replace('"', '""') + '"' if needs else text

    return "".join("\t".join(map(field, row)) + "\r\n" for row in block)


@given(BLOCKS)
def test_whatever_was_typed_comes_back_from_programs_that_quote_quotes(block):
    assert list(pasted._records(copied(block, True)))[:-1] == block


@given(BLOCKS)
def test_whatever_text_is_pasted_is_read_or_refused(block):
    try:
        read_pasted(copied(block, False))
    except BadFile as refusal:
        assert str(refusal).endswith("。")


@given(st.text(st.sampled_from('"\t\n\rx'), max_size=60))
def test_no_text_is_lost_or_hangs(text):
    assert sum(map(len, (cell for line in pasted._block(text) for cell in line))) <= len(text)
