"""Copies of a book: made in one step, checked before they count, put back without loss.

One step of the backup API and not pages by turns: with a writer at work the latter never ends. The API copies
damage faithfully, so the book is checked before it is copied and the copy before it gets its name.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlcipher3.dbapi2 as sqlite
from sqlmodel import Session

from zjtx_desktop.errors import AppError, BadFile, Refused
from zjtx_desktop.exchange.atomic import write_atomically
from zjtx_desktop.storage.book import SUFFIX, Book
from zjtx_desktop.storage.connection import connect, look, reading_engine
from zjtx_desktop.storage.lock import BookLock
from zjtx_desktop.storage.steps import APPLICATION_ID

Check = Callable[[Book], list[str]]
Tick = Callable[[int, int], None]
_STEPS = 4  # verify, copy, verify the copy, give it its name
_SIDE_FILES = (".lock", "-journal", ".lock-journal")


def copy_book(book: Book, target: Path, check: Check, tick: Tick, key: bytes | None = None) -> None:
    """Write the open book to the new file `target`: there whole and checked afterwards, or not there at all.

    Refused when the book or its copy is not sound, or `target` is taken; BadFile when it cannot be written.
    """
    tick(0, _STEPS)
    _must_be_sound(check(book), "账簿没有通过检查，没有备份，原有的备份不受影响。")

    def write(part: Path) -> None:
        tick(1, _STEPS)
        with _alone(part):
            _copy(book.path, part, key)
            tick(2, _STEPS)
            _must_be_sound(
                _check_file(part, check, key), "备份写出后没有通过检查，已丢弃。请换一个磁盘再备份。"
            )
        tick(3, _STEPS)

    write_atomically(target, write)
    tick(_STEPS, _STEPS)


def put_back(
    backup: Path, path: Path, aside: Path, check: Check, tick: Tick, key: bytes | None = None
) -> None:
    """Put a copy of `backup` in the place of the closed book at `path`, which is first kept as `aside`.

    The backup itself is never touched, not even to upgrade it. Refused leaves the present book as it is.
    """
    tick(0, _STEPS)
    lock = BookLock(path)  # nobody opens the book from here on
    try:

        def write(part: Path) -> None:
            with _alone(part):
                _copy(backup, part, key)
                tick(1, _STEPS)
                _must_be_sound(
                    _check_file(part, check, key), f"备份“{backup.name}”没有通过检查，没有恢复。请另选一份。"
                )
            tick(2, _STEPS)
            if path.exists():
                _keep_aside(path, aside)
            tick(3, _STEPS)
            path.with_name(f"{path.name}-journal").unlink(missing_ok=True)  # it belongs to what is now aside

        write_atomically(path, write, overwrite=True)
    finally:
        lock.release()
    tick(_STEPS, _STEPS)


@contextmanager
def looking_into(backup: Path, key: bytes | None = None) -> Iterator[Session]:
    """A session that reads a backup as it lies there; BadFile when it is no book."""
    if look(backup, key) != APPLICATION_ID:
        raise BadFile(f"“{backup.name}”不是本程序的账簿。")
    engine = reading_engine(backup, key)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def _copy(source: Path, target: Path, key: bytes | None) -> None:
    if look(source, key) != APPLICATION_ID:
        raise BadFile(f"“{source.name}”不是本程序的账簿。请另选一份。")
    have, get = connect(source, key), connect(target, key)
    try:
        have.backup(get)  # all pages in one step
    except sqlite.OperationalError as error:
        raise _why(error, target) from error
    finally:
        get.close()
        have.close()


def _why(error: sqlite.OperationalError, target: Path) -> AppError:
    if "locked" in str(error) or "busy" in str(error):
        return Refused("账簿正被其他程序占用，没有备份。请稍候再试。")
    return BadFile(f"备份写不进“{target.parent}”（{error}）。请检查磁盘空间，或换一个文件夹。")


def _check_file(part: Path, check: Check, key: bytes | None) -> list[str]:
    """Open the file as a book, so that an old one is upgraded here; what is wrong with it."""
    try:
        with Book(part, key) as copy:
            return check(copy)
    except AppError as error:
        return [str(error)]


@contextmanager
def _alone(part: Path) -> Iterator[None]:
    """Whatever comes of it, nothing stays beside the file: no journal, lock or copy from before an upgrade."""
    try:
        yield
    finally:
        for side in (
            *(part.with_name(part.name + end) for end in _SIDE_FILES),
            *part.parent.glob(f"{part.stem}（*{SUFFIX}"),
        ):
            with suppress(OSError):
                side.unlink(missing_ok=True)


def _must_be_sound(problems: list[str], sentence: str) -> None:
    if problems:
        raise Refused(f"{sentence}（{problems[0]}）")


def _keep_aside(path: Path, aside: Path) -> None:
    """The very bytes, damaged or not, with the journal that may still be needed to read them."""
    journal = path.with_name(f"{path.name}-journal")
    try:
        if journal.exists() and journal.stat().st_size:
            shutil.copyfile(journal, aside.with_name(f"{aside.name}-journal"))
        part = aside.with_suffix(".part")
        shutil.copyfile(path, part)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(aside)
    except OSError as error:
        raise Refused(f"现在的账簿没能另存为“{aside.name}”，没有恢复。请清理磁盘后再试。") from error
