"""Blocks set one under the other on as many pages as they need, with “第 n 页 共 N 页” at each foot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from zjtx_desktop.documents.fonts import FANG, SONG
from zjtx_desktop.documents.grid import EM_TOP, MM, Column, Line, break_lines
from zjtx_desktop.documents.page import Sheet, single
from zjtx_desktop.documents.pdf import PdfFile
from zjtx_desktop.documents.wording import FOOT_CODE
from zjtx_desktop.values import HeadCode

_FOOT_SIZE = 10.5
_FOOT_BELOW = 9 * MM
_CODE_BELOW, _CODE_SIZE, _BESIDE_CODE = 3 * MM, 10 * MM, 2 * MM
_CODE_TEXT, _CODE_LEADING = 7.0, 9.0


@dataclass(frozen=True, slots=True)
class Block:
    """Something of a known height, painted at a distance from the top of a page."""

    height: float
    paint: Callable[[Sheet, float], None]


@dataclass(frozen=True, slots=True)
class Paper:
    """A page and the area text may use, in points."""

    width: float
    height: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def measure(self) -> float:
        """The width of the text."""
        return self.right - self.left


def portrait(side: float, top: float, bottom: float) -> Paper:
    """A4 upright with margins in points."""
    return Paper(210 * MM, 297 * MM, side, top, 210 * MM - side, 297 * MM - bottom)


def landscape(side: float, top: float, bottom: float) -> Paper:
    """A4 lying with margins in points."""
    return Paper(297 * MM, 210 * MM, side, top, 297 * MM - side, 210 * MM - bottom)


class Flow:
    """Fills pages. `heading` gives the blocks every further page begins with."""

    def __init__(self, paper: Paper, heading: Sequence[Block] = ()) -> None:
        self.paper = paper
        self.heading = heading
        self._sheets = [Sheet(paper.width, paper.height)]
        self._marks: dict[int, list[str]] = {}
        self._at = paper.top

    @property
    def left(self) -> float:
        """What is free on this page, in points."""
        return self.paper.bottom - self._at

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return len(self._sheets)

    def add(self, *blocks: Block) -> None:
        """Set blocks that stay on one page if a page can hold them; it turns before them when it must."""
        together = sum(block.height for block in blocks)
        if together > self.left and together <= self._whole():
            self.turn()
        for block in blocks:
            if block.height > self.left and self._at > self.paper.top:
                self.turn()
            self._paint(block)

    def turn(self) -> None:
        """Begin a new page."""
        self._sheets.append(Sheet(self.paper.width, self.paper.height))
        self._at = self.paper.top
        for block in self.heading:
            self._paint(block)

    def bookmark(self, text: str) -> None:
        """Let the reader jump to the page now being filled."""
        self._marks.setdefault(len(self._sheets), []).append(text)

    def write(self, out: BinaryIO, title: str, code: str = "") -> int:
        """Number the pages, put the code at each foot, and write the file; how many pages it has."""
        file = PdfFile(out, title)
        for page, sheet in enumerate(self._sheets, start=1):
            foot = single(f"第 {page} 页　共 {len(self._sheets)} 页", SONG, _FOOT_SIZE)
            sheet.centred(foot, self.paper.width / 2, self.paper.bottom + _FOOT_BELOW)
            if code:
                _put_code(sheet, self.paper, code)
            for mark in self._marks.get(page, ()):
                file.bookmark(mark)
            sheet.write(file)
        file.close()
        return len(self._sheets)

    def _whole(self) -> float:
        return self.paper.bottom - self.paper.top - sum(block.height for block in self.heading)

    def _paint(self, block: Block) -> None:
        block.paint(self._sheets[-1], self._at)
        self._at += block.height


def _put_code(sheet: Sheet, paper: Paper, code: str) -> None:
    """The code at the left of the foot, for a scanner and for a person."""
    top = paper.bottom + _CODE_BELOW
    sheet.code(HeadCode.parse(code).scanned, paper.left, top, _CODE_SIZE)
    baseline = top + _CODE_SIZE / 2 + EM_TOP * _CODE_TEXT / 2 - _CODE_LEADING
    half = code.index("-", len(code) // 2 - 2) + 1  # in two lines it stays clear of the page number
    for text in (FOOT_CODE.format(code=""), code[:half], code[half:]):
        sheet.line(single(text, SONG, _CODE_TEXT), paper.left + _CODE_SIZE + _BESIDE_CODE, baseline)
        baseline += _CODE_LEADING


def space(height: float) -> Block:
    """A blank of this height."""
    return Block(height, lambda sheet, top: None)


def paragraph(text: str, left: float, column: Column, leading: float) -> list[Block]:
    """A text broken to a column, one block a line."""
    return [_line_block(line, left, leading) for line in break_lines(text, column)]


def centred(text: str, middle: float, face: str, size: float, width: float, leading: float) -> list[Block]:
    """A heading in the middle, on as many lines as `width` asks for."""
    column = Column(face, size, size, width, 0.0, justify=False)
    return [_line_block(line, middle - line.right / 2, leading) for line in break_lines(text, column)]


def spread(
    texts: Sequence[str], left: float, width: float, size: float, leading: float, face: str = FANG
) -> Block:
    """Short texts on one line: the first at the left, the last at the right, the others evenly between."""
    lines = [single(text, face, size) for text in texts]
    gap = (width - sum(line.right for line in lines)) / max(len(lines) - 1, 1)

    def paint(sheet: Sheet, top: float) -> None:
        x = left
        for line in lines:
            sheet.line(line, x, top + _baseline(line, leading))
            x += line.right + gap

    return Block(leading, paint)


def _line_block(line: Line, left: float, leading: float) -> Block:
    return Block(leading, lambda sheet, top: sheet.line(line, left, top + _baseline(line, leading)))


def _baseline(line: Line, leading: float) -> float:
    return (leading - line.size) / 2 + EM_TOP * line.size
