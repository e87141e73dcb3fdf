"""Backups of the book: making one, and what each of those there holds."""

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session, col

from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.states import MONEYLESS_STATES
from zjtx_desktop.errors import AppError, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.backup import Tick, copy_book, looking_into
from zjtx_desktop.storage.book import SUFFIX, Book
from zjtx_desktop.storage.keys import is_encrypted
from zjtx_desktop.storage.places import spot
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.office import office
from zjtx_desktop.values import Money, safe_filename

TIME = "%Y-%m-%d %H%M"
ASIDE = "（恢复前）"
_NAMED = re.compile(
    r"(?P<what>.+) (?P<at>\d{4}-\d{2}-\d{2} \d{4})(?P<auto>（自动 (?P<tag>[0-9a-f]{4})）)?(?: \d+)?"
)
TAG = 4  # characters of a book's identity
_OLD_AFTER = 7  # days
_ABANDONED = 3600  # seconds since anything was written to it


@dataclass(frozen=True, slots=True)
class BackupLine:
    """One backup as a list shows it; with `problem` nothing else is known of it. `locked`: a password will tell more."""

    path: Path
    at: datetime
    size: int
    whose: str = ""
    organisations: int = 0
    recognitions: int = 0
    awards: int = 0
    total: Money = Money(0)
    problem: str = ""
    locked: bool = False

    @property
    def is_aside(self) -> bool:
        """Whether it is what a restore put aside."""
        return ASIDE in self.path.stem

    @property
    def is_automatic(self) -> bool:
        """Whether the program made it by itself; such are thinned out."""
        return tag_in(self.path) != ""


def back_up(book: Book, folder: Path, now: datetime, tick: Tick, tag: str = "") -> BackupLine:
    """Write a checked copy of the open book into `folder`, named after county and time.

    With the tag of the book it is an automatic one, which later makes room; any other stays until somebody removes it.
    """
    with book.reading() as session:
        whose = office(session).division.name
    if not folder.is_dir():
        raise Refused(f"文件夹“{folder}”不存在，没有备份。请重新选择。")
    if book.path.exists():
        must_have_room(folder, book.path.stat().st_size)
    clear_left_overs(folder, now)
    target = free_name(folder, f"{whose} {now:{TIME}}{f'（自动 {tag}）' if tag else ''}")
    copy_book(book, target, check, tick)
    return describe(target, book.secret)


def backups(
    folder: Path, tick: Tick = lambda _done, _total: None, secret: bytes | None = None
) -> tuple[BackupLine, ...]:
    """Every backup in a folder, the latest first, each looked into; one that cannot be read says why."""
    return backups_in((folder,), tick, secret)


def backups_in(folders: Iterable[Path], tick: Tick, secret: bytes | None = None) -> tuple[BackupLine, ...]:
    """Every backup in these folders, the latest first; a folder that is not there has none."""
    paths = (path for folder in folders for path in listed(folder))
    found = sorted(paths, key=lambda path: (made_at(path), path.stat().st_mtime), reverse=True)
    lines = []
    for done, path in enumerate(found):
        tick(done, len(found))
        lines.append(describe(path, secret))
    return tuple(lines)


def describe(path: Path, secret: bytes | None = None) -> BackupLine:
    """What a backup holds; of an encrypted one that `secret` does not open, only when it was made and its size."""
    at, size = made_at(path), path.stat().st_size
    encrypted = is_encrypted(path)
    try:
        with looking_into(path, secret if encrypted else None) as session:
            return BackupLine(path, at, size, *_counts(session))
    except AppError as error:
        return BackupLine(path, at, size, problem=str(error), locked=encrypted)


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


def identity(session: Session) -> str:
    """What a book and all its copies share and no other book has: the key of its first action."""
    a = tables.Action
    return session.scalar(select(a.key).order_by(col(a.id)).limit(1)) or ""


def tag_in(path: Path) -> str:
    """The tag in the name of an automatic backup; empty in any other name."""
    named = _NAMED.fullmatch(path.stem)
    return (named["tag"] or "") if named else ""


def listed(folder: Path) -> Iterator[Path]:
    """The books in a folder, whole ones only."""
    return (path for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith(".") and path.is_file())


def made_at(path: Path) -> datetime:
    """When a backup was made, by its name, or by its file where the name does not say it."""
    named = _NAMED.fullmatch(path.stem)
    try:
        if named:
            return datetime.strptime(named["at"], TIME)
    except ValueError:  # a name like those, with a day or an hour that does not exist
        pass
    return datetime.fromtimestamp(path.stat().st_mtime)


def must_have_room(folder: Path, size: int) -> None:
    """Refused when a file of this size does not fit on the disk of `folder`."""
    there = spot(folder)
    if there.largest is not None and size > there.largest:
        raise Refused(f"“{folder}”所在的磁盘是 FAT 格式，放不下超过 4 GB 的文件，没有备份。请换一个磁盘。")
    if shutil.disk_usage(folder).free < 2 * size:
        raise Refused(f"“{folder}”所在的磁盘空间不够，没有备份。请清理磁盘，或换一个文件夹。")


def clear_left_overs(folder: Path, now: datetime) -> None:
    """What a backup or a restore that was killed left half written; not what is being written now."""
    for part in folder.glob(f".zjtx-*{SUFFIX}*"):
        if now.timestamp() - part.stat().st_mtime > _ABANDONED:
            part.unlink(missing_ok=True)


def free_name(folder: Path, stem: str) -> Path:
    """A file name after `stem` that is not taken in `folder`."""
    stem = safe_filename(stem)
    path, number = folder / f"{stem}{SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem} {number}{SUFFIX}"
    return path


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
    return _whose(session), held[0], held[1], awards, Money(fen)


def _whose(session: Session) -> str:
    """Whose book it is; empty in one that was begun and never set up."""
    try:
        us = office(session)
    except KeyError:
        return ""
    return f"{us.division.name} {us.name}"
