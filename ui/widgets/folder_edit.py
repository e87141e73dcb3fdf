"""A field for a folder: typed or pasted, or picked with the button at its end."""

from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QLineEdit

from ui import icons
from ui.widgets.fields import ParsedEdit
from zjtx_desktop.errors import BadValue


class FolderEdit(ParsedEdit[Path]):
    """A full path. A folder that is not there yet is no error here: whoever uses it makes it, or says so."""

    def __init__(self, title: str = "选择文件夹") -> None:
        super().__init__(_parse, str, "例如 D:\\专精特新奖补")
        self._title = title
        self._button = QAction(title, self)
        icons.dress(self._button, "folder", "soft")
        self._button.triggered.connect(self.pick)
        self.addAction(self._button, QLineEdit.ActionPosition.TrailingPosition)

    def pick(self) -> None:
        """Let the person choose in the system's own dialog."""
        if chosen := QFileDialog.getExistingDirectory(self, self._title, self.text()):
            self.setText(str(Path(chosen)))


def _parse(text: str) -> Path:
    path = Path(text)
    if "\0" in text or not path.is_absolute():
        raise BadValue("请写完整的文件夹位置，或点右边的按钮选择。")
    return path
