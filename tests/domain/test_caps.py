"""封顶: what one organisation gets from the beneficiary treasuries for one year, whatever is recognised and in what order."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_facts import NATIONAL, PACK, PROVINCIAL, TITLES, choose, earlier, facts, judge_all, said
from test_judgement_properties import CHOICES, EARLIER, cases

from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.entitlement import Payer, Verdict, judge
from zjtx_desktop.domain.switches import YEARLY_CAP
from zjtx_desktop.errors import Refused
from zjtx_desktop.values import ZERO, Division, Money, parse_shares

OURS, CITY = Payer.BENEFICIARY, Payer.MUNICIPAL
YUSHAN, ZONE, CITY_ITSELF = Division("361123"), Division("361191"), Division("361199")
CAPS = st.integers(min_value=10_000_000, max_value=60_000_000).map(Money)
GIANT = facts("little_giant", NATIONAL, document_date=date(2024, 9, 2))
CHAMPION = facts("single_champion", PROVINCIAL, document_date=date(2024, 3, 21))


def capped_at(wan):
    return choose(yearly_cap=f"{wan}万元")


def with_cap(choices: Choices, cap: Money) -> Choices:
    bases = {**choices.bases, YEARLY_CAP: "县府办发〔2024〕9号"}
    return replace(choices, switches={**choices.switches, YEARLY_CAP: cap.yuan}, bases=bases)


def test_without_a_cap_nothing_is_capped():
    for one in judge_all(GIANT, CHAMPION):
        assert (one.capped, one.uncapped) == (False, None)


def test_what_is_recognised_first_comes_first_and_the_municipal_part_stays_whole():
    giant, champion = judge_all(GIANT, CHAMPION, choices=capped_at(15))
    assert (champion.paid_by(OURS).wan, champion.capped) == ("10", False)
    assert (giant.paid_by(OURS).wan, giant.paid_by(CITY).wan) == ("5", "20")
    assert (giant.capped, giant.uncapped.wan) == (True, "10")
    assert said(giant, "2024 年最多奖励 15 万元，同年其他奖励已计 10 万元，本项由 10 万元减为 5 万元")
    assert said(giant, "（依据：县办抄告单；")


def test_nothing_left_is_no_award_unless_the_city_pays():
    giant, champion = judge_all(GIANT, CHAMPION, choices=capped_at(10))
    assert (champion.verdict, giant.verdict) == (Verdict.AWARD, Verdict.AWARD)
    assert (giant.paid_by(OURS), giant.paid_by(CITY).wan) == (ZERO, "20")
    late = facts(document_date=date(2024, 12, 1))
    third = judge_all(GIANT, CHAMPION, late, choices=capped_at(10))[2]
    assert (third.verdict, third.total, third.uncapped.wan) == (Verdict.NONE, ZERO, "10")


@pytest.mark.parametrize(("year", "left"), [(2024, "2"), (2023, "10")])
def test_earlier_awards_of_the_same_year_count_those_of_other_years_do_not(year, left):
    before = (earlier("startup_base", PROVINCIAL, year, ours="13"),)
    assert judge_all(CHAMPION, choices=capped_at(15), before=before)[0].paid_by(OURS).wan == left


def test_what_is_issued_already_is_not_given_twice():
    """The later recognition was issued before the earlier one came to light."""
    issued = earlier("little_giant", NATIONAL, 2024, ours="10", city="20")
    assert judge_all(CHAMPION, choices=capped_at(15), before=(issued,))[0].paid_by(OURS).wan == "5"


def test_a_cap_binds_the_treasury_of_the_county_that_set_it_alone():
    shared = parse_shares("玉山县50%、上饶经开区50%")
    giant, champion = (replace(one, shares=shared) for one in (GIANT, CHAMPION))
    bases = {YEARLY_CAP: "玉府办发〔2024〕3号"}
    choices = Choices.of(PACK, {YEARLY_CAP: "10万"}, bases=bases, division=YUSHAN)
    before = earlier("startup_base", PROVINCIAL, 2024, ours="8")
    before = replace(before, by_treasury={YUSHAN: Money.parse("3万"), ZONE: Money.parse("5万")})
    giant, champion = judge_all(giant, champion, choices=choices, before=(before,))
    assert [(p.treasury, p.amount.wan) for p in champion.parts] == [(YUSHAN, "5"), (ZONE, "5")]
    assert [(p.treasury, p.amount.wan) for p in giant.parts] == [(YUSHAN, "2"), (ZONE, "5"), (CITY_ITSELF, "20")]
    assert said(giant, "封顶：玉山县对一家企业 2024 年最多奖励 10 万元，同年其他奖励已计 8 万元，本项由 5 万元减为 2 万元")


def test_several_treasuries_bear_the_cut_by_their_shares_exactly():
    shared = replace(CHAMPION, shares=parse_shares("玉山县1%、上饶经开区99%"))
    giant = replace(GIANT, shares=shared.shares)
    _, second = judge_all(shared, giant, choices=capped_at("13.333333"))
    assert [part.amount.yuan for part in second.parts] == ["333.33", "33000.00", "200000.00"]
    assert said(second, "玉山县 333.33 元，上饶经济技术开发区 33,000.00 元")


@pytest.mark.parametrize(
    ("value", "bases", "why"),
    [
        ("150000", {}, "没有写明依据，请填写依据的文号"),
        ("9万", {YEARLY_CAP: "某文"}, "低于一项奖励的下限 10 万元（饶府办发〔2023〕12号第一条第（九）项）"),
        ("0", {YEARLY_CAP: "某文"}, "请改为大于 0 的金额"),
        ("约10万", {YEARLY_CAP: "某文"}, "请改为大于 0 的金额"),
    ],
)
def test_a_cap_needs_a_basis_and_never_undercuts_the_policy(value, bases, why):
    with pytest.raises(Refused, match="请") as refused:
        Choices.of(PACK, {YEARLY_CAP: value}, bases=bases)
    assert why in str(refused.value)


def test_a_cap_is_kept_in_one_form_and_said_in_words():
    one, other = (Choices.of(PACK, {YEARLY_CAP: text}, bases={YEARLY_CAP: "某文"}) for text in ("15万元", "150,000.00"))
    assert one == other and one.switches[YEARLY_CAP] == "150000.00"
    assert any("一家企业一年封顶：最高 15 万元（依据：某文）" in text for text in one.sentences(PACK, TITLES))


@settings(max_examples=150)
@given(cases(), EARLIER, CHOICES, CAPS)
def test_no_year_of_an_organisation_goes_above_the_cap_and_the_city_pays_as_before(several, before, choices, cap):
    free = judge(several, before, PACK, choices)
    held = judge(several, before, PACK, with_cap(choices, cap))
    years = {one.award_year for one in held.values()}
    for year in years:
        ours = Money.total(one.paid_by(OURS) for one in held.values() if one.award_year == year)
        spent = Money.total(one.beneficiary for one in before if one.award_year == year)
        assert ours <= max(cap - spent, ZERO)
    for key, one in held.items():
        assert one.paid_by(CITY) == free[key].paid_by(CITY)
        assert ZERO <= one.paid_by(OURS) <= free[key].paid_by(OURS)
        assert one.capped == (one.paid_by(OURS) < free[key].paid_by(OURS))
        assert one.uncapped in (None, free[key].paid_by(OURS))
        assert all(part.amount > ZERO for part in one.parts)


@settings(max_examples=100)
@given(cases(), EARLIER, CHOICES, CAPS, st.randoms())
def test_under_a_cap_the_order_of_the_records_changes_nothing(several, before, choices, cap, random):
    choices = with_cap(choices, cap)
    assert judge(several, before, PACK, choices) == judge(random.sample(several, len(several)), before, PACK, choices)
