"""Who bears a beneficiary part: treasuries with whole-number weights, written `玉山县60%、上饶经开区40%`."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values.division import Division

_BETWEEN = re.compile(r"[、,;+\n]")
_ONE = re.compile(r"(?P<name>.*?[^\d.])\(?(?P<percent>\d{1,3}(?:\.\d{1,6})?)%\)?", re.ASCII)
_WHOLE = 100


@dataclass(frozen=True, order=True, slots=True)
class Share:
    """One treasury's weight among all who share a part; weight over the sum of weights is its fraction."""

    division: Division
    weight: int


def parse_shares(text: str) -> tuple[Share, ...]:
    """Read one treasury, or several with percentages that sum to 100; BadValue otherwise."""
    plain = unicodedata.normalize("NFKC", text)
    items = [item.strip() for item in _BETWEEN.split(plain) if item.strip()]
    if len(items) == 1 and "%" not in items[0]:
        return (Share(Division.parse(items[0]), 1),)
    found = [one for one in map(_ONE.fullmatch, items) if one]
    if not items or len(found) < len(items):
        raise BadValue(f"受益财政“{text.strip()}”看不懂，请按“玉山县60%、上饶经开区40%”的样式填写。")
    divisions = [Division.parse(one["name"]) for one in found]
    percents = [Decimal(one["percent"]) for one in found]
    if len(set(divisions)) < len(divisions):
        raise BadValue(f"受益财政“{text.strip()}”中同一地区出现了两次，请合并。")
    if sum(percents) != _WHOLE:
        raise BadValue(f"受益财政“{text.strip()}”的比例合计为 {sum(percents)}%，请改为合计 100%。")
    if not all(percents):
        raise BadValue(f"受益财政“{text.strip()}”中有比例为 0 的地区，请删去。")
    if len(items) == 1:
        return (Share(divisions[0], 1),)
    places = max(len(one["percent"].partition(".")[2].rstrip("0")) for one in found)
    weights = (int(percent.scaleb(places)) for percent in percents)
    return tuple(map(Share, divisions, weights))


def format_shares(shares: tuple[Share, ...]) -> str:
    """The text that `parse_shares` reads back; weights that are no percentages are shown as 比例 a:b."""
    names = [share.division.name for share in shares]
    if len(shares) <= 1:
        return "".join(names)
    total = sum(share.weight for share in shares)
    percents = [Decimal(share.weight * _WHOLE) / total for share in shares]
    if all(percent == round(percent, 6) for percent in percents):
        texts = (f"{percent.normalize():f}%" for percent in percents)
        return "、".join(map("".join, zip(names, texts, strict=True)))
    return "、".join(names) + "（比例 " + ":".join(str(share.weight) for share in shares) + "）"
