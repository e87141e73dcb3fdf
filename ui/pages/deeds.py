"""What the deeds of the pages have in common: dialogs stand over the page, and one signal says how it went."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.open_book import OpenBook
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases.duties import Second


class Deeds(QObject):
    """Dialogs stand over `page`. `said(tone, sentence)` tells how it went."""

    said = Signal(str, str)

    def __init__(self, desk: OpenBook, page: QWidget) -> None:
        super().__init__(page)
        self._desk, self._page = desk, page

    def _fail(self, error: AppError) -> None:
        self.said.emit("error", str(error))


class DeedsOverMany(Deeds):
    """`finished(title, outcomes)` follows a deed over many, `said` the rest; the book has told by then that it changed."""

    finished = Signal(str, object)

    def __init__(self, desk: OpenBook, page: QWidget, today: Callable[[], date]) -> None:
        super().__init__(desk, page)
        self._today = today

    def _write(self, title: str, deed: Callable[[Any], Any], second: Second = Second()) -> Any:
        return self._desk.write(title, lambda session, _tick: deed(session), lambda *_: None, second)

    def _finish(self, title: str, outcomes: object) -> None:
        self._desk.tell()
        self.finished.emit(title, outcomes)

    def _done(self, sentence: str) -> None:
        self._desk.tell()
        self.said.emit("good", sentence)
