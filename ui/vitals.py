"""How the open book stands: who works on it, its last backup, what its last check found."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ui.book_check import BookCheck
from ui.open_book import OpenBook
from ui.places import Places
from ui.widgets.status_bar import Standing
from zjtx_desktop.usecases.backups import age, is_old
from zjtx_desktop.usecases.checks import Report
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.self_check import Safety


class Vitals(QObject):
    """Kept by the window over one open book. `changed` follows a check, a backup and another person.

    `is_covered`: the last backup holds all that the book has. `wants_backup`: the person asks for an automatic one now.
    """

    changed = Signal()
    wants_backup = Signal()
    settings_changed = Signal()

    def __init__(self, desk: OpenBook, places: Places) -> None:
        super().__init__(desk)
        self._desk, self.places = desk, places
        self.is_covered = False
        desk.changed.connect(self._uncover)
        self.problems: list[str] | None = None
        self.accepted: tuple[str, ...] = ()
        self._check = BookCheck(desk)
        self._check.finished.connect(self._checked)
        self._check.stopped.connect(self.changed)

    @property
    def last_backup(self) -> datetime | None:
        """When the book was last backed up."""
        return self.places.last_backup(self._desk.path)

    @property
    def is_encrypted(self) -> bool:
        """Whether the file tells nothing without a key."""
        return self._desk.book.secret is not None

    def safety(self) -> Safety:
        """What the self-check is told of backups and keys."""
        places, path = self.places, self._desk.path
        return Safety(
            self.last_backup,
            self.is_covered,
            places.backup_folder,
            places.second_folder,
            places.second_copy(path),
            self.is_encrypted,
            self._desk.book.latest,
        )

    def backed_up(self, at: datetime, file: Path) -> None:
        """Note a backup that holds all of the book."""
        self.places.set_last_backup(self._desk.path, at, file)
        self.is_covered = True
        self.changed.emit()

    def _uncover(self) -> None:
        self.is_covered = False

    def set_person(self, name: str) -> None:
        """Somebody else works here from now on."""
        self.places.set_person(name)
        self._desk.actor = Actor(name)
        self.changed.emit()

    @property
    def checking(self) -> bool:
        """Whether the book is being looked through."""
        return self._check.is_under_way

    def check(self) -> None:
        """Check the whole book on the worker, at every start and when it is asked for."""
        self._check.start()
        self.changed.emit()

    def stop_check(self) -> None:
        """The book is about to be closed: a check that is under way goes no further."""
        self._check.stop()

    def standing(self) -> Standing:
        """The foot of the window."""
        duties = self._desk.duties
        person = f"{self._desk.person}（{duties}）" if duties else self._desk.person
        plain = not self.is_encrypted
        return Standing(person, str(self._desk.path), self._backup_words(), self._check_words(), plain)

    def _checked(self, report: Report) -> None:
        self.problems, self.accepted = list(report.problems), report.accepted
        if report.problems:
            self._desk.tell()  # what was found is an action of its own
        else:
            self.places.set_last_check(self._desk.path, datetime.now())
        self.changed.emit()

    def _backup_words(self) -> tuple[str, str]:
        last, now = self.last_backup, datetime.now()
        if last is None:
            return "尚未备份", "warn"
        return f"备份：{age(last, now)}", "warn" if is_old(last, now) and not self.is_covered else "good"

    def _check_words(self) -> tuple[str, str]:
        if self.checking:
            return "正在检查", "soft"
        if self.problems is None:
            last = self.places.last_check(self._desk.path)
            return (f"检查：{age(last, datetime.now())}完好", "soft") if last else ("尚未检查", "soft")
        return (f"检查：{len(self.problems)} 处问题", "error") if self.problems else ("检查：完好", "good")
