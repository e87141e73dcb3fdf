"""What stands around the rows (headline, sheet, file name) against what a person says of the whole file.

A headline decides nothing by itself: what it says is proposed with its source, and where it contradicts what was
given, the person is asked once for the file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zjtx_desktop.domain.titles import Kind, Level, Titles
from zjtx_desktop.exchange.statements import Said, batch_key, first
from zjtx_desktop.values import Division, DocumentNumber, format_date

LABELS = {"title": "称号", "level": "级别", "kind": "认定类型", "label_year": "年度", "batch": "批次", "division": "所属地区"}


@dataclass(frozen=True, slots=True)
class ListDefaults:
    """What the person says of the whole file; it fills what a row does not say itself."""

    title: str | None = None  # the id of a title
    level: Level | None = None
    kind: Kind | None = None
    document_title: str | None = None
    document_number: DocumentNumber | None = None
    document_date: date | None = None
    batch: str | None = None
    label_year: int | None = None
    division: Division | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person decided beside: `from_heading` takes what the headline proposes where nothing was given,
    `as_given` keeps what was given where the headline says otherwise (the fields of questions, or all of them),
    `accept_fixes` takes the proposals for codes and names.
    """

    from_heading: bool = False
    as_given: frozenset[str] | None = frozenset()  # None for every question
    accept_fixes: bool = False

    def settles(self, field: str) -> bool:
        """Whether a question about this field was answered: as given."""
        return self.as_given is None or field in self.as_given


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value for the whole file that a headline names; `source` is where it stands, in words."""

    field: str
    value: Any
    shown: str
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something given for the whole file that the headline says otherwise; it has to be answered once."""

    field: str
    sentence: str


def sources(heads: Sequence[Said]) -> Iterable[tuple[Said, str]]:
    """The headlines, and how each is called: the last is the name of the sheet."""
    for place, said in enumerate(heads):
        yield said, f"{'工作表名' if place == len(heads) - 1 else '标题'}{said.quoted}"


def proposals(heads: Sequence[Said]) -> tuple[Proposal, ...]:
    """What the headlines propose, the first that says a thing; nothing of a list that recognises nobody."""
    if first(heads, "stopped") or first(heads, "renamed"):
        return ()
    found: dict[str, Proposal] = {}
    titles = Titles.load()
    for said, source in sources(heads):
        title = said.title.title if said.title else None
        level = said.title.level if said.title else said.level
        values: dict[str, tuple[Any, str]] = {"label_year": (said.year, f"{said.year}"), "batch": (said.batch, f"{said.batch}")}
        if title:
            shown = titles.name(title.id, level) if level else title.aliases[None][0]
            values["title"] = (title.id, shown)
        values["level"] = (level, f"{level}")
        values["kind"] = (None if len(said.kinds) > 1 else said.kind, f"{said.kind}")
        for field, (value, shown) in values.items():
            if value is not None and field not in found:
                found[field] = Proposal(field, value, shown, source)
    return tuple(found[field] for field in LABELS if field in found)


def with_proposals(given: ListDefaults, offered: Iterable[Proposal]) -> ListDefaults:
    """What was given, and for the rest what the headline proposes; a level only with the title it belongs to."""
    values = {one.field: one.value for one in offered if getattr(given, one.field) is None}
    if given.title and "level" in values and "title" not in values:
        named = next((one.value for one in offered if one.field == "title"), None)
        if named != given.title:
            del values["level"]
    return replace(given, **values)


def questions(given: ListDefaults, heads: Sequence[Said]) -> Mapping[str, Question]:
    """Where the headlines contradict what was given, by the field that is in doubt."""
    found: dict[str, Question] = {}
    for said, source in sources(heads):
        for question in _questions(given, said, source):
            found.setdefault(question.field, question)
    return found


def _questions(given: ListDefaults, said: Said, source: str) -> Iterable[Question]:
    yield from _title_questions(given, said, source)
    if given.kind and said.kinds and said.kinds != {given.kind}:
        told = "、".join(sorted(said.kinds))
        yield Question("kind", f"{source}提到“{told}”，而全表的认定类型是“{given.kind}”。")
    if given.batch and said.batch and batch_key(given.batch) != batch_key(said.batch):
        yield Question("batch", f"{source}写的是{said.batch}，而全表的批次是“{given.batch}”。")
    if given.division and (said.place and said.place != given.division):
        yield Question("division", f"{source}写的是{said.place}，而全表的所属地区是{given.division}。")
    if elsewhere := Division.begins_elsewhere(said.text):
        ours = f"全表的所属地区是{given.division}" if given.division else "本账簿只登记上饶市的单位"
        yield Question("division", f"{source}写的是{elsewhere}，而{ours}。")
    if given.label_year and said.year and given.label_year != said.year:
        yield Question("label_year", f"{source}写的是 {said.year} 年，而全表的年度是 {given.label_year}。")
    elif given.document_date and said.year and given.document_date.year - said.year not in (0, 1):
        day = format_date(given.document_date)
        yield Question("label_year", f"{source}写的是 {said.year} 年，而认定日期是{day}，相差不合常理。")


def _title_questions(given: ListDefaults, said: Said, source: str) -> Iterable[Question]:
    if given.title is None:
        return
    titles = Titles.load()
    ours = titles.get(given.title).aliases[None][0]
    ids = {one.title.id for one in said.titles if one.title}
    if said.refusal and given.title not in ids:
        yield Question("title", f"{source}写的不是奖励称号（{said.refusal}），而全表的称号是“{ours}”。")
    elif ids and given.title not in ids and not said.several:
        theirs = next(one.text for one in said.titles if one.title)
        yield Question("title", f"{source}写的是“{theirs}”，而全表的称号是“{ours}”。")
    level = said.title.level if said.title else said.level
    if given.level and said.title and level is None and (unusual := titles.unusual(said.title.text, given.level)):
        yield Question("level", f"{source}写的{unusual}，而全表的级别是{given.level}。")
    if given.level and level and level is not given.level:
        yield Question("level", f"{source}写的是{level}，而全表的级别是{given.level}。")


def year_note(defaults: ListDefaults, heads: Sequence[Said]) -> tuple[str, ...]:
    """A headline of the year before the document's: usual, and still to be looked at."""
    said = first(heads, "year")
    day = defaults.document_date
    if said is None or day is None or day.year - (said.year or 0) != 1:
        return ()
    return (f"标题{said.quoted}写的是 {said.year} 年，认定日期是{format_date(day)}，请核对按哪一年奖补。",)
