"""Many rows at once through Core, as fast as the driver goes; the triggers keep their history all the same."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session, SQLModel


def reserve_ids(session: Session, table: type[SQLModel]) -> int:
    """The first of the ids that rows added in this action may take; none was ever used before."""
    name = str(table.__tablename__)
    last = session.connection().execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": name})
    return int(last.scalar() or 0) + 1


def insert_rows(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add `rows`, each a mapping with the same keys."""
    if rows:
        session.connection().execute(insert(table), rows)
