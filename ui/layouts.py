"""What a person said the columns of a list are, remembered by its headings and proposed for the next list that has the same.

It is kept with the settings of this computer and not in the book: it is a habit of a desk, decides nothing by itself, and
each list shows what was proposed before anything is read by it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ui.settings import Settings
from zjtx_desktop.usecases.list_file import Field, ListFile

MOST = 40  # layouts; the one that was not used for longest goes first
_NAME = "lists/layouts"

Headings = tuple[str, ...]


class Layouts:
    """The layouts that were told, the last used first. One is known by the set of its headings, whatever their order."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def proposed(self, file: ListFile) -> Mapping[int, tuple[str, Field | None]]:
        """For a list with known headings, each of its columns with its heading and what it was taken for; else nothing."""
        for labels in file.heading_rows():
            told = self._told(labels)
            if told is not None:
                return {number: (labels[number - 1], _field(told.get(key, ""))) for number, key in _keyed(labels)}
        return {}

    def remember(self, file: ListFile, columns: Mapping[str, int]) -> None:
        """Keep what a person said of the columns (field → column, 0 for none); nothing for a list without headings."""
        labels = file.headings(columns)
        meant = {number: field for field, number in columns.items() if number}
        if any(labels):
            one = {"headings": sorted(_set(labels)), "fields": {key: meant.get(number, "") for number, key in _keyed(labels)}}
            self._keep([one, *self._others(labels)])

    def forget(self, file: ListFile) -> None:
        """Propose nothing any more for lists with the headings of this one."""
        for labels in file.heading_rows():
            if self._told(labels) is not None:
                self._keep(self._others(labels))

    def _told(self, labels: Sequence[str]) -> Mapping[str, str] | None:
        wanted = sorted(_set(labels))
        return next((one["fields"] for one in self._all() if wanted and one["headings"] == wanted), None)

    def _others(self, labels: Sequence[str]) -> list[Any]:
        return [one for one in self._all() if one["headings"] != sorted(_set(labels))]

    def _keep(self, layouts: list[Any]) -> None:
        self._settings.set_data(_NAME, layouts[:MOST])

    def _all(self) -> list[Any]:
        """What is kept; what another program version left there and cannot be understood counts as nothing."""
        kept = self._settings.data(_NAME)
        return [one for one in kept if _is_layout(one)] if isinstance(kept, list) else []


def _is_layout(one: Any) -> bool:
    if not (isinstance(one, dict) and isinstance(one.get("headings"), list) and isinstance(one.get("fields"), dict)):
        return False
    return all(isinstance(text, str) for text in (*one["headings"], *one["fields"], *one["fields"].values()))


def _plain(label: str) -> str:
    return "".join(label.split())


def _set(labels: Iterable[str]) -> set[str]:
    return {plain for label in labels if (plain := _plain(label))}


def _keyed(labels: Sequence[str]) -> Iterable[tuple[int, str]]:
    """Each column with its heading; the second of two alike is told from the first."""
    seen: Counter[str] = Counter()
    for number, label in enumerate(labels, start=1):
        if plain := _plain(label):
            seen[plain] += 1
            yield number, plain if seen[plain] == 1 else f"{plain}#{seen[plain]}"


def _field(name: str) -> Field | None:
    return Field(name) if name in {field.value for field in Field} else None
