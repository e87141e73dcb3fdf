"""A printed list: A4, the heading row on every page, 单位 and 制表日期 over it, lines for signatures under it."""

from collections.abc import Callable, Iterable, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import BinaryIO

from zjtx_desktop.documents.cells import Align, Row, paint_row, set_row
from zjtx_desktop.documents.flow import Block, Flow, Paper, centred, landscape, paragraph, portrait, space, spread
from zjtx_desktop.documents.fonts import FANG, HEI, TITLE, missing, require
from zjtx_desktop.documents.grid import MM, Column
from zjtx_desktop.documents.page import Sheet
from zjtx_desktop.errors import Refused
from zjtx_desktop.values import format_date

Tick = Callable[[int, int | None], None]
SIZE, LEADING, AIR = 10.5, 13.5, 9.5  # 五号; air above and below a row's text together
MOST_PAGES = 300  # nobody reads more on paper; a longer list is for a spreadsheet
_TITLE_SIZE, _TITLE_LEADING = 18.0, 30.0
_LINE_LEADING = 20.0
_SIGN_SPACE = 14.0
_NOTE_SPACE = 6.0
LYING, UPRIGHT = landscape(18 * MM, 20 * MM, 20 * MM), portrait(20 * MM, 25 * MM, 22 * MM)


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: its heading, its share of the width, and where its texts stand."""

    heading: str
    share: float
    align: Align = Align.START


@dataclass(frozen=True, slots=True)
class PrintedList:
    """What stands around the rows, whose texts are `size` points.

    `total` is a last row, `subtotals` are rows over it; `notes` stand under it, and `signers` are roles, each with room to sign.
    `code` says where the book stood, at the foot of each page.
    """

    title: str
    columns: tuple[ListColumn, ...]
    prepared_on: date
    office: str = ""
    unit: str = ""
    lying: bool = True
    total: tuple[str, ...] = ()
    signers: tuple[str, ...] = ("制表人", "复核人", "负责人")
    notes: tuple[str, ...] = ()
    size: float = SIZE
    code: str = ""
    subtotals: tuple[tuple[str, ...], ...] = ()

    @property
    def paper(self) -> Paper:
        """The page it is printed on."""
        return LYING if self.lying else UPRIGHT

    @property
    def leading(self) -> float:
        """From one line of a cell to the next, in points."""
        return self.size * LEADING / SIZE


def most_rows() -> int:
    """More rows than this surely take more than `MOST_PAGES`, whatever stands in them."""
    return MOST_PAGES * int((UPRIGHT.bottom - UPRIGHT.top) / (SIZE + AIR))


def too_long(count: int) -> Refused:
    """Why a list of so many rows is not printed."""
    return Refused(
        f"列出了 {count:,} 行，印出来超过 {MOST_PAGES} 页，没有生成文件。"
        "请先查找或筛选，少印一些；整份名单请导出成 Excel 表格。"
    )


def write_list(
    printed: PrintedList, rows: Iterable[Sequence[str]], out: BinaryIO, tick: Tick | None = None
) -> int:
    """Write a list as PDF; how many pages it has.

    A character without glyph is Refused by row and column, a list of more than `MOST_PAGES` by its rows.
    """
    paper, size, leading = printed.paper, printed.size, printed.leading
    edges = column_edges([column.share for column in printed.columns], paper)
    align = tuple(column.align for column in printed.columns)
    heading = _heading_row(printed, edges)
    flow = Flow(paper, (heading,))
    flow.add(*_top(printed, paper), heading)
    total = len(rows) if isinstance(rows, Sized) else None
    kept: list[Block] = []  # the last row waits, to stay with what follows it
    for done, texts in enumerate(rows, start=1):
        _check(texts, printed.columns, f"第 {done} 行")
        flow.add(*kept)
        if flow.pages > MOST_PAGES:
            raise too_long(total or done)
        kept = [row_block(set_row(tuple(texts), edges, align, size, leading))]
        if tick:
            tick(done, total)
    for sums in filter(None, (*printed.subtotals, printed.total)):
        kept.append(row_block(set_row(sums, edges, align, size, leading, HEI)))
    flow.add(*kept, *_notes(printed, paper), *_signatures(printed, paper))
    return flow.write(out, printed.title, printed.code)


def column_edges(shares: Sequence[float], paper: Paper) -> tuple[float, ...]:
    """The vertical lines of a table that fills the width, its columns by shares."""
    whole = sum(shares)
    return tuple(paper.left + sum(shares[:place]) * paper.measure / whole for place in range(len(shares) + 1))


def row_block(row: Row) -> Block:
    """A table row as a block of a page."""
    height = row.height + AIR
    return Block(height, partial(_paint, row, height))


def _paint(row: Row, height: float, sheet: Sheet, top: float) -> None:
    paint_row(sheet, row, top, height)


def _heading_row(printed: PrintedList, edges: tuple[float, ...]) -> Block:
    names = tuple(column.heading for column in printed.columns)
    return row_block(set_row(names, edges, (Align.CENTRE,) * len(names), printed.size, printed.leading, HEI))


def _top(printed: PrintedList, paper: Paper) -> list[Block]:
    """Title, and over the table the office, the date and the unit."""
    require(printed.title, "表格标题", TITLE)
    require(printed.office, "编制单位名称")
    facts = (
        f"编制单位：{printed.office}" if printed.office else "",
        f"制表日期：{format_date(printed.prepared_on)}",
        *([f"单位：{printed.unit}"] if printed.unit else ()),  # without one the date stands at the right
    )
    middle = paper.width / 2
    return [
        *centred(printed.title, middle, TITLE, _TITLE_SIZE, paper.measure, _TITLE_LEADING),
        spread(facts, paper.left, paper.measure, SIZE, _LINE_LEADING),
    ]


def _notes(printed: PrintedList, paper: Paper) -> list[Block]:
    if not printed.notes:
        return []
    column = Column(FANG, SIZE, SIZE, paper.measure, 0.0, SIZE * 3, justify=False)
    for note in printed.notes:
        require(note, "表后说明")
    lines = [line for note in printed.notes for line in paragraph(f"说明：{note}", paper.left, column, LEADING + 2)]
    return [space(_NOTE_SPACE), *lines]


def _signatures(printed: PrintedList, paper: Paper) -> list[Block]:
    if not printed.signers:
        return []
    lines = [f"{role}：" + "　" * 8 for role in printed.signers]
    return [space(_SIGN_SPACE), spread(lines, paper.left, paper.measure, SIZE, _LINE_LEADING)]


def _check(texts: Sequence[str], columns: Sequence[ListColumn], where: str) -> None:
    for text, column in zip(texts, columns, strict=True):
        if missing(text):
            require(text, f"{where}“{column.heading}”（{text}）")
