"""Drill 2 for keys, a power cut while a password is changed in an encrypted book.

Simulated: the password of the only user is changed twice in a traced child; the power is cut at every point in both
models of a folder; each disk is entered with every password, as the window does.
Promised: one of the passwords opens the book, none older than the last one told does, and the book is sound.
Control: a key file that is written only after the book has the new password must shut everybody out.
"""

import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.drills import office, power, tracing
from tests.drills.disks import Disk, Files
from tests.drills.drill import Done, Ground, Ledger
from tests.drills.office import ME
from tests.drills.tracing import Step, What
from zjtx_desktop.errors import AppError
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keyring import Keyring
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import perform
from zjtx_desktop.usecases.entering import enter
from zjtx_desktop.usecases.slots import put_slot

WORDS = ("first day of many 41", "mountain high, river long", "third time is the charm")
CHEAP = Cost(64, 1, 1)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
KEY_FILE = f"{power.BOOK}.keys"
Opened = tuple[frozenset[int], str]  # which of the words open the book, and what is wrong with it


def hold(ground: Ground) -> Done:
    """The program's way, then the control."""
    if not tracing.is_here():
        return Done("—", "未演练", "—", skipped=tracing.MISSING)
    wrong, states = Ledger(), ground.pick(24, 600, 20_000)
    start = _start(ground)
    for words in _shut_out(ground, start, "换", states):
        wrong.add(words)
    before_commit = Keyring.before_commit
    Keyring.before_commit = lambda _ring, _connection: None  # type: ignore[method-assign]  # for the forked child
    shut = len(_shut_out(ground, start, "对照", ground.pick(40, 100, 400)))
    Keyring.before_commit = before_commit  # type: ignore[method-assign]
    return Done(
        f"换密码两次，断电 {states:,} 态（两种目录模型），种子 {ground.seed}",
        f"打不开、旧密码还能开或损坏 {wrong.count}",
        f"先改账簿、后写钥匙文件：{shut} 态打不开",
        wrong.problems((shut > 0, "对照没有打不开的")),
    )


def _start(ground: Ground) -> Files:
    folder = ground.fast / "起"
    folder.mkdir()
    office.make(folder / power.BOOK, office.SECRET)
    _change(folder, 0)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _change(folder: Path, which: int) -> None:
    with Book(folder / power.BOOK, office.SECRET) as book:
        perform(book, "修改密码", ME, lambda session: put_slot(session, ME.name, WORDS[which], CHEAP))


def _shut_out(ground: Ground, start: Files, name: str, states: int) -> list[str]:
    """What was wrong after so many cuts."""

    def task(folder: Path, _secret: bytes | None, say: Callable[[int], None]) -> None:
        for number in (1, 2):
            _change(folder, number)
            say(number)

    steps = power.trace(ground, name, None, task, start)
    known: dict[bytes, Opened] = {}
    chance, wrong = ground.chance(), []
    for ordered in (True, False):
        disk, said = Disk(start, ordered), 0
        for at, step in enumerate(steps):
            disk.do(step)
            said = step.at if step.what is What.SAID else said
            for _ in range(_times(states // 2, at, steps)):
                opened, problem = _look(ground.fast / "看", disk.after_a_cut(chance), known)
                if problem or not opened or not opened <= {said, said + 1}:
                    wrong.append(f"第 {said} 次以后：能开的是 {sorted(opened)} {problem}")
    return wrong


def _times(states: int, at: int, steps: list[Step]) -> int:
    return states * (at + 1) // len(steps) - states * at // len(steps)


def _look(folder: Path, files: Files, known: dict[bytes, Opened]) -> Opened:
    """Try every password on what a cut left."""
    whole = {name: data for name, data in files.items() if ".lock" not in name}
    found = hashlib.blake2b(b"".join(name.encode() + hashlib.blake2b(whole[name]).digest() for name in sorted(whole))).digest()
    if found not in known:
        known[found] = _try_all(folder, whole)
    return known[found]


def _try_all(folder: Path, files: Files) -> Opened:
    opened, problem = set(), ""
    for number, words in enumerate(WORDS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        try:
            book, _ = enter(folder / power.BOOK, ME.name, words, NOON, CHEAP)
        except AppError:
            continue
        with book:
            opened.add(number)
            problem = problem or "".join(check(book)[:1])
    return frozenset(opened), problem
