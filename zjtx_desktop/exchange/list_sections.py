"""Walks down the rows of a list: each is data, a heading, a header, or what stands at a foot."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from zjtx_desktop.exchange.headers import Header, header_at, is_header
from zjtx_desktop.exchange.headings import Field, meaning
from zjtx_desktop.exchange.list_cells import cell_at, shown
from zjtx_desktop.exchange.list_feet import begins_foot, is_foot, is_signed, is_total
from zjtx_desktop.exchange.list_names import has_body, is_firm
from zjtx_desktop.exchange.list_words import pattern
from zjtx_desktop.exchange.statements import Said, count_in, numbering, said_in
from zjtx_desktop.exchange.table import CellValue, Row, Table
from zjtx_desktop.values import Division, fold_name

SHOWN = 30
_COLUMN_NUMBER = re.compile("[0-9]{1,2}|[A-Za-z]|[甲乙丙丁]")
_COUNT_BEHIND = re.compile(r"共?[计有]?\d{1,5}[家户个]$")
_FOOT = "是合计、备注或落款，已跳过"
NAMED = 10
MOST_BROKEN = 3  # rows below its first over which a name may be broken
ANNEX, PART, ARTICLE, POINT, LOOSE = 0, 1, 2, 3, 10  # how deep a heading lies, by its numbering


@dataclass(slots=True)
class Open:
    """A heading that holds for the rows below it, and how many these are."""

    said: Said
    depth: int
    row: int
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation's row under its header: the headings over it, outermost first, and what continues its name."""

    row: Row
    header: Header
    said: tuple[Said, ...]
    order: tuple[int, int, int]
    more: str = ""  # the rest of a name broken over two rows


