"""Drill 10, a disk that turns one bit.

Simulated: one bit of the file of a closed book is turned, anywhere, in a plain and in an encrypted book.
Promised: in an encrypted book every bit is found; in a plain one every change to what a question about the book
would answer (money, states, organisations, letters, history).
Control: what SQLite checks by itself (integrity_check) must miss some of those.
"""

import shutil
from pathlib import Path
from random import Random
from typing import Any

import sqlcipher3.dbapi2 as sqlite

from tests.drills import office
from tests.drills.drill import Done, Ground, Ledger
from zjtx_desktop.errors import AppError
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases.checks import check

BOOK = "账簿.zjtx"


def hold(ground: Ground) -> Done:
    """Plain, encrypted, and what SQLite alone would have found."""
    times, wrong = ground.pick(20, 600, 10_000), Ledger()
    plain, sealed = _book(ground, "明", None), _book(ground, "密", office.SECRET)
    chance = ground.chance()
    whole = _answers(plain)
    changed = found = alone = 0
    for _ in range(times):
        flipped, where = _flip(plain, ground, chance)
        answers = _answers(flipped)
        if answers == whole:
            continue
        changed += 1
        alone += _seen_by_sqlite(flipped)
        if _is_found(flipped, None):
            found += 1
        else:
            wrong.add(f"明文第 {where} 字节的改动没有发现")
    sound = 0
    for _ in range(times):
        flipped, where = _flip(sealed, ground, chance)
        if _is_found(flipped, office.SECRET):
            sound += 1
        else:
            wrong.add(f"加密账簿第 {where} 字节的改动没有发现")
    return Done(
        f"各翻 {times:,} 位，种子 {ground.seed}",
        f"加密 {sound:,}/{times:,} 发现；明文 {changed:,} 处改变了查询结果，发现 {found:,}",
        f"integrity_check 只发现明文 {changed:,} 处中的 {alone:,}",
        wrong.problems((alone < changed, "对照 integrity_check 没有漏掉")),
    )


def _book(ground: Ground, name: str, secret: bytes | None) -> Path:
    """A book with a payment, a list and room that was freed again."""
    path = ground.fast / name / BOOK
    path.parent.mkdir()
    office.make(path, secret)
    with Book(path, secret) as book:
        office.pay(book, 1, "付1")
        office.take_list(book)
    return path


def _flip(path: Path, ground: Ground, chance: Random) -> tuple[Path, int]:
    folder = ground.fast / "翻"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(path.parent, folder)
    data = bytearray(path.read_bytes())
    where = chance.randrange(len(data))
    data[where] ^= 1 << chance.randrange(8)
    (folder / BOOK).write_bytes(data)
    return folder / BOOK, where


def _answers(path: Path) -> Any:
    """What every table says, read as any program would; or that it cannot be read."""
    raw = sqlite.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    raw.text_factory = bytes
    try:
        tables = raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
        return [raw.execute(f'SELECT * FROM "{name.decode()}" ORDER BY rowid').fetchall() for (name,) in tables]
    except (sqlite.DatabaseError, UnicodeDecodeError):
        return "unreadable"
    finally:
        raw.close()


def _seen_by_sqlite(path: Path) -> bool:
    raw = sqlite.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        return raw.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
    except (sqlite.DatabaseError, UnicodeDecodeError):
        return True
    finally:
        raw.close()


def _is_found(path: Path, secret: bytes | None) -> bool:
    try:
        with Book(path, secret) as book:
            return bool(check(book))
    except AppError:
        return True
