"""Backups: whole and checked or not there at all; a restore keeps what it replaces."""

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from book_kit import add, make_old_book, names, stranger
from nursery import Nursery

from zjtx_desktop.errors import BadFile, Cancelled, Refused
from zjtx_desktop.storage.backup import copy_book, looking_into, put_back
from zjtx_desktop.storage.book import Book

RELEASE = pytest.mark.release
SEED = 214


def quiet(_done: int, _total: int) -> None:
    """Nobody is told how far it is."""


def held(path: Path) -> list[str]:
    """The organisations of a sound book."""
    with Book(path) as book:
        assert book.check() == []
        return names(book)


def seconds(work: Callable[[], object]) -> float:
    """How long something takes on this machine just now, so that kills fall into it."""
    started = time.monotonic()
    work()
    return time.monotonic() - started


def backed_up_once(path: Path, target: Path) -> None:
    with Book(path) as book:
        copy_book(book, target, Book.check, quiet)


def damage(path: Path) -> None:
    """Change a row behind the back of the history."""
    with stranger(path) as raw:
        raw.execute("DROP TRIGGER history_organisation_update")
        raw.execute("UPDATE organisation SET name = '改过'")


def test_a_backup_holds_what_the_book_holds_and_nothing_else_is_left_beside_it(book, path, tmp_path):
    add(book, "甲公司", "乙公司")
    target = tmp_path / "备份" / "玉山县 2026-11-22 1530.zjtx"
    target.parent.mkdir()
    told = []
    copy_book(book, target, Book.check, lambda done, total: told.append((done, total)))
    assert [one.name for one in target.parent.iterdir()] == [target.name]
    assert held(target) == names(book) == ["甲公司", "乙公司"]
    assert told == [(n, 4) for n in range(5)]


def test_the_book_can_be_written_while_its_copy_is_checked_and_the_copy_is_one_state_of_it(book, tmp_path):
    add(book, "甲公司")
    checked = []

    def check_and_write(opened: Book) -> list[str]:
        checked.append(opened is book)
        add(book, "后来的公司")
        return opened.check()

    copy_book(book, tmp_path / "备份.zjtx", check_and_write, quiet)
    assert held(tmp_path / "备份.zjtx") == ["甲公司"] and names(book) == ["甲公司", "后来的公司"]
    assert checked == [False], "a check of the book itself would keep its writer waiting"


def test_a_damaged_book_is_not_backed_up_and_the_good_backup_stays(book, path, tmp_path):
    add(book, "甲公司")
    good = tmp_path / "好的.zjtx"
    copy_book(book, good, Book.check, quiet)
    damage(path)
    with pytest.raises(Refused, match="账簿没有通过检查，没有备份"):
        copy_book(book, tmp_path / "坏的.zjtx", Book.check, quiet)
    assert not (tmp_path / "坏的.zjtx").exists()
    assert held(good) == ["甲公司"]


def test_a_backup_never_overwrites_a_file(book, tmp_path):
    taken = tmp_path / "备份.zjtx"
    taken.write_text("别人的文件")
    with pytest.raises(Refused, match="已经存在"):
        copy_book(book, taken, Book.check, quiet)
    assert taken.read_text() == "别人的文件"


def test_a_cancelled_backup_leaves_nothing(book, tmp_path):
    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise Cancelled

    folder = tmp_path / "备份"
    folder.mkdir()
    with pytest.raises(Cancelled):
        copy_book(book, folder / "备份.zjtx", Book.check, stop)
    assert list(folder.iterdir()) == []


@pytest.fixture
def backup(book, path, tmp_path) -> Path:
    """A backup with 甲公司; the book has had 乙公司 as well since, and is closed."""
    add(book, "甲公司")
    target = tmp_path / "备份.zjtx"
    copy_book(book, target, Book.check, quiet)
    add(book, "乙公司")
    book.close()
    return target


def test_a_restore_brings_the_backup_back_and_keeps_what_it_replaced(backup, path, tmp_path):
    before = backup.read_bytes()
    put_back(backup, path, tmp_path / "恢复前.zjtx", Book.check, quiet)
    assert held(path) == ["甲公司"]
    assert held(tmp_path / "恢复前.zjtx") == ["甲公司", "乙公司"]
    assert backup.read_bytes() == before


