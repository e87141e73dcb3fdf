"""What a spreadsheet became: rows of plain values, every doubtful cell a problem and never a guess."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from zjtx_desktop.errors import BadFile, BadValue
from zjtx_desktop.values import parse_date

MAX_CHARACTERS = 32_767  # what one Excel cell holds
MAX_DIGITS = 15  # what Excel keeps of a number
ERROR_TEXTS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
UNREADABLE = "〔无法读取，请重新填写〕"  # stands in a file of bad rows for what cannot be written as it stood
FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that holds something, but nothing that can be trusted; the sentence says what to do.

    `seen` is what stood there, as far as it can be written down.
    """

    sentence: str
    seen: str = ""


CellValue = None | str | int | Decimal | date | bool | CellProblem


@dataclass(frozen=True, slots=True)
class Row:
    """One row with content: its number as Excel shows it, and its cells from column A on."""

    number: int
    cells: tuple[CellValue, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """One merged area, rows and columns counted from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{column_letter(self.left)}{self.top}:{column_letter(self.right)}{self.bottom}"


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet as read: rows without content are left out, notes say what the person should know.

    What was `pasted` has no sheet and no column letters: its cells are told by their places in the block.
    """

    path_name: str
    sheet: str
    sheets: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    merges: tuple[Merge, ...] = ()
    pasted: bool = False

    @property
    def called(self) -> str:
        """What to call it in a sentence."""
        return self.sheet if self.pasted else f"工作表“{self.sheet}”"

    def address(self, row: int, column: int) -> str:
        """Where a cell is, both counted from 1: `Sheet1!B3`, or its row and column in what was pasted."""
        return f"{self.sheet} 第{row}行 第{column}列" if self.pasted else address(self.sheet, row, column)

    def column(self, column: int) -> str:
        """What stands over a column counted from 1: `B`, or its number."""
        return str(column) if self.pasted else column_letter(column)


def column_letter(column: int) -> str:
    """The letters Excel shows above a column counted from 1: 1 → A, 28 → AB."""
    letters = ""
    while column > 0:
        column, left = divmod(column - 1, 26)
        letters = chr(ord("A") + left) + letters
    return letters


def column_number(letters: str) -> int:
    """The column counted from 1 that stands under these letters: A → 1, ab → 28."""
    number = 0
    if not (letters.isascii() and letters.isalpha()):
        raise ValueError(letters)
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def address(sheet: str, row: int, column: int) -> str:
    """Where a cell is, as Excel writes it, both counted from 1: `Sheet1!B3`."""
    shown = sheet if re.fullmatch(r"[^\W\d]\w*", sheet) else "'" + sheet.replace("'", "''") + "'"
    return f"{shown}!{column_letter(column)}{row}"


def text_cell(text: str) -> CellValue:
    """A text as a cell value: blank is None, error codes and control characters are problems."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    stripped = text.strip()
    if not stripped:
        return None
    if stripped[0] == "#" and stripped.upper() in ERROR_TEXTS:
        return CellProblem(f"单元格是错误值 {stripped}，请改为正确的内容。", stripped)
    if stripped == UNREADABLE:
        return CellProblem("单元格里的内容无法读取，请重新填写。")
    if len(text) > MAX_CHARACTERS:
        raise BadFile(f"有一个单元格超过 {MAX_CHARACTERS:,} 个字符，请检查文件内容后再导入。")
    if FORBIDDEN.search(text):
        return CellProblem("单元格里有看不见的控制字符，请删去内容后重新填写。", text)
    return text


def number_cell(number: int | float) -> CellValue:
    """A stored number as whole number or decimal; one with more digits than Excel keeps is a problem."""
    if number != number or abs(number) == float("inf"):
        return CellProblem("单元格里的数字无效，请重新填写。")
    if abs(number) >= 10**MAX_DIGITS:
        return CellProblem(
            f"数字超过 {MAX_DIGITS} 位，末尾几位已被 Excel 丢掉，请把单元格格式改为文本后按原件重新填写。",
            f"{Decimal(number):.0f}",
        )
    if isinstance(number, int):
        return number
    return int(number) if number.is_integer() else Decimal(format(number, f".{MAX_DIGITS}g"))


def date_cell(moment: datetime | date | time | timedelta, shows: str = "ymd") -> CellValue:
    """A date cell as what it `shows`: its day, or as text a month, a day without its year, or a year.

    A bare time of day, an hour that belongs to the day before by another clock, or a year no document can have,
    is a problem.
    """
    if isinstance(moment, time | timedelta):
        return CellProblem("单元格里只有时间，没有日期，请按 2024-06-03 的样式填写。", str(moment))
    try:
        day = parse_date(moment)
    except BadValue as doubt:
        return CellProblem(str(doubt), str(moment).removesuffix(" 00:00:00"))
    if shows == "ymd":
        return day
    parts = {"y": f"{day.year}年", "m": f"{day.month}月", "d": f"{day.day}日"}
    return "".join(parts[part] for part in "ymd" if part in shows)


def trimmed(cells: Iterable[CellValue]) -> tuple[CellValue, ...]:
    """The cells of a row without the empty ones at its end; nothing is left of an empty row."""
    kept = list(cells)
    while kept and kept[-1] is None:
        kept.pop()
    return tuple(kept)


def pack(row: Row) -> list[Any]:
    """A row as plain JSON values, for the way from the reading process to the program."""
    return [row.number, [_pack(cell) for cell in row.cells]]


def unpack(packed: list[Any]) -> Row:
    """The row that `pack` made into JSON values."""
    number, cells = packed
    return Row(int(number), tuple(_unpacked(cells)))


def _pack(cell: CellValue) -> Any:
    if cell is None or isinstance(cell, str | bool | int):
        return cell
    if isinstance(cell, CellProblem):
        return {"problem": cell.sentence, "seen": cell.seen}
    if isinstance(cell, Decimal):
        return {"decimal": str(cell)}
    return {"date": cell.isoformat()}


def _unpacked(cells: list[Any]) -> Iterator[CellValue]:
    for cell in cells:
        if not isinstance(cell, dict):
            yield cell
        elif "date" in cell:
            yield date.fromisoformat(cell["date"])
        elif "decimal" in cell:
            yield Decimal(cell["decimal"])
        else:
            yield CellProblem(str(cell["problem"]), str(cell["seen"]))
