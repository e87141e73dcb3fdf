"""One program per book: a lock that names its holder, never hangs on, and never lets two in."""

import os
from pathlib import Path

import pytest
from book_kit import add, names
from nursery import Nursery

from zjtx_desktop.errors import Refused
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.lock import BookLock, login_name

ROUNDS, BOOKS = 50, 5


def got_in(nursery: Nursery, path: Path) -> bool:
    """Whether another process gets the lock of the book now."""
    return nursery.ask("race", path, runners=1)[0][0].startswith("won")


def winners(said: list[str]) -> list[str]:
    return [line.removeprefix("won ") for line in said if line.startswith("won")]


def lock_file(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


@pytest.fixture
def held(path, nursery: Nursery):
    """A book that another process has open; its process id."""
    Book.create(path).close()
    holder = nursery.ask("hold", path)
    yield holder
    nursery.ask("end", path, child=holder)


def test_a_second_program_is_refused_and_told_who_has_the_book(path, held):
    with pytest.raises(Refused) as refused:
        Book(path)
    said = str(refused.value)
    assert (
        os.uname().nodename in said
        and login_name() in said
        and f"进程 {held}" in said
        and said.endswith("再打开。")
    )


def test_a_second_window_of_the_same_program_is_refused_and_frees_nothing(path, nursery):
    with Book.create(path) as book:
        for _ in range(2):
            with pytest.raises(Refused, match=f"进程 {os.getpid()}"):
                Book(path)
        assert not got_in(nursery, path)
        add(book, "甲公司")
    assert got_in(nursery, path)


def test_the_lock_is_free_after_kill_9(path, nursery):
    Book.create(path).close()
    for _ in range(3):
        child = nursery.ask("hold", path)
        with pytest.raises(Refused):
            Book(path)
        nursery.ask("end", path, child=child)
        Book(path).close()


def test_closing_frees_the_book(path, nursery):
    with Book.create(path):
        pass
    Book(path).close()
    assert got_in(nursery, path)


def test_closing_a_book_of_another_file_frees_nothing(path, tmp_path, nursery):
    with Book.create(path):
        Book.create(tmp_path / "乙.zjtx").close()
        Book(tmp_path / "乙.zjtx").close()
        assert not got_in(nursery, path)


def test_checking_a_book_frees_nothing(path, nursery):
    with Book.create(path) as book:
        assert book.check() == [] and names(book) == []
        assert not got_in(nursery, path)


def test_of_four_programs_exactly_one_wins(path, nursery):
    for _ in range(ROUNDS // BOOKS):
        for said in nursery.ask("race", path, runners=4, books=BOOKS):
            assert len(winners(said)) == 1, said
            assert len([line for line in said if "正被" in line]) == 3, said
    assert len(list(path.parent.iterdir())) == BOOKS, "one side file a book, however many came"


def test_of_four_programs_that_make_the_same_new_book_one_made_it(path, nursery):
    for number in range(10):
        assert nursery.ask("race_to_create", path.with_stem(str(number)), runners=4) == 1


GARBAGE = {
    "empty": b"",
    "zeros": bytes(4096),
    "text": "被别的程序写坏了".encode() * 100,
    "half a file": b"SQLite format 3\0" + b"\x10\0\1\1\0@  " + b"\xff" * 5000,
    "a file of its own": None,
}


JOURNALS = {
    "empty": b"",
    "magic and zeros": b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(512),
    "noise": bytes(range(256)) * 4,
}


@pytest.mark.parametrize(
    ("kind", "journal"), [*((kind, None) for kind in GARBAGE), *(("text", kind) for kind in JOURNALS)]
)
def test_a_broken_side_file_locks_nobody_out(path, nursery, kind, journal):
    Book.create(path).close()
    content = path.read_bytes() if GARBAGE[kind] is None else GARBAGE[kind]
    lock_file(path).write_bytes(content)
    if journal is not None:
        lock_file(path).with_name(lock_file(path).name + "-journal").write_bytes(JOURNALS[journal])
    with Book(path) as book:
        add(book, "甲公司")
        with pytest.raises(Refused, match=f"进程 {os.getpid()}"):
            Book(path)
        assert not got_in(nursery, path)


def test_a_side_file_broken_under_its_holder_does_not_let_a_second_in(path, held):
    lock_file(path).write_bytes(b"garbage" * 500)
    for _ in range(2):
        with pytest.raises(Refused, match="正被另一个程序打开"):
            Book(path)


def test_races_over_a_broken_side_file_have_one_winner_too(path, nursery):
    for _ in range(3):
        for book in range(BOOKS):
            lock_file(path.with_stem(f"{path.stem}{book}")).write_bytes(b"garbage" * 500)
        for said in nursery.ask("race", path, runners=4, books=BOOKS):
            assert len(winners(said)) == 1, said


def test_a_link_to_the_book_is_the_same_book(path, tmp_path, held):
    link = tmp_path / "快捷方式.zjtx"
    link.symlink_to(path)
    with pytest.raises(Refused, match=f"进程 {held}"):
        Book(link)


def test_a_place_that_cannot_be_written_is_said_to_be_that(path):
    lock_file(path).mkdir()
    with pytest.raises(Refused, match="不能写入.*请换"):
        Book.create(path)
    assert not path.exists()


def test_a_lock_can_be_given_back_twice(path):
    lock = BookLock(path)
    lock.release()
    lock.release()
    BookLock(path).release()
