"""The lock after five failures is in the book: whatever becomes of the key file, who opens the book meets it."""

from datetime import timedelta

import pytest
from people_kit import ADMIN, CHEAP, NOW, OWN, TODAY, set_up

from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage.keys import key_file
from zjtx_desktop.usecases.books import NewBook, make_book
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.entering import enter
from zjtx_desktop.usecases.recovering import open_by_code, recovery_code, reset_by_code
from zjtx_desktop.usecases.signing_in import sign_in
from zjtx_desktop.values import Division

USER = "张三"


@pytest.fixture
def path(tmp_path):
    """An encrypted book of one user, closed."""
    made(tmp_path)
    return tmp_path / "县.zjtx"


def made(folder):
    """Make that book; its code, which is known only now."""
    with make_book(NewBook(Division("361123"), "玉山县财政局", "", folder, "县", USER, OWN), CHEAP) as book:
        return recovery_code(book, Actor(USER))


def into(path, password=OWN, now=NOW, name=USER):
    return enter(path, name, password, now, CHEAP)


def fail(path, times, name=USER):
    for _ in range(times):
        with pytest.raises(Refused):
            into(path, "wrong guess, wrong guess", name=name)


def fail_inside(book, times, name=USER):
    for _ in range(times):
        with pytest.raises(Refused):
            sign_in(book, name, "wrong guess, wrong guess", NOW, CHEAP)


def test_the_lock_of_the_one_user_holds_over_a_key_file_from_before_the_failures(path):
    before = key_file(path).read_bytes()
    book, _ = into(path)
    with book:
        fail_inside(book, 5)
    key_file(path).write_bytes(before)
    with pytest.raises(Refused, match="密码连续输错，暂停登录"):
        into(path)
    assert b'"count": 5' in key_file(path).read_bytes()  # the file knows again
    book, _ = into(path, now=NOW + timedelta(minutes=2))
    with book:
        assert check(book) == []
    into(path)[0].close()  # and the count began anew


def test_failures_while_the_book_was_shut_are_in_the_book_once_it_is_opened(path):
    before = key_file(path).read_bytes()
    fail(path, 4)
    into(path)[0].close()  # tells the book, and ends the count
    fail(path, 5)
    later = NOW + timedelta(minutes=2)
    key_file(path).write_bytes(before)
    into(path, now=later)[0].close()  # nothing of the five was ever in the book: it was shut, and they are lost with the file


def test_the_lock_of_a_person_holds_over_a_key_file_that_was_replaced(path):
    book, _ = into(path)
    with book:
        set_up(book)
    before = key_file(path).read_bytes()
    book, _ = into(path, name=ADMIN)
    with book:
        fail_inside(book, 5, ADMIN)
    key_file(path).write_bytes(before)
    with pytest.raises(Refused, match="密码连续输错，暂停登录"):
        into(path, name=ADMIN)


def test_without_the_key_file_no_password_opens_and_the_code_does_not_end_the_lock(tmp_path):
    code, path = made(tmp_path), tmp_path / "县.zjtx"
    with into(path)[0] as book:
        fail_inside(book, 5)
    key_file(path).unlink()
    with pytest.raises(NotFound, match="旁边没有钥匙文件"):
        into(path)
    with open_by_code(path, code).book as opened:
        with pytest.raises(Refused, match="暂停登录"):
            sign_in(opened, USER, OWN, NOW, CHEAP)
    with pytest.raises(Refused, match="暂停登录"):
        into(path)
    with open_by_code(path, code).book as opened:
        reset_by_code(opened, USER, "cloud thin, autumn far", TODAY, CHEAP)
    into(path, "cloud thin, autumn far")[0].close()


def test_a_success_is_an_action_only_where_it_ends_a_count(path):
    with into(path)[0] as book:
        head = book.head()
    with into(path)[0] as book:
        assert book.head() == head
        fail_inside(book, 1)
        sign_in(book, USER, OWN, NOW, CHEAP)
        told = book.head()
        sign_in(book, USER, OWN, NOW, CHEAP)
        assert book.head() == told != head
