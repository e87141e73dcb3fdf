"""The award titles (认定称号): found from any usual spelling, never guessed when level or type is missing."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum, auto
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from zjtx_desktop.errors import BadValue
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.values import fold_name, format_date


class Level(StrEnum):
    """Who recognised: the province or the nation."""

    PROVINCIAL = "省级"
    NATIONAL = "国家级"


class Kind(StrEnum):
    """How the recognition came about."""

    NEW = "新认定"
    REVIEW = "复核"
    AGAIN = "再次认定"


_LEVEL_WORDS = {
    "国家级": Level.NATIONAL,
    "国家": Level.NATIONAL,
    "工业和信息化部": Level.NATIONAL,
    "工信部": Level.NATIONAL,
    "部级": Level.NATIONAL,
    "省级": Level.PROVINCIAL,
    "省": Level.PROVINCIAL,
}
_LEVELS = {
    **_LEVEL_WORDS,
    "国": Level.NATIONAL,
    "江西省": Level.PROVINCIAL,
    "江西省级": Level.PROVINCIAL,
}
_KINDS = {
    "新认定": Kind.NEW,
    "新获认定": Kind.NEW,
    "首次认定": Kind.NEW,
    "首次": Kind.NEW,
    "初次认定": Kind.NEW,
    "新增": Kind.NEW,
    "新增认定": Kind.NEW,
    "认定": Kind.NEW,
    "复核": Kind.REVIEW,
    "复核通过": Kind.REVIEW,
    "通过复核": Kind.REVIEW,
    "到期复核": Kind.REVIEW,
    "期满复核": Kind.REVIEW,
    "复审": Kind.REVIEW,
    "复审通过": Kind.REVIEW,
    "通过复审": Kind.REVIEW,
    "延续": Kind.REVIEW,
    "续认": Kind.REVIEW,
    "续认定": Kind.REVIEW,
    "有效期延续": Kind.REVIEW,
    "延续认定": Kind.REVIEW,
    "再次认定": Kind.AGAIN,
    "重新认定": Kind.AGAIN,
    "期满再次认定": Kind.AGAIN,
    "期满重新认定": Kind.AGAIN,
}
_IGNORED = re.compile(r"[“”\"'‘’`´《》()〈〉·•・,，、.。:：;；_/\\|—–‐‑‒―-]")
_LISTED = str.maketrans("、，,；;", "&&&&&")  # between two titles, no sign within one
_BATCH = re.compile(r"(19|20)\d\d年度?|第[一二三四五六七八九十百\d]+批次?")
_WORD = "|".join(_LEVEL_WORDS)
_SORT = re.compile(r"(综合|技术|信息|创业|培训|融资|综合服务)?(服务)?(类|型)$")  # of platforms, as ministries write it
_USE = re.compile(r"(称号|认定|名单|奖励|奖补|补助|奖励资金|奖补资金|补助资金|项目)$")
_PARTS = re.compile(
    rf"(?P<place>江西(?=省级)|江西省?)?(?P<front>{_WORD})?(?P<core>.*?)(?P<back>{_WORD})?(?:企业)?"
)
_OTHER_COLUMNS = {"复核": "认定类型", "再次认定": "认定类型", "公示": "“仅公示”标记"}


@dataclass(frozen=True, slots=True)
class Basis:
    """Under which document a title is recognised, and on which days; `pending` is what of it is not known yet (待核).

    Without a document none is known for these days, without `since` not from when on.
    """

    document: str | None
    since: date | None
    until: date | None
    pending: str | None

    def __str__(self) -> str:
        if self.document is None:
            return f"依据待核（{self.pending}）"
        return f"{self.document}（待核：{self.pending}）" if self.pending else self.document

    def covers(self, day: date) -> bool:
        """Whether it speaks of a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Weight(Enum):
    """How much a doubt about a title on its day weighs: it cannot be, it cannot be told, its basis is not known yet."""

    WRONG = auto()
    UNSURE = auto()
    PENDING = auto()


@dataclass(frozen=True, slots=True)
class Untimely:
    """A title that does not go with the day of its document, as a sentence without its full stop."""

    weight: Weight
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class Title:
    """One award title, the same object wherever it is named: its printed names, usual spellings and governing documents, each per level."""

    id: str
    names: Mapping[Level, str]
    aliases: Mapping[Level | None, tuple[str, ...]]
    usual: Mapping[Level, tuple[str, ...]]  # of the aliases without a level those that mostly mean this one
    bases: Mapping[Level, tuple[Basis, ...]]
    missing: Mapping[Level, str]


