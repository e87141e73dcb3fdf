"""Working days over the holidays as published by 国务院办公厅."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import WorkCalendar

CALENDAR = WorkCalendar.load()
DAYS = st.dates(min_value=date(2023, 1, 1), max_value=date(2026, 9, 1))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2024, 6, 3), date(2024, 6, 11)),  # 端午 on Monday 10 June
        (date(2024, 2, 7), date(2024, 2, 20)),  # 春节 2024, Sunday 18 February is worked
        (date(2023, 9, 27), date(2023, 10, 10)),  # 中秋国庆 2023, 7 and 8 October are worked
        (date(2024, 9, 27), date(2024, 10, 10)),  # 国庆 2024, Sunday 29 September is worked
        (date(2025, 1, 24), date(2025, 2, 7)),  # 春节 2025, Sunday 26 January is worked
        (date(2025, 9, 26), date(2025, 10, 10)),  # 国庆中秋 2025, Sunday 28 September is worked
        (date(2026, 2, 13), date(2026, 2, 27)),  # 春节 2026, Saturday 14 February is worked
        (date(2026, 9, 30), date(2026, 10, 13)),  # 国庆 2026, Saturday 10 October is worked
    ],
)
def test_five_working_days_over_a_holiday(start, end):
    assert CALENDAR.add_workdays(start, 5) == end
    assert CALENDAR.workdays_between(start, end) == 5


@pytest.mark.parametrize(
    ("year", "off", "made_up"), [(2023, 27, 7), (2024, 28, 8), (2025, 28, 5), (2026, 33, 6)]
)
def test_every_year_has_the_published_number_of_days_off_and_make_up_days(year, off, made_up):
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range(366) if (first + timedelta(days=n)).year == year]
    assert sum(day in CALENDAR.days_off for day in days) == off - (year == 2023)  # 2022-12-31 counts to 2023
    assert sum(day in CALENDAR.made_up for day in days) == made_up


def test_make_up_days_are_weekend_days_and_no_holiday_is_one():
    assert all(day.weekday() >= 5 for day in CALENDAR.made_up)
    assert not CALENDAR.made_up & CALENDAR.days_off


def test_an_unrecorded_year_is_named_and_never_guessed():
    with pytest.raises(BadValue, match=r"2027 年.*请"):
        CALENDAR.add_workdays(date(2026, 12, 30), 5)
    with pytest.raises(BadValue, match="2022"):
        CALENDAR.is_workday(date(2022, 6, 1))


def test_staff_can_add_a_year(tmp_path):
    more = tmp_path / "holidays.toml"
    text = "[[year]]\nyear = 2027\noff = [{ from = 2027-01-01, to = 2027-01-03 }]\nwork = []\n"
    more.write_text(text, encoding="utf-8")
    calendar = WorkCalendar.load(more)
    assert not calendar.is_workday(date(2027, 1, 1))
    assert calendar.add_workdays(date(2027, 1, 1), 1) == date(2027, 1, 4)


@given(DAYS, st.integers(min_value=0, max_value=30))
def test_adding_and_counting_agree_and_end_on_a_working_day(day, count):
    end = CALENDAR.add_workdays(day, count)
    assert CALENDAR.workdays_between(day, end) == count
    assert end == day if count == 0 else CALENDAR.is_workday(end)


def test_nothing_lies_between_a_day_and_an_earlier_one():
    assert CALENDAR.workdays_between(date(2024, 6, 3), date(2024, 5, 1)) == 0
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_workdays(date(2024, 6, 3), -1)
