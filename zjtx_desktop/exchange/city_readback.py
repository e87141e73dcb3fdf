"""Reads a workbook that was just written and compares it, cell by cell, with what it should hold (C14)."""

import re
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.city_detail import AMOUNT_COLUMNS, DETAIL, DETAIL_COLUMNS
from zjtx_desktop.exchange.city_plan import Cell, Formula, Sheet, digest, plain
from zjtx_desktop.exchange.city_report import Sums
from zjtx_desktop.exchange.code_picture import code_png
from zjtx_desktop.exchange.outgoing import read_fen, stored_text
from zjtx_desktop.values import Money

_UNREADABLE = (zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError)
_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*><f>([^<]*)</f>')
_OTHER_KIND = re.compile(rb'<c [^>]*t="(?!s")')     # sheets hold shared strings, numbers, nothing else
_ADVICE = "文件没有保留。请重新导出；若仍然如此，请换一个位置导出。"

_RETURN = stored_text("\r")

Values = tuple[Any, ...]


def compare(path: Path, sheets: Sequence[Sheet], sums: Sums, step: Callable[[], None]) -> None:
    """Refuse the workbook unless every cell, formula and sum in it is what the sheets say.

    Compared are names, values, cached results and whether text is text; then the amounts are
    summed once more and the hash of the detail computed once more from what was read.
    `step` is called once a row.
    """
    try:
        with path.open("rb") as handle:
            book = load_workbook(handle, read_only=True, data_only=True)
            if book.sheetnames != [plan.name for plan in sheets]:
                raise Refused(f"读回核对不符：工作表应为 {len(sheets)} 张，实为 {len(book.sheetnames)} 张。{_ADVICE}")
            for plan in sheets:
                sheet = book[plan.name]
                sheet.reset_dimensions()            # look at what is there, not at what is declared
                rows = _matching(sheet.iter_rows(values_only=True), plan, step)
                if plan.name == DETAIL:
                    _recount(rows, plan.table, sums, sheets[-1])
                else:
                    deque(rows, maxlen=0)
        _compare_formulas(path, sheets)
    except _UNREADABLE as error:
        raise Refused(f"写好的工作簿读不回来（{error}）。{_ADVICE}") from error


def _matching(rows: Iterable[Values], plan: Sheet, step: Callable[[], None]) -> Iterator[Values]:
    """The rows as read, each once it was found equal to its line."""
    for number, (line, values) in enumerate(zip_longest(plan.lines, rows)):
        if line is None or values is None:
            raise Refused(f"读回核对不符：{plan.name}应有 {len(plan.lines)} 行，从第 {number + 1} 行起不同。{_ADVICE}")
        _compare_cells(line.cells, values, plan.name, number)
        step()
        yield values


def _compare_cells(cells: Sequence[Cell], values: Values, sheet: str, row: int) -> None:
    for column, (cell, value) in enumerate(zip_longest(cells, values)):
        if type(cell) is type(value) and cell == value:         # most cells, at once
            continue
        if not _holds(cell, value):
            place = xl_rowcol_to_cell(row, column)
            raise Refused(f"读回核对不符：{sheet} {place} 应为“{plain(cell)}”，实为“{value}”。{_ADVICE}")


def _holds(cell: Cell, value: object) -> bool:
    """Whether a value as read is what the cell says, in kind and to the fen."""
    match cell:
        case None | "":  # an empty text is written as an empty cell, on whatever sheet
            return value is None
        case str():
            return isinstance(value, str) and value == stored_text(cell)
        case Money():
            return read_fen(value) == cell.fen
        case int():
            return read_fen(value) == 100 * cell
        case Formula():
            return _holds(cell.value, value)


def _recount(rows: Iterator[Values], table: range, sums: Sums, control: Sheet) -> None:
    """Sum and hash the detail once more from what was read, apart from the way it was laid out."""
    fen = [0] * len(AMOUNT_COLUMNS)

    def texts() -> Iterator[list[str]]:
        for number, values in enumerate(rows):
            if number in table:
                for index, column in enumerate(AMOUNT_COLUMNS):
                    fen[index] += read_fen(values[column]) or 0        # a voided amount is text
                yield [_as_text(column, value) for column, value in enumerate(values)]

    sha256 = digest(texts())
    for column, ours, theirs in zip(AMOUNT_COLUMNS, map(Money, fen), sums.amounts, strict=True):
        if ours != theirs:
            name = DETAIL_COLUMNS[column - 1].heading
            raise Refused(f"读回核对不符：{DETAIL}“{name}”逐笔相加得 {ours} 元，应为 {theirs} 元。{_ADVICE}")
    if not any(sha256 in line.cells for line in control.body):
        raise Refused(f"读回核对不符：{DETAIL}的校验值与{control.name}表所载不同。{_ADVICE}")


def _as_text(column: int, value: object) -> str:
    """A cell as read, in the form that the hash takes."""
    match value:
        case str():
            return value.replace(_RETURN, "\r") if _RETURN in value else value
        case None:
            return ""
        case _ if column in AMOUNT_COLUMNS:
            return Money(read_fen(value) or 0).yuan
        case _:
            return str(value)


def _compare_formulas(path: Path, sheets: Sequence[Sheet]) -> None:
    """Every formula in the file is one of ours, in its place; nothing else computes."""
    with zipfile.ZipFile(path) as parts:
        for index, plan in enumerate(sheets, start=1):
            xml = parts.read(f"xl/worksheets/sheet{index}.xml")
            found = {place.decode(): text.decode() for place, text in _FORMULA.findall(xml)}
            if found != _formulas(plan) or xml.count(b"<f>") + xml.count(b"<f ") != len(found):
                raise Refused(f"读回核对不符：{plan.name}里的公式与预期不同。{_ADVICE}")
            if _OTHER_KIND.search(xml):
                raise Refused(f"读回核对不符：{plan.name}里有既非文字也非数字的单元格。{_ADVICE}")
        pictures = [code_png(plan.picture.text)[0] for plan in sheets if plan.picture]
        if pictures != [parts.read(name) for name in parts.namelist() if name.startswith("xl/media/")]:
            raise Refused(f"读回核对不符：账簿校验码的二维码与预期不同。{_ADVICE}")


def _formulas(plan: Sheet) -> dict[str, str]:
    return {
        xl_rowcol_to_cell(row, column): cell.text.removeprefix("=")
        for row, line in enumerate(plan.lines)
        for column, cell in enumerate(line.cells)
        if isinstance(cell, Formula)
    }
