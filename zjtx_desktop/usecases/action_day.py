"""The day on which the action that is being done takes place."""

from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.storage import tables


def today(session: Session) -> date:
    """Return the day of the action that is being done, by this computer's clock."""
    a = tables.Action
    at = session.scalars(select(a.at).order_by(col(a.id).desc()).limit(1)).one()
    return datetime.fromisoformat(at).astimezone().date()
