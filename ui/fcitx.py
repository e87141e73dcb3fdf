"""Chinese input under fcitx 5 and fcitx 4 over D-Bus, because the PySide6 wheels carry no plugin for them.

Keys reaching one of our windows are offered to fcitx first; what it composes and commits goes to the focused
field as an input method event. When fcitx goes away, keys pass as if this were not here, and it is looked for
again; a field that hides what is typed is never shown to it.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCharFormat, QWindow
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.fcitx_line import FAILURES, FcitxLine, find_fcitx

_AGAIN, _LATEST = 1000, 30_000  # ms until fcitx is looked for again, doubled each time it is in vain
_KEYSYMS = {
    0xFF08: Qt.Key.Key_Backspace, 0xFF09: Qt.Key.Key_Tab, 0xFF0D: Qt.Key.Key_Return,
    0xFF1B: Qt.Key.Key_Escape,
    0xFF50: Qt.Key.Key_Home, 0xFF51: Qt.Key.Key_Left, 0xFF52: Qt.Key.Key_Up, 0xFF53: Qt.Key.Key_Right,
    0xFF54: Qt.Key.Key_Down, 0xFF57: Qt.Key.Key_End, 0xFFFF: Qt.Key.Key_Delete,
}  # fmt: skip


class FcitxBridge(QObject):
    """Passes keys to fcitx and its words to the focused field, for as long as the application runs."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._line: FcitxLine | None = None
        self._ear: QSocketNotifier | None = None
        self._again = QTimer(self, interval=_AGAIN)
        self._again.timeout.connect(self._connect)
        self._window: QWindow | None = None
        app.focusWindowChanged.connect(self._watch)
        app.focusChanged.connect(self._follow)
        self._watch(app.focusWindow())
        self._connect()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            return False
        field = _open_field()
        if self._line is None or field is None or not event.nativeVirtualKey():
            return False
        place = _cursor_on_screen(field)
        try:
            self._line.tell("SetCursorRect", "iiii", place)
            taken = self._line.takes_key(event)
        except FAILURES:
            self._lost()
            return False
        self._again.setInterval(_AGAIN)
        self._deliver()
        return taken

    def _watch(self, window: QWindow | None) -> None:
        """Hear the keys of the window that has the focus, before shortcuts and widgets do."""
        if self._window is not None and isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    def _connect(self) -> None:
        self._line = find_fcitx()
        if self._line is None:
            self._again.start(min(self._again.interval() * 2, _LATEST))
            return
        self._again.stop()
        self._ear = QSocketNotifier(self._line.socket, QSocketNotifier.Type.Read, self)
        self._ear.activated.connect(self._hear)
        self._follow()

    def _lost(self) -> None:
        if self._ear is not None:
            self._ear.setEnabled(False)
            self._ear.deleteLater()
        if self._line is not None:
            self._line.hang_up()
        self._line = self._ear = None
        self._again.start(self._again.interval())

    def _follow(self) -> None:
        if self._line is None:
            return
        try:
            self._line.tell("FocusIn" if _open_field() else "FocusOut")
        except FAILURES:
            self._lost()

    def _hear(self) -> None:
        if self._line is None:
            return
        try:
            self._line.listen()
        except FAILURES:
            self._lost()
        else:
            self._deliver()

    def _deliver(self) -> None:
        for name, values in self._line.heard() if self._line else ():
            field = _open_field()
            if field is None:
                continue
            if name == "CommitString":
                _send(field, commit=values[0])
            elif name == "UpdateFormattedPreedit":
                _send(field, preedit="".join(text for text, _ in values[0]), cursor=values[1])
            elif name == "UpdatePreedit":
                _send(field, preedit=values[0], cursor=values[1])
            elif name == "ForwardKey":
                _forward(field, values[0], bool(values[2]))


def _open_field() -> QWidget | None:
    """The focused widget when it takes composed text; a field that hides its text does not."""
    widget = QApplication.focusWidget()
    if widget is None or not widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
        return None
    hidden = Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData
    return None if widget.inputMethodHints() & hidden else widget


def _cursor_on_screen(field: QWidget) -> tuple[int, int, int, int]:
    """Where the text cursor is, in pixels of the X screen, so that the list of candidates opens beside it."""
    rect: QRect = field.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    screen = field.screen()
    origin, ratio = screen.geometry().topLeft(), screen.devicePixelRatio()
    corner = (field.mapToGlobal(rect.topLeft()) - origin).toPointF() * ratio
    at = corner.toPoint() + QPoint(origin)
    return at.x(), at.y(), round(rect.width() * ratio), round(rect.height() * ratio)


def _send(field: QWidget, preedit: str = "", cursor: int = 0, commit: str = "") -> None:
    attributes = []
    if preedit:
        underlined = QTextCharFormat()
        underlined.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        place = (
            len(preedit.encode()[: max(cursor, 0)].decode(errors="ignore")) if cursor >= 0 else len(preedit)
        )
        kinds = QInputMethodEvent.AttributeType
        attributes.append(QInputMethodEvent.Attribute(kinds.TextFormat, 0, len(preedit), underlined))
        attributes.append(QInputMethodEvent.Attribute(kinds.Cursor, place, 1, None))
    event = QInputMethodEvent(preedit, attributes)
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(field, event)


def _forward(field: QWidget, keysym: int, released: bool) -> None:
    """A key that fcitx hands back for the field itself."""
    printable = chr(keysym) if 0x20 <= keysym < 0x7F else ""
    key = _KEYSYMS.get(keysym) or (ord(printable.upper()) if printable else 0)
    if key:
        kind = QEvent.Type.KeyRelease if released else QEvent.Type.KeyPress
        QApplication.sendEvent(field, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, printable))
