"""Edits with a foreign hand: each is refused by the book, or found by its check.

An edit is tried twice: as a stray program would, and as an insider who takes the triggers away,
edits, and lays the very same triggers back.
"""

import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlite
from book_kit import add, changes, fill, names, stranger

from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import history
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.steps import STEPS
from zjtx_desktop.storage.tables import Award, AwardPart, FormerName, Organisation

LAST = "(SELECT max(id) FROM action)"
CUT_OFF = (f"DELETE FROM change WHERE action_id = {LAST}", f"DELETE FROM action WHERE id = {LAST}")
CONTENT_HASH = hashlib.sha256(b"forged").hexdigest()
EDITS = {
    "swap two award amounts of equal sum": [
        "UPDATE award SET beneficiary_fen = 8 - beneficiary_fen WHERE beneficiary_fen IN (1, 7)"
    ],
    "swap two parts": ["UPDATE award_part SET fen = 8 - fen"],
    "one fen more": ["UPDATE award_part SET fen = fen + 1 WHERE id = 1"],
    "another account": ["UPDATE organisation SET payee_account = '6223' WHERE id = 2"],
    "a blank at the end": ["UPDATE organisation SET name = name || ' ' WHERE id = 2"],
    "a zero character at the end": ["UPDATE organisation SET name = name || char(0) WHERE id = 2"],
    "bytes for a text": ["UPDATE organisation SET name = CAST(name AS BLOB) WHERE id = 2"],
    "JSON bytes for a text": ["UPDATE organisation SET name = jsonb('\"' || name || '\"') WHERE id = 2"],
    "bytes that are no text": ["UPDATE organisation SET name = CAST(x'ff' AS TEXT) WHERE id = 2"],
    "nothing for a text": ["UPDATE organisation SET payee_account = NULL WHERE id = 2"],
    "a row removed": ["DELETE FROM former_name"],
    "a row added": ["INSERT INTO former_name (organisation_id, name, folded) VALUES (1, '假', '假')"],
    "a row renumbered": ["UPDATE former_name SET id = 77 WHERE id = 1"],
    "a row replaced": [
        "INSERT OR REPLACE INTO former_name (id, organisation_id, name, folded) VALUES (1, 1, '假', '假')"
    ],
    "a decision withdrawn": ["DELETE FROM decision"],
    "a policy rewritten": ["UPDATE pack SET content = 'amount = 1'"],
    "a letter's register entry": ["UPDATE document SET total_fen = 9"],
    "a letter un-voided": ["UPDATE document SET voided = 0"],
    "a letter's bytes": ["UPDATE content SET data = zeroblob(size)"],
    "a letter's bytes and hash": [
        f"UPDATE content SET data = CAST('forged' AS BLOB), size = 6, sha256 = '{CONTENT_HASH}'"
    ],
    "a letter's bytes as text": ["UPDATE content SET data = CAST(data AS TEXT)"],
    "the action's title": ["UPDATE action SET title = '改' WHERE id = 2"],
    "the action's person": ["UPDATE action SET by_name = '别人' WHERE id = 2"],
    "the action's time": ["UPDATE action SET at = '2020-01-01T00:00:00+00:00' WHERE id = 2"],
    "a letter moved from title to person": [
        "UPDATE action SET title = substr(title, 1, 1), by_name = substr(title, 2) || by_name WHERE id = 2"
    ],
    "the action's hash": ["UPDATE action SET hash = 'x' WHERE id = 2"],
    "what the action took back": ["UPDATE action SET undoes = 1 WHERE id = 3"],
    "the action unsealed": [f"UPDATE action SET hash = NULL WHERE id = {LAST}"],
    "a change's after": ["UPDATE change SET after = replace(after, '6222', '6223')"],
    "a change and its row": [
        "UPDATE change SET after = replace(after, '6222', '6223'), before = replace(before, '6222', '6223')",
        "UPDATE organisation SET payee_account = '6223' WHERE id = 2",
    ],
    "nothing becomes None": ["UPDATE change SET before = 'None' WHERE before IS NULL"],
    "a change to bytes": ["UPDATE change SET before = x'00' WHERE id = 1"],
    "a change given to another action": ["UPDATE change SET action_id = 2 WHERE id = 1"],
    "a change given to another row": ["UPDATE change SET row_id = 9 WHERE id = 1"],
    "two changes swapped": [
        "UPDATE change SET id = -id WHERE id IN (1, 2)",
        "UPDATE change SET id = 3 + id WHERE id < 0",
    ],
    "a change removed": [
        f"DELETE FROM change WHERE id = (SELECT max(id) FROM change WHERE action_id < {LAST})"
    ],
    "a change added to a sealed action": [
        "INSERT INTO change (action_id, table_name, row_id, after) VALUES (1, 'setting', 9, NULL)"
    ],
    "a change of no action": ["INSERT INTO change (action_id, table_name, row_id) VALUES (99, 'setting', 9)"],
    "an action of one's own": [
        "INSERT INTO action (key, title, by_name, at) VALUES ('k', '改', '某', '2030')",
        "UPDATE organisation SET payee_account = '6223' WHERE id = 2",
    ],
    "the last action removed": [*CUT_OFF],
    "the last action removed and undone": [*CUT_OFF, "UPDATE organisation SET note = NULL WHERE id = 2"],
    "the first action removed": ["DELETE FROM change WHERE action_id = 1", "DELETE FROM action WHERE id = 1"],
    "all history removed": ["DELETE FROM change", "DELETE FROM action"],
    "the count of actions put back": ["UPDATE sqlite_sequence SET seq = 1 WHERE name = 'action'"],
    "an index dropped": ["DROP INDEX award_live"],
    "a column added": ["ALTER TABLE organisation ADD COLUMN stray TEXT DEFAULT 'x'"],
    "a column removed": [
        "DROP TRIGGER IF EXISTS history_organisation_insert",
        "DROP TRIGGER IF EXISTS history_organisation_update",
        "DROP TRIGGER IF EXISTS history_organisation_delete",
        "ALTER TABLE organisation DROP COLUMN phone",
    ],
    "a table added": ["CREATE TABLE stray (id INTEGER PRIMARY KEY AUTOINCREMENT)"],
    "the history renamed": ["ALTER TABLE change RENAME TO changed"],
    "a rule of a table rewritten": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = replace(sql, 'weight > 0', '1') WHERE name = 'beneficiary'",
    ],
    "a table hidden from the check": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET type = 'Table' WHERE name = 'award_part'",
        "PRAGMA writable_schema = OFF",
        "UPDATE award_part SET fen = 8 - fen",
    ],
    "a trigger of one's own": [
        "CREATE TRIGGER stray AFTER INSERT ON change WHEN NEW.table_name = 'award' "
        "BEGIN UPDATE organisation SET payee_account = '6223'; END"
    ],
    "a trigger dropped": ["DROP TRIGGER history_organisation_update"],
    "a trigger emptied": [
        "DROP TRIGGER history_organisation_update",
        "CREATE TRIGGER history_organisation_update AFTER UPDATE ON organisation BEGIN SELECT 1; END",
    ],
}
TRIGGERS_THEMSELVES = {"a trigger dropped", "a trigger emptied", "a column removed", "the history renamed"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "账簿.zjtx"
    with Book.create(path) as book:
        fill(book)
        assert book.check() == []
    return path


@pytest.fixture
def copy(filled: Path, path: Path) -> Path:
    return Path(shutil.copy(filled, path))


@contextmanager
def insider(path: Path) -> Iterator[object]:
    """A connection without the triggers, which stand again as they were when it is left."""
    with stranger(path) as raw:
        raw.execute("BEGIN")
        triggers = raw.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid"
        ).fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        yield raw
        for _, sql in triggers:
            raw.execute(sql)
        raw.execute("COMMIT")


