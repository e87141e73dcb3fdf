"""A PDF file written as it goes: what is finished leaves for the disk at once, only offsets stay in memory.

A thousand letters therefore need no more memory than one, and nothing in the file depends on the
clock or the machine: the same pages give the same bytes.
"""

import zlib
from array import array
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import BinaryIO

from zjtx_desktop.documents.embedding import subset
from zjtx_desktop.documents.qr import Square

_CATALOG, _PAGES, _FONTS, _INFO = 1, 2, 3, 4  # written last, so their numbers are set aside
RESOURCES = _FONTS


@lru_cache(maxsize=4096)  # the same few places on every page
def number(value: float) -> str:
    """A length in points as PDF writes it: at most three decimals (0.0004 mm), none to spare."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _text(value: str) -> str:
    return f"<FEFF{value.encode('utf-16-be').hex().upper()}>"


class PdfFile:
    """One PDF under construction: objects and pages in any order, then `close` once."""

    def __init__(self, out: BinaryIO, title: str) -> None:
        self._out, self._title = out, title
        self._position = 0
        self._offsets = array("Q", bytes(8 * (_INFO + 1)))
        self._pages = array("L")
        self._fonts: dict[str, set[str]] = {}
        self._drawings: dict[str, int] = {}
        self._marks: list[tuple[str, int]] = []
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    @property
    def pages(self) -> int:
        """How many pages have been written."""
        return len(self._pages)

    def object(self, body: bytes, at: int | None = None) -> int:
        """Write an object and return its number."""
        at = self._reserve() if at is None else at
        self._offsets[at] = self._position
        self._write(b"%d 0 obj\n%b\nendobj\n" % (at, body))
        return at

    def stream(self, packed: bytes, entries: bytes = b"/Filter/FlateDecode") -> int:
        """Write a stream whose bytes are ready, with its dictionary's entries but the length."""
        return self.object(b"<</Length %d%b>>stream\n%b\nendstream" % (len(packed), entries, packed))

    def page(self, contents: int, box: str, resources: int = RESOURCES) -> None:
        """Add a page of objects already written; without `resources` it has the fonts given to `use`."""
        self._pages.append(
            self._dictionary(
                f"/Type/Page/Parent {_PAGES} 0 R/MediaBox{box}"
                f"/Resources {resources} 0 R/Contents {contents} 0 R"
            )
        )

    def use(self, fonts: Mapping[str, Iterable[str]]) -> None:
        """Embed these font resources; each with the characters it adds to the delta subset of its face."""
        for resource, chars in fonts.items():
            self._fonts.setdefault(resource, set()).update(chars)

    def draw(self, drawing: Square) -> None:
        """Hold a drawing that pages call by its name; it is written once."""
        if drawing.name not in self._drawings:
            size = drawing.count
            entries = b"/Type/XObject/Subtype/Form/BBox[0 0 %d %d]/Filter/FlateDecode" % (size, size)
            packed = zlib.compress(drawing.operators.encode("ascii"), 9)
            self._drawings[drawing.name] = self.stream(packed, entries)

    def bookmark(self, text: str) -> None:
        """Let the reader jump to the page that is written next."""
        self._marks.append((text, len(self._pages)))

    def close(self) -> None:
        """Write the fonts and drawings, the page tree and the table of offsets."""
        fonts = "".join(f"/{key} {self._font(key, chars)} 0 R" for key, chars in sorted(self._fonts.items()))
        outlines = self._outlines()
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        drawings = "".join(f"/{name} {at} 0 R" for name, at in sorted(self._drawings.items()))
        self._dictionary(f"/Font<<{fonts}>>" + (f"/XObject<<{drawings}>>" if drawings else ""), _FONTS)
        self._dictionary(f"/Type/Pages/Count {len(self._pages)}/Kids[{kids}]", _PAGES)
        self._dictionary(f"/Title{_text(self._title)}", _INFO)
        self._dictionary(
            f"/Type/Catalog/Pages {_PAGES} 0 R/Lang(zh-CN)"
            f"/ViewerPreferences<</DisplayDocTitle true>>{outlines}",
            _CATALOG,
        )
        start, count = self._position, len(self._offsets)
        self._write(f"xref\n0 {count}\n0000000000 65535 f \n".encode())
        self._write("".join(f"{offset:010d} 00000 n \n" for offset in self._offsets[1:]).encode())
        self._write(
            f"trailer\n<</Size {count}/Root {_CATALOG} 0 R/Info {_INFO} 0 R>>\n"
            f"startxref\n{start}\n%%EOF\n".encode()
        )

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._position += len(data)

    def _reserve(self) -> int:
        self._offsets.append(0)
        return len(self._offsets) - 1

    def _dictionary(self, entries: str, at: int | None = None) -> int:
        return self.object(f"<<{entries}>>".encode("ascii"), at)

    def _font(self, resource: str, chars: Iterable[str]) -> int:
        font = subset(resource, chars)
        program = self.stream(font.program, b"/Filter/FlateDecode/Length1 %d" % font.program_length)
        places = self.stream(font.glyph_map)
        unicode = self.stream(font.to_unicode)
        descriptor = self._dictionary(
            f"/Type/FontDescriptor/FontName/{font.name}{font.descriptor}/FontFile2 {program} 0 R"
        )
        glyphs = self._dictionary(
            f"/Type/Font/Subtype/CIDFontType2/BaseFont/{font.name}"
            f"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {descriptor} 0 R/DW 1000/W[{font.widths}]/CIDToGIDMap {places} 0 R"
        )
        return self._dictionary(
            f"/Type/Font/Subtype/Type0/BaseFont/{font.name}/Encoding/Identity-H"
            f"/DescendantFonts[{glyphs} 0 R]/ToUnicode {unicode} 0 R"
        )

    def _outlines(self) -> str:
        """The bookmarks as a flat list; the catalog's entry for them, or nothing."""
        if not self._marks:
            return ""
        root = self._reserve()
        first, last = root + 1, root + len(self._marks)
        for at, (text, page) in enumerate(self._marks, start=first):
            ring = (f"/Prev {at - 1} 0 R" if at > first else "") + (
                f"/Next {at + 1} 0 R" if at < last else ""
            )
            self._dictionary(f"/Title{_text(text)}/Parent {root} 0 R{ring}/Dest[{self._pages[page]} 0 R/Fit]")
        self._dictionary(f"/Type/Outlines/First {first} 0 R/Last {last} 0 R/Count {len(self._marks)}", root)
        return f"/Outlines {root} 0 R"
