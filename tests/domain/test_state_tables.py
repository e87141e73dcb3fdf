"""States of awards and rounds form closed tables."""

from itertools import product

import pytest

from zjtx_desktop.domain.states import AwardState, Event, RoundState, transition
from zjtx_desktop.errors import Refused

ALLOWED = {
    (AwardState.DRAFT, Event.ISSUE): AwardState.ISSUED,
    (AwardState.DRAFT, Event.DISCARD): AwardState.DISCARDED,
    (AwardState.ISSUED, Event.VOID): AwardState.VOIDED,
    (RoundState.OPEN, Event.LOCK): RoundState.LOCKED,
    (RoundState.LOCKED, Event.COMPUTE): RoundState.COMPUTED,
    (RoundState.LOCKED, Event.UNLOCK): RoundState.OPEN,
    (RoundState.COMPUTED, Event.COMPUTE): RoundState.COMPUTED,
    (RoundState.COMPUTED, Event.UNLOCK): RoundState.OPEN,
}


@pytest.mark.parametrize(("state", "event"), list(product([*AwardState, *RoundState], Event)))
def test_only_what_the_table_allows_happens(state, event):
    if (state, event) in ALLOWED:
        assert transition(state, event) is ALLOWED[state, event]
    else:
        with pytest.raises(Refused, match=f"现为“{state.label}”，不能“{event.label}”"):
            transition(state, event)


def test_events_may_be_given_by_word_and_a_refusal_says_what_is_possible():
    assert transition(AwardState.DRAFT, "issue") is AwardState.ISSUED
    with pytest.raises(Refused, match="只能“作废”"):
        transition(AwardState.ISSUED, "discard")
    with pytest.raises(Refused, match="不能再变更"):
        transition(AwardState.VOIDED, "issue")


def test_an_issued_award_is_never_deleted_and_a_voided_one_never_returns():
    reached, frontier = set(), {AwardState.ISSUED}
    while frontier:
        reached |= frontier
        frontier = {ALLOWED[s, e] for s, e in product(frontier, Event) if (s, e) in ALLOWED} - reached
    assert reached == {AwardState.ISSUED, AwardState.VOIDED}
