"""The pages of an award letter in 信函格式 (GB/T 9704-2012, 10.1): red mark and double rules, text on the grid.

The text is given ready; this module only decides where it stands. Heights are whole lines of the grid.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from zjtx_desktop.documents.cells import Align, Row, paint_row, set_row
from zjtx_desktop.documents.fonts import FANG, HEI, SONG, TITLE, bounds
from zjtx_desktop.documents.grid import (
    BODY,
    CELL,
    EM_TOP,
    FLUSH,
    HEIGHT,
    LEFT,
    LINES,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    PITCH,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    TOP,
    WIDTH,
    Column,
    Line,
    break_lines,
)
from zjtx_desktop.documents.page import RED, Sheet, foot_baseline, single

_MARK_TOP = 30 * MM
_MARK_SIZE = 38.0
_MARK_NARROWEST = 0.66  # of the letters' width, before they get smaller
_MARK_LOOSEST = 0.3  # of a letter, between the letters of a short name
_RULE_LEFT, _RULE_RIGHT = (PAGE_WIDTH - 170 * MM) / 2, (PAGE_WIDTH + 170 * MM) / 2
_THICK, _BETWEEN, _THIN = 2.2, 1.1, 0.7
_UNDER_MARK, _OVER_EDGE = 4 * MM, 20 * MM
_UNDER_RULE = SIZE_3 * 7 / 8
_SEAL_ROWS, _SEAL_ROWS_TIGHT = 2, 1  # blank lines over the signature
_TIGHTEST = 0.88  # of the line pitch, to keep the seal on page one
_KEPT = 2  # lines of text that stay with the signature
_SIGN_WIDTH = 14 * CELL
_CELL_SIZE, _CELL_LEADING = 12.0, 14.0
_FOOT_SIZE, _FOOT_LEADING = 9.0, 13.0
_CODE_SIZE, _UNDER_TEXT = 10 * MM, 1.8 * MM  # four of its squares stay blank above it and below, to the red rule
_BESIDE_CODE = 2 * MM
_WIDTHS = (2.3, 4.5, 7.4, 5.6, 8.2)  # of the table's columns, in 28ths of the text width
_EDGES = tuple(LEFT + sum(_WIDTHS[:place]) * WIDTH / sum(_WIDTHS) for place in range(len(_WIDTHS) + 1))
_ALIGN = (Align.CENTRE, Align.CENTRE, Align.CENTRE, Align.END, Align.CENTRE)
_SUM_EDGES, _SUM_ALIGN = (_EDGES[0], *_EDGES[3:]), (Align.START, Align.END, Align.START)


@dataclass(frozen=True, slots=True)
class LetterText:
    """Every word of a letter in its place; an empty table, note or code is left out.

    `code` is what the two-dimensional code at its foot holds.
    """

    office: str
    number: str
    title: str
    addressee: str
    opening: tuple[str, ...]
    headings: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    closing: tuple[str, ...]
    date: str
    note: str
    foot: tuple[str, ...]
    code: str
    draft: bool


def lay_letter(text: LetterText) -> list[Sheet]:
    """Paint a letter. Its signature never stands on a page without text before it."""
    first = _new_sheet(text)
    opening = [*break_lines(text.addressee, FLUSH), *_set(text.opening)]
    closing, note = _set(text.closing), _set((text.note,) if text.note else ())
    sign = [*_signature(text.office), single(text.date, FANG, SIZE_3, BODY.gap)]
    table = _table(text)
    end = len(sign) + len(note)
    book = _Book(text, first, _head(first, text))
    book.tighten(len(opening) + sum(map(book.rows, table)) + len(closing) + end)
    book.lines(opening)
    book.table(table)
    book.lines(closing[:-_KEPT])
    seal = book.seal(_KEPT + end)
    book.lines(closing[-_KEPT:])
    book.row += seal
    book.sign(sign)
    book.lines(note)
    book.foot(text.foot, text.code)
    return book.sheets


def _new_sheet(text: LetterText) -> Sheet:
    sheet = Sheet()
    if text.draft:
        sheet.watermark()
    return sheet


def _set(paragraphs: tuple[str, ...]) -> list[Line]:
    return [line for paragraph in paragraphs for line in break_lines(paragraph)]


class _Book:
    """The sheets of one letter and the next free line on the last of them."""

    def __init__(self, text: LetterText, first: Sheet, row: int) -> None:
        self._text = text
        self.sheets = [first]
        self.row = 0
        self._top, self._rows, self._pitch = TOP + row * PITCH, LINES - row, PITCH

    @property
    def left(self) -> int:
        """How many lines are free on this page."""
        return self._rows - self.row

    def tighten(self, needed: int) -> None:
        """Move the lines of page one together when that keeps the whole letter on it.

        The standard allows this where seal and date would otherwise not fit (7.3.5.4).
        """
        for seal in (_SEAL_ROWS, _SEAL_ROWS_TIGHT):
            pitch = (TOP + HEIGHT - self._top - SIZE_3) / (needed + seal - 1)
            if _TIGHTEST * PITCH <= pitch < PITCH:
                self._rows, self._pitch = needed + seal, pitch
                return

    def turn(self) -> None:
        """Begin a new page; from the second on it carries its number."""
        self.sheets.append(_new_sheet(self._text))
        self.sheets[-1].page_number(len(self.sheets))
        self.row = 0
        self._top, self._rows, self._pitch = TOP, LINES, PITCH

    def lines(self, lines: list[Line]) -> None:
        """Set lines of text one under the other, turning the page when it is full."""
        for line in lines:
            if not self.left:
                self.turn()
            self.sheets[-1].line(line, LEFT, self._baseline())
            self.row += 1

    def seal(self, needed: int) -> int:
        """Make sure that `needed` lines and the seal stand on one page; the blank lines left for the seal."""
        if needed + _SEAL_ROWS_TIGHT > self.left:
            self.turn()
        return min(_SEAL_ROWS, self.left - needed)

    def table(self, rows: list[Row]) -> None:
        """Set the table row by row; its heading begins it and is repeated on every further page."""
        heading = rows[:1]
        for row in rows[1:]:
            if self.left < sum(map(self.rows, heading)) + self.rows(row):
                self.turn()
                heading = rows[:1]
            for each in (*heading, row):
                self._row(each)
            heading = []

    def sign(self, lines: list[Line]) -> None:
        """The office centred over its date, the last of `lines`, ending four characters from the right."""
        middle = LEFT + WIDTH - 4 * CELL - lines[-1].right / 2
        for line in lines:
            self.sheets[-1].centred(line, middle, self._baseline())
            self.row += 1

    def foot(self, texts: tuple[str, ...], code: str) -> None:
        """Small lines at the foot of the last page beside the code, where no page number stands."""
        sheet, at_left, room = self.sheets[-1], len(self.sheets) % 2, 0.0
        if code:
            room = _CODE_SIZE + _BESIDE_CODE
            x = LEFT if at_left else LEFT + WIDTH - _CODE_SIZE
            sheet.code(code, x, TOP + HEIGHT + _UNDER_TEXT, _CODE_SIZE)
        baseline = foot_baseline(SONG, SIZE_4) - (len(texts) - 1) * _FOOT_LEADING / 2
        for text in texts:
            line = single(text, SONG, _FOOT_SIZE)
            if at_left:
                sheet.line(line, LEFT + room, baseline)
            else:
                sheet.ending(line, LEFT + WIDTH - room, baseline)
            baseline += _FOOT_LEADING

    def _baseline(self) -> float:
        return self._top + self.row * self._pitch + EM_TOP * SIZE_3

    def rows(self, row: Row) -> int:
        """How many lines of the page a row of the table takes."""
        return ceil((row.height + 1) / self._pitch)

    def _row(self, row: Row) -> None:
        top = self._top + self.row * self._pitch - (self._pitch - SIZE_3) / 2
        height = self.rows(row)
        paint_row(self.sheets[-1], row, top, height * self._pitch)
        self.row += height


def _head(sheet: Sheet, text: LetterText) -> int:
    """Paint all that stands over the text on page one; the first free line of the grid."""
    letterhead, top = _letterhead(text.office)
    sheet.stamp(letterhead)
    sheet.ending(single(text.number, FANG, SIZE_3, BODY.gap), LEFT + WIDTH, top + EM_TOP * SIZE_3)
    top += SIZE_3 + 2 * PITCH
    sheet.centred(single(text.title, TITLE, SIZE_2), PAGE_WIDTH / 2, top + EM_TOP * SIZE_2)
    clear = (top + SIZE_2 - TOP) / PITCH + 1
    return ceil(clear - 0.25)  # a quarter of a line less is not seen, a whole one more is


@lru_cache(maxsize=8)
def _letterhead(office: str) -> tuple[Sheet, float]:
    """The red of page one, the same on all letters of an office, and where the number's line begins."""
    sheet = Sheet()
    mark, scale = _mark(office)
    low, high = bounds(office, TITLE)
    baseline = _MARK_TOP + high * mark.size / 1000
    sheet.centred(mark, PAGE_WIDTH / 2, baseline, RED, scale)
    top = baseline - low * mark.size / 1000 + _UNDER_MARK
    bottom = PAGE_HEIGHT - _OVER_EDGE
    for y, thickness in (
        (top, _THICK),
        (top + _THICK + _BETWEEN, _THIN),
        (bottom - _THICK - _BETWEEN - _THIN, _THIN),
        (bottom - _THICK, _THICK),
    ):
        sheet.rule(_RULE_LEFT, _RULE_RIGHT, y, thickness, RED)
    return sheet, top + _THICK + _BETWEEN + _THIN + _UNDER_RULE


