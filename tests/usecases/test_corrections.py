"""更正重办: the new award names the one it replaces, is issued under a number of its own, and nothing is paid twice."""

import process_kit as kit
import pytest
from test_ledger import DAY, act, issue, order, parts
from test_ledger import issued as issued  # a fixture

from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import award_file, awards, corrections, ledger, letters, rounds
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.values import Money


def redo(book, number, reason="金额写错"):
    with book.action("更正重办", kit.CLERK) as session:
        return corrections.redo(session, number, reason, DAY)


@pytest.fixture
def first(book, issued):
    """The number of the issued award."""
    return next(iter(kit.lines(book, issued)))


def test_the_new_award_is_a_draft_without_letter_that_names_the_old_one(book, issued, first):
    made = redo(book, first)
    assert (made.number, made.replaces, made.verdict) == (f"{first}-2", first, Verdict.AWARD)
    lines = kit.lines(book, issued)
    old, new = lines[first], lines[made.number]
    assert (old.state, new.state, new.letter) == (AwardState.VOIDED, AwardState.DRAFT, None)
    assert (new.replaces, old.replaced_by) == (first, made.number)
    assert old.marks == (f"已由 {made.number} 替代",) and new.marks == (f"替代已作废的 {first}",)
    with book.reading() as session:
        assert award_file.award_file(session, made.number).replaces == (first,)
        assert award_file.award_file(session, first).replaced_by == made.number


def test_it_is_judged_by_the_facts_of_now(book, issued, first):
    with book.action("改份额", kit.CLERK) as session:
        session.get_one(tables.Beneficiary, 1).division = "361191"
    made = redo(book, first)
    assert [part.treasury.code for part in kit.lines(book, issued)[made.number].parts] == ["361191", "361199"]


def test_done_twice_or_computed_again_it_stays_one(book, issued, first):
    made = redo(book, first)
    assert redo(book, first) == made
    kit.compute(book)
    assert list(kit.lines(book, issued)) == [first, made.number]


def test_it_is_issued_under_a_new_number_and_the_money_flows_once(book, issued, first):
    made = redo(book, first)
    with book.action("下达", kit.CLERK) as session:
        (letter,) = letters.issue(session, issued, DAY, [made.number])
    with book.reading() as session:
        register = letters.register(session, issued)
    assert [(one.award_number, one.voided) for one in register] == [(first, True), (made.number, False)]
    assert len({one.number for one in register}) == 2 and letter.number == register[1].number
    pay_all_of(book, issued, made.number)
    paid = [line for line in parts(book, issued) if line.award_number == made.number]
    assert Money.total(line.standing.held for line in paid).wan == "30"
    with pytest.raises(Refused), book.action("再付", kit.CLERK) as session:
        ledger.pay(session, order(next(line for line in parts(book, issued) if line.award_number == first), Money(1)))
    assert check(book) == []


def pay_all_of(book, round_id, number):
    for part in parts(book, round_id):
        if part.award_number == number:
            for kind in (EntryKind.REQUESTED, EntryKind.APPROVED, EntryKind.ARRIVED) if part.sent else ():
                act(book, ledger.follow, order(part, part.standing.payable), kind)
            if part.standing.payable:
                act(book, ledger.pay, order(part))


def test_a_correction_can_itself_be_corrected(book, issued, first):
    second = redo(book, first).number
    with book.action("下达", kit.CLERK) as session:
        letters.issue(session, issued, DAY, [second])
    third = redo(book, second)
    assert (third.number, third.replaces) == (f"{first}-3", second)
    lines = kit.lines(book, issued)
    assert [(line.replaces, line.replaced_by) for line in lines.values()] == [("", second), (first, third.number), (second, "")]


def test_an_award_voided_before_is_done_anew_without_a_reason(book, issued, first):
    with book.action("作废", kit.CLERK) as session:
        awards.void(session, first, "金额写错", DAY)
    assert redo(book, first, "").number == f"{first}-2"


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_voided(book, issued, first, reason):
    with pytest.raises(Refused, match="没有写明理由"):
        redo(book, first, reason)
    assert kit.lines(book, issued)[first].state is AwardState.ISSUED


def test_while_the_organisation_holds_money_nothing_is_voided(book, issued, first):
    act(book, ledger.pay, order(parts(book, issued)[0]))
    with pytest.raises(Refused, match="还持有已拨付的 100,000.00 元，不能作废。请先登记退回"):
        redo(book, first)
    pay_all_of(book, issued, first)
    with pytest.raises(Refused):
        redo(book, first)
    assert list(kit.lines(book, issued)) == [first]


def test_a_draft_is_not_corrected_but_computed_anew(book, recognise):
    recognise()
    round_id = kit.compute(book)
    with pytest.raises(Refused, match="现为“草稿”，不能“作废”"):
        redo(book, next(iter(kit.lines(book, round_id))))


def test_on_an_open_list_there_is_nothing_to_judge_it_by(book, issued, first):
    with book.action("解锁", kit.CLERK) as session:
        session.info["second"] = kit.ALONE
        rounds.unlock(session, issued)
    with pytest.raises(Refused, match="现为“登记中”，不能更正重办。请先锁定名单"):
        redo(book, first)


def test_the_second_letter_waits_for_the_whole_way_in_a_staffed_office(book, recognise):
    recognise()
    round_id = issue(book)
    first = next(iter(kit.lines(book, round_id)))
    kit.staff(book)
    second = redo(book, first).number
    with pytest.raises(Refused), book.action("下达", kit.CLERK) as session:
        letters.issue(session, round_id, DAY, [second])
