"""A file is there whole or not at all, and nothing of anybody's is lost on the way."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from zjtx_desktop.errors import BadFile, Cancelled, Refused
from zjtx_desktop.exchange.atomic import atomic_bytes, clear_leftovers, write_atomically


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def raising(error: BaseException):
    def write(temporary: Path) -> None:
        temporary.write_bytes(b"half")
        raise error

    return write


def test_the_file_holds_what_was_written_and_nothing_lies_beside_it(tmp_path):
    atomic_bytes(tmp_path / "上报.xlsx", b"whole")

    assert (tmp_path / "上报.xlsx").read_bytes() == b"whole"
    assert names(tmp_path) == ["上报.xlsx"]


def test_the_temporary_file_lies_beside_the_target_and_ends_as_it_does(tmp_path):
    seen = []

    def write(temporary: Path) -> None:
        seen.append(temporary)
        temporary.write_bytes(b"x")

    write_atomically(tmp_path / "上报.xlsx", write)

    assert seen[0].parent == tmp_path
    assert seen[0].suffix == ".xlsx"
    assert seen[0].name != "上报.xlsx"


def test_a_file_that_is_there_is_kept(tmp_path):
    target = tmp_path / "上报.xlsx"
    target.write_bytes(b"old")

    with pytest.raises(Refused, match="“上报.xlsx”已经存在，没有覆盖。请"):
        atomic_bytes(target, b"new")

    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["上报.xlsx"]


def test_a_file_that_is_there_is_replaced_when_that_was_asked_for(tmp_path):
    target = tmp_path / "上报.xlsx"
    target.write_bytes(b"old")

    atomic_bytes(target, b"new", overwrite=True)

    assert target.read_bytes() == b"new"


def test_a_file_that_someone_else_puts_there_meanwhile_is_kept(tmp_path):
    target = tmp_path / "上报.xlsx"

    def write(temporary: Path) -> None:
        temporary.write_bytes(b"ours")
        target.write_bytes(b"theirs")

    with pytest.raises(Refused, match="已经存在"):
        write_atomically(target, write)

    assert target.read_bytes() == b"theirs"
    assert names(tmp_path) == ["上报.xlsx"]


def test_a_dangling_link_counts_as_there(tmp_path):
    target = tmp_path / "上报.xlsx"
    try:
        target.symlink_to(tmp_path / "gone")
    except OSError:
        pytest.skip("no links here")

    with pytest.raises(Refused):
        atomic_bytes(target, b"new")


@pytest.mark.parametrize("error", [Cancelled(), Refused("不行"), KeyError("bug"), KeyboardInterrupt()])
def test_whatever_stops_the_writing_passes_through_and_leaves_all_as_it_was(tmp_path, error):
    target = tmp_path / "上报.xlsx"
    target.write_bytes(b"old")

    with pytest.raises(type(error)):
        write_atomically(target, raising(error), overwrite=True)

    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["上报.xlsx"]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (errno.ENOSPC, "磁盘空间不足"),
        (errno.EACCES, "没有写入权限，或同名文件正被 Excel、WPS 打开"),
        (errno.EROFS, "没有写入权限"),
        (errno.EIO, "没有写成"),
    ],
)
def test_a_disk_that_will_not_have_it_becomes_a_sentence(tmp_path, code, sentence):
    with pytest.raises(BadFile, match=sentence) as caught:
        write_atomically(tmp_path / "上报.xlsx", raising(OSError(code, os.strerror(code))))

    assert "请" in str(caught.value)
    assert names(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_named(tmp_path):
    def write(_: Path) -> None:
        Path("/dev/full").write_bytes(b"x" * 100_000)

    with pytest.raises(BadFile, match="磁盘空间不足"):
        write_atomically(tmp_path / "上报.xlsx", write)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(BadFile, match="文件夹“没有”不存在"):
        atomic_bytes(tmp_path / "没有" / "上报.xlsx", b"x")


def test_a_file_in_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "文件").write_bytes(b"")

    with pytest.raises(BadFile, match="文件夹“文件”不存在"):
        atomic_bytes(tmp_path / "文件" / "上报.xlsx", b"x")


def test_a_name_that_is_too_long_is_named(tmp_path):
    with pytest.raises(BadFile, match="太长"):
        atomic_bytes(tmp_path / ("长" * 300 + ".xlsx"), b"x")


def test_a_folder_is_never_replaced(tmp_path):
    (tmp_path / "上报").mkdir()

    with pytest.raises(Refused, match="是一个文件夹"):
        atomic_bytes(tmp_path / "上报", b"x", overwrite=True)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a folder that refuses us")
def test_a_folder_without_the_right_to_write_is_named(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(BadFile, match="没有写入权限"):
            atomic_bytes(tmp_path / "上报.xlsx", b"x")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes rights from the folder")
def test_colleagues_may_read_it_as_far_as_the_folder_lets_them(tmp_path):
    old = os.umask(0o022)
    try:
        atomic_bytes(tmp_path / "上报.xlsx", b"x")
    finally:
        os.umask(old)

    assert (tmp_path / "上报.xlsx").stat().st_mode & 0o777 == 0o644


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
@pytest.mark.parametrize(("name", "private"), [("县.zjtx", False), ("县.zjtx.keys", False), ("恢复码.pdf", True)])
def test_books_keys_and_what_is_private_only_the_owner_reads(tmp_path, name, private):
    (tmp_path / name).write_bytes(b"old")
    (tmp_path / name).chmod(0o644)
    seen = []

    def write(temporary: Path) -> None:
        seen.append(temporary.stat().st_mode & 0o777)
        temporary.write_bytes(b"x")

    write_atomically(tmp_path / name, write, overwrite=True, private=private)
    assert seen == [0o600] and (tmp_path / name).stat().st_mode & 0o777 == 0o600


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from zjtx_desktop.exchange.atomic import write_atomically
def write(part):
    part.write_bytes(b"rows")
    part.with_name(part.name + "-journal").write_bytes(b"rows")
    part.with_name(part.name + ".keys").write_bytes(b"rows")
    print("there", flush=True)
    sys.stdin.readline()
    part.with_name(part.name + "-journal").unlink()
    part.with_name(part.name + ".keys").unlink()
write_atomically(Path(sys.argv[2]), write)
"""


@pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
def test_what_a_killed_writing_left_is_cleared_and_what_is_being_written_is_spared(tmp_path):
    root = str(Path(__file__).resolve().parents[2])
    (tmp_path / ".zjtx-notes.txt").write_text("somebody else's")
    runs = [
        subprocess.Popen([sys.executable, "-c", KILLED, root, str(tmp_path / name)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for name in ("甲.zjtx", "乙.zjtx")
    ]
    for run in runs:
        assert run.stdout.readline() == b"there\n"
    runs[0].kill()
    runs[0].communicate()
    assert len(names(tmp_path)) == 7
    clear_leftovers(tmp_path)
    assert len(names(tmp_path)) == 4
    runs[1].communicate(b"\n")
    assert names(tmp_path) == [".zjtx-notes.txt", "乙.zjtx"]
    clear_leftovers(tmp_path)
    assert names(tmp_path) == [".zjtx-notes.txt", "乙.zjtx"]
