"""The right award whatever the order: what stands already counts, what is not judged yet is asked about (D20)."""

from dataclasses import replace
from datetime import date

import pytest
from made_facts import DEFAULTS, NATIONAL, PACK, PROVINCIAL, choose, earlier, facts, judge_all, judge_one, own, said, warned

from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.entitlement import Case, Decision, Payer, Verdict, judge
from zjtx_desktop.domain.titles import Kind
from zjtx_desktop.values import Division, Money, Share, parse_shares

OURS, CITY = Payer.BENEFICIARY, Payer.MUNICIPAL
GIANT = facts("little_giant", NATIONAL, document_date=date(2024, 9, 2))
PROVINCIAL_GIANT_2023 = facts("little_giant", PROVINCIAL, document_date=date(2023, 12, 5), label_year=2023)


def judged(one, choices=DEFAULTS, before=(), pending=(), decisions=()):
    keyed = [(f"认定/{n}", facts) for n, facts in enumerate(pending, start=10)]
    return judge((Case(1, one, decisions),), before, PACK, choices, keyed)[1]


def test_what_is_issued_for_the_same_title_and_level_is_asked_about_whatever_its_day():
    september = replace(earlier("srdi_sme", PROVINCIAL, 2024), source="361123-2024-00002（已下达）")
    march = judge_one(facts(document_date=date(2024, 3, 15)), before=(september,))
    assert march.open_questions == ("rewarded_before",)
    assert said(march, "以前已奖励：2024 年 10 万元（来源：361123-2024-00002（已下达））")


def test_highest_pays_only_what_exceeds_what_is_issued_of_the_year():
    issued = earlier("srdi_sme", PROVINCIAL, 2024)
    result = judge_one(GIANT, choose(several_titles="highest"), (issued,))
    assert (result.paid_by(OURS).wan, result.paid_by(CITY).wan) == ("0", "20")
    assert said(result, "受益财政部分应付 0 元（标准 10 万元，扣减 10 万元）")


def test_only_what_was_really_paid_is_deducted():
    partly = earlier("little_giant", PROVINCIAL, 2023, ours="4")
    assert judge_one(GIANT, choose(ladder="difference"), (partly,)).paid_by(OURS).wan == "6"


def test_an_earlier_year_that_is_not_judged_yet_is_asked_about_where_it_may_change_the_sum():
    asked = judged(GIANT, choose(ladder="difference"), pending=(PROVINCIAL_GIANT_2023,))
    assert (asked.verdict, asked.open_questions) == (Verdict.UNDECIDED, ("earlier_years",))
    assert said(asked, "2023 年的“江西省专业化小巨人企业”还没有测算或者还没有决定")
    settled = judged(
        GIANT, choose(ladder="difference"), pending=(PROVINCIAL_GIANT_2023,), decisions=(Decision("earlier_years", True, "先办"),)
    )
    assert (settled.verdict, settled.paid_by(OURS).wan) == (Verdict.AWARD, "10")


@pytest.mark.parametrize(
    "pending",
    [
        facts("single_champion", PROVINCIAL, document_date=date(2023, 12, 5)),  # another title
        replace(PROVINCIAL_GIANT_2023, document_date=date(2022, 5, 1)),  # before the policy
        replace(PROVINCIAL_GIANT_2023, publicity_only=True),
        replace(PROVINCIAL_GIANT_2023, kind=Kind.REVIEW),  # earns nothing by the choice
        replace(PROVINCIAL_GIANT_2023, document_date=date(2024, 2, 1)),  # not an earlier year
    ],
)
def test_what_cannot_change_the_sum_is_not_asked_about(pending):
    assert judged(GIANT, choose(ladder="difference"), pending=(pending,)).verdict is Verdict.AWARD


