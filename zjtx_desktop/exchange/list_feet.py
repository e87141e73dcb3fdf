"""Which cells and rows of a list are no organisations: totals, notes, signatures, dates, offices, paragraphs."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from zjtx_desktop.errors import BadValue
from zjtx_desktop.exchange.list_words import pattern
from zjtx_desktop.exchange.table import CellValue
from zjtx_desktop.values import fold_name, parse_date

LONGEST_NAME = 60  # letters; a longer text alone in its row is a paragraph
LEAST_SENTENCE = 9
_DATED = re.compile(r"\s*[\d〇零○一二三四五六七八九十]{4}\s*年[^年]{1,4}月([^月]{1,4}日)?\s*$")
_FIGURES = re.compile(r"[\d,.，%]+(万?元|亿元?|[家户个名条项])?")


def is_foot(filled: Sequence[tuple[int, CellValue]]) -> bool:
    """Whether a row of these (column, cell) stands under a list and is none of it."""
    first = next((cell for _, cell in filled if isinstance(cell, str)), "")
    return begins_foot(first) or all(_is_foot_cell(cell, len(filled) == 1) for _, cell in filled) and bool(filled)


@lru_cache(4096)
def begins_foot(text: str) -> bool:
    """Whether a row that begins with this text is a total or a note: 合计, 备注：, 以上共5家."""
    plain = fold_name(text)
    if not plain or _has_firm(plain) and not pattern("foot", "signed").fullmatch(plain):
        return False
    return any(pattern("foot", key).fullmatch(plain) for key in ("totals", "signed", "sealed", "blank", "counts"))


def is_total(text: str) -> bool:
    """Whether a text begins a row of sums."""
    plain = fold_name(text)
    return bool(pattern("foot", "totals").fullmatch(plain)) and not _has_firm(plain)


def is_signed(text: str) -> bool:
    """Whether a text is a label with what is filled in: 填报单位：, 单位：万元."""
    return bool(pattern("foot", "signed").fullmatch(fold_name(text)))


def is_office(text: str) -> bool:
    """Whether a text ends as the name of an authority does: 玉山县工业和信息化局."""
    plain = fold_name(text)
    return bool(re.search(f"{pattern('foot', 'offices').pattern}$", plain)) and not _has_firm(plain)


def _is_foot_cell(cell: CellValue, alone: bool) -> bool:
    if isinstance(cell, str):
        return _is_foot_text(cell, alone)
    return isinstance(cell, date) or not alone and isinstance(cell, int | Decimal)


@lru_cache(4096)
def _is_foot_text(text: str, alone: bool) -> bool:
    plain = fold_name(text)
    if begins_foot(text) or _is_date(text) or pattern("foot", "no_order").fullmatch(plain):
        return True
    if is_office(_DATED.sub("", text)):
        return True
    if alone and not re.search(r"\w", text):
        return True
    if not alone:
        return bool(_FIGURES.fullmatch(plain))
    says = pattern("foot", "sentence").fullmatch(plain) and len(plain) >= LEAST_SENTENCE and not _has_firm(plain[-4:])
    return bool(says or "。" in plain or len(plain) > LONGEST_NAME or _FIGURES.fullmatch(plain))


def _has_firm(plain: str) -> bool:
    return "公司" in plain or plain.endswith(("厂", "合作社"))


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except BadValue:
        return False
    return True
