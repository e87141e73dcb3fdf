"""Sharing a beneficiary part among several treasuries, exact to the fen."""

from collections.abc import Sequence

from zjtx_desktop.values import Division, Money, Share


def allot(amount: Money, shares: Sequence[Share]) -> tuple[tuple[Division, Money], ...]:
    """Divide by weight with the largest remainder method, in the order of `shares`; sums to `amount` exactly.

    Equal remainders go to the larger weight, then to the smaller division code, so that the
    order in which shares were recorded changes nothing.
    """
    odd = set(odd_fen(amount, shares))
    total = sum(share.weight for share in shares)
    rounded = ((share.division, amount.fen * share.weight // total) for share in shares)
    return tuple((division, Money(fen + (division in odd))) for division, fen in rounded)


def odd_fen(amount: Money, shares: Sequence[Share]) -> tuple[Division, ...]:
    """The treasuries that each bear one fen more than their fraction rounded down."""
    total = sum(share.weight for share in shares)
    left = amount.fen - sum(amount.fen * share.weight // total for share in shares)
    by_remainder = sorted(
        shares, key=lambda share: (-(amount.fen * share.weight % total), -share.weight, share.division)
    )
    return tuple(share.division for share in by_remainder[:left])
