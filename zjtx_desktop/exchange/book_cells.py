"""The cells of a worksheet: the library's reader, giving cell values and naming what it would drop or stumble over."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from xml.etree.ElementTree import Element, iterparse

from openpyxl.worksheet._reader import DATA_TAG, FORMULA_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.book_parts import SharedTexts, Styles
from zjtx_desktop.exchange.guard import DAMAGED
from zjtx_desktop.exchange.table import (
    CellProblem,
    CellValue,
    Hint,
    HintKind,
    column_number,
    date_cell,
    number_cell,
    text_cell,
)

NO_RESULT = CellProblem("公式没有计算结果，请在 Excel 或 WPS 里打开并保存一次，或改填数值后再导入。")
BAD_CELL = CellProblem("单元格里的内容无法读取，请重新填写。")
BAD_DATE = CellProblem("日期超出 Excel 能表示的范围，请按 2024-06-03 的样式重新填写。")

Moment = datetime | date | time | timedelta


class CellReader(WorkSheetParser):
    """Gives rows of cell values; `marks` holds what the cells of the row that was given last show besides."""

    def prepare(self, styles: Styles, texts: SharedTexts) -> None:
        """Take what the cells refer to."""
        self.marks: list[Hint] = []
        self._columns: dict[str, int] = {}
        self._styles, self._struck_texts = styles, texts.struck
        self._marked = {str(number) for number in (*styles.struck, *styles.filled)}

    def rows(self) -> Iterator[tuple[int, list[tuple[int, CellValue]]]]:
        """Each row's number and cells. What follows the rows (rules, links, drawings) is never looked at."""
        for _, element in iterparse(self.source):  # parsed in C: the guard has refused every DTD before
            if element.tag == ROW_TAG:
                yield self.parse_row(element)
                self.marks.clear()
                element.clear()
            elif element.tag == DATA_TAG:
                return

    def parse_cell(self, element: Element) -> tuple[int, CellValue]:
        """The column and value of a cell; an unreadable one, or a formula without result, is a problem."""
        kind, reference = element.get("t", "n"), element.get("r")
        column = self._column(reference) if reference else self.col_counter + 1
        self.col_counter = column
        if self._marked and (style := element.get("s")) in self._marked:
            self._mark(column, int(style))
        if kind == "s":  # nine of ten cells; the shared strings are cell values already
            return column, self._shared(column, element.findtext(VALUE_TAG) or "-1")
        try:
            cell = super().parse_cell(element)
        except (ValueError, IndexError, OverflowError):
            return column, BAD_CELL
        if cell["value"] is None and element.find(FORMULA_TAG) is not None:
            cached = kind == "str" and element.find(VALUE_TAG) is not None
            return column, None if cached else NO_RESULT
        if kind == "n" and cell["data_type"] == "e":
            return column, BAD_DATE
        if cell["data_type"] == "d":
            return column, self._date(column, cell["value"], cell["style_id"])
        return column, value_of(cell["value"], cell["data_type"] == "e")

    def _shared(self, column: int, index: str) -> CellValue:
        if not index.isdigit():
            return None
        place = int(index)
        if self._struck_texts and place in self._struck_texts:
            self.marks.append(Hint(HintKind.STRUCK, column, self._struck_texts[place]))
        return self.shared_strings[place]

    def _mark(self, column: int, style: int) -> None:
        if style in self._styles.struck:
            self.marks.append(Hint(HintKind.STRUCK, column))
        if style in self._styles.filled:
            self.marks.append(Hint(HintKind.FILLED, column, self._styles.filled[style]))

    def _date(self, column: int, moment: Moment, style: int) -> CellValue:
        if time_hint := time_of(column, moment):
            self.marks.append(time_hint)
        return date_cell(moment, self._styles.partial.get(style, "ymd"))

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if reference[len(letters) :] != str(self.row_counter):
            raise BadFile(DAMAGED)
        if letters not in self._columns:
            self._columns[letters] = column_number(letters)
        return self._columns[letters]


def time_of(column: int, moment: object) -> Hint | None:
    """The hint of a date that has a time of day."""
    if not isinstance(moment, datetime) or not (moment.hour or moment.minute or moment.second):
        return None
    return Hint(HintKind.TIME, column, f"{moment:%H:%M:%S}")


def value_of(value: object, is_error: bool) -> CellValue:
    """What the library read, as a cell value."""
    if value is None:
        return None
    if is_error:
        return CellProblem(f"单元格是错误值 {str(value)[:20]}，请改为正确的内容。", str(value)[:20])
    if isinstance(value, str):
        return text_cell(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return number_cell(value)
    raise TypeError(value)
