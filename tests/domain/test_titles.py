"""Titles are found from any usual spelling; what is missing or contradicted is asked."""

from datetime import date

import pytest
from made_facts import NATIONAL, PROVINCIAL, TITLES

from zjtx_desktop.domain.titles import Kind, Level, Weight, parse_kind, parse_level
from zjtx_desktop.errors import BadValue

LITTLE_GIANT = ("little_giant", NATIONAL)


@pytest.mark.parametrize(
    ("text", "level", "found"),
    [
        ("江西省专精特新中小企业", None, ("srdi_sme", PROVINCIAL)),
        ("“专精特新”中小企业", None, ("srdi_sme", PROVINCIAL)),
        ("2024年度第一批江西省“专精特新”中小企业", None, ("srdi_sme", PROVINCIAL)),
        ("省级专精特新企业", None, ("srdi_sme", PROVINCIAL)),
        ("国家级专精特新“小巨人”企业", None, LITTLE_GIANT),
        ('国家级专精特新"小巨人"企业', None, LITTLE_GIANT),
        ("国家级专精特新＂小巨人＂企业", None, LITTLE_GIANT),
        ("专精特新“小巨人”企业", NATIONAL, LITTLE_GIANT),
        ("专精特新小巨人", NATIONAL, LITTLE_GIANT),
        ("第六批专精特新“小巨人”企业（国家级）", None, LITTLE_GIANT),
        ("工信部专精特新小巨人企业", None, LITTLE_GIANT),
        ("江西省专业化小巨人企业", None, ("little_giant", PROVINCIAL)),
        ("专业化“小巨人”", None, ("little_giant", PROVINCIAL)),
        ("省级专精特新“小巨人”企业", None, ("little_giant", PROVINCIAL)),
        ("制造业单项冠军示范企业", NATIONAL, ("single_champion", NATIONAL)),
        ("国家级制造业单项冠军企业", None, ("single_champion", NATIONAL)),
        ("江西省国家级制造业单项冠军企业", None, ("single_champion", NATIONAL)),
        ("江西省级制造业单项冠军", None, ("single_champion", PROVINCIAL)),
        ("江西省制造业单项冠军企业", None, ("single_champion", PROVINCIAL)),
        ("制造业单项冠军产品", NATIONAL, ("single_champion", NATIONAL)),
        ("国家小型微型企业创业创新示范基地", None, ("startup_base", NATIONAL)),
        ("小微企业双创示范基地", PROVINCIAL, ("startup_base", PROVINCIAL)),
        ("江西省小型微型企业创业创新示范基地", None, ("startup_base", PROVINCIAL)),
        ("国家中小企业公共服务示范平台", None, ("service_platform", NATIONAL)),
        ("中小企业公共服务示范平台企业", PROVINCIAL, ("service_platform", PROVINCIAL)),
        ("省专精特新中小企业", None, ("srdi_sme", PROVINCIAL)),
        ("省“专精特新”企业（第六批）", None, ("srdi_sme", PROVINCIAL)),
        ("2023年度省级专精特新中小企业奖补", None, ("srdi_sme", PROVINCIAL)),
        ("省级专业化“小巨人”企业", None, ("little_giant", PROVINCIAL)),
        ("国家专精特新小巨人", None, LITTLE_GIANT),
        ("国家级专精特新“小巨人”企业称号", None, LITTLE_GIANT),
        ("国家中小企业公共服务示范平台（综合类）", None, ("service_platform", NATIONAL)),
        ("省级中小企业公共服务示范平台（技术服务类）", None, ("service_platform", PROVINCIAL)),
        ("国家中小企业公共服务示范平台（基地）（平台）", None, ("service_platform", NATIONAL)),
        ("国家中小企业公共服务示范平台(基地)-平台类", None, ("service_platform", NATIONAL)),
        ("国家中小企业公共服务示范平台（基地）基地类型", None, ("startup_base", NATIONAL)),
    ],
)
def test_usual_spellings(text, level, found):
    title, decided = TITLES.resolve(text, level)
    assert (title.id, decided) == found


