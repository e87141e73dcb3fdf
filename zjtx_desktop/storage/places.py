"""Where a file lies: on this computer's own disk, or on one that a book must not live on, and whether it still lies there.

Two computers writing over a share lost a third of the acknowledged work and left a corrupt file; a synced folder
swaps the file under the program; a stick is pulled out. So a book opens on the computer's own disk only, while a
copy of one may lie anywhere. What is asked of the system comes in as values, so that every kind of place can be tried.
"""

import errno
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath, PureWindowsPath

from zjtx_desktop.errors import Refused

if sys.platform == "win32":
    import ctypes  # 3 ms, and of no use elsewhere

LONGEST_NAME = 225  # bytes: what stands beside a book (钥匙, 锁, 备份副本) has a longer name yet, and systems hold 255


class Kind(StrEnum):
    """What a place is to a book; a book opens on OWN_DISK only."""

    OWN_DISK = "本机硬盘"
    NETWORK = "网络盘"
    REMOVABLE = "可移动磁盘"
    SYNCED = "网盘同步文件夹"
    READ_ONLY = "只读的位置"


@dataclass(frozen=True, slots=True)
class Spot:
    """The kind of place a file lies in; `what` names the service, device or file system where one is known."""

    kind: Kind
    what: str = ""
    largest: int | None = None  # bytes a single file may have there, None where there is no such limit

    @property
    def words(self) -> str:
        """As a person calls it."""
        return f"{self.kind.value}（{self.what}）" if self.what else self.kind.value


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of Linux's mount table. `device` is major:minor."""

    point: str
    device: str
    file_system: str
    read_only: bool


Mark = tuple[int, int]
_PROBE = 1 << 16  # bytes: a few pages, what the smallest action needs beside the book
_CAUSES = {
    "磁盘已满": (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG),
    "磁盘是只读的": (errno.EROFS,),
    "没有写入权限": (errno.EACCES, errno.EPERM),
}
_FAT_LARGEST = (4 << 30) - 1
_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|ncpfs?|afs|coda|9p|ceph|lustre|beegfs|gfs2?|ocfs2|vboxsf|davfs\d?|prl_fs|vmhgfs"
    r"|fuse\.(sshfs|davfs\d?|smbnetfs|rclone|gvfsd-fuse|glusterfs|ceph(-fuse)?|vmhgfs-fuse|s3fs|curlftpfs|juicefs|kio-fuse)"
)
_DISCS = ("iso9660", "udf", "squashfs", "cramfs", "erofs")
_FAT = ("vfat", "msdos", "fat", "fat32", "fat16")
# Parts of a path by which the clients of these services name the folder that they keep in step.
_SYNCED = (
    ("OneDrive", re.compile(r"onedrive( ?[-–] ?.*)?", re.I)),
    ("坚果云", re.compile(r"(我的)?坚果云( files)?|nutstore( files)?|my nutstore", re.I)),
    ("百度网盘", re.compile(r"百度网盘(同步空间|同步盘)?|baidusyncdisk|baidunetdisk(workspace)?|百度云同步盘", re.I)),
    ("WPS 云", re.compile(r"wps ?(云盘|云文档|网盘|cloud files|drive)", re.I)),
    ("微云", re.compile(r"(腾讯)?微云(同步盘|同步助手)?|weiyun", re.I)),
    ("阿里云盘", re.compile(r"阿里云盘(同步文件夹)?|adrive|aliyundrive", re.I)),
    ("Dropbox", re.compile(r"dropbox( \(.*\))?", re.I)),
    ("iCloud", re.compile(r"icloud ?drive|com~apple~clouddocs", re.I)),
    ("Google 云端硬盘", re.compile(r"google ?drive|googledrive", re.I)),
    ("Nextcloud", re.compile(r"nextcloud|owncloud", re.I)),
)
# What such a client leaves at the top of the folder, whatever the person has called it.
_MARKERS = ((".dropbox", "Dropbox"), (".stfolder", "Syncthing"), (".nextcloudsync.log", "Nextcloud"))
_SYNC_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_WHY = {
    Kind.NETWORK: "两台电脑同时写会丢失记录、损坏账簿",
    Kind.REMOVABLE: "中途拔出会损坏账簿",
    Kind.SYNCED: "同步程序会在背后替换文件，丢失记录",
    Kind.READ_ONLY: "这里不能写入",
}


