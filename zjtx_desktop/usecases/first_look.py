"""The figures of the first page straight from the file, for the moment before the book is open.

Opening a book needs SQLModel, and importing that takes four times as long as an empty window. These figures are true
all the same: they are read under the lock of the book from one state of the file, in the shape this program knows.
Where anything is out of the ordinary nothing is shown, and opening the book says what is the matter.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite

from zjtx_desktop.errors import AppError
from zjtx_desktop.storage.lock import BookLock
from zjtx_desktop.storage.steps import APPLICATION_ID, STEPS
from zjtx_desktop.usecases.overview import Overview, figures
from zjtx_desktop.usecases.seen_books import SeenBooks


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Whose book it is, and its figures."""

    office: str
    overview: Overview


def first_look(path: Path, year: int | None, today: date) -> FirstLook | None:
    """What the first page shows of the book at `path`. None where it must be opened first: it is in use elsewhere,
    encrypted, damaged or of another age, it is no book at all, people sign in to it, or it is an older copy.
    """
    try:
        return _look(path, year, today) if path.is_file() else None
    except (sqlite.DatabaseError, UnicodeDecodeError, AppError):  # the second: a message quotes garbage
        return None


def _look(path: Path, year: int | None, today: date) -> FirstLook | None:
    raw = sqlite.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)  # writes nothing, not even a journal's undoing
    raw.isolation_level = None

    def read(sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        return raw.execute(sql, values).fetchall()

    try:
        shape = read("PRAGMA application_id"), read("PRAGMA user_version")
        if shape != ([(APPLICATION_ID,)], [(len(STEPS),)]):
            return None  # before the lock, so that no lock file is left beside a stranger
        lock = BookLock(path)
        try:
            read("BEGIN")
            names = read("SELECT value FROM setting WHERE key = 'office'")
            if not names or _is_signed_into(read) or _lacks_what_was_seen(read):
                return None
            return FirstLook(names[0][0], figures(read, year, today))
        finally:
            lock.release()
    finally:
        raw.close()


def _lacks_what_was_seen(read: Any) -> bool:
    """Whether this computer has seen more of the book, or another history of it: that is said before its figures."""
    first = read("SELECT key FROM action ORDER BY id LIMIT 1")
    seen = SeenBooks().of(first[0][0]) if first else None
    return bool(seen and seen.seq and read("SELECT hash FROM action WHERE id = ?", (seen.seq,)) != [(seen.head,)])


def _is_signed_into(read: Any) -> bool:
    there = read("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'person'")
    return bool(there and read("SELECT 1 FROM person LIMIT 1"))
