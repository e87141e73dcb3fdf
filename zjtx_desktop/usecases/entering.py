"""Into an encrypted book: one password opens the book and signs its person in.

While the book is shut, failures are counted in the key file beside it, where they hold over a restart, and they are
written into the book once somebody opens it.
"""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import select

from zjtx_desktop.domain.passwords import normal
from zjtx_desktop.errors import AppError, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.connection import head_of
from zjtx_desktop.storage.keys import KeyFile, Slot, fingerprint, is_encrypted
from zjtx_desktop.storage.lock import BookLock, CannotLock
from zjtx_desktop.storage.sealing import FULL, Cost, waste
from zjtx_desktop.usecases.duties import Actor, is_staffed
from zjtx_desktop.usecases.signing_in import (
    ASK_CODE,
    NOBODY,
    STRANGER,
    WRONG,
    count_in_file,
    end_count,
    locked,
    must_have_slip,
    one_more,
    sign_in,
)
from zjtx_desktop.usecases.sole_lock import failures_in_book, graver, keep_failures
from zjtx_desktop.values.recovery import read_slip

_UNFINISHED = "上次修改密码没有完成，密码还是原来的那个。请用原来的密码登录。"
p = tables.Person
log = logging.getLogger(__name__)


def enter(
    path: Path, name: str, password: str, now: datetime, cost: Cost = FULL, slip: str = ""
) -> tuple[Book, Actor]:
    """Open an encrypted book by one password and sign its person in; both stay with the caller. `slip` as for `sign_in`.

    Refused when name or password are wrong, or locked; NotFound or BadFile say what is the matter with the files.
    """
    try:
        lock = BookLock(path)  # nobody else counts failures or changes passwords meanwhile
    except CannotLock:
        lock = None  # where nothing can be written the book is only read
    try:
        secret, slot = _unlock(path, name.strip(), password, now, cost, slip)
    finally:
        if lock:
            lock.release()
    book = Book(path, secret)
    try:
        if slot not in KeyFile.read(path).slots:
            raise Refused(_UNFINISHED)  # the power went between the key file and the book
        _tell(book)
        return book, _signed_in(book, slot.name, password, now, cost, slip)
    except BaseException:
        book.close()
        raise


def is_shut(path: Path) -> bool:
    """Whether the book at `path` opens only with a password or its code."""
    return is_encrypted(path)


def who_opens(path: Path) -> tuple[str, ...] | None:
    """Whose passwords open the encrypted book at `path`; None when it opens without one.

    NotFound or BadFile when it is encrypted and its key file is of no use.
    """
    return KeyFile.read(path).names if is_encrypted(path) else None


def _signed_in(book: Book, name: str, password: str, now: datetime, cost: Cost, slip: str) -> Actor:
    with book.reading() as session:
        staffed, kept = is_staffed(session), failures_in_book(session)
    if staffed:
        return sign_in(book, name, password, now, cost, slip)
    if kept and kept.until and now < kept.until:  # the key file was replaced by one that does not know
        count_in_file(book, name, kept)
        raise Refused(locked(kept.until, now, ASK_CODE))
    end_count(book, name)
    return Actor(name)


def who_needs_slips(path: Path) -> tuple[str, ...]:
    """Who opens the encrypted book at `path` by a first password, and so needs the slip as well.

    Nobody where the key file cannot be read, which `enter` then says.
    """
    try:
        return KeyFile.read(path).names_with_slips
    except AppError:
        return ()


def _unlock(path: Path, name: str, password: str, now: datetime, cost: Cost, slip: str) -> tuple[bytes, Slot]:
    """The data key, of an older slot the secret, and the slot that gave it; by the key file alone."""
    keys = KeyFile.read(path)
    failures = keys.failures.get(name)
    if failures and failures.until and now < failures.until:
        raise Refused(locked(failures.until, now, ASK_CODE))
    theirs = [slot for slot in keys.slots if slot.name == name]
    if all(slot.wants_slip for slot in theirs):
        for slot in theirs:
            must_have_slip(name, slot.sealed, slip)
    opened = [(secret, slot) for slot in theirs if (secret := slot.open(normal(password), read_slip(slip)))]
    if opened:  # two, when the power went while the code was renewed: the one is right whose head the book has
        head = head_of(path).hex()
        return next((one for one in opened if fingerprint(one[0]) == head), opened[0])
    if not theirs:
        waste(normal(password), cost)
    raise _failed_outside(path, keys, name if theirs else "", now)


def _failed_outside(path: Path, keys: KeyFile, name: str, now: datetime) -> Refused:
    """Count a failure in the key file; an unknown name is not kept, it may be a password typed into the wrong field."""
    keys, until = keys.with_try(name or STRANGER, now.astimezone(UTC)), None
    if name:
        failures = one_more(keys.failures.get(name), now)
        keys, until = keys.with_failures(name, failures), failures.until
    try:
        keys.write(path)
    except AppError as error:
        log.warning("a failure to open the book was not counted beside it: %s", error)
    return Refused(locked(until, now, ASK_CODE) if until else WRONG)


def _tell(book: Book) -> None:
    """Write into the book who failed to open it; from then on the key file counts only what comes."""
    keys = KeyFile.read(book.path)
    if book.read_only or not keys.tries:
        return
    with book.action("登录失败（账簿打开之前）", NOBODY) as session:
        session.info["mends"] = True  # who may work here is told whatever a check found
        for one in keys.tries:
            why = f"{one.at.astimezone():%Y-%m-%d %H:%M:%S} 姓名或密码不对"
            session.add(tables.Denial(person=one.name, deed="打开账簿", why=why))
        if not is_staffed(session):
            keep_failures(session, graver(failures_in_book(session), next(iter(keys.failures.values()), None)))
        for name, failures in keys.failures.items():
            row = session.exec(select(p).where(p.name == name)).first()
            if row and row.failures < failures.count:
                row.failures = failures.count
                row.locked_until = failures.until and failures.until.isoformat(timespec="seconds")
                session.add(row)
    replace(keys, tries=()).write(book.path)
