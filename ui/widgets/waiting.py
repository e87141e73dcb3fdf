"""What stands over a dialog while the worker is busy for it: what is being done, how far, and a way to stop."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressDialog, QWidget

from ui.jobs import Jobs, Tick
from zjtx_desktop.errors import AppError

T = TypeVar("T")
_PATIENCE = 400  # milliseconds: what is done by then needs no window


class Waiting(QProgressDialog):
    """Shown only when it takes longer; goes away by itself."""

    def __init__(self, jobs: Jobs, text: str, parent: QWidget) -> None:
        super().__init__(text, "停止", 0, 0, parent)
        self._jobs, self._ticket = jobs, 0
        self.setWindowTitle("请稍候")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumDuration(_PATIENCE)
        self.setAutoReset(False)
        self.setAutoClose(False)
        jobs.progress.connect(self.show_progress)
        self.canceled.connect(self.stop)

    def run(
        self, work: Callable[[Tick], T], done: Callable[[T], None], failed: Callable[[AppError], None]
    ) -> None:
        """Do `work` on the worker; `done` or `failed` follow, neither after a stop."""
        self._ticket = self._jobs.run(work, done, failed, self.end, label=self.labelText())

    def show_progress(self, done: int, total: int) -> None:
        """How far it is."""
        self.setMaximum(total)
        self.setValue(done)

    def stop(self) -> None:
        """Stop the job where nothing is left half done."""
        self._jobs.cancel(self._ticket)

    def end(self) -> None:
        """It is over."""
        self._jobs.progress.disconnect(self.show_progress)
        self.hide()
        self.deleteLater()
