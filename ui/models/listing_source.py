"""Long lists of the book as a Source: ids by one query, pages of rows by id, values to filter by."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

from ui.jobs import Tick
from ui.models.source import Choice, Totals, Wanted
from ui.open_book import OpenBook
from zjtx_desktop.usecases.listing import Listing, Query

_SCREEN = 200  # rows: no screen shows more at once


class ListingSource:
    """A `Listing` of the use cases behind a list on screen. `texts` puts stored values of a filter into words."""

    def __init__(
        self,
        desk: OpenBook,
        listing: Listing[Any],
        filters: Sequence[str] = (),
        texts: Mapping[str, Callable[[str], str]] | None = None,
    ) -> None:
        self._desk, self._listing, self._filters, self._texts = desk, listing, tuple(filters), texts or {}
        self._choices: dict[str, Sequence[Choice]] = {}
        desk.changed.connect(self._forget)

    def first(self, wanted: Wanted, tick: Tick) -> Sequence[int]:
        """The first screen, read from the head of an index."""
        return self._desk.ask_now(lambda session: self._listing.first(session, _SCREEN, _query(wanted)))

    def ids(self, wanted: Wanted, tick: Tick) -> Sequence[int]:
        """One query over an index, in the order wanted."""
        return self._desk.ask_now(lambda session: self._listing.ids(session, _query(wanted)))

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """The rows of one page, None where one is gone."""
        found = self._desk.ask_now(lambda session: {line.id: line for line in self._listing.lines(session, ids)})
        return [found.get(row_id) for row_id in ids]

    def totals(self, wanted: Wanted, tick: Tick) -> Totals:
        """How many rows there are; these lists carry no amounts."""
        return Totals(self._desk.ask_now(lambda session: self._listing.count(session, _query(wanted))))

    def sums(self, rows: Iterable[Any]) -> Totals:
        """How many of these rows are still there."""
        return Totals(sum(row is not None for row in rows))

    def choices(self, tick: Tick) -> Mapping[str, Sequence[Choice]]:
        """The values that occur in each column to filter by; counted once until the book changes."""
        for key in self._filters:
            tick(len(self._choices), len(self._filters))
            if key not in self._choices:
                self._choices |= {key: self._values(key)}
        return dict(self._choices)

    def _forget(self) -> None:
        self._choices = {}

    def _values(self, key: str) -> list[Choice]:
        say: Callable[[str], str] = self._texts.get(key, str)
        found = self._desk.ask_now(lambda session: self._listing.values(session, key))
        return [Choice(value, say(value) if value else "（空）", count) for value, count in found]


def _query(wanted: Wanted) -> Query:
    filters: Iterable[tuple[str, frozenset[Hashable]]] = wanted.filters
    return Query(wanted.search, tuple((key, frozenset(map(str, allowed))) for key, allowed in filters), wanted.sort)
