"""Where the header of a list is and what its columns mean, whatever their order and spelling."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_tables import FULL, parsed, table

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.headers import find_header
from zjtx_desktop.exchange.headings import NAMES, VAGUE, Field, meaning
from zjtx_desktop.exchange.lists import ListDefaults
from zjtx_desktop.exchange.table import Merge


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("序号", Field.SERIAL),
        ("企业名称（盖章）", Field.NAME),
        ("企业名称\n(加盖公章)", Field.NAME),
        (" 单 位 名 称 ", Field.NAME),
        ("*申报单位：", Field.NAME),
        ("名称", Field.NAME),
        ("统一社会\n信用代码", Field.CODE),
        ("信用代码（18位）", Field.CODE),
        ("社会信用代码", Field.CODE),
        ("县（市、区）", Field.REGION),
        ("所属县(市、区)", Field.REGION),
        ("县区", Field.REGION),
        ("推荐单位", Field.RECOMMENDER),
        ("认定称号", Field.TITLE),
        ("认定类别", Field.TITLE),
        ("级别", Field.LEVEL),
        ("认定类型", Field.KIND),
        ("新认定/复核", Field.KIND),
        ("批次", Field.BATCH),
        ("认定年度", Field.YEAR),
        ("认定文件及文号", Field.DOCUMENT),
        ("文　号", Field.NUMBER),
        ("认定日期（年/月/日）", Field.DATE),
        ("有效期", Field.VALIDITY),
        ("有效期（起）", Field.VALID_FROM),
        ("有效期至", Field.VALID_TO),
        ("受益财政", Field.SHARES),
        ("收款单位", Field.OPERATOR),
        ("主导产品", Field.PRODUCT),
        ("证书编号", Field.CERTIFICATE),
        ("备  注", Field.NOTE),
        ("联系电话", None),
        ("", None),
    ],
)
def test_a_label_means_what_offices_mean_by_it(label, field):
    assert meaning(label) is field


def test_no_name_stands_under_two_meanings():
    names = [name for spelled in NAMES.values() for name in spelled.split()]

    assert len(names) == len(set(names))


@given(st.permutations(list(Field)), st.integers(0, 10**6))
def test_columns_are_found_in_any_order_under_any_of_their_names(fields, seed):
    chance = random.Random(seed)
    labels = [chance.choice(NAMES[field].split()) for field in fields if field is not Field.RECOMMENDER]
    shown = [field for field in fields if field is not Field.RECOMMENDER]
    rows = [["标题"], labels, ["新认定" if field is Field.KIND else "甲" for field in shown]]

    header = find_header(table(rows))

    wanted = {field: column for column, field in enumerate(shown, start=1)}
    vague = {field for field, label in zip(shown, labels, strict=True) if label in VAGUE}
    assert header.row == 2
    assert {field: column for field, column in header.columns.items() if field not in vague} == {
        field: column for field, column in wanted.items() if field not in vague
    }


def test_titles_and_notes_over_the_header_are_passed_by():
    rows = [
        ["附件1"],
        ["2024年江西省专精特新中小企业名单", None, None],
        [],
        ["填报单位：上饶市工信局", None, "单位：家"],
        ["序号", "企业名称", "所属地区"],
        [1, "甲", "玉山县"],
    ]

    found = parsed(rows, merges=[Merge(1, 1, 1, 3), Merge(2, 1, 3, 3), Merge(4, 1, 4, 2)])

    assert found.header_row == 5
    assert found.columns == {Field.SERIAL: "A", Field.NAME: "B", Field.REGION: "C"}
    assert found.header == ("序号", "企业名称", "所属地区")
    assert [row.name for row in found.rows] == ["甲"]


def test_a_header_of_two_merged_rows_is_read_as_one():
    rows = [
        ["序号", "企业名称", "认定文件", None, "有效期", None],
        [None, None, "名称", "文号", "起", "止"],
        [1, "甲", "关于公布名单的通知", "赣工信企业字〔2024〕6号", "2024-01-01", "2026-12-31"],
    ]
    merges = [Merge(1, 1, 2, 1), Merge(1, 2, 2, 2), Merge(1, 3, 1, 4), Merge(1, 5, 1, 6)]

    found = parsed(rows, ListDefaults(title="srdi_sme"), merges)

    assert found.header_row == 2
    assert found.columns == {
        Field.SERIAL: "A",
        Field.NAME: "B",
        Field.DOCUMENT: "C",
        Field.NUMBER: "D",
        Field.VALID_FROM: "E",
        Field.VALID_TO: "F",
    }
    assert found.rows[0].document_number == "赣工信企业字〔2024〕6号"
    assert str(found.rows[0].valid_to) == "2026-12-31"


def test_a_header_under_a_row_of_groups_is_read_through_the_merged_cells():
    rows = [
        ["序号", "基本信息", None, "证书", "联系方式", None],
        [None, "企业名称", "信用代码", None, "姓名", "电话"],
        [1, "甲", None, None, "张三", "0793"],
    ]
    merges = [Merge(1, 1, 2, 1), Merge(1, 2, 1, 3), Merge(1, 4, 2, 4), Merge(1, 5, 1, 6)]

    found = parsed(rows, merges=merges)

    assert found.header_row == 2
    assert found.columns == {Field.SERIAL: "A", Field.NAME: "B", Field.CODE: "C"}
    assert found.header == ("序号", "企业名称", "信用代码", "证书", "姓名", "电话")


def test_a_label_merged_over_two_columns_is_one_column():
    found = parsed([["序号", "企业名称", None, "地区"], [1, "甲", None, "玉山县"]], merges=[Merge(1, 2, 1, 3)])

    assert found.columns == {Field.SERIAL: "A", Field.NAME: "B", Field.REGION: "D"}


def test_a_second_header_row_that_says_nothing_is_no_row_of_the_list():
    rows = [["企业名称", "联系方式", None], [None, "姓名", "电话"], ["甲", "张三", "0793"]]

    found = parsed(rows, merges=[Merge(1, 1, 2, 1), Merge(1, 2, 1, 3)])

    assert (found.header_row, [row.name for row in found.rows]) == (2, ["甲"])


def test_a_row_merged_into_the_header_by_mistake_is_refused_and_not_lost():
    rows = [["所属地区", "企业名称"], [None, "甲"], ["铅山县", "乙"]]

    with pytest.raises(BadFile, match="Sheet1!A1:A2 是合并单元格"):
        parsed(rows, merges=[Merge(1, 1, 2, 1)])


def test_a_list_of_names_alone_is_a_list():
    found = parsed([["企业名称"], ["甲"], ["乙"]])

    assert [row.name for row in found.rows] == ["甲", "乙"]


@pytest.mark.parametrize(
    "rows",
    [
        [["序号", "联系人"], [1, "张三"]],
        [["甲公司", "玉山县"], ["乙公司", "铅山县"]],
        [["统一社会信用代码", "所属地区", "批次"], ["91360000625912173B", "玉山县", "第五批"]],
        [],
    ],
)
def test_a_list_without_a_column_of_names_is_refused_and_says_what_was_looked_for(rows):
    with pytest.raises(BadFile, match="没有找到企业名称一列（找过“企业名称、单位名称、名称、申报单位”等列名），没有导入任何内容"):
        parsed(rows)


def test_a_header_below_the_first_rows_is_not_looked_for():
    with pytest.raises(BadFile, match="前 20 行"):
        parsed([*([["说明"]] * 20), ["企业名称"], ["甲"]])


def test_two_columns_of_one_meaning_are_one_clear_error():
    with pytest.raises(BadFile, match="A 列“企业名称”和 C 列“单位名称（盖章）”都是企业名称，请只留一列"):
        parsed([["企业名称", "所属地区", "单位名称（盖章）"], ["甲", "玉山县", "乙"]])


def test_a_second_column_of_notes_does_no_harm():
    assert parsed([["企业名称", "备注", "备注"], ["甲", "丙", "丁"]]).rows[0].note == "丙"


@pytest.mark.parametrize(
    ("label", "values", "field"),
    [
        ("类型", ["新认定", "复核通过"], Field.KIND),
        ("类别", ["新认定", None], Field.KIND),
        ("类别", ["省级", "国家级"], Field.LEVEL),
        ("类型", ["专精特新中小企业", "制造业单项冠军企业"], Field.TITLE),
        ("类别", ["专精特新中小企业"], Field.TITLE),
        ("类型", [], None),
    ],
)
def test_a_column_called_kind_or_class_means_what_its_values_are(label, values, field):
    rows = [["企业名称", label], *(["甲", value] for value in values), ["乙"]]

    assert find_header(table(rows)).columns.get(field) == (2 if field else None)


def test_a_column_of_company_kinds_is_left_out_beside_the_title():
    found = parsed([["企业名称", "类型", "认定称号"], ["甲", "民营", "专精特新中小企业"]])

    assert found.columns == {Field.NAME: "A", Field.TITLE: "C"}
    assert found.notes == ("没有用到的列：类型。",)


def test_what_the_person_says_of_columns_goes_before_the_labels():
    rows = [["企业名称", "单位名称", "地方"], ["简称", "江西某某科技有限公司", "玉山县"]]

    found = parsed(rows, columns={"name": 2, "region": 3})

    assert found.columns == {Field.NAME: "B", Field.REGION: "C"}
    assert (found.rows[0].name, str(found.rows[0].division)) == ("江西某某科技有限公司", "玉山县")


def test_a_list_without_a_header_is_read_when_the_person_says_the_columns():
    found = parsed([["甲", "玉山县"], ["乙", "铅山县"]], columns={"name": 1, "region": 2})

    assert found.header_row == 0
    read = [(row.number, row.name, str(row.division)) for row in found.rows]
    assert read == [(1, "甲", "玉山县"), (2, "乙", "铅山县")]


def test_a_header_of_odd_names_is_no_row_of_the_list_when_the_person_says_where_the_names_are():
    found = parsed([["获奖主体", "地区"], ["甲", "玉山县"]], columns={"name": 1})

    assert (found.header_row, [row.name for row in found.rows]) == (1, ["甲"])


def test_unused_columns_are_told():
    assert parsed([["企业名称", "联系\n电话"], ["甲", "0793"]]).notes == ("没有用到的列：联系 电话。",)


def test_the_two_columns_of_a_file_of_bad_rows_are_passed_by():
    found = parsed([["原行号", "原因", "企业名称"], [7, "信用代码有误", "甲"]])

    assert (found.notes, found.rows[0].name) == ((), "甲")


def test_a_list_with_no_rows_is_refused():
    with pytest.raises(BadFile, match="表头下面没有名单，没有导入任何内容"):
        parsed([["序号", "企业名称"], [1], [2]], FULL)


SIDE = [["序号", "企业名称", "序号", "企业名称"], [1, "甲厂", 3, "丙厂"], [2, "乙厂", 4, "丁厂"]]


def test_blocks_side_by_side_are_one_list_after_the_other_and_stay_so_when_a_person_looks_at_the_columns():
    found, chosen = parsed(SIDE), parsed(SIDE, columns={"serial": 1, "name": 2, "region": 0})

    for one in (found, chosen):
        assert [(row.name, row.number) for row in one.rows] == [("甲厂", 2), ("乙厂", 3), ("丙厂", 2), ("丁厂", 3)]
        assert len({row.key for row in one.rows}) == 4
    assert found.header == ("序号", "企业名称") and found.rows[2].raw == ("3", "丙厂")
    assert found.notes == ("表头并排重复了 2 次，各块按同样的列读取，前一块读完接后一块。",)


def test_a_code_column_under_any_words_is_read_by_its_values_and_said():
    code = "91360000625912173B"
    found = parsed([["企业名称", "社会统一信用代码号码"], ["甲厂", code]])
    other = parsed([["企业名称", "母公司代码"], ["甲厂", code]])

    assert str(found.rows[0].credit_code) == code and "按内容认作统一社会信用代码" in found.notes[0]
    assert other.rows[0].credit_code is None and other.notes == ("没有用到的列：母公司代码。",)


def test_the_first_header_is_the_header_even_when_a_later_one_says_more():
    rows = [["序号", "企业名称"], [1, "甲厂"], ["序号", "企业名称", "所属地区", "批次"], [1, "乙厂", "玉山县", "一"]]

    assert [row.name for row in parsed(rows).rows] == ["甲厂", "乙厂"]
