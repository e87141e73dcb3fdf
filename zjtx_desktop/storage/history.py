"""Who changed what, when, from what to what: written by the book itself and chained so that tampering shows.

Each table of the book has triggers that write every row added, changed or removed to `change`, as JSON
before and after, whichever way the write came: a session, a bulk statement, a stray shell. A change needs
an open action, so a write outside `Book.action` fails. When an action ends it is sealed: its hash covers
its own words, all its changes and the hash of the action before it.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func
from sqlmodel import Session, col, select

from zjtx_desktop.domain.ledger import LIMITS, EntryKind
from zjtx_desktop.storage import closing
from zjtx_desktop.storage.tables import Action, Change

GENESIS = "0" * 64
OWN_TABLES = ("action", "change")
# Rows of these are added, never changed.
FIXED_TABLES = (
    "pack", "content", "printing", "list_import", "submission", "award_step", "denial", "ledger_entry", "carry_over",
    "certificate", "consent",
)
SECONDS = "%Y-%m-%dT%H:%M:%S+00:00"
_JSON = json.JSONEncoder(ensure_ascii=False, default=repr)


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One sealed action as a list shows it; `at` is UTC."""

    id: int
    title: str
    by_name: str
    at: datetime
    changes: int


def install(connection: Connection) -> None:
    """Lay the triggers anew over the tables as they now are; part of every upgrade's transaction.

    `Book.check` compares the triggers in the file with these: whoever alters them here adds a step,
    an empty one will do, so that the books of yesterday get them too.
    """
    tables = _tables(connection)
    for table in tables:
        if closing.TABLE in tables:
            for event, touches in closing.conditions(table):
                for statement in _never(table, event, touches, closing.CLOSED, "closed"):
                    connection.exec_driver_sql(statement)
        for statement in _own_triggers(table) if table in OWN_TABLES else _table_triggers(connection, table):
            connection.exec_driver_sql(statement)


def _table_triggers(connection: Connection, table: str) -> Iterator[str]:
    old, new = _row_json(connection, table, "OLD"), _row_json(connection, table, "NEW")
    # The newest action only: one that a stray program left open would draw all later changes to itself.
    action = "(SELECT id FROM action WHERE id = (SELECT max(id) FROM action) AND hash IS NULL)"
    # Said aloud, because INSERT OR IGNORE would skip the change that finds no action and keep the row.
    guard = f"SELECT RAISE(ABORT, '{table}: written outside an action') WHERE {action} IS NULL"
    into = "INSERT INTO change (action_id, table_name, row_id, before, after)"
    for event, row, before, after, when in (
        ("INSERT", "NEW", "NULL", new, ""),
        ("UPDATE", "NEW", old, new, f"WHEN {old} <> {new}"),
        ("DELETE", "OLD", old, "NULL", ""),
    ):
        name = f"history_{table}_{event.lower()}"
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f"CREATE TRIGGER {name} AFTER {event} ON {table} {when} BEGIN {guard}; {into} "
            f"VALUES ({action}, '{table}', {row}.id, {before}, {after}); END"
        )
    yield from _no_replacing(table)
    if table in FIXED_TABLES:
        yield from _never(table, "UPDATE", "1", "rows of this table never change")
        yield from _never(table, "DELETE", "1", "rows of this table are kept")
    if table == "document":
        yield from _never(table, "DELETE", "1", "issued documents are kept")
    if table == closing.TABLE:
        yield from _never(table, "DELETE", "1", "closings are kept")
    if table == "award":
        yield from _never(table, "DELETE", "OLD.state <> 'draft'", "only drafts can be deleted")
    if table == "ledger_entry":
        yield from _never(table, "INSERT", f"NEW.fen > ({_room()})", "more than there is room for", "room")


def _room() -> str:
    """The SQL for what may still be entered of NEW.kind for its part; nothing of a kind unknown."""
    whole = "(SELECT fen FROM award_part WHERE id = NEW.part_id)"
    cases = " ".join(
        f"WHEN '{kind}' THEN {whole if kind is EntryKind.GRANTED else 0} + coalesce(sum(CASE kind "
        + " ".join(f"WHEN '{of}' THEN {'' if sign > 0 else '-'}fen" for of, sign in terms.items())
        + " ELSE 0 END), 0)"
        for kind, terms in LIMITS.items()
    )
    return f"SELECT CASE NEW.kind {cases} ELSE 0 END FROM ledger_entry WHERE part_id = NEW.part_id"


