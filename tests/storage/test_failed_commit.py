"""A COMMIT that fails: its work is never in the file, not even by the next one's commit."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlite
from book_kit import CLERK, actions, add, names, stranger
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from zjtx_desktop.errors import Refused
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.connection import connect, writing_engine


def session_and_commit(engine: Engine, text: str) -> None:
    with Session(engine) as session:
        session.connection().exec_driver_sql("INSERT INTO said VALUES (?)", (text,))
        session.commit()


def session_begin(engine: Engine, text: str) -> None:
    with Session(engine) as session, session.begin():
        session.connection().exec_driver_sql("INSERT INTO said VALUES (?)", (text,))


def connection_and_commit(engine: Engine, text: str) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO said VALUES (?)", (text,))
        connection.commit()


def engine_begin(engine: Engine, text: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO said VALUES (?)", (text,))


def half_read(raw) -> object:
    cursor = raw.execute("SELECT * FROM many")
    cursor.fetchone()
    return cursor


def in_a_transaction(raw) -> object:
    raw.execute("BEGIN")
    return raw.execute("SELECT * FROM said").fetchall()


def unguarded_engine(path: Path, key: bytes | None) -> Engine:
    """Our engine but for the one thing under test: nothing is rolled back when a connection comes home."""
    engine = create_engine(
        "sqlite://", module=sqlite, creator=lambda: connect(path, key), poolclass=QueuePool
    )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def said_after_a_failure(path: Path, engine: Engine, write: Callable[[Engine, str], None], hold) -> list[str]:
    """What is in the file after FIRST failed at COMMIT and SECOND was written; the engine is used up."""
    with stranger(path) as raw:
        raw.execute("CREATE TABLE said (text)")
        raw.execute("CREATE TABLE many AS SELECT value FROM json_each('[1, 2, 3]')")
        held = hold(raw)
        with pytest.raises(OperationalError, match="locked"):
            write(engine, "FIRST")
        del held
    try:
        write(engine, "SECOND")
    finally:
        engine.dispose()
    with stranger(path) as raw:
        return [text for (text,) in raw.execute("SELECT text FROM said")]


WRITES = (session_and_commit, session_begin, connection_and_commit, engine_begin)


@pytest.mark.parametrize("hold", [half_read, in_a_transaction])
@pytest.mark.parametrize("write", WRITES)
def test_failed_work_never_reaches_the_file(path, impatient, write, hold):
    assert said_after_a_failure(path, writing_engine(path, None), write, hold) == ["SECOND"]


@pytest.mark.parametrize("write", [session_and_commit, connection_and_commit])
def test_the_control_without_the_listener_is_caught(path, impatient, write):
    try:
        said = said_after_a_failure(path, unguarded_engine(path, None), write, half_read)
    except OperationalError as error:
        assert "within a transaction" in str(error)  # the book is then closed to everybody
    else:
        assert said != ["SECOND"]


@pytest.mark.parametrize("before", ["SELECT 1", "BEGIN"])
def test_an_action_whose_commit_failed_is_refused_and_leaves_nothing(path, impatient, before):
    with Book.create(path) as book:
        add(book, "甲公司")
        with stranger(path) as raw:
            raw.execute(before)
            held = raw.execute("SELECT name FROM sqlite_schema")
            held.fetchone()
            with pytest.raises(Refused, match="没有保存.*请稍候再试"):
                add(book, "乙公司")
            del held
        add(book, "丙公司")
        assert names(book) == ["甲公司", "丙公司"] and len(actions(book)) == 2 and book.check() == []


def test_a_book_that_another_program_writes_to_refuses_the_action_before_it_starts(path, impatient):
    with Book.create(path) as book:
        with stranger(path) as raw:
            raw.execute("BEGIN EXCLUSIVE")
            with pytest.raises(Refused, match="没有保存"), book.action("登记", CLERK):
                pytest.fail("the action was opened")
        add(book, "甲公司")
        assert names(book) == ["甲公司"] and book.check() == []


def fail_at_commit(
    book: Book,
    monkeypatch,
    after_the_commit_point: bool,
    message: str = "disk I/O error",
    and_then: Callable[[], object] = lambda: None,
) -> None:
    """Let the driver report an error at COMMIT, as a disk does that fails before or after that point."""
    really = book._writing.dialect.do_commit

    def commit(raw) -> None:
        if after_the_commit_point:
            really(raw)
        and_then()
        raise sqlite.OperationalError(message)

    monkeypatch.setattr(book._writing.dialect, "do_commit", commit)


def test_an_error_after_the_commit_point_is_known_by_the_actions_key(book, monkeypatch, caplog):
    with monkeypatch.context() as patch:
        fail_at_commit(book, patch, after_the_commit_point=True)
        add(book, "甲公司")
    assert names(book) == ["甲公司"] and "was kept" in caplog.text
    add(book, "乙公司")
    assert names(book) == ["甲公司", "乙公司"] and book.check() == []


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("disk I/O error", "磁盘读写出错"),
        ("database or disk is full", "磁盘已满"),
        ("attempt to write a readonly database", "不能写入"),
        ("database disk image is malformed", "已损坏"),
    ],
)
def test_an_error_before_the_commit_point_is_said_and_nothing_is_kept(book, monkeypatch, message, sentence):
    with monkeypatch.context() as patch:
        fail_at_commit(book, patch, False, message)
        with pytest.raises(Refused, match=f"{sentence}.*没有保存。请"):
            add(book, "甲公司")
    add(book, "乙公司")
    assert names(book) == ["乙公司"] and book.check() == []


def test_when_nothing_can_be_read_either_it_is_not_called_unsaved(impatient, book, path, monkeypatch):
    with monkeypatch.context() as patch, stranger(path) as raw:
        fail_at_commit(
            book, patch, after_the_commit_point=True, and_then=lambda: raw.execute("BEGIN EXCLUSIVE")
        )
        with pytest.raises(Refused, match="不能确定.*请重新打开"):
            add(book, "甲公司")
    assert names(book) == ["甲公司"] and book.check() == []


def test_a_full_disk_refuses_the_action_and_the_book_stays_sound(book):
    add(book, "甲公司")
    with book._writing.connect() as connection:  # the only pooled connection keeps the limit
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Refused, match="磁盘已满"):
        add(book, *map(str, range(2000)))
    assert names(book) == ["甲公司"] and book.check() == []
