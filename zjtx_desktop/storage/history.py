"""Who changed what, when, from what to what: written by the book itself and chained so that tampering shows.

Each table of the book has triggers that write every row added, changed or removed to `change`, as JSON
before and after, whichever way the write came: a session, a bulk statement, a stray shell. A change needs
an open action, so a write outside `Book.action` fails. When an action ends it is sealed: its hash covers
its own words, all its changes and the hash of the action before it.

What is looked through whole (links, rows, bytes) is looked through a portion at a time, each in a transaction of its
own, so that a book of any size can be checked while it is worked with.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, func
from sqlmodel import Session, col, select

from zjtx_desktop.domain.ledger import LIMITS, EntryKind
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import closing
from zjtx_desktop.storage.field_labels import FIELDS, NAMES, TABLES
from zjtx_desktop.storage.tables import Action, Change
from zjtx_desktop.values import Money

GENESIS = "0" * 64
OWN_TABLES = ("action", "change")
# Rows of these are added, never changed.
FIXED_TABLES = (
    "pack", "content", "printing", "list_import", "submission", "award_step", "denial", "ledger_entry", "carry_over",
    "certificate", "consent",
)
SECONDS = "%Y-%m-%dT%H:%M:%S+00:00"
_JSON = json.JSONEncoder(ensure_ascii=False, default=repr)
_PORTION = 20_000  # rows; a fraction of a second
_BYTES = 20 << 20  # of stored files in a portion
_LONGEST = 40  # letters of a value that a sentence quotes
_NAMED = 3  # records that a refusal names
Within = Callable[[str], str]  # of the name of a column, the condition on it
Looking = Callable[[], AbstractContextManager[Connection]]  # each time it is called, the book as it then stands


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
    if table == "finding":
        accepted = "OLD.consent_id IS NOT NULL OR NEW.sentence <> OLD.sentence"
        yield from _never(table, "UPDATE", accepted, "what was found stays as it was found")
        yield from _never(table, "DELETE", "1", "findings are kept")
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


def retime(connection: Connection, now: datetime) -> None:
    """Give the action that is open the time that the clock says, where that is later than the one it was begun by."""
    at = now.astimezone(UTC).strftime(SECONDS)
    connection.exec_driver_sql("UPDATE action SET at = max(at, ?) WHERE id = (SELECT max(id) FROM action) AND hash IS NULL", (at,))


def latest(connection: Connection) -> datetime | None:
    """When the last sealed action was, by a clock that may be wrong by now; None in a book without any."""
    at = connection.exec_driver_sql("SELECT at FROM action WHERE hash IS NOT NULL ORDER BY id DESC LIMIT 1").scalar()
    return datetime.fromisoformat(at) if at else None


def seal(connection: Connection, action_id: int, sign: Callable[[bytes], bytes] | None = None) -> int:
    """Close the action with its hash, and its person's signature over that; says how many changes it made."""
    chain = hashlib.sha256()
    previous = connection.exec_driver_sql(
        "SELECT hash FROM action WHERE id < ? ORDER BY id DESC LIMIT 1", (action_id,)
    )
    _chain_action(chain, connection, action_id, previous.scalar() or GENESIS)
    changes, _ = _chain_changes(chain, connection, action_id)
    said = {"hash": chain.hexdigest()} | ({"signature": sign(chain.digest()).hex()} if sign else {})
    columns = ", ".join(f"{column} = ?" for column in said)
    connection.exec_driver_sql(f"UPDATE action SET {columns} WHERE id = ?", (*said.values(), action_id))
    return changes


def _chain_action(chain: "hashlib._Hash", connection: Connection, action_id: int, previous: str) -> None:
    row = connection.exec_driver_sql(
        "SELECT id, key, title, by_name, at, undoes FROM action WHERE id = ?", (action_id,)
    )
    chain.update(_unmistakable(previous, *row.one()))


def _chain_changes(
    chain: "hashlib._Hash", connection: Connection, action_id: int, after: int = 0, limit: int = -1
) -> tuple[int, int]:
    """Add the changes of an action to its hash, from behind `after`; how many they were and the last of them."""
    count, last = 0, after
    rows = connection.exec_driver_sql(
        "SELECT id, table_name, row_id, before, after FROM change WHERE action_id = ? AND id > ? ORDER BY id LIMIT ?",
        (action_id, after, limit),
    )
    for count, row in enumerate(rows, start=1):
        chain.update(_unmistakable(*row))
        last = row[0]
    return count, last


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


