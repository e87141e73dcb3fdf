"""The working days of the office: the arrangements that come with the program, and those staff have recorded."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, select

from zjtx_desktop.errors import BadValue
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.judging import canonical
from zjtx_desktop.usecases.overview import CALENDAR
from zjtx_desktop.values import WorkCalendar, parse_date

_SATURDAY = 5
_LONGEST = timedelta(days=15)  # no holiday was ever arranged longer
_BETWEEN = re.compile(r"\s*(?:至|到|—+|~|～)\s*")
_LIST = re.compile(r"[、，,；;\s]+")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The days off of a year (first and last of each) and the weekend days worked, as published."""

    year: int
    source: str
    off: tuple[tuple[date, date], ...]
    work: tuple[date, ...]

    @classmethod
    def parse(cls, year: int, source: str, off: str, work: str) -> "Arrangement":
        """Read what was typed: a holiday a line, `2027-01-01 至 2027-01-03`, and the days worked in a row.

        BadValue names what cannot be right: a span the wrong way round or longer than a fortnight, a day of
        another year, a make-up day that is none.
        """
        spans = tuple(_span(line) for line in off.splitlines() if line.strip())
        days = tuple(parse_date(word) for word in _LIST.split(work.strip()) if word)
        if not source.strip():
            raise BadValue("没有写明通知的文号。请填写国务院办公厅通知的文号。")
        if not spans:
            raise BadValue("没有填写放假的日期。请每行填写一段，如 2027-01-01 至 2027-01-03。")
        for day in (*(end for span in spans for end in span), *days):
            if abs(day.year - year) > 1 or (day.year != year and day.month not in (1, 12)):
                raise BadValue(f"{day} 不在 {year} 年，请核对日期。")
        for day in days:
            if day.weekday() < _SATURDAY:
                raise BadValue(f"{day} 不是周末，不用调休上班。请核对日期。")
            if any(first <= day <= last for first, last in spans):
                raise BadValue(f"{day} 既放假又上班，请核对日期。")
        return cls(year, source.strip(), spans, days)


def work_calendar(session: Session) -> WorkCalendar:
    """The calendar of this book: what staff recorded for a year stands in the place of what came along."""
    calendar = WorkCalendar.load()
    for one in arrangements(session):
        calendar = calendar.with_year(one.year, one.off, one.work)
    return calendar


def arrangements(session: Session) -> tuple[Arrangement, ...]:
    """The years that staff have recorded in this book."""
    kept = session.exec(select(tables.Setting.value).where(tables.Setting.key == CALENDAR)).first()
    return tuple(_read(json.loads(kept))) if kept else ()


def known_years(session: Session) -> tuple[Arrangement, ...]:
    """Every year that is known, from the program or recorded here, the earliest first."""
    with (RESOURCES / "holidays.toml").open("rb") as file:
        shipped = tomllib.load(file)["year"]
    years = {one["year"]: _shipped(one) for one in shipped} | {one.year: one for one in arrangements(session)}
    return tuple(years[year] for year in sorted(years))


@guarded
def record_year(session: Session, arrangement: Arrangement) -> None:
    """Record the arrangement of a year, in the place of an earlier one."""
    kept = {one.year: one for one in arrangements(session)} | {arrangement.year: arrangement}
    row = session.exec(select(tables.Setting).where(tables.Setting.key == CALENDAR)).first()
    row = row or tables.Setting(key=CALENDAR, value="")
    row.value = canonical(
        [
            {"year": one.year, "source": one.source, "off": one.off, "work": one.work}
            for one in sorted(kept.values(), key=lambda one: one.year)
        ]
    )
    session.add(row)


def _span(line: str) -> tuple[date, date]:
    ends = [parse_date(part) for part in _BETWEEN.split(line.strip())]
    if len(ends) > 2:
        raise BadValue(f"“{line.strip()}”看不懂，请按 2027-01-01 至 2027-01-03 的样式填写。")
    first, last = ends[0], ends[-1]
    if not first <= last <= first + _LONGEST:
        raise BadValue(f"“{line.strip()}”的起止日期不对，请核对。")
    return first, last


def _shipped(one: Mapping[str, Any]) -> Arrangement:
    return Arrangement(one["year"], one["source"], tuple((off["from"], off["to"]) for off in one["off"]), tuple(one["work"]))


def _read(kept: list[dict[str, object]]) -> Iterator[Arrangement]:
    for one in kept:
        off = tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in one["off"])
        yield Arrangement(one["year"], one["source"], off, tuple(map(date.fromisoformat, one["work"])))