@dataclass(frozen=True, slots=True)
class Mention:
    """A title that a longer text names: which one and of what level, as far as it says; or why it is none."""

    text: str
    title: Title | None
    level: Level | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class _Merged:
    """The title that took the place of two, told apart by its type."""

    name: str
    full_name: str
    level: Level
    since: date
    document: str
    types: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A text without signs, year, batch and level words: the forms to look up, and the level it states."""

    keys: tuple[str, ...]
    stated: frozenset[Level]


class Titles:
    """All award titles in their order, and the index of every spelling."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.all: tuple[Title, ...] = tuple(map(_title, data["title"]))
        self._by_id = {title.id: title for title in self.all}
        self._index = {
            _read(alias).keys[0]: (title, level)
            for title in self.all
            for level, aliases in title.aliases.items()
            for alias in aliases
        }
        self._usual = {
            _read(alias).keys[0]: (title, level)
            for title in self.all
            for level, aliases in title.usual.items()
            for alias in aliases
        }
        self._merged = _merged(data["merged"])
        self._ladder: tuple[str, ...] = tuple(data["ladder"])
        self._operated = frozenset(data["operated"])
        self._merged_key = _read(self._merged.name).keys[0]
        self._refused = _sentences(data["refused"])
        self._notes = _sentences(data["note"])
        keys = sorted((*self._index, *self._refused, self._merged_key), key=len, reverse=True)
        found = "|".join(map(re.escape, keys))
        self._resolved = lru_cache(1024)(self._resolve)  # a list names few titles, many times
        self._mentioned = re.compile(rf"(?P<front>{_WORD})?(?P<key>{found})(?:企业)?(?P<back>国家级|省级)?")

    @classmethod
    def load(cls, path: Path = RESOURCES / "titles.toml") -> "Titles":
        """The titles that travel with the program; a file is read once."""
        return _load(path)

    def __contains__(self, title: str) -> bool:
        return title in self._by_id

    def get(self, title: str) -> Title:
        """The title of this id; KeyError is our bug."""
        return self._by_id[title]

    def name(self, title: str, level: Level, title_type: str | None = None) -> str:
        """The name as printed in letters and lists, even of a level that does not exist.

        With a `title_type` it is the merged national title, its type behind it.
        """
        if title_type:
            return f"{self._merged.full_name}（{title_type}）"
        found = self._by_id[title]
        return found.names.get(level) or f"{level}{found.aliases[None][0]}"

    def order(self, title: str) -> int:
        """The place of a title among all, which breaks ties."""
        return list(self._by_id).index(title)

    def step(self, title: str, level: Level) -> tuple[int, bool] | None:
        """How high a title stands on the ladder of 梯度培育; None for one that is not on it."""
        if title not in self._ladder:
            return None
        return self._ladder.index(title), level is Level.NATIONAL

    def is_operated(self, title: str) -> bool:
        """Whether it goes to a platform or base, whose operator need not be a company."""
        return title in self._operated

    def type_of(self, text: str) -> str | None:
        """The type (平台, 基地) in a spelling of the merged national title; None for every other spelling."""
        for key in _read(text).keys:
            if key.startswith(self._merged_key):
                return self._type(key) if self._type(key) in self._merged.types else None
        return None

    def merged_types(self) -> Mapping[str, str]:
        """The types of the merged national title, and the award title that each stands for."""
        return self._merged.types

    def basis(self, title: str, level: Level, on: date) -> Basis | None:
        """Under which document the title was recognised on a day; None before its first and where it does not exist."""
        return next((one for one in self._by_id[title].bases.get(level, ()) if one.covers(on)), None)

    def untimely(
        self, title: str, level: Level, on: date | None, printed: str | None, title_type: str | None = None
    ) -> Untimely | None:
        """What does not go together in a title and the day of its document; None when nothing is doubtful.

        `printed` is where the title may be read as it was given: the document's name, or the cell of a list. With a
        `title_type` it is recorded as the merged title.
        """
        if on is None or level not in self._by_id[title].names:
            return None
        if level is self._merged.level and title in self._merged.types.values():
            if found := self._merger(title, level, on, self._merged.full_name if title_type else printed or ""):
                return found
        basis = self.basis(title, level, on)
        name, day = self.name(title, level), format_date(on)
        if basis is None:
            first = min((one for one in self._by_id[title].bases[level]), key=lambda one: one.since or date.min)
            since = format_date(first.since) if first.since else ""
            said = f"“{name}”自{since}起才有（依据：{first.document}），{day}的认定文件早于它，请核对称号和日期"
            return Untimely(Weight.WRONG, said)
        if basis.document is None:
            return Untimely(Weight.PENDING, f"“{name}”在{day}的认定{basis}，请核对认定文件")
        return None

    def _merger(self, title: str, level: Level, on: date, printed: str) -> Untimely | None:
        """Whether the title of before the merger is named after it, or the other way round."""
        merged, plain = self._merged, _IGNORED.sub("", fold_name(printed))
        is_new = self._merged_key in plain
        if on < merged.since:
            return Untimely(Weight.WRONG, self._too_early()) if is_new else None
        if is_new:
            return None
        kind = next(kind for kind, one in merged.types.items() if one == title)
        said = (
            f"“{self.name(title, level)}”自{format_date(merged.since)}起已并入“{merged.full_name}”，类型为{kind}"
            f"（依据：{merged.document}），"
        )
        if any(_read(alias).keys[0] in plain for alias in self._by_id[title].aliases[None]):
            return Untimely(Weight.WRONG, f"{said}{format_date(on)}的认定文件不会再用原来的称号，请核对称号和日期")
        return Untimely(Weight.UNSURE, f"{said}从认定文件的名称看不出是哪一个称号，请核对认定文件并写全文件名称")

    def _too_early(self) -> str:
        merged = self._merged
        return f"“{merged.full_name}”自{format_date(merged.since)}起才有（依据：{merged.document}），请核对称号和日期"

    def note(self, text: str) -> str | None:
        """What staff should check when this spelling is taken, or None."""
        return next((self._notes[key] for key in _read(text).keys if key in self._notes), None)

    def unusual(self, text: str, level: Level) -> str | None:
        """Why a spelling is not that of this level, as a sentence without its full stop; None when it may be."""
        for key in _read(text).keys:
            title, usual = self._usual.get(key, (None, level))
            if title and usual is not level:
                return f"“{text.strip()}”是{usual}称号的写法，{level}的是“{self.name(title.id, level)}”"
        return None

    @property
    def merged_name(self) -> str:
        """The title that took the place of two; its type, 平台 or 基地, tells which of them is meant."""
        return self._merged.name

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """The titles that a headline names, each once and in their order; the merged one names no single title."""
        plain = _without_signs(text)
        said = {_LEVEL_WORDS[word] for word in ("国家级", "省级") if word in plain}
        found = {}
        for hit in self._mentioned.finditer(plain):
            key = hit["key"]
            title, level = self._index.get(key, (None, None))
            stated = {_LEVEL_WORDS[word] for word in (hit["front"], hit["back"]) if word} or said
            if level is None and len(stated) == 1:
                (level,) = stated
            if level is None and title and len(title.names) == 1:
                (level,) = title.names
            one = Mention(hit[0], title, level, self._refused.get(key, ""))
            found.setdefault((title and title.id, one.level, one.refusal), one)
        return tuple(found.values())

    def around_mentions(self, text: str) -> str:
        """What a headline says beside the titles that it names, `#` in the place of each; no signs but `&` for 、."""
        return self._mentioned.sub("#", _without_signs(text))

    def resolve(self, text: str, level: Level | None = None, on: date | None = None) -> tuple[Title, Level]:
        """The title and level meant by a spelling; BadValue says what is missing, contradicted or refused."""
        return self._resolved(text, level, on)

    def _resolve(self, text: str, level: Level | None, on: date | None) -> tuple[Title, Level]:
        spelling = _read(text)
        title, implied = self._find(text, spelling.keys, on)
        found = spelling.stated | {one for one in (implied, level) if one}
        if not found and len(title.names) == 1:
            found = frozenset(title.names)
        if len(found) > 1:
            raise BadValue(
                f"称号“{text.strip()}”前后的级别不一致（{'、'.join(sorted(found))}），请按认定文件核对。"
            )
        if not found:
            raise BadValue(f"称号“{text.strip()}”没有写明级别，请补充是省级还是国家级。")
        (decided,) = found
        if decided in title.missing:
            raise BadValue(title.missing[decided])
        return title, decided

    def _find(self, text: str, keys: tuple[str, ...], on: date | None) -> tuple[Title, Level | None]:
        for key in keys:
            if key in self._refused:
                raise BadValue(self._refused[key])
            if key in self._index:
                return self._index[key]
            if key.startswith(self._merged_key):
                return self._by_id[self._merged_title(text, key, on)], None
        raise BadValue(_why_unknown(text))

    def _merged_title(self, text: str, key: str, on: date | None) -> str:
        """Which of the two titles a merged one stands for, by its type; not before the day of the merger."""
        kind = self._type(key)
        if kind not in self._merged.types:
            raise BadValue(f"“{text.strip()}”没有写明类型，请在称号后注明“平台”或“基地”。")
        if on and on < self._merged.since:
            raise BadValue(f"{self._too_early()}。")
        return self._merged.types[kind]

    def _type(self, key: str) -> str:
        return key.removeprefix(self._merged_key).removesuffix("型").removesuffix("类").removesuffix("类型")


