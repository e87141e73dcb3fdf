"""The right award whatever the order in which things happen: issued, recorded late, in another round, in another year."""

from datetime import date

import pytest
from process_kit import CLERK, compute, do, lines, prepare_payee, staff, state, until

from zjtx_desktop.domain.choices import Choices, CountyAmount
from zjtx_desktop.domain.entitlement import Payer, Verdict
from zjtx_desktop.domain.states import AwardState, Event
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import awards, corrections, credit, letters, organisations, past_awards, recognitions, rounds
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.past_awards import PastAwardForm
from zjtx_desktop.usecases.rejudging import changed_since
from zjtx_desktop.usecases.what_if import in_order
from zjtx_desktop.values import Division, Money, Share

PROVINCIAL, NATIONAL = Level.PROVINCIAL, Level.NATIONAL
MARCH, SEPTEMBER = date(2024, 3, 15), date(2024, 9, 2)
DAY = date(2024, 12, 2)
ZONE = Division("361191")


def choose(book, year=2024, name=rounds.FIRST_NAME, **switches):
    with book.action("测算", CLERK) as session:
        pack, choices = rounds.basis_for(session, year, name)
        bases = dict.fromkeys(switches, "玉府办发〔2024〕3号")
        return rounds.prepare(session, year, pack, choices.changed(pack, switches, (), bases), name=name)


def issue(book, *numbers, year=2024, name=rounds.FIRST_NAME):
    with book.action("下达", CLERK) as session:
        return letters.issue(session, rounds.find_round(session, year, name).id, DAY, numbers or None)


def listed(book, year=2024, name=rounds.FIRST_NAME):
    """Of each award: number → verdict, beneficiary and municipal 万元."""
    with book.reading() as session:
        found = awards.award_lines(session, rounds.find_round(session, year, name).id)
    return {
        line.number: (line.verdict, line.paid_by(Payer.BENEFICIARY).wan, line.paid_by(Payer.MUNICIPAL).wan) for line in found
    }


def overview(book, year=2024):
    with book.reading() as session:
        return rounds.overview(session, rounds.find_round(session, year).id)


@pytest.fixture
def firm(book):
    with book.action("登记企业", CLERK) as session:
        form = organisations.OrganisationForm(name="示例甲有限公司", shares=(Share(Division("361123"), 1),), shares_evidence="税务证明（示例）")
        return organisations.register(session, form)


# 1. issued awards compete


def test_a_second_of_the_same_title_is_asked_about_whichever_was_issued_first(book, recognise, firm):
    recognise(title="srdi_sme", level=PROVINCIAL, on=SEPTEMBER, organisation=firm)
    choose(book)
    issue(book)
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH, organisation=firm, document_number="示例〔2024〕2号")
    choose(book)
    assert listed(book) == {
        "361123-2024-00001": (Verdict.AWARD, "10", "0"),
        "361123-2024-00002": (Verdict.UNDECIDED, "0", "0"),
    }
    with book.reading() as session:
        late = awards.award_lines(session, rounds.find_round(session, 2024).id)[1]
    assert late.questions == ("rewarded_before",)
    assert any("以前已奖励：2024 年 10 万元（来源：361123-2024-00001（已下达））" in text for text in late.reasons)


def test_under_highest_an_award_that_is_issued_is_taken_off_the_later_one(book, recognise, firm):
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH, organisation=firm)
    choose(book, several_titles="highest")
    issue(book)
    recognise(on=SEPTEMBER, organisation=firm)
    choose(book)
    assert listed(book) == {"361123-2024-00001": (Verdict.AWARD, "10", "0"), "361123-2024-00002": (Verdict.AWARD, "0", "20")}


def test_under_highest_a_decision_after_the_letter_comes_to_the_same(book, recognise, firm):
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH, organisation=firm)
    recognise(on=SEPTEMBER, organisation=firm, kind=Kind.AGAIN)
    choose(book, several_titles="highest")
    issue(book, "361123-2024-00001")
    with book.action("裁定", CLERK) as session:
        awards.decide(session, "361123-2024-00002", True, "期满重新申报", CLERK)
    assert listed(book)["361123-2024-00002"] == (Verdict.AWARD, "0", "20")


