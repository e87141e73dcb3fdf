"""Thinning of backups: what stays, whatever the times, and that it never takes the last good one."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.domain.thinning import ALL_FOR, superfluous

FIRST = datetime(2024, 1, 1)
moments = st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
many = st.lists(moments, min_size=1, max_size=120, unique=True).map(lambda times: dict(enumerate(times)))


def left(made, kept=()):
    gone = superfluous(made, kept)
    return {name: at for name, at in made.items() if name not in gone}


@given(many, st.sets(st.integers(0, 119)))
def test_the_newest_the_last_of_each_year_all_of_two_days_and_those_to_be_kept_stay(made, kept):
    rest = left(made, kept)
    newest = max(made.values())
    assert newest in rest.values()
    assert kept & made.keys() <= rest.keys()
    assert {name for name, at in made.items() if newest - at <= ALL_FOR} <= rest.keys()
    for year in {at.year for at in made.values()}:
        assert max(at for at in made.values() if at.year == year) in rest.values()


@given(many)
def test_each_of_the_last_days_weeks_and_months_with_a_backup_has_its_last_one(made):
    rest = set(left(made).values())
    for period, most in ((lambda at: at.date(), 12), (lambda at: at.isocalendar()[:2], 10), (lambda at: (at.year, at.month), 12)):
        for wanted in sorted({period(at) for at in made.values()}, reverse=True)[:most]:
            assert max(at for at in made.values() if period(at) == wanted) in rest


@given(many)
def test_what_stays_has_a_bound_and_thinning_again_takes_nothing(made):
    rest = left(made)
    old = [at for at in rest.values() if max(made.values()) - at > ALL_FOR]
    assert len(old) <= 12 + 10 + 12 + 5
    assert superfluous(rest) == frozenset()


@given(many)
def test_thinning_after_each_backup_leaves_what_thinning_once_would_leave(made):
    arrived = {}
    for name, at in sorted(made.items(), key=lambda one: one[1]):
        arrived = left(arrived | {name: at})
    assert arrived == left(made)


def test_five_years_of_a_backup_every_half_hour_come_down_to_a_few_dozen():
    made = {number: FIRST + timedelta(hours=9, days=day, minutes=30 * slot) for number, (day, slot) in enumerate((d, s) for d in range(5 * 365) for s in range(16))}
    rest = left(made)
    assert 60 <= len(rest) <= 90
    assert {at.year for at in rest.values()} == {2024, 2025, 2026, 2027, 2028}


def test_a_clock_that_was_ten_years_ahead_for_a_day_costs_no_backup():
    usual = {number: FIRST + timedelta(days=number) for number in range(11)}
    assert left(usual | {99: FIRST + timedelta(days=3650)}) == usual | {99: FIRST + timedelta(days=3650)}


def test_without_backups_nothing_goes():
    assert superfluous({}) == frozenset()
