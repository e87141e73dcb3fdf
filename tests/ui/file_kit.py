"""Answering the file dialog that opens next, as a person would: by typing a path, once its folder is on screen."""

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit


def answer_file(path: Path) -> list[str]:
    """Type a path and accept it; what is returned will hold the name the dialog offered, and its folder.

    Until Qt has listed the folder it puts the name offered back, and would then ask whether to replace that file.
    """
    offered: list[str] = []

    def type_in() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        name = dialog.findChild(QLineEdit, "fileNameEdit")
        if not offered:
            offered.extend((name.text(), dialog.directory().absolutePath()))
        name.setText(str(path))
        if dialog.selectedFiles() == [str(path)]:
            dialog.accept()
        else:
            QTimer.singleShot(10, type_in)

    QTimer.singleShot(0, type_in)
    return offered
