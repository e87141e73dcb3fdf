"""What the rows of a list say: every doubt is an error with an address, nothing is guessed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from made_tables import FULL, TODAY, one, parsed, table

from zjtx_desktop.domain.titles import Kind, Level, Titles
from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.bad_rows import write_bad_rows
from zjtx_desktop.exchange.lists import ListDefaults, parse_list
from zjtx_desktop.exchange.reading import read_table
from zjtx_desktop.exchange.table import CellProblem, Merge
from zjtx_desktop.values import Division, Share

CODE = "91360000625912173B"
EMPTY = ListDefaults()
GIVEN = ListDefaults(title="srdi_sme", level=Level.PROVINCIAL)


def test_a_full_row_is_read_whole():
    heads = ["统一社会信用代码", "所属地区", "认定称号", "级别", "认定类型", "批次", "认定年度", "认定文件", "文号", "认定日期"]
    more = ["有效期", "受益财政", "收款单位", "主导产品", "证书编号", "备注"]
    cells = [CODE, "江西省上饶市玉山县", "专精特新“小巨人”企业", "国家级", "新认定", "第五批", "2024年度"]
    cells += ["关于公布名单的通知", "工信部企业函[2024]第012号", "2024.6.3", "2024-07-01至2027-06-30"]
    cells += ["玉山县60%、上饶经开区40%", "江西某某集团", "轴承", 20240001, "  "]

    row = one(heads + more, cells, EMPTY)

    assert (row.errors, row.warnings, row.ok) == ((), (), True)
    assert (row.number, row.name, str(row.credit_code)) == (2, "江西某某科技有限公司", CODE)
    assert (row.region_text, str(row.division)) == ("江西省上饶市玉山县", "玉山县")
    assert (row.title, row.level, row.kind) == ("little_giant", Level.NATIONAL, Kind.NEW)
    assert (row.batch, row.label_year) == ("第五批", 2024)
    assert (row.document_title, row.document_number) == ("关于公布名单的通知", "工信部企业函〔2024〕12号")
    assert row.document_date == date(2024, 6, 3)
    assert (row.valid_from, row.valid_to) == (date(2024, 7, 1), date(2027, 6, 30))
    assert [share.weight for share in row.shares] == [60, 40] and isinstance(row.shares[0], Share)
    assert (row.operator, row.product, row.certificate, row.note) == ("江西某某集团", "轴承", "20240001", None)
    assert row.publicity_only is False
    assert row.raw[:4] == ("江西某某科技有限公司", CODE, "江西省上饶市玉山县", "专精特新“小巨人”企业")


def test_what_is_said_of_the_file_fills_what_a_row_lacks():
    row = one([], [])

    assert (row.title, row.level, row.kind) == ("srdi_sme", Level.PROVINCIAL, Kind.NEW)
    assert (row.document_number, row.document_date) == ("赣工信企业字〔2024〕6号", date(2024, 6, 3))
    assert (row.batch, row.label_year, row.errors, row.warnings) == ("第五批", 2024, (), ())


def test_a_cell_goes_before_what_is_said_of_the_file():
    heads = ["认定称号", "级别", "认定类型", "批次", "年度", "认定文件", "文号", "认定日期"]
    cells = ["制造业单项冠军", "国家级", "复核", 8, 2023, "公示结果", "工信部政法函〔2023〕1号", date(2023, 1, 2)]

    row = one(heads, [cells[0] + "企业", *cells[1:]])

    assert (row.title, row.level, row.kind) == ("single_champion", Level.NATIONAL, Kind.REVIEW)
    assert (row.batch, row.label_year, row.document_title) == ("第8批", 2023, "公示结果")
    assert (row.document_number, row.document_date) == ("工信部政法函〔2023〕1号", date(2023, 1, 2))
    assert row.publicity_only is True


@pytest.mark.parametrize(
    ("head", "cell", "words"),
    [
        ("统一社会信用代码", CODE.lower().replace("b", "a"), "校验码不符"),
        ("统一社会信用代码", "913600006259120000", "末尾是 000"),
        ("统一社会信用代码", "9136OOOO6259I2I73B", f"疑为 {CODE}"),
        ("统一社会信用代码", "9136000062591217", "应为 18 位"),
        ("统一社会信用代码", "1360000625912173B", "丢了开头的 0"),
        ("统一社会信用代码", "91360000625912173BB", "应为 18 位"),
        ("统一社会信用代码", "91360000S25912173B", "第 9 位“S”有误"),
        ("统一社会信用代码", "9.14E+17", "科学计数法"),
        ("统一社会信用代码", Decimal("9.14E+17"), "当作数字存储"),
        ("统一社会信用代码", 913600006259120, "不是文本"),
        ("统一社会信用代码", CellProblem("数字超过 15 位。"), "超过 15 位"),
        ("统一社会信用代码", date(2024, 6, 3), "不是文本"),
        ("所属地区", "月亮县", "没有找到“月亮县”"),
        ("认定称号", "瞪羚企业", "不在本政策的认定称号之内"),
        ("认定称号", "国家级专精特新中小企业", "没有国家级称号"),
        ("认定称号", "创新型中小企业", "不予登记奖励"),
        ("认定称号", CellProblem("单元格是错误值 #N/A，请改。"), "错误值 #N/A"),
        ("级别", "市级", "请填写省级或国家级"),
        ("认定类型", "复核不通过", "看不懂"),
        ("年度", "二四年", "不是有效年度"),
        ("年度", 2026, "晚于今年"),
        ("文号", "赣工信6号", "不是完整的文号"),
        ("认定日期", "24.6.3", "是 2024年6月3日 吗"),
        ("认定日期", "2024年7月", "不是完整的日期"),
        ("认定日期", CellProblem("日期带着时间。", "2023-12-31 23:59:17"), "日期带着时间"),
        ("认定日期", "2024-02-30", "不存在"),
        ("认定日期", date(2025, 3, 2), "晚于今天"),
        ("认定日期", True, "这里应是日期"),
        ("有效期", "2026-12-31至2024-01-01", "早于有效期起"),
        ("受益财政", "玉山县60%、铅山县30%", "合计 100%"),
        ("受益财政", "南昌县", "上饶市"),
        ("备注", "已取消资格", "写有“已取消资格”"),
        ("批次", "第五批（撤销）", "不是认定"),
        ("审核结果", "暂缓", "没有通过"),
        ("审核结果", "待补充材料", "看不出是否通过"),
        ("是否通过", "否", "没有通过"),
        ("处理意见", "不予认定", "“处理意见”写的是“不予认定”"),
        ("更名后企业名称", "江西某某新材料有限公司", "两个名称"),
        ("备注", None, None),
    ],
)
def test_a_doubtful_cell_is_an_error_that_begins_with_its_place(head, cell, words):
    row = one([head], [cell])

    if words is None:
        assert row.ok
        return
    assert len(row.errors) >= 1 and not row.ok
    assert row.errors[0].startswith(f"第2行“{head}”列：") and words in row.errors[0]
    assert all(error.endswith("。") or error.endswith("？") for error in row.errors)


@pytest.mark.parametrize(
    ("head", "cell", "words"),
    [
        ("统一社会信用代码", "91360000625912173A", "校验码不符（应为 B）"),
        ("所属地区", "上饶市", "没有写明县（市、区）"),
        ("所属地区", "江西省", "没有写明县（市、区）"),
        ("推荐单位", "上饶市工业和信息化局", "没有写明县（市、区）"),
        ("推荐单位", "江西省工业和信息化厅", "看不出所属县（市、区）"),
        ("认定日期", "2024年", "只有年份"),
        ("有效期", "三年", "没有起止日期"),
        ("有效期", "2024-01-01至2025-12-31", "不是 3 年"),
        ("有效期", date(2026, 12, 31), "按有效期止于2026年12月31日登记"),
        ("认定称号", "单项冠军产品", "请核对认定文件"),
        ("备注", "2023年注销", "备注写有“注销”"),
        ("备注", "由某某公司更名而来", "备注写有“更名”"),
        ("统一社会信用代码", CODE.lower(), f"只有一种读法，按 {CODE} 登记"),
        ("统一社会信用代码", "９１３６００００６２５９１２１７３Ｂ", f"按 {CODE} 登记"),
        ("认定日期", "2024年6月", "按全表的认定日期2024年6月3日登记"),
        ("有效期", "2024年1月至2026年12月", "没有写明起止的日子"),
        ("有效期", "长期", "没有起止日期"),
        ("有效期", "24.1.1-26.12.31", "年份只有两位"),
        ("有效期至", "2026年12月", "没有登记"),
        ("税收归属地", "广信区", "请核对受益财政"),
        ("备注", CellProblem("单元格是错误值 #N/A，请改。"), "错误值"),
    ],
)
def test_a_matter_to_look_at_is_a_warning_with_its_address(head, cell, words):
    row = one([head], [cell])

    assert row.ok
    assert row.warnings[0].startswith(f"第2行“{head}”列：") and words in row.warnings[0]


@pytest.mark.parametrize(
    ("head", "cell"),
    [("所属地区", "南昌市南昌县"), ("所属地区", "贵溪市"), ("推荐单位", "南昌市工业和信息化局"), ("设区市", "九江市"), ("省份", "浙江")],
)
def test_a_row_of_another_city_is_not_ours_and_no_error_unless_the_whole_file_was_said_to_be_ours(head, cell):
    row, ours = one([head], [cell]), one([head], [cell], replace(FULL, division=Division("361123")))

    assert (row.errors, row.ok) == ((), False) and "不属上饶市" in row.outside
    assert "与全表的所属地区“玉山县”不符" in ours.errors[0]


@pytest.mark.parametrize("mark", ["/", "—", "无", "暂无", "-", "  "])
def test_a_mark_for_nothing_is_nothing(mark):
    row = one(["统一社会信用代码", "所属地区", "文号"], [mark, mark, mark])

    assert (row.credit_code, row.division, row.ok) == (None, None, True)
    assert row.document_number == "赣工信企业字〔2024〕6号"


@pytest.mark.parametrize(
    ("text", "division"),
    [
        ("玉山县", "玉山县"),
        ("上饶市玉山县工信局", "玉山县"),
        ("上饶经开区管委会", "上饶经济技术开发区"),
        ("上饶县", "广信区"),
        ("361123", "玉山县"),
        ("德兴市工业和信息化局", "德兴市"),
    ],
)
def test_a_place_is_found_by_its_names_and_its_offices(text, division):
    for head in ("所属地区", "推荐单位"):
        row = one([head], [text])

        assert (str(row.division), row.region_text, row.ok) == (division, text, True)


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2024-01-01至2026-12-31", date(2024, 1, 1), date(2026, 12, 31)),
        ("2024年1月1日—2026年12月31日", date(2024, 1, 1), date(2026, 12, 31)),
        ("自2024.1.1起至2027.1.1止", date(2024, 1, 1), date(2027, 1, 1)),
        ("2024/1/1 ~ 2026/12/31", date(2024, 1, 1), date(2026, 12, 31)),
        ("2024-01-01-2026-12-31", date(2024, 1, 1), date(2026, 12, 31)),
        ("20240101-20261231", date(2024, 1, 1), date(2026, 12, 31)),
        ("２０２４．１．１－２０２６．１２．３１", date(2024, 1, 1), date(2026, 12, 31)),
        ("2024-02-29至2027-02-28", date(2024, 2, 29), date(2027, 2, 28)),
    ],
)
def test_a_validity_in_one_cell_gives_both_ends_and_three_years_are_usual(cell, first, last):
    row = one(["有效期"], [cell])

    assert (row.valid_from, row.valid_to, row.errors, row.warnings) == (first, last, (), ())


def test_a_document_number_inside_the_title_is_found():
    row = one(["认定文件及文号"], ["《关于公布名单的通知》（赣工信企业字〔2024〕8号）"], GIVEN)

    assert (row.document_title, row.document_number) == ("《关于公布名单的通知》", "赣工信企业字〔2024〕8号")


def test_a_missing_number_and_date_are_warnings_only():
    row = one([], [], GIVEN)

    assert row.ok
    assert [warning.partition("：")[2][:6] for warning in row.warnings] == ["没有认定文件", "没有认定文件", "未注明认定类"]


@pytest.mark.parametrize(
    ("defaults", "words"),
    [
        (ListDefaults(), "没有认定称号"),
        (ListDefaults(title="little_giant"), "没有级别"),
        (ListDefaults(title="srdi_sme", level=Level.NATIONAL), "没有国家级称号"),
    ],
)
def test_a_missing_title_or_level_is_an_error(defaults, words):
    row = one([], [], defaults)

    assert not row.ok and words in row.errors[0]


def test_a_title_with_but_one_level_needs_no_level():
    assert one([], [], ListDefaults(title="srdi_sme")).level is Level.PROVINCIAL
    assert one(["认定称号"], ["专精特新中小企业"], EMPTY).level is Level.PROVINCIAL


def test_the_level_of_the_file_serves_titles_that_name_none_and_yields_to_those_that_do():
    defaults = ListDefaults(level=Level.PROVINCIAL, kind=Kind.NEW)

    assert one(["认定称号"], ["制造业单项冠军企业"], defaults).level is Level.PROVINCIAL
    assert one(["认定称号"], ["国家级制造业单项冠军企业"], defaults).level is Level.NATIONAL


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([["企业名称", "批次"], ["甲厂", "第二批复核"]], "名单.xlsx"),
        ([["企业名称", "认定文件"], ["甲厂", "关于通过复核企业名单的公告"]], "名单.xlsx"),
        ([["企业名称", "备注"], ["甲厂", "期满重新认定"]], "名单.xlsx"),
        ([["2024年复核通过企业名单"], ["企业名称"], ["甲厂"]], "名单.xlsx"),
        ([["企业名称"], ["甲厂"]], "2024复核名单.xlsx"),
    ],
)
def test_where_anything_speaks_of_review_a_row_without_kind_is_not_taken_for_new(rows, name):
    (row,) = parsed(rows, GIVEN, name=name).rows
    (given,) = parsed(rows, FULL, name=name).rows

    assert row.kind is None and "没有认定类型" in row.errors[0]
    assert given.ok is (name != "名单.xlsx")  # the name of a file is a hint only, once a person has said the kind


def test_headings_between_rows_set_the_kind_below_and_say_so():
    rows = [
        ["序号", "企业名称", "认定类型"],
        ["一、新认定企业（2家）"],
        [1, "甲"],
        [2, "乙", "复核"],
        ["二、复核通过企业"],
        ["（一）玉山县"],
        [1, "丙"],
        ["三、其他"],
        [1, "丁"],
    ]

    found = parsed(rows, GIVEN, merges=[Merge(2, 1, 2, 3), Merge(5, 1, 5, 3)])

    assert [(row.name, row.kind) for row in found.rows] == [
        ("甲", Kind.NEW),
        ("乙", Kind.REVIEW),
        ("丙", Kind.REVIEW),
        ("丁", Kind.NEW),
    ]
    assert found.notes == (
        "第 2 行“一、新认定企业（2家）”是小标题，其下没有写明认定类型的各行按“新认定”登记，请核对。",
        "第 5 行“二、复核通过企业”是小标题，其下没有写明认定类型的各行按“复核”登记，请核对。",
        "第 6 行“（一）玉山县”是小标题，其下各行据此核对。",
        "第 8 行“三、其他”是小标题或说明，没有据此填写任何内容，请核对。",
        "小标题“一、新认定企业（2家）”写的是 2家，其下读到 2 行，请核对有没有漏行或多行。",
    )[:4]
    assert [str(row.division) for row in found.rows] == ["None", "None", "玉山县", "None"]


def test_a_heading_in_the_column_of_names_is_told_from_a_name():
    rows = [["企业名称"], ["甲公司"], ["附件2 复核通过名单"], ["乙公司"], ["一鸣惊人公司"]]

    found = parsed(rows, GIVEN)

    assert [(row.name, row.kind) for row in found.rows] == [
        ("甲公司", Kind.NEW),
        ("乙公司", Kind.REVIEW),
        ("一鸣惊人公司", Kind.REVIEW),
    ]


def test_rows_under_a_heading_of_those_who_failed_are_refused():
    found = parsed([["序号", "企业名称"], ["三、复核未通过企业名单"], [1, "甲"]])

    assert not found.rows[0].ok
    assert "复核未通过" in found.rows[0].errors[0]


def test_footers_empty_numbers_and_repeated_headers_are_skipped_and_told():
    rows = [
        ["序号", "企业名称", "所属地区"],
        [1, "甲", "玉山县"],
        ["序号", "企业名称", "所属地区"],
        [2, "乙", "铅山县"],
        [3],
        ["合计", "2家"],
        ["共2家企业"],
        ["备注：本表一式三份"],
        [None, "制表人：张三", "审核人：李四"],
        ["信州区小计", 12],
    ]

    found = parsed(rows)

    assert [row.name for row in found.rows] == ["甲", "乙"]
    assert found.notes == (
        "第 3 行是重复的表头，已跳过。",
        "第 5 行只有序号，已跳过。",
        "第 6、7、8、9、10 行是合计、备注或落款，已跳过。",
    )


def test_a_second_table_with_other_columns_is_read_under_its_own_header():
    rows = [["序号", "企业名称", "所属地区"], [1, "甲厂", "玉山县"], ["序号", "所属地区", "企业名称", "批次"], [1, "铅山县", "乙厂", 8]]

    found = parsed(rows)

    assert [(row.name, str(row.division), row.batch) for row in found.rows] == [("甲厂", "玉山县", "第五批"), ("乙厂", "铅山县", "第8批")]
    assert found.header == ("序号", "企业名称", "所属地区", "", "批次")
    assert [row.raw for row in found.rows] == [("1", "甲厂", "玉山县", "", ""), ("1", "乙厂", "铅山县", "", "8")]


@pytest.mark.parametrize(
    "merge", [Merge(3, 1, 3, 2), Merge(2, 2, 3, 2), Merge(1, 1, 1048576, 16384), Merge(3, 1, 4, 2)]
)
def test_merged_cells_among_the_rows_are_refused_with_their_address(merge):
    rows = [["名单"], ["企业名称", "所属地区"], ["甲", "玉山县"], ["乙", None]]

    with pytest.raises(BadFile, match=f"Sheet1!{merge} 是合并单元格，没有导入任何内容"):
        parsed(rows, merges=[merge])


def of_document(table):
    return replace(table, sheet="表1", sheets=("表1",), letters=False, path_name="名单.docx")


@pytest.mark.parametrize(
    ("merge", "where"),
    [
        (Merge(3, 1, 3, 2), "表1 第3行 第1–2列"), (Merge(2, 2, 3, 2), "表1 第2–3行 第2列"), (Merge(3, 1, 4, 2), "表1 第3–4行 第1–2列"),
    ],
)  # fmt: skip
def test_merged_cells_of_a_document_are_told_by_rows_and_columns(merge, where):
    rows = [["名单"], ["企业名称", "所属地区"], ["甲", "玉山县"], ["乙", None]]

    with pytest.raises(BadFile, match=f"{where} 是合并单元格，没有导入任何内容"):
        parse_list(of_document(table(rows, [merge])), GIVEN, Titles.load(), TODAY)


def test_every_sentence_on_a_document_tells_cells_by_rows_and_columns():
    rows = [["企业名称", "所属地区", "栏目", None], ["甲厂", "玉山县", "", "已注销"], ["乙厂", None, "", None], ["丙厂", "铅山县"]]
    found = parse_list(of_document(table(rows, [Merge(2, 2, 3, 2)])), GIVEN, Titles.load(), TODAY)

    assert found.notes[-1].startswith("第2–3行 第2列是纵向合并的单元格")
    assert found.columns == {"name": "1", "region": "2"}
    assert "第2行 第4列：写有“注销”（已注销），请核对这一家的情况。" in found.rows[0].warnings
    with pytest.raises(BadFile, match="^第1列“企业名称”和第2列“单位名称”都是企业名称"):
        parse_list(of_document(table([["企业名称", "单位名称"], ["甲", "乙"]])), GIVEN, Titles.load(), TODAY)


def test_every_sentence_on_a_sheet_tells_cells_by_letters():
    rows = [["企业名称", "所属地区", "栏目", None], ["甲厂", "玉山县", "", "已注销"], ["乙厂", None, "", None], ["丙厂", "铅山县"]]
    found = parsed(rows, GIVEN, [Merge(2, 2, 3, 2)])

    assert found.notes[-1].startswith("B2:B3是纵向合并的单元格")
    assert "第2行D列：写有“注销”（已注销），请核对这一家的情况。" in found.rows[0].warnings


def test_a_value_merged_downwards_holds_for_every_row_and_is_said_once():
    rows = [["企业名称", "所属地区"], ["甲厂", "玉山县"], ["乙厂", None], ["丙厂", None], ["丁厂", "铅山县"], ["戊厂"]]

    found = parsed(rows, merges=[Merge(2, 2, 4, 2), Merge(5, 2, 9, 2)])

    assert [str(row.division) for row in found.rows] == ["玉山县"] * 3 + ["铅山县"] * 2
    assert found.notes == ("B2:B4、B5:B9是纵向合并的单元格，其内容用于它所占的每一行，请核对。",)


def test_merged_titles_headings_and_footers_are_no_hindrance():
    rows = [["名单"], ["企业名称", "所属地区"], ["甲", "玉山县"], ["备注：略"], [], ["乙", "铅山县"]]
    merges = [Merge(1, 1, 1, 2), Merge(4, 1, 5, 2), Merge(8, 1, 20, 2)]

    assert [row.name for row in parsed(rows, merges=merges).rows] == ["甲", "乙"]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (None, "没有企业名称"),
        ("/", "没有企业名称"),
        (12, "不是文字"),
        ("甲\u202e乙", "看不见的控制符"),
        (CellProblem("公式没有计算结果，请保存一次。"), "公式没有计算结果"),
    ],
)
def test_a_row_without_a_proper_name_is_an_error(cell, words):
    (row,) = parsed([["企业名称", "所属地区"], [cell, "玉山县"]]).rows

    assert len(row.errors) == 1
    assert row.errors[0].startswith("第2行“企业名称”列：") and words in row.errors[0]


def test_a_name_broken_over_two_lines_is_one_name():
    assert parsed([["企业名称"], ["江西某某\n科技有限公司 "]]).rows[0].name == "江西某某科技有限公司"


def test_a_code_alone_in_its_row_is_an_error_and_not_a_heading():
    (row,) = parsed([["统一社会信用代码", "企业名称"], [CODE]]).rows

    assert "没有企业名称" in row.errors[0]


def test_publicity_is_told_for_the_whole_list():
    found = parsed([["关于拟认定企业的公示"], ["企业名称"], ["甲厂"]])

    assert found.notes == (
        "标题“关于拟认定企业的公示”写有“拟认定”，各行按“仅公示”登记，不据以奖补；请以正式公告或通知为准。",
    )
    assert found.rows[0].publicity_only and "按“仅公示”登记" in found.rows[0].warnings[0]


def test_bad_rows_saved_and_corrected_come_back_as_good_ones(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "名单"
    for row in (["企业名称", "信用代码", "认定日期"], ["甲公司", CODE.lower().replace("b", "a"), date(2024, 6, 3)], ["乙公司", CODE, "24.6.3"]):
        book.active.append(row)
    book.save(tmp_path / "名单.xlsx")
    first = parse_list(read_table(tmp_path / "名单.xlsx"), FULL, Titles.load(), TODAY)
    bad = [(row.number, row.raw, "".join(row.errors)) for row in first.rows if not row.ok]
    write_bad_rows(tmp_path / "未导入.xlsx", first.header, bad)

    again = openpyxl.load_workbook(tmp_path / "未导入.xlsx")
    sheet = again.active
    assert [cell.value for cell in sheet[1]][:3] == ["原行号", "原因", "企业名称"]
    assert sheet["B2"].value.startswith("第2行“信用代码”列：") and sheet["B3"].value.startswith("第3行“认定日期”列：")
    sheet["D2"], sheet["E3"] = CODE, "2024.6.3"
    again.save(tmp_path / "未导入.xlsx")
    second = parse_list(read_table(tmp_path / "未导入.xlsx"), FULL, Titles.load(), TODAY)

    assert [(row.name, str(row.credit_code), row.document_date, row.ok) for row in second.rows] == [
        ("甲公司", CODE, date(2024, 6, 3), True),
        ("乙公司", CODE, date(2024, 6, 3), True),
    ]
