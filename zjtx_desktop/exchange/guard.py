"""What is let in: the file's true kind, the limits of a workbook, and an independent look at its XML.

Everything here runs before, and beside, the library that reads the cells. Figures and the attacks
they answer are in the tests of this module: bombs, lies about sizes, entities, styles by the million.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.table import Merge, column_number

MEGABYTE = 1 << 20
MAX_FILE = 20 * MEGABYTE
MAX_UNPACKED = 150 * MEGABYTE
MAX_PART = 120 * MEGABYTE
MAX_LIGHT_PART = 8 * MEGABYTE  # styles, workbook, relationships
MAX_ENTRIES = 1_000
MAX_DIRECTORY = MEGABYTE
MAX_RATIO = 200  # honest books reach 16
RATIO_FROM = MEGABYTE  # a small part may be as repetitive as it likes
MAX_ROWS = 20_000  # rows with content
MAX_ROW_MARKS = 100_000  # rows written into the sheet, empty ones too
LAST_ROW = 1_048_576
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000
MAX_SHEETS = 50
MAX_MERGES = 5_000
MAX_STRINGS = 300_000
MAX_ELEMENTS = 20_000  # of a small part
MAX_NEAR = 300_000  # elements of one row, or before the first
MAX_DEPTH = 64
CHUNK = 1 << 16

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
MERGED = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")

SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入"
DAMAGED = f"文件已损坏或没有下载完整，请重新取得文件；能打开时{SAVE_AS}。"
TOO_BIG = "内容过大，请只保留要导入的工作表和行，另存为 .xlsx 后再导入。"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x10\x00")
OTHER_KINDS = (
    (b"%PDF", "PDF 文件"),
    (b"{\\rtf", "文字文档"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
)
WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|meta|table|\?xml|mso)", re.IGNORECASE)
TEXT_ENDINGS = (".csv", ".txt")
BOOK_ENDINGS = (".xlsx", ".xltx", ".xlsm", ".xltm")


class FileKind(StrEnum):
    """The two kinds of file that are read."""

    BOOK = "xlsx"
    TEXT = "csv"


def recognise(name: str, data: bytes) -> FileKind:
    """The kind of a file by what is in it; any other kind is refused with what to do about it."""
    ending = PurePosixPath(name.lower()).suffix
    if name.startswith("~$"):
        raise BadFile("这是 Excel 打开文件时留下的临时文件，请选择没有“~$”开头的原文件。")
    if not data:
        raise BadFile("文件是空的，请重新取得文件后再导入。")
    if len(data) > MAX_FILE:
        raise BadFile(f"文件超过 {MAX_FILE // MEGABYTE} MB，请删去图片和无关工作表，{SAVE_AS[1:]}。")
    if data.startswith(OLE) or data.startswith(OLD_EXCEL):
        raise BadFile(_old_kind(ending, data))
    if data.startswith(ZIP):
        if ending in BOOK_ENDINGS:
            return FileKind.BOOK
        if ending in (*TEXT_ENDINGS, ".xls", ".et"):
            raise BadFile("内容是 .xlsx 工作簿，与扩展名不符，请把扩展名改为 .xlsx 后再导入。")
        raise BadFile(f"只能导入 .xlsx、.csv 和 .txt 文件，压缩包请先解压，其他表格{SAVE_AS}。")
    if data.startswith(b"PK"):
        raise BadFile(DAMAGED)
    return _text_kind(ending, data)


def _old_kind(ending: str, data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "文件设有打开密码，请用 Excel 或 WPS 打开，取消密码并另存为 .xlsx 后再导入。"
    if "WordDocument".encode("utf-16-le") in data:
        return "这是 Word 文档，请把名单复制到 Excel 或 WPS 表格，另存为 .xlsx 后再导入。"
    if ending == ".et":
        return "这是 WPS 的 .et 文件，请用 WPS 打开，另存为 .xlsx 后再导入。"
    return f"这是旧版 Excel 的 .xls 文件，{SAVE_AS}。"


def _text_kind(ending: str, data: bytes) -> FileKind:
    for magic, what in OTHER_KINDS:
        if data.startswith(magic):
            raise BadFile(f"这是{what}，不是表格，请把名单整理成 .xlsx 后再导入。")
    if WEB_PAGE.match(data[:1024]):
        raise BadFile(f"内容其实是网页或 XML，不是 Excel 工作簿，{SAVE_AS}。")
    if ending in TEXT_ENDINGS:
        return FileKind.TEXT
    if ending in (*BOOK_ENDINGS, ".xls", ".et"):
        raise BadFile(f"内容不是 Excel 工作簿，文件可能已损坏，请重新取得文件；能打开时{SAVE_AS}。")
    raise BadFile(f"只能导入 .xlsx、.csv 和 .txt 文件，{SAVE_AS}。")


def check_directory(data: bytes) -> None:
    """Refuse a container whose list of parts is too long, before anything reads that list."""
    end = len(data) - 22
    if not data.startswith(b"PK\x05\x06", end) or data[-2:] != b"\0\0":
        end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or len(data) - end < 22:
        raise BadFile(DAMAGED)
    entries = int.from_bytes(data[end + 10 : end + 12], "little")
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if entries > MAX_ENTRIES or size > MAX_DIRECTORY:
        raise BadFile(f"文件里的部件超过 {MAX_ENTRIES:,} 个，{SAVE_AS}。")


def check_entries(archive: ZipFile) -> None:
    """Refuse a container that is no plain workbook: other kinds, macros, bombs, odd or doubled names."""
    entries = archive.infolist()
    names = {entry.filename.casefold() for entry in entries}
    _refuse_other_packages(names)
    if len(names) != len(entries):
        raise BadFile(f"文件里有重名的部件，可能被改动过，{SAVE_AS}。")
    if len(entries) > MAX_ENTRIES:
        raise BadFile(f"文件里的部件超过 {MAX_ENTRIES:,} 个，{SAVE_AS}。")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise BadFile(TOO_BIG)
    for entry in entries:
        _check_entry(entry)


def _refuse_other_packages(names: set[str]) -> None:
    if any("vbaproject" in name or "/macrosheets/" in name for name in names):
        raise BadFile("文件含有宏，请用 Excel 或 WPS 打开，另存为不带宏的 .xlsx 后再导入。")
    if "[content_types].xml" in names and "xl/workbook.bin" not in names:
        if any(name.startswith(("word/", "ppt/")) for name in names):
            raise BadFile("这是 Word 或 PPT 文档，请把名单复制到 Excel 或 WPS 表格，另存为 .xlsx 后再导入。")
        return
    if "mimetype" in names or "xl/workbook.bin" in names:
        raise BadFile(f"这不是 .xlsx 格式的工作簿，{SAVE_AS}。")
    raise BadFile("这是压缩包，不是 Excel 工作簿，请先解压，再选择里面的 .xlsx 文件。")


def _check_entry(entry: ZipInfo) -> None:
    name = entry.filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        raise BadFile(f"文件里有路径不正常的部件，可能被改动过，{SAVE_AS}。")
    if entry.flag_bits & 0x1:
        raise BadFile("文件设有打开密码，请用 Excel 或 WPS 打开，取消密码并另存为 .xlsx 后再导入。")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise BadFile(f"文件的压缩方式不常见，{SAVE_AS}。")
    if entry.file_size > MAX_PART:
        raise BadFile(TOO_BIG)
    if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise BadFile(TOO_BIG)


def check_part(archive: ZipFile, part: str) -> None:
    """Let a small part pass: its bytes, elements and depth within limits, and no DTD."""
    if archive.getinfo(part).file_size > MAX_LIGHT_PART:
        raise BadFile(f"工作簿的格式或名称过多，请把名单复制到新建的工作簿，{SAVE_AS[1:]}。")
    seen = depth = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal seen, depth
        seen, depth = seen + 1, depth + 1
        if seen > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise BadFile(f"工作簿的格式或名称过多，请把名单复制到新建的工作簿，{SAVE_AS[1:]}。")
        if name.startswith(STRICT):
            raise BadFile("这是“严格 Open XML”格式，请另存为普通的“Excel 工作簿 (*.xlsx)”后再导入。")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    parse(archive, part, start, end)


@dataclass(slots=True)
class SheetScan:
    """What the sheet's XML holds, counted without the library that reads the values."""

    rows: int = 0  # rows with at least one cell, empty or not
    cells: int = 0
    marks: int = 0  # rows at all
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def scan_sheet(archive: ZipFile, part: str) -> SheetScan:
    """Count rows, cells, merges and hidden parts of a sheet; refuse what is over the limits."""
    scan, row, has_cells, near = SheetScan(), 0, False, 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal row, has_cells, near
        near += 1
        if near > MAX_NEAR:
            raise BadFile(TOO_BIG)
        if name == CELL:
            scan.cells += 1
            scan.rows += not has_cells
            has_cells = True
            if scan.cells > MAX_CELLS:
                raise BadFile(TOO_BIG)
        elif name == ROW:
            has_cells, near = False, 0
            row = _row_number(attributes.get("r"), row)
            _count_row(scan, row, attributes)
        elif name == MERGE:
            scan.merges.append(_merge(attributes.get("ref", "")))
            if len(scan.merges) > MAX_MERGES:
                raise BadFile(f"合并单元格超过 {MAX_MERGES:,} 处，请取消合并后再导入。")
        elif name == COLUMN and attributes.get("hidden") in ("1", "true"):
            scan.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))

    parse(archive, part, start, None)
    return scan


