"""Into encrypted books, and what is done with their keys: the code on paper, a plain book encrypted, a code renewed."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from ui.app import Program
from ui.commands import Act
from ui.dialogs.recovery import CodeDialog, EncryptDialog, RecoverySheetDialog, RenewDialog, ResetByCodeDialog, TypeCodeDialog
from ui.dialogs.sign_in import SignInDialog, UnlockDialog
from ui.doorkeeper import Doorkeeper
from ui.open_book import OpenBook
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases import people
from zjtx_desktop.usecases.books import open_book
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.encrypting import OLD_CODE, OLD_COPIES, Other, encrypt_book, renew_code
from zjtx_desktop.usecases.entering import is_shut, who_opens
from zjtx_desktop.usecases.recovering import Recovered, is_on_paper
from zjtx_desktop.usecases.root import key_hints

PLAIN = "未加密账簿，只作示例和试用。正式使用请先加密。"
_NOT_ON_PAPER = "恢复码还没有打印封存：密码忘了就打不开账簿。请现在打印。"
_NEVER_ON_PAPER = "恢复码还没有登记为打印封存：密码忘了就打不开账簿。没有打印过的，请更换一个。"
_LAST = "person/name"
GoOn = Callable[[Any, Actor], None]


class Keymaster(QObject):
    """Belongs to the Keeper. `closing`: the book on the desk is to be closed now; `opened`: a book is there again, with
    who works on it; `failed`: it stays as it was, and why.
    """

    closing = Signal()
    opened = Signal(object, object)
    failed = Signal(object, object, object)  # path, its secret or None, the AppError

    def __init__(self, program: Program, door: Doorkeeper, parent: QObject) -> None:
        super().__init__(parent)
        self._program, self._window, self._jobs, self._door = program, program.window, program.jobs, door
        self._desk: OpenBook | None = None

    # into a book

    def guards(self, path: Path) -> bool:
        """Whether the book at `path` opens only with a password or its code."""
        return is_shut(path)

    def unlock(self, path: Path, go_on: GoOn, away: Callable[[], None]) -> None:
        """Ask for name and password before the book is opened; where no password will do, for the code."""
        try:
            names = who_opens(path) or ()
        except AppError as problem:
            self._ask_code(path, go_on, away, str(problem))
            return
        dialog = UnlockDialog(path, self._jobs, names, self._program.settings.text(_LAST), self._window)
        dialog.saved.connect(lambda pair: self._door.arrive(pair[0], pair[1], partial(go_on, pair[0]), away))
        dialog.rejected.connect(away)
        dialog.forgotten.connect(partial(self._forgotten, dialog, path, go_on, away))
        _show(dialog)

    def _forgotten(self, dialog: UnlockDialog, path: Path, go_on: GoOn, away: Callable[[], None]) -> None:
        dialog.rejected.disconnect(away)
        dialog.reject()
        self._ask_code(path, go_on, partial(self.unlock, path, go_on, away))

    def _ask_code(self, path: Path, go_on: GoOn, away: Callable[[], None], why: str = "") -> None:
        dialog = CodeDialog(path, self._jobs, why, self._window)
        dialog.saved.connect(partial(self._ask_new_password, path, go_on, away))
        dialog.rejected.connect(away)
        _show(dialog)

    def _ask_new_password(self, path: Path, go_on: GoOn, away: Callable[[], None], found: Recovered) -> None:
        dialog = ResetByCodeDialog(found, self._jobs, self._window)

        def leave() -> None:
            found.book.close()
            self.unlock(path, go_on, away)  # by a password that is remembered after all

        dialog.saved.connect(lambda actor: go_on(found.book, actor))
        dialog.rejected.connect(leave)
        _show(dialog)

    # over the book on the desk

    def sit(self, desk: OpenBook) -> None:
        """This book is on the desk now: say so when it is plain, or when its code is not on paper."""
        self._desk = desk
        if not desk.is_encrypted:
            verb = ("加密账簿…", self.encrypt) if self._may(desk) else ("", None)
            self._window.say("warn", PLAIN, *verb)
        elif self._may(desk) and not is_on_paper(desk.book):
            self._window.say("warn", *self._not_on_paper(desk))
        elif self._may(desk) and (hints := desk.ask_now(lambda session: key_hints(session, desk.is_encrypted))):
            self._window.say("warn", hints[0])

    def _not_on_paper(self, desk: OpenBook) -> tuple[str, str, Callable[[], None]]:
        if desk.book.knows_code:
            return _NOT_ON_PAPER, "恢复码…", self.show_sheet
        return _NEVER_ON_PAPER, "更换恢复码…", self.renew

    def rise(self) -> None:
        """No book is on the desk any more."""
        self._desk = None

    def acts(self) -> tuple[Act, ...]:
        """What can be done with the keys of the book on the desk, by whom it is offered."""
        desk = self._desk
        if desk is None or not self._may(desk):
            return ()
        if not desk.is_encrypted:
            return (Act("encrypt", self.encrypt),)
        return (Act("recovery", self.ask_sheet), Act("renew_code", self.renew))

    def ask_sheet(self) -> None:
        """Show the code once the own password is given again."""
        desk = self._desk
        assert desk is not None
        dialog = SignInDialog(
            desk.book, self._jobs, (desk.person,), desk.person, "请再输入一次您的密码，然后打印恢复码。", self._window
        )
        dialog.saved.connect(lambda _: self._ask_for_the_code(desk))
        _show(dialog)

    def _ask_for_the_code(self, desk: OpenBook) -> None:
        """Nobody's password leads to the code: where it was not made a moment ago, it is typed from the old sheet."""
        if desk.book.knows_code:
            self.show_sheet()
            return
        dialog = TypeCodeDialog(desk, self._window)
        dialog.saved.connect(lambda _: self.show_sheet())
        _show(dialog)

    def show_sheet(self) -> None:
        """Show the code, to be put on paper."""
        if desk := self._desk:
            dialog = RecoverySheetDialog(desk, self._program.settings, self._window)
            dialog.saved.connect(lambda _: self._window.say("good", "恢复码已登记为打印封存。"))
            dialog.saved.connect(lambda _: desk.tell())
            _show(dialog)

    def encrypt(self) -> None:
        """Ask for a password, then close the book, encrypt it and open it again."""
        if desk := self._desk:
            dialog = EncryptDialog(desk, self._window)
            dialog.saved.connect(partial(self._rewrite, desk, "加密账簿", f"账簿已加密。{OLD_COPIES}"))
            _show(dialog)

    def renew(self) -> None:
        """Ask for the own password, then close the book, put it under another key and open it again."""
        if desk := self._desk:
            dialog = RenewDialog(desk, self._window)
            dialog.saved.connect(partial(self._rewrite, desk, "更换恢复码", f"恢复码已更换。{OLD_CODE}"))
            _show(dialog)

    def _rewrite(self, desk: OpenBook, label: str, said: str, given: tuple[str, Other]) -> None:
        if not self._window.may_leave():
            return
        path, actor, old = desk.path, desk.actor, desk.book.secret
        password, other = given
        self.closing.emit()

        def work(_tick: Any) -> Any:
            if old:
                secret = renew_code(path, old, actor.name, password, other=other)
            else:
                secret = encrypt_book(path, actor.name, password, other=other)
            return open_book(path, secret)

        def done(book: Any) -> None:
            self.opened.emit(book, actor)
            self._window.say("warn", said)
            self.show_sheet()

        self._jobs.run(work, done, lambda error: self.failed.emit(path, old, error), label=label)

    def _may(self, desk: OpenBook) -> bool:
        """The 系统管理员 who has signed in, or the one user."""
        if not desk.is_staffed():
            return True
        line = desk.ask_now(lambda session: people.person(session, desk.person))
        return desk.actor.key is not None and line is not None and Role.ADMIN in line.roles


def _show(dialog: QDialog) -> None:
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
