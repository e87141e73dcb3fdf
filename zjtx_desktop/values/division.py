"""The counties and zones of 上饶市 that can be a beneficiary treasury, found by any of their names."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from zjtx_desktop.errors import BadValue
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.values.names import fold_name

_CITY = "上饶市"
_SEPARATORS = re.compile(r"[-/\\>,、·|]")
_OWN_PREFIX = re.compile(r"^(江西省?)?(上饶市?)?")
_OTHER_PLACE = re.compile(r"(?!江西|上饶).+(省|自治区|市|特别行政区)|江西省?(?!上饶).+市.*")


@dataclass(frozen=True, order=True, slots=True)
class Division:
    """One treasury district of 上饶市, known by its present code; `str` is its name."""

    code: str

    @classmethod
    def parse(cls, text: str) -> "Division":
        """Find by code (old ones too), name or alias, with or without 江西省上饶市; else BadValue says why."""
        key = _SEPARATORS.sub("", fold_name(text))
        short = _OWN_PREFIX.sub("", key)
        for candidate in (key, short):
            if candidate in _index():
                return cls(_index()[candidate])
        raise BadValue(_why_unknown(text.strip(), key, short))

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
    with (RESOURCES / "divisions.toml").open("rb") as file:
        return {entry["code"]: _Record(**entry) for entry in tomllib.load(file)["division"]}


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
    outside_code = re.fullmatch(r"\d{6}", key) and not key.startswith("3611")
    if outside_code or _OTHER_PLACE.match(key):
        return f"“{text}”不在{_CITY}范围内，本政策只适用于{_CITY}，请核对。"
    return f"没有找到“{text}”这个地区，请填写{_CITY}的县（市、区）或功能区名称。"
