"""A field for a password: unseen, without input method, and it tells when Caps Lock seems to be on."""

from collections.abc import Hashable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from ui import icons
from ui.widgets.fields import NOTHING, Remark

_LONGEST = 128
_CAPS = ("warn", "大写锁定（Caps Lock）好像开着。")


class PasswordEdit(QLineEdit):
    """Blanks count and stay. The eye at its end shows what is typed, for who is alone in the room."""

    changed = Signal()

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(_LONGEST)
        hints = Qt.InputMethodHint
        self.setInputMethodHints(hints.ImhHiddenText | hints.ImhSensitiveData | hints.ImhNoPredictiveText)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.caps = False
        self._eye = QAction("显示密码", self, checkable=True)
        icons.dress(self._eye, "preview", "soft")
        self._eye.toggled.connect(self._show_signs)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        self.textChanged.connect(self.changed)

    def value(self) -> str | None:
        """What was typed, None when empty."""
        return self.text() or None

    def set_value(self, value: str | None) -> None:
        """Put in a password, None to empty the field."""
        self.setText(value or "")

    def raw(self) -> Hashable:
        """What stands in the field."""
        return self.text()

    def remark(self) -> Remark:
        """Whether Caps Lock seems to be on."""
        return _CAPS if self.caps else NOTHING

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text()
        if letter.isascii() and letter.isalpha():
            with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps = letter.isupper() != with_shift
        super().keyPressEvent(event)

    def _show_signs(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)  # changing the mode turns it on again
