"""Where this person's books and backups lie, and which was open last: remembered between two starts."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from ui.settings import Settings

_LAST_BOOK, _PERSON, _BACKUP_FOLDER, _BACKUPS = "book/last", "person/name", "backup/folder", "backup/last"
_CHECKS = "check/last"
_FOLDER = "专精特新奖补"
SAMPLE_NAME = "示例账簿.zjtx"


def books_folder() -> Path:
    """Where a new book is put unless the person chooses otherwise."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)) / _FOLDER


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
        """Where backups go."""
        return Path(self._settings.text(_BACKUP_FOLDER) or books_folder() / "备份")

    def set_backup_folder(self, folder: Path) -> None:
        """Remember where backups go."""
        self._settings.set_text(_BACKUP_FOLDER, str(folder))

    def last_backup(self, book: Path) -> datetime | None:
        """When the last backup of a book was made, as long as its file is still there."""
        known = self._kept(_BACKUPS).get(str(book))
        if not isinstance(known, list) or len(known) != 2 or not Path(str(known[1])).is_file():
            return None
        return _moment(known[0])

    def set_last_backup(self, book: Path, at: datetime, file: Path) -> None:
        """Remember a backup of a book."""
        self._settings.set_data(_BACKUPS, self._kept(_BACKUPS) | {str(book): [at.isoformat(), str(file)]})
        self._settings.flush()

    def last_check(self, book: Path) -> datetime | None:
        """When a full check of a book last found nothing wrong."""
        return _moment(self._kept(_CHECKS).get(str(book)))

    def set_last_check(self, book: Path, at: datetime) -> None:
        """Remember a full check of a book that found nothing wrong."""
        self._settings.set_data(_CHECKS, self._kept(_CHECKS) | {str(book): at.isoformat()})
        self._settings.flush()

    def _kept(self, name: str) -> dict[str, object]:
        kept = self._settings.data(name)
        return kept if isinstance(kept, dict) else {}


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
