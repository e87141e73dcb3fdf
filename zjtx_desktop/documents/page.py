"""Painting: what is set becomes the operators of a page; positions are points from its top left corner."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from zjtx_desktop.documents.fonts import FANG, HEI, SONG, bounds, glyphs
from zjtx_desktop.documents.grid import (
    EM_TOP,
    HEIGHT,
    LEFT,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    SIZE_4,
    TOP,
    WIDTH,
    Line,
)
from zjtx_desktop.documents.pdf import PdfFile, number
from zjtx_desktop.documents.qr import Square, square
from zjtx_desktop.documents.wording import DRAFT

RED = "0.87 0 0"
BLACK = "0"
_PALE, _GREY = "0.88", "0.5"
_FULL = 100.0
_PACKING = 3  # of zlib: a tenth larger than its best, in two thirds of the time


@dataclass(frozen=True, slots=True)
class _Ink:
    """A line's operators without its place, and the characters it adds to each font resource."""

    operators: str
    fonts: tuple[tuple[str, str], ...]


@lru_cache(maxsize=512)
def _ink(line: Line) -> _Ink:
    """Encode a line; fixed lines of a batch are encoded once, since codes do not depend on the document."""
    table = glyphs(line.face)
    operators: list[str] = []
    fonts: dict[str, str] = {}
    size, resource, space = number(line.size), "", None
    codes: list[str] = []
    for char, after in zip(line.text, line.spaces, strict=True):
        glyph = table[char]
        if glyph.resource != resource or after != space:
            if codes:
                operators.append(f"<{''.join(codes)}>Tj")
                codes = []
            if glyph.resource != resource:
                resource = glyph.resource
                fonts.setdefault(resource, "")
                operators.append(f"/{resource} {size} Tf")
            if after != space:
                space = after
                operators.append(f"{number(after)} Tc")
        codes.append(glyph.code)
        if glyph.is_delta:
            fonts[resource] += char
    operators.append(f"<{''.join(codes)}>Tj")
    return _Ink(" ".join(operators), tuple(fonts.items()))


@lru_cache(maxsize=256)
def _right(line: Line) -> float:
    return line.right


@lru_cache(maxsize=512)
def single(text: str, face: str = FANG, size: float = SIZE_4, gap: float = 0.0) -> Line:
    """A text on one line, its characters `gap` points apart."""
    return Line(text, face, size, 0.0, (gap,) * len(text))


