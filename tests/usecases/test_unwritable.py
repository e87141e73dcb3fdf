"""A book where nothing can be written: it is read, checked and copied elsewhere all the same, and the sentence says why."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import people_kit as kit
import pytest

from zjtx_desktop import cli
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.errors import BadFile, Refused
from zjtx_desktop.storage import book as book_module
from zjtx_desktop.storage import places
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keys import new_secret
from zjtx_desktop.storage.steps import STEPS
from zjtx_desktop.usecases import books, organisations, rounds, submissions
from zjtx_desktop.usecases.backups import back_up
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor, perform
from zjtx_desktop.usecases.entering import enter
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.slots import put_slot
from zjtx_desktop.values import Division

NEW = ("--division", "361123", "--office", "玉山县财政局", "--by", "张三")
may_mount = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="只有管理员能挂载")


@contextmanager
def mounted(*command: object, point: Path):
    done = subprocess.run(["mount", *map(str, command), str(point)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"这里不能挂载：{done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(point)], check=True)


@contextmanager
def read_only(folder: Path):
    with mounted("--bind", folder, point=folder):
        subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
        yield


@contextmanager
def full(folder: Path):
    """A small disk at this folder; `fill()` leaves no room on it."""

    def fill() -> None:
        with (folder / "别的").open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)) == 4096:
                pass

    folder.mkdir(exist_ok=True)
    with mounted("-t", "tmpfs", "-o", "size=2m", "tmpfs", point=folder):
        yield fill


def reads_but_does_not_write(book, elsewhere, cause):
    assert cause in book.read_only and book.why_barred() == book.read_only
    assert check(book) == []
    with book.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM action").scalar() == 1
    with pytest.raises(Refused, match=f"{cause}.*这次操作没有保存"):
        perform(book, "登记", Actor("张三"), lambda session: organisations.register(session, OrganisationForm(name="甲")))
    line = back_up(book, elsewhere, datetime(2026, 3, 2), lambda _done, _total: None)
    assert line.problem == "" and check_of(line.path) == []


def check_of(path):
    with Book(path) as copy:
        return check(copy)


@may_mount
def test_on_a_read_only_medium(book, tmp_path, tmp_path_factory):
    book.close()
    elsewhere = tmp_path_factory.mktemp("别处")
    with read_only(tmp_path), Book(book.path) as again:
        reads_but_does_not_write(again, elsewhere, "磁盘是只读的")


@may_mount
def test_on_a_full_disk(book, tmp_path, tmp_path_factory):
    book.close()
    small, elsewhere = tmp_path / "小", tmp_path_factory.mktemp("别处")
    with full(small) as fill:
        shutil.copy(book.path, small / "县.zjtx")
        fill()
        with Book(small / "县.zjtx") as again:
            reads_but_does_not_write(again, elsewhere, "磁盘已满")
        (small / "别的").unlink()
        with Book(small / "县.zjtx") as again:
            assert again.read_only == ""


@pytest.mark.parametrize("cause", ["磁盘是只读的", "没有写入账簿文件的权限"])
def test_a_file_that_may_not_be_changed_is_read_too(book, tmp_path_factory, monkeypatch, cause):
    """As an ordinary user meets it; whoever may do everything may write to any file."""
    book.close()
    monkeypatch.setattr(book_module, "why_locked_up", lambda _path: cause)
    with Book(book.path) as again:
        reads_but_does_not_write(again, tmp_path_factory.mktemp("别处"), cause)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="管理员什么都能写")
def test_a_folder_that_is_somebody_elses(book, tmp_path, tmp_path_factory):
    book.close()
    book.path.with_name("县.zjtx.lock").unlink()
    tmp_path.chmod(0o500)
    try:
        with Book(book.path) as again:
            reads_but_does_not_write(again, tmp_path_factory.mktemp("别处"), "没有写入权限")
    finally:
        tmp_path.chmod(0o700)


@may_mount
def test_an_encrypted_book_is_opened_there_by_its_password_and_by_no_other(tmp_path):
    path = tmp_path / "密.zjtx"
    with Book.create(path, new_secret()) as book:
        with book.action("新建账簿", "张三") as session:
            put_slot(session, "张三", kit.OWN, kit.CHEAP)
    now = datetime.now(UTC)
    with read_only(tmp_path):
        with pytest.raises(Refused, match="姓名或密码不对"):
            enter(path, "张三", "wrong password", now, kit.CHEAP)
        book, actor = enter(path, "张三", kit.OWN, now, kit.CHEAP)
        with book:
            assert actor.name == "张三" and "磁盘是只读的" in book.read_only and check(book) == []


@may_mount
def test_persons_sign_in_where_nothing_can_be_counted(book, tmp_path):
    kit.office(book)
    book.close()
    with read_only(tmp_path), Book(book.path) as again:
        with pytest.raises(Refused, match="姓名或密码不对"):
            kit.enter(again, f"{Role.CLERK.label}人员", "wrong password")
        assert kit.enter(again, f"{Role.CLERK.label}人员").key is not None


@may_mount
def test_a_book_of_an_older_program_has_to_be_carried_to_where_it_can_be_upgraded(tmp_path):
    path = tmp_path / "旧.zjtx"
    Book.create(path).close()
    with Book(path, steps=STEPS):
        pass
    with read_only(tmp_path), pytest.raises(Refused, match="旧版程序写成，要先升级才能看.*复制到本机硬盘"):
        Book(path, steps=(*STEPS, "CREATE TABLE later (id INTEGER PRIMARY KEY)"))


@may_mount
def test_what_a_crash_left_is_not_called_damage_where_it_cannot_be_undone(tmp_path):
    path = tmp_path / "断.zjtx"
    Book.create(path).close()
    script = (
        "import os, sys; from pathlib import Path; from zjtx_desktop.storage.book import Book\n"
        "from zjtx_desktop.storage import tables\n"
        "with Book(Path(sys.argv[1])) as book, book.action('登记', '张三') as session:\n"
        "    session.connection().exec_driver_sql('PRAGMA cache_size = 5')\n"
        "    for n in range(3000): session.add(tables.Organisation(name=f'企业{n}', folded=f'企业{n}'))\n"
        "    session.flush(); os._exit(1)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], cwd=Path(__file__).resolve().parents[2])
    assert path.with_name("断.zjtx-journal").stat().st_size, "nothing was left half done"
    with read_only(tmp_path), pytest.raises(BadFile, match="上次没有正常关闭.*复制到本机硬盘"):
        Book(path)
    with Book(path) as book:
        assert check(book) == []


@may_mount
def test_the_commands_read_there_and_say_why_they_do_not_write(book, tmp_path, tmp_path_factory, capsys):
    book.close()
    elsewhere = tmp_path_factory.mktemp("别处")
    with read_only(tmp_path):
        for words in (("check", book.path), ("people", book.path), ("backup", book.path, "--to", elsewhere)):
            assert cli.run([*map(str, words), "--by", "张三"]) == 0
            assert "磁盘是只读的" in capsys.readouterr().err
        assert cli.run(["confirm-clock", str(book.path), "--reason", "核对过", "--by", "张三"]) == 1
        assert "这次操作没有保存" in capsys.readouterr().err
    assert len(list(elsewhere.glob("*.zjtx"))) == 1


@may_mount
def test_the_workbook_is_written_elsewhere_and_does_not_count_as_sent(book, recognise, tmp_path, tmp_path_factory, capsys):
    recognise()
    with book.action("测算", "张三") as session:
        rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))
    book.close()
    out = tmp_path_factory.mktemp("别处") / "报送表.xlsx"
    with read_only(tmp_path):
        assert cli.run(["export", str(book.path), "--year", "2024", "--out", str(out), "--by", "张三"]) == 0
    assert "没有登记，只供核对，不要报送" in capsys.readouterr().err and out.stat().st_size
    with Book(book.path) as again, again.reading() as session:
        assert submissions.sent(session, 1) == ()


@may_mount
@pytest.mark.parametrize("room", [0, 6, 30, 60])
def test_a_book_that_cannot_be_made_leaves_nothing(tmp_path, capsys, room):
    """On a disk with room for so many pages more."""
    small = tmp_path / "小"
    with full(small) as fill:
        fill()
        with (small / "别的").open("r+b") as file:
            file.truncate(file.seek(0, os.SEEK_END) // 4096 * 4096 - room * 4096)
        assert cli.run(["new", str(small / "县.zjtx"), *NEW]) == 1
        said = capsys.readouterr().err
        assert "磁盘已满" in said or "磁盘空间不足" in said
        assert [one.name for one in small.iterdir()] == ["别的"]


def test_an_office_that_cannot_be_set_up_leaves_nothing(tmp_path):
    with pytest.raises(Refused):
        books.make_plain(tmp_path / "县.zjtx", Division("361123"), "玉山县财政局", " ")
    assert list(tmp_path.iterdir()) == []


def test_the_true_cause_is_told_by_what_the_system_says(tmp_path):
    assert places.why_unwritable(tmp_path) == "" and list(tmp_path.iterdir()) == []
    assert places.why_unwritable(tmp_path / "没有") != ""
