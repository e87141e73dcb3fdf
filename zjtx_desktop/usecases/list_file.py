"""A list that somebody sent, before it is compared with the book: read, its columns understood, its rows checked."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.bad_rows import BadRow, write_bad_rows
from zjtx_desktop.exchange.guessing import guess_columns
from zjtx_desktop.exchange.headers import SAMPLED, Field, Header, find_header
from zjtx_desktop.exchange.list_cells import shown
from zjtx_desktop.exchange.lists import ListDefaults, ParsedList, parse_list
from zjtx_desktop.exchange.pasted import read_pasted
from zjtx_desktop.exchange.reading import read_table
from zjtx_desktop.exchange.table import Row, Table
from zjtx_desktop.usecases.outcomes import Outcome, is_missing

__all__ = (
    "Field",
    "Header",
    "ListColumn",
    "ListDefaults",
    "ListFile",
    "ParsedList",
    "paste_list",
    "read_list",
    "save_bad_rows",
)


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column of the sheet: its letter (its number in what was pasted), what stands over it, some of its values, and what it was taken for."""

    number: int
    letter: str
    label: str
    samples: tuple[str, ...]
    field: Field | None


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list somebody sent: its name and hash for the record, and the table on one of its sheets."""

    name: str
    sha256: str
    table: Table

    def header(self, columns: Mapping[str, int] | None = None) -> Header:
        """Which column means what; BadFile when that cannot be told."""
        return find_header(self.table, columns)

    def has_header(self) -> bool:
        """Whether a header was found."""
        return self._found() is not None

    def columns(self) -> tuple[ListColumn, ...]:
        """Every column as found; where no header can be told, by what stands in those of a pasted block."""
        header = self._found() or Header(0, self._guessed(), (), (), ())
        meant = {column: field for field, column in header.columns.items()}
        rows = [row for row in self.table.rows if row.number > header.row][:SAMPLED]
        width = max((len(row.cells) for row in self.table.rows), default=0)
        return tuple(
            ListColumn(n, self.table.column(n), _at(header.labels, n), _samples(rows, n), meant.get(n))
            for n in range(1, width + 1)
        )

    def parse(
        self, defaults: ListDefaults, today: date, columns: Mapping[str, int] | None = None
    ) -> ParsedList:
        """Every row checked; `columns` as in `parse_list`, without them as `columns()` tells."""
        if columns is None and self._found() is None:
            columns = self._guessed()
        return parse_list(self.table, defaults, Titles.load(), today, columns)

    def _found(self) -> Header | None:
        try:
            return find_header(self.table)
        except BadFile:
            return None

    def _guessed(self) -> Mapping[Field, int]:
        """Rows are often copied without their header, while a file without one is some other file."""
        return guess_columns(self.table) if self.table.pasted else {}


def read_list(path: Path, sheet: str | None = None) -> ListFile:
    """Read a file that somebody sent; BadFile says what to do with one that cannot be read."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return ListFile(path.name, sha256, read_table(path, sheet))


def paste_list(text: str) -> ListFile:
    """The list in a block copied in a spreadsheet; BadFile says what is wrong with it."""
    sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    table = read_pasted(text)
    return ListFile(table.path_name, sha256, table)


def save_bad_rows(
    path: Path, header: tuple[str, ...], outcomes: Iterable[Outcome], overwrite: bool = False
) -> int:
    """Write the rows that could not be taken, or were left out, as a workbook to be corrected and imported; how many.

    No file for none.
    """
    bad: list[BadRow] = [(o.row, o.raw, "".join(o.messages)) for o in outcomes if is_missing(o)]
    if bad:
        write_bad_rows(path, header, bad, overwrite)
    return len(bad)


def _at(labels: tuple[str, ...], number: int) -> str:
    return " ".join(labels[number - 1].split()) if number <= len(labels) else ""


def _samples(rows: Iterable[Row], column: int, most: int = 3) -> tuple[str, ...]:
    """The first different values of a column."""
    texts = dict.fromkeys(shown(row.cells[column - 1]) for row in rows if column <= len(row.cells))
    return tuple(text for text in texts if text)[:most]
