"""The way from “从备份恢复” to two people having agreed: choose, unlock, see what will be lost, agree."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from ui.app import Program
from ui.dialogs.restore import RestoreDialog
from ui.dialogs.restore_steps import ConfirmRestoreDialog, Unlocked, UnlockBackupDialog
from ui.open_book import OpenBook
from ui.places import Places
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases.backups import BackupLine
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.restoring import Hands, Preview, preview
from zjtx_desktop.usecases.seen_books import SeenBooks


class Restorer(QObject):
    """One restore over the book at `path`, open on the desk or not. `agreed(line, hands, secret)`: it can be done."""

    agreed = Signal(object, object, object)

    def __init__(
        self, program: Program, places: Places, memory: SeenBooks, path: Path, desk: OpenBook | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._program, self._window, self._jobs = program, program.window, program.jobs
        self._places, self._memory, self._path, self._desk = places, memory, path, desk
        self._present_secret = desk.book.secret if desk else None

    def begin(self) -> None:
        """Let the person choose a backup."""
        folders = self._places.known_backup_folders()
        dialog = RestoreDialog(self._jobs, folders, self._path.name, self._present_secret, self._window)
        dialog.chosen.connect(self._chosen)
        self._open(dialog)
        dialog.refresh()

    def _chosen(self, line: BackupLine) -> None:
        me = self._desk.actor if self._desk else Actor(self._places.person)
        if line.locked:
            dialog = UnlockBackupDialog(self._jobs, line, self._places.person, self._window)
            dialog.saved.connect(lambda found: self._unlocked(line, found))
            self._open(dialog)
        else:
            self._look(line, Hands(me), self._present_secret)

    def _unlocked(self, line: BackupLine, found: Unlocked) -> None:
        me = self._desk.actor if self._desk else found.actor
        self._look(line, Hands(me, by_code=found.by_code), found.secret)

    def _look(self, line: BackupLine, hands: Hands, secret: bytes | None) -> None:
        path, known, present = self._path, self._memory.at(self._path), self._present_secret
        self._jobs.run(
            lambda _tick: preview(line.path, path, secret, known, present),
            lambda seen: self._ask(seen, hands),
            self._refused,
            label="核对备份",
        )

    def _ask(self, seen: Preview, hands: Hands) -> None:
        dialog = ConfirmRestoreDialog(self._jobs, seen, self._path, hands, self._desk, self._window)
        dialog.saved.connect(lambda agreed: self.agreed.emit(seen.line, agreed, seen.secret))
        self._open(dialog)

    def _refused(self, error: AppError) -> None:
        self._window.say("error", str(error))

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
