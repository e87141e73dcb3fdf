"""The book as a whole: opening one, making a new one for an office, and saying where and how large it is."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from zjtx_desktop.errors import Refused
from zjtx_desktop.storage.book import SUFFIX, Book
from zjtx_desktop.usecases import office
from zjtx_desktop.values import Division, safe_filename


@dataclass(frozen=True, slots=True)
class NewBook:
    """Everything the first-run guide asks for."""

    division: Division
    office: str
    contact: str
    folder: Path
    name: str
    person: str

    @property
    def path(self) -> Path:
        """The file it will be."""
        return self.folder / f"{safe_filename(self.name.removesuffix(SUFFIX))}{SUFFIX}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a book lies, in bytes."""

    path: Path
    size: int
    free: int


def open_book(path: Path) -> Book:
    """Open a book and bring it to today's shape; an AppError says why it cannot be."""
    return Book(path)


def make_book(wanted: NewBook) -> Book:
    """Make the book of an office and leave it open; Refused when the file is there already."""
    try:
        wanted.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"文件夹“{wanted.folder}”建不了。请换一个可以写入的位置。") from error
    book = Book.create(wanted.path)
    try:
        with book.action("新建账簿", wanted.person) as session:
            office.set_up(session, wanted.division, wanted.office, contact=wanted.contact)
    except BaseException:
        book.close()
        raise
    return book


def place(path: Path) -> Place:
    """Where the book lies, how large it is and how much room is left beside it."""
    return Place(path, path.stat().st_size, shutil.disk_usage(path.parent).free)


def size_text(size: int) -> str:
    """A number of bytes as a person reads it."""
    value = float(size)
    for unit in ("字节", "KB", "MB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "字节" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"
