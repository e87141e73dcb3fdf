"""What a county may choose where the policy is silent."""

import json

import pytest
from made_facts import NATIONAL, PACK, PROVINCIAL, TITLES, own

from zjtx_desktop.domain.choices import Choices, CountyAmount
from zjtx_desktop.errors import Refused
from zjtx_desktop.values import Money


def test_nothing_chosen_is_every_default_of_the_pack():
    choices = Choices.of(PACK)
    assert dict(choices.switches) == {
        "before_issued": "yes",
        "merged_title": "yes",
        "re_review": "no",
        "again": "undecided",
        "award_year_by": "document",
        "several_titles": "each",
        "ladder": "full",
        "rewarded_before": "decide",
        "payee_not_company": "warn",
        "notice_working_days": "5",
        "in_force_until": "",
        "yearly_cap": "",
    }


@pytest.mark.parametrize(
    ("switches", "said"),
    [
        ({"unknown": "yes"}, "没有“unknown”这个测算口径"),
        ({"re_review": "maybe"}, "不能选“maybe”"),
        ({"notice_working_days": "4"}, "5 个工作日"),
        ({"notice_working_days": "11"}, "10 个工作日"),
        ({"in_force_until": "2027"}, "形如 2030-12-31"),
        ({"in_force_until": "2027-02-30"}, "形如 2030-12-31"),
        ({"in_force_until": "20270228"}, "形如 2030-12-31"),
    ],
)
def test_an_unknown_switch_or_answer_is_refused(switches, said):
    with pytest.raises(Refused, match="请") as refused:
        Choices.of(PACK, switches)
    assert said in str(refused.value)


def test_a_basis_for_an_unknown_switch_is_refused():
    with pytest.raises(Refused, match="不存在"):
        Choices.of(PACK, bases={"unknown": "x"})


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (own("srdi_sme", PROVINCIAL, "9.999999"), "低于下限 10 万元（饶府办发〔2023〕12号第一条第（九）项）"),
        (own("srdi_sme", NATIONAL, "9"), "低于下限"),
        (CountyAmount("srdi_sme", PROVINCIAL, Money.parse("12万"), " "), "没有写明依据"),
    ],
)
def test_an_amount_below_the_floor_or_without_basis_is_refused(amount, said):
    with pytest.raises(Refused, match="请") as refused:
        Choices.of(PACK, county_amounts=[amount])
    assert said in str(refused.value)


def test_two_amounts_for_one_title_are_refused():
    with pytest.raises(Refused, match="只保留一个"):
        Choices.of(
            PACK, county_amounts=[own("srdi_sme", PROVINCIAL, "12"), own("srdi_sme", PROVINCIAL, "13")]
        )


def test_a_review_amount_may_lie_below_the_floor_but_not_at_zero():
    assert Choices.of(PACK, review_amounts=[own("srdi_sme", PROVINCIAL, "5")]).review_amount(
        "srdi_sme", PROVINCIAL
    )
    with pytest.raises(Refused, match="大于 0"):
        Choices.of(PACK, review_amounts=[own("srdi_sme", PROVINCIAL, "0")])


def test_choices_survive_json_and_do_not_depend_on_order():
    amounts = [own("srdi_sme", PROVINCIAL, "12"), own("little_giant", NATIONAL, "15.000001")]
    switches, bases = {"ladder": "difference", "in_force_until": "2027-12-31"}, {"ladder": "县办抄告单"}
    first = Choices.of(PACK, switches, amounts, bases, [own("srdi_sme", PROVINCIAL, "3")])
    second = Choices.of(PACK, switches, amounts[::-1], bases, [own("srdi_sme", PROVINCIAL, "3")])
    assert first == second
    assert Choices.from_json(json.loads(json.dumps(first.to_json())), PACK) == first


def test_changing_some_choices_keeps_the_others():
    first = Choices.of(PACK, {"ladder": "difference"}, [own("srdi_sme", PROVINCIAL, "12")])
    changed = first.changed(PACK, {"again": "yes"}, [own("srdi_sme", PROVINCIAL, "15")])
    assert (changed.switches["ladder"], changed.switches["again"]) == ("difference", "yes")
    assert [one.amount.wan for one in changed.county_amounts] == ["15"]


def test_every_choice_is_said_with_its_basis():
    choices = Choices.of(
        PACK,
        {"ladder": "difference", "again": "yes"},
        [own("little_giant", NATIONAL, "15")],
        {"ladder": "县办抄告单"},
        [own("srdi_sme", PROVINCIAL, "3")],
    )
    sentences = choices.sentences(PACK, TITLES)
    assert "先省级后国家级：只补差额（依据：县办抄告单；市级部分没有市级文件，按“全额奖励”）" in sentences
    assert any(text.startswith("再次认定是否奖励：再次认定予以奖励（依据：未登记依据；市级部分") for text in sentences)
    assert "同年多个称号：逐项奖励（依据：程序默认）" in sentences
    assert "国家级专精特新“小巨人”企业受益财政奖励：15 万元（依据：县府办发〔2024〕1号）" in sentences
    assert "江西省专精特新中小企业复核奖励：3 万元（依据：县府办发〔2024〕1号）" in sentences
