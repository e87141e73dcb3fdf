"""Lists on paper: read back with pypdf they are the rows that were listed, in their order."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from zjtx_desktop.documents.fitting import SMALL, column_width, fit
from zjtx_desktop.documents.tables import LYING, MOST_PAGES, SIZE, most_rows
from zjtx_desktop.errors import Refused
from zjtx_desktop.usecases.list_prints import ListPrint, PrintColumn, list_pdf, refuse_too_many, save_list

NAME, CODE = PrintColumn("单位名称"), PrintColumn("统一社会信用代码", whole=True)
AMOUNT = PrintColumn("合计（元）", right=True, whole=True)


def row(number: int) -> tuple[str, str, str]:
    return f"江西第{number}精密制造有限公司", f"91361123MA{number:07d}X", f"{number:,}.00"


def listed(count: int) -> ListPrint:
    rows = [row(number) for number in range(1, count + 1)]
    return ListPrint("企业名单", (NAME, CODE, AMOUNT), rows, "玉山县财政局", date(2024, 12, 2), notes=(f"共 {count:,} 家。",))


def pages(pdf: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf), strict=True).pages]


def test_two_thousand_rows_come_back_in_order_under_a_heading_on_each_page():
    found = pages(list_pdf(listed(2000)))
    for number, text in enumerate(found, start=1):
        assert text.count("序号单位名称统一社会信用代码合计（元）") == 1
        assert text.endswith(f"第{number}页共{len(found)}页")
    feet = [f"第{number}页共{len(found)}页" for number in range(1, len(found) + 1)]
    inside = "".join(text.split("合计（元）")[1].removesuffix(foot) for text, foot in zip(found, feet, strict=True))
    expected = "".join(f"{number}{''.join(row(number))}" for number in range(1, 2001))
    assert inside.startswith(expected)
    assert inside.removeprefix(expected) == "说明：共2,000家。制表人：复核人：负责人："


def test_the_head_names_list_office_and_day():
    (text,) = pages(list_pdf(listed(1)))
    assert text.startswith("企业名单编制单位：玉山县财政局制表日期：2024年12月2日序号")


def test_sums_stand_under_their_columns_and_the_word_beside_them():
    (text,) = pages(list_pdf(replace(listed(1), sums=("", "", "1.00"))))
    assert "X1.00合计1.00说明" in text
    first = replace(listed(1), columns=(AMOUNT,), rows=[("1.00",)], sums=("1.00",))
    assert "序号合计（元）11.00合计1.00说明" in pages(list_pdf(first))[0]


def test_a_list_without_rows_is_its_headings():
    (text,) = pages(list_pdf(listed(0)))
    assert "合计（元）说明：共0家。" in text


def test_a_character_without_glyph_is_named_with_its_row_column_and_text():
    with pytest.raises(Refused, match=r"第 2 行“单位名称”（𠮷野公司）中的 “𠮷”（U\+20BB7）"):
        list_pdf(replace(listed(2), rows=[row(1), ("𠮷野公司", *row(2)[1:])]))


def test_a_refused_list_leaves_the_old_file_as_it_was(tmp_path):
    path = tmp_path / "企业名单.pdf"
    save_list(path, listed(1))
    before = path.read_bytes()
    with pytest.raises(Refused):
        save_list(path, replace(listed(1), rows=[("𠮷", "", "")]))
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["企业名单.pdf"]


def test_more_pages_than_anyone_reads_are_refused_with_the_number_of_rows():
    with pytest.raises(Refused, match=rf"列出了 {most_rows() + 1:,} 行，印出来超过 {MOST_PAGES} 页"):
        refuse_too_many(most_rows() + 1)
    tall = replace(listed(3500), columns=(NAME,), rows=[("长" * 200,)] * 3500)
    with pytest.raises(Refused, match="列出了 3,500 行"):
        list_pdf(tall)


def test_columns_that_no_page_holds_are_refused_naming_the_widest():
    wide = replace(listed(1), columns=(CODE,) * 9, rows=[("91361123MA0000001X",) * 9])
    with pytest.raises(Refused, match=r"要印的 10 列.*261 毫米可用.*“显示的列”.*“统一社会信用代码”"):
        list_pdf(wide)


@pytest.mark.parametrize(
    ("columns", "lying", "size"), [(1, False, SIZE), (3, False, SIZE), (5, True, SIZE), (7, True, SMALL)]
)
def test_a_list_stands_upright_then_lies_then_gets_smaller(columns, lying, size):
    codes = column_width("统一社会信用代码", ["91361123MA0000001X"], whole=True)
    fitted = fit([codes] * columns)
    assert (fitted.lying, fitted.size) == (lying, size)


def test_where_room_is_short_long_texts_take_lines_and_codes_do_not():
    names = column_width("单位名称", ["江西" * 12], whole=False)
    codes = column_width("统一社会信用代码", ["91361123MA0000001X"], whole=True)
    fitted = fit([names, names, codes, codes, codes])
    assert sum(fitted.widths) == pytest.approx(LYING.measure, abs=0.1)
    one_line = codes.asked * fitted.size
    assert fitted.widths[2] >= one_line
    assert fitted.widths[0] < names.asked * fitted.size


def test_no_code_or_amount_is_broken_however_crowded_the_page():
    crowded = replace(
        listed(3), columns=(NAME, NAME, NAME, CODE, CODE, AMOUNT, AMOUNT),
        rows=[(row(n)[0],) * 3 + (row(n)[1],) * 2 + ("123,456,789.00",) * 2 for n in (1, 2, 3)],
    )  # fmt: skip
    reader = PdfReader(BytesIO(list_pdf(crowded)))
    lines = [line for page in reader.pages for line in page.extract_text().splitlines()]
    assert sum(line.count("91361123MA0000001X") for line in lines) == 2
    assert sum(line.count("123,456,789.00") for line in lines) == 6


def test_a_document_number_too_wide_for_its_column_is_not_cut_before_its_last_character():
    number = "示例工信部联政法函〔2024〕7号"
    for others in range(1, 5):
        crowded = replace(
            listed(1), columns=(NAME,) * 2 + (CODE,) * others, rows=[(number, number) + ("91361123MA0000001X",) * others]
        )
        lines = [line.strip() for page in PdfReader(BytesIO(list_pdf(crowded))).pages for line in page.extract_text().splitlines()]
        assert "号" not in lines
