"""Files that are damaged, hostile or something else: each gets one sentence, soon and in little memory."""

import json
import os
import re
import struct
import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZIP_LZMA, ZipInfo

import pytest
from hostile_kinds import HEAVY_KINDS, MORE
from made_books import (
    MAIN,
    STYLES,
    book,
    packed,
    parts,
    relations,
    text_rows,
    types,
    workbook,
    worksheet,
)

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange import reading
from zjtx_desktop.exchange.child import read_file
from zjtx_desktop.exchange.reading import read_table

ROOT = Path(__file__).resolve().parents[2]
SOUND = packed(parts())
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def compound(*streams: str) -> bytes:
    """A compound file whose list of contents names these streams, and nothing else of it is right."""
    entries = b"".join((name.encode("utf-16-le") + b"\0\0").ljust(128, b"\0") for name in streams)
    return OLE + bytes(504) + entries + bytes(2000)


LAUGHS = '<!DOCTYPE z [<!ENTITY a "哈哈哈哈">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"
XXE = '<!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
NAMES = "".join(f'<definedName name="_{n * 7919 % 99991}"/>' for n in range(30_000))
HALF = 76 << 20
MANY = "".join(f"<a{n * 7919 % 99991}/>" for n in range(400_000))
EMPTY_ROWS = "".join(f'<row r="{n}"/>' for n in range(1, 300_002))
MILLION = "x" * (1 << 20)


def claiming(data: bytes, name: str, size: int, compressed: int | None = None) -> bytes:
    """The same zip, whose directory says that the part `name` unpacks to `size` bytes."""
    at = data.rfind(name.encode()) - 46
    fields = data[at + 20 : at + 24] if compressed is None else struct.pack("<I", compressed)
    return data[: at + 20] + fields + struct.pack("<I", size) + data[at + 28 :]


def encrypted_flag() -> bytes:
    data = bytearray(SOUND)
    at = SOUND.rfind(b"xl/workbook.xml") - 46
    data[at + 8] |= 1
    return bytes(data)


def lzma() -> bytes:
    entry = ZipInfo("xl/media/image1.bin")
    return relabelled(packed(parts(), [(entry, b"x" * 100)]), ZIP_LZMA)


def relabelled(data: bytes, method: int) -> bytes:
    at = data.rfind(b"xl/media/image1.bin") - 46
    return data[: at + 10] + struct.pack("<H", method) + data[at + 12 :]


def many(count: int, size: int = 1) -> bytes:
    return packed(parts(), [(f"xl/media/{number}.bin", os.urandom(size)) for number in range(count)])


def bad_checksum() -> bytes:
    stored = packed(parts())
    at = stored.rfind(b"xl/worksheets/sheet1.xml") - 46
    return stored[: at + 16] + b"\0\0\0\0" + stored[at + 20 :]


def many_sheets(count: int) -> bytes:
    targets = ["worksheets/sheet1.xml"] * count
    return book(book=workbook(map(str, range(count))), rels=relations(targets))


def zip_of(*names: str) -> bytes:
    return packed({name: "x" for name in names})


def merges(reference: str, times: int) -> str:
    return "<mergeCells>" + f'<mergeCell ref="{reference}"/>' * times + "</mergeCells>"


def row_of(cells: int, number: int = 1) -> str:
    return f'<row r="{number}">' + "<c/>" * cells + "</row>"


