"""A text over or under a list that may be longer than there is room for: a few lines of it, the rest by scrolling."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy

from ui.widgets.labels import label

_LEAST = 2  # lines


class Reasons(QScrollArea):
    """Takes no room while it is empty, and at most so many lines; `role` as of a label."""

    def __init__(self, most: int = 5, role: str = "") -> None:
        super().__init__(widgetResizable=True)
        self._most = most
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._label = label(role=role, wraps=True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(self._label)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def text(self) -> str:
        """What is shown."""
        return self._label.text()

    def setText(self, text: str) -> None:
        """Show this text from its beginning."""
        self._label.setText(text)
        self.verticalScrollBar().setValue(0)
        self.setVisible(bool(text))
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():  # another width breaks it into other lines
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), min(self._needed(), self._most * self.fontMetrics().lineSpacing() + 4))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self._needed(), _LEAST * self.fontMetrics().lineSpacing()))

    def _needed(self) -> int:
        """How high the whole text is at this width."""
        return self._label.heightForWidth(max(self.width() - 2 * self.fontMetrics().averageCharWidth(), 1))
