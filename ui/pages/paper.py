"""One way for everything to get on paper: made on the worker, the printer asked for, handed over, and said."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui import printing
from ui.dialogs.print_dialog import PrintDialog, PrintJob
from ui.jobs import Jobs, Tick
from zjtx_desktop.errors import AppError


class Paper(QObject):
    """Dialogs stand over `page`; `said(tone, sentence)` tells how it went. `queues` gives the printers there are."""

    said = Signal(str, str)

    def __init__(self, jobs: Jobs, page: QWidget) -> None:
        super().__init__(page)
        self._jobs, self._page = jobs, page
        self.queues: Callable[[], tuple[str, ...]] = printing.queues

    def put(
        self,
        what: str,
        make: Callable[[Tick], bytes],
        instead: str,
        done: Callable[[], None] = lambda: None,
        cancelled: str = "已取消打印。",
    ) -> None:
        """Print what `make` gives on the worker, a PDF called `what`; `done` once all of it is with the printer.

        `instead` is the verb that makes a file of it, for a machine without a printer.
        """
        queues = self.queues()
        if not queues:
            self.said.emit("error", f"这台电脑没有安装打印机，没有打印。请安装打印机，或者用“{instead}”。")
            return

        def ask(pdf: bytes) -> None:
            job = PrintJob(self._jobs, pdf, what, self._page)
            job.done.connect(partial(self._printed, what, done))
            job.failed.connect(self._fail)
            job.cancelled.connect(partial(self.said.emit, "info", cancelled))
            dialog = PrintDialog(self._jobs, what, printing.page_count(pdf), queues, self._page)
            dialog.saved.connect(job.carry_out)
            dialog.open()

        self._jobs.run(make, ask, self._fail, label="准备打印")

    def _printed(self, what: str, done: Callable[[], None]) -> None:
        done()
        self.said.emit("good", f"{what}已交给打印机。")

    def _fail(self, error: AppError) -> None:
        self.said.emit("error", str(error))
