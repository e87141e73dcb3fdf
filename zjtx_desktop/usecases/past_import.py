"""Taking over a list of past awards: each row compared with the book, then all good rows written as one action."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.exchange.past_list import UNITS, PastField, PastGiven, PastList, PastRow, parse_past_list
from zjtx_desktop.exchange.reading import read_table
from zjtx_desktop.exchange.table import Table
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import organisations
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.free_texts import why_not_printable
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.outcomes import Outcome, Status
from zjtx_desktop.usecases.owners import Owner, Owners
from zjtx_desktop.values import fold_name

__all__ = ("UNITS", "PastField", "PastFile", "PastGiven", "PastPlan", "plan", "read_past", "take_over")

_Same = tuple[str | None, str | None, int | None, str]


@dataclass(frozen=True, slots=True)
class PastFile:
    """A list of past awards that somebody sent, its rows checked."""

    name: str
    sha256: str
    table: Table
    parsed: PastList
    today: date

    def taking(self, given: PastGiven) -> "PastFile":
        """The same with what a person says of the year and the source for the whole file."""
        return replace(self, parsed=parse_past_list(self.table, Titles.load(), self.today, given))


@dataclass(frozen=True, slots=True)
class PastPlan:
    """What the rows would do to the book; `taken` pairs each row to be written with its organisation."""

    file: PastFile
    outcomes: tuple[Outcome, ...]
    taken: tuple[tuple[PastRow, Owner], ...]

    def count(self, status: Status) -> int:
        """How many rows have this status."""
        return sum(outcome.status is status for outcome in self.outcomes)


def read_past(path: Path, today: date | None = None) -> PastFile:
    """Read a workbook of past awards; BadFile says what to do with one that cannot be read. No award is after `today`."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    table = read_table(path)
    on = today or date.today()
    return PastFile(path.name, sha256, table, parse_past_list(table, Titles.load(), on), on)


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


class _Book(Owners):
    """The organisations of the book with the past awards they have, and the row that brought each of them."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        p = tables.PastAward
        self.held: defaultdict[Owner, dict[_Same, int | None]] = defaultdict(dict)
        query = select(p.organisation_id, p.title, p.level, p.award_year, p.source).order_by(col(p.id))
        for row_id, title, level, year, source in session.execute(query):
            self.held[self.by_id[row_id]][title, level, year, source] = None


def _judged(row: PastRow, book: _Book) -> tuple[Outcome, Owner | None]:
    if row.errors:
        return _outcome(row, Status.ERROR, (*row.errors, *row.warnings)), None
    owner, why = book.find(row.name, row.credit_code)
    why = why or ("" if owner else why_not_printable(row.name, "名称"))
    if why:
        return _outcome(row, Status.ERROR, (why, *row.warnings)), None
    said: tuple[str, ...] = (_read_as(row), *row.warnings)
    if owner is None:
        owner = Owner(None, row.name, row.credit_code.text if row.credit_code else None, row.number)
        book.remember(owner, fold_name(row.name))
        said = (*said, "账簿中没有这家单位，将一并登记。")
    same: _Same = (row.title, row.level, row.award_year, row.source)
    held = book.held[owner]
    if same in held:
        first = held[same]
        if first:
            return _outcome(row, Status.DUPLICATE, (f"与第 {first} 行重复：同一称号、年度和依据。",)), None
        return _outcome(row, Status.SAME, ("账簿中已有这笔历史奖励。",)), None
    held[same] = row.number
    return _outcome(row, Status.NEW, said), owner


def _read_as(row: PastRow) -> str:
    """What was understood, for the person to compare with the file."""
    name = Titles.load().name(row.title, row.level) if row.title and row.level else ""
    return f"{row.award_year} 年度{name}，受益财政 {row.beneficiary} 元，市级财政 {row.municipal} 元，依据：{row.source}。"


def _outcome(row: PastRow, status: Status, messages: Iterable[str]) -> Outcome:
    return Outcome(row.number, status, row.name, tuple(messages), row.raw)
