"""确认电脑的时间: after a long pause somebody says once, with a reason, that the clock is right, before it is believed."""

import hashlib
from datetime import UTC, datetime

from sqlmodel import Session

from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import history, tables
from zjtx_desktop.storage.book import Book, doubt
from zjtx_desktop.usecases.duties import guarded

DEED = "确认电脑的时间"


def why_doubted(book: Book, now: datetime | None = None) -> str:
    """Why the clock is not believed just now, a sentence; empty where it is."""
    return doubt(book.latest, now or datetime.now(UTC))


@guarded
def confirm(session: Session, reason: str) -> None:
    """Take the clock's word from now on; clock and reason stay on record. Refused where nothing is in doubt."""
    clock = session.info["clock"].astimezone()
    if not session.info["is_doubtful"]:
        raise Refused("电脑的时间没有疑问，不用确认。")
    if not reason.strip():
        raise Refused("没有写明理由。请写明怎样核对了时间，为什么这么久没有使用账簿。")
    data = f"{session.info['by']} {DEED} {clock:%Y-%m-%d %H:%M:%S %z} {reason.strip()}".encode()
    session.add(tables.Content(sha256=hashlib.sha256(data).hexdigest(), size=len(data), data=data))
    history.retime(session.connection(), clock)
