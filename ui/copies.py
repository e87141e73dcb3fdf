"""Older and other copies of a book, and a clock in doubt: named before the book is shown, and put right from there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from ui.app import Program
from ui.commands import Act
from ui.desk_verbs import show
from ui.dialogs.compare_copies import CompareDialog
from ui.dialogs.older_copy import AcceptOlderDialog, ConfirmClockDialog, OlderCopyDialog
from ui.dialogs.restore_steps import UnlockBackupDialog
from ui.open_book import OpenBook
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases import clocks, rollback
from zjtx_desktop.usecases.backups import BackupLine, describe
from zjtx_desktop.usecases.two_copies import Comparison, compare_files
from zjtx_desktop.usecases.consents import who_may_agree
from zjtx_desktop.usecases.rollback import Gap
from zjtx_desktop.usecases.seen_books import SeenBooks

_FILES = "账簿 (*.zjtx)"


class Copies(QObject):
    """Belongs to the Keeper. `changed`: ask `acts` again."""

    changed = Signal()

    def __init__(self, program: Program, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._jobs = program.window, program.jobs
        self.memory = SeenBooks()
        self._desk: OpenBook | None = None
        self._gap: Gap | None = None

    def admit(self, book: Any, go_on: Callable[[], None], away: Callable[[], None]) -> None:
        """Call `go_on` with a book just opened; one that lacks what this computer has seen of it is named first."""
        found = rollback.meet(book, self.memory)
        if found is None:
            self._gap = None
            go_on()
            return
        dialog = OlderCopyDialog(self._jobs, found, book.path.name, self._window)

        def look(_: object) -> None:
            self._gap = found
            go_on()

        dialog.saved.connect(look)
        dialog.rejected.connect(away)
        show(dialog)

    def sit(self, desk: OpenBook) -> None:
        """This book is on the desk now: say why it can only be read, where that is so."""
        self._desk = desk
        if desk.book.read_only:
            self._window.say("warn", desk.book.read_only)
        elif self._gap:
            self._window.say("error", f"{self._gap.sentence}现在只能查看。", f"{rollback.DEED}…", self.accept)
        elif self._is_doubtful():
            self._window.say("warn", clocks.why_doubted(desk.book), f"{clocks.DEED}…", self.confirm_clock)

    def rise(self) -> None:
        """No book is on the desk any more."""
        self._desk = None

    def acts(self) -> tuple[Act, ...]:
        """What is offered over the book on the desk just now."""
        if self._desk is None:
            return ()
        always = (Act("compare", self.compare),)
        if self._desk.book.read_only:
            return always
        if self._gap:
            return (*always, Act("accept_older", self.accept, f"{rollback.DEED}…", "warning"))
        return (*always, Act("confirm_clock", self.confirm_clock, f"{clocks.DEED}…")) if self._is_doubtful() else always

    def accept(self) -> None:
        """Ask two persons whether this copy is to be used although it lacks something."""
        desk, found = self._desk, self._gap
        if desk and found:
            names = desk.ask_now(lambda session: who_may_agree(session, desk.person))
            dialog = AcceptOlderDialog(desk, found, names, self._window)
            dialog.saved.connect(lambda _: self._accepted(desk))
            show(dialog)

    def confirm_clock(self) -> None:
        """Ask why the clock may be believed."""
        if desk := self._desk:
            dialog = ConfirmClockDialog(desk, clocks.why_doubted(desk.book), self._window)
            dialog.saved.connect(lambda _: self._right_again(desk, "电脑的时间已确认。"))
            show(dialog)

    def compare(self) -> None:
        """Let the person pick another copy, and hold the two against each other."""
        if desk := self._desk:
            chosen, _ = QFileDialog.getOpenFileName(self._window, "核对另一份账簿", str(desk.path.parent), _FILES)
            if chosen:
                self.compare_with(Path(chosen))

    def compare_with(self, other: Path) -> None:
        """Hold the book on the desk against another file; an encrypted one is unlocked first."""
        desk = self._desk
        assert desk is not None
        secret = desk.book.secret
        self._jobs.run(lambda _tick: describe(other, secret), lambda line: self._compare(desk, line, secret), label="核对账簿")

    def _compare(self, desk: OpenBook, line: BackupLine, secret: bytes | None) -> None:
        if line.locked:
            dialog = UnlockBackupDialog(self._jobs, line, desk.person, self._window)
            dialog.saved.connect(lambda found: self._held(desk, line.path, found.secret))
            show(dialog)
        else:
            self._held(desk, line.path, secret)

    def _held(self, desk: OpenBook, other: Path, secret: bytes | None) -> None:
        self._jobs.run(
            lambda _tick: compare_files(desk.path, desk.book.secret, other, secret),
            lambda found: self._show(found, other),
            self._failed,
            label="核对账簿",
        )

    def _show(self, found: Comparison, other: Path) -> None:
        show(CompareDialog(found, other, self._window))

    def _failed(self, error: AppError) -> None:
        self._window.say("error", str(error))

    def _accepted(self, desk: OpenBook) -> None:
        self._gap = rollback.meet(desk.book, self.memory)
        self._right_again(desk, "已接受。账簿可以继续登记，缺少的步骤请补办。")

    def _right_again(self, desk: OpenBook, said: str) -> None:
        desk.tell()
        self.changed.emit()
        self._window.say("good", said)

    def _is_doubtful(self) -> bool:
        return bool(self._desk and clocks.why_doubted(self._desk.book))
