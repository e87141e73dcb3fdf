"""A sentence at the place it belongs: what happened and, where there is one, the button that helps."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from ui import icons
from ui.widgets.labels import IconLabel, label, set_role

_ICONS = {"info": "info", "good": "success", "warn": "warning", "error": "error"}
_WORDS = {"info": "提示", "good": "完成", "warn": "注意", "error": "没有办成"}


class Banner(QFrame):
    """Hidden until `say`; the person can put it away. A screen reader hears its tone as a word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self._icon, self._text = IconLabel("info", "info"), label(wraps=True)
        self._action, self._close = QPushButton(), QToolButton()
        self._action.setProperty("role", "link")
        self._run: Callable[[], None] | None = None
        self._action.clicked.connect(self._act)
        self._close.setToolTip("收起这条提示")
        self._close.setAccessibleName("收起这条提示")
        icons.dress(self._close, "close", "soft")
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 5, 6, 5)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._action)
        layout.addWidget(self._close)
        self.hide()

    def say(self, tone: str, sentence: str, action: str = "", run: Callable[[], None] | None = None) -> None:
        """Show a sentence; tone is info, good, warn or error. `action` is the text of a button that calls
        `run`.
        """
        self._icon.show_icon(_ICONS[tone], tone)
        self._text.setText(sentence)
        self._run = run
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(f"{_WORDS[tone]}：{sentence}")
        set_role(self, "tone", tone)
        self.show()

    def text(self) -> str:
        """The sentence shown, or empty when hidden."""
        return "" if self.isHidden() else self._text.text()

    def _act(self) -> None:
        self.hide()
        if self._run:
            self._run()