def require_untouched(connection: Connection, action_id: int) -> None:
    """Refused when a row that this action touched was not, before it, what the history says.

    Else the honest change would cover up the one made behind the program.
    """
    rows = connection.exec_driver_sql(
        "SELECT c.table_name, c.row_id, c.before, p.after, p.action_id FROM change AS c LEFT JOIN change AS p ON p.id = "
        "(SELECT id FROM change WHERE table_name = c.table_name AND row_id = c.row_id AND id < c.id ORDER BY id DESC LIMIT 1) "
        "WHERE c.action_id = ? AND c.before IS NOT p.after ORDER BY c.id",
        (action_id,),
    ).all()
    if strays := list(_differing(connection, rows)):
        more = f"另有 {len(strays) - _NAMED} 条记录也是。" if len(strays) > _NAMED else ""
        told = "、".join(stray.name for stray in strays[:_NAMED])
        raise Refused(f"{told}被绕过程序改动过，与历史记录不符，这次操作没有保存。{more}请运行检查，查明以前不要办理。")


@dataclass(frozen=True, slots=True)
class Stray:
    """A row that is not what its history says: `was` by the last change, of that action, and `now`, JSON each.

    None for a row that is not there.
    """

    table: str
    row_id: int
    now: str | None
    was: str | None
    action_id: int | None

    @property
    def name(self) -> str:
        """The record in words: its kind, its number and what tells it from others."""
        values = _values(self.was) or _values(self.now)
        called = next((f"（{values[name]}）" for name in NAMES if values.get(name)), "")
        return f"“{TABLES.get(self.table, self.table)}”第 {self.row_id} 行{called}"

    @property
    def sentence(self) -> str:
        """What is wrong with it, and since which action; another edit of it reads otherwise."""
        since = f"第 {self.action_id} 号操作以后" if self.action_id else ""
        if self.was is None:
            return f"{self.name}{since}被绕过程序添加，历史里没有它：{_brief(self.table, _values(self.now))}。"
        if self.now is None:
            return f"{self.name}{since}被绕过程序删除，历史里没有删除它。"
        return f"{self.name}与历史记录不符，{since}被绕过程序改动过：{_apart(self.table, _values(self.was), _values(self.now))}。"


