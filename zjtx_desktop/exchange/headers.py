"""Finds the header of a list and what each column means: by its text, and by its values where the text says nothing."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from operator import attrgetter
from typing import TypeVar

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.column_values import is_finer, meant, meant_by_values, role_of
from zjtx_desktop.exchange.guard import MAX_COLUMNS
from zjtx_desktop.exchange.headings import NAMES, UNUSED, Field, Role, is_asked, is_exact, is_listed, is_vague, meaning, role, runs
from zjtx_desktop.exchange.list_names import is_firm
from zjtx_desktop.exchange.list_words import EMPTY_MARKS, bare
from zjtx_desktop.exchange.table import CellValue, Merge, Row, Table

__all__ = ("Field", "Header", "Role", "Watched", "find_header", "header_at", "is_header", "label_rows", "meaning", "own_columns")

SEARCHED = 20  # rows with content in which the header must stand
DEEPEST = 3  # rows that a header may take, its cells merged downwards
SAMPLED = 50  # values that decide what a column means
LONGEST_LABEL = 24  # letters; a row of longer texts is no header
MOST_BLOCKS = 16  # side by side
FREE = (Field.SERIAL, Field.NOTE)  # a second column of these does no harm
F = TypeVar("F", bound=StrEnum)


_CODE = re.compile("[0-9A-Z]{18}")


@dataclass(frozen=True, slots=True)
class Watched:
    """A column that holds no field and may still say what its rows are."""

    column: int
    label: str
    role: Role


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands and what was understood; rows and columns are counted from 1."""

    row: int  # the last row of the header, 0 when the list has none
    columns: Mapping[Field, int]
    labels: tuple[str, ...]  # the text over each column, from column A on
    above: tuple[str, ...]  # texts of the rows over the header
    unused: tuple[str, ...]  # columns that were not understood
    watched: tuple[Watched, ...] = ()
    notes: tuple[str, ...] = ()  # what was told by the values
    span: tuple[int, int] = (1, MAX_COLUMNS)  # its first and last column, where others stand beside it
    beside: tuple["Header", ...] = ()  # the same columns once more, further right
    groups: tuple[str, ...] = ()  # texts of its own upper rows: 奖补资金（万元）over 市级 and 县级


def own_columns(table: Table, header: Header, means: Callable[[str], F | None]) -> dict[F, int]:
    """The columns whose header texts mean a field of some particular list; BadFile when two mean the same."""
    columns: dict[F, int] = {}
    for column, label in enumerate(header.labels, start=1):
        field = means(label)
        if field in columns:
            first, second = table.column_called(columns[field]), table.column_called(column)
            raise BadFile(f"{_and(first, second)}都是{field}，请只留一列后再导入。")
        if field is not None:
            columns[field] = column
    return columns


def find_header(table: Table, columns: Mapping[str, int] | None = None) -> Header:
    """The header among the first rows; `columns` (field → column) overrides what the texts say, 0 for no column.

    Raises BadFile when no column holds the names, or when two columns mean the same. With the names'
    column given, a list may lack a header altogether: then every row is one of the list.
    """
    chosen = {Field(field): column for field, column in (columns or {}).items()}
    named = bool(chosen.get(Field.NAME))
    grid = _Grid(table)
    candidates = [grid.labels(row.number) for row in table.rows[:SEARCHED]]
    scores = [_score(labels, named) for labels in candidates]
    best = max(range(len(scores)), key=lambda at: (scores[at], any(map(is_exact, candidates[at].values())), -at), default=0)
    if not any(scores):
        if not named:
            raise BadFile(_no_header(table, candidates))
        return Header(0, _present(chosen), (), (), ())
    clear = (at for at, labels in enumerate(candidates) if scores[at] >= 2 and _names(labels))
    return header_at(table, table.rows[next(clear, best)].number, chosen)


def label_rows(table: Table) -> Iterator[tuple[str, ...]]:
    """What would stand over each column, from column A on, if the header ended in each of the first rows."""
    grid = _Grid(table)
    for row in table.rows[:SEARCHED]:
        labels = grid.labels(grid.foot(row.number))
        yield tuple(labels.get(column, "") for column in range(1, max(labels, default=0) + 1))


