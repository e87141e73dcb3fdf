"""The one search box of a list: asks a moment after the last key, Esc clears it, ↓ and Enter go into the list."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui import icons

_PAUSE = 180  # milliseconds: shorter than a typist's thought, longer than between two letters


class SearchBox(QLineEdit):
    """`searched(text)` follows typing, at once on Enter; letters still being composed are not searched for.

    `left` says that the person goes on in the list: Enter, ↓, or Esc in the empty box.
    """

    searched = Signal(str)
    left = Signal()

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setToolTip(f"{hint}（Ctrl+F）")
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("国" * 9) + 60)
        self._asked = ""
        self._glass = QAction(self)
        icons.dress(self._glass, "search", "soft")
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._ask)
        self.textChanged.connect(self._pause.start)

    def take(self, text: str) -> None:
        """Go on here with letters that were typed in the list."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.setText(text)

    def find(self) -> None:
        """Come here with everything selected, so that typing replaces it."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def forget(self) -> None:
        """Empty the box without asking: who calls this asks anew."""
        self.clear()
        self._pause.stop()
        self._asked = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._ask()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask()
            self.left.emit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Escape):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        self._pause.stop()
        text = self.text().strip()
        if text != self._asked:
            self._asked = text
            self.searched.emit(text)
