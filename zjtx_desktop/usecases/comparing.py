"""名单与账簿对照: a published list beside the book, both ways; nothing is written.

A row means the organisation that an import would take it for. The recognitions of the book that belong on the list are
those of its titles and levels, of the same batch, or where batches are not told, of the same year.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.exchange.list_sheet import SheetColumn, write_list
from zjtx_desktop.exchange.lists import ListRow, ParsedList
from zjtx_desktop.exchange.statements import batch_key
from zjtx_desktop.storage.bulk import rows_by
from zjtx_desktop.storage.tables import FormerName, Organisation, Recognition
from zjtx_desktop.usecases.import_facts import LABELS, differences, identity, is_same, recognition_facts
from zjtx_desktop.usecases.imports import Plan, Refusal
from zjtx_desktop.values import Division, fold_name

Tick = Callable[[int, int], None]
Facts = dict[str, Any]


class Finding(StrEnum):
    """What a comparison finds about a row of the list, or about a recognition of the book."""

    MISSING = "missing"
    UNLISTED = "unlisted"
    DIFFERENT = "different"
    DOUBTFUL = "doubtful"
    UNREAD = "unread"
    REPEATED = "repeated"
    ALIKE = "alike"
    NOT_OURS = "not_ours"

    @property
    def label(self) -> str:
        """The word on the screen and in the workbook."""
        return _LABELS[self.value]


_LABELS = {
    "missing": "账簿没有", "unlisted": "名单没有", "different": "内容不同", "doubtful": "认不准",
    "unread": "名单有误", "repeated": "名单内重复", "alike": "一致", "not_ours": "不属本市",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of the list, a recognition of the book, or both, and what was found.

    `row` is its number in the file and `key` what tells it from the file's other rows, both 0 for what only the book has.
    `in_book` is the name the book keeps. `recognition` and `organisation` are ids in the book, None where there is none.
    """

    finding: Finding
    name: str
    why: str
    row: int = 0
    key: int = 0
    sheet: str = ""
    in_book: str = ""
    credit_code: str | None = None
    division: str = ""
    title: str = ""
    level: str = ""
    kind: str = ""
    batch: str | None = None
    label_year: int | None = None
    document_number: str | None = None
    recognition: int | None = None
    organisation: int | None = None

    @property
    def id(self) -> int:
        """What tells it from everything else that was found."""
        return self.key or -(self.recognition or 0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that was found, what only the list has first; `notes` say with what of the book it was compared."""

    rows: tuple[Compared, ...]
    notes: tuple[str, ...]

    def count(self, finding: Finding) -> int:
        """How many rows were found to be so."""
        return sum(one.finding is finding for one in self.rows)

    def keys(self, finding: Finding) -> frozenset[int]:
        """The rows of the list found to be so."""
        return frozenset(one.key for one in self.rows if one.finding is finding)


def compare(session: Session, parsed: ParsedList, only: Division | None = None, tick: Tick = lambda done, total: None) -> Comparison:
    """Put a list beside the book; `only` leaves out what the book has of other counties."""
    return _Comparing(session, parsed, only, tick).result()


def save_comparison(path: Path, found: Comparison, name: str, today: date) -> None:
    """Write everything found as a workbook, one row each, under the name of the list; a file that is there is replaced."""
    write_list(path, "名单与账簿对照", [SheetColumn(*column[:3]) for column in _COLUMNS], _texts(found, name), today)


def _texts(found: Comparison, name: str) -> Iterator[list[str]]:
    for one in found.rows:
        yield [text(one) for *_, text in _COLUMNS]
    for note in (f"名单：{name}。", *found.notes):
        yield ["说明", note, *[""] * (len(_COLUMNS) - 2)]


_COLUMNS: tuple[tuple[str, int, bool, Callable[[Compared], str]], ...] = (
    ("结论", 5, False, lambda one: one.finding.label),
    ("说明", 30, False, lambda one: one.why),
    ("名单行号", 4, True, lambda one: str(one.row or "")),
    ("工作表", 6, False, lambda one: one.sheet),
    ("名单所列名称", 18, False, lambda one: one.name if one.row else ""),
    ("账簿中的名称", 18, False, lambda one: one.in_book),
    ("统一社会信用代码", 11, False, lambda one: one.credit_code or ""),
    ("所属地区", 6, False, lambda one: one.division),
    ("称号", 14, False, lambda one: one.title),
    ("级别", 4, False, lambda one: one.level),
    ("类型", 5, False, lambda one: one.kind),
    ("批次", 5, False, lambda one: one.batch or ""),
    ("年度", 4, False, lambda one: str(one.label_year or "")),
    ("文号", 12, False, lambda one: one.document_number or ""),
)


class _Comparing:
    """Pairs the rows of a list with recognitions: first those that are the same, then those that come closest."""

    def __init__(self, session: Session, parsed: ParsedList, only: Division | None, tick: Tick) -> None:
        self._parsed, self._only = parsed, only
        self._found: list[Compared] = []
        self._whose: dict[int, int | None] = {}
        self._doubts: dict[int, Refusal] = {}
        self._match(session, tick)
        self._load(session)
        self._taken: dict[int, ListRow] = {}

    def result(self) -> Comparison:
        """Everything found, in the order of `Finding`."""
        waiting = list(self._read())
        for closest in (False, True):
            waiting = [row for row in waiting if not self._pair(row, closest)]
        self._found += [self._missing(row) for row in waiting]
        self._found += self._unlisted()
        order = list(Finding)
        rows = sorted(self._found, key=lambda one: (order.index(one.finding), one.sheet, one.key, one.name))
        return Comparison(tuple(rows), tuple(self._notes()))

    # who is who

    def _match(self, session: Session, tick: Tick) -> None:
        """Whose each row is, as an import would say it; a known code under another name is a difference here, no refusal."""
        rows = self._parsed.rows
        plan = Plan(session, self._parsed, renamed=frozenset(row.key for row in rows), tick=tick)
        for row in rows:
            if row.ok:
                try:
                    self._whose[row.key] = plan.whose(row)
                except Refusal as doubt:
                    self._doubts[row.key] = doubt
                    self._whose[row.key] = doubt.candidates[0] if len(doubt.candidates) == 1 else None

    def _load(self, session: Session) -> None:
        """The organisations of the rows, and every recognition of theirs and of the list's titles and levels."""
        ids = {one for one in self._whose.values() if one} | {one for doubt in self._doubts.values() for one in doubt.candidates}
        self._cohorts = {_cohort(recognition_facts(row)) for row in self._parsed.rows if row.ok and row.title}
        facts = [row.model_dump() for row in rows_by(session, Recognition, "organisation_id", ids)]
        known = {one["id"] for one in facts}
        for title, level in sorted({(one[0], one[1]) for one in self._cohorts}):
            query = select(Recognition.id).where(col(Recognition.title) == title, col(Recognition.level) == level)
            more = set(session.scalars(query)) - known
            known |= more
            facts += [row.model_dump() for row in rows_by(session, Recognition, "id", more)]
        ids |= {one["organisation_id"] for one in facts}
        self._owners = {row.id: row.model_dump() for row in rows_by(session, Organisation, "id", ids)}
        self._former: dict[int, set[str]] = {}
        for former in rows_by(session, FormerName, "organisation_id", ids):
            self._former.setdefault(former.organisation_id, set()).add(former.folded)
        self._held: dict[int, list[Facts]] = {}
        for one in facts:
            self._held.setdefault(one["organisation_id"], []).append(one)

    # the rows of the list

    def _read(self) -> Iterator[ListRow]:
        """The rows that can be paired; what cannot is found out here."""
        for row in self._parsed.rows:
            doubt = self._doubts.get(row.key)
            if row.errors:
                self._found.append(_of_row(row, Finding.UNREAD, "".join(row.errors)))
            elif row.outside:
                self._found.append(_of_row(row, Finding.NOT_OURS, row.outside))
            elif doubt and self._whose[row.key] is None:
                names = "、".join(self._called(one) for one in doubt.candidates)
                self._found.append(_of_row(row, Finding.DOUBTFUL, f"{doubt}{f'可能是：{names}。' if names else ''}"))
            else:
                yield row

    def _pair(self, row: ListRow, closest: bool) -> bool:
        """Find the recognition that a row tells of; the closest one is of the same title and level, and not another's."""
        owner = self._whose[row.key]
        wanted = recognition_facts(row)
        held = self._held.get(owner, []) if owner else []
        if closest:
            free = [one for one in held if one["id"] not in self._taken and _is_close(one, wanted)]
            have = max(free, key=lambda one: _closeness(one, wanted), default=None)
        else:
            same = [one for one in held if is_same(one, wanted)]
            have = min(same, key=lambda one: one["id"] in self._taken, default=None)
        if have is None or owner is None:
            return False
        if first := self._taken.get(have["id"]):
            where = f"工作表“{first.sheet}”" if first.sheet != row.sheet else ""
            self._found.append(self._both(row, have, Finding.REPEATED, f"与{where}第 {first.number} 行是同一单位的同一项认定。"))
            return True
        self._taken[have["id"]] = row
        why = "；".join(self._differences(row, owner, have, wanted))
        self._found.append(self._both(row, have, Finding.DIFFERENT if why else Finding.ALIKE, f"{why}。" if why else ""))
        return True

    def _differences(self, row: ListRow, owner: int, have: Facts, wanted: Facts) -> Iterator[str]:
        """What the list says otherwise than the book, each thing in its own words."""
        ours = self._owners[owner]
        if fold_name(row.name) != ours["folded"]:
            former = fold_name(row.name) in self._former.get(owner, ())
            yield f"名称：名单“{row.name}”，账簿“{ours['name']}”{'（名单上是曾用名）' if former else ''}"
        for key, value in identity(row).items():
            if value and value != ours[key]:
                yield _told(key, value, ours[key])
        if have["kind"] != wanted["kind"]:
            yield f"认定类型：名单“{wanted['kind']}”，账簿“{have['kind']}”"
        changed = differences(have, wanted)
        if have["publicity_only"] != wanted["publicity_only"]:
            yield "名单只是公示，账簿已是正式认定" if wanted["publicity_only"] else "账簿仅为公示，名单不是公示"
        for key, value in changed.items():
            if key not in ("publicity_only", "note"):
                yield _told(key, value, have[key])

    def _missing(self, row: ListRow) -> Compared:
        owner = self._whose[row.key]
        if row.key in self._doubts:
            return _of_row(row, Finding.DOUBTFUL, str(self._doubts[row.key]), owner, self._called(owner))
        why = f"账簿有“{self._called(owner)}”，没有登记这项认定。" if owner else "账簿没有这家单位。"
        return _of_row(row, Finding.MISSING, why, owner, self._called(owner))

    def _both(self, row: ListRow, have: Facts, finding: Finding, why: str) -> Compared:
        owner = have["organisation_id"]
        return _of_row(row, finding, why, owner, self._called(owner), have["id"])

    def _called(self, owner: int | None) -> str:
        return str(self._owners[owner]["name"]) if owner else ""

    # the recognitions of the book

    def _unlisted(self) -> Iterator[Compared]:
        titles = Titles.load()
        unread = {fold_name(row.name): row for row in self._parsed.rows if row.errors}
        doubtful = {one for doubt in self._doubts.values() for one in doubt.candidates}
        for held in self._held.values():
            for one in held:
                ours = self._owners[one["organisation_id"]]
                if one["id"] in self._taken or not any(_belongs(one, cohort) for cohort in self._cohorts):
                    continue
                if self._only and ours["division"] != self._only.code:
                    continue
                why = "名单上没有这项认定。"
                if ours["id"] in doubtful:
                    why = "名单上有一行可能是这家单位，见“认不准”各行。"
                elif row := unread.get(ours["folded"]):
                    why = f"名单第 {row.number} 行写着这个名称，那一行有误，没有对照。"
                yield Compared(
                    Finding.UNLISTED,
                    ours["name"],
                    f"账簿仅为公示；{why}" if one["publicity_only"] else why,
                    in_book=ours["name"],
                    credit_code=ours["credit_code"],
                    division=_place(ours["division"]),
                    title=titles.name(one["title"], Level(one["level"]), one["title_type"]),
                    level=one["level"],
                    kind=one["kind"],
                    batch=one["batch"],
                    label_year=one["label_year"],
                    document_number=one["document_number"],
                    recognition=one["id"],
                    organisation=ours["id"],
                )

    def _notes(self) -> Iterator[str]:
        """With which recognitions of the book the list was compared."""
        titles = Titles.load()
        for title, level in sorted({(one[0], one[1]) for one in self._cohorts}, key=lambda one: titles.order(one[0])):
            told = sorted({_span(one) for one in self._cohorts if one[:2] == (title, level)})
            which = "、".join(one for one in told if one)
            name = titles.name(title, Level(level))
            yield f"{name}：与账簿中{which}的认定对照。" if "" not in told else f"{name}：名单没有写明批次和年度，与账簿中该称号的全部认定对照。"
        if self._only:
            yield f"只对照账簿中所属地区为{self._only.name}的单位。"


Cohort = tuple[str, str, str, int | None]  # title, level, batch, year


def _cohort(facts: Facts) -> Cohort:
    return facts["title"], facts["level"], batch_key(facts["batch"]) if facts["batch"] else "", _year(facts)


def _year(facts: Facts) -> int | None:
    """The year of a recognition: as the list calls it, else of its document."""
    day = facts["document_date"]
    return facts["label_year"] or (day.year if day else None)


def _belongs(facts: Facts, cohort: Cohort) -> bool:
    """Whether a recognition of the book should stand on a list of this title, level, batch and year."""
    title, level, batch, year = _cohort(facts)
    if (title, level) != cohort[:2]:
        return False
    years_agree = None in (year, cohort[3]) or year == cohort[3]
    if batch and cohort[2]:
        return batch == cohort[2] and years_agree
    return years_agree


def _is_close(have: Facts, wanted: Facts) -> bool:
    """Whether a recognition may be the one of a row although something of it differs."""
    if (have["title"], have["level"]) != (wanted["title"], wanted["level"]):
        return False
    return _closeness(have, wanted) > 0


def _closeness(have: Facts, wanted: Facts) -> int:
    """In how many things that tell recognitions apart two of them agree."""
    same_batch = bool(have["batch"] and wanted["batch"]) and batch_key(have["batch"]) == batch_key(wanted["batch"])
    same_number = bool(have["document_number"]) and have["document_number"] == wanted["document_number"]
    same_year = _year(have) is not None and _year(have) == _year(wanted)
    if not (same_batch or same_number or same_year):
        return 0
    return 4 * same_number + 2 * same_batch + 2 * same_year + (have["kind"] == wanted["kind"])


def _span(cohort: Cohort) -> str:
    """Batch and year in words."""
    _, _, batch, year = cohort
    told = f" {year} 年" if year else ""
    number = batch.rpartition("/")[2]
    return f"{told}第 {number} 批" if number.isdecimal() else f"{told}{batch}"


def _told(key: str, theirs: Any, ours: Any) -> str:
    if key == "division":
        theirs, ours = _place(theirs), _place(ours)
    return f"{LABELS[key]}：名单“{theirs}”，账簿{f'“{ours}”' if ours else '没有'}"


def _place(code: str | None) -> str:
    return Division(code).name if code else ""


def _of_row(
    row: ListRow, finding: Finding, why: str, organisation: int | None = None, in_book: str = "", recognition: int | None = None
) -> Compared:
    return Compared(
        finding,
        row.name,
        why,
        row.number,
        row.key,
        row.sheet,
        in_book,
        row.credit_code.text if row.credit_code else row.code_text,
        row.division.name if row.division else row.region_text or "",
        Titles.load().name(row.title, row.level, row.title_type) if row.title and row.level else "",
        str(row.level or ""),
        str(row.kind or ""),
        row.batch,
        row.label_year,
        row.document_number,
        recognition,
        organisation,
    )
