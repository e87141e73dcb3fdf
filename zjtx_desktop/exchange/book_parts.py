"""The parts of a workbook that cells refer to: the table of texts, the styles, and the comments of a sheet.

They are read here and not by the library: it builds every font and fill, refuses books whose styles
other programs wrote loosely, and needs ten times as long.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.formats import CHINESE_FORMATS, shown_parts
from zjtx_desktop.exchange.guard import MAIN, MAX_DEPTH, MAX_LIGHT_PART, MAX_STRINGS, SAVE_AS, TOO_BIG, parse
from zjtx_desktop.exchange.table import CellValue, text_cell

ITEM, TEXT, PHONETIC, RUN, STRIKE = (f"{MAIN} {name}" for name in ("si", "t", "rPh", "r", "strike"))
COMMENT = f"{MAIN} comment"
GREY, COLOURED = "灰色", "有底色"
NEUTRAL = ("0", "1", "2")  # themes: white, black, the usual light grey
MAX_COMMENTS = 5_000
LONGEST_COMMENT = 500  # characters that are kept


class Texts:
    """Collects the texts of each `item`; what is written above a word to say how it sounds is left out."""

    def __init__(self, item: str, done: Callable[[str, str], None]) -> None:
        self._item, self._done = item, done
        self._pieces: list[str] = []
        self._struck: list[str] = []
        self._depth = self._muted = 0
        self._inside = self._strikes = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise BadFile(TOO_BIG)
        self._muted += name == PHONETIC
        self._inside = name == TEXT and not self._muted
        if name == STRIKE:
            self._strikes = attributes.get("val") not in ("0", "false")
        elif name == RUN:
            self._strikes = False

    def data(self, text: str) -> None:
        """Take the text met inside a `t`."""
        if self._inside:
            self._pieces.append(text)
            if self._strikes:
                self._struck.append(text)

    def end(self, name: str) -> None:
        """Leave an element; at the end of an item its text, and what of it is struck through, is whole."""
        self._depth -= 1
        self._inside = False
        self._muted -= name == PHONETIC
        if name == self._item:
            self._done("".join(self._pieces), "".join(self._struck))
            self._pieces.clear()
            self._struck.clear()
            self._strikes = False


@dataclass(frozen=True, slots=True)
class SharedTexts:
    """All shared strings as cell values, in their order, and the struck words of those that have some."""

    values: list[CellValue] = field(default_factory=list)
    struck: dict[int, str] = field(default_factory=dict)


def read_texts(archive: ZipFile, part: str) -> SharedTexts:
    """The table of texts of a workbook."""
    found = SharedTexts()

    def done(text: str, struck: str) -> None:
        if len(found.values) >= MAX_STRINGS:
            raise BadFile(TOO_BIG)
        if struck.strip():
            found.struck[len(found.values)] = "" if struck == text else struck.strip()
        found.values.append(text_cell(text))

    texts = Texts(ITEM, done)
    parse(archive, part, texts.start, texts.end, texts.data)
    return found


def read_comments(archive: ZipFile, part: str) -> dict[str, str]:
    """The comment on each cell of a sheet, by the cell's reference."""
    found: dict[str, str] = {}
    where = ""

    def done(text: str, _struck: str) -> None:
        if len(found) >= MAX_COMMENTS:
            raise BadFile(TOO_BIG)
        if said := " ".join(text.split()):
            found[where] = said[:LONGEST_COMMENT]

    texts = Texts(COMMENT, done)

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal where
        if name == COMMENT:
            where = attributes.get("ref", "").replace("$", "")
        texts.start(name, attributes)

    parse(archive, part, start, texts.end, texts.data)
    return found


@dataclass(frozen=True, slots=True)
class Styles:
    """What cell formats mean, by their numbers: dates, lengths of time, and what is seen but is no value."""

    dates: set[int] = field(default_factory=set)
    spans: set[int] = field(default_factory=set)
    partial: dict[int, str] = field(default_factory=dict)  # dates that are not shown whole → ym, md, …
    struck: set[int] = field(default_factory=set)
    filled: dict[int, str] = field(default_factory=dict)


