"""Signing in: the password opens the person's own key; who guesses is slowed down, also over a restart.

Every failure is an action of its own. A success is one only when it ends a count of failures: what a person does
afterwards bears the name anyway, and an auditor who only reads leaves the book as it was.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, select

from zjtx_desktop.domain.passwords import normal
from zjtx_desktop.errors import AppError, BadFile, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keys import Failures, KeyFile, Slot
from zjtx_desktop.storage.sealing import FULL, Cost, public_hex, unseal, wants_slip, waste
from zjtx_desktop.usecases.certificates import why_not_vouched
from zjtx_desktop.usecases.duties import Actor, is_staffed
from zjtx_desktop.usecases.root import deal_if_alone, wants_dealing
from zjtx_desktop.usecases.slots import put_slot, slot_of
from zjtx_desktop.usecases.sole_lock import failures_in_book, graver, keep_failures
from zjtx_desktop.values.recovery import read_slip

FREE = 5  # failures before the first lock
_LONGEST = 60  # minutes
WRONG = "姓名或密码不对，没有登录。请核对后再试。"
NOBODY = "未登录"
STRANGER = "未登记的姓名"
_ASK_ADMIN = "忘记密码的，请找系统管理员重设。"
ASK_CODE = "忘记密码的，请找系统管理员重设，或用恢复码打开。"
p = tables.Person
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    public_key: str
    salt: bytes
    sealed_key: bytes
    failures: int
    locked_until: datetime | None


def sign_in(book: Book, name: str, password: str, now: datetime, cost: Cost = FULL, slip: str = "") -> Actor:
    """The person with the own key, or Refused in words that do not tell whether name or password was wrong.

    `now` has a time zone. `cost` is only what an unknown name is made to take. `slip` goes with a first password. The
    only user of an encrypted book signs in as well, and has no key. BadFile when the book says of the person what
    nobody certified.
    """
    with book.reading() as session:
        known, staffed, slot = _find(session, name.strip()), is_staffed(session), slot_of(session, name.strip())
    if not staffed and book.secret:
        return _only_user(book, slot, password, now, cost)
    if known and known.locked_until and now < known.locked_until:
        raise Refused(locked(known.locked_until, now))
    if known is None:
        waste(normal(password), cost)
        key = None
    else:
        must_have_slip(known.name, known.sealed_key, slip)
        key = unseal(known.sealed_key, normal(password), known.name, known.salt, read_slip(slip))
    if known is None or key is None:
        raise _failed(book, known, now)
    if public_hex(key) != known.public_key:
        raise BadFile(f"{known.name}的密钥与账簿登记的不符，账簿可能被改动过，没有登录。请运行检查，并联系系统管理员。")
    with book.reading() as session:
        problem, deals = why_not_vouched(session, known.name), wants_dealing(session, known.name)
    if problem:
        raise BadFile(problem)
    actor = Actor(known.name, key, read_slip(slip))
    _note_success(book, actor, known, slot, password, cost, deals)
    return actor


def must_have_slip(name: str, sealed: bytes, slip: str) -> None:
    """Refused where this opens by a first password and its slip, and the slip was not given: no guess, so not counted."""
    if wants_slip(sealed) and not read_slip(slip):
        raise Refused(f"{name}用的是初始密码。第一次登录请同时填写纸条上的首登码；没有收到的，请找系统管理员重设。")


def lock_minutes(failures: int) -> int:
    """For how long nobody may try after so many failures in a row: 1 minute after five, then twice as long each."""
    return 0 if failures < FREE else min(2 ** min(failures - FREE, 10), _LONGEST)


def one_more(before: Failures | None, now: datetime) -> Failures:
    """The count after another failure, and the lock that follows from it."""
    count = (before.count if before else 0) + 1
    minutes = lock_minutes(count)
    until = (now.astimezone(UTC) + timedelta(minutes=minutes)).replace(microsecond=0) if minutes else None
    return Failures(count, until)


def _only_user(book: Book, slot: Slot | None, password: str, now: datetime, cost: Cost) -> Actor:
    """The one user of an encrypted book, who has no key to sign with."""
    with book.reading() as session:
        failures = failures_in_book(session) if slot else None
    failures = graver(failures, KeyFile.read(book.path).failures.get(slot.name) if slot else None)
    if failures and failures.until and now < failures.until:
        raise Refused(locked(failures.until, now, ASK_CODE))
    if slot is None:
        waste(normal(password), cost)
    elif slot.open(normal(password)) is not None:
        end_count(book, slot.name)
        return Actor(slot.name)
    raise _only_user_failed(book, slot.name if slot else "", failures, now)


def _only_user_failed(book: Book, name: str, failures: Failures | None, now: datetime) -> Refused:
    until = counted = None
    if name:
        counted = one_more(failures, now)
        until = counted.until
        count_in_file(book, name, counted)
    if book.read_only:
        return Refused(locked(until, now, ASK_CODE) if until else WRONG)
    with book.action(f"登录失败 {name or STRANGER}", NOBODY) as session:
        session.info["mends"] = True  # who may work here is told whatever a check found
        session.add(tables.Denial(person=name or STRANGER, deed="登录", why="姓名或密码不对"))
        if name:
            keep_failures(session, counted)
    return Refused(locked(until, now, ASK_CODE) if until else WRONG)


def end_count(book: Book, name: str) -> None:
    """The one user got in: no failure in a row is left, neither in the book nor beside it."""
    with book.reading() as session:
        known = failures_in_book(session)
    if known:
        with book.action(f"登录 {name}", name) as session:
            session.info["mends"] = True
            keep_failures(session, None)
    count_in_file(book, name, None)


def _note_success(
    book: Book, actor: Actor, known: _Known, slot: Slot | None, password: str, cost: Cost, deals: bool
) -> None:
    """A count of failures ends. Who has no slot yet gets one: the book was encrypted since, or its code renewed.

    Who held the root key alone shares it with those who have come since.
    """
    wants_slot = book.secret is not None and slot is None
    if book.read_only or not (known.failures or known.locked_until or wants_slot or deals):
        return
    with book.action(f"登录 {known.name}", known.name) as session:
        session.info |= {"actor": actor, "sign": actor.sign, "mends": True}  # may work whatever a check found
        row = _row(session, known.name)
        row.failures, row.locked_until = 0, None
        session.add(row)
        if wants_slot:
            put_slot(session, known.name, password, cost, actor.slip)
        deal_if_alone(session)
    count_in_file(book, known.name, None)


def count_in_file(book: Book, name: str, failures: Failures | None) -> None:
    """Keep the count beside an encrypted book, too, where it holds while the book is shut."""
    if not book.secret:
        return
    try:
        keys = KeyFile.read(book.path)
        if keys.failures.get(name) != failures:
            keys.with_failures(name, failures).write(book.path)
    except AppError as error:
        log.warning("the count of failures was not kept beside the book: %s", error)


def _failed(book: Book, known: _Known | None, now: datetime) -> Refused:
    """Count and write down a failure; an unknown name is not kept, it may be a password typed into the wrong field."""
    if book.read_only:
        return Refused(WRONG)
    whom = known.name if known else STRANGER
    counted: Failures | None = None
    with book.action(f"登录失败 {whom}", NOBODY) as session:
        session.info["mends"] = True  # who may work here is told whatever a check found
        if known:
            row = _row(session, known.name)
            counted = one_more(Failures(row.failures), now)
            row.failures = counted.count
            row.locked_until = counted.until and counted.until.isoformat(timespec="seconds")
            session.add(row)
        session.add(tables.Denial(person=whom, deed="登录", why="姓名或密码不对"))
    if known:
        count_in_file(book, known.name, counted)
    return Refused(locked(counted.until, now) if counted and counted.until else WRONG)


def locked(until: datetime, now: datetime, whom_to_ask: str = _ASK_ADMIN) -> str:
    """How long the lock lasts yet, in words."""
    minutes = -int((now - until).total_seconds() // 60)
    return f"密码连续输错，暂停登录。请 {minutes} 分钟后再试；{whom_to_ask}"


def _find(session: Session, name: str) -> _Known | None:
    row = session.exec(select(p).where(p.name == name, col(p.active))).first()
    if row is None:
        return None
    until = datetime.fromisoformat(row.locked_until) if row.locked_until else None
    return _Known(row.name, row.public_key, row.salt, row.sealed_key, row.failures, until)


def _row(session: Session, name: str) -> tables.Person:
    return session.exec(select(p).where(p.name == name)).one()
