"""Work off the UI thread: one worker behind one door, so that the book has one writer and the window never
freezes.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from threading import Event
from time import monotonic
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal
from shiboken6 import isValid

from zjtx_desktop.errors import AppError, Cancelled

log = logging.getLogger(__name__)
T = TypeVar("T")
_BETWEEN_REPORTS = 0.05  # seconds: more often nobody sees it, and each report wakes the UI thread


class Tick:
    """Given to work: `tick(done, total)` reports progress, and raises Cancelled once the person has stopped
    the job.

    Call it where stopping leaves nothing half done. `total` 0 means that the end is not known.
    """

    def __init__(self, report: Callable[[int, int], None]) -> None:
        self._report, self._stopped, self._last = report, Event(), 0.0

    def __call__(self, done: int, total: int) -> None:
        if self._stopped.is_set():
            raise Cancelled
        now = monotonic()
        if now - self._last >= _BETWEEN_REPORTS or done == total:
            self._last = now
            self._report(done, total)

    def stop(self) -> None:
        """Make the next call raise Cancelled."""
        self._stopped.set()


@dataclass(frozen=True, slots=True)
class _Waiting:
    label: str
    tick: Tick
    future: Future[None]
    done: Callable[[Any], None] | None
    failed: Callable[[AppError], None] | None
    ended: Callable[[], None] | None


class Jobs(QObject):
    """Runs work one after the other on one thread and answers on this one, in the order asked.

    `failed` carries an AppError that the asker did not take itself; `crashed` any other exception, already
    logged.
    `busy` names a job that begins, `cancelled` one that was stopped; jobs without a label pass silently.
    """

    busy = Signal(str)
    progress = Signal(int, int)
    cancelled = Signal(str)
    idle = Signal()
    failed = Signal(AppError)
    crashed = Signal(Exception)
    _began = Signal(int)
    _ticked = Signal(int, int, int)
    _answered = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="jobs")
        self._tickets = count(1)
        self._waiting: dict[int, _Waiting] = (
            {}
        )  # callbacks stay on this thread: the worker knows a number only
        self._running = 0
        self._closed = False
        self._began.connect(self._begin)
        self._ticked.connect(self._show_progress)
        self._answered.connect(self._answer)

    def run(
        self,
        work: Callable[[Tick], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
        ended: Callable[[], None] | None = None,
        label: str = "",
    ) -> int:
        """Do `work` in the background, then call `done` here with its result, or `failed` with an AppError.

        `ended` follows in every case, also after a cancel or a bug. A callback that is a method of a widget
        that is gone by then is dropped. `work` touches no widget. Returns a ticket for `cancel`.
        After `close` nothing is done any more: a late timer may still ask while the widgets go.
        """
        ticket = next(self._tickets)
        if self._closed:
            return ticket
        tick = Tick(lambda n, total: self._ticked.emit(ticket, n, total))
        future = self._thread.submit(self._work, ticket, work, tick)
        self._waiting[ticket] = _Waiting(label, tick, future, done, failed, ended)
        return ticket

    def cancel(self, ticket: int | None = None) -> None:
        """Stop a job, or the one that runs: at once if it has not begun, else at its next tick."""
        number = self._running if ticket is None else ticket
        job = self._waiting.get(number)
        if job:
            job.tick.stop()
            if job.future.cancel():
                self._answer(number, None, Cancelled())

    def has(self, ticket: int) -> bool:
        """Whether a job runs or waits."""
        return ticket in self._waiting

    def is_idle(self) -> bool:
        """Whether nothing runs or waits."""
        return not self._waiting

    def running_label(self) -> str:
        """What the job that runs is called; empty when none runs or it has no name."""
        job = self._waiting.get(self._running)
        return job.label if job else ""

    def settle(self, milliseconds: int = 60_000) -> bool:
        """Wait, the window staying alive, until nothing runs or waits; False when the time is over."""
        loop, timer = QEventLoop(), QTimer(singleShot=True)
        self.idle.connect(loop.quit)
        timer.timeout.connect(loop.quit)
        timer.start(milliseconds)
        while self._waiting and timer.isActive():
            loop.exec()
        return not self._waiting

    def close(self) -> None:
        """Stop everything and wait for the worker; nothing is answered any more, and what is asked later is dropped."""
        self._closed = True
        for job in self._waiting.values():
            job.tick.stop()
            job.future.cancel()
        self._thread.shutdown(wait=True)
        self._waiting.clear()

    def _work(self, ticket: int, work: Callable[[Tick], Any], tick: Tick) -> None:
        self._began.emit(ticket)
        try:
            result = work(tick)
        except Exception as error:  # one of the two places that catch all: see _answer
            self._answered.emit(ticket, None, error)
        else:
            self._answered.emit(ticket, result, None)

    def _begin(self, ticket: int) -> None:
        self._running = ticket
        if label := self.running_label():
            self.busy.emit(label)

    def _show_progress(self, ticket: int, n: int, total: int) -> None:
        if ticket == self._running and self.running_label():
            self.progress.emit(n, total)

    def _answer(self, ticket: int, result: Any, error: Exception | None) -> None:
        job = self._waiting.pop(ticket, None)
        if job is None:
            return
        try:
            if error is None:
                _call(job.done, result)
            else:
                self._answer_error(job, error)
        finally:
            _call(job.ended)
            if not self._waiting:
                self._running = 0
                self.idle.emit()

    def _answer_error(self, job: _Waiting, error: Exception) -> None:
        if isinstance(error, Cancelled):
            if job.label:
                self.cancelled.emit(job.label)
        elif not isinstance(error, AppError):
            log.error("a job failed", exc_info=error)
            self.crashed.emit(error)
        elif job.failed:
            _call(job.failed, error)
        else:
            self.failed.emit(error)


def _call(callback: Callable[..., None] | None, *values: Any) -> None:
    """Call back, unless the widget whose method it is has been deleted meanwhile."""
    owner = getattr(callback, "__self__", None)
    if callback and not (isinstance(owner, QObject) and not isValid(owner)):
        callback(*values)
