"""Reads a two-dimensional code from its squares, by ISO/IEC 18004 and not by the program that drew it.

Enough for versions 2 and 3 at level M, which are one block of data; no repair of damage.
"""

from collections.abc import Iterator

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
DATA_BYTES = {2: 28, 3: 44}  # at level M, in one block
MASKS = (
    lambda y, x: (y + x) % 2,
    lambda y, x: y % 2,
    lambda y, x: x % 3,
    lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2,
    lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
)
Squares = tuple[tuple[bool, ...], ...]


def text_of(squares: Squares) -> str:
    """The alphanumeric text that a code holds."""
    size = len(squares)
    version = (size - 17) // 4
    form = sum(squares[8][x] << 4 - at for at, x in enumerate((0, 1, 2, 3, 4))) ^ 0b10101
    assert form >> 3 == 0, "level M"
    mask = MASKS[form & 7]
    bits = "".join(str(int(squares[y][x] ^ (mask(y, x) == 0))) for y, x in _path(size, version))
    data = bits[: 8 * DATA_BYTES[version]]
    assert data[:4] == "0010", "alphanumeric"
    count, at, text = int(data[4:13], 2), 13, ""
    while len(text) < count:
        width = 11 if count - len(text) > 1 else 6
        value, at = int(data[at : at + width], 2), at + width
        text += ALPHANUMERIC[value // 45] + ALPHANUMERIC[value % 45] if width == 11 else ALPHANUMERIC[value]
    return text


def _path(size: int, version: int) -> Iterator[tuple[int, int]]:
    """The squares that hold data, two columns at a time from the right, up and down."""
    right, upward = size - 1, True
    while right > 0:
        if right == 6:
            right -= 1
        for y in range(size - 1, -1, -1) if upward else range(size):
            for x in (right, right - 1):
                if not _is_fixed(y, x, size, 4 * version + 10):
                    yield y, x
        right, upward = right - 2, not upward


def _is_fixed(y: int, x: int, size: int, middle: int) -> bool:
    """Whether a square belongs to the finders, the timing lines, the form bits or the one alignment mark."""
    corner = (y < 9 and (x < 9 or x >= size - 8)) or (y >= size - 8 and x < 9)
    return corner or y == 6 or x == 6 or (abs(y - middle) <= 2 and abs(x - middle) <= 2)
