"""The clock of the computer against the history: a clock that was put back is said, and the history never runs back."""

from datetime import UTC, datetime, timedelta

import pytest

from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases.self_check import WARN, clock_lines

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def here(at):
    """As the window tells the time."""
    return at.astimezone().replace(tzinfo=None)


@pytest.mark.parametrize(
    ("since", "word"),
    [
        (timedelta(0), None),
        (timedelta(minutes=-5), None),
        (timedelta(minutes=-6), "时间倒退了"),
        (timedelta(days=-3650), "时间倒退了"),
        (timedelta(days=399), None),
        (timedelta(days=3650), "相隔一年多"),
    ],
)
def test_a_clock_that_disagrees_with_the_last_action_is_said(since, word):
    lines = clock_lines(NOON, here(NOON + since))
    assert [line.tone for line in lines] == ([WARN] if word else [])
    assert all(word in line.sentence and "请" in line.sentence for line in lines)


def test_a_new_book_says_nothing():
    assert clock_lines(None, here(NOON)) == ()


def act(book, name, now):
    with book.action(f"登记{name}", "张三", now) as session:
        session.add(tables.Organisation(name=name, folded=name))


def test_the_book_knows_when_its_last_action_was_also_over_a_reopening(tmp_path):
    path, before = tmp_path / "县.zjtx", NOON - timedelta(days=3650)
    with Book.create(path) as book:
        assert book.latest is None
        act(book, "甲", NOON)
        assert book.latest == NOON
        act(book, "乙", before)
        assert book.latest == NOON
    with Book(path) as book:
        assert book.latest == NOON
        with book.action("什么也没改", "张三", NOON + timedelta(days=1)):
            pass
        with pytest.raises(ZeroDivisionError), book.action("没做完", "张三", NOON + timedelta(days=1)):
            raise ZeroDivisionError
    with Book(path) as book:
        assert book.latest == NOON and book.check() == []
