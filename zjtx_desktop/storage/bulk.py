"""Many rows at once, as fast as the driver goes; the triggers keep their history all the same."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import text
from sqlmodel import Session, SQLModel, col, select

PORTION = 500  # rows, or values in one IN (…), to a statement
T = TypeVar("T")
_JSON = json.JSONEncoder(ensure_ascii=False, default=date.isoformat)


def reserve_ids(session: Session, table: type[SQLModel]) -> int:
    """The first of the ids that rows added in this action may take; none was ever used before."""
    name = str(table.__tablename__)
    last = session.connection().execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": name})
    return int(last.scalar() or 0) + 1


def insert_rows(session: Session, table: type[SQLModel], rows: Iterable[Mapping[str, Any]]) -> None:
    """Add `rows`, each a mapping with the same two or more keys; texts, whole numbers, days and nothing, no bytes.

    They go to the driver as JSON, a portion at a time: binding value by value takes it twice as long.
    """
    for some in portions(rows):
        take = itemgetter(*some[0])
        columns = ", ".join(f'"{name}"' for name in some[0])
        values = ", ".join(f"value ->> {place}" for place in range(len(some[0])))
        insert = f"INSERT INTO {table.__tablename__} ({columns}) SELECT {values} FROM json_each(?)"
        session.connection().exec_driver_sql(insert, (_JSON.encode(list(map(take, some))),))


def look_up(session: Session, wanted: Any, column: Any, values: Iterable[Any]) -> Iterator[Any]:
    """The values of the column `wanted` in every row whose `column` has one of `values`."""
    for some in portions(values):
        yield from session.exec(select(wanted).where(col(column).in_(some))).all()


def rows_by(session: Session, table: Any, column: str, values: Iterable[Any]) -> Iterator[Any]:
    """Every row whose `column` has one of `values`, by its id within each portion."""
    for some in portions(values):
        yield from session.exec(select(table).where(getattr(table, column).in_(some)).order_by(table.id)).all()


def portions(values: Iterable[T]) -> Iterator[list[T]]:
    """`values` in lists of as many as go into one statement."""
    rest = iter(values)
    while some := list(islice(rest, PORTION)):
        yield some