def test_a_book_that_is_open_is_not_replaced(backup, path, tmp_path):
    with Book(path) as other, pytest.raises(Refused, match="打开"):
        put_back(backup, path, tmp_path / "恢复前.zjtx", Book.check, quiet)
    assert other.path == path and held(path) == ["甲公司", "乙公司"]


@pytest.mark.parametrize(
    "harm",
    [
        damage,
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_text("不是账簿"),
    ],
)
def test_a_backup_that_is_not_sound_is_refused_and_the_book_stays(backup, path, tmp_path, harm):
    harm(backup)
    with pytest.raises((Refused, BadFile)):
        put_back(backup, path, tmp_path / "恢复前.zjtx", Book.check, quiet)
    assert held(path) == ["甲公司", "乙公司"]
    assert not (tmp_path / "恢复前.zjtx").exists()


def test_a_damaged_book_is_kept_as_it_is_and_replaced(backup, path, tmp_path):
    path.write_bytes(b"nothing that could be read")
    put_back(backup, path, tmp_path / "恢复前.zjtx", Book.check, quiet)
    assert held(path) == ["甲公司"]
    assert (tmp_path / "恢复前.zjtx").read_bytes() == b"nothing that could be read"


def test_a_lost_book_comes_back_from_its_backup(backup, path, tmp_path):
    path.unlink()
    put_back(backup, path, tmp_path / "恢复前.zjtx", Book.check, quiet)
    assert held(path) == ["甲公司"] and not (tmp_path / "恢复前.zjtx").exists()


def test_a_backup_of_an_older_program_is_restored_and_itself_left_old(tmp_path, path):
    folder = tmp_path / "旧"
    folder.mkdir()
    old = folder / "旧备份.zjtx"
    make_old_book(old, 1, "甲公司")
    before = old.read_bytes()
    put_back(old, path, tmp_path / "恢复前.zjtx", Book.check, quiet)
    assert held(path) == ["甲公司"]
    assert old.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} <= {
        "旧",
        path.name,
        f"{path.name}.lock",
        f"{path.name}.lock-journal",
    }


def test_a_look_into_a_backup_leaves_it_as_it_lies(backup):
    before = backup.read_bytes()
    with looking_into(backup) as session:
        assert session.connection().exec_driver_sql("SELECT name FROM organisation").scalars().all() == [
            "甲公司"
        ]
    assert backup.read_bytes() == before


@pytest.mark.parametrize("kills", [12, pytest.param(300, marks=[RELEASE, pytest.mark.timeout(1800)])])
def test_a_kill_leaves_only_whole_backups_and_none_acknowledged_is_missing(
    tmp_path, book, path, nursery: Nursery, kills
):
    add(book, *map(str, range(50)))
    book.close()
    folder, said, moments = tmp_path / "备份", tmp_path / "said", random.Random(SEED)
    folder.mkdir()
    took = seconds(lambda: backed_up_once(path, tmp_path / "一份.zjtx"))
    for _ in range(kills):
        after = moments.uniform(0.5, 6) * took
        nursery.ask("killed", path, task="back_up", acknowledged=str(said), after=after)
    acknowledged = said.read_text().split() if said.exists() else []
    there = {one.name for one in folder.glob("*.zjtx") if not one.name.startswith(".")}
    assert acknowledged and set(acknowledged) <= there
    for name in there:
        assert len(held(folder / name)) == 50
    assert len(held(path)) == 50


@pytest.mark.parametrize("kills", [12, pytest.param(300, marks=[RELEASE, pytest.mark.timeout(1800)])])
def test_a_killed_restore_leaves_one_of_the_two_books_whole(tmp_path, book, path, nursery: Nursery, kills):
    folder, said, moments = tmp_path / "备份", tmp_path / "said", random.Random(SEED)
    folder.mkdir()
    for name in ("甲", "乙"):
        add(book, name)
        copy_book(book, folder / f"{name}.zjtx", Book.check, quiet)
    book.close()
    before = {one.name: one.read_bytes() for one in folder.iterdir()}
    took, seen = seconds(lambda: held(path)) * 3, set()
    for _ in range(kills):
        after = moments.uniform(0.5, 8) * took
        nursery.ask("killed", path, task="put_backs", acknowledged=str(said), after=after)
        seen.add(tuple(held(path)))
    assert seen == {("甲",), ("甲", "乙")}
    for name, data in before.items():
        assert (folder / name).read_bytes() == data
    shutil.rmtree(folder)
