"""What every workbook that goes out has in common: text stays text, and numbers keep their fen."""

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from numbers import Real
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from zjtx_desktop.errors import Refused
from zjtx_desktop.values import Money

MOST_LETTERS = 32_767       # in one cell, counted in UTF-16 units
MOST_DIGITS = 15            # that a spreadsheet keeps of a number

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)
_ESCAPE_LIKE = re.compile(r"_x[0-9A-Fa-f]{4}_|x005F_")
_LINE, _TALLEST = 15, 400   # points of a line of text, and of a row
_REPLACEMENT = "\ufffd"


@contextmanager
def new_workbook(path: Path, made_on: date) -> Iterator[Workbook]:
    """A workbook that is written to `path` when the block ends well, and not at all when it does not.

    The stated day is the only date inside, so that equal content gives equal bytes. An OSError
    of the disk comes out as itself.
    """
    book = Workbook(str(path), {"in_memory": True})     # no copy of the data in a public temp folder
    book.set_properties({"created": datetime.combine(made_on, time())})
    yield book
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error


def is_clean(texts: Sequence[str]) -> bool:
    """Whether `check_text` would pass them all; looked at together, which is many times faster."""
    together = "\n".join(texts)
    return not (
        len(together) > MOST_LETTERS // 2 or _UNPRINTABLE.search(together) or _ESCAPE_LIKE.search(together)
    )


def check_text(text: str, where: str) -> None:
    """Refuse, naming the place, what a cell cannot hold or another program would read differently."""
    if _too_long(text):
        raise Refused(f"{where}的内容超过 {MOST_LETTERS:,} 个字，一个单元格放不下。请缩短后再导出。")
    if found := _UNPRINTABLE.search(text):
        raise Refused(
            f"{where}第 {found.start() + 1} 个字符是看不见的控制符（U+{ord(found[0]):04X}）。请删去后再导出。"
        )
    if found := _ESCAPE_LIKE.search(text):
        raise Refused(f"{where}含有表格软件会另作解释的字符“{found[0]}”。请修改后再导出。")


def visible_text(text: str) -> str:
    """`text` as any cell can hold it: what cannot be shown becomes “�”, what is too long says so."""
    shown = _UNPRINTABLE.sub(_REPLACEMENT, text)
    if not _too_long(shown):
        return shown
    return f"{shown[: MOST_LETTERS // 2 - 50]}……【原文共 {len(shown):,} 个字，以下从略】"


def _too_long(text: str) -> bool:
    return len(text) > MOST_LETTERS // 2 and len(text.encode("utf-16-le", "surrogatepass")) > 2 * MOST_LETTERS


def put_text(sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None) -> None:
    """Write `text` as text, whatever it looks like.

    XlsxWriter passes a string that looks like `<r>…</r>` through as raw XML; in three runs of a
    rich string it is escaped like any other. What is too long is Refused, never cut.
    """
    if _too_long(text):
        raise Refused(f"“{text[:20]}……”超过 {MOST_LETTERS:,} 个字，一个单元格放不下。请缩短后再导出。")
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, "<", "r", text[2:], style)
    elif text:
        sheet.write_string(row, column, text, style)
    else:
        sheet.write_blank(row, column, None, style)


def stored_text(text: str) -> str:
    """How openpyxl shows a checked text: it leaves the escape of a carriage return as it stands."""
    return text.replace("\r", "_x000D_")


def row_height(cells: Sequence[object], widths: tuple[int, ...]) -> int:
    """Points that the wrapped texts among the cells need in columns of these widths, at 11 points.

    Stated, because only Excel and WPS on a desk find it by themselves; previews, phones and
    LibreOffice would print wrapped text over the neighbouring rows. A row holds 409 points.
    """
    rooms = _rooms(widths)
    lines = (_lines(cell, room) for cell, room in zip(cells, rooms, strict=True) if isinstance(cell, str))
    return min(_LINE * max(lines, default=1) + 6, _TALLEST)


def cell_number(amount: Money) -> Decimal:
    """The amount in yuan as XlsxWriter writes it to the last fen; Refused beyond what a cell keeps."""
    if abs(amount.fen) >= 10**MOST_DIGITS:
        raise Refused(f"金额 {amount} 元超过 {MOST_DIGITS} 位数字，表格会丢失尾数。请核对金额后再导出。")
    return Decimal(amount.fen).scaleb(-2)


def read_fen(number: object) -> int | None:
    """The whole fen a numeric cell stands for; None when it is no number or has part of a fen."""
    if isinstance(number, bool) or not isinstance(number, Real):
        return None
    return _whole_fen(repr(number))


@lru_cache(maxsize=1024)
def _whole_fen(shortest: str) -> int | None:
    """A cell comes as a binary number; its shortest decimal is what was written (15 digits at most)."""
    fen = Decimal(shortest).scaleb(2)
    return int(fen) if fen.is_finite() and fen == fen.to_integral_value() else None


@lru_cache
def _rooms(widths: tuple[int, ...]) -> tuple[int, ...]:
    """How many digits surely fit beside each other; Chinese characters take two and are not cut."""
    return tuple(int(width * 0.95) // 2 * 2 for width in widths)


def _lines(text: str, room: int) -> int:
    if 2 * len(text) <= room and "\n" not in text:
        return 1
    return _wrapped(text, room)


@lru_cache(maxsize=4096)
def _wrapped(text: str, room: int) -> int:
    """The width of a text is its letters, with each one that is not ASCII counted once more."""
    return sum(
        max(1, math.ceil((2 * len(part) - len(part.encode("ascii", "ignore"))) / room))
        for part in text.split("\n")
    )
