"""How wide the columns of a list are on paper: by what stands in them.

A list stands upright where each column has there what it asks for, else it lies; where it is still too wide, long texts
take more lines, and where that gets too much of it the letters go from 五号 to 小五, below which paper is hard
to read. A list that is wider even so is refused: which column can be spared only the person knows.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from zjtx_desktop.documents.cells import MARGIN
from zjtx_desktop.documents.fonts import FANG, HEI, glyphs, missing
from zjtx_desktop.documents.grid import MM, tokens
from zjtx_desktop.documents.tables import LYING, SIZE, UPRIGHT
from zjtx_desktop.errors import Refused

SMALL = 9.0  # 小五
_MOST, _LEAST = 26.0, 4.0  # characters a text column asks for, and is content with
_WORD = 8.0  # characters up to which a word or number stays whole
_HEADING = 4  # characters of a heading that stand on one line; a longer one may take two
_CROWDED = 0.4  # of the room between the least and what is asked for: with less the letters get smaller
_HALVED = 40  # times: to far below what a printer resolves
_SPARE = 0.2  # points, so that no text misses its line by rounding


@dataclass(frozen=True, slots=True)
class Width:
    """What a column asks for and is content with, in ems without its margins; `usual` weighs how long its texts are."""

    heading: str
    asked: float
    least: float
    usual: float


@dataclass(frozen=True, slots=True)
class Fit:
    """How a list stands on paper: lying or upright, the size of its texts, the widths of its columns in points."""

    lying: bool
    size: float
    widths: tuple[float, ...]


def column_width(heading: str, texts: Iterable[str], whole: bool, total: str = "") -> Width:
    """How wide a column wants to be; `whole` keeps each text on one line, as codes, amounts and dates must be.

    `total` is what stands under the texts, in the face of the heading.
    """
    counted = Counter(texts)
    wide = {text: _ems(text) for text in counted}
    longest = max(_ems(total, HEI), *wide.values(), 0.0)
    head = _ems(heading, HEI)
    usual = sqrt(fsum(wide[text] ** 2 * count for text, count in counted.items()) / max(counted.total(), 1))
    if whole:
        return Width(heading, max(longest, head), max(longest, _half(heading)), usual)
    words = max((_ems(word) for text in counted for word in _words(text)), default=0.0)
    least = max(min(words, _WORD), _half(heading), min(longest, _LEAST))
    asked = min(max(longest, head), max(_MOST, head))
    return Width(heading, asked, min(least, asked), usual)


def fit(columns: Sequence[Width]) -> Fit:
    """The widths of these columns on A4; Refused when it has no room for them."""
    asked = [column.asked for column in columns]
    if _room(UPRIGHT.measure, SIZE, len(columns)) >= fsum(asked):
        return Fit(False, SIZE, _widths(columns, UPRIGHT.measure, SIZE))
    small = _room(LYING.measure, SMALL, len(columns))
    if small < fsum(column.least for column in columns):
        raise _too_wide(columns)
    size = SIZE if _ease(columns, _room(LYING.measure, SIZE, len(columns))) >= _CROWDED else SMALL
    return Fit(True, size, _widths(columns, LYING.measure, size))


def _room(measure: float, size: float, count: int) -> float:
    """The ems that texts of a size have beside each other."""
    return (measure - count * (2 * MARGIN + _SPARE)) / size


def _ease(columns: Sequence[Width], room: float) -> float:
    """1 and more where each column has what it asks for, 0 and less where it has no more than the least."""
    least = fsum(column.least for column in columns)
    wish = fsum(column.asked for column in columns) - least
    return (room - least) / wish if wish else 1.0 if room >= least else -1.0


def _widths(columns: Sequence[Width], measure: float, size: float) -> tuple[float, ...]:
    room = _room(measure, size, len(columns))
    ease = _ease(columns, room)
    if ease >= 1:  # what is left over goes to each by what it asks for
        stretch = room / fsum(column.asked for column in columns)
        ems = [column.asked * stretch for column in columns]
    else:
        ems = _shared(columns, room)
    return tuple(width * size + 2 * MARGIN + _SPARE for width in ems)


def _shared(columns: Sequence[Width], room: float) -> list[float]:
    """Each column by the usual length of its texts, so that they all take about as many lines."""
    low, high = 0.0, 1000.0
    for _ in range(_HALVED):
        share = (low + high) / 2
        ems = [min(max(share * column.usual, column.least), column.asked) for column in columns]
        low, high = (share, high) if fsum(ems) <= room else (low, share)
    return [min(max(low * column.usual, column.least), column.asked) for column in columns]


def _too_wide(columns: Sequence[Width]) -> Refused:
    wide = sorted(columns, key=lambda column: -column.least)[:3]
    names = "、".join(f"“{column.heading}”" for column in wide)
    needed = fsum(column.least * SMALL + 2 * MARGIN + _SPARE for column in columns) / MM
    return Refused(
        f"要印的 {len(columns)} 列至少有 {needed:.0f} 毫米宽，横放的 A4 纸只有 {LYING.measure / MM:.0f} 毫米可用，没有生成文件。"
        f"请用“显示的列”隐藏几列再试，最宽的是{names}。"
    )


def _ems(text: str, face: str = FANG) -> float:
    """The width of a text on one line; what has no glyph is reported by the row it stands in, not here."""
    table, lacking = glyphs(face), missing(text, face)
    return sum(1000 if char in lacking else table[char].width for char in text) / 1000


def _half(heading: str) -> float:
    """What a heading is content with."""
    if len(heading) <= _HEADING:
        return _ems(heading, HEI)
    return max(_ems(heading, HEI) / 2 + 0.5, max(map(_ems, _words(heading)), default=0.0))


def _words(text: str) -> list[str]:
    return tokens(text.replace("\n", " ")) if text else []