def reseal(path: Path, which: str) -> None:
    """Give the actions the hashes that our own code gives them, as an insider with the program can."""
    with Book(path) as book, book._writing.begin() as connection:
        never = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_schema WHERE name = 'never_action_update'"
        ).scalar_one()
        connection.exec_driver_sql("DROP TRIGGER never_action_update")
        for action_id in (
            connection.exec_driver_sql(f"SELECT id FROM action WHERE id IN ({which}) ORDER BY id")
            .scalars()
            .all()
        ):
            history.seal(connection, action_id)
        connection.exec_driver_sql(never)


def found(path: Path) -> list[str]:
    with Book(path) as book:
        return book.check()


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_by_a_stray_program_is_refused_or_found(copy, edit):
    before = copy.read_bytes()
    with stranger(copy) as raw:
        raw.execute("BEGIN")
        try:
            for statement in EDITS[edit]:
                raw.execute(statement)
            raw.execute("COMMIT")
        except sqlite.DatabaseError:
            raw.execute("ROLLBACK")
    assert found(copy) != [] or copy.read_bytes() == before


@pytest.mark.parametrize("edit", [edit for edit in EDITS if edit not in TRIGGERS_THEMSELVES])
def test_an_edit_by_an_insider_who_hides_the_triggers_is_found(copy, edit):
    with insider(copy) as raw:
        for statement in EDITS[edit]:
            raw.execute(statement)
    lines = found(copy)
    assert lines and all(line.endswith("。") for line in lines)


