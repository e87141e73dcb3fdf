"""Writes the round's report for 市工信局 and 市财政局, ready to print, and reads it back before it counts.

Strings are shared, not inline as XlsxWriter's constant_memory mode writes them: several phone and
desktop previews leave inline strings blank.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from zjtx_desktop.exchange.atomic import write_atomically
from zjtx_desktop.exchange.city_control import control_sheet
from zjtx_desktop.exchange.city_detail import DETAIL, detail_digest, detail_sheet, others_sheet
from zjtx_desktop.exchange.city_plan import Cell, Formula, Line, Picture, Sheet
from zjtx_desktop.exchange.city_readback import compare
from zjtx_desktop.exchange.city_report import DRAFT, CityReport, Sums, WrittenWorkbook, check_report
from zjtx_desktop.exchange.city_summary import summary_sheet
from zjtx_desktop.exchange.code_picture import PIXELS, code_png
from zjtx_desktop.exchange.outgoing import cell_number, new_workbook, put_text
from zjtx_desktop.values import Money, format_date

Tick = Callable[[int, int], None]

_TICK_EVERY = 200
_PIXELS_A_LETTER = 7  # of a column's width
_SONG, _HEI, _FANG = {"font_name": "宋体"}, {"font_name": "黑体"}, {"font_name": "仿宋"}
_BASE = {"valign": "vcenter", "text_wrap": True, "num_format": "@"}
_BOX = {**_BASE, **_SONG, "font_size": 11, "border": 1}
_DATA = {**_BOX, "quote_prefix": True}
_ONE_LINE = {"text_wrap": False, "shrink": True}      # a code or an amount is made smaller, never cut
_MONEY = {**_ONE_LINE, "num_format": "#,##0.00", "align": "right", "indent": 1}
_COUNT = {**_ONE_LINE, "num_format": "0", "align": "center"}
_TOTAL = {**_BOX, **_HEI, "align": "center", "bg_color": "#F2F2F2"}
_VOID = {"font_strikeout": True, "font_color": "#7F7F7F"}

_STYLES = {
    "title": {**_BASE, **_HEI, "font_size": 18, "align": "center"},
    "subtitle": {**_BASE, **_SONG, "font_size": 12, "align": "center"},
    "note": {**_BASE, **_SONG, "font_size": 11},
    "note_right": {**_BASE, **_SONG, "font_size": 11, "align": "right"},
    "section": {**_BASE, **_HEI, "font_size": 12, "align": "center"},
    "remark": {**_BASE, **_FANG, "font_size": 11, "quote_prefix": True},
    "sign": {**_BASE, **_FANG, "font_size": 14},
    "head": {**_BOX, **_HEI, "align": "center", "bg_color": "#E7E6E6"},
    "index": {**_BOX, **_COUNT},
    "count": {**_BOX, **_COUNT},
    "text": {**_DATA, "align": "left"},
    "notes": {**_DATA, "align": "left"},
    "centre": {**_DATA, "align": "center"},
    "state": {**_DATA, "align": "center"},
    "code": {**_DATA, **_ONE_LINE, "align": "center"},
    "amount": {**_BOX, **_MONEY},
    "total": _TOTAL,
    "total_count": {**_TOTAL, **_COUNT},
    "total_amount": {**_TOTAL, **_MONEY},
    "void_text": {**_DATA, **_VOID, "align": "left"},
    "void_notes": {**_DATA, "align": "left"},
    "void_centre": {**_DATA, **_VOID, "align": "center"},
    "void_state": {**_DATA, **_HEI, "align": "center"},
    "void_code": {**_DATA, **_ONE_LINE, **_VOID, "align": "center"},
    "void_amount": {**_DATA, **_ONE_LINE, **_VOID, "align": "right", "indent": 1},
}


class _Progress:
    """Counts rows, and tells now and then."""

    def __init__(self, total: int, tick: Tick | None) -> None:
        self._done, self._total, self._tick = 0, total, tick

    def step(self) -> None:
        """One row more; may raise Cancelled."""
        self._done += 1
        if self._tick and (self._done % _TICK_EVERY == 0 or self._done == self._total):
            self._tick(self._done, self._total)


def write_city_workbook(
    report: CityReport, path: Path, overwrite: bool = False, tick: Tick | None = None
) -> WrittenWorkbook:
    """Write 汇总表, 明细表, 不予奖励及待定 and 校验, read them back, and only then give them their name.

    Refused, with nothing left behind, when the report's sums do not meet or a single cell reads
    back different; BadFile when the disk will not have it. `tick(done, total)` counts the rows
    written and read and may raise Cancelled. Equal reports give equal bytes.
    """
    check_report(report)
    sheets, footer = city_sheets(report)
    sums = Sums.of(report.counted)
    progress = _Progress(2 * sum(len(sheet.lines) for sheet in sheets), tick)
    hashes: list[str] = []

    def fill(temporary: Path) -> None:
        write_sheets(sheets, footer, report.prepared_on, temporary, progress.step)
        compare(temporary, sheets, sums, progress.step)
        hashes.append(hashlib.sha256(temporary.read_bytes()).hexdigest())

    write_atomically(path, fill, overwrite)
    return WrittenWorkbook(path, hashes[0], sums.beneficiary, sums.municipal, sums.total, sums.awards, sums.balance.to_come)


def city_sheets(report: CityReport) -> tuple[tuple[Sheet, ...], str]:
    """The four sheets in their order, and the footer of every page."""
    detail = detail_sheet(report)
    sha256 = detail_digest(detail)
    sheets = (summary_sheet(report), detail, others_sheet(report), control_sheet(report, sha256))
    return sheets, _footer(report, sha256)


def write_sheets(
    sheets: Sequence[Sheet], footer: str, made_on: date, path: Path, step: Callable[[], None]
) -> None:
    """Write the sheets as laid out; `step` is called once a row."""
    with new_workbook(path, made_on) as book:
        styles = {name: book.add_format(properties) for name, properties in _STYLES.items()}
        for plan in sheets:
            sheet = book.add_worksheet(plan.name)
            _set_up(sheet, plan, footer)
            for row, line in enumerate(plan.lines):
                _put_line(sheet, row, line, styles)
                step()
            if plan.picture:
                _put_picture(sheet, plan.picture, plan.widths)


def _put_picture(sheet: Worksheet, picture: Picture, widths: Sequence[int]) -> None:
    """The code at the right end of its cell; it moves with the cell and keeps its size."""
    png, dots = code_png(picture.text)
    across = _PIXELS_A_LETTER * widths[picture.column] - PIXELS
    look = {"image_data": BytesIO(png), "x_offset": across, "y_offset": 3, "object_position": 2}
    look |= dict.fromkeys(("x_scale", "y_scale"), PIXELS / dots)
    sheet.insert_image(picture.row, picture.column, "code.png", look | {"description": picture.text})


def _put_line(sheet: Worksheet, row: int, line: Line, styles: dict[str, Format]) -> None:
    if line.height:
        sheet.set_row(row, line.height)
    for first, last in line.spans:
        if first < last:
            sheet.merge_range(row, first, row, last, "", styles[line.styles[first]])
    inside = {column for first, last in line.spans for column in range(first + 1, last + 1)}
    for column, (cell, style) in enumerate(zip(line.cells, line.styles, strict=True)):
        if column not in inside:
            _put_cell(sheet, row, column, cell, styles[style])


def _put_cell(sheet: Worksheet, row: int, column: int, cell: Cell, style: Format) -> None:
    match cell:
        case str():
            put_text(sheet, row, column, cell, style)
        case Money() | int():
            sheet.write_number(row, column, _number(cell), style)
        case Formula():
            sheet.write_formula(row, column, cell.text, style, _number(cell.value))
        case None:
            sheet.write_blank(row, column, None, style)


def _number(value: int | Money) -> int | Decimal:
    return cell_number(value) if isinstance(value, Money) else value


def _set_up(sheet: Worksheet, plan: Sheet, footer: str) -> None:
    """A4 landscape, as wide as the page, headings on every page and always in view."""
    for column, width in enumerate(plan.widths):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, plan.pages)
    sheet.set_margins(left=0.35, right=0.3, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.repeat_rows(plan.head)
    sheet.print_area(0, 0, len(plan.lines) - 1, len(plan.widths) - 1)
    sheet.set_footer(footer, {"margin": 0.3})
    sheet.freeze_panes(plan.head + 1, plan.frozen)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.hide_gridlines(2)
    if plan.filtered and plan.table:
        sheet.autofilter(plan.head, 0, plan.table.stop - 1, len(plan.widths) - 1)


def _footer(report: CityReport, sha256: str) -> str:
    """On every page: whose it is and the start of the hash, page n of N, and drafts or the day.

    `&` begins a code in a footer and is doubled in text; a blank keeps a digit from the font size.
    """
    unissued = [row.state for row in report.counted if row.unissued]
    word = "草稿" if all(state == DRAFT for state in unissued) else "未下达"
    left = f"{report.division}　{DETAIL}校验值 {sha256[:16]}".replace("&", "&&")
    right = f"含{word} {len(unissued)} 笔" if unissued else format_date(report.prepared_on)
    face = '&"宋体,Regular"&9 '
    return f"&L{face}{left}&C{face}第 &P 页，共 &N 页&R{face}{right}"
