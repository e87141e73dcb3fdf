"""The open book as pages see it: questions and actions over the one worker, and what was last done.

Pages give functions of a session and get frozen values back; they never see the book's tables.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from ui.jobs import Jobs, Tick
from zjtx_desktop.errors import AppError
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases.duties import Actor, Second, is_staffed, perform
from zjtx_desktop.usecases.office import Office, office
from zjtx_desktop.usecases.payee_changes import told
from zjtx_desktop.usecases.undoing import do_again, fixed, offered, take_back

T = TypeVar("T")


class OpenBook(QObject):
    """One book on the desk. `changed` follows every action that was saved; `steps` names what 撤销 and 重做 would do,
    `fixed` the newest action where that cannot be taken back, and what puts it right instead. `noted` is what else an
    action did that whoever did it must know.

    In a book with persons `actor` is who has signed in. `staffed`: it has just got its first persons.
    """

    changed = Signal()
    steps = Signal(str, str)
    fixed = Signal(str, str)
    noted = Signal(str)
    staffed = Signal()

    def __init__(self, book: Book, jobs: Jobs, person: str | Actor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.book, self.jobs = book, jobs
        self.actor = person if isinstance(person, Actor) else Actor(person)
        self._note = ""
        self.duties = ""  # of the person who has signed in, in words
        self.path = book.path

    @property
    def person(self) -> str:
        """The name that goes into the history."""
        return self.actor.name

    @property
    def is_encrypted(self) -> bool:
        """Whether the file tells nothing without a key."""
        return self.book.secret is not None

    @property
    def is_signed_into(self) -> bool:
        """Whether whoever works here has given a password, and may lock the program."""
        return self.actor.key is not None or self.is_encrypted

    def is_staffed(self) -> bool:
        """Whether the book has persons, who sign in."""
        return self.ask_now(is_staffed)

    def office(self) -> Office:
        """Whose book it is."""
        return self.ask_now(office)

    def ask(
        self,
        question: Callable[[Any], T],
        done: Callable[[T], None],
        failed: Callable[[AppError], None] | None = None,
        label: str = "",
    ) -> int:
        """Read on the worker: `question(session)`, then `done` here with its answer."""

        def work(_tick: Tick) -> T:
            with self.book.reading() as session:
                return question(session)

        return self.jobs.run(work, done, failed, label=label)

    def ask_now(self, question: Callable[[Any], T]) -> T:
        """Read here and now: only what takes a few milliseconds."""
        with self.book.reading() as session:
            return question(session)

    def act(
        self,
        title: str,
        deed: Callable[[Any, Tick], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
        label: str = "",
    ) -> int:
        """Change the book on the worker as one action under `title`; all of it is saved, or nothing."""

        def saved(result: T) -> None:
            if done:
                done(result)
            self.tell()

        return self.jobs.run(lambda tick: self.write(title, deed, tick), saved, failed, label=label or title)

    def write(self, title: str, deed: Callable[[Any, Tick], T], tick: Tick, second: Second = Second()) -> T:
        """Change the book as one action, for a form that is on the worker already; `tell` follows on its answer."""

        def noted(session: Any) -> T:
            result = deed(session, tick)
            self._note = told(session)
            return result

        self._note = ""
        return perform(self.book, title, self.actor, noted, second)

    def undo(self, done: Callable[[str], None]) -> None:
        """Take the last action back, then say its title."""
        self._step(lambda _tick: take_back(self.book, self.actor), done, "撤销")

    def redo(self, done: Callable[[str], None]) -> None:
        """Do again what was taken back last, then say its title."""
        self._step(lambda _tick: do_again(self.book, self.actor), done, "重做")

    def ask_steps(self) -> None:
        """Emit `fixed` and `steps` with what could be taken back and done again."""

        def tell(found: tuple[tuple[str, str], tuple[str, str]]) -> None:
            self.fixed.emit(*found[1])
            self.steps.emit(*found[0])

        self.jobs.run(lambda _tick: (offered(self.book, self.actor), fixed(self.book, self.actor)), tell)

    def _step(self, work: Callable[[Tick], str], done: Callable[[str], None], label: str) -> None:
        def saved(title: str) -> None:
            done(title)
            self.tell()

        self.jobs.run(work, saved, label=label)

    def tell(self) -> None:
        """Say that the book has changed."""
        self.changed.emit()
        note, self._note = self._note, ""
        if note:
            self.noted.emit(note)
        self.ask_steps()
