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


def in_proportion(amount: Money, wholes: Sequence[Money]) -> tuple[Money, ...]:
    """Divide like amounts that are there, largest remainder first and in their order; never more than each is.

    `amount` is at most the sum of `wholes`.
    """
    total = sum(whole.fen for whole in wholes)
    fen = [amount.fen * whole.fen // total for whole in wholes]
    order = sorted(range(len(wholes)), key=lambda place: (-(amount.fen * wholes[place].fen % total), place))
    odd = set(order[: amount.fen - sum(fen)])
    return tuple(Money(one + (place in odd)) for place, one in enumerate(fen))
