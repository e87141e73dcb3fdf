"""The fields of a list's row that need care: names, codes, places, document numbers, dates and spans."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

from zjtx_desktop.errors import BadValue
from zjtx_desktop.exchange.headings import Field
from zjtx_desktop.exchange.list_cells import Cells, shown
from zjtx_desktop.exchange.list_names import Name, read_name
from zjtx_desktop.exchange.table import CellValue
from zjtx_desktop.values import (
    MOST_NAME,
    CreditCode,
    damaged_code,
    format_date,
    parse_date,
    parse_year,
)

USUAL_YEARS = 3
NUMBER_INSIDE = re.compile(
    r"(?:^|(?<=[\s》、,，]))[（(]?(?P<number>[一-鿿]{2,20}[〔\[【(（]\d{4}[〕\]】)）]\s*第?\d{1,6}号)[）)]?"
    r"|[（(](?P<inside>[一-鿿]{2,20}[〔\[【]\d{4}[〕\]】]\s*第?\d{1,6}号)[）)]"
)
ONE_DATE = re.compile(r"\d{2,4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?|\d{8}|二[〇零○][〇零○一二三四五六七八九]{2}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日", re.ASCII)
DURATION = re.compile(r"(自.*起)?[一二三四五\d]{1,2}年(内?有效)?|长期(有效)?|永久|有效|在有效期内")
_PERSON = re.compile(r"[1-8]\d{5}(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]")  # of an identity card
_WORDS_AROUND = re.compile("有效期?(限|至|到|止)?[:：]?(?=20)")


def name_of(cells: Cells, more: str = "", accept: bool = False) -> Name:
    """The name taken apart; what is no name is an error, and shown as it is.

    `more` is the rest of a name broken over two rows. With `accept` the proposals for a doubtful cell are taken.
    """
    value = cells.value(Field.NAME)
    if isinstance(value, str):
        name = cells.tried(Field.NAME, lambda: read_name(value)) or Name("")
        if more:
            whole = name.text + more
            name = Name(whole, doubt=f"名称断在两行，合起来是“{whole}”。请核对后写在一格。", fix=True)
        _say_name(cells, name, accept)
        return name
    if value is not None:
        cells.error(Field.NAME, f"企业名称“{shown(value)}”不是文字，请核对各列内容是否错位。")
    elif not cells.is_broken(Field.NAME):
        cells.error(Field.NAME, "没有企业名称，请补充。")
    return Name(shown(value))


def _say_name(cells: Cells, name: Name, accept: bool) -> None:
    for sentence in name.said:
        cells.warn(Field.NAME, sentence)
    if not name.doubt:
        return
    if name.fix and accept:
        cells.warn(Field.NAME, f"已采纳建议：{name.doubt}")
    else:
        cells.error(Field.NAME, name.doubt)
        cells.fixes += name.fix


def code_of(cells: Cells, written: str = "", accept: bool = False) -> tuple[CreditCode | None, str | None]:
    """The credit code, and the text it was read from; a number is always refused, however it looks.

    `written` is a code found in the cell of the name. With `accept` a letter that no code has is taken for the digit
    it looks like, where the check digit agrees.
    """
    value = cells.value(Field.CODE)
    if value is None:
        code = CreditCode.one_reading(written) if written and not cells.is_broken(Field.CODE) else None
        return code, written or None
    if isinstance(value, str):
        return _code_in(cells, value, accept), value.strip()
    damage = damaged_code(value) if type(value) in (int, Decimal) else None
    cells.error(Field.CODE, damage or f"信用代码“{shown(value)}”不是文本，请把该列设为文本格式后重新填写。")
    return None, shown(value)


def _code_in(cells: Cells, text: str, accept: bool) -> CreditCode | None:
    plain = text.strip()
    if not CreditCode.is_plain(plain):
        if code := CreditCode.one_reading(plain):
            cells.warn(Field.CODE, f"“{plain}”只有一种读法，按 {code} 登记，校验码相符。")
            return code
        if meant := CreditCode.proposed(plain):
            sentence = f"统一社会信用代码“{plain}”里有代码不用的字母，疑为 {meant}，校验码相符"
            if accept:
                cells.warn(Field.CODE, f"已采纳建议：{sentence}。")
                return meant
            cells.error(Field.CODE, f"{sentence}，请核对后更正或采纳。")
            cells.fixes += 1
            return None
        if meant := CreditCode.suggest(plain):
            cells.error(Field.CODE, f"统一社会信用代码“{plain}”书写不规范，疑为 {meant}，而校验码不符，请核对后更正。")
            return None
    elif plain.endswith("000") and (damage := damaged_code(plain)):
        cells.error(Field.CODE, damage)
        return None
    code = cells.tried(Field.CODE, lambda: CreditCode.parse(plain))
    if code and not code.check_digit_ok and _PERSON.fullmatch(str(code)):
        cells.error(Field.CODE, "这一格像是身份证号码，不是统一社会信用代码，请核对各列内容是否错位。")
        return None
    if code and not code.check_digit_ok:
        expected = code.expected_check
        cells.warn(Field.CODE, f"信用代码 {code} 的校验码不符（应为 {expected}），请按营业执照核对。")
    return code


def batch_of(cells: Cells) -> str | None:
    """The batch as written; a bare whole number is 第N批."""
    value = cells.value(Field.BATCH)
    return f"第{value}批" if type(value) is int else cells.words(Field.BATCH, MOST_NAME)


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
    if value is None:
        return None, None
    plain = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    if DURATION.fullmatch("".join(plain.split())):
        cells.warn(Field.VALIDITY, f"有效期“{plain}”没有起止日期，请导入后补充。")
        return None, None
    plain = _WORDS_AROUND.sub("", plain)
    ends = ONE_DATE.findall(plain)
    if not plain or len(ends) == 1 and ends[0] == plain.strip("至到止起自()"):
        day = doubtful_date(cells, Field.VALIDITY, ends[0] if ends else value)
        if day:
            cells.warn(Field.VALIDITY, f"有效期只有一个日期，按有效期止于{format_date(day)}登记，请核对。")
        return None, day
    if len(ends) != 2:
        cells.warn(Field.VALIDITY, f"有效期“{plain}”没有写明起止的日子，没有登记，请导入后按认定文件补充。")
        return None, None
    try:
        return parse_date(ends[0]), parse_date(ends[1])
    except BadValue as doubt:
        cells.warn(Field.VALIDITY, f"{doubt}有效期没有登记，请导入后补充。")
        return None, None


def doubtful_date(cells: Cells, field: Field, value: CellValue = None) -> date | None:
    """The date in a cell, or in a part of it, that the recognition stands without: what cannot be read is a warning, and left out."""
    value = cells.value(field) if value is None else value
    if value is None:
        return None
    try:
        if isinstance(value, bool):
            raise BadValue("这里应是日期，请按 2024-06-03 的样式填写。")
        return parse_date(value)
    except BadValue as doubt:
        cells.warn(field, f"{doubt}有效期没有登记，请导入后补充。")
        return None


def is_usual(first: date, last: date) -> bool:
    """Whether the two days make the usual span, the day of the end counted or not."""
    year = first.year + USUAL_YEARS
    end = date(year, 3, 1) if (first.month, first.day) == (2, 29) else first.replace(year=year)
    return last in (end, end - timedelta(days=1))
