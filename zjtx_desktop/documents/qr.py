"""Two-dimensional codes as vectors: encoded once, and drawn as one object wherever they stand."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import groupby

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

Modules = tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class Square:
    """A code to be drawn: the operators paint it on `count` by `count` units from the origin to the upper right.

    `name` is that of no other drawing.
    """

    name: str
    count: int
    operators: str


@lru_cache(maxsize=16)  # a letter is laid out when it is written and when it is read back; a list has many pages
def square(text: str) -> Square:
    """The code that holds `text`, as small as it can be when up to 15 % of it may be unreadable."""
    dark = modules(text)
    boxes = [
        f"{column} {len(dark) - 1 - row} {width} 1 re"
        for row, line in enumerate(dark)
        for column, width in _runs(line)
    ]
    operators = " ".join((*boxes, "f"))  # one path: no seams between its boxes
    return Square(f"Q{sha256(operators.encode()).hexdigest()[:8]}", len(dark), operators)


def modules(text: str) -> Modules:
    """Which of the little squares are dark, row by row from the top."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    size = code.getModuleCount()
    return tuple(tuple(bool(code.isDark(row, column)) for column in range(size)) for row in range(size))


def _runs(line: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Where the dark runs of a row begin, and how long each is."""
    found, at = [], 0
    for is_dark, group in groupby(line):
        width = len(list(group))
        if is_dark:
            found.append((at, width))
        at += width
    return found
