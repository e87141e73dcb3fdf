"""The fields of a list's row that need care: names, codes, places, document numbers, dates and spans."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from zjtx_desktop.errors import BadValue
from zjtx_desktop.exchange.headers import Field
from zjtx_desktop.exchange.list_cells import Cells, shown
from zjtx_desktop.exchange.table import CellValue
from zjtx_desktop.values import (
    CreditCode,
    Division,
    clean_name,
    damaged_code,
    fold_name,
    format_date,
    parse_date,
    parse_year,
)

USUAL_YEARS = 3
WHOLE_CITY = frozenset(map(fold_name, ("上饶", "上饶市", "江西省上饶市", "江西上饶", "江西", "江西省", "361100")))
OFFICE = re.compile(
    "(工业和信息化(委员会|局)|科技和?工业和?信息化局|发展改革和工业信息化局|发改和?工信局|科?工信[局委]|经信[局委]"
    "|财政局|经济发展局|经发局|人民政府|管理委员会|管委会)$"
)
OTHER_CITY = re.compile("(?!上饶)[一-鿿]{2,4}市")
NUMBER_INSIDE = re.compile(
    r"(?:^|(?<=[\s》、,，]))[（(]?(?P<number>[一-鿿]{2,20}[〔\[【(（]\d{4}[〕\]】)）]\s*第?\d{1,6}号)[）)]?"
    r"|[（(](?P<inside>[一-鿿]{2,20}[〔\[【]\d{4}[〕\]】]\s*第?\d{1,6}号)[）)]"
)
ONE_DATE = re.compile(r"\d{2,4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?|\d{8}", re.ASCII)
DURATION = re.compile(r"(自.*起)?[一二三四五\d]{1,2}年(内?有效)?")


def name_of(cells: Cells) -> str:
    """The name on one line; what is no text is an error, and shown as it is."""
    value = cells.value(Field.NAME)
    if isinstance(value, str):
        return cells.tried(Field.NAME, lambda: clean_name(value.replace("\n", ""))) or ""
    if value is not None:
        cells.error(Field.NAME, f"企业名称“{shown(value)}”不是文字，请核对各列内容是否错位。")
    elif not cells.is_broken(Field.NAME):
        cells.error(Field.NAME, "没有企业名称，请补充。")
    return shown(value)


def code_of(cells: Cells) -> tuple[CreditCode | None, str | None]:
    """The credit code, and the text it was read from; a number is always refused, however it looks."""
    value = cells.value(Field.CODE)
    if value is None:
        return None, None
    if isinstance(value, str):
        return _code_in(cells, value), value.strip()
    damage = damaged_code(value) if type(value) in (int, Decimal) else None
    cells.error(Field.CODE, damage or f"信用代码“{shown(value)}”不是文本，请把该列设为文本格式后重新填写。")
    return None, shown(value)


def _code_in(cells: Cells, text: str) -> CreditCode | None:
    if meant := CreditCode.suggest(text):
        cells.error(Field.CODE, f"统一社会信用代码“{text.strip()}”书写不规范，疑为 {meant}，请核对后更正。")
        return None
    code = cells.tried(Field.CODE, lambda: CreditCode.parse(text))
    if code and not code.check_digit_ok:
        expected = code.expected_check
        cells.warn(Field.CODE, f"信用代码 {code} 的校验码不符（应为 {expected}），请按营业执照核对。")
    return code


@lru_cache  # a list names few places, many times
def is_whole_city(text: str) -> bool:
    """Whether a place names 上饶市 or 江西省 and no county."""
    return fold_name(OFFICE.sub("", text.strip())) in WHOLE_CITY


@lru_cache
def division_of(text: str) -> Division:
    """The division named, by itself or by its office (玉山县工信局); BadValue as Division.parse says it."""
    try:
        return Division.parse(text)
    except BadValue:
        place = OFFICE.sub("", text.strip())
        if place == text.strip():
            raise
        return Division.parse(place)


def batch_of(cells: Cells) -> str | None:
    """The batch as written; a bare whole number is 第N批."""
    value = cells.value(Field.BATCH)
    return f"第{value}批" if type(value) is int else cells.text(Field.BATCH)


def number_inside(title: str) -> tuple[str, str] | None:
    """The document number written in the title of a document, and the title without it."""
    found = NUMBER_INSIDE.search(title)
    if found is None:
        return None
    rest = (title[: found.start()] + title[found.end() :]).strip()
    return found["number"] or found["inside"], rest or title


def only_year(value: CellValue) -> int | None:
    """The year in a date cell that gives nothing else; None when it gives more, or nothing."""
    if type(value) is int and value < 10_000 or isinstance(value, str):
        try:
            return parse_year(value)
        except BadValue:
            return None
    return None


def date_of(cells: Cells, field: Field) -> date | None:
    """The date in a cell; a doubtful one is an error that asks."""
    value = cells.value(field)
    if value is None:
        return None
    if isinstance(value, bool):
        cells.error(field, "这里应是日期，请按 2024-06-03 的样式填写。")
        return None
    return cells.tried(field, lambda: parse_date(value))


def validity_of(cells: Cells) -> tuple[date | None, date | None]:
    """Beginning and end of a validity written in one cell; a single date is its end."""
    value = cells.value(Field.VALIDITY)
    plain = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    if DURATION.fullmatch("".join(plain.split())):
        cells.warn(Field.VALIDITY, f"有效期“{plain}”没有起止日期，请导入后补充。")
        return None, None
    ends = ONE_DATE.findall(plain)
    if value is None or not plain or len(ends) == 1 and ends[0] == plain:
        day = date_of(cells, Field.VALIDITY)
        if day:
            cells.warn(Field.VALIDITY, f"有效期只有一个日期，按有效期止于{format_date(day)}登记，请核对。")
        return None, day
    if len(ends) != 2:
        cells.error(Field.VALIDITY, f"有效期“{plain}”看不懂，请按“2024-01-01至2026-12-31”的样式填写。")
        return None, None
    first = cells.tried(Field.VALIDITY, lambda: parse_date(ends[0]))
    return first, cells.tried(Field.VALIDITY, lambda: parse_date(ends[1]))


def is_usual(first: date, last: date) -> bool:
    """Whether the two days make the usual span, the day of the end counted or not."""
    year = first.year + USUAL_YEARS
    end = date(year, 3, 1) if (first.month, first.day) == (2, 29) else first.replace(year=year)
    return last in (end, end - timedelta(days=1))
