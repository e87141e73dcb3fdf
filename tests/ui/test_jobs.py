"""The worker: order, answers on this thread, progress, cancel, both kinds of failure, and closing."""

import logging
import threading

import pytest
from PySide6.QtCore import QObject

from ui.jobs import Jobs
from zjtx_desktop.errors import Cancelled, Refused


def test_answers_come_on_this_thread_in_the_order_asked(jobs):
    answers = []
    for number in range(20):
        jobs.run(
            lambda tick, number=number: (number, threading.current_thread()),
            done=lambda it: answers.append((it, threading.current_thread())),
        )
    assert jobs.settle()

    here = threading.current_thread()
    assert [number for (number, _), _ in answers] == list(range(20))
    assert all(at is not here and told is here for (_, at), told in answers)


def test_progress_is_told_for_named_jobs_only(qtbot, jobs):
    told, named = [], []
    jobs.progress.connect(lambda done, total: told.append((done, total)))
    jobs.busy.connect(named.append)
    jobs.run(lambda tick: tick(1, 1))
    jobs.run(lambda tick: tick(3, 3), label="导入名单")
    assert jobs.settle()

    assert (told, named) == ([(3, 3)], ["导入名单"])


def test_a_cancelled_job_stops_at_its_next_tick_and_ends(qtbot, jobs):
    begun, may_go_on, ends = threading.Event(), threading.Event(), []

    def work(tick):
        begun.set()
        may_go_on.wait(5)
        tick(1, 2)

    with qtbot.waitSignal(jobs.cancelled) as told:
        jobs.run(work, done=lambda _: ends.append("done"), ended=lambda: ends.append("ended"), label="测算")
        with qtbot.waitSignal(jobs.busy):
            assert begun.wait(5)
        jobs.cancel()
        may_go_on.set()

    assert told.args == ["测算"]
    assert jobs.settle()
    assert ends == ["ended"]


def test_a_job_that_waits_is_cancelled_without_beginning(jobs):
    gate, ran = threading.Event(), []
    jobs.run(lambda tick: gate.wait(5))
    ticket = jobs.run(lambda tick: ran.append("ran"), done=lambda _: ran.append("done"))
    jobs.cancel(ticket)
    gate.set()
    assert jobs.settle()
    assert ran == []


def _refuse(tick):
    raise Refused("名单已锁定。请先解锁。")


def test_an_app_error_goes_to_the_one_who_asked(jobs):
    told, elsewhere = [], []
    jobs.failed.connect(elsewhere.append)
    jobs.run(_refuse, failed=told.append)
    assert jobs.settle()
    assert [str(error) for error in told] == ["名单已锁定。请先解锁。"]
    assert elsewhere == []


def test_an_app_error_that_nobody_takes_is_told_to_the_window(jobs):
    told = []
    jobs.failed.connect(told.append)
    jobs.run(_refuse)
    assert jobs.settle()
    assert [str(error) for error in told] == ["名单已锁定。请先解锁。"]


def test_a_bug_is_logged_with_its_trace_and_told_as_a_crash(jobs, caplog):
    told = []
    jobs.crashed.connect(told.append)
    with caplog.at_level(logging.ERROR):
        jobs.run(lambda tick: {}["missing"])
        assert jobs.settle()
    assert [type(error) for error in told] == [KeyError]
    assert "Traceback" in caplog.text


def test_the_callback_of_a_widget_that_is_gone_is_dropped(qtbot, jobs):
    class Asker(QObject):
        def take(self, result):
            raise AssertionError("asked for by nobody any more")

    gate, asker = threading.Event(), Asker()
    jobs.run(lambda tick: gate.wait(5), done=asker.take)
    with qtbot.waitSignal(asker.destroyed):
        asker.deleteLater()
    gate.set()
    assert jobs.settle()


def test_a_failing_callback_does_not_block_the_next_job(qtbot, jobs):
    answers = []

    def broken(result):
        raise ValueError(result)

    with qtbot.captureExceptions() as caught:
        jobs.run(lambda tick: 1, done=broken)
        jobs.run(lambda tick: 2, done=answers.append)
        assert jobs.settle()
    assert [kind for kind, *_ in caught] == [ValueError]
    assert answers == [2]


def test_closing_stops_a_long_job_and_waits_for_it(qapp):
    jobs, begun, left = Jobs(), threading.Event(), []

    def work(tick):
        begun.set()
        try:
            while True:
                tick(0, 0)
        except Cancelled:
            left.append("stopped")
            raise

    jobs.run(work)
    assert begun.wait(5)
    jobs.close()
    assert left == ["stopped"]


def test_what_is_asked_for_after_closing_is_dropped(qapp):
    """A timer of a page that was on its way out once found the worker shut down, and failed."""
    jobs, ran = Jobs(), []
    jobs.close()
    ticket = jobs.run(lambda tick: ran.append("ran"), done=ran.append)
    jobs.cancel(ticket)
    assert jobs.is_idle() and jobs.settle(10)
    assert ran == []


def test_settle_gives_up_when_the_time_is_over(jobs):
    gate = threading.Event()
    jobs.run(lambda tick: gate.wait(5))
    assert not jobs.settle(30)
    gate.set()
    assert jobs.settle()


@pytest.mark.parametrize("total", [0, 7])
def test_a_tick_never_floods_the_ui_thread(jobs, total):
    told = []
    jobs.progress.connect(lambda done, of: told.append(done))

    def work(tick):
        for number in range(20_000):
            tick(number + 1, 20_001)
        tick(total, total)

    jobs.run(work, label="写入")
    assert jobs.settle()
    assert len(told) < 40
    assert told[-1] == total
