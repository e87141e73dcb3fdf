"""Kills, two programs, upgrades, clocks, older copies, the net: the promises hold, and each control fails as it must."""

import pytest

from tests.drills.__main__ import row
from tests.drills.plan import DRILLS

NUMBERS = "1,6,13,18,22,C31"
pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("number", ["1", "6", "13"])
def test_whoever_is_killed_or_races_leaves_the_book_whole(held, number):
    held(number)


def test_the_history_never_runs_backwards_whatever_the_clock_says(held):
    held("18")


def test_no_older_copy_is_written_to_before_it_is_accepted(held):
    held("22")


def test_the_whole_job_is_done_without_a_socket(held):
    held("C31")


def test_every_drill_has_a_number_of_its_own():
    assert len({drill.number for drill in DRILLS}) == len(DRILLS) > 15


def test_a_row_shows_what_went_wrong_and_keeps_to_its_cells():
    told = {"scale": "a|b", "result": "不符 1", "control": "c\nd", "problems": ["x"], "skipped": "", "seconds": 1.4}
    assert row(DRILLS[0], told) == "| 1 | 办理中途 kill -9 | a¦b | 未通过：不符 1 | c d | 1 |"
