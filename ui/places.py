"""Where this person's books and backups lie, and which was open last: remembered between two starts."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from ui.settings import Settings
from zjtx_desktop.usecases.locations import may_hold_a_book

_LAST_BOOK, _PERSON, _BACKUP_FOLDER, _BACKUPS = "book/last", "person/name", "backup/folder", "backup/last"
_SECOND, _MANUAL, _MINUTES = "backup/second", "backup/manual", "backup/minutes"
_SECOND_COPIES, _TROUBLES = "backup/second_last", "backup/trouble"
_CHECKS = "check/last"
MINUTES = (10, 30, 60, 120)
_USUAL_MINUTES = 30
_FOLDER = "专精特新奖补"
SAMPLE_NAME = "示例账簿.zjtx"


def books_folder() -> Path:
    """Where a new book is put unless the person chooses otherwise; not among documents that a service keeps in step."""
    kinds = QStandardPaths.StandardLocation
    found = [Path(QStandardPaths.writableLocation(kind)) for kind in (kinds.DocumentsLocation, kinds.HomeLocation)]
    return next(filter(may_hold_a_book, found), found[0]) / _FOLDER


class Places:
    """Reads and writes these few settings by what they mean."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def person(self) -> str:
        """Who works here; empty until asked."""
        return self._settings.text(_PERSON)

    def set_person(self, name: str) -> None:
        """Remember who works here."""
        self._settings.set_text(_PERSON, name)
        self._settings.flush()

    @property
    def last_book(self) -> Path | None:
        """The book that was open last, whether or not it is still there."""
        text = self._settings.text(_LAST_BOOK)
        return Path(text) if text else None

    def set_last_book(self, path: Path) -> None:
        """Remember the book for the next start."""
        self._settings.set_text(_LAST_BOOK, str(path))
        self._settings.flush()

    @property
    def backup_folder(self) -> Path:
        """Where the backups go that the program makes by itself: beside its settings, away from the book."""
        return Path(self._settings.text(_BACKUP_FOLDER) or self._settings.path.parent / "备份")

    def set_backup_folder(self, folder: Path) -> None:
        """Choose where automatic backups go."""
        self._settings.set_text(_BACKUP_FOLDER, str(folder))

    @property
    def manual_folder(self) -> Path:
        """Where the person last put a backup."""
        return Path(self._settings.text(_MANUAL) or self.backup_folder)

    def set_manual_folder(self, folder: Path) -> None:
        """Remember where the person put a backup."""
        self._settings.set_text(_MANUAL, str(folder))

    @property
    def second_folder(self) -> Path | None:
        """Where each backup is copied besides, such as a removable disk; it need not be plugged in."""
        text = self._settings.text(_SECOND)
        return Path(text) if text else None

    def set_second_folder(self, folder: Path | None) -> None:
        """Choose the second place, or none."""
        self._settings.set_text(_SECOND, str(folder or ""))

    @property
    def backup_minutes(self) -> int:
        """How often the open book is backed up, if it has changed."""
        text = self._settings.text(_MINUTES)
        return int(text) if text.isdecimal() and int(text) in MINUTES else _USUAL_MINUTES

    def set_backup_minutes(self, minutes: int) -> None:
        """Choose how often."""
        self._settings.set_text(_MINUTES, str(minutes))

    def known_backup_folders(self) -> tuple[Path, ...]:
        """Every place where backups are known to be, whether or not it is there now."""
        known = (self.backup_folder, self.manual_folder, self.second_folder)
        return tuple(dict.fromkeys(folder for folder in known if folder))

    def last_backup(self, book: Path) -> datetime | None:
        """When the last backup of a book was made, as long as its file is still there."""
        known = self._kept(_BACKUPS).get(str(book))
        if not isinstance(known, list) or len(known) != 2 or not Path(str(known[1])).is_file():
            return None
        return _moment(known[0])

    def set_last_backup(self, book: Path, at: datetime, file: Path) -> None:
        """Remember a backup of a book."""
        self._keep(_BACKUPS, book, [at.isoformat(), str(file)])

    def second_copy(self, book: Path) -> datetime | None:
        """When the backup was made that lies in the second place."""
        return _moment(self._kept(_SECOND_COPIES).get(str(book)))

    def set_second_copy(self, book: Path, at: datetime) -> None:
        """Remember which backup was copied to the second place."""
        self._keep(_SECOND_COPIES, book, at.isoformat())

    def trouble(self, book: Path) -> str:
        """Why the last backup, when the window closed, could not be made; empty when it could."""
        return str(self._kept(_TROUBLES).get(str(book), ""))

    def set_trouble(self, book: Path, why: str) -> None:
        """Remember what is to be said at the next start."""
        self._keep(_TROUBLES, book, why)

    def last_check(self, book: Path) -> datetime | None:
        """When a full check of a book last found nothing wrong."""
        return _moment(self._kept(_CHECKS).get(str(book)))

    def set_last_check(self, book: Path, at: datetime) -> None:
        """Remember a full check of a book that found nothing wrong."""
        self._keep(_CHECKS, book, at.isoformat())

    def _keep(self, name: str, book: Path, value: object) -> None:
        self._settings.set_data(name, self._kept(name) | {str(book): value})
        self._settings.flush()

    def _kept(self, name: str) -> dict[str, object]:
        kept = self._settings.data(name)
        return kept if isinstance(kept, dict) else {}


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