def _own_triggers(table: str) -> Iterator[str]:
    sealed = "OLD.hash IS NOT NULL" if table == "action" else "1"
    yield from _never(table, "UPDATE", sealed, "the history is append-only")
    yield from _never(table, "DELETE", "1", "the history is append-only")
    yield from _no_replacing(table, "OR key = NEW.key" if table == "action" else "")


def _no_replacing(table: str, or_else: str = "") -> Iterator[str]:
    """INSERT OR REPLACE removes the old row without its delete trigger; refuse an id that is there."""
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id {or_else})"
    yield from _never(table, "INSERT", taken, "this row exists already")


def _never(table: str, event: str, when: str, why: str, which: str = "") -> Iterator[str]:
    name = f"never_{table}_{event.lower()}{which and '_'}{which}"
    yield f"DROP TRIGGER IF EXISTS {name}"
    yield (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: {why}'); END"
    )


def _tables(connection: Connection) -> list[str]:
    names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return list(connection.exec_driver_sql(names).scalars())


def _columns(connection: Connection, table: str) -> dict[str, str]:
    """The columns whose values stand in the history, and what SQL gives each by default; never the bytes."""
    columns = connection.exec_driver_sql(f"PRAGMA table_info({table})").all()
    return {c[1]: c[4] or "NULL" for c in columns if c[2] != "BLOB"}


def _value(row: str, column: str) -> str:
    # Bytes smuggled into a text column would pass for JSON of their own.
    return f"iif(typeof({row}.\"{column}\") = 'blob', 'X' || hex({row}.\"{column}\"), {row}.\"{column}\")"


def _row_json(connection: Connection, table: str, row: str) -> str:
    """The SQL that turns a row into its JSON in the history; bytes are left out, their hash stands there."""
    pairs = ", ".join(f"'{column}', {_value(row, column)}" for column in _columns(connection, table))
    return f"json_object({pairs})"


def begin(
    connection: Connection, key: str, title: str, by_name: str, now: datetime, undoes: int | None = None
) -> int:
    """Open the action that the triggers will write to; its time never runs backwards. Returns its id."""
    last = connection.exec_driver_sql("SELECT at FROM action ORDER BY id DESC LIMIT 1").scalar()
    at = max(now.astimezone(UTC).strftime(SECONDS), last or "")
    made = connection.exec_driver_sql(
        "INSERT INTO action (key, title, by_name, at, undoes) VALUES (?, ?, ?, ?, ?)",
        (key, title, by_name, at, undoes),
    )
    return int(made.lastrowid)


def latest(connection: Connection) -> datetime | None:
    """When the last action was, by the clock that may be wrong by now; None in a book without any."""
    at = connection.exec_driver_sql("SELECT at FROM action ORDER BY id DESC LIMIT 1").scalar()
    return datetime.fromisoformat(at) if at else None


def seal(connection: Connection, action_id: int, sign: Callable[[bytes], bytes] | None = None) -> int:
    """Close the action with its hash, and its person's signature over that; says how many changes it made."""
    chain = hashlib.sha256()
    previous = connection.exec_driver_sql(
        "SELECT hash FROM action WHERE id < ? ORDER BY id DESC LIMIT 1", (action_id,)
    )
    _chain_action(chain, connection, action_id, previous.scalar() or GENESIS)
    changes = _chain_changes(chain, connection, action_id)
    said = {"hash": chain.hexdigest()} | ({"signature": sign(chain.digest()).hex()} if sign else {})
    columns = ", ".join(f"{column} = ?" for column in said)
    connection.exec_driver_sql(f"UPDATE action SET {columns} WHERE id = ?", (*said.values(), action_id))
    return changes


def _chain_action(chain: "hashlib._Hash", connection: Connection, action_id: int, previous: str) -> None:
    row = connection.exec_driver_sql(
        "SELECT id, key, title, by_name, at, undoes FROM action WHERE id = ?", (action_id,)
    )
    chain.update(_unmistakable(previous, *row.one()))


def _chain_changes(chain: "hashlib._Hash", connection: Connection, action_id: int) -> int:
    count = 0
    rows = connection.exec_driver_sql(
        "SELECT id, table_name, row_id, before, after FROM change WHERE action_id = ? ORDER BY id",
        (action_id,),
    )
    for count, row in enumerate(rows, start=1):
        chain.update(_unmistakable(*row))
    return count


