"""The rows of a list as a workbook: read by id in portions, whatever their number."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from ui.jobs import Tick
from ui.models.column import Column, Kind
from ui.models.source import Source
from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.list_sheet import MOST_ROWS, SheetColumn, write_list

_PORTION = 500  # rows read at once


def write_rows(
    path: Path, name: str, columns: Sequence[Column], ids: Sequence[int], source: Source, tick: Tick
) -> int:
    """Write the rows with these ids, in this order, under these columns; how many. Call it on the worker."""
    if len(ids) > MOST_ROWS:
        raise Refused(f"列出了 {len(ids):,} 行，一张工作表只放得下 {MOST_ROWS:,} 行。请先筛选再导出。")
    written = 0

    def rows() -> Iterator[list[str]]:
        nonlocal written
        for start in range(0, len(ids), _PORTION):
            tick(start, len(ids))
            for line in filter(None, source.rows(ids[start : start + _PORTION])):
                written += 1
                yield [column.text(line) for column in columns]

    heads = [SheetColumn(column.title, column.letters, column.kind is Kind.NUMBER) for column in columns]
    write_list(path, name, heads, rows(), date.today())
    return written
