"""Money: an exact amount in whole fen, read from what clerks type and shown in 元 or 万元."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from zjtx_desktop.errors import BadValue

_AMOUNT = re.compile(r"(-?)¥?(-?)(\d+|\d{1,3}(?:,\d{3})+)(\.\d+)?(万元|万|元)?", re.ASCII)
_FEN_PER_YUAN = 100
_FEN_PER_WAN = 1_000_000
_MOST_DIGITS = 15  # as many as a spreadsheet keeps; also far inside what SQLite stores as an integer


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount kept as whole fen, so that sums never drift; may be negative in ledgers."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError(f"fen must be an int, got {type(self.fen).__name__}")

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read `1,234.50`, `¥1234.5`, `1234.5元` or `5万`; anything doubtful is BadValue, never zero."""
        shown = text.strip()
        found = _AMOUNT.fullmatch(unicodedata.normalize("NFKC", shown))
        if not found or (found[1] and found[2]):
            raise BadValue(f"“{shown}”不是有效金额，请按 1,234.50 或 5万元 的样式填写。")
        number = Decimal(found[3].replace(",", "") + (found[4] or ""))
        fen = number.scaleb(6 if "万" in (found[5] or "") else 2)
        if len(number.as_tuple().digits) > _MOST_DIGITS or fen >= 10**_MOST_DIGITS:
            raise BadValue(f"金额“{shown}”超过 {_MOST_DIGITS} 位数字，请核对后重新填写。")
        if fen % 1:
            raise BadValue(f"金额“{shown}”不足一分，请写到分为止。")
        return cls(-int(fen) if found[1] or found[2] else int(fen))

    @classmethod
    def total(cls, amounts: Iterable["Money"]) -> "Money":
        """The exact sum; nothing sums to zero."""
        return cls(sum(amount.fen for amount in amounts))

    @property
    def yuan(self) -> str:
        """Plain 元 with two decimals and no grouping: `1234.50`."""
        return _fixed(self.fen, _FEN_PER_YUAN)

    @property
    def wan(self) -> str:
        """The shortest text in 万元 that loses no fen: `10`, `10.5`, `0.000001`."""
        return _fixed(self.fen, _FEN_PER_WAN).rstrip("0").rstrip(".")

    def __str__(self) -> str:
        return _fixed(self.fen, _FEN_PER_YUAN, ",")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen) if isinstance(other, Money) else NotImplemented

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - other.fen) if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> "Money":
        return Money(-self.fen)

    def __bool__(self) -> bool:
        return self.fen != 0


def _fixed(fen: int, unit: int, grouping: str = "") -> str:
    """`fen` in units of a power of ten, all its decimals written out."""
    whole, rest = divmod(abs(fen), unit)
    return f"{'-' if fen < 0 else ''}{whole:{grouping}}.{rest:0{len(str(unit)) - 1}}"


ZERO = Money(0)
