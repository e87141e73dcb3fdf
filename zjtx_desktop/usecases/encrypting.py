"""加密账簿 and 更换恢复码: the whole of a closed book under a new secret, checked before it takes the place of the old.

Nobody's password but those of the two persons who do it is known here. The others get their slot when they next sign
in while the book is open (换人登录), or a new first password from the 系统管理员. A book with persons gets a new root key as
well, because the old code opens the old one: so are books of older programs moved over.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlmodel import SQLModel

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.passwords import check_password
from zjtx_desktop.errors import AppError, Denied, NotFound, Refused
from zjtx_desktop.exchange.atomic import write_atomically
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keys import KeyFile, data_key, key_file, new_secret
from zjtx_desktop.storage.lock import BookLock
from zjtx_desktop.storage.reseal import OldBytes, copy_under
from zjtx_desktop.storage.sealing import FULL, Cost
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor, Second, is_staffed
from zjtx_desktop.usecases.people import person, rules
from zjtx_desktop.usecases.root import ENCRYPTED, RENEWED, note_code, renew
from zjtx_desktop.usecases.signing_in import sign_in
from zjtx_desktop.usecases.slots import drop_all_slots, put_slot

OLD_COPIES = (
    "旧的备份和拷贝仍然没有加密，请逐一找出删除，存放它们的 U 盘和移动硬盘要格式化；以后的备份都是加密的。"
)
OLD_CODE = "旧的恢复码和旧的钥匙文件仍能打开以前的备份，请销毁旧的恢复码，以前的备份按保密要求保管或删除。"
_SIDE_FILES = (".lock", ".lock-journal", ".keys", "-journal")


@dataclass(frozen=True, slots=True)
class _State:
    """By what two files are known to hold the same."""

    head: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Hands:
    """Who does it, signed in."""

    actor: Actor
    second: Second = Second()
    other_password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Other:
    """Who does it with the administrator: another person by the own password, or why there is nobody to ask."""

    name: str = ""
    password: str = field(default="", repr=False)
    reason: str = ""


def encrypt_book(path: Path, name: str, password: str, cost: Cost = FULL, other: Other = Other()) -> bytes:
    """Encrypt the closed plain book at `path`; returns its secret. Nothing is changed unless all of it was checked.

    In a book with persons `name` is its 系统管理员 and `password` the own one, and `other` agrees; else it is the one
    that will open it.
    """
    if key_file(path).exists():
        raise Refused(f"旁边已有钥匙文件“{key_file(path).name}”，可能属于另一个账簿，没有加密。请先把它移走。")
    with Book(path) as book:
        hands = _must_be_allowed(book, name, password, cost, other)
        before = _sound(book)
    return _reseal(path, None, before, ENCRYPTED, hands, password, cost)


def renew_code(
    path: Path, secret: bytes, name: str, password: str, cost: Cost = FULL, other: Other = Other()
) -> bytes:
    """Put the closed encrypted book at `path` under a new secret, which is returned: the old code opens it no more.

    `secret` opens it now; persons as for `encrypt_book`.
    """
    with Book(path, secret) as book:
        hands = _must_be_allowed(book, name, password, cost, other)
        before = _sound(book)
    return _reseal(path, secret, before, RENEWED, hands, password, cost)


def _reseal(
    path: Path, old: bytes | None, before: _State, title: str, hands: _Hands, password: str, cost: Cost
) -> bytes:
    secret, wanted = new_secret(), list[KeyFile]()
    lock = BookLock(path)  # nobody opens the book from here on

    def write(part: Path) -> None:
        try:
            copy_under(path, part, data_key(old) if old else None, data_key(secret))
            with Book(part, secret) as copy:
                if _state(copy) != before:
                    raise Refused("加密后的账簿与原来的不一致，已丢弃，原来的账簿没有改动。请再试一次。")
                with copy.action(title, hands.actor.name) as session:
                    sign = hands.actor.key and hands.actor.key.sign
                    session.info |= {"actor": hands.actor, "second": hands.second, "sign": sign}
                    drop_all_slots(session)
                    put_slot(session, hands.actor.name, password, cost)
                    if hands.other_password and hands.second.actor:
                        put_slot(session, hands.second.actor.name, hands.other_password, cost)
                    note_code(session, secret)
                    if is_staffed(session):
                        renew(session, title)
                _sound(copy)
            wanted.append(_lay_both_keys(path, part))
        finally:
            for end in _SIDE_FILES:
                with suppress(OSError):
                    part.with_name(part.name + end).unlink(missing_ok=True)

    try:
        old_bytes = OldBytes(path)
        try:
            write_atomically(path, write, overwrite=True)
            old_bytes.overwrite()
            with suppress(AppError):  # else the next opening does it
                wanted[-1].write(path)
        finally:
            old_bytes.let_go()
    finally:
        lock.release()
    return secret


def _lay_both_keys(path: Path, part: Path) -> KeyFile:
    """Beside the book, the slots of what lies there now and of what will: whichever the power leaves, one opens.

    Returns the key file of what will.
    """
    keys = KeyFile.read(part)
    try:
        KeyFile.read(path).joined(keys.slots).write(path)
    except NotFound:
        keys.write(path)
    return keys


def _must_be_allowed(book: Book, name: str, password: str, cost: Cost, other: Other) -> _Hands:
    with book.reading() as session:
        staffed, line, wanted = is_staffed(session), person(session, name), rules(session)
    if not staffed:
        if book.secret:
            sign_in(book, name, password, datetime.now(UTC), cost)
        else:
            check_password(password, name, wanted)
        return _Hands(Actor(name))
    if line is None or Role.ADMIN not in line.roles:
        raise Denied("只有系统管理员才能加密账簿、更换恢复码，账簿没有改动。请由系统管理员办理。")
    actor = sign_in(book, name, password, datetime.now(UTC), cost)
    second = Second(sign_in(book, other.name, other.password, datetime.now(UTC), cost)) if other.name else Second(None, other.reason)
    return _Hands(actor, second, other.password)


def _sound(book: Book) -> _State:
    if problems := check(book):
        raise Refused(f"账簿没有通过检查，没有改动（{problems[0]}）。请先从备份恢复。")
    return _state(book)


def _state(book: Book) -> _State:
    with book.reading() as session:
        return _State(book.head(), _counts(session.connection()))


def _counts(connection: Connection) -> tuple[tuple[str, int], ...]:
    names = sorted(SQLModel.metadata.tables)
    return tuple((name, connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()) for name in names)
