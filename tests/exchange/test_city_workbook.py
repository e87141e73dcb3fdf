"""The workbook for the city: what it holds, how it prints, and that nobody's text computes in it."""

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from city_samples import NATIONAL, OPEN, PROVINCIAL, REFUSED, REPORT, SHARED, TEN, TWENTY, VOIDED, numbered
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tests.bench.workbook import MOST_MB, measured
from zjtx_desktop.domain.ledger import Balance
from zjtx_desktop.errors import Cancelled, Refused
from zjtx_desktop.exchange.city_report import MOVED, CityReport
from zjtx_desktop.exchange.city_workbook import write_city_workbook
from zjtx_desktop.exchange.outgoing import cell_number, read_fen
from zjtx_desktop.values import ZERO, Money

NASTY = [
    "=1+1", "==1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "#N/A", "#REF!",
    "'=1", '"=1"', "=HYPERLINK(\"http://x\",\"y\")", "{=1}", "<r><t>甲</t></r>", "<b>甲", "&amp;&P", "http://甲.cn",
    "mailto:a@b", "00123", "1E5", "91136000625912173000", " 前后空白 ",
]  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("city") / "上报.xlsx"
    write_city_workbook(REPORT, target)
    return target


@pytest.fixture(scope="module")
def book(path) -> Workbook:
    return load_workbook(path, data_only=True)


def write(folder: Path, report: CityReport) -> Workbook:
    write_city_workbook(report, folder / "上报.xlsx", overwrite=True)
    return load_workbook(folder / "上报.xlsx", data_only=True)


def records(sheet: Worksheet) -> list[dict[str, Cell]]:
    """The rows under the headings, by heading, until the 序号 ends."""
    rows = list(sheet.iter_rows())
    head = next(index for index, row in enumerate(rows) if row[0].value == "序号")
    names = [cell.value for cell in rows[head]]
    body = []
    for row in rows[head + 1 :]:
        if not isinstance(row[0].value, int):
            break
        body.append(dict(zip(names, row, strict=True)))
    return body


def total_row(sheet: Worksheet) -> tuple[Cell, ...]:
    return next(row for row in sheet.iter_rows() if str(row[0].value).startswith("合计"))


def control(book: Workbook) -> dict[str, str]:
    return {row["项目"].value: row["内容"].value for row in records(book["校验"])}


def texts(sheet: Worksheet) -> str:
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)


# -- what it holds


def test_there_are_four_sheets(book):
    assert book.sheetnames == ["汇总表", "明细表", "不予奖励及待定", "校验"]


def test_the_detail_has_each_award_once_in_order_with_its_facts(book):
    rows = records(book["明细表"])

    assert [row["奖补编号"].value for row in rows] == [row.number for row in REPORT.awards]
    assert {name: cell.value for name, cell in rows[0].items()} == {
        "序号": 1,
        "奖补编号": "玉奖2024-0001",
        "企业（单位）名称": "江西三清精密机械有限公司",
        "统一社会信用代码": "91360000625912173B",
        "属地": "玉山县",
        "认定称号": "专精特新“小巨人”企业",
        "级别": "国家级",
        "类型": "新认定",
        "批次": "第六批",
        "认定年度": "2024",
        "认定文件文号": "工信部企业函〔2024〕38号",
        "认定日期": "2024-09-02",
        "奖励年度": "2024",
        "受益财政": "玉山县",
        "受益财政奖励": 100_000,
        "市级财政奖励": 200_000,
        "核定合计": 300_000,
        "核减": 0,
        "已拨付": 0,
        "已追回": 0,
        "余额": 300_000,
        "尚需市级资金": 200_000,
        "状态": "已下达",
        "备注": "拨付通知：玉财专〔2024〕1号",
    }


def test_every_treasury_of_a_shared_award_is_named_with_its_amount(book):
    shared = records(book["明细表"])[2]

    assert shared["受益财政"].value == "玉山县 66,666.67\n上饶经济技术开发区 33,333.33"


def test_flags_warnings_and_another_payee_stand_in_the_remarks(book):
    rows = records(book["明细表"])

    assert rows[1]["备注"].value == "手工金额：专题会议纪要〔2024〕3号；收款单位：玉山县怀玉山园区运营有限公司"
    assert rows[2]["备注"].value == "认定年度与文件年度不同，请核对"


def test_a_voided_award_is_marked_struck_out_and_in_no_sum(book):
    voided = records(book["明细表"])[3]

    assert voided["状态"].value == "作废"
    assert voided["企业（单位）名称"].font.strike
    assert (voided["核定合计"].value, voided["核定合计"].data_type) == ("300,000.00", "s")