def header_at(table: Table, number: int, chosen: Mapping[Field, int] | None = None) -> Header:
    """The header that begins in this row, with the like of it further right in `beside`."""
    grid, chosen = _Grid(table), chosen or {}
    number = grid.foot(number)
    labels, top = grid.labels(number), grid.head(number)
    if more := grid.wrapped(number, labels) or grid.divided(number, labels):
        number, labels = number + 1, labels | more
    blocks = _blocks(labels)
    if blocks and not set(chosen.values()) <= {0, *blocks[0]}:
        blocks = []  # a person chose columns of several blocks: then they are no blocks
    first = {column: labels[column] for column in blocks[0]} if blocks else labels
    header = _understood(table, first, number, chosen)
    if not header.columns.get(Field.NAME):
        raise BadFile(_no_header(table, [labels]))
    width = max((len(row.cells) for row in table.rows if row.number > number), default=0)
    over = (row.cells for row in table.rows if row.number < top)
    above = tuple(cell for cells in over for cell in cells if isinstance(cell, str))
    own = (row.cells for row in table.rows if top <= row.number < number)
    groups = tuple(cell for cells in own for cell in cells if isinstance(cell, str))
    shown = tuple(labels.get(column, "") for column in range(1, max(width, *labels) + 1))
    header = replace(header, labels=shown, above=above, groups=groups)
    return _with_beside(header, blocks) if blocks else header


def is_header(row: Row, header: Header) -> bool:
    """Whether a later row is a header: it names the names' column and at least one more."""
    if _has_serial(row, header):
        return False  # asked first, as it spares reading every cell of ten thousand rows
    texts = [cell for cell in row.cells if cell is not None]
    if not all(isinstance(text, str) and len(text) <= LONGEST_LABEL for text in texts):
        return False
    said = [meaning(text) for text in texts]
    if len(texts) == 1 and bare(str(texts[0])) not in map(bare, header.labels):
        return False  # 复核通过企业 alone in its row is a heading
    if Field.NAME not in said or any(found is None and is_firm(text) for found, text in zip(said, texts, strict=True)):
        return False
    sure = any(found is Field.NAME and bare(text).endswith(("名称", "全称")) for found, text in zip(said, texts, strict=True))
    return sure or len(set(said) - {None}) >= min(2, len(header.columns))


def _has_serial(row: Row, header: Header) -> bool:
    column = header.columns.get(Field.SERIAL)
    return bool(column and column <= len(row.cells) and str(row.cells[column - 1]).strip().isdecimal())


def _score(labels: Mapping[int, str], named: bool) -> int:
    """How many columns a row explains; one that does not explain the names' column must explain much else.

    A row that holds a credit code is one of the list, whatever its other words could head.
    """
    if any(_CODE.fullmatch(label.strip()) for label in labels.values()):
        return 0
    said = {meaning(label) for label in labels.values() if len(label) <= LONGEST_LABEL} - {None}
    return len(said) if named or Field.NAME in said or len(said) >= 3 else 0


def _names(labels: Mapping[int, str]) -> bool:
    return any(len(label) <= LONGEST_LABEL and meaning(label) is Field.NAME for label in labels.values())


