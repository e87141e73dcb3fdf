"""Tables of .pdf files as offices publish them: ruled or not, over several pages, with the texts that stand over them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.pdf_opening import pages
from zjtx_desktop.exchange.pdf_page import Cell, PageTable, ReadPage, read_page
from zjtx_desktop.exchange.table import Merge, Row, Table
from zjtx_desktop.exchange.text_tables import FoundTable, hand_on_one, left_over

HEADER_ROWS = 4  # of which a repetition on the next page is looked for
SAMPLED = 20  # rows that tell whether a table counts its rows
CONVERT = "请取得文字版的名单，或转成 .xlsx 并逐行核对后再导入。"
NO_TABLE = f"PDF 里没有找到表格，{CONVERT}"
UNRULED = "这张表没有框线，按文字的位置分列，请逐行核对。"


class _Joining:
    """Puts the pages together: a table that goes on over a page is one."""

    def __init__(self) -> None:
        self.tables: list[FoundTable] = []
        self.texts: list[str] = []  # since the last table
        self.pictures: list[int] = []
        self._open: tuple[PageTable, FoundTable] | None = None
        self._over: set[str] = set()  # the texts over the first table of the page where the open one began
        self._between = False  # whether a picture came after the open table began

    def take(self, page: ReadPage) -> None:
        """Take the next page."""
        if page.unreadable:
            raise BadFile(f"第 {page.number} 页的字体没有文字编码，读不出文字，{CONVERT}")
        if page.is_picture:
            self.pictures.append(page.number)
            self._between = self._open is not None
            return
        for place, (table, before) in enumerate(zip(page.tables, page.texts, strict=False)):
            goes_on = place == 0 and not self.texts and self._goes_on(table, before)
            self.texts += [] if goes_on else before
            if goes_on:
                self._append(table)
            else:
                self._begin(table, f"第{page.number}页表{place + 1}", before)
        self.texts += page.texts[-1]

    def _goes_on(self, table: PageTable, before: Sequence[str]) -> bool:
        if self._open is None or not table.follows(self._open[0]) or not set(before) <= self._over:
            return False
        if self._between:
            raise BadFile(self.in_pictures())
        return True

    def in_pictures(self) -> str:
        """Which pages are pictures."""
        said = "、".join(map(str, self.pictures[:10])) + (" 等" if len(self.pictures) > 10 else "")
        return f"第 {said} 页是扫描的图片，没有文字，{CONVERT}"

    def _begin(self, table: PageTable, name: str, before: Sequence[str]) -> None:
        found = FoundTable(name, self.texts, dict(table.cells), list(table.merges), notes=() if table.ruled else (UNRULED,))
        self.texts, self._open, self._over, self._between = [], (table, found), set(before), False
        self.tables.append(found)

    def _append(self, table: PageTable) -> None:
        """Put the rows under those that are there, without the header that is said again."""
        if self._open is None:
            return
        first, found = self._open
        said = 0
        while said < min(HEADER_ROWS, table.rows, first.rows) and table.cells[said + 1] == first.cells[said + 1]:
            said += 1
        last = max(found.cells, default=0)
        is_cut = said < table.rows and (first.is_open or _is_rest(found, table, said + 1))
        down = last - said - is_cut
        for row, cells in table.cells.items():
            if row > said:
                found.cells[row + down] = _put_together(found.cells.get(row + down, {}), cells)
        if is_cut:
            found.notes = (*found.notes, f"第 {last} 行在换页处断开，已接成一行，请核对。")
        for area in table.merges:
            if area.top > said:
                found.merges.append(Merge(area.top + down, area.left, area.bottom + down, area.right))
        self._open = (replace(first, is_open=table.is_open), found)


def _is_rest(found: FoundTable, table: PageTable, row: int) -> bool:
    """Whether the first row of a page lacks the number that every other row begins with: then it ends the row before."""
    numbers = [cells.get(1) for cells in list(found.cells.values())[-SAMPLED:]] + [cells.get(1) for cells in list(table.cells.values())[row:]]
    counted = sum(isinstance(number, str) and number.isdecimal() for number in numbers)
    is_merged = any(area.top <= row <= area.bottom for area in table.merges)
    return table.ruled and not is_merged and bool(table.cells[row]) and 1 not in table.cells[row] and counted >= max(2, len(numbers) - HEADER_ROWS)


def _put_together(above: Mapping[int, Cell], below: Mapping[int, Cell]) -> dict[int, Cell]:
    """The two parts of a row that a page cuts."""
    both = dict(above)
    for column, cell in below.items():
        have = both.get(column)
        both[column] = have + cell if isinstance(have, str) and isinstance(cell, str) else cell
    return both


def read_pdf(data: bytes, name: str, sheet: str | None, take: Callable[[Row], None]) -> Table:
    """Hand the rows of the named table (第2页表1: where it begins), or of the first, to `take`; the rest is returned."""
    joining = _Joining()
    for page in pages(data):
        joining.take(read_page(page))
    tables = [table for table in joining.tables if table.is_table]
    pictures = joining.in_pictures() if joining.pictures else ""
    return hand_on_one(tables, name, sheet, take, [*left_over(joining.texts), *[pictures] * bool(pictures)], pictures or NO_TABLE)
