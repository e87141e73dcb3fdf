"""The whole of a book under another key: a plain one encrypted, an encrypted one whose code is renewed."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite

from zjtx_desktop.errors import BadFile
from zjtx_desktop.storage.connection import connect

_MARKS = ("application_id", "user_version")  # what the export leaves behind
_BLOCK = 1 << 20


def copy_under(source: Path, target: Path, old: bytes | None, new: bytes) -> None:
    """Write every row of the closed book at `source` into the empty file `target` under the key `new`.

    Tables, triggers and numbers come along as they are; what had been deleted does not. BadFile when it cannot be
    written.
    """
    raw = connect(source, old)
    try:
        raw.execute("BEGIN IMMEDIATE")  # one state of it; and the writer's lock, so that nothing comes after
        raw.execute("ROLLBACK")
        raw.execute("ATTACH DATABASE ? AS target KEY ?", (str(target), f"x'{new.hex()}'"))
        raw.execute("PRAGMA target.synchronous = EXTRA")
        raw.execute("SELECT sqlcipher_export('target')").fetchone()
        for mark in _MARKS:
            raw.execute(f"PRAGMA target.{mark} = {_mark(raw, mark)}")
        raw.execute("DETACH DATABASE target")
    except sqlite.DatabaseError as error:
        raise BadFile(f"加密后的账簿没有写成（{error}），原来的账簿没有改动。请检查磁盘空间后再试。") from error
    finally:
        raw.close()


def _mark(raw: Any, name: str) -> int:
    return int(raw.execute(f"PRAGMA main.{name}").fetchone()[0])


class OldBytes:
    """What lay under a name before another file took it: overwritten with nothing once the new one stands.

    Where an open file cannot be replaced (Windows) nothing is held, and the old bytes stay in free space. On a drive
    that spreads its writes they may stay all the same: the person is told so.
    """

    def __init__(self, path: Path) -> None:
        self._size = path.stat().st_size
        self._held = os.open(path, os.O_RDWR) if os.name == "posix" else None

    def overwrite(self) -> None:
        """Write zeros over all of it."""
        if self._held is not None:
            with suppress(OSError):  # the book is safe by now, and what is left the person is told of anyway
                os.lseek(self._held, 0, os.SEEK_SET)
                for at in range(0, self._size, _BLOCK):
                    os.write(self._held, bytes(min(_BLOCK, self._size - at)))
                os.fsync(self._held)

    def let_go(self) -> None:
        """Hold nothing any more."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
