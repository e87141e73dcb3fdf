"""The kinds of file beside workbooks of today, as other programs make them: the same table model comes out."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zlib import compress

import openpyxl
import pytest
from hostile_kinds import scan
from made_books import MACRO_TYPE, STYLES, book, packed, parts, types
from made_documents import WORD, cell, document, page, paragraph, table
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.child import read_file
from zjtx_desktop.exchange.formats import shown_parts
from zjtx_desktop.exchange.reading import CellProblem, Hint, HintKind, Merge, Row, Table, read_table

SAMPLES = Path(__file__).parent / "samples"
FIRST = ("1", "示例甲科技有限公司", "91361123MA0021043K")


def read(tmp_path: Path, data: bytes, name: str, sheet: str | None = None) -> Table:
    (tmp_path / name).write_bytes(data)
    return read_file(tmp_path / name, sheet)


def texts(table: Table) -> list[tuple[object, ...]]:
    return [row.cells for row in table.rows]


def hints(table: Table) -> dict[int, list[tuple[str, int, str]]]:
    return {row.number: [(hint.kind.value, hint.column, hint.text) for hint in row.hints] for row in table.rows if row.hints}


# .xls


def test_an_old_workbook_gives_the_values_of_a_new_one():
    table = read_file(SAMPLES / "libreoffice.xls")

    assert (table.sheet, table.sheets) == ("认定名单", ("认定名单", "空表", "说明", "旧表"))
    assert texts(table)[:3] == [
        ("2024年省级专精特新中小企业名单（示例）",),
        ("序号", "企业名称", "统一社会信用代码", "所属地区", "认定日期", "奖补（万元）"),
        (1, "示例甲科技有限公司", "91361123MA0021043K", "玉山县", date(2024, 6, 3), 10),
    ]
    assert table.rows[3].cells[4:] == ("2024年6月", Decimal("12.5"))
    assert "超过 15 位" in table.rows[5].cells[2].sentence and "错误值 #DIV/0!" in table.rows[5].cells[5].sentence
    assert table.rows[6].cells[3:] == (None, "6月3日", True)
    assert set(map(str, table.merges)) == {"A1:F1", "D6:D7"}
    assert table.notes == (
        "文件有 4 张工作表，读取的是“认定名单”。", "第 5 行是隐藏行，也已读入。", "F 列是隐藏列，也已读入。",
    )  # fmt: skip


def test_an_old_workbook_tells_what_its_cells_show():
    assert hints(read_file(SAMPLES / "libreoffice.xls")) == {
        3: [("comment", 2, "已更名")],
        4: [("struck", 2, ""), ("filled", 2, "有底色")],
        5: [("hidden", 0, ""), ("time", 5, "23:59:17")],
        6: [("struck", 0, "")],
        7: [("filled", 0, "灰色")],
    }


def test_any_sheet_of_an_old_workbook_is_read_by_its_name():
    assert texts(read_file(SAMPLES / "libreoffice.xls", "说明")) == [("示例",)]
    assert texts(read_file(SAMPLES / "libreoffice.xls", "旧表")) == [("甲",)]
    with pytest.raises(BadFile, match="工作表里没有内容"):
        read_file(SAMPLES / "libreoffice.xls", "空表")
    with pytest.raises(BadFile, match="没有名为“附件”的工作表，请从这些里选：认定名单、空表"):
        read_file(SAMPLES / "libreoffice.xls", "附件")


def test_a_workbook_of_wps_with_the_contents_of_an_xls_is_read(tmp_path):
    data = (SAMPLES / "libreoffice.xls").read_bytes()

    assert texts(read(tmp_path, data, "名单.et")) == texts(read_file(SAMPLES / "libreoffice.xls"))


# .xlsx and .xlsm


@pytest.mark.parametrize("name", ["名单.xlsm", "名单.xlsx"])
def test_macros_are_passed_over_and_told(tmp_path, name):
    table = read(tmp_path, packed(parts(types=types(MACRO_TYPE)), [("xl/vbaProject.bin", b"x")]), name)

    assert texts(table) == [("企业名称",), ("甲公司",)]
    assert table.notes == ("文件含有宏，没有读取，也不会运行。",)


def test_a_row_shows_what_is_struck_filled_commented_and_of_another_day(tmp_path):
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (["企业名称", "认定日期"], ["甲", date(2024, 6, 3)], ["乙", date(2024, 6, 1)], ["丙", "无"], ["丁", date(2024, 6, 3)]):
        sheet.append(row)
    for each in sheet[2]:
        each.font = Font(strike=True)
    sheet["B3"].number_format = 'yyyy"年"m"月"'
    for each in sheet[4]:
        each.fill = PatternFill("solid", fgColor="FFBFBFBF")
    sheet["A5"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["B5"].fill = PatternFill("solid", fgColor="FFFFFFFF")
    sheet["A3"].comment = Comment("2024年\n更名", "示例")
    into = BytesIO()
    made.save(into)

    table_ = read(tmp_path, into.getvalue(), "名单.xlsx")

    assert [row.cells[1] for row in table_.rows[1:]] == [date(2024, 6, 3), "2024年6月", "无", date(2024, 6, 3)]
    assert hints(table_) == {
        2: [("struck", 0, "")],
        3: [("comment", 1, "2024年 更名")],
        4: [("filled", 0, "灰色")],
        5: [("filled", 1, "有底色")],
    }


def test_struck_words_inside_a_cell_are_told(tmp_path):
    strings = parts()["xl/sharedStrings.xml"].replace(
        "<t>甲公司</t>", '<r><rPr><strike/></rPr><t>旧名</t></r><r><rPr><strike val="0"/></rPr><t>新名</t></r>'
    )
    table = read(tmp_path, book('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=strings), "名单.xlsx")

    assert table.rows == (Row(1, ("旧名新名",), (Hint(HintKind.STRUCK, 1, "旧名"),)),)


@pytest.mark.parametrize(("number", "shown"), [(31, date(2024, 6, 3)), (57, "2024年6月"), (58, "6月3日"), (17, "2024年6月")])
def test_formats_that_excel_in_chinese_knows_by_number_show_dates(tmp_path, number, shown):
    styles = STYLES.replace('numFmtId="14"', f'numFmtId="{number}"')
    table = read(tmp_path, book('<row r="1"><c r="A1" s="1"><v>45446</v></c></row>', styles=styles), "名单.xlsx")

    assert table.rows == (Row(1, (shown,)),)


@pytest.mark.parametrize("code", ["yyyy-mm-dd", "m/d/yy h:mm", '[$-804]yyyy"年"m"月"d"日";@', 'e"年"m"月"d"日"', r"dd\.mm\.yy"])
def test_a_format_with_year_month_and_day_shows_the_whole_day(code):
    assert shown_parts(code) == "ymd"


@pytest.mark.parametrize(
    ("code", "parts"),
    [('yyyy"年"m"月"', "ym"), ("yyyy", "y"), ("mmm-yy", "ym"), ('m"月"d"日"', "md"), ("h:mm", ""), ("mm:ss", ""), ('yyyy"md"', "y"), ("d hh:mm yy", "yd")],
)
def test_a_format_shows_the_parts_that_it_names(code, parts):
    assert shown_parts(code) == parts


# .docx


def test_a_document_of_libreoffice_gives_its_tables_with_what_stands_over_them():
    table = read_file(SAMPLES / "libreoffice.docx")

    assert (table.sheet, table.sheets, table.called) == ("表1", ("表1", "表2"), "表1")
    assert [(row.number, row.cells) for row in table.rows[:5]] == [
        (-2, ("关于公布2024年省级专精特新中小企业名单的通知（示例）",)),
        (-1, ("示工信字〔2024〕6号",)),
        (0, ("附件：2024年名单（共3家）",)),
        (1, ("序号", "企业名称", "统一社会信用代码", "有效期", None, "所属地区")),
        (2, (None, None, None, "起", "止")),
    ]
    assert table.rows[5].cells == (*FIRST, "2024-06-03", "2027-06-02", "玉山县")
    assert table.rows[8].cells[1] == "示例丙科技\n有限公司"
    assert set(map(str, table.merges)) == {"A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2", "F3:F4", "A5:F5"}
    assert hints(table) == {4: [("struck", 2, "")], 5: [("filled", 0, "灰色")]}
    assert table.notes == ("文件里有 2 张表，读取的是“表1”。", "最后一张表后面还有文字，没有读入：“示例工业和信息化局”。")
    assert table.address(3, 2) == "表1 第3行 第2列"


def test_another_table_of_a_document_is_read_by_its_name():
    assert texts(read_file(SAMPLES / "libreoffice.docx", "表2")) == [
        ("附件2：示范平台（示例）",), ("序号", "平台名称"), ("1", "示例公共服务平台"),
    ]  # fmt: skip
    with pytest.raises(BadFile, match="没有名为“表3”的表，请从这些里选：表1、表2"):
        read_file(SAMPLES / "libreoffice.docx", "表3")


def test_a_document_of_pandoc_gives_its_table():
    table = read_file(SAMPLES / "pandoc.docx")

    assert texts(table)[-3:] == [("序号", "企业名称", "统一社会信用代码", "备注"), FIRST, ("2", "示例乙科技有限公司", "91361123MA0021051E", "取消")]
    assert hints(table) == {3: [("struck", 4, "")]}
    assert texts(table)[:2] == [("关于公布2024年省级专精特新中小企业名单的通知",), ("示工信字〔2024〕18号",)]


def test_what_a_document_does_not_show_is_not_read(tmp_path):
    run = "<w:r><w:t>甲</w:t></w:r>"
    deleted = "<w:del><w:r><w:delText>删</w:delText><w:t>删</w:t></w:r></w:del>"
    moved = "<w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
    twice = f'<mc:AlternateContent xmlns:mc="x"><mc:Choice>{run}</mc:Choice><mc:Fallback>{run}</mc:Fallback></mc:AlternateContent>'
    field = "<w:r><w:instrText>PAGE</w:instrText></w:r>"
    words = f"<w:tc><w:p>{run}{deleted}{moved}{hidden}{field}<w:ins>{twice}</w:ins></w:p></w:tc>"

    table_ = read(tmp_path, document(table([["企业名称", "备注"], [words, "乙"]])), "名单.docx")

    assert texts(table_) == [("企业名称", "备注"), ("甲甲", "乙")]
    assert table_.notes == ("文档里有隐藏的文字，没有读入。",)


def test_runs_breaks_and_signs_of_a_cell_make_one_text(tmp_path):
    parts_ = "<w:r><w:t>示例</w:t></w:r><w:hyperlink><w:r><w:t>甲</w:t></w:r></w:hyperlink><w:r><w:br/><w:t>二</w:t><w:noBreakHyphen/></w:r>"
    words = f'<w:tc><w:p>{parts_}<w:r><w:sym w:char="F0FC"/></w:r></w:p><w:p><w:r><w:t>三</w:t></w:r></w:p></w:tc>'

    assert texts(read(tmp_path, document(table([["企业名称", "备注"], [words, "乙"]])), "名单.docx"))[1] == ("示例甲\n二-\ufffd\n三", "乙")


def test_merged_cells_of_a_document_cover_what_they_cover(tmp_path):
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        [cell("标题", '<w:gridSpan w:val="3"/>')],
        [cell("玉山县", down), "甲", cell("1")],
        [cell("", on), "乙", cell("2")],
        [cell("藏", on), "丙", cell("3")],
        [cell("德兴市", down), cell("丁", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>")],
    ]

    found = read(tmp_path, document(table(rows)), "名单.docx")

    assert texts(found)[1:3] == [("玉山县", "甲", "1"), (None, "乙", "2")]
    assert "合并单元格遮住" in found.rows[3].cells[0].sentence
    assert set(found.merges) == {Merge(1, 1, 1, 3), Merge(2, 1, 4, 1), Merge(5, 2, 5, 3)}


def test_a_grid_that_no_cell_uses_makes_no_columns(tmp_path):
    wide = '<w:gridSpan w:val="3"/>'

    found = read(tmp_path, document(table([[cell("序号", wide), "企业名称"], [cell("1", wide), "甲"]])), "名单.docx")

    assert texts(found) == [("序号", "企业名称"), ("1", "甲")] and found.merges == ()


def test_a_comment_in_a_document_is_a_hint_of_its_cell(tmp_path):
    comments = f'<w:comments xmlns:w="{WORD}"><w:comment w:id="7"><w:p><w:r><w:t>已更名</w:t></w:r></w:p></w:comment></w:comments>'
    words = '<w:tc><w:p><w:r><w:t>甲</w:t><w:commentReference w:id="7"/></w:r></w:p></w:tc>'

    found = read(tmp_path, document(table([["企业名称", "备注"], [words, "乙"]]), **{"word/comments.xml": comments}), "名单.docx")

    assert hints(found) == {2: [("comment", 1, "已更名")]}


def test_a_table_within_a_table_is_one_of_its_own(tmp_path):
    inner = table([["序号", "企业名称"], ["1", "甲"]])

    found = read(tmp_path, document(f"<w:tbl><w:tr><w:tc>{paragraph('外')}{inner}</w:tc></w:tr></w:tbl>"), "名单.docx")

    assert found.sheets == ("表1",) and texts(found) == [("外",), ("序号", "企业名称"), ("1", "甲")]


def test_prose_far_over_a_table_is_no_headline(tmp_path):
    over = [paragraph(text) for text in ("关于公布名单的通知", "到期复核。不合格的取消。", "很长" * 50, "附件", "名单（共1家）。")]

    found = read(tmp_path, document("".join(over) + table([["序号", "企业名称"], ["1", "甲"]])), "名单.docx")

    assert texts(found)[:-2] == [("关于公布名单的通知",), ("附件",), ("名单（共1家）。",)]


# .pdf


def test_a_ruled_table_of_a_pdf_comes_with_its_merged_cells():
    table = read_file(SAMPLES / "libreoffice-merged.pdf")

    assert (table.sheet, table.sheets) == ("第1页表1", ("第1页表1", "第1页表2"))
    document_ = read_file(SAMPLES / "libreoffice.docx")
    assert [(row.number, row.cells) for row in table.rows] == [(row.number, row.cells) for row in document_.rows]
    assert set(table.merges) == set(document_.merges)


@pytest.mark.parametrize(("name", "last"), [("libreoffice-pages.pdf", 70), ("weasyprint-ruled.pdf", 60), ("weasyprint-plain.pdf", 60)])
def test_a_table_over_several_pages_is_one_and_its_header_is_said_once(name, last):
    table = read_file(SAMPLES / name)

    assert table.sheets == ("第1页表1",)
    assert [row.cells[0] for row in table.rows if row.number > 1] == [str(number) for number in range(1, last + 1)]
    assert {row.cells[1] for row in table.rows if row.number > 1} == {name_in(name, number) for number in range(1, last + 1)}
    assert [row.cells for row in table.rows if row.number < 1][0] == ("附件1",)
    assert table.rows[2].cells[:2] == ("序号", "企业名称") and table.rows[2].number == 1
    assert "最后一张表后面还有文字，没有读入：“注：排名不分先后。”。" in table.notes


def name_in(file: str, number: int) -> str:
    more = ("县域特色产业集群" if number % 7 == 0 else "") if file.startswith("libre") else ("很长很长的名称" if number % 3 == 0 else "")
    return f"示例{more}第{number}号科技有限公司"


def test_a_table_without_rules_says_that_its_rows_want_a_look():
    assert read_file(SAMPLES / "weasyprint-plain.pdf").notes[0] == "这张表没有框线，按文字的位置分列，请逐行核对。"


def test_a_pdf_of_typst_gives_both_tables_each_with_its_headline():
    first, second = (read_file(SAMPLES / "typst.pdf", sheet) for sheet in ("第1页表1", "第2页表1"))

    assert texts(first) == [
        ("示例省工业和信息化厅关于公布2024年名单的通知",),
        ("示工信企业字〔2024〕18号",),
        ("附件：名单",),
        ("序号", "企业名称", "信用代码", "备注"),
        ("玉山县（3家）",),
        (*FIRST, "新认定"),
        ("2", "示例乙（江西）新能源新材料科技发展集团股份有限公司上饶高新技术产业园区分公司", "91361123MA0021051E"),
        ("3", "示例丙科技有限公司", "91361123MA002106X6", "复核"),
    ]
    assert set(map(str, first.merges)) == {"A2:D2", "D3:D4"}
    assert texts(second) == [("附件2",), ("示范平台名单",), ("序号", "平台名称"), ("1", "示例平台甲"), ("2", "示例平台乙")]


def test_a_pdf_that_only_its_owner_may_change_is_read():
    assert texts(read_file(SAMPLES / "owner-password.pdf")) == texts(read_file(SAMPLES / "typst.pdf"))


def ruled(rows: list[str], at: int = 700, left: int = 50) -> bytes:
    """The commands for a table of two columns; each row is “number name”, in ASCII."""
    lines = [f"{left} {at - 20 * n} m {left + 400} {at - 20 * n} l S" for n in range(len(rows) + 1)]
    lines += [f"{x} {at} m {x} {at - 20 * len(rows)} l S" for x in (left, left + 100, left + 400)]
    for n, row in enumerate(rows):
        for x, text in zip((left + 5, left + 105), row.split(" ", 1), strict=True):
            lines.append(f"BT /F1 10 Tf {x} {at - 20 * n - 14} Td ({text}) Tj ET")
    return "\n".join(lines).encode()


FONT = "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"


def test_a_letter_printed_twice_to_look_bold_is_one(tmp_path):
    once = ruled(["No name", "1 A"])

    assert texts(read(tmp_path, page(once + b"\n" + once, FONT), "名单.pdf")) == [("No", "name"), ("1", "A")]


@pytest.mark.parametrize("spoil", [lambda packed: packed[:-9] + b"\0" + packed[-8:], lambda packed: packed[:-4] + bytes(4), lambda packed: packed[:-20]])
def test_a_page_that_is_not_whole_is_damaged_and_never_a_shorter_list(tmp_path, spoil):
    content = compress(ruled(["No name", *(f"{n} A" for n in range(1, 30))]))
    data = page(b"x", FONT)
    whole, spoiled = (data.replace(b"/Length 9 ", b"/Length %d " % len(one)).replace(compress(b"x", 9), one) for one in (content, spoil(content)))

    assert len(read(tmp_path, whole, "名单.pdf").rows) == 30
    with pytest.raises(BadFile, match="PDF 文件已损坏"):
        read(tmp_path, spoiled, "名单.pdf")


def test_slanted_letters_over_a_table_are_no_part_of_it(tmp_path):
    mark = b"\nBT /F1 40 Tf 0.7 0.7 -0.7 0.7 120 660 Tm (COPY) Tj ET"

    assert texts(read(tmp_path, page(ruled(["No name", "1 A"]) + mark, FONT), "名单.pdf")) == [("No", "name"), ("1", "A")]


def test_a_cell_whose_letters_have_no_meaning_is_a_problem(tmp_path):
    unknown = b"\nBT /F2 10 Tf 160 646 Td <00010002> Tj ET"
    descriptor = "<</Type/FontDescriptor/FontName/X/Flags 4/FontBBox[0 0 9 9]/ItalicAngle 0/Ascent 900/Descent 0/StemV 9>>"
    descendant = f"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor {descriptor}>>"
    font = f"/F2<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[{descendant}]>>>>"

    found = read(tmp_path, page(ruled(["No name", "1 AAAAAAAAAA", "2  "]) + unknown, FONT[:-2] + font), "名单.pdf")

    assert found.rows[1].cells == ("1", "AAAAAAAAAA")
    assert isinstance(found.rows[2].cells[1], CellProblem) and "没有文字编码" in found.rows[2].cells[1].sentence


def test_a_page_that_is_a_picture_is_named_and_nothing_is_read_around_it(tmp_path):
    assert scan("picture").startswith(b"%PDF")
    with pytest.raises(BadFile, match="第 2、3 页是扫描的图片，没有文字，请取得文字版的名单"):
        read(tmp_path, scan("Notice", "picture", "picture"), "名单.pdf")


# text


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('甲,="91361123MA0021043K",乙', ("甲", "91361123MA0021043K", "乙")),
        ('甲,"=""91361123MA0021043K""",乙', ("甲", "91361123MA0021043K", "乙")),
        ('甲,="",乙', ("甲", None, "乙")),
        ('甲,=A1,乙', ("甲", "=A1", "乙")),
        ('"专精特新"中小企业,乙', ('"专精特新"中小企业', "乙")),
        ('甲,"专精特新""小巨人",乙', ("甲", '专精特新"小巨人', "乙")),
        ('"专精特新"中小企业,"乙,丙"', ('"专精特新"中小企业', "乙,丙")),
        ('"""甲""",乙', ('"甲"', "乙")),
        ('"""甲",乙', ('"甲', "乙")),
    ],
)
def test_quotes_and_what_excel_keeps_as_text_are_read_as_they_are_meant(tmp_path, line, cells):
    assert texts(read(tmp_path, f"企业名称,代码,备注\n{line}\n".encode(), "名单.csv"))[1] == cells


