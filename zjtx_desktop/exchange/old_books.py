"""Workbooks of Excel 95 to 2003 (.xls): xlrd reads the cells with their formats, merged areas and comments.

Its records are counted before it sees them. What a cell becomes is decided by the same rules as for .xlsx.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from io import StringIO
from typing import Any

import xlrd
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel
from xlrd.compdoc import CompDocError

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.book_cells import BAD_DATE, time_of, value_of
from zjtx_desktop.exchange.book_parts import rgb_colour
from zjtx_desktop.exchange.formats import CHINESE_FORMATS, shown_parts
from zjtx_desktop.exchange.guard import DAMAGED, MAX_COLUMNS, MAX_MERGES, MAX_SHEETS, PASSWORD, TOO_BIG
from zjtx_desktop.exchange.sheet_rows import RowMaker, hidden_notes, pick_sheet, which_sheet
from zjtx_desktop.exchange.table import CellProblem, CellValue, Hint, HintKind, Merge, Row, Table, column_letter, date_cell, text_cell

MAX_COMMENTS = 5_000
MAX_FORMATS = 5_000  # Excel writes 4,000 at most
SOLID = 1
WINDOW_COLOURS = (64, 65, 0x7FFF)


def read_old_book(data: bytes, name: str, sheet: str | None, take: Callable[[Row], None]) -> Table:
    """Hand the rows of the named sheet, or of the first visible one with content, to `take`; the rest is returned."""
    try:
        return _read(data, name, sheet, take)
    except (xlrd.XLRDError, CompDocError) as error:
        locked = "encrypted" in str(error).lower()
        raise BadFile(PASSWORD if locked else DAMAGED) from error


def _read(data: bytes, name: str, sheet: str | None, take: Callable[[Row], None]) -> Table:
    with xlrd.open_workbook(file_contents=data, formatting_info=True, on_demand=True, logfile=StringIO()) as book:
        if book.nsheets > MAX_SHEETS:
            raise BadFile(f"工作表超过 {MAX_SHEETS} 张，请把要导入的一张另存为新的 .xlsx 后再导入。")
        if len(book.xf_list) > MAX_FORMATS:
            raise BadFile(TOO_BIG)
        titles = tuple(book.sheet_names())
        visible = [title for title, state in zip(titles, book._sheet_visibility, strict=True) if state == 0]
        for title in pick_sheet(titles, visible, sheet):
            found = book.sheet_by_name(title)
            reader = _SheetReader(book, found)
            if reader.hand_on(take):
                break
            book.unload_sheet(title)
        else:
            raise BadFile("工作表里没有内容，请核对后再导入。")
        notes = (*which_sheet(title, titles), *hidden_notes(sorted(reader.hidden), reader.hidden_columns()))
        hidden = tuple(title for title in titles if title not in visible)
        return Table(name, title, titles, (), notes, tuple(reader.merges), hidden=hidden)


class _SheetReader:
    """One sheet that the library has read, as rows."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self._book, self._sheet = book, sheet
        self._styles: dict[int, _Style] = {}
        self.hidden = {row for row in (at + 1 for at, info in sheet.rowinfo_map.items() if info.hidden) if row <= sheet.nrows}
        if len(sheet.merged_cells) > MAX_MERGES:
            raise BadFile(f"合并单元格超过 {MAX_MERGES:,} 处，请取消合并后再导入。")
        self.merges = [Merge(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]

    def hand_on(self, take: Callable[[Row], None]) -> int:
        """Give each row with content to `take`; how many."""
        maker = RowMaker(self.merges, self._comments(), frozenset(self.hidden))
        for at in range(self._sheet.nrows):
            marks: list[Hint] = []
            read = list(self._cells(at, marks))
            if row := maker.row(at + 1, read, marks):
                take(row)
        return maker.made

    def _cells(self, at: int, marks: list[Hint]) -> Iterator[tuple[int, CellValue]]:
        sheet = self._sheet
        for column in range(1, sheet.row_len(at) + 1):
            kind = sheet.cell_type(at, column - 1)
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            style = self._style(sheet.cell_xf_index(at, column - 1))
            yield column, style.value(kind, sheet.cell_value(at, column - 1), column, self._book.datemode, marks)
            marks.extend(style.marks(column))
            struck = self._struck_words(at, column - 1)
            if struck and not style.struck:
                marks.append(Hint(HintKind.STRUCK, column, struck))

    def _struck_words(self, row: int, column: int) -> str:
        """The struck words of a text in which not all are."""
        runs = self._sheet.rich_text_runlist_map.get((row, column))
        if not runs:
            return ""
        text = str(self._sheet.cell_value(row, column))
        ends = [start for start, _ in runs[1:]] + [len(text)]
        fonts = self._book.font_list
        struck = [
            text[start:end]
            for (start, font), end in zip(runs, ends, strict=True)
            if font < len(fonts) and fonts[font].struck_out
        ]
        return "".join(struck).strip()

    def _style(self, index: int) -> "_Style":
        if index not in self._styles:
            self._styles[index] = _Style(self._book, self._book.xf_list[index])
        return self._styles[index]

    def _comments(self) -> dict[str, str]:
        notes = self._sheet.cell_note_map
        if len(notes) > MAX_COMMENTS:
            raise BadFile(TOO_BIG)
        said = ((f"{column_letter(column + 1)}{row + 1}", " ".join(note.text.split())) for (row, column), note in notes.items())
        return {where: text for where, text in said if text}

    def hidden_columns(self) -> list[tuple[int, int]]:
        """The spans of hidden columns."""
        spans: list[tuple[int, int]] = []
        for column in sorted(at + 1 for at, info in self._sheet.colinfo_map.items() if info.hidden and at < MAX_COLUMNS):
            if spans and spans[-1][1] == column - 1:
                spans[-1] = (spans[-1][0], column)
            else:
                spans.append((column, column))
        return spans


class _Style:
    """What one cell format of the book means."""

    def __init__(self, book: Any, xf: Any) -> None:
        formats = book.format_map
        known = formats[xf.format_key].format_str if xf.format_key in formats else ""
        code = CHINESE_FORMATS.get(xf.format_key, known) if known in ("", "General") else known
        self._is_date, self._is_span = is_date_format(code), is_timedelta_format(code)
        self._parts = shown_parts(code) if self._is_date and not self._is_span else "ymd"
        self.struck = bool(book.font_list[xf.font_index].struck_out)
        self._filled = self._fill(book, xf.background)

    @staticmethod
    def _fill(book: Any, background: Any) -> str:
        number = background.pattern_colour_index
        if background.fill_pattern != SOLID or number in WINDOW_COLOURS:
            return ""
        rgb = book.colour_map.get(number)
        return rgb_colour("{:02X}{:02X}{:02X}".format(*rgb)) if rgb else ""

    def marks(self, column: int) -> Iterator[Hint]:
        """What a cell of this format shows besides its value."""
        if self.struck:
            yield Hint(HintKind.STRUCK, column)
        if self._filled:
            yield Hint(HintKind.FILLED, column, self._filled)

    def value(self, kind: int, value: Any, column: int, datemode: int, marks: list[Hint]) -> CellValue:
        """The value of a cell of this format."""
        if kind == xlrd.XL_CELL_TEXT:
            return text_cell(value)
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        if kind == xlrd.XL_CELL_ERROR:
            said = xlrd.error_text_from_code.get(value, "#错误")
            return CellProblem(f"单元格是错误值 {said}，请改为正确的内容。", said)
        if not self._is_date:
            return value_of(value, False)
        try:
            moment = _moment(value, datemode, self._is_span)
        except (OverflowError, ValueError):
            return BAD_DATE
        if hint := time_of(column, moment):
            marks.append(hint)
        return date_cell(moment, self._parts)


def _moment(value: float, datemode: int, is_span: bool) -> datetime | time | timedelta:
    epoch = CALENDAR_MAC_1904 if datemode else CALENDAR_WINDOWS_1900
    return from_excel(value, epoch, timedelta=is_span)