def spot(path: Path) -> Spot:
    """Where this file or folder lies, or would lie; it need not exist. Never raises."""
    full = Path(os.path.realpath(path))
    if sys.platform == "win32":
        there = windows_spot(full, _drive_type, _volume)
    else:
        there = linux_spot(str(full), _mount_table(), _is_removable)
    if there.kind is Kind.OWN_DISK and (service := synced_by(full, _sync_roots()) or _marked(full)):
        return Spot(Kind.SYNCED, service, there.largest)
    return there


def must_hold_a_book(path: Path, what: str = "没有打开", may_be_read_only: bool = False) -> None:
    """Refused, with what to do, when the book at `path` lies where a book must not live.

    `may_be_read_only`: it is only going to be read where nothing can be written.
    """
    if len(os.fsencode(path.name)) > LONGEST_NAME:
        raise Refused(f"账簿的文件名“{path.name[:20]}…”太长，{what}。请改短文件名（最多 {(LONGEST_NAME - len(path.suffix)) // 3} 个汉字）。")
    there = spot(path)
    if there.kind is Kind.OWN_DISK or (may_be_read_only and there.kind is Kind.READ_ONLY):
        return
    way = "请换一个本机硬盘上的文件夹。" if "新建" in what else "请先把它复制到本机硬盘，再从那里打开。"
    raise Refused(f"账簿“{path.name}”在{there.words}上，{_WHY[there.kind]}，{what}。{way}")


def why_unwritable(folder: Path) -> str:
    """The true cause, a phrase, why a file of a few pages cannot be written into this folder; empty when it can."""
    probe = folder / f".zjtx-{secrets.token_hex(8)}"
    try:
        with probe.open("xb") as file:
            file.write(bytes(_PROBE))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return cause_of(error)
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return ""


def cause_of(error: OSError) -> str:
    """What an operating system means when it does not let a file be written, a phrase."""
    return next((words for words, numbers in _CAUSES.items() if error.errno in numbers), error.strerror or "磁盘出错")


def why_locked_up(file: Path) -> str:
    """Why this very file cannot be changed, a phrase; empty when it can. It is not opened: that would drop its locks."""
    if os.access(file, os.W_OK):
        return ""
    return "磁盘是只读的" if spot(file).kind is Kind.READ_ONLY else "没有写入账簿文件的权限"


def linux_spot(path: str, table: str, is_removable: Callable[[str], bool]) -> Spot:
    """By the text of /proc/self/mountinfo; `is_removable` tells of a device, major:minor, whether it can be pulled out."""
    mount = mount_of(path, mounts(table))
    if mount is None:
        return Spot(Kind.OWN_DISK)
    largest = _FAT_LARGEST if mount.file_system in _FAT else None
    # A computer whose own root is on the network has no other disk, and nobody shares that one.
    if _NETWORK.fullmatch(mount.file_system) and mount.point != "/":
        return Spot(Kind.NETWORK, mount.file_system, largest)
    if mount.read_only or mount.file_system in _DISCS:
        return Spot(Kind.READ_ONLY, "光盘" if mount.file_system in _DISCS[:2] else "", largest)
    return Spot(Kind.REMOVABLE if is_removable(mount.device) else Kind.OWN_DISK, "", largest)


