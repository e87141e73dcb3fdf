"""The check of the open book: a slice at a time, so that what the person asks for comes in between, however large it is."""

from time import monotonic

from PySide6.QtCore import QObject, Signal

from ui.jobs import Tick
from ui.open_book import OpenBook
from zjtx_desktop.usecases.checks import Found, Report, in_portions, recorded

LABEL = "检查账簿"
_SLICE = 0.2  # seconds of the worker


class BookCheck(QObject):
    """Looks through the whole book and puts on record what it finds.

    `finished` carries the Report; `stopped` comes instead when the person stopped it, or the book is about to be closed.
    """

    finished = Signal(Report)
    stopped = Signal()

    def __init__(self, desk: OpenBook) -> None:
        super().__init__(desk)
        self._desk, self._found, self._ticket = desk, list[Found](), 0

    @property
    def is_under_way(self) -> bool:
        """Whether a check has begun that has not ended."""
        return bool(self._ticket)

    def start(self) -> None:
        """Begin anew, unless one is under way."""
        if not self._ticket:
            self._found, self._portions = [], in_portions(self._desk.book)
            self._go_on()

    def stop(self) -> None:
        """Go no further; nothing is written then."""
        ticket, self._ticket = self._ticket, 0
        if ticket:
            self._desk.jobs.cancel(ticket)
            self.stopped.emit()

    def _go_on(self) -> None:
        self._ticket = self._desk.jobs.run(self._look, self._looked, ended=self._ended, label=LABEL)

    def _look(self, tick: Tick) -> Report | None:
        """The next slice, on the worker; the report once there is none."""
        until = monotonic() + _SLICE
        for found in self._portions:
            tick(0, 0)
            self._found.append(found)
            if monotonic() > until:
                return None
        return recorded(self._desk.book, self._found, self._desk.actor)

    def _looked(self, report: Report | None) -> None:
        if not self._ticket:
            return
        if report is None:
            self._go_on()
            return
        self._ticket = 0
        self.finished.emit(report)

    def _ended(self) -> None:
        """Cancelled at the foot of the window, or refused: a slice that answered has gone on already."""
        if self._ticket and not self._desk.jobs.has(self._ticket):
            self._ticket = 0
            self.stopped.emit()
