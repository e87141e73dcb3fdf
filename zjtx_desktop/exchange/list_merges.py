"""Merged areas among the rows of a list: a value merged downwards holds for every row; anything else is refused."""

from collections.abc import Sequence
from dataclasses import replace

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.list_sections import Line
from zjtx_desktop.exchange.table import CellProblem, CellValue, Hint, Merge, Table

NAMED = 5


def filled_down(table: Table, lines: Sequence[Line]) -> tuple[list[Line], tuple[str, ...]]:
    """The lines with every value merged downwards in its column written out, with what its cell shows beside it, and
    what is to be said of it.

    BadFile for a merged area that touches a row of data in any other way: what it covers cannot be known.
    """
    rows = {line.row.number: line for line in lines}
    filled: dict[int, dict[int, CellValue]] = {}
    shown: dict[int, tuple[Hint, ...]] = {}
    said: list[str] = []
    for merge in table.merges:
        touched = [number for number in rows if merge.top <= number <= merge.bottom] if merge.bottom - merge.top > 9 * len(
            rows
        ) else [number for number in range(merge.top, merge.bottom + 1) if number in rows]
        if not touched or _is_harmless(merge, rows[touched[0]]):
            continue
        if merge.left != merge.right or touched[0] != merge.top:
            raise BadFile(f"{table.address_of(merge)} 是合并单元格，没有导入任何内容；请取消合并，把每一行都填满后再导入。")
        first = rows[merge.top].row.cells
        value = first[merge.left - 1] if merge.left <= len(first) else None
        if value is None:
            continue
        hints = tuple(hint for hint in rows[merge.top].row.hints if hint.column == merge.left)
        for number in touched[1:]:
            filled.setdefault(number, {})[merge.left] = value
            shown[number] = (*shown.get(number, ()), *hints)
        said.append(table.area(merge))
    if not filled:
        return list(lines), ()
    more = f" 等 {len(said)} 处" if len(said) > NAMED else ""
    note = f"{'、'.join(said[:NAMED])}{more}是纵向合并的单元格，其内容用于它所占的每一行，请核对。"
    return [_filled(line, filled.get(line.row.number), shown.get(line.row.number, ())) for line in lines], (note,)


def _is_harmless(merge: Merge, line: Line) -> bool:
    """Cells of one row merged beyond their columns, where nothing of use is covered."""
    used = set(line.header.columns.values()) | {one.column for one in line.header.watched}
    covered = range(merge.left + 1, min(merge.right, 200) + 1)
    return merge.top == merge.bottom and not used.intersection(covered) and merge.right - merge.left < 200


def _filled(line: Line, values: dict[int, CellValue] | None, hints: tuple[Hint, ...]) -> Line:
    if not values:
        return line
    cells = list(line.row.cells) + [None] * (max(values) - len(line.row.cells))
    for column, value in values.items():
        if not isinstance(cells[column - 1], CellProblem):
            cells[column - 1] = value
    row = replace(line.row, cells=tuple(cells), hints=tuple(dict.fromkeys((*line.row.hints, *hints))))
    return replace(line, row=row)
