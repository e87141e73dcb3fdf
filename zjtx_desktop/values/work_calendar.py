"""Working days: weekends, the statutory days off and the make-up days as published each year."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from zjtx_desktop.errors import BadValue
from zjtx_desktop.paths import RESOURCES

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked in the years that are recorded; another year is BadValue, never a guess."""

    years: frozenset[int]
    days_off: frozenset[date]
    made_up: frozenset[date]

    @classmethod
    def load(cls, path: Path = RESOURCES / "holidays.toml") -> "WorkCalendar":
        """Read the recorded arrangements: per year the ranges of days off and the weekend days worked."""
        with path.open("rb") as file:
            years = tomllib.load(file)["year"]
        ranges = [off for entry in years for off in entry["off"]]
        return cls(
            frozenset(entry["year"] for entry in years),
            frozenset(day for off in ranges for day in _days(off["from"], off["to"])),
            frozenset(day for entry in years for day in entry["work"]),
        )

    def with_year(
        self, year: int, off: Iterable[tuple[date, date]], work: Iterable[date]
    ) -> "WorkCalendar":
        """The calendar with this arrangement, in the place of one that was recorded for the year."""
        kept_off = {day for day in self.days_off if day.year != year}
        kept_work = {day for day in self.made_up if day.year != year}
        return WorkCalendar(
            self.years | {year},
            frozenset(kept_off.union(*(_days(*span) for span in off))),
            frozenset(kept_work.union(work)),
        )

    def is_workday(self, day: date) -> bool:
        """Whether offices work on this day."""
        if day.year not in self.years:
            raise BadValue(
                f"还没有登记 {day.year} 年的节假日安排，不能推算工作日。请先按国务院办公厅的通知登记“节假日安排”。"
            )
        if day in self.made_up:
            return True
        return day.weekday() < _SATURDAY and day not in self.days_off

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; the day itself is not counted."""
        if count < 0:
            raise ValueError("count must not be negative")
        while count:
            day += _ONE_DAY
            count -= self.is_workday(day)
        return day

    def workdays_between(self, after: date, until: date) -> int:
        """How many working days lie after `after` up to and including `until`; none when it is earlier."""
        return sum(map(self.is_workday, _days(after + _ONE_DAY, until)))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]
