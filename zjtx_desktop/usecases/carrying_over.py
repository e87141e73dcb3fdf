"""结转: what a round leaves unpaid is carried on in a round of the next year, by links, never by copies.

The award stays where it was granted; its money is paid, and its budget counted, where it was carried to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from zjtx_desktop.domain.ledger import Progress
from zjtx_desktop.domain.states import RoundState
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.closed_years import require_open
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.standings import PartLine, part_lines
from zjtx_desktop.values import Money

SUFFIX = "结转"
SETTLED = frozenset((Progress.PAID, Progress.RECOVERED, Progress.DROPPED))


@dataclass(frozen=True, slots=True)
class Carried:
    """A follow-up round and what was carried on into it."""

    round_id: int
    year: int
    name: str
    awards: int
    amount: Money


def parts_here(session: Session, round_id: int) -> tuple[PartLine, ...]:
    """The parts dealt with in a round now: its own that were not carried on, and those carried on into it."""
    return tuple(line for line in part_lines(session, round_id) if line.round_id == round_id)


def unfinished_parts(session: Session, round_id: int) -> tuple[PartLine, ...]:
    """The parts dealt with in a round whose award still has money to pay, to come or to claim back."""
    here = parts_here(session, round_id)
    open_awards = {line.award_id for line in here if line.progress not in SETTLED}
    return tuple(line for line in here if line.award_id in open_awards)


@guarded
def carry_over(session: Session, year: int, on: date) -> tuple[Carried, ...]:
    """Carry every award of the year that is not paid up into a round of the next year; one round for each.

    All parts of such an award go together. Refused when there is none, so that nothing is carried on twice.
    """
    require_open(session, year)
    require_open(session, year + 1)
    r = tables.Round
    found = session.scalars(select(r).where(r.year == year).order_by(col(r.id))).all()
    if not found:
        raise NotFound(f"{year} 年度没有批次，不用结转。")
    left = [(row, unfinished_parts(session, row.id or 0)) for row in found]
    carried = [_carry(session, row, parts, on) for row, parts in left if parts]
    if not carried:
        raise Refused(f"{year} 年度没有已下达而未付清、未到账或待追回的奖补，不用结转。")
    return tuple(carried)


def _carry(session: Session, row: tables.Round, parts: Iterable[PartLine], on: date) -> Carried:
    target = _follow_up(session, row)
    last = session.scalar(select(func.max(tables.LedgerEntry.id))) or 0
    links = [
        tables.CarryOver(
            part_id=part.id,
            from_round_id=row.id,
            round_id=target.id,
            fen=part.standing.payable.fen,
            after_entry=last,
            on_date=on,
            by_name=session.info["by"],
        )
        for part in parts
    ]
    session.add_all(links)
    session.flush()
    amount = Money(sum(link.fen for link in links))
    return Carried(target.id or 0, target.year, target.name, len({part.award_id for part in parts}), amount)


def _follow_up(session: Session, row: tables.Round) -> tables.Round:
    """The round of the next year that carries this one on, made when there is none.

    It takes pack and choices over, because what it shows rests on them, and has no list of its own.
    """
    r = tables.Round
    known = session.scalars(select(r).where(r.year == row.year + 1, r.follows_id == row.id)).first()
    if known:
        return known
    made = r(
        year=row.year + 1,
        name=row.name if row.follows_id else f"{row.name}{SUFFIX}（{row.year}年）",
        state=RoundState.COMPUTED.value,
        every_division=row.every_division,
        pack_row=row.pack_row,
        choices=row.choices,
        follows_id=row.id,
    )
    session.add(made)
    session.flush()
    return made