def test_what_no_treasury_would_pay_cannot_change_the_sum_whatever_each_has_against_it():
    """The county rewards a re-review but nothing from before the document; the zone, by the text, no re-review."""
    county, zone = Division("361123"), Division("361191")
    choices = replace(choose(ladder="difference", re_review="yes", before_issued="no"), division=county)
    both = (Share(county, 1), Share(zone, 2))
    early = replace(PROVINCIAL_GIANT_2023, kind=Kind.REVIEW, document_date=date(2023, 3, 15), shares=both)
    assert judged(replace(GIANT, shares=both), choices, pending=(early,)).verdict is Verdict.AWARD
    later = replace(early, document_date=date(2023, 11, 6))
    assert judged(replace(GIANT, shares=both), choices, pending=(later,)).open_questions == ("earlier_years",)


def test_by_default_only_the_same_title_and_level_of_an_earlier_year_matters():
    assert judged(GIANT, pending=(PROVINCIAL_GIANT_2023,)).verdict is Verdict.AWARD
    same = replace(GIANT, document_date=date(2023, 9, 25))
    assert judged(GIANT, pending=(same,)).open_questions == ("earlier_years",)


def test_an_earlier_year_computed_later_is_asked_about_the_award_that_did_not_count_it():
    later = replace(earlier("little_giant", NATIONAL, 2024), source="361123-2024-00001（已下达）")
    late = judged(PROVINCIAL_GIANT_2023, choose(ladder="difference"), before=(later,))
    assert late.open_questions == ("earlier_years",)
    assert said(late, "2024 年已按“国家级专精特新‘小巨人’企业”奖励 10 万元（来源：361123-2024-00001（已下达）），当时没有算上本项")
    assert judged(PROVINCIAL_GIANT_2023, before=(later,)).verdict is Verdict.AWARD


def test_the_whole_ladder_counts_what_stands_below_and_nothing_above():
    whole = choose(ladder="difference_ladder")
    champion = facts("single_champion", PROVINCIAL, document_date=date(2024, 9, 2))
    assert judged(champion, whole, (earlier("little_giant", NATIONAL, 2023, "6", "20"),)).paid_by(OURS).wan == "4"
    small = facts("srdi_sme", PROVINCIAL, document_date=date(2024, 9, 2))
    assert judged(small, whole, (earlier("little_giant", NATIONAL, 2023, "6", "20"),)).paid_by(OURS).wan == "10"
    base = facts("startup_base", PROVINCIAL, document_date=date(2024, 9, 2))
    assert judged(base, whole, (earlier("srdi_sme", PROVINCIAL, 2023),)).paid_by(OURS).wan == "10"


def test_each_question_is_decided_by_itself():
    again = replace(GIANT, kind=Kind.AGAIN)
    before = (earlier("little_giant", NATIONAL, 2021),)
    assert judge_one(again, before=before).open_questions == ("again", "rewarded_before")
    half = judge_one(again, before=before, decisions=(Decision("again", True, "期满重新申报", "张三"),))
    assert half.open_questions == ("rewarded_before",)
    both = (Decision("again", True, "期满重新申报", "张三"), Decision("rewarded_before", False, "已奖励过", "李四"))
    refused = judge_one(again, before=before, decisions=both)
    assert refused.verdict is Verdict.NONE
    assert said(refused, "经决定予以奖励（理由：期满重新申报，决定人：张三）") and said(refused, "经决定不予奖励（理由：已奖励过，决定人：李四）")


def test_a_treasury_that_nobody_confirmed_is_a_warning():
    assert warned(judge_one(facts(shares_confirmed=False)), "受益财政（玉山县）只是从名单的所属地区得来，还没有人确认")
    assert judge_one(facts()).warnings == ()


def test_a_base_waits_until_it_is_recorded_whether_the_payee_is_a_company():
    base = facts("startup_base", PROVINCIAL, document_date=date(2024, 9, 2))
    assert judge_one(replace(base, payee_is_company=None)).verdict is Verdict.UNDECIDED
    assert judge_one(base).verdict is Verdict.AWARD
    assert judge_one(facts(payee_is_company=None)).verdict is Verdict.AWARD  # a 企业 by its very title


