"""Backups made by themselves: of what has changed only, never a good one out, a second copy when its disk is there."""

import random
import resource
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlite
from people_kit import CHEAP

from zjtx_desktop.errors import BadFile, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keys import key_file, new_secret
from zjtx_desktop.usecases import attachments, backups, office, organisations
from zjtx_desktop.usecases.attachments import Scan
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.record_history import actions
from zjtx_desktop.usecases.restoring import Hands, restore
from zjtx_desktop.usecases.safekeeping import Second, keep_safe
from zjtx_desktop.usecases.slots import put_slot
from zjtx_desktop.values import Division

NOW = datetime(2026, 11, 22, 15, 30)
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


def quiet(_done, _total):
    """Nobody is told how far it is."""


def register(book: Book, name: str) -> int:
    with book.action(f"登记企业“{name}”", "张三") as session:
        return organisations.register(session, OrganisationForm(name=name))


def there(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "备份"


@pytest.fixture
def second(tmp_path):
    made = tmp_path / "移动硬盘"
    made.mkdir()
    return made


def damage(path: Path) -> None:
    raw = sqlite.connect(str(path))
    raw.execute("DROP TRIGGER history_organisation_update")
    raw.execute("UPDATE organisation SET name = '改过'")
    raw.commit()
    raw.close()


def test_only_what_has_changed_since_the_last_good_backup_is_backed_up(book, folder):
    first = keep_safe(book, folder, None, NOW, quiet)
    assert first.is_new and first.line.is_automatic and first.line.at == NOW
    again = keep_safe(book, folder, None, NOW + timedelta(hours=5), quiet)
    assert not again.is_new and again.line == first.line
    register(book, "甲公司")
    later = keep_safe(book, folder, None, NOW + timedelta(hours=6), quiet)
    assert later.is_new and later.line.organisations == 1 and len(there(folder)) == 2


def test_a_last_backup_that_went_bad_on_the_disk_does_not_count(book, folder):
    line = keep_safe(book, folder, None, NOW, quiet).line
    line.path.write_bytes(line.path.read_bytes()[:3000])
    assert keep_safe(book, folder, None, NOW + timedelta(minutes=1), quiet).is_new


def test_old_automatic_backups_make_room_and_manual_ones_and_those_of_other_books_stay(book, folder, tmp_path):
    folder.mkdir()
    manual = [backups.back_up(book, folder, NOW + timedelta(hours=h), quiet).path.name for h in range(3)]
    with Book.create(tmp_path / "别的.zjtx") as other, other.action("新建", "张三") as session:
        session.add(tables.Setting(key="division", value="361123"))
        session.add(tables.Setting(key="office", value="玉山县财政局"))
    strangers = []
    for day in range(17):
        register(book, f"第{day}家公司")
        keep_safe(book, folder, None, NOW + timedelta(days=day), quiet)
        stranger = folder / f"玉山县 {NOW + timedelta(days=day):%Y-%m-%d} 0800（自动 0000）.zjtx"
        stranger.write_bytes((tmp_path / "别的.zjtx").read_bytes())
        strangers.append(stranger.name)
    left = there(folder)
    assert set(manual) <= set(left) and set(strangers) <= set(left)
    mine = [name for name in left if "自动" in name and "0000" not in name]
    assert 12 < len(mine) < 16, "the last of twelve days, and the last of each week and month"
    assert backups.describe(folder / mine[-1]).organisations == 17


def test_a_damaged_book_never_rotates_a_good_copy_out(book, folder):
    for day in range(4):
        register(book, f"第{day}家公司")
        keep_safe(book, folder, None, NOW + timedelta(days=day), quiet)
    before = {name: (folder / name).read_bytes() for name in there(folder)}
    damage(book.path)
    assert not keep_safe(book, folder, None, NOW + timedelta(days=5), quiet).is_new, "the last one has all there is"
    register(book, "损坏以后登记的公司")
    for day in range(20, 400, 90):
        with pytest.raises(Refused, match="账簿没有通过检查，没有备份，原有的备份不受影响"):
            keep_safe(book, folder, None, NOW + timedelta(days=day), quiet)
    assert {name: (folder / name).read_bytes() for name in there(folder)} == before


def test_the_file_a_restore_came_from_stays_for_ever_and_so_does_what_it_put_aside(book, folder, tmp_path):
    path, kept = book.path, keep_safe(book, folder, None, NOW, quiet).line.path
    register(book, "后来的公司")
    book.close()
    aside = restore(kept, path, Hands(Actor("李四")), NOW, quiet)
    with Book(path) as back:
        for month in range(1, 18):
            register(back, f"第{month}家公司")
            keep_safe(back, folder, None, NOW + timedelta(days=28 * month), quiet)
    assert kept.exists() and aside.exists()
    assert len(there(folder)) < 17


def test_the_second_place_gets_each_backup_and_is_thinned_like_the_first(book, folder, second):
    for day in range(15):
        register(book, f"第{day}家公司")
        done = keep_safe(book, folder, second, NOW + timedelta(days=day), quiet)
        assert done.second is Second.THERE
    assert there(second) == there(folder) and len(there(second)) < 15
    newest = there(second)[-1]
    assert (second / newest).read_bytes() == (folder / newest).read_bytes()


def test_a_second_place_that_is_not_plugged_in_is_said_and_gets_the_latest_once_it_is(book, folder, tmp_path):
    second = tmp_path / "移动硬盘"
    done = keep_safe(book, folder, second, NOW, quiet)
    assert done.is_new and done.second is Second.ABSENT and not second.exists()
    second.mkdir()
    done = keep_safe(book, folder, second, NOW + timedelta(hours=1), quiet)
    assert not done.is_new and done.second is Second.THERE and there(second) == [done.line.path.name]


def test_a_second_place_that_cannot_be_written_does_not_fail_the_first(book, folder, tmp_path):
    second = tmp_path / "移动硬盘"
    second.mkdir()
    (second / "x").write_bytes(b"")
    keep_safe(book, folder, second, NOW, quiet)
    (name,) = there(folder)
    (second / name).unlink()
    (second / name).mkdir()  # something is in the way
    done = keep_safe(book, folder, second, NOW, quiet)
    assert done.second is Second.FAILED and name in done.why and there(folder) == [name]


def test_a_backup_that_does_not_fit_leaves_nothing_and_says_so(book, folder):
    keep_safe(book, folder, None, NOW, quiet)
    register(book, "甲公司")
    before, size = there(folder), book.path.stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, hard))
    try:
        with pytest.raises((Refused, BadFile), match="磁盘|写不进"):
            keep_safe(book, folder, None, NOW + timedelta(days=1), quiet)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert there(folder) == before
    assert keep_safe(book, folder, None, NOW + timedelta(days=1), quiet).is_new
    assert check(book) == []


