"""Reading a TrueType file and writing a smaller one of some of its glyphs, on reportlab's font classes.

Faces with PostScript outlines (CFF) are refused; the fonts of this program all have TrueType outlines.
reportlab's own subset makes a simple font per 256 characters and anew for each document; ours keeps two-byte
codes and is built once, see `embedding`. Characters and places of outlines are read here: reportlab reads the
widths of all 9,000 with them, which took a third of the time of a thousand letters.
"""

import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFError, TTFontFile, TTFontMaker

from zjtx_desktop.errors import BadFile

_SEGMENTED, _GROUPED = 4, 12  # formats of a character table

# Flags of a composite glyph's component (table glyf).
_WORDS, _SCALE, _MORE, _XY_SCALE, _TWO_BY_TWO = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080


class TrueType:
    """One font file: characters to glyph numbers, advances and outlines; lengths are in 1/1000 em."""

    def __init__(self, path: Path) -> None:
        try:
            self._font = TTFontFile(str(path), charInfo=0)
        except (TTFError, KeyError, struct.error) as error:
            raise BadFile(
                f"字体文件 {path.name} 不能使用：不是 TrueType 字体或已损坏。请重新安装本程序。"
            ) from error
        head = self.table("head")
        self.scale = 1000 / struct.unpack_from(">H", head, 18)[0]
        self.box = struct.unpack_from(">4h", head, 36)
        self.glyphs = _characters(self.table("cmap"))
        self._full = struct.unpack_from(">H", self.table("hhea"), 34)[0]
        self._metrics = _numbers("H", self.table("hmtx"))
        self._is_long = bool(struct.unpack_from(">h", head, 50)[0])
        self._places = _numbers("I" if self._is_long else "H", self.table("loca"))
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
        unit = 1 if self._is_long else 2
        return self._outlines[self._places[glyph] * unit : self._places[glyph + 1] * unit]

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


def _numbers(kind: str, data: bytes) -> "array[int]":
    """The big-endian numbers of a table: `H` of two bytes, `I` of four."""
    found = array(kind, data)
    if sys.byteorder == "little":
        found.byteswap()
    return found


def _characters(cmap: bytes) -> dict[str, int]:
    """Which glyph stands for which character: the subtable that goes beyond the BMP, or the one of the BMP."""
    tables = struct.unpack_from(">" + "HHL" * struct.unpack_from(">H", cmap, 2)[0], cmap, 4)
    formats = {struct.unpack_from(">H", cmap, at)[0]: at for at in tables[2::3]}
    if _GROUPED in formats:
        at = formats[_GROUPED]
        groups = _numbers("I", cmap[at + 16 : at + 16 + 12 * struct.unpack_from(">L", cmap, at + 12)[0]])
        runs = zip(groups[::3], groups[1::3], groups[2::3], strict=True)
        found = ((code, first + code - start) for start, end, first in runs for code in range(start, end + 1))
    elif _SEGMENTED in formats:
        found = _segmented(cmap, formats[_SEGMENTED])
    else:
        raise BadFile("字体文件的字符表不是本程序认识的格式。请重新安装本程序。")
    characters = {chr(code): glyph for code, glyph in found if glyph}
    characters.setdefault("\N{NO-BREAK SPACE}", characters[" "])  # drawn alike, and most files leave it out
    return characters


def _segmented(cmap: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Code points and glyphs of a subtable of format 4: each segment shifts its codes or looks them up."""
    length, _, double = struct.unpack_from(">3H", cmap, at + 2)
    words, count = _numbers("H", cmap[at : at + length]), double // 2
    ends, starts = words[7 : 7 + count], words[8 + count : 8 + 2 * count]
    shifts, offsets = words[8 + 2 * count : 8 + 3 * count], 8 + 3 * count
    for place, (start, end, shift) in enumerate(zip(starts, ends, shifts, strict=True)):
        offset = words[offsets + place]
        for code in range(start, end + 1):
            if not offset:
                yield code, (code + shift) & 0xFFFF
            elif glyph := words[offsets + place + offset // 2 + code - start]:
                yield code, (glyph + shift) & 0xFFFF


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
