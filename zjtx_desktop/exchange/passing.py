"""Where files lie that must not outlive the program: rows of a list on their way in, scans that another program shows.

Each run has a folder of its own that nobody else may look into, in the runtime folder of the system where there is one
(memory, gone when the person logs out) and else among the temporary files. It goes with the program; what a killed one
left is cleared by the next, which knows the dead by their lock: the system frees it with the process.
"""

import atexit
import os
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows: there the open lock file itself cannot be removed
    fcntl = None  # type: ignore[assignment]

_LOCK = "lock"
_ROOM = 256 << 20  # bytes: the longest answer of the reading process twice over
_OLD = 120  # seconds: no reading takes as long
_held: tuple[Path, BinaryIO] | None = None


def run_folder() -> Path:
    """The folder of this run, made when first asked for. OSError when it cannot be."""
    global _held
    if _held is None or not _held[0].is_dir():
        home = _home()
        with _turn(home):
            _clear(home)
            folder = home / f"{os.getpid()}-{secrets.token_hex(4)}"
            folder.mkdir(mode=0o700)
            _held = folder, _locked(folder / _LOCK)
    return _held[0]


def clear_leftovers() -> None:
    """Remove what killed runs left, of this program and of earlier ones, which wrote into the temporary folder."""
    with suppress(OSError):
        for home in _homes():
            if home.is_dir():
                with _turn(home):
                    _clear(home)
        for old in Path(tempfile.gettempdir()).glob("zjtx-*"):
            if _is_of_earlier_program(old):
                shutil.rmtree(old, ignore_errors=True)


def leave() -> None:
    """Remove the folder of this run with all that is in it; a new one is made when it is asked for again."""
    global _held
    if _held is not None:
        folder, lock = _held
        _held = None
        lock.close()
        shutil.rmtree(folder, ignore_errors=True)


atexit.register(leave)


def _home() -> Path:
    for home in _homes():
        try:
            home.mkdir(mode=0o700, exist_ok=True)
            there = home.lstat()
            if stat.S_ISDIR(there.st_mode) and _is_mine(there):
                home.chmod(0o700)
                if shutil.disk_usage(home).free >= _ROOM or home == _homes()[-1]:
                    return home
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix="zjtx-run-"))  # somebody else sits under our name


def _homes() -> tuple[Path, ...]:
    """Where the folders of runs may lie, the best first."""
    mine = f"zjtx-run-{os.getuid()}" if hasattr(os, "getuid") else "zjtx-run"
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return (*((Path(runtime, "zjtx"),) if runtime and Path(runtime).is_dir() else ()), Path(tempfile.gettempdir(), mine))


def _is_mine(there: os.stat_result) -> bool:
    return not hasattr(os, "getuid") or there.st_uid == os.getuid()


@contextmanager
def _turn(home: Path) -> Iterator[None]:
    """One program at a time: a folder that is made just now has no lock yet."""
    with _locked(home / _LOCK, waits=True):
        yield


def _locked(path: Path, waits: bool = False) -> BinaryIO:
    """The file, open and locked until it is closed; BlockingIOError when another program holds it."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
    except BaseException:
        file.close()
        raise
    return file  # type: ignore[return-value]


def _clear(home: Path) -> None:
    for folder in home.iterdir():
        if folder.is_dir() and not folder.is_symlink() and _is_dead(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_dead(folder: Path) -> bool:
    try:
        if fcntl:
            _locked(folder / _LOCK).close()
        else:
            (folder / _LOCK).unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _is_of_earlier_program(path: Path) -> bool:
    """Whether rows of a list lie there, or scans that were shown, and nobody can be at it any more."""
    try:
        there = path.lstat()
        told = path.name == "zjtx-附件" or any((path / name).exists() for name in ("table.jsonl", "trace.txt"))
    except OSError:
        return False
    return stat.S_ISDIR(there.st_mode) and _is_mine(there) and told and time.time() - there.st_mtime > _OLD
