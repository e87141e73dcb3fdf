"""Restoring a backup: who may, what would be lost by it, and the book that has it in its history afterwards.

In a book with persons two of them do it: the 系统管理员 and somebody else, each with the own password.
"""

import hashlib
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.passwords import normal
from zjtx_desktop.errors import AppError, BadFile, Denied, Refused
from zjtx_desktop.storage import history, tables
from zjtx_desktop.storage.backup import Tick, looking_into, put_back
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keys import KeyFile, is_encrypted
from zjtx_desktop.storage.sealing import public_hex, unseal, wants_slip
from zjtx_desktop.usecases.backups import ASIDE, TIME, BackupLine, clear_left_overs, describe, free_name
from zjtx_desktop.usecases.certificates import why_not_vouched
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import GRANTS, Actor, is_staffed, put_on_record
from zjtx_desktop.usecases.people import person, people
from zjtx_desktop.usecases.record_history import ActionLine
from zjtx_desktop.usecases.rollback import seen_now
from zjtx_desktop.usecases.safekeeping import RESTORED
from zjtx_desktop.usecases.seen_books import Seen, SeenBooks
from zjtx_desktop.usecases.trails import behind_paper, common_to, compared, compared_with_memory, lost_after, trail
from zjtx_desktop.values.recovery import read_recovery

_GRANT = "restoring.restore"
_WRONG = "姓名或密码不对。请核对后再试。"
_NOT_ADMIN = "只有登录了的系统管理员才能恢复备份，账簿没有改动。请由系统管理员登录后恢复。"
_NOT_TWO = "恢复备份要两个人办：系统管理员和另一位在岗人员，各用自己的密码。请另一位人员输入密码后再恢复。"


@dataclass(frozen=True, slots=True)
class Hands:
    """Who restores: the one at the desk, and the other person where the book has persons.

    `by_code`: whoever holds the sealed 恢复码 restores a book that is gone; a book that is there asks for its persons.
    """

    actor: Actor
    other: Actor | None = None
    by_code: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What a restore would do, before anybody decides. `admins` and `others` may sign for it; both empty: one is enough.

    `lost` are the latest of the actions that are in the book and not in the backup; `lost_count` is how many there are.
    """

    line: BackupLine
    lost: tuple[ActionLine, ...] = ()
    lost_count: int = 0
    warnings: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    is_there: bool = False  # a book that can be read, whose persons must agree
    secret: bytes | None = field(default=None, repr=False)  # of the backup


def names_for(backup: Path) -> tuple[str, ...]:
    """Whose passwords open an encrypted backup; empty when only the 恢复码 does."""
    try:
        return KeyFile.read(backup).names
    except AppError:
        return ()


def unlock(backup: Path, name: str, password: str) -> bytes:
    """The secret of an encrypted backup by a person's password; Refused when it is another."""
    secret = KeyFile.read(backup).unlock(name, normal(password))
    if secret is None:
        raise Refused(_WRONG)
    return secret


def unlock_by_code(backup: Path, text: str) -> bytes:
    """The secret of an encrypted backup by the printed 恢复码; BadValue or BadFile when it is not this book's."""
    secret = read_recovery(text)
    with looking_into(backup, secret):
        return secret


def identify(where: Path, name: str, password: str, secret: bytes | None) -> Actor:
    """A person of the book or backup at `where` by the own password; nothing is written there, so failures do not count.

    Refused when there is no such person in office or the password is another; BadFile when nobody certified what the
    book says of the person.
    """
    with looking_into(where, secret if is_encrypted(where) else None) as session:
        row = _in_office(session, name) if _knows_persons(session) else None
        problem = why_not_vouched(session, name) if row else ""
    if row and wants_slip(row.sealed_key):
        raise Refused(f"{name}还在用初始密码，不能同意恢复。请{name}先登录修改密码。")
    key = unseal(row.sealed_key, normal(password), row.name, row.salt) if row else None
    if row is None or key is None or public_hex(key) != row.public_key:
        raise Refused(_WRONG)
    if problem:
        raise BadFile(problem)
    return Actor(row.name, key)


def _in_office(session: Session, name: str) -> tables.Person | None:
    """The person of this name, as far as an older book can tell."""
    p = tables.Person
    columns = (p.name, p.salt, p.sealed_key, p.public_key)
    found = session.execute(select(*columns).where(col(p.name) == name, col(p.active))).first()
    return tables.Person(**dict(zip(("name", "salt", "sealed_key", "public_key"), found, strict=True))) if found else None


def preview(
    backup: Path, path: Path, secret: bytes | None, seen: Seen | None = None, present_secret: bytes | None = None
) -> Preview:
    """What restoring `backup` to `path` would do; `seen` is how far this computer last saw the book there.

    `present_secret` opens the book that is there, where the secret of the backup does not.

    BadFile when the backup cannot be read with this secret.
    """
    line = describe(backup, secret)
    if line.problem:
        raise BadFile(f"“{backup.name}”不能用来恢复：{line.problem}")
    with ExitStack() as stack:
        copy = stack.enter_context(looking_into(backup, secret if is_encrypted(backup) else None))
        theirs = trail(copy)
        present, _ = _present(stack, path, (present_secret, secret))
        who = present or copy
        admins, others = _who_signs(who)
        if present is None:
            count, warnings = compared_with_memory(copy, theirs, seen)
            return Preview(line, (), count, warnings, admins, others, False, secret)
        common = common_to(present, copy)
        lost, count = lost_after(present, common), trail(present).seq - common
        return Preview(line, lost, count, compared(present, theirs, common, lost), admins, others, True, secret)


