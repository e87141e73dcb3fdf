"""A web page that a bank or a platform gave the name of a workbook: its tables are read when they are plain ones."""

import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.guard import MAX_COLUMNS, MAX_MERGES, MEGABYTE, SAVE_AS, TOO_BIG
from zjtx_desktop.exchange.plain import decode
from zjtx_desktop.exchange.table import Merge, Row, Table
from zjtx_desktop.exchange.text_tables import FoundTable, hand_on_one, left_over

MAX_PAGE = 8 * MEGABYTE
MAX_CELLS = 200_000
CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
ENCODINGS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "utf-8": "utf-8", "utf8": "utf-8"}
UNSEEN = ("script", "style", "title", "head", "comment")
LINE_ENDS = ("p", "div", "h1", "h2", "h3", "h4", "li", "br", "center")
NESTED = f"内容其实是网页，表格里套着表格，{SAVE_AS}。"
NO_TABLE = f"内容其实是网页，里面没有名单那样的表格，{SAVE_AS}。"


class _Page(HTMLParser):
    """Collects the tables and the texts between them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[FoundTable] = []
        self.texts: list[str] = []
        self._table: FoundTable | None = None
        self._taken: dict[int, int] = {}  # column → the last row that a cell above reaches down to
        self._row = self._column = self._cells = self._unseen = 0
        self._pieces: list[str] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "body":
            self._unseen = 0
        elif tag == "table":
            self._unseen = 0
            if self._table:
                raise BadFile(NESTED)
            self._flush()
            self._table = FoundTable(f"表{len(self.tables) + 1}", self.texts)
            self.texts, self._row, self._taken = [], 0, {}
        elif tag == "tr" and self._table:
            self._end_cell()
            self._row, self._column = self._row + 1, 0
        elif tag in ("td", "th") and self._table:
            self._begin_cell(dict(attrs))
        elif tag in LINE_ENDS:
            self._new_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._table:
            self._end_cell()
            self.tables.append(self._table)
            self._table = None
        elif tag in LINE_ENDS:
            self._new_line()

    def handle_data(self, data: str) -> None:
        if not self._unseen and (self._in_cell or not self._table):
            self._pieces.append(re.sub(r"[ \t\r\n\f]+", " ", data).replace("\xa0", " "))

    def close(self) -> None:
        super().close()
        if self._table:
            raise BadFile(NO_TABLE)
        self._flush()

    def _new_line(self) -> None:
        if self._in_cell:
            self._pieces.append("\n")
        elif not self._table:
            self._flush()

    def _flush(self) -> None:
        if text := "".join(self._pieces).strip():
            self.texts.append(text)
        self._pieces = []

    def _begin_cell(self, said: dict[str, str | None]) -> None:
        self._end_cell()
        self._cells, self._row = self._cells + 1, max(self._row, 1)
        if self._cells > MAX_CELLS:
            raise BadFile(TOO_BIG)
        self._column += 1
        while self._taken.get(self._column, 0) >= self._row:
            self._column += 1
        right = self._column + _span(said.get("colspan")) - 1
        bottom = self._row + _span(said.get("rowspan")) - 1
        if right > MAX_COLUMNS:
            raise BadFile(f"第 {self._row} 行超过 {MAX_COLUMNS} 列，请删去多余的列后再导入。")
        self._taken |= dict.fromkeys(range(self._column, right + 1), bottom)
        if self._table and (right, bottom) != (self._column, self._row):
            self._table.merges.append(Merge(self._row, self._column, bottom, right))
            if len(self._table.merges) > MAX_MERGES:
                raise BadFile(f"合并单元格超过 {MAX_MERGES:,} 处，请取消合并后再导入。")
        self._place, self._column = self._column, right
        self._pieces, self._in_cell = [], True

    def _end_cell(self) -> None:
        if self._in_cell and self._table:
            lines = [" ".join(line.split(" ")).strip() for line in "".join(self._pieces).split("\n")]
            self._table.cells.setdefault(self._row, {})[self._place] = "\n".join(line for line in lines if line)
        self._pieces, self._in_cell = [], False


def _span(said: str | None) -> int:
    return min(max(int(said), 1), 10_000) if said and said.strip().isdecimal() else 1


def read_page(data: bytes, name: str, sheet: str | None, take: Callable[[Row], None]) -> Table:
    """Hand the rows of the named table (表1, 表2, …), or of the first, to `take`; the rest is returned."""
    if len(data) > MAX_PAGE:
        raise BadFile(TOO_BIG)
    page = _Page()
    page.feed(_text(data))
    page.close()
    tables = [table for table in page.tables if table.is_table]
    for number, table in enumerate(tables, start=1):
        table.name = f"表{number}"
    return hand_on_one(tables, name, sheet, take, list(left_over(page.texts)), NO_TABLE)


def _text(data: bytes) -> str:
    """The text in the encoding that the page names, or in the one that fits."""
    found = CHARSET.search(data[:4096])
    codec = ENCODINGS.get(found[1].decode().lower()) if found else None
    try:
        return data.decode(codec) if codec else decode(data)[0]
    except UnicodeDecodeError:
        return decode(data)[0]
