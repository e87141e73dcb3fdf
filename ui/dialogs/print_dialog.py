"""What to print where: printer, copies, pages, both sides; then the job itself, with progress and cancel."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QProgressDialog, QWidget

from ui import printing
from ui.dialogs.form_dialog import FormDialog
from ui.jobs import Jobs
from ui.printing import Order, PagePrinter
from ui.widgets.fields import ChoiceEdit, ParsedEdit, TickEdit
from zjtx_desktop.errors import AppError, BadValue, Refused

_MOST_COPIES = 99


class PrintDialog(FormDialog):
    """Gives an Order with `saved`. `count` is how many pages the file has."""

    keeps_input = False

    def __init__(self, jobs: Jobs, what: str, count: int, queues: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(jobs, "打印", lambda values, tick: Order(**(values | {"pages": values["pages"] or ()})), "打印", parent)
        self.form.section(f"{what}，共 {count} 页")
        self.form.add("queue", "打印机", ChoiceEdit([(name, name) for name in queues]), required=True)
        self.form.add("copies", "份数", ParsedEdit(_parse_copies), required=True)
        self.form.add("pages", "页码", ParsedEdit(lambda text: printing.parse_pages(text, count), printing.ranges, "不填为全部，如 1-3,5"))
        self.form.add("both_sides", "", TickEdit("双面打印"))
        self.form.set_values({"copies": 1})


class PrintJob(QObject):
    """Carries an order out: through `lp` on the worker, or page by page here. `done` once all is with the printer.

    `failed` carries the sentence that says why nothing was printed.
    """

    done = Signal()
    failed = Signal(AppError)
    cancelled = Signal()

    def __init__(self, jobs: Jobs, pdf: bytes, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._jobs, self._pdf, self._title, self._parent = jobs, pdf, title, parent
        self._printer: PagePrinter | None = None

    def carry_out(self, order: Order) -> None:
        """Print."""
        order, program = replace(order, lying=printing.lies(self._pdf)), printing.lp()
        if program:
            self._jobs.run(
                lambda tick: printing.hand_over(program, self._pdf, order, self._title),
                lambda _: self.done.emit(),
                self.failed.emit,
                label="打印",
            )
        else:
            self.print_pages(PagePrinter(self._pdf, order, self._title, parent=self))

    def print_pages(self, printer: PagePrinter) -> None:
        """Print page by page with progress; the printer is kept until it is through."""
        self._printer = printer
        progress = QProgressDialog("正在打印…", "取消", 0, 0, self._parent)
        progress.setWindowTitle("打印")
        progress.setWindowModality(Qt.WindowModality.WindowModal)
        progress.setMinimumDuration(0)
        progress.setAutoReset(False)
        progress.canceled.connect(printer.cancel)
        printer.progress.connect(partial(_show_progress, progress))
        printer.ended.connect(partial(self._ended, progress))
        progress.show()
        try:
            printer.start()
        except Refused as error:
            progress.deleteLater()
            self.failed.emit(error)

    def _ended(self, progress: QProgressDialog, whole: bool) -> None:
        progress.hide()
        progress.deleteLater()
        self._printer = None
        (self.done if whole else self.cancelled).emit()


def _show_progress(progress: QProgressDialog, done: int, total: int) -> None:
    progress.setMaximum(total)
    progress.setValue(done)
    progress.setLabelText(f"正在打印第 {done} 页，共 {total} 页…")


def _parse_copies(text: str) -> int:
    digits = text.strip()
    if not digits.isdecimal() or not 1 <= int(digits) <= _MOST_COPIES:
        raise BadValue(f"“{text}”不是份数，请填写 1 到 {_MOST_COPIES} 的整数。")
    return int(digits)

