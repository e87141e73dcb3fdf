"""The history: written by the book itself, whichever way a change came, and by nobody else."""

import json
from datetime import UTC, date, datetime

import pytest
import sqlcipher3.dbapi2 as sqlite
from book_kit import (
    ALL_TABLES,
    BUSINESS,
    CLERK,
    PDF,
    actions,
    add,
    changes,
    fill,
    names,
    organisation,
    sample_row,
    stranger,
)
from sqlalchemy import LargeBinary, delete, insert, update
from sqlmodel import SQLModel

from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.bulk import insert_rows
from zjtx_desktop.storage import closing
from zjtx_desktop.storage.history import FIXED_TABLES, OWN_TABLES, recent
from zjtx_desktop.storage.tables import Organisation, Setting

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def test_who_when_what_before_and_after_are_recorded_for_sessions_and_bulk_alike(book):
    with book.action("登记", CLERK, now=NOON) as session:
        session.add(organisation("甲公司", phone="1"))
        session.flush()
        insert_rows(session, Organisation, [{"name": "乙公司", "folded": "乙公司", "phone": "2"}])
    with book.action("改电话", "李复核", now=NOON) as session:
        session.get_one(Organisation, 1).phone = "3"
        session.flush()
        session.execute(update(Organisation).where(Organisation.id == 2).values(phone="4"))
    with book.action("删除", CLERK, now=NOON) as session:
        session.delete(session.get_one(Organisation, 1))
        session.flush()
        session.execute(delete(Organisation).where(Organisation.id == 2))

    assert [(a.title, a.by_name, a.at) for a in actions(book)] == [
        ("登记", CLERK, "2024-05-01T12:00:00+00:00"),
        ("改电话", "李复核", "2024-05-01T12:00:00+00:00"),
        ("删除", CLERK, "2024-05-01T12:00:00+00:00"),
    ]

    def phone(row: str | None) -> str | None:
        return None if row is None else json.loads(row)["phone"]

    assert [
        (c.action_id, c.table_name, c.row_id, phone(c.before), phone(c.after)) for c in changes(book)
    ] == [
        (1, "organisation", 1, None, "1"),
        (1, "organisation", 2, None, "2"),
        (2, "organisation", 1, "1", "3"),
        (2, "organisation", 2, "2", "4"),
        (3, "organisation", 1, "3", None),
        (3, "organisation", 2, "4", None),
    ]
    assert book.check() == []


def _changed(table):
    """Another value for the last column of `table` that can simply be changed."""
    free = [
        c
        for c in table.columns
        if c.name != "id" and not c.foreign_keys and not isinstance(c.type, LargeBinary)
    ]
    return {free[-1].name: sample_row(table, "改", 2)[free[-1].name]} if free else {}


@pytest.mark.parametrize("table", BUSINESS, ids=lambda table: table.name)
def test_every_table_of_the_book_keeps_its_history(book, table):
    with book.action("建账", CLERK) as session:
        for each in BUSINESS:
            session.connection().execute(insert(each), sample_row(each))
    mine = [c for c in changes(book) if c.table_name == table.name]
    assert [(c.row_id, c.before) for c in mine] == [(1, None)]
    after = json.loads(mine[0].after or "")
    assert set(after) == {c.name for c in table.columns if not isinstance(c.type, LargeBinary)}, (
        "bytes stand by their hash"
    )

    if table.name not in (*FIXED_TABLES, "finding") and (new := _changed(table)):
        new = {name: not value if isinstance(value, bool) else value for name, value in new.items()}
        with book.action("改", CLERK) as session:
            session.connection().execute(update(table).values(new))
        last = changes(book)[-1]
        assert (last.table_name, last.row_id, last.before) == (table.name, 1, mine[0].after)
        stored = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in new.items()
        }
        assert json.loads(last.after or "") == after | stored
    assert book.check() == []


def test_bytes_are_kept_once_and_stand_in_the_history_by_their_hash(book):
    with book.action("存档", CLERK) as session:
        for table in BUSINESS:
            session.connection().execute(insert(table), sample_row(table))
    kept = next(c for c in changes(book) if c.table_name == "content")
    assert set(json.loads(kept.after or "")) == {"id", "sha256", "size"}
    assert PDF.decode() not in (kept.after or "")


WRITES = (
    "INSERT INTO {0} SELECT * FROM copy",
    "INSERT OR REPLACE INTO {0} SELECT * FROM copy",
    "INSERT OR IGNORE INTO {0} SELECT * FROM copy",
    "UPDATE {0} SET id = id + 50",
    "UPDATE OR REPLACE {0} SET id = id + 50",
    "UPDATE OR IGNORE {0} SET id = id + 50",
    "DELETE FROM {0}",
)


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    path = tmp_path_factory.mktemp("full") / "账簿.zjtx"
    with Book.create(path) as book:
        fill(book)
    return path


def refused(raw, statement: str) -> bool:
    """Whether `statement` changes nothing; it is undone in any case."""
    raw.execute("SAVEPOINT attempt")
    before = raw.total_changes
    try:
        raw.execute(statement)
        return raw.total_changes == before  # OR IGNORE skips a row that breaks another rule of its table
    except sqlite.IntegrityError:
        return True
    finally:
        raw.execute("ROLLBACK TO attempt")


