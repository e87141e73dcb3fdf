"""Many rows at once, as fast as the driver goes; the triggers keep their history all the same."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, SQLModel


def reserve_ids(session: Session, table: type[SQLModel]) -> int:
    """The first of the ids that rows added in this action may take; none was ever used before."""
    name = str(table.__tablename__)
    last = session.connection().execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": name})
    return int(last.scalar() or 0) + 1


def insert_rows(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add `rows`, each a mapping with the same keys.

    Straight to the driver: building a statement for each row costs as much as the driver's own work.
    """
    if not rows:
        return
    names = list(rows[0])
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    values = [tuple(_plain(row[name]) for name in names) for row in rows]
    session.connection().exec_driver_sql(f"INSERT INTO {table.__tablename__} ({columns}) VALUES ({marks})", values)


def _plain(value: Any) -> Any:
    """A value as SQLAlchemy would store it: a date as ISO text."""
    return value.isoformat() if isinstance(value, date) else value
