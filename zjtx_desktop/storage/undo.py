"""Taking back and doing again, from the history itself, so that it works after a restart as well.

An action is taken back by writing, under a new action, what each of its rows was before. Only actions on what
staff register and decide can be taken back; what left the office (issued letters, exports) has its own
counter-actions, and a locked round keeps what it rests on.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from zjtx_desktop.errors import Refused
from zjtx_desktop.storage.book import Book

REVERSIBLE = frozenset(
    (
        "organisation", "former_name", "beneficiary", "recognition", "decision", "award", "award_part", "setting",
        "past_award", "attachment", "manual_amount",
    )
)  # fmt: skip
# That a list was read, bytes once kept and packs once taken up stay when the rest is taken back.
KEPT = frozenset(("list_import", "content", "pack"))
# What goes with an action or is written beside it, and is nothing that anybody would take back.
PASSING = frozenset(("denial", "printing", "key_slot", "finding", *KEPT))
# What an action may touch besides that deletes an organisation, merging it into another: it comes back with it.
MERGED = frozenset(("award", "credit_check", "round_item"))
LOOK_BACK = 400  # actions; more steps than anybody takes back


@dataclass(frozen=True, slots=True)
class Step:
    """An action that can be taken back, or done again, and the words for it in the menu."""

    action_id: int
    title: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Fixed:
    """An action that cannot be taken back: what it touched, and the events and kinds of the rows it added."""

    step: Step
    tables: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Change:
    table: str
    row_id: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None


May = Callable[[Session, Step], None]


def anybody(session: Session, step: Step) -> None:
    """A book without persons has one user, and what is put back is as good as it was."""


def next_undo(book: Book) -> Step | None:
    """What 撤销 would take back now, or None."""
    return _top(book, 0)


def next_redo(book: Book) -> Step | None:
    """What 重做 would do again now, or None."""
    return _top(book, 1)


def last_fixed(book: Book) -> Fixed | None:
    """The newest action where that cannot be taken back; None where 撤销 means the newest one."""
    with book.reading() as session:
        connection = session.connection()
        rows = connection.exec_driver_sql(
            "SELECT id, title, undoes, by_name FROM action ORDER BY id DESC LIMIT ?", (LOOK_BACK,)
        ).all()
        reversible = _reversible(connection, rows[-1][0] if rows else 0)
        for action_id, title, undoes, by in rows:
            if undoes is not None or action_id in reversible:
                return None
            if names := _touched(connection, action_id) - PASSING:
                return Fixed(Step(action_id, title, by), names, _words(connection, action_id))
    return None


def undo(book: Book, by: str, may: May = anybody, stands: May = anybody) -> str:
    """Take the last action back; returns its title. Refused when its rows were changed or used since.

    `may(session, step)` raises when it is not this person's to take back, `stands(session, step)` when what is put back
    cannot stay so. `may` puts what signs for the person into `session.info["sign"]`.
    """
    step = next_undo(book)
    if step is None:
        raise Refused("没有可以撤销的操作。")
    _revert(book, step, f"撤销：{step.title}", by, may, stands)
    return step.title


def redo(book: Book, by: str, may: May = anybody, stands: May = anybody) -> str:
    """Do again what was taken back last; returns its title. `may` and `stands` as for `undo`."""
    step = next_redo(book)
    if step is None:
        raise Refused("没有可以重做的操作。")
    _revert(book, step, f"重做：{step.title}", by, may, stands)
    return step.title


def touched(session: Session, step: Step) -> frozenset[str]:
    """The tables whose rows a step would put back."""
    return _touched(session.connection(), step.action_id) - KEPT


def _touched(connection: Connection, action_id: int) -> frozenset[str]:
    names = connection.exec_driver_sql("SELECT DISTINCT table_name FROM change WHERE action_id = ?", (action_id,))
    return frozenset(names.scalars())


def _words(connection: Connection, action_id: int) -> frozenset[str]:
    """The events of the steps and the kinds of the entries that an action added."""
    found = connection.exec_driver_sql(
        "SELECT DISTINCT json_extract(after, CASE table_name WHEN 'award_step' THEN '$.event' ELSE '$.kind' END) "
        "FROM change WHERE action_id = ? AND table_name IN ('award_step', 'ledger_entry') AND after IS NOT NULL",
        (action_id,),
    )
    return frozenset(found.scalars())


def _top(book: Book, which: int) -> Step | None:
    with book.reading() as session:
        stack = _stacks(session.connection())[which]
    return stack[-1] if stack else None


def _stacks(connection: Connection) -> tuple[list[Step], list[Step]]:
    """The actions to take back and those to do again, the next one last."""
    rows = connection.exec_driver_sql(
        "SELECT id, title, undoes, by_name FROM action ORDER BY id DESC LIMIT ?", (LOOK_BACK,)
    ).all()
    reversible = _reversible(connection, rows[-1][0] if rows else 0)
    undos: list[Step] = []
    redos: list[Step] = []
    undoing: dict[int, Step] = {}  # the action that took a step back → the step
    for action_id, title, undoes, by in reversed(rows):
        if undoes in undoing:
            step = undoing.pop(undoes)
            redos = [one for one in redos if one.action_id != undoes]
            undos.append(Step(action_id, step.title, by))
        elif undoes is not None:
            step = next((one for one in undos if one.action_id == undoes), Step(undoes, title, by))
            undos = [one for one in undos if one.action_id != undoes]
            undoing[action_id] = step
            redos.append(Step(action_id, step.title, by))
        elif action_id in reversible:
            undos.append(Step(action_id, title, by))
            redos, undoing = [], {}
    return undos, redos


def _reversible(connection: Connection, since: int) -> set[int]:
    """The actions that touched nothing but what can be taken back, and no award that is more than a draft; where two
    organisations were merged, also what moved with one of them.
    """
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT action_id, table_name, CASE WHEN table_name <> 'award' THEN 1 "
        "ELSE json_extract(before, '$.state') = 'draft' AND json_extract(after, '$.state') = 'draft' END "
        "FROM change WHERE action_id >= ?",
        (since,),
    ).all()
    merged = set(
        connection.exec_driver_sql(
            "SELECT action_id FROM change WHERE action_id >= ? AND table_name = 'organisation' AND after IS NULL", (since,)
        ).scalars()
    )
    barred = {
        action_id
        for action_id, table, ok in rows
        if (not ok or table not in REVERSIBLE | KEPT) and not (table in MERGED and action_id in merged)
    }
    return {action_id for action_id, table, _ in rows if table in REVERSIBLE} - barred


def _revert(book: Book, step: Step, title: str, by: str, may: May, stands: May) -> None:
    try:
        with book.action(title, by, undoes=step.action_id) as session:
            may(session, step)
            connection = session.connection()
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # rows come back in any order
            for change in _changes(connection, step.action_id):
                _put_back(connection, change, step.title)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise _in_use(step.title)
            stands(session, step)
    except IntegrityError as error:
        raise _in_use(step.title) from error


def _in_use(title: str) -> Refused:
    return Refused(f"“{title}”涉及的内容后来已被使用（如已列入锁定的奖补名单），不能撤销。请先解锁名单，或逐条更正。")


def _changes(connection: Connection, action_id: int) -> list[_Change]:
    """What the action did, one change per row over all of it, the last touched first."""
    merged: dict[tuple[str, int], _Change] = {}
    for table, row_id, before, after in connection.exec_driver_sql(
        "SELECT table_name, row_id, before, after FROM change WHERE action_id = ? ORDER BY id", (action_id,)
    ).all():
        if table in KEPT:
            continue
        first = merged.pop((table, row_id), None)
        start = first.before if first else before and json.loads(before)
        merged[table, row_id] = _Change(table, row_id, start, after and json.loads(after))
    return [change for change in reversed(merged.values()) if change.before != change.after]


def _put_back(connection: Connection, change: _Change, title: str) -> None:
    """Write what the row was before; Refused when it is no longer what the action left."""
    columns = list(SQLModel.metadata.tables[change.table].columns.keys())
    row = connection.exec_driver_sql(f"SELECT * FROM {change.table} WHERE id = ?", (change.row_id,)).mappings().first()
    if (dict(row) if row else None) != change.after:
        raise Refused(f"“{title}”涉及的内容后来又改过，不能撤销。请在记录上直接更正。")
    if change.before is None:
        connection.exec_driver_sql(f"DELETE FROM {change.table} WHERE id = ?", (change.row_id,))
    elif change.after is None:
        marks = ", ".join("?" * len(columns))
        names = ", ".join(f'"{name}"' for name in columns)
        values = tuple(change.before.get(name) for name in columns)
        connection.exec_driver_sql(f"INSERT INTO {change.table} ({names}) VALUES ({marks})", values)
    else:
        names = ", ".join(f'"{name}" = ?' for name in columns)
        values = (*(change.before.get(name) for name in columns), change.row_id)
        connection.exec_driver_sql(f"UPDATE {change.table} SET {names} WHERE id = ?", values)
