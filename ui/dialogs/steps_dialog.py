"""A dialog of steps: where one is stands on the left, what to do in the middle, back and on at the foot."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.frame import fit
from ui.widgets.banner import Banner
from ui.widgets.labels import label, set_role

_SIZE = (900, 600)


class Step(QWidget):
    """One step. It says by `changed` that `problem` may have changed; `says(tone, sentence)` goes over it."""

    changed = Signal()
    says = Signal(str, str)

    title = ""
    next_text = "下一步"

    def enter(self) -> None:
        """It is shown now."""

    def problem(self) -> str:
        """What must be done here before one can go on; empty when nothing."""
        return ""

    def proceed(self, go_on: Callable[[], None]) -> None:
        """Do what this step does, on the worker where it takes time, then call `go_on`."""
        go_on()


class StepsDialog(QDialog):
    """Goes through steps; the last one's `proceed` ends it. `may_close` is asked before it is given up."""

    def __init__(self, title: str, steps: Sequence[Step], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self._steps = tuple(steps)
        self._stack, self.banner, self._why = QStackedWidget(), Banner(), label(role="soft", wraps=True)
        self._title = label(role="head")
        self.back, self.next, self.cancel = (
            QPushButton("上一步"),
            QPushButton(default=True),
            QPushButton("取消"),
        )
        self.next.setProperty("role", "primary")
        self._marks = [QLabel() for _ in steps]
        for step in self._steps:
            self._stack.addWidget(step)
            step.changed.connect(self._show_state)
            step.says.connect(self.banner.say)
        self.back.clicked.connect(self._go_back)
        self.next.clicked.connect(self._proceed)
        self.next.setToolTip("Ctrl+Enter")
        for keys in ("Ctrl+Return", "Ctrl+Enter"):  # as in every form, wherever the keyboard is
            QShortcut(QKeySequence(keys), self, self.next.click)
        self.cancel.clicked.connect(self.reject)
        self._lay_out()
        self._go_to(0)

    @property
    def step(self) -> Step:
        """The step shown."""
        return self._steps[self._stack.currentIndex()]

    @property
    def is_first(self) -> bool:
        """Whether the first step is shown."""
        return self._stack.currentIndex() == 0

    def may_close(self) -> bool:
        """Whether it may be given up here; a dialog with unsaved input overrides this to ask."""
        return True

    def reject(self) -> None:
        if self.may_close():
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()

    def set_busy(self, busy: bool) -> None:
        """Neither back nor on while a step works."""
        self.back.setEnabled(not busy and self._stack.currentIndex() > 0)
        self.next.setEnabled(not busy and not self.step.problem())

    def _lay_out(self) -> None:
        rail = QFrame()
        rail.setObjectName("steps")
        marks = QVBoxLayout(rail)
        marks.setContentsMargins(18, 20, 18, 18)
        marks.setSpacing(14)
        for mark in self._marks:
            mark.setTextFormat(Qt.TextFormat.PlainText)
            marks.addWidget(mark)
        marks.addStretch()
        buttons = QHBoxLayout()
        buttons.addWidget(self._why, 1)
        for button in (self.cancel, self.back, self.next):
            buttons.addWidget(button)
        content = QVBoxLayout()
        content.setContentsMargins(18, 16, 18, 14)
        content.setSpacing(10)
        for widget in (self._title, self.banner, self._stack):
            content.addWidget(widget)
        content.setStretchFactor(self._stack, 1)
        content.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(rail)
        layout.addLayout(content, 1)
        fit(self, _SIZE)

    def _go_to(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        self.banner.hide()
        self.step.enter()
        self._title.setText(self.step.title)
        for place, mark in enumerate(self._marks):
            sign = "✓" if place < number else str(place + 1)
            mark.setText(f"{sign}  {self._steps[place].title}")
            set_role(mark, "step", "past" if place < number else "now" if place == number else "ahead")
        self._show_state()

    def _show_state(self) -> None:
        problem = self.step.problem()
        self._why.setText(problem)
        self.next.setText(self.step.next_text)
        self.back.setVisible(self._stack.currentIndex() > 0)
        self.set_busy(False)

    def _go_back(self) -> None:
        self._go_to(self._stack.currentIndex() - 1)

    def _proceed(self) -> None:
        self.step.proceed(self._go_on)

    def _go_on(self) -> None:
        number = self._stack.currentIndex() + 1
        if number == len(self._steps):
            self.accept()
        else:
            self._go_to(number)