def windows_spot(
    path: PurePath, drive_type: Callable[[str], int], file_system: Callable[[str], str] = lambda _drive: ""
) -> Spot:
    """By the drive; `drive_type` is Windows' own GetDriveType of something like `D:\\`."""
    drive = PureWindowsPath(path).drive
    if drive.startswith("\\\\") and not re.match(r"\\\\[?.]\\[A-Za-z]:", drive):
        return Spot(Kind.NETWORK, "共享文件夹")
    root = f"{drive[-2:]}\\"
    largest = _FAT_LARGEST if file_system(root).lower() in _FAT else None
    kinds = {2: Kind.REMOVABLE, 4: Kind.NETWORK, 5: Kind.READ_ONLY}
    kind = kinds.get(drive_type(root), Kind.OWN_DISK)
    return Spot(kind, "光盘" if kind is Kind.READ_ONLY else "", largest)


def mounts(table: str) -> tuple[Mount, ...]:
    """The lines of /proc/self/mountinfo that can be read, in their order."""
    found = []
    for line in table.splitlines():
        head, bar, tail = line.partition(" - ")
        fields, kind = head.split(" "), tail.split(" ")
        if bar and len(fields) >= 6 and len(kind) >= 3:
            options = {*fields[5].split(","), *kind[2].split(",")}
            found.append(Mount(_unescaped(fields[4]), fields[2], kind[0], "ro" in options))
    return tuple(found)


def mount_of(path: str, table: Iterable[Mount]) -> Mount | None:
    """What a path lies on: the longest mount point over it, of several on one point the last."""
    found: Mount | None = None
    for mount in table:
        inside = mount.point == "/" or path == mount.point or path.startswith(f"{mount.point}/")
        if inside and (found is None or len(mount.point) >= len(found.point)):
            found = mount
    return found


def synced_by(path: PurePath, roots: Iterable[tuple[PurePath, str]] = ()) -> str:
    """Which service keeps a folder over `path` in step, by its name or by the known roots; empty when none."""
    for root, service in roots:
        if path.is_relative_to(root):
            return service
    folders = path.parts[:-1] if path.suffix else path.parts
    return next((name for part in folders for name, pattern in _SYNCED if pattern.fullmatch(part)), "")


def mark_of(path: Path) -> Mark | None:
    """What tells this very file from another of the same name; None when there is none. It does not open the file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def what_became(path: Path, mark: Mark | None) -> str:
    """What happened to the file of an open book that had this mark, a sentence; empty while it is the same."""
    now = mark_of(path)
    if now == mark:
        return ""
    if now is None:
        return f"账簿文件“{path.name}”被删除或移走了（原在“{path.parent}”）。请把它放回原处，或者从备份恢复。"
    return f"账簿文件“{path.name}”被换成了另一个文件。请关闭本程序，核对是谁换的，或者从备份恢复。"


def _unescaped(text: str) -> str:
    return re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), text)


def _mount_table() -> str:
    try:
        return Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _is_removable(device: str) -> bool:
    """Whether a block device is a stick, a card or on the USB bus; False where the system does not tell."""
    disk = Path(os.path.realpath(f"/sys/dev/block/{device}"))
    for place in (disk, disk.parent):  # a partition's own folder does not say it, its disk's does
        try:
            if (place / "removable").read_text(encoding="ascii").strip() == "1":
                return True
        except OSError:
            continue
    return "/usb" in str(disk)


def _sync_roots() -> tuple[tuple[PurePath, str], ...]:
    return tuple((PurePath(os.environ[name]), "OneDrive") for name in _SYNC_VARIABLES if os.environ.get(name))


def _marked(path: Path) -> str:
    for folder in (path, *path.parents):
        for marker, service in _MARKERS:
            if os.path.lexists(folder / marker):
                return service
    return ""


def _drive_type(root: str) -> int:
    return int(ctypes.windll.kernel32.GetDriveTypeW(root))


def _volume(root: str) -> str:
    name = ctypes.create_unicode_buffer(32)
    got = ctypes.windll.kernel32.GetVolumeInformationW(root, None, 0, None, None, None, name, len(name))
    return name.value if got else ""
