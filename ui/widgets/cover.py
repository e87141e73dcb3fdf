"""What lies over a window while the program is locked: nothing under it can be read, and nothing is lost."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.labels import IconLabel, label


class Cover(QWidget):
    """Fills a window and grows with it, until `lift`."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._covered = window
        self.setObjectName("cover")
        self.setAutoFillBackground(True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._focus = window.focusWidget()
        layout = QVBoxLayout(self)
        layout.addStretch()
        layout.addWidget(IconLabel("lock", "faint", 44), alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(label("已锁定", "head"), alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        window.installEventFilter(self)
        self._fill()
        self.show()
        self.raise_()
        self.setFocus()

    def lift(self) -> None:
        """Show what was there, the keyboard where it was."""
        self._covered.removeEventFilter(self)
        self.hide()
        if self._focus is not None and self._focus.isVisible():
            self._focus.setFocus()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fill()
        return False

    def _fill(self) -> None:
        self.setGeometry(self._covered.rect())
        self.raise_()
