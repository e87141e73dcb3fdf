"""A county's choice and amount bind the part of its own treasury; the municipal part follows the text (D21)."""

import json
from dataclasses import replace
from datetime import date

import pytest
from made_facts import NATIONAL, PACK, PROVINCIAL, TITLES, choose, earlier, facts, judge_all, judge_one, own, said, warned

from zjtx_desktop.domain.choices import Answers, Choices
from zjtx_desktop.domain.entitlement import Decision, Payer, Verdict
from zjtx_desktop.domain.facts import Target
from zjtx_desktop.domain.titles import Kind
from zjtx_desktop.errors import Refused
from zjtx_desktop.values import Division, Money, parse_shares

OURS, CITY = Payer.BENEFICIARY, Payer.MUNICIPAL
YUSHAN, ZONE = Division("361123"), Division("361191")
GIANT = facts("little_giant", NATIONAL, document_date=date(2024, 9, 2))
SHARED = parse_shares("玉山县1%、上饶经开区99%")
RULE = "饶府办发〔2024〕9号"
CASES = {  # what the county chose, and a recognition of a national title that only the county refuses or grants
    "re_review": ("yes", replace(GIANT, kind=Kind.REVIEW), "10", "0"),
    "in_force_until": ("2024-06-30", GIANT, "0", "20"),
    "payee_not_company": ("refuse", replace(GIANT, payee_is_company=False), "0", "20"),
    "before_issued": ("no", replace(GIANT, document_date=date(2023, 7, 14)), "0", "20"),
    "merged_title": ("no", facts("service_platform", NATIONAL, title_type="平台", document_date=date(2026, 2, 10)), "0", "20"),
}  # fmt: skip


def yushan(switches=None, amounts=(), **more):
    """The choices of 玉山县's own book."""
    switches = switches or {}
    return Choices.of(PACK, switches, amounts, dict.fromkeys(switches, "玉府办发〔2024〕3号"), division=YUSHAN, **more)


@pytest.mark.parametrize("switch", CASES)
def test_a_countys_choice_does_not_touch_the_municipal_part(switch):
    answer, one, ours, city = CASES[switch]
    result = judge_one(one, choose(**{switch: answer}))
    assert (result.paid_by(OURS).wan, result.paid_by(CITY).wan) == (ours, city)
    told = any("本地口径不及于市级部分（没有市级文件）" in text for text in (*result.reasons, *result.warnings))
    assert told or switch == "in_force_until"


@pytest.mark.parametrize("switch", CASES)
def test_with_a_document_of_the_city_the_choice_holds_for_both(switch):
    answer, one, ours, _ = CASES[switch]
    choices = Choices.of(PACK, {switch: answer}, bases={switch: "玉府办发〔2024〕3号"}, city_documents={switch: RULE})
    result = judge_one(one, choices)
    assert (result.paid_by(OURS).wan, result.paid_by(CITY).wan) == (ours, {"10": "20", "0": "0"}[ours])


def test_a_county_that_counts_them_again_leaves_the_city_to_be_decided():
    again = replace(GIANT, kind=Kind.AGAIN)
    result = judge_one(again, choose(again="yes"))
    assert (result.verdict, result.open_questions) == (Verdict.UNDECIDED, ("again",))
    refused = judge_one(again, choose(again="yes"), decisions=(Decision("again", False, "市里不给"),))
    assert (refused.paid_by(OURS).wan, refused.paid_by(CITY).wan) == ("10", "0")


@pytest.mark.parametrize("number", ["玉府办发〔2024〕3号", "饶经开发〔2024〕3号", "饶高铁〔2024〕1号", "县长批示"])
def test_only_a_document_of_the_city_is_one(number):
    with pytest.raises(Refused, match="要有市级的文件"):
        Choices.of(PACK, {"re_review": "yes"}, city_documents={"re_review": number})


def test_what_the_whole_book_has_in_common_takes_no_document_of_the_city():
    with pytest.raises(Refused, match="不分市级和县级"):
        Choices.of(PACK, {"award_year_by": "label"}, city_documents={"award_year_by": RULE})


def test_each_treasury_pays_its_share_of_its_own_standard():
    result = judge_one(facts(shares=SHARED), yushan(amounts=[own("srdi_sme", PROVINCIAL, "15")]))
    assert {part.treasury: part.amount.yuan for part in result.parts} == {YUSHAN: "1500.00", ZONE: "99000.00"}
    assert said(result, "玉山县：2024 年认定为江西省专精特新中小企业") and said(result, "上饶经济技术开发区：2024 年认定为")


def test_two_counties_with_amounts_of_their_own_and_a_third_without():
    amounts = [replace(own("srdi_sme", PROVINCIAL, wan), division=d) for wan, d in (("15", YUSHAN), ("12", ZONE))]
    shares = parse_shares("玉山县20%、上饶经开区30%、德兴市50%")
    result = judge_one(facts(shares=shares), Choices.of(PACK, county_amounts=amounts))
    assert [part.amount.wan for part in result.parts] == ["3", "3.6", "5"]


def test_shares_of_unlike_standards_never_fall_below_the_floor_together():
    for fen in range(1, 40):
        raised = replace(own("srdi_sme", PROVINCIAL, "10"), amount=Money(10_000_000 + fen), division=YUSHAN)
        shares = parse_shares("玉山县33.333333%、上饶经开区33.333333%、德兴市33.333334%")
        result = judge_one(facts(shares=shares), Choices.of(PACK, county_amounts=[raised]))
        assert result.total.fen >= 10_000_000


