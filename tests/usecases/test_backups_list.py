"""Backups as the office sees them: named by county and time, told apart by what they hold."""

import os
from datetime import datetime, timedelta

import pytest

from zjtx_desktop.domain.titles import Level
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.undo import next_undo
from zjtx_desktop.usecases import backups, record_history, rounds
from zjtx_desktop.usecases.backups import age, back_up
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.restoring import Hands, restore
from zjtx_desktop.values import Money

NOW = datetime(2026, 11, 22, 15, 30)
LI = Hands(Actor("李四"))


def quiet(_done, _total):
    """Nobody is told how far it is."""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "备份"
    made.mkdir()
    return made


def computed(book: Book, year: int) -> None:
    with book.action("测算", "张三") as session:
        rounds.prepare(session, year, *rounds.basis_for(session, year))


def test_a_backup_is_named_by_county_and_time_and_says_what_it_holds(book, recognise, folder):
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    computed(book, 2024)
    line = back_up(book, folder, NOW, quiet)
    assert line.path == folder / "玉山县 2026-11-22 1530.zjtx"
    assert (line.whose, line.organisations, line.recognitions, line.awards) == (
        "玉山县 玉山县财政局",
        2,
        2,
        2,
    )
    assert line.total == Money.parse("40万") and line.at == NOW and not line.problem


def test_two_backups_in_one_minute_both_stay(book, folder):
    names = [back_up(book, folder, NOW, quiet).path.name for _ in range(2)]
    assert names == ["玉山县 2026-11-22 1530.zjtx", "玉山县 2026-11-22 1530 2.zjtx"]
    assert [line.at for line in backups.backups(folder)] == [NOW, NOW]


def test_the_list_has_the_latest_first_and_says_which_cannot_be_read(book, folder):
    for days in (3, 1, 2):
        back_up(book, folder, NOW - timedelta(days=days), quiet)
    (folder / "玉山县 2026-11-22 0900.zjtx").write_bytes(b"nothing" * 1000)
    lines = backups.backups(folder)
    assert [line.at.day for line in lines] == [22, 21, 20, 19]
    assert [bool(line.problem) for line in lines] == [True, False, False, False]
    assert "打不开" in lines[0].problem


def test_a_restore_names_the_book_it_put_aside_and_the_list_tells_it_apart(book, recognise, folder, tmp_path):
    line = back_up(book, folder, NOW, quiet)
    recognise()
    path = book.path
    book.close()
    aside = restore(line.path, path, LI, NOW, quiet)
    assert aside == tmp_path / "县（恢复前） 2026-11-22 1530.zjtx"
    by_name = {one.path.name: one for one in backups.backups(tmp_path)}
    assert (by_name["县.zjtx"].organisations, by_name[aside.name].organisations) == (0, 1)
    assert by_name[aside.name].is_aside and not by_name["县.zjtx"].is_aside


def test_a_restore_is_in_the_history_of_the_book_that_is_there_then(book, folder):
    line, path = back_up(book, folder, NOW, quiet), book.path
    before = line.path.read_bytes()
    book.close()
    aside = restore(line.path, path, LI, NOW, quiet)
    with Book(path) as back:
        with back.reading() as session:
            last = record_history.actions(session)[0]
        assert last.title == f"恢复备份“玉山县 2026-11-22 1530.zjtx”，恢复前的账簿另存为“{aside.name}”"
        assert last.by_name == "李四" and last.at >= NOW
        assert back.check() == []
        assert next_undo(back) is None or "恢复备份" not in next_undo(back).title
    assert line.path.read_bytes() == before, "the backup itself has no trace of it"


def test_a_book_is_not_restored_from_itself(book):
    path = book.path
    book.close()
    with pytest.raises(Refused, match="不能用它恢复自己"):
        restore(path, path, LI, NOW, quiet)


def test_on_a_new_computer_a_book_comes_from_its_backup_alone(book, folder, tmp_path):
    line = back_up(book, folder, NOW, quiet)
    restore(line.path, tmp_path / "新电脑" / "县.zjtx", LI, NOW, quiet)
    with Book(tmp_path / "新电脑" / "县.zjtx") as back, back.reading() as session:
        assert back.check() == []
        assert record_history.actions(session)[0].title == "恢复备份“玉山县 2026-11-22 1530.zjtx”", "nothing was put aside"


def test_a_folder_that_is_not_there_is_named(book, tmp_path):
    with pytest.raises(Refused, match="没有的"):
        back_up(book, tmp_path / "没有的", NOW, quiet)


def test_what_a_killed_backup_left_is_cleared_and_what_is_being_written_is_not(book, folder):
    old, new = folder / ".zjtx-0123.zjtx", folder / ".zjtx-4567.zjtx"
    for part, hours in ((old, 5), (new, 0)):
        part.write_bytes(b"half")
        os.utime(part, (NOW.timestamp() - hours * 3600,) * 2)
    back_up(book, folder, NOW, quiet)
    assert not old.exists() and new.exists()
    assert len(backups.backups(folder)) == 1


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=59), "59 分钟前"),
        (timedelta(hours=23), "23 小时前"),
        (timedelta(days=8), "8 天前"),
        (timedelta(seconds=-90), "刚刚"),
    ],
)
def test_an_age_in_words(ago, words):
    assert age(NOW - ago, NOW) == words
