"""Tables without rules: rows of texts that stand under each other in columns, found by the gaps between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from zjtx_desktop.exchange.pdf_lines import Line, joined

TIGHT = 0.75  # of a letter's height; lines of one text are set as closely, a paragraph apart is farther
WIDEST = 0.6  # of the table, that a lone text in a cell takes
PART = 0.8  # of the gap between whole rows, below which a line goes on in the row beside it

Span = tuple[float, float]
TextRow = list[Line]


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """The left edges of its columns, its rows by column from 1, and the lines they were made of."""

    columns: tuple[float, ...]
    rows: list[dict[int, str]]
    lines: list[TextRow]


def set_in_columns(rows: Sequence[TextRow]) -> list[ColumnTable]:
    """The tables among the rows of a page, from top to bottom."""
    found = (_table(rows, run) for run in _runs(rows))
    return [table for table in found if table]


def _runs(rows: Sequence[TextRow]) -> list[range]:
    """Where rows of several texts follow each other; a short lone text between them is part of one it is close to."""
    runs: list[range] = []
    start: int | None = None
    last = 0
    for at, row in enumerate(rows):
        if len(row) < 2:
            continue
        if start is None or not all(_is_part(rows, between, last) for between in range(last + 1, at)):
            if start is not None:
                runs.append(range(start, last + 1))
            start = at
        last = at
    if start is not None:
        runs.append(range(start, last + 1))
    return [run for run in runs if len(run) > 1]


def _is_part(rows: Sequence[TextRow], at: int, whole: int) -> bool:
    """Whether a lone text is as close to a neighbour as the lines of one cell, and no wider than a cell."""
    line = rows[at][0]
    gaps = [_gap(above, below) for above, below in zip(rows[at - 1 : at + 1], rows[at : at + 2], strict=False)]
    width = max(one.x1 for one in rows[whole]) - min(one.x0 for one in rows[whole])
    return min(gaps) < TIGHT * line.size and line.x1 - line.x0 < WIDEST * width


def _gap(above: TextRow, below: TextRow) -> float:
    return min(line.top for line in below) - max(line.bottom for line in above)


def _table(rows: Sequence[TextRow], run: range) -> ColumnTable | None:
    columns = _columns([rows[at] for at in run if len(rows[at]) > 1])
    if len(columns) < 2:
        return None
    run = _with_ends(rows, run, columns)
    lines = [rows[at] for at in run]
    groups = _groups(lines, columns)
    if len(groups) < 2:
        return None
    return ColumnTable(tuple(x for x, _ in columns), [_texts(group, columns) for group in groups], lines)


def _columns(rows: Sequence[TextRow]) -> list[Span]:
    """The columns: those of the row with most texts, widened by what stands under and over them."""
    richest = max(rows, key=len)
    columns = [(line.x0, line.x1) for line in richest]
    for line in sorted((line for row in rows for line in row), key=lambda one: one.x1 - one.x0):
        under = [at for at, span in enumerate(columns) if _overlap(line, span) > 0]
        if len(under) == 1:
            x0, x1 = columns[under[0]]
            columns[under[0]] = (min(x0, line.x0), max(x1, line.x1))
        elif not under:
            columns = sorted([*columns, (line.x0, line.x1)])
    return columns


def _overlap(line: Line, span: Span) -> float:
    return min(line.x1, span[1]) - max(line.x0, span[0])


def _with_ends(rows: Sequence[TextRow], run: range, columns: Sequence[Span]) -> range:
    """The run with a line above and lines below that only go on in one of its columns."""
    start, stop = run.start, run.stop
    if start > 0 and _goes_on(rows[start - 1], rows[start - 1], rows[start], columns):
        start -= 1
    while stop < len(rows) and _goes_on(rows[stop], rows[stop - 1], rows[stop], columns):
        stop += 1
    return range(start, stop)


def _goes_on(row: TextRow, above: TextRow, below: TextRow, columns: Sequence[Span]) -> bool:
    if len(row) > 1 or _gap(above, below) >= 0.5 * TIGHT * row[0].size:
        return False
    under = [at for at, span in enumerate(columns) if _overlap(row[0], span) > 0]
    return len(under) == 1 and under[0] > 0 and columns[under[0]][0] - row[0].size < row[0].x0


def _groups(rows: Sequence[TextRow], columns: Sequence[Span]) -> list[list[Line]]:
    """Lines that make one row: a part of a row is set closer to it than whole rows are to each other."""
    whole = [len(row) > 1 and _overlap(row[0], columns[0]) > 0 for row in rows]
    gaps = [_gap(above, below) for above, below in zip(rows, rows[1:], strict=False)]
    between = [gap for at, gap in enumerate(gaps) if whole[at] and whole[at + 1]]
    least = PART * min(between) if between else 0.5 * TIGHT * median(row[0].size for row in rows)
    tied = [gap < max(least, 0.0) and not (whole[at] and whole[at + 1]) for at, gap in enumerate(gaps)]
    for at in range(1, len(gaps)):
        if tied[at - 1] and tied[at] and whole[at - 1] and whole[at + 1] and max(gaps[at - 1 : at + 1]) > 0:
            tied[at - 1 if gaps[at - 1] > gaps[at] else at] = False
    groups = [list(rows[0])]
    for row, is_tied in zip(rows[1:], tied, strict=True):
        if is_tied:
            groups[-1].extend(row)
        else:
            groups.append(list(row))
    return groups


def _texts(group: Sequence[Line], columns: Sequence[Span]) -> dict[int, str]:
    """The texts of a row by column; a lone one that stands across several is that of the first."""
    cells: dict[int, list[Line]] = {}
    for line in sorted(group, key=lambda one: one.top):
        under = [at for at, span in enumerate(columns) if _overlap(line, span) > 0]
        at = 0 if len(group) == 1 and len(under) > 1 else max(range(len(columns)), key=lambda one: _overlap(line, columns[one]))
        cells.setdefault(at + 1, []).append(line)
    return {column: joined(lines, 0) for column, lines in cells.items()}
