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
_TIME = r"(?:(?:[ T]|(?<=[日号]))(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?)?"
_FULL = re.compile(
    rf"(\d{{4}})(?:([-./])(\d{{1,2}})\2(\d{{1,2}})|年(\d{{1,2}})月(\d{{1,2}})[日号]?){_TIME}", re.ASCII
)
_MONTH = re.compile(r"(\d{4})(?:年(\d{1,2})月份?|[-./](\d{1,2}))", re.ASCII)
_DASHES = str.maketrans("—–―‒‐‑−－﹣～〜~", "------------")
_STRAY = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]|^['’‘`]|['’‘`.。,，;；、]+$")  # of spreadsheets and web pages
_CHINESE = re.compile(r"[〇零○Ｏ一二三四五六七八九十]+(?=[年月日号])")
_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"〇": 0, "○": 0, "Ｏ": 0}
_FIRST_OF_EVENING = 16  # 16:00 and later, or 15:59:xx: midnight of the next day here, written by a program in UTC
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{2})([-./年])(\d{1,2})([-./月])(\d{1,2})日?", re.ASCII)
_YEAR = re.compile(r"(\d{4})(?:年度?|年份)?", re.ASCII)


def parse_date(value: str | int | Decimal | date) -> date:
    """Read a date from text, a spreadsheet serial number, or a date; BadValue asks when in doubt."""
    if isinstance(value, date):
        day = _of_moment(value) if isinstance(value, datetime) else value
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


@lru_cache
def parse_month(text: str) -> tuple[int, int]:
    """Read a year and a month without a day, 2024年6月 or 2024.6; BadValue for anything else."""
    found = _MONTH.fullmatch(_plain(text))
    if not found or not 1 <= int(found[2] or found[3]) <= 12:
        raise BadValue(f"“{text.strip()}”不是年份和月份，请按 2024年6月 的样式填写。")
    return int(found[1]), int(found[2] or found[3])


@lru_cache(typed=True)
def parse_year(value: str | int | Decimal) -> int:
    """Read a year from `2024`, `2024年` or `2024年度`; BadValue outside 2000–2100."""
    found = _YEAR.fullmatch("".join(unicodedata.normalize("NFKC", str(value)).split()))
    if not found or int(found[1]) not in _YEARS:
        raise BadValue(f"“{value}”不是有效年度，请填写四位年份，如 2024。")
    return int(found[1])


@lru_cache  # a list names few days, many times
def _from_text(text: str) -> date:
    plain = _plain(text)
    if found := _FULL.fullmatch(plain):
        year, _, month, day, month_cn, day_cn, hour, minute = found.groups()
        written = _day(text, year, month or month_cn, day or day_cn)
        _refuse_evening(written, int(hour or 0), int(minute or 0))
        return written
    if found := _COMPACT.fullmatch(plain):
        return _day(text, *found.groups())
    if found := _SHORT_YEAR.fullmatch(plain):
        asked = f"20{found[1]}年{int(found[3])}月{int(found[5])}日"
        raise BadValue(f"“{text.strip()}”的年份只有两位，是 {asked} 吗？请写成四位年份。")
    if plain.isdecimal() and len(plain) == 5:  # a serial that a spreadsheet left as text
        return _from_number(int(plain))
    raise BadValue(f"“{text.strip()}”不是完整的日期，请按 2024-06-03 或 2024年6月3日 的样式填写。")


def _plain(text: str) -> str:
    """In one width, with Chinese numerals, dashes and tildes as usual, without blanks around signs and what programs leave."""
    seen = _STRAY.sub("", text.strip().translate(_DASHES)).strip()
    digits = _CHINESE.sub(lambda found: _arabic(found[0]), seen)
    return re.sub(r"\s*([-./年月日号])\s*", r"\1", unicodedata.normalize("NFKC", digits).strip())


def _arabic(numerals: str) -> str:
    """二〇二四 → 2024, 十二 → 12, 三十 → 30."""
    if "十" not in numerals:
        return "".join(str(_DIGITS[numeral]) for numeral in numerals)
    tens, _, ones = numerals.partition("十")
    return str(10 * _DIGITS.get(tens or "一", 0) + (_DIGITS.get(ones, 0) if ones else 0))


def _of_moment(moment: datetime) -> date:
    """The day of a moment; one just before midnight here is asked about."""
    _refuse_evening(moment.date(), moment.hour, moment.minute)
    return moment.date()


def _refuse_evening(day: date, hour: int, minute: int) -> None:
    if (hour, minute) >= (_FIRST_OF_EVENING - 1, 59):
        following = format_date(day + timedelta(days=1))
        raise BadValue(
            f"日期带着时间 {day.isoformat()} {hour:02d}:{minute:02d}，可能是别的程序换算错的{following}，请核对后只写日期。"
        )


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
