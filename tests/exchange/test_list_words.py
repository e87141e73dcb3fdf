"""The words of lists: what a text says of the rows under it, which cells are no names, and what a name cell holds."""

from datetime import date

import pytest
from made_tables import FULL, parsed

from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.exchange.headings import Field, Role, meaning, role
from zjtx_desktop.exchange.list_feet import is_foot
from zjtx_desktop.exchange.list_names import has_body, read_name
from zjtx_desktop.exchange.list_around import proposals
from zjtx_desktop.exchange.lists import ListDefaults
from zjtx_desktop.exchange.statements import batch_key, said_in

GIVEN = ListDefaults(title="srdi_sme", level=Level.PROVINCIAL, document_date=date(2024, 6, 3))


@pytest.mark.parametrize(
    "label",
    [
        "获奖企业名称", "被认定企业", "项目承担单位", "申报主体", "企业(单位)名称", "单位全称（盖章）", "受奖单位", "奖补对象", "公示企业名称", "推荐企业名称",
        "复核企业名称", "小巨人企业名称", "获认定单位", "上榜企业", "补助单位名称", "项目实施单位", "公司名", "经营主体", "拟认定企业名称", "入选企业", "奖补企业名称", "项目单位",
    ],
)  # fmt: skip
def test_offices_head_the_names_in_many_ways(label):
    assert meaning(label) is Field.NAME


@pytest.mark.parametrize("label", ["主管部门", "上报单位", "法人单位", "示范平台", "示范基地", "收款单位", "推荐单位", "联系人", "企业规模", "参与单位"])
def test_other_headings_do_not_head_the_names(label):
    assert meaning(label) is not Field.NAME


@pytest.mark.parametrize("label", ["属地县区", "归属地", "辖区", "区（县）", "县（区）", "所在行政区", "企业所在地（县、市、区）", "推荐县区", "所在县市"])
def test_offices_head_the_counties_in_many_ways(label):
    assert meaning(label) is Field.REGION


@pytest.mark.parametrize("label", ["注册地址", "隶属关系", "主管部门", "上报单位", "税收归属地", "税务机关", "住所"])
def test_other_places_are_not_where_an_organisation_belongs(label):
    assert meaning(label) is None and role(label) is Role.PLACE


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("关于撤销部分专精特新中小企业称号的名单", "撤销"), ("取消资格企业名单", "取消"), ("复核未通过名单", "未通过"), ("暂缓认定名单", "暂缓"), ("不予认定企业", "不予"),
        ("公示期间有异议的企业", "有异议"), ("三、未予认定企业", "未予"), ("现决定撤销下列企业的称号，请各地做好后续工作。", "决定撤销"),
    ],
)  # fmt: skip
def test_a_text_that_takes_away_says_so(text, word):
    assert said_in(text).stopped == word


@pytest.mark.parametrize("text", ["2024年专精特新中小企业名单（公示无异议）", "未被撤销称号的企业名单", "有下列情形之一的，取消其称号，三年内不得申报。", "专精特新中小企业名单"])
def test_a_harmless_turn_of_phrase_takes_nothing_away(text):
    said = said_in(text)
    assert (said.stopped, said.proposed) == ("", "")


@pytest.mark.parametrize("text", ["专精特新中小企业公示名单", "拟认定名单", "2024年申报推荐汇总表", "推荐名单", "初审通过名单", "申请认定情况汇总表"])
def test_a_list_of_those_proposed_says_so(text):
    assert said_in(text).proposed


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("通过复审的企业", {Kind.REVIEW}), ("有效期延续企业名单", {Kind.REVIEW}), ("到期复核名单", {Kind.REVIEW}), ("期满重新认定企业", {Kind.AGAIN}),
        ("新认定和复核通过企业名单", {Kind.NEW, Kind.REVIEW}), ("一、新认定企业", {Kind.NEW}), ("复核人：张三", set()),
    ],
)  # fmt: skip
def test_kinds_are_told_in_many_words(text, kinds):
    assert said_in(text).kinds == kinds


