"""One page of a .pdf: the tables on it, ruled or set by columns only, and the texts around them."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfplumber.page import Page

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.pdf_columns import ColumnTable, set_in_columns
from zjtx_desktop.exchange.pdf_lines import UNREADABLE, Letter, Line, is_full, joined, letters_of, lines_of, same_row
from zjtx_desktop.exchange.pdf_opening import TOO_MUCH
from zjtx_desktop.exchange.table import CellProblem, Merge

MAX_EDGES = 8_000  # of one page
MAX_CROSSINGS = 20_000  # a list of 100 columns and 200 rows
SNAP = 3.0  # points within which two rules are one
PAGE_NUMBER = re.compile(r"[-—–－·•\s]*(?:第?\s*\d{1,4}\s*页?)(?:[\s/,，共]*\d{1,4}\s*页?)?[-—–－·•\s]*")
LEAST_IMAGE = 0.3  # of the page, that a picture of text covers
NO_LETTERS = CellProblem("这一格的字体没有文字编码，读不出来，请按原件填写。")
Cell = str | CellProblem


@dataclass(slots=True)
class PageTable:
    """A table on one page: its columns' edges in points, its cells by row and column from 1, its merged areas."""

    edges: tuple[float, ...]
    top: float
    bottom: float
    ruled: bool
    is_open: bool = False  # its last row is cut by the end of the page
    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return max(self.cells, default=0)

    def follows(self, other: "PageTable") -> bool:
        """Whether its columns are those of a table on the page before."""
        if self.ruled != other.ruled or len(self.edges) != len(other.edges):
            return False
        near = 2 * SNAP if self.ruled else 6 * SNAP
        return all(abs(mine - its) <= near for mine, its in zip(self.edges, other.edges, strict=True))


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What a page holds: its tables downwards, the texts before each and after the last, and whether it is a picture."""

    number: int
    tables: tuple[PageTable, ...]
    texts: tuple[tuple[str, ...], ...]  # one more than there are tables
    is_picture: bool
    unreadable: bool


def read_page(page: Page) -> ReadPage:
    """The page taken apart."""
    letters = letters_of(page.chars, page.width, page.height)
    tables = _ruled(page, letters)
    rest = [letter for letter in letters if not any(table.top <= letter.middle <= table.bottom for table in tables)]
    rows = [row for row in same_row(lines_of(rest)) if len(row) > 1 or not PAGE_NUMBER.fullmatch(row[0].text)]
    if not tables:
        found = set_in_columns(rows)
        tables = [_set(table) for table in found]
        rows = [row for row in rows if not any(row in table.lines for table in found)]
    lines = [line for row in rows for line in row]
    texts = tuple(
        tuple(_paragraphs([line for line in lines if above <= line.top < below]))
        for above, below in _between(tables, page.height)
    )
    shown = "".join(letter.text for letter in letters)
    return ReadPage(
        page.page_number,
        tuple(tables),
        texts,
        not lines and not tables and _is_picture(page),
        len(UNREADABLE.findall(shown)) > 0.3 * len(letters) > 10,
    )


def _set(found: ColumnTable) -> PageTable:
    """A table without rules as one like the others."""
    table = PageTable(found.columns, found.lines[0][0].top, max(line.bottom for line in found.lines[-1]), False)
    for number, cells in enumerate(found.rows, start=1):
        table.cells[number] = {column: NO_LETTERS if UNREADABLE.search(text) else text for column, text in cells.items()}
    return table


def _is_picture(page: Page) -> bool:
    covered = sum((image["x1"] - image["x0"]) * (image["bottom"] - image["top"]) for image in page.images)
    return covered > LEAST_IMAGE * page.width * page.height or len(page.curves) > 500


def _between(tables: Sequence[PageTable], height: float) -> list[tuple[float, float]]:
    ends = [-height, *(table.bottom for table in tables)]
    return list(zip(ends, [*(table.top for table in tables), 2 * height], strict=True))


def _paragraphs(lines: Sequence[Line]) -> list[str]:
    """The lines as texts: one that fills the page goes on in the next, when that is set as closely."""
    if not lines:
        return []
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    whole = [_side_by_side(row) for row in same_row(lines)]
    gaps = [below.top - above.bottom for above, below in zip(whole, whole[1:], strict=False)]
    closest = min((gap for gap in gaps if gap > 0), default=0.0)
    texts = [[whole[0]]]
    for last, line, gap in zip(whole, whole[1:], gaps, strict=False):
        goes_on = is_full(last, line, width - 0.5 * last.size) and gap <= 1.3 * closest + 0.5
        if goes_on and abs(line.size - last.size) < 1:
            texts[-1].append(line)
        else:
            texts.append([line])
    return [joined(text, 0) for text in texts]


def _side_by_side(row: Sequence[Line]) -> Line:
    return Line(" ".join(line.text for line in row), row[0].x0, row[-1].x1, row[0].top, row[0].bottom)


def _ruled(page: Page, letters: Sequence[Letter]) -> list[PageTable]:
    edges = page.edges
    if not edges:
        return []
    upright = {round(edge["x0"] / SNAP) for edge in edges if edge["orientation"] == "v"}
    level = {round(edge["top"] / SNAP) for edge in edges if edge["orientation"] == "h"}
    if len(edges) > MAX_EDGES or len(upright) * len(level) > MAX_CROSSINGS:
        raise BadFile(TOO_MUCH)
    ends = _open_ends(edges)
    found = page.find_tables({"explicit_horizontal_lines": ends})
    tables = [_filled(*_grid(table.cells), letters) for table in found if len(table.cells) > 1]
    for table in tables:
        table.is_open = any(abs(table.bottom - end) <= SNAP for end in ends)
    tables = [table for table in tables if len(table.edges) > 2 or table.rows > 2]
    return sorted((table for table in tables if any(table.cells.values())), key=lambda table: table.top)


def _open_ends(edges: Sequence[dict[str, Any]]) -> list[float]:
    """Where rules downwards end without one across: there a row is cut by the end of the page."""
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    level = [edge["top"] for edge in edges if edge["orientation"] == "h"]
    if len({round(edge["x0"] / SNAP) for edge in upright}) < 3 or not level:
        return []
    lowest, highest = max(edge["bottom"] for edge in upright), min(edge["top"] for edge in upright)
    ends = [lowest] if lowest > max(level) + SNAP else []
    return [*ends, highest] if highest < min(level) - SNAP else ends


Box = tuple[float, float, float, float]


def _grid(cells: Iterable[Box]) -> tuple[list[Box], list[float], list[float]]:
    boxes = list(cells)
    columns = _snapped(x for box in boxes for x in (box[0], box[2]))
    return boxes, columns, _snapped(y for box in boxes for y in (box[1], box[3]))


def _snapped(places: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > SNAP:
            edges.append(place)
    return edges


def _filled(boxes: Sequence[Box], columns: Sequence[float], rows: Sequence[float], letters: Sequence[Letter]) -> PageTable:
    """The table with its texts: each letter belongs to the cell in which its middle lies."""
    table = PageTable(tuple(columns), rows[0], rows[-1], True)
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    widths: dict[tuple[int, int], float] = {}
    for x0, top, x1, bottom in boxes:
        left, right = bisect_right(columns, x0 + SNAP), bisect_right(columns, x1 + SNAP) - 1
        first, last = bisect_right(rows, top + SNAP), bisect_right(rows, bottom + SNAP) - 1
        widths[first, left] = x1 - x0
        owner |= {(row, column): (first, left) for row in range(first, last + 1) for column in range(left, right + 1)}
        if (first, left) != (last, right):
            table.merges.append(Merge(first, left, last, right))
    held: dict[tuple[int, int], list[Letter]] = {}
    for letter in letters:
        place = bisect_right(rows, letter.middle), bisect_right(columns, (letter.x0 + letter.x1) / 2)
        if place in owner:
            held.setdefault(owner[place], []).append(letter)
    for row in range(1, len(rows)):
        table.cells[row] = {}
    for (row, column), some in held.items():
        if text := joined(lines_of(some), widths[row, column]):
            table.cells[row][column] = NO_LETTERS if UNREADABLE.search(text) else text
    return table
