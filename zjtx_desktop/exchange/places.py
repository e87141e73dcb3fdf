"""Places in lists: a county by its name or its office, the city or province alone, a place elsewhere."""

import re
from functools import lru_cache

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import Division, fold_name

WHOLE_CITY = frozenset(map(fold_name, ("上饶", "上饶市", "江西省上饶市", "江西上饶", "江西", "江西省", "361100")))
OFFICE = re.compile(
    "(工业和信息化(委员会|局)|科技和?工业和?信息化局|发展改革和工业信息化局|发改和?工信局|科?工信[局委]|经信[局委]"
    "|财政局|经济发展局|经发局|人民政府|管理委员会|管委会)$"
)


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
