"""Rounds: locked, computed once and for all, decided, issued, voided."""

from datetime import date

import pytest

from tests.made_packs import made
from zjtx_desktop.domain.choices import Choices, CountyAmount
from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.states import AwardState, RoundState
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import history
from zjtx_desktop.usecases import awards, letters, organisations, rounds
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.values import Division, Money, Share


def compute(book, year=2024, switches=None, amounts=(), everyone=False):
    with book.action("测算", "张三") as session:
        pack, choices = rounds.basis_for(session, year)
        return rounds.prepare(session, year, pack, choices.changed(pack, switches or {}, amounts), everyone)


def lines(book, year=2024):
    with book.reading() as session:
        return awards.award_lines(session, rounds.find_round(session, year).id)


def issue(book, today=date(2024, 12, 1)):
    with book.action("下达", "张三") as session:
        return letters.issue(session, rounds.find_round(session, 2024).id, today)


def test_a_national_recognition_earns_both_parts(book, recognise):
    recognise()
    compute(book)
    (line,) = lines(book)
    assert [(p.payer.value, p.treasury.code, p.amount) for p in line.parts] == [
        ("beneficiary", "361123", Money(10_000_000)),
        ("municipal", "361199", Money(20_000_000)),
    ]


def test_computing_again_changes_nothing_and_writes_nothing(book, recognise):
    recognise()
    compute(book)
    head, before = book.head(), lines(book)
    done = compute(book)
    assert (done.added, done.changed, done.discarded) == (0, 0, 0)
    assert lines(book) == before
    assert book.head() == head


def test_a_recognition_registered_later_joins_the_next_computation(book, recognise):
    recognise()
    compute(book)
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    done = compute(book)
    assert done.warnings
    assert [line.facts.organisation for line in lines(book)] == ["示例甲有限公司", "示例乙有限公司"]


def test_computing_needs_a_locked_list(book, recognise):
    recognise()
    with book.action("开批次", "张三") as session:
        line = rounds.open_round(session, 2024)
    assert line.state is RoundState.OPEN
    with pytest.raises(Refused), book.action("测算", "张三") as session:
        rounds.compute(session, line.id)


def test_a_round_is_unique_by_year_and_name(book):
    with book.action("开批次", "张三") as session:
        assert rounds.open_round(session, 2024) == rounds.open_round(session, 2024)
        assert rounds.open_round(session, 2024, "补充批") != rounds.open_round(session, 2024)


def test_a_county_does_not_see_what_other_counties_pay(book, recognise):
    recognise()
    recognise("示例乙有限公司", division=Division("361102"))
    compute(book)
    assert len(lines(book)) == 1
    compute(book, everyone=True)
    assert len(lines(book)) == 2


def test_an_organisation_without_a_treasury_waits_in_every_county(book, recognise):
    recognise(division=None)
    compute(book)
    (line,) = lines(book)
    assert line.verdict is Verdict.UNDECIDED
    assert not line.parts


def test_a_county_amount_below_the_floor_is_refused(book, recognise):
    recognise()
    own = CountyAmount("little_giant", Level.NATIONAL, Money(9_999_999), "玉府发〔2024〕1号")
    with pytest.raises(Refused, match="低于下限"):
        compute(book, amounts=[own])


def test_a_county_amount_above_the_floor_is_kept_with_the_round(book, recognise):
    recognise()
    compute(book, amounts=[CountyAmount("little_giant", Level.NATIONAL, Money(15_000_000), "玉府发〔2024〕1号")])
    compute(book, switches={"several_titles": "highest"})
    (line,) = lines(book)
    assert line.parts[0].amount == Money(15_000_000)
    assert any("玉府发〔2024〕1号" in reason for reason in line.reasons)


def test_an_open_question_is_settled_by_a_decision_that_survives_recomputing(book, recognise):
    recognise(kind=Kind.AGAIN)
    compute(book)
    (line,) = lines(book)
    assert line.verdict is Verdict.UNDECIDED
    with pytest.raises(Refused, match="理由"), book.action("裁定", "李四") as session:
        awards.decide(session, line.number, True, " ", "李四")
    with book.action("裁定", "李四") as session:
        awards.decide(session, line.number, True, "期满后重新申报", "李四")
    compute(book)
    (line,) = lines(book)
    assert line.verdict is Verdict.AWARD
    assert any("期满后重新申报" in reason for reason in line.reasons)


