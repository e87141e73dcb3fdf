"""The rows of a list for paper: read by id in portions, with the sums of what is listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ui.jobs import Tick
from ui.models.column import RIGHT, Column, Kind
from ui.models.source import Source, Totals
from zjtx_desktop.usecases.list_prints import ListPrint, PrintColumn, refuse_too_many
from zjtx_desktop.values import Money

_PORTION = 500  # rows read at once
_BROKEN = frozenset((Kind.TEXT, Kind.STATE))  # what may stand on several lines


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows at a moment: its title, visible columns, rows in order, and by what it was narrowed."""

    title: str
    columns: tuple[Column, ...]
    ids: tuple[int, ...]
    source: Source
    unit: str
    narrowed: str = ""

    @property
    def words(self) -> str:
        """What to call it, with how many rows it has."""
        return f"{self.title}（{len(self.ids):,} {self.unit}）"


def for_paper(listed: Listed, office: str, today: date, uncounted: str, tick: Tick) -> ListPrint:
    """Read what is listed; call it on the worker. `uncounted` says what the sums leave out, where they do."""
    refuse_too_many(len(listed.ids))
    rows: list[Any] = []
    for start in range(0, len(listed.ids), _PORTION):
        tick(start, len(listed.ids))
        rows += filter(None, listed.source.rows(listed.ids[start : start + _PORTION]))
    totals = listed.source.sums(rows)
    narrowed = f"只列出{listed.narrowed}。" if listed.narrowed else ""
    short = uncounted if _leaves_out(listed.columns, rows, totals) else ""
    return ListPrint(
        listed.title,
        tuple(PrintColumn(one.title, one.kind in RIGHT, one.kind not in _BROKEN) for one in listed.columns),
        [[" ".join(column.text(row).splitlines()) for column in listed.columns] for row in rows],
        office,
        today,
        tuple(_sum(column, totals) for column in listed.columns),
        (f"共 {len(rows):,} {listed.unit}。{narrowed}{short}",),
    )


def _sum(column: Column, totals: Totals) -> str:
    """What stands under a column; sums are named as it is, without the unit in brackets."""
    amount = dict(totals.sums).get(column.title.split("（")[0]) if column.kind is Kind.MONEY else None
    return "" if amount is None else str(amount)


def _leaves_out(columns: Sequence[Column], rows: Sequence[Any], totals: Totals) -> bool:
    """Whether some of the rows are not in the sums."""
    plain = [column for column in columns if _sum(column, totals)]
    return any(
        str(Money.total(filter(None, map(column.value, rows)))) != _sum(column, totals) for column in plain
    )