def test_history_and_attachments_are_in_the_backup_byte_for_byte(book, folder, recognise, tmp_path):
    recognise()
    with book.action("添加附件", "张三") as session:
        attachments.attach(session, "recognition", 1, Scan("认定文件.pdf", PDF))
        said = actions(session)
    line = keep_safe(book, folder, None, NOW, quiet).line
    restore(line.path, tmp_path / "新" / "县.zjtx", Hands(Actor("李四")), NOW, quiet)
    with Book(tmp_path / "新" / "县.zjtx") as back, back.reading() as session:
        held = session.connection().exec_driver_sql("SELECT data FROM content ORDER BY id").scalars().all()
        assert bytes(held[0]) == PDF
        assert [one.title for one in actions(session)][-len(said):] == [one.title for one in said]
        assert check(back) == []


def test_an_encrypted_book_keeps_its_backups_encrypted_with_their_key_files(tmp_path, folder, second):
    secret = new_secret()
    with Book.create(tmp_path / "县.zjtx", secret) as book:
        fill_encrypted(book)
        line = keep_safe(book, folder, second, NOW, quiet).line
        assert line.problem == "" and not keep_safe(book, folder, second, NOW, quiet).is_new
        assert key_file(line.path).exists() and key_file(second / line.path.name).exists()
        assert not line.path.read_bytes().startswith(b"SQLite format")
        assert "玉山".encode() not in line.path.read_bytes()
        for day in range(1, 15):
            register(book, f"第{day}家公司")
            keep_safe(book, folder, second, NOW + timedelta(days=day), quiet)
    assert len(there(folder)) % 2 == 0 and len(there(folder)) < 30
    assert {f"{name}.keys" for name in there(folder) if name.endswith(".zjtx")} < set(there(folder))
    shut = backups.describe(line.path)
    assert shut.locked and "密码" in shut.problem and shut.at == NOW


def fill_encrypted(book: Book) -> None:
    with book.action("新建账簿", "张三") as session:
        office.set_up(session, Division("361123"), "玉山县财政局")
        put_slot(session, "张三", "一句好记的话", CHEAP)


def grow(book: Book, megabytes: int) -> None:
    """Attachments up to this size."""
    chance = random.Random(5)
    for number in range(megabytes // 10):
        with book.action(f"附件 {number}", "张三") as session:
            for part in range(10):
                attachments.attach(session, "recognition", 1, Scan(f"{number}-{part}.pdf", b"%PDF-1.7\n" + chance.randbytes(1 << 20)))


@pytest.mark.parametrize(
    "megabytes", [10, pytest.param(100, marks=[pytest.mark.release, pytest.mark.timeout(900)])]
)
def test_eight_backups_while_somebody_writes_are_each_whole_and_the_writer_hardly_waits(book, folder, recognise, megabytes):
    recognise()
    grow(book, megabytes)
    waits, stop, errors = [], threading.Event(), []

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            started = time.monotonic()
            try:
                register(book, f"边备份边登记的第{number}家公司")
            except Refused as error:
                errors.append(error)
            waits.append(time.monotonic() - started)

    writer = threading.Thread(target=write)
    writer.start()
    made, took = [], []
    try:
        for number in range(8):
            started = time.monotonic()
            made.append(keep_safe(book, folder, None, NOW + timedelta(hours=number), quiet))
            took.append(time.monotonic() - started)
    finally:
        stop.set()
        writer.join()
    print(f"{megabytes} MB: backup {max(took):.2f} s, longest wait of {len(waits)} writes {max(waits):.2f} s")
    assert errors == [] and len(made) == 8 and all(one.is_new for one in made)
    held = [one.line.organisations for one in made]
    assert held == sorted(held) and held[0] < held[-1], "somebody wrote meanwhile"
    # A copy in one step keeps the writer waiting only for itself, not for the check that takes most of a backup.
    assert max(waits) < max(2.0, max(took))
    for one in made:
        with Book(one.line.path) as copy:
            assert check(copy) == []
