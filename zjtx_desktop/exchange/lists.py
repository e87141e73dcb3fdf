"""Published lists of recognised organisations (认定名单): from a table to checked rows, nothing guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath

from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.bad_rows import ROW_COLUMN
from zjtx_desktop.exchange.headers import Header, find_header
from zjtx_desktop.exchange.headings import Field, Role
from zjtx_desktop.exchange.list_around import (
    LABELS,
    Answers,
    ListDefaults,
    Proposal,
    Question,
    proposals,
    questions,
    sources,
    with_proposals,
    year_note,
)
from zjtx_desktop.exchange.list_cells import cell_at, shown
from zjtx_desktop.exchange.list_counts import count_notes
from zjtx_desktop.exchange.list_hints import usual_fills
from zjtx_desktop.exchange.list_merges import filled_down
from zjtx_desktop.exchange.list_record import ListRow
from zjtx_desktop.exchange.list_row import Around, RowReader
from zjtx_desktop.exchange.list_sections import Line, Sorter
from zjtx_desktop.exchange.statements import Said, said_in
from zjtx_desktop.exchange.table import Hint, Table

__all__ = (
    "Answers",
    "Field",
    "Header",
    "ListDefaults",
    "ListRow",
    "ParsedList",
    "Proposal",
    "Question",
    "find_header",
    "parse_list",
    "proposed_by",
)


@dataclass(frozen=True, slots=True)
class ParsedList:
    """A list as understood: which columns, which rows, and what the person should know of the whole.

    `proposals` are what the headlines say and was not taken; `questions` what contradicts them and waits for an answer.
    """

    sheet: str
    header_row: int  # the last row of the header
    columns: Mapping[Field, str]  # field → column letters
    rows: tuple[ListRow, ...]
    notes: tuple[str, ...]
    header: tuple[str, ...]  # texts of the header, for the file of bad rows
    proposals: tuple[Proposal, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def fixes(self) -> int:
        """How many proposals for single cells wait to be taken."""
        return sum(row.fixes for row in self.rows)


def parse_list(
    table: Table,
    defaults: ListDefaults,
    titles: Titles,
    today: date,
    columns: Mapping[str, int] | None = None,
    answers: Answers = Answers(),
) -> ParsedList:
    """Check every row of a list; `columns` (field → column from 1) overrides what the header says.

    BadFile when the header or the shape of the list is in doubt; doubt in a row is an error of that row.
    """
    header = find_header(table, columns)
    sorter = Sorter(table, header)
    lines, merged = filled_down(table, sorter.lines())
    if not lines:
        raise BadFile(f"{table.called}的表头下面没有名单，没有导入任何内容，请核对后再导入。")
    readers = _Readers(table, titles, today, defaults, answers, sorter, usual_fills(lines))
    labels, slots = _united(lines)
    rows = tuple(readers.read(line, slots.get(id(line.header))) for line in lines)
    headers = list({line.header.row: line.header for line in reversed(lines)}.values())[::-1]  # the first of each row
    counted = () if ROW_COLUMN in labels else count_notes(sorter, lines)  # bad rows that come back are some of a list
    notes = (*table.notes, *_header_notes(headers), *sorter.notes(), *merged, *counted, *readers.notes())
    letters = {held: table.column(column) for held, column in header.columns.items()}
    left = () if answers.from_heading else readers.left()
    return ParsedList(table.sheet, header.row, letters, rows, notes, labels, left, readers.asked())


def proposed_by(table: Table, columns: Mapping[str, int] | None = None) -> tuple[Proposal, ...]:
    """What the headlines and the name of the sheet propose for the whole list, each with its source."""
    header = find_header(table, columns)
    sorter = Sorter(table, header)
    sorter.take_above()
    return proposals(_heads(table, sorter, header))


@dataclass(slots=True)
class _Readers:
    """A reader for the rows under the same headlines; a file of bad rows brings those of each row along."""

    table: Table
    titles: Titles
    today: date
    given: ListDefaults
    answers: Answers
    sorter: Sorter
    usual: frozenset[Hint]
    _made: dict[tuple[str, int], RowReader] = field(default_factory=dict)

    def read(self, line: Line, columns: Sequence[int] | None) -> ListRow:
        """The row, read under its own headlines and headings."""
        if sections := _told(line, Role.SECTION):
            line = replace(line, said=tuple(said_in(one) for one in sections.split("\n")))
        return self._of(_told(line, Role.HEADLINE), line.header).read(line, columns)

    def notes(self) -> list[str]:
        """What the headlines say against what was given, and what was taken of them."""
        said: list[str] = []
        for reader in self._made.values():
            around = reader.around
            said += [around.open[name].sentence for name in around.open if name in reader.relied]
            said += year_note(around.defaults, around.heads)
            if self.answers.from_heading:
                new = [one for one in proposals(around.heads) if getattr(self.given, one.field) is None]
                said += [f"{one.source}写有{LABELS[one.field]}“{one.shown}”，名单没有写明的各行按此填写。" for one in new]
            said += _status_notes(around)
        return list(dict.fromkeys(said))

    def left(self) -> tuple[Proposal, ...]:
        """What the headlines propose and nobody took."""
        found = {}
        for reader in self._made.values():
            for one in proposals(reader.around.heads):
                if getattr(self.given, one.field) is None:
                    found.setdefault((one.field, str(one.value)), one)
        return tuple(found.values())

    def asked(self) -> tuple[Question, ...]:
        """The questions that some row cannot do without."""
        found = {}
        for reader in self._made.values():
            for name, question in reader.around.open.items():
                if name in reader.relied:
                    found.setdefault(name, question)
        return tuple(found.values())

    def _of(self, brought: str, header: Header) -> RowReader:
        key = (brought, header.row)
        if key not in self._made:
            told = tuple(said_in(one) for one in brought.split("\n") if one)
            self._made[key] = self._reader((*told, *_heads(self.table, self.sorter, header)))
        return self._made[key]

    def _reader(self, heads: tuple[Said, ...]) -> RowReader:
        offered = proposals(heads) if self.answers.from_heading else ()
        defaults = with_proposals(self.given, offered)
        asked = {name: one for name, one in questions(defaults, heads).items() if not self.answers.settles(name)}
        around = Around(heads, said_in(PurePath(self.table.path_name).stem), defaults, self.answers, asked, tuple(self.sorter.feet))
        return RowReader(self.table, self.titles, self.today, around, self.usual)


def _heads(table: Table, sorter: Sorter, header: Header) -> tuple[Said, ...]:
    """The headlines over the list, the words over its names (拟认定企业名称), and last the name of the sheet."""
    column = header.columns[Field.NAME]
    label = said_in(header.labels[column - 1]) if column <= len(header.labels) else Said()
    if label.proposed in ("申报", "申请"):  # 申报单位 heads final lists as well
        label = replace(label, proposed="")
    return (*sorter.heads, *((label,) if label.bears else ()), said_in(table.sheet))


def _told(line: Line, role: Role) -> str:
    """What a file of bad rows says of a row's headlines or headings, in the list it came from."""
    column = next((one.column for one in line.header.watched if one.role is role), None)
    return shown(cell_at(line.row, column)) if column else ""