def test_a_quote_that_begins_a_cell_of_a_tabbed_text_stands(tmp_path):
    assert texts(read(tmp_path, '企业名称\t称号\n甲\t"专精特新"中小企业\n'.encode(), "名单.txt"))[1] == ("甲", '"专精特新"中小企业')


# names that promise another kind


def test_a_file_is_read_by_its_contents_and_says_so(tmp_path):
    kinds = {"libreoffice.xls": ".xls 文件", "libreoffice.docx": ".docx 文件", "typst.pdf": ".pdf 文件"}
    for sample, what in kinds.items():
        data = (SAMPLES / sample).read_bytes()
        table = read(tmp_path, data, "名单.xlsx")
        assert texts(table) == texts(read_file(SAMPLES / sample))
        assert table.notes[-1] == f"文件的扩展名是 .xlsx，内容其实是 {what}，已按内容读取。"
    assert read(tmp_path, packed(parts()), "名单.xls").notes == ("文件的扩展名是 .xls，内容其实是 .xlsx 文件，已按内容读取。",)


def test_a_web_page_that_calls_itself_a_workbook_is_read():
    table = read_file(SAMPLES / "libreoffice-page.xls")

    assert texts(table)[3:7] == [
        ("Sheet 1: 认定名单",),
        ("2024年省级专精特新中小企业名单（示例）",),
        ("序号", "企业名称", "统一社会信用代码", "所属地区", "认定日期"),
        (*FIRST, "玉山县", "2024年6月3日"),
    ]
    assert "已按内容读取" in table.notes[-1]


def test_a_web_page_of_a_bank_is_read_in_its_encoding(tmp_path):
    page_ = "<html><meta charset=gb2312><p>流水（示例）<table><tr><th>户名<th rowspan=2>金额&nbsp;<tr><td>示例&lt;甲&gt;公司<tr><td colspan=2>合<b>计</b></table>"

    table = read(tmp_path, page_.encode("gb18030"), "流水.xls")

    assert texts(table) == [("流水（示例）",), ("户名", "金额"), ("示例<甲>公司",), ("合计",)]
    assert set(map(str, table.merges)) == {"B1:B2", "A3:B3"}


def test_every_kind_comes_through_the_process_as_it_is_read_here():
    for name in ("libreoffice.xls", "libreoffice.docx", "typst.pdf", "libreoffice-page.xls"):
        assert read_table(SAMPLES / name) == read_file(SAMPLES / name)
