"""What a row of a list says of an organisation and of its recognition, as the book keeps it, and how two of them differ."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from zjtx_desktop.domain.titles import Kind
from zjtx_desktop.exchange.list_record import ListRow, Stated
from zjtx_desktop.exchange.statements import batch_key
from zjtx_desktop.values import fold_name, format_date, initials

COPIED = (
    "batch", "label_year", "document_title", "document_number", "document_date", "publicity_only",
    "valid_from", "valid_to", "operator", "product", "certificate", "note", "title_type",
)  # fmt: skip
LABELS = {
    "batch": "批次", "label_year": "年度", "document_title": "认定文件", "document_number": "文号",
    "document_date": "认定日期", "publicity_only": "仅为公示", "valid_from": "有效期起", "valid_to": "有效期止",
    "operator": "运营单位", "product": "产品", "certificate": "证书编号", "note": "备注",
    "title_type": "称号类型", "credit_code": "统一社会信用代码", "division": "所属地区",
}  # fmt: skip
ALIKE = ("title", "level", "kind", *COPIED, "cohort")  # of a recognition, besides the name it was listed under
TELLING = ("batch", "document_number", "label_year", "document_date")  # the first that both have decides


def named(name: str, before: str = "", initials_before: str | None = None) -> dict[str, Any]:
    """A name with what it is compared and found by; an organisation is still found by those it bore before."""
    earlier = initials_before or initials(before)
    return spelt(name) | {"initials": f"{initials(name)} {earlier}".strip()}


def spelt(name: str) -> dict[str, Any]:
    """A name with what it is compared by."""
    folded = fold_name(name)
    return {"name": name, "folded": name if folded == name else folded}


def identity(row: ListRow) -> dict[str, str | None]:
    """What the row says of its organisation besides the name."""
    return {"credit_code": row.code, "division": row.division.code if row.division else None}


def former_name(organisation_id: int | None, folded: str, name: str) -> dict[str, Any]:
    """A name given up, as a row of its own."""
    return {"organisation_id": organisation_id, "name": name, "folded": folded}


def recognition_facts(row: ListRow) -> dict[str, Any]:
    """The recognition that a row tells of; with `cohort`, what tells it from another of the same title."""
    return {**_alike(row.stated), "listed_name": row.name}


@lru_cache(maxsize=4096)  # a long list says the same many times
def _alike(stated: Stated) -> Mapping[str, Any]:
    facts: dict[str, Any] = {"title": stated.title, "level": str(stated.level), "kind": str(stated.kind)}
    facts |= {key: getattr(stated, key) for key in COPIED}
    return facts | {"cohort": cohort_of(facts)}


def cohort_of(facts: dict[str, Any]) -> str:
    """What tells this recognition from another of the same organisation, title, level and kind."""
    if facts["batch"]:
        return "/".join(str(part) for part in (batch_key(facts["batch"]), facts["label_year"]) if part)
    return next((str(facts[key]) for key in TELLING if facts[key]), "")


def is_same(have: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether two recognitions of one organisation are one and the same: the same batch, whatever the document."""
    if any(have[key] != wanted[key] for key in ("title", "level", "kind")):
        return False
    if have["batch"] and wanted["batch"]:
        return _same_batch(have, wanted)
    return next((have[key] == wanted[key] for key in TELLING if have[key] and wanted[key]), True)


def is_doubled(have: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether two recognitions that are not the same one may yet be: nobody is newly recognised twice, and without
    batches a mistake in the document's number or day looks like another document.
    """
    if any(have[key] != wanted[key] for key in ("title", "level", "kind")):
        return False
    return wanted["kind"] == Kind.NEW or not (have["batch"] and wanted["batch"])


def known_by(facts: dict[str, Any]) -> str:
    """What tells a recognition from others of its title, in words: its batch, document, year and day."""
    day = facts["document_date"]
    said = (facts["batch"], facts["document_number"], facts["label_year"] and f"{facts['label_year']} 年度", day and format_date(day))
    return "，".join(filter(None, (facts["kind"], *said)))


def both_told(have: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether two recognitions of one title, level and kind have the same batch."""
    return bool(have["batch"] and wanted["batch"]) and _same_batch(have, wanted)


def _same_batch(have: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """第六批 and 第6批 are one; a first batch of every year is not."""
    years = have["label_year"], wanted["label_year"]
    return batch_key(have["batch"]) == batch_key(wanted["batch"]) and (None in years or years[0] == years[1])


def differences(have: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """What the row says that the book says otherwise, or not at all.

    A recognition that was but published is one once a list says so, and never the other way.
    """
    changed = {key: wanted[key] for key in COPIED if wanted[key] and wanted[key] != have[key]}
    if have["batch"] and changed.get("batch") and batch_key(have["batch"]) == batch_key(wanted["batch"]):
        del changed["batch"]
    changed.pop("publicity_only", None)
    return changed | ({"publicity_only": False} if have["publicity_only"] and not wanted["publicity_only"] else {})


def told(have: dict[str, Any], changed: dict[str, Any]) -> str:
    """A change of a recognition in words."""
    return "；".join(f"{LABELS[key]}由“{_word(have[key])}”改为“{_word(value)}”" for key, value in changed.items())


def _word(value: Any) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(value or "空")
