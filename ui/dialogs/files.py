"""Where something is saved or read: asked for with the last folder remembered and a name that fits."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from ui.settings import Settings

_FOLDER = "files/folder"


def ask_file(parent: QWidget, settings: Settings, title: str, name: str, kind: str) -> Path | None:
    """The file to write, or None; `kind` is like “PDF 文件 (*.pdf)”. The dialog asks before a file is replaced."""
    dialog = _dialog(parent, settings, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(kind)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.selectFile(name)
    return _answer(dialog, settings)


def ask_open(parent: QWidget, settings: Settings, title: str, kind: str) -> Path | None:
    """The file to read, or None; `kind` is like “名单 (*.xlsx *.csv)”."""
    dialog = _dialog(parent, settings, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kind)
    return _answer(dialog, settings)


def ask_folder(parent: QWidget, settings: Settings, title: str) -> Path | None:
    """The folder to write into, or None."""
    dialog = _dialog(parent, settings, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _answer(dialog, settings)


def _dialog(parent: QWidget, settings: Settings, title: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    folder = settings.text(_FOLDER)
    if folder and Path(folder).is_dir():
        dialog.setDirectory(folder)
    return dialog


def _answer(dialog: QFileDialog, settings: Settings) -> Path | None:
    accepted = dialog.exec()
    chosen = Path(dialog.selectedFiles()[0]) if accepted and dialog.selectedFiles() else None
    dialog.deleteLater()
    if chosen:
        settings.set_text(_FOLDER, str(chosen if chosen.is_dir() else chosen.parent))
    return chosen
