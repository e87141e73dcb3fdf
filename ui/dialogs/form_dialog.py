"""A dialog around a Form: saves on the worker, keeps what was typed when that fails, and asks before it is
lost.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.dialogs.ask import Unsaved, ask_unsaved
from ui.dialogs.frame import MARGIN
from ui.jobs import Jobs, Tick
from ui.widgets.banner import Banner
from ui.widgets.form import Form
from zjtx_desktop.errors import AppError

_LEAST = 40  # pixels of the form that stay in sight

Save = Callable[[dict[str, Any], Tick], Any]


class FormDialog(QDialog):
    """`save(values, tick)` runs on the worker; its result goes out with `saved`, its AppError is shown over
    the form. One whose input is not kept anywhere, as for a printer, sets `keeps_input` to False: it closes unasked.
    """

    keeps_input = True
    letters = 44  # width in 汉字
    saved = Signal(object)

    def __init__(
        self, jobs: Jobs, title: str, save: Save, ok: str = "保存", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self._jobs, self._save = jobs, save
        self.form, self.banner = Form(), Banner()
        self.ok, self.cancel = QPushButton(ok, default=True), QPushButton("取消", autoDefault=False)
        self.ok.setProperty("role", "primary")
        self.ok.setToolTip("Ctrl+S、Ctrl+Enter")
        QShortcut(QKeySequence("Ctrl+S"), self, self.accept)
        self.ok.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self.form.finished.connect(self.accept)
        self._lay_out()
        for watched in (self, self.form):
            watched.installEventFilter(self)

    def accept(self) -> None:
        """Check the form, save it on the worker, and close once that is done."""
        if not self.ok.isEnabled() or not self.form.check():
            return
        values = self.form.values()
        self.banner.hide()
        self._set_busy(True)
        self._jobs.run(
            lambda tick: self._save(values, tick), done=self._saved, failed=self._failed, ended=self._ended
        )

    def reject(self) -> None:
        """Close without saving; asks when something was entered that is to be kept."""
        if self.keeps_input and self.form.is_dirty:
            answer = ask_unsaved(self, self.windowTitle(), self.ok.text())
            if answer is Unsaved.SAVE:
                self.accept()
            if answer is not Unsaved.DISCARD:
                return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()

    def showEvent(self, event: QShowEvent) -> None:
        """As wide as its fields like and as tall as they need, never taller or wider than the screen."""
        room = self.screen().availableSize()
        wide = min(self.fontMetrics().horizontalAdvance("国") * self.letters, room.width() - MARGIN)
        self.resize(wide, min(self._needed(wide), room.height() - MARGIN))
        super().showEvent(event)
        self.form.enter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grow when a message comes that has no room; it does not shrink under the pointer when one goes."""
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            room = self.screen().availableGeometry()
            needed = min(self._needed(self.width()), room.height() - MARGIN)
            if needed > self.height():
                self.resize(self.width(), needed)
                beyond = self.frameGeometry().bottom() - room.bottom()
                self.move(self.x(), max(room.top(), self.y() - max(0, beyond)))
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        self._scroll = scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumHeight(_LEAST)  # a scroll area by itself wants more than one field needs
        scroll.setWidget(self.form)
        self._buttons = QHBoxLayout()
        self._buttons.addStretch()
        self._buttons.addWidget(self.cancel)
        self._buttons.addWidget(self.ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(self.banner)
        layout.addWidget(scroll, 1)
        layout.addLayout(self._buttons)

    def _needed(self, wide: int) -> int:
        """How tall the dialog must be for the whole form to be seen at a width."""
        sides = self.layout().contentsMargins()
        form = _tall(self.form.layout(), wide - sides.left() - sides.right())
        return _tall(self.layout(), wide) - self._scroll.sizeHint().height() + form

    def _set_busy(self, busy: bool) -> None:
        self.ok.setEnabled(not busy)
        self.form.setEnabled(not busy)

    def _saved(self, result: Any) -> None:
        self.form.mark_clean()
        self.saved.emit(result)
        super().accept()

    def _failed(self, error: AppError) -> None:
        self.banner.say("error", str(error))

    def _ended(self) -> None:
        self._set_busy(False)


def _tall(layout: QLayout, wide: int) -> int:
    """How tall what is laid out likes to be at a width, wrapped texts at their true height."""
    return layout.totalHeightForWidth(wide) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
