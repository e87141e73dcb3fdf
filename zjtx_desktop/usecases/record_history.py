"""Who changed what of a record, from what to what, in the words of the forms."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import AwardState, Event, RoundState
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.storage.history import ActionLine, recent
from zjtx_desktop.storage.tables import Action, Change
from zjtx_desktop.storage.field_labels import CHILDREN, FIELDS, NAMES, SETTINGS, TABLES
from zjtx_desktop.values import Division, Money, format_date

__all__ = (
    "ActionLine",
    "FieldChange",
    "RecordState",
    "actions",
    "changes_of_action",
    "history_of",
    "state_after",
)
_DATES = (
    "document_date", "valid_from", "valid_to", "issued_on", "on_date", "password_on", "starts", "ends",
    "received_on", "answered_on", "closed_on", "asked_on", "reopened_on", "confirmed_on",
)  # fmt: skip
_MARKS = (
    "is_company", "publicity_only", "confirmed", "voided", "every_division", "active", "must_change", "clean", "upheld",
)  # fmt: skip
_AMOUNTS = ("beneficiary_fen", "municipal_fen", "total_fen", "fen", "by_policy_fen", "uncapped_fen")
_MOST = 2000  # fields of one action; an import of thousands of rows is summed up by its title


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one record before and after; `old` is empty where it was new, `new` where removed."""

    change_id: int
    action_id: int
    action: str
    by_name: str
    at: datetime
    record: str
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RecordState:
    """A record as it stood after one change: its fields as label and text; empty once it was removed."""

    title: str
    fields: tuple[tuple[str, str], ...]


def actions(session: Session, limit: int = 500) -> tuple[ActionLine, ...]:
    """The latest actions of the book, newest first; times are those of this computer's clock."""
    return tuple(
        ActionLine(line.id, line.title, line.by_name, line.at.astimezone().replace(tzinfo=None), line.changes)
        for line in recent(session, limit)
    )


def changes_of_action(session: Session, action_id: int) -> tuple[FieldChange, ...]:
    """What one action changed, field by field."""
    query = _query().where(col(Change.action_id) == action_id).order_by(col(Change.id)).limit(_MOST)
    return tuple(_fields(session, query))


def history_of(session: Session, table: str, row_id: int) -> tuple[FieldChange, ...]:
    """Every change of a record and of what belongs to it, newest first."""
    own = _query().where(col(Change.table_name) == table, col(Change.row_id) == row_id)
    found = list(_fields(session, own))
    for child, owner in CHILDREN.get(table, ()):
        rows = _rows_of(session, child, owner, row_id, table)
        found += _fields(
            session, _query().where(col(Change.table_name) == child, col(Change.row_id).in_(rows))
        )
    return tuple(sorted(found, key=lambda one: one.change_id, reverse=True))


def state_after(session: Session, change_id: int) -> RecordState:
    """The record as it stood after a change, so that an older state can be read."""
    change = session.get_one(Change, change_id)
    row = json.loads(change.after) if change.after else {}
    shown = _texts(change.table_name, row)
    labels = FIELDS.get(change.table_name, {})
    return RecordState(
        _record(change.table_name, row), tuple((labels[key], text) for key, text in shown.items() if text)
    )


def _query() -> Select[Any]:
    return select(Change, Action.title, Action.by_name, Action.at).join(
        Action, col(Change.action_id) == Action.id
    )


def _rows_of(session: Session, table: str, owner: str, row_id: int, subject: str) -> list[int]:
    """The rows of a table that ever belonged to a record, those removed since and moved to it included."""
    query = select(Change.row_id, Change.after).where(col(Change.table_name) == table)
    mark = f'"{owner}":{row_id}'
    near = session.execute(query.where(col(Change.after).contains(mark, autoescape=True)))
    return sorted({row for row, after in near if _belongs(json.loads(after), subject, owner, row_id)})


def _belongs(row: Mapping[str, Any], subject: str, owner: str, row_id: int) -> bool:
    """Whether a row names the record, and in a table that serves several also the record's own table."""
    return bool(row[owner] == row_id and row.get("subject_table", subject) == subject)


def _fields(session: Session, query: Select[Any]) -> Iterator[FieldChange]:
    for change, title, by_name, at in session.execute(query):
        before, after = (json.loads(text) if text else {} for text in (change.before, change.after))
        when = datetime.fromisoformat(at).astimezone().replace(tzinfo=None)
        record = _record(change.table_name, after or before)
        old, new = _texts(change.table_name, before), _texts(change.table_name, after)
        for key, label in FIELDS.get(change.table_name, {}).items():
            if old[key] != new[key]:
                yield FieldChange(
                    change.id, change.action_id, title, by_name, when, record, label, old[key], new[key]
                )


def _record(table: str, row: Mapping[str, Any]) -> str:
    """What a row is called: its kind and what tells it from others."""
    name = SETTINGS.get(row.get("key", "")) or next(
        (_text(key, row[key]) for key in NAMES if row.get(key)), ""
    )
    return f"{TABLES.get(table, table)}{f'“{name}”' if name else ''}"


def _texts(table: str, row: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a row that are shown, each as a person reads it."""
    texts = {key: _text(key, row.get(key)) for key in FIELDS.get(table, {})}
    if row.get("title") in Titles.load():
        texts["title"] = Titles.load().name(row["title"], Level(row["level"]), row.get("title_type"))
    if row.get("key") == "calendar":
        texts["value"] = "；".join(f"{one['year']} 年（{one['source']}）" for one in json.loads(row["value"]))
    if row.get("key") == "division":
        texts["value"] = Division(row["value"]).name
    if row.get("key") == "pack":
        texts["value"] = f"校验值 {row['value'][:12]}…"
    return texts


def _text(key: str, value: Any) -> str:
    """A stored value as a person reads it."""
    if value is None or value == "":
        return ""
    return _WORDS.get(key, str)(value)


def _yes_no(value: Any) -> str:
    return "是" if value else "否"


def _day(value: str) -> str:
    return format_date(date.fromisoformat(value))


def _lines(value: str) -> str:
    return "；".join(map(str, json.loads(value)))


def _state(value: str) -> str:
    return RoundState(value).label if value in list(RoundState) else AwardState(value).label


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "division": lambda code: Division(code).name,
    "verdict": lambda value: Verdict(value).label,
    **dict.fromkeys(("state", "from_state", "to_state"), _state),
    "event": lambda value: Event(value).label,
    "roles": lambda value: "、".join(Role(one).label for one in json.loads(value)),
    "kind": lambda value: EntryKind(value).label if value in list(EntryKind) else value,
    **dict.fromkeys(_AMOUNTS, lambda fen: f"{Money(fen)} 元"),
    "award": lambda value: "给予奖励" if value else "不予奖励",
    "payer": lambda value: {"beneficiary": "受益财政", "municipal": "市级财政"}.get(value, value),
    "reasons": _lines,
    "warnings": _lines,
    **dict.fromkeys(_DATES, _day),
    **dict.fromkeys(_MARKS, _yes_no),
}
