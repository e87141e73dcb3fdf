"""What a PDF needs to carry of a font: a Type 0 font over a subset of the glyphs.

The code of a character is its glyph number in the whole face; a CIDToGIDMap leads from there to the
subset's own numbering. So codes never depend on the document, text can be encoded once and reused,
and two files with the same subset hold the same bytes, which lets a join share them.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256

from zjtx_desktop.documents.fonts import ASCENT, FACES, Face, face

_STEM = 80  # asked for, and used by no reader of an embedded font
_SMALL, _QUICK = 9, 1  # zlib levels: once a run, and once a document


@dataclass(frozen=True, slots=True)
class Subset:
    """The compressed streams of one embedded subset and the texts of its dictionaries."""

    name: str
    program: bytes
    program_length: int
    glyph_map: bytes
    to_unicode: bytes
    widths: str
    descriptor: str


def subset(resource: str, chars: Iterable[str]) -> Subset:
    """The subset behind a font resource: `F…` is the cached base of a face, `G…` holds just `chars`."""
    owner = FACES[int(resource[1:])]
    return _base(owner) if resource[0] == "F" else _delta(owner, "".join(sorted(chars)))


@cache
def _base(name: str) -> Subset:
    return _build(face(name), "".join(sorted(face(name).base)), _SMALL)


@lru_cache(maxsize=16)  # the letters of one office share its name's glyphs
def _delta(name: str, chars: str) -> Subset:
    return _build(face(name), chars, _QUICK)


def _build(owner: Face, chars: str, level: int) -> Subset:
    glyphs = [0, *(owner.glyphs[char] for char in chars)]
    program = owner.file.subset(glyphs)
    places = bytearray(2 * (max(glyphs) + 1))
    for place, glyph in enumerate(glyphs):
        places[2 * glyph : 2 * glyph + 2] = place.to_bytes(2, "big")
    tag = "".join(chr(65 + byte % 26) for byte in sha256(chars.encode()).digest()[:6])
    box = " ".join(map(str, owner.file.box))
    return Subset(
        name=f"{tag}+{owner.name}",
        program=zlib.compress(program, level),
        program_length=len(program),
        glyph_map=zlib.compress(bytes(places), level),
        to_unicode=zlib.compress(_to_unicode(owner, chars), level),
        widths=" ".join(f"{owner.glyphs[c]}[{w}]" for c in chars if (w := owner.width(c)) != 1000),
        descriptor=f"/Flags 4/FontBBox[{box}]/ItalicAngle 0/Ascent {ASCENT}/Descent {ASCENT - 1000}"
        f"/CapHeight {ASCENT}/StemV {_STEM}",
    )


def _to_unicode(owner: Face, chars: str) -> bytes:
    """The way back from codes to text. Beyond the BMP it takes surrogate pairs, at most 100 pairs a block."""
    lines = [f"<{owner.glyphs[char]:04X}> <{char.encode('utf-16-be').hex().upper()}>" for char in chars]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")
