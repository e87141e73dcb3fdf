"""What a text in or around a list says of the rows under it: a headline, a sheet's name, a sub-heading, a remark."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from zjtx_desktop.domain.titles import Kind, Level, Mention, Titles
from zjtx_desktop.errors import BadValue
from zjtx_desktop.exchange.list_words import any_of, pattern, words
from zjtx_desktop.exchange.places import WHOLE_CITY
from zjtx_desktop.values import Division, fold_name

LONGEST_HEADLINE = 60  # letters; what is longer, or has a full stop, is prose
SHOWN = 40
_YEAR = re.compile(r"(?<![\d(\[【〔（])(20\d\d)\s*(?:年度|年(?!\s*\d{1,2}\s*月)|度)")
_SPAN = re.compile(r"20\d\d\s*年?度?\s*[-—~～至、和]\s*20\d\d")
_BATCH = re.compile(r"第([〇零一二三四五六七八九十百\d]{1,3})批次?")
_COUNT = re.compile(r"(?:共[计有]?|合计|总计|(?:公司|厂|企业)等|[(（])[^\d()（）]{0,4}?(\d{1,5}|[一二三四五六七八九十]{1,3})\s*[家户个名条]")
_COUNTED = re.compile(r"[(（]?共?[计有]?(\d{1,5}|[一二三四五六七八九十]{1,3})[家户个名条]企?业?[)）]?")
_AND = re.compile("以及|[和及与暨、，,；;]|同时|并")
_ONE_NAME = re.compile("(?<=工业)和(?=信息化)|(?<=发展)和(?=改革|工业)|(?<=科技)和(?=工业)")  # 工业和信息化 is one word
_BOTH = re.compile("认定[(/](复核|复审)|(复核|复审)[(/]认定")
_NUMBERING = re.compile(r"附件\d{0,2}[:：]?|附表\d{0,2}[:：]?|[(（]?[一二三四五六七八九十]{1,3}[、.．)）]|[(（]?\d{1,2}[、.．)）](?!\d)|第[一二三四五六七八九十]{1,3}(?:部分|类)[:：、]?")


@dataclass(frozen=True, slots=True)
class Said:
    """What one text says. `stopped`, `renamed` and `proposed` are the word that says it."""

    text: str = ""
    stopped: str = ""
    renamed: str = ""
    proposed: str = ""
    kinds: frozenset[Kind] = frozenset()
    titles: tuple[Mention, ...] = ()
    merged: bool = False  # the title that took the place of two, told apart by the type of a row
    refusal: str = ""  # it names what is no award title
    several: bool = False  # it names a class of titles, or others beside those in `titles`
    level: Level | None = None
    year: int | None = None
    batch: str | None = None
    place: Division | None = None
    outside: bool = False
    here: bool = False  # the city or the province itself
    count: int | None = None

    @property
    def title(self) -> Mention | None:
        """The one title that it names, None where it names more."""
        named = {one.title.id for one in self.titles if one.title}
        return next((one for one in self.titles if one.title), None) if len(named) == 1 and not self.several else None

    @property
    def kind(self) -> Kind | None:
        """The one kind that it names."""
        return next(iter(self.kinds)) if len(self.kinds) == 1 else None

    @property
    def is_silent(self) -> bool:
        """Whether it says nothing that bears on a row."""
        return not (self.bears or self.year or self.batch or self.count)

    @property
    def bears(self) -> bool:
        """Whether it says what the rows under it are."""
        return bool(
            self.stopped or self.renamed or self.proposed or self.kinds or self.titles or self.merged
            or self.refusal or self.level or self.is_place
        )  # fmt: skip

    @property
    def is_place(self) -> bool:
        """Whether it says where the rows under it belong."""
        return bool(self.place or self.outside or self.here)

    @property
    def quoted(self) -> str:
        """The text as it is named in a sentence."""
        return f"“{self.text[:SHOWN]}{'…' if len(self.text) > SHOWN else ''}”"


@dataclass(frozen=True, slots=True)
class Status:
    """The words of a text that say how far a recognition is, and of what kind."""

    stopped: str = ""
    renamed: str = ""
    proposed: str = ""
    kinds: frozenset[Kind] = field(default_factory=frozenset)


SILENT = Status()


@lru_cache(4096)
def status_of(text: str) -> Status:
    """What a cell, a remark or a headline says of the status; harmless turns of phrase are crossed out before."""
    plain = any_of("status", "harmless").sub("", unicodedata.normalize("NFKC", text))
    stopped = any_of("status", "stopped").search(plain) or pattern("status", "stopped_pattern").search(plain)
    renamed = any_of("status", "renamed").search(plain)
    proposed = pattern("status", "proposed_pattern").search(plain) or any_of("status", "proposed").search(plain)
    kinds = {kind for kind, key in ((Kind.REVIEW, "review"), (Kind.AGAIN, "again")) if any_of("status", key).search(plain)}
    if any_of("status", "new").search(any_of("status", "again").sub("", plain)):  # 重新认定 is not 新认定
        kinds.add(Kind.NEW)
    if not (stopped or renamed or proposed or kinds):
        return SILENT
    return Status(*(found[0] if found else "" for found in (stopped, renamed, proposed)), frozenset(kinds))


@lru_cache(1024)
def said_in(text: str) -> Said:
    """What a headline, a sheet's name or a sub-heading says; prose says only what it decides."""
    shown = " ".join(text.split())
    plain = unicodedata.normalize("NFKC", shown)
    if len(plain) > LONGEST_HEADLINE or "。" in plain:
        return _in_prose(shown, plain)
    status, named = status_of(plain), Titles.load().mentions(shown)
    lower = pattern("sections", "lower").search(plain)
    titles = () if lower else tuple(one for one in named if one.title)
    merged = any(one.title is None and not one.refusal for one in named)
    refusal = next((one.refusal for one in named if one.refusal), "") or (_too_low(lower[0]) if lower else _no_title(plain))
    several = bool(titles) and (bool(refusal) or _names_more(shown))
    place, outside = _place(plain)
    here = fold_name(_core(plain)) in WHOLE_CITY
    kinds = status.kinds | {Kind.NEW} if status.kinds and _names_new_beside(plain) else status.kinds
    return Said(
        shown, status.stopped, status.renamed, status.proposed, kinds, titles, merged,
        refusal, several, _level(plain, () if several or len({one.title for one in titles}) > 1 else titles), _year(plain), _batch(plain), place, outside, here, count_in(plain),
    )  # fmt: skip


