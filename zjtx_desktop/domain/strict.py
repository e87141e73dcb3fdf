"""Strict reading of TOML: every key is known and of its kind, and an error names the file and the place."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from zjtx_desktop.errors import BadFile, BadValue

Value = TypeVar("Value")

_KINDS = {
    str: "文字",
    int: "整数",
    bool: "true 或 false",
    date: "日期",
    list: "列表",
    dict: "表",
    Decimal: "数字",
}
_LINE = re.compile(r"line (\d+), column (\d+)")
_REQUIRED = object()
_MOST_LETTERS, _MOST_ON_A_LINE, _MOST_DIGITS = 1_000_000, 8_000, 15
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Table:
    """One table of a file, read key by key; `done` refuses what was not asked for."""

    def __init__(self, data: Mapping[str, Any], where: str, place: str = "") -> None:
        self._data = data
        self._where = where
        self._place = place
        self._asked: set[str] = set()

    def text(self, key: str, default: Any = _REQUIRED) -> Any:
        """A text that is not blank."""
        value = self._take(key, str, default)
        if value is not default and not value.strip():
            raise self.wrong(key, "不能为空，请填写")
        return value

    def plain(self, key: str) -> str:
        """A text that may be empty."""
        value: str = self._take(key, str, _REQUIRED)
        return value

    def day(self, key: str, default: Any = _REQUIRED) -> Any:
        """A date without a time."""
        return self._take(key, date, default)

    def integer(self, key: str, default: Any = _REQUIRED) -> Any:
        """A whole number."""
        return self._take(key, int, default)

    def flag(self, key: str, default: Any = _REQUIRED) -> Any:
        """true or false."""
        return self._take(key, bool, default)

    def number(self, key: str) -> Decimal:
        """A whole or decimal number, exact."""
        self._asked.add(key)
        value = self._data.get(key)
        if not (type(value) is int or isinstance(value, Decimal) and value.is_finite()):
            raise self.wrong(key, "应为数字，请改正")
        exact = Decimal(value)
        if exact.adjusted() >= _MOST_DIGITS or exact.as_tuple().exponent < -_MOST_DIGITS:
            raise self.wrong(key, f"不能超过 {_MOST_DIGITS} 位，请改正")
        return exact

    def word(self, key: str, allowed: Collection[str], default: Any = _REQUIRED) -> Any:
        """One of the allowed words."""
        value = self.text(key, default)
        if value is not default:
            self._check_words(key, (value,), allowed)
        return value

    def words(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """A list of different allowed words, not empty."""
        values = self.texts(key)
        self._check_words(key, values, allowed)
        if not values or len(set(values)) < len(values):
            raise self.wrong(key, "不能为空，也不能重复，请改正")
        return values

    def texts(self, key: str, default: Any = _REQUIRED) -> tuple[str, ...]:
        """A list of texts."""
        values = self._take(key, list, default)
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(key, "只能列出文字，请改正")
        return tuple(values)

    def parsed(self, key: str, parse: Callable[[str], Value], default: Any = _REQUIRED) -> Any:
        """A text that `parse` turns into a value; what it refuses is told with the place."""
        text = self.text(key, default)
        return text if text is default else self.checked(key, parse, text)

    def checked(self, key: str, parse: Callable[[str], Value], text: str) -> Value:
        """What `parse` makes of a text found at a key."""
        try:
            return parse(text)
        except BadValue as error:
            raise self.wrong(key, str(error).rstrip("。")) from None

    def table(self, key: str, default: Any = _REQUIRED) -> Any:
        """The table under a key, None where that is the default and there is none."""
        value = self._take(key, dict, default)
        return value if value is None else Table(value, self._where, self._at(key))

    def is_table(self, key: str) -> bool:
        """Whether there is one table under a key, not a list of them."""
        return isinstance(self._data.get(key), dict)

    def tables(self, key: str, default: Any = _REQUIRED) -> "list[Table]":
        """The list of tables under a key."""
        values = self._take(key, list, default)
        if not all(isinstance(value, dict) for value in values):
            raise self.wrong(key, "应为若干个表，请改正")
        return [Table(value, self._where, f"{self._at(key)}[{n}]") for n, value in enumerate(values, start=1)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def done(self) -> None:
        """Refuse the first key that nobody asked for."""
        for key in self._data:
            if key not in self._asked:
                raise self.wrong(key, "是不认识的项，请改正或删去")

    def wrong(self, key: str, what: str) -> BadFile:
        """The error to raise about a key of this table."""
        return BadFile(f"{self._where} 的 {self._at(key)}：{what}。")

    def _take(self, key: str, kind: type, default: Any) -> Any:
        self._asked.add(key)
        if key not in self._data:
            if default is _REQUIRED:
                raise self.wrong(key, "缺少这一项，请补充")
            return default
        value = self._data[key]
        if type(value) is not kind:
            raise self.wrong(key, f"应为{_KINDS[kind]}，请改正")
        return value

    def _check_words(self, key: str, values: Collection[str], allowed: Collection[str]) -> None:
        for value in values:
            if value not in allowed:
                raise self.wrong(key, f"“{value}”不认识，只能是 {'、'.join(allowed)}，请改正")

    def _at(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key


def read_toml(text: str, where: str) -> Table:
    """Parse TOML with exact decimals; a duplicate key or bad syntax is BadFile with its line.

    So is what no person wrote: too much, lines without end, nesting without end, letters that cannot be seen.
    """
    if len(text) > _MOST_LETTERS:
        raise BadFile(f"{where} 超过 {_MOST_LETTERS:,} 个字，不像是这种文件。请核对后重新选择。")
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > _MOST_ON_A_LINE or _UNSEEN.search(line):
            raise BadFile(f"{where} 第 {number} 行太长，或有看不见的控制符，请改正后重试。")
    try:
        return Table(tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal), where)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        place = f"第 {found[1]} 行第 {found[2]} 列附近" if found else "文件末尾附近"
        raise BadFile(f"{where} {place}写法有误或有重复的项，请改正后重试。") from None
    except (RecursionError, ValueError):  # of nesting, and of numbers with thousands of digits
        raise BadFile(f"{where} 嵌套太深，或有太长的数字，请改正后重试。") from None
