"""Copies of a book: made in one step, checked before they count, put back without loss.

One step of the backup API and not pages by turns: with a writer at work the latter never ends. The API copies
damage faithfully, so the copy is checked in full before it gets its name; the book itself is only read for the copy,
because a check of it would keep its writer waiting.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

import sqlcipher3.dbapi2 as sqlite
from sqlmodel import Session

from zjtx_desktop.errors import AppError, BadFile, Refused
from zjtx_desktop.exchange.atomic import held, write_atomically
from zjtx_desktop.storage.book import SUFFIX, Book
from zjtx_desktop.storage.connection import connect, look, reading_engine
from zjtx_desktop.storage.keys import KEYS, KeyFile, copy_keys, data_key, key_file, why_shut
from zjtx_desktop.storage.lock import BookLock
from zjtx_desktop.storage.places import Kind, must_hold_a_book, spot
from zjtx_desktop.storage.steps import APPLICATION_ID

Check = Callable[[Book], list[str]]
Tick = Callable[[int, int], None]
_STEPS = 4  # copy, verify the copy, flush it, give it its name
_SIDE_FILES = (".lock", "-journal", ".lock-journal", KEYS)
_BLOCK = 1 << 20


def copy_book(book: Book, target: Path, check: Check, tick: Tick) -> None:
    """Write the open book to the new file `target`: there whole and checked afterwards, or not there at all.

    A book whose file was deleted or replaced under it is saved as the program still has it. The key file of an
    encrypted book goes with it, and is there before it.

    Refused when the book or its copy is not sound, or `target` is taken; BadFile when it cannot be written.
    """
    tick(0, _STEPS)

    def fill(part: Path) -> None:
        with _alone(part):
            if book.lost_its_file():
                book.pour_into(part)
            else:
                _copy(book.path, part, book.key)
            tick(1, _STEPS)
            problems = _check_file(part, check, book.secret)
            if problems and (book.damaged or not book.why_found()):  # what is on record the copy tells as well
                _must_be_sound(check(book), "账簿没有通过检查，没有备份，原有的备份不受影响。")
            if problems and set(problems) - set(check(book)):
                _must_be_sound(problems, "备份写出后没有通过检查，已丢弃。请换一个磁盘再备份。")
            tick(2, _STEPS)
            copy_keys(part, target)

    def write(part: Path) -> None:
        if spot(part).kind is Kind.OWN_DISK:
            fill(part)
        else:  # no book is opened on a stick or a share: made and checked here, then carried there
            with _stage(book.path.parent) as stage:
                fill(stage)
                _carry(stage, part)
        tick(3, _STEPS)

    try:
        write_atomically(target, write)
    except BaseException:
        if not target.exists():
            key_file(target).unlink(missing_ok=True)
        raise
    tick(_STEPS, _STEPS)


def copy_backup(backup: Path, target: Path) -> None:
    """Copy a finished backup and its key file to another place, byte for byte, read back before it counts.

    An older copy there of the same name is replaced. BadFile when it cannot be written, or reads back otherwise.
    """
    copy_keys(backup, target)
    write_atomically(target, lambda part: _carry(backup, part), overwrite=True)


def put_back(
    backup: Path, path: Path, aside: Path, check: Check, tick: Tick, secret: bytes | None = None
) -> None:
    """Put a copy of `backup` in the place of the closed book at `path`, which is first kept as `aside`.

    The backup itself is never touched, not even to upgrade it. Refused leaves the present book as it is.
    """
    tick(0, _STEPS)
    must_hold_a_book(path, "没有恢复")
    lock = BookLock(path)  # nobody opens the book from here on
    keys: list[KeyFile] = []
    try:

        def write(part: Path) -> None:
            with _alone(part):
                _copy(backup, part, data_key(secret) if secret else None)
                tick(1, _STEPS)
                _must_be_sound(
                    _check_file(part, check, secret), f"备份“{backup.name}”没有通过检查，没有恢复。请另选一份。"
                )
                keys.extend([KeyFile.read(part)] if key_file(part).exists() else [])
            tick(2, _STEPS)
            if path.exists():
                _keep_aside(path, aside, data_key(secret) if secret else None)
            tick(3, _STEPS)
            path.with_name(f"{path.name}-journal").unlink(missing_ok=True)  # it belongs to what is now aside
            for mine in keys:
                _lay(mine, path)

        write_atomically(path, write, overwrite=True)
        for mine in keys:
            _lay(mine, path, is_there=True)
    finally:
        lock.release()
    tick(_STEPS, _STEPS)


@contextmanager
def looking_into(backup: Path, secret: bytes | None = None) -> Iterator[Session]:
    """A session that reads a backup as it lies there; BadFile when it is no book, or another secret opens it."""
    key = data_key(secret) if secret else None
    try:
        owner = look(backup, key)
    except BadFile as error:
        raise (why_shut(backup, secret) or error) from error
    if owner != APPLICATION_ID:
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


def _check_file(part: Path, check: Check, secret: bytes | None) -> list[str]:
    """Open the file as a book, so that an old one is upgraded here; what is wrong with it."""
    try:
        with Book(part, secret) as copy:
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


@contextmanager
def _stage(folder: Path) -> Iterator[Path]:
    """A file beside the book for what is checked there and then carried away."""
    part = folder / f".zjtx-{secrets.token_hex(8)}{SUFFIX}"
    with ExitStack() as stack:
        try:
            stack.enter_context(held(part))
        except OSError as error:
            raise BadFile(f"文件夹“{folder}”不能写入，没有备份。请检查账簿所在的磁盘。") from error
        try:
            yield part
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _carry(source: Path, part: Path) -> None:
    """Copy bytes and read them back from the medium; an OSError goes to who asked."""
    with source.open("rb") as have, part.open("wb") as get:
        sent = _digest_into(have, get)
        get.flush()
        os.fsync(get.fileno())
        if hasattr(os, "posix_fadvise"):  # read from the disk again, and not from memory
            os.posix_fadvise(get.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    with part.open("rb") as got:
        if hashlib.file_digest(got, "sha256").digest() != sent:
            raise BadFile(f"备份复制到“{part.parent}”后读回的内容不对，已丢弃。请换一个磁盘。")


def _digest_into(have: IO[bytes], get: IO[bytes]) -> bytes:
    digest = hashlib.sha256()
    while block := have.read(_BLOCK):
        digest.update(block)
        get.write(block)
    return digest.digest()


def _lay(keys: KeyFile, path: Path, is_there: bool = False) -> None:
    """The key file of what is restored. Beside an older state of the same book it goes before, with the slots of both;
    that of another book only once its book is there.
    """
    try:
        lying = KeyFile.read(path)
    except AppError:
        lying = None
    is_same = lying is not None and lying.book == keys.book
    if lying and is_same and not is_there:
        lying.joined(keys.slots).write(path)
    elif not is_same and is_there:
        keys.write(path)


def _must_be_sound(problems: list[str], sentence: str) -> None:
    if problems:
        raise Refused(f"{sentence}（{problems[0]}）")


def _keep_aside(path: Path, aside: Path, key: bytes | None) -> None:
    """The very bytes, damaged or not, with the journal that may still be needed to read them; safe before it returns.

    What a crash left half done is rolled back first: a journal that is parted from its book, or that lies beside
    another one, makes both unreadable.
    """
    with suppress(AppError):
        connect(path, key).close()
    journal = path.with_name(f"{path.name}-journal")
    try:
        if journal.exists() and journal.stat().st_size:
            write_atomically(aside.with_name(f"{aside.name}-journal"), lambda part: _carry(journal, part))
        if key_file(path).exists():
            write_atomically(key_file(aside), lambda part: _carry(key_file(path), part))
        write_atomically(aside, lambda part: _carry(path, part))
    except (OSError, AppError) as error:
        raise Refused(f"现在的账簿没能另存为“{aside.name}”，没有恢复。请清理磁盘后再试。") from error
