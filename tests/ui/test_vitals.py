"""How the book stands: large books are checked by themselves once a week."""

from datetime import datetime, timedelta

import pytest
import round_kit as kit

from ui import vitals as module
from ui.open_book import OpenBook
from ui.places import Places
from ui.vitals import Vitals


@pytest.fixture
def places(settings):
    return Places(settings)


@pytest.fixture
def vitals(tmp_path, jobs, places, monkeypatch):
    """Of a book that counts as large."""
    monkeypatch.setattr(module, "_CHECKED_AT_START", 0)
    with kit.empty_book(tmp_path / "玉山县.zjtx") as book:
        desk = OpenBook(book, jobs, "张三")
        yield Vitals(desk, places)
        jobs.settle()


def checked(vitals, places, days):
    places.set_last_check(vitals._desk.path, datetime.now() - timedelta(days=days))


def test_a_large_book_that_was_never_checked_is_checked_at_start_and_that_is_remembered(vitals, places, jobs):
    assert vitals.standing().check == ("尚未检查", "soft")
    vitals.check_at_start()
    assert vitals.standing().check[0] == "正在检查"
    jobs.settle()
    assert vitals.standing().check == ("检查：完好", "good")
    assert datetime.now() - places.last_check(vitals._desk.path) < timedelta(minutes=1)


@pytest.mark.parametrize(("days", "is_checked"), [(6, False), (8, True)])
def test_a_large_book_is_checked_again_after_a_week(vitals, places, jobs, days, is_checked):
    checked(vitals, places, days)
    assert vitals.standing().check == (f"检查：{days} 天前完好", "soft")
    vitals.check_at_start()
    assert vitals.checking is is_checked
    jobs.settle()
    assert (vitals.problems == []) is is_checked


def test_a_check_that_finds_something_does_not_count_as_done(vitals, places):
    vitals._checked(["文件结构损坏"])
    assert places.last_check(vitals._desk.path) is None
    assert vitals.standing().check == ("检查：1 处问题", "error")


def test_settings_that_cannot_be_read_mean_never_checked(vitals, places, settings):
    settings.set_data("check/last", {str(vitals._desk.path): "gestern"})
    assert places.last_check(vitals._desk.path) is None
