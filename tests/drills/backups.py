"""Drill 12, a backup is made while somebody works in the book, and of a book that is damaged.

Simulated: one thread pays and pays while another makes backups of books of several sizes; then a byte of the book is
turned and a backup asked for.
Promised: every backup is sound and holds what was told before it began; whoever works waits less than 2 seconds;
of a damaged book no backup is made, and those that are there stay.
Control: copying the file piece by piece while an action falls between the pieces must give an unsound copy.
"""

import threading
import time
from pathlib import Path

from sqlmodel import Session

from tests.drills import office
from tests.drills.drill import Done, Ground, Ledger
from tests.drills.office import ME, Held
from zjtx_desktop.errors import AppError
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.backup import copy_book
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases.checks import check

SIZES = {"ci": (3,), "short": (10, 100), "release": (10, 100, 1_000)}
WAIT = 2.0  # seconds
PIECE = 1 << 20


class Writer(threading.Thread):
    """Pays until told to stop, and remembers the longest wait."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._book, self._over = book, threading.Event()
        self.paid: list[str] = []
        self.longest = 0.0
        self.error = ""

    def run(self) -> None:
        while not self._over.is_set() and not self.error:
            key, started = f"付{len(self.paid)}", time.monotonic()
            try:
                office.pay(self._book, 1, key, 1)
            except AppError as error:
                self.error = str(error)
            else:
                self.paid.append(key)
            self.longest = max(self.longest, time.monotonic() - started)

    def stop(self) -> None:
        """End after the payment at hand."""
        self._over.set()
        self.join()


def hold(ground: Ground) -> Done:
    """Each size with a writer, then the damage, then the control."""
    wrong, said, made = Ledger(), [], 0
    for size in SIZES[ground.size]:
        path = _book(ground, size)
        took, longest, count = _with_a_writer(path, ground.pick(2, 4, 4), wrong)
        made += count
        said.append(f"{size} MB 备份 {took:.1f} 秒、写的人最多等 {longest:.1f} 秒")
    _damaged(ground, wrong)
    torn = _control(ground)
    return Done(
        f"备份 {made} 份，同时有人不停拨付，种子 {ground.seed}",
        f"{'；'.join(said)}；不完整 {wrong.count}；损坏的账簿不出备份" if not wrong.count else f"不符 {wrong.count}",
        f"边写边复制文件：{'读出来是坏的' if torn else '没有坏'}",
        wrong.problems((torn, "对照边写边复制没有坏")),
    )


def _book(ground: Ground, megabytes: int) -> Path:
    """A book filled up with attachments to the size."""
    path = ground.folder / f"{megabytes}" / "账簿.zjtx"
    path.parent.mkdir()
    office.make(path)
    chance = ground.chance()
    with Book(path) as book:
        for _ in range(0, megabytes, 10):
            with book.action("存附件", ME.name) as session:
                for _ in range(min(megabytes, 10)):
                    _attach(session, chance.randbytes(PIECE))
    return path


def _attach(session: Session, data: bytes) -> None:
    session.add(tables.Content(sha256=office.sha256(data), size=len(data), data=data))
    session.flush()


def _with_a_writer(path: Path, copies: int, wrong: Ledger) -> tuple[float, float, int]:
    """The longest backup, the longest wait for a payment, and how many backups."""
    took = 0.0
    with Book(path) as book:
        writer = Writer(book)
        writer.start()
        try:
            for number in range(copies):
                before, started = list(writer.paid), time.monotonic()
                target = path.parent / f"备份{number}.zjtx"
                copy_book(book, target, check, lambda _done, _total: None)
                took = max(took, time.monotonic() - started)
                found = office.held(target)
                if isinstance(found, str) or not found.paid >= set(before):
                    wrong.add(f"备份 {number}：{found if isinstance(found, str) else '少了已确认的拨付'}")
                target.unlink()
        finally:
            writer.stop()
    if writer.error or not writer.paid:
        wrong.add(f"拨付不了：{writer.error}")
    if writer.longest >= WAIT and path.stat().st_size < 500 * PIECE:
        wrong.add(f"写的人等了 {writer.longest:.1f} 秒")
    return took, writer.longest, copies


def _damaged(ground: Ground, wrong: Ledger) -> None:
    """The good backup stays, no other comes beside it."""
    path = _book(ground, 1)
    good, bad = path.parent / "好.zjtx", path.parent / "坏.zjtx"
    with Book(path) as book:
        copy_book(book, good, check, lambda _done, _total: None)
    data = bytearray(path.read_bytes())
    at = data.rfind("税务证明".encode())
    data[at] ^= 1
    path.write_bytes(data)
    before = good.read_bytes()
    try:
        with Book(path) as book:
            copy_book(book, bad, check, lambda _done, _total: None)
    except AppError:
        pass
    if bad.exists() or good.read_bytes() != before or not isinstance(office.held(good), Held):
        wrong.add("损坏的账簿也出了备份，或者动了好的备份")


def _control(ground: Ground) -> bool:
    """Whether a copy made piece by piece, with a payment after each piece, is unsound."""
    path = ground.folder / "对照.zjtx"
    office.make(path)
    copy = path.with_stem("复制")
    with Book(path) as book, copy.open("wb") as into:
        office.take_list(book)
        for number in range(20):
            data = path.read_bytes()
            into.write(data[len(data) * number // 20 : len(data) * (number + 1) // 20])
            office.pay(book, 1, f"付{number}", 1)
    return isinstance(office.held(copy), str)
