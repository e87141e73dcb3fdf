"""Workbooks that are sound, or whose single cells are not: what is read, and what becomes a problem."""

import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from made_books import MAIN, STYLES, book, packed, parts, relations, text_rows, workbook, worksheet

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.child import read_file
from zjtx_desktop.exchange.reading import CellProblem, Hint, HintKind, Merge, Row, Table, address, read_table

ROOT = Path(__file__).resolve().parents[2]


def read(tmp_path: Path, data: bytes, sheet: str | None = None, name: str = "名单.xlsx") -> Table:
    path = tmp_path / name
    path.write_bytes(data)
    return read_file(path, sheet)


def only(table: Table) -> object:
    assert len(table.rows) == 1
    return table.rows[0].cells[-1]


def honest(path: Path, rows: int) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("名单")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, "序号 企业名称 统一社会信用代码 所属地区 称号 级别 类型 批次 文件 文号 日期 备注".split())
    fixed = ["玉山县", "专精特新中小企业", "省级", "新认定", "第五批", "关于公布名单的通知", "赣工信企业字〔2023〕6号"]
    for number in range(1, rows + 1):
        sheet.write_row(number, 0, [number, f"江西某某科技有限公司{number}", f"9136110{number:011d}", *fixed])
        sheet.write_datetime(number, 10, datetime(2024, 6, 3), day)
        sheet.write_number(number, 11, number / 10)
    book.close()
    return path


def test_an_honest_book_of_forty_rows_comes_back_value_for_value(tmp_path):
    table = read_table(honest(tmp_path / "名单.xlsx", 40))

    assert (table.path_name, table.sheet, table.sheets, table.notes) == ("名单.xlsx", "名单", ("名单",), ())
    assert [row.number for row in table.rows] == list(range(1, 42))
    assert table.rows[3].cells[:4] == (3, "江西某某科技有限公司3", "913611000000000003", "玉山县")
    assert table.rows[3].cells[10:] == (date(2024, 6, 3), Decimal("0.3"))


BARE = """
import openpyxl, sys, time
started = time.process_time()
book = openpyxl.load_workbook(sys.argv[1], read_only=True, data_only=True)
rows = list(book.active.iter_rows(values_only=True))
print(len(rows), time.process_time() - started)
"""
OURS = """
import resource, sys, time
from pathlib import Path
from zjtx_desktop.exchange.reading import read_table
started = time.process_time()
rows = read_table(Path(sys.argv[1])).rows
child = resource.getrusage(resource.RUSAGE_CHILDREN)
spent = time.process_time() - started + child.ru_utime + child.ru_stime
print(len(rows), spent, child.ru_maxrss // 1024)
"""


def said_by(code: str, path: Path) -> list[float]:
    run = subprocess.run([sys.executable, "-c", code, path], stdout=subprocess.PIPE, cwd=ROOT, check=True)
    return [float(word) for word in run.stdout.split()]


def test_ten_thousand_rows_cost_about_what_the_bare_library_costs(tmp_path, capsys):
    path = honest(tmp_path / "名单.xlsx", 10_000)
    (bare_rows, bare), (rows, ours, peak) = (said_by(code, path) for code in (BARE, OURS))

    assert rows == bare_rows == 10_001
    assert peak < 150
    with capsys.disabled():
        times = f"bare {bare:.2f} s, here {ours:.2f} s = {ours / bare:.2f} x"
        print(f"\n10,000 x 12: {times}; peak {peak:.0f} MB")


