"""The letters of a page put together: to lines by where they stand, and to paragraphs where a line was full."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

PADDING = 12  # points that a cell may leave free on both sides together
NEAR = 1.0  # points within which the same letter again makes it look bold
SLANT = 0.1  # how far a line of letters may rise
GAP = 0.8  # of a letter's size, from which on a gap parts two texts
UNREADABLE = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd]")
CODE = re.compile(r"[0-9A-Z]{15,18}")
RADICALS = {n: unicodedata.normalize("NFKC", chr(n)) for n in (*range(0x2E80, 0x2FE0),)}  # some fonts' letters


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter and its place, in points from the left and the top."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def size(self) -> float:
        """Its height."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Where it stands, from the top."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """Letters that stand side by side, and the text that they are."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def size(self) -> float:
        """Its height."""
        return self.bottom - self.top


def letters_of(chars: Iterable[dict[str, Any]], width: float, height: float) -> list[Letter]:
    """The letters that stand upright on the paper, no mark across it; what is printed twice to look bold is one."""
    found: list[Letter] = []
    seen: dict[str, list[Letter]] = {}
    for char in chars:
        text = str(char["text"]).translate(RADICALS).replace("\xa0", " ")
        letter = Letter(text, char["x0"], char["x1"], char["top"], char["bottom"])
        inside = 0 <= (letter.x0 + letter.x1) / 2 <= width and 0 <= letter.middle <= height
        across, up = char["matrix"][:2]
        if abs(up) > SLANT * abs(across) or not inside or not text:
            continue
        twins = seen.setdefault(text, [])
        if text.strip() and any(_is_twin(letter, twin) for twin in twins[-3:]):
            continue
        twins.append(letter)
        found.append(letter)
    return found


def _is_twin(one: Letter, other: Letter) -> bool:
    return abs(one.x0 - other.x0) < NEAR and abs(one.top - other.top) < NEAR


def lines_of(letters: Sequence[Letter]) -> list[Line]:
    """The lines from top to bottom; on one line, texts that a wide gap parts are lines of their own."""
    rows: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda one: (one.middle, one.x0)):
        if rows and abs(rows[-1][0].middle - letter.middle) <= 0.5 * max(letter.size, rows[-1][0].size):
            rows[-1].append(letter)
        else:
            rows.append([letter])
    return [line for row in rows for line in _parted(sorted(row, key=lambda one: one.x0))]


def _parted(row: Sequence[Letter]) -> list[Line]:
    parts: list[list[Letter]] = []
    last: Letter | None = None
    for letter in row:
        if not letter.text.strip():
            if parts and last:
                parts[-1].append(letter)
            continue
        if last is None or letter.x0 - last.x1 > GAP * max(letter.size, last.size):
            parts.append([])
        parts[-1].append(letter)
        last = letter
    return [line for part in parts if (line := _line(part)).text]


def _line(letters: Sequence[Letter]) -> Line:
    text = "".join(letter.text for letter in letters).strip()
    solid = [letter for letter in letters if letter.text.strip()] or list(letters)
    return Line(
        re.sub(" {2,}", " ", text),
        min(letter.x0 for letter in solid),
        max(letter.x1 for letter in solid),
        min(letter.top for letter in solid),
        max(letter.bottom for letter in solid),
    )


def same_row(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand at one height, together."""
    rows: list[list[Line]] = []
    for line in lines:
        if rows and abs((rows[-1][0].top + rows[-1][0].bottom) / 2 - (line.top + line.bottom) / 2) <= 0.5 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def joined(lines: Sequence[Line], width: float) -> str:
    """The text of a cell, or of a paragraph, of this width: where a line was full the next goes on, else it is new."""
    text = ""
    last: Line | None = None
    for line in lines:
        if last is not None:
            text += _between(last, line, width)
        text += line.text
        last = line
    return text


def _between(last: Line, line: Line, width: float) -> str:
    if abs(last.top - line.top) < 0.5 * line.size:
        return " "  # side by side with a gap
    if not is_full(last, line, width - PADDING) or CODE.fullmatch(line.text):
        return "\n"
    both = last.text[-1:] + line.text[:1]
    return " " if both.isascii() and both.isalpha() and both.islower() else ""


def is_full(last: Line, line: Line, width: float) -> bool:
    """Whether what begins the line had no room left in the last one."""
    ahead = re.match(r"[0-9A-Za-z]+|.", line.text)
    word = ahead[0] if ahead else ""
    needed = line.size * (0.5 * len(word) if word.isascii() else 1)
    return last.x1 - last.x0 + needed > width
