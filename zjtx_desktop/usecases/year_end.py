"""年度结账: what of a year is unfinished, closing it once nothing is, and opening it again by two persons."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.facts import Payer
from zjtx_desktop.domain.ledger import Balance, Progress
from zjtx_desktop.domain.states import UNDER_WAY, AwardState, RoundState
from zjtx_desktop.errors import Denied, NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.awards import AwardLine, award_lines
from zjtx_desktop.usecases.carrying_over import SETTLED, parts_here
from zjtx_desktop.usecases.closed_years import ClosingLine, closed_years, require_open
from zjtx_desktop.usecases.duties import dual_control, guarded, is_staffed
from zjtx_desktop.usecases.rounds import RoundLine, overview, rounds
from zjtx_desktop.usecases.standings import PartLine
from zjtx_desktop.values import ZERO, Money


class Left(StrEnum):
    """What kind of thing is unfinished, in the order of the process."""

    UNCOMPUTED = "uncomputed"
    UNDECIDED = "undecided"
    DRAFT = "draft"
    UNDER_WAY = "under_way"
    NOTICED = "noticed"
    NOT_ARRIVED = "not_arrived"
    UNPAID = "unpaid"
    CLAIMED = "claimed"
    UNARCHIVED = "unarchived"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return _WORDS[self][0]

    @property
    def advice(self) -> str:
        """What to do about it."""
        return _WORDS[self][1]

    @property
    def can_be_carried(self) -> bool:
        """Whether carrying it over settles it for the year."""
        return self in (Left.NOT_ARRIVED, Left.UNPAID, Left.CLAIMED)


_WORDS = {
    Left.UNCOMPUTED: ("未测算", "锁定名单并测算"),
    Left.UNDECIDED: ("待定", "裁定，或登记为不予奖励"),
    Left.DRAFT: ("草稿", "办理到下达，或登记为不予奖励"),
    Left.UNDER_WAY: ("办理中", "办理到下达，或登记为不予奖励"),
    Left.NOTICED: ("公示中", "公示期满后办理到下达"),
    Left.NOT_ARRIVED: ("市级资金未到账", "登记到账并拨付，或结转"),
    Left.UNPAID: ("未付清", "登记拨付，或结转"),
    Left.CLAIMED: ("待追回", "登记追回，或结转"),
    Left.UNARCHIVED: ("已拨付未归档", "办理归档"),
}
_STATES = {AwardState.NOTICED: Left.NOTICED, AwardState.CLEARED: Left.NOTICED} | {
    state: Left.UNDER_WAY for state in UNDER_WAY if state not in (AwardState.NOTICED, AwardState.CLEARED)
}
_ON_ITS_WAY = (Progress.UNASKED, Progress.ASKED, Progress.AGREED)


@dataclass(frozen=True, slots=True)
class UnfinishedLine:
    """One unfinished thing: of an award each treasury has a line of its own with its money."""

    kind: Left
    round: str
    award_number: str = ""
    award_id: int | None = None
    organisation: str = ""
    treasury: str = ""
    amount: Money = ZERO
    balance: Balance = Balance()  # what became of the money; nothing for a line without award
    id: int = 0  # its place in the list, from 1
    count: int = 1  # how many recognitions a line without award stands for


@dataclass(frozen=True, slots=True)
class YearEnd:
    """A year as its closing sees it. `closing` is set while it is closed; `years` are all that have rounds."""

    year: int
    years: tuple[int, ...]
    lines: tuple[UnfinishedLine, ...]
    closing: ClosingLine | None

    @property
    def can_be_closed(self) -> bool:
        """Whether nothing is left to do."""
        return self.closing is None and not self.lines

    @property
    def can_be_carried(self) -> bool:
        """Whether carrying over would settle anything."""
        return self.closing is None and any(line.kind.can_be_carried for line in self.lines)

    def sums(self) -> tuple[tuple[Left, int, Money], ...]:
        """For each kind that occurs how many awards those are and what they come to."""
        return tuple(
            (kind, count_of(some), Money.total(line.amount for line in some)) for kind, some in self._by_kind()
        )

    def treasuries(self) -> tuple[tuple[str, Money], ...]:
        """What is unfinished of each treasury's money."""
        named = {line.treasury: ZERO for line in self.lines if line.treasury}
        for line in self.lines:
            if line.treasury:
                named[line.treasury] += line.amount
        return tuple(named.items())

    def _by_kind(self) -> Iterator[tuple[Left, list[UnfinishedLine]]]:
        for kind in Left:
            if some := [line for line in self.lines if line.kind is kind]:
                yield kind, some


def count_of(lines: Iterable[UnfinishedLine]) -> int:
    """How many awards the lines stand for, or recognitions where there is no award yet."""
    found = tuple(lines)
    numbers = {line.award_number for line in found if line.award_number}
    return len(numbers) + sum(line.count for line in found if not line.award_number)


