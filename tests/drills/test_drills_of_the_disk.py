"""Power cuts, failing disks, turned bits: the promises hold, and each control fails as it must.

The full sizes are those of `python3 go.py drills`; what other tests hold already is not held again here.
"""

import pytest

from tests.drills.disks import Disk
from tests.drills.drill import Ground
from tests.drills.tracing import Step, What

NUMBERS = "2,2b,3,10,12,14"
pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("number", ["2", "2b", "3", "14"])
def test_what_was_told_outlives_power_cuts_and_failing_disks(held, number):
    held(number)


@pytest.mark.parametrize("number", ["10", "12"])
def test_damage_is_found_and_backups_are_whole(held, number):
    held(number)


def after(steps, ordered, tmp_path):
    """Every different disk that may be left after these steps, over a file `a` that held `old`."""
    disk = Disk({"a": b"old"}, ordered)
    for number, (what, path, at, data) in enumerate(steps):
        disk.do(Step(number, what, path, at, data))
    chance = Ground("ci", 1, tmp_path, tmp_path).chance()
    return {tuple(sorted(disk.after_a_cut(chance).items())) for _ in range(300)}


def test_a_write_without_a_flush_may_be_there_or_not(tmp_path):
    assert after([(What.WROTE, "a", 0, b"new")], True, tmp_path) == {(("a", b"old"),), (("a", b"new"),)}


def test_a_flushed_write_is_there(tmp_path):
    steps = [(What.WROTE, "a", 0, b"new"), (What.FLUSHED, "a", 0, b"")]
    assert after(steps, True, tmp_path) == after(steps, False, tmp_path) == {(("a", b"new"),)}


def test_a_long_write_may_be_torn_at_sectors(tmp_path):
    found = after([(What.WROTE, "a", 0, b"n" * 1024)], True, tmp_path)
    assert (("a", b"n" * 512),) in found and all(len(data) in (3, 512, 1024) for ((_, data),) in found)


RENAMED = [(What.MADE, "b", 0, b""), (What.WROTE, "b", 0, b"new"), (What.FLUSHED, "b", 0, b""), (What.RENAMED, "b", 0, b"a")]


def test_a_rename_lasts_once_anything_is_flushed_only_where_names_are_ordered(tmp_path):
    steps = [*RENAMED, (What.MADE, "c", 0, b""), (What.FLUSHED, "c", 0, b"")]
    assert {dict(one)["a"] for one in after(steps, True, tmp_path)} == {b"new"}
    assert {dict(one)["a"] for one in after(steps, False, tmp_path)} == {b"old", b"new"}


def test_a_rename_lasts_in_both_once_its_folder_is_flushed(tmp_path):
    steps = [*RENAMED, (What.FOLDER_FLUSHED, "", 0, b"")]
    assert after(steps, True, tmp_path) == after(steps, False, tmp_path) == {(("a", b"new"),)}
