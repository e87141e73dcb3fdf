"""What each treasury has set aside for a round, what of it is spoken for, and the refusal to go beyond."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from zjtx_desktop.domain.entitlement import Payer, Verdict
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import ISSUED_STATES, UNDER_WAY, AwardState
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.closed_years import require_round_open
from zjtx_desktop.usecases.consents import agreed
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.values import ZERO, Division, Money

Treasury = tuple[Payer, Division]
RAISED = "追加预算"
_WAITING = tuple(state for state in (AwardState.DRAFT, *UNDER_WAY) if state is not AwardState.APPROVED)


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """How the money of one treasury stands in a round. `budget` is None where none was recorded.

    `reserved` is approved and not issued, `used` is issued and living, `paid` is with the organisations,
    `waiting` is what the awards still to be approved would take.
    """

    payer: Payer
    treasury: Division
    budget: Money | None = None
    basis: str = ""
    reserved: Money = ZERO
    used: Money = ZERO
    paid: Money = ZERO
    waiting: Money = ZERO

    @property
    def spoken_for(self) -> Money:
        """Reserved and used."""
        return self.reserved + self.used

    @property
    def left(self) -> Money | None:
        """What may still be approved; below nothing when the budget was cut since."""
        return None if self.budget is None else self.budget - self.spoken_for

    @property
    def short(self) -> Money:
        """What would be lacking if everything that waits were approved (C28)."""
        return Money(max(0, (self.spoken_for + self.waiting - self.budget).fen)) if self.budget is not None else ZERO


@dataclass(slots=True)
class _Sums:
    reserved: int = 0
    used: int = 0
    paid: int = 0
    waiting: int = 0
    budget: tuple[Money, str] | None = field(default=None)


@guarded
def set_budget(
    session: Session, round_id: int, payer: Payer, treasury: Division, amount: Money, basis: str
) -> BudgetLine:
    """Record what a treasury has set aside for a round, or alter it; the history keeps what it was.

    More than was recorded before takes two persons. The first record does not: without one nothing bounds the treasury.
    """
    require_round_open(session, round_id)
    if not basis.strip():
        raise Refused("没有写明依据。请写明预算批复的文号。")
    if amount.fen < 0:
        raise Refused("预算不能是负数。请重新填写金额。")
    b = tables.Budget
    query = select(b).where(col(b.round_id) == round_id, col(b.payer) == payer.value, col(b.division) == treasury.code)
    row = session.scalars(query).first() or b(
        round_id=round_id, payer=payer.value, division=treasury.code, fen=0, basis=""
    )
    if row.id is not None and amount.fen > row.fen:
        about = {"round": round_id, "payer": payer.value, "division": treasury.code, "fen": amount.fen}
        agreed(session, RAISED, about)
    row.fen, row.basis = amount.fen, basis.strip()
    session.add(row)
    session.flush()
    return next(line for line in budget_lines(session, round_id) if (line.payer, line.treasury) == (payer, treasury))


def budget_lines(session: Session, round_id: int) -> tuple[BudgetLine, ...]:
    """Every treasury that pays something in the round or has a budget for it, beneficiaries first."""
    found = _figures(session, round_id)
    return tuple(
        BudgetLine(
            payer,
            treasury,
            *(one.budget or (None, "")),
            *(Money(fen) for fen in (one.reserved, one.used, one.paid, one.waiting)),
        )
        for (payer, treasury), one in sorted(found.items())
    )


def require(session: Session, round_id: int, needs: Mapping[Treasury, Money]) -> None:
    """Refuse what would go beyond the recorded budget of a treasury, with the four figures (A10)."""
    b = tables.Budget
    if session.scalars(select(b.id).where(col(b.round_id) == round_id).limit(1)).first() is None:
        return
    for line in budget_lines(session, round_id):
        asked = needs.get((line.payer, line.treasury), ZERO)
        if line.left is not None and asked.fen > max(0, line.left.fen) and asked:
            over = line.spoken_for + asked - (line.budget or ZERO)
            raise Refused(
                f"{line.treasury.name}（{line.payer.label}）预算不足：预算 {line.budget} 元，已用 {line.spoken_for} 元，"
                f"本次 {asked} 元，超出 {over} 元。请先追加预算，或调整这一批。"
            )


def award_fits(session: Session, award: tables.Award, _words: Any) -> None:
    """The guard of approval, and of issuing what was never approved; what is approved is reserved already."""
    if award.state == AwardState.APPROVED:
        return
    p = tables.AwardPart
    needs: dict[Treasury, Money] = defaultdict(lambda: ZERO)
    for payer, division, fen in session.execute(select(p.payer, p.division, p.fen).where(col(p.award_id) == award.id)):
        needs[Payer(payer), Division(division)] += Money(fen)
    require(session, award.round_id, needs)


def _figures(session: Session, round_id: int) -> dict[Treasury, _Sums]:
    a, p, e, b = tables.Award, tables.AwardPart, tables.LedgerEntry, tables.Budget
    found: dict[Treasury, _Sums] = defaultdict(_Sums)
    parts = (
        select(p.payer, p.division, a.state, func.sum(p.fen))
        .join(a, col(p.award_id) == a.id)
        .where(col(a.round_id) == round_id, col(a.verdict) == Verdict.AWARD.value)
        .group_by(p.payer, p.division, a.state)
    )
    for payer, division, state, fen in session.execute(parts):
        one = found[Payer(payer), Division(division)]
        one.reserved += fen * (state == AwardState.APPROVED)
        one.used += fen * (state in ISSUED_STATES)
        one.waiting += fen * (state in _WAITING)
    _add_carried(session, round_id, found)
    entries = (
        select(p.payer, p.division, e.kind, func.sum(e.fen))
        .join(p, col(e.part_id) == p.id)
        .join(a, col(p.award_id) == a.id)
        .where(_round_of_entry() == round_id, col(a.state).in_(ISSUED_STATES))
        .group_by(p.payer, p.division, e.kind)
    )
    for payer, division, kind, fen in session.execute(entries):
        one = found[Payer(payer), Division(division)]
        one.used -= fen * (kind in (EntryKind.VOIDED, EntryKind.RECOVERED))
        one.paid += fen * ((kind == EntryKind.PAID) - (kind in (EntryKind.RETURNED, EntryKind.RECOVERED)))
    for row in session.scalars(select(b).where(col(b.round_id) == round_id)):
        found[Payer(row.payer), Division(row.division)].budget = (Money(row.fen), row.basis)
    return found


def _add_carried(session: Session, round_id: int, found: dict[Treasury, _Sums]) -> None:
    """What was carried on into the round is used of its budget, and no longer of the one it came from (结转)."""
    c, p, a = tables.CarryOver, tables.AwardPart, tables.Award
    query = (
        select(p.payer, p.division, c.round_id == round_id, func.sum(c.fen))
        .join(p, col(c.part_id) == p.id)
        .join(a, col(p.award_id) == a.id)
        .where(or_(c.round_id == round_id, c.from_round_id == round_id), col(a.state).in_(ISSUED_STATES))
        .group_by(p.payer, p.division, c.round_id == round_id)
    )
    for payer, division, came, fen in session.execute(query):
        found[Payer(payer), Division(division)].used += fen if came else -fen


def _round_of_entry() -> Any:
    """The round an entry of the ledger belongs to: the one its part had been carried to by then, else its award's."""
    a, e, c = tables.Award, tables.LedgerEntry, tables.CarryOver
    carried = (
        select(c.round_id)
        .where(col(c.part_id) == e.part_id, col(c.after_entry) < e.id)
        .order_by(col(c.id).desc())
        .limit(1)
        .correlate(e)
        .scalar_subquery()
    )
    return func.coalesce(carried, a.round_id)