def test_taking_the_triggers_away_and_back_alone_is_no_damage(copy):
    with insider(copy):
        pass
    assert found(copy) == []


def test_whoever_rewrites_the_whole_chain_is_betrayed_by_a_noted_head(copy):
    with Book(copy) as book:
        noted = book.head()
    with insider(copy) as raw:
        for statement in EDITS["a change and its row"]:
            raw.execute(statement)
    reseal(copy, "SELECT id FROM action")
    with Book(copy) as book:
        assert book.check() == [], "nothing inside the file can tell"
        assert book.head() != noted


def test_an_action_sealed_anew_on_its_own_no_longer_fits_the_next(copy):
    with insider(copy) as raw:
        raw.execute(EDITS["the action's title"][0])
    with Book(copy) as book:
        noted = book.head()
    reseal(copy, "2")
    with Book(copy) as book:
        assert book.head() == noted, "the head alone does not show it"
        (line,) = book.check()
        assert re.fullmatch("第 3 号操作“写备注”的记录与校验值不符（记为 [0-9a-f]{8}，应为 [0-9a-f]{8}），历史被改动过。", line)


def test_an_undisturbed_book_keeps_a_noted_head_in_its_history(copy):
    with Book(copy) as book:
        noted = book.head()
        add(book, "丙公司")
        with book._reading.connect() as connection:
            assert connection.exec_driver_sql("SELECT id FROM action WHERE hash = ?", (noted,)).scalar() == 3
        assert book.head() != noted and book.check() == []


def test_each_finding_names_what_was_touched(copy):
    with insider(copy) as raw:
        for edit in ("another account", "the action's title", "a letter's bytes"):
            raw.execute(EDITS[edit][0])
    text = "".join(found(copy))
    assert "“企业”第 2 行（乙公司）" in text and "银行账号由“6222”成了“6223”" in text
    assert "第 2 号操作“改”" in text and "存档文件" in text


BEHIND = {
    "an account": ("UPDATE organisation SET payee_account = '6223' WHERE id = 2", "“企业”第 2 行（乙公司）"),
    "a row put in": (
        "INSERT INTO former_name (id, organisation_id, name, folded) VALUES (9, 2, '假', '假')",
        "“曾用名”第 9 行（假）",
    ),
    "a row taken out": ("DELETE FROM former_name WHERE id = 1", "“曾用名”第 1 行"),
}


def launder(book: Book, which: str) -> None:
    """An honest change of what was altered: of its row, or of one that takes its number."""
    with book.action("更正", "王经办") as session:
        if which == "an account":
            session.get_one(Organisation, 2).payee_account = "6225"
        elif which == "a row put in":
            session.delete(session.get_one(FormerName, 9))
        else:
            session.add(FormerName(id=1, organisation_id=1, name="新", folded="新"))


