"""The counties and zones of 上饶市 that can be a beneficiary treasury, found by any of their names."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from zjtx_desktop.errors import BadValue
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.values.names import fold_name

_CITY = "上饶市"
_SEPARATORS = re.compile(r"[-/\\>,、·|]")
_OWN_PREFIX = re.compile(r"^(江西省?)?(上饶市?)?")
_NOTE = re.compile(r"\((县级市|县级|市辖区|县|区|市|功能区)\)")
_MANAGED = re.compile("(管理委员会|管委会)$")
_OTHER_CITY = re.compile("(?!江西|上饶|德兴)[一-鿿]{2,7}?(市|自治州|自治区|特别行政区|兵团|地区|盟)(?!区|本|直|级|属|政)")
_OTHER_PLACE = re.compile(r"(?!江西|上饶).+(省|自治区|市|特别行政区)|江西省?(?!上饶).+市.*")


@dataclass(frozen=True, order=True, slots=True)
class Division:
    """One treasury district of 上饶市, known by its present code; `str` is its name."""

    code: str

    @classmethod
    def parse(cls, text: str) -> "Division":
        """Find by code (old ones too), name or alias, with or without 江西省上饶市; else BadValue says why."""
        key = _NOTE.sub("", _SEPARATORS.sub("", fold_name(text)))
        short = _OWN_PREFIX.sub("", key)
        for candidate in (key, short):
            if candidate in _index():
                return cls(_index()[candidate])
        if code := _beginning(short):
            return cls(code)
        raise BadValue(_why_unknown(text.strip(), key, short))

    @classmethod
    def is_name(cls, text: str) -> bool:
        """Whether the text is the name of a division and nothing more."""
        key = _NOTE.sub("", _SEPARATORS.sub("", fold_name(text)))
        return not key.isdecimal() and (key in _index() or _OWN_PREFIX.sub("", key) in _index())

    @classmethod
    def elsewhere(cls, text: str) -> bool:
        """Whether the text begins with a place outside 上饶市: another province, city or their code."""
        return _is_elsewhere(text)

    @classmethod
    def begins_elsewhere(cls, text: str) -> str:
        """The other province, or other city or county of 江西, that a headline begins with by its full name; empty for none."""
        found = _headed().match(_SEPARATORS.sub("", fold_name(text)))
        return found[1] if found else ""

    @classmethod
    def all(cls) -> "tuple[Division, ...]":
        """Every division, counties first, the city itself last."""
        return tuple(cls(code) for code in _table())

    @property
    def name(self) -> str:
        """The full name, as printed."""
        return self._record.name

    @property
    def short(self) -> str:
        """The one word that stands for it in award and document numbers (代字)."""
        return self._record.short

    @property
    def is_city(self) -> bool:
        """Whether this is the city's own treasury (上饶市本级)."""
        return self._record.kind == "city"

    @property
    def named_in_policy(self) -> bool:
        """Whether the policy names it among those who pay."""
        return self._record.named_in_policy

    @property
    def in_national_standard(self) -> bool:
        """Whether its code stands in GB/T 2260; the zones have finance codes of the province."""
        return self._record.gbt2260

    @property
    def _record(self) -> "_Record":
        return _table()[self.code]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class _Record:
    """One entry of divisions.toml."""

    code: str
    name: str
    short: str
    kind: str
    gbt2260: bool
    named_in_policy: bool
    aliases: list[str]
    old_codes: list[str]


@cache
def _table() -> dict[str, _Record]:
    return {entry["code"]: _Record(**entry) for entry in _file()["division"]}


@cache
def _file() -> dict[str, Any]:
    with (RESOURCES / "divisions.toml").open("rb") as file:
        return tomllib.load(file)


@lru_cache(4096)  # a list names few places, many times
def _is_elsewhere(text: str) -> bool:
    key = _SEPARATORS.sub("", fold_name(text)).removeprefix("江西省").removeprefix("江西")
    if re.fullmatch(r"\d{6}", key):
        return not key.startswith("3611") and key != "360000"
    return bool(_elsewhere().match(key) or _OTHER_CITY.match(key))


@cache
def _elsewhere() -> re.Pattern[str]:
    words = _file()["elsewhere"]
    return re.compile(
        f"({'|'.join(words['provinces'])})(省|市|自治|壮族|回族|维吾尔|特别|$)|({'|'.join(words['cities'])})(市|$)"
        f"|({'|'.join(words['counties'])})|({'|'.join(words['cities'])})({'|'.join(_file()['parks']['words'])})"
    )


@cache
def _headed() -> re.Pattern[str]:
    words = _file()["elsewhere"]
    places = (f"(?:{'|'.join(words['provinces'])})(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)", f"(?:{'|'.join(words['cities'])})市?")
    return re.compile(f"(?:江西省?)?({'|'.join((*places, *words['counties']))})")


@cache
def _beginnings() -> tuple[tuple[str, str], ...]:
    """What a longer text may begin with, and the code it means: whole names, and a county's name with its park."""
    whole = [(name, code) for name, code in _index().items() if len(name) >= 3 and not name.isdecimal()]
    counties = [(record.name[:2], code) for code, record in _table().items() if record.kind == "county"]
    parks = [(county + word, code) for county, code in counties for word in _file()["parks"]["words"]]
    return tuple(sorted((*whole, *parks), key=lambda pair: -len(pair[0])))


def _beginning(key: str) -> str | None:
    """The code of the division that a text begins with (玉山县冰溪镇, 玉山高新区); None when it names another as well."""
    found = next(((name, code) for name, code in _beginnings() if key.startswith(name)), None)
    if found is None:
        return None
    name, code = found
    rest = _MANAGED.sub("", key.removeprefix(name))
    others = {other for spelt, other in _beginnings() if spelt in rest}
    return None if others - {code} else code


@cache
def _index() -> dict[str, str]:
    """Every folded name, alias and code, present or old, to the present code."""
    return {
        fold_name(key): code
        for code, record in _table().items()
        for key in (code, record.name, *record.aliases, *record.old_codes)
    }


def _why_unknown(text: str, key: str, short: str) -> str:
    if not key:
        return "地区是空的，请填写县（市、区）或功能区名称。"
    if not short or key in ("361100", "江西省", "江西"):
        return f"“{text}”没有写明县（市、区），请补充，如“{_CITY}玉山县”。"
    if _OTHER_PLACE.match(key) or Division.elsewhere(key):
        return f"“{text}”不在{_CITY}范围内，本政策只适用于{_CITY}，请核对。"
    return f"没有找到“{text}”这个地区，请填写{_CITY}的县（市、区）或功能区名称。"