@pytest.mark.parametrize(
    ("text", "year", "batch", "count"),
    [
        ("2024年度名单（共5家）", 2024, None, 5), ("二〇二四年第六批名单", 2024, "第六批", None), ("2021-2023年名单", None, None, None), ("赣工信〔2024〕6号", None, None, None),
        ("2024年6月3日", None, None, None), ("（三家）", None, None, 3), ("第一批、第二批名单", None, None, None), ("合计12户", None, None, 12),
    ],
)  # fmt: skip
def test_year_batch_and_count_are_taken_from_a_text_only_where_it_has_one(text, year, batch, count):
    said = said_in(text)
    assert (said.year, said.batch, said.count) == (year, batch, count)


def test_batches_written_differently_are_one():
    assert len({batch_key(text) for text in ("第六批", "第6批", "6", "（第六批）", "第六批次")}) == 1
    assert batch_key("2024年第一批") != batch_key("第一批") != batch_key("第二批")


@pytest.mark.parametrize(
    "row",
    [
        ["合计：120万元"], ["共计2户"], ["总计", None, "2家"], ["以上企业排名不分先后"], ["（以下空白）"], ["江西省工业和信息化厅"], ["2024年6月3日"], ["二〇二四年六月三日"],
        ["联系人：张三  电话：0793-1234567"], ["数据来源：省工信厅"], ["备注", "以公告为准"], [None, "填报人：李四", None, "审核人：王五"], ["第1页 共3页"], ["（此件公开发布）"],
        [None, None, "玉山县工业和信息化局"], [None, None, date(2024, 6, 3)], ["根据有关规定，现将名单予以公布。各地要加强服务。"], ["单位负责人：", "填表人："], ["120"], ["小计", 2, 30],
    ],
)  # fmt: skip
def test_what_stands_under_a_list_is_no_organisation(row):
    assert is_foot([(column, cell) for column, cell in enumerate(row, start=1) if cell is not None])


@pytest.mark.parametrize("row", [["江西示例科技有限公司"], ["玉山县城东五金店"], ["北大医疗产业园"], [1, "玉山县科技创新中心"], ["江西合计信息技术有限公司"], ["共青城示例有限公司"], ["上饶市共创空间"]])
def test_an_organisation_is_not_taken_for_a_foot(row):
    assert not is_foot(list(enumerate(row, start=1)))


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("1、江西示例科技有限公司", "江西示例科技有限公司"), ("（3）江西示例厂", "江西示例厂"), ("① 江西示例厂", "江西示例厂"), ("江西示例科技有限公司*", "江西示例科技有限公司"),
        ("江西示例科技有限公司[注]", "江西示例科技有限公司"), ("江西示例科技有限公司（原江西旧（玉山）有限公司）", "江西示例科技有限公司"), ("江西示例科技有限公司（玉山县）", "江西示例科技有限公司"),
        ("上饶示例投资中心（有限合伙）", "上饶示例投资中心（有限合伙）"), ("3M中国有限公司", "3M中国有限公司"), ("江西示例\n科技有限公司", "江西示例科技有限公司"),
        ("江西铜业股份有限公司贵溪冶炼厂", "江西铜业股份有限公司贵溪冶炼厂"),
    ],
)  # fmt: skip
def test_a_name_cell_with_one_reading_is_taken_apart(cell, name):
    found = read_name(cell)
    assert (found.text, found.doubt) == (name, "")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("江西甲有限公司、江西乙有限公司", "不止一家"), ("江西甲有限公司\n江西乙有限公司", "不止一家"), ("江西甲有限公司等3家", "几家单位"), ("江西甲有限公司（现更名为江西乙有限公司）", "两个名称"),
        ("江西?科技有限公司", "乱码"), ("江西□科技有限公司", "乱码"), ("姹熻タ绀轰緥绉戞妧鏈夐檺鍏徃", "乱码"), ("æ±Ÿè¥¿ç¤ºä¾‹", "乱码"), ("锟斤拷锟斤拷有限公司", "乱码"), ("120万元", "不是单位名称"),
        ("2024年6月3日", "是日期"), ("江西某某科技…", "没有写全"), ("江西甲有限公司91361123MA0000001J", "写在一格"),
    ],
)  # fmt: skip
def test_a_name_cell_that_may_be_read_otherwise_is_asked_about(cell, words):
    assert words in read_name(cell).doubt


