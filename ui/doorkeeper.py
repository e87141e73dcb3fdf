"""Who is at the desk: lets persons in, asks for new passwords, and locks the program that was left alone."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from ui.app import Program
from ui.commands import Act
from ui.dialogs.sign_in import ChangePasswordDialog, LockDialog, SignInDialog
from ui.open_book import OpenBook
from ui.widgets.cover import Cover
from zjtx_desktop.domain.passwords import PasswordAge, PasswordRules
from zjtx_desktop.usecases import people
from zjtx_desktop.usecases.duties import Actor

_LAST = "person/name"
_MINUTE = 60_000
_SIGNS_OF_LIFE = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.InputMethod,
)


class Doorkeeper(QObject):
    """Belongs to the Keeper. `changed`: somebody else has signed in. `refused`: nobody did, the book is to be closed.

    In a book without persons it lets everybody in under the name that the program remembers.
    """

    changed = Signal()
    refused = Signal()

    def __init__(self, program: Program, parent: QObject) -> None:
        super().__init__(parent)
        self._program, self._window, self._jobs = program, program.window, program.jobs
        self._desk: OpenBook | None = None
        self._covers: list[Cover] = []
        self.lock_dialog: LockDialog | None = None
        self._watch = LifeWatch(self)
        self._watch.quiet.connect(self.lock)

    # in and out

    def admit(self, book: Any, go_on: Callable[[Actor], None], away: Callable[[], None]) -> None:
        """Call `go_on` with who works on the book just opened, or `away` when nobody signed in."""
        with book.reading() as session:
            names = people.sign_in_names(session)
        if not names:
            go_on(Actor(self._program.settings.text(_LAST)))
            return
        dialog = SignInDialog(book, self._jobs, names, self._program.settings.text(_LAST), parent=self._window)
        dialog.saved.connect(lambda actor: self.arrive(book, actor, go_on, away))
        dialog.rejected.connect(away)
        self._open(dialog)

    def sit(self, desk: OpenBook) -> None:
        """This book is on the desk now; watch over it when persons keep it."""
        self._desk = desk
        desk.staffed.connect(self._must_sign_in)
        if desk.is_signed_into:
            self._name_duties(desk)
            rules = desk.ask_now(people.rules)
            self._watch.start(rules.idle_minutes * _MINUTE)
            age = desk.ask_now(lambda session: people.password_age(session, desk.person, date.today()))
            if age.is_ending:
                self._window.say(
                    "warn", f"密码还有 {age.days_left} 天到期。", "现在修改…", self.change_password
                )

    def rise(self) -> None:
        """No book is on the desk any more."""
        self._watch.stop()
        self._desk = None

    def acts(self) -> tuple[Act, ...]:
        """The verbs of somebody who has signed in; none in a plain book without persons."""
        if not self._desk or not self._desk.is_signed_into:
            return ()
        staffed = self._desk.actor.key is not None
        return (
            Act("person", self.change_person, "换人登录…" if staffed else "", enabled=staffed),
            Act("change_password", self.change_password),
            Act("lock", self.lock),
        )

    def change_person(self) -> None:
        """Somebody else signs in; the book stays open, the one before stays signed in until then."""
        desk = self._desk
        if desk is None or not self._window.may_leave():
            return
        dialog = SignInDialog(desk.book, self._jobs, desk.ask_now(people.names), "", "换人登录：请选择姓名，输入密码。", self._window)
        dialog.saved.connect(lambda actor: self.arrive(desk.book, actor, self._take_over, lambda: None))
        self._open(dialog)

    def change_password(self) -> None:
        """The person signed in chooses another password."""
        if desk := self._desk:
            dialog = ChangePasswordDialog(desk, desk.ask_now(people.rules), parent=self._window)
            dialog.saved.connect(lambda _: self._window.say("good", "密码已修改。"))
            dialog.saved.connect(lambda _: desk.tell())
            self._open(dialog)

    # the lock

    def lock(self) -> None:
        """Cover everything until a password is given; what was begun stays under the cover."""
        desk = self._desk
        if desk is None or not desk.is_signed_into or self.lock_dialog:
            return
        self._watch.stop()
        self._covers = self._covers or [Cover(one) for one in QApplication.topLevelWidgets() if _is_ours(one)]
        self.lock_dialog = LockDialog(desk.book, self._jobs, desk.ask_now(people.sign_in_names), desk.person, self._window)
        self.lock_dialog.saved.connect(self._unlocked)
        self.lock_dialog.show()

    def _unlocked(self, actor: Actor) -> None:
        desk = self._desk
        assert desk is not None
        lock, self.lock_dialog = self.lock_dialog, None
        if lock:
            lock.deleteLater()
        if actor.name == desk.person:
            self._uncover()
            return
        for one in QApplication.topLevelWidgets():
            if isinstance(one, QDialog) and one.isVisible() and one is not lock:
                one.done(QDialog.DialogCode.Rejected)  # what the other had begun is not this person's
        self.arrive(desk.book, actor, self._take_over, self.lock)

    def _uncover(self) -> None:
        for cover in self._covers:
            if isValid(cover):
                cover.lift()
        self._covers = []
        if self._desk:
            self._watch.start(self._desk.ask_now(people.rules).idle_minutes * _MINUTE)

    # how it goes on

    def arrive(self, book: Any, actor: Actor, go_on: Callable[[Actor], None], away: Callable[[], None]) -> None:
        """Somebody has signed in; ask for another password first, where this one may not be used any longer."""
        with book.reading() as session:
            age, rules = people.password_age(session, actor.name, date.today()), people.rules(session)
        self._program.settings.set_text(_LAST, actor.name)
        if age.must_change:
            self._ask_new_password(book, actor, age, rules, go_on, away)
        else:
            go_on(actor)

    def _ask_new_password(
        self,
        book: Any,
        actor: Actor,
        age: PasswordAge,
        rules: PasswordRules,
        go_on: Callable[[Actor], None],
        away: Callable[[], None],
    ) -> None:
        why = "密码已到期，请先修改。"
        if age.days_left is None:
            with book.reading() as session:
                given = people.who_reset(session, actor.name)
            told = f"{given.sentence}不是您要求的，请告诉单位负责人。" if given else ""
            why = f"{told}请先改成自己的密码。"
        desk = OpenBook(book, self._jobs, actor, self)
        dialog = ChangePasswordDialog(desk, rules, why, self._window)
        dialog.saved.connect(lambda _: go_on(actor))
        dialog.rejected.connect(away)
        dialog.finished.connect(desk.deleteLater)
        self._open(dialog)

    def _take_over(self, actor: Actor) -> None:
        if self._desk:
            self._desk.actor = actor
            self._name_duties(self._desk)
            self._uncover()
            self._desk.tell()
            self.changed.emit()

    def _name_duties(self, desk: OpenBook) -> None:
        line = desk.ask_now(lambda session: people.person(session, desk.person))
        desk.duties = line.duties if line else ""

    def _must_sign_in(self) -> None:
        """The book has just got its first persons: nobody has signed in yet."""
        desk = self._desk
        assert desk is not None
        names = desk.ask_now(people.names)
        dialog = SignInDialog(desk.book, self._jobs, names, names[0], "账簿已登记人员。请登录后继续。", self._window)
        dialog.saved.connect(lambda actor: self.arrive(desk.book, actor, self._take_over, self.refused.emit))
        dialog.rejected.connect(self.refused)
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class LifeWatch(QObject):
    """Says `quiet` when nobody touched keys or mouse for so long. It listens only where the keyboard is, not to all."""

    quiet = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.quiet)
        self._watched: QWindow | None = None
        QGuiApplication.instance().focusWindowChanged.connect(self._follow)

    def start(self, milliseconds: int) -> None:
        """Listen from now on."""
        self._timer.start(milliseconds)
        self._follow(QGuiApplication.focusWindow())

    def stop(self) -> None:
        """Listen no longer."""
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE and self._timer.isActive():
            self._timer.start()
        return False

    def _follow(self, window: QWindow | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = window
        if window is not None:
            window.installEventFilter(self)


def _is_ours(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isWindow() and not isinstance(widget, Cover)
