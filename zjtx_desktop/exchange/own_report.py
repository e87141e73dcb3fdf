"""The workbook for the city that comes back as a list: of its detail only what it says of recognitions is read."""

from collections.abc import Collection
from dataclasses import replace

from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.exchange.city_detail import CASE_COLUMNS, DETAIL_COLUMNS
from zjtx_desktop.exchange.headers import SEARCHED
from zjtx_desktop.exchange.list_cells import cell_at, shown
from zjtx_desktop.exchange.table import Row, Table

NOTE = "这是本程序导出的报送表，只读取明细表里关于认定的各列；金额、状态、备注和作废的各行不读。"
_HEADINGS = ("序号", *(column.heading for column in DETAIL_COLUMNS))
_STATE = 1 + _HEADINGS.index("状态")
_KEPT = (1, *range(3, 2 + len(CASE_COLUMNS)))  # columns counted from 1: the serial, and the case without the award's number


def recognitions_in(table: Table) -> Table:
    """Of a 明细表, the rows of awards that are not voided with the columns on their recognitions; any other table as it is.

    What stands over and under them speaks of a round of awards and not of a list: year and batch there are the round's.
    """
    header = next((row for row in table.rows[:SEARCHED] if _texts(row) == _HEADINGS), None)
    if header is None:
        return table
    voided = AwardState.VOIDED.label
    rows = [row for row in table.rows if row.number > header.number and shown(cell_at(row, 1)).isdecimal()]
    kept = tuple(_only(row, _KEPT) for row in (header, *rows) if shown(cell_at(row, _STATE)) != voided)
    return replace(table, rows=kept, notes=(*table.notes, NOTE), merges=())


def is_own(table: Table) -> bool:
    """Whether `recognitions_in` made it."""
    return NOTE in table.notes


def _texts(row: Row) -> tuple[str, ...]:
    return tuple(shown(cell).strip() for cell in row.cells)


def _only(row: Row, columns: Collection[int]) -> Row:
    cells = tuple(cell if column in columns else None for column, cell in enumerate(row.cells, start=1))
    return Row(row.number, cells, tuple(hint for hint in row.hints if hint.column in (0, *columns)))
