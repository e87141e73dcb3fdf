"""A list as it stands on screen, on paper: its visible columns and its rows in their order, as PDF."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from zjtx_desktop.documents.cells import Align
from zjtx_desktop.documents.fitting import column_width, fit
from zjtx_desktop.documents.tables import ListColumn, PrintedList, most_rows, too_long, write_list
from zjtx_desktop.exchange.atomic import write_atomically

Tick = Callable[[int, int | None], None]
_NUMBER = "序号"
_TOTAL = "合计"


@dataclass(frozen=True, slots=True)
class PrintColumn:
    """A heading, whether its texts stand on the right, and whether each of them stays on one line."""

    heading: str
    right: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ListPrint:
    """What is to be printed. `sums` has a text for each column that is summed, empty for the others.

    Rows are numbered on paper, so that one can speak of “第 5 行” there.
    """

    title: str
    columns: tuple[PrintColumn, ...]
    rows: Sequence[Sequence[str]]
    office: str
    prepared_on: date
    sums: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    code: str = ""


def refuse_too_many(count: int) -> None:
    """Refuse so many rows before any of them is read: no width of columns brings them on fewer pages."""
    if count > most_rows():
        raise too_long(count)


def list_pdf(listed: ListPrint, tick: Tick | None = None) -> bytes:
    """The list as PDF in memory, for a printer. Refused says what is too wide, too long or has no glyph."""
    out = BytesIO()
    _write(listed, out, tick)
    return out.getvalue()


def save_list(path: Path, listed: ListPrint, tick: Tick | None = None) -> None:
    """Write the list as PDF, whole or not at all; a file that is there is replaced."""

    def fill(part: Path) -> None:
        with part.open("wb") as file:
            _write(listed, file, tick)

    write_atomically(path, fill, overwrite=True)


def _write(listed: ListPrint, out: BinaryIO, tick: Tick | None) -> None:
    refuse_too_many(len(listed.rows))
    columns = (PrintColumn(_NUMBER, right=True, whole=True), *listed.columns)
    rows = [(str(number), *row) for number, row in enumerate(listed.rows, start=1)]
    total = _total_row(listed)
    under = total or ("",) * len(columns)
    fitted = fit([
        column_width(column.heading, (row[place] for row in rows), column.whole, under[place])
        for place, column in enumerate(columns)
    ])  # fmt: skip
    heads = tuple(
        ListColumn(column.heading, width, Align.END if column.right else Align.START)
        for column, width in zip(columns, fitted.widths, strict=True)
    )
    around = PrintedList(
        listed.title, heads, listed.prepared_on, listed.office,
        lying=fitted.lying, total=total, notes=listed.notes, size=fitted.size,
        code=listed.code,
    )  # fmt: skip
    write_list(around, rows, out, tick)


def _total_row(listed: ListPrint) -> tuple[str, ...]:
    """“合计” stands under the first column that is not summed, where there is one beside the numbers."""
    if not any(listed.sums):
        return ()
    first, *others = listed.sums
    return (_TOTAL, *listed.sums) if first else ("", _TOTAL, *others)
