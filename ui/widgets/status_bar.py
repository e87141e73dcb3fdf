"""The foot of the window: who works on which book, when it was last backed up and checked, and the job
under way.
"""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from ui import icons
from ui.widgets.labels import ElidedLabel, IconLabel, label


@dataclass(frozen=True, slots=True)
class Standing:
    """How the book stands. Each of `backup` and `check` is a short text and a tone: good, warn, error or
    soft.
    """

    person: str
    path: str
    backup: tuple[str, str] = ("尚未备份", "warn")
    check: tuple[str, str] = ("尚未检查", "soft")
    is_plain: bool = False


class StatusBar(QFrame):
    """Shows a Standing and the job that runs. `asked` carries `backup`, `check` or `person` when one is
    clicked.
    """

    asked = Signal(str)
    cancel = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self._facts = {
            name: self._fact(name, icon)
            for name, icon in (("person", "person"), ("backup", "backup"), ("check", "checklist"))
        }
        self._book = ElidedLabel(role="small", mode=Qt.TextElideMode.ElideMiddle)
        self._book_icon = IconLabel("book")
        self.plain = label("未加密", "warn")
        self.plain.setToolTip("这个账簿没有加密，只作示例和试用")
        self._job, self._bar, self._stop = (
            label(role="small"),
            QProgressBar(textVisible=False),
            QPushButton("取消"),
        )
        self._bar.setFixedWidth(120)
        self._stop.setProperty("role", "link")
        self._stop.clicked.connect(self._cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 1, 10, 1)
        layout.setSpacing(6)
        layout.addWidget(self._facts["person"])
        layout.addWidget(self._book_icon)
        layout.addWidget(self.plain)
        layout.addWidget(self._book, 1)
        for widget in (self._job, self._bar, self._stop, self._facts["backup"], self._facts["check"]):
            layout.addWidget(widget)
        self._show_book(False)
        self.show_idle()

    def show_standing(self, standing: Standing) -> None:
        """Show how the book stands."""
        self._book.setText(standing.path)
        self._show_book(True)
        self.plain.setVisible(standing.is_plain)
        self._put("person", standing.person, "soft")
        self._put("backup", *standing.backup)
        self._put("check", *standing.check)

    def show_busy(self, text: str) -> None:
        """Name the job that has begun."""
        self._job.setText(text)
        self._bar.setRange(0, 0)
        self._stop.setEnabled(True)
        self._show_job(True)

    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is; total 0 means that nobody knows."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._bar.setToolTip(f"{done:,} / {total:,}" if total else "")

    def show_idle(self) -> None:
        """Nothing runs any more."""
        self._show_job(False)

    def _cancel(self) -> None:
        self._stop.setEnabled(False)
        self.cancel.emit()

    def _show_book(self, shown: bool) -> None:
        for widget in (*self._facts.values(), self._book_icon):
            widget.setVisible(shown)
        if not shown:
            self.plain.hide()

    def _show_job(self, shown: bool) -> None:
        for widget in (self._job, self._bar, self._stop):
            widget.setVisible(shown)

    def _fact(self, name: str, icon: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("role", "fact")
        button.setProperty("verb", name)
        icons.dress(button, icon, "soft")
        button.clicked.connect(self._ask)
        return button

    def _put(self, name: str, text: str, tone: str) -> None:
        button = self._facts[name]
        button.setText(text)
        icons.dress(button, button.property("iconName"), tone)

    def _ask(self) -> None:
        self.asked.emit(self.sender().property("verb"))