def held_against_paper(backup: Path, secret: bytes | None, text: str) -> str:
    """What a backup lacks by the 账簿校验码 printed on a paper; empty when it has all up to that paper."""
    with looking_into(backup, secret if is_encrypted(backup) else None) as session:
        return behind_paper(session, text)


def restore(
    backup: Path,
    path: Path,
    hands: Hands,
    now: datetime,
    tick: Tick,
    secret: bytes | None = None,
    present_secret: bytes | None = None,
    memory: SeenBooks | None = None,
) -> Path:
    """Put a backup in the place of the closed book at `path`; returns where what stood there is kept.

    The book has it in its history then: who restored which backup when, and what was put aside. Denied when persons
    keep the book and `hands` are not its 系统管理员 and another of them. A book that is gone or cannot be read is asked
    for no persons, its backup is. `memory` forgets what was seen of the book before: it was given up on purpose.
    """
    if backup.resolve() == path.resolve():
        raise Refused("选的就是正在使用的账簿，不能用它恢复自己。请选择一份备份。")
    _must_be_allowed(backup, path, hands, secret, present_secret)
    path.parent.mkdir(parents=True, exist_ok=True)  # on a new computer nothing is there yet
    clear_left_overs(path.parent, now)
    aside = free_name(path.parent, f"{path.stem}{ASIDE} {now:{TIME}}")
    with_whom = f"，同办人{hands.other.name}" if hands.other else "，凭恢复码" if hands.by_code else ""
    kept = f"，恢复前的账簿另存为“{aside.name}”" if path.exists() else ""

    restored: list[Seen] = []

    def check_and_note(copy: Book) -> list[str]:
        """Noted before the copy takes the place of the book, which so is never there without the note."""
        if problems := check(copy):
            return problems
        _note(copy, f"{RESTORED}{backup.name}”{with_whom}{kept}", hands, now)
        with copy.reading() as session:
            restored.append(seen_now(session, path, copy.secret is not None))
        return []

    put_back(backup, path, aside, check_and_note, tick, secret if is_encrypted(backup) else None)
    for seen in restored:
        (memory or SeenBooks()).keep(seen)
    return aside


def _present(
    stack: ExitStack, path: Path, candidates: Iterable[bytes | None]
) -> tuple[Session | None, bytes | None]:
    """The book that is there now, where it can be read, and the secret that opened it."""
    if not path.is_file():
        return None, None
    for secret in candidates if is_encrypted(path) else (None,):
        try:
            return stack.enter_context(looking_into(path, secret)), secret
        except AppError:
            continue
    return None, None


def _must_be_allowed(
    backup: Path, path: Path, hands: Hands, secret: bytes | None, present_secret: bytes | None
) -> None:
    with ExitStack() as stack:
        present, opened_by = _present(stack, path, (present_secret, secret))
        if present is None and hands.by_code:
            return
        who = present or stack.enter_context(looking_into(backup, secret if is_encrypted(backup) else None))
        problem = _why_denied(who, hands)
    if problem:
        denied = Denied(problem)
        if present is not None:
            with Book(path, opened_by) as book:
                put_on_record(book, hands.actor, "恢复备份", denied)
        raise denied


def _why_denied(session: Session, hands: Hands) -> str:
    if not _knows_persons(session):
        return ""
    admin = person(session, hands.actor.name)
    if not (admin and set(admin.roles) & GRANTS[_GRANT] and _is_really(session, hands.actor)):
        return _NOT_ADMIN
    if hands.other is None or not _is_really(session, hands.other):
        return _NOT_TWO
    if hands.other.name == hands.actor.name:
        return f"两次都是{hands.actor.name}。{_NOT_TWO}"
    p = tables.Person
    first = select(p.name).where(col(p.name).in_((hands.actor.name, hands.other.name)), col(p.must_change))
    name = session.scalars(first).first()  # whoever set that password knows it, too
    return f"{name}还在用初始密码，不能同意恢复。请{name}先登录修改密码。" if name else ""


def _is_really(session: Session, actor: Actor) -> bool:
    """Whether somebody in office of this name is registered with this key."""
    known = person(session, actor.name)
    held = known.active and session.get_one(tables.Person, known.id).public_key if known else ""
    return bool(held and actor.key and public_hex(actor.key) == held)


def _who_signs(session: Session) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if not _knows_persons(session):
        return (), ()
    active = [one for one in people(session) if one.active]
    admins = tuple(one.name for one in active if set(one.roles) & GRANTS[_GRANT])
    return admins, tuple(one.name for one in active)


def _knows_persons(session: Session) -> bool:
    """Whether the book has persons; one of an older program may have no room for them."""
    there = "SELECT count(*) FROM sqlite_schema WHERE name = 'person'"
    return bool(session.connection().exec_driver_sql(there).scalar()) and is_staffed(session)


def _note(book: Book, title: str, hands: Hands, now: datetime) -> None:
    """Write the restore down as an action that cannot be taken back: its record is kept like an issued document.

    Whoever has a key signs the record; a line each says who.
    """
    at = now.astimezone()
    record = f"{at:%Y-%m-%d %H:%M:%S %z} {hands.actor.name} {title}"
    signed = [
        f"签名 {one.name} {one.key.sign(record.encode()).hex()}" for one in (hands.actor, hands.other) if one and one.key
    ]
    data = "\n".join((record, *signed)).encode()
    with book.action(title, hands.actor.name, at) as session:
        session.info["sign"] = hands.actor.sign
        session.info["mends"] = True  # two persons have agreed to what is lost
        history.retime(session.connection(), at)
        session.add(tables.Content(sha256=hashlib.sha256(data).hexdigest(), size=len(data), data=data))
