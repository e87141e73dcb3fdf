"""What stands where a list would: why it is empty, and the button that says what to do first."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui import icons
from ui.widgets.labels import IconLabel, label


class EmptyState(QWidget):
    """An icon, a headline, a sentence and buttons in the middle. `chosen` carries the id of the button
    pressed.

    `buttons` are (id, text, icon); the first stands out.
    """

    chosen = Signal(str)

    def __init__(
        self, icon: str, headline: str, sentence: str = "", buttons: Sequence[tuple[str, str, str]] = ()
    ) -> None:
        super().__init__()
        self._icon = IconLabel(icon, "faint", 44)
        self._headline, self._sentence = label(headline, "head"), label(sentence, "soft", wraps=True)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._buttons: list[QPushButton] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self._icon, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(4)
        layout.addWidget(self._headline, alignment=Qt.AlignmentFlag.AlignHCenter)
        for text in (self._headline, self._sentence):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._sentence)
        layout.addSpacing(8)
        layout.addLayout(self._row)
        layout.addStretch(3)
        self.say(headline, sentence, buttons)

    def say(self, headline: str, sentence: str = "", buttons: Sequence[tuple[str, str, str]] = ()) -> None:
        """Say something else, with other buttons."""
        self._headline.setText(headline)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        while (item := self._row.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        self._row.addStretch()
        self._buttons = [self._button(place, *button) for place, button in enumerate(buttons)]
        for button in self._buttons:
            self._row.addWidget(button)
        self._row.addStretch()

    def _button(self, place: int, name: str, text: str, icon: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", "" if place else "primary")
        button.setProperty("verb", name)
        if icon:
            icons.dress(button, icon, "text" if place else "on_accent")
        button.clicked.connect(self._press)
        return button

    def _press(self) -> None:
        self.chosen.emit(self.sender().property("verb"))