def _united(lines: Sequence[Line]) -> tuple[tuple[str, ...], dict[int, tuple[int, ...]]]:
    """One row of labels for all the headers of a list, and for each header its column under every label, 0 for none.

    No columns where there is but one header: then the rows are as they are.
    """
    headers = list({id(line.header): line.header for line in lines}.values())
    if len(headers) == 1 and not headers[0].beside and headers[0].span[0] == 1:
        return headers[0].labels, {}
    labels: list[str] = []
    slots: dict[int, dict[int, int]] = {}
    for header in headers:
        taken: set[int] = set()
        first, last = header.span
        for column, label in enumerate(header.labels, start=1):
            if not first <= column <= last:
                continue
            place = next((at for at, one in enumerate(labels) if one == label and at not in taken), len(labels))
            if place == len(labels):
                labels.append(label)
            taken.add(place)
            slots.setdefault(id(header), {})[place] = column
    return tuple(labels), {key: tuple(found.get(at, 0) for at in range(len(labels))) for key, found in slots.items()}


def _header_notes(headers: Sequence[Header]) -> list[str]:
    notes = []
    for header in headers:
        notes += header.notes
        if header.beside:
            notes.append(f"表头并排重复了 {len(header.beside) + 1} 次，各块按同样的列读取，前一块读完接后一块。")
        if header.unused:
            notes.append(f"没有用到的列：{'、'.join(' '.join(label.split()) for label in header.unused)}。")
    return list(dict.fromkeys(notes))


def _status_notes(around: Around) -> list[str]:
    """What headlines and the file's name say of the status of all rows."""
    notes = []
    for said, source in sources(around.heads):
        if said.stopped or said.renamed:
            notes.append(f"{source}写有“{said.stopped or said.renamed}”，各行都不能作为认定登记。")
        elif said.proposed:
            notes.append(f"{source}写有“{said.proposed}”，各行按“仅公示”登记，不据以奖补；请以正式公告或通知为准。")
    file = around.file
    if word := file.stopped or file.renamed or file.proposed:
        notes.append(f"文件名{file.quoted}写有“{word}”，请核对是不是认定名单。")
    return notes