class _StyleSheet:
    """Collects fonts, fills and cell formats of the styles part."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = BUILTIN_FORMATS | CHINESE_FORMATS
        self.struck: set[int] = set()
        self.fills: dict[int, str] = {}
        self.used: list[tuple[int, int, int]] = []  # number format, font and fill of each cell format
        self._section, self._fonts, self._fills, self._solid = "", -1, -1, False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        short = name.removeprefix(f"{MAIN} ")
        if short in ("fonts", "fills", "cellXfs", "dxfs", "cellStyleXfs"):
            self._section = short
        elif short == "numFmt":
            self.codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif self._section == "fonts":
            self._fonts += short == "font"
            if short == "strike" and attributes.get("val") not in ("0", "false"):
                self.struck.add(self._fonts)
        elif self._section == "fills":
            self._fill(short, attributes)
        elif self._section == "cellXfs" and short == "xf":
            self.used.append((_index(attributes, "numFmtId"), _index(attributes, "fontId"), _index(attributes, "fillId")))

    def _fill(self, short: str, attributes: Mapping[str, str]) -> None:
        self._fills += short == "fill"
        if short == "patternFill":
            self._solid = attributes.get("patternType") not in (None, "none", "gray125")
        elif short == "fgColor" and self._solid and (colour := fill_colour(attributes)):
            self.fills[self._fills] = colour

    def end(self, name: str) -> None:
        """Leave an element."""
        if name == f"{MAIN} {self._section}":
            self._section = ""

    def styles(self) -> Styles:
        """What the cell formats come to."""
        found, kinds = Styles(), {code: (is_date_format(text), is_timedelta_format(text)) for code, text in self.codes.items()}
        for number, (code, font, fill) in enumerate(self.used):
            is_date, is_span = kinds.get(code, (False, False))
            if is_date:
                found.dates.add(number)
                if not is_span and (parts := shown_parts(self.codes[code])) != "ymd":
                    found.partial[number] = parts
            if is_span:
                found.spans.add(number)
            if font in self.struck:
                found.struck.add(number)
            if fill in self.fills:
                found.filled[number] = self.fills[fill]
        return found


def fill_colour(attributes: Mapping[str, str]) -> str:
    """What a cell filled with this colour looks like; nothing for white and for the colour of the window."""
    theme, tint = attributes.get("theme"), float(attributes.get("tint", "0"))
    if theme is not None:
        white = theme == "0" and tint > -0.01
        return "" if white else GREY if theme in NEUTRAL else COLOURED
    if "indexed" in attributes:
        number = int(attributes["indexed"])
        return "" if number in (1, 9, 64, 65) else GREY if number in (22, 23, 55, 63) else COLOURED
    return rgb_colour(attributes.get("rgb", "FFFFFFFF")[-6:])


def rgb_colour(rgb: str) -> str:
    """The same for six hexadecimal digits."""
    red, green, blue = (int(rgb[at : at + 2], 16) for at in (0, 2, 4))
    if min(red, green, blue) >= 0xFC:
        return ""
    return GREY if max(red, green, blue) - min(red, green, blue) <= 12 else COLOURED


def _index(attributes: Mapping[str, str], name: str) -> int:
    return int(attributes.get(name, "0"))


def read_styles(archive: ZipFile, part: str) -> Styles:
    """What the cell formats of a workbook mean."""
    if archive.getinfo(part).file_size > MAX_LIGHT_PART:
        raise BadFile(f"单元格格式过多，请把名单复制到新建的工作簿，{SAVE_AS[1:]}。")
    sheet = _StyleSheet()
    parse(archive, part, sheet.start, sheet.end)
    return sheet.styles()