def test_an_issued_award_stays_under_the_cap_even_when_it_would_be_asked_about_now(book, recognise, firm):
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH, organisation=firm)
    choose(book, yearly_cap="15万")
    issue(book)
    load_past(book, firm, "srdi_sme", 2022)  # its own judgement would be 待定 now
    recognise(title="single_champion", level=PROVINCIAL, on=SEPTEMBER, organisation=firm)
    choose(book)
    assert listed(book) == {"361123-2024-00001": (Verdict.AWARD, "10", "0"), "361123-2024-00002": (Verdict.AWARD, "5", "0")}


def test_what_is_under_way_counts_as_it_is_frozen(book, recognise, firm):
    recognise(title="srdi_sme", level=PROVINCIAL, on=SEPTEMBER, organisation=firm)
    choose(book)
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH, organisation=firm, document_number="示例〔2024〕2号")
    staff(book)
    do(book, Event.EXAMINE, "361123-2024-00001")
    with book.action("重新锁定", CLERK) as session:
        line = rounds.find_round(session, 2024)
        with pytest.raises(Refused, match="已进入初审以后的步骤"):
            rounds.unlock(session, line.id)
    with book.action("第二批", CLERK) as session:
        rounds.prepare(session, 2024, *rounds.basis_for(session, 2024, "第二批"), name="第二批")
    assert listed(book, name="第二批") == {"361123-2024-00002": (Verdict.UNDECIDED, "0", "0")}


# 2. nothing goes out stale


def load_past(book, organisation, title, year, fen=10_000_000, level=PROVINCIAL):
    with book.action("登记历史奖励", CLERK) as session:
        past_awards.register(session, organisation, PastAwardForm(title, level, year, Money(fen), Money(0), "玉财企〔2022〕5号"))


def publicity_only(book, firm):
    with book.action("改为仅公示", CLERK) as session:
        form = recognitions.get(session, 1)
        recognitions.change(session, 1, type(form)(**{**{f: getattr(form, f) for f in form.__dataclass_fields__}, "publicity_only": True}))


def other_treasury(book, firm):
    with book.action("改受益财政", CLERK) as session:
        form = organisations.get(session, firm)
        fields = {f: getattr(form, f) for f in form.__dataclass_fields__}
        organisations.change(session, firm, type(form)(**fields | {"shares": (Share(ZONE, 1),), "shares_evidence": "新证明"}))


def blacklisted(book, firm):
    with book.action("登记核查", CLERK) as session:
        credit.record(session, [firm], DAY, "“信用中国”网站", False, "列入严重失信主体名单")


def paid_before(book, firm):
    load_past(book, firm, "srdi_sme", 2022)


CHANGES = {
    "历史": (paid_before, "现在应为待定。“江西省专精特新中小企业”以前已奖励：2022 年 10 万元"),
    "仅公示": (publicity_only, "现在应为不予奖励。目前只有公示，公示不是认定"),
    "受益财政": (other_treasury, "现在应为奖励 100000.00 元（上饶经济技术开发区 100,000.00 元）"),
    "失信": (blacklisted, "现在应为不予奖励。已登记不予奖励的情形：列入严重失信主体名单"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_book_of_one_user_issues_nothing_that_would_be_judged_otherwise_today(book, recognise, firm, what):
    change, said = CHANGES[what]
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH, organisation=firm)
    choose(book)
    change(book, firm)
    with pytest.raises(Refused) as refused:
        issue(book)
    told = str(refused.value).replace(",", "").replace("10万", "10 万")
    assert "“示例甲有限公司”“江西省专精特新中小企业”测算后有变化：原为奖励 100000.00 元（玉山县 100000.00 元）" in told
    assert said.replace(",", "") in told and "请重新测算" in told
    assert [one.number for one in overview(book).stale] == ["361123-2024-00001"]
    choose(book)
    assert overview(book).stale == ()


@pytest.mark.parametrize("what", sorted(set(CHANGES) - {"仅公示"}))  # what is under way cannot be changed
@pytest.mark.parametrize("step", [Event.EXAMINE, Event.APPROVE, Event.ISSUE])
def test_each_step_that_binds_is_refused_when_the_judgement_has_changed(book, recognise, firm, what, step):
    change, _ = CHANGES[what]
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH, organisation=firm)
    number, round_id = "361123-2024-00001", compute(book)
    staff(book)
    prepare_payee(book, number)
    before = {Event.APPROVE: Event.CLEAR, Event.ISSUE: Event.APPROVE}.get(step)
    if before:
        until(book, round_id, number, before)
    stood = state(book, number)
    change(book, firm)
    if step is Event.ISSUE:
        with pytest.raises(Refused, match="测算后有变化"):
            issue(book)
    else:
        [outcome] = do(book, step, number)
        assert "测算后有变化" in outcome.why
    assert state(book, number) == stood
    with book.reading() as session:
        [stale] = changed_since(session, round_id)
    assert ("请先退回，再重新测算" in stale.sentence) == (stood != AwardState.DRAFT)


