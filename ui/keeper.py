"""Opens, makes and restores books, and knows who works with them; what needs no open book stands here."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from ui.app import Program
from ui.commands import Act
from ui.copies import Copies
from ui.desk_verbs import DeskVerbs, show
from ui.dialogs.about import AboutDialog
from ui.dialogs.new_book import NewBookDialog, PersonDialog
from ui.doorkeeper import Doorkeeper
from ui.keymaster import Keymaster
from ui.later import make_sample, pages_of, warm_up
from ui.open_book import OpenBook
from ui.page import Desk
from ui.pages.home_view import HomeView
from ui.places import SAMPLE_NAME, Places, books_folder
from ui.restoring import Restorer
from ui.safekeeping import Safekeeping
from ui.vitals import Vitals
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases.backups import BackupLine
from zjtx_desktop.usecases.books import open_book
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.restoring import Hands, restore

_FILES = "账簿 (*.zjtx)"
_QUIET = 600  # milliseconds that the first page has the worker to itself


class Keeper(QObject):
    """Belongs to the Program; holds the open book, if there is one, and nothing of what the book says."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._program, self._window, self._jobs = program, program.window, program.jobs
        self.places = Places(program.settings)
        self.desk: OpenBook | None = None
        self.vitals: Vitals | None = None
        self._verbs: DeskVerbs | None = None
        self._safekeeping: Safekeeping | None = None
        self._early: HomeView | None = None
        self.door = Doorkeeper(program, self)
        self.door.changed.connect(self._show_person)
        self.door.refused.connect(self._leave)
        self.keys = Keymaster(program, self.door, self)
        self.keys.closing.connect(self._close)
        self.keys.opened.connect(self._show)
        self.keys.failed.connect(lambda path, secret, error: self._reopen(path, secret, "error", str(error)))
        self.copies = Copies(program, self)
        self.copies.changed.connect(self._offer)
        self._afterwards = QTimer(self, singleShot=True, interval=_QUIET)
        self._afterwards.timeout.connect(self._look_after)

    def begin(self, path: Path | None, view: HomeView | None = None) -> None:
        """Open the book asked for or the last one; without either, offer the guide. `view` shows its figures already."""
        self._early = view
        self._offer()
        wanted = path or self.places.last_book
        if wanted is None:
            self._program.welcome()
        else:
            self.open(wanted.absolute())

    # books

    def open(self, path: Path) -> None:
        """Open a book in the window; the one that is open stays until the other is there."""
        if self.desk and self.desk.path.resolve() == path.resolve():
            self._window.say("info", "这个账簿已经打开了。")
        elif self.keys.guards(path):
            if self._window.may_leave():
                self.keys.unlock(path, self._show, self._stay_out)
        elif not self.places.person:
            self._ask_person(lambda: self.open(path))
        elif self._window.may_leave():
            self._jobs.run(
                lambda _tick: open_book(path), self._let_in, partial(self._not_opened, path), label="打开账簿"
            )

    def new_book(self) -> None:
        """Ask for whom and where, make the book and open it."""
        dialog = NewBookDialog(self._jobs, books_folder(), self.places.person, self._window)
        dialog.saved.connect(lambda book: self._made(book, dialog.person))
        show(dialog)

    def choose_book(self) -> None:
        """Let the person pick a file."""
        folder = self.places.last_book.parent if self.places.last_book else books_folder()
        chosen, _ = QFileDialog.getOpenFileName(self._window, "打开账簿", str(folder), _FILES)
        if chosen:
            self.open(Path(chosen))

    def open_sample(self) -> None:
        """Open the sample book, made first where it is not there yet."""
        path = books_folder() / SAMPLE_NAME
        if path.exists():
            self.open(path)
        elif not self.places.person:
            self._ask_person(self.open_sample)
        else:
            make = partial(make_sample, path, self.places.person)
            self._jobs.run(make, lambda _done: self.open(path), label="生成示例账簿")

    def restore(self) -> None:
        """Let the person pick a backup, and put it in the place of the book."""
        if not self.places.person:
            self._ask_person(self.restore)
            return
        path = self.desk.path if self.desk else self.places.last_book or books_folder() / "奖补账簿.zjtx"
        restorer = Restorer(self._program, self.places, self.copies.memory, path, self.desk, self)
        restorer.agreed.connect(partial(self.put_back, path))
        restorer.begin()

    def put_back(self, path: Path, line: BackupLine, hands: Hands, secret: bytes | None = None) -> None:
        """Close the book, replace it, and open what is there then; refused, the old one is opened again."""
        if not self._window.may_leave():
            return
        present = self.desk.book.secret if self.desk else None
        self._close()
        now = datetime.now()

        def done(aside: Path) -> None:
            kept = f"恢复前的账簿另存为“{aside.name}”。" if aside.exists() else ""
            self.places.set_trouble(path, "")
            said = f"已恢复到 {line.at:%Y-%m-%d %H:%M} 的备份。{kept}"
            if self.keys.guards(path):  # by a password, or by the code where none is remembered
                self._window.say("good", said)
                self.keys.unlock(path, partial(self._show_restored, said), self._stay_out)
            else:
                self._reopen(path, secret, "good", said)

        def failed(error: AppError) -> None:
            self._reopen(path, present, "error", str(error))

        self._jobs.run(
            lambda tick: restore(line.path, path, hands, now, tick, secret, present, self.copies.memory),
            done,
            failed,
            label="恢复账簿",
        )

    # the person and the program

    def change_person(self) -> None:
        """Somebody else works here."""
        self._ask_person(lambda: None)

    def about(self) -> None:
        """Say which version this is."""
        folder = self._program.settings.path.parent
        show(AboutDialog(self.desk.path if self.desk else None, folder, self._program.log_file, self._window))

    # how it goes on

    def _made(self, book: Any, person: str) -> None:
        self.places.set_person(person)
        if book.secret is None:
            self._let_in(book)
        else:  # the password was chosen a moment ago
            self._show(book, Actor(person.strip()))
            self.keys.show_sheet()

    def _stay_out(self) -> None:
        """Nobody got into the book."""
        if not self.desk:
            self._put_early_away()
            self._program.welcome()
            self._offer()

    def _let_in(self, book: Any, then: Callable[[], None] = lambda: None) -> None:
        """Show a book that is open once it is known who works on it; nobody signed in, it is closed again."""

        def away() -> None:
            book.close()
            self._stay_out()

        self.door.admit(book, lambda actor: self._show(book, actor, then), away)

    def _show(self, book: Any, actor: Actor, then: Callable[[], None] = lambda: None) -> None:
        """Show a book on which somebody works, once it is no older copy, or that is known."""

        def go_on() -> None:
            self._put_on_desk(book, actor)
            then()

        def away() -> None:
            book.close()
            self._stay_out()

        self.copies.admit(book, go_on, away)

    def _put_on_desk(self, book: Any, actor: Actor) -> None:
        self._close()
        self.desk = desk = OpenBook(book, self._jobs, actor, self)
        self.vitals = vitals = Vitals(desk, self.places)
        self.places.set_last_book(desk.path)
        self._verbs = DeskVerbs(self._program, self.places, desk, vitals)
        self._verbs.changed.connect(self._offer)
        self._safekeeping = safekeeping = Safekeeping(desk, vitals, self.copies.memory)
        safekeeping.says.connect(self._window.say)
        vitals.settings_changed.connect(safekeeping.follow_settings)
        safekeeping.lost.connect(lambda gone: self._window.say("error", gone, "从备份恢复…", self.restore))
        vitals.changed.connect(self._show_standing)
        pages = pages_of(desk, self._program.settings, vitals, self._program.theme, self._early)
        self._early = None
        self._window.open_desk(
            Desk(
                desk.office().name, desk.path.name, desk.path, pages, self._acts(), partial(self._shut, desk), safekeeping.leave
            )
        )
        self.keys.sit(desk)
        self.door.sit(desk)
        self.copies.sit(desk)
        self._offer()
        self._show_standing()
        desk.ask_steps()
        self._afterwards.start()

    def _show_restored(self, said: str, book: Any, actor: Actor) -> None:
        self._show(book, actor, lambda: self._window.say("good", said))

    def _close(self) -> None:
        if self.desk:
            self._window.close_desk()
            self.desk.deleteLater()
        self.desk = self.vitals = self._verbs = self._safekeeping = None
        self._offer()

    def _shut(self, desk: OpenBook) -> None:
        """The window lets go of the book."""
        self._afterwards.stop()
        self.door.rise()
        self.keys.rise()
        self.copies.rise()
        if self._safekeeping:
            self._safekeeping.stop()
        desk.book.close()

    def _look_after(self) -> None:
        """What can wait until the first page is on screen."""
        if self.vitals:
            self.vitals.check()
            if self._safekeeping:
                self._safekeeping.start()
            self._jobs.run(warm_up)

    def _reopen(self, path: Path, secret: bytes | None, tone: str, sentence: str) -> None:
        def shown(book: object) -> None:
            self._let_in(book, lambda: self._window.say(tone, sentence))

        self._jobs.run(
            lambda _tick: open_book(path, secret), shown, partial(self._not_opened, path), label="打开账簿"
        )

    def _not_opened(self, path: Path, error: AppError) -> None:
        self._stay_out()
        self._window.say("error", f"“{path.name}”没有打开。{error}", "从备份恢复…", self.restore)

    def _put_early_away(self) -> None:
        if self._early:
            self._window.close_desk()
            self._early.deleteLater()
            self._early = None

    def _ask_person(self, then: Callable[[], None]) -> None:
        dialog = PersonDialog(self._jobs, self.places.person, self._window)
        dialog.saved.connect(lambda name: self._named(name, then))
        show(dialog)

    def _named(self, name: str, then: Callable[[], None]) -> None:
        self.places.set_person(name)
        if self.vitals:
            self.vitals.set_person(name)
        then()

    def _leave(self) -> None:
        """The book got its persons, and nobody of them signed in."""
        self._close()
        self._program.welcome()
        self._offer()

    def _show_person(self) -> None:
        """Somebody else has signed in."""
        self._offer()
        self._show_standing()

    def _show_standing(self) -> None:
        if self.vitals:
            self._window.status.show_standing(self.vitals.standing())

    def _offer(self) -> None:
        self._window.offer(self._acts())

    def _acts(self) -> tuple[Act, ...]:
        always = (
            Act("new_book", self.new_book),
            Act("open_book", self.choose_book),
            Act("sample_book", self.open_sample),
            Act("restore", self.restore),
            Act("about", self.about),
            Act("person", self.change_person),
        )
        return (*always, *self._verbs.acts(), *self.copies.acts(), *self.keys.acts(), *self.door.acts()) if self._verbs else always
