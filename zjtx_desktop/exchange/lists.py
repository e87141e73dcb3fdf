"""Published lists of recognised organisations (认定名单): from a table to checked rows, nothing guessed."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.headers import Field, Header, find_header
from zjtx_desktop.exchange.list_row import PUBLICITY, Heading, ListDefaults, ListRow, RowReader
from zjtx_desktop.exchange.list_sections import Sorter
from zjtx_desktop.exchange.table import Table

__all__ = (
    "Field",
    "Header",
    "Heading",
    "ListDefaults",
    "ListRow",
    "ParsedList",
    "find_header",
    "parse_list",
)


@dataclass(frozen=True, slots=True)
class ParsedList:
    """A list as understood: which columns, which rows, and what the person should know of the whole."""

    sheet: str
    header_row: int  # the last row of the header
    columns: Mapping[Field, str]  # field → column letters
    rows: tuple[ListRow, ...]
    notes: tuple[str, ...]
    header: tuple[str, ...]  # texts of the header, for the file of bad rows


def parse_list(
    table: Table,
    defaults: ListDefaults,
    titles: Titles,
    today: date,
    columns: Mapping[str, int] | None = None,
) -> ParsedList:
    """Check every row of a list; `columns` (field → column from 1) overrides what the header says.

    BadFile when the header or the shape of the list is in doubt; doubt in a row is an error of that row.
    """
    header = find_header(table, columns)
    sorter = Sorter(table, header)
    around = (*header.above, table.sheet, PurePath(table.path_name).stem)
    reader = RowReader(table, header, defaults, titles, today, around)
    rows: list[ListRow] = []
    for row in table.rows:
        if row.number > header.row and sorter.is_data(row):
            rows.append(reader.read(row, sorter.heading))
    if not rows:
        raise BadFile(f"{table.called}的表头下面没有名单，没有导入任何内容，请核对后再导入。")
    _refuse_merges(table, header, [row.number for row in rows])
    notes = (*table.notes, *_header_notes(header), *sorter.notes())
    letters = {field: table.column(column) for field, column in header.columns.items()}
    return ParsedList(table.sheet, header.row, letters, tuple(rows), notes, header.labels)


def _refuse_merges(table: Table, header: Header, rows: Sequence[int]) -> None:
    """Refuse merged areas that touch a row of data: what they cover cannot be known."""
    for merge in table.merges:
        place = bisect_left(rows, max(merge.top, header.row + 1))
        if place < len(rows) and rows[place] <= merge.bottom:
            where = f"{table.address(merge.top, merge.left)}:{str(merge).partition(':')[2]}"
            raise BadFile(f"{where} 是合并单元格，没有导入任何内容；请取消合并，把每一行都填满后再导入。")


def _header_notes(header: Header) -> list[str]:
    notes = []
    if header.unused:
        notes.append(f"没有用到的列：{'、'.join(' '.join(label.split()) for label in header.unused)}。")
    if any(PUBLICITY in text for text in header.above):
        notes.append("表头上方有“公示”字样，公示名单不是认定文件，请以正式公告或通知为准。")
    return notes
