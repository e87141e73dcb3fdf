"""Drill 3, a disk that fails: full from some moment on (ENOSPC), or one change that it does not take (EIO).

Simulated: payments, a list, a backup and its restore in a forked child, once for every change it makes to the disk;
that change fails, once or with all after it.
Promised: the program says so in a sentence, what it acknowledged is there, what it called unsaved is not, the book is
sound, and the same deeds done again with room on the disk (under the same keys) leave exactly one of each.
Control: a program that takes an error at COMMIT for "not saved" and pays again under a fresh key must pay twice.
"""

import errno
import json
import logging
import shutil
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.drills import office, tracing
from tests.drills.drill import Done, Ground, Ledger
from tests.drills.office import Held
from tests.drills.tracing import What
from zjtx_desktop.errors import AppError
from zjtx_desktop.storage.backup import copy_book, put_back
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases.checks import check

BOOK, BACKUP, ASIDE = "账簿.zjtx", "备份/甲.zjtx", "恢复前.zjtx"
KEYS = ("付1", "付2")
UNSURE = "不能确定"
FAULTS = {"ENOSPC": (errno.ENOSPC, True), "EIO": (errno.EIO, False)}
MORE = {"ENOSPC 一次": (errno.ENOSPC, False), "EIO 持续": (errno.EIO, True)}  # before a release


def a_day(folder: Path) -> str:
    """Everything that writes, one after the other whatever became of the one before; what was said of each."""
    said: dict[str, str] = {}
    heard = _Heard()
    logging.getLogger("zjtx_desktop.storage.book").addHandler(heard)

    def attempt(name: str, deed: Callable[[], object]) -> None:
        try:
            deed()
            said[name] = ""
        except AppError as error:
            said[name] = str(error)

    attempt("开", lambda: _at_the_book(folder, attempt))
    if (folder / BACKUP).exists():
        attempt("恢复", lambda: put_back(folder / BACKUP, folder / BOOK, folder / ASIDE, check, _no_tick))
    return json.dumps({"said": said, "kept": heard.count})


