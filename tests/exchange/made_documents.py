"""Documents and .pdf files made by hand, object by object, so that a test can put a lie exactly where it wants one."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile
from zlib import compress

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'


def cell(text: str = "", properties: str = "", run: str = "") -> str:
    """A `tc` with one paragraph of one run."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p></w:tc>"


def table(rows: Iterable[Iterable[str]]) -> str:
    """A `tbl` of rows of cells, each a text or the XML of a `tc`."""
    made = ("".join(each if each.startswith("<w:tc>") else cell(each) for each in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in made) + "</w:tbl>"


def paragraph(text: str) -> str:
    """A paragraph of one run."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def document(body: str, before: str = "", **parts: str | bytes) -> bytes:
    """A .docx whose body is this XML; `before` stands before the root, `parts` are further ones by their names."""
    whole = f'{before}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": whole, **parts})


def unpacked(body: str) -> bytes:
    """The same, not packed: so that the limit of packing does not answer first."""
    whole = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": whole}, ZIP_STORED)


def zipped(parts: Mapping[str, str | bytes], method: int = ZIP_DEFLATED) -> bytes:
    """The parts as one zip."""
    into = BytesIO()
    with ZipFile(into, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return into.getvalue()


def stream(data: bytes, extra: str = "", times: int = 1) -> bytes:
    """A stream object, packed as often as `times` says."""
    for _ in range(times):
        data = compress(data, 9)
    filters = f"/Filter [{'/FlateDecode ' * times}]" if times else ""
    return f"<</Length {len(data)} {filters} {extra}>>stream\n".encode() + data + b"\nendstream"


def pdf(objects: Mapping[int, str | bytes], trailer: str = "") -> bytes:
    """A .pdf of these objects, 1 being its catalogue, with a right table of where they stand."""
    made, places = bytearray(b"%PDF-1.7\n"), {}
    for number, content in objects.items():
        places[number] = len(made)
        made += f"{number} 0 obj\n".encode() + (content if isinstance(content, bytes) else content.encode()) + b"\nendobj\n"
    at = len(made)
    made += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        made += f"{number} 1\n{place:010d} 00000 n \n".encode()
    made += f"trailer<</Size {max(objects) + 1}/Root 1 0 R {trailer}>>\nstartxref\n{at}\n%%EOF".encode()
    return bytes(made)


def page(content: bytes, resources: str = "", more: Mapping[int, str | bytes] | None = None, times: int = 1) -> bytes:
    """A .pdf of one page with this content; further objects from 5 on."""
    return pdf(
        {
            1: "<</Type/Catalog/Pages 2 0 R>>",
            2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<{resources}>>>>",
            4: stream(content, times=times),
            **(more or {}),
        }
    )
