"""Setting text on the grid of GB/T 9704: 28 characters a line, 22 lines a page, and where a line may break.

Size 三号 is 15.75 pt here, not Word's 16. The standard wants 28 characters and 22 lines to fill 156 × 225 mm:
at 15.75 pt the characters need 155.6 mm and the lines, 7/8 of a character apart, 224.3 mm; at 16 pt the
characters alone would need 158.0 mm. The missing 0.4 and 0.7 mm go evenly between characters and lines,
so that the first and the last of each touch the edges.

A line never begins with a closing mark nor ends with an opening one; numbers stay with their unit, and
document numbers, amounts, “——” and “……” stay whole. Where that leaves a line too long, its punctuation
gives up its blank half; where it leaves a line too short, the characters move apart.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from zjtx_desktop.documents.fonts import ASCENT, FANG, glyphs

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
LEFT, TOP, WIDTH, HEIGHT = 28 * MM, 37 * MM, 156 * MM, 225 * MM
COLUMNS, LINES = 28, 22
SIZE_2, SIZE_3, SIZE_4 = 21.0, 15.75, 14.0  # 二号, 三号, 四号 in points
CELL = (WIDTH - SIZE_3) / (COLUMNS - 1)
PITCH = (HEIGHT - SIZE_3) / (LINES - 1)
EM_TOP = ASCENT / 1000  # of a character, from the baseline to its top

NO_START = frozenset("，。、；：？！）〕》〉」』】］｝”’…—·～％‰℃,.;:?!)]}%°〃")
NO_END = frozenset("（〔《〈「『【［｛“‘￥＄№([{$")
_BLANK_RIGHT = frozenset("，。、；：）〕》〉」』】］”’")
_BLANK_LEFT = frozenset("（〔《〈「『【［“‘")
_LOOSEST = 0.35  # cells a gap may grow before a ragged line looks better
_SLACK = 0.01  # points; far below what a printer resolves

_UNIT = "(?:万元|亿元|元|角|分|年度|年|月份|月|日|号|家|户|项|个|批|次|笔|份|页|人|倍|℃|％|‰)?"
_CAPITAL = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整"
_TOKEN = re.compile(
    "(?:"
    r"(?:(?:(?<=[（(《“，。、：；])|\A)[\u4e00-\u9fff]{1,12})?〔[0-9]{4}〕第?[0-9]+号"
    f"|人民币[{_CAPITAL}]+"
    r"|[0-9]{1,2}月[0-9]{1,2}日"
    f"|[￥¥]?[!-~]+{_UNIT}"
    f"|第[0-9]+{_UNIT}"
    f"|[￥¥]?[０-９][０-９．，]*{_UNIT}"
    "|——|……"
    "|."
    ") *",
    re.DOTALL,
)
_LONG_WORDS = 12  # characters of 大写 up to which they stay on one line
_GROUPS = re.compile("[^亿万元]*[亿万元]整?|.+")


class Line(NamedTuple):  # a tuple, since every line painted is looked up in a cache
    """One line ready to paint: its characters, and the space after each of them beyond its own advance."""

    text: str
    face: str
    size: float
    indent: float
    spaces: tuple[float, ...]

    @property
    def right(self) -> float:
        """Where the last visible character ends, in points from the left edge of the column.

        The blank half that a closing mark has given up no longer counts.
        """
        seen = len(self.text.rstrip(" "))
        if not seen:
            return self.indent
        table = glyphs(self.face)
        widths = sum([table[char].width for char in self.text[:seen]]) * self.size / 1000
        return self.indent + widths + sum(self.spaces[: seen - 1]) + min(self.spaces[seen - 1], 0.0)


class Column(NamedTuple):
    """What text is set into, in points: size, cell, width, and how far first and later lines stand in."""

    face: str = FANG
    size: float = SIZE_3
    cell: float = CELL
    width: float = WIDTH
    first: float = 2 * CELL
    rest: float = 0.0
    justify: bool = True

    @property
    def gap(self) -> float:
        """The space between two characters that stand on the grid."""
        return self.cell - self.size


BODY = Column()
FLUSH = Column(first=0.0)


def tokens(text: str) -> list[str]:
    """Cut a text into the pieces that no line end may split; joined again they are the text."""
    pieces: list[str] = []
    for piece in _TOKEN.findall(text):
        if piece.startswith("人民币") and len(piece) > _LONG_WORDS:
            pieces.extend(_GROUPS.findall(piece))
        else:
            pieces.append(piece)
    return pieces


@lru_cache(maxsize=512)
def break_lines(text: str, column: Column = BODY) -> tuple[Line, ...]:
    """Set a paragraph. Every character of `text` comes back, and no line is wider than the column."""
    measured = _measured(column)
    pieces = [measured[token] for token in tokens(text)]
    lines: list[Line] = []
    start = 0
    while start < len(pieces):
        indent = column.rest if lines else column.first
        room = column.width - indent
        if pieces[start].seen > room + _SLACK and len(pieces[start].text) > 1:
            pieces[start : start + 1] = _cut(pieces[start], room, column)
        end, squeeze = _line_end(pieces, start, room, column)
        lines.append(_set(pieces[start:end], indent, room, squeeze, column, last=end == len(pieces)))
        start = end
    return tuple(lines)


class _Piece(NamedTuple):
    """A token measured: its advance with the gap after it, and that of what is seen of it."""

    text: str
    advance: float
    seen: float


def _piece(text: str, column: Column) -> _Piece:
    shown = text.rstrip(" ")
    return _Piece(text, _advance(text, column), _advance(shown, column) - column.gap if shown else 0.0)


class _Measured(dict[str, _Piece]):
    """The pieces of a column; those of one character are kept, as a page has few others twice."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, text: str) -> _Piece:
        piece = _piece(text, self._column)
        if len(text) == 1:
            self[text] = piece
        return piece


