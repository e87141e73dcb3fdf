"""Drill 2, a power cut while money is paid, a list is taken over, a backup is made and put back.

Simulated: every change of a real run is traced, and for each point of the trace several disks are built that a power
cut may leave, in both models of `disks`; each is opened as the program opens it.
Promised: nothing that the person was told is lost, the book is always sound and never half; a backup that has its name
is whole; while a restore is under way the book is the old or the new one, and the old one is kept.
Control: with SQLite's own default (DELETE, FULL) told payments must be lost, without flushing the book must break.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import sqlcipher3.dbapi2 as sqlite

from tests.drills import office, tracing
from tests.drills.disks import Disk, Files
from tests.drills.drill import Done, Ground, problems
from tests.drills.office import Held
from tests.drills.tracing import Step, What
from zjtx_desktop.storage import connection
from zjtx_desktop.storage.backup import copy_book, put_back
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keys import data_key
from zjtx_desktop.usecases.checks import check

JOURNAL = "账簿.zjtx-journal"
BOOK, BACKUP, ASIDE = "账簿.zjtx", "备份/甲.zjtx", "恢复前.zjtx"
Say = Callable[[int], None]
Task = Callable[[Path, bytes | None, Say], None]
PAYMENTS = 4
LISTED, COPIED, LATER, RESTORING, RESTORED = range(PAYMENTS + 1, PAYMENTS + 6)
DEEDS = (*range(1, PAYMENTS + 1), LISTED, LATER)  # what is done in the book itself, in this order
ROW = 12
BAD = {"DELETE/FULL": ("DELETE", "FULL", "2"), "TRUNCATE/OFF": ("TRUNCATE", "OFF", "0")}


def paid(number: int) -> str:
    """The key of a payment."""
    return f"付{number}"


def a_day(folder: Path, secret: bytes | None, say: Say) -> None:
    """Payments, a list, a backup, one more payment, and the backup put back; told one by one."""
    path, backup = folder / BOOK, folder / BACKUP
    with Book(path, secret) as book:
        _pay_all(book, say)
        office.take_list(book)
        say(LISTED)
        copy_book(book, backup, check, _no_tick)
        say(COPIED)
        office.pay(book, office.parts(book)[0], paid(LATER))
        say(LATER)
    restore(folder, secret, say)


def reopen(folder: Path, secret: bytes | None, say: Say) -> None:
    """What comes after a power cut."""
    Book(folder / BOOK, secret).close()


def restore(folder: Path, secret: bytes | None, say: Say) -> None:
    """Put the backup back."""
    say(RESTORING)
    put_back(folder / BACKUP, folder / BOOK, folder / ASIDE, check, _no_tick, secret)
    say(RESTORED)


def only_payments(folder: Path, secret: bytes | None, say: Say) -> None:
    """What the controls do."""
    with Book(folder / BOOK, secret) as book:
        _pay_all(book, say)


def _pay_all(book: Book, say: Say) -> None:
    (part,) = office.parts(book)
    for number in range(1, PAYMENTS + 1):
        office.pay(book, part, paid(number))
        say(number)


def _no_tick(_done: int, _total: int) -> None:
    """Nobody watches."""


def _recover(path: Path, key: bytes | None) -> None:
    """Have SQLite roll back what was under way, which it does before it reads anything at all."""
    raw = sqlite.connect(str(path))
    try:
        if key is not None:
            raw.execute("PRAGMA cipher_log_level = NONE")
            raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute("PRAGMA user_version").fetchone()
    finally:
        raw.close()


class Found:
    """What cuts left, counted; `hot` are some of those whose journal is to be rolled back, with what was said by then."""

    def __init__(self) -> None:
        self.states = self.lost = self.broken = self.again = 0
        self.said: list[str] = []
        self.hot: list[tuple[Files, int]] = []

    def add(self, wrong: str | None, said: int) -> None:
        """One more state."""
        self.states += 1
        self.lost += wrong is not None and wrong.startswith("lost")
        self.broken += wrong is not None and wrong.startswith("broken")
        if wrong:
            self.said.append(f"第 {said} 步后 {wrong}")

    def join(self, other: "Found", where: str) -> None:
        """Take in what was found elsewhere."""
        self.states, self.lost, self.broken = self.states + other.states, self.lost + other.lost, self.broken + other.broken
        self.said += [where + words for words in other.said]


class Judge:
    """Opens what a cut left and says what is wrong with it; the same bytes are looked at in full once."""

    def __init__(self, folder: Path, secret: bytes | None, deeds: tuple[int, ...] = DEEDS) -> None:
        self._folder, self._secret, self._key = folder, secret, data_key(secret) if secret else None
        self._deeds = deeds
        self._known: dict[bytes, Held | str] = {}
        (folder / "备份").mkdir(parents=True, exist_ok=True)

    def wrong(self, files: Files, said: int) -> str | None:
        """`lost` or `broken` with words, or None: everything told up to `said` is there and whole."""
        book = self._held(files, BOOK)
        if isinstance(book, str):
            return f"broken {book}"
        done, told = _done(book), frozenset(deed for deed in self._deeds if deed <= said)
        if done != frozenset(DEEDS[: len(done)]):
            return f"broken 只有一部分：{sorted(done)}"
        for name, deeds, since in ((BACKUP, DEEDS[:-1], COPIED), (ASIDE, self._deeds, RESTORED)):
            if name in files:
                beside = self._held(files, name)
                if isinstance(beside, str) or _done(beside) != frozenset(deeds):
                    return f"broken {name} {beside}"
            elif said >= since:
                return f"lost {name}"
        if said >= RESTORING and done == frozenset(DEEDS[:-1]) and done != frozenset(self._deeds):
            return None if ASIDE in files else "lost 恢复前的账簿"
        if said >= RESTORED and done != frozenset(DEEDS[:-1]):
            return f"lost 恢复 {sorted(done)}"
        return None if done >= told else f"lost {sorted(told - done)}"

    def _held(self, files: Files, name: str) -> Held | str:
        if name not in files:
            return "没有这个文件"
        self._put(files, name)
        path = self._folder / name
        try:
            _recover(path, self._key)
        except sqlite.DatabaseError as error:
            return str(error)
        found = hashlib.blake2b(path.read_bytes()).digest()
        if found not in self._known:
            self._known[found] = office.held(path, self._secret)
        return self._known[found]

    def _put(self, files: Files, name: str) -> None:
        for suffix in ("", "-journal"):
            path, data = self._folder / f"{name}{suffix}", files.get(f"{name}{suffix}")
            if data is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(data)


def _done(book: Held) -> frozenset[int]:
    """Which of the deeds stand in the book."""
    return frozenset(deed for deed in DEEDS if (book.lists if deed == LISTED else paid(deed) in book.paid))


def cut(
    start: Files, steps: Sequence[Step], judge: Judge, chance: Random, ordered: bool, states: int, said: int = 0
) -> Found:
    """Cut the power `states` times over the trace, less often amid a long row of writes; what became of it."""
    disk, found, weights = Disk(start, ordered), Found(), _weights(steps)
    whole, sofar = sum(weights), 0
    for step, weight in zip(steps, weights, strict=True):
        disk.do(step)
        said = step.at if step.what is What.SAID else said
        for _ in range(states * sofar // whole, states * (sofar + weight) // whole):
            files = disk.after_a_cut(chance)
            found.add(judge.wrong(files, said), said)
            if files.get(JOURNAL) and chance.random() < 0.05:
                found.hot.append((files, said))
        sofar += weight
    return found


def _weights(steps: Sequence[Step]) -> list[int]:
    """A write that goes on with the one before it counts once, everything else as much as a whole row of them."""
    pairs = zip(steps[:1] + list(steps[:-1]), steps, strict=True)
    return [1 if now.what is before.what is What.WROTE and now.path == before.path else ROW for before, now in pairs]


def trace(ground: Ground, name: str, secret: bytes | None, task: Task, start: Files) -> list[Step]:
    """What `task` changes of a folder that holds these files."""
    folder = ground.fast / name
    (folder / "备份").mkdir(parents=True)
    for path, data in start.items():
        (folder / path).write_bytes(data)
    return tracing.record(folder, ground.fast / f"{name}.log", lambda say: task(folder, secret, say))


def fresh(ground: Ground, name: str, secret: bytes | None) -> Files:
    """The files of a new book."""
    folder = ground.fast / name
    folder.mkdir()
    office.make(folder / BOOK, secret)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def half_paid(start: Files, steps: Sequence[Step]) -> Files:
    """What lies there when the program dies while the last payment goes into the book: a journal to be rolled back."""
    last = max(at for at, step in enumerate(steps) if step.what is What.SAID and step.at == LATER)
    at = max(at for at, step in enumerate(steps[:last]) if step.what is What.WROTE and step.path == BOOK)
    disk = Disk(start, True)
    for step in steps[:at]:
        disk.do(step)
    return disk.as_written()


def hold(ground: Ground) -> Done:
    """Plain and encrypted, both models, then the controls."""
    if not tracing.is_here():
        return Done("—", "未演练", "—", skipped=tracing.MISSING)
    office.sample()
    wrong, plain = Found(), fresh(ground, "新", None)
    for name, secret in (("明", None), ("密", office.SECRET)):
        start = plain if secret is None else fresh(ground, "新密", secret)
        steps = trace(ground, name, secret, a_day, start)
        _cut_both(ground, name, secret, start, steps, wrong, DEEDS, ground.pick(60, 1_200, 50_000))
        dead = half_paid(start, steps)
        again = trace(ground, f"{name}死", secret, restore, dead)
        _cut_both(ground, f"{name}死", secret, dead, again, wrong, DEEDS[:-1], ground.pick(10, 250, 12_500))
    lost, broken = (_control(ground, plain, name) for name in BAD)
    return Done(
        f"断电 {wrong.states:,} 态（两种目录模型，明文和加密，其中打开时再断电 {wrong.again:,}），种子 {ground.seed}",
        f"已确认的丢失 {wrong.lost}，损坏 {wrong.broken}",
        f"DELETE/FULL {lost.states} 态丢失 {lost.lost}；不落盘（OFF）{broken.states} 态损坏 {broken.broken}",
        (
            *wrong.said[:9],
            *problems((lost.lost > 0, "对照 DELETE/FULL 没有丢失"), (broken.broken > 0, "对照 OFF 没有损坏")),
        ),
    )


def _cut_both(
    ground: Ground, name: str, secret: bytes | None, start: Files, steps: Sequence[Step], wrong: Found, deeds: tuple[int, ...],
    states: int,
) -> None:  # fmt: skip
    judge, said = Judge(ground.fast / f"{name}看", secret, deeds), COPIED if deeds != DEEDS else 0
    for ordered in (True, False):
        found = cut(start, steps, judge, ground.chance(), ordered, states, said)
        wrong.join(found, f"{name}，{'按序' if ordered else '松散'}：")
        for number, (files, told) in enumerate(found.hot[: ground.pick(0, 6, 200)]):
            opening = trace(ground, f"{name}{ordered}{number}", secret, reopen, files)
            again = cut(files, opening, judge, ground.chance(), ordered, 20, told)
            wrong.again += again.states
            wrong.join(again, f"{name}，打开时再断电：")


def _control(ground: Ground, plain: Files, name: str) -> Found:
    """What is lost or broken with settings that are known to be bad."""
    (journal, sync, level), usual = BAD[name], connection.SETTINGS
    connection.SETTINGS = (("journal_mode", journal, journal.lower()), ("synchronous", sync, level), *usual[2:])
    folder = name.replace("/", "")
    steps = trace(ground, folder, None, only_payments, plain)  # its child has these settings
    connection.SETTINGS = usual
    judge = Judge(ground.fast / f"{folder}看", None)
    return cut(plain, steps, judge, ground.chance(), True, ground.pick(40, 400, 4_000))