def _blocks(labels: Mapping[int, str]) -> list[list[int]]:
    """The columns of each block, where the same header stands twice or more side by side; none otherwise."""
    columns, texts = sorted(labels), [bare(labels[column]) for column in sorted(labels)]
    for size in range(1, len(texts) // 2 + 1):
        if len(texts) % size == 0 and len(texts) // size <= MOST_BLOCKS and texts == texts[:size] * (len(texts) // size):
            if any(meaning(labels[column]) is Field.NAME for column in columns[:size]):
                return [columns[at : at + size] for at in range(0, len(columns), size)]
    return []


def _with_beside(header: Header, blocks: Sequence[Sequence[int]]) -> Header:
    """The header of the first block, with those of the others, each over its own columns."""
    ends = [block[0] for block in blocks[1:]] + [MAX_COLUMNS + 1]
    made = []
    for block, end in zip(blocks, ends, strict=True):
        moved = dict(zip(blocks[0], block, strict=True))
        columns = {field: moved[column] for field, column in header.columns.items()}
        watched = tuple(replace(one, column=moved[one.column]) for one in header.watched)
        made.append(replace(header, columns=columns, watched=watched, span=(block[0], end - 1)))
    return replace(made[0], beside=tuple(made[1:]))


class _Grid:
    """The texts of a sheet as one sees them: a merged area shows its first cell."""

    def __init__(self, table: Table) -> None:
        self._rows = table.rows
        self._merges = table.merges

    def labels(self, number: int) -> dict[int, str]:
        """The label over each column when the header ends in this row; 起 under 有效期 is 有效期起."""
        upper, labels = self._seen(number - 1), {}
        for column, text in self._seen(number, spread=False).items():
            above = upper.get(column, "")
            both = meaning(above + text) if above not in ("", text) else None
            labels[column] = above + text if both and both is not meaning(text) else text
        return labels

    def foot(self, number: int) -> int:
        """The last row of the header that begins here: where the names' cell, merged downwards, ends."""
        named = [column for column, label in self.labels(number).items() if meaning(label) is Field.NAME]
        ends = (area.bottom for area in self._areas(number) if area.left in named)
        return max((end for end in ends if end < number + DEEPEST), default=number)

    def wrapped(self, number: int, labels: Mapping[int, str]) -> dict[int, str]:
        """The labels that go on in the row below, where it holds nothing else: 县（市、 over 区）."""
        row = self._row(number + 1)
        cells = {column: cell for column, cell in enumerate(row.cells, start=1) if cell is not None} if row else {}
        whole = {column: labels.get(column, "") + cell.strip() for column, cell in cells.items() if isinstance(cell, str)}
        if len(whole) < len(cells) or any(len(label) > LONGEST_LABEL or not labels.get(column) for column, label in whole.items()):
            return {}
        return whole if all(map(meaning, whole.values())) else {}

    def divided(self, number: int, labels: Mapping[int, str]) -> dict[int, str]:
        """The labels in the row below, where it but divides columns that have one text together and are not merged:
        省, 市, 县 under 所在地, with nothing over the second and the third.
        """
        row = self._row(number + 1)
        cells = {column: cell for column, cell in enumerate(row.cells, start=1) if cell is not None} if row else {}
        found: dict[int, str] = {}
        over = ""
        for column, cell in sorted(cells.items()):
            if not isinstance(cell, str) or len(cell.strip()) > LONGEST_LABEL or is_firm(cell):
                return {}
            over = labels.get(column) or (over if column - 1 in found else "")
            if not over or meaning(over) is Field.NAME or labels.get(column) and column + 1 not in cells.keys() - labels.keys():
                return {}
            both = meaning(over + cell.strip())
            found[column] = over + cell.strip() if both and both not in (meaning(over), meaning(cell)) else cell.strip()
        return found if any(map(meaning, found.values())) else {}

    def head(self, number: int) -> int:
        """The first row of the header that ends here: where the names' cell, merged downwards, begins."""
        named = [column for column, label in self.labels(number).items() if meaning(label) is Field.NAME]
        return min((area.top for area in self._areas(number) if area.left in named), default=number)

    def _row(self, number: int) -> Row | None:
        place = bisect_left(self._rows, number, key=attrgetter("number"))
        return self._rows[place] if place < len(self._rows) and self._rows[place].number == number else None

    def _areas(self, number: int) -> list[Merge]:
        return [area for area in self._merges if area.top <= number <= area.bottom]

    def _seen(self, number: int, spread: bool = True) -> dict[int, str]:
        """The text in each column of a row; one merged over several columns is in all, or in its first."""
        row = self._row(number)
        seen = {column: _text(row, column) for column in range(1, len(row.cells) + 1)} if row else {}
        for area in self._areas(number):
            last = min(area.right, MAX_COLUMNS) if spread else area.left
            text = _text(self._row(area.top), area.left)
            seen.update(dict.fromkeys(range(area.left, last + 1), text))
        return {column: text for column, text in seen.items() if text}


def _text(row: Row | None, column: int) -> str:
    cell: CellValue = row.cells[column - 1] if row and column <= len(row.cells) else None
    return cell.strip() if isinstance(cell, str) else ""


def _present(columns: Mapping[Field, int]) -> dict[Field, int]:
    return {field: column for field, column in columns.items() if column}


def _understood(table: Table, labels: Mapping[int, str], number: int, chosen: Mapping[Field, int]) -> Header:
    """What the columns mean: first what a person chose, then the clear texts, the vague ones, and the values."""
    found, unused, notes = dict(chosen), [], []
    samples = {column: _sample(table, column, label, number) for column, label in labels.items()}
    operators = _operators(labels, chosen)
    for column, label in sorted(labels.items(), key=lambda item: (is_vague(item[1]), _is_made(item[1]), item[0])):
        field = operators.get(column) or meant(label, samples[column])
        if field is Field.NAME and field in found and _is_made(label) and not any(is_firm(str(cell)) for cell in samples[column]):
            field = None  # 认定单位 beside 企业名称 holds offices
        if column in chosen.values() or field in chosen or field in FREE and field in found:
            continue
        if field is None or is_vague(label) and field in found:
            unused.extend([column] if label not in UNUSED else [])
        elif field in found:
            raise BadFile(_twice(table, field, (found[field], labels[found[field]]), (column, label)))
        else:
            found[field] = column
    for column in [] if chosen else [*unused, *_unlabelled(table, labels, number)]:
        label = labels.get(column, "")
        sample = samples.get(column) or _sample(table, column, label, number)
        field = meant_by_values(label, sample, found)
        before = found.get(Field.REGION)
        if not label and before == column - 1 and Field.CITY not in found and is_finer(sample, samples.get(column - 1, ())):
            found[Field.CITY], field = column - 1, Field.REGION  # 所属地区 over two columns: the city, the county
        is_third = not label and before == column - 2 and found.get(Field.CITY) == column - 1 not in labels and Field.PROVINCE not in found
        if is_third and is_finer(sample, samples.get(column - 2, ())):
            found[Field.PROVINCE], field = column - 2, Field.REGION  # over three: the province, the city, the county
        if field is not None:
            found[field] = column
            if label:
                unused.remove(column)
            called = f"“{_line(label)}”" if label else "（没有列名）"
            notes.append(f"{table.column_called(column)}{called}按内容认作{field.label}，请核对。")
    watched = tuple(
        Watched(column, _line(label), role_of(label, samples[column])) for column, label in labels.items() if column not in found.values()
    )
    found = _present(found)
    left = tuple(labels[column] for column in unused if role(labels[column]) is Role.TEXT)
    return Header(number, found, (), (), left, watched, tuple(notes))


def _is_made(label: str) -> bool:
    """Whether a text heads the names only by being made like such headings: 认定单位, 规上企业."""
    return meaning(label) is Field.NAME and not is_exact(label)


def _unlabelled(table: Table, labels: Mapping[int, str], number: int) -> list[int]:
    """The columns between and behind those of the header that hold something and have no text over them."""
    width = max((len(row.cells) for row in table.rows if row.number > number), default=0)
    if len(labels) < 2 or width > MAX_COLUMNS:
        return []
    return [column for column in range(1, min(width, max(labels) + 2) + 1) if column not in labels]


def _operators(labels: Mapping[int, str], chosen: Mapping[Field, int]) -> dict[int, Field]:
    """基地名称 beside 申报单位: the first is the listed name, the second the organisation that runs it."""
    listed = [column for column, label in labels.items() if is_listed(label)]
    persons = [
        column for column, label in labels.items() if meaning(label) is Field.NAME and not is_listed(label)
    ]
    operating = [column for column, label in labels.items() if meaning(label) is Field.OPERATOR]
    others = [*persons, *operating] or [column for column, label in labels.items() if runs(label)]
    if chosen or len(listed) != 1 or len(others) != 1:
        return {}
    return {listed[0]: Field.NAME, others[0]: Field.OPERATOR}


def _sample(table: Table, column: int, label: str, number: int) -> list[CellValue]:
    """The first values under a header, without sub-headings and repeated headers."""
    rows = (row for row in table.rows if row.number > number and column <= len(row.cells))
    cells = [row.cells[column - 1] for row in islice(rows, SAMPLED) if sum(cell is not None for cell in row.cells) > 1]
    return [
        cell
        for cell in cells
        if cell is not None and not (isinstance(cell, str) and (cell.strip() in EMPTY_MARKS or bare(cell) == bare(label)))
    ]


def _twice(table: Table, field: Field, *columns: tuple[int, str]) -> str:
    both = _and(*(f"{table.column_called(column)}“{label}”" for column, label in columns))
    return f"{both}都是{field.label}，请只留一列，或改掉另一列的列名后再导入。"


def _and(first: str, second: str) -> str:
    return f"{first}和{' ' if second[0].isascii() else ''}{second}"


def _no_header(table: Table, candidates: Sequence[Mapping[int, str]]) -> str:
    asked = next((label for labels in candidates for label in labels.values() if is_asked(label)), None)
    if asked and any(len(labels) > 1 for labels in candidates):
        return (
            f"{table.called}里没有明写企业名称的一列，“{_line(asked)}”一列是不是认定的单位，看不出来，没有导入任何内容；"
            "是的，请把列名改为“企业名称”，或在导入时指定各列后再试。"
        )
    wanted = "、".join(NAMES[Field.NAME].split()[:4])
    return (
        f"{table.called}的前 {SEARCHED} 行里没有找到企业名称一列（找过“{wanted}”等列名），"
        "没有导入任何内容；请在表头写明“企业名称”，或在导入时指定各列后再试。"
    )


def _line(label: str) -> str:
    return " ".join(label.split())
