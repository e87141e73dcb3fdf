"""What the values under a header text say of the column: for it, against it, or where the text says nothing."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal

from zjtx_desktop.domain.titles import parse_kind, parse_level
from zjtx_desktop.errors import BadValue
from zjtx_desktop.exchange.headings import PLACES, WORDED, Field, Role, is_vague, meaning, mostly, parses, role
from zjtx_desktop.exchange.list_names import is_firm
from zjtx_desktop.exchange.list_words import any_of, bare, plain_set
from zjtx_desktop.exchange.places import division_of, is_whole_city
from zjtx_desktop.exchange.table import CellValue
from zjtx_desktop.values import CreditCode, Division

MERGED_TYPES = re.compile("(示范|服务|公共服务)?(平台|基地)(型|类|类型)?")  # of the title that took the place of two
SORTS = re.compile("(综合|技术|信息|创业|培训|融资|市场|法律|管理|人才|质量|检测|公共)*(创新|服务|支持|开拓|性)*(类|型|类平台|平台|服务)?")  # of platforms
WIDER = (Field.PROVINCE, Field.CITY)
ADDRESS = re.compile(
    r"[一-鿿]{2,}?[省市县区州盟旗].*(\d+([-之]\d+)?(号|幢|栋|楼|室|组|#|地块).*|(路|街|大道|巷|村|组|镇|乡|屯|园|园区|开发区|高新区|经开区|大厦|广场)([东南西北]侧|旁|内)?)"
)
NUMBER = re.compile(r"-?\d[\d,，]*(\.\d+)?\s*(%|‰|亿|万|百万|千)?元?|[√✓×]")


def meant(label: str, sample: Sequence[CellValue]) -> Field | None:
    """What a text over a column means, if its values do not speak against it."""
    field = _vague(label, sample) if is_vague(label) else meaning(label)
    return None if field in WORDED and sample and all(map(_is_number, sample)) else field


def _is_number(cell: CellValue) -> bool:
    """Whether a cell holds an amount or a count, which no code of a place is."""
    text = str(cell).strip()
    return isinstance(cell, str | int | Decimal) and bool(NUMBER.fullmatch(text)) and not parses(Division.parse, text)


def _vague(label: str, sample: Sequence[CellValue]) -> Field | None:
    """Whether a column called 类型 or 类别 holds kinds, levels or titles; sizes and owners are none of them."""
    values = [unicodedata.normalize("NFKC", cell).strip() for cell in sample if isinstance(cell, str)]
    if not values:
        return None
    none = plain_set("columns", "sizes") | plain_set("columns", "ownerships") | plain_set("status", "passed")
    if not any(map(MERGED_TYPES.fullmatch, values)) and all(
        (bare(value) in none or SORTS.fullmatch(value)) and not parses(parse_kind, value) for value in values
    ):
        return None
    if all(parses(parse_kind, value) for value in values):
        return Field.KIND
    if all(parses(parse_level, value) for value in values):
        return Field.LEVEL
    if role(label) is Role.RESULT and not any(map(MERGED_TYPES.fullmatch, values)):
        return None
    if mostly(parse_kind, values) and meaning(label) is not Field.TITLE or not any(map(_is_of_titles, values)) and any(parses(parse_kind, one) for one in values):
        return Field.KIND
    return Field.TITLE if any(map(_is_of_titles, values)) else None  # 制造业, 有限责任公司, A级


def _is_of_titles(text: str) -> bool:
    """Whether a text has a word that titles have, awarded by this policy or not."""
    return bool(any_of("columns", "title_words").search(text) or any_of("sections", "no_titles").search(text))


def meant_by_values(label: str, sample: Sequence[CellValue], found: Mapping[Field, int]) -> Field | None:
    """What the values of a column mean whose text says nothing: credit codes and places, which look like nothing else."""
    texts = [cell.strip() for cell in sample if isinstance(cell, str) and cell.strip()]
    if not texts or role(label) is not Role.TEXT:
        return None
    if Field.TITLE not in found and all(map(MERGED_TYPES.fullmatch, texts)):
        return Field.TITLE
    if Field.CODE not in found and not any_of("columns", "others_codes").search(label) and mostly(_code, texts):
        return Field.CODE
    if all(field not in found for field in PLACES if field not in WIDER) and mostly(division_of, texts):
        return Field.REGION
    wider = Field.PROVINCE if any("省" in text or "江西" in text for text in texts) else Field.CITY
    if wider not in found and mostly(_region, texts):
        return wider
    return None


def is_finer(sample: Sequence[CellValue], coarse: Sequence[CellValue]) -> bool:
    """Whether a column holds counties, the one before it, under the same text, but their cities."""
    both = ([cell for cell in cells if isinstance(cell, str)] for cells in (sample, coarse))
    here, there = both
    return mostly(_county, here) and mostly(_region, there)


def role_of(label: str, sample: Sequence[CellValue]) -> Role:
    """Why a column that holds no field is looked at; one of addresses is known by them, whatever stands over it."""
    found = role(label)
    if found is not Role.TEXT:
        return found
    texts = [cell.strip() for cell in sample if isinstance(cell, str) and cell.strip()]
    return Role.PLACE if mostly(_address, texts) else found


def _address(text: str) -> str:
    """A place that is named in full and goes on to a street, a village or a number."""
    plain = unicodedata.normalize("NFKC", text)
    if not ADDRESS.fullmatch("".join(plain.split())) or is_firm(plain) or "公司" in plain.split("号")[0] or not (Division.elsewhere(plain) or parses(division_of, plain)):
        raise BadValue(text)
    return text


def _county(text: str) -> str:
    if not parses(division_of, text) and not (Division.elsewhere(text) and text.strip().endswith(("县", "区", "市"))):
        raise BadValue(text)
    return text


def _code(text: str) -> CreditCode:
    if found := CreditCode.one_reading(text):
        return found
    raise BadValue(text)


def _region(text: str) -> str:
    """A province or a city, ours or not."""
    if len(text) > 8 or not (Division.elsewhere(text) or is_whole_city(text)):
        raise BadValue(text)
    return text
