"""What is let in: the limits of a workbook or document, and an independent look at its XML.

Everything here runs before, and beside, the library that reads the cells. Figures and the attacks
they answer are in the tests of this module: bombs, lies about sizes, entities, styles by the million.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.table import Merge, column_number

CANNOT_WRITE = 3  # how the reading process ends that has no room for its answer
MEGABYTE = 1 << 20
MAX_FILE = 20 * MEGABYTE
MAX_UNPACKED = 150 * MEGABYTE
MAX_PART = 120 * MEGABYTE
MAX_LIGHT_PART = 8 * MEGABYTE  # styles, workbook, relationships
MAX_ENTRIES = 1_000
MAX_DIRECTORY = MEGABYTE
MAX_RATIO = 200  # honest books reach 16
RATIO_FROM = MEGABYTE  # a small part may be as repetitive as it likes
MAX_ROWS = 160_000  # rows with content
MAX_ROW_MARKS = 300_000  # rows written into the sheet, empty ones too
LAST_ROW = 1_048_576
MAX_COLUMNS = 200
MAX_CELLS = 2_400_000
MAX_SHEETS = 50
MAX_MERGES = 5_000
MAX_STRINGS = 1_000_000
MAX_ELEMENTS = 20_000  # of a small part
MAX_NEAR = 300_000  # elements of one row, or before the first
MAX_DEPTH = 64
CHUNK = 1 << 16

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
MERGED = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")

SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入"
SAVE_AS_DOCUMENT = "请用 Word 或 WPS 打开，另存为 .docx 后再导入"
DAMAGED = f"文件已损坏或没有下载完整，请重新取得文件；能打开时{SAVE_AS}。"
TOO_MANY_ROWS = f"有内容的行超过 {MAX_ROWS:,} 行，请分成几个文件后再导入。"
TOO_BIG = "内容过大，请只保留要导入的工作表和行，另存为 .xlsx 后再导入。"
MACROS = "文件含有宏，没有读取，也不会运行。"
PASSWORD = "文件设有打开密码，请用 Excel、Word 或 WPS 打开，取消密码另存后再导入。"


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
    """Refuse a container that is no plain workbook or document: bombs, odd or doubled names, a password."""
    entries = archive.infolist()
    names = {entry.filename.casefold() for entry in entries}
    if len(names) != len(entries):
        raise BadFile(f"文件里有重名的部件，可能被改动过，{SAVE_AS}。")
    if len(entries) > MAX_ENTRIES:
        raise BadFile(f"文件里的部件超过 {MAX_ENTRIES:,} 个，{SAVE_AS}。")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise BadFile(TOO_BIG)
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: ZipInfo) -> None:
    name = entry.filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        raise BadFile(f"文件里有路径不正常的部件，可能被改动过，{SAVE_AS}。")
    if entry.flag_bits & 0x1:
        raise BadFile(PASSWORD)
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
    scan, row, has_cells, has_values, near, filled = SheetScan(), 0, False, False, 0, 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal row, has_cells, has_values, near, filled
        near += 1
        if near > MAX_NEAR:
            raise BadFile(TOO_BIG)
        if name == CELL:
            scan.cells += 1
            scan.rows += not has_cells
            has_cells = True
            if scan.cells > MAX_CELLS:
                raise BadFile(TOO_BIG)
        elif name == VALUE or name == INLINE:
            filled += not has_values
            has_values = True
            if filled > MAX_ROWS:
                raise BadFile(TOO_MANY_ROWS)
        elif name == ROW:
            has_cells, has_values, near = False, False, 0
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


CELL, VALUE, INLINE, ROW, MERGE, COLUMN = (f"{MAIN} {name}" for name in ("c", "v", "is", "row", "mergeCell", "col"))


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
