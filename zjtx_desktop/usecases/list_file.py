"""A list that somebody sent, before it is compared with the book: read, its columns understood, its rows checked."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.bad_rows import BadRow, write_bad_rows
from zjtx_desktop.exchange.guessing import guess_columns
from zjtx_desktop.exchange.headers import SAMPLED, Header, find_header, label_rows
from zjtx_desktop.exchange.headings import HEADLINE, SECTION, Field
from zjtx_desktop.exchange.list_cells import shown
from zjtx_desktop.exchange.list_around import LABELS
from zjtx_desktop.exchange.list_given import given_columns
from zjtx_desktop.exchange.lists import Answers, ListDefaults, ListRow, ParsedList, Proposal, Question, parse_list, proposed_by
from zjtx_desktop.exchange.own_report import is_own, recognitions_in
from zjtx_desktop.exchange.pasted import read_pasted
from zjtx_desktop.exchange.reading import read_table
from zjtx_desktop.exchange.table import Row, Table
from zjtx_desktop.usecases.outcomes import Outcome, is_missing

__all__ = (
    "LABELS",
    "Answers",
    "Field",
    "Header",
    "ListColumn",
    "ListDefaults",
    "ListFile",
    "ListRow",
    "ParsedList",
    "Proposal",
    "Question",
    "given_for",
    "paste_list",
    "read_list",
    "read_sheets",
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


MOST_TRIED = 20  # sheets in search of a list
SHEET = 1 << 25  # keys of the rows of one sheet before those of the next


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list somebody sent: its name and hash for the record, and the table on one of its sheets.

    `more` are further sheets to be taken in the same action, `left` those without a list, `unseen` hidden ones that
    nobody named.
    """

    name: str
    sha256: str
    table: Table
    more: tuple[Table, ...] = ()
    left: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every sheet to be taken."""
        return (self.table, *self.more)

    def proposals(self, columns: Mapping[str, int] | None = None) -> tuple[Proposal, ...]:
        """What the headlines propose for all rows of the file: where two sheets differ in a field, nothing for it."""
        told = [(table, columns if table is self.table else None) for table in self.tables]
        found = [proposed_by(table, chosen) for table, chosen in told if chosen or self._has_list(table)]
        agreed = {one.field: one for one in found[0]} if found else {}
        for others in found[1:]:
            values = {one.field: one.value for one in others}
            agreed = {key: one for key, one in agreed.items() if values.get(key) == one.value}
        return tuple(agreed.values())

    def header(self, columns: Mapping[str, int] | None = None) -> Header:
        """Which column means what; BadFile when that cannot be told."""
        return find_header(self.table, columns)

    def has_header(self) -> bool:
        """Whether a header was found."""
        return self._found() is not None

    def headings(self, columns: Mapping[str, int] | None = None) -> tuple[str, ...]:
        """The text over each column of the first sheet, from column A on; nothing for a list without a header."""
        try:
            header = self.header(columns)
        except BadFile:
            return ()
        return header.labels if header.row else ()

    def heading_rows(self) -> Iterator[tuple[str, ...]]:
        """The headings as found; where none were, the texts over the columns by each row that may hold them."""
        found = self.headings()
        return iter((found,)) if found else label_rows(self.table)

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
        self,
        defaults: ListDefaults,
        today: date,
        columns: Mapping[str, int] | None = None,
        answers: Answers = Answers(),
    ) -> ParsedList:
        """Every row checked; `columns` as in `parse_list`, for the first sheet; without them as `columns()` tells."""
        if columns is None and self._found() is None:
            columns = self._guessed()
        titles = Titles.load()
        parsed = parse_list(self.table, defaults, titles, today, columns, answers)
        if not self.more:
            return replace(parsed, notes=(*parsed.notes, *self._left_notes()))
        others = [parse_list(table, defaults, titles, today, None, answers) for table in self.more]
        return replace(_together((parsed, *others)), notes=(*_notes((parsed, *others)), *self._left_notes()))

    def _left_notes(self) -> tuple[str, ...]:
        said = {"里没有名单，没有读。": self.left, "是隐藏的，没有读；要导入的，请指明工作表的名称。": self.unseen}
        return tuple(f"工作表{'、'.join(f'“{name}”' for name in names)}{why}" for why, names in said.items() if names)

    @staticmethod
    def _has_list(table: Table) -> bool:
        try:
            find_header(table)
        except BadFile:
            return False
        return True

    def _found(self) -> Header | None:
        try:
            return find_header(self.table)
        except BadFile:
            return None

    def _guessed(self) -> Mapping[Field, int]:
        """Rows are often copied without their header, while a file without one is some other file."""
        return guess_columns(self.table) if self.table.pasted else {}


def read_list(path: Path, sheet: str | None = None) -> ListFile:
    """Read a file that somebody sent: the sheet, or the first with a list on it, or just the first where none has one.

    BadFile says what to do with a file that cannot be read.
    """
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    table = recognitions_in(read_table(path, sheet))
    if sheet is None and not ListFile._has_list(table):
        others = (_sheet(path, name) for name in table.sheets[:MOST_TRIED] if name != table.sheet)
        table = next((one for one in others if one is not None and ListFile._has_list(one)), table)
    return ListFile(path.name, sha256, table)


def read_sheets(path: Path, sheets: Sequence[str] = ()) -> ListFile:
    """Read these sheets of a file as one list; without any named all that hold a list and are not hidden.

    BadFile when one of the named has no list, or none has.
    """
    first = read_list(path, sheets[0] if sheets else None)
    if sheets:
        more = tuple(recognitions_in(read_table(path, name)) for name in dict.fromkeys(sheets[1:]) if name != first.table.sheet)
        for table in more:
            find_header(table)  # says why there is no list
        return replace(first, more=more)
    if is_own(first.table):
        return first  # its other sheets hold no list
    shown = [name for name in first.table.sheets if name not in first.table.hidden] or first.table.sheets
    tables = [first.table if name == first.table.sheet else _sheet(path, name) for name in shown]
    held = [table for table in tables if table is not None and ListFile._has_list(table)]
    if not held:
        first.header()
    left = tuple(name for name in shown if name not in {table.sheet for table in held})
    unseen = tuple(name for name in first.table.sheets if name not in shown)
    return replace(first, table=held[0], more=tuple(held[1:]), left=left, unseen=unseen)


def _sheet(path: Path, name: str) -> Table | None:
    """One sheet; None for an empty one."""
    try:
        return recognitions_in(read_table(path, name))
    except BadFile as refusal:
        if "没有内容" in str(refusal):
            return None
        raise


def _together(parts: Sequence[ParsedList]) -> ParsedList:
    """The lists of several sheets as one, their rows under one header, each with its sheet and a key of its own."""
    labels: list[str] = []
    rows: list[ListRow] = []
    laid = [_places(labels, part.header) for part in parts]
    for number, (part, places) in enumerate(zip(parts, laid, strict=True)):
        for row in part.rows:
            at = dict(zip(places, row.cells, strict=False))
            cells = tuple(map(at.get, range(len(labels))))
            rows.append(replace(row, sheet=part.sheet, key=number * SHEET + row.key, cells=cells))
    asked = {one.sentence: one for part in parts for one in part.questions}
    left = {(one.field, one.source): one for part in parts for one in part.proposals}
    return replace(parts[0], rows=tuple(rows), header=tuple(labels), questions=tuple(asked.values()), proposals=tuple(left.values()))


def _places(labels: list[str], header: Sequence[str]) -> list[int]:
    """The column of each of these labels among those of all sheets, which gain what they lack."""
    places: list[int] = []
    for label in header:
        place = next((at for at, one in enumerate(labels) if one == label and at not in places), len(labels))
        if place == len(labels):
            labels.append(label)
        places.append(place)
    return places


def _notes(parts: Sequence[ParsedList]) -> list[str]:
    """The notes of all sheets, each with its sheet; that there are others besides is no news any more."""
    return [f"工作表“{part.sheet}”：{note}" for part in parts for note in part.notes if "读取的是" not in note]


def paste_list(text: str) -> ListFile:
    """The list in a block copied in a spreadsheet; BadFile says what is wrong with it."""
    sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    table = read_pasted(text)
    return ListFile(table.path_name, sha256, table)


def save_bad_rows(
    path: Path,
    header: tuple[str, ...],
    outcomes: Iterable[Outcome],
    overwrite: bool = False,
    given: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """Write the rows that could not be taken, or were left out, as a workbook to be corrected and imported; how many.

    What stood over a row in its list goes along, so that a row left as it is is refused again; and what was `given`
    for the whole list, by headings, for each row that no sub-heading stands over. No file for none.
    """
    missing = [one for one in outcomes if is_missing(one)]
    over = [place for place in (0, 1) if header and HEADLINE not in header and any(one.over[place] for one in missing)]
    labels = (*header, *given, *((HEADLINE, SECTION)[place] for place in over))
    bad: list[BadRow] = []
    for one in missing:
        cells = (*one.raw[: len(header)], *[""] * (len(header) - len(one.raw))) if over or given else one.raw
        values = ["" if one.over[1] else text for text in given.values()]
        bad.append((one.row, (*cells, *values, *(one.over[place] for place in over)), "".join(one.messages)))
    if bad:
        write_bad_rows(path, labels, bad, overwrite)
    return len(bad)


def given_for(parsed: ParsedList, defaults: ListDefaults) -> Mapping[str, str]:
    """What a file of the list's bad rows says of what was given for the whole list; nothing while that is in question."""
    return {} if parsed.questions else given_columns(defaults, [Field(one) for one in parsed.columns])


def _at(labels: tuple[str, ...], number: int) -> str:
    return " ".join(labels[number - 1].split()) if number <= len(labels) else ""


def _samples(rows: Iterable[Row], column: int, most: int = 3) -> tuple[str, ...]:
    """The first different values of a column."""
    texts = dict.fromkeys(shown(row.cells[column - 1]) for row in rows if column <= len(row.cells))
    return tuple(text for text in texts if text)[:most]
