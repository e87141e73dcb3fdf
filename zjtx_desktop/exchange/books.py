"""Workbooks (.xlsx): openpyxl reads the cells, the guard looks at the same XML and must count the same.

Only the parts that are needed are opened, and each passes the guard first: content types, relationships,
workbook, styles, texts, and the one sheet. Nothing else in the file is ever parsed.
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import IO
from xml.etree.ElementTree import Element, iterparse
from zipfile import ZipFile

from openpyxl.packaging.relationship import get_rels_path
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._reader import DATA_TAG, FORMULA_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import ARC_CONTENT_TYPES, ARC_STYLE, SHARED_STRINGS, XLSM, XLSX, XLTM, XLTX

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange import guard
from zjtx_desktop.exchange.book_parts import date_formats, read_texts
from zjtx_desktop.exchange.guard import DAMAGED, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, SheetScan
from zjtx_desktop.exchange.table import (
    FORBIDDEN,
    CellProblem,
    CellValue,
    Merge,
    Row,
    Table,
    column_letter,
    column_number,
    date_cell,
    number_cell,
    text_cell,
)

NO_RESULT = CellProblem("公式没有计算结果，请在 Excel 或 WPS 里打开并保存一次，或改填数值后再导入。")
BAD_CELL = CellProblem("单元格里的内容无法读取，请重新填写。")
COVERED = CellProblem("内容被合并单元格遮住，请取消合并后核对。")
BAD_DATE = CellProblem("日期超出 Excel 能表示的范围，请按 2024-06-03 的样式重新填写。")
TOO_MANY_ROWS = f"有内容的行超过 {MAX_ROWS:,} 行，请分成几个文件后再导入。"
EMPTY_ZIP = b"PK\x05\x06" + bytes(18)  # the library insists on opening a file itself; it gets ours after
MAX_NAME = 64  # of a sheet; Excel allows 31
SHOWN = 10  # numbers named in a note


class CellReader(WorkSheetParser):
    """The library's reader of sheets, giving cell values, and naming what it would drop or stumble over."""

    columns: dict[str, int]
    shows: Mapping[int, str]  # of a cell format: which of year, month and day

    def rows(self) -> Iterator[tuple[int, list[tuple[int, CellValue]]]]:
        """Each row's number and cells. What follows the rows (rules, links, drawings) is never looked at."""
        for _, element in iterparse(self.source):  # parsed in C: the guard has refused every DTD before
            if element.tag == ROW_TAG:
                yield self.parse_row(element)
                element.clear()
            elif element.tag == DATA_TAG:
                return

    def parse_cell(self, element: Element) -> tuple[int, CellValue]:
        """The column and value of a cell; an unreadable one, or a formula without result, is a problem."""
        kind, reference = element.get("t", "n"), element.get("r")
        column = self._column(reference) if reference else self.col_counter + 1
        self.col_counter = column
        if kind == "s":  # nine of ten cells; the shared strings are cell values already
            index = element.findtext(VALUE_TAG) or "-1"
            return column, self.shared_strings[int(index)] if index.isdigit() else None
        try:
            cell = super().parse_cell(element)
        except (ValueError, IndexError, OverflowError):
            return column, BAD_CELL
        if cell["value"] is None and element.find(FORMULA_TAG) is not None:
            cached = kind == "str" and element.find(VALUE_TAG) is not None
            return column, None if cached else NO_RESULT
        if kind == "n" and cell["data_type"] == "e":
            return column, BAD_DATE
        if isinstance(cell["value"], datetime) and (shows := self.shows.get(cell["style_id"], "ymd")) != "ymd":
            return column, date_cell(cell["value"], shows)
        return column, _value(cell["value"], cell["data_type"])

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if reference[len(letters) :] != str(self.row_counter):
            raise BadFile(DAMAGED)
        if letters not in self.columns:
            self.columns[letters] = column_number(letters)
        return self.columns[letters]


def read_book(data: bytes, name: str, sheet: str | None) -> Table:
    """The named sheet, or the first visible one with content; BadFile when the book cannot be trusted."""
    guard.check_directory(data)
    with ZipFile(BytesIO(data)) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library, on styles and extensions that are not read
        guard.check_entries(archive)
        reader = _opened(archive)
        parts = _sheets(reader)
        titles = tuple(title for title, _, _ in parts)
        if sheet is not None and sheet not in titles:
            raise BadFile(f"没有名为“{sheet}”的工作表，请从这些里选：{'、'.join(titles)}。")
        wanted = [part for part in parts if part[0] == sheet] if sheet else _visible_first(parts)
        for title, path, _ in wanted:
            scan = guard.scan_sheet(archive, path)
            rows = _read_sheet(reader, path, scan)
            if rows:
                break
        else:
            raise BadFile("工作表里没有内容，请核对后再导入。")
    return Table(name, title, titles, tuple(rows), _notes(title, titles, scan), tuple(scan.merges))


