"""One program per book, by a lock that the operating system holds and frees.

The lock is a write transaction held open on a small side file. It vanishes with the process, even
after kill -9 or a power cut, so nobody ever has to delete a stale file by hand.
"""

import getpass
import os
import platform
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite

from zjtx_desktop.errors import Refused
from zjtx_desktop.storage.places import why_unwritable


class CannotLock(Refused):
    """No lock can be written where the book lies; it can be read there all the same. `cause` says why, a phrase."""

    def __init__(self, sentence: str, cause: str) -> None:
        super().__init__(sentence)
        self.cause = cause


class BookLock:
    """Held from construction to `release()`; Refused names the holder when another has it."""

    def __init__(self, book: Path) -> None:
        real = book.resolve()  # a link to a book and the book itself share one lock
        self.path = real.with_name(real.name + ".lock")
        self._me = f"{platform.node()} 上的 {login_name()}（进程 {os.getpid()}）"
        self._raw: Any = None
        try:
            self._take_or_mend()
        except (sqlite.DatabaseError, OSError) as error:
            holder = self._holder()
            self.release()
            if "database is locked" in str(error):
                raise Refused(f"账簿“{book.name}”正被{holder}打开。请先在那边关闭，再打开。") from error
            if cause := why_unwritable(self.path.parent):
                sentence = f"文件夹“{book.parent}”不能写入（{cause}），账簿打不开。请换一个可以写入的位置。"
                raise CannotLock(sentence, cause) from error
            raise Refused(f"锁文件“{self.path.name}”不能写入，账簿打不开。请换一个可以写入的位置，或检查它的权限。") from error

    def _take_or_mend(self) -> None:
        try:
            self._take()
        except sqlite.DatabaseError as error:
            if "database is locked" in str(error) or "unable to open" in str(error):
                raise
            # What a power cut or a stray program left there is no database. It is emptied in place and
            # never replaced: a holder's lock stays on the file, and two files would mean two holders.
            self.release()
            os.truncate(self.path, 0)
            self.path.with_name(self.path.name + "-journal").unlink(missing_ok=True)
            self._take()

    def _take(self) -> None:
        self._raw = sqlite.connect(str(self.path), timeout=0.2, check_same_thread=False)
        self._raw.isolation_level = None
        self._raw.execute("PRAGMA synchronous = OFF")  # nothing in it has to outlive the holder
        while True:
            self._announce()
            self._raw.execute("BEGIN IMMEDIATE")
            if self._holder() == self._me:
                return
            self._raw.execute("ROLLBACK")  # another announced itself since: the name must be the holder's

    def _announce(self) -> None:
        self._raw.execute("BEGIN IMMEDIATE")
        self._raw.execute("CREATE TABLE IF NOT EXISTS holder (who TEXT)")
        self._raw.execute("DELETE FROM holder")
        self._raw.execute("INSERT INTO holder VALUES (?)", (self._me,))
        self._raw.execute("COMMIT")

    def _holder(self) -> str:
        try:
            row = self._raw.execute("SELECT who FROM holder").fetchone() if self._raw else None
        except sqlite.DatabaseError:
            row = None
        return row[0] if row else "另一个程序"

    def release(self) -> None:
        """Free the book. The side file stays: removing it would let two processes hold two files."""
        if self._raw:
            self._raw.close()
            self._raw = None


def login_name() -> str:
    """The name under which the person is logged in to the computer."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # which one depends on the system and on Python's version
        return "未知用户"
