"""The desk at a glance: what waits to be done, and what each treasury pays in a year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session, col

from zjtx_desktop.domain.entitlement import Payer, Verdict
from zjtx_desktop.domain.states import AwardState, RoundState
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.rounds import current_pack
from zjtx_desktop.values import ZERO, Division, Money

EXPIRING_MONTHS = 6
a, d, o, r, b = tables.Award, tables.Round, tables.Organisation, tables.Recognition, tables.Beneficiary


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits: how many, what, and on which page; `first` is the record to begin with there."""

    id: str
    count: int
    sentence: str
    page: str
    urgent: bool = False
    first: int | None = None


@dataclass(frozen=True, slots=True)
class TreasuryLine:
    """What one treasury pays, as beneficiary and as the city."""

    treasury: str
    beneficiary: Money
    municipal: Money

    @property
    def total(self) -> Money:
        """Both together."""
        return self.beneficiary + self.municipal


@dataclass(frozen=True, slots=True)
class TitleLine:
    """The awards of one title at one level."""

    title: str
    awards: int
    total: Money


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the first page shows; `year` is the one whose money it is, None for an empty book."""

    years: tuple[int, ...]
    year: int | None
    todos: tuple[Todo, ...]
    treasuries: tuple[TreasuryLine, ...]
    titles: tuple[TitleLine, ...]
    organisations: int
    recognitions: int

    @property
    def beneficiary(self) -> Money:
        """What beneficiary treasuries pay altogether."""
        return Money.total(line.beneficiary for line in self.treasuries)

    @property
    def municipal(self) -> Money:
        """What the city pays altogether."""
        return Money.total(line.municipal for line in self.treasuries)

    @property
    def awards(self) -> int:
        """How many awards those are."""
        return sum(line.awards for line in self.titles)


def overview(session: Session, year: int | None, today: date) -> Overview:
    """The desk on a day, with the money of `year`, or of the latest year that has a batch."""
    years = tuple(session.scalars(select(d.year).distinct().order_by(col(d.year).desc())).all())
    shown = year if year in years else next(iter(years), None)
    return Overview(
        years=years,
        year=shown,
        todos=tuple(todo for todo in _todos(session, today) if todo.count),
        treasuries=_treasuries(session, shown),
        titles=_titles(session, shown),
        organisations=_count(session, select(func.count()).select_from(o)),
        recognitions=_count(session, select(func.count()).select_from(r)),
    )


def _todos(session: Session, today: date) -> Iterator[Todo]:
    yield from _awards_waiting(session)
    for year, count in _not_computed(session, today):
        yield Todo("compute", count, f"{year} 年度有 {count} 条认定还没有测算", "rounds")
    count, first = _waiting(session, o.id, col(o.credit_code).is_(None))
    yield Todo("no_code", count, f"{count} 家企业没有统一社会信用代码", "organisations", first=first)
    count, first = _waiting(session, o.id, col(o.id).not_in(select(b.organisation_id)))
    yield Todo("no_treasury", count, f"{count} 家企业没有登记受益财政", "organisations", first=first)
    until = _months_later(today, EXPIRING_MONTHS)
    count, first = _waiting(session, r.id, col(r.valid_to).between(today, until))
    yield Todo(
        "expiring", count, f"{count} 条认定将在 {EXPIRING_MONTHS} 个月内到期", "recognitions", first=first
    )


def _awards_waiting(session: Session) -> Iterator[Todo]:
    query = (
        select(d.year, a.verdict, func.count(), func.min(a.id))
        .join(d, col(a.round_id) == d.id)
        .where(col(a.state) == AwardState.DRAFT.value)
        .group_by(d.year, a.verdict)
        .order_by(col(d.year).desc())
    )
    rows = session.execute(query).all()
    for year, verdict, count, first in rows:
        if verdict == Verdict.UNDECIDED:
            yield Todo(
                "undecided", count, f"{year} 年度有 {count} 笔奖补待定，等待作出决定", "rounds", True, first
            )
    for year, verdict, count, first in rows:
        if verdict == Verdict.AWARD:
            yield Todo("issue", count, f"{year} 年度有 {count} 份拨付通知可以下达", "letters")


def _not_computed(session: Session, today: date) -> Iterator[tuple[int, int]]:
    """Years of the policy with recognitions that no batch of the year has judged yet."""
    first = min(amount.since.year for rule in current_pack().rules for amount in rule.amounts)
    done = session.scalars(select(d.year).where(col(d.state) == RoundState.COMPUTED.value)).all()
    for year in sorted(set(range(first, today.year + 1)) - set(done)):
        dated = col(r.document_date).between(date(year, 1, 1), date(year, 12, 31))
        undated = and_(col(r.document_date).is_(None), col(r.label_year) == year)
        yield (
            year,
            _count(
                session, select(func.count()).where(or_(dated, undated), col(r.publicity_only).is_(False))
            ),
        )


def _treasuries(session: Session, year: int | None) -> tuple[TreasuryLine, ...]:
    p = tables.AwardPart
    query = (
        select(p.division, p.payer, func.sum(p.fen))
        .join(a, col(p.award_id) == a.id)
        .join(d, col(a.round_id) == d.id)
        .where(col(d.year) == year, *_counted())
        .group_by(p.division, p.payer)
        .order_by(p.division)
    )
    sums: dict[str, dict[str, Money]] = {}
    for division, payer, fen in session.execute(query):
        sums.setdefault(division, {})[payer] = Money(fen)
    return tuple(
        TreasuryLine(Division(code).name, paid.get(Payer.BENEFICIARY, ZERO), paid.get(Payer.MUNICIPAL, ZERO))
        for code, paid in sums.items()
    )


def _titles(session: Session, year: int | None) -> tuple[TitleLine, ...]:
    query = (
        select(r.title, r.level, func.count(), func.sum(a.beneficiary_fen + a.municipal_fen))
        .select_from(a)
        .join(d, col(a.round_id) == d.id)
        .join(r, col(a.recognition_id) == r.id)
        .where(col(d.year) == year, *_counted())
        .group_by(r.title, r.level)
        .order_by(func.sum(a.beneficiary_fen + a.municipal_fen).desc())
    )
    names = Titles.load()
    return tuple(
        TitleLine(names.name(title, Level(level)), count, Money(fen))
        for title, level, count, fen in session.execute(query)
    )


def _counted() -> tuple[ColumnElement[bool], ...]:
    return (col(a.verdict) == Verdict.AWARD.value, col(a.state) != AwardState.VOIDED.value)


def _count(session: Session, query: Select[Any]) -> int:
    return session.scalar(query) or 0


def _waiting(session: Session, row_id: Any, which: ColumnElement[bool]) -> tuple[int, int | None]:
    """How many rows there are of these, and the first of them."""
    count, first = session.execute(select(func.count(row_id), func.min(row_id)).where(which)).one()
    return count, first


def _months_later(day: date, months: int) -> date:
    """The same day of the month, or its last one."""
    month = day.month - 1 + months
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + month // 12, month % 12 + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")
