"""What the sheets of every kind of workbook have in common: which one is read, and how its cells make a row."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.guard import DAMAGED, MAX_COLUMNS, MAX_ROWS, TOO_MANY_ROWS
from zjtx_desktop.exchange.table import (
    CellProblem,
    CellValue,
    Hint,
    HintKind,
    Merge,
    Row,
    column_letter,
    column_number,
    gathered,
)

COVERED = CellProblem("内容被合并单元格遮住，请取消合并后核对。")
SHOWN = 10  # numbers named in a note


def pick_sheet(titles: Sequence[str], visible: Sequence[str], wanted: str | None) -> Sequence[str]:
    """The sheets to try: the wanted one, else the visible ones in order; BadFile when there is none of that name."""
    if wanted is None:
        return visible or titles
    if wanted not in titles:
        raise BadFile(f"没有名为“{wanted}”的工作表，请从这些里选：{'、'.join(titles)}。")
    return (wanted,)


def which_sheet(title: str, titles: Sequence[str]) -> Iterator[str]:
    """Which of several sheets was read."""
    if len(titles) > 1:
        yield f"文件有 {len(titles)} 张工作表，读取的是“{title}”。"


def hidden_notes(rows: Sequence[int], columns: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Which rows, and which spans of columns, are hidden and were read all the same."""
    if rows:
        yield f"第 {_some([str(row) for row in rows])} 行是隐藏行，也已读入。"
    if columns:
        yield f"{_some([_span(first, last) for first, last in columns])} 列是隐藏列，也已读入。"


class RowMaker:
    """Makes rows of the cells of a sheet, asked for downwards; what a merged area covers is a problem."""

    def __init__(self, merges: Sequence[Merge], comments: Mapping[str, str], hidden: frozenset[int]) -> None:
        self._covers, self._hidden = Covers(merges), hidden
        self._comments: dict[int, dict[int, str]] = {}
        for reference, text in comments.items():
            letters = reference.rstrip("0123456789")
            if letters.isalpha() and letters.isascii() and reference[len(letters) :]:
                self._comments.setdefault(int(reference[len(letters) :]), {})[column_number(letters)] = text
        self.made = self._last = 0

    def row(self, number: int, read: Sequence[tuple[int, CellValue]], marks: Iterable[Hint]) -> Row | None:
        """The row with its hints; None when it has no content, BadFile when it cannot be trusted."""
        values = {column: value for column, value in read if value is not None}
        if values and max(values) > MAX_COLUMNS:
            where = f"{column_letter(max(values))}{number}"
            raise BadFile(f"{where} 还有内容，请删去 {MAX_COLUMNS} 列以后的内容后再导入。")
        if len(values) < len(read) and len({column for column, _ in read}) < len(read):
            raise BadFile(DAMAGED)
        if not values:
            return None
        if number <= self._last or self.made >= MAX_ROWS:
            raise BadFile(DAMAGED if number <= self._last else TOO_MANY_ROWS)
        self._last, self.made = number, self.made + 1
        for column in self._covers.columns(number, values):
            values[column] = COVERED
        cells = tuple(map(values.get, range(1, max(values) + 1)))
        return Row(number, cells, tuple(self._hints(number, values, marks)))

    def _hints(self, number: int, values: Collection[int], marks: Iterable[Hint]) -> Iterator[Hint]:
        said = [mark for mark in marks if mark.column in values]
        for kind in (HintKind.STRUCK, HintKind.FILLED) if said else ():
            yield from gathered(kind, {mark.column: mark.text for mark in said if mark.kind is kind}, values)
        if number in self._comments:
            yield from (Hint(HintKind.COMMENT, column, text) for column, text in sorted(self._comments[number].items()))
        if number in self._hidden:
            yield Hint(HintKind.HIDDEN)
        yield from (mark for mark in said if mark.kind is HintKind.TIME)


class Covers:
    """Which cells lie under a merged area, asked for row after row downwards."""

    def __init__(self, merges: Sequence[Merge]) -> None:
        self._waiting = sorted(merges, key=lambda merge: merge.top, reverse=True)
        self._open: list[Merge] = []

    def columns(self, row: int, columns: Iterable[int]) -> list[int]:
        """Those of the columns whose cell in this row is not the first one of its merged area."""
        while self._waiting and self._waiting[-1].top <= row:
            self._open.append(self._waiting.pop())
        if not self._open:
            return []
        self._open = [merge for merge in self._open if merge.bottom >= row]
        if len(self._open) > MAX_COLUMNS:
            raise BadFile(DAMAGED)  # honest areas do not overlap, so a row cannot meet so many
        return [
            column
            for column in columns
            for merge in self._open
            if merge.left <= column <= merge.right and (row, column) != (merge.top, merge.left)
        ]


def _some(words: list[str]) -> str:
    return "、".join(words[:SHOWN]) + (f" 等 {len(words)} 处" if len(words) > SHOWN else "")


def _span(first: int, last: int) -> str:
    return column_letter(first) if first == last else f"{column_letter(first)}–{column_letter(last)}"
