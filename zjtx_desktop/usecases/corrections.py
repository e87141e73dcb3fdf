"""更正重办: an issued award is voided and its recognition awarded anew, as a draft that names the old one."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.states import DEAD_STATES, AwardState, RoundState
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.awards import void
from zjtx_desktop.usecases.closed_years import require_round_open
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.process import by_number
from zjtx_desktop.usecases.rounds import compute


@dataclass(frozen=True, slots=True)
class Redone:
    """The new draft: its number, the one it replaces, and what the policy says of it now."""

    number: str
    replaces: str
    verdict: Verdict


@guarded
def redo(session: Session, award_number: str, reason: str = "", today: date | None = None) -> Redone:
    """Void an issued award, if it is not voided yet, and judge its recognition anew by the facts of now.

    The draft goes the whole way again and takes a document number of its own only when it is issued. Done
    twice, it is the same draft. Refused while the organisation holds money of the award, and when the
    recognition is no longer on the list of the round.
    """
    award = by_number(session, award_number)
    require_round_open(session, award.round_id)
    if living := _living(session, award.recognition_id, without=award.id or 0):
        return Redone(living.number, _latest_voided(session, award.recognition_id), Verdict(living.verdict))
    _refuse_unlisted(session, award)
    if award.state != AwardState.VOIDED:
        void(session, award_number, reason, today)
    compute(session, award.round_id)
    made = _living(session, award.recognition_id, without=award.id or 0)
    assert made is not None  # the recognition is on the locked list, and its only award is voided
    return Redone(made.number, _latest_voided(session, award.recognition_id), Verdict(made.verdict))


def _living(session: Session, recognition_id: int, without: int) -> tables.Award | None:
    """The award of the recognition that is not voided, other than the one to be replaced."""
    a = tables.Award
    query = select(a).where(
        col(a.recognition_id) == recognition_id, col(a.id) != without, col(a.state).not_in(DEAD_STATES)
    )
    return session.scalars(query).first()


def _latest_voided(session: Session, recognition_id: int) -> str:
    a = tables.Award
    query = select(a.number).where(
        col(a.recognition_id) == recognition_id, col(a.state) == AwardState.VOIDED.value
    )
    return session.scalars(query.order_by(col(a.id).desc())).first() or ""


def _refuse_unlisted(session: Session, award: tables.Award) -> None:
    row, i = session.get_one(tables.Round, award.round_id), tables.RoundItem
    if row.state != RoundState.COMPUTED:
        state = RoundState(row.state).label
        raise Refused(f"{row.year} 年度{row.name}现为“{state}”，不能更正重办。请先锁定名单并测算。")
    listed = select(i.id).where(col(i.round_id) == row.id, col(i.recognition_id) == award.recognition_id)
    if session.scalars(listed).first() is None:
        raise Refused(f"奖补 {award.number} 的认定已不在{row.year} 年度{row.name}的名单中，不能更正重办。请先重新锁定名单。")
