"""The figures shown before the book is open are those of the open book, or none."""

import shutil
import subprocess
import sys
from datetime import date

from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.usecases import organisations, rollback
from zjtx_desktop.usecases.books import NewBook, make_book
from zjtx_desktop.usecases.first_look import first_look
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.overview import overview
from zjtx_desktop.usecases.seen_books import SeenBooks
from zjtx_desktop.values import Division

TODAY = date(2026, 11, 22)


def test_it_shows_what_the_open_book_shows_and_nothing_of_a_book_in_use(book, recognise):
    recognise()
    with book.reading() as session:
        known = overview(session, None, TODAY)
    assert first_look(book.path, None, TODAY) is None
    book.close()
    seen = first_look(book.path, None, TODAY)
    assert seen is not None and seen.overview == known and known.recognitions == 1
    Book(book.path).close()


def test_a_strange_or_missing_file_is_left_alone(tmp_path):
    strange = tmp_path / "甲.zjtx"
    strange.write_bytes(b"no book" * 100)
    assert first_look(strange, None, TODAY) is None
    assert first_look(tmp_path / "没有.zjtx", None, TODAY) is None
    assert list(tmp_path.iterdir()) == [strange]


def test_an_older_copy_shows_nothing_before_it_is_named(book, tmp_path):
    book.close()
    old = shutil.copy(book.path, tmp_path / "旧的.zjtx")
    with Book(book.path) as again:
        with again.action("登记甲公司", "张三") as session:
            organisations.register(session, OrganisationForm(name="甲公司"))
        rollback.meet(again, SeenBooks())
    assert first_look(book.path, None, TODAY) is not None and first_look(old, None, TODAY) is None


def test_nothing_of_an_encrypted_book_is_shown_and_nothing_is_said_of_it(tmp_path, capfd):
    wanted = NewBook(Division("361123"), "玉山县财政局", "", tmp_path, "县", "张三", "mountain high, river long")
    make_book(wanted, Cost(64, 1, 1)).close()
    assert first_look(wanted.path, None, TODAY) is None
    assert capfd.readouterr() == ("", "")


def test_it_needs_no_sqlmodel():
    code = "import sys, ui.first_page; print(sorted({'sqlmodel', 'sqlalchemy', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
