"""What the program remembers of this person's desk between two starts; nothing of it belongs to the book."""

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths


def data_folder() -> Path:
    """Where settings and log lie on this machine; made when it is not there yet."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Settings:
    """Texts, lists and window shapes under names like `lists/firms`, in one ini file.

    A value that cannot be read, because the file was edited or is from another version, counts as absent:
    a desk that has forgotten its column widths still works.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

    def text(self, name: str, default: str = "") -> str:
        """The text kept under `name`."""
        value = self._store.value(name, default)
        return value if isinstance(value, str) else default

    def set_text(self, name: str, value: str) -> None:
        """Keep a text."""
        self._store.setValue(name, value)

    def data(self, name: str) -> Any:
        """The plain data (dicts, lists, numbers, texts) kept under `name`, or None."""
        try:
            return json.loads(self.text(name, "null"))
        except ValueError:
            return None

    def set_data(self, name: str, value: Any) -> None:
        """Keep plain data."""
        self.set_text(name, json.dumps(value, ensure_ascii=False))

    def shape(self, name: str) -> QByteArray:
        """The window geometry or splitter state kept under `name`; empty when there is none."""
        return QByteArray.fromBase64(self.text(name).encode("ascii", "ignore"))

    def set_shape(self, name: str, value: QByteArray) -> None:
        """Keep what `saveGeometry` or `saveState` gave."""
        self.set_text(name, bytes(value.toBase64().data()).decode("ascii"))

    def forget(self, name: str) -> None:
        """Drop what was kept under `name`."""
        self._store.remove(name)

    def flush(self) -> None:
        """Write to disk now."""
        self._store.sync()