def _opened(archive: ZipFile) -> ExcelReader:
    reader = ExcelReader(BytesIO(EMPTY_ZIP), read_only=True, data_only=True, keep_links=False)
    reader.archive, reader.valid_files = archive, archive.namelist()
    guard.check_part(archive, ARC_CONTENT_TYPES)
    reader.read_manifest()
    if any(reader.package.find(kind) for kind in (XLSM, XLTM)):
        raise BadFile("文件是启用宏的工作簿，请用 Excel 或 WPS 打开，另存为不带宏的 .xlsx 后再导入。")
    texts = reader.package.find(SHARED_STRINGS)
    names = {name.casefold(): name for name in reader.valid_files}
    if texts is not None and (part := names.get(texts.PartName[1:].casefold())):  # some write SharedStrings
        reader.shared_strings = read_texts(archive, part)
    book = reader.package.find(XLSX) or reader.package.find(XLTX)
    path = book.PartName[1:] if book else "xl/workbook.xml"
    guard.check_part(archive, path)
    guard.check_part(archive, get_rels_path(path))
    reader.read_workbook()
    if ARC_STYLE in reader.valid_files:
        reader.wb._date_formats, reader.wb._timedelta_formats = date_formats(archive, ARC_STYLE)
    return reader


def _sheets(reader: ExcelReader) -> list[tuple[str, str, bool]]:
    """Name, part and visibility of each worksheet, in the order of the tabs."""
    found = []
    for sheet, relation in reader.parser.find_sheets():
        if relation.Type.endswith("/worksheet") and relation.target in reader.valid_files:
            found.append((sheet.name, relation.target, sheet.state == "visible"))
    if any(len(name) > MAX_NAME or FORBIDDEN.search(name) for name, _, _ in found):
        raise BadFile(DAMAGED)
    if len(found) > MAX_SHEETS:
        raise BadFile(f"工作表超过 {MAX_SHEETS} 张，请把要导入的一张另存为新的 .xlsx 后再导入。")
    if not found:
        raise BadFile(DAMAGED)
    return found


def _visible_first(parts: list[tuple[str, str, bool]]) -> list[tuple[str, str, bool]]:
    return [part for part in parts if part[2]] or parts


def _read_sheet(reader: ExcelReader, path: str, scan: SheetScan) -> list[Row]:
    covers, rows = Covers(scan.merges), []
    counted = cells = last = 0
    with reader.archive.open(path) as source:
        for number, read in _parser(reader, source).rows():
            counted, cells = counted + bool(read), cells + len(read)
            values = _values(number, read)
            if not values:
                continue
            if number <= last or len(rows) >= MAX_ROWS:
                raise BadFile(DAMAGED if number <= last else TOO_MANY_ROWS)
            last = number
            for column in covers.columns(number, values):
                values[column] = COVERED
            rows.append(Row(number, tuple(map(values.get, range(1, max(values) + 1)))))
    if (counted, cells) != (scan.rows, scan.cells):
        raise BadFile(DAMAGED)
    return rows


def _parser(reader: ExcelReader, source: IO[bytes]) -> CellReader:
    book, texts = reader.wb, reader.shared_strings
    parser = CellReader(source, texts, True, book.epoch, book._date_formats, book._timedelta_formats)
    parser.columns, parser.shows = {}, book._date_formats
    return parser


def _values(number: int, read: list[tuple[int, CellValue]]) -> dict[int, CellValue]:
    values = {column: value for column, value in read if value is not None}
    if values and max(values) > MAX_COLUMNS:
        where = f"{column_letter(max(values))}{number}"
        raise BadFile(f"{where} 还有内容，请删去 {MAX_COLUMNS} 列以后的内容后再导入。")
    if len(values) < len(read) and len({column for column, _ in read}) < len(read):
        raise BadFile(DAMAGED)
    return values


def _value(value: object, data_type: object) -> CellValue:
    if value is None:
        return None
    if data_type == "e":
        return CellProblem(f"单元格是错误值 {str(value)[:20]}，请改为正确的内容。", str(value)[:20])
    if isinstance(value, str):
        return text_cell(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return number_cell(value)
    return date_cell(value)


class Covers:
    """Which cells lie under a merged area, asked for row after row downwards."""

    def __init__(self, merges: Sequence[Merge]) -> None:
        self._waiting = sorted(merges, key=lambda merge: merge.top, reverse=True)
        self._open: list[Merge] = []

    def columns(self, row: int, columns: Iterable[int]) -> list[int]:
        """Those of the columns whose cell in this row is not the first one of its merged area."""
        while self._waiting and self._waiting[-1].top <= row:
            self._open.append(self._waiting.pop())
        self._open = [merge for merge in self._open if merge.bottom >= row]
        if len(self._open) > MAX_COLUMNS:
            raise BadFile(DAMAGED)  # honest areas do not overlap, so a row cannot meet so many
        return [
            column
            for column in columns
            for merge in self._open
            if merge.left <= column <= merge.right and (row, column) != (merge.top, merge.left)
        ]


def _notes(title: str, titles: tuple[str, ...], scan: SheetScan) -> tuple[str, ...]:
    notes = []
    if len(titles) > 1:
        notes.append(f"文件有 {len(titles)} 张工作表，读取的是“{title}”。")
    if scan.hidden_rows:
        notes.append(f"第 {_some([str(row) for row in scan.hidden_rows])} 行是隐藏行，也已读入。")
    if scan.hidden_columns:
        letters = [_span(first, last) for first, last in scan.hidden_columns]
        notes.append(f"{_some(letters)} 列是隐藏列，也已读入。")
    return tuple(notes)


def _some(words: list[str]) -> str:
    return "、".join(words[:SHOWN]) + (f" 等 {len(words)} 处" if len(words) > SHOWN else "")


def _span(first: int, last: int) -> str:
    return column_letter(first) if first == last else f"{column_letter(first)}–{column_letter(last)}"
