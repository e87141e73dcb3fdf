"""What a file's table became: rows of plain values, every doubtful cell a problem and never a guess.

One `Table` is one sheet of a workbook, or one table of a document; `sheets` names all that the file has.
What stands over a table of a document has the row numbers 0, -1, -2 … upwards, so that row 1 is the table's first.

A cell's value is not all that a person sees. What the kind of file knows beside it stands in `Row.hints`,
each with the column it is about (counted from 1; 0 is the whole row) and a text:

- `STRUCK` (text: the struck words, empty when all are), `FILLED` (text: 灰色 or 有底色), `COMMENT` (text: the
  comment), `HIDDEN` (the row is hidden). All cells with content struck, or filled alike, are one hint of the row.
- `TIME` (text: 23:59:17): a date that has a time of day too, shown or not.

A date of which a cell shows a part only (the format yyyy"年"m"月") is no date but that part, as the text 2024年6月.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from enum import StrEnum
from typing import Any, TypeVar

from zjtx_desktop.errors import BadFile, BadValue
from zjtx_desktop.values import parse_date

MAX_CHARACTERS = 32_767  # what one Excel cell holds
MAX_DIGITS = 15  # what Excel keeps of a number
_SHOWN = Context(prec=MAX_DIGITS)  # a number as a sheet shows it: 9.1361123003002E+17 and not the digits of its binary value
MOST_KEPT = 5_000  # different texts, and numbers, that are kept once
T = TypeVar("T")
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


class HintKind(StrEnum):
    """What a cell or a row shows beside its value; see the module."""

    STRUCK = "struck"
    FILLED = "filled"
    COMMENT = "comment"
    HIDDEN = "hidden"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Hint:
    """One such thing: about a column counted from 1, or about the whole row when `column` is 0."""

    kind: HintKind
    column: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with content: its number as Excel shows it, its cells from column A on, and what they show besides."""

    number: int
    cells: tuple[CellValue, ...]
    hints: tuple[Hint, ...] = ()


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
    """One sheet as read: rows go downwards, those without content are left out, notes say what the person should know.

    What was `pasted` has no sheet and no column letters: its cells are told by their places in the block.
    A table of a document has a name but no `letters` over its columns. `hidden` are those of `sheets` that a person
    who opens the file does not see.
    """

    path_name: str
    sheet: str
    sheets: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    merges: tuple[Merge, ...] = ()
    pasted: bool = False
    letters: bool = True
    hidden: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """What to call it in a sentence."""
        return f"工作表“{self.sheet}”" if self._is_sheet else self.sheet

    def address(self, row: int, column: int) -> str:
        """Where a cell is, both counted from 1: `Sheet1!B3`, or its row and column in what was pasted."""
        return address(self.sheet, row, column) if self._is_sheet else f"{self.sheet} 第{row}行 第{column}列"

    def area(self, merge: Merge) -> str:
        """Where a merged area is, without its sheet: `F3:F4`, or its rows and columns where there are no letters."""
        if self._is_sheet:
            return str(merge)
        return f"第{_span(merge.top, merge.bottom)}行 第{_span(merge.left, merge.right)}列"

    def address_of(self, merge: Merge) -> str:
        """The same with its sheet or table: `Sheet1!F3:F4`."""
        if self._is_sheet:
            return f"{self.address(merge.top, merge.left)}:{column_letter(merge.right)}{merge.bottom}"
        return f"{self.sheet} {self.area(merge)}"

    def column(self, column: int) -> str:
        """What stands over a column counted from 1: `B`, or its number."""
        return column_letter(column) if self._is_sheet else str(column)

    def column_called(self, column: int) -> str:
        """What to call a column counted from 1 in a sentence: `B 列`, or `第2列`."""
        return f"{column_letter(column)} 列" if self._is_sheet else f"第{column}列"

    @property
    def _is_sheet(self) -> bool:
        return self.letters and not self.pasted


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


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
            str(_SHOWN.create_decimal(number).normalize()),
        )
    if isinstance(number, int):
        return number
    return int(number) if number.is_integer() else Decimal(format(number, f".{MAX_DIGITS}g"))


def date_cell(moment: datetime | date | time | timedelta, shows: str = "ymd") -> CellValue:
    """A date cell as what it `shows`: its day, or as text a month, a day without its year, or a year.

    A bare time of day, an hour that belongs to the day before by another clock, or a year no document can have,
    is a problem.
    """
    if isinstance(moment, time | timedelta) or not shows:
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


def gathered(kind: HintKind, marked: Mapping[int, str], filled: Collection[int]) -> Iterator[Hint]:
    """The hints of a row whose columns `marked` show something alike, said once when all `filled` ones do.

    A cell of which some words are struck is not one of a struck row.
    """
    is_partly = kind is HintKind.STRUCK and any(marked.values())
    if marked and not is_partly and len(set(marked.values())) == 1 and marked.keys() >= set(filled):
        yield Hint(kind, 0, next(iter(marked.values())))
    else:
        yield from (Hint(kind, column, text) for column, text in sorted(marked.items()))


def pack(row: Row) -> list[Any]:
    """A row as plain JSON values, for the way from the reading process to the program."""
    packed: list[Any] = [row.number, [_pack(cell) for cell in row.cells]]
    if row.hints:
        packed.append([[hint.kind.value, hint.column, hint.text] for hint in row.hints])
    return packed


class Unpacker:
    """Makes rows of what `pack` made of them. What is often said is kept once: lists repeat themselves."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._numbers: dict[int, int] = {}
        self._hints: dict[tuple[Hint, ...], tuple[Hint, ...]] = {}

    def row(self, packed: list[Any]) -> Row:
        """The row that `pack` made into JSON values."""
        number, cells, *hints = packed
        values = tuple(self._cell(cell) for cell in cells)
        return Row(int(number), values, self._shared(hints[0]) if hints else ())

    def _cell(self, cell: Any) -> CellValue:
        if type(cell) is str:
            return self._kept(self._texts, cell)
        if type(cell) is int:
            return self._kept(self._numbers, cell)
        return _unpacked(cell) if isinstance(cell, dict) else cell

    @staticmethod
    def _kept(known: dict[T, T], cell: T) -> T:
        return known.setdefault(cell, cell) if len(known) < MOST_KEPT else known.get(cell, cell)

    def _shared(self, hints: list[list[Any]]) -> tuple[Hint, ...]:
        made = tuple(Hint(HintKind(kind), column, text) for kind, column, text in hints)
        return self._hints.setdefault(made, made)


def unpack(packed: list[Any]) -> Row:
    """The row that `pack` made into JSON values."""
    return Unpacker().row(packed)


def _pack(cell: CellValue) -> Any:
    if cell is None or isinstance(cell, str | bool | int):
        return cell
    if isinstance(cell, CellProblem):
        return {"problem": cell.sentence, "seen": cell.seen}
    if isinstance(cell, Decimal):
        return {"decimal": str(cell)}
    return {"date": cell.isoformat()}


def _unpacked(cell: dict[str, str]) -> CellValue:
    if "date" in cell:
        return date.fromisoformat(cell["date"])
    if "decimal" in cell:
        return Decimal(cell["decimal"])
    return CellProblem(cell["problem"], cell["seen"])
