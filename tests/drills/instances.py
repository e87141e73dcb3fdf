"""Drill 6, two programs over one book: as if the lock were not there, and for the lock.

Simulated: two processes with connections of their own, past the lock, each paying every award in an order of its own;
then four processes at once that go for the lock of one book, again and again.
Promised: every award is paid once and to the fen; of four exactly one gets the lock.
Control: paying by "look, then write" without the rules of the book must pay twice; a lock that is a file which is
looked for and then made must let several in.
"""

import os
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from tests.drills import office
from tests.drills.drill import Done, Ground, Ledger
from tests.drills.forking import at_once
from tests.drills.office import ME
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import history
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.connection import writing_engine
from zjtx_desktop.storage.lock import BookLock
from zjtx_desktop.usecases import ledger
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.values import Money

RUNNERS = 4


def hold(ground: Ground) -> Done:
    """The payments, the locks, and a control of each."""
    awards, races = ground.pick(40, 1_000, 10_000), ground.pick(8, 200, 2_000)
    path, wrong = ground.fast / "账簿.zjtx", Ledger()
    office.make_many(path, awards)
    with Book(path) as book:
        parts, each = office.parts(book), 10 * office.WAN
    said = at_once([lambda seed=seed: _pay_all(path, parts, ground.seed + seed) for seed in (1, 2)])
    found = office.held(path)
    paid = len(found.paid) if not isinstance(found, str) else 0
    fen = _sum(path)
    if isinstance(found, str) or paid != awards or fen != awards * each or sum(map(int, said)) != awards:
        wrong.add(f"{awards} 笔付成 {paid} 笔 {fen} 分；{found if isinstance(found, str) else said}")
    lost = [n for n in (_winners(ground, BookLock, number) for number in range(races)) if n != 1]
    for count in lost:
        wrong.add(f"抢锁：{count} 个得到")
    twice, many = _paid_twice(ground, awards), _bad_locks(ground)
    return Done(
        f"两个进程各付 {awards:,} 笔；{races:,} 次四个进程抢锁，种子 {ground.seed}",
        f"重复拨付 0，合计 {Money(fen)} 元分毫不差；每次只有一个得到锁" if not wrong.count else f"不符 {wrong.count}",
        f"先查后写：{twice} 笔付了两次；先看有没有文件再建的锁：{many} 次不止一个得到",
        wrong.problems((twice > 0, "对照先查后写没有重复拨付"), (many > 0, "对照的锁没有让两个进来")),
    )


def _pay_all(path: Path, parts: tuple[int, ...], seed: int) -> str:
    """Pay every part whole, in an order of one's own; how many were not refused."""
    engine, order, paid = writing_engine(path, None), list(parts), 0
    Random(seed).shuffle(order)
    while order:
        part = order.pop()
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                action = history.begin(session.connection(), uuid.uuid4().hex, "拨付", ME.name, datetime.now(UTC))
                session.info |= {"by": ME.name, "clock": datetime.now(UTC)}
                one = PaymentOrder(part, Money(10 * office.WAN), office.DAY, "国库支付0001", f"{seed}/{part}", same_voucher=True)
                ledger.pay(session, one)
                session.flush()
                history.seal(session.connection(), action)
            paid += 1
        except (Refused, IntegrityError):
            pass  # the other process has paid this one
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            order.append(part)  # the other process was at it for too long: once more, under the same key
    engine.dispose()
    return str(paid)


def _sum(path: Path) -> int:
    with Book(path) as book, book.reading() as session:
        query = "SELECT coalesce(sum(fen), 0) FROM ledger_entry WHERE kind = 'paid'"
        return int(session.connection().exec_driver_sql(query).scalar_one())


def _winners(ground: Ground, lock: Callable[[Path], object], number: int) -> int:
    """How many of four got the lock of one book at the same moment; each holds it until all have said."""
    path, tried = ground.fast / f"锁{number}.zjtx", ground.fast / f"锁{number}.said"

    def go() -> str:
        try:
            mine = lock(path)
        except Refused:
            return ""
        held.append(mine)
        return "won"

    held: list[object] = []
    def go_and_wait() -> str:
        word = go()
        _meet(tried, RUNNERS)  # so that no lock is free again before the last one's try
        return word

    return at_once([go_and_wait] * RUNNERS).count("won")


def _meet(at: Path, runners: int) -> None:
    """Wait until so many processes have come here."""
    with at.open("ab", buffering=0) as come:
        come.write(b".")
    while at.stat().st_size < runners:
        time.sleep(0.001)


class FileLock:
    """How locks are often made, and must not be: looked for, then made; here all four look before one makes it."""

    def __init__(self, path: Path) -> None:
        mine = path.with_suffix(".pid")
        is_taken = mine.exists()
        _meet(path.with_suffix(".looked"), RUNNERS)
        if is_taken:
            raise Refused("在用")
        mine.write_text(str(os.getpid()))


def _bad_locks(ground: Ground) -> int:
    """In how many of some races the bad lock let several in."""
    return sum(_winners(ground, FileLock, 100_000 + number) > 1 for number in range(ground.pick(3, 20, 200)))


def _paid_twice(ground: Ground, awards: int) -> int:
    """Look, then write, in a table without rules: how many of the awards two processes pay twice."""
    path = ground.fast / "无规则.db"
    with _plain(path) as raw:
        raw.execute("CREATE TABLE paid (part INTEGER)")
    at_once([lambda: _carelessly(path, awards)] * 2)
    with _plain(path) as raw:
        return len(raw.execute("SELECT part FROM paid GROUP BY part HAVING count(*) > 1").fetchall())


def _plain(path: Path) -> sqlite.Connection:
    return sqlite.connect(str(path), timeout=10, isolation_level=None)


def _carelessly(path: Path, awards: int) -> str:
    """As two desks do that both have the list of what is unpaid on the screen."""
    raw = _plain(path)
    unpaid = set(range(awards)) - {part for (part,) in raw.execute("SELECT part FROM paid").fetchall()}
    _meet(path.with_suffix(".looked"), 2)
    for part in unpaid:
        raw.execute("INSERT INTO paid VALUES (?)", (part,))
    raw.close()
    return ""
