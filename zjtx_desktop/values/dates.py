"""Dates and years as clerks and spreadsheets write them; a doubtful one is asked about, never guessed."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from zjtx_desktop.errors import BadValue

_EPOCH = date(1899, 12, 30)  # day zero of the 1900 system, its invented 29 February allowed for
_EARLIEST, _LATEST = date(1980, 1, 1), date(2100, 12, 31)
_YEARS = range(2000, 2101)
_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_FULL = re.compile(
    rf"(\d{{4}})(?:([-./])(\d{{1,2}})\2(\d{{1,2}})|年(\d{{1,2}})月(\d{{1,2}})日?){_TIME}", re.ASCII
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{2})([-./年])(\d{1,2})([-./月])(\d{1,2})日?", re.ASCII)
_YEAR = re.compile(r"(\d{4})(?:年度?|年份)?", re.ASCII)


def parse_date(value: str | int | Decimal | date) -> date:
    """Read a date from text, a spreadsheet serial number, or a date; BadValue asks when in doubt."""
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
    elif isinstance(value, str):
        day = _from_text(value)
    else:
        day = _from_number(value)
    if not _EARLIEST <= day <= _LATEST:
        raise BadValue(f"日期 {format_date(day)} 不在 {_EARLIEST.year}—{_LATEST.year} 年之间，请核对。")
    return day


def format_date(day: date) -> str:
    """The form of official documents: 2024年6月3日."""
    return f"{day.year}年{day.month}月{day.day}日"


@lru_cache(typed=True)
def parse_year(value: str | int | Decimal) -> int:
    """Read a year from `2024`, `2024年` or `2024年度`; BadValue outside 2000–2100."""
    found = _YEAR.fullmatch("".join(unicodedata.normalize("NFKC", str(value)).split()))
    if not found or int(found[1]) not in _YEARS:
        raise BadValue(f"“{value}”不是有效年度，请填写四位年份，如 2024。")
    return int(found[1])


@lru_cache  # a list names few days, many times
def _from_text(text: str) -> date:
    plain = re.sub(r"\s*([-./年月日])\s*", r"\1", unicodedata.normalize("NFKC", text).strip())
    if found := _FULL.fullmatch(plain):
        year, _, month, day, month_cn, day_cn = found.groups()
        return _day(text, year, month or month_cn, day or day_cn)
    if found := _COMPACT.fullmatch(plain):
        return _day(text, *found.groups())
    if found := _SHORT_YEAR.fullmatch(plain):
        asked = f"20{found[1]}年{int(found[3])}月{int(found[5])}日"
        raise BadValue(f"“{text.strip()}”的年份只有两位，是 {asked} 吗？请写成四位年份。")
    if plain.isdecimal() and len(plain) == 5:
        raise BadValue(f"“{text.strip()}”像是表格软件的日期序号，请把单元格改为日期格式后重新填写。")
    raise BadValue(f"“{text.strip()}”不是完整的日期，请按 2024-06-03 或 2024年6月3日 的样式填写。")


def _from_number(number: int | Decimal) -> date:
    """A serial of the 1900 system (its time of day is dropped), or 20240603 typed as a number."""
    whole = int(number) if Decimal(number).is_finite() else 0
    if (_EARLIEST - _EPOCH).days <= whole <= (_LATEST - _EPOCH).days:
        return _EPOCH + timedelta(days=whole)
    if number == whole and _COMPACT.fullmatch(str(whole)):
        return _from_text(str(whole))
    raise BadValue(f"数字 {number} 不是有效日期，请按 2024-06-03 的样式填写。")


def _day(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadValue(f"“{text.strip()}”这一天不存在，请核对日期。") from None