def test_issued_awards_stay_as_they_were_whatever_changes_later(book, recognise):
    recognise()
    compute(book)
    issue(book)
    (before,) = lines(book)
    with book.action("更名迁址", "张三") as session:
        form = organisations.get(session, before.organisation_id)
        moved = organisations.OrganisationForm(
            name="示例新名有限公司", shares=(Share(Division("361102"), 1),), shares_evidence="示例", former_names=form.former_names
        )
        organisations.change(session, before.organisation_id, moved)
    compute(book)
    (after,) = lines(book)
    assert after.parts == before.parts
    assert after.facts == before.facts


def test_choices_are_frozen_once_a_letter_is_issued(book, recognise):
    recognise()
    compute(book)
    issue(book)
    with pytest.raises(Refused, match="已有奖补下达"):
        compute(book, switches={"award_year_by": "label"})


def test_letter_numbers_are_gapless_and_a_failed_issue_takes_none(book, recognise):
    recognise()
    recognise("示例乙有限公司")
    compute(book)
    with pytest.raises(RuntimeError), book.action("下达", "张三") as session:
        letters.issue(session, rounds.find_round(session, 2024).id, date(2024, 12, 1))
        raise RuntimeError
    assert [line.number for line in issue(book)] == ["玉财奖〔2024〕1号", "玉财奖〔2024〕2号"]
    assert check(book) == []


def test_a_reprint_gives_the_stored_bytes_and_is_counted(book, recognise):
    recognise()
    compute(book)
    (issued,) = issue(book)
    copies = []
    for _ in range(2):
        with book.action("重印", "张三") as session:
            copies.append(letters.reprint(session, issued.id)[1])
    assert copies[0] == copies[1]
    with book.reading() as session:
        (line,) = letters.register(session, rounds.find_round(session, 2024).id)
    assert line.prints == 2


def test_only_issued_awards_are_voided_and_their_number_stays(book, recognise):
    recognise()
    compute(book)
    (line,) = lines(book)
    with pytest.raises(Refused), book.action("作废", "张三") as session:
        awards.void(session, line.number, "示例理由")
    issue(book)
    with book.action("作废", "张三") as session:
        awards.void(session, line.number, "示例理由")
    (line,) = lines(book)
    assert line.state is AwardState.VOIDED
    assert not line.counts
    with book.reading() as session:
        (letter,) = letters.register(session, line.round_id)
    assert letter.voided
    assert check(book) == []


def test_a_title_rewarded_in_an_earlier_year_waits_for_a_decision(book, recognise):
    recognise()
    compute(book)
    (first,) = lines(book)
    recognise("示例甲有限公司", on=date(2025, 9, 2), organisation=first.organisation_id, document_number="示例〔2025〕9号")
    compute(book, 2025)
    (again,) = lines(book, 2025)
    assert again.verdict is Verdict.UNDECIDED
    assert first.number in "".join(again.reasons)


def test_a_year_that_was_not_computed_says_so(book):
    with pytest.raises(NotFound, match="还没有测算"):
        lines(book, 2030)


def test_a_pack_whose_examples_fail_is_not_taken_up(book, recognise):
    recognise()
    wrong = made(("rule.1.amount.0.value", 21))
    with pytest.raises(Refused, match="示例没有全部通过"), book.action("测算", "张三") as session:
        rounds.prepare(session, 2024, wrong, Choices.of(wrong))


def test_every_action_of_a_year_has_a_name_on_it(book, recognise):
    recognise()
    compute(book)
    issue(book)
    with book.reading() as session:
        actions = history.recent(session)
    assert [action.title for action in actions] == ["下达", "测算", "登记示例甲有限公司", "新建账簿"]
    assert {action.by_name for action in actions} == {"张三"}