def _mark(office: str) -> tuple[Line, float]:
    """The name of the office and its width in per cent: spread when short, narrowed or smaller when long."""
    size = min(_MARK_SIZE, WIDTH / (len(office) * _MARK_NARROWEST))
    plain = single(office, TITLE, size)
    if plain.right >= WIDTH:
        return plain, 100 * WIDTH / plain.right
    gap = min(_MARK_LOOSEST * size, (WIDTH - plain.right) / max(len(office) - 1, 1))
    return single(office, TITLE, size, gap), 100.0


def _signature(office: str) -> list[Line]:
    """The office in the signature; several offices, or a very long name, take a line each."""
    column = Column(first=0.0, width=_SIGN_WIDTH, justify=False)
    return [line for name in office.split("、") for line in break_lines(name, column)]


def _table(text: LetterText) -> list[Row]:
    """The table's rows: heading, one a part, and under them the sum, its words across the first columns."""
    if not text.table:
        return []
    *parts, (words, amount) = text.table
    return [
        set_row(text.headings, _EDGES, (Align.CENTRE,) * len(_WIDTHS), _CELL_SIZE, _CELL_LEADING, HEI),
        *(set_row(part, _EDGES, _ALIGN, _CELL_SIZE, _CELL_LEADING) for part in parts),
        set_row((words, amount, ""), _SUM_EDGES, _SUM_ALIGN, _CELL_SIZE, _CELL_LEADING),
    ]
