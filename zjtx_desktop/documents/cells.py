"""One row of a ruled table: its cells set into their columns, and painted between lines."""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from zjtx_desktop.documents.fonts import FANG
from zjtx_desktop.documents.grid import EM_TOP, Column, Line, break_lines
from zjtx_desktop.documents.page import Sheet

MARGIN = 4.0  # points between a cell's text and its lines
_HAIRLINE = 0.5


class Align(Enum):
    """Where a cell's text stands between its lines."""

    START = "start"
    CENTRE = "centre"
    END = "end"


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Cells set into lines, between the vertical lines at `edges` (points from the left of the page)."""

    cells: tuple[tuple[Line, ...], ...]
    edges: tuple[float, ...]
    align: tuple[Align, ...]
    size: float
    leading: float

    @property
    def height(self) -> float:
        """What the tallest cell needs, in points, without any air above and below."""
        return (max(map(len, self.cells)) - 1) * self.leading + self.size


@lru_cache(maxsize=256)
def set_row(
    cells: tuple[str, ...],
    edges: tuple[float, ...],
    align: tuple[Align, ...],
    size: float,
    leading: float,
    face: str = FANG,
) -> Row:
    """Set the texts of a row, each broken to the width of its column."""
    lines = tuple(
        break_lines(cell, Column(face, size, size, right - left - 2 * MARGIN, 0.0, justify=False))
        for cell, left, right in zip(cells, edges[:-1], edges[1:], strict=True)
    )
    return Row(lines, edges, align, size, leading)


def paint_row(sheet: Sheet, row: Row, top: float, height: float) -> None:
    """Paint a row, `height` tall, with its lines around it; texts stand in the middle of their cells."""
    sheet.stamp(_picture(row, height, sheet.width, sheet.height), top)


@lru_cache(maxsize=256)
def _picture(row: Row, height: float, page_width: float, page_height: float) -> Sheet:
    """A row painted at the top of a page: heading rows, and rows alike, are painted once."""
    sheet = Sheet(page_width, page_height)
    sheet.stamp(_frame(row.edges, height, page_width, page_height))
    for lines, align, left, right in zip(row.cells, row.align, row.edges[:-1], row.edges[1:], strict=True):
        above = (height - (len(lines) - 1) * row.leading - row.size) / 2
        for place, line in enumerate(lines):
            _paint_line(sheet, line, align, left, right, above + place * row.leading + EM_TOP * row.size)
    return sheet


@lru_cache(maxsize=32)
def _frame(edges: tuple[float, ...], height: float, page_width: float, page_height: float) -> Sheet:
    """The lines around the cells of a row at the top of a page."""
    sheet = Sheet(page_width, page_height)
    half = _HAIRLINE / 2
    for y in (0.0, height):
        sheet.rule(edges[0] - half, edges[-1] + half, y - half, _HAIRLINE)
    for x in edges:
        sheet.upright(x, 0.0, height, _HAIRLINE)
    return sheet


def _paint_line(sheet: Sheet, line: Line, align: Align, left: float, right: float, baseline: float) -> None:
    if align is Align.CENTRE:
        sheet.centred(line, (left + right) / 2, baseline)
    elif align is Align.END:
        sheet.ending(line, right - MARGIN, baseline)
    else:
        sheet.line(line, left + MARGIN, baseline)