def test_what_openpyxl_wrote_is_read(tmp_path):
    made = openpyxl.Workbook()
    made.active.append(["企业名称", "日期", "金额", "是否"])
    made.active.append(["甲", date(2024, 6, 3), 1234.56, True])
    made.active.append(["乙", datetime(2024, 6, 3, 9, 30), 5, False])
    made.save(tmp_path / "甲.xlsx")

    rows = read_file(tmp_path / "甲.xlsx").rows

    assert rows[1:] == (
        Row(2, ("甲", date(2024, 6, 3), Decimal("1234.56"), True)),
        Row(3, ("乙", date(2024, 6, 3), 5, False), (Hint(HintKind.TIME, 2, "09:30:00"),)),
    )


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1"><v>12</v></c>', 12),
        ('<c r="A1"><v>12.0</v></c>', 12),
        ('<c r="A1"><v>1.1000000000000001</v></c>', Decimal("1.1")),
        ('<c r="A1"><v>0.30000000000000004</v></c>', Decimal("0.3")),
        ('<c r="A1"><v>1E3</v></c>', 1000),
        ('<c r="A1"><v>-0.5</v></c>', Decimal("-0.5")),
        ('<c r="A1"><v>123456789012345</v></c>', 123456789012345),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="s"><v>0</v></c>', "甲公司"),
        ('<c r="A1" t="str"><f>B1</f><v>乙</v></c>', "乙"),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', 2),
        ('<c r="A1" s="1"><v>45446</v></c>', date(2024, 6, 3)),
        ('<c r="A1" s="1"><v>45446.4</v></c>', date(2024, 6, 3)),
        ('<c r="A1" t="d"><v>2024-06-03</v></c>', date(2024, 6, 3)),
        ('<c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>', "甲乙"),
        ('<c r="A1" t="inlineStr"><is><t>第一行_x000A_第二行</t></is></c>', "第一行\n第二行"),
        ('<c r="A1" t="inlineStr"><is><t>第一行_x000D__x000A_第二行</t></is></c>', "第一行\n第二行"),
        ('<c t="inlineStr"><is><t>没有地址</t></is></c>', "没有地址"),
    ],
)
def test_a_cell_becomes_a_plain_value_and_never_a_float(tmp_path, cell, value):
    found = only(read(tmp_path, book(f'<row r="1">{cell}</row>')))

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('<c r="A1" t="e"><v>#N/A</v></c>', "错误值 #N/A"),
        ('<c r="A1" t="e"><f>B1</f><v>#REF!</v></c>', "错误值 #REF!"),
        ('<c r="A1" t="inlineStr"><is><t>#N/A</t></is></c>', "错误值 #N/A"),
        ('<c r="A1" t="inlineStr"><is><t> #value! </t></is></c>', "错误值 #value!"),
        ('<c r="A1"><f>SUM(B1)</f></c>', "公式没有计算结果"),
        ('<c r="A1"><f>SUM(B1)</f><v></v></c>', "公式没有计算结果"),
        ('<c r="A1"><f>SUM(B1)</f><v/></c>', "公式没有计算结果"),
        ('<c r="A1" t="str"><f>B1</f></c>', "公式没有计算结果"),
        ('<c r="A1"><v>NaN</v></c>', "无法读取"),
        ('<c r="A1"><v>INF</v></c>', "无法读取"),
        ('<c r="A1"><v>1E999</v></c>', "数字无效"),
        ('<c r="A1"><v>1,234</v></c>', "无法读取"),
        ('<c r="A1"><v>9.1361100MA35GABC</v></c>', "无法读取"),
        ('<c r="A1"><v>9.1361100062591213E+17</v></c>', "超过 15 位"),
        ('<c r="A1"><v>6222021234567890123</v></c>', "超过 15 位"),
        ('<c r="A1"><v>-1000000000000000</v></c>', "超过 15 位"),
        ('<c r="A1" s="1"><v>99999999</v></c>', "日期超出"),
        ('<c r="A1" s="1"><v>-5</v></c>', "1980—2100"),
        ('<c r="A1" s="1"><v>60</v></c>', "1980—2100"),
        ('<c r="A1" s="1"><v>200000</v></c>', "1980—2100"),
        ('<c r="A1" s="1"><v>0.5</v></c>', "只有时间"),
        ('<c r="A1" t="d"><v>昨天</v></c>', "无法读取"),
        ('<c r="A1" t="inlineStr"><is><t>甲_x0007_乙</t></is></c>', "控制字符"),
        ('<c r="A1" t="inlineStr"><is><t>甲_xD800_乙</t></is></c>', "控制字符"),
    ],
)
def test_a_doubtful_cell_becomes_a_problem_and_never_nothing(tmp_path, cell, words):
    found = only(read(tmp_path, book(f'<row r="1">{cell}</row>')))

    assert isinstance(found, CellProblem)
    assert words in found.sentence
    assert "请" in found.sentence and found.sentence.endswith("。")


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" t="str"><f>B1</f><v></v></c>',
        '<c r="A1" s="1"/>',
        '<c r="A1" t="s"><v></v></c>',
        '<c r="A1" t="inlineStr"><is><t>　 </t></is></c>',
    ],
)
def test_an_empty_text_is_no_content(tmp_path, cell):
    table = read(tmp_path, book(f'<row r="1">{cell}</row><row r="2"><c r="B2"><v>1</v></c></row>'))

    assert table.rows == (Row(2, (None, 1)),)


@pytest.mark.parametrize("declared", ["A1:B1", "A1:A100", "A1", "XFD1048576", "A1:XFD1048576"])
def test_the_declared_dimension_is_not_believed(tmp_path, declared):
    rows = [[f"企业{number}", "玉山县", "省级"] for number in range(100)]

    table = read(tmp_path, book(text_rows(rows), before=f'<dimension ref="{declared}"/>'))

    assert [row.cells for row in table.rows] == [tuple(row) for row in rows]


def test_empty_columns_and_rows_keep_their_places(tmp_path):
    rows = '<row r="7"><c r="C7"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>'

    table = read(tmp_path, book(rows))

    assert table.rows == (Row(7, (None, None, 1)), Row(1048576, (2,)))


def test_hidden_rows_and_columns_are_read_and_told(tmp_path):
    table = read(
        tmp_path,
        book(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="A2"><v>2</v></c></row>',
            before='<cols><col min="3" max="3" hidden="1"/><col min="5" max="7" hidden="true"/></cols>',
        ),
    )

    assert [row.cells for row in table.rows] == [(1,), (2,)]
    assert table.notes == ("第 2 行是隐藏行，也已读入。", "C、E–G 列是隐藏列，也已读入。")


