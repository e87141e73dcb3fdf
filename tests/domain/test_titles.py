"""Titles are found from any usual spelling; what is missing or contradicted is asked."""

from datetime import date

import pytest
from made_facts import NATIONAL, PROVINCIAL, TITLES

from zjtx_desktop.domain.titles import Kind, Level, parse_kind, parse_level
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
        ("瞪羚企业", PROVINCIAL, "不在本办法的认定称号之内"),
        ("中小企业公共服务平台", PROVINCIAL, "不在本办法的认定称号之内"),
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
        (date(2015, 1, 1), None),
        (date(2022, 6, 1), "工信部企业〔2022〕63号"),
        (date(2026, 3, 31), "工信部企业〔2022〕63号"),
        (date(2026, 4, 1), "工信部企业〔2026〕2号"),
    ],
)
def test_the_governing_document_depends_on_the_day(day, document):
    assert TITLES.basis("little_giant", NATIONAL, day) == document


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
    [("新认定", Kind.NEW), ("复核通过", Kind.REVIEW), ("复核", Kind.REVIEW), ("再次认定", Kind.AGAIN)],
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
