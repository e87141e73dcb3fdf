"""The steps: they lead to the tables as declared, lose nothing, and leave a file alone when they cannot."""

import json
import os

import pytest
import sqlcipher3.dbapi2 as sqlite
from book_kit import CLERK, TODAY, actions, add, changes, fill, make_old_book, names, organisation, stranger
from nursery import NEXT_STEPS
from sqlalchemy import StaticPool, create_engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from zjtx_desktop.errors import BadFile, Refused
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.steps import STEPS

ADD_COLUMN = "ALTER TABLE organisation ADD COLUMN website TEXT"
KEY = bytes(range(20))


@pytest.fixture(scope="module")
def declared():
    """The tables as `tables` declares them."""
    engine = create_engine("sqlite://", module=sqlite, poolclass=StaticPool)
    SQLModel.metadata.create_all(engine)
    yield inspect(engine)
    engine.dispose()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The tables as the steps make them."""
    with Book.create(tmp_path_factory.mktemp("made") / "账簿.zjtx") as book:
        yield inspect(book._reading)


PARTS = ("columns", "unique_constraints", "check_constraints", "indexes", "foreign_keys", "pk_constraint")


def described(inspector, table: str, part: str) -> list[str]:
    """What the file says of one part of a table, comparable.

    An id is a row's own number and never empty, said or not; VARCHAR and TEXT are one kind to SQLite.
    """
    found = getattr(inspector, f"get_{part}")(table)
    things = found if isinstance(found, list) else [found]
    return [
        json.dumps(
            thing | ({"nullable": False} if thing.get("primary_key") else {}), default=str, sort_keys=True
        ).replace('"VARCHAR"', '"TEXT"')
        for thing in (things if part == "columns" else sorted(things, key=str))
    ]


def test_the_steps_make_the_very_tables_that_are_declared(made, declared):
    assert (
        sorted(made.get_table_names())
        == sorted(declared.get_table_names())
        == sorted(SQLModel.metadata.tables)
    )


@pytest.mark.parametrize("table", sorted(SQLModel.metadata.tables))
def test_steps_and_tables_agree(made, declared, table):
    for part in PARTS:
        assert described(made, table, part) == described(declared, table, part), part
    assert described(made, table, "columns")


def test_ids_are_never_given_twice_in_any_table(path):
    Book.create(path).close()
    with stranger(path) as raw:
        tables = raw.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
    assert (
        tables and [name for name, sql in tables if "id INTEGER PRIMARY KEY AUTOINCREMENT" not in sql] == []
    )


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_a_book_of_today_comes_through_an_added_column_whole_and_sound(path, key):
    with Book.create(path, key) as book:
        fill(book)
        head, rows = book.head(), len(changes(book))
    with Book(path, key, steps=(*STEPS, ADD_COLUMN)) as book:
        assert book.check() == []
        assert names(book) == ["文", "乙公司"] and len(changes(book)) == rows
        assert [(a.title, a.by_name) for a in actions(book)][-1] == (f"账簿升级到第 {TODAY + 1} 版", "本程序")
        assert actions(book)[-2].hash == head
        with book.action("填网址", CLERK) as session:
            session.connection().exec_driver_sql("UPDATE organisation SET website = 'x' WHERE id = 1")
        add(book, "丙公司")
        last, before = json.loads(changes(book)[-1].after or ""), json.loads(changes(book)[-2].before or "")
        assert last["website"] is None and before["website"] is None
        assert book.check() == []
    with Book(path, key, steps=(*STEPS, ADD_COLUMN)) as book:
        assert book.check() == [] and len(actions(book)) == 6, "an upgrade happens once"


def test_a_book_of_every_earlier_day_comes_to_today_whole_and_sound(tmp_path):
    for version in range(1, TODAY):
        path = tmp_path / str(version) / "账簿.zjtx"
        path.parent.mkdir()
        make_old_book(path, version, "甲公司", "乙公司")
        with Book(path) as book:
            assert names(book) == ["甲公司", "乙公司"] and book.check() == []
            assert [a.title for a in actions(book)] == ["登记企业", f"账簿升级到第 {TODAY} 版"]
        [copy] = path.parent.glob(f"账簿（升级前第{version}版 *）.zjtx")
        with Book(copy, steps=STEPS[:version]) as book:
            assert names(book) == ["甲公司", "乙公司"] and book.check() == []


@pytest.mark.parametrize(
    ("definition", "forged"),
    [
        ("TEXT", "'x'"),
        ("TEXT NOT NULL DEFAULT ''", "'x'"),
        ("TEXT DEFAULT '无'", "NULL"),
        ("INTEGER NOT NULL DEFAULT 5", "6"),
    ],
)
def test_a_forged_value_in_an_added_column_is_found(path, definition, forged):
    with Book.create(path) as book:
        add(book, "甲公司", "乙公司")
    steps = (*STEPS, f"ALTER TABLE organisation ADD COLUMN extra {definition}")
    with Book(path, steps=steps) as book:
        assert book.check() == []
    with stranger(path) as raw:
        trigger = raw.execute(
            "SELECT sql FROM sqlite_schema WHERE name = 'history_organisation_update'"
        ).fetchone()[0]
        raw.execute("DROP TRIGGER history_organisation_update")
        raw.execute(f"UPDATE organisation SET extra = {forged} WHERE id = 2")
        raw.execute(trigger)
    with Book(path, steps=steps) as book:
        (line,) = book.check()
        assert line.startswith("“企业”第 2 行（乙公司）与历史记录不符，第 1 号操作以后被绕过程序改动过：")


def test_an_old_edit_does_not_hide_behind_an_added_column(path):
    with Book.create(path) as book:
        add(book, "甲公司")
    with stranger(path) as raw:
        raw.execute("DROP TRIGGER history_organisation_update")
        raw.execute("UPDATE organisation SET phone = '1'")
    with Book(path, steps=(*STEPS, ADD_COLUMN)) as book:
        assert book.check() == ["“企业”第 1 行（甲公司）与历史记录不符，第 1 号操作以后被绕过程序改动过：联系电话由“空”成了“1”。"]


def test_a_step_that_fills_what_the_one_before_it_added_is_history_too(path):
    with Book.create(path) as book:
        add(book, "甲公司", "乙公司")
    with Book(path, steps=STEPS + NEXT_STEPS) as book:
        assert book.check() == []
        mine = [c for c in changes(book) if c.action_id == 2]
        assert [(c.table_name, c.row_id) for c in mine] == [
            ("organisation", 1),
            ("organisation", 2),
            ("visit", 1),
            ("visit", 2),
        ]
        assert (
            json.loads(mine[0].before or "")["website"] == ""
            and json.loads(mine[0].after or "")["website"] == "www.1"
        )


@pytest.mark.parametrize(
    "broken",
    ["NO SUCH STATEMENT", "CREATE TABLE organisation (id INTEGER)", "UPDATE organisation SET name = NULL"],
)
def test_a_broken_later_step_leaves_the_file_as_it_was_and_keeps_a_copy(path, broken):
    with Book.create(path) as book:
        add(book, "甲公司", "乙公司")
        head = book.head()
    before = path.read_bytes()
    for _ in range(2):  # at once again: the copies do not get into each other's way
        with pytest.raises(DBAPIError):
            Book(path, steps=(*STEPS, ADD_COLUMN, f"CREATE TABLE half (id INTEGER);\n{broken}"))
        assert path.read_bytes() == before
    copies = list(path.parent.glob(f"账簿（升级前第{TODAY}版 *）.zjtx"))
    assert len(copies) == 2
    for file in (path, *copies):
        with Book(file) as book:
            assert names(book) == ["甲公司", "乙公司"] and book.head() == head and book.check() == []


def test_the_copy_of_an_encrypted_book_is_encrypted_with_the_same_key(path):
    with Book.create(path, KEY) as book:
        add(book, "甲公司")
    Book(path, KEY, steps=(*STEPS, ADD_COLUMN)).close()
    [copy] = path.parent.glob("*升级前*.zjtx")
    assert "甲公司".encode() not in copy.read_bytes()
    with pytest.raises(BadFile):
        Book(copy)
    with Book(copy, KEY) as book:
        assert names(book) == ["甲公司"] and book.check() == []


def test_without_room_for_the_copy_there_is_no_upgrade(path):
    Book.create(path).close()
    before = path.read_bytes()
    long = path.with_name(
        "长" * 70 + ".zjtx"
    )  # with the stamp of the copy the name is longer than a folder takes
    path.rename(long)
    with pytest.raises(Refused, match="升级前的备份"):
        Book(long, steps=(*STEPS, ADD_COLUMN))
    assert long.read_bytes() == before


def test_a_newer_book_is_refused_and_stays_as_it_was(path):
    with Book.create(path) as book:
        add(book, "甲公司")
    Book(path, steps=(*STEPS, ADD_COLUMN)).close()
    before, beside = path.read_bytes(), sorted(os.listdir(path.parent))
    with pytest.raises(BadFile, match="更新版本.*请先升级"):
        Book(path)
    assert path.read_bytes() == before and sorted(os.listdir(path.parent)) == beside


def test_opening_a_book_of_today_writes_nothing(path):
    with Book.create(path) as book:
        book_before = path.read_bytes()
        add(book, "甲公司")
    before = path.read_bytes()
    assert before != book_before
    with Book(path) as book:
        assert book.check() == []
    assert path.read_bytes() == before and not list(path.parent.glob("*升级前*"))


def test_a_new_column_of_a_declared_table_can_be_used_after_its_step(path):
    with Book.create(path) as book:
        add(book, "甲公司")
    with Book(path, steps=(*STEPS, ADD_COLUMN, "UPDATE organisation SET website = folded")) as book:
        with book.action("登记", CLERK) as session:
            session.add(organisation("乙公司"))
        with book.reading() as session:
            kept = (
                session.connection()
                .exec_driver_sql("SELECT website FROM organisation ORDER BY id")
                .scalars()
                .all()
            )
        assert kept == ["甲公司", None] and book.check() == []
