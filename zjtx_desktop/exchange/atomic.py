"""Writes a file so that it is there whole or not at all, also after a power cut.

A plain write, or a rename without a flush, can leave an empty file behind. So: write beside the
target, flush the file, rename it into place, flush the folder.
"""

import errno
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG

from zjtx_desktop.errors import BadFile, Refused

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

_PRIVATE = (".zjtx", ".keys")
_PART = re.compile(r"\.zjtx-[0-9a-f]{16}(?=\.)")
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_NO_FOLDER = (errno.ENOENT, errno.ENOTDIR)
_BAD_NAME = (errno.ENAMETOOLONG, errno.EINVAL)


def write_atomically(
    path: Path, write: Callable[[Path], None], overwrite: bool = False, private: bool = False
) -> None:
    """Have `write` fill a temporary file beside `path`, then put it into place whole.

    A book, its keys, and what is `private` only its owner may read; the rest as the folder lets colleagues.
    `path` must not exist unless `overwrite`; another's file that appears meanwhile is kept too.
    Whatever `write` raises (a cancel as well) passes through; an OSError becomes a BadFile
    sentence. In every such case the temporary file is gone and `path` is as it was.
    """
    _refuse_if_taken(path, overwrite)
    temporary = path.with_name(f".zjtx-{secrets.token_hex(8)}{path.suffix}")
    try:
        with held(temporary, private):
            write(temporary)
            _flush(temporary)
            if overwrite:
                os.replace(temporary, path)
            else:
                _place_new(temporary, path)
        _flush_folder(path.parent)
    except OSError as error:
        raise BadFile(_sentence(error, path)) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def held(temporary: Path, private: bool = False) -> Iterator[None]:
    """A new empty file that `clear_leftovers` knows to be still at work."""
    mode = 0o600 if private or temporary.suffix in _PRIVATE else 0o666
    handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
    if fcntl is None:  # an open file could not be renamed there
        os.close(handle)
        yield
        return
    try:
        with suppress(OSError):  # where the medium has no locks nothing is cleared either
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def clear_leftovers(folder: Path) -> None:
    """Remove what a killed writing left half done in a folder, its side files as well; not what is being written now."""
    if fcntl is None:
        return
    parts: dict[str, list[Path]] = {}
    with suppress(OSError):
        for path in folder.iterdir():
            if found := _PART.match(path.name):
                parts.setdefault(found[0], []).append(path)
    for files in parts.values():
        if not any(_is_held(path) for path in files):
            for path in files:
                with suppress(OSError):
                    path.unlink()


def _is_held(path: Path) -> bool:
    """Whether somebody writes it just now; what is no plain file of ours counts as such and stays."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return not S_ISREG(os.fstat(handle).st_mode)
    except OSError:
        return True
    finally:
        os.close(handle)


def atomic_bytes(path: Path, data: bytes, overwrite: bool = False, private: bool = False) -> None:
    """Write `data` to `path` with the promises of `write_atomically`."""

    def fill(temporary: Path) -> None:
        temporary.write_bytes(data)

    write_atomically(path, fill, overwrite, private)


def _refuse_if_taken(path: Path, overwrite: bool) -> None:
    if os.path.isdir(path):            # unlike Path.is_dir, says no to a name that is too long
        raise Refused(f"“{path.name}”是一个文件夹，不能写成文件。请换一个文件名。")
    if not overwrite and os.path.lexists(path):
        raise _taken(path)


def _taken(path: Path) -> Refused:
    return Refused(f"“{path.name}”已经存在，没有覆盖。请换一个文件名，或确认覆盖后再导出。")


def _place_new(temporary: Path, path: Path) -> None:
    """Give the finished file its name without ever replacing one that is there by now."""
    try:
        os.link(temporary, path)                   # fails if the name is taken, in one step
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError:                                # no hard links here (FAT, some shares)
        _refuse_if_taken(path, overwrite=False)
        os.replace(temporary, path)


def _flush(file: Path) -> None:
    with file.open("r+b") as handle:               # Windows flushes only what is open for writing
        os.fsync(handle.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the new name last; where folders cannot be opened (Windows) the rename is all there is."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def _sentence(error: OSError, path: Path) -> str:
    name, folder = path.name, path.parent.name or str(path.parent)
    if error.errno in _FULL:
        return f"磁盘空间不足，“{name}”没有写成。请清理磁盘，或换一个位置再导出。"
    if error.errno in _FORBIDDEN:
        return (
            f"“{name}”写不进文件夹“{folder}”：没有写入权限，或同名文件正被 Excel、WPS 打开。"
            "请关闭该文件，或换一个文件夹再导出。"
        )
    if error.errno in _NO_FOLDER:
        return f"文件夹“{folder}”不存在，“{name}”没有写成。请重新选择保存位置。"
    if error.errno in _BAD_NAME:
        return f"文件名“{name}”太长或含有不能用的字符，没有写成。请改短文件名再导出。"
    return f"“{name}”没有写成（{error.strerror or error}）。请换一个位置再导出。"
