"""States of awards and rounds form one closed table; help and README show that very table."""

from itertools import product

import pytest

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.state_table import markdown
from zjtx_desktop.domain.states import (
    DEAD_STATES,
    DOCUMENT,
    ISSUED_STATES,
    MONEYLESS_STATES,
    MOVES,
    REASON,
    UNDER_WAY,
    AwardState,
    Event,
    RoundState,
    may_be_issued,
    move,
    moves_from,
    transition,
)
from zjtx_desktop.errors import Refused
from zjtx_desktop.paths import RESOURCES

STATES = (*AwardState, *RoundState)
S, E = AwardState, Event
PROCESS = (
    (E.EXAMINE, S.EXAMINED), (E.REVIEW, S.REVIEWED), (E.PUBLISH, S.NOTICED), (E.CLEAR, S.CLEARED),
    (E.APPROVE, S.APPROVED), (E.ISSUE, S.ISSUED), (E.PAY, S.PAID), (E.ARCHIVE, S.ARCHIVED),
)  # fmt: skip
ENDS = {S.VOIDED, S.RECOVERED, S.DISCARDED}


def reachable(start, staffed, without=()):
    reached, frontier = set(), {start}
    while frontier:
        reached |= frontier
        found = {one.end for state in frontier for one in moves_from(state, staffed) if one.event not in without}
        frontier = found - reached
    return reached


@pytest.mark.parametrize("staffed", [True, False])
@pytest.mark.parametrize(("state", "event"), list(product(STATES, Event)))
def test_only_what_the_table_allows_happens(state, event, staffed):
    allowed = {(one.start, one.event): one.end for one in MOVES if not (staffed and one.unstaffed_only)}
    if (state, event) in allowed:
        assert transition(state, event, staffed) is allowed[state, event]
    else:
        with pytest.raises(Refused, match=f"现为“{state.label}”，不能“{event.label}”"):
            transition(state, event, staffed)


def test_a_state_and_an_event_lead_to_one_state_only_and_of_the_same_kind():
    assert len({(one.start, one.event) for one in MOVES}) == len(MOVES)
    assert all(type(one.start) is type(one.end) for one in MOVES)


def test_the_process_of_an_office_runs_from_draft_to_archive():
    state = S.DRAFT
    for event, then in PROCESS:
        state = transition(state, event, staffed=True)
        assert state is then


@pytest.mark.parametrize("staffed", [True, False])
def test_every_state_can_be_reached_and_every_event_occurs(staffed):
    assert reachable(S.DRAFT, staffed) == set(AwardState)
    assert reachable(RoundState.OPEN, staffed) == set(RoundState)
    assert {one.event for one in MOVES} == set(Event)


def test_the_table_ends_only_where_it_should():
    assert {state for state in STATES if not moves_from(state)} == ENDS


@pytest.mark.parametrize("state", ISSUED_STATES)
def test_from_an_issued_award_no_way_leads_back_before_the_letter(state):
    assert reachable(state, staffed=False) <= {*ISSUED_STATES, S.VOIDED}


@pytest.mark.parametrize("state", DEAD_STATES)
def test_a_voided_or_deleted_award_never_returns(state):
    assert reachable(state, staffed=False) == {state}


def test_every_side_exit_asks_for_a_reason_and_money_back_for_a_document_too():
    exits = [one for one in MOVES if one.event in (E.EXCLUDE, E.VOID, E.REVOKE, E.SEND_BACK, E.READMIT, E.WAIVE)]
    assert exits and all(REASON in one.needs for one in exits)
    assert all(DOCUMENT in one.needs for one in MOVES if one.event in (E.REVOKE, E.WAIVE, E.APPROVE))


def test_until_the_letter_an_award_can_be_taken_out_and_once_examined_sent_back():
    assert all(transition(state, E.EXCLUDE, True) is S.EXCLUDED for state in (S.DRAFT, *UNDER_WAY))
    assert all(transition(state, E.SEND_BACK, True) is S.DRAFT for state in UNDER_WAY)
    assert {state for state in AwardState if E.EXCLUDE in {one.event for one in moves_from(state)}} == {S.DRAFT, *UNDER_WAY}


def test_only_a_book_without_persons_issues_from_the_draft():
    assert may_be_issued(staffed=False) == (S.DRAFT, S.APPROVED)
    assert may_be_issued(staffed=True) == (S.APPROVED,)
    assert [one.event for one in MOVES if one.unstaffed_only] == [E.ISSUE]
    with pytest.raises(Refused, match="不能“下达”"):
        move(S.DRAFT, E.ISSUE, staffed=True)


def test_hands_that_are_kept_apart_have_acted_before_on_some_way():
    """A rule about a step that could not have been taken yet would forbid nothing."""
    for one in MOVES:
        for earlier in (each for each in one.apart if isinstance(each, Event)):
            after = {taken.end for taken in MOVES if taken.event is earlier}
            assert any(one.start in reachable(state, True) for state in after), (one, earlier)


def test_approval_cannot_be_had_around_examination_and_review():
    for needed in (E.EXAMINE, E.REVIEW, E.APPROVE):
        assert S.ISSUED not in reachable(S.DRAFT, True, without=(needed,))
    assert S.CLEARED not in reachable(S.DRAFT, True, without=(E.PUBLISH, E.WAIVE))


def test_every_duty_of_the_table_is_one_that_acts_on_awards():
    assert {one.role for one in MOVES} == {Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.PAYER}


def test_events_may_be_given_by_word_and_a_refusal_says_what_is_possible():
    assert transition(S.DRAFT, "issue") is S.ISSUED
    with pytest.raises(Refused, match="只能“变更收款账户”、“拨付”、“作废”、“撤销认定”"):
        transition(S.ISSUED, "discard")
    with pytest.raises(Refused, match="不能再变更"):
        transition(S.VOIDED, "issue")


def test_what_is_no_money_is_no_issued_award():
    assert set(MONEYLESS_STATES).isdisjoint(ISSUED_STATES) and set(DEAD_STATES) < set(MONEYLESS_STATES)


@pytest.mark.parametrize("page", ["resources/help/process.md", "README.md"])
@pytest.mark.parametrize("kind", [AwardState, RoundState])
def test_help_and_readme_show_the_table_as_it_is(page, kind):
    text = (RESOURCES.parent / page).read_text(encoding="utf-8")
    assert f"\n\n{markdown(kind)}\n" in text


def test_the_drawn_table_has_every_move_once():
    drawn = [line.split(" | ") for line in markdown().splitlines()[2:]]
    told = {(start, row[1].split("（")[0], row[2]) for row in drawn for start in row[0].removeprefix("| ").split("、")}
    moves = [one for one in MOVES if isinstance(one.start, AwardState)]
    assert told == {(one.start.label, one.event.label, one.end.label) for one in moves}
    assert sum(len(row[0].split("、")) for row in drawn) == len(moves)
