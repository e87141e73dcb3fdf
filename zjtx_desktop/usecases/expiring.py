"""Recognitions whose validity ends soon, so that the organisations can be told to apply for 复核 in time."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.overview import months_later
from zjtx_desktop.usecases.recognitions import LISTING, RecognitionLine

MONTHS = (3, 6, 12, 24)
_PORTION = 500  # lines read at once


def expiring(session: Session, today: date, months: int) -> Sequence[RecognitionLine]:
    """What ends from today on within so many months, the earliest end first; what is only 公示 has no validity."""
    r = tables.Recognition
    query = (
        select(r.id)
        .where(col(r.valid_to).between(today, months_later(today, months)), col(r.publicity_only).is_(False))
        .order_by(col(r.valid_to), col(r.id))
    )
    ids = session.scalars(query).all()
    return [line for start in range(0, len(ids), _PORTION) for line in LISTING.lines(session, ids[start : start + _PORTION])]