def _unmistakable(*parts: str | int | None) -> bytes:
    """JSON, because two different rows must never read the same: nothing and “None”, a|bc and ab|c."""
    return _JSON.encode(parts).encode("utf-8", "surrogatepass")


def head(connection: Connection) -> str:
    """The hash of the last action: whoever holds it can tell later whether anything before it was altered."""
    return last_sealed(connection)[1]


def last_sealed(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last sealed action; within an action that is the one before it."""
    row = connection.exec_driver_sql(
        "SELECT id, hash FROM action WHERE hash IS NOT NULL ORDER BY id DESC LIMIT 1"
    ).first()
    return (int(row[0]), str(row[1])) if row else (0, GENESIS)


def broken_links(connection: Connection) -> list[str]:
    """One sentence for each action whose hash does not follow from what the history now says."""
    problems, previous = list(_gaps(connection)), GENESIS
    actions = connection.exec_driver_sql("SELECT id, title, hash FROM action ORDER BY id").all()
    for action_id, title, stored in actions:
        chain = hashlib.sha256()
        _chain_action(chain, connection, action_id, previous)
        _chain_changes(chain, connection, action_id)
        if chain.hexdigest() != stored:
            problems.append(f"第 {action_id} 号操作“{title}”的记录与校验值不符，历史被改动过。")
        previous = stored or GENESIS
    return problems


def _gaps(connection: Connection) -> Iterator[str]:
    """The ids of the history have no gap, so that entries cut off at its end are missed as well."""
    for table in OWN_TABLES:
        count, highest, given = connection.exec_driver_sql(
            f"SELECT count(*), coalesce(max(id), 0), "
            f"coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0) FROM {table}"
        ).one()
        if not count == highest == given:
            yield f"历史应有 {max(highest, given)} 条（{table}），只有 {count} 条，被删除过。"


def unrecorded(connection: Connection) -> list[str]:
    """One sentence for each row of the book that is not what its history says it should be."""
    problems = []
    for table in sorted(set(_tables(connection)) - set(OWN_TABLES)):
        now = _row_json(connection, table, "t")
        rows = connection.exec_driver_sql(
            f"WITH last AS (SELECT row_id, after, max(id) FROM change "
            f"WHERE table_name = '{table}' GROUP BY row_id) "
            f"SELECT t.id FROM {table} AS t LEFT JOIN last ON last.row_id = t.id "
            f"WHERE last.after IS NOT {now} AND (last.after IS NULL OR NOT ({_follows(connection, table)})) "
            f"UNION SELECT row_id FROM last "
            f"WHERE after IS NOT NULL AND row_id NOT IN (SELECT id FROM {table})"
        ).scalars().all()
        problems += [f"“{table}”第 {row} 行与历史记录不符，被绕过程序改动过。" for row in rows]
    return problems


def _follows(connection: Connection, table: str) -> str:
    """The SQL by which row `t` is what `last.after` says, where a column added since has its default."""
    return " AND ".join(
        f"iif(json_type(last.after, '$.\"{column}\"') IS NULL, {default}, last.after ->> '$.\"{column}\"') "
        f"IS {_value('t', column)}"
        for column, default in _columns(connection, table).items()
    )


def altered_bytes(connection: Connection) -> list[str]:
    """One sentence for each stored file whose bytes are not those of its hash, which the history keeps."""
    rows = connection.exec_driver_sql("SELECT id, sha256, size, data FROM content ORDER BY id")
    return [
        f"第 {row_id} 份存档文件的内容与校验值不符，被改动过。"
        for row_id, sha256, size, data in rows
        if not isinstance(data, bytes) or len(data) != size or hashlib.sha256(data).hexdigest() != sha256
    ]


def recent(session: Session, limit: int = 200) -> tuple[ActionLine, ...]:
    """The latest actions, newest first."""
    count = select(func.count()).where(Change.action_id == Action.id).correlate(Action).scalar_subquery()
    lines = session.exec(select(Action, count).order_by(col(Action.id).desc()).limit(limit))
    return tuple(
        ActionLine(a.id or 0, a.title, a.by_name, datetime.fromisoformat(a.at), changes)
        for a, changes in lines
    )
