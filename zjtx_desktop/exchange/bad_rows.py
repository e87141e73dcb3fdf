"""Saves the rows an import could not take, each with its reason, to be corrected and imported again."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from xlsxwriter import Workbook

from zjtx_desktop.exchange.atomic import write_atomically
from zjtx_desktop.exchange.outgoing import new_workbook, put_text, row_height, visible_text

ROW_COLUMN, REASON_COLUMN = "原行号", "原因"

BadRow = tuple[int, tuple[str, ...], str]

_MADE_ON = date(2000, 1, 1)     # the file says nothing about days; equal rows give equal bytes
_REASON_WIDTH = 45
_WIDEST = 40


def write_bad_rows(
    path: Path, header: tuple[str, ...], rows: Sequence[BadRow], overwrite: bool = False
) -> None:
    """Write (original row number, original cell texts, reason) as a sheet with its headings in row 1.

    原行号 and 原因 come first, then the original columns as text in their order; the importer
    ignores the two. A row from an earlier such file loses the two columns it brought along. Text
    that no cell can hold is shown as “�” instead of failing: the file is there to be corrected.
    """
    added = 2 if header[:2] == (ROW_COLUMN, REASON_COLUMN) else 0
    table = [
        (number, *(visible_text(text) for text in (reason, *cells[added:])))
        for number, cells, reason in rows
    ]
    headings = (ROW_COLUMN, REASON_COLUMN, *(visible_text(text) for text in header[added:]))

    def fill(temporary: Path) -> None:
        with new_workbook(temporary, _MADE_ON) as book:
            _fill(book, headings, table)

    write_atomically(path, fill, overwrite)


def _fill(book: Workbook, headings: tuple[str, ...], table: list[tuple[int | str, ...]]) -> None:
    sheet = book.add_worksheet("未导入的行")
    frame = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
    text = book.add_format({**frame, "num_format": "@", "quote_prefix": True})
    typed = book.add_format({"font_name": "宋体", "font_size": 10, "num_format": "@"})
    number = book.add_format({**frame, "align": "center"})
    head = book.add_format({**frame, "font_name": "黑体", "align": "center", "bg_color": "#E7E6E6"})
    reason = book.add_format({**frame, "num_format": "@", "font_color": "#C00000", "quote_prefix": True})
    last = max(len(row) for row in (headings, *table)) - 1

    widths = (8, _REASON_WIDTH, *(_width(column, headings, table) for column in range(2, last + 1)))
    for column, width in enumerate(widths):      # empty cells are text too, so that typing a code keeps it
        sheet.set_column(column, column, width, typed if column > 1 else None)
    for column, heading in enumerate(headings):
        put_text(sheet, 0, column, heading, head)
    for index, row in enumerate(table, start=1):
        sheet.set_row(index, row_height(row, widths[: len(row)]))
        sheet.write_number(index, 0, int(row[0]), number)
        for column, cell in enumerate(row[1:], start=1):
            put_text(sheet, index, column, str(cell), reason if column == 1 else text)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(table), 1), last)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _width(column: int, headings: tuple[str, ...], table: list[tuple[int | str, ...]]) -> int:
    """Wide enough for the widest of the first rows, within reason; a Chinese character counts twice."""
    texts = [str(row[column]) for row in (headings, *table[:200]) if column < len(row)]
    widest = max((sum(1 if letter.isascii() else 2 for letter in text[:60]) for text in texts), default=0)
    return min(max(widest + 2, 10), _WIDEST)
