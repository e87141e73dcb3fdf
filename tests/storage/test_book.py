"""The book: how it is opened, what an action is, and what it refuses to touch."""

import logging
import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlite
from book_kit import CLERK, TODAY, actions, add, names, organisation, stranger
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import select

from zjtx_desktop.errors import BadFile, NotFound, Refused
from zjtx_desktop.storage import connection
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.bulk import insert_rows, reserve_ids
from zjtx_desktop.storage.connection import SETTINGS
from zjtx_desktop.storage.steps import APPLICATION_ID
from zjtx_desktop.storage.tables import Organisation

KEY = bytes(range(20))


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
@pytest.mark.parametrize("engine", ["_writing", "_reading"])
def test_every_setting_is_in_force_on_every_connection_of_both_engines(path, key, engine):
    with (
        Book.create(path, key) as book,
        getattr(book, engine).connect() as one,
        getattr(book, engine).connect() as two,
    ):
        for asked in (
            (one,) if engine == "_writing" else (one, two)
        ):  # a second writer would wait for the first
            got = {
                name: str(asked.exec_driver_sql(f"PRAGMA {name}").scalar()).lower() for name, *_ in SETTINGS
            }
            assert got == {name: wanted for name, _, wanted in SETTINGS}
            assert asked.exec_driver_sql("PRAGMA busy_timeout").scalar() == connection.BUSY_SECONDS * 1000


def test_the_settings_are_those_that_lost_nothing_in_the_power_cuts():
    assert {name: wanted for name, _, wanted in SETTINGS} == {
        "journal_mode": "truncate",
        "synchronous": "3",
        "foreign_keys": "1",
        "recursive_triggers": "1",
        "trusted_schema": "0",
        "cell_size_check": "1",
        "secure_delete": "1",
    }


def test_a_transaction_of_the_writing_engine_keeps_other_writers_out_from_its_start(book, path):
    with book._writing.begin(), stranger(path) as raw, pytest.raises(sqlite.OperationalError, match="locked"):
        raw.execute("BEGIN IMMEDIATE")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO setting (key, value) VALUES ('a', 'b')",
        "UPDATE organisation SET name = '改'",
        "DELETE FROM organisation",
        "INSERT INTO action (key, title, by_name, at) VALUES ('k', 't', 'b', '2024')",
        "CREATE TABLE stray (id INTEGER)",
        "DROP TRIGGER history_organisation_update",
        "PRAGMA user_version = 99",
    ],
)
def test_the_reading_engine_cannot_write(book, statement):
    add(book, "甲公司")
    with book.reading() as session, pytest.raises(OperationalError, match="readonly"):
        session.connection().exec_driver_sql(statement)
    assert names(book) == ["甲公司"] and book.check() == []


def test_a_write_outside_an_action_fails(book):
    add(book, "甲公司")
    with book._writing.connect() as outside:
        for statement in (
            "UPDATE organisation SET name = '改'",
            "INSERT OR IGNORE INTO setting (key, value) VALUES ('a', 'b')",
        ):
            with pytest.raises(IntegrityError, match="written outside an action"):
                outside.exec_driver_sql(statement)
    assert names(book) == ["甲公司"] and book.check() == []


def test_an_action_that_changed_nothing_leaves_no_trace(book):
    add(book, "甲公司")
    head = book.head()
    with book.action("看一看", CLERK) as session:
        session.exec(select(Organisation)).all()
    with book.action("改成原样", CLERK) as session:
        session.execute(update(Organisation).values(name="甲公司"))
    assert len(actions(book)) == 1 and book.head() == head and book.check() == []


def test_an_action_that_fails_leaves_nothing(book):
    add(book, "甲公司")
    with pytest.raises(ZeroDivisionError), book.action("半途而废", CLERK) as session:
        session.add(organisation("乙公司"))
        session.flush()
        insert_rows(session, Organisation, [{"name": "丙", "folded": "丙"}] * 3)
        1 / 0  # noqa: B018
    assert names(book) == ["甲公司"] and len(actions(book)) == 1 and book.check() == []
    add(book, "丁公司")
    assert names(book) == ["甲公司", "丁公司"] and book.check() == []