FILES = {  # what is in the file -> (name, bytes, words of the sentence)
    "empty": ("名单.xlsx", lambda: b"", "文件是空的"),
    "a temporary file of Excel": ("~$名单.xlsx", lambda: b"\x05jia", "临时文件"),
    "a damaged .xls": ("名单.xls", lambda: compound("Root Entry", "Workbook"), "损坏"),
    "a damaged .xls called .xlsx": ("名单.xlsx", lambda: compound("Workbook"), "损坏"),
    "a compound file of nothing": ("名单.xls", lambda: OLE + bytes(2000), "内容不是 Excel 或 Word 文件"),
    "BIFF without a container": ("名单.xls", lambda: b"\x09\x08\x10\x00\x00\x06\x05\x00", "很早以前的 Excel"),
    "a WPS .et": ("名单.et", lambda: OLE + bytes(2000), r"WPS 表格的 \.et 文件，请用 WPS 打开"),
    "a WPS .wps": ("名单.wps", lambda: OLE + bytes(2000), r"WPS 文字的 \.wps 文档，请用 WPS 打开，另存为 \.docx"),
    "a WPS .dps": ("名单.dps", lambda: OLE + bytes(2000), r"WPS 演示的 \.dps 文件"),
    "a workbook with a password": ("名单.xlsx", lambda: compound("EncryptionInfo", "EncryptedPackage"), "打开密码.*取消密码"),
    "a document with a password": ("名单.docx", lambda: compound("EncryptedPackage"), "打开密码.*Word"),
    "an old Word document": ("名单.doc", lambda: compound("WordDocument", "1Table"), r"旧版 Word.*另存为 \.docx"),
    "an old Word document called .xls": ("名单.xls", lambda: compound("WordDocument"), "旧版 Word"),
    "a .wps of its own contents": ("名单.wps", lambda: compound("WordDocument"), r"WPS 文字的 \.wps"),
    "old slides": ("名单.ppt", lambda: compound("PowerPoint Document"), "演示文稿"),
    "slides": ("名单.pptx", lambda: zip_of("[Content_Types].xml", "ppt/presentation.xml"), "演示文稿"),
    "an OFD": ("名单.ofd", lambda: zip_of("OFD.xml", "Doc_0/Document.xml"), "OFD 版式文件"),
    "an OFD called .pdf": ("名单.pdf", lambda: zip_of("OFD.xml"), "OFD 版式文件"),
    "a program": ("名单.xlsx", lambda: b"MZ" + bytes(500), "程序.*不要打开"),
    "a program of Linux": ("名单.pdf", lambda: b"\x7fELF" + bytes(500), "程序"),
    "a short cut": ("名单.lnk", lambda: b"L\0\0\0\x01\x14\x02\0" + bytes(60), "快捷方式"),
    "a book of this program": ("名单.xlsx", lambda: b"SQLite format 3\0" + bytes(90), "账簿"),
    "a GIF": ("名单.docx", lambda: b"GIF89a", "图片"),
    "a bitmap": ("名单.pdf", lambda: b"BM6\0", "图片"),
    "a PDF of one line": ("名单.xlsx", lambda: b"%PDF-1.7\n", "PDF 文件已损坏"),
    "a picture": ("名单.xlsx", lambda: b"\x89PNG\r\n", "图片"),
    "a photograph": ("名单.csv", lambda: b"\xff\xd8\xff\xe0", "图片"),
    "a rar": ("名单.xlsx", lambda: b"Rar!\x1a\x07", "压缩包"),
    "a 7z": ("名单.xlsx", lambda: b"7z\xbc\xaf\x27\x1c", "压缩包"),
    "rich text": ("名单.txt", lambda: b"{\\rtf1}", "文字文档"),
    "a web page called .xls": ("名单.xls", lambda: b"\xef\xbb\xbf\r\n<html><table>", "网页"),
    "a web page without a table": ("名单.xls", lambda: b"<html><p>x</p></html>", "网页，里面没有表格"),
    "a web page of a frame": ("名单.xls", lambda: b"<table><tr><td>x</table>", "没有名单那样的表格"),
    "tables within tables": ("名单.xls", lambda: b"<table><tr><td><table>" * 9, "表格里套着表格"),
    "a web archive": ("名单.xls", lambda: b"MIME-Version: 1.0\r\n", "网页存档"),
    "XML of 2003 called .xlsx": ("名单.xlsx", lambda: b'<?xml version="1.0"?><Workbook/>', "其实是 XML"),
    "a text called .xlsx": ("名单.xlsx", lambda: "企业名称,甲".encode(), r"内容不是 \.xlsx 文件"),
    "a text called .docx": ("名单.docx", lambda: "企业名称,甲".encode(), r"内容不是 \.docx 文件.*Word"),
    "a text called .pdf": ("名单.pdf", lambda: "企业名称,甲".encode(), r"内容不是 \.pdf 文件"),
    "a zip": ("名单.zip", lambda: zip_of("名单.xlsx"), "压缩包，请先解压"),
    "a sheet's name of 1,000 letters": ("名单.xlsx", lambda: book(book=workbook(["甲" * 1000])), "损坏"),
    "a text of no known ending": ("名单.dat", lambda: b"abc", r"只能导入 \.xlsx、\.xlsm、\.xls、\.docx、\.pdf、\.csv、\.txt"),
    "a file over 20 MB": ("名单.xlsx", lambda: b"PK\x03\x04" + bytes(20 << 20), "超过 20 MB"),
    "only the first bytes of a zip": ("名单.xlsx", lambda: b"PK\x03\x04", "损坏"),
    "an empty zip": ("名单.xlsx", lambda: b"PK\x05\x06" + bytes(18), "损坏"),
    "half a workbook": ("名单.xlsx", lambda: SOUND[: len(SOUND) // 2], "损坏"),
    "a workbook less its last byte": ("名单.xlsx", lambda: SOUND[:-1], "损坏"),
    "a workbook less its first thousand": ("名单.xlsx", lambda: b"PK\x03\x04" + SOUND[1000:], "损坏"),
    "a directory of 60,000": (
        "名单.xlsx",
        lambda: SOUND[:-12] + struct.pack("<H", 60_000) + SOUND[-10:],
        "1,000 个",
    ),
    "a directory of 5 MB": (
        "名单.xlsx",
        lambda: SOUND[:-10] + struct.pack("<I", 5 << 20) + SOUND[-6:],
        "1,000 个",
    ),
    "1,001 parts": ("名单.xlsx", lambda: many(1001), "1,000 个"),
    "a Word document called .xlsx": (
        "名单.xlsx",
        lambda: zip_of("[Content_Types].xml", "word/document.xml"),
        "损坏",
    ),
    "an .ods called .xlsx": (
        "名单.xlsx",
        lambda: zip_of("mimetype", "content.xml"),
        r"不是 \.xlsx 格式",
    ),
    "an .xlsb called .xlsx": (
        "名单.xlsx",
        lambda: zip_of("[Content_Types].xml", "xl/workbook.bin"),
        r"不是 \.xlsx 格式",
    ),
    "a plain zip": ("名单.xlsx", lambda: zip_of("名单/名单.xlsx"), "压缩包，请先解压"),
    "a path upwards": ("名单.xlsx", lambda: packed(parts(), [("../../evil.xml", b"x")]), "路径不正常"),
    "a path upwards in the middle": (
        "名单.xlsx",
        lambda: packed(parts(), [("xl/../../evil.xml", b"x")]),
        "路径不正常",
    ),
    "an absolute path": (
        "名单.xlsx",
        lambda: packed(parts(), [("/etc/cron.d/evil", b"x")]),
        "路径不正常",
    ),
    "a drive": ("名单.xlsx", lambda: packed(parts(), [("C:evil.exe", b"x")]), "路径不正常"),
    "backslashes": ("名单.xlsx", lambda: packed(parts(), [("xl\\evil.xml", b"x")]), "路径不正常"),
    "parts that differ in case only": (
        "名单.xlsx",
        lambda: packed(parts(), [("XL/Workbook.xml", b"x")]),
        "重名",
    ),
    "a part with a password": ("名单.xlsx", lambda: encrypted_flag(), "打开密码"),
    "an unusual compression": ("名单.xlsx", lambda: lzma(), "压缩方式"),
    "a wrong checksum": ("名单.xlsx", lambda: bad_checksum(), "损坏"),
    "a part that says it is smaller": (
        "名单.xlsx",
        lambda: claiming(SOUND, "xl/worksheets/sheet1.xml", 100),
        "损坏",
    ),
    "a part of 121 MB": ("名单.xlsx", lambda: claiming(SOUND, "xl/styles.xml", 121 << 20, 2 << 20), "内容过大"),
    "a part of 4 GB": ("名单.xlsx", lambda: claiming(SOUND, "xl/styles.xml", 0xFFFFFFF0), "内容过大"),
    "151 MB in all": (
        "名单.xlsx",
        lambda: claiming(claiming(SOUND, "xl/styles.xml", HALF, 2 << 20), "xl/workbook.xml", HALF, 2 << 20),
        "内容过大",
    ),
    "a bomb of 100 MB": (
        "名单.xlsx",
        lambda: packed(parts(), [("xl/media/image1.bmp", bytes(100 << 20))]),
        "内容过大",
    ),
    "laughs in the sheet": ("名单.xlsx", lambda: book(sheet=LAUGHS + worksheet("")), "XML 声明"),
    "laughs in the texts": (
        "名单.xlsx",
        lambda: book(strings=LAUGHS + f'<sst xmlns="{MAIN}"><si><t>&j;</t></si></sst>'),
        "XML 声明",
    ),
    "an outer entity in the workbook": (
        "名单.xlsx",
        lambda: book(book=XXE + workbook(["&x;"])),
        "XML 声明",
    ),
    "a DTD in the styles": ("名单.xlsx", lambda: book(styles=XXE + STYLES), "XML 声明"),
    "a DTD in the types": ("名单.xlsx", lambda: book(types=XXE + types()), "XML 声明"),
    "a DTD in the relations": (
        "名单.xlsx",
        lambda: book(rels="<!DOCTYPE z>" + relations(["worksheets/sheet1.xml"])),
        "XML 声明",
    ),
    "a sheet cut off": ("名单.xlsx", lambda: book(sheet=worksheet(text_rows([["甲"]]))[:-20]), "损坏"),
    "a sheet of noise": ("名单.xlsx", lambda: book(sheet=os.urandom(5000)), "损坏"),
    "a sheet with a NUL": (
        "名单.xlsx",
        lambda: book(sheet=worksheet('<row r="1"><c r="A1"><v>\0</v></c></row>')),
        "损坏",
    ),
    "no sheet part": ("名单.xlsx", lambda: book(rels=relations(["worksheets/none.xml"])), "损坏"),
    "a sheet outside": ("名单.xlsx", lambda: book(rels=relations(["../../../etc/passwd"])), "损坏"),
    "no workbook": (
        "名单.xlsx",
        lambda: packed({name: text for name, text in parts().items() if name != "xl/workbook.xml"}),
        "损坏",
    ),
    "no types": (
        "名单.xlsx",
        lambda: packed({name: text for name, text in parts().items() if "Types" not in name}),
        "压缩包",
    ),
    "no relations": (
        "名单.xlsx",
        lambda: packed({name: text for name, text in parts().items() if "rels" not in name}),
        "损坏",
    ),
    "no sheets": ("名单.xlsx", lambda: book(book=workbook([])), "损坏"),
    "an empty sheet": ("名单.xlsx", lambda: book(sheet=worksheet("")), "工作表里没有内容"),
    "only formats, no content": (
        "名单.xlsx",
        lambda: book('<row r="1"><c r="A1" s="1"/></row>'),
        "工作表里没有内容",
    ),
    "strict Open XML": (
        "名单.xlsx",
        lambda: book(book=workbook(["甲"]).replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")),
        "严格",
    ),
    "51 sheets": (
        "名单.xlsx",
        lambda: many_sheets(51),
        "50 张",
    ),
    "10,000 sheets": (
        "名单.xlsx",
        lambda: many_sheets(10_000),
        "50 张",
    ),
    "30,000 names": ("名单.xlsx", lambda: book(book=workbook(["甲"], NAMES)), "格式或名称过多"),
    "a workbook part of 9 MB": (
        "名单.xlsx",
        lambda: book(book=workbook(["甲"], f"<!--{MILLION * 9}-->")),
        "内容过大|名称过多",
    ),
    "styles over 8 MB": (
        "名单.xlsx",
        lambda: book(styles=STYLES.replace("<fonts>", "<fonts>" + os.urandom(5 << 20).hex())),
        "格式过多",
    ),
    "elements a thousand deep": (
        "名单.xlsx",
        lambda: book(book="<a>" * 1000 + "</a>" * 1000),
        "格式或名称过多",
    ),
    "texts a thousand deep": (
        "名单.xlsx",
        lambda: book(strings="<a>" * 1000 + "</a>" * 1000),
        "内容过大",
    ),
    "a million and one texts": (
        "名单.xlsx",
        lambda: book(strings=f'<sst xmlns="{MAIN}">' + "<si/>" * 1_000_001 + "</sst>"),
        "内容过大",
    ),
    "40 MB of spaces": (
        "名单.xlsx",
        lambda: book(strings=f'<sst xmlns="{MAIN}"><si><t>{" " * (40 << 20)}</t></si></sst>'),
        "内容过大",
    ),
    "a text over what a cell holds": (
        "名单.xlsx",
        lambda: book(text_rows([["甲" * 32_768]])),
        "32,767 个字符",
    ),
    "a value in XFD1048576": (
        "名单.xlsx",
        lambda: book('<row r="1"><c/></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "XFD1048576 还有内容",
    ),
    "a value in column 201": (
        "名单.xlsx",
        lambda: book('<row r="1"><c r="GS1"><v>1</v></c></row>'),
        "GS1 还有内容",
    ),
    "a row beyond the last": (
        "名单.xlsx",
        lambda: book('<row r="1048577"><c r="A1048577"><v>1</v></c></row>'),
        "损坏",
    ),
    "a row numbered zero": (
        "名单.xlsx",
        lambda: book('<row r="0"><c r="A0"><v>1</v></c></row>'),
        "损坏",
    ),
    "a row numbered in words": (
        "名单.xlsx",
        lambda: book('<row r="一"><c r="A1"><v>1</v></c></row>'),
        "损坏",
    ),
    "rows out of order": (
        "名单.xlsx",
        lambda: book('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>'),
        "损坏",
    ),
    "a row twice": (
        "名单.xlsx",
        lambda: book('<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>'),
        "损坏",
    ),
    "a cell twice": (
        "名单.xlsx",
        lambda: book('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'),
        "损坏",
    ),
    "a cell of another row": (
        "名单.xlsx",
        lambda: book('<row r="1"><c r="A2"><v>1</v></c></row>'),
        "损坏",
    ),
    "a cell with no column": (
        "名单.xlsx",
        lambda: book('<row r="1"><c r="1"><v>1</v></c></row>'),
        "损坏",
    ),
    "rows in two places": (
        "名单.xlsx",
        lambda: book(text_rows([["甲"]]), after="<sheetData>" + text_rows([["乙"]]) + "</sheetData>"),
        "损坏",
    ),
    "a text that is not there": (
        "名单.xlsx",
        lambda: book('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'),
        "损坏",
    ),
    "160,001 rows": (
        "名单.xlsx",
        lambda: book("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 160_002))),
        "160,000 行",
    ),
    "two and a half million cells": (
        "名单.xlsx",
        lambda: book("".join(row_of(200, n) for n in range(1, 12_502))),
        "内容过大",
    ),
    "300,001 empty rows": ("名单.xlsx", lambda: book(EMPTY_ROWS), "大量空行"),
    "a row of 400,000 elements": (
        "名单.xlsx",
        lambda: book(f"<row>{MANY}</row>"),
        "内容过大",
    ),
    "400,000 elements before the rows": (
        "名单.xlsx",
        lambda: book("<row/>", before=f"<cols>{MANY}</cols>"),
        "内容过大",
    ),
    "200,000 deep in a cell": (
        "名单.xlsx",
        lambda: book("<row><c>" + "<a>" * 200_000 + "</a>" * 200_000 + "</c></row>"),
        "没有内容|内容过大|损坏",
    ),
    "5,001 merged areas": (
        "名单.xlsx",
        lambda: book(text_rows([["甲"]]), after=merges("A1:B1", 5_001)),
        "5,000 处",
    ),
    "5,000 merged areas over everything": (
        "名单.xlsx",
        lambda: book(text_rows([["甲"]] * 2), after=merges("A1:XFD1048576", 5_000)),
        "损坏",
    ),
    "a merged area of nonsense": (
        "名单.xlsx",
        lambda: book(text_rows([["甲"]]), after='<mergeCells><mergeCell ref="甲:乙"/></mergeCells>'),
        "损坏",
    ),
    "a NUL in a text": ("名单.csv", lambda: "企业名称,甲\0乙".encode(), "编码"),
    "bytes of no encoding": ("名单.csv", lambda: b"\xff\x81\xff\xff,\x80", "编码"),
    "UTF-16 without a mark": ("名单.csv", lambda: "企业名称,甲".encode("utf-16-le"), "编码"),
    "UTF-32": ("名单.csv", lambda: "企业名称,甲".encode("utf-32"), "编码"),
    "half a UTF-16 character": ("名单.csv", lambda: "企业名称".encode("utf-16")[:-1], "编码"),
    "a quote that never closes": (
        "名单.csv",
        lambda: '企业名称\n"甲,乙\n丙,丁\n'.encode(),
        "引号没有成对",
    ),
    "a quote in the wrong place": (
        "名单.csv",
        lambda: '企业名称\n"甲"乙",丙\n'.encode(),
        "第 2 行附近的引号",
    ),
    "a field of 40,000": ("名单.csv", lambda: ("企业名称\n" + "甲" * 40_000).encode(), "32,767 个字符"),
    "a million quotes": ("名单.csv", lambda: b'"' * 1_000_001, "引号没有成对|32,767"),
    "201 columns of text": ("名单.csv", lambda: ("甲," * 200 + "乙").encode(), "200 列"),
    "160,001 rows of text": ("名单.csv", lambda: "甲\n".encode() * 160_001, "160,000 行"),
    "15 MB of commas": ("名单.csv", lambda: b"," * (15 << 20), "内容过大"),
    "15 MB of line ends": ("名单.csv", lambda: b"\n" * (15 << 20), "没有内容|内容过大"),
}

FILES |= MORE


@pytest.mark.parametrize("what", FILES)
def test_the_file_is_refused_with_one_sentence_in_two_seconds(tmp_path, what):
    name, made, words = FILES[what]
    path = tmp_path / name
    path.write_bytes(made())
    started = time.process_time()  # what others do on the machine is not its fault

    with pytest.raises(BadFile, match=words) as caught:
        read_file(path)

    sentence = str(caught.value)
    assert time.process_time() - started < 2
    assert sentence.startswith(f"“{name}”不能导入：") and sentence.endswith("。")
    assert sentence.count("。") == 1 and sentence.count("请") >= 1 and "\n" not in sentence


HEAVY = (
    "a file over 20 MB",
    "a bomb of 100 MB",
    "laughs in the texts",
    "10,000 sheets",
    "40 MB of spaces",
    "a million and one texts",
    "a value in XFD1048576",
    "two and a half million cells",
    "200,000 deep in a cell",
    "5,000 merged areas over everything",
    "a million quotes",
    "15 MB of commas",
    "15 MB of line ends",
    *HEAVY_KINDS,
)


DRIVER = """
import json, resource, sys
from pathlib import Path
from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.reading import read_table
def used():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime
for path in map(Path, sys.argv[1:]):
    before = used()
    try:
        said = str(len(read_table(path).rows))
    except BadFile as error:
        said = str(error)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(json.dumps([said, peak, used() - before]))
"""


def test_the_heavy_ones_end_the_same_way_in_the_reading_process_in_little_memory(tmp_path):
    paths = []
    for number, what in enumerate(HEAVY):
        name, made, _ = FILES[what]
        paths.append(tmp_path / f"{number}{name}")
        paths[-1].write_bytes(made())

    command = [sys.executable, "-c", DRIVER, *map(str, paths)]
    run = subprocess.run(command, stdout=subprocess.PIPE, cwd=ROOT, check=True)

    for what, line in zip(HEAVY, run.stdout.splitlines(), strict=True):
        said, peak, seconds = json.loads(line)
        assert re.search(FILES[what][2], said), (what, said)
        assert peak < 300, (what, peak)
        assert seconds < 2, (what, seconds)


def test_a_doubled_part_is_refused(tmp_path):
    path = tmp_path / "名单.xlsx"
    with pytest.warns(UserWarning, match="Duplicate name"):
        path.write_bytes(packed(parts(), [("xl/workbook.xml", b"x")]))

    with pytest.raises(BadFile, match="重名"):
        read_table(path)


def test_a_folder_a_missing_file_and_a_device_are_refused(tmp_path):
    os.mkfifo(tmp_path / "管道.xlsx")
    for path, words in ((tmp_path, "不是文件"), (tmp_path / "无.xlsx", "不存在"), (tmp_path / "管道.xlsx", "不是文件")):
        with pytest.raises(BadFile, match=words):
            read_table(path)


def test_a_reading_process_that_takes_too_long_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    (tmp_path / "名单.xlsx").write_bytes(SOUND)

    with pytest.raises(BadFile, match="还没有读完"):
        read_table(tmp_path / "名单.xlsx")


def test_a_reading_process_that_dies_is_logged_and_told_in_one_sentence(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(reading, "CODE", tmp_path)
    (tmp_path / "名单.xlsx").write_bytes(SOUND)

    with pytest.raises(BadFile, match="“名单.xlsx”没有读完：读取程序没有运行起来"):
        read_table(tmp_path / "名单.xlsx")

    assert "ModuleNotFoundError" in caplog.text


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for a bundle is a shell script")
def test_a_bundle_starts_itself_with_the_hook_and_reads_there(tmp_path, monkeypatch):
    bundle = tmp_path / "zjtx"
    code = "import sys; from zjtx_desktop.exchange.child import serve; serve(sys.argv[2:])"
    python = f'cd "{ROOT}" && exec "{sys.executable}" -c "{code}" "$@"'
    bundle.write_text(f'#!/bin/sh\ntest "$1" = {reading.HOOK} && {python}\n')
    bundle.chmod(0o755)
    (tmp_path / "名单.xlsx").write_bytes(SOUND)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(bundle))

    assert read_table(tmp_path / "名单.xlsx").rows[1].cells == ("甲公司",)