class _Heard(logging.Handler):
    """Counts what the book notes: commits that reported an error and were kept all the same."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """One more."""
        self.count += 1


def _at_the_book(folder: Path, attempt: Callable[[str, Callable[[], object]], None]) -> None:
    with Book(folder / BOOK) as book:
        for key in KEYS:
            attempt(key, lambda key=key: office.pay(book, 1, key))
        attempt("名单", lambda: office.take_list(book))
        attempt("备份", lambda: copy_book(book, folder / BACKUP, check, _no_tick))


def _no_tick(_done: int, _total: int) -> None:
    """Nobody watches."""


def hold(ground: Ground) -> Done:
    """Every point with every fault, then the control."""
    if not tracing.is_here():
        return Done("—", "未演练", "—", skipped=tracing.MISSING)
    start = ground.fast / "样"
    (start / "备份").mkdir(parents=True)
    office.make(start / BOOK)
    office.sample()
    whole = ground.size == "release"
    count, points = _points(start, ground, a_day, whole)
    points = points[ground.seed % 25 :: 25] if ground.size == "ci" else points
    faults = FAULTS | (MORE if whole else {})
    wrong, seen = Ledger(), Counter[str]()
    for name, (error, always) in faults.items():
        for at in points:
            for words in _one(start, ground, at, error, always, seen):
                wrong.add(f"{name} 第 {at} 处：{words}")
    twice = _control(start, ground)
    return Done(
        f"写入点 {count} 处{'' if whole else f'（连着写同一文件的取首尾，为 {len(points)} 处）'} × {len(faults)} 种错误，"
        f"种子 {ground.seed}",
        f"不符 {wrong.count}；报错 {seen['refused']} 句；其实已保存、按编号认出 {seen['kept']}，说明“{UNSURE}” {seen['unsure']}",
        f"把 COMMIT 出错当作未保存、换编号重付：{twice} 次重复拨付",
        wrong.problems((twice > 0, "对照没有重复拨付")),
    )


def _points(start: Path, ground: Ground, task: Callable[[Path], object], whole: bool) -> tuple[int, list[int]]:
    """How many changes of `task` a disk could refuse, and which of them to try.

    Unless `whole`, of many writes to one file in a row only the first and the last.
    """
    folder = start_again(start, ground)
    log = ground.fast / "试.log"
    log.unlink(missing_ok=True)
    steps = tracing.record(folder, log, lambda _say: task(folder))
    runs: list[list[int]] = []
    before = None
    for step in steps:
        if (step.what, step.path) != before or step.what is not What.WROTE:
            runs.append([])
        before = (step.what, step.path)
        runs[-1].append(step.change)
    tried = {at for run in runs for at in (run if whole else (run[0], run[-1]))}
    return steps[-1].change, sorted(tried)


def start_again(start: Path, ground: Ground) -> Path:
    """A fresh copy of the folder to try in."""
    folder = ground.fast / "试"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(start, folder)
    return folder


def _one(start: Path, ground: Ground, at: int, error: int, always: bool, seen: Counter[str]) -> list[str]:
    """One failure and the try after it; what was not as promised."""
    folder = start_again(start, ground)
    try:
        told = json.loads(tracing.failing(folder, at, error, always, lambda: a_day(folder)))
    except RuntimeError as broken:
        return [str(broken)]
    said: dict[str, str] = told["said"]
    seen["kept"] += told["kept"]
    wrong = [f"“{name}”没有中文说明：{words}" for name, words in said.items() if words and not words.endswith(("。", "）"))]
    seen["refused"] += sum(map(bool, said.values()))
    seen["unsure"] += sum(UNSURE in words for words in said.values())
    before = office.held(folder / ASIDE) if (folder / ASIDE).exists() else office.held(folder / BOOK)
    wrong += _compare(said, before, folder)
    return wrong or _again(folder)


def _compare(said: dict[str, str], before: Held | str, folder: Path) -> list[str]:
    """What was said of each deed against what is in the book (the one put aside, once another took its place)."""
    if isinstance(before, str):
        return [f"账簿坏了：{before}"]
    there = {key: key in before.paid for key in KEYS} | {"名单": bool(before.lists)}
    wrong = []
    for name, is_there in there.items():
        words = said.get(name)
        if words is None or UNSURE in words:
            continue
        if is_there != (words == ""):
            wrong.append(f"“{name}”说是“{words or '已保存'}”，账簿中{'有' if is_there else '没有'}")
    backup = folder / BACKUP
    if backup.exists() and isinstance(broken := office.held(backup), str):
        wrong.append(f"备份有名无实：{broken}")
    if said.get("备份") == "" and not backup.exists():
        wrong.append("备份说是已完成，却没有")
    now = office.held(folder / BOOK)
    if isinstance(now, str):
        wrong.append(f"现在的账簿坏了：{now}")
    return wrong


def _again(folder: Path) -> list[str]:
    """The same deeds once more, with room: one of each."""
    try:
        with Book(folder / BOOK) as book:
            for key in KEYS:
                office.pay(book, 1, key)
    except AppError as error:
        return [f"重试没有成功：{error}"]
    after = office.held(folder / BOOK)
    return [] if isinstance(after, Held) and after.paid == set(KEYS) else [f"重试后不符：{after}"]


def _control(start: Path, ground: Ground) -> int:
    """How often a program that pays again under a fresh key after any error at COMMIT pays twice."""
    twice = 0
    _, points = _points(start, ground, lambda folder: _pay_once(folder, "甲"), True)
    for at in points[ground.pick(-6, 0, 0) :]:
        folder = start_again(start, ground)
        tracing.failing(folder, at, errno.EIO, False, lambda folder=folder: _carelessly(folder))
        found = office.held(folder / BOOK)
        twice += isinstance(found, Held) and len(found.paid) == 2
    return twice


def _pay_once(folder: Path, key: str) -> None:
    with Book(folder / BOOK) as book:
        office.pay(book, 1, key)


def _carelessly(folder: Path) -> str:
    """No look whether an action was kept: any error means not saved."""
    kept = Book._was_kept
    Book._was_kept = lambda _book, _key: False  # type: ignore[method-assign]
    try:
        _pay_once(folder, "甲")
    except AppError:
        Book._was_kept = kept  # type: ignore[method-assign]
        _pay_once(folder, uuid.uuid4().hex)
    return ""
