"""An older copy of a book is named, can only be read, and works once what is lost was accepted; for good, and everywhere."""

import os
import shutil
from contextlib import contextmanager
from datetime import datetime

import people_kit as kit
import pytest

from zjtx_desktop import cli
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.errors import Denied, Refused
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import organisations, rollback
from zjtx_desktop.usecases.duties import Actor, Second, perform
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.restoring import Hands, restore
from zjtx_desktop.usecases.safekeeping import keep_safe
from zjtx_desktop.usecases.seen_books import SeenBooks

ME = Actor("张三")


@pytest.fixture
def memory(tmp_path):
    return SeenBooks(tmp_path / "电脑甲")


def register(book, name, actor=ME):
    return perform(book, f"登记{name}", actor, lambda session: organisations.register(session, OrganisationForm(name=name)))


@contextmanager
def opened(path, memory, secret=None):
    """As window and commands open it."""
    with Book(path, secret) as book:
        found = rollback.meet(book, memory)
        yield book, found
        rollback.note(book, memory)


@pytest.fixture
def copies(book, memory, tmp_path):
    """The book with five actions, and a copy of it with four."""
    for name in ("甲公司", "乙公司", "丙公司"):
        register(book, name)
    old = tmp_path / "别处" / "旧的.zjtx"
    old.parent.mkdir()
    rollback.meet(book, memory)
    book.close()
    shutil.copy(book.path, old)
    with opened(book.path, memory) as (again, found):
        assert found is None
        register(again, "丁公司")
    return book.path, old


def accept(book, found, reason="新的一份磁盘已坏，第 5 步重新登记", actor=ME, other=None):
    deed = lambda session: rollback.accept(session, found)  # noqa: E731
    perform(book, rollback.DEED, actor, deed, Second(other, reason))


def test_an_older_copy_is_named_with_both_ends_wherever_it_lies(copies, memory):
    _, old = copies
    with opened(old, memory) as (_, found):
        at = datetime.fromisoformat(found.seen.at).astimezone()
        assert found.sentence == (
            f"这台电脑上次见到这本账簿办到第 5 步（{at:%Y-%m-%d %H:%M}，登记丁公司），这一份只到第 4 步，少 1 步。"
        )
        assert not found.is_parted


def test_it_can_only_be_read_until_it_is_accepted_and_the_memory_stays(copies, memory, tmp_path):
    _, old = copies
    with opened(old, memory) as (book, found):
        with pytest.raises(Refused, match="只到第 4 步.*只能查看，这次操作没有保存"):
            register(book, "戊公司")
        assert "只到第 4 步" in book.why_barred()
        with pytest.raises(Refused, match="没有自动备份"):
            keep_safe(book, tmp_path / "备份", None, datetime.now(), lambda _done, _total: None)
        assert book.check() == []
    with opened(old, memory) as (_, again):
        assert again == found, "looking at it changed neither the copy nor what is remembered"
        assert memory.of(found.seen.identity).seq == 5


def test_one_user_gives_a_reason_and_is_not_asked_again(copies, memory):
    _, old = copies
    with opened(old, memory) as (book, found):
        with pytest.raises(Refused, match="没有写明理由"):
            accept(book, found, " ")
        accept(book, found)
        assert rollback.meet(book, memory) is None and book.why_barred() == ""
        register(book, "戊公司")
        with book.reading() as session:
            assert session.connection().exec_driver_sql("SELECT title FROM action WHERE id = 5").scalar() == rollback.DEED
    with opened(old, memory) as (_, found):
        assert found is None and memory.at(old).seq == 6


def test_the_newer_one_is_then_the_one_that_parted(copies, memory):
    new, old = copies
    with opened(old, memory) as (book, found):
        accept(book, found)
        rollback.meet(book, memory)
        register(book, "戊公司")
    with opened(new, memory) as (book, found):
        assert found.is_parted and found.common == 4
        assert "这一份办到第 5 步，从第 5 步起和那一份各有各的改动。" in found.sentence
        with pytest.raises(Refused, match="各有各的改动"):
            register(book, "己公司")


def test_another_computer_that_saw_the_newer_one_finds_the_acceptance_in_the_copy(copies, memory, tmp_path):
    new, old = copies
    other = SeenBooks(tmp_path / "电脑乙")
    with opened(new, other):
        pass
    with opened(old, memory) as (book, found):
        accept(book, found)
        rollback.meet(book, memory)
    with opened(old, other) as (_, found):
        assert found is None
    later = SeenBooks(tmp_path / "电脑丙")
    with opened(new, later) as (book, _):
        register(book, "己公司")
    with opened(old, later) as (_, found):
        assert found is not None, "what it saw beyond the acceptance was given up by nobody"


def test_a_memory_is_of_the_book_and_not_of_the_place(copies, memory):
    new, old = copies
    shutil.copy(old, new)
    with opened(new, memory) as (_, found):
        assert found is not None and found.have.seq == 4
    with Book.create(new.with_name("另一个.zjtx")) as stranger:
        assert rollback.meet(stranger, memory) is None


