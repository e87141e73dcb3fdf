"""A backup put in the place of a book that died in the middle of an action: both stay readable."""

import shutil
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlite
from book_kit import add, names, stranger

from zjtx_desktop.storage.backup import copy_book, put_back
from zjtx_desktop.storage.book import Book


def no_tick(_done: int, _total: int) -> None:
    """Nobody watches."""


def dead(path: Path, into: Path) -> Path:
    """A copy of the book as it lies there when its writer dies: half an action in the file, the rest in the journal."""
    with stranger(path) as raw:
        raw.execute("PRAGMA journal_mode = TRUNCATE")
        raw.execute("PRAGMA cache_size = 1")  # so that pages are written before the end of the transaction
        raw.execute("BEGIN")
        raw.execute("CREATE TABLE half AS SELECT randomblob(4000) FROM change, change LIMIT 50")
        raw.execute("DELETE FROM half")
        into.mkdir()
        for name in (path.name, f"{path.name}-journal"):
            shutil.copy(path.with_name(name), into / name)
        raw.execute("ROLLBACK")
    return into / path.name


@pytest.fixture
def crashed(path, tmp_path) -> tuple[Path, Path]:
    """A backup with one organisation, and the book with two, dead."""
    backup = tmp_path / "备份.zjtx"
    with Book.create(path) as book:
        add(book, "甲公司")
        copy_book(book, backup, Book.check, no_tick)
        add(book, "乙公司")
    return backup, dead(path, tmp_path / "坏")


def test_the_journal_of_a_crash_is_one_that_must_be_rolled_back(crashed):
    _, path = crashed
    assert path.with_name(f"{path.name}-journal").stat().st_size > 512
    path.with_name(f"{path.name}-journal").unlink()
    with stranger(path) as raw, pytest.raises(sqlite.DatabaseError, match="malformed"):
        raw.execute("PRAGMA integrity_check").fetchall()


def test_what_is_put_aside_is_whole_by_itself_and_what_takes_its_place_keeps_no_journal(crashed):
    backup, path = crashed
    aside = path.with_name("恢复前.zjtx")
    put_back(backup, path, aside, Book.check, no_tick)
    assert not [one for one in path.parent.glob("*-journal") if one.stat().st_size]
    with Book(path) as book:
        assert names(book) == ["甲公司"] and book.check() == []
    with Book(aside) as book:
        assert names(book) == ["甲公司", "乙公司"] and book.check() == []
