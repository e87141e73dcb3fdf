"""A list as it stands on screen, as a workbook: its visible columns and its rows in their order, codes as text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xlsxwriter import Workbook

from zjtx_desktop.exchange.atomic import write_atomically
from zjtx_desktop.exchange.outgoing import new_workbook, put_text, visible_text

MOST_ROWS = 1_048_575  # a sheet holds one more, for the headings


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A heading and its width in Chinese characters; a `number` column holds whole numbers."""

    title: str
    letters: int
    number: bool = False


def write_list(
    path: Path, name: str, columns: Sequence[SheetColumn], rows: Iterable[Sequence[str]], made_on: date
) -> None:
    """Write `rows` of texts under `columns` on a sheet called `name`; a file that is there is replaced.

    Text that no cell can hold is shown as “�”. What `rows` raises leaves the old file as it was.
    """

    def fill(temporary: Path) -> None:
        with new_workbook(temporary, made_on) as book:
            _fill(book, name, columns, rows)

    write_atomically(path, fill, overwrite=True)


def _fill(book: Workbook, name: str, columns: Sequence[SheetColumn], rows: Iterable[Sequence[str]]) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"font_name": "黑体", "font_size": 10, "bottom": 1, "bg_color": "#E7E6E6"})
    text = book.add_format({"font_name": "宋体", "font_size": 10, "num_format": "@"})
    number = book.add_format({"font_name": "宋体", "font_size": 10, "num_format": "#,##0"})
    for place, column in enumerate(columns):
        sheet.set_column(place, place, 2 * column.letters + 2)
        put_text(sheet, 0, place, column.title, head)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
            if column.number and cell:
                sheet.write_number(last, place, int(cell.replace(",", "")), number)
            else:
                put_text(sheet, last, place, visible_text(cell), text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
