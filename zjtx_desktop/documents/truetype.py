"""Reading a TrueType file and writing a smaller one of some of its glyphs: only what a PDF needs.

Faces with PostScript outlines (CFF) are refused; the fonts of this program all have TrueType outlines.
"""

import struct
import sys
from array import array
from collections.abc import Sequence
from pathlib import Path

from zjtx_desktop.errors import BadFile

# Flags of a composite glyph's component (table glyf).
_WORDS, _SCALE, _MORE, _XY_SCALE, _TWO_BY_TWO = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080
_UNICODE = (
    (3, 10, 12),
    (0, 4, 12),
    (0, 6, 12),
    (3, 1, 4),
    (0, 3, 4),
)  # platform, encoding, format: best first
_CHECKSUM = 0xB1B0AFBA


class TrueType:
    """One font file: characters to glyph numbers, advances and outlines; lengths are in 1/1000 em."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        try:
            self._tables = self._directory()
            self._read()
        except (KeyError, struct.error, StopIteration) as error:
            raise BadFile(
                f"字体文件 {path.name} 不能使用：不是 TrueType 字体或已损坏。请重新安装本程序。"
            ) from error

    def _directory(self) -> dict[str, tuple[int, int]]:
        count = struct.unpack_from(">H", self._data, 4)[0]
        records = (struct.unpack_from(">4sLLL", self._data, 12 + 16 * place) for place in range(count))
        return {tag.decode("latin-1"): (offset, length) for tag, _, offset, length in records}

    def _read(self) -> None:
        head, hhea = self.table("head"), self.table("hhea")
        self.scale = 1000 / struct.unpack_from(">H", head, 18)[0]
        self.box = struct.unpack_from(">4h", head, 36)
        self.glyphs = self._characters()
        self._metrics, self._full = _numbers("H", self.table("hmtx")), struct.unpack_from(">H", hhea, 34)[0]
        long = struct.unpack_from(">h", head, 50)[0]
        loca = self.table("loca")
        self._places = (
            _numbers("I", loca) if long else array("I", (2 * place for place in _numbers("H", loca)))
        )
        self._outlines = self._tables["glyf"][0]

    def table(self, tag: str) -> bytes:
        """The bytes of a table."""
        offset, length = self._tables[tag]
        return self._data[offset : offset + length]

    def metrics(self, glyph: int) -> tuple[int, int]:
        """Advance and left bearing as the file has them; the last glyphs share the last advance."""
        if glyph < self._full:
            return self._metrics[2 * glyph], self._metrics[2 * glyph + 1]
        return self._metrics[2 * self._full - 2], self._metrics[self._full + glyph]

    def outline(self, glyph: int) -> bytes:
        """The outline of a glyph; empty for a blank."""
        return self._data[self._outlines + self._places[glyph] : self._outlines + self._places[glyph + 1]]

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
        places = array("I", [0])
        for outline in outlines:
            places.append(places[-1] + len(outline))
        metrics = array("H", (number for glyph in order for number in self.metrics(glyph)))
        head, hhea, maxp = self.table("head"), self.table("hhea"), self.table("maxp")
        count = struct.pack(">H", len(order))
        return _file(
            {
                "glyf": b"".join(outlines),
                "head": head[:8]
                + b"\0\0\0\0"
                + head[12:50]
                + b"\0\1"
                + head[52:],  # checksum to come, long offsets
                "hhea": hhea[:34] + count,
                "hmtx": _packed(metrics),
                "loca": _packed(places),
                "maxp": maxp[:4] + count + maxp[6:],
            }
        )

    def _characters(self) -> dict[str, int]:
        """From characters to glyph numbers, from the best Unicode map of the file."""
        cmap = self.table("cmap")
        maps = {}
        for place in range(struct.unpack_from(">H", cmap, 2)[0]):
            platform, encoding, offset = struct.unpack_from(">HHL", cmap, 4 + 8 * place)
            maps[platform, encoding, struct.unpack_from(">H", cmap, offset)[0]] = cmap[offset:]
        best = next(kind for kind in _UNICODE if kind in maps)
        return _groups(maps[best]) if best[2] == 12 else _segments(maps[best])


def _groups(cmap: bytes) -> dict[str, int]:
    """A cmap of format 12: runs of code points with runs of glyphs."""
    glyphs: dict[str, int] = {}
    for place in range(struct.unpack_from(">L", cmap, 12)[0]):
        first, last, glyph = struct.unpack_from(">LLL", cmap, 16 + 12 * place)
        glyphs.update(
            zip(map(chr, range(first, last + 1)), range(glyph, glyph + last - first + 1), strict=True)
        )
    return glyphs


def _segments(cmap: bytes) -> dict[str, int]:
    """A cmap of format 4: runs with a shift, or with a table of glyphs."""
    count = struct.unpack_from(">H", cmap, 6)[0] // 2
    words = _numbers("H", cmap[: struct.unpack_from(">H", cmap, 2)[0] // 2 * 2])
    glyphs: dict[int, int] = {}
    for segment in range(count):
        last, first = words[7 + segment], words[8 + count + segment]
        shift, at = words[8 + 2 * count + segment], 8 + 3 * count + segment
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = words[at + words[at] // 2 + code - first] if words[at] else code
            if glyph:
                glyphs[code] = (glyph + shift) & 0xFFFF
    return {chr(code): glyph for code, glyph in glyphs.items() if glyph}


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


def _file(tables: dict[str, bytes]) -> bytes:
    """Tables with their directory and checksums, as one font file."""
    power = len(tables).bit_length() - 1
    search = 16 * 2**power
    directory = [struct.pack(">LHHHH", 0x00010000, len(tables), search, power, 16 * len(tables) - search)]
    offset = 12 + 16 * len(tables)
    bodies: list[bytes] = []
    head = 0
    for tag, body in sorted(tables.items()):
        if tag == "head":
            head = offset
        directory.append(struct.pack(">4sLLL", tag.encode(), _checksum(body), offset, len(body)))
        bodies.append(body + b"\0" * (-len(body) % 4))
        offset += len(bodies[-1])
    whole = bytearray(b"".join(directory + bodies))
    struct.pack_into(">L", whole, head + 8, (_CHECKSUM - _checksum(bytes(whole))) & 0xFFFFFFFF)
    return bytes(whole)


def _checksum(data: bytes) -> int:
    return sum(_numbers("I", data + b"\0" * (-len(data) % 4))) & 0xFFFFFFFF


def _numbers(kind: str, data: bytes) -> "array[int]":
    """Big-endian numbers of a table as this machine has them."""
    numbers = array(kind, data)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _packed(numbers: "array[int]") -> bytes:
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers.tobytes()
