"""The cells of a document's table put into columns: a document has a grid of its own under every row."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.guard import MAX_MERGES
from zjtx_desktop.exchange.table import Hint, HintKind, Merge, gathered
from zjtx_desktop.exchange.text_tables import FoundTable


@dataclass(slots=True)
class Cell:
    """One cell as the XML writes it; its text is whole when it ends."""

    span: int = 1
    continues: str = ""  # "down" or "right" when it goes on what stands above, or left of it
    fill: str = ""
    lines: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its paragraphs, one on a line."""
        return "\n".join(self.lines).strip()


@dataclass(slots=True)
class Grid:
    """A table while it is read: rows of cells, each with the grid column it begins in."""

    rows: list[list[tuple[int, Cell]]] = field(default_factory=list)
    at: int = 0  # the next grid column of the row
    before: list[str] = field(default_factory=list)


def fill_table(table: FoundTable, grid: Grid) -> None:
    """Put the cells into columns: one for each place of the grid where some cell begins."""
    begins = sorted({at for row in grid.rows for at, cell in row if cell.continues != "right"})
    areas: dict[int, Merge] = {}  # by the column in which they begin, those that may go on downwards
    hints: dict[int, tuple[Hint, ...]] = {}
    for number, row in enumerate(grid.rows, start=1):
        cells: dict[int, str] = {}
        here: dict[int, Merge] = {}
        for left, right, cell in _spread(row, begins):
            cells[left] = cell.text
            above = areas.get(left)
            goes_on = cell.continues == "down" and above is not None
            here[left] = Merge(above.top if goes_on and above else number, left, number, right)
            if not goes_on and above:
                _keep(table, above)
        for left, area in areas.items():
            if left not in here:
                _keep(table, area)
        areas = here
        table.cells[number] = dict(cells)
        hints[number] = tuple(_hints([(left, cell) for left, _, cell in _spread(row, begins)]))
    for area in areas.values():
        _keep(table, area)
    table.hints = {number: said for number, said in hints.items() if said}


def _spread(row: list[tuple[int, Cell]], begins: list[int]) -> Iterator[tuple[int, int, Cell]]:
    """Each cell with the first and last column it covers; one that goes on to the right lengthens the one before."""
    last: tuple[int, int, Cell] | None = None
    for at, cell in row:
        left, right = bisect_left(begins, at) + 1, bisect_left(begins, at + cell.span)
        if cell.continues == "right" and last:
            last = (last[0], max(last[1], right), last[2])
            continue
        if last:
            yield last
        last = (left, right, cell)
    if last:
        yield last


def _keep(table: FoundTable, area: Merge) -> None:
    if area.top == area.bottom and area.left == area.right:
        return
    table.merges.append(area)
    if len(table.merges) > MAX_MERGES:
        raise BadFile(f"合并单元格超过 {MAX_MERGES:,} 处，请取消合并后再导入。")


def _hints(cells: list[tuple[int, Cell]]) -> Iterator[Hint]:
    filled = [(column, cell) for column, cell in cells if cell.text]
    struck = {column: _struck_words(cell) for column, cell in filled if "".join(cell.struck).strip()}
    yield from gathered(HintKind.STRUCK, struck, [column for column, _ in filled])
    fills = {column: cell.fill for column, cell in filled if cell.fill}
    yield from gathered(HintKind.FILLED, fills, [column for column, _ in filled])
    yield from (Hint(HintKind.COMMENT, column, said) for column, cell in cells for said in cell.comments)


def _struck_words(cell: Cell) -> str:
    words = "".join(cell.struck)
    return "" if "".join(words.split()) == "".join(cell.text.split()) else words.strip()
