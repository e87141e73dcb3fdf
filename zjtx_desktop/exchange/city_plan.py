"""A sheet laid out before it is written: the writer puts the same lines that the reader then expects."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from zjtx_desktop.exchange.city_report import CityReport
from zjtx_desktop.exchange.outgoing import row_height
from zjtx_desktop.values import Money, format_date

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SIGNERS = ("填报单位（盖章）：", "经办：", "复核：", "负责人：")


@dataclass(frozen=True, slots=True)
class Formula:
    """One of our own formulas with the value it comes to, which every viewer shows."""

    text: str
    value: int | Money


Cell = str | int | Money | Formula | None
Span = tuple[int, int]          # first and last column of merged cells, both counted from 0


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a cell and the name of its style a column; `height` in points, None fits the content."""

    cells: tuple[Cell, ...]
    styles: tuple[str, ...]
    spans: tuple[Span, ...] = ()
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A two-dimensional code that holds `text`, at the right of a cell; row and column are counted from 0."""

    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `head` is the row (from 0) of the headings, repeated on every page and frozen.

    `frozen` columns stay in view; `table` is the range of rows under the headings. `pages` is how
    many pages high it is printed, 0 for as many as it takes.
    """

    name: str
    widths: tuple[int, ...]
    lines: tuple[Line, ...]
    head: int
    frozen: int = 0
    filtered: bool = False
    table: range = range(0)
    pages: int = 0
    picture: Picture | None = None

    @property
    def body(self) -> tuple[Line, ...]:
        """The lines of the table, without headings and totals."""
        return self.lines[self.table.start : self.table.stop]


def banner(text: str, style: str, widths: Sequence[int], height: int | None = None) -> Line:
    """One text across the whole sheet; without a height it gets as many lines as it needs."""
    columns = len(widths)
    return Line(
        (text, *(None,) * (columns - 1)),
        (style,) * columns,
        ((0, columns - 1),),
        height or row_height((text,), (sum(widths),)),
    )


def fitted(cells: tuple[Cell, ...], styles: tuple[str, ...], widths: Sequence[int]) -> Line:
    """A row of a table, high enough for its longest text."""
    return Line(cells, styles, height=row_height(cells, tuple(widths)))


def parted(texts: Sequence[str], styles: Sequence[str], widths: Sequence[int], height: int) -> Line:
    """Several texts side by side, each across about the same share of the sheet."""
    spans = _shares(widths, len(texts))
    cells: list[Cell] = [None] * len(widths)
    named = [styles[0]] * len(widths)
    for text, style, (first, last) in zip(texts, styles, spans, strict=True):
        cells[first] = text
        named[first : last + 1] = [style] * (last - first + 1)
    return Line(tuple(cells), tuple(named), spans, height)


def heading(
    report: CityReport, name: str, headings: Sequence[str], widths: Sequence[int]
) -> tuple[Line, ...]:
    """Title, round, who made it when in which unit, and the row of headings."""
    made = f"制表日期：{format_date(report.prepared_on)}　　制表人：{report.prepared_by}　　单位：元"
    return (
        banner(f"{report.division}“专精特新”认定奖补资金{name}", "title", widths, 34),
        banner(f"（{report.year}年度　{report.round_name}）", "subtitle", widths, 20),
        parted((f"填报单位：{report.office}", made), ("note", "note_right"), widths, 20),
        Line(tuple(headings), ("head",) * len(widths), height=32),
    )


def signers(widths: Sequence[int]) -> Line:
    """The line for seal and signatures."""
    return parted(_SIGNERS, ("sign",) * len(_SIGNERS), widths, 46)


def summed(table: range, column: int, value: int | Money) -> Formula | int | Money:
    """SUM over a column of the table with its value; a plain value where there is nothing to sum."""
    if not table:
        return value
    top, bottom = (xl_rowcol_to_cell(row, column) for row in (table.start, table.stop - 1))
    return Formula(f"=SUM({top}:{bottom})", value)


def digest(lines: Iterable[Sequence[str]]) -> str:
    """SHA-256 over rows of texts: each row a JSON array without blanks, ended by a newline, in UTF-8."""
    sha = hashlib.sha256()
    for line in lines:
        sha.update(_JSON.encode(list(line)).encode() + b"\n")
    return sha.hexdigest()


def plain(cell: Cell) -> str:
    """A cell as the digest takes it: an amount in yuan with two decimals, an empty cell as empty text."""
    match cell:
        case str():
            return cell
        case None:
            return ""
        case Formula():
            return plain(cell.value)
        case Money():
            return cell.yuan
        case _:
            return str(cell)


def _shares(widths: Sequence[int], parts: int) -> tuple[Span, ...]:
    """Cut the columns into `parts` neighbouring groups of about the same width."""
    whole, passed, first, spans = sum(widths), 0, 0, []
    for column, width in enumerate(widths):
        passed += width
        left = parts - len(spans)
        if left > 1 and (passed * parts >= whole * (len(spans) + 1) or len(widths) - column == left):
            spans.append((first, column))
            first = column + 1
    return (*spans, (first, len(widths) - 1))
