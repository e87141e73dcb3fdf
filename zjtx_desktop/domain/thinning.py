"""Which backups have done their duty: many of late, fewer the older they are, one a year for ever.

Counted from the newest backup and by days that have one, never from the clock of the computer: a clock that is years
ahead for a day would otherwise throw all of them away.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

T = TypeVar("T")
ALL_FOR = timedelta(days=2)
# Of each day, week or month the last one, for so many days, weeks, months that have any; of each year for ever.
_LAST_OF: tuple[tuple[Callable[[datetime], object], int | None], ...] = (
    (lambda at: at.date(), 12),
    (lambda at: at.isocalendar()[:2], 10),
    (lambda at: (at.year, at.month), 12),
    (lambda at: at.year, None),
)


def superfluous(made: Mapping[T, datetime], kept: Collection[T] = ()) -> frozenset[T]:
    """Those of these backups that can go; never the newest, never one of `kept`."""
    if not made:
        return frozenset()
    latest_first = sorted(made, key=lambda one: made[one], reverse=True)
    newest = made[latest_first[0]]
    stay = {one for one in latest_first if one in kept or newest - made[one] <= ALL_FOR}
    for period, most in _LAST_OF:
        last: dict[object, T] = {}
        for one in latest_first:
            last.setdefault(period(made[one]), one)
        stay.update(list(last.values())[:most])
    return frozenset(made) - stay
