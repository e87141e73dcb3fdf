"""A field for a scan: its file typed or pasted, or picked with the button at its end."""

from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from ui import icons
from ui.dialogs.files import ask_open
from ui.settings import Settings
from ui.widgets.fields import ParsedEdit
from zjtx_desktop.errors import BadValue

SCANS = "扫描件 (*.pdf *.jpg *.jpeg *.png)"


class ScanEdit(ParsedEdit[Path]):
    """The full path of a PDF or picture; whether it can be read is found out when it is taken up."""

    def __init__(self, settings: Settings, title: str = "选择扫描件") -> None:
        super().__init__(_parse, str, "点右边的按钮选择 PDF、JPG 或 PNG")
        self._settings, self._title = settings, title
        self._button = QAction(title, self)
        icons.dress(self._button, "attach", "soft")
        self._button.triggered.connect(self.pick)
        self.addAction(self._button, QLineEdit.ActionPosition.TrailingPosition)

    def pick(self) -> None:
        """Let the person choose in the system's own dialog."""
        if chosen := ask_open(self, self._settings, self._title, SCANS):
            self.setText(str(chosen))


def _parse(text: str) -> Path:
    path = Path(text)
    if "\0" in text or not path.is_absolute():
        raise BadValue("请写扫描件的完整位置，或点右边的按钮选择。")
    return path
