"""Where a book must not live: told by the mount table, the drive, the name of the folder; and by real mounts where allowed."""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

import pytest
from book_kit import add, names

from zjtx_desktop.errors import BadFile, NotFound, Refused
from zjtx_desktop.storage import places
from zjtx_desktop.storage.backup import copy_book
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.places import Kind, linux_spot, mount_of, mounts, spot, synced_by, windows_spot

TABLE = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda1 rw,discard
31 27 0:40 / /net/财政共享 rw,relatime shared:1 - cifs //10.0.0.2/share rw,vers=3.1.1
32 27 0:41 / /net/home rw - nfs4 server:/home rw
33 27 8:17 / /media/张三/我的U盘 rw,nosuid - vfat /dev/sdb1 rw,uid=1000
34 27 8:33 / /media/张三/备份\040硬盘 rw - ntfs3 /dev/sdc1 rw
35 27 11:0 / /media/cdrom ro - iso9660 /dev/sr0 ro
36 27 254:0 /data /ro ro,relatime - ext4 /dev/vda1 rw
37 27 0:50 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
38 27 0:51 / /remote rw - fuse.sshfs zhang@server: rw
39 27 0:52 / /share/over rw - autofs systemd-1 rw
40 39 0:53 / /share/over rw - smb3 //nas/over rw
41 27 0:54 / /vm rw - 9p hostshare rw
42 27 259:3 / /data rw - fuseblk /dev/nvme0n1p3 rw
nonsense
"""
STICKS = ("8:17", "8:33")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/张三/账簿.zjtx", Kind.OWN_DISK),
        ("/net/财政共享/账簿.zjtx", Kind.NETWORK),
        ("/net/财政共享备份/账簿.zjtx", Kind.OWN_DISK),
        ("/net/home/张三/账簿.zjtx", Kind.NETWORK),
        ("/media/张三/我的U盘/账簿.zjtx", Kind.REMOVABLE),
        ("/media/张三/备份 硬盘/备份/a.zjtx", Kind.REMOVABLE),
        ("/media/cdrom/账簿.zjtx", Kind.READ_ONLY),
        ("/ro/账簿.zjtx", Kind.READ_ONLY),
        ("/run/user/1000/gvfs/smb-share/账簿.zjtx", Kind.NETWORK),
        ("/remote/账簿.zjtx", Kind.NETWORK),
        ("/share/over/账簿.zjtx", Kind.NETWORK),
        ("/vm/账簿.zjtx", Kind.NETWORK),
        ("/data/账簿.zjtx", Kind.OWN_DISK),
    ],
)
def test_linux_tells_a_place_by_its_mount_table(path, kind):
    assert linux_spot(path, TABLE, STICKS.__contains__).kind is kind


def test_what_is_mounted_last_on_a_point_counts_and_blanks_in_names_are_read():
    assert mount_of("/share/over/x", mounts(TABLE)).file_system == "smb3"
    assert mount_of("/media/张三/备份 硬盘/x", mounts(TABLE)).device == "8:33"


def test_a_fat_stick_says_how_large_a_file_may_be_and_other_disks_do_not():
    assert linux_spot("/media/张三/我的U盘/x", TABLE, STICKS.__contains__).largest == 4 * 1024**3 - 1
    assert linux_spot("/home/张三", TABLE, STICKS.__contains__).largest is None


@pytest.mark.parametrize("table", ["", "rubbish\n", "27 1 0:5 / / rw - 9p rootshare rw\n"])
def test_a_system_that_tells_nothing_or_has_no_other_disk_is_its_own_disk(table):
    assert linux_spot("/srv/账簿.zjtx", table, STICKS.__contains__).kind is Kind.OWN_DISK


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (r"C:\账簿\玉山县.zjtx", Kind.OWN_DISK),
        (r"E:\玉山县.zjtx", Kind.REMOVABLE),
        (r"Z:\玉山县.zjtx", Kind.NETWORK),
        (r"D:\玉山县.zjtx", Kind.READ_ONLY),
        (r"\\server\财政\玉山县.zjtx", Kind.NETWORK),
        (r"\\?\C:\账簿\玉山县.zjtx", Kind.OWN_DISK),
        (r"\\?\UNC\server\财政\玉山县.zjtx", Kind.NETWORK),
    ],
)
def test_windows_tells_a_place_by_its_drive(path, kind):
    types = {"C:\\": 3, "E:\\": 2, "Z:\\": 4, "D:\\": 5}
    found = windows_spot(PureWindowsPath(path), types.__getitem__, lambda drive: "FAT32" if drive == "E:\\" else "NTFS")
    assert found.kind is kind and (found.largest is not None) is (kind is Kind.REMOVABLE)


@pytest.mark.parametrize(
    ("path", "service"),
    [
        (r"C:\用户\张三\OneDrive\文档\账簿.zjtx", "OneDrive"),
        (r"C:\用户\张三\OneDrive - 玉山县财政局\账簿.zjtx", "OneDrive"),
        (r"D:\我的坚果云\账簿.zjtx", "坚果云"),
        (r"D:\Nutstore\1\账簿.zjtx", "坚果云"),
        (r"D:\BaiduSyncdisk\账簿.zjtx", "百度网盘"),
        (r"D:\百度网盘同步空间\账簿.zjtx", "百度网盘"),
        (r"C:\用户\张三\WPS云盘\账簿.zjtx", "WPS 云"),
        (r"C:\用户\张三\Dropbox\账簿.zjtx", "Dropbox"),
        (r"C:\用户\张三\iCloudDrive\账簿.zjtx", "iCloud"),
        (r"D:\工作\账簿.zjtx", "公司盘"),
        (r"C:\用户\张三\OneDrive说明\账簿.zjtx", ""),
        (r"C:\用户\张三\文档\OneDrive.zjtx", ""),
        (r"D:\工作2\账簿.zjtx", ""),
    ],
)
def test_a_synced_folder_is_known_by_its_name_or_by_what_the_system_says(path, service):
    assert synced_by(PureWindowsPath(path), ((PureWindowsPath(r"D:\工作"), "公司盘"),)) == service


@pytest.fixture
def mounted(monkeypatch, tmp_path):
    """The computer as if the folder given lay on this file system; the rest is as it is."""

    def mount(folder: Path, file_system: str, device: str = "0:99", options: str = "rw") -> None:
        real = os.path.realpath(folder).replace(" ", r"\040")
        table = f"27 1 254:0 / / rw - ext4 /dev/vda rw\n99 27 {device} / {real} {options} - {file_system} x {options}\n"
        monkeypatch.setattr(places, "_mount_table", lambda: table)
        monkeypatch.setattr(places, "_is_removable", STICKS.__contains__)

    return mount


@pytest.mark.parametrize(
    ("file_system", "device", "options", "word"),
    [("cifs", "0:99", "rw", "网络盘"), ("vfat", "8:17", "rw", "可移动磁盘"), ("ntfs", "8:17", "rw", "可移动磁盘")],
)
def test_a_book_is_neither_made_nor_opened_there_and_the_sentence_says_what_to_do(path, tmp_path, mounted, file_system, device, options, word):
    Book.create(path).close()
    mounted(tmp_path, file_system, device, options)
    with pytest.raises(Refused, match=f"{word}.*没有打开。请先把它复制到本机硬盘"):
        Book(path)
    with pytest.raises(Refused, match=f"{word}.*没有新建。请换一个"):
        Book.create(tmp_path / "新.zjtx")
    assert not (tmp_path / "新.zjtx").exists()


@pytest.mark.parametrize("marker", [".dropbox", ".stfolder"])
def test_a_folder_that_a_service_marks_is_refused_whatever_it_is_called(path, tmp_path, marker):
    Book.create(path).close()
    (tmp_path / marker).mkdir()
    with pytest.raises(Refused, match="网盘同步文件夹"):
        Book(path)


def test_a_backup_goes_to_a_stick_and_to_a_share_checked_and_whole(book, path, tmp_path, mounted):
    add(book, "甲公司")
    for number, (file_system, device) in enumerate((("vfat", "8:17"), ("cifs", "0:99"))):
        stick = tmp_path / f"盘 {number}"
        stick.mkdir()
        mounted(stick, file_system, device)
        copy_book(book, stick / "备份.zjtx", Book.check, lambda done, total: None)
        assert [one.name for one in stick.iterdir()] == ["备份.zjtx"]
        (tmp_path / "回来.zjtx").write_bytes((stick / "备份.zjtx").read_bytes())
        with Book(tmp_path / "回来.zjtx") as back:
            assert back.check() == [] and names(back) == ["甲公司"]
    assert list(tmp_path.glob(".zjtx-*")) == []


def test_a_file_deleted_under_the_open_book_refuses_every_write_and_says_so(book, path):
    add(book, "甲公司")
    assert book.what_became() == "" and names(book) == ["甲公司"]
    path.unlink()
    with pytest.raises(Refused, match="被删除或移走了.*从备份恢复.*没有保存"):
        add(book, "乙公司")
    with pytest.raises(BadFile, match="被删除或移走了"), book.reading() as one, book.reading() as another:
        for session in (one, another):  # the second needs a connection of its own
            assert session.connection().exec_driver_sql("SELECT name FROM organisation").scalars().all() == ["甲公司"]
    assert not path.exists(), "no empty file was put in its place"


def test_a_file_put_back_in_its_place_is_the_book_again(book, path, tmp_path):
    path.rename(tmp_path / "别处.zjtx")
    with pytest.raises(Refused):
        add(book, "甲公司")
    (tmp_path / "别处.zjtx").rename(path)
    add(book, "甲公司")
    assert names(book) == ["甲公司"] and book.check() == []


def test_a_file_replaced_under_the_open_book_is_told_and_the_other_file_is_left_alone(book, path, tmp_path):
    add(book, "甲公司")
    copy_book(book, tmp_path / "旧.zjtx", Book.check, lambda done, total: None)
    before = (tmp_path / "旧.zjtx").read_bytes()
    (tmp_path / "旧.zjtx").replace(path)
    with pytest.raises(Refused, match="被换成了另一个文件"):
        add(book, "乙公司")
    assert path.read_bytes() == before


@contextmanager
def really(*command: str | Path, point: Path):
    """A real mount, where this user may mount."""
    done = subprocess.run(["mount", *map(str, command), str(point)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"这里不能挂载：{done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(point)], check=True)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="只有管理员能挂载")
def test_a_folder_really_mounted_read_only_is_told_by_its_sentence(path, tmp_path):
    Book.create(path).close()
    with really("--bind", tmp_path, point=tmp_path):
        subprocess.run(["mount", "-o", "remount,bind,ro", str(tmp_path)], check=True)
        assert spot(path).kind is Kind.READ_ONLY
        with pytest.raises(Refused, match="只读的位置.*没有新建"):
            Book.create(tmp_path / "新.zjtx")
        with Book(path) as book:
            assert book.read_only == "账簿“账簿.zjtx”不能写入（磁盘是只读的），现在只能查看。"
    Book(path).close()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="只有管理员能挂载")
def test_a_book_on_a_really_full_disk_keeps_what_it_had_and_says_why(tmp_path):
    small = tmp_path / "小"
    small.mkdir()
    with really("-t", "tmpfs", "-o", "size=1m", "tmpfs", point=small):
        with Book.create(small / "账簿.zjtx") as book:
            add(book, "甲公司")
            (small / "别的").write_bytes(bytes(1 << 20)[: os.statvfs(small).f_bavail * os.statvfs(small).f_frsize])
            with pytest.raises(Refused, match="磁盘已满"):
                add(book, *(f"{number} " + "长" * 300 for number in range(500)))
            assert names(book) == ["甲公司"]
            (small / "别的").unlink()
            add(book, "乙公司")
            assert names(book) == ["甲公司", "乙公司"] and book.check() == []


def test_a_path_that_does_not_exist_is_no_place_to_fail(tmp_path):
    assert spot(tmp_path / "没有" / "这个.zjtx").kind is Kind.OWN_DISK
    with pytest.raises(NotFound):
        Book(tmp_path / "没有" / "这个.zjtx")


@pytest.mark.parametrize("is_replaced", [False, True])
def test_what_an_open_book_still_has_can_be_saved_after_its_file_is_gone(book, path, tmp_path, is_replaced):
    add(book, "甲公司")
    assert names(book) == ["甲公司"]
    if is_replaced:
        copy_book(book, tmp_path / "旧.zjtx", Book.check, lambda done, total: None)
    add(book, "乙公司")
    if is_replaced:
        (tmp_path / "旧.zjtx").replace(path)
    else:
        path.unlink()
    copy_book(book, tmp_path / "抢救.zjtx", Book.check, lambda done, total: None)
    with Book(tmp_path / "抢救.zjtx") as saved:
        assert names(saved) == ["甲公司", "乙公司"] and saved.check() == []
    assert path.exists() is is_replaced


@pytest.mark.parametrize("letters", [76, 80, 90])
def test_a_name_too_long_for_what_stands_beside_a_book_is_said_to_be_that(tmp_path, letters):
    with pytest.raises(Refused, match="太长，没有新建。请改短文件名"):
        Book.create(tmp_path / f"{'账' * letters}.zjtx")
    assert list(tmp_path.iterdir()) == []
