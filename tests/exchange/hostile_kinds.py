"""Damaged and hostile files of the kinds beside workbooks of today: what is in each, its name, its bytes, and words of the sentence."""

import random
import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from made_documents import cell, document, page, paragraph, pdf, stream, table, unpacked, zipped
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

SAMPLES = Path(__file__).parent / "samples"
LAUGHS = '<!DOCTYPE z [<!ENTITY a "哈哈哈哈">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"
XXE = '<!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LIST = table([["序号", "企业名称"], ["1", "示例甲公司"]])


def sample(name: str) -> bytes:
    """A file that another program made."""
    return (SAMPLES / name).read_bytes()


def half(name: str) -> bytes:
    """Its first half."""
    data = sample(name)
    return data[: len(data) // 2]


def with_records(change: Callable[[bytearray, int], None], kind: int) -> bytes:
    """The .xls with a change to each record of a kind; `change` is told where the record begins."""
    data = bytearray(sample("libreoffice.xls"))
    at = data.find(struct.pack("<HHH", 0x0809, 16, 0x0600))
    while at + 4 <= len(data):
        found, size = struct.unpack_from("<HH", data, at)
        if found == kind:
            change(data, at)
        if size > 8228 or (found == 0 and size == 0):
            break
        at += 4 + size
    return bytes(data)


def called(kind: int) -> Callable[[bytearray, int], None]:
    """Gives a record another kind."""
    return lambda data, at: struct.pack_into("<H", data, at, kind)


def far_away(data: bytearray, at: int) -> None:
    """Puts a cell into the last row and column that its record can name."""
    struct.pack_into("<HH", data, at + 4, 0xFFFF, 0xFFFF)


def scan(*pages: str) -> bytes:
    """Pages of which each is a text, or a picture of one."""
    into = BytesIO()
    canvas = Canvas(into, pageCompression=1)
    for text in pages:
        if text == "picture":
            canvas.drawImage(ImageReader(Image.new("L", (300, 400), 200)), 50, 50, 500, 700)
        canvas.drawString(100, 800, text if text != "picture" else "")
        canvas.showPage()
    canvas.save()
    return into.getvalue()


def drawing_forms(deep: int, wide: int) -> bytes:
    """Forms of which each draws the next several times: the laughs of .pdf."""
    forms: dict[int, str | bytes] = {}
    for number in range(5, 5 + deep):
        inner = f"/Resources<</XObject<</F {number + 1} 0 R>>>>" if number < 4 + deep else ""
        forms[number] = stream(b"/F Do " * wide if inner else b"0 0 m 9 9 l S", f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]{inner}")
    return page(b"/F Do", "/XObject<</F 5 0 R>>", forms)


def many_pages(count: int) -> bytes:
    """Pages without content."""
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + count))
    pages = {number: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>" for number in range(3, 3 + count)}
    return pdf({1: "<</Type/Catalog/Pages 2 0 R>>", 2: f"<</Type/Pages/Kids[{kids}]/Count {count}>>", **pages})


def rules(count: int) -> bytes:
    """A page of rules across each other."""
    return page(b"".join(b"%d 0 m %d 842 l S 0 %d m 595 %d l S\n" % (n, n, n, n) for n in range(1, count)))


def looping_tables() -> bytes:
    """A table of places that sends the reader back to itself."""
    data = pdf({1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Kids[]/Count 0>>"}, trailer="/Prev 00000")
    at = data.rfind(b"xref\n0 1")
    return data.replace(b"/Prev 00000", b"/Prev %05d" % at)


NO_TABLE = "PDF 里没有找到表格"
MORE = {
    # .docx
    "a document of 100 MB of nothing": (
        "名单.docx",
        lambda: zipped({"[Content_Types].xml": "x", "word/document.xml": bytes(100 << 20)}),
        "内容过大",
    ),
    "a picture of 100 MB of nothing in a document": (
        "名单.docx",
        lambda: document(LIST, **{"word/media/image1.bmp": bytes(100 << 20)}),
        "内容过大",
    ),
    "laughs in a document": ("名单.docx", lambda: document(paragraph("&j;"), LAUGHS), r"XML 声明.*Word 或 WPS 打开，另存为 \.docx"),
    "an outer entity in a document": ("名单.docx", lambda: document(paragraph("&x;"), XXE), "XML 声明"),
    "laughs in the comments": (
        "名单.docx",
        lambda: document(LIST, **{"word/comments.xml": LAUGHS + "<c>&j;</c>"}),
        "XML 声明",
    ),
    "tables a thousand deep": ("名单.docx", lambda: unpacked("<w:tbl><w:tr><w:tc>" * 1000 + "</w:tc></w:tr></w:tbl>" * 1000), "内容过大"),
    "a hundred thousand deep": ("名单.docx", lambda: unpacked("<w:p>" * 100_000 + "</w:p>" * 100_000), "内容过大"),
    "100,002 cells of a document": ("名单.docx", lambda: unpacked(f"<w:tbl><w:tr>{'<w:tc></w:tc>' * 3}</w:tr></w:tbl>" * 33_334), "内容过大"),
    "501 tables": ("名单.docx", lambda: document(LIST * 501), "内容过大"),
    "31 million letters": ("名单.docx", lambda: document(paragraph("x" * (1 << 20)) * 31), "内容过大"),
    "5,001 merged areas of a document": (
        "名单.docx",
        lambda: document(table([[cell("甲", '<w:gridSpan w:val="2"/>'), "乙"], ["甲", "乙", "丙"]] * 5_001)),
        "5,000 处",
    ),
    "a cell over a billion columns": ("名单.docx", lambda: document(table([[cell("甲", '<w:gridSpan w:val="1000000000"/>')]])), "损坏"),
    "a cell over x columns": ("名单.docx", lambda: document(table([[cell("甲", '<w:gridSpan w:val="x"/>')]])), "损坏"),
    "201 columns of a document": ("名单.docx", lambda: document(table([["甲"] * 201] * 2)), "200 列"),
    "a document cut off": ("名单.docx", lambda: zipped({"[Content_Types].xml": "x", "word/document.xml": document(LIST)[:40]}), r"损坏.*另存为 \.docx"),
    "half a document": ("名单.docx", lambda: half("libreoffice.docx"), "损坏"),
    "a document without its text": ("名单.docx", lambda: zipped({"[Content_Types].xml": "x", "word/styles.xml": "<x/>"}), "损坏"),
    "a document without a table": ("名单.docx", lambda: document(paragraph("示例甲公司")), "文档里没有表格"),
    "a document with a frame only": ("名单.docx", lambda: document(table([["示例甲公司"]])), "文档里没有表格"),
    "a document of another language of XML": ("名单.docx", lambda: zipped({"[Content_Types].xml": "x", "word/document.xml": "<a><tbl/></a>"}), "文档里没有表格"),
    "a path upwards in a document": ("名单.docx", lambda: document(LIST, **{"../../evil.xml": "x"}), r"路径不正常.*另存为 \.docx"),
    "a document with a password of its own": ("名单.docx", lambda: sample("password.docx"), "打开密码.*取消密码"),
    "a workbook with a password of its own": ("名单.xlsx", lambda: sample("password.xlsx"), "打开密码.*取消密码"),
    "a .doc": ("名单.doc", lambda: sample("libreoffice.doc"), r"旧版 Word.*另存为 \.docx"),
    "a .doc called .wps": ("名单.wps", lambda: sample("libreoffice.doc"), r"WPS 文字的 \.wps.*另存为 \.docx"),
    "a .doc called .docx": ("名单.docx", lambda: sample("libreoffice.doc"), "旧版 Word"),
    # .xls
    "half an .xls": ("名单.xls", lambda: half("libreoffice.xls"), "损坏"),
    "an .xls less its last sector": ("名单.xls", lambda: sample("libreoffice.xls")[:-5120], "损坏"),
    "an .xls with a password": ("名单.xls", lambda: with_records(called(0x002F), 0x00E1), "打开密码"),
    "an .xls of cells far away": ("名单.xls", lambda: with_records(far_away, 0x00FD), "损坏|还有内容"),
    "an .xls without its texts": ("名单.xls", lambda: with_records(called(0x4444), 0x00FC), "损坏"),
    "an .xls without its formats": ("名单.xls", lambda: with_records(called(0x4444), 0x00E0), "损坏"),
    "an .xls without a beginning": ("名单.xls", lambda: with_records(called(0x4444), 0x0809), "损坏"),
    "an .xls without sheets": ("名单.xls", lambda: with_records(called(0x4444), 0x0085), "损坏|没有内容"),
    "an .xls whose sectors go round": (
        "名单.xls",
        lambda: sample("libreoffice.xls")[:512] + struct.pack("<128I", *[0] * 128) + sample("libreoffice.xls")[1024:],
        "损坏",
    ),
    "an .xls of noise": ("名单.xls", lambda: sample("libreoffice.xls")[:1536] + random.Random(1).randbytes(7000), "损坏"),
    # .pdf
    "half a .pdf": ("名单.pdf", lambda: half("typst.pdf"), "损坏|没有找到表格"),
    "a .pdf with a password": ("名单.pdf", lambda: sample("password.pdf"), "PDF 文件设有打开密码"),
    "a .pdf of noise": ("名单.pdf", lambda: b"%PDF-1.7\n" + random.Random(2).randbytes(9000), "损坏"),
    "a .pdf without pages": ("名单.pdf", lambda: pdf({1: "<</Type/Catalog>>"}), NO_TABLE),
    "a .pdf without a table": ("名单.pdf", lambda: page(b"0 0 m 9 9 l S"), NO_TABLE),
    "a .pdf of 301 pages": ("名单.pdf", lambda: many_pages(301), "超过 300 页"),
    "a .pdf of 10,000 pages": ("名单.pdf", lambda: many_pages(10_000), "超过 300 页"),
    "pages that hold each other": (
        "名单.pdf",
        lambda: pdf({1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Kids[3 0 R 2 0 R]>>", 3: "<</Type/Pages/Kids[2 0 R 3 0 R]>>"}),
        NO_TABLE,
    ),
    "pages two thousand deep": (
        "名单.pdf",
        lambda: pdf({1: "<</Type/Catalog/Pages 2 0 R>>"} | {n: f"<</Type/Pages/Kids[{n + 1} 0 R]>>" for n in range(2, 2_000)} | {2_000: "<</Type/Page>>"}),
        "损坏|没有找到表格",
    ),
    "an object that is itself": ("名单.pdf", lambda: pdf({1: "<</Type/Catalog/Pages 2 0 R>>", 2: "2 0 R"}), "损坏|没有找到表格"),
    "a table of places that goes round": ("名单.pdf", looping_tables, "损坏|没有找到表格"),
    "brackets a hundred thousand deep": ("名单.pdf", lambda: pdf({1: "<</Type/Catalog/Pages 2 0 R>>", 2: "[" * 100_000}), "损坏|没有找到表格"),
    "a page that unpacks to 200 MB": ("名单.pdf", lambda: page(bytes(200 << 20)), "过于复杂"),
    "a page packed twice": ("名单.pdf", lambda: page(b" " * (200 << 20), times=2), "过于复杂"),
    "a page of five million commands": ("名单.pdf", lambda: page(b"q Q " * 2_000_000), "过于复杂"),
    "a page of a hundred thousand strokes": ("名单.pdf", lambda: page(b"0 0 m 9 9 l S " * 100_000), "过于复杂"),
    "forms that draw themselves": (
        "名单.pdf",
        lambda: page(b"/F Do", "/XObject<</F 5 0 R>>", {5: stream(b"/F Do /F Do", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>")}),
        NO_TABLE,
    ),
    "forms by the billion": ("名单.pdf", lambda: drawing_forms(9, 10), "过于复杂"),
    "800 rules across 800": ("名单.pdf", lambda: rules(800), "过于复杂"),
    "a page without a size": ("名单.pdf", lambda: pdf({1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Kids[3 0 R]>>", 3: "<</Type/Page/MediaBox[x]>>"}), "损坏|没有找到表格"),
    "a scan": ("名单.pdf", lambda: scan("picture", "picture"), "第 1、2 页是扫描的图片，没有文字"),
    "a scan behind a letter": ("名单.pdf", lambda: scan("Notice", "picture"), "第 2 页是扫描的图片"),
    # web pages
    "a web page of nine million letters": ("名单.xls", lambda: b"<table>" + b"x" * (9 << 20), "内容过大"),
    "200,001 cells of a web page": ("名单.xls", lambda: b"<table>" + b"<tr><td>x<td>y" * 100_001, "内容过大"),
    "a cell over 201 columns": ("名单.xls", lambda: b"<table><tr><td colspan=201>x</table>", "200 列"),
    "5,001 merged areas of a web page": ("名单.xls", lambda: b"<table>" + b"<tr><td colspan=2>x" * 5_001, "5,000 处"),
    "a web page cut off": ("名单.xls", lambda: b"<table><tr><td>x</td><td>y</td></tr>", "没有名单那样的表格"),
}
HEAVY_KINDS = (
    "a document of 100 MB of nothing",
    "31 million letters",
    "100,002 cells of a document",
    "an .xls of cells far away",
    "a .pdf of 10,000 pages",
    "a page that unpacks to 200 MB",
    "a page packed twice",
    "a page of five million commands",
    "a page of a hundred thousand strokes",
    "forms by the billion",
    "800 rules across 800",
    "brackets a hundred thousand deep",
)