@dataclass(slots=True)
class Sorter:
    """`lines` are the rows of data; `notes` tells what the others were; `closed` are the headings with their counts."""

    table: Table
    header: Header
    heads: tuple[Said, ...] = ()
    feet: list[str] = field(default_factory=list)
    closed: list[Open] = field(default_factory=list)
    totals: list[tuple[int, int, int, int]] = field(default_factory=list)  # row, said, rows under it, rows in all
    _open: list[Open] = field(default_factory=list)
    _loose: list[str] = field(default_factory=list)
    _headings: list[str] = field(default_factory=list)
    _skipped: dict[str, list[int]] = field(default_factory=dict)
    _segment: int = 0
    _rows: int = 0

    def lines(self) -> list[Line]:
        """The rows of data in their order; those of blocks side by side one block after the other."""
        self.take_above()
        found: list[Line] = []
        for row in self.table.rows:
            if row.number > self.header.row:
                found.extend(self._lines_of(row))
        self.closed.extend(self._open)
        joined = _joined(found)
        if len(joined) < len(found):
            self._skipped["的名称断在两行，已与上一行合并"] = [
                line.row.number + 1 for line in joined if line.more
            ]
        return sorted(joined, key=lambda line: line.order) if self._has_blocks(joined) else joined

    def notes(self) -> tuple[str, ...]:
        """What the rows that are no data were, in sentences."""
        skipped = [f"第 {_listed(numbers)} 行{why}。" for why, numbers in self._skipped.items()]
        return (*self._headings, *skipped)

    # one row

    def _lines_of(self, row: Row) -> Iterator[Line]:
        if self._is_plain(row):  # nearly every row of a long list
            self._count()
            yield Line(row, self.header, self._said(), (self._segment, 0, row.number))
            return
        filled = [(column, cell) for column, cell in enumerate(row.cells, start=1) if cell is not None]
        if is_header(row, self.header):
            self._take_header(row)
        elif len(filled) == 1 and self._is_heading(*filled[0]):
            self._take_heading(row.number, shown(filled[0][1]))
        else:
            said = self._said()
            for block, header in enumerate((self.header, *self.header.beside)):
                part = _part(row, header) if self.header.beside else row
                if self._is_data(part, header, filled):
                    self._count()
                    yield Line(part, header, said, (self._segment, block, row.number))

    def _is_plain(self, row: Row) -> bool:
        """Whether a row has a serial number and a text for its name, under the one header of the list."""
        columns, cells = self.header.columns, row.cells
        serial, name = columns.get(Field.SERIAL, 0), columns[Field.NAME]
        if not serial or self.header.beside or max(serial, name) > len(cells) or not isinstance(cells[name - 1], str):
            return False
        number = cells[serial - 1]
        return type(number) is int or isinstance(number, str) and number.strip().isdecimal()

    def _said(self) -> tuple[Said, ...]:
        return tuple(one.said for one in self._open) if self._open else ()

    def _is_data(self, row: Row, header: Header, whole: list[tuple[int, CellValue]]) -> bool:
        filled = [(column, cell) for column, cell in enumerate(row.cells, start=1) if cell is not None]
        meant = {column: held for held, column in header.columns.items()}
        fields = {meant.get(column) for column, _ in filled}
        if not filled:
            return False
        serial = cell_at(row, header.columns.get(Field.SERIAL, 0)) if Field.SERIAL in header.columns else None
        numbered = serial is not None and shown(serial).strip().isdecimal()
        if row.number <= header.row + 2 and _is_numbering(row):
            self._skip(row.number, "是各列的编号，已跳过")
        elif fields == {Field.SERIAL} and numbered:
            self._skip(row.number, "只有序号，已跳过")
        elif not (numbered and Field.NAME in fields) and Field.CODE not in fields - self._foot_codes(filled, meant) and is_foot(filled):
            self._take_foot(row.number, whole)
        elif self._goes_on(row.number, filled, meant):
            self._take_foot(row.number, whole)
        elif not fields - {None, Field.SERIAL}:
            self._skip(row.number, "在用到的各列里没有内容，已跳过")
        else:
            return True
        return False

    def _goes_on(self, number: int, filled: list[tuple[int, CellValue]], meant: dict[int, Field]) -> bool:
        """Whether a row is but one text, right under a note, and no name: 2.有效期三年."""
        (column, cell), *others = filled
        under = self._skipped.get(_FOOT, [0])[-1] == number - 1
        return under and not others and meant.get(column) is Field.NAME and isinstance(cell, str) and not has_body(cell)

    def _foot_codes(self, filled: list[tuple[int, CellValue]], meant: dict[int, Field]) -> set[Field]:
        """The code column, where what stands in it is a label (经办人：张三) and no code."""
        held = [cell for column, cell in filled if meant.get(column) is Field.CODE]
        return {Field.CODE} if all(isinstance(cell, str) and is_foot([(0, cell)]) for cell in held) else set()

    def _take_foot(self, number: int, filled: list[tuple[int, CellValue]]) -> None:
        text = "".join(shown(cell) for _, cell in filled if isinstance(cell, str))
        self.feet.append(text)
        self._skip(number, _FOOT)
        count = count_in(text) if is_total(text) or pattern("foot", "says_all").search(text) else None
        alone = next((cell for column, cell in filled if column == self.header.columns[Field.NAME] and type(cell) is int), None)
        if count is None and fold_name(text) in ("合计", "总计", "共计") and alone is not None:
            count = int(alone)
        if count is not None:
            under = self._open[-1].rows if self._open else self._rows
            self.totals.append((number, count, under, self._rows))

    def _count(self) -> None:
        self._rows += 1
        for one in self._open:
            one.rows += 1

    # headings

    def _is_heading(self, column: int, cell: CellValue) -> bool:
        """One text alone in its row, at its left; in the names' column it must also read like a heading."""
        if not isinstance(cell, str) or begins_foot(cell):
            return False
        meant = {held_in: held for held, held_in in self.header.columns.items()}.get(column)
        if meant is Field.NAME:
            return _reads_like_heading(cell)
        if meant is Field.CODE or is_foot([(column, cell)]) and not _reads_like_heading(cell):
            return False
        return column == 1 or meant in (None, Field.SERIAL)

    def take_above(self) -> None:
        """The texts over the header: those numbered like headings are such, the others are headlines."""
        annexes = any(numbering(text).startswith("附") for text in self.header.above) and any(
            numbering(cell).startswith("附")
            for row in self.table.rows
            if row.number > self.header.row and sum(one is not None for one in row.cells) == 1
            for cell in row.cells
            if isinstance(cell, str)
        )
        heads = []
        for text in self.header.above:
            number, said = numbering(text), said_in(text)
            if number and (annexes or not number.startswith("附")) and not number[0].isdecimal():
                self._take(said, 0, text)
            elif not is_signed(text) and not said.is_silent:
                heads.append(said)
        self.heads = tuple(heads)

    def _take_heading(self, number: int, text: str) -> None:
        brief, said = " ".join(text.split())[:SHOWN], said_in(text)
        self._take(said, number, text)
        if said.kind and not said.stopped:
            self._headings.append(
                f"第 {number} 行“{brief}”是小标题，其下没有写明认定类型的各行按“{said.kind}”登记，请核对。"
            )
        elif said.bears:
            self._headings.append(f"第 {number} 行“{brief}”是小标题，其下各行据此核对。")
        else:
            self._headings.append(f"第 {number} 行“{brief}”是小标题或说明，没有据此填写任何内容，请核对。")

    def _take(self, said: Said, number: int, text: str) -> None:
        depth = self._depth(said, text)
        if depth is None:
            return
        while self._open and self._open[-1].depth >= depth:
            self.closed.append(self._open.pop())
        self._open.append(Open(said, depth, number))
        self._segment += 1

    def _depth(self, said: Said, text: str) -> int | None:
        """By its numbering; a heading without one lies under what came before unless it says the same sort of thing."""
        number = fold_name(numbering(text))
        if number.startswith(("附", "第")):
            return ANNEX
        if number:
            inner = number.startswith("(")
            return POINT if number.strip("(、.)").isdecimal() else ARTICLE if inner else PART
        if not said.bears:
            return None
        sort = "place" if said.is_place else "status"
        if sort not in self._loose:
            self._loose.append(sort)
        return LOOSE + self._loose.index(sort)

    def _take_header(self, row: Row) -> None:
        self._segment += 1
        for column, held in {column: held for held, column in self.header.columns.items()}.items():
            cell = cell_at(row, column)
            if not isinstance(cell, str) or meaning(cell) not in (held, meaning(self._label(column))):
                self.header = replace(header_at(self.table, row.number), above=self.header.above)
                self._headings.append(f"第 {row.number} 行起另有一张列次序不同的表，已按它自己的表头读取，请核对。")
                return
        self._skip(row.number, "是重复的表头，已跳过")

    def _label(self, column: int) -> str:
        return self.header.labels[column - 1] if column <= len(self.header.labels) else ""

    def _skip(self, number: int, why: str) -> None:
        numbers = self._skipped.setdefault(why, [])
        if number not in numbers[-1:]:
            numbers.append(number)

    @staticmethod
    def _has_blocks(lines: list[Line]) -> bool:
        return any(line.header.beside for line in lines)


