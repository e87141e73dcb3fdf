"""Long lists read in windows: first the ids in order, then the few rows that are on screen.

A list of a million rows is an array of ids and some pages of lines; nothing loads a whole table to show a page.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, FromClause, Select, func, or_, select
from sqlmodel import Session

Line = TypeVar("Line")
EMPTY = ""  # stands for "no value" in filters


@dataclass(frozen=True, slots=True)
class Query:
    """What a list shows: a part of a name or code, allowed values per column, and the order."""

    text: str = ""
    filters: tuple[tuple[str, frozenset[str]], ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()  # column key and whether descending


class Listing(Generic[Line]):
    """One kind of list: where its rows come from, which columns sort and filter, how text is searched for,
    and how a line is made from the id and the columns."""

    def __init__(
        self,
        source: FromClause,
        row_id: ColumnElement[int],
        columns: Mapping[str, ColumnElement[Any]],
        search: Callable[[str], Sequence[ColumnElement[bool]]],
        line: Callable[..., Line],
    ) -> None:
        self._source, self._id, self._columns, self._search, self._line = source, row_id, columns, search, line

    def ids(self, session: Session, query: Query = Query()) -> "array[int]":
        """The ids of every row that the query lets through, in its order."""
        order = [self._columns[key].desc() if down else self._columns[key].asc() for key, down in query.sort]
        return array("q", session.scalars(self._narrowed(select(self._id), query).order_by(*order, self._id)))

    def count(self, session: Session, query: Query = Query()) -> int:
        """How many rows the query lets through."""
        return session.scalar(self._narrowed(select(func.count(self._id)), query)) or 0

    def lines(self, session: Session, ids: Iterable[int]) -> tuple[Line, ...]:
        """The lines of these rows in the order of the ids; one that is gone is left out."""
        wanted = list(ids)
        query = select(self._id, *self._columns.values()).select_from(self._source).where(self._id.in_(wanted))
        found = {row[0]: self._line(*row) for row in session.execute(query)}
        return tuple(found[row_id] for row_id in wanted if row_id in found)

    def values(self, session: Session, key: str) -> tuple[tuple[str, int], ...]:
        """The values that stand in a column with how often each does, for its filter."""
        column = func.coalesce(self._columns[key], EMPTY)
        query = select(column, func.count()).select_from(self._source).group_by(column).order_by(column)
        return tuple((str(value), count) for value, count in session.execute(query))

    def _narrowed(self, query: Select[Any], wanted: Query) -> Select[Any]:
        query = query.select_from(self._source)
        if text := wanted.text.strip():
            query = query.where(or_(*self._search(text)))
        for key, allowed in wanted.filters:
            query = query.where(func.coalesce(self._columns[key], EMPTY).in_(sorted(allowed)))
        return query