def _values(text: str | None) -> Mapping[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _brief(table: str, values: Mapping[str, Any]) -> str:
    labels = FIELDS.get(table, {})
    return "，".join(f"{labels[name]}“{_told(name, value)}”" for name, value in values.items() if name in labels and value is not None) or "内容不明"


def _apart(table: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    labels = FIELDS.get(table, {})
    return "，".join(
        f"{labels.get(name, name)}由“{_told(name, was.get(name))}”成了“{_told(name, now.get(name))}”"
        for name in dict.fromkeys((*was, *now))
        if was.get(name) != now.get(name)
    ) or "内容的写法不同"


def _told(name: str, value: Any) -> str:
    text = "空" if value is None else f"{Money(value)} 元" if name.endswith("fen") and isinstance(value, int) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _differing(connection: Connection, rows: Any) -> Iterator[Stray]:
    """Of rows with what they were and what the change before says, those that do not follow from it."""
    defaults: dict[str, Mapping[str, Any]] = {}
    for table, row_id, now, was, action_id in rows:
        if table not in defaults:
            defaults[table] = _defaults(connection, table)
        if not _continues(now, was, defaults[table]):
            yield Stray(table, row_id, now, was, action_id)


def _continues(now: str | None, was: str | None, defaults: Mapping[str, Any]) -> bool:
    """Whether `now` is what `was` says, where a column added in between has its default."""
    if now is None or was is None:
        return now is was
    try:
        late, early = json.loads(now), json.loads(was)
        return early.keys() <= late.keys() and all(early.get(name, defaults.get(name)) == late[name] for name in late)
    except (ValueError, AttributeError):  # no JSON, or none of a row
        return False


def _defaults(connection: Connection, table: str) -> Mapping[str, Any]:
    columns = _columns(connection, table)
    if not columns:
        return {}
    row = connection.exec_driver_sql(f"SELECT {', '.join(columns.values())}").one()
    return dict(zip(columns, row, strict=True))


def broken_links(look: Looking) -> Iterator[list[str]]:
    """A sentence for each action whose hash does not follow from what the history now says; a list a portion."""
    with look() as connection:
        last = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM action").scalar_one()
        found = list(_gaps(connection))
    yield found
    chain = _Chain()
    while not chain.is_done:
        with look() as connection:
            found = list(chain.go_on(connection, last))
        yield found


class _Chain:
    """The hashes worked out anew, as far as it has come."""

    def __init__(self) -> None:
        self.is_done = False
        self._previous, self._action, self._change = GENESIS, 0, 0
        self._hash: "hashlib._Hash | None" = None  # of an action that is under way

    def go_on(self, connection: Connection, last: int) -> Iterator[str]:
        """A sentence for each broken one of the next portion."""
        room = _PORTION
        while room > 0:
            row = connection.exec_driver_sql(
                "SELECT id, title, hash FROM action WHERE id > ? AND id <= ? ORDER BY id LIMIT 1", (self._action, last)
            ).first()
            if row is None:
                self.is_done = True
                return
            action_id, title, stored = row
            if self._hash is None:
                self._hash, self._change = hashlib.sha256(), 0
                _chain_action(self._hash, connection, action_id, self._previous)
            count, self._change = _chain_changes(self._hash, connection, action_id, self._change, room)
            if count < room:
                if self._hash.hexdigest() != stored:
                    marks = f"（记为 {str(stored)[:8]}，应为 {self._hash.hexdigest()[:8]}）"
                    yield f"第 {action_id} 号操作“{title}”的记录与校验值不符{marks}，历史被改动过。"
                self._previous, self._action, self._hash = stored or GENESIS, action_id, None
            room -= count + 1


def _gaps(connection: Connection) -> Iterator[str]:
    """The ids of the history have no gap, so that entries cut off at its end are missed as well."""
    for table, name in zip(OWN_TABLES, ("操作", "改动"), strict=True):
        given = connection.exec_driver_sql(f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'").scalar() or 0
        count, highest = connection.exec_driver_sql(f"SELECT count(*), coalesce(max(id), 0) FROM {table}").one()
        if count == highest == given:
            continue
        gaps = connection.exec_driver_sql(
            f"SELECT coalesce(before, 0) + 1, id - 1 FROM (SELECT id, lag(id) OVER (ORDER BY id) AS before FROM {table}) "
            f"WHERE id <> coalesce(before, 0) + 1"
        ).all()
        for first, until in (*gaps, *([(highest + 1, given)] if given > highest else ())):
            yield f"历史中没有第 {first}{f' 至 {until}' if until > first else ''} 号{name}，被删除过。"
        if given < highest:
            yield f"历史已到第 {highest} 号{name}，登记的却只有 {given} 号，被改动过。"


def differing_rows(look: Looking) -> Iterator[list[Stray]]:
    """Each row of the book that is not what its history says it should be; a list a portion."""
    for table in _own_rows(look):
        for within in _ranges(look, table):
            with look() as connection:
                found = list(_strays(connection, table, within))
            yield found


def broken_off(look: Looking) -> Iterator[list[str]]:
    """A sentence for each change before which its row was not what the change before that says; a list a portion.

    That is what stays of an edit behind the program once the record has been changed honestly.
    """
    for table in _own_rows(look):
        for within in _ranges(look, table):
            with look() as connection:
                rows = connection.exec_driver_sql(
                    f"SELECT action_id, row_id, before, was, since FROM (SELECT action_id, row_id, before, "
                    f"lag(after) OVER one AS was, lag(action_id) OVER one AS since "
                    f"FROM change WHERE table_name = '{table}' AND {within('row_id')} "
                    f"WINDOW one AS (PARTITION BY row_id ORDER BY id)) WHERE before IS NOT was"
                ).all()
                defaults = _defaults(connection, table)
            yield [
                f"第 {action_id} 号操作掩盖了改动：{Stray(table, row_id, now, was, since).sentence}"
                for action_id, row_id, now, was, since in rows
                if not _continues(now, was, defaults)
            ]


def take_as_it_is(connection: Connection, sentences: frozenset[str]) -> None:
    """Put into the history, under the open action, what the rows of these findings have become behind the program.

    From then on they are what the history says, and the history says who accepted it.
    """
    for strays in list(differing_rows(lambda: nullcontext(connection))):
        for stray in strays:
            if stray.sentence in sentences:
                connection.exec_driver_sql(
                    "INSERT INTO change (action_id, table_name, row_id, before, after) "
                    "VALUES ((SELECT max(id) FROM action WHERE hash IS NULL), ?, ?, ?, ?)",
                    (stray.table, stray.row_id, stray.was, stray.now),
                )


def _own_rows(look: Looking) -> list[str]:
    """The tables whose rows have a history; those that only the history knows are among them."""
    with look() as connection:
        return sorted(set(_tables(connection)) - set(OWN_TABLES))


def _ranges(look: Looking, table: str) -> Iterator[Within]:
    """Conditions on the number of a row, each of which holds for about a portion of them, and one for each number."""
    low = -(1 << 63)
    while True:
        with look() as connection:
            marks = [
                connection.exec_driver_sql(f"{statement} LIMIT 1 OFFSET {_PORTION}").scalar()
                for statement in (
                    f"SELECT id FROM {table} WHERE id > {low} ORDER BY id",
                    f"SELECT row_id FROM change WHERE table_name = '{table}' AND row_id > {low} ORDER BY row_id",
                )
            ]
        high = min((mark for mark in marks if isinstance(mark, int)), default=None)
        yield partial(_within, low, high)
        if high is None:
            return
        low = high


def _within(low: int, high: int | None, column: str) -> str:
    return f"{column} > {low}" + (f" AND {column} <= {high}" if high is not None else "")


def _strays(connection: Connection, table: str, within: Within) -> Iterator[Stray]:
    now = _row_json(connection, table, "t")
    last = (
        f"WITH last AS (SELECT row_id, after, action_id, max(id) FROM change "
        f"WHERE table_name = '{table}' AND {within('row_id')} GROUP BY row_id) "
    )
    kept = connection.exec_driver_sql(
        f"{last} SELECT t.id, {now}, last.after, last.action_id FROM {table} AS t LEFT JOIN last ON last.row_id = t.id "
        f"WHERE {within('t.id')} AND last.after IS NOT {now} "
        f"AND (last.after IS NULL OR NOT ({_follows(connection, table)}))"
    ).all()
    gone = connection.exec_driver_sql(
        f"{last} SELECT row_id, NULL, after, action_id FROM last WHERE after IS NOT NULL "
        f"AND NOT EXISTS (SELECT 1 FROM {table} WHERE id = last.row_id)"
    ).all()
    return (Stray(table, *row) for row in (*kept, *gone))


def _follows(connection: Connection, table: str) -> str:
    """The SQL by which row `t` is what `last.after` says, where a column added since has its default."""
    return " AND ".join(
        f"iif(json_type(last.after, '$.\"{column}\"') IS NULL, {default}, last.after ->> '$.\"{column}\"') "
        f"IS {_value('t', column)}"
        for column, default in _columns(connection, table).items()
    )


def altered_bytes(look: Looking) -> Iterator[list[str]]:
    """A sentence for each stored file whose bytes are not those of its hash, which the history keeps; a list a portion."""
    with look() as connection:
        sizes = connection.exec_driver_sql("SELECT id, length(data) FROM content ORDER BY id").all()
    portion, room = [], _BYTES
    for row_id, size in sizes:
        portion.append(row_id)
        room -= size
        if room <= 0:
            yield _altered(look, portion)
            portion, room = [], _BYTES
    yield _altered(look, portion)


def _altered(look: Looking, row_ids: list[int]) -> list[str]:
    if not row_ids:
        return []
    found = []
    with look() as connection:
        rows = connection.exec_driver_sql(
            "SELECT id, sha256, size, data FROM content WHERE id BETWEEN ? AND ? ORDER BY id", (row_ids[0], row_ids[-1])
        )
        for row_id, sha256, size, data in rows:
            whole = data if isinstance(data, bytes) else str(data).encode("utf-8", "surrogatepass")
            is_now = hashlib.sha256(whole).hexdigest()
            if not isinstance(data, bytes) or len(data) != size or is_now != sha256:
                found.append(f"第 {row_id} 份存档文件的内容与校验值不符（现为 {is_now[:8]}），被改动过。")
    return found


def recent(session: Session, limit: int = 200) -> tuple[ActionLine, ...]:
    """The latest actions, newest first."""
    count = select(func.count()).where(Change.action_id == Action.id).correlate(Action).scalar_subquery()
    lines = session.exec(select(Action, count).order_by(col(Action.id).desc()).limit(limit))
    return tuple(
        ActionLine(a.id or 0, a.title, a.by_name, datetime.fromisoformat(a.at), changes)
        for a, changes in lines
    )
