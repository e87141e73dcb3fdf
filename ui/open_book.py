"""The open book as pages see it: questions and actions over the one worker, and what was last done.

Pages give functions of a session and get frozen values back; they never see the book's tables.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from ui.jobs import Jobs, Tick
from zjtx_desktop.errors import AppError
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.undo import next_redo, next_undo, redo, undo
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.office import Office, office

T = TypeVar("T")


class OpenBook(QObject):
    """One book on the desk. `changed` follows every action that was saved; `steps` names what 撤销 and 重做 would do."""

    changed = Signal()
    steps = Signal(str, str)

    def __init__(self, book: Book, jobs: Jobs, person: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.book, self.jobs, self.person = book, jobs, person
        self.path = book.path

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

    def write(self, title: str, deed: Callable[[Any, Tick], T], tick: Tick) -> T:
        """Change the book as one action, for a form that is on the worker already; `tell` follows on its answer."""
        with self.book.action(title, self.person) as session:
            return deed(session, tick)

    def undo(self, done: Callable[[str], None]) -> None:
        """Take the last action back, then say its title."""
        self._step(lambda _tick: undo(self.book, self.person), done, "撤销")

    def redo(self, done: Callable[[str], None]) -> None:
        """Do again what was taken back last, then say its title."""
        self._step(lambda _tick: redo(self.book, self.person), done, "重做")

    def check(self, done: Callable[[list[str]], None]) -> None:
        """Check the whole book on the worker; `done` gets what was found wrong."""
        self.jobs.run(lambda _tick: check(self.book), done, label="检查账簿")

    def ask_steps(self) -> None:
        """Emit `steps` with what could be taken back and done again."""

        def work(_tick: Tick) -> tuple[str, str]:
            back, again = next_undo(self.book), next_redo(self.book)
            return back.title if back else "", again.title if again else ""

        self.jobs.run(work, lambda found: self.steps.emit(*found))

    def _step(self, work: Callable[[Tick], str], done: Callable[[str], None], label: str) -> None:
        def saved(title: str) -> None:
            done(title)
            self.tell()

        self.jobs.run(work, saved, label=label)

    def tell(self) -> None:
        """Say that the book has changed."""
        self.changed.emit()
        self.ask_steps()