def _is_numbering(row: Row) -> bool:
    """Whether a row under the header but numbers its columns: 栏次 1 2 3, A B C D, 甲 乙 1 2."""
    cells = [shown(cell).strip(" ()（）") for cell in row.cells if cell is not None]
    counted = [cell for cell in cells if cell not in ("栏次", "列次")]
    steps = zip(counted, counted[1:], strict=False)
    return (
        len(cells) > 2
        and all(_COLUMN_NUMBER.fullmatch(cell) for cell in counted)
        and all(_follows(one, after) or one in "甲乙丙丁" and after == "1" for one, after in steps)
    )


def _follows(one: str, after: str) -> bool:
    if one.isdecimal() and after.isdecimal():
        return int(after) == int(one) + 1
    return len(one) == len(after) == 1 and ("甲乙丙丁".find(after) == "甲乙丙丁".find(one) + 1 > 0 or one.isascii() and ord(after) == ord(one) + 1)


def _part(row: Row, header: Header) -> Row:
    """The cells of one of several blocks side by side."""
    first, last = header.span
    cells = tuple(cell if first <= column <= last else None for column, cell in enumerate(row.cells, start=1))
    return Row(row.number, cells, tuple(hint for hint in row.hints if not hint.column or first <= hint.column <= last))


def _joined(lines: list[Line]) -> list[Line]:
    """The lines with names broken over two rows put together, so that no one takes them for two firms."""
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        more, rows = _continued(lines, at)
        kept.append(_whole(lines[at : at + 1 + rows], more) if more else lines[at])
        at += 1 + rows
    return kept


def _whole(lines: list[Line], more: str) -> Line:
    """The first of these lines with the rest of its name, and what all their rows show besides."""
    row = lines[0].row
    hints = tuple(dict.fromkeys(hint for line in lines for hint in line.row.hints))
    return replace(lines[0], row=replace(row, hints=hints), more=more)


def _continued(lines: list[Line], at: int) -> tuple[str, int]:
    """The end of a name in the rows below it that hold nothing else, and how many rows these are; none where it does not make a firm."""
    first = lines[at]
    column = first.header.columns[Field.NAME]
    if at + 1 == len(lines) or lines[at + 1].row.cells.count(None) != len(lines[at + 1].row.cells) - 1:
        return "", 0
    head = cell_at(first.row, column)
    if not isinstance(head, str) or is_firm(head) or sum(cell is not None for cell in first.row.cells) < 2:
        return "", 0
    more = ""
    for count, line in enumerate(lines[at + 1 : at + 1 + MOST_BROKEN], start=1):
        filled = [place for place, cell in enumerate(line.row.cells, start=1) if cell is not None]
        text = cell_at(line.row, column)
        if line.header is not first.header or line.row.number != first.row.number + count or filled != [column]:
            break
        if not isinstance(text, str):
            break
        more += text.strip()
        if is_firm(head + more):
            return more, count
    return "", 0


def _reads_like_heading(text: str) -> bool:
    """Whether a text in the column of names is a heading: numbered as one, or the name of a place or a title alone."""
    number = numbering(text)
    core = _COUNT_BEHIND.sub("", fold_name(text).removeprefix(fold_name(number)).split("(")[0])
    if is_firm(text):
        return False
    if number and not fold_name(number).strip("(、.)").isdecimal():
        return True
    said = said_in(text)
    if said.kinds or said.stopped or said.renamed:
        return True
    if core.removesuffix("企业").removesuffix("名单") and Division.is_name(core.removesuffix("企业")) or said.outside or said.here:
        return True
    title = said.title
    return bool(title and len(title.text) + 2 >= len(core.removesuffix("名单"))) and "(" not in core and bool(said.level or said.count)


def _listed(numbers: list[int]) -> str:
    words = "、".join(map(str, numbers[:NAMED]))
    return words + (f" 等 {len(numbers)} " if len(numbers) > NAMED else "")
