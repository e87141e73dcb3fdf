"""The two parts of a workbook that cells refer to: the table of texts, and which formats show a date.

Both are read here and not by the library: it builds every font and fill, refuses books whose styles
other programs wrote loosely, and needs ten times as long.
"""

import re
from collections.abc import Mapping
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.guard import MAIN, MAX_DEPTH, MAX_LIGHT_PART, MAX_STRINGS, SAVE_AS, TOO_BIG, parse
from zjtx_desktop.exchange.table import CellValue, text_cell

ITEM, TEXT, PHONETIC = (f"{MAIN} {name}" for name in ("si", "t", "rPh"))
# Date formats that Chinese spreadsheets know by number alone, and what each shows.
CHINESE_FORMATS = {27: "ym", 28: "md", 29: "md", 30: "ymd", 31: "ymd", 36: "ym", 50: "ym", 51: "md", 52: "ym", 53: "md",
                   54: "md", 57: "ym", 58: "md"}  # fmt: skip
ASIDE = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]|_.|\*.")  # texts and colours inside a format
FORMAT, CELL_FORMATS, CELL_FORMAT = (f"{MAIN} {name}" for name in ("numFmt", "cellXfs", "xf"))


class Texts:
    """Collects the shared strings; what is written above a word to say how it sounds is left out."""

    def __init__(self) -> None:
        self.values: list[CellValue] = []
        self._pieces: list[str] = []
        self._depth = self._muted = 0
        self._inside = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        self._depth += 1
        if self._depth > MAX_DEPTH or len(self.values) >= MAX_STRINGS:
            raise BadFile(TOO_BIG)
        self._muted += name == PHONETIC
        self._inside = name == TEXT and not self._muted

    def data(self, text: str) -> None:
        """Take the text met inside a `t`."""
        if self._inside:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        """Leave an element; at the end of an item its text is whole."""
        self._depth -= 1
        self._inside = False
        self._muted -= name == PHONETIC
        if name == ITEM:
            self.values.append(text_cell("".join(self._pieces)))
            self._pieces.clear()


def read_texts(archive: ZipFile, part: str) -> list[CellValue]:
    """All shared strings as cell values, in their order."""
    texts = Texts()
    parse(archive, part, texts.start, texts.end, texts.data)
    return texts.values


def date_formats(archive: ZipFile, part: str) -> tuple[dict[int, str], set[int]]:
    """The numbers of the cell formats that show a date, each with the parts it shows (`ym` for 2024年6月), and of those
    that show a length of time.
    """
    if archive.getinfo(part).file_size > MAX_LIGHT_PART:
        raise BadFile(f"单元格格式过多，请把名单复制到新建的工作簿，{SAVE_AS[1:]}。")
    codes: dict[int, str] = dict(BUILTIN_FORMATS)
    used: list[int] = []
    inside = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        if name == FORMAT:
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == CELL_FORMATS:
            inside = True
        elif name == CELL_FORMAT and inside:
            used.append(int(attributes.get("numFmtId", "0")))

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != CELL_FORMATS

    parse(archive, part, start, end)
    shows = {code: shown_parts(text) for code, text in codes.items()} | CHINESE_FORMATS
    dates = {number: shows[code] for number, code in enumerate(used) if shows.get(code)}
    spans = {number for number, code in enumerate(used) if is_timedelta_format(codes.get(code, ""))}
    return dates, spans


def shown_parts(code: str) -> str:
    """Which of year, month and day a cell format shows; nothing for one that shows no date."""
    if not is_date_format(code):
        return ""
    letters = ASIDE.sub("", code.partition(";")[0]).casefold()
    parts = "".join(part for part, signs in (("y", "ye"), ("m", "m"), ("d", "d")) if any(sign in letters for sign in signs))
    return parts if "y" in parts or "d" in parts else "ymd"  # a bare month, or a time: the library tells those apart
