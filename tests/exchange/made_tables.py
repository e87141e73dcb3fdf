"""Tables as the reading process gives them, made from plain rows, and lists parsed from them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from zjtx_desktop.domain.titles import Kind, Level, Titles
from zjtx_desktop.exchange.lists import ListDefaults, ListRow, ParsedList, parse_list
from zjtx_desktop.exchange.table import CellValue, Merge, Row, Table
from zjtx_desktop.values import DocumentNumber

TODAY = date(2025, 3, 1)
FULL = ListDefaults(
    title="srdi_sme",
    level=Level.PROVINCIAL,
    kind=Kind.NEW,
    document_title="关于公布2024年江西省专精特新中小企业名单的通知",
    document_number=DocumentNumber("赣工信企业字", 2024, 6),
    document_date=date(2024, 6, 3),
    batch="第五批",
    label_year=2024,
)


def table(rows: Iterable[Sequence[CellValue]], merges: Iterable[Merge] = (), name: str = "名单.xlsx") -> Table:
    """The rows numbered from 1; those without content are left out, as the reader does."""
    numbered = tuple(
        Row(number, tuple(row))
        for number, row in enumerate(rows, start=1)
        if any(cell is not None for cell in row)
    )
    return Table(name, "Sheet1", ("Sheet1",), numbered, (), tuple(merges))


def parsed(
    rows: Iterable[Sequence[CellValue]],
    defaults: ListDefaults = FULL,
    merges: Iterable[Merge] = (),
    columns: Mapping[str, int] | None = None,
    name: str = "名单.xlsx",
) -> ParsedList:
    """The list in these rows, read on TODAY."""
    return parse_list(table(rows, merges, name), defaults, Titles.load(), TODAY, columns)


def one(heads: Sequence[str], cells: Sequence[CellValue], defaults: ListDefaults = FULL) -> ListRow:
    """The only row of a list with 企业名称 in column A and these columns after it."""
    (row,) = parsed([["企业名称", *heads], ["江西某某科技有限公司", *cells]], defaults).rows
    return row
