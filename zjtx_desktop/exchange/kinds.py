"""What a file is, by what is in it and never by its name alone; what cannot be read is named with what to do."""

import re
from collections.abc import Iterable
from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZipFile

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.guard import DAMAGED, MAX_FILE, MEGABYTE, PASSWORD, SAVE_AS, SAVE_AS_DOCUMENT, check_directory

READ = ".xlsx、.xlsm、.xls、.docx、.pdf、.csv、.txt"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
BARE_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x10\x00")
BARE = f"这是很早以前的 Excel 文件，{SAVE_AS}。"
PICTURE = "这是图片，不是表格，请取得文字版的名单，或用 WPS 转换成 .xlsx 并逐行核对后再导入。"
ARCHIVE = "这是压缩包，请先解压，再选择里面的名单文件。"
MARKS = (
    (b"{\\rtf", f"这是 .rtf 文字文档，{SAVE_AS_DOCUMENT}。"),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"BM", PICTURE),
    (b"II*\0", PICTURE),
    (b"MM\0*", PICTURE),
    (b"RIFF", "这是图片、声音或录像，不是名单，请重新选择文件。"),
    (b"Rar!", ARCHIVE),
    (b"7z\xbc\xaf", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"MZ", "这是程序，不是名单，请不要打开它，并向发来文件的人核实。"),
    (b"\x7fELF", "这是程序，不是名单，请不要打开它，并向发来文件的人核实。"),
    (b"L\0\0\0\x01\x14\x02\0", "这是快捷方式，请选择它所指的原文件。"),
    (b"SQLite format 3\0", "这是数据库或账簿文件，不是名单，请重新选择文件。"),
)
STREAMS = (  # names that a compound file of each kind holds, asked for in this order
    ("EncryptedPackage", PASSWORD),
    ("WordDocument", f"这是旧版 Word 的 .doc 或 WPS 文字的 .wps 文档，{SAVE_AS_DOCUMENT}。"),
    ("PowerPoint Document", "这是演示文稿（.ppt、.dps），不是名单，请把其中的表格复制到 Excel 或 WPS 表格，另存为 .xlsx 后再导入。"),
    ("Workbook", None),
    ("Book", None),
)
BY_ENDING = {  # compound files whose list of contents tells nothing
    ".et": "这是 WPS 表格的 .et 文件，请用 WPS 打开，另存为 .xlsx 后再导入。",
    ".wps": "这是 WPS 文字的 .wps 文档，请用 WPS 打开，另存为 .docx 后再导入。",
    ".doc": f"这是旧版 Word 的 .doc 文档，{SAVE_AS_DOCUMENT}。",
    ".dps": "这是 WPS 演示的 .dps 文件，不是名单，请把其中的表格复制到 WPS 表格，另存为 .xlsx 后再导入。",
    ".ppt": "这是演示文稿，不是名单，请把其中的表格复制到 Excel 或 WPS 表格，另存为 .xlsx 后再导入。",
}
WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|meta|table|style|\?xml|mso)", re.IGNORECASE)
TEXT_ENDINGS = (".csv", ".txt")
OTHER_ENDINGS = (".xlsx", ".xltx", ".xlsm", ".xltm", ".xls", ".et", ".docx", ".pdf")


class FileKind(StrEnum):
    """The kinds of file that are read."""

    BOOK = "xlsx"
    OLD_BOOK = "xls"
    DOCUMENT = "docx"
    PDF = "pdf"
    WEB_PAGE = "html"
    TEXT = "csv"


def recognise(name: str, data: bytes) -> FileKind:
    """The kind of a file by what is in it; any other kind is refused with what to do about it."""
    ending = PurePosixPath(name.lower()).suffix
    if name.startswith("~$"):
        raise BadFile("这是 Excel 或 Word 打开文件时留下的临时文件，请选择没有“~$”开头的原文件。")
    if not data:
        raise BadFile("文件是空的，请重新取得文件后再导入。")
    if len(data) > MAX_FILE:
        raise BadFile(f"文件超过 {MAX_FILE // MEGABYTE} MB，请删去图片和无关工作表，{SAVE_AS[1:]}。")
    if data.startswith(OLE):
        return _compound(ending, data)
    if data.startswith(BARE_EXCEL):
        raise BadFile(BARE)
    if data.startswith(b"PK"):
        return _package(data)
    return _other(ending, data)