@pytest.mark.parametrize("table", [table.name for table in BUSINESS])
def test_a_plain_connection_cannot_write_past_the_history(full, table):
    with stranger(full) as raw:
        raw.execute(f"CREATE TEMP TABLE copy AS SELECT * FROM main.{table}")
        raw.execute("BEGIN")
        assert [statement for statement in WRITES if not refused(raw, statement.format(table))] == []
        raw.execute("UPDATE copy SET id = id + 100")
        assert [statement for statement in WRITES if not refused(raw, statement.format(table))] == []


KEPT_EVEN_IN_AN_ACTION = (
    *(f"UPDATE {table} SET id = id + 50" for table in (*FIXED_TABLES, "change")),
    *(f"DELETE FROM {table}" for table in (*FIXED_TABLES, "document", "award", "action", "change", "finding")),
    "UPDATE finding SET sentence = '没有什么'",
    "UPDATE finding SET consent_id = NULL",
    *(f"INSERT OR REPLACE INTO {table.name} SELECT * FROM {table.name}" for table in ALL_TABLES),
    "INSERT OR REPLACE INTO action (key, title, by_name, at) SELECT key, '改', '某', at FROM action LIMIT 1",
    "UPDATE action SET title = '改' WHERE id = 1",
    "UPDATE action SET hash = NULL WHERE id = 1",
    "UPDATE action SET hash = 'x' WHERE id = 1",
    "UPDATE OR REPLACE action SET id = 1 WHERE id = 2",
)


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_history_and_fixed_rows_stay_even_for_one_who_opens_an_action_of_his_own(full, recursive):
    with stranger(full) as raw:
        raw.execute(f"PRAGMA recursive_triggers = {recursive}")
        raw.execute("BEGIN")
        raw.execute("INSERT INTO action (key, title, by_name, at) VALUES ('k', '改', '某', '2030')")
        assert [statement for statement in KEPT_EVEN_IN_AN_ACTION if not refused(raw, statement)] == []


def test_drafts_of_awards_can_go_and_issued_ones_cannot(book):
    with book.action("建账", CLERK) as session:
        for table in BUSINESS[: BUSINESS.index(SQLModel.metadata.tables["award"]) + 1]:
            row = sample_row(table) | ({"state": "draft"} if table.name == "award" else {})
            session.connection().execute(insert(table), row)
    with book.action("弃稿", CLERK) as session:
        session.connection().exec_driver_sql("DELETE FROM award")
    assert book.check() == []


def test_an_action_left_open_by_a_stray_program_does_not_swallow_ours(book, path):
    add(book, "甲公司")
    with stranger(path) as raw:
        raw.execute("INSERT INTO action (key, title, by_name, at) VALUES ('k', '外来', '某', '2020')")
    add(book, "乙公司")
    assert names(book) == ["甲公司", "乙公司"]
    assert [(c.action_id, c.row_id) for c in changes(book)] == [(1, 1), (3, 2)]
    assert any("外来" in line for line in book.check())


def test_recent_actions_come_newest_first_with_the_number_of_their_changes(book):
    with book.action("一", CLERK, now=NOON) as session:
        session.add(Setting(key="a", value="1"))
    with book.action("二", CLERK, now=NOON) as session:
        insert_rows(session, Organisation, [{"name": str(n), "folded": str(n)} for n in range(30)])
    with book.reading() as session:
        assert [(line.id, line.title, line.changes) for line in recent(session)] == [
            (2, "二", 30),
            (1, "一", 1),
        ]
        assert [line.title for line in recent(session, limit=1)] == ["二"]
        assert recent(session)[0].at == NOON


def test_odd_texts_come_through_the_history_unchanged(book):
    odd = ["\x00中间\x00", "引'号\"\\", "\u2028行\u2029", "𠮷㛃䶮", "\x1f\x1e", "None", "null", ""]
    with book.action("怪名\x1f\x00", "王\x1e经办") as session:
        session.add_all(organisation(name) for name in odd)
    assert names(book) == odd
    assert [json.loads(c.after or "")["name"] for c in changes(book)] == odd
    assert book.check() == []


def test_own_tables_are_the_only_ones_without_history(book):
    with book.reading() as session:
        triggers = session.connection().exec_driver_sql(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        )
        have = set(triggers.scalars())
    wanted = {f"history_{t.name}_{event}" for t in BUSINESS for event in ("insert", "update", "delete")}
    wanted |= {f"never_{t.name}_insert" for t in ALL_TABLES}
    wanted |= {f"never_{t}_{event}" for t in (*FIXED_TABLES, *OWN_TABLES) for event in ("update", "delete")}
    wanted |= {f"never_{t}_delete" for t in ("document", "award", "year_closing", "finding")}
    wanted |= {"never_ledger_entry_insert_room", "never_finding_update"}
    wanted |= {f"never_{t.name}_{event.lower()}_closed" for t in BUSINESS for event, _ in closing.conditions(t.name)}
    assert have == wanted