def test_highest_of_one_county_leaves_the_other_treasury_paying_each():
    small, giant = facts(shares=parse_shares("玉山县50%、上饶经开区50%")), replace(GIANT, shares=parse_shares("玉山县50%、上饶经开区50%"))
    lost, won = judge_all(small, giant, choices=yushan({"several_titles": "highest"}))
    assert {part.treasury: part.amount.wan for part in lost.parts} == {ZONE: "5"}
    assert {part.treasury: part.amount.wan for part in won.parts if part.payer is OURS} == {YUSHAN: "5", ZONE: "5"}


def test_the_difference_of_one_county_is_taken_from_its_own_share():
    giant = replace(GIANT, shares=parse_shares("玉山县50%、上饶经开区50%"))
    result = judge_one(giant, yushan({"ladder": "difference"}), (earlier("little_giant", PROVINCIAL, 2023),))
    assert {part.treasury: part.amount.wan for part in result.parts if part.payer is OURS} == {ZONE: "5"}
    assert warned(result, "按补差办理后，受益财政合计 50,000.00 元，低于文件的下限 100,000.00 元")


def test_in_the_books_of_the_city_every_county_has_its_own_answers():
    bases = {"re_review": "玉府办发〔2024〕3号"}
    choices = Choices.of(PACK, counties=[Answers(YUSHAN, {"re_review": "yes"}, bases)])
    reviewed = facts(kind=Kind.REVIEW)
    there, elsewhere = (judge_one(replace(reviewed, shares=parse_shares(name)), choices) for name in ("玉山县", "德兴市"))
    assert (there.total.wan, elsewhere.verdict) == ("10", Verdict.NONE)
    assert any(text == "玉山县 复核通过是否奖励：复核视同当年认定（依据：玉府办发〔2024〕3号）" for text in choices.sentences(PACK, TITLES))


def test_a_county_cannot_choose_for_itself_what_the_book_has_in_common():
    with pytest.raises(Refused, match="全账簿一致，不能只为玉山县另选"):
        Choices.of(PACK, counties=[Answers(YUSHAN, {"award_year_by": "label"}, {})])


def test_choices_of_a_county_and_of_the_city_come_back_from_json_as_they_were():
    county = yushan({"re_review": "yes"}, [own("srdi_sme", PROVINCIAL, "12")], city_documents={"re_review": RULE})
    city = Choices.of(PACK, counties=[Answers(ZONE, {"ladder": "difference"}, {"ladder": "某文"})])
    for one in (county, city):
        assert Choices.from_json(json.loads(json.dumps(one.to_json())), PACK) == one
    assert [amount.division for amount in county.county_amounts] == [YUSHAN]


def test_choices_written_before_they_knew_whose_they_are_become_those_of_the_book():
    old = Choices.of(PACK, {"re_review": "yes"}, [own("srdi_sme", PROVINCIAL, "12")]).to_json()
    for key in ("division", "city_documents", "counties"):
        del old[key]
    read = Choices.from_json(old, PACK, YUSHAN)
    assert (read.division, read.county_amounts[0].division) == (YUSHAN, YUSHAN)
    assert read.answers(Target(OURS, ZONE)).switches["re_review"] == "no"


def test_changing_puts_answers_and_amounts_where_they_belong():
    county = yushan().changed(PACK, {"re_review": "yes"}, [own("srdi_sme", PROVINCIAL, "12")], {"re_review": "某文"})
    assert (county.switches["re_review"], county.county_amounts[0].division) == ("yes", YUSHAN)
    city = Choices.of(PACK).changed(PACK, {"re_review": "yes"}, (), {"re_review": "某文"}, county=ZONE)
    assert (city.switches["re_review"], dict(city.counties[0].switches)) == ("no", {"re_review": "yes"})
    again = city.changed(PACK, {"again": "yes"}, (), county=ZONE)
    assert dict(again.counties[0].switches) == {"re_review": "yes", "again": "yes"}


def test_a_document_of_the_city_does_not_outlive_the_answer_it_stands_for():
    given = Choices.of(PACK).changed(PACK, {"ladder": "difference"}, (), city_documents={"ladder": RULE})
    assert dict(given.city_documents) == {"ladder": "饶府办发〔2024〕9号"}
    assert dict(given.changed(PACK, {"ladder": "difference"}, ()).city_documents) == {"ladder": "饶府办发〔2024〕9号"}
    assert dict(given.changed(PACK, {"ladder": "difference_ladder"}, ()).city_documents) == {}
    assert dict(given.changed(PACK, {}, (), city_documents={"ladder": ""}).city_documents) == {}


def test_a_countys_own_answer_to_something_else_leaves_the_cap_of_all_as_it_is():
    cap = {"yearly_cap": "15万"}
    shares = parse_shares("玉山县50%、上饶经开区50%")
    several = [replace(one, shares=shares) for one in (facts(), GIANT, facts("single_champion", PROVINCIAL, document_date=date(2024, 5, 6)))]
    plain = Choices.of(PACK, cap, bases={"yearly_cap": RULE})
    other = Choices.of(PACK, cap, bases={"yearly_cap": RULE}, counties=[Answers(YUSHAN, {"ladder": "difference"}, {"ladder": "某文"})])
    sums = [Money.total(one.paid_by(OURS) for one in judge_all(*several, choices=choices)) for choices in (plain, other)]
    assert [one.wan for one in sums] == ["15", "15"]