@pytest.mark.parametrize("by", ["", "  ", "\u3000"])
def test_an_action_needs_a_person(book, by):
    with pytest.raises(Refused, match="操作人"), book.action("匿名", by):
        pytest.fail("the action was opened")


def test_a_broken_rule_of_the_book_is_our_bug_and_not_a_sentence_for_the_person(book):
    with pytest.raises(IntegrityError), book.action("两个同码", CLERK) as session:
        session.add_all(organisation(name, credit_code="91361100X") for name in "甲乙")
    with pytest.raises(OperationalError, match="no such column"), book.action("写错了", CLERK) as session:
        session.connection().exec_driver_sql("UPDATE organisation SET colour = 'locked'")
    assert names(book) == [] and book.check() == []


def test_ids_are_never_given_twice_not_even_in_bulk(book):
    add(book, "甲", "乙")
    with book.action("删除", CLERK) as session:
        session.delete(session.get_one(Organisation, 2))
    with book.action("批量", CLERK) as session:
        first = reserve_ids(session, Organisation)
        insert_rows(
            session, Organisation, [{"id": first + n, "name": str(n), "folded": str(n)} for n in range(5)]
        )
    add(book, "丙")
    with book.reading() as session:
        assert sorted(session.exec(select(Organisation.id))) == [1, 3, 4, 5, 6, 7, 8]
    assert book.check() == []


def test_what_was_read_is_one_state_of_the_book(impatient, book):
    add(book, "甲公司")
    with book.reading() as session:
        assert len(session.exec(select(Organisation)).all()) == 1
        with pytest.raises(Refused, match="占用"):
            add(book, "乙公司")
        assert len(session.exec(select(Organisation)).all()) == 1


def test_a_book_is_made_once_and_never_over_something(path, tmp_path):
    Book.create(path).close()
    before = path.read_bytes()
    with pytest.raises(Refused, match="已经存在"):
        Book.create(path)
    assert path.read_bytes() == before
    letter = tmp_path / "信.zjtx"
    letter.write_text("不是账簿", encoding="utf-8")
    with pytest.raises(Refused, match="已经存在"):
        Book.create(letter)
    assert letter.read_text(encoding="utf-8") == "不是账簿"
    with pytest.raises(Refused, match="结尾"):
        Book.create(tmp_path / "账簿.db")
    with pytest.raises(NotFound, match="不存在"):
        Book.create(tmp_path / "没有" / "账簿.zjtx")
    with pytest.raises(NotFound, match="找不到"):
        Book(tmp_path / "别的.zjtx")


def test_a_file_that_a_killed_creation_left_empty_can_be_made_a_book(path):
    path.touch()
    with pytest.raises(BadFile):
        Book(path)
    with Book.create(path) as book:
        add(book, "甲公司")
    with Book(path) as book:
        assert names(book) == ["甲公司"]


def test_a_strangers_file_is_refused_and_stays_as_it_was(tmp_path):
    other, text, wal = tmp_path / "别的.db", tmp_path / "说明.txt", tmp_path / "聊天.db"
    with stranger(other) as raw:
        raw.execute("CREATE TABLE t (a)")
    with stranger(wal) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("CREATE TABLE t (a)")
    text.write_text("文" * 1000, encoding="utf-8")
    for file in (other, wal, text):
        before = file.read_bytes()
        with pytest.raises(BadFile, match="账簿"):
            Book(file)
        assert file.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == sorted(["别的.db", "聊天.db", "说明.txt"]), (
        "nothing is left beside it"
    )


def test_a_book_that_will_not_keep_the_safe_settings_is_refused(path, impatient):
    Book.create(path).close()
    with stranger(path) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("SELECT * FROM setting").fetchall()
        with pytest.raises((BadFile, Refused)) as refused:
            Book(path)
    assert "请" in str(refused.value)
    with Book(path) as book:
        assert book.check() == []


def test_a_book_in_use_elsewhere_is_not_called_damaged(path, impatient):
    Book.create(path).close()
    with stranger(path) as raw:
        raw.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Refused, match="占用"):
            Book(path)
    Book(path).close()


