"""Tables that stand in running text, of a document or of pages: which one is read, and what stands over it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.guard import MAX_COLUMNS, MAX_ROWS, TOO_BIG
from zjtx_desktop.exchange.sheet_rows import COVERED, Covers
from zjtx_desktop.exchange.table import CellProblem, CellValue, Hint, Merge, Row, Table, text_cell, trimmed

MAX_TABLES = 500
HEADLINES = 12  # texts over a table that are kept
NEAREST = 1  # of these whatever it says; farther up only what looks like a heading
FIRST = 4  # of the texts of a document that may be its title and number
LONGEST_HEADING = 80
QUOTED = 60  # characters of a text that a note quotes
SENTENCE = re.compile("[。；]")


@dataclass(slots=True)
class FoundTable:
    """One table: its cells by row and column from 1, its merged areas, and the texts that stand before it."""

    name: str
    before: Sequence[str]
    cells: dict[int, dict[int, str | CellProblem]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hints: Mapping[int, tuple[Hint, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def rows(self) -> Iterator[Row]:
        """The texts over the table as rows 0, -1, …, then its rows with content."""
        over = headlines(self.before)
        for number, text in enumerate(over, start=1 - len(over)):
            yield Row(number, (text,))
        covers = Covers(self.merges)
        for number, found in sorted(self.cells.items()):
            values = {column: _value(cell) for column, cell in found.items()}
            values = {column: value for column, value in values.items() if value is not None}
            values |= dict.fromkeys(covers.columns(number, values), COVERED)
            if cells := trimmed(map(values.get, range(1, max(values, default=0) + 1))):
                yield Row(number, cells, self.hints.get(number, ()))

    @property
    def is_table(self) -> bool:
        """Whether it has rows and columns, and is no frame around a text."""
        width = max((max(cells, default=0) for cells in self.cells.values()), default=0)
        filled = sum(any(_value(cell) is not None for cell in cells.values()) for cells in self.cells.values())
        return filled >= 2 and (width >= 2 or filled >= 3)


def _value(cell: str | CellProblem) -> CellValue:
    return text_cell(cell) if isinstance(cell, str) else cell


def headlines(before: Sequence[str]) -> list[str]:
    """Of the texts before a table those that can be its headline, in their order."""
    texts = [" ".join(text.split()) for text in before]
    texts = [text for text in texts if text]
    first, last = texts[:FIRST], texts[FIRST:]
    far, near = (first + last)[:-NEAREST], (first + last)[-NEAREST:]
    chosen = [text for text in far if len(text) <= LONGEST_HEADING and not SENTENCE.search(text)]
    return [*chosen[:FIRST], *chosen[FIRST:][-(HEADLINES - FIRST - NEAREST) :], *near]


def hand_on_one(
    tables: Sequence[FoundTable],
    name: str,
    sheet: str | None,
    take: Callable[[Row], None],
    notes: Iterable[str],
    none: str,
) -> Table:
    """Hand the rows of the named table, or of the first, to `take`; BadFile with `none` when there is no table."""
    if not tables:
        raise BadFile(none)
    if len(tables) > MAX_TABLES:
        raise BadFile(TOO_BIG)
    titles = tuple(table.name for table in tables)
    if sheet is not None and sheet not in titles:
        raise BadFile(f"没有名为“{sheet}”的表，请从这些里选：{'、'.join(titles[:20])}。")
    chosen = tables[titles.index(sheet)] if sheet else tables[0]
    rows = list(chosen.rows())
    if len(rows) > MAX_ROWS:
        raise BadFile(TOO_BIG)
    for row in rows:
        if len(row.cells) > MAX_COLUMNS:
            raise BadFile(f"第 {row.number} 行超过 {MAX_COLUMNS} 列，请删去多余的列后再导入。")
        take(row)
    which = (f"文件里有 {len(titles)} 张表，读取的是“{chosen.name}”。",) if len(titles) > 1 else ()
    return Table(name, chosen.name, titles, (), (*which, *chosen.notes, *notes), tuple(chosen.merges), letters=False)


def left_over(texts: Sequence[str]) -> Iterator[str]:
    """What stands behind the last table, told because no row says it."""
    said = " ".join(" ".join(texts).split())
    if said:
        yield f"最后一张表后面还有文字，没有读入：“{said[:QUOTED]}{'…' if len(said) > QUOTED else ''}”。"
