"""A block of cells that was copied in Excel, WPS or LibreOffice, from the text on the clipboard to a table.

Such text has a tab between cells and a line break between rows. A cell is put in quotes only when it holds
a tab, a line break or (LibreOffice) a quote itself, its quotes then doubled; every other quote stands for
itself. Text of no program but our own clerk's clipboard: it is read here, under the limits of files.
"""

import re
from collections.abc import Iterator

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.guard import MAX_COLUMNS
from zjtx_desktop.exchange.quoting import BREAK, records
from zjtx_desktop.exchange.table import (
    MAX_CHARACTERS,
    CellProblem,
    CellValue,
    Row,
    Table,
    text_cell,
    trimmed,
)

PASTED = "粘贴内容"
MAX_TEXT = 8 << 20  # characters
MAX_ROWS = 20_000
MAX_LINES = 200_000  # empty lines and line breaks inside cells counted too
MAX_CELLS = 1_000_000
NEEDS_QUOTES = re.compile(r'[\t\r\n]|""')
HASHES = re.compile(r"[#＃]{2,}")
COPY_ROWS = "请先在 Excel 或 WPS 里选中名单的几行（最好连同表头），按 Ctrl+C 复制，再到这里粘贴。"
TOO_MUCH = f"粘贴的内容过大：一次最多 {MAX_ROWS:,} 行、{MAX_COLUMNS} 列。请分几次粘贴，或者改用“导入名单”。"


def read_pasted(text: str) -> Table:
    """The block in this text; BadFile for none, for a single cell, and for more than a list may hold."""
    text = text.rstrip("\0")  # some programs end the clipboard as C does
    if len(text) > MAX_TEXT or text.count("\n") + text.count("\r") > MAX_LINES or text.count("\t") > MAX_CELLS:
        raise BadFile(TOO_MUCH)
    rows = tuple(_rows(text))
    filled = [cell for row in rows for cell in row.cells if cell is not None]
    if not filled:
        raise BadFile(f"剪贴板里没有表格内容。{COPY_ROWS}")
    if len(filled) == 1:
        raise BadFile(f"剪贴板里只有一格内容，不是名单。{COPY_ROWS}")
    return Table(PASTED, PASTED, (PASTED,), rows, pasted=True)


def _rows(text: str) -> Iterator[Row]:
    kept = 0
    for number, fields in enumerate(_block(text), start=1):
        if any(len(field) > MAX_CHARACTERS for field in fields):
            raise BadFile(f"粘贴内容第 {number} 行有一格超过 {MAX_CHARACTERS:,} 个字符，请检查后重新复制。")
        cells = trimmed(map(_cell, fields))
        kept += bool(cells)
        if len(cells) > MAX_COLUMNS or kept > MAX_ROWS:
            raise BadFile(TOO_MUCH)
        if cells:
            yield Row(number, cells)


def _cell(field: str) -> CellValue:
    if HASHES.fullmatch(field.strip()):
        return CellProblem("复制来的是“###”：原表的列太窄，内容没有显示出来。请把那一列拉宽后重新复制。")
    return text_cell(field)


def _block(text: str) -> list[list[str]]:
    """The fields of each line. A spreadsheet copies as many for each row: where reading quotes upsets that,
    they were meant as they stand.
    """
    plain = [line.split("\t") for line in BREAK.split(text)]
    if '"' not in text:
        return plain
    quoted = list(_records(text))
    return plain if _is_even(plain) and not _is_even(quoted) else quoted


def _is_even(block: list[list[str]]) -> bool:
    """Whether all rows have as many fields; an empty line at the end is none."""
    return len({len(fields) for fields in (block[:-1] if block[-1] == [""] else block)}) == 1


def _records(text: str) -> Iterator[list[str]]:
    """The rows as such programs mean them that quote no cell without need."""
    return records(text, "\t", NEEDS_QUOTES.search, strict=False)