def test_refusals_and_open_cases_have_their_numbered_reasons(book):
    rows = records(book["不予奖励及待定"])

    assert [row["结论"].value for row in rows] == ["不予奖励", "待定"]
    assert rows[0]["原因"].value == "1. 名单只是公示稿（一（九））\n2. 复核通过不属于当年认定（玉府办字〔2024〕7号）"
    assert rows[0]["原因"].alignment.wrap_text


def test_every_counted_award_is_in_one_line_of_the_summary(book):
    rows = [[cell.value for cell in row.values()][1:] for row in records(book["汇总表"])]

    assert rows == [
        ["专精特新“小巨人”企业", "国家级", "玉山县", 1, 100_000, 200_000, 300_000, 0, 0, 0, 300_000, 200_000],
        ["专精特新中小企业", "省级", "玉山县", 1, 100_000, 0, 100_000, 0, 0, 0, 100_000, 0],
        ["专精特新中小企业", "省级", "玉山县、上饶经济技术开发区（共担）", 1, 100_000, 0, 100_000, 0, 0, 0, 100_000, 0],
    ]


def test_each_treasury_finds_what_it_has_to_pay(book):
    rows = [row for row in book["汇总表"].iter_rows(values_only=True) if "笔" in str(row[6])]

    assert [(row[1], row[4], row[5], row[6]) for row in rows] == [
        ("玉山县", 3, 266_666.67, "1 笔"),
        ("上饶经济技术开发区", 1, 33_333.33, "1 笔"),
    ]


def test_the_summary_says_what_is_not_in_it_and_what_the_county_chose(book):
    shown = texts(book["汇总表"])

    assert "未计入合计：作废 1 笔，不予奖励 1 笔，待定 1 笔；已计入的奖励中，草稿 0 笔。" in shown
    assert "测算口径 1：复核通过不计入当年认定（玉府办字〔2024〕7号）" in shown
    assert "政策依据：《上饶市促进“专精特新”中小企业发展实施意见》（饶府办发〔2023〕12号）第一条第（九）项。" in shown


# What became of the three awards that count: one was revoked before any money, of one a tenth was paid and the rest
# written off, and of the last, which two share, something was paid and claimed back.
WAN = 1_000_000
REVOKED = replace(NATIONAL, number="玉奖2024-0007", state="撤销认定，追回中", ledger=(Balance(TEN, TEN), Balance(TWENTY, TWENTY)))
WRITTEN_OFF = replace(PROVINCIAL, state="已拨付", ledger=(Balance(TEN, Money(9 * WAN), Money(WAN)), Balance()))
CLAIMED = replace(
    SHARED,
    state="已追回",
    ledger=(
        Balance(Money(6_666_667), Money(6_000_000), Money(666_667), Money(666_667)),
        Balance(Money(3_333_333), Money(3_000_000), Money(333_333), Money(333_333)),
        Balance(),
    ),
)
LEFT = replace(REPORT, rows=(REVOKED, WRITTEN_OFF, CLAIMED, NATIONAL, VOIDED))


def test_what_was_revoked_or_written_off_is_still_granted_and_asks_for_nothing(tmp_path):
    book = write(tmp_path, replace(LEFT, rows=(REVOKED, WRITTEN_OFF, CLAIMED)))
    names = ("核定合计", "核减", "已拨付", "已追回", "余额", "尚需市级资金")

    assert [tuple(row[name].value for name in names) for row in records(book["明细表"])] == [
        (300_000, 300_000, 0, 0, 0, 0),
        (100_000, 90_000, 10_000, 0, 0, 0),
        (100_000, 90_000, 10_000, 10_000, 0, 0),
    ]
    assert [cell.value for cell in total_row(book["汇总表"])[5:13]] == [300_000, 200_000, 500_000, 480_000, 20_000, 10_000, 0, 0]
    assert control(book)["市级财政奖励合计"] == "200,000.00 元（20000000 分）"
    assert control(book)["尚需市级资金合计"] == "0.00 元（0 分）"
    assert "撤销认定 2 笔" in texts(book["汇总表"]) and "尚需市级下达 0.00 元" in texts(book["汇总表"])


def test_each_treasury_finds_what_became_of_its_share(tmp_path):
    book = write(tmp_path, LEFT)
    rows = [row for row in book["汇总表"].iter_rows(values_only=True) if "笔" in str(row[6])]

    assert [(row[1], row[5], *row[8:12]) for row in rows] == [
        ("玉山县", 366_666.67, 250_000, 16_666.67, 6_666.67, 100_000),
        ("上饶经济技术开发区", 33_333.33, 30_000, 3_333.33, 3_333.33, 0),
    ]