def year_end(session: Session, year: int | None = None) -> YearEnd:
    """What of a year is unfinished; without one named, of the earliest that is not closed."""
    lines, closed = rounds(session), closed_years(session)
    years = tuple(sorted({line.year for line in lines}, reverse=True))
    if not years:
        raise NotFound("账簿中还没有批次，不用结账。")
    still_open = [one for one in reversed(years) if one not in closed]
    chosen = year or next(iter(still_open), years[0])
    found = tuple(one for line in lines if line.year == chosen for one in _unfinished(session, line))
    ordered = sorted(found, key=lambda one: list(Left).index(one.kind))
    numbered = tuple(replace(one, id=place) for place, one in enumerate(ordered, start=1))
    return YearEnd(chosen, years, () if chosen in closed else numbered, closed.get(chosen))


@guarded
def close_year(session: Session, year: int, on: date, note: str = "") -> ClosingLine:
    """Close a year: its rounds, awards and money can only be looked at. Refused while anything is left."""
    require_open(session, year)
    if on.year < year:
        raise Refused(f"{year} 年度还没有到，不能结账。")
    left = year_end(session, year)
    if year not in left.years:
        raise NotFound(f"{year} 年度没有批次，不用结账。")
    if left.lines:
        told = "、".join(f"{kind.label} {count} 笔" for kind, count, _ in left.sums())
        more = "，已下达未付清的可以结转到下一年度" if left.can_be_carried else ""
        raise Refused(f"{year} 年度还有没有办结的：{told}，不能结账。请先办结{more}。")
    session.add(
        tables.YearClosing(year=year, closed_by=session.info["by"], closed_on=on, note=note.strip() or None)
    )
    session.flush()
    return closed_years(session)[year]


@guarded
def ask_to_reopen(session: Session, year: int, reason: str, on: date) -> None:
    """Ask for a closed year to be opened again; nothing changes until a second person agrees."""
    row = _closed(session, year)
    if not reason.strip():
        raise Refused("没有写明理由。请写明为什么要重新开账。")
    row.asked_by, row.asked_on, row.reason = session.info["by"], on, reason.strip()
    session.add(row)


@guarded
def reopen(session: Session, year: int, on: date) -> None:
    """Agree to what another person has asked for: the year is open again, and may be closed anew."""
    row = _closed(session, year)
    if not row.asked_by:
        raise Refused("还没有人申请重新开账。请先由审批人员申请，写明理由，再由系统管理员同意。")
    if is_staffed(session) and dual_control(session) and row.asked_by == session.info["by"]:
        raise Denied(f"{row.asked_by}自己申请的重新开账，不能自己同意。请由另一人办理。")
    row.reopened_by, row.reopened_on = session.info["by"], on
    session.add(row)


def _closed(session: Session, year: int) -> tables.YearClosing:
    y = tables.YearClosing
    row = session.scalars(select(y).where(y.year == year, col(y.reopened_on).is_(None))).first()
    if row is None:
        raise Refused(f"{year} 年度没有结账，不用重新开账。")
    return row


def _unfinished(session: Session, line: RoundLine) -> Iterator[UnfinishedLine]:
    name = f"{line.year} 年度{line.name}"
    if line.follows is None:
        seen = overview(session, line.id)
        waiting = seen.joining if line.state is RoundState.COMPUTED else max(1, seen.listed)
        if waiting:
            yield UnfinishedLine(Left.UNCOMPUTED, name, count=waiting)
        for award in award_lines(session, line.id):
            yield from _of_award(award, name)
    for part in parts_here(session, line.id):
        if part.award_state is AwardState.PAID or part.progress not in SETTLED:
            yield _of_part(part, name)


def _of_award(award: AwardLine, name: str) -> Iterator[UnfinishedLine]:
    """What is unfinished before the letter."""
    kind = _kind_of(award)
    if kind is None:
        return
    organisation = award.facts.organisation
    if not award.parts:
        yield UnfinishedLine(kind, name, award.number, award.id, organisation)
    for part, balance in zip(award.parts, award.balances, strict=True):
        payer = f"{part.treasury.name}（{part.payer.label}）"
        yield UnfinishedLine(kind, name, award.number, award.id, organisation, payer, part.amount, balance)


def _kind_of(award: AwardLine) -> Left | None:
    if award.state is AwardState.DRAFT:
        return {Verdict.AWARD: Left.DRAFT, Verdict.UNDECIDED: Left.UNDECIDED}.get(award.verdict)
    return _STATES.get(award.state)


def _of_part(part: PartLine, name: str) -> UnfinishedLine:
    claimed = part.progress is Progress.CLAIMED
    kind = Left.CLAIMED if claimed else Left.NOT_ARRIVED if part.progress in _ON_ITS_WAY else Left.UNPAID
    if part.award_state is AwardState.PAID:
        kind = Left.UNARCHIVED
    owed = part.standing.claimed if claimed else part.standing.payable
    treasury = f"{part.treasury.name}（{Payer(part.payer).label}）"
    return UnfinishedLine(kind, name, part.award_number, part.award_id, part.organisation, treasury, owed, part.balance)
