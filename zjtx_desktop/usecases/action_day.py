"""The day on which the action that is being done takes place, and that nothing in it may be said to happen later.

The clock of this computer says it and not the history: one action by a clock that was ahead, which no later action
is before, would let every date pass from then on. How far the clock may run ahead of the history is held by the book.
"""

from datetime import date

from sqlmodel import Session

from zjtx_desktop.errors import Refused


def today(session: Session) -> date:
    """Return the day of the action that is being done, by this computer's clock."""
    return session.info["clock"].astimezone().date()


def require_not_later(session: Session, on: date, what: str) -> None:
    """Refused when `on`, called `what`, is not here yet."""
    if on > today(session):
        raise Refused(f"{what} {on} 还没有到（今天是 {today(session)}）。请核对日期；今天的日期不对的，请先校准电脑的时间。")
