"""A two-dimensional code as the picture that a workbook carries."""

import struct
import zlib
from functools import lru_cache

from zjtx_desktop.documents.qr import modules

_DOTS, _MARGIN = 4, 4  # dots a square, and blank squares around the code
PIXELS = 84  # that it is wide and high on a sheet


@lru_cache(maxsize=4)
def code_png(text: str) -> tuple[bytes, int]:
    """The code as a black and white PNG, and how many dots it is wide and high; always the same bytes."""
    dark = modules(text)
    count = (len(dark) + 2 * _MARGIN) * _DOTS
    blank = [False] * (len(dark) + 2 * _MARGIN)
    side, edge = [False] * _MARGIN, [blank] * _MARGIN
    rows = [*edge, *([*side, *row, *side] for row in dark), *edge]
    lines = b"".join((b"\0" + _packed(row)) * _DOTS for row in rows)
    head = struct.pack(">IIBBBBB", count, count, 1, 0, 0, 0, 0)
    parts = (_part(b"IHDR", head), _part(b"IDAT", zlib.compress(lines, 9)), _part(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts), count


def _packed(row: list[bool]) -> bytes:
    """A row of dots, eight a byte, white as 1."""
    bits = "".join(("0" if is_dark else "1") * _DOTS for is_dark in row)
    return int(bits.ljust(-len(bits) % 8 + len(bits), "1"), 2).to_bytes((len(bits) + 7) // 8, "big")


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
