"""Where something is saved or read: asked for with a name that fits, in the folder last saved to or last read from.

Each of the two is remembered by itself; the first time the other one's folder is offered, or that of the documents:
Qt by itself would begin where any other file dialog was left, or in the folder the program was started from.
"""

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from ui.settings import Settings

LISTS = "名单 (*.xlsx *.xlsm *.xls *.et *.docx *.pdf *.csv *.txt)"  # what a list may come in

_READ, _SAVED = "files/read", "files/saved"


def ask_file(parent: QWidget, settings: Settings, title: str, name: str, kind: str) -> Path | None:
    """The file to write, or None; `kind` is like “PDF 文件 (*.pdf)”. The dialog asks before a file is replaced."""
    dialog = _dialog(parent, settings, title, _SAVED)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(kind)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.selectFile(name)
    return _answer(dialog, settings, _SAVED)


def ask_file_once(parent: QWidget, settings: Settings, title: str, name: str, kind: str) -> Path | None:
    """As `ask_file`, for what is saved where nothing else should follow: its folder is not remembered."""
    before = settings.text(_SAVED)
    chosen = ask_file(parent, settings, title, name, kind)
    settings.set_text(_SAVED, before)
    return chosen


def ask_open(parent: QWidget, settings: Settings, title: str, kind: str) -> Path | None:
    """The file to read, or None; `kind` is like “PDF 文件 (*.pdf)”."""
    dialog = _dialog(parent, settings, title, _READ)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kind)
    return _answer(dialog, settings, _READ)


def ask_folder(parent: QWidget, settings: Settings, title: str) -> Path | None:
    """The folder to write into, or None."""
    dialog = _dialog(parent, settings, title, _SAVED)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _answer(dialog, settings, _SAVED)


def _dialog(parent: QWidget, settings: Settings, title: str, name: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folders = (*map(settings.text, (name, _READ, _SAVED)), documents, str(Path.home()))
    dialog.setDirectory(next(folder for folder in folders if folder and Path(folder).is_dir()))
    return dialog


def _answer(dialog: QFileDialog, settings: Settings, name: str) -> Path | None:
    accepted = dialog.exec()
    chosen = Path(dialog.selectedFiles()[0]) if accepted and dialog.selectedFiles() else None
    dialog.deleteLater()
    if chosen:
        settings.set_text(name, str(chosen if chosen.is_dir() else chosen.parent))
    return chosen
