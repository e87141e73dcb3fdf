"""Columns of a list: what each shows of a row, and how."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any


class Kind(Enum):
    """How a value is written: CODE stays text wherever it is pasted; MONEY and NUMBER stand on the right."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    STATE = "state"


RIGHT = frozenset((Kind.NUMBER, Kind.MONEY))


@dataclass(frozen=True, slots=True)
class State:
    """A state in a word, with its tone: good, warn, error, info or soft."""

    text: str
    tone: str = "soft"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` names it in sorts, filters and what is remembered; `letters` is its first width in
    汉字.

    `value(row)` gives a str, int, Money, date, State or None. A hidden one can be shown by the person. With more than
    one of `lines` a text is broken into as many at most, and its row is as high as that needs.
    """

    key: str
    title: str
    value: Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    letters: int = 8
    sortable: bool = True
    hidden: bool = False
    tip: Callable[[Any], str] | None = None
    lines: int = 1

    def text(self, row: Any) -> str:
        """What stands in the cell of `row`."""
        value = self.value(row)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, date):
            return value.isoformat()
        return f"{value:,}" if type(value) is int else str(value)


Sort = tuple[tuple[str, bool], ...]  # (column key, descending), the first counts most