@pytest.mark.parametrize(
    ("text", "level", "said"),
    [
        ("专精特新“小巨人”", None, "没有写明级别"),
        ("江西省专精特新“小巨人”企业", None, "没有写明级别"),
        ("制造业单项冠军企业", None, "没有写明级别"),
        ("国家级专精特新中小企业", None, "没有国家级称号"),
        ("专精特新中小企业", NATIONAL, "没有国家级称号"),
        ("江西省专业化小巨人企业", NATIONAL, "不一致"),
        ("国家级专精特新“小巨人”企业", PROVINCIAL, "不一致"),
        ("国家级制造业单项冠军（省级）", None, "不一致"),
        ("国家中小企业公共服务示范平台（基地）", None, "没有写明类型"),
        ("创新型中小企业", PROVINCIAL, "第一层"),
        ("江西省创新型中小企业", None, "第一层"),
        ("科技和创新型中小企业", None, "第一层"),
        ("重点“小巨人”企业", NATIONAL, "不是新的认定称号"),
        ("国家级专精特新重点“小巨人”企业", None, "不是新的认定称号"),
        ("江西省制造业单项冠军培育企业", None, "培育对象"),
        ("国家双创示范基地", None, "发展改革"),
        ("专精特新中小企业（复核）", PROVINCIAL, "认定类型一栏"),
        ("专精特新中小企业公示", PROVINCIAL, "仅公示"),
        ("瞪羚企业", PROVINCIAL, "不在本政策的认定称号之内"),
        ("中小企业公共服务平台", PROVINCIAL, "不在本政策的认定称号之内"),
        ("", None, "是空的"),
    ],
)
def test_what_is_missing_contradicted_or_no_award_title_is_refused(text, level, said):
    with pytest.raises(BadValue) as refused:
        TITLES.resolve(text, level)
    assert said in str(refused.value)


def test_every_printed_name_and_alias_finds_its_own_title():
    for title in TITLES.all:
        for level, name in title.names.items():
            assert TITLES.resolve(name) == (title, level)
        for level, aliases in title.aliases.items():
            for alias in aliases:
                assert TITLES.resolve(alias, level or PROVINCIAL)[0] == title


def test_the_merged_title_exists_only_from_its_day_on():
    text = "国家中小企业公共服务示范平台（基地）（平台）"
    assert TITLES.resolve(text, on=date(2025, 10, 21))[0].id == "service_platform"
    with pytest.raises(BadValue, match="2025年10月21日起"):
        TITLES.resolve(text, on=date(2025, 10, 20))


@pytest.mark.parametrize(
    ("day", "document"),
    [
        (date(2019, 6, 5), "工信厅企业函〔2018〕381号（待核：起始日期，第一批（2019年6月5日公布）以后各批的认定文件）"),
        (date(2022, 6, 1), "工信部企业〔2022〕63号"),
        (date(2026, 3, 31), "工信部企业〔2022〕63号"),
        (date(2026, 4, 1), "工信部企业〔2026〕2号"),
    ],
)
def test_the_governing_document_depends_on_the_day(day, document):
    assert str(TITLES.basis("little_giant", NATIONAL, day)) == document


@pytest.mark.parametrize(
    ("day", "document"),
    [
        (date(2018, 12, 31), "赣工信企业字〔2016〕288号"),
        (date(2019, 6, 1), "赣工信企业字〔2016〕288号、赣工信企业字〔2019〕340号（待核：后者的施行日期）"),
        (date(2021, 3, 2), "赣工信企业字〔2019〕340号"),
        (date(2022, 9, 1), "工信部企业〔2022〕63号"),
        (date(2025, 1, 1), "工信部企业〔2022〕63号、赣工信规字〔2023〕1号"),
        (date(2026, 4, 1), "工信部企业〔2026〕2号（待核：赣工信规字〔2023〕1号是否继续适用）"),
    ],
)
def test_the_provincial_title_had_four_sets_of_rules_and_what_is_unknown_is_said(day, document):
    assert str(TITLES.basis("srdi_sme", PROVINCIAL, day)) == document


def test_every_title_says_for_every_day_since_the_policy_what_it_rests_on():
    for title in TITLES.all:
        for level in title.names:
            bases = title.bases[level]
            assert bases and all(one.document or one.pending for one in bases)
            for year in range(2023, 2029):
                for day in (date(year, 1, 1), date(year, 7, 13), date(year, 12, 31)):
                    assert sum(one.covers(day) for one in bases) == 1, (title.id, level, day)


OLD_NAME, NEW_NAME = "关于公布国家小型微型企业创业创新示范基地名单的通告", "关于公布国家中小企业公共服务示范平台（基地）名单的通告"


