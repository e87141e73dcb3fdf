"""The shape of a list as the person arranged it: order, widths, hidden columns and sort, kept by column
key.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QHeaderView

from ui.models.column import Column, Sort


def layout_of(
    header: QHeaderView, columns: tuple[Column, ...], widths: Mapping[int, int], sort: Sort
) -> dict[str, Any]:
    """The arrangement as plain data; keyed, so that a column added later does not disturb it.

    `widths` are those that were set, which may be less than what a column got of the room left over.
    """
    order = sorted(range(len(columns)), key=header.visualIndex)
    return {
        "order": [columns[n].key for n in order],
        "widths": {columns[n].key: widths[n] for n in order if not header.isSectionHidden(n)},
        "hidden": [columns[n].key for n in order if header.isSectionHidden(n)],
        "sort": [list(key) for key in sort],
    }


def default_layout(columns: tuple[Column, ...], letter: int) -> dict[str, Any]:
    """The arrangement the columns themselves ask for; `letter` is the width of one 汉字."""
    return {
        "order": [column.key for column in columns],
        "widths": {column.key: column.letters * letter + 16 for column in columns},
        "hidden": [column.key for column in columns if column.hidden],
        "sort": [],
    }


def arrange(header: QHeaderView, columns: tuple[Column, ...], layout: dict[str, Any]) -> None:
    """Put a header into an arrangement; columns it does not know keep their place, and one stays visible."""
    numbers = {column.key: number for number, column in enumerate(columns)}
    known = [key for key in layout.get("order", ()) if key in numbers]
    hidden = {key for key in layout.get("hidden", ()) if key in numbers}
    new = {column.key for column in columns if column.key not in known and column.hidden}
    if len(hidden | new) == len(columns):
        hidden = set()
    for place, key in enumerate(known):
        header.moveSection(header.visualIndex(numbers[key]), place)
    for key, number in numbers.items():
        header.setSectionHidden(number, key in hidden | new)
        width = layout.get("widths", {}).get(key)
        if isinstance(width, int) and width > 0:
            header.resizeSection(number, width)


def sort_in(layout: dict[str, Any]) -> Sort:
    """The sort of an arrangement."""
    return tuple((str(key), bool(descending)) for key, descending in layout.get("sort", ()))
