"""Number formats of workbooks: which a number means without saying so, and which parts of a date they show."""

import re

# What Excel in Chinese means by these numbers; a workbook refers to them without writing them down.
CHINESE_FORMATS = (
    {number: 'yyyy"年"m"月"' for number in (27, 36, 50, 52, 57)}
    | {number: 'm"月"d"日"' for number in (28, 29, 51, 53, 54, 58)}
    | {30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"'}
    | {32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: 'h"时"mm"分"', 35: 'h"时"mm"分"ss"秒"', 55: 'h"时"mm"分"', 56: 'h"时"mm"分"ss"秒"'}
)  # fmt: skip
_SAID = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]|am/pm|a/p|上午/下午', re.IGNORECASE)
_LETTERS = re.compile(r"y+|e+|m+|d+|h+|s+", re.IGNORECASE)


def shown_parts(code: str) -> str:
    """Which of year, month and day a format of dates shows: `ymd`, `ym`, `md`, …, nothing for a time of day."""
    letters = [found[0][0].lower() for found in _LETTERS.findall(_SAID.sub("", code.split(";")[0]))]
    shown = {letter for at, letter in enumerate(letters) if letter != "m" or not _is_minute(letters, at)}
    return "".join(part for part in "ymd" if part in shown or (part == "y" and "e" in shown))


def _is_minute(letters: list[str], at: int) -> bool:
    """An m after hours, or before seconds, counts minutes."""
    return letters[at - 1 : at] == ["h"] or letters[at + 1 : at + 2] == ["s"]
