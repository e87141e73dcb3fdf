"""Long lists read in windows: first the ids in order, then the few rows that are on screen.

A list of a million rows is an array of ids and some pages of lines; nothing loads a whole table to show a page.
"""

import json
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, FromClause, Integer, Select, func, or_, select
from sqlmodel import Session

Line = TypeVar("Line")
EMPTY = ""  # stands for "no value" in filters
MANY = 5_000  # rows: sorting fewer takes a few milliseconds, walking an index past the others not much longer


@dataclass(frozen=True, slots=True)
class Query:
    """What a list shows: a part of a name or code, allowed values per column, and the order."""

    text: str = ""
    filters: tuple[tuple[str, frozenset[str]], ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()  # column key and whether descending

    @property
    def keys(self) -> frozenset[str]:
        """The columns that filter or order."""
        return frozenset(key for key, _ in (*self.filters, *self.sort))


class Listing(Generic[Line]):
    """One kind of list: its rows, which columns sort and filter, how text is searched for, and how a line is
    made from the id and the columns.

    `source` has all columns. Where it is a join, `narrow` is the part that holds the ids alone, and `wide` are
    the columns that it lacks: a question about others then reads one index and no join. `from_wide` is the join
    written so that SQLite has to begin where the wide columns are: a list ordered by one of them then follows its
    index and stops after a screen, where SQLite by itself joins and sorts every row.
    """

    def __init__(
        self,
        source: FromClause,
        row_id: ColumnElement[int],
        columns: Mapping[str, ColumnElement[Any]],
        search: Callable[[str], Sequence[ColumnElement[bool]]],
        line: Callable[..., Line],
        narrow: FromClause | None = None,
        wide: frozenset[str] = frozenset(),
        from_wide: FromClause | None = None,
    ) -> None:
        self._source, self._id, self._columns, self._search, self._line = (
            source,
            row_id,
            columns,
            search,
            line,
        )
        self._narrow, self._wide = source if narrow is None else narrow, wide
        self._from_wide = source if from_wide is None else from_wide

    def ids(self, session: Session, query: Query = Query()) -> "array[int]":
        """The ids of every row that the query lets through, in its order."""
        found = self._ordered(query).subquery()
        # One JSON text instead of a row each: a third of the time, and the other thread is not disturbed a million times.
        return array("q", json.loads(session.scalar(select(func.json_group_array(found.c[0]))) or "[]"))

    def first(self, session: Session, limit: int, query: Query = Query()) -> "array[int]":
        """The ids of the first rows only, as a screen shows them: at once, however long the list is."""
        in_order = bool(query.sort and query.filters) and self._are_many(session, query)
        return array("q", session.scalars(self._ordered(query, in_order).limit(limit)))

    def count(self, session: Session, query: Query = Query()) -> int:
        """How many rows the query lets through."""
        keys = frozenset(key for key, _ in query.filters)
        return session.scalar(self._narrowed(select(func.count()), query, self._from(keys))) or 0

    def lines(self, session: Session, ids: Iterable[int]) -> tuple[Line, ...]:
        """The lines of these rows in the order of the ids; one that is gone is left out."""
        wanted = list(ids)
        query = (
            select(self._id, *self._columns.values()).select_from(self._source).where(self._id.in_(wanted))
        )
        found = {row[0]: self._line(*row) for row in session.execute(query)}
        return tuple(found[row_id] for row_id in wanted if row_id in found)

    def values(self, session: Session, key: str) -> tuple[tuple[str, int], ...]:
        """The values that stand in a column with how often each does, for its filter."""
        column = self._columns[key]
        query = (
            select(column, func.count())
            .select_from(self._from(frozenset((key,))))
            .group_by(column)
            .order_by(column)
        )
        counted: dict[str, int] = {}
        for value, count in session.execute(query):  # no value and an empty one are the same to a person
            text = EMPTY if value is None else str(value)
            counted[text] = counted.get(text, 0) + count
        return tuple(counted.items())

    def _are_many(self, session: Session, query: Query) -> bool:
        """Whether so many rows pass the filters that walking the order's index soon meets enough of them."""
        keys = frozenset(key for key, _ in query.filters)
        some = self._narrowed(select(self._id), query, self._from(keys)).limit(MANY).subquery()
        return session.scalar(select(func.count()).select_from(some)) == MANY

    def _ordered(self, query: Query, in_order: bool = False) -> Select[Any]:
        """The ids in order; `in_order` makes SQLite walk the index of the order instead of sorting what a filter leaves."""
        order = [self._columns[key].desc() if down else self._columns[key].asc() for key, down in query.sort]
        last = self._id.desc() if query.sort and query.sort[-1][1] else self._id.asc()  # as the index runs
        everything = not query.filters and not query.text.strip()
        walks = (in_order or everything) and bool(query.sort) and query.sort[0][0] in self._wide
        source = self._from_wide if walks else self._from(query.keys)
        return self._narrowed(select(self._id), query, source, not in_order).order_by(*order, last)

    def _from(self, keys: frozenset[str]) -> FromClause:
        return self._source if keys & self._wide else self._narrow

    def _narrowed(
        self, query: Select[Any], wanted: Query, source: FromClause, by_index: bool = True
    ) -> Select[Any]:
        query = query.select_from(source)
        if text := wanted.text.strip():
            query = query.where(or_(*self._search(text)))
        for key, allowed in wanted.filters:
            query = query.where(_allows(self._columns[key], allowed, by_index))
        return query


def _allows(column: ColumnElement[Any], allowed: frozenset[str], by_index: bool) -> ColumnElement[bool]:
    """Whether a column holds one of the values, written so that its index is used, or cannot be."""
    number = isinstance(column.type, Integer)
    column = column if by_index else func.nullif(column, None, type_=column.type)
    meant = column.in_(
        [int(value) if number else value for value in sorted(allowed) if value != EMPTY or not number]
    )
    return or_(column.is_(None), meant) if EMPTY in allowed else meant