@pytest.mark.parametrize(
    ("title", "level", "day", "printed", "weight", "said"),
    [
        ("startup_base", NATIONAL, date(2025, 10, 20), OLD_NAME, None, ""),
        ("startup_base", NATIONAL, date(2025, 10, 21), OLD_NAME, Weight.WRONG, "已并入“国家中小企业公共服务示范平台（基地）”，类型为基地"),
        ("service_platform", NATIONAL, date(2026, 2, 1), "国家中小企业公共服务示范平台", Weight.WRONG, "类型为平台"),
        ("startup_base", NATIONAL, date(2026, 2, 1), NEW_NAME, None, ""),
        ("startup_base", NATIONAL, date(2025, 10, 20), NEW_NAME, Weight.WRONG, "自2025年10月21日起才有"),
        ("startup_base", NATIONAL, date(2026, 2, 1), "关于公布名单的通知", Weight.UNSURE, "看不出是哪一个称号"),
        ("startup_base", NATIONAL, date(2026, 2, 1), None, Weight.UNSURE, "看不出是哪一个称号"),
        ("startup_base", PROVINCIAL, date(2026, 2, 1), None, Weight.PENDING, "认定依据待核"),
        ("single_champion", PROVINCIAL, date(2021, 12, 23), None, Weight.WRONG, "自2021年12月24日起才有"),
        ("single_champion", PROVINCIAL, date(2021, 12, 24), None, None, ""),
        ("little_giant", PROVINCIAL, date(2019, 5, 1), None, Weight.PENDING, "2020年以前的认定文件"),
        ("startup_base", NATIONAL, None, OLD_NAME, None, ""),
    ],
)
def test_a_title_has_its_days(title, level, day, printed, weight, said):
    found = TITLES.untimely(title, level, day, printed)
    assert (found and found.weight) == weight and said in (found.sentence if found else "")


def test_a_champion_product_is_noted():
    assert "产品" in (TITLES.note("国家级制造业单项冠军产品") or "")
    assert TITLES.note("国家级制造业单项冠军企业") is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("省级", PROVINCIAL),
        ("省", PROVINCIAL),
        (" 江西省 ", PROVINCIAL),
        ("国家级", NATIONAL),
        ("国家", NATIONAL),
    ],
)
def test_levels_are_read(text, level):
    assert parse_level(text) is level


@pytest.mark.parametrize(
    ("text", "kind"),
    [("首次", Kind.NEW), ("复审", Kind.REVIEW), ("延续", Kind.REVIEW), ("有效期延续", Kind.REVIEW), ("新认定", Kind.NEW), ("复核通过", Kind.REVIEW), ("复核", Kind.REVIEW), ("再次认定", Kind.AGAIN)],
)
def test_kinds_are_read(text, kind):
    assert parse_kind(text) is kind


@pytest.mark.parametrize("parse", [parse_level, parse_kind])
def test_an_unknown_level_or_kind_is_refused(parse):
    for text in ("", "市级", "撤销"):
        with pytest.raises(BadValue, match="请填写"):
            parse(text)


def test_titles_keep_their_order():
    assert [TITLES.order(title.id) for title in TITLES.all] == [0, 1, 2, 3, 4]
    assert "srdi_sme" in TITLES
    assert "unknown" not in TITLES
    assert set(TITLES.get("srdi_sme").names) == {Level.PROVINCIAL}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("2024年度江西省专精特新中小企业名单", [("srdi_sme", PROVINCIAL)]),
        ("第六批国家级专精特新“小巨人”企业名单", [LITTLE_GIANT]),
        ("第六批专精特新“小巨人”企业名单", [("little_giant", None)]),
        ("江西省专业化小巨人企业", [("little_giant", PROVINCIAL)]),
        ("关于撤销部分江西省专精特新中小企业称号的名单", [("srdi_sme", PROVINCIAL)]),
        ("国家级：制造业单项冠军名单", [("single_champion", NATIONAL)]),
        ("专精特新中小企业和制造业单项冠军企业名单", [("srdi_sme", PROVINCIAL), ("single_champion", None)]),
        ("玉山县2023年度创新型中小企业名单", [(None, None)]),
        ("二、单项冠军培育企业（1家）", [(None, None)]),
        ("国家中小企业公共服务示范平台（基地）名单", [(None, NATIONAL)]),
        ("附件1", []),
    ],
)
def test_the_titles_that_a_headline_names_are_found(text, named):
    found = [(one.title.id if one.title else None, one.level) for one in TITLES.mentions(text)]

    assert found == named