def test_a_name_of_no_body_wants_a_code_or_a_title_of_places():
    assert has_body("玉山县双创空间") and not has_body("张三")
    rows = [["企业名称", "信用代码", "称号", "级别"], ["张三", None, "专精特新中小企业", "省级"], ["张三", "91360000625912173B", "专精特新中小企业", "省级"], ["智汇里", None, "小型微型企业创业创新示范基地", "省级"]]

    alone, coded, base = parsed(rows, FULL).rows

    assert "看不出是单位名称" in alone.errors[0]
    assert coded.ok and base.ok and "看不出是单位名称" in "".join((*coded.warnings, *base.warnings))


@pytest.mark.parametrize(
    ("head", "cell", "told"),
    [("是否复核", "是", True), ("是否复核", "否", False), ("复审年度", 2024, True), ("复审年度", None, False), ("复核结果", "通过", True), ("复核意见", "同意", False), ("首次认定时间", "2021年6月", True), ("首次认定时间", "2024年", False), ("备注", "本次为有效期延续", True), ("其他情况", "到期复核", True)],
)  # fmt: skip
def test_a_column_that_tells_of_a_review_keeps_a_row_from_being_new(head, cell, told):
    (row,) = parsed([["企业名称", "信用代码", head], ["江西示例科技有限公司", "91360000625912173B", cell]], GIVEN).rows

    assert row.ok is not told and (row.kind is Kind.NEW) is not told or head == "首次认定时间" and row.ok is not told


@pytest.mark.parametrize(
    "headline",
    [
        "2024年江西省“专精特新”等称号企业名单", "专精特新中小企业和小巨人企业名单", "“专精特新”企业等名单", "专精特新类企业名单",
        "2024年专精特新中小企业、小巨人、单项冠军名单", "优质中小企业（专精特新、小巨人）名单", "省级小微企业创业创新示范基地、服务平台名单",
        "江西省创新型中小企业、专精特新中小企业名单", "专精特新中小企业及企业技术中心名单", "高新技术企业和专精特新中小企业名单",
        "省级专精特新中小企业和国家级小巨人名单",
    ],
)  # fmt: skip
def test_a_headline_of_several_titles_or_a_class_of_them_proposes_none(headline):
    said = said_in(headline)

    assert said.titles and said.title is None
    offered = {one.field: one.value for one in proposals((said,))}
    assert "title" not in offered and offered.get("level") == (Level.PROVINCIAL if headline.startswith("省级小微") else None)


def test_a_level_that_holds_for_all_titles_of_a_headline_is_still_proposed():
    assert [(one.field, one.shown) for one in proposals((said_in("2024年省级专精特新中小企业和小巨人企业名单"),))] == [
        ("level", "省级"), ("label_year", "2024"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headline", "title"),
    [
        ("第六批专精特新“小巨人”企业名单", "little_giant"), ("玉山县、广信区专精特新中小企业名单", "srdi_sme"),
        ("2024年江西省专精特新中小企业认定和复核通过名单", "srdi_sme"), ("专精特新中小企业和通过复核企业名单", "srdi_sme"),
        ("制造业单项冠军示范企业和单项冠军产品名单", "single_champion"), ("2024年专精特新中小企业（第二批）等级评价名单", "srdi_sme"),
    ],
)  # fmt: skip
def test_a_headline_of_one_title_proposes_it(headline, title):
    assert {one.field: one.value for one in proposals((said_in(headline),))}["title"] == title


def test_a_headline_of_a_class_of_titles_contradicts_none_of_them():
    rows = [["2024年“专精特新”等称号企业名单"], ["企业名称"], ["示例甲有限公司"]]
    found = parsed(rows, ListDefaults(title="little_giant", level=Level.NATIONAL, document_date=date(2024, 6, 3)))

    assert found.questions == () and found.rows[0].title == "little_giant"


def test_a_headline_of_another_title_is_still_asked_about():
    rows = [["2024年单项冠军企业、小巨人企业名单"], ["企业名称"], ["示例甲有限公司"]]
    found = parsed(rows, ListDefaults(title="srdi_sme", level=Level.PROVINCIAL, document_date=date(2024, 6, 3)))

    assert [one.field for one in found.questions] == ["title"]
