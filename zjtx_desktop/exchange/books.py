"""Workbooks (.xlsx, .xlsm): openpyxl reads the cells, the guard looks at the same XML and must count the same.

Only the parts that are needed are opened, and each passes the guard first: content types, relationships,
workbook, styles, texts, and the one sheet with its comments. Nothing else in the file is ever parsed, macros
neither. The rows are handed on one by one: a long sheet costs the memory of its texts.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import IO
from zipfile import ZipFile

from openpyxl.packaging.relationship import get_rels_path
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import ARC_CONTENT_TYPES, ARC_STYLE, SHARED_STRINGS, XLSM, XLSX, XLTM, XLTX

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange import guard
from zjtx_desktop.exchange.book_cells import CellReader
from zjtx_desktop.exchange.book_parts import SharedTexts, Styles, read_comments, read_styles, read_texts
from zjtx_desktop.exchange.guard import DAMAGED, MACROS, MAX_SHEETS, SheetScan
from zjtx_desktop.exchange.sheet_rows import RowMaker, hidden_notes, pick_sheet, which_sheet
from zjtx_desktop.exchange.table import FORBIDDEN, Row, Table

EMPTY_ZIP = b"PK\x05\x06" + bytes(18)  # the library insists on opening a file itself; it gets ours after
MAX_NAME = 64  # of a sheet; Excel allows 31


@dataclass(frozen=True, slots=True)
class _Book:
    """An opened workbook, its styles and texts, and its worksheets: name, part, visible."""

    reader: ExcelReader
    styles: Styles
    texts: SharedTexts
    sheets: list[tuple[str, str, bool]]
    has_macros: bool


def read_book(data: bytes, name: str, sheet: str | None, take: Callable[[Row], None]) -> Table:
    """Hand the rows of the named sheet, or of the first visible one with content, to `take`; the rest is returned.

    BadFile when the book cannot be trusted, which may come after rows were handed on.
    """
    with ZipFile(BytesIO(data)) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library, on styles and extensions that are not read
        guard.check_entries(archive)
        book = _opened(archive)
        titles = tuple(title for title, _, _ in book.sheets)
        visible = [title for title, _, is_visible in book.sheets if is_visible]
        parts = {title: path for title, path, _ in book.sheets}
        for title in pick_sheet(titles, visible, sheet):
            scan = guard.scan_sheet(archive, parts[title])
            if _read_sheet(book, parts[title], scan, take):
                break
        else:
            raise BadFile("工作表里没有内容，请核对后再导入。")
    notes = (*which_sheet(title, titles), *hidden_notes(scan.hidden_rows, scan.hidden_columns))
    hidden = tuple(title for title in titles if title not in visible)
    return Table(name, title, titles, (), notes + (MACROS,) * book.has_macros, tuple(scan.merges), hidden=hidden)


def _opened(archive: ZipFile) -> _Book:
    reader = ExcelReader(BytesIO(EMPTY_ZIP), read_only=True, data_only=True, keep_links=False)
    reader.archive, reader.valid_files = archive, archive.namelist()
    guard.check_part(archive, ARC_CONTENT_TYPES)
    reader.read_manifest()
    found = reader.package.find(SHARED_STRINGS)
    names = {name.casefold(): name for name in reader.valid_files}
    part = names.get(found.PartName[1:].casefold()) if found is not None else None  # some write SharedStrings
    texts = read_texts(archive, part) if part else SharedTexts()
    book = next(filter(None, map(reader.package.find, (XLSX, XLTX, XLSM, XLTM))), None)
    path = book.PartName[1:] if book else "xl/workbook.xml"
    guard.check_part(archive, path)
    guard.check_part(archive, get_rels_path(path))
    reader.read_workbook()
    styles = read_styles(archive, ARC_STYLE) if ARC_STYLE in reader.valid_files else Styles()
    has_macros = any("vbaproject" in name or "/macrosheets/" in name for name in names)
    return _Book(reader, styles, texts, _sheets(reader), has_macros)


def _sheets(reader: ExcelReader) -> list[tuple[str, str, bool]]:
    """Name, part and visibility of each worksheet, in the order of the tabs."""
    found = []
    for sheet, relation in reader.parser.find_sheets():
        if relation.Type.endswith("/worksheet") and relation.target in reader.valid_files:
            found.append((sheet.name, relation.target, sheet.state == "visible"))
    if any(len(name) > MAX_NAME or FORBIDDEN.search(name) for name, _, _ in found):
        raise BadFile(DAMAGED)
    if len(found) > MAX_SHEETS:
        raise BadFile(f"工作表超过 {MAX_SHEETS} 张，请把要导入的一张另存为新的 .xlsx 后再导入。")
    if not found:
        raise BadFile(DAMAGED)
    return found


def _read_sheet(book: _Book, path: str, scan: SheetScan, take: Callable[[Row], None]) -> int:
    """How many rows with content were handed on; they must be those that the guard counted."""
    archive = book.reader.archive
    maker = RowMaker(scan.merges, _comments(archive, path), frozenset(scan.hidden_rows))
    counted = cells = 0
    with archive.open(path) as source:
        reader = _cells(book, source)
        for number, read in reader.rows():
            counted, cells = counted + bool(read), cells + len(read)
            if row := maker.row(number, read, reader.marks):
                take(row)
    if (counted, cells) != (scan.rows, scan.cells):
        raise BadFile(DAMAGED)
    return maker.made


def _cells(book: _Book, source: IO[bytes]) -> CellReader:
    styles, texts = book.styles, book.texts
    reader = CellReader(source, texts.values, True, book.reader.wb.epoch, styles.dates, styles.spans)
    reader.prepare(styles, texts)
    return reader


def _comments(archive: ZipFile, path: str) -> Mapping[str, str]:
    """The comments on a sheet's cells; threads of the newer kind have a copy among them."""
    relations = get_rels_path(path)
    if relations not in archive.namelist():
        return {}
    comments: dict[str, str] = {}
    for target in _targets(archive, relations, "/comments"):
        part = target[1:] if target.startswith("/") else normpath(join(dirname(path), target))
        if part in archive.namelist():
            comments |= read_comments(archive, part)
    return comments


def _targets(archive: ZipFile, relations: str, kind: str) -> Iterator[str]:
    found: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if attributes.get("Type", "").endswith(kind):
            found.append(attributes.get("Target", ""))

    guard.parse(archive, relations, start, None)
    yield from found[:2]
