"""Sharing among treasuries: exact, deterministic, and never more than one fen from the true fraction."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.domain.shares import allot, odd_fen
from zjtx_desktop.values import Division, Money, Share

SHARES = st.lists(
    st.builds(Share, st.sampled_from(Division.all()), st.integers(min_value=1, max_value=10_000)),
    min_size=1,
    max_size=6,
    unique_by=lambda share: share.division,
)
AMOUNTS = st.integers(min_value=0, max_value=10**14).map(Money)


@given(AMOUNTS, SHARES)
def test_shares_sum_exactly_and_stay_within_a_fen(amount, shares):
    total = sum(share.weight for share in shares)
    parts = dict(allot(amount, shares))
    assert Money.total(parts.values()) == amount
    for share in shares:
        exact = Fraction(amount.fen * share.weight, total)
        assert parts[share.division].fen >= 0
        assert abs(parts[share.division].fen - exact) < 1


@given(AMOUNTS, SHARES, st.randoms())
def test_the_order_of_recording_changes_nothing(amount, shares, random):
    shuffled = random.sample(shares, len(shares))
    assert dict(allot(amount, shares)) == dict(allot(amount, shuffled))
    assert odd_fen(amount, shares) == odd_fen(amount, shuffled)


@given(AMOUNTS, SHARES)
def test_the_odd_fen_are_borne_by_those_named(amount, shares):
    total = sum(share.weight for share in shares)
    odd = odd_fen(amount, shares)
    for division, part in allot(amount, shares):
        (weight,) = (share.weight for share in shares if share.division == division)
        assert part.fen - amount.fen * weight // total == (division in odd)


@pytest.mark.parametrize(
    ("fen", "weights", "parts"),
    [
        (100, (1, 1, 1), (34, 33, 33)),
        (101, (1, 1), (51, 50)),
        (1, (1, 1, 1), (1, 0, 0)),
        (10_000_000, (333, 667), (3_330_000, 6_670_000)),
        (10, (1, 2), (3, 7)),
        (0, (1, 2), (0, 0)),
    ],
)
def test_known_allotments(fen, weights, parts):
    shares = tuple(Share(division, weight) for division, weight in zip(Division.all(), weights, strict=False))
    assert tuple(part.fen for _, part in allot(Money(fen), shares)) == parts
