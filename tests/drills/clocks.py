"""Drill 18, the clock of the computer jumps: ten years back, ten years ahead, over a change of summer time and a year's end.

Simulated: action after action, each by a clock that may have jumped, in a place that has summer time.
Promised: the times of the history never run backwards, the book stays sound, the next opening says that the clock
was put back, and says nothing while it is right; a clock far ahead is not believed before somebody confirms it.
Control: a history that writes down whatever the clock says must run backwards.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import Connection

from tests.drills import office
from tests.drills.drill import Done, Ground, Ledger
from tests.drills.office import ME
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import history, tables
from zjtx_desktop.storage.book import LONGEST_PAUSE, Book
from zjtx_desktop.usecases import clocks
from zjtx_desktop.usecases.self_check import clock_lines

PLACE = "America/New_York"
EDGES = (
    datetime(2026, 3, 8, 6, 59, 58, tzinfo=UTC),  # two seconds before the hour that is left out there
    datetime(2026, 11, 1, 5, 59, 58, tzinfo=UTC),  # and before the one that comes twice
    datetime(2026, 12, 31, 15, 59, 58, tzinfo=UTC),  # the year ends in 上饶
    datetime(2027, 1, 1, 4, 59, 58, tzinfo=UTC),  # and there
)
SLACK = timedelta(minutes=5)


def hold(ground: Ground) -> Done:
    """Random jumps, with the program opened anew now and then; then the control."""
    times, wrong = ground.pick(24, 400, 5_000), Ledger()
    with _in_a_place_with_summer_time():
        warned = _live(ground.fast / "账簿.zjtx", _clock(ground.chance(), times), wrong)
        backwards = _control(ground, times)
    return Done(
        f"{times:,} 次操作，时钟 ±10 年、夏令时、跨年，种子 {ground.seed}",
        f"历史时间倒退 {wrong.count}；打开时提醒时钟 {warned} 次，该提醒的都提醒" if not wrong.count else f"不符 {wrong.count}",
        f"照抄时钟的历史：倒退 {backwards} 处",
        wrong.problems((backwards > 0, "对照没有倒退"), (warned > 0, "没有一次提醒")),
    )


@contextmanager
def _in_a_place_with_summer_time() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = PLACE
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


def _clock(chance: Random, times: int) -> Iterator[datetime]:
    """What the clock says at each action: mostly a moment later, now and then far away."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    for _ in range(times):
        match chance.randrange(8):
            case 0:
                now += timedelta(days=365 * 10)
            case 1 | 2:
                now -= timedelta(days=365 * 10)
            case 3 | 4:
                now = chance.choice(EDGES)
            case _:
                now += timedelta(seconds=chance.randrange(3))
        now = min(max(now, datetime(2000, 1, 1, tzinfo=UTC)), datetime(2080, 1, 1, tzinfo=UTC))
        yield now.astimezone()  # as the computer would tell it there


def _live(path: Path, clock: Iterator[datetime], wrong: Ledger) -> int:
    """One action at each tick; how often an opening warned."""
    Book.create(path).close()
    warned, latest = 0, None
    for number, now in enumerate(clock):
        with Book(path) as book:
            lines = clock_lines(book.latest, now.astimezone().replace(tzinfo=None))
            warned += bool(lines)
            late = latest is not None and latest - now > SLACK
            if late and not (lines and "倒退" in lines[0].sentence):
                wrong.add(f"时钟为 {now}，最后一次操作 {latest}，打开时没有提醒")
            if lines and latest is not None and not late and now - latest < LONGEST_PAUSE:
                wrong.add(f"时钟为 {now}，最后一次操作 {latest}，不该提醒")
            if latest is not None and now - latest > LONGEST_PAUSE:
                _must_be_confirmed(book, number, now, wrong)
            _act(book, number, now)
            if book.latest is None or (latest and book.latest < latest):
                wrong.add(f"最后一次操作从 {latest} 变成 {book.latest}")
            latest = book.latest
            for words in book.check() if number % 20 == 0 else ():
                wrong.add(words)
    for at in _backwards(path):
        wrong.add(f"第 {at} 号操作早于前一号")
    held = office.held(path)
    if isinstance(held, str):
        wrong.add(held)
    return warned


def _act(book: Book, number: int, now: datetime, mends: bool = False) -> None:
    with book.action(f"登记 {number}", ME.name, now) as session:
        session.info["mends"] = mends
        session.add(tables.Organisation(name=f"示例{number}", folded=f"示例{number}"))


def _must_be_confirmed(book: Book, number: int, now: datetime, wrong: Ledger) -> None:
    """A clock far ahead of the history is not believed before somebody says that it is right."""
    try:
        _act(book, number, now)
        wrong.add(f"时钟为 {now}，最后一次操作 {book.latest}，没有确认就登记了")
    except Refused:
        pass
    with book.action(clocks.DEED, ME.name, now) as session:
        clocks.confirm(session, "核对过")


def _backwards(path: Path) -> list[int]:
    """The actions whose time is before that of the one before them."""
    with Book(path) as book, book.reading() as session:
        found = session.connection().exec_driver_sql("SELECT id, at FROM action ORDER BY id").all()
    return [now for (_, before), (now, at) in zip(found, found[1:], strict=False) if at < before]


def _control(ground: Ground, times: int) -> int:
    """How often a history goes backwards that takes the clock's word."""
    path, begin = ground.fast / "对照.zjtx", history.begin
    Book.create(path).close()
    history.begin = _taking_its_word(begin)
    try:
        with Book(path) as book:
            for number, now in enumerate(_clock(ground.chance(), times)):
                _act(book, number, now, mends=True)
    finally:
        history.begin = begin
    return len(_backwards(path))


def _taking_its_word(begin: Callable[..., int]) -> Callable[..., int]:
    def begin_by_the_clock(connection: Connection, key: str, title: str, by: str, now: datetime, *more: int | None) -> int:
        action = begin(connection, key, title, by, now, *more)
        at = now.astimezone(UTC).strftime(history.SECONDS)
        connection.exec_driver_sql("UPDATE action SET at = ? WHERE id = ?", (at, action))
        return action

    return begin_by_the_clock
