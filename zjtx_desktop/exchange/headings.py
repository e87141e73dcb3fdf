"""What the header texts of a list mean, under the names that offices use (`resources/list_words.toml`)."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cache, lru_cache

from zjtx_desktop.errors import BadValue
from zjtx_desktop.exchange.list_words import alternatives, any_of, bare, pattern, plain_set, whole, words


class Field(StrEnum):
    """What a column of a list can hold."""

    SERIAL = "serial"
    NAME = "name"
    CODE = "code"
    REGION = "region"
    CITY = "city"
    PROVINCE = "province"
    PARK = "park"
    RECOMMENDER = "recommender"
    TITLE = "title"
    LEVEL = "level"
    KIND = "kind"
    BATCH = "batch"
    YEAR = "year"
    DOCUMENT = "document"
    NUMBER = "number"
    DATE = "date"
    VALIDITY = "validity"
    VALID_FROM = "valid_from"
    VALID_TO = "valid_to"
    SHARES = "shares"
    OPERATOR = "operator"
    PRODUCT = "product"
    CERTIFICATE = "certificate"
    NOTE = "note"

    @property
    def label(self) -> str:
        """The usual Chinese name, also the first one looked for."""
        return str(words("headings")[self.value][0])


class Role(StrEnum):
    """Why a column that holds none of these is looked at all the same."""

    RESULT = "result"  # of an examination: only who passed can be taken
    ADVERSE = "adverse"  # filled in for those that are not, or no longer, recognised
    REVIEW = "review"  # filled in for those that were reviewed
    FIRST = "first"  # the year of the first recognition
    FORMER = "former"  # another name
    LATER = "later"
    ISSUER = "issuer"  # who recognised
    PLACE = "place"  # of the registered address, the taxes, the superior office
    HEADLINE = "headline"  # of a file of bad rows: what stood over the row in the list it came from
    SECTION = "section"
    TEXT = "text"


NAMES = {field: " ".join(words("headings")[field.value]) for field in Field}
MEANINGS = {name.casefold(): field for field, names in NAMES.items() for name in names.split()}
VAGUE = frozenset(
    "类型 类别 认定类别 企业类别 企业类型 项目类别 申报类别 申报类型 奖补类别 奖励类别 认定情况 认定方式 认定性质 等级".split()
)  # used for the title, the level or the kind, and for what is none of them: the values decide
HEADLINE, SECTION = "原标题", "原小标题"
UNUSED = ("原行号", "原因", HEADLINE, SECTION)  # of a file of bad rows that comes back corrected
_AROUND = re.compile(r"^(?:\d{1,2}\s*[.、．]|[一二三四五六七八九十]{1,2}、)\s*|\s*[A-Za-z][A-Za-z .,/&'’-]*$")  # 一、企业名称; 企业名称 Company Name
PLACES = (Field.REGION, Field.CITY, Field.PROVINCE, Field.PARK, Field.RECOMMENDER)
WORDED = frozenset((*PLACES, Field.TITLE, Field.LEVEL, Field.KIND))  # never a column of numbers


@lru_cache(4096)
def meaning(label: str) -> Field | None:
    """What a header text means, its brackets, marks, spaces and line breaks aside."""
    found = _listed_under(label)
    if found is None and (shorter := _AROUND.sub("", unicodedata.normalize("NFKC", label).strip())) != label:
        return _listed_under(shorter) if re.search("[一-鿿]", shorter) else None
    return found


def _listed_under(label: str) -> Field | None:
    plain, core = whole(label), bare(label)
    if found := MEANINGS.get(plain) or MEANINGS.get(core):
        return found
    return Field.NAME if _name_heading().fullmatch(core) or _is_listed_by_pattern(core) else None


def is_exact(label: str) -> bool:
    """Whether a text over a column is one of the names in the file of words, and not only made like them."""
    return whole(label) in MEANINGS or bare(label) in MEANINGS


@lru_cache(1024)
def role(label: str) -> Role:
    """Why a column under a header text that means no field is looked at."""
    if label in (HEADLINE, SECTION):
        return Role.HEADLINE if label == HEADLINE else Role.SECTION
    core = bare(label)
    for found, key in ((Role.FORMER, "former_names"), (Role.LATER, "later_names"), (Role.PLACE, "other_places"), (Role.ISSUER, "issuers")):
        if core in plain_set("columns", key):
            return found
    for found, key in ((Role.FIRST, "first_years"), (Role.REVIEW, "reviews"), (Role.ADVERSE, "adverse"), (Role.RESULT, "results")):
        if core and pattern("columns", key).fullmatch(core):
            return found
    return Role.TEXT


@lru_cache(1024)
def is_descriptive(label: str) -> bool:
    """Whether a column tells of products, business or contacts, where no word is a status."""
    return bool(any_of("columns", "descriptive").search(bare(label)))


def is_listed(label: str) -> bool:
    """Whether a column holds what a platform or a base is called, and not a legal person."""
    return bare(label) in plain_set("name_heading", "listed") or _is_listed_by_pattern(bare(label))


def runs(label: str) -> bool:
    """Whether a column beside the name of a platform or base holds who runs it."""
    return bool(pattern("name_heading", "runs").fullmatch(bare(label)))


def _is_listed_by_pattern(core: str) -> bool:
    return bool(pattern("name_heading", "listed_pattern").fullmatch(core))


def is_asked(label: str) -> bool:
    """Whether nobody can tell from a header text alone if the names stand under it."""
    return bare(label) in plain_set("name_heading", "asked")


def is_vague(label: str) -> bool:
    """Whether the values decide what a column means."""
    return bare(label) in VAGUE


def parses(parse: Callable[[str], object], text: str) -> bool:
    """Whether `parse` takes the text."""
    try:
        parse(text)
    except BadValue:
        return False
    return True


def mostly(parse: Callable[[str], object], texts: Iterable[str]) -> bool:
    """Whether `parse` takes more than half of the texts, and there are any."""
    taken = [parses(parse, text) for text in texts]
    return 2 * sum(taken) > len(taken)


@cache
def _name_heading() -> re.Pattern[str]:
    before, after = (alternatives(words("name_heading")[key]) for key in ("before", "after"))
    return re.compile(f"(?:20\\d\\d年?度?)?(?:{before})*(?:{after})")