@lru_cache(maxsize=32)
def _measured(column: Column) -> _Measured:
    return _Measured(column)


def _advance(text: str, column: Column) -> float:
    table = glyphs(column.face)
    return sum([table[char].width for char in text]) * column.size / 1000 + len(text) * column.gap


def _cut(piece: _Piece, room: float, column: Column) -> list[_Piece]:
    """Split a piece wider than a whole line, where a line may break if it can; one character at least."""
    fits, used = 1, _advance(piece.text[0], column)
    while used + _advance(piece.text[fits], column) - column.gap <= room + _SLACK:
        used += _advance(piece.text[fits], column)
        fits += 1
    at = next((at for at in range(fits, 0, -1) if _may_cut(piece.text[at - 1], piece.text[at])), fits)
    return [_piece(piece.text[:at], column), _piece(piece.text[at:], column)]


def _may_cut(before: str, after: str) -> bool:
    """Whether a piece too wide for its column may be cut here: not within a number or word, nor at a bracket."""
    return after not in NO_START and before not in NO_END and not (before.isascii() and after.isascii())


def _may_break(pieces: Sequence[_Piece], at: int) -> bool:
    """Whether a line may end before piece `at`."""
    if at >= len(pieces):
        return True
    return pieces[at].text[0] not in NO_START and pieces[at - 1].text.rstrip(" ")[-1:] not in NO_END


def _line_end(pieces: Sequence[_Piece], start: int, room: float, column: Column) -> tuple[int, float]:
    """Where the line from `start` ends, and how many points its punctuation has to give up for that."""
    fits, used = start, 0.0
    while fits < len(pieces) and used + pieces[fits].seen <= room + _SLACK:
        used += pieces[fits].advance
        fits += 1
    if fits == len(pieces):
        return fits, 0.0
    fits = max(fits, start + 1)
    if not _may_break(pieces, fits) or len(pieces[fits].text) > 1:
        longer, excess = _squeezed(pieces, start, fits, room, column)
        if longer:
            return longer, excess
    end = fits
    while end > start + 1 and not _may_break(pieces, end):
        end -= 1
    return (end if _may_break(pieces, end) else fits), 0.0


def _squeezed(
    pieces: Sequence[_Piece], start: int, fits: int, room: float, column: Column
) -> tuple[int, float]:
    """A later legal end that squeezing punctuation reaches, with the excess; 0 when there is none."""
    end = fits + 1
    while not _may_break(pieces, end):
        end += 1
    excess = sum(piece.advance for piece in pieces[start : end - 1]) + pieces[end - 1].seen - room
    if excess > _give(pieces[start:end]) * column.cell / 2 + _SLACK:
        return 0, 0.0
    return end, max(excess, 0.0)


def _give(pieces: Sequence[_Piece]) -> int:
    """How many characters of a line have a blank half to give."""
    return sum(piece.text in _BLANK_RIGHT or piece.text in _BLANK_LEFT for piece in pieces)


def _set(
    pieces: Sequence[_Piece], indent: float, room: float, squeeze: float, column: Column, *, last: bool
) -> Line:
    """Place the characters of a line, punctuation squeezed or gaps stretched to reach the right edge."""
    text = "".join(piece.text for piece in pieces)
    spaces = [column.gap] * len(text)
    if squeeze:
        indent -= _squeeze(pieces, spaces, squeeze / _give(pieces))
    elif column.justify and not last and len(pieces) > 1:
        used = sum(piece.advance for piece in pieces[:-1]) + pieces[-1].seen
        _stretch(pieces, spaces, (room - used) / (len(pieces) - 1), column)
    return Line(text, column.face, column.size, indent, tuple(spaces))


def _squeeze(pieces: Sequence[_Piece], spaces: list[float], share: float) -> float:
    """Take `share` from each mark's blank half; a mark that opens the line moves left, which is returned."""
    at, moved = 0, 0.0
    for piece in pieces:
        if piece.text in _BLANK_LEFT:
            if at:
                spaces[at - 1] -= share
            else:
                moved = share
        at += len(piece.text)
        if piece.text in _BLANK_RIGHT:
            spaces[at - 1] -= share
    return moved


def _stretch(pieces: Sequence[_Piece], spaces: list[float], share: float, column: Column) -> None:
    """Widen the gaps between pieces, never within one; a line that would look torn stays on the grid."""
    if not 0 < share <= _LOOSEST * column.cell:
        return
    at = -1
    for piece in pieces[:-1]:
        at += len(piece.text)
        spaces[at] += share
