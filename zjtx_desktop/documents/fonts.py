"""The five faces of a page: which glyph stands for a character, how wide it is, which characters have none.

A face lacks some characters; each then comes from the next face of its chain, character by character.
Glyphs of the fixed wording live in a *base* subset, all others in a *delta* subset of the document:
that is decided here once for all documents, so an encoded line is valid in every one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from zjtx_desktop.documents import wording
from zjtx_desktop.documents.truetype import TrueType
from zjtx_desktop.errors import Refused
from zjtx_desktop.paths import RESOURCES

FANG, KAI, TITLE, SONG, HEI = FACES = ("GWFang", "GWKai", "GWTitle", "GWSong", "GWHei")
ASCENT = 880  # top of the em box over the baseline, in every face
CHAIN = {
    FANG: (FANG, KAI, SONG),
    KAI: (KAI, SONG),
    TITLE: (TITLE, SONG),
    SONG: (SONG, KAI),
    HEI: (HEI, SONG),
}
# WenKai draws these at Latin width; the Fang Song forms fill the cell.
_BORROWED = {KAI: dict.fromkeys("“”‘’·—", FANG)}


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as it is painted: PDF font resource, glyph code in hex, advance in 1/1000 em."""

    resource: str
    code: str
    width: int
    is_delta: bool


class Face:
    """One of the five faces, its file read once; a glyph's number is also its code in the PDF."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.file = TrueType(RESOURCES / "fonts" / f"{name}.ttf")
        self.glyphs = self.file.glyphs
        self.base = wording.characters()[name] & self.glyphs.keys()

    def width(self, char: str) -> int:
        """The advance of a character in 1/1000 em."""
        return round(self.file.metrics(self.glyphs[char])[0] * self.file.scale)

    def bounds(self, char: str) -> tuple[int, int, int, int]:
        """What is really black: left, bottom, right, top in 1/1000 em from the baseline."""
        return self.file.bounds(self.glyphs[char])


@cache
def face(name: str) -> Face:
    """The face of this name, loaded on first use and kept."""
    return Face(name)


@lru_cache(maxsize=4096)
def home(char: str, name: str) -> str | None:
    """The face that draws `char` where `name` was asked for; None when no face of the chain has it."""
    borrowed = _BORROWED.get(name, {}).get(char)
    if borrowed:
        return borrowed
    return next((each for each in CHAIN[name] if char in face(each).glyphs), None)


class _Glyphs(dict[str, Glyph]):
    """The glyphs met so far of one face with its chain; one for each character at most."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def __missing__(self, char: str) -> Glyph:
        found = home(char, self._name)
        if found is None:
            raise Refused(_sentence((char,), "文件"))
        owner = face(found)
        kind = "F" if char in owner.base else "G"
        code = f"{owner.glyphs[char]:04X}"
        glyph = Glyph(f"{kind}{FACES.index(found)}", code, owner.width(char), is_delta=kind == "G")
        self[char] = glyph
        return glyph


@cache
def glyphs(name: str) -> Mapping[str, Glyph]:
    """How each character is painted in face `name`. One that no face of the chain has is Refused."""
    return _Glyphs(name)


@lru_cache(maxsize=64)
def bounds(text: str, name: str) -> tuple[int, int]:
    """The lowest and the highest black point of a text in 1/1000 em from the baseline."""
    boxes = [face(home(char, name) or name).bounds(char) for char in text if char.strip()]
    return min(box[1] for box in boxes), max(box[3] for box in boxes)


def missing(text: str, name: str = FANG) -> tuple[str, ...]:
    """The characters of `text`, each once and in order, that no face of the chain can draw."""
    if all(map(face(name).glyphs.__contains__, text)):
        return ()
    return tuple(char for char in dict.fromkeys(text) if home(char, name) is None)


def require(text: str, where: str, name: str = FANG) -> None:
    """Refuse a text that cannot be printed, naming the character, its code point and `where` it stands."""
    lacking = missing(text, name)
    if lacking:
        raise Refused(_sentence(lacking, where))


def _sentence(lacking: tuple[str, ...], where: str) -> str:
    shown = ((char if char.isprintable() else "□", ord(char)) for char in lacking)
    named = "、".join(f"“{char}”（U+{code:04X}）" for char, code in shown)
    return f"{where}中的 {named} 在字库里没有字形，未生成文件。请核对该字，或改用规范汉字后重试。"