def test_what_goes_its_way_with_others_of_its_organisation_is_not_held_up_by_them(book, recognise, firm):
    """Twins decided, a highest and its loser with a municipal part: each is judged as on the day it was fixed."""
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH, organisation=firm)
    recognise(title="srdi_sme", level=PROVINCIAL, on=SEPTEMBER, organisation=firm, document_number="示例〔2024〕2号")
    recognise(title="single_champion", level=NATIONAL, on=SEPTEMBER, organisation=firm)
    round_id = choose(book, several_titles="highest").round.id
    with book.action("裁定", CLERK) as session:
        awards.decide(session, "361123-2024-00002", True, "两个不同产品", CLERK)
    first, second, third = sorted(listed(book))
    assert [listed(book)[n][0] for n in (first, second, third)] == [Verdict.NONE, Verdict.NONE, Verdict.AWARD]
    choose(book, several_titles="each")
    assert [listed(book)[n][0] for n in (first, second, third)] == [Verdict.AWARD] * 3
    staff(book)
    prepare_payee(book, first)
    assert [one.why for one in do(book, Event.EXAMINE, second, third, first)] == ["", "", ""]  # in turn, whatever is asked
    with book.reading() as session:
        assert changed_since(session, round_id) == ()


# 3. years in any order


def test_a_later_year_computed_first_asks_and_takes_the_difference_once_the_earlier_is_there(book, recognise, firm):
    recognise(title="little_giant", level=PROVINCIAL, on=date(2023, 11, 6), organisation=firm)
    recognise(on=SEPTEMBER, organisation=firm)
    done = choose(book, 2024, ladder="difference")
    assert done.warnings == ("2023 年度还有 1 条认定没有测算或者没有决定，可能改变本批的金额，请先测算 2023 年度，再重新测算。",)
    assert listed(book) == {"361123-2024-00002": (Verdict.UNDECIDED, "0", "0")}
    with book.reading() as session:
        effects = {one.year: one.what.after for one in in_order(session, 2024)}
    assert {year: (sums.beneficiary.wan, sums.municipal.wan) for year, sums in effects.items()} == {2023: ("10", "0"), 2024: ("0", "20")}
    choose(book, 2023)
    assert [one.number for one in overview(book).stale] == ["361123-2024-00002"]
    assert choose(book, 2024).warnings == ()
    assert listed(book) == {"361123-2024-00002": (Verdict.AWARD, "0", "20")}


def test_what_was_issued_for_a_later_year_is_asked_about_when_the_earlier_is_computed(book, recognise, firm):
    recognise(on=SEPTEMBER, organisation=firm)
    choose(book, 2024, ladder="difference")
    issue(book)
    recognise(title="little_giant", level=PROVINCIAL, on=date(2023, 11, 6), organisation=firm)
    choose(book, 2023, ladder="difference")
    assert listed(book, 2023) == {"361123-2023-00002": (Verdict.UNDECIDED, "0", "0")}
    with book.action("裁定", CLERK) as session:
        awards.decide(session, "361123-2023-00002", False, "2024 年已全额奖励", CLERK)
    assert listed(book, 2023) == {"361123-2023-00002": (Verdict.NONE, "0", "0")}


# 4. a second round of a year


def second(book, **switches):
    return choose(book, 2024, "第二批", **switches)


def void(book, number):
    with book.action("作废", CLERK) as session:
        awards.void(session, number, "企业名称有误", DAY)