def _without_signs(text: str) -> str:
    return _BATCH.sub("", _IGNORED.sub("", fold_name(text).translate(_LISTED)))


def parse_level(text: str) -> Level:
    """Read 省级 or 国家级 in the usual words; BadValue otherwise."""
    if found := _LEVELS.get(fold_name(text)):
        return found
    raise BadValue(f"级别“{text.strip()}”看不懂，请填写省级或国家级。")


def parse_kind(text: str) -> Kind:
    """Read 新认定, 复核 or 再次认定 in the usual words; BadValue otherwise."""
    if found := _KINDS.get(fold_name(text)):
        return found
    raise BadValue(f"认定类型“{text.strip()}”看不懂，请填写新认定、复核或再次认定。")


@cache
def _load(path: Path) -> Titles:
    with path.open("rb") as file:
        return Titles(tomllib.load(file))


def _title(data: Mapping[str, Any]) -> Title:
    levels = {Level(entry["level"]): entry for entry in data["level"]}
    return Title(
        id=data["id"],
        names={level: entry["name"] for level, entry in levels.items()},
        aliases={None: tuple(data["aliases"])}
        | {level: tuple(entry["aliases"]) for level, entry in levels.items()},
        usual={level: tuple(entry.get("usual", ())) for level, entry in levels.items()},
        bases={
            level: tuple(map(_basis, entry["basis"]))
            for level, entry in levels.items()
        },
        missing={Level(entry["level"]): entry["sentence"] for entry in data.get("missing", ())},
    )