CELL, ROW, MERGE, COLUMN = (f"{MAIN} {name}" for name in ("c", "row", "mergeCell", "col"))


def _row_number(text: str | None, previous: int) -> int:
    number = previous + 1 if text is None else int(text)
    if not 1 <= number <= LAST_ROW:
        raise BadFile(DAMAGED)
    return number


def _count_row(scan: SheetScan, row: int, attributes: Mapping[str, str]) -> None:
    scan.marks += 1
    if scan.marks > MAX_ROW_MARKS:
        raise BadFile(f"工作表里有大量空行，请删去名单下面的空行（或把名单复制到新建的工作簿），{SAVE_AS[1:]}。")
    if attributes.get("hidden") in ("1", "true"):
        scan.hidden_rows.append(row)


def _merge(reference: str) -> Merge:
    found = MERGED.fullmatch(reference)
    if not found:
        raise BadFile(DAMAGED)
    left, top = column_number(found[1]), int(found[2])
    right, bottom = (column_number(found[3]), int(found[4])) if found[3] else (left, top)
    return Merge(top, left, bottom, right)


def parse(
    archive: ZipFile,
    part: str,
    start: Callable[[str, Mapping[str, str]], Any],
    end: Callable[[str], Any] | None,
    data: Callable[[str], Any] | None = None,
) -> None:
    """Go through one XML part with these handlers, piece by piece; a DTD is refused on sight."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data
    parser.buffer_text = data is not None
    parser.StartDoctypeDeclHandler = _refuse_dtd
    with archive.open(part) as source:
        while chunk := source.read(CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)


def _refuse_dtd(*parts: Any) -> None:
    raise BadFile(f"文件里含有不允许的 XML 声明，可能被改动过，{SAVE_AS}。")