class Sheet:
    """One page being painted. `texts` and `drawings` are what was put on it, for reading the file back."""

    def __init__(self, width: float = PAGE_WIDTH, height: float = PAGE_HEIGHT) -> None:
        self.width, self.height = width, height
        self.texts: list[str] = []
        self.drawings: dict[str, Square] = {}
        self._operators: list[str] = []
        self._fonts: dict[str, set[str]] = {}

    def line(self, line: Line, x: float, baseline: float, color: str = BLACK, scale: float = _FULL) -> None:
        """Paint a line from `x` on, its baseline `baseline` below the page top.

        A coloured one may be `scale` per cent of its width.
        """
        ink = _ink(line)
        place = f"1 0 0 1 {number(x + line.indent)} {number(self.height - baseline)} Tm"
        if scale != _FULL:
            place = f"{number(scale)} Tz {place}"
        self._text(f"{place} {ink.operators}", line.text, color, ink.fonts)

    def centred(
        self, line: Line, middle: float, baseline: float, color: str = BLACK, scale: float = _FULL
    ) -> None:
        """Paint a line with `middle` as its centre."""
        self.line(line, middle - _right(line) * scale / _FULL / 2, baseline, color, scale)

    def ending(self, line: Line, right: float, baseline: float) -> None:
        """Paint a line that ends at `right`."""
        self.line(line, right - _right(line), baseline)

    def rule(self, left: float, right: float, top: float, thickness: float, color: str = BLACK) -> None:
        """Draw a horizontal bar whose upper edge is `top` below the page top."""
        self._bar(left, top, right - left, thickness, color)

    def upright(self, x: float, top: float, bottom: float, thickness: float) -> None:
        """Draw a vertical bar with `x` as its middle."""
        self._bar(x - thickness / 2, top, thickness, bottom - top, BLACK)

    def code(self, text: str, x: float, top: float, size: float) -> None:
        """Draw a two-dimensional code, `size` wide and high, with its upper left corner at `x` and `top`."""
        drawn = square(text)
        self.drawings[drawn.name] = drawn
        unit = f"{size / drawn.count:.5f}"  # exact: what it is short, every square is short
        place = f"{unit} 0 0 {unit} {number(x)} {number(self.height - top - size)}"
        self._operators.append(f"q {place} cm /{drawn.name} Do Q")

    def watermark(self) -> None:
        """Write 草稿 large, pale and slanting across the page; call it first, so that all text lies over it.

        Small and upright it stands in the top left corner too: slanting text is lost by many readers.
        """
        size = 190.0
        ink = _ink(single(DRAFT, HEI, size))
        slope = 0.7071  # cosine and sine of 45 degrees
        x = self.width / 2 - slope * (size - size * (EM_TOP - 0.5))
        y = self.height / 2 - slope * (size + size * (EM_TOP - 0.5))
        place = f"{slope} {slope} -{slope} {slope} {number(x)} {number(y)} Tm"
        self._text(f"{place} {ink.operators}", DRAFT, _PALE, ink.fonts)
        self.line(single(DRAFT, HEI), LEFT, 20 * MM, _GREY)

    def page_number(self, page: int) -> None:
        """— n — in half-width 宋体, 7 mm below the text area; odd pages at the right, even ones at the left."""
        line = single(f"— {page} —", SONG, SIZE_4)
        baseline = foot_baseline(SONG, SIZE_4)
        if page % 2:
            self.ending(line, LEFT + WIDTH - SIZE_4, baseline)
        else:
            self.line(line, LEFT + SIZE_4, baseline)

    def stamp(self, other: "Sheet", down: float = 0.0) -> None:
        """Paint all that another sheet of this size holds, moved `down` from where it stands there."""
        whole = other._whole()
        self._operators.append(f"q 1 0 0 1 0 {number(-down)} cm {whole} Q" if down else whole)
        self.texts += other.texts
        self.drawings |= other.drawings
        for resource, chars in other._fonts.items():
            self._fonts.setdefault(resource, set()).update(chars)

    def write(self, file: PdfFile) -> None:
        """Add this page to a file."""
        file.use(self._fonts)
        for drawn in self.drawings.values():
            file.draw(drawn)
        contents = file.stream(zlib.compress(self._whole().encode("ascii"), _PACKING))
        file.page(contents, f"[0 0 {number(self.width)} {number(self.height)}]")

    def _whole(self) -> str:
        return "\n".join(self._operators)

    def _bar(self, left: float, top: float, width: float, height: float, color: str) -> None:
        box = " ".join(map(number, (left, self.height - top - height, width, height)))
        self._operators.append(f"{box} re f" if color == BLACK else f"q {_paint(color)} {box} re f Q")

    def _text(self, operators: str, text: str, color: str, fonts: Iterable[tuple[str, str]]) -> None:
        if color == BLACK:
            self._operators.append(f"BT {operators} ET")
        else:  # saved and restored, so that neither colour nor width reaches the next line
            self._operators.append(f"q {_paint(color)} BT {operators} ET Q")
        self.texts.append(text)
        for resource, chars in fonts:
            known = self._fonts.get(resource)
            if known is None:
                self._fonts[resource] = set(chars)
            elif chars:
                known.update(chars)


def _paint(color: str) -> str:
    return f"{color} rg" if " " in color else f"{color} g"


@lru_cache(maxsize=8)
def foot_baseline(face: str, size: float) -> float:
    """The baseline of the page number's line: its dash begins 7 mm below the text area."""
    return TOP + HEIGHT + 7 * MM + bounds("—", face)[1] * size / 1000