@pytest.mark.parametrize(("one", "other"), [("第一批", "第二批"), ("第二批", "第一批")])
def test_what_is_voided_in_one_round_may_be_awarded_in_the_other_and_back(book, recognise, one, other):
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH)
    choose(book, name=one)
    issue(book, name=one)
    void(book, "361123-2024-00001")
    choose(book, name=other)
    assert listed(book, name=other) == {"361123-2024-00001-2": (Verdict.AWARD, "10", "0")}
    for _again in range(2):
        choose(book, name=one)  # the list of the first still has it: it is not awarded twice
        choose(book, name=other)
    assert [name for name in (one, other) for _ in listed(book, name=name)] == [one, other]
    issue(book, name=other)
    void(book, "361123-2024-00001-2")
    choose(book, name=one)
    assert listed(book, name=one)["361123-2024-00001-3"] == (Verdict.AWARD, "10", "0")
    choose(book, name=other)
    assert sorted(listed(book, name=other)) == ["361123-2024-00001-2"]
    assert check(book) == []


def test_redoing_a_voided_award_finds_the_one_that_another_round_made(book, recognise):
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH)
    choose(book)
    issue(book)
    void(book, "361123-2024-00001")
    second(book)
    with book.action("更正重办", CLERK) as session:
        redone = corrections.redo(session, "361123-2024-00001", "名称有误", DAY)
    assert (redone.number, redone.replaces) == ("361123-2024-00001-2", "361123-2024-00001")


def test_the_numbers_of_all_awards_of_a_recognition_differ_over_the_book(book, recognise):
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH, label_year=2023)
    for year, by in ((2024, "document"), (2023, "label"), (2024, "document"), (2023, "label")):
        with book.action("测算", CLERK) as session:
            pack, _ = rounds.basis_for(session, year)
            choices = Choices.of(pack, {"award_year_by": by}, bases={"award_year_by": "玉府办发〔2024〕3号"}, division=Division("361123"))
            rounds.prepare(session, year, pack, choices, name=f"{year} 年第 {len(listed_numbers(session)) + 1} 次")
            [living] = [number for number, was in listed_numbers(session) if was != AwardState.VOIDED]
        with book.action("下达", CLERK) as session:
            row = session.exec(tables.Award.__table__.select().where(tables.Award.number == living)).one()
            letters.issue(session, row.round_id, DAY, [living])
        void(book, living)
    with book.reading() as session:
        assert [number for number, _ in listed_numbers(session)] == [
            "361123-2024-00001", "361123-2023-00001", "361123-2024-00001-2", "361123-2023-00001-2",
        ]  # fmt: skip


def listed_numbers(session):
    return session.execute(tables.Award.__table__.select().with_only_columns(tables.Award.number, tables.Award.state)).all()


# 13. each question by itself


def test_each_open_question_is_decided_by_itself_with_its_own_reason(book, recognise, firm):
    load_past(book, firm, "little_giant", 2021, level=NATIONAL)
    recognise(on=SEPTEMBER, organisation=firm, kind=Kind.AGAIN)
    choose(book)
    number = "361123-2024-00001"
    with pytest.raises(Refused) as refused, book.action("裁定", CLERK) as session:
        awards.decide(session, number, True, "一并决定", CLERK)
    assert "有 2 项待定，逐项决定，各写理由：“再次认定是否奖励”（again）、“同一称号同一级别以前已奖励”（rewarded_before）" in str(refused.value)
    for question, reason in (("again", "期满重新申报"), ("rewarded_before", "2021 年只奖励过一半")):
        with book.action("裁定", CLERK) as session:
            awards.decide(session, number, True, reason, CLERK, question)
    [line] = lines(book, 1).values()
    assert line.verdict is Verdict.AWARD
    for reason in ("期满重新申报", "2021 年只奖励过一半"):
        assert any(f"经决定予以奖励（理由：{reason}，决定人：{CLERK}）" in text for text in line.reasons)


# found by a second reading


