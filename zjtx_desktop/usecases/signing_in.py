"""Signing in: the password opens the person's own key; who guesses is slowed down, also over a restart.

Every failure is an action of its own. A success is one only when it ends a count of failures: what a person does
afterwards bears the name anyway, and an auditor who only reads leaves the book as it was.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, select

from zjtx_desktop.domain.passwords import normal
from zjtx_desktop.errors import BadFile, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.sealing import FULL, Cost, public_hex, unseal, waste
from zjtx_desktop.usecases.duties import Actor

FREE = 5  # failures before the first lock
_LONGEST = 60  # minutes
_WRONG = "姓名或密码不对，没有登录。请核对后再试。"
_NOBODY = "未登录"
p = tables.Person


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    public_key: str
    salt: bytes
    sealed_key: bytes
    failures: int
    locked_until: datetime | None


def sign_in(book: Book, name: str, password: str, now: datetime, cost: Cost = FULL) -> Actor:
    """The person with the own key, or Refused in words that do not tell whether name or password was wrong.

    `now` has a time zone. `cost` is only what an unknown name is made to take.
    """
    with book.reading() as session:
        known = _find(session, name.strip())
    if known and known.locked_until and now < known.locked_until:
        raise Refused(_locked(known.locked_until, now))
    if known is None:
        waste(normal(password), cost)
        key = None
    else:
        key = unseal(known.sealed_key, normal(password), known.name, known.salt)
    if known is None or key is None:
        raise _failed(book, known, now)
    if public_hex(key) != known.public_key:
        raise BadFile(f"{known.name}的密钥与账簿登记的不符，账簿可能被改动过，没有登录。请运行检查，并联系系统管理员。")
    if known.failures or known.locked_until:
        with book.action(f"登录 {known.name}", known.name) as session:
            row = _row(session, known.name)
            row.failures, row.locked_until = 0, None
            session.add(row)
    return Actor(known.name, key)


def lock_minutes(failures: int) -> int:
    """For how long nobody may try after so many failures in a row: 1 minute after five, then twice as long each."""
    return 0 if failures < FREE else min(2 ** min(failures - FREE, 10), _LONGEST)


def _failed(book: Book, known: _Known | None, now: datetime) -> Refused:
    """Count and write down a failure; an unknown name is not kept, it may be a password typed into the wrong field."""
    whom = known.name if known else "未登记的姓名"
    until: datetime | None = None
    with book.action(f"登录失败 {whom}", _NOBODY) as session:
        if known:
            row = _row(session, known.name)
            row.failures += 1
            if minutes := lock_minutes(row.failures):
                until = now.astimezone(UTC) + timedelta(minutes=minutes)
                row.locked_until = until.isoformat(timespec="seconds")
            session.add(row)
        session.add(tables.Denial(person=whom, deed="登录", why="姓名或密码不对"))
    return Refused(_locked(until, now) if until else _WRONG)


def _locked(until: datetime, now: datetime) -> str:
    minutes = -int((now - until).total_seconds() // 60)
    return f"密码连续输错，暂停登录。请 {minutes} 分钟后再试；忘记密码的，请找系统管理员重设。"


def _find(session: Session, name: str) -> _Known | None:
    row = session.exec(select(p).where(p.name == name, col(p.active))).first()
    if row is None:
        return None
    until = datetime.fromisoformat(row.locked_until) if row.locked_until else None
    return _Known(row.name, row.public_key, row.salt, row.sealed_key, row.failures, until)


def _row(session: Session, name: str) -> tables.Person:
    return session.exec(select(p).where(p.name == name)).one()
