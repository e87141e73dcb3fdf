"""Rows of a list: held in memory when they are few, read in windows by id when they are many."""

from array import array
from collections.abc import Callable, Sequence
from typing import Any, Protocol

_PAGE = 200  # rows read at once: a screen and a half each way
_PAGES = 50  # kept, the least recently shown dropped first


class Rows(Protocol):
    """What a TableModel shows: rows by place, each with an id."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int) -> Any: ...

    def id_at(self, place: int) -> int:
        """The id of the row at a place."""
        ...

    def place_of(self, id: int) -> int | None:
        """Where the row with this id stands, or None."""
        ...


class HeldRows:
    """Rows in memory; `id_of` tells the id of a row, by default its place."""

    def __init__(self, rows: Sequence[Any], id_of: Callable[[Any], int] | None = None) -> None:
        self._rows, self._id_of = rows, id_of

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int) -> Any:
        return self._rows[place]

    def id_at(self, place: int) -> int:
        return self._id_of(self._rows[place]) if self._id_of else place

    def place_of(self, id: int) -> int | None:
        return next((place for place in range(len(self._rows)) if self.id_at(place) == id), None)


class WindowRows:
    """Rows known by their ids; `read(ids)` gives those that are looked at, in that order, None for one that
    is gone.

    `read` is called while painting: it must answer a page of 200 in a few milliseconds.
    """

    def __init__(self, ids: Sequence[int], read: Callable[[Sequence[int]], Sequence[Any]]) -> None:
        self._ids = ids if isinstance(ids, array) else array("q", ids)
        self._read = read
        self._pages: dict[int, Sequence[Any]] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, place: int) -> Any:
        number, offset = divmod(place, _PAGE)
        page = self._pages.pop(number, None)
        if page is None:
            page = self._read(self._ids[number * _PAGE : (number + 1) * _PAGE])
            if len(self._pages) >= _PAGES:
                del self._pages[next(iter(self._pages))]
        self._pages[number] = page  # now the most recently used
        return page[offset]

    def id_at(self, place: int) -> int:
        return self._ids[place]

    def place_of(self, id: int) -> int | None:
        try:
            return self._ids.index(id)
        except ValueError:
            return None