def test_merged_areas_are_told_and_what_they_cover_is_a_problem(tmp_path):
    after = '<mergeCells><mergeCell ref="A1:C1"/></mergeCells>'

    table = read(tmp_path, book(text_rows([["名单标题", "遮住"], ["甲", "乙"]]), after=after))

    assert table.merges == (Merge(1, 1, 1, 3),)
    assert str(table.merges[0]) == "A1:C1"
    assert table.rows[0].cells[0] == "名单标题"
    assert "合并单元格遮住" in table.rows[0].cells[1].sentence


def test_a_merged_area_over_the_whole_sheet_costs_nothing(tmp_path):
    after = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'

    table = read(tmp_path, book(text_rows([["甲"], ["乙"]]), after=after))

    assert isinstance(table.rows[1].cells[0], CellProblem)


def test_the_first_visible_sheet_with_content_is_read_unless_one_is_named(tmp_path):
    names = ["隐藏", "空表", "名单", "说明"]
    contents = parts(
        book=workbook(names, state=' state="hidden"'),
        rels=relations([f"worksheets/sheet{number}.xml" for number in (1, 2, 3, 4)]),
        **{
            "xl/worksheets/sheet2.xml": worksheet(""),
            "xl/worksheets/sheet3.xml": worksheet(text_rows([["名单"]])),
            "xl/worksheets/sheet4.xml": worksheet(text_rows([["说明"]])),
        },
    )

    table = read(tmp_path, packed(contents))

    assert (table.sheet, table.sheets, table.rows[0].cells) == ("名单", tuple(names), ("名单",))
    assert table.notes == ("文件有 4 张工作表，读取的是“名单”。",)
    assert read(tmp_path, packed(contents), "说明").rows[0].cells == ("说明",)
    assert read(tmp_path, packed(contents), "隐藏").rows[0].cells == ("企业名称",)
    with pytest.raises(BadFile, match="没有名为“附件”的工作表，请从这些里选：隐藏、空表、名单、说明"):
        read(tmp_path, packed(contents), "附件")


def test_dates_counted_from_1904_are_right(tmp_path):
    data = book(
        '<row r="1"><c r="A1" s="1"><v>43984</v></c></row>',
        book=workbook(["Sheet1"], extra='<workbookPr date1904="1"/>'),
    )

    assert only(read(tmp_path, data)) == date(2024, 6, 3)


def test_prefixed_and_utf_16_xml_is_read(tmp_path):
    prefixed = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    wide = '<?xml version="1.0" encoding="UTF-16"?>' + worksheet('<row r="1"><c r="A1"><v>8</v></c></row>')

    assert only(read(tmp_path, packed(parts(sheet=prefixed)))) == 7
    assert only(read(tmp_path, packed(parts(sheet=wide.encode("utf-16"))))) == 8


def test_a_book_without_styles_or_shared_strings_is_read(tmp_path):
    bare = types_without_strings()
    data = book('<row r="1"><c r="A1"><v>7</v></c></row>', styles=None, strings=None, types=bare)

    assert only(read(tmp_path, data)) == 7


def test_the_table_of_texts_is_found_however_its_name_is_spelled(tmp_path):
    contents = parts(sheet=worksheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'))
    contents["xl/SharedStrings.xml"] = contents.pop("xl/sharedStrings.xml")

    assert only(read(tmp_path, packed(contents))) == "甲公司"


def types_without_strings() -> str:
    full = parts()["[Content_Types].xml"]
    assert isinstance(full, str)
    return full[: full.index('<Override PartName="/xl/styles')] + "</Types>"


def test_the_reading_of_kana_above_a_name_is_not_taken_for_the_name(tmp_path):
    strings = f'<sst xmlns="{MAIN}"><si><t>甲公司</t><rPh sb="0" eb="1"><t>jia</t></rPh></si></sst>'

    table = read(tmp_path, book('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=strings))

    assert only(table) == "甲公司"


def test_the_rows_come_through_the_process_as_they_are_read_here(tmp_path):
    path = tmp_path / "各种单元格.xlsx"
    path.write_bytes(
        book(
            '<row r="1"><c r="A1"><v>0.5</v></c><c r="B1" t="b"><v>0</v></c><c r="C1" t="e"><v>#N/A</v></c>'
            '<c r="D1" s="1"><v>45446</v></c><c r="F1" t="inlineStr"><is><t>𠮷野"，\\</t></is></c></row>',
            after='<mergeCells><mergeCell ref="A3:B4"/></mergeCells>',
        )
    )

    assert read_table(path) == read_file(path)


@pytest.mark.parametrize(
    ("sheet", "where"),
    [("Sheet1", "Sheet1!AB3"), ("名单", "名单!AB3"), ("2024 名单", "'2024 名单'!AB3"), ("甲'乙", "'甲''乙'!AB3")],
)
def test_an_address_reads_as_in_excel(sheet, where):
    assert address(sheet, 3, 28) == where


def test_styles_that_are_plain_are_not_dates(tmp_path):
    assert "numFmtId" in STYLES
    assert only(read(tmp_path, book('<row r="1"><c r="A1" s="0"><v>45446</v></c></row>'))) == 45446
