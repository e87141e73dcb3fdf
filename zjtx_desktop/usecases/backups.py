"""Backups of the book: making one, what each of those there holds, and restoring one."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select
from sqlmodel import Session, col

from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.states import MONEYLESS_STATES
from zjtx_desktop.errors import AppError, Denied, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.backup import Tick, copy_book, looking_into, put_back
from zjtx_desktop.storage.book import SUFFIX, Book
from zjtx_desktop.storage.sealing import public_hex
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import GRANTS, Actor, is_staffed, put_on_record
from zjtx_desktop.usecases.office import office
from zjtx_desktop.usecases.people import person
from zjtx_desktop.values import Money, safe_filename

_TIME = "%Y-%m-%d %H%M"
_NAMED = re.compile(r"(?P<what>.+) (?P<at>\d{4}-\d{2}-\d{2} \d{4})(?: \d+)?")
_ASIDE = "（恢复前）"
_OLD_AFTER = 7  # days
_ABANDONED = 3600  # seconds since anything was written to it


@dataclass(frozen=True, slots=True)
class BackupLine:
    """One backup as a list shows it; with `problem` nothing else is known of it."""

    path: Path
    at: datetime
    size: int
    whose: str = ""
    organisations: int = 0
    recognitions: int = 0
    awards: int = 0
    total: Money = Money(0)
    problem: str = ""

    @property
    def is_aside(self) -> bool:
        """Whether it is what a restore put aside."""
        return _ASIDE in self.path.stem


def back_up(book: Book, folder: Path, now: datetime, tick: Tick) -> BackupLine:
    """Write a checked copy of the open book into `folder`, named after county and time."""
    with book.reading() as session:
        whose = office(session).division.name
    if not folder.is_dir():
        raise Refused(f"文件夹“{folder}”不存在，没有备份。请重新选择。")
    if shutil.disk_usage(folder).free < 2 * book.path.stat().st_size:
        raise Refused(f"“{folder}”所在的磁盘空间不够，没有备份。请清理磁盘，或换一个文件夹。")
    _clear_left_overs(folder, now)
    target = _free(folder, f"{whose} {now:{_TIME}}")
    copy_book(book, target, check, tick)
    return describe(target)


def backups(folder: Path, tick: Tick = lambda _done, _total: None) -> tuple[BackupLine, ...]:
    """Every backup in a folder, the latest first, each looked into; one that cannot be read says why."""
    found = sorted(_listed(folder), key=_made_at, reverse=True)
    lines = []
    for done, path in enumerate(found):
        tick(done, len(found))
        lines.append(describe(path))
    return tuple(lines)


def describe(path: Path) -> BackupLine:
    """What a backup holds."""
    at, size = _made_at(path), path.stat().st_size
    try:
        with looking_into(path) as session:
            return BackupLine(path, at, size, *_counts(session))
    except AppError as error:
        return BackupLine(path, at, size, problem=str(error))


def restore(
    backup: Path, path: Path, by: str, now: datetime, tick: Tick, key: Ed25519PrivateKey | None = None
) -> Path:
    """Put a backup in the place of the closed book at `path`; returns where what stood there is kept.

    The book has it in its history then: who restored which backup when, and what was put aside. Denied when
    persons keep the book and `key` is not that of its 系统管理员 of this name; one that cannot be read asks nobody.
    """
    _require_admin(path, Actor(by, key))
    if backup.resolve() == path.resolve():
        raise Refused("选的就是正在使用的账簿，不能用它恢复自己。请选择一份备份。")
    path.parent.mkdir(parents=True, exist_ok=True)  # on a new computer nothing is there yet
    _clear_left_overs(path.parent, now)
    aside = _free(path.parent, f"{path.stem}{_ASIDE} {now:{_TIME}}")
    kept = f"，恢复前的账簿另存为“{aside.name}”" if path.exists() else ""

    def check_and_note(copy: Book) -> list[str]:
        """Noted before the copy takes the place of the book, which so is never there without the note."""
        return check(copy) or _note(copy, f"恢复备份“{backup.name}”{kept}", by, now)

    put_back(backup, path, aside, check_and_note, tick)
    return aside


def _require_admin(path: Path, actor: Actor) -> None:
    try:
        with looking_into(path) as session:
            staffed, known = is_staffed(session), person(session, actor.name)
            held = known and session.get_one(tables.Person, known.id).public_key
    except AppError:
        return
    mine = held and actor.key and public_hex(actor.key) == held
    if staffed and not (known and mine and set(known.roles) & GRANTS["backups.restore"]):
        denied = Denied("只有登录了的系统管理员才能恢复备份，账簿没有改动。请由系统管理员登录后恢复。")
        with Book(path) as book:
            put_on_record(book, actor, "恢复备份", denied)
        raise denied


def age(at: datetime, now: datetime) -> str:
    """How long ago, in words."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "刚刚"
    if minutes < 60:
        return f"{minutes} 分钟前"
    if minutes < 24 * 60:
        return f"{minutes // 60} 小时前"
    return f"{minutes // (24 * 60)} 天前"


def is_old(at: datetime, now: datetime) -> bool:
    """Whether a backup is so old that another should be made."""
    return (now - at).days >= _OLD_AFTER


def _note(book: Book, title: str, by: str, now: datetime) -> list[str]:
    """Write the restore down as an action that cannot be taken back: its record is kept like an issued document."""
    at = now.astimezone()
    record = f"{at:%Y-%m-%d %H:%M:%S %z} {by} {title}".encode()
    with book.action(title, by, at) as session:
        session.add(tables.Content(sha256=hashlib.sha256(record).hexdigest(), size=len(record), data=record))
    return []


def _counts(session: Session) -> tuple[str, int, int, int, Money]:
    a = tables.Award
    counted = (col(a.verdict) == Verdict.AWARD.value, col(a.state).not_in(MONEYLESS_STATES))
    sums = (
        select(func.count(), func.coalesce(func.sum(a.beneficiary_fen + a.municipal_fen), 0))
        .select_from(a)
        .where(*counted)
    )
    awards, fen = session.execute(sums).one()
    held = [
        session.scalar(select(func.count()).select_from(table)) or 0
        for table in (tables.Organisation, tables.Recognition)
    ]
    us = office(session)
    return f"{us.division.name} {us.name}", held[0], held[1], awards, Money(fen)


def _listed(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith(".") and path.is_file())


def _made_at(path: Path) -> datetime:
    named = _NAMED.fullmatch(path.stem)
    return datetime.strptime(named["at"], _TIME) if named else datetime.fromtimestamp(path.stat().st_mtime)


def _clear_left_overs(folder: Path, now: datetime) -> None:
    """What a backup or a restore that was killed left half written; not what is being written now."""
    for part in folder.glob(f".zjtx-*{SUFFIX}*"):
        if now.timestamp() - part.stat().st_mtime > _ABANDONED:
            part.unlink(missing_ok=True)


def _free(folder: Path, stem: str) -> Path:
    stem = safe_filename(stem)
    path, number = folder / f"{stem}{SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem} {number}{SUFFIX}"
    return path