def test_an_award_fixed_first_is_not_held_up_by_one_of_an_earlier_round_that_came_later(book, recognise, firm):
    own = [
        CountyAmount(title, level, Money(wan * 1_000_000), "玉府办发〔2024〕1号")
        for title, level, wan in (("little_giant", NATIONAL, 15), ("srdi_sme", PROVINCIAL, 20))
    ]

    def with_amounts(name):
        with book.action("测算", CLERK) as session:
            pack, choices = rounds.basis_for(session, 2024, name)
            chosen = choices.changed(pack, {"several_titles": "highest"}, own, {"several_titles": "玉府办发〔2024〕3号"})
            return rounds.prepare(session, 2024, pack, chosen, name=name).round.id

    with_amounts("第一批")  # empty
    recognise(on=SEPTEMBER, organisation=firm)
    with_amounts("第二批")
    [giant] = listed(book, name="第二批")
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH, organisation=firm)
    staff(book)
    prepare_payee(book, giant)
    assert [one.why for one in do(book, Event.EXAMINE, giant)] == [""]
    with_amounts("第一批")
    assert listed(book) == {"361123-2024-00002": (Verdict.AWARD, "5", "0")}
    assert [one.why for one in do(book, Event.REVIEW, giant)] == [""]
    with book.reading() as session:
        assert changed_since(session, rounds.find_round(session, 2024, "第二批").id) == ()


def test_an_earlier_year_whose_award_was_voided_is_not_judged_to_an_end(book, recognise, firm):
    recognise(title="little_giant", level=PROVINCIAL, on=date(2023, 11, 6), organisation=firm)
    choose(book, 2023)
    issue(book, year=2023)
    void(book, "361123-2023-00001")
    recognise(on=SEPTEMBER, organisation=firm)
    choose(book, 2024, ladder="difference")
    assert listed(book) == {"361123-2024-00002": (Verdict.UNDECIDED, "0", "0")}


def test_a_recognition_given_to_another_organisation_is_judged_anew_and_goes_on(book, recognise, firm):
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH, organisation=firm)
    recognise("示例乙有限公司", title="single_champion", level=PROVINCIAL, on=MARCH)
    choose(book)
    with book.action("改归属", CLERK) as session:
        form = recognitions.get(session, 1)
        fields = {name: getattr(form, name) for name in form.__dataclass_fields__}
        recognitions.change(session, 1, type(form)(**fields | {"organisation_id": 2}))
    [stale] = overview(book).stale
    assert "这条认定现在登记在“示例乙有限公司”名下。" in stale.sentence
    choose(book)
    assert overview(book).stale == ()
    assert [one.addressee for one in issue(book)] == ["示例乙有限公司", "示例乙有限公司"]


def test_a_decision_does_not_answer_what_came_to_light_after_it(book, recognise, firm):
    recognise(title="srdi_sme", level=PROVINCIAL, on=MARCH, organisation=firm)
    recognise(title="srdi_sme", level=PROVINCIAL, on=SEPTEMBER, organisation=firm, document_number="示例〔2024〕2号")
    choose(book)
    with book.action("裁定", CLERK) as session:
        awards.decide(session, "361123-2024-00002", True, "两份文件对应不同产品", CLERK)
    load_past(book, firm, "srdi_sme", 2022)
    assert [one.number for one in overview(book).stale] == ["361123-2024-00001", "361123-2024-00002"]
    choose(book)
    assert [verdict for verdict, *_ in listed(book).values()] == [Verdict.UNDECIDED] * 2


def test_trying_the_years_counts_no_draft_twice(book, recognise, firm):
    recognise(title="little_giant", level=PROVINCIAL, on=date(2023, 11, 6), organisation=firm)
    choose(book, 2023)
    recognise("示例乙有限公司", title="srdi_sme", level=PROVINCIAL, on=date(2023, 11, 6))
    recognise(on=SEPTEMBER, organisation=firm)
    recognise(title="srdi_sme", level=PROVINCIAL, on=SEPTEMBER, organisation=2, document_number="示例〔2024〕2号")
    own = CountyAmount("little_giant", NATIONAL, Money(30_000_000), "玉府办发〔2024〕1号")

    def choices(pack, known):
        return known.changed(pack, {"ladder": "difference"}, [own], {"ladder": "玉府办发〔2024〕3号"})

    with book.reading() as session:
        tried = {one.year: one.what.after for one in in_order(session, 2024, choose=choices)}
    choose(book, 2023)
    with book.action("测算", CLERK) as session:
        pack, known = rounds.basis_for(session, 2024)
        rounds.prepare(session, 2024, pack, choices(pack, known))
        done = awards.totals(awards.award_lines(session, rounds.find_round(session, 2024).id))
    assert (tried[2024].beneficiary, tried[2024].municipal) == (done.beneficiary, done.municipal)
    assert done.beneficiary.wan == "20"  # 30 less the 10 of 2023; the other one waits for a decision