def test_a_memory_that_cannot_be_read_counts_as_none_and_is_written_anew(copies, memory, tmp_path):
    new, _ = copies
    (file,) = (tmp_path / "电脑甲").iterdir()
    file.write_text("{", encoding="utf-8")
    with opened(new, memory) as (_, found):
        assert found is None
    (file,) = (tmp_path / "电脑甲").iterdir()
    assert memory.at(new).seq == 5


def test_an_encrypted_book_leaves_no_title_on_the_computer(memory, tmp_path):
    with Book.create(tmp_path / "密.zjtx", bytes(range(20))) as book:
        with book.action("登记某公司", "张三") as session:
            organisations.register(session, OrganisationForm(name="某公司"))
        rollback.meet(book, memory)
    (file,) = (tmp_path / "电脑甲").iterdir()
    assert memory.at(tmp_path / "密.zjtx").seq == 1 and "某公司" not in file.read_text(encoding="utf-8")


def test_a_book_with_persons_asks_two_of_them(book, memory, tmp_path):
    staff = kit.office(book)
    rollback.meet(book, memory)
    book.close()
    old = tmp_path / "旧的.zjtx"
    shutil.copy(book.path, old)
    with opened(book.path, memory) as (again, _):
        register(again, "丁公司", staff[Role.CLERK])
    with opened(old, memory) as (copy, found):
        with pytest.raises(Refused, match="要两个人办"):
            accept(copy, found, actor=staff[Role.ADMIN])
        with pytest.raises(Denied, match="岗位"):
            accept(copy, found, actor=staff[Role.CLERK], other=staff[Role.APPROVER])
        with pytest.raises(Refused, match="不能同意"):
            accept(copy, found, actor=staff[Role.ADMIN], other=staff[Role.CLERK])
        accept(copy, found, actor=staff[Role.ADMIN], other=staff[Role.APPROVER])
        assert rollback.meet(copy, memory) is None


def test_a_restore_on_purpose_is_not_named_afterwards(copies, memory):
    new, old = copies
    restore(old, new, Hands(ME), datetime(2020, 1, 1), lambda _done, _total: None, memory=memory)
    with opened(new, memory) as (book, found):
        assert found is None
        with book.reading() as session:
            times = list(session.connection().exec_driver_sql("SELECT at FROM action ORDER BY id").scalars())
        assert times == sorted(times), "also where the clock was put back"
        register(book, "戊公司")


def overwrite_in_place(new, old):
    data = old.read_bytes()
    with new.open("r+b") as file:
        file.write(data)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def replace_the_file(new, old):
    shutil.copy(old, new.with_name("来的"))
    new.with_name("来的").replace(new)


def overwrite_unseen(new, old):
    """Size and time say nothing: only what stands in it does."""
    before = new.stat()
    overwrite_in_place(new, old)
    with new.open("r+b") as file:
        file.truncate(before.st_size)
    os.utime(new, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("how", [overwrite_in_place, overwrite_unseen, replace_the_file])
def test_a_file_changed_under_the_open_program_is_noticed_before_the_next_write(copies, memory, how):
    new, old = copies
    with opened(old, memory) as (book, found):  # as many steps as the newer one, by the same count of writes
        accept(book, found)
    with opened(new, memory) as (book, _):
        pass
    with Book(new) as book:
        register(book, "己公司")
        with book.reading() as session:
            session.connection().exec_driver_sql("SELECT count(*) FROM organisation").scalar()  # in memory from now on
        how(new, old)
        with pytest.raises(Refused, match="(内容在打开期间被另一份账簿覆盖|被换成了另一个文件).*没有保存"):
            register(book, "庚公司")
        assert book.what_became() or how is overwrite_unseen
    if how is overwrite_in_place:
        assert new.read_bytes() == old.read_bytes(), "nothing was written into it"


def test_a_file_that_was_only_touched_goes_on(copies, memory):
    new, _ = copies
    with opened(new, memory) as (book, _):
        os.utime(new, ns=(1, 1))
        register(book, "己公司")
        assert book.what_became() == ""


def test_the_commands_use_the_same_memory_and_say_what_to_do(copies, capsys, monkeypatch, tmp_path):
    new, old = copies
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "桌面"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "桌面"))
    listed = tmp_path / "名单.csv"
    listed.write_text("企业名称,统一社会信用代码,认定日期,文号\n示例甲有限公司,91361123MA0000001J,2024-06-03,示例[2024]18号\n", encoding="utf-8")
    file_wide = ("--title", "专精特新“小巨人”企业", "--level", "国家级", "--type", "新认定", "--batch", "第六批", "--division", "361123")
    assert cli.run(["check", str(new)]) == 0
    assert cli.run(["check", str(old)]) == 0
    assert "这一份只到第 4 步" in capsys.readouterr().err
    assert cli.run(["import", str(old), str(listed), *file_wide, "--by", "张三"]) == 1
    assert "只能查看，这次操作没有保存" in capsys.readouterr().err
    assert cli.run(["accept-older", str(old), "--reason", "磁盘坏了", "--by", "张三"]) == 0
    assert "账簿可以继续使用" in capsys.readouterr().out
    assert cli.run(["people", str(old)]) == 0
    assert capsys.readouterr().err == ""
    assert cli.run(["accept-older", str(old), "--reason", "磁盘坏了", "--by", "张三"]) == 1
    assert "不用接受" in capsys.readouterr().err
    assert SeenBooks().at(old).seq == 5
