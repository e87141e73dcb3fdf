"""What a list says of its own length: counts in headlines, headings and totals, and the serial numbers. Hints only."""

from collections.abc import Iterable, Sequence

from zjtx_desktop.exchange.headings import Field
from zjtx_desktop.exchange.list_cells import cell_at, shown
from zjtx_desktop.exchange.list_sections import Line, Sorter
from zjtx_desktop.exchange.statements import said_in
from zjtx_desktop.exchange.table import CellValue

NAMED = 10


def count_notes(sorter: Sorter, lines: Sequence[Line]) -> tuple[str, ...]:
    """Where a count that the list says, or its serial numbers, differ from the rows that were read."""
    return (*_said_counts(sorter, len(lines)), *_serial_notes(lines))


def _said_counts(sorter: Sorter, rows: int) -> Iterable[str]:
    for said in (*sorter.heads, said_in(sorter.table.sheet)):
        if said.count is not None and said.count != rows:
            yield f"标题{said.quoted}写的是 {said.count}家，读到 {rows} 行，请核对有没有漏行或多行。"
    for one in sorter.closed:
        if one.said.count is not None and one.said.count != one.rows:
            yield f"小标题{one.said.quoted}写的是 {one.said.count}家，其下读到 {one.rows} 行，请核对有没有漏行或多行。"
    for number, count, under, in_all in sorter.totals:
        if count not in (under, in_all):
            yield f"第 {number} 行的合计写的是 {count}家，读到 {in_all} 行，请核对有没有漏行或多行。"


def _serial_notes(lines: Sequence[Line]) -> Iterable[str]:
    missing: list[int] = []
    double: list[int] = []
    seen: set[int] = set()
    first = 0
    last, segment = 0, None
    for line in lines:
        column = line.header.columns.get(Field.SERIAL)
        number = _serial(cell_at(line.row, column)) if column else None
        if number is None:
            continue
        first = first or number
        if (line.order[0] != segment and number == 1) or (number == 1 and last > 1):
            seen, last = set(), 0
        segment = line.order[0]
        if number in seen:
            double.append(number)
        elif last and number > last + 1:
            missing.extend(range(last + 1, min(number, last + 1 + NAMED)))
        seen.add(number)
        last = number
    if first > 1:
        yield f"序号从 {first} 开始，请核对前面有没有漏行。"
    if missing:
        yield f"序号不连续，缺 {_some(missing)}，请核对有没有漏行。"
    if double:
        yield f"序号 {_some(double)} 重复，请核对。"


def _serial(cell: CellValue) -> int | None:
    text = shown(cell).strip()
    return int(text) if text.isdecimal() and len(text) <= 6 else None


def _some(numbers: Sequence[int]) -> str:
    words = "、".join(map(str, numbers[:NAMED]))
    return words + (" 等" if len(numbers) > NAMED else "")