@pytest.mark.parametrize("which", BEHIND)
def test_an_honest_change_of_an_altered_record_is_refused_with_its_name(copy, which):
    statement, name = BEHIND[which]
    with insider(copy) as raw:
        raw.execute(statement)
    with Book(copy) as book:
        before = changes(book)
        with pytest.raises(Refused, match="请运行检查") as refusal:
            launder(book, which)
        assert name in str(refusal.value) and "这次操作没有保存" in str(refusal.value)
        assert changes(book) == before
        add(book, "丙公司")
        assert "丙公司" in names(book), "what was not touched may be worked on until a check finds it"


@pytest.mark.parametrize("which", BEHIND)
def test_what_was_laundered_by_another_program_is_found_all_the_same(copy, which, monkeypatch):
    statement, name = BEHIND[which]
    with insider(copy) as raw:
        raw.execute(statement)
    with Book(copy) as book:
        with monkeypatch.context() as yesterday:  # the program of before, which did not look
            yesterday.setattr(history, "require_untouched", lambda connection, action_id: None)
            launder(book, which)
            for n in range(10):
                add(book, f"后来{n}公司")
        (line,) = [line for line in book.check() if name in line]
        assert line.startswith("第 4 号操作掩盖了改动：")


def test_an_action_that_adds_thousands_names_the_few_that_were_altered(copy):
    with insider(copy) as raw:
        raw.execute("UPDATE award SET beneficiary_fen = beneficiary_fen + 1")
        raw.execute("UPDATE award_part SET fen = fen + 1")
    with Book(copy) as book, pytest.raises(Refused) as refusal, book.action("改", "王经办") as session:
        session.add_all(FormerName(organisation_id=2, name=f"名{n}", folded=f"名{n}") for n in range(3000))
        for award_id in (1, 2):
            session.get_one(Award, award_id).void_reason = "重办"
            session.get_one(AwardPart, award_id).clause = "别的"
    assert str(refusal.value).count("“奖补”") == 2 and "另有 1 条记录也是" in str(refusal.value)


def test_a_column_added_since_is_no_laundering(copy):
    steps = (*STEPS, "ALTER TABLE organisation ADD COLUMN extra TEXT NOT NULL DEFAULT '无'")
    with Book(copy, steps=steps) as book:
        with book.action("更正", "王经办") as session:
            session.get_one(Organisation, 2).payee_account = "6225"
        assert book.check() == []


def test_an_upgrade_covers_nothing_up(copy):
    with insider(copy) as raw:
        raw.execute("UPDATE organisation SET payee_account = '6223' WHERE id = 2")
    steps = (*STEPS, "UPDATE organisation SET note = '升级时写的'")
    with Book(copy, steps=steps) as book:
        (line,) = book.check()
        assert line.startswith("第 4 号操作掩盖了改动：“企业”第 2 行（乙公司）") and "由“6222”成了“6223”" in line


def test_looked_through_in_small_portions_everything_is_found_as_in_one(copy, monkeypatch):
    with insider(copy) as raw:
        for edit in ("another account", "the action's title", "a letter's bytes", "a row removed", "one fen more"):
            raw.execute(EDITS[edit][0])
        raw.execute("INSERT INTO former_name (id, organisation_id, name, folded) VALUES (4000000000, 2, '假', '假')")
    with Book(copy) as book:
        whole = book.check()
        monkeypatch.setattr(history, "_PORTION", 1)
        monkeypatch.setattr(history, "_BYTES", 1)
        portions = list(book.in_portions())
        assert sorted(line for found in portions for line in found.sentences) == sorted(whole) and len(whole) >= 6
        assert len(portions) > 100


def test_a_book_that_is_worked_on_between_the_portions_is_found_sound(copy, monkeypatch):
    monkeypatch.setattr(history, "_PORTION", 3)
    with Book(copy) as book:
        for n, found in enumerate(book.in_portions()):
            assert found.sentences == ()
            if n % 5 == 0:
                add(book, f"新{n}公司")
                with book.action("更正", "王经办") as session:
                    session.get_one(Organisation, 2).note = f"备注{n}"
        assert n > 50 and book.check() == []