def _basis(data: Mapping[str, Any]) -> Basis:
    return Basis(data.get("document"), data.get("from"), data.get("to"), data.get("pending"))


def _merged(data: Mapping[str, Any]) -> _Merged:
    return _Merged(data["name"], data["full_name"], Level(data["level"]), data["from"], data["document"], data["types"])


def _sentences(entries: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {_read(name).keys[0]: entry["sentence"] for entry in entries for name in entry["names"]}


@lru_cache  # a list names few titles, many times
def _read(text: str) -> _Spelling:
    """Take a spelling apart; without a level word the place stays, as it is part of provincial names."""
    plain = _BATCH.sub("", _IGNORED.sub("", fold_name(text)))
    found = _PARTS.fullmatch(plain)
    place, front, core, back = found.groups() if found else (None, None, "", None)
    core = core.removesuffix("企业")
    stated = frozenset(_LEVEL_WORDS[word] for word in (front, back) if word)
    cores = dict.fromkeys((core, *(cut.sub("", core).removesuffix("企业") for cut in (_SORT, _USE))))
    if place and not stated:
        return _Spelling((f"江西省{core}", *cores), stated)
    return _Spelling(tuple(cores), stated)


def _why_unknown(text: str) -> str:
    if not text.strip():
        return "认定称号是空的，请填写。"
    for word, column in _OTHER_COLUMNS.items():
        if word in text:
            return f"称号“{text.strip()}”中含有“{word}”，请把它填到{column}一栏，称号只写名称。"
    return f"“{text.strip()}”不在本政策的认定称号之内，请按认定文件核对称号全称。"
