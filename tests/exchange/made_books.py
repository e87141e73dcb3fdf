"""Workbooks made by hand, part by part, so that a test can put a lie exactly where it wants one."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
BOOK_TYPE = KIND + "sheet.main+xml"
MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders>'
    '<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)


def types(book: str = BOOK_TYPE) -> str:
    """[Content_Types].xml of a book with styles and shared strings."""
    kinds = {"workbook": book, "styles": KIND + "styles+xml", "sharedStrings": KIND + "sharedStrings+xml"}
    listed = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{kind}"/>' for part, kind in kinds.items()
    )
    default = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'<Types xmlns="{PACKAGE}/content-types">{default}{listed}</Types>'


def relations(targets: Iterable[str]) -> str:
    """xl/_rels/workbook.xml.rels with one worksheet for each target."""
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/worksheet" Target="{target}"/>'
        for number, target in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def workbook(names: Iterable[str], extra: str = "", state: str = "") -> str:
    """xl/workbook.xml with these sheets; `state` is written on the first."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"{state if number == 1 else ""}/>'
        for number, name in enumerate(names, start=1)
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{extra}<sheets>{listed}</sheets></workbook>'


def worksheet(data: str, before: str = "", after: str = "") -> str:
    """A sheet's XML around the rows in `data`."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def text_rows(rows: Iterable[Iterable[str]]) -> str:
    """Rows of inline strings from A1 on."""
    written = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for column, text in enumerate(row)
        )
        written.append(f'<row r="{number}">{cells}</row>')
    return "".join(written)


def parts(**changed: str | bytes | None) -> dict[str, str | bytes]:
    """The parts of a sound book with this sheet XML; `changed` replaces parts by short name."""
    listed: dict[str, str | bytes | None] = {
        "types": types(),
        "rels": relations(["worksheets/sheet1.xml"]),
        "book": workbook(["Sheet1"]),
        "styles": STYLES,
        "strings": f'<sst xmlns="{MAIN}"><si><t>甲公司</t></si></sst>',
        "sheet": worksheet(text_rows([["企业名称"], ["甲公司"]])),
    }
    listed.update(changed)
    paths = {
        "types": "[Content_Types].xml",
        "rels": "xl/_rels/workbook.xml.rels",
        "book": "xl/workbook.xml",
        "styles": "xl/styles.xml",
        "strings": "xl/sharedStrings.xml",
        "sheet": "xl/worksheets/sheet1.xml",
    }
    return {paths.get(name, name): content for name, content in listed.items() if content is not None}


def packed(contents: Mapping[str, str | bytes], extra: Iterable[tuple[str | ZipInfo, bytes]] = ()) -> bytes:
    """The parts as one zip; `extra` is written after them as it is, doubled names and all."""
    into = BytesIO()
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
        for name, content in extra:
            archive.writestr(name, content, compress_type=ZIP_DEFLATED)
    return into.getvalue()


def book(data: str = "", before: str = "", after: str = "", **changed: str | bytes | None) -> bytes:
    """A book whose sheet holds `data`; the other parts as in `parts`."""
    if data:
        changed["sheet"] = worksheet(data, before, after)
    return packed(parts(**changed))