def test_what_is_left_is_a_formula_over_the_other_columns_in_each_line_of_the_summary(tmp_path):
    write_city_workbook(LEFT, tmp_path / "上报.xlsx")
    formulas = [row["余额"].value for row in records(load_workbook(tmp_path / "上报.xlsx")["汇总表"])]

    assert formulas == ["=H5-I5-J5", "=H6-I6-J6", "=H7-I7-J7"]
    assert total_row(load_workbook(tmp_path / "上报.xlsx")["汇总表"])[11].value == "=SUM(L5:L7)"


def test_written_says_what_the_city_is_still_asked_for(tmp_path):
    written = write_city_workbook(LEFT, tmp_path / "上报.xlsx")

    assert (written.municipal, written.to_come) == (TWENTY + TWENTY, TWENTY)


@pytest.mark.parametrize(
    "ledger",
    [
        (Balance(TEN, TEN), Balance(TWENTY, TEN)),  # ten of it is nowhere
        (Balance(TEN, left=TEN), Balance(TEN, left=TEN)),  # granted less than the award says
    ],
)
def test_a_ledger_that_does_not_add_up_is_not_reported(tmp_path, ledger):
    with pytest.raises(Refused, match="相差 "):
        write_city_workbook(replace(REPORT, rows=(replace(NATIONAL, ledger=ledger),)), tmp_path / "上报.xlsx")


def test_national_comes_before_provincial_and_titles_as_they_first_come(tmp_path):
    small = replace(PROVINCIAL, title="制造业单项冠军企业", number="1")
    big = replace(NATIONAL, title="制造业单项冠军企业", number="2")

    rows = records(write(tmp_path, replace(REPORT, rows=(small, PROVINCIAL, big)))["汇总表"])

    assert [(row["认定称号"].value, row["级别"].value) for row in rows] == [
        ("制造业单项冠军企业", "国家级"),
        ("制造业单项冠军企业", "省级"),
        ("专精特新中小企业", "省级"),
    ]


# -- sums


@pytest.mark.parametrize(("sheet", "columns"), [("汇总表", range(4, 13)), ("明细表", range(14, 22))])
def test_totals_are_sums_with_their_value_beside_them(path, book, sheet, columns):
    formulas = total_row(load_workbook(path)[sheet])
    values = total_row(book[sheet])

    assert all(formulas[column].value.startswith("=SUM(") for column in columns)
    assert [values[column].value for column in columns][-8:] == [300_000, 200_000, 500_000, 0, 0, 0, 500_000, 200_000]


def test_what_the_spreadsheet_sums_over_the_column_is_our_total(book):
    for name in ("受益财政奖励", "市级财政奖励", "核定合计", *MOVED.values()):
        cells = [row[name].value for row in records(book["明细表"])]
        sheet = [Decimal(repr(cell)) for cell in cells if not isinstance(cell, str)]

        column = [cell.value for cell in book["明细表"][4]].index(name)
        assert sum(sheet) == total_row(book["明细表"])[column].value


def test_what_was_written_is_told(tmp_path):
    written = write_city_workbook(REPORT, tmp_path / "上报.xlsx")

    assert written.path == tmp_path / "上报.xlsx"
    assert written.sha256 == hashlib.sha256(written.path.read_bytes()).hexdigest()
    assert (written.awards, written.beneficiary, written.municipal) == (3, TEN + TEN + TEN, TWENTY)
    assert written.total == written.beneficiary + written.municipal


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_a_cell_keeps_every_fen_of_an_amount(fen):
    assert read_fen(float(f"{cell_number(Money(fen)):.16G}")) == fen


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_amounts_come_back_from_the_file_to_the_fen(tmp_path, first, second):
    parts = (("玉山县", Money(first)), ("德兴市", Money(second)))
    paid = Money(first + second)
    city = Money(second)
    row = replace(NATIONAL, treasuries=parts, beneficiary=paid, municipal=city, total=paid + city)

    book = write(tmp_path, replace(REPORT, rows=(row,)))

    assert read_fen(records(book["明细表"])[0]["受益财政奖励"].value) == first + second
    assert read_fen(total_row(book["明细表"])[16].value) == first + 2 * second


def test_half_a_fen_is_no_amount():
    assert read_fen(0.005) is None
    assert read_fen("1") is None
    assert read_fen(True) is None


# -- text stays text


