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
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from operator import add
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
_FULLY, _LIGHTLY = 0.5, 0.2  # cells a mark gives up: to keep a rule, and only to keep a number on the line
_SLACK = 0.01  # points; far below what a printer resolves

_UNIT = "(?:万元|亿元|元|角|分|年度|年|月份|月|日|号|家|户|项|个|批|次|笔|份|页|人|倍|℃|％|‰)?"
_CAPITAL = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整"
_TOKEN = re.compile(
    "(?:"
    r"(?<=[\u4e00-\u9fff])[\u4e00-\u9fff](?<![人第])|"  # nothing below can begin here: this only saves time
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
_SHORT = 2 * COLUMNS  # characters that may fit on one line without looking for where to break it
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
    found: list[str] = _TOKEN.findall(text)
    if "人民币" not in text:
        return found
    return [
        part for piece in found for part in (_GROUPS.findall(piece) if _is_long_amount(piece) else (piece,))
    ]


def _is_long_amount(piece: str) -> bool:
    return len(piece) > _LONG_WORDS and piece.startswith("人民币")


@lru_cache(maxsize=512)
def break_lines(text: str, column: Column = BODY) -> tuple[Line, ...]:
    """Set a paragraph. Every character of `text` comes back, and no line is wider than the column."""
    if not text:
        return ()
    if len(text) <= _SHORT and _advance(text, column) - column.gap <= column.width - column.first + _SLACK:
        return (Line(text, column.face, column.size, column.first, (column.gap,) * len(text)),)
    paragraph = _Paragraph(text, column)
    lines: list[Line] = []
    start = 0
    while start < len(paragraph.pieces):
        indent = column.rest if lines else column.first
        line, start = paragraph.line(start, indent)
        lines.append(line)
    return tuple(lines)


class _Piece(NamedTuple):
    """A token measured: its advance with the gap after it, that of what is seen of it, how it may stand."""

    text: str
    advance: float
    seen: float
    no_start: bool
    no_end: bool
    gives: bool


class _Measured(dict[str, _Piece]):
    """The pieces of a column met so far, up to a number that a run of many letters cannot pass."""

    _MOST = 16384

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, text: str) -> _Piece:
        column, shown = self._column, text.rstrip(" ")
        piece = _Piece(
            text=text,
            advance=_advance(text, column),
            seen=_advance(shown, column) - column.gap if shown else 0.0,
            no_start=text[0] in NO_START,
            no_end=shown[-1:] in NO_END,
            gives=text in _BLANK_RIGHT or text in _BLANK_LEFT,
        )
        if len(self) < self._MOST:
            self[text] = piece
        return piece


@lru_cache(maxsize=32)
def _measured(column: Column) -> _Measured:
    return _Measured(column)


def _advance(text: str, column: Column) -> float:
    table = glyphs(column.face)
    return sum([table[char].width for char in text]) * column.size / 1000 + len(text) * column.gap


class _Paragraph:
    """A paragraph as pieces, with where each begins and ends if all stood on one line."""

    def __init__(self, text: str, column: Column) -> None:
        self._text, self._column = text, column
        self._measured = _measured(column)
        self.pieces = [self._measured[token] for token in tokens(text)]
        self._place()

    def _place(self) -> None:
        texts, advances, seen, *_ = zip(*self.pieces, strict=True)
        self._starts = list(accumulate(advances, initial=0.0))
        self._ends = list(map(add, self._starts, seen))
        self._chars = list(accumulate(map(len, texts), initial=0))

    def line(self, start: int, indent: float) -> tuple[Line, int]:
        """The line that begins with piece `start`, and the piece the next one begins with."""
        room = self._column.width - indent
        if self.pieces[start].seen > room + _SLACK and len(self.pieces[start].text) > 1:
            self._cut(start, room)
        end, squeeze = self._end(start, room)
        spaces = [self._column.gap] * (self._chars[end] - self._chars[start])
        if squeeze:
            indent -= self._squeeze(start, end, spaces, squeeze)
        elif self._column.justify and end < len(self.pieces):
            self._stretch(start, end, spaces, room)
        text = self._text[self._chars[start] : self._chars[end]]
        return Line(text, self._column.face, self._column.size, indent, tuple(spaces)), end

    def _cut(self, at: int, room: float) -> None:
        """Split a piece wider than a whole line, where a line may break if it can; one character at least."""
        text, gap = self.pieces[at].text, self._column.gap
        fits = 1
        while _advance(text[: fits + 1], self._column) - gap <= room + _SLACK:
            fits += 1
        cut = next((cut for cut in range(fits, 0, -1) if _may_cut(text[cut - 1], text[cut])), fits)
        self.pieces[at : at + 1] = [self._measured[text[:cut]], self._measured[text[cut:]]]
        self._place()

    def _may_break(self, at: int) -> bool:
        """Whether a line may end before piece `at`."""
        return at >= len(self.pieces) or not (self.pieces[at].no_start or self.pieces[at - 1].no_end)

    def _end(self, start: int, room: float) -> tuple[int, float]:
        """Where the line from `start` ends, and how many points its punctuation has to give up for that."""
        fits = bisect_right(self._ends, self._starts[start] + room + _SLACK, start)
        if fits == len(self.pieces):
            return fits, 0.0
        fits = max(fits, start + 1)
        must = not self._may_break(fits)
        if must or len(self.pieces[fits].text) > 1:
            longer, excess = self._squeezed(start, fits, room, _FULLY if must else _LIGHTLY)
            if longer:
                return longer, excess
        end = fits
        while end > start + 1 and not self._may_break(end):
            end -= 1
        return (end if self._may_break(end) else fits), 0.0

    def _squeezed(self, start: int, fits: int, room: float, share: float) -> tuple[int, float]:
        """A later legal end that `share` of a cell from each mark reaches, and the excess; 0 if none is."""
        end = fits + 1
        while not self._may_break(end):
            end += 1
        excess = self._ends[end - 1] - self._starts[start] - room
        if excess > self._give(start, end) * self._column.cell * share + _SLACK:
            return 0, 0.0
        return end, max(excess, 0.0)

    def _give(self, start: int, end: int) -> int:
        """How many characters of a line have a blank half to give."""
        return sum([piece.gives for piece in self.pieces[start:end]])

    def _squeeze(self, start: int, end: int, spaces: list[float], excess: float) -> float:
        """Take the excess from the marks' blank halves; how far a line that opens with one moves left."""
        share = excess / self._give(start, end)
        at, moved = 0, 0.0
        for piece in self.pieces[start:end]:
            if piece.text in _BLANK_LEFT:
                if at:
                    spaces[at - 1] -= share
                else:
                    moved = share
            at += len(piece.text)
            if piece.text in _BLANK_RIGHT:
                spaces[at - 1] -= share
        return moved

    def _stretch(self, start: int, end: int, spaces: list[float], room: float) -> None:
        """Widen the gaps between pieces, never within one; a line that would look torn stays on the grid."""
        short = room - (self._ends[end - 1] - self._starts[start])
        share = short / (end - start - 1) if end - start > 1 else 0.0
        if _SLACK < share <= _LOOSEST * self._column.cell:
            begin = self._chars[start] + 1
            for char in self._chars[start + 1 : end]:
                spaces[char - begin] += share


def _may_cut(before: str, after: str) -> bool:
    """Whether a piece too wide for its column may be cut here: within no number or word, at no bracket, before no 号."""
    return after != "号" and after not in NO_START and before not in NO_END and not (before.isascii() and after.isascii())
