"""人工核定: another amount by a person's hand, never below the floor, told in reasons and beside the clause."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_facts import NATIONAL, PACK, PROVINCIAL, choose, earlier, facts, own, said, warned
from test_judgement_properties import CHOICES, EARLIER, cases

from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.entitlement import Case, ManualAmount, Payer, Verdict, judge
from zjtx_desktop.values import ZERO, Division, Money, parse_shares

OURS, CITY = Payer.BENEFICIARY, Payer.MUNICIPAL
YUSHAN, ZONE, TOWN = Division("361123"), Division("361191"), Division("361199")
GIANT = facts("little_giant", NATIONAL)
AMOUNTS = st.integers(min_value=0, max_value=60_000_000).map(Money)


def manual(wan, treasury=YUSHAN):
    payer = CITY if treasury.is_city else OURS
    return ManualAmount(payer, treasury, Money.parse(f"{wan}万"), "专题会议决定", "玉府专纪〔2024〕6号", "审批甲")


def judged(one, *amounts, choices=None, before=()):
    return judge((Case(1, one, manual=amounts),), before, PACK, choices or Choices.of(PACK))[1]


def test_the_amount_takes_the_place_of_what_the_policy_gives_and_says_so():
    result = judged(GIANT, manual(12), manual(18, TOWN))
    assert [(part.treasury, part.amount.wan) for part in result.parts] == [(YUSHAN, "12"), (TOWN, "18")]
    assert all(part.clause == "饶府办发〔2023〕12号第一条第（九）项，人工核定" for part in result.parts)
    assert (result.manual, result.by_policy.wan, result.total.wan) == (True, "30", "30")
    assert said(result, "按政策测算 100,000.00 元，核定为 120,000.00 元（理由：专题会议决定；依据：玉府专纪〔2024〕6号；核定人：审批甲）。")


def test_without_one_nothing_is_marked():
    result = judged(GIANT)
    assert (result.manual, result.by_policy) == (False, None)
    assert not any("人工核定" in part.clause for part in result.parts)


def test_the_floor_is_not_undercut():
    result = judged(GIANT, manual("9.999999"))
    assert (result.paid_by(OURS).wan, result.manual) == ("10", False)
    assert warned(result, "低于下限 100,000.00 元（饶府办发〔2023〕12号第一条第（九）项），未采用")


def test_of_several_treasuries_one_may_pay_less_as_long_as_they_reach_the_floor_together():
    shared = replace(GIANT, shares=parse_shares("玉山县50%、上饶经开区50%"))
    assert not judged(shared, manual(4)).manual
    result = judged(shared, manual(4), manual(6, ZONE))
    assert (result.paid_by(OURS).wan, result.manual) == ("10", True)


def test_where_the_policy_itself_gives_less_that_is_the_least():
    before = (earlier("little_giant", PROVINCIAL, 2023, ours="12"),)
    amounts = Choices.of(PACK, {"ladder": "difference"}, [own("little_giant", NATIONAL, "15")])
    assert judged(GIANT, choices=amounts, before=before).paid_by(OURS).wan == "3"
    assert judged(GIANT, manual(4), choices=amounts, before=before).paid_by(OURS).wan == "4"
    assert not judged(GIANT, manual(2), choices=amounts, before=before).manual


@pytest.mark.parametrize(("amount", "treasury"), [(0, YUSHAN), (12, ZONE), (0, TOWN)])
def test_an_amount_of_nothing_or_for_a_treasury_that_owes_nothing_is_not_taken(amount, treasury):
    result = judged(GIANT, manual(amount, treasury))
    assert not result.manual and warned(result, "没有对应的奖励金额，未采用")


def test_what_is_no_award_gets_no_amount_by_hand():
    refused = judged(replace(GIANT, publicity_only=True), manual(12))
    assert (refused.verdict, refused.parts, refused.manual) == (Verdict.NONE, (), False)


def test_the_cap_holds_for_amounts_by_hand_as_well():
    result = judged(GIANT, manual(40), choices=choose(yearly_cap="30万"))
    assert (result.paid_by(OURS).wan, result.uncapped.wan, result.by_policy.wan) == ("30", "40", "30")


@settings(max_examples=150)
@given(cases(), EARLIER, CHOICES, AMOUNTS, st.sampled_from([YUSHAN, ZONE, TOWN]))
def test_whatever_a_person_sets_parts_are_positive_sum_up_and_reach_the_floor(several, before, choices, amount, treasury):
    one = ManualAmount(CITY if treasury.is_city else OURS, treasury, amount, "理由", "文号")
    plain = judge(several, before, PACK, choices)
    for key, result in judge(tuple(replace(case, manual=(one,)) for case in several), before, PACK, choices).items():
        policy = plain[key]
        assert all(part.amount > ZERO for part in result.parts)
        assert result.verdict is policy.verdict
        assert result.paid_by(OURS) >= min(policy.paid_by(OURS), Money.parse("10万"))
        assert {(part.payer, part.treasury) for part in result.parts} == {(part.payer, part.treasury) for part in policy.parts}
        assert result.by_policy == (policy.total if result.manual else None)
        if not result.manual:
            assert result.parts == policy.parts