def test_the_name_of_the_merged_title_is_kept_with_its_type():
    merged = facts("startup_base", NATIONAL, title_type="基地", document_date=date(2026, 2, 10))
    result = judge_one(merged)
    assert result.total == Money(30_000_000)
    assert said(result, "2026 年认定为国家中小企业公共服务示范平台（基地）（基地）")
    assert said(result, "对应“国家小型微型企业创业创新示范基地”，文件未明确，按“按类型对应平台或基地”办理（依据：程序默认")


def test_several_of_a_year_fixed_in_any_order_come_to_the_same_sum():
    """15 万 at most a year: whichever of two is issued first, the other gets what is left."""
    choices, champion = choose(yearly_cap="15万元"), facts("single_champion", PROVINCIAL, document_date=date(2024, 3, 21))
    together = judge_all(champion, GIANT, choices=choices)
    after = judge_one(GIANT, choices, (earlier("single_champion", PROVINCIAL, 2024),))
    before = judge_one(champion, choices, (earlier("little_giant", NATIONAL, 2024, "5", "20"),))
    assert [one.paid_by(OURS).wan for one in together] == ["10", "5"]
    assert (before.paid_by(OURS).wan, after.paid_by(OURS).wan) == ("10", "5")


def test_a_decision_answers_what_it_was_asked_about_and_nothing_that_comes_later():
    one, first, late = facts(), earlier("srdi_sme", PROVINCIAL, 2021), earlier("srdi_sme", PROVINCIAL, 2022)
    first, late = replace(first, key="历史/1"), replace(late, key="历史/2")
    asked = judge_one(one, before=(first,))
    assert asked.asked == {"rewarded_before": frozenset({"历史/1"})}
    decided = (Decision("rewarded_before", True, "2021 年的已退回", "张三", asked.asked["rewarded_before"]),)
    assert judge_one(one, before=(first,), decisions=decided).verdict is Verdict.AWARD
    again = judge_one(one, before=(first, late), decisions=decided)
    assert again.open_questions == ("rewarded_before",)
    assert said(again, "原来的决定（予以奖励，理由：2021 年的已退回）没有包括新的情况，请重新作出决定并写明理由。")
    assert judge_one(one, before=(), decisions=decided).verdict is Verdict.AWARD


def test_twins_are_asked_about_also_where_there_is_an_earlier_award():
    september = facts(document_date=date(2024, 9, 2))
    before = (replace(earlier("srdi_sme", PROVINCIAL, 2021), key="历史/1"),)
    march, second = judge_all(facts(), september, before=before)
    assert (march.asked, second.asked) == (
        {"rewarded_before": frozenset({"历史/1"})},
        {"rewarded_before": frozenset({"历史/1", "认定/0"})},
    )
    assert said(second, "本批名单中“江西省专精特新中小企业”不止一条认定")


def test_of_a_part_that_is_shared_each_treasury_deducts_what_it_paid_itself():
    """玉山 pays 15 万 by its own standard, half of it is its part: what it paid of the year is not paid again."""
    yushan, zone = Division("361123"), Division("361191")
    shares = parse_shares("玉山县50%、上饶经开区50%")
    amounts = [replace(own(title, level, "15"), division=yushan) for title, level in (("srdi_sme", PROVINCIAL), ("little_giant", NATIONAL))]
    paid = {yushan: Money.parse("7.5万"), zone: Money.parse("5万")}
    before = replace(earlier("srdi_sme", PROVINCIAL, 2024, ours="12.5"), by_treasury=paid)
    choices = Choices.of(PACK, {"several_titles": "highest"}, amounts, {"several_titles": "玉府办发〔2024〕3号"}, division=yushan)
    result = judge_one(replace(GIANT, shares=shares), choices, (before,))
    assert {part.treasury: part.amount.wan for part in result.parts if part.payer is OURS} == {zone: "5"}
    assert said(result, "玉山县：玉山县同年已另奖励 7.5 万元")
