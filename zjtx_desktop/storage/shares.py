"""A secret in shares, of which so many together give it back and fewer say nothing (Shamir 1979).

The secret is where a line meets the axis, a share is one point of that line: two points fix the line, through one
alone go as many lines as there are secrets. Where one share is to be enough the line is level, and every point says it.
All is reckoned modulo a prime larger than any secret, so that one point really leaves every secret as likely.
"""

import secrets
from collections.abc import Sequence

_PRIME = 2**521 - 1
_BYTES = 66
_SECRET = 32


def split(secret: bytes, needed: int, count: int) -> tuple[bytes, ...]:
    """`count` shares of a secret of 32 bytes, of which `needed`, one or two, give it back."""
    start, slope = int.from_bytes(secret, "big"), secrets.randbelow(_PRIME) if needed == 2 else 0
    return tuple(_written(x, (start + slope * x) % _PRIME) for x in range(1, count + 1))


def join(shares: Sequence[bytes]) -> bytes:
    """The secret by one share of a level line, or by two of another; bytes of no meaning by shares of different lines."""
    if len(shares) == 1:
        return _secret(_read(shares[0])[1])
    (x, y), (other_x, other_y) = map(_read, shares)
    return _secret((y * other_x - other_y * x) * pow(other_x - x, -1, _PRIME) % _PRIME)


def _written(x: int, y: int) -> bytes:
    return x.to_bytes(1, "big") + y.to_bytes(_BYTES, "big")


def _read(share: bytes) -> tuple[int, int]:
    return share[0], int.from_bytes(share[1:], "big")


def _secret(number: int) -> bytes:
    return (number % 2 ** (8 * _SECRET)).to_bytes(_SECRET, "big")