def test_codes_years_and_numbers_are_text_cells_and_amounts_are_numbers(book):
    row = records(book["明细表"])[0]

    for name in ("奖补编号", "统一社会信用代码", "认定年度", "奖励年度", "认定日期", "认定文件文号"):
        assert (row[name].data_type, row[name].number_format) == ("s", "@")
    for name in ("受益财政奖励", "市级财政奖励", "核定合计"):
        assert (row[name].data_type, row[name].number_format) == ("n", "#,##0.00")


@pytest.mark.parametrize("text", NASTY)
def test_text_that_looks_like_a_formula_stays_text_everywhere(tmp_path, text):
    fields = ("number", "organisation", "credit_code", "division", "title", "level", "kind", "batch")
    row = replace(
        SHARED,
        **dict.fromkeys((*fields, "document_number", "letter_number", "payee"), text),
        treasuries=((text, TEN),),
        flags=(text,),
    )
    nothing = {"treasuries": (), "beneficiary": ZERO, "total": ZERO}
    no = replace(row, number="2", verdict="none", reasons=(text,), **nothing)
    said = dict.fromkeys(("office", "round_name", "prepared_by", "earlier"), text)
    report = replace(REPORT, rows=(row, no), choices_text=(text,), **said)

    write(tmp_path, report)

    book = load_workbook(tmp_path / "上报.xlsx")
    kinds = {cell.coordinate: cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line}
    formulas = [
        cell.value for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"
    ]
    assert set(kinds.values()) <= {"s", "n", "f"}
    assert all(formula.startswith("=SUM(") or formula.startswith(("=F", "=H")) for formula in formulas)
    assert records(book["明细表"])[0]["企业（单位）名称"].value == text.replace("\r", "_x000D_")
    assert not any(sheet._hyperlinks for sheet in book)


LETTERS = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u202a\u202b\u202c\u202d\u202e")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(LETTERS, min_size=1, max_size=20), st.sampled_from(["", "=", "+", "-", "@", "\t", "<r>"]))
def test_any_name_is_written_exactly_or_refused(tmp_path, name, start):
    report = replace(REPORT, rows=(replace(NATIONAL, organisation=start + name),))
    try:
        book = write(tmp_path, report)
    except Refused as refusal:
        assert "控制符" in str(refusal) or "另作解释" in str(refusal)
    else:
        cell = records(book["明细表"])[0]["企业（单位）名称"]
        assert (cell.value, cell.data_type) == (start + name, "s")


# -- the control sheet


def test_the_control_sheet_says_who_what_and_how_much(book):
    facts = control(book)

    assert {name: facts[name] for name in ("报送地区", "地区代码", "批次", "政策依据", "政策包编号", "程序版本")} == {
        "报送地区": "玉山县",
        "地区代码": "361123",
        "批次": "第一批",
        "政策依据": "《上饶市促进“专精特新”中小企业发展实施意见》（饶府办发〔2023〕12号）第一条第（九）项",
        "政策包编号": "rfbf-2023-12",
        "程序版本": "0.1.0",
    }
    assert facts["政策包校验值（SHA-256）"] == "a3" * 32
    assert facts["操作记录链末值"] == "5e" * 32
    assert (facts["计入合计的奖励笔数"], facts["不予奖励笔数"], facts["待定笔数"]) == ("3", "1", "1")
    assert facts["作废的奖励笔数（不计入合计）"] == "1"
    assert facts["受益财政奖励合计"] == "300,000.00 元（30000000 分）"
    assert facts["其中：上饶经济技术开发区"] == "33,333.33 元（3333333 分）"
    assert facts["市级财政奖励合计"] == "200,000.00 元（20000000 分）"
    assert facts["奖励总计"] == "500,000.00 元（50000000 分）"


def test_everything_on_the_control_sheet_is_text(book):
    for row in records(book["校验"]):
        assert (row["内容"].data_type, row["内容"].number_format) == ("s", "@")


def test_the_city_can_recompute_the_hash_of_the_detail(book):
    """As the control sheet tells it, with nothing of this program's."""

    def text(cell: Cell) -> str:
        if cell.number_format == "#,##0.00":
            return f"{Decimal(repr(cell.value)):.2f}"
        return "" if cell.value is None else str(cell.value)

    sha = hashlib.sha256()
    for row in records(book["明细表"]):
        line = json.dumps([text(cell) for cell in row.values()], ensure_ascii=False, separators=(",", ":"))
        sha.update(line.encode() + b"\n")

    assert control(book)["明细表校验值（SHA-256）"] == sha.hexdigest()


