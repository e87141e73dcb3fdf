"""What a recognition earns, who pays, and why: every rule and every switch of the policy."""

from datetime import date

import pytest
from made_facts import (
    DEFAULTS,
    NATIONAL,
    PACK,
    PROVINCIAL,
    TITLES,
    choose,
    earlier,
    facts,
    judge_all,
    judge_one,
    own,
    said,
    warned,
)

from tests.made_packs import CITY, FLOOR, made, tables
from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.entitlement import Case, Decision, Payer, Verdict, award_year, judge
from zjtx_desktop.domain.facts import treasuries
from zjtx_desktop.domain.titles import Kind
from zjtx_desktop.values import Division, Money, parse_shares

WAN = 1_000_000
CLAUSE = str(PACK.clauses[0])
SOURCE = "（饶府办发〔2023〕12号第一条第（九）项）。"
GIANT = {"title": "little_giant", "level": NATIONAL}
CASES = [(title.id, level) for title in TITLES.all for level in title.names]


def amounts(result):
    return {payer: result.paid_by(payer).fen // WAN for payer in Payer}


@pytest.mark.parametrize(("title", "level"), CASES)
def test_every_row_of_the_clause(title, level):
    result = judge_one(facts(title, level))
    assert result.verdict is Verdict.AWARD
    assert result.award_year == 2024
    assert amounts(result) == {Payer.BENEFICIARY: 10, Payer.MUNICIPAL: 20 if level is NATIONAL else 0}
    assert all(part.clause == CLAUSE for part in result.parts)
    assert all("认定依据待核" in warning for warning in result.warnings) and len(result.warnings) == (
        (title, level) == ("startup_base", PROVINCIAL)
    )
    assert said(result, f"2024 年认定为{TITLES.name(title, level)}，受益财政奖励不低于 10 万元")
    assert result.reasons[-1].endswith(SOURCE)


def test_the_municipal_part_falls_on_the_city_treasury():
    result = judge_one(facts(**GIANT))
    assert treasuries(result.parts) == {
        Division("361123"): Money(10 * WAN),
        Division("361199"): Money(20 * WAN),
    }
    assert result.matched == ("beneficiary_floor", "municipal_national")
    assert said(result, "从市本级工业发展专项资金安排")


def test_a_title_that_does_not_exist_nationally_earns_nothing():
    result = judge_one(facts("srdi_sme", NATIONAL))
    assert result.verdict is Verdict.NONE
    assert said(result, "没有国家级称号")
    assert TITLES.name("srdi_sme", NATIONAL) == "国家级专精特新中小企业"


def test_a_title_without_any_rule_earns_nothing():
    pack = made(("rule.0.titles", ["little_giant", "single_champion"]))
    result = judge((Case(1, facts()),), (), pack, Choices.of(pack))[1]
    assert result.verdict is Verdict.NONE
    assert said(result, "没有关于“江西省专精特新中小企业”的有效规定（饶府办发〔2023〕12号第一条第（九）项）。")
    assert result.matched == ()


def test_before_the_policy_there_is_no_rule_in_force():
    result = judge_one(facts(document_date=date(2021, 3, 2)))
    assert result.verdict is Verdict.NONE
    assert said(
        result, "饶府办发〔2023〕12号 在 2021-03-02 没有关于“江西省专精特新中小企业”的有效规定（饶府办发〔2023〕12号第一条第（九）项）。"
    )


def test_one_without_a_rule_does_not_stop_the_others():
    old, new = judge_all(facts(document_date=date(2021, 3, 2)), facts("single_champion"))
    assert (old.verdict, new.verdict) == (Verdict.NONE, Verdict.AWARD)


@pytest.mark.parametrize(
    ("document", "verdict"),
    [
        ("关于公布国家小型微型企业创业创新示范基地名单的通告", Verdict.NONE),
        ("关于公布名单的通告", Verdict.UNDECIDED),
        ("关于公布国家中小企业公共服务示范平台（基地）名单的通告", Verdict.AWARD),
    ],
)
def test_a_title_that_was_merged_before_the_day_of_its_document_earns_nothing(document, verdict):
    result = judge_one(facts("startup_base", NATIONAL, document_date=date(2026, 2, 10), document_title=document))
    assert result.verdict is verdict and result.total == Money(30 * WAN if verdict is Verdict.AWARD else 0)
    assert said(result, "自2025年10月21日起已并入") == (verdict is not Verdict.AWARD)


def test_a_title_before_its_first_rules_earns_nothing():
    early = judge_one(facts("single_champion", PROVINCIAL, document_date=date(2021, 12, 23)), choose(award_year_by="label"))
    assert early.verdict is Verdict.NONE and said(early, "自2021年12月24日起才有")


def test_a_missing_deciding_date_waits_and_says_which():
    result = judge_one(facts(document_date=None))
    assert (result.verdict, result.award_year, result.open_questions) == (Verdict.UNDECIDED, None, ())
    assert said(result, "没有登记“认定文件日期”")
    assert award_year(facts(document_date=None), DEFAULTS) is None


@pytest.mark.parametrize(("by", "year"), [("document", 2024), ("label", 2023), ("valid_from", 2025)])
def test_the_switch_fixes_the_year_and_differing_years_are_warned(by, year):
    one = facts(label_year=2023, valid_from=date(2025, 1, 1))
    result = judge_one(one, choose(award_year_by=by))
    assert result.award_year == award_year(one, choose(award_year_by=by)) == year
    assert warned(result, "名单标注年度为 2023 年、认定文件日期为 2024 年、有效期起始日为 2025 年")
    assert said(result, "文件未明确，按“")


def test_unknown_beneficiary_treasury_waits():
    result = judge_one(facts(shares=(), shares_basis=None))
    assert result.verdict is Verdict.UNDECIDED
    assert result.parts == ()
    assert said(result, "受益财政未登记")


def test_every_failing_condition_is_listed():
    result = judge_one(
        facts(
            kind=Kind.REVIEW,
            document_date=date(2021, 3, 2),
            publicity_only=True,
            exclusions=("被列入经营异常名录（2024-05-01）", "发生较大事故（2024-06-01）"),
            payee_is_company=False,
        ),
        choose(payee_not_company="refuse", in_force_until="2020-12-31"),
    )
    assert result.verdict is Verdict.NONE
    for text in (
        "公示不是认定", "被列入经营异常名录", "发生较大事故", "本次为复核", "没有关于", "执行到 2020-12-31", "不是企业"
    ):  # fmt: skip
        assert said(result, text), text


def test_every_sentence_ends_with_its_ground():
    results = (
        judge_one(facts(**GIANT), before=(earlier("little_giant", PROVINCIAL, 2023),)),
        judge_one(facts(kind=Kind.REVIEW, publicity_only=True, exclusions=("x",), shares=())),
        judge_one(facts(document_date=date(2021, 3, 2), kind=Kind.AGAIN)),
    )
    for reason in (reason for result in results for reason in result.reasons):
        assert "）。" in reason, reason
        assert "饶府办发〔2023〕12号" in reason or "文件未明确" in reason or "依据：" in reason, reason


@pytest.mark.parametrize(
    ("choice", "verdict", "wan"),
    [("no", Verdict.NONE, 0), ("yes", Verdict.AWARD, 10), ("own_amount", Verdict.UNDECIDED, 0)],
)
def test_a_re_review_counts_as_the_county_says(choice, verdict, wan):
    result = judge_one(facts(**GIANT, kind=Kind.REVIEW), choose(re_review=choice))
    assert (result.verdict, result.total) == (verdict, Money(wan * WAN))
    assert said(result, "文件未明确")


def test_a_re_review_at_an_own_amount_binds_only_the_beneficiary():
    amount = own("little_giant", NATIONAL, "5")
    choices = Choices.of(PACK, {"re_review": "own_amount"}, review_amounts=[amount])
    result = judge_one(facts(**GIANT, kind=Kind.REVIEW), choices)
    assert amounts(result) == {Payer.BENEFICIARY: 5, Payer.MUNICIPAL: 0}
    assert said(result, "复核通过，受益财政按本地复核标准奖励 5 万元（依据：县府办发〔2024〕1号）")
    assert said(result, "市级财政部分：本次为复核")
    assert judge_one(facts(**GIANT), choices).total == Money(30 * WAN)


def test_recognised_again_waits_for_a_decision_and_takes_it_either_way():
    again = facts(kind=Kind.AGAIN)
    assert judge_one(again).open_questions == ("again",)
    granted = judge_one(again, decisions=(Decision("again", True, "期满重新申报", "张三"),))
    assert (granted.verdict, granted.open_questions) == (Verdict.AWARD, ())
    assert said(granted, "经决定予以奖励（理由：期满重新申报，决定人：张三）")
    refused = judge_one(again, decisions=(Decision("again", False, "延续认定"),))
    assert refused.verdict is Verdict.NONE
    assert said(refused, "经决定不予奖励（理由：延续认定）")


@pytest.mark.parametrize(("choice", "verdict"), [("yes", Verdict.AWARD), ("no", Verdict.NONE)])
def test_recognised_again_may_be_settled_for_all(choice, verdict):
    assert judge_one(facts(kind=Kind.AGAIN), choose(again=choice)).verdict is verdict


def test_a_decision_is_only_taken_for_an_open_question():
    result = judge_one(facts(), decisions=(Decision("again", False, "误登"),))
    assert result.verdict is Verdict.AWARD
    assert warned(result, "没有对应的待定事项")
    failing = judge_one(facts(publicity_only=True), decisions=(Decision("again", True, "x"),))
    assert failing.verdict is Verdict.NONE


def test_rewarded_before_waits_for_a_decision():
    before = (earlier("srdi_sme", PROVINCIAL, 2021),)
    waiting = judge_one(facts(), before=before)
    assert (waiting.verdict, waiting.open_questions) == (Verdict.UNDECIDED, ("rewarded_before",))
    assert said(waiting, "以前已奖励：2021 年 10 万元（来源：历史）")
    assert said(waiting, "请作出决定")
    yes = judge_one(facts(), before=before, decisions=(Decision("rewarded_before", True, "县政府同意"),))
    no = judge_one(facts(), before=before, decisions=(Decision("rewarded_before", False, "不重复奖励"),))
    assert (yes.verdict, no.verdict) == (Verdict.AWARD, Verdict.NONE)
    assert judge_one(facts(), choose(rewarded_before="refuse"), before).verdict is Verdict.NONE


def test_another_title_or_an_empty_award_before_asks_nothing():
    before = (earlier("little_giant", PROVINCIAL, 2021), earlier("srdi_sme", PROVINCIAL, 2021, ours="0"))
    assert judge_one(facts(), before=before).verdict is Verdict.AWARD


def test_one_title_twice_in_a_list_pays_once_without_a_decision():
    first, second = judge_all(facts("single_champion"), facts("single_champion"))
    assert (first.verdict, second.verdict) == (Verdict.AWARD, Verdict.UNDECIDED)
    assert second.open_questions == ("rewarded_before",)
    assert said(second, "本批名单中“江西省制造业单项冠军企业”不止一条认定")


def test_a_twin_that_earns_nothing_does_not_block_the_other():
    first, second = judge_all(facts(kind=Kind.REVIEW), facts())
    assert (first.verdict, second.verdict) == (Verdict.NONE, Verdict.AWARD)


def test_a_county_may_pay_more_and_the_basis_is_named():
    result = judge_one(facts(), Choices.of(PACK, county_amounts=[own("srdi_sme", PROVINCIAL, "12.5")]))
    assert result.total == Money(12_500_000)
    assert said(
        result,
        "本地标准 12.5 万元，按 12.5 万元奖励（依据：县府办发〔2024〕1号；饶府办发〔2023〕12号第一条第（九）项）。",
    )


def test_the_municipal_amount_is_not_raised_with_the_floor():
    result = judge_one(facts(**GIANT), Choices.of(PACK, county_amounts=[own("little_giant", NATIONAL, "15")]))
    assert amounts(result) == {Payer.BENEFICIARY: 15, Payer.MUNICIPAL: 20}


def test_shares_are_exact_and_the_odd_fen_has_a_bearer():
    shares = parse_shares("玉山县33.333333%、上饶经开区66.666667%")
    result = judge_one(facts(shares=shares))
    assert [(part.treasury.name, str(part.amount)) for part in result.parts] == [
        ("玉山县", "33,333.33"), ("上饶经济技术开发区", "66,666.67"),
    ]  # fmt: skip
    assert said(result, "除不尽的尾差各 1 分由上饶经济技术开发区承担（依据：税务登记）")


def test_several_titles_each_pay_by_default():
    results = judge_all(facts(**GIANT), facts("single_champion", NATIONAL), facts())
    assert [result.total.fen // WAN for result in results] == [30, 30, 10]


def test_highest_only_lets_one_win_per_payer_and_names_it():
    results = judge_all(
        facts(), facts("single_champion", NATIONAL), facts(**GIANT), choices=choose(several_titles="highest")
    )
    assert [result.total.fen // WAN for result in results] == [0, 20, 30]  # the city pays each (分别给予)
    assert [result.verdict for result in results] == [Verdict.NONE, Verdict.AWARD, Verdict.AWARD]
    for loser in results[:2]:
        assert said(loser, "受益财政部分同年已按“国家级专精特新‘小巨人’企业”计 10 万元，本项不再计")
        assert warned(loser, "按就高办理后，受益财政合计 0.00 元，低于文件的下限 100,000.00 元")


def test_highest_holds_for_the_city_by_a_document_of_the_city():
    choices = Choices.of(
        PACK, {"several_titles": "highest"}, city_documents={"several_titles": "饶府办发〔2024〕9号"}
    )
    champion, giant = judge_all(facts("single_champion", NATIONAL), facts(**GIANT), choices=choices)
    assert (champion.verdict, giant.total.wan) == (Verdict.NONE, "30")
    assert said(champion, "市级财政部分同年已按")


def test_highest_is_taken_for_each_payer_apart():
    choices = Choices.of(PACK, {"several_titles": "highest"}, [own("srdi_sme", PROVINCIAL, "40")])
    small, giant = judge_all(facts(), facts(**GIANT), choices=choices)
    assert amounts(small) == {Payer.BENEFICIARY: 40, Payer.MUNICIPAL: 0}
    assert amounts(giant) == {Payer.BENEFICIARY: 0, Payer.MUNICIPAL: 20}
    assert giant.verdict is Verdict.AWARD


def test_highest_warns_while_a_sibling_is_undecided_and_ignores_one_that_fails():
    choices = choose(several_titles="highest")
    award, waiting, _ = judge_all(
        facts(),
        facts(**GIANT, kind=Kind.AGAIN),
        facts("single_champion", publicity_only=True),
        choices=choices,
    )
    assert (award.verdict, waiting.verdict) == (Verdict.AWARD, Verdict.UNDECIDED)
    assert warned(award, "“国家级专精特新‘小巨人’企业”尚待决定")


def test_highest_pays_only_what_exceeds_an_award_of_the_same_year_in_another_round():
    choices = Choices.of(PACK, {"several_titles": "highest"}, [own("single_champion", PROVINCIAL, "15")])
    result = judge_one(facts("single_champion"), choices, (earlier("srdi_sme", PROVINCIAL, 2024),))
    assert result.total == Money(5 * WAN)
    assert said(result, "同年已另奖励 10 万元：2024 年“江西省专精特新中小企业”（来源：历史），只计高出部分")
    other = judge_one(facts("single_champion"), choices, (earlier("srdi_sme", PROVINCIAL, 2023),))
    assert other.total == Money(15 * WAN)


def test_titles_of_different_years_do_not_compete():
    choices = choose(several_titles="highest")
    results = judge_all(facts(), facts(**GIANT, document_date=date(2025, 3, 1)), choices=choices)
    assert [result.total.fen // WAN for result in results] == [10, 30]


def test_national_after_provincial_pays_in_full_and_names_the_earlier_award():
    result = judge_one(facts(**GIANT), before=(earlier("little_giant", PROVINCIAL, 2023),))
    assert result.total == Money(30 * WAN)
    assert said(result, "受益财政以前已奖励 10 万元：2023 年“江西省专业化小巨人企业”（来源：历史）")
    assert said(result, "按“全额奖励”办理")


@pytest.mark.parametrize(("raised", "paid"), [("10", 0), ("25", 15)])
def test_national_after_provincial_may_pay_only_the_difference_per_payer(raised, paid):
    choices = Choices.of(PACK, {"ladder": "difference"}, [own("little_giant", NATIONAL, raised)])
    result = judge_one(facts(**GIANT), choices, (earlier("little_giant", PROVINCIAL, 2023),))
    assert amounts(result) == {Payer.BENEFICIARY: paid, Payer.MUNICIPAL: 20}
    assert all(part.amount for part in result.parts)


@pytest.mark.parametrize(
    "before",
    [
        earlier("single_champion", PROVINCIAL, 2023),
        earlier("little_giant", PROVINCIAL, 2024),
        earlier("little_giant", PROVINCIAL, 2025),
    ],
)
def test_the_difference_counts_only_an_earlier_year_and_the_same_title(before):
    assert judge_one(facts(**GIANT), choose(ladder="difference"), (before,)).total == Money(30 * WAN)


def test_a_difference_of_nothing_is_no_award():
    before = (earlier("little_giant", PROVINCIAL, 2023, "10", "20"),)
    result = judge_one(facts(**GIANT), choose(ladder="difference"), before)
    assert amounts(result) == {Payer.BENEFICIARY: 0, Payer.MUNICIPAL: 20}  # the county's choice, not the city's
    documents = {"ladder": "饶府办发〔2024〕9号"}
    choices = Choices.of(PACK, {"ladder": "difference"}, city_documents=documents)
    result = judge_one(facts(**GIANT), choices, before)
    assert (result.verdict, result.parts) == (Verdict.NONE, ())


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"credit_code": None}, "没有登记统一社会信用代码"),
        ({"shares": parse_shares("三清山")}, "没有列明三清山风景名胜区"),
        ({"shares": parse_shares("上饶高铁新区50%、玉山县50%")}, "没有列明上饶高铁经济试验区"),
        ({"shares_basis": None}, "受益财政没有登记依据"),
        ({"payee_is_company": False}, "收款单位不是企业，文件未明确，按“可以奖励，提醒核对”办理"),
        ({"document_title": None, "document_number": None}, "没有登记认定文件"),
        ({"document_date": date(2028, 9, 23)}, "请先确认是否仍然有效"),
        ({"label_year": 2023}, "年份不一致"),
    ],
)
def test_what_should_be_checked_is_warned_and_still_awarded(changes, text):
    result = judge_one(facts(**changes))
    assert result.verdict is Verdict.AWARD
    assert warned(result, text)


