"""Drill 13, the program is killed while it brings an old book to today's shape.

Simulated: a book of each earlier version, opened by today's program in a forked child that is killed at a random moment.
Promised: the old book whole or the new one whole, nothing between; the copy set aside is the old one; opened again
it comes to today's shape with all its rows.
Control: the same steps by a driver that opens transactions as it sees fit must leave half-made books.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import sqlcipher3.dbapi2 as sqlite

from tests.drills.drill import Done, Ground, Ledger
from tests.drills.forking import killed
from tests.storage.book_kit import make_old_book
from tests.storage.nursery import NEXT_STEPS
from zjtx_desktop.errors import AppError
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.steps import STEPS

NAMES = tuple(f"示例{number}有限公司" for number in range(60))
TOMORROW = STEPS + NEXT_STEPS
Upgrade = Callable[[Path], None]


def hold(ground: Ground) -> Done:
    """From every version to today's, and from today's to a made-up tomorrow; then the control."""
    times, wrong, seen = ground.pick(6, 300, 3_000), Ledger(), Counter[str]()
    starts = {f"第 {version} 版": version for version in range(1, len(STEPS))} | {"今日": len(STEPS)}
    olds = {name: _old(ground.folder / name, version) for name, version in starts.items()}
    took = {
        name: _took(ground, old, lambda path, name=name: Book(path, steps=_wanted(starts[name])).close())
        for name, old in olds.items()
    }
    for number in range(times):
        name = list(olds)[number % len(olds)]
        _kill(ground, name, olds[name], starts[name], _spread(ground.seed + number) * took[name], wrong, seen)
    half = _control(ground, olds["今日"])
    return Done(
        f"杀 {times:,} 次（{len(olds)} 种旧版），种子 {ground.seed}",
        f"半新半旧 {wrong.count}；旧的完整 {seen['old']}，新的完整 {seen['new']}",
        f"让驱动自己开事务：{half} 次半新半旧",
        wrong.problems((half > 0, "对照没有半新半旧"), (seen["old"] > 0, "没有一次杀在升级中")),
    )


def _old(folder: Path, version: int) -> Path:
    folder.mkdir()
    make_old_book(folder / "账簿.zjtx", version, *NAMES)
    return folder / "账簿.zjtx"


def _wanted(version: int) -> tuple[str, ...]:
    """The steps that a book of a version is to be given."""
    return STEPS if version < len(STEPS) else TOMORROW


def _took(ground: Ground, old: Path, upgrade: Upgrade) -> float:
    path = ground.folder / "试" / "账簿.zjtx"
    _fresh(old, path)
    return killed(lambda: upgrade(path), None)[1]


def _kill(ground: Ground, name: str, old: Path, version: int, after: float, wrong: Ledger, seen: Counter[str]) -> None:
    path, steps = ground.folder / "试" / "账簿.zjtx", _wanted(version)
    _fresh(old, path)
    killed(lambda: Book(path, steps=steps).close(), after)
    found = _version(path)
    seen["old" if found == version else "new" if found == len(steps) else "half"] += 1
    for file in [path, *path.parent.glob("*升级前*.zjtx")]:
        have = _version(file)
        problem = _problem(file, STEPS[:have] if have <= len(STEPS) else steps)
        if have not in (version, len(steps)) or problem:
            wrong.add(f"{name}：{file.name} 为第 {have} 版，{problem}")
    if problem := _problem(path, steps):
        wrong.add(f"{name}：再打开时 {problem}")


def _spread(number: int) -> float:
    """Moments spread evenly by the golden ratio, so that few kills reach every part of the work and its end."""
    return number * 0.618_034 % 1 * 1.2


def _fresh(old: Path, path: Path) -> None:
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir()
    shutil.copy(old, path)


def _version(path: Path) -> int:
    raw = sqlite.connect(str(path))
    try:
        return int(raw.execute("PRAGMA user_version").fetchone()[0])
    finally:
        raw.close()


def _problem(path: Path, steps: tuple[str, ...]) -> str:
    """What is wrong with a book of these steps: unsound, or names are missing."""
    try:
        with Book(path, steps=steps) as book:
            problems = book.check()
            with book.reading() as session:
                names = session.connection().exec_driver_sql("SELECT name FROM organisation ORDER BY id").scalars().all()
    except AppError as error:
        return str(error)
    return problems[0] if problems else "" if tuple(names) == NAMES else f"只有 {len(names)} 家企业"


def _control(ground: Ground, old: Path) -> int:
    """How many books are half made when the driver begins transactions by itself, as it does by default."""
    path, half = ground.folder / "试" / "账簿.zjtx", 0
    took = _took(ground, old, _by_the_driver)
    after, before = _shape(path), _shape(old)
    for number in range(ground.pick(12, 60, 300)):
        _fresh(old, path)
        killed(lambda: _by_the_driver(path), _spread(number) * took)
        half += _shape(path) not in (before, after)
    return half


def _shape(path: Path) -> tuple[str, ...]:
    raw = sqlite.connect(str(path))
    try:
        made = [row[0] or "" for row in raw.execute("SELECT sql FROM sqlite_schema ORDER BY name")]
        return (*made, str(raw.execute("PRAGMA user_version").fetchone()[0]))
    finally:
        raw.close()


def _by_the_driver(path: Path) -> None:
    raw = sqlite.connect(str(path))  # its own transactions begin before rows change, and never before tables do
    for number in range(20):
        raw.execute(f"CREATE TABLE tomorrow{number} (id INTEGER PRIMARY KEY, what TEXT)")
        raw.execute(f"INSERT INTO tomorrow{number} SELECT id, title FROM action")
        raw.commit()
    raw.execute("PRAGMA user_version = 99")
    raw.close()
