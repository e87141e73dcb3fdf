"""What follows where the payee of an organisation changes after its awards were reviewed with the old one.

Before the letter they go back to the draft, because somebody else has to see the new account. Afterwards the letter
stands, and what is still to be paid goes to another account only by a step of its own.
"""

from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from zjtx_desktop.domain.states import Event
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.action_day import today
from zjtx_desktop.usecases.closed_years import closed_years, place_of_award
from zjtx_desktop.usecases.pay_to import changed_since_review, pay_to, recorded
from zjtx_desktop.usecases.process import Words, take

_SENT_BACK = "sent_back"  # of the session: the awards that the action sent back


def send_back_changed(session: Session, organisation_id: int | None = None) -> None:
    """Send every award, or the organisation's, back to the draft that was reviewed with another payee than is recorded.

    Those of closed years stay where they are, and go no further until the year is open again.
    """
    session.flush()
    closed = closed_years(session)
    for award in changed_since_review(session, organisation_id):
        place = session.get_one(tables.Round, place_of_award(session, award.id or 0))
        if place.year in closed:
            continue
        before, now = pay_to(session, award.id or 0), recorded(session, award.id or 0)
        why = f"收款信息变更：复核时为{before}；现登记为{now}"
        take(session, award, Event.PAYEE_CHANGED, Words(_day(session, award), why))
        session.info.setdefault(_SENT_BACK, []).append(award.number)


def refuse_changed(session: Session, title: str) -> None:
    """Refused where taking something back or doing it again would change the payee of an award that was reviewed."""
    session.flush()
    if held := changed_since_review(session):
        raise Refused(
            f"“{title}”改动的收款信息已用于 {len(held)} 笔已复核的奖补（{held[0].number}），不能撤销或重做。"
            f"确需改动的，请在企业档案中修改，这些奖补会退回草稿。"
        )


def told(session: Session) -> str:
    """What to say of awards that the action has sent back; empty where it sent back none."""
    numbers = session.info.get(_SENT_BACK, ())
    return f"{len(numbers)} 笔奖补已退回草稿：收款信息已变更，要从初审重新办理（{'、'.join(numbers[:5])}）。" if numbers else ""


def _day(session: Session, award: tables.Award) -> date:
    """Today, or the day of the last step where that was taken with a later one, as of a notice that is to come."""
    s = tables.AwardStep
    last = session.scalar(select(func.max(s.on_date)).where(col(s.award_id) == award.id))
    return max(filter(None, (today(session), last)))
