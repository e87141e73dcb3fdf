"""Closed years (已结账): which they are, and the refusal to touch what belongs to them.

The file refuses by itself as well, see `storage.closing`; here a person is told which year, by whom and when.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.errors import Refused
from zjtx_desktop.storage.tables import Award, AwardPart, CarryOver, Round, RoundItem, YearClosing
from zjtx_desktop.values import format_date


@dataclass(frozen=True, slots=True)
class ClosingLine:
    """A year that is closed; `asked_by` once somebody has asked to open it again, with the reason."""

    id: int
    year: int
    closed_by: str
    closed_on: date
    note: str = ""
    asked_by: str = ""
    asked_on: date | None = None
    reason: str = ""

    @property
    def sentence(self) -> str:
        """Which year was closed by whom and when."""
        return f"{self.year} 年度已由{self.closed_by}于{format_date(self.closed_on)}结账"


def closed_years(session: Session) -> dict[int, ClosingLine]:
    """The years that are closed now, each with who closed it."""
    y = YearClosing
    rows = session.scalars(select(y).where(col(y.reopened_on).is_(None)).order_by(col(y.year)))
    return {
        row.year: ClosingLine(
            row.id or 0,
            row.year,
            row.closed_by,
            row.closed_on,
            row.note or "",
            row.asked_by or "",
            row.asked_on,
            row.reason or "",
        )
        for row in rows
    }


def require_open(session: Session, year: int | None) -> None:
    """Refused when the year is closed, with who closed it and when."""
    if line := closed_years(session).get(year or 0):
        raise Refused(f"{line.sentence}，只能查看，不能再改动。确需改动的，请按“年度结账”中的办法重新开账。")


def require_round_open(session: Session, round_id: int) -> None:
    """Refused when the round belongs to a closed year."""
    require_open(session, session.scalar(select(Round.year).where(col(Round.id) == round_id)))


def require_award_open(session: Session, award_id: int) -> None:
    """Refused when the award belongs to a closed year and was not carried on into one that is open."""
    if closed_years(session):
        require_round_open(session, place_of_award(session, award_id) or 0)


def require_recognition_open(session: Session, recognition_id: int) -> None:
    """Refused when the recognition stands on the list of a closed year."""
    if closed_years(session):
        listed = select(Round.year).join(RoundItem, col(RoundItem.round_id) == Round.id)
        for year in session.scalars(listed.where(col(RoundItem.recognition_id) == recognition_id)):
            require_open(session, year)


def place_of_award(session: Session, award_id: int) -> int | None:
    """The round an award is dealt with in: the one it was carried to last, else its own; None without one."""
    c, p = CarryOver, AwardPart
    carried = select(c.round_id).join(p, col(c.part_id) == p.id).where(col(p.award_id) == award_id)
    last = session.scalars(carried.order_by(col(c.id).desc()).limit(1)).first()
    return last or session.scalar(select(Award.round_id).where(col(Award.id) == award_id))
