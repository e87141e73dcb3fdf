"""kill -9 at any moment: an action is whole or not there, and none that was acknowledged is lost.

A kill says nothing about power cuts; for those the settings were chosen by replaying traces.
"""

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from book_kit import TODAY, actions, add, changes, names, stranger
from nursery import BULK, NEXT_STEPS, Nursery
from sqlmodel import select

from zjtx_desktop.errors import BadFile
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.steps import STEPS
from zjtx_desktop.storage.tables import FormerName, Organisation

KILLS_A_BOOK = 4
RELEASE = pytest.mark.release
SEED = 2023


@pytest.fixture
def chance() -> random.Random:
    return random.Random(SEED)


def counted(book: Book) -> tuple[Counter[str], Counter[str]]:
    """How many organisations and how many former names each action left, by the action's title."""
    with book.reading() as session:
        organisations = session.exec(select(Organisation.note)).all()
        return Counter(map(str, organisations)), Counter(session.exec(select(FormerName.folded)).all())


def assert_whole_or_nothing(path: Path, acknowledged: list[str]) -> int:
    """The book opens, is sound, and holds every acknowledged action and only whole ones; how many."""
    with Book(path) as book:
        assert book.check() == []
        titles = [action.title for action in actions(book)]
        organisations, former = counted(book)
    assert set(acknowledged) <= set(titles), "an acknowledged action is lost"
    assert len(titles) - len(acknowledged) <= KILLS_A_BOOK, (
        "at most the last action before each kill went unsaid"
    )
    for title in titles:
        by_session = int(title.rsplit("-", 1)[1]) % 2 == 0
        assert (organisations[title], former[title]) == ((1, 1) if by_session else (BULK, 0)), title
    assert set(organisations) == set(titles) and set(former) <= set(titles)
    return len(titles)


@pytest.mark.parametrize("kills", [60, pytest.param(1000, marks=[RELEASE, pytest.mark.timeout(1800)])])
def test_a_kill_loses_nothing_acknowledged_and_leaves_nothing_half_done(
    tmp_path, nursery: Nursery, chance, kills
):
    caught = done = hot = 0
    for number in range(kills):
        if number % KILLS_A_BOOK == 0:
            path, said = tmp_path / f"{number}.zjtx", tmp_path / f"{number}.said"
            Book.create(path).close()
        caught += nursery.ask(
            "killed", path, task="act", acknowledged=str(said), after=chance.uniform(0, 0.15)
        )
        journal = path.with_name(path.name + "-journal")
        hot += journal.exists() and journal.stat().st_size > 0
        acknowledged = said.read_text().split() if said.exists() else []
        if number % KILLS_A_BOOK == KILLS_A_BOOK - 1 or kills > 60:
            done += assert_whole_or_nothing(path, acknowledged)
        else:
            with Book(path) as book:
                assert book.check() == []
                assert set(acknowledged) <= {action.title for action in actions(book)}
    assert caught == kills and done > kills // 4 and hot > kills // 20, (
        "the kills came while actions were being written"
    )


@pytest.mark.parametrize("kills", [30, pytest.param(1000, marks=[RELEASE, pytest.mark.timeout(1800)])])
def test_a_killed_creation_can_be_done_again(tmp_path, nursery: Nursery, chance, kills):
    outcomes = Counter[str]()
    for number in range(kills):
        path, said = tmp_path / f"{number}.zjtx", tmp_path / f"{number}.said"
        nursery.ask("killed", path, task="create", acknowledged=str(said), after=chance.uniform(0, 0.05))
        try:
            with Book(path) if path.exists() else Book.create(path) as book:
                outcome = "whole"
                add(book, "甲公司")
        except BadFile:
            assert not said.exists(), "an acknowledged book is lost"
            outcome = "nothing"
            with Book.create(path) as book:
                add(book, "甲公司")
        with Book(path) as book:
            assert names(book) == ["甲公司"] and book.check() == []
        outcomes[outcome] += 1
    assert set(outcomes) <= {"whole", "nothing"}


@pytest.mark.parametrize("kills", [30, pytest.param(1000, marks=[RELEASE, pytest.mark.timeout(1800)])])
def test_a_killed_upgrade_leaves_the_old_book_or_the_new_one(tmp_path, nursery: Nursery, chance, kills):
    old = tmp_path / "旧" / "账簿.zjtx"
    old.parent.mkdir()
    with Book.create(old) as book:
        add(book, *map(str, range(100)))
        head = book.head()
    versions = Counter[int]()
    for number in range(kills):
        path, said = tmp_path / str(number) / "账簿.zjtx", tmp_path / f"{number}.said"
        path.parent.mkdir()
        shutil.copy(old, path)
        after = chance.uniform(0.005, 0.06 * 2 ** (number % 5))  # a slow machine is killed in the middle as well
        nursery.ask("killed", path, task="migrate", acknowledged=str(said), after=after)
        with stranger(path) as raw:
            version = raw.execute("PRAGMA user_version").fetchone()[0]
            columns = {row[1] for row in raw.execute("PRAGMA table_info(organisation)")}
            tables = raw.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'visit'").fetchone()[0]
        assert (version, "website" in columns, tables) in ((TODAY, False, 0), (TODAY + 2, True, 1))
        assert version > TODAY or not said.exists(), "an acknowledged upgrade is lost"
        if version == TODAY:
            with Book(path) as book:
                assert book.head() == head and book.check() == []
        with Book(path, steps=STEPS + NEXT_STEPS) as book:
            assert book.check() == [] and len(changes(book)) == 100 * 3 and len(names(book)) == 100
        for copy in path.parent.glob("*升级前*.zjtx"):
            with stranger(copy) as raw:
                assert raw.execute("SELECT hash FROM action").fetchall() == [(head,)]
        versions[version] += 1
    assert len(versions) == 2, f"the kills came before and after, not only on one side: {versions}"
