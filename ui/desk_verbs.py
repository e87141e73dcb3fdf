"""The verbs that hold on every page of an open book: undo by name, backup, check, history, its folder."""

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog

from ui.app import Program
from ui.commands import Act
from ui.dialogs.backup import BackupDialog
from ui.dialogs.history import HistoryDialog
from ui.dialogs.paper_check import PaperCheckDialog
from ui.open_book import OpenBook
from ui.places import Places
from ui.vitals import Vitals
from zjtx_desktop.usecases.backups import BackupLine

_TITLE = 24  # letters of a title in a menu


class DeskVerbs(QObject):
    """Over one open book, and gone with it. `changed`: ask `acts` again, another action can be taken back."""

    changed = Signal()

    def __init__(self, program: Program, places: Places, desk: OpenBook, vitals: Vitals) -> None:
        super().__init__(desk)
        self._window, self._settings, self._places = program.window, program.settings, places
        self._desk, self._vitals = desk, vitals
        self._back = self._again = ""
        self._fixed = self._instead = ""  # what was done last and cannot be taken back, and what puts it right
        desk.fixed.connect(self._keep_fixed)
        desk.steps.connect(self._show_steps)
        desk.changed.connect(self._refresh)
        desk.noted.connect(self._say_note)

    def acts(self) -> tuple[Act, ...]:
        """What is offered now."""
        back, again = self._back, self._again
        return (
            Act("import", self.import_list),
            Act("backup", self.back_up),
            Act("history", self.show_history),
            Act("check", self._vitals.check),
            Act("check_paper", self.check_paper),
            Act("open_folder", self.open_folder, "打开账簿所在文件夹", "folder"),
            self._undo_act(back),
            Act("redo", self.redo, f"重做：{again}" if again else "重做", enabled=bool(again)),
        )

    def _undo_act(self, back: str) -> Act:
        """What was done last and stays is named with its counter-action, before an older action is offered."""
        if self._fixed:
            return Act("undo", self.say_instead, f"撤销：{short(self._fixed)}（不能撤销，看怎样更正）")
        return Act("undo", self.undo, f"撤销：{back}" if back else "撤销", enabled=bool(back))

    def _say_note(self, sentence: str) -> None:
        self._window.say("warn", sentence)

    def say_instead(self) -> None:
        """Say what puts the last action right; what was done before it can be taken back from there."""
        sentence, back = f"“{self._fixed}”不能撤销。{self._instead}。", self._back
        self._window.say("info", sentence, *((f"撤销更早的：{short(back)}", self.undo) if back else ()))

    def import_list(self) -> None:
        """Go where lists are imported, and begin; pages that import by themselves offer their own way."""
        self._window.show_page("recognitions", ("import",))

    def back_up(self) -> None:
        """Make a backup."""
        dialog = BackupDialog(self._desk, self._places.manual_folder, self._window)
        dialog.saved.connect(self._backed_up)
        show(dialog)

    def show_history(self) -> None:
        """Show what was done in the whole book."""
        show(HistoryDialog(self._desk, self._settings, parent=self._window))

    def check_paper(self) -> None:
        """Compare a printed code with the book."""
        show(PaperCheckDialog(self._desk, self._settings, self._window))

    def open_folder(self) -> None:
        """Show the folder of the book."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._desk.path.parent))

    def undo(self) -> None:
        """Take the last action back."""
        self._desk.undo(lambda title: self._window.say("good", f"已撤销：{title}"))

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._desk.redo(lambda title: self._window.say("good", f"已重做：{title}"))

    def _backed_up(self, line: BackupLine) -> None:
        self._places.set_manual_folder(line.path.parent)
        self._vitals.backed_up(line.at, line.path)

    def _refresh(self) -> None:
        """Something was saved: what is on screen is asked for anew."""
        if page := self._window.page():
            page.refresh()

    def _keep_fixed(self, title: str, instead: str) -> None:
        self._fixed, self._instead = title, instead

    def _show_steps(self, back: str, again: str) -> None:
        self._back, self._again = back, again
        self.changed.emit()


def short(title: str) -> str:
    """A title as it fits into a menu."""
    return title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"


def show(dialog: QDialog) -> None:
    """Show a dialog over the window, and let go of it once it is closed."""
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
