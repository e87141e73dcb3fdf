"""A text under a list that may be longer than there is room for: a few lines of it, the rest by scrolling."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy

from ui.widgets.labels import label

_LEAST, _MOST = 2, 5  # lines


class Reasons(QScrollArea):
    """Takes no room while it is empty."""

    def __init__(self) -> None:
        super().__init__(widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._label = label(wraps=True)
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
        self.setMinimumHeight(min(self._needed(), _LEAST * self.fontMetrics().lineSpacing()))
        self.setVisible(bool(text))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), min(self._needed(), _MOST * self.fontMetrics().lineSpacing() + 4))

    def _needed(self) -> int:
        """How high the whole text is at this width."""
        return self._label.heightForWidth(max(self.width() - 2 * self.fontMetrics().averageCharWidth(), 1))
