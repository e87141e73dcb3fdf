"""Where a list gets its rows: found on the worker, read in windows on the UI thread."""

from array import array
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ui.jobs import Tick
from ui.models.column import Column, Kind, Sort
from ui.models.table import sorted_rows
from zjtx_desktop.values import Money, initials, initials_sought


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is to show: a search text, for each filtered column the values allowed, and an order."""

    search: str = ""
    filters: tuple[tuple[str, frozenset[Hashable]], ...] = ()
    sort: Sort = ()

    @property
    def is_everything(self) -> bool:
        """Whether nothing is searched or filtered."""
        return not self.search and not self.filters


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a column can be filtered by; `count` is how many rows have it, where that is known."""

    value: Hashable
    text: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many rows, and sums of amounts by name."""

    count: int
    sums: tuple[tuple[str, Money], ...] = ()


class Source(Protocol):
    """Rows of one list. All but `rows` are called on the worker and may take their time; `rows` on both
    threads.
    """

    def first(self, wanted: Wanted, tick: Tick) -> Sequence[int]:
        """The ids of the first screen, at once, where finding all takes long; none where it does not."""
        ...

    def ids(self, wanted: Wanted, tick: Tick) -> Sequence[int]:
        """The ids of what is wanted, in order; best an array('q')."""
        ...

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """These rows, in this order, None for one that is gone. Fast: it is called while painting."""
        ...

    def totals(self, wanted: Wanted, tick: Tick) -> Totals:
        """Count and sums of what is wanted, whatever its order."""
        ...

    def sums(self, rows: Iterable[Any]) -> Totals:
        """Count and sums of these rows, for the selection."""
        ...

    def choices(self, tick: Tick) -> Mapping[str, Sequence[Choice]]:
        """For each column that can be filtered, its values."""
        ...


class HeldSource:
    """A Source over rows in memory, for lists of up to a few thousand.

    `read` gives all rows anew. The search looks into every text and code column, and for letters also at the
    pinyin initials of texts; every sum is of a money column that is not empty.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        read: Callable[[], Sequence[Any]],
        id_of: Callable[[Any], int],
        filters: Sequence[str] = (),
    ) -> None:
        self._columns, self._read, self._id_of, self._filters = tuple(columns), read, id_of, tuple(filters)
        self._by_key = {column.key: column for column in columns}
        self._rows: dict[int, Any] = {}

    def first(self, wanted: Wanted, tick: Tick) -> Sequence[int]:
        """Not needed: everything is in memory."""
        return ()

    def ids(self, wanted: Wanted, tick: Tick) -> Sequence[int]:
        """Read anew, then filter and sort."""
        self._rows = {self._id_of(row): row for row in self._read()}
        found = sorted_rows(self._matching(wanted), self._columns, wanted.sort)
        return array("q", map(self._id_of, found))

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """From memory."""
        return [self._rows.get(id) for id in ids]

    def totals(self, wanted: Wanted, tick: Tick) -> Totals:
        """Of what `ids` read last."""
        return self.sums(self._matching(wanted))

    def sums(self, rows: Iterable[Any]) -> Totals:
        """Every money column summed in which any of the rows has an amount."""
        kept = [row for row in rows if row is not None]
        money = [column for column in self._columns if column.kind is Kind.MONEY]
        sums = []
        for column in money:
            amounts = [amount for row in kept if (amount := column.value(row)) is not None]
            if amounts:
                sums.append((_bare(column.title), Money.total(amounts)))
        return Totals(len(kept), tuple(sums))

    def choices(self, tick: Tick) -> Mapping[str, Sequence[Choice]]:
        """The texts that occur in the columns named as filters."""
        return {
            key: _choices(self._by_key[key], list(self._rows.values() or self._read()))
            for key in self._filters
        }

    def _matching(self, wanted: Wanted) -> list[Any]:
        tests = [(self._by_key[key], allowed) for key, allowed in wanted.filters]
        words = wanted.search.casefold().split()
        searched = [column for column in self._columns if column.kind in (Kind.TEXT, Kind.CODE)]

        def has(row: Any) -> bool:
            texts = [column.text(row) for column in searched]
            whole = "\n".join(texts).casefold()
            missing = [word for word in words if word not in whole]
            return not missing or _are_spelt(missing, texts)

        def fits(row: Any) -> bool:
            return (not words or has(row)) and all(column.text(row) in allowed for column, allowed in tests)

        return [row for row in self._rows.values() if fits(row)]


def _are_spelt(words: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether all words are pinyin initials of what stands in one of the texts."""
    sought = [initials_sought(word) for word in words]
    if not all(sought):
        return False
    spelt = initials(*(text for text in texts if not text.isascii()))
    return all(word in spelt for word in sought)


def _bare(title: str) -> str:
    """A title without the unit in brackets."""
    return title.split("（")[0]


def _choices(column: Column, rows: Sequence[Any]) -> list[Choice]:
    counted: dict[str, int] = {}
    for row in rows:
        text = column.text(row)
        counted[text] = counted.get(text, 0) + 1
    return [Choice(text, text or "（空）", number) for text, number in sorted(counted.items())]