def differs(name: str, kind: FileKind) -> str:
    """What to say of a file whose name promises another kind than it is; empty for an honest one."""
    ending = PurePosixPath(name.lower()).suffix
    honest = {
        FileKind.BOOK: (".xlsx", ".xltx", ".xlsm", ".xltm"),
        FileKind.OLD_BOOK: (".xls", ".xlt", ".et", ".ett"),
        FileKind.DOCUMENT: (".docx", ".docm", ".dotx"),
        FileKind.PDF: (".pdf",),
        FileKind.WEB_PAGE: (".htm", ".html"),
        FileKind.TEXT: TEXT_ENDINGS,
    }
    what = {FileKind.WEB_PAGE: "网页"}.get(kind, f" .{kind} 文件")
    named = f"文件的扩展名是 {ending}" if ending else "文件没有扩展名"
    return "" if ending in honest[kind] else f"{named}，内容其实是{what}，已按内容读取。"


def _compound(ending: str, data: bytes) -> FileKind:
    for stream, sentence in STREAMS:
        if _has_stream(data, stream):
            if sentence is None:
                return FileKind.OLD_BOOK
            raise BadFile(sentence)
    if ending == ".xls" or ending not in BY_ENDING:
        raise BadFile(f"内容不是 Excel 或 Word 文件，或者文件已损坏，请重新取得文件；能打开时{SAVE_AS}。")
    raise BadFile(BY_ENDING[ending])


def _has_stream(data: bytes, name: str) -> bool:
    """Whether the list of contents of a compound file, whose entries stand 128 bytes apart, holds this name."""
    entry = name.encode("utf-16-le") + b"\0\0"
    at = data.find(entry)
    while at >= 0 and at % 128:
        at = data.find(entry, at + 1)
    return at >= 0


def _package(data: bytes) -> FileKind:
    if not data.startswith(ZIP):
        raise BadFile(DAMAGED)
    check_directory(data)
    with ZipFile(BytesIO(data)) as archive:
        names = {entry.filename.casefold() for entry in archive.infolist()}
    if "ofd.xml" in names:
        raise BadFile("这是 OFD 版式文件，请用 WPS 或 OFD 阅读器打开，把名单另存为 .docx、.xlsx 或 .pdf 后再导入。")
    if "mimetype" in names and "content.xml" in names:
        raise BadFile(f"这不是 .xlsx 格式的工作簿，而是 .ods 或 .odt 文件，{SAVE_AS}。")
    if "xl/workbook.bin" in names:
        raise BadFile(f"这不是 .xlsx 格式的工作簿，而是 .xlsb 文件，{SAVE_AS}。")
    if "[content_types].xml" not in names:
        raise BadFile(ARCHIVE)
    if _any_under(names, "word/"):
        return FileKind.DOCUMENT
    if _any_under(names, "ppt/"):
        raise BadFile(BY_ENDING[".ppt"])
    return FileKind.BOOK


def _any_under(names: Iterable[str], folder: str) -> bool:
    return any(name.startswith(folder) for name in names)


def _other(ending: str, data: bytes) -> FileKind:
    if b"%PDF-" in data[:1024]:
        return FileKind.PDF
    for mark, sentence in MARKS:
        if data.startswith(mark) and not (mark == b"BM" and ending in TEXT_ENDINGS):
            raise BadFile(sentence)
    if WEB_PAGE.match(data[:1024]):
        return _page(data)
    if data[:1024].lower().startswith(b"mime-version:"):
        raise BadFile(f"内容是网页存档，不是 Excel 工作簿，{SAVE_AS}。")
    if ending in TEXT_ENDINGS:
        return FileKind.TEXT
    if ending in OTHER_ENDINGS:
        how = {".docx": SAVE_AS_DOCUMENT, ".pdf": "转成 .xlsx 并核对后再导入"}.get(ending, SAVE_AS)
        raise BadFile(f"内容不是 {ending} 文件，可能已损坏，请重新取得文件；能打开时{how}。")
    raise BadFile(f"只能导入 {READ} 文件，其他表格{SAVE_AS}。")


def _page(data: bytes) -> FileKind:
    start = data[:4096].replace(b"\0", b"").lower()
    if b"<?xml" in start and b"<html" not in start and b"<table" not in start:
        raise BadFile(f"内容其实是 XML，不是 Excel 工作簿，{SAVE_AS}。")
    if b"<table" not in data.lower():
        raise BadFile(f"内容其实是网页，里面没有表格，{SAVE_AS}。")
    return FileKind.WEB_PAGE