def test_a_book_that_could_not_be_opened_is_given_back(path):
    Book.create(path).close()
    with stranger(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    with pytest.raises(BadFile, match="更新版本") as _shown:
        Book(path)
    assert str(path) not in open_files(), "while the error is shown, its traceback keeps everything alive"
    with stranger(path) as raw:
        raw.execute(f"PRAGMA user_version = {TODAY}")
    Book(path).close()


def open_files() -> list[str]:
    """What this process has open, as far as the system tells."""
    fds = Path("/proc/self/fd")
    return [os.readlink(fd) for fd in fds.iterdir() if fd.is_symlink()] if fds.is_dir() else []


def test_a_wrong_key_and_a_missing_key_get_one_sentence_and_nothing_on_stderr(path, capfd):
    with Book.create(path, KEY) as book:
        add(book, "甲公司")
    before = path.read_bytes()
    assert b"SQLite format" not in before and "甲公司".encode() not in before
    for wrong, said in ((bytes(20), "密钥不对"), (None, "加密的账簿")):
        with pytest.raises(BadFile, match=said):
            Book(path, wrong)
    assert path.read_bytes() == before
    with Book(path, KEY) as book:
        assert names(book) == ["甲公司"] and book.check() == []
    assert capfd.readouterr() == ("", "")


def test_a_key_does_not_open_a_plain_book(path, capfd):
    Book.create(path).close()
    with pytest.raises(BadFile, match="没有加密"):
        Book(path, KEY)
    Book(path).close()
    assert capfd.readouterr() == ("", "")


def test_an_encrypted_book_shows_every_flipped_byte(path, capfd):
    with Book.create(path, KEY) as book:
        add(book, *map(str, range(50)))
    whole = path.read_bytes()
    for at in range(0, len(whole), 4 * 4096):
        path.write_bytes(whole[: at + 2000] + bytes([whole[at + 2000] ^ 1]) + whole[at + 2001 :])
        try:
            with Book(path, KEY) as book:
                assert book.check() != [], at
        except BadFile:
            continue
    assert capfd.readouterr() == ("", "")


def test_a_damaged_page_is_reported_and_does_not_crash_the_check(path):
    with Book.create(path) as book:
        add(book, *map(str, range(500)))
    whole = path.read_bytes()
    for at in range(0, len(whole), 4 * 4096):
        path.write_bytes(whole[:at] + os.urandom(4096) + whole[at + 4096 :])
        try:
            with Book(path) as book:
                assert all(line.endswith("。") or "损坏" in line for line in book.check())
        except BadFile:
            continue


def test_the_file_names_its_program(path):
    Book.create(path).close()
    with stranger(path) as raw:
        assert (
            raw.execute("PRAGMA application_id").fetchone()[0]
            == APPLICATION_ID
            == int.from_bytes(b"zjtx", "big")
        )
    assert sqlite.sqlite_version_info >= (3, 51, 3)


def test_times_are_utc_and_never_run_backwards(book, caplog):
    caplog.set_level(logging.WARNING)
    shangrao = timezone(timedelta(hours=8))
    clock = [
        datetime(2024, 5, 1, 16, tzinfo=shangrao),
        datetime(1999, 1, 1, tzinfo=UTC),
        datetime(2024, 5, 1, 9, tzinfo=UTC),
    ]
    for number, now in enumerate(clock):
        with book.action("登记", CLERK, now=now) as session:
            session.add(organisation(str(number)))
    at = [action.at for action in actions(book)]
    assert at == ["2024-05-01T08:00:00+00:00", "2024-05-01T08:00:00+00:00", "2024-05-01T09:00:00+00:00"]


def test_opening_and_closing_leaves_no_transaction_behind(book, path):
    add(book, "甲公司")
    book.close()
    with stranger(path) as raw:
        raw.execute("BEGIN EXCLUSIVE")
        raw.execute("ROLLBACK")
    with pytest.raises(DBAPIError), book._writing.connect() as closed:
        closed.exec_driver_sql("SELECT nothing")
