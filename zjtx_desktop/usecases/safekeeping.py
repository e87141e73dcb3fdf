"""Backups that the program makes by itself: only of what has changed, to a second place as well, thinned out in time."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session, col

from zjtx_desktop.domain.thinning import superfluous
from zjtx_desktop.errors import AppError, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.backup import Tick, copy_backup, looking_into
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keys import key_file
from zjtx_desktop.usecases.backups import (
    TAG,
    BackupLine,
    back_up,
    clear_left_overs,
    describe,
    identity,
    listed,
    made_at,
    must_have_room,
    tag_in,
)
from zjtx_desktop.usecases.trails import Trail, trail

RESTORED = "恢复备份“"  # how the title of a restore begins; the name of the backup follows, up to ”


class Second(Enum):
    """What became of the copy in the second place."""

    NOT_SET = "没有设第二个位置"
    THERE = "第二个位置已有"
    ABSENT = "第二个位置没有接上"
    FAILED = "没有复制到第二个位置"


@dataclass(frozen=True, slots=True)
class Kept:
    """How the book is kept safe now. `is_new` is False when the last backup still holds all of it."""

    line: BackupLine
    is_new: bool
    second: Second
    holds: Trail  # at least so much of the book is in it
    why: str = ""  # of Second.FAILED
    thinned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mine:
    """By what the automatic backups of one book are known, and the names of those that stay in any case."""

    identity: str
    secret: bytes | None = field(repr=False)
    stay: frozenset[str] = frozenset()

    @property
    def tag(self) -> str:
        """What stands in their names."""
        return self.identity[:TAG]

    def among(self, folder: Path) -> list[Path]:
        """Those in a folder, by their names."""
        return [path for path in listed(folder) if self.tag and tag_in(path) == self.tag]

    def is_one(self, path: Path) -> bool:
        """Whether a file can be read and is a copy of this book, whatever its name says."""
        try:
            with looking_into(path, self.secret) as session:
                return identity(session) == self.identity
        except AppError:
            return False


def keep_safe(book: Book, folder: Path, second: Path | None, now: datetime, tick: Tick) -> Kept:
    """Back the book up into `folder` if it has changed since, then copy the backup to `second` when that is there.

    Refused or BadFile when there is no good backup in `folder` afterwards; what goes wrong at the second place is in
    the answer. Old automatic backups are let go only after a new one was found good, and never in its stead.
    """
    if book.behind:
        raise Refused(f"{book.behind}没有自动备份，以免挤掉较新的备份。需要留一份的，请点“备份账簿”。")
    if book.why_found():
        raise Refused("检查发现的问题还没有接受，不自动备份，以免挤掉原来好的备份。需要留一份的，请点“备份账簿”。")
    with book.reading() as session:
        wanted, stay = trail(session), _restored_from(session)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"备份文件夹“{folder}”建不了，没有备份。请到“设置 → 备份”换一个文件夹。") from error
    mine = Mine(wanted.identity, book.secret, stay)
    last = max(mine.among(folder), key=lambda path: (made_at(path), path.stat().st_mtime), default=None)
    if last and _holds(last, wanted, book.secret):
        state, why = _second_copy(last, second, mine, now)
        return Kept(describe(last, book.secret), False, state, wanted, why)
    line = back_up(book, folder, now, tick, mine.tag)
    mine = replace(mine, stay=stay | {line.path.name})
    thinned = thin(folder, mine)
    state, why = _second_copy(line.path, second, mine, now)
    return Kept(line, True, state, wanted, why, thinned)


def money_mark(session: Session) -> tuple[int, int]:
    """Rises with every payment entered and every letter issued: after those a backup is due."""
    tops = (select(func.coalesce(func.max(table.id), 0)) for table in (tables.LedgerEntry, tables.Document))
    paid, issued = (session.scalar(top) or 0 for top in tops)
    return paid, issued


def thin(folder: Path, mine: Mine) -> tuple[str, ...]:
    """Remove the automatic backups of this book that have done their duty; the names of those that went.

    What cannot be read, or turns out to be another book's, stays.
    """
    made = {path: made_at(path) for path in mine.among(folder)}
    gone = [path for path in superfluous(made, {one for one in made if one.name in mine.stay}) if mine.is_one(path)]
    for path in gone:
        path.unlink(missing_ok=True)
        key_file(path).unlink(missing_ok=True)
    return tuple(sorted(path.name for path in gone))


def _second_copy(backup: Path, second: Path | None, mine: Mine, now: datetime) -> tuple[Second, str]:
    if second is None:
        return Second.NOT_SET, ""
    target, size = second / backup.name, backup.stat().st_size
    try:
        if not second.is_dir():
            return Second.ABSENT, ""
        if not (target.is_file() and target.stat().st_size == size):
            clear_left_overs(second, now)
            must_have_room(second, size)
            copy_backup(backup, target)
            thin(second, replace(mine, stay=mine.stay | {target.name}))
    except AppError as error:
        return Second.FAILED, str(error)
    except OSError as error:  # pulled out, or the share is gone, between two looks
        return Second.FAILED, f"第二个备份位置“{second}”读写出错（{error.strerror}）。请检查磁盘。"
    return Second.THERE, ""


def _holds(backup: Path, wanted: Trail, secret: bytes | None) -> bool:
    """Whether a backup has everything that the book has now."""
    try:
        with looking_into(backup, secret) as session:
            return trail(session) == wanted
    except AppError:
        return False


def _restored_from(session: Session) -> frozenset[str]:
    """The names of the backups that this book was once restored from."""
    a = tables.Action
    titles = session.scalars(select(a.title).where(col(a.title).startswith(RESTORED, autoescape=True)))
    return frozenset(title.removeprefix(RESTORED).partition("”")[0] for title in titles)
