"""The ledger of one part: a balance is its replay, never below nothing, and every entry has its room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.domain.ledger import LIMITS, Balance, EntryKind, Progress, Standing, first_excess
from zjtx_desktop.domain.shares import in_proportion
from zjtx_desktop.errors import Refused
from zjtx_desktop.values import ZERO, Money

K, P = EntryKind, Progress
WHOLE = Money(1000)
tries = st.lists(st.tuples(st.sampled_from(K), st.integers(1, 1200)), max_size=40)


def taken(attempts, amount=WHOLE):
    """The entries that the ledger lets in, one after the other."""
    entries: list[tuple[EntryKind, Money]] = []
    for kind, fen in attempts:
        if fen <= Standing.replay(amount, entries).room(kind).fen:
            entries.append((kind, Money(fen)))
    return entries


def standing(*entries, amount=WHOLE):
    return Standing.replay(amount, [(kind, Money(fen)) for kind, fen in entries])


@given(tries)
def test_whatever_is_tried_the_balance_is_the_replay_and_nothing_falls_below_nothing(attempts):
    entries = taken(attempts)
    now = Standing.replay(WHOLE, entries)
    assert Standing.replay(WHOLE, reversed(entries)) == now
    assert first_excess(WHOLE, entries) is None
    s = now.sums
    assert now.payable == s[K.GRANTED] - s[K.VOIDED] - s[K.PAID] + s[K.RETURNED] >= ZERO
    assert now.held == s[K.PAID] - s[K.RETURNED] - s[K.RECOVERED] >= ZERO
    assert now.claimed == s[K.CLAIMED] - s[K.RECOVERED] >= ZERO
    assert s[K.GRANTED] <= WHOLE and s[K.ARRIVED] <= s[K.APPROVED] <= s[K.REQUESTED] <= WHOLE
    assert now.payable + now.held + s[K.VOIDED] + s[K.RECOVERED] == s[K.GRANTED]


def test_what_is_claimed_back_is_not_sent_back_by_the_bank_as_well():
    now = standing((K.GRANTED, 1000), (K.PAID, 1000), (K.CLAIMED, 600))
    assert (now.room(K.RETURNED).fen, now.room(K.RECOVERED).fen) == (400, 600)


@given(tries)
def test_a_fen_more_than_there_is_room_for_is_refused_and_found_afterwards(attempts):
    entries = taken(attempts)
    now = Standing.replay(WHOLE, entries)
    for kind in K:
        over = now.room(kind) + Money(1)
        with pytest.raises(Refused, match=kind.label):
            now.require(kind, over, "某企业")
        assert first_excess(WHOLE, [*entries, (kind, over)]) is kind
        with pytest.raises(Refused):
            now.require(kind, ZERO, "某企业")


@given(st.lists(tries, min_size=1, max_size=4))
def test_several_parts_together_are_the_sum_of_each(parts):
    every = [Standing.replay(WHOLE, taken(one)) for one in parts]
    whole = Standing.together(every)
    for name in ("amount", "payable", "held", "claimed"):
        assert getattr(whole, name) == Money.total(getattr(one, name) for one in every)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=6), st.integers(0, 100))
def test_what_comes_back_is_shared_to_the_fen_and_no_treasury_gets_more_than_its_claim(claims, percent):
    wholes = [Money(fen) for fen in claims]
    amount = Money(sum(claims) * percent // 100)
    if not sum(claims):
        return
    shares = in_proportion(amount, wholes)
    assert Money.total(shares) == amount
    assert all(ZERO <= share <= whole for share, whole in zip(shares, wholes, strict=True))


def test_every_kind_has_its_limit_and_its_word():
    assert set(LIMITS) == set(K)
    assert len({kind.label for kind in K}) == len(K)
    assert len({one.label for one in P}) == len(P)


@pytest.mark.parametrize(
    ("entries", "sent", "then"),
    [
        ([], False, P.DROPPED),
        ([(K.GRANTED, 1000)], False, P.OPEN),
        ([(K.GRANTED, 1000), (K.PAID, 400)], False, P.PARTLY),
        ([(K.GRANTED, 1000), (K.PAID, 1000)], False, P.PAID),
        ([(K.GRANTED, 1000), (K.PAID, 1000), (K.RETURNED, 1000)], False, P.OPEN),
        ([(K.GRANTED, 1000), (K.VOIDED, 1000)], False, P.DROPPED),
        ([(K.GRANTED, 1000), (K.PAID, 400), (K.VOIDED, 600), (K.CLAIMED, 400)], False, P.CLAIMED),
        ([(K.GRANTED, 1000), (K.PAID, 1000), (K.CLAIMED, 1000), (K.RECOVERED, 400)], False, P.CLAIMED),
        ([(K.GRANTED, 1000), (K.PAID, 1000), (K.CLAIMED, 1000), (K.RECOVERED, 1000)], False, P.RECOVERED),
        ([(K.GRANTED, 1000)], True, P.UNASKED),
        ([(K.GRANTED, 1000), (K.REQUESTED, 1000)], True, P.ASKED),
        ([(K.GRANTED, 1000), (K.REQUESTED, 1000), (K.APPROVED, 700)], True, P.AGREED),
        ([(K.GRANTED, 1000), (K.REQUESTED, 1000), (K.APPROVED, 700), (K.ARRIVED, 700)], True, P.OPEN),
        ([(K.GRANTED, 1000), (K.REQUESTED, 700), (K.APPROVED, 700), (K.ARRIVED, 700), (K.PAID, 700)], True, P.UNASKED),
    ],
)
def test_how_far_the_money_has_come_in_a_word(entries, sent, then):
    assert standing(*entries).progress(sent) is then


@given(tries)
def test_what_was_granted_is_written_off_paid_and_left_to_the_fen_and_no_more_is_asked_for(attempts):
    now = Standing.replay(WHOLE, taken([(K.GRANTED, WHOLE.fen), *attempts]))
    s = now.sums
    city, own, ours = (Balance.of(now, *who) for who in ((True, True), (True, False), (False, False)))
    for balance in (city, own, ours):
        assert balance.written_off + balance.paid + balance.left == balance.granted == WHOLE
        assert ZERO <= balance.recovered <= balance.paid
    assert city.to_come == max(WHOLE - s[K.VOIDED] - s[K.ARRIVED], ZERO)
    assert (own.to_come, ours.to_come) == (own.left, ZERO)


@pytest.mark.parametrize(
    ("entries", "then"),
    [
        ([(K.VOIDED, 1000)], 0),  # revoked before money moved
        ([(K.REQUESTED, 1000), (K.VOIDED, 1000)], 0),
        ([(K.VOIDED, 300)], 700),
        ([(K.REQUESTED, 1000), (K.APPROVED, 600), (K.ARRIVED, 600)], 400),
        ([(K.REQUESTED, 1000), (K.APPROVED, 1000), (K.ARRIVED, 1000), (K.VOIDED, 1000)], 0),  # arrived, and then revoked
    ],
)
def test_what_the_city_is_still_asked_for(entries, then):
    assert Balance.of(standing((K.GRANTED, 1000), *entries), from_city=True, sent=True).to_come == Money(then)


def test_balances_together_are_the_sum_of_each_figure():
    one, other = (Balance(*map(Money, figures)) for figures in ((10, 1, 2, 1, 7, 3), (100, 20, 30, 10, 50, 40)))
    assert Balance.together((one, other)) == Balance(*map(Money, (110, 21, 32, 11, 57, 43)))
    assert Balance.together((one,)) == one and Balance.together(()) == Balance()
