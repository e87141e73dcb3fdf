"""Typing Chinese: keys that belong to the composition under way, and the bridge to fcitx where Qt has
none.
"""

import os
import sys
from importlib.util import find_spec

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

_HELD = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
_WATCHED = (QEvent.Type.InputMethod, QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.FocusOut)


class CompositionGuard(QObject):
    """While letters are being composed, Enter and Esc belong to the input method.

    They then neither press a dialog's default button, nor commit a cell, nor close anything, also where the
    input method lets them through. It watches only the widget that has the focus.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._watched: QWidget | None = None
        self._composing = False
        app.focusChanged.connect(self._follow)
        self._follow(None, app.focusWidget())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in _WATCHED:
            return False
        if isinstance(event, QInputMethodEvent):
            self._composing = bool(event.preeditString())
        elif kind == QEvent.Type.FocusOut:
            self._composing = False
        elif self._composing and isinstance(event, QKeyEvent) and event.key() in _HELD:
            event.accept()
            return True
        return False

    def _follow(self, left: QWidget | None, target: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched, self._composing = target, False
        if target is not None:
            target.installEventFilter(self)


def needs_fcitx_bridge() -> bool:
    """Whether this is X11 under fcitx: the Qt wheels speak only to ibus, so fcitx would go unheard."""
    if not sys.platform.startswith("linux") or QGuiApplication.platformName() != "xcb":
        return False
    chosen = (
        os.environ.get("QT_IM_MODULES") or os.environ.get("QT_IM_MODULE") or os.environ.get("XMODIFIERS", "")
    )
    return "fcitx" in chosen and find_spec("jeepney") is not None


def start_input_method(app: QApplication) -> None:
    """Guard compositions, and reach fcitx where needed. Call it after the first paint."""
    CompositionGuard(app)
    if needs_fcitx_bridge():
        from ui.fcitx import FcitxBridge  # needs jeepney, which is there on Linux only

        FcitxBridge(app)
