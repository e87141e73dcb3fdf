"""The book as a whole: opening one, making a new one for an office, and saying where and how large it is."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from zjtx_desktop.domain.passwords import PasswordRules, check_password
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.exchange.atomic import write_atomically
from zjtx_desktop.storage.book import SUFFIX, Book
from zjtx_desktop.storage.keys import copy_keys, key_file, new_secret
from zjtx_desktop.storage.places import must_hold_a_book
from zjtx_desktop.storage.sealing import FULL, Cost
from zjtx_desktop.usecases import office
from zjtx_desktop.usecases.root import note_code
from zjtx_desktop.usecases.slots import put_slot
from zjtx_desktop.values import Division, safe_filename

_SIDE_FILES = (".lock", ".lock-journal", ".keys", "-journal")


@dataclass(frozen=True, slots=True)
class NewBook:
    """Everything the first-run guide asks for. Without a password the book is not encrypted: a sample, a trial."""

    division: Division
    office: str
    contact: str
    folder: Path
    name: str
    person: str
    password: str | None = field(default=None, repr=False)

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


def open_book(path: Path, secret: bytes | None = None) -> Book:
    """Open a book and bring it to today's shape; an AppError says why it cannot be."""
    return Book(path, secret)


def make_book(wanted: NewBook, cost: Cost = FULL) -> Book:
    """Make the book of an office and leave it open; Refused when the file is there already.

    An encrypted one knows its code until that is on paper, see `recovering.confirm_on_paper`, or it is closed.
    """
    if wanted.password is not None:
        check_password(wanted.password, wanted.person, PasswordRules())
    try:
        wanted.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"文件夹“{wanted.folder}”建不了。请换一个可以写入的位置。") from error
    secret = new_secret() if wanted.password is not None else None
    _make(wanted.path, secret, lambda book: _begin(book, wanted, cost, secret))
    return Book(wanted.path, secret)


def make_plain(path: Path, division: Division, name: str, person: str) -> office.Office:
    """Make the book of an office at this very path, not encrypted and closed; whose book it is."""
    made: list[office.Office] = []

    def fill(book: Book) -> None:
        with book.action("新建账簿", person) as session:
            made.append(office.set_up(session, division, name))

    _make(path, None, fill)
    return made[0]


def _make(path: Path, secret: bytes | None, fill: Callable[[Book], None]) -> None:
    """Made under another name and put in its place, with its key file beside it: whole, or nothing of it is there."""
    must_hold_a_book(path, "没有新建")
    if path.suffix != SUFFIX:
        raise Refused(f"账簿文件名要以 {SUFFIX} 结尾，请改为“{path.stem}{SUFFIX}”。")
    if not path.parent.is_dir():
        raise NotFound(f"文件夹“{path.parent}”不存在，请先建好再新建账簿。")
    if path.exists() and path.stat().st_size:  # a killed creation of an older program left an empty file
        raise Refused(f"“{path}”已经存在，没有改动它。请换一个名字。")
    if secret and key_file(path).exists():
        raise Refused(f"“{key_file(path).name}”已经存在，可能是另一个账簿的钥匙文件，没有改动它。请换一个名字，或先移走它。")

    def write(part: Path) -> None:
        try:
            with Book.create(part, secret) as book:
                fill(book)
            copy_keys(part, path)
        finally:
            for end in _SIDE_FILES:
                with suppress(OSError):
                    part.with_name(part.name + end).unlink(missing_ok=True)

    try:
        write_atomically(path, write, overwrite=path.exists())
    except BaseException:
        if secret and not path.exists():
            key_file(path).unlink(missing_ok=True)
        raise


def _begin(book: Book, wanted: NewBook, cost: Cost, secret: bytes | None = None) -> None:
    with book.action("新建账簿", wanted.person) as session:
        office.set_up(session, wanted.division, wanted.office, contact=wanted.contact)
        if wanted.password is not None:
            put_slot(session, wanted.person.strip(), wanted.password, cost)
        if secret is not None:
            note_code(session, secret)


def place(path: Path) -> Place:
    """Where the book lies, how large it is and how much room is left beside it; 0 of what is no longer there."""
    size = free = 0
    with suppress(OSError):  # deleted under the open window, which says so by itself
        size = path.stat().st_size
    with suppress(OSError):
        free = shutil.disk_usage(path.parent).free
    return Place(path, size, free)


def size_text(size: int) -> str:
    """A number of bytes as a person reads it."""
    value = float(size)
    for unit in ("字节", "KB", "MB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "字节" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"