def test_the_last_day_in_force_still_counts():
    for day, verdict in ((date(2025, 6, 30), Verdict.AWARD), (date(2025, 7, 1), Verdict.NONE)):
        assert judge_one(facts(document_date=day), choose(in_force_until="2025-06-30")).verdict is verdict


def test_an_expected_amount_is_shown_and_never_used():
    (known,) = tables()["rule"][CITY]["amount"]
    expected = known | {"value": 50, "from": date(2024, 1, 1), "status": "拟"}
    pack = made(("rule.1.amount", [known, expected]))
    result = judge((Case(1, facts(**GIANT)),), (), pack, Choices.of(pack))[1]
    assert result.total == Money(30 * WAN)
    assert warned(result, "拟定标准 50 万元，尚未生效，没有采用")


def test_a_county_amount_below_a_later_floor_is_lifted_to_it():
    (known,) = tables()["rule"][FLOOR]["amount"]
    later = known | {"value": 15, "from": date(2025, 1, 1)}
    pack = made(("rule.0.amount", [known | {"to": date(2024, 12, 31)}, later]))
    choices = Choices.of(pack, county_amounts=[own("srdi_sme", PROVINCIAL, "12")])
    found = judge((Case(1, facts()), Case(2, facts(document_date=date(2025, 2, 1)))), (), pack, choices)
    assert [found[key].total.wan for key in (1, 2)] == ["12", "0"]  # the second is a twin and waits
    alone = judge((Case(2, facts(document_date=date(2025, 2, 1))),), (), pack, choices)[2]
    assert alone.total.wan == "15"
    assert said(alone, "不低于 15 万元，本地标准 12 万元，按 15 万元奖励")


def test_rounding_of_the_rule_applies_to_a_county_amount():
    pack = made(("rule.0.rounding", {"mode": "down", "unit": "元"}))
    choices = Choices.of(pack, county_amounts=[own("srdi_sme", PROVINCIAL, "12.345678")])
    result = judge((Case(1, facts()),), (), pack, choices)[1]
    assert str(result.total) == "123,456.00"
    assert said(result, "（取整到元）")