def test_another_detail_has_another_hash(tmp_path, book):
    other = write(tmp_path, replace(REPORT, rows=(NATIONAL, PROVINCIAL, SHARED, VOIDED, REFUSED)))
    unlike = replace(VOIDED, batch=None)
    changed = write(tmp_path, replace(REPORT, rows=(NATIONAL, PROVINCIAL, SHARED, unlike)))

    assert control(other)["明细表校验值（SHA-256）"] == control(book)["明细表校验值（SHA-256）"]
    assert control(changed)["明细表校验值（SHA-256）"] != control(book)["明细表校验值（SHA-256）"]


# -- how it prints


@pytest.mark.parametrize("name", ["汇总表", "明细表", "不予奖励及待定", "校验"])
def test_every_sheet_prints_on_a4_landscape_as_wide_as_the_page(book, name):
    sheet = book[name]

    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1)
    assert sheet.print_area
    assert sheet.freeze_panes
    assert "第 &P 页，共 &N 页" in sheet.oddFooter.center.text
    assert "玉山县" in sheet.oddFooter.left.text


def test_the_row_of_headings_is_on_every_page(book):
    for name, row in (("汇总表", 4), ("明细表", 4), ("不予奖励及待定", 4), ("校验", 2)):
        assert book[name].print_title_rows == f"${row}:${row}"
        assert book[name].cell(row, 1).value == "序号"


@pytest.mark.parametrize("name", ["汇总表", "明细表", "不予奖励及待定"])
def test_title_unit_date_and_signatures_are_on_the_paper(book, name):
    shown = texts(book[name])

    for part in ("玉山县“专精特新”认定奖补资金", "单位：元", "制表日期：2024年9月23日", "经办：", "复核：", "负责人："):
        assert part in shown
    assert book[name]["A1"].alignment.horizontal == "center"
    assert book[name]["A1"].font.name == "黑体"


def test_the_detail_takes_as_many_pages_as_it_needs(book):
    assert book["明细表"].page_setup.fitToHeight == 0


def test_long_text_wraps_in_a_row_that_is_high_enough(tmp_path):
    row = replace(REFUSED, reasons=("长" * 27 * 9,))

    sheet = write(tmp_path, replace(REPORT, rows=(row,)))["不予奖励及待定"]

    assert sheet.row_dimensions[5].height >= 9 * 15


def test_drafts_are_told_on_every_page(tmp_path):
    book = write(tmp_path, replace(REPORT, rows=(replace(NATIONAL, state="草稿"), PROVINCIAL)))

    assert all("含草稿 1 笔" in sheet.oddFooter.right.text for sheet in book)


# -- the file


def test_a_round_without_awards_has_zeros_for_totals(tmp_path):
    book = write(tmp_path, replace(REPORT, rows=(OPEN,)))

    assert [cell.value for cell in total_row(book["汇总表"])[4:8]] == [0, 0, 0, 0]
    assert total_row(book["明细表"])[16].value == 0


def test_a_round_without_refusals_says_so(tmp_path):
    assert "本批次没有不予奖励或待定的事项。" in texts(write(tmp_path, replace(REPORT, rows=(NATIONAL,)))["不予奖励及待定"])


def test_equal_reports_give_equal_bytes(tmp_path):
    hashes = {write_city_workbook(REPORT, tmp_path / f"{index}.xlsx").sha256 for index in range(2)}

    assert len(hashes) == 1


def test_a_workbook_that_is_there_is_kept(tmp_path):
    (tmp_path / "上报.xlsx").write_bytes(b"old")

    with pytest.raises(Refused, match="已经存在"):
        write_city_workbook(REPORT, tmp_path / "上报.xlsx")

    assert (tmp_path / "上报.xlsx").read_bytes() == b"old"


@pytest.mark.parametrize("stop_at", [200, 400, 600])
def test_cancelling_while_writing_or_reading_back_leaves_nothing(tmp_path, stop_at):
    def tick(done: int, total: int) -> None:
        assert total > 600
        if done >= stop_at:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_city_workbook(numbered(300), tmp_path / "上报.xlsx", tick=tick)

    assert list(tmp_path.iterdir()) == []


def test_the_tick_ends_at_its_total(tmp_path):
    ticks = []

    write_city_workbook(REPORT, tmp_path / "上报.xlsx", tick=lambda done, total: ticks.append((done, total)))

    assert ticks[-1][0] == ticks[-1][1]


def test_ten_thousand_awards_fit_in_a_small_office_computer():
    awards_a_second, peak_mb = measured("ours", runs=1)

    assert peak_mb < MOST_MB
    assert awards_a_second > 500            # a slow machine under load; the target is in tests/bench
