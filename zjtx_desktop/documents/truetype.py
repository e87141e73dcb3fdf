"""Reading a TrueType file and writing a smaller one of some of its glyphs, on reportlab's font classes.

Faces with PostScript outlines (CFF) are refused; the fonts of this program all have TrueType outlines.
reportlab's own subset makes a simple font per 256 characters and anew for each document; ours keeps two-byte
codes and is built once, see `embedding`.
"""

import struct
import sys
from array import array
from collections.abc import Sequence
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFError, TTFontFile, TTFontMaker

from zjtx_desktop.errors import BadFile

# Flags of a composite glyph's component (table glyf).
_WORDS, _SCALE, _MORE, _XY_SCALE, _TWO_BY_TWO = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080


class TrueType:
    """One font file: characters to glyph numbers, advances and outlines; lengths are in 1/1000 em."""

    def __init__(self, path: Path) -> None:
        try:
            self._font = TTFontFile(str(path))
        except (TTFError, KeyError, struct.error) as error:
            raise BadFile(
                f"字体文件 {path.name} 不能使用：不是 TrueType 字体或已损坏。请重新安装本程序。"
            ) from error
        head = self.table("head")
        self.scale = 1000 / struct.unpack_from(">H", head, 18)[0]
        self.box = struct.unpack_from(">4h", head, 36)
        self.glyphs = {chr(code): glyph for code, glyph in self._font.charToGlyph.items() if glyph}
        self._full = struct.unpack_from(">H", self.table("hhea"), 34)[0]
        self._metrics = array("H", self.table("hmtx"))
        if sys.byteorder == "little":
            self._metrics.byteswap()
        self._outlines = self.table("glyf")

    def table(self, tag: str) -> bytes:
        """The bytes of a table."""
        return bytes(self._font.get_table(tag))

    def metrics(self, glyph: int) -> tuple[int, int]:
        """Advance and left bearing as the file has them; the last glyphs share the last advance."""
        if glyph < self._full:
            return self._metrics[2 * glyph], self._metrics[2 * glyph + 1]
        return self._metrics[2 * self._full - 2], self._metrics[self._full + glyph]

    def outline(self, glyph: int) -> bytes:
        """The outline of a glyph; empty for a blank."""
        return self._outlines[self._font.glyphPos[glyph] : self._font.glyphPos[glyph + 1]]

    def bounds(self, glyph: int) -> tuple[int, int, int, int]:
        """What is really black: left, bottom, right, top; all 0 for a blank."""
        outline = self.outline(glyph)
        return struct.unpack_from(">4h", outline, 2) if outline else (0, 0, 0, 0)

    def subset(self, glyphs: Sequence[int]) -> bytes:
        """A font file of these glyphs, numbered in this order; the parts of composites follow them."""
        order = list(glyphs)
        outlines: list[bytes] = []
        for glyph in order:  # grows while it runs
            outline = self.outline(glyph)
            if outline[:1] >= b"\x80":  # a negative number of contours: a composite
                outline = _renumbered(outline, order)
            outlines.append(outline + b"\0" * (-len(outline) % 4))
        places = [0]
        for outline in outlines:
            places.append(places[-1] + len(outline))
        metrics = [number for glyph in order for number in self.metrics(glyph)]
        head, hhea, maxp = self.table("head"), self.table("hhea"), self.table("maxp")
        count = struct.pack(">H", len(order))
        made = TTFontMaker()
        made.add("glyf", b"".join(outlines))
        made.add("head", head[:50] + b"\0\1" + head[52:])  # long offsets; the checksum is the maker's
        made.add("hhea", hhea[:34] + count)
        made.add("hmtx", struct.pack(f">{len(metrics)}H", *metrics))
        made.add("loca", struct.pack(f">{len(places)}L", *places))
        made.add("maxp", maxp[:4] + count + maxp[6:])
        return bytes(made.makeStream())


def _renumbered(outline: bytes, order: list[int]) -> bytes:
    """A composite outline whose components carry their places in `order`, to which new ones are added."""
    data, at, more = bytearray(outline), 10, True
    while more:
        flags, component = struct.unpack_from(">HH", data, at)
        if component not in order:
            order.append(component)
        struct.pack_into(">H", data, at + 2, order.index(component))
        at += 4 + (4 if flags & _WORDS else 2)
        at += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
        more = bool(flags & _MORE)
    return bytes(data)
