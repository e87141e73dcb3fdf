"""How the book stands: it is checked whole at every start, in slices between which everything else goes on."""

from datetime import datetime, timedelta

import pytest
import round_kit as kit

from ui import book_check
from ui.open_book import OpenBook
from ui.places import Places
from ui.vitals import Vitals
from zjtx_desktop.storage import history, tables
from zjtx_desktop.usecases.findings import unaccepted


@pytest.fixture
def places(settings):
    return Places(settings)


@pytest.fixture
def vitals(tmp_path, jobs, places, monkeypatch):
    """Of a book that is looked through a row at a time, each in a job of its own, as one of gigabytes would be."""
    monkeypatch.setattr(book_check, "_SLICE", 0)
    monkeypatch.setattr(history, "_PORTION", 1)
    with kit.empty_book(tmp_path / "玉山县.zjtx") as book:
        kit.recognise(book, "示例甲有限公司")
        desk = OpenBook(book, jobs, "张三")
        yield Vitals(desk, places)
        jobs.settle()


def alter(vitals):
    """One account, behind the program."""
    with vitals._desk.book._writing.begin() as connection:
        run = connection.exec_driver_sql
        kept = run("SELECT sql FROM sqlite_schema WHERE name = 'history_organisation_update'").scalar_one()
        run("DROP TRIGGER history_organisation_update")
        run("UPDATE organisation SET payee_account = '6223'")
        run(kept)


def test_a_check_at_the_start_goes_through_the_whole_book_and_is_remembered(vitals, places, jobs):
    assert vitals.standing().check == ("尚未检查", "soft")
    vitals.check()
    assert vitals.standing().check[0] == "正在检查" and vitals.checking
    jobs.settle()
    assert vitals.standing().check == ("检查：完好", "good") and not vitals.checking
    assert datetime.now() - places.last_check(vitals._desk.path) < timedelta(minutes=1)


def test_a_book_is_checked_again_at_the_next_start_however_lately_that_was(vitals, places, jobs):
    places.set_last_check(vitals._desk.path, datetime.now() - timedelta(days=1))
    assert vitals.standing().check == ("检查：1 天前完好", "soft")
    alter(vitals)
    vitals.check()
    jobs.settle()
    assert vitals.standing().check == ("检查：1 处问题", "error")


def test_what_is_asked_for_during_a_check_comes_in_between(vitals, jobs):
    said, order = [], []
    vitals.changed.connect(lambda: order.append("checked") if not vitals.checking else None)
    vitals.check()
    vitals._desk.ask(lambda session: 1, lambda _: order.append("asked"))
    vitals._desk.act("另记一笔", lambda session, tick: session.add(tables.Setting(key="k", value="1")), lambda _: order.append("written"), said.append)
    jobs.settle()
    assert order == ["asked", "written", "checked"] and said == []
    assert vitals.problems == []


def test_a_second_wish_to_check_waits_for_none_but_the_one_that_runs(vitals, jobs):
    found = []
    vitals._check.finished.connect(found.append)
    vitals.check()
    vitals.check()
    jobs.settle()
    assert len(found) == 1


def test_a_check_that_is_stopped_writes_nothing_and_can_be_begun_anew(vitals, jobs):
    alter(vitals)
    vitals.check()
    vitals.stop_check()
    jobs.settle()
    assert vitals.problems is None and not vitals.checking
    assert vitals._desk.ask_now(unaccepted) == ()
    vitals.check()
    jobs.settle()
    assert len(vitals._desk.ask_now(unaccepted)) == len(vitals.problems) == 1


def test_a_check_cancelled_at_the_foot_of_the_window_is_over(vitals, jobs, qtbot):
    vitals.check()
    with qtbot.waitSignal(jobs.cancelled):
        jobs.cancel(vitals._check._ticket)
    jobs.settle()
    assert vitals.problems is None and not vitals.checking


def test_a_check_that_finds_something_does_not_count_as_done(vitals, places, jobs):
    alter(vitals)
    vitals.check()
    jobs.settle()
    assert places.last_check(vitals._desk.path) is None
    assert vitals.standing().check == ("检查：1 处问题", "error")


def test_settings_that_cannot_be_read_mean_never_checked(vitals, places, settings):
    settings.set_data("check/last", {str(vitals._desk.path): "gestern"})
    assert places.last_check(vitals._desk.path) is None
