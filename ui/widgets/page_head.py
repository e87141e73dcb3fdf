"""The line over a page: its title, and the verbs it offers as buttons."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui import icons
from ui.commands import Act, Place, icon_of, keys_of, text_of
from ui.widgets.labels import ElidedLabel


class PageHead(QWidget):
    """Title on the left, tools on the right; where room is short the tools keep their icons only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ElidedLabel(role="title")
        self._acts: tuple[Act, ...] = ()
        self._buttons: list[QPushButton] = []
        self._tools = QHBoxLayout()
        self._tools.setSpacing(6)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._title, 1)
        layout.addLayout(self._tools)
        self.setMinimumHeight(self.fontMetrics().height() + 20)

    def show_title(self, title: str) -> None:
        """Name the page."""
        self._title.setText(title)

    def offer(self, acts: Sequence[Act]) -> None:
        """Show those of the acts that want a button; the primary one comes last, at the edge."""
        wanted = sorted(
            (act for act in acts if act.place is not Place.MENU), key=lambda act: act.place is Place.PRIMARY
        )
        same = [(act.id, text_of(act)) for act in wanted] == [(act.id, text_of(act)) for act in self._acts]
        self._acts = tuple(wanted)
        if not same:
            for button in self._buttons:
                self._tools.removeWidget(button)
                button.deleteLater()
            self._buttons = [self._button(act) for act in wanted]
            self._fit()
        for button, act in zip(self._buttons, wanted, strict=True):
            button.setEnabled(act.enabled)
            button.setToolTip(_tip(act))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _button(self, act: Act) -> QPushButton:
        primary = act.place is Place.PRIMARY
        button = QPushButton(_plain(act))
        button.setProperty("role", "primary" if primary else "")
        button.setAccessibleName(_plain(act))
        if icon_of(act):
            icons.dress(button, icon_of(act), "on_accent" if primary else "text")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard in the list that it is about
        button.clicked.connect(self._press)
        self._tools.addWidget(button)
        return button

    def _fit(self) -> None:
        """Give the buttons their words, then take them away again where they do not all fit."""
        for button, act in zip(self._buttons, self._acts, strict=True):
            button.setText(_plain(act))
        room = self.width() - self._title.minimumSizeHint().width() - 12
        if sum(button.sizeHint().width() + 6 for button in self._buttons) > room:
            for button, act in zip(self._buttons, self._acts, strict=True):
                if icon_of(act) and act.place is not Place.PRIMARY:
                    button.setText("")

    def _press(self) -> None:
        self._acts[self._buttons.index(self.sender())].run()


def _plain(act: Act) -> str:
    return text_of(act).removesuffix("…")


def _tip(act: Act) -> str:
    if not act.enabled and act.why:
        return act.why
    return f"{_plain(act)}（{keys_of(act)}）" if keys_of(act) else _plain(act)
