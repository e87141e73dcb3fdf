"""F1 in a dialog: its own help page, or that of the page it stands over. In the window itself F1 is in the menu."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid


class HelpKey(QObject):
    """Watches only the widget that has the focus, also in the questions and file dialogs that Qt brings.

    `asked` names the help page and the dialog, which must own what is shown: a modal one blocks all other windows.
    """

    asked = Signal(str, QDialog)

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        app.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_F1:
            return False
        dialog = watched.window() if isinstance(watched, QWidget) else None
        if not isinstance(dialog, QDialog):
            return False
        self.asked.emit(help_of(dialog), dialog)
        return True

    def _follow(self, left: QWidget | None, target: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = target
        if target is not None:
            target.installEventFilter(self)


def help_of(widget: QWidget | None) -> str:
    """The help page of a widget: the `help_id` of the nearest thing it stands in or over that has one."""
    while widget is not None:
        if name := getattr(widget, "help_id", ""):
            return str(name)
        widget = widget.parentWidget()
    return "index"