def numbering(text: str) -> str:
    """附件2, 一、 or （三） before a heading; empty when it begins without."""
    found = _NUMBERING.match(unicodedata.normalize("NFKC", text).strip())
    return found[0] if found else ""


def count_in(text: str) -> int | None:
    """How many organisations a text says there are: 共5家, （三家）, 合计 12 户."""
    found = _COUNT.search(unicodedata.normalize("NFKC", text)) or _COUNTED.fullmatch(text.strip())
    return number_of(found[1]) if found else None


def number_of(text: str) -> int:
    """12 or 十二 as a number."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    digits = "零一二三四五六七八九"
    if not ten:
        return int("".join(str(max(digits.find(one), 0)) for one in text))
    return 10 * (digits.find(tens) if tens else 1) + (digits.find(ones) if ones else 0)


def batch_key(batch: str) -> str:
    """By what two batches are compared: 第六批, 第6批, 6 and （第六批） are one."""
    plain = fold_name(batch)
    found = _BATCH.search(plain)
    if found and not _YEAR.sub("", plain.replace(found[0], "")).strip("()-、"):
        years = _YEAR.search(plain)
        return f"{years[1] + '/' if years else ''}{number_of(found[1].replace('〇', '零'))}"
    return str(number_of(plain)) if plain.isdecimal() else plain


def first(said: Iterable[Said], what: str) -> Said | None:
    """The first of these that says this."""
    return next((one for one in said if getattr(one, what)), None)


def _in_prose(shown: str, plain: str) -> Said:
    stopped = pattern("status", "prose_stopped").search(plain)
    proposed = pattern("status", "prose_proposed").search(plain)
    return Said(shown, stopped=stopped[0] if stopped else "", proposed=proposed[0] if proposed else "", count=count_in(plain))


def _names_more(shown: str) -> bool:
    """Whether a headline that names a title means more than that one: “专精特新”等称号, 专精特新中小企业和小巨人."""
    rest = Titles.load().around_mentions(shown)
    return any(pattern("sections", key).search(rest) for key in ("class_of_titles", "another_title"))


def _names_new_beside(plain: str) -> bool:
    """Whether a headline that speaks of a review names others beside the reviewed: 认定和复核通过, 第六批企业和通过复核的企业.

    A review told behind several titles (中小企业和小巨人企业复核名单) is of them all.
    """
    parts = _AND.split(_ONE_NAME.sub("", plain))
    reviews = [any_of("status", "review", "again").search(part) for part in parts]
    of_all = all(not found or Titles.load().mentions(part[: found.start()]) for part, found in zip(parts, reviews, strict=True))
    for at, part in enumerate(parts):
        behind = of_all and any(reviews[at:])
        if not reviews[at] and ("认定" in part or _BATCH.search(part) or not behind and Titles.load().mentions(part)):
            return True
    return bool(_BOTH.search(plain))


def _no_title(plain: str) -> str:
    found = any_of("sections", "no_titles").search(any_of("status", "harmless").sub("", plain))
    if not found:
        return ""
    return f"“{found[0]}”不在本政策的奖励称号之内，不予登记奖励。"


def _too_low(words_of_title: str) -> str:
    return f"“{words_of_title}”是市、县级的称号，奖励的是省级及以上的称号，不予登记奖励。"


def _level(plain: str, titles: tuple[Mention, ...]) -> Level | None:
    levels = {one.level for one in titles if one.level}
    if not titles:
        levels = {level for level in Level if level.value in plain}
    return next(iter(levels)) if len(levels) == 1 else None


def _year(plain: str) -> int | None:
    years = {int(year) for year in _YEAR.findall(_chinese_years(plain))}
    return next(iter(years)) if len(years) == 1 and not _SPAN.search(plain) else None


def _chinese_years(plain: str) -> str:
    digits = str.maketrans("〇零○一二三四五六七八九", "000123456789")
    return re.sub("二[〇零○][〇零○一二三四五六七八九]{2}(?=年)", lambda found: found[0].translate(digits), plain)


def _batch(plain: str) -> str | None:
    batches = {found[0].removesuffix("次") for found in _BATCH.finditer(plain)}
    return next(iter(batches)) if len(batches) == 1 else None


@cache
def _names_of_places() -> re.Pattern[str]:
    names = [one.name for one in Division.all() if not one.is_city]
    return re.compile("|".join((*names, "上饶经开区", "上饶高新区", "上饶县", "广丰县", "经开区")))


def _place(plain: str) -> tuple[Division | None, bool]:
    """The one county that a heading names, or whether it is the name of a place elsewhere."""
    core = _core(plain)
    if core and Division.elsewhere(core) and len(core) <= 8:
        return None, True
    found = set(map(Division.parse, _names_of_places().findall(plain)))
    if not found and 2 <= len(core) <= 12:
        try:
            found = {Division.parse(core)}
        except BadValue:
            found = set()
    return (next(iter(found)) if len(found) == 1 else None), False


def _core(plain: str) -> str:
    """A heading without its numbering and its count."""
    return _COUNTED.sub("", plain[len(numbering(plain)) :]).strip(" :：()（）")


def hint_in(text: str) -> str:
    """A word of a remark that a person should look at: 注销, 迁出, 更名."""
    found = any_of("status", "hints").search(unicodedata.normalize("NFKC", text))
    return found[0] if found else ""


def is_harmless(text: str) -> bool:
    """Whether a cell says no more than that all is well: 无异议, 未撤销."""
    return not re.sub(r"[\W_]+", "", any_of("status", "harmless").sub("", unicodedata.normalize("NFKC", text)))


def is_tick(text: str) -> bool:
    """Whether a cell under a question says yes by a sign."""
    return text in words("status")["ticks"]


def issuer_level(text: str) -> Level | None:
    """Of which level a title is that this body gives."""
    if any_of("columns", "national_issuers").search(text):
        return Level.NATIONAL
    return Level.PROVINCIAL if any_of("columns", "provincial_issuers").search(text) else None


def is_no(text: str) -> bool:
    """Whether a cell under a question says no."""
    return text in words("status")["no"]
