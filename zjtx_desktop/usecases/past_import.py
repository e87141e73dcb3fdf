"""Taking over a list of past awards: each row compared with the book, then all good rows written as one action."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.exchange.past_list import PastList, PastRow, parse_past_list
from zjtx_desktop.exchange.reading import read_table
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import organisations
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.outcomes import Outcome, Status
from zjtx_desktop.values import fold_name

_Same = tuple[str | None, str | None, int | None, str]


@dataclass(frozen=True, slots=True)
class PastFile:
    """A list of past awards that somebody sent, its rows checked."""

    name: str
    sha256: str
    parsed: PastList


@dataclass(slots=True, eq=False)
class _Owner:
    """An organisation, in the book or to be registered with its first row."""

    id: int | None
    name: str
    code: str | None
    held: dict[_Same, int | None] = field(default_factory=dict)  # what it has, and the row that brought it


@dataclass(frozen=True, slots=True)
class PastPlan:
    """What the rows would do to the book; `taken` pairs each row to be written with its organisation."""

    file: PastFile
    outcomes: tuple[Outcome, ...]
    taken: tuple[tuple[PastRow, _Owner], ...]

    def count(self, status: Status) -> int:
        """How many rows have this status."""
        return sum(outcome.status is status for outcome in self.outcomes)


def read_past(path: Path) -> PastFile:
    """Read a workbook of past awards; BadFile says what to do with one that cannot be read."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return PastFile(path.name, sha256, parse_past_list(read_table(path), Titles.load()))


def plan(session: Session, file: PastFile) -> PastPlan:
    """Compare every row with the book; nothing is written before `take_over`."""
    book = _Book(session)
    outcomes, taken = [], []
    for row in file.parsed.rows:
        outcome, owner = _judged(row, book)
        outcomes.append(outcome)
        if outcome.status is Status.NEW and owner:
            taken.append((row, owner))
    return PastPlan(file, tuple(outcomes), tuple(taken))


@guarded
def take_over(session: Session, file: PastFile) -> int:
    """Write every good row, comparing anew with the book as it is now; returns how many."""
    taken = plan(session, file).taken
    if not taken:
        return 0
    session.add(tables.ListImport(file_name=file.name, sha256=file.sha256, row_count=len(taken)))
    for row, owner in taken:
        if owner.id is None:
            owner.id = organisations.register(session, _organisation(row))
        session.add(
            tables.PastAward(
                organisation_id=owner.id,
                title=row.title,
                level=row.level,
                award_year=row.award_year,
                beneficiary_fen=row.beneficiary.fen,
                municipal_fen=row.municipal.fen,
                source=row.source,
            )
        )
    session.flush()
    return len(taken)


def _organisation(row: PastRow) -> OrganisationForm:
    failed = row.credit_code and not row.credit_code.check_digit_ok
    return OrganisationForm(row.name, row.credit_code, "按历史奖励名单登记，校验位待核对" if failed else None)


class _Book:
    """The organisations of the book by code and by every name, with the past awards they have."""

    def __init__(self, session: Session) -> None:
        o, f, p = tables.Organisation, tables.FormerName, tables.PastAward
        self.by_code: dict[str, _Owner] = {}
        self.by_name: dict[str, list[_Owner]] = {}
        known: dict[int, _Owner] = {}
        for row_id, name, folded, code in session.execute(select(o.id, o.name, o.folded, o.credit_code)):
            known[row_id] = _Owner(row_id, name, code)
            self.remember(known[row_id], folded)
        for row_id, folded in session.execute(select(f.organisation_id, f.folded)):
            self.remember(known[row_id], folded)
        query = select(p.organisation_id, p.title, p.level, p.award_year, p.source).order_by(col(p.id))
        for row_id, title, level, year, source in session.execute(query):
            known[row_id].held[title, level, year, source] = None

    def remember(self, owner: _Owner, folded: str) -> None:
        """Let the organisation be found by its code and by this name."""
        if owner.code:
            self.by_code[owner.code] = owner
        holders = self.by_name.setdefault(folded, [])
        if owner not in holders:
            holders.append(owner)

    def find(self, row: PastRow) -> tuple[_Owner | None, str]:
        """Whose the row is, or None and why that cannot be told; neither when the book does not know it."""
        code, namesakes = row.credit_code and row.credit_code.text, self.by_name.get(fold_name(row.name), [])
        if code and (owner := self.by_code.get(code)):
            if owner in namesakes:
                return owner, ""
            return None, (
                f"统一社会信用代码 {code} 在账簿中是“{owner.name}”，名单中是“{row.name}”。"
                "请核对：更名的先在企业中登记曾用名，录错的改正后再导入。"
            )
        fitting = [owner for owner in namesakes if not (code and owner.code)]
        if len(fitting) > 1:
            return None, f"账簿中有 {len(fitting)} 个单位叫“{row.name}”。请补上统一社会信用代码后再导入。"
        if not fitting and namesakes:
            other = namesakes[0].code
            return None, f"账簿中“{row.name}”的信用代码是 {other}，名单中是 {code}。请核对后更正其中一处。"
        return (fitting[0] if fitting else None), ""


def _judged(row: PastRow, book: _Book) -> tuple[Outcome, _Owner | None]:
    if row.errors:
        return _outcome(row, Status.ERROR, (*row.errors, *row.warnings)), None
    owner, why = book.find(row)
    if why:
        return _outcome(row, Status.ERROR, (why, *row.warnings)), None
    said: tuple[str, ...] = (_read_as(row), *row.warnings)
    if owner is None:
        owner = _Owner(None, row.name, row.credit_code.text if row.credit_code else None)
        book.remember(owner, fold_name(row.name))
        said = (*said, "账簿中没有这家单位，将一并登记。")
    same: _Same = (row.title, row.level, row.award_year, row.source)
    if same in owner.held:
        first = owner.held[same]
        if first:
            return _outcome(row, Status.DUPLICATE, (f"与第 {first} 行重复：同一称号、年度和依据。",)), None
        return _outcome(row, Status.SAME, ("账簿中已有这笔历史奖励。",)), None
    owner.held[same] = row.number
    return _outcome(row, Status.NEW, said), owner


def _read_as(row: PastRow) -> str:
    """What was understood, for the person to compare with the file."""
    name = Titles.load().name(row.title, row.level) if row.title and row.level else ""
    return f"{row.award_year} 年度{name}，受益财政 {row.beneficiary} 元，市级财政 {row.municipal} 元，依据：{row.source}。"


def _outcome(row: PastRow, status: Status, messages: Iterable[str]) -> Outcome:
    return Outcome(row.number, status, row.name, tuple(messages), row.raw)
