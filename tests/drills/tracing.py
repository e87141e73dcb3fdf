"""The tracer that the drills of the disk preload: compiled where a C compiler is, woken in a forked child, read back.

A process that is to be traced starts with the library preloaded, and nothing happens in it until a child
calls `watch` or `fail_at`. There is no way without a compiled helper that is as simple: the SQLite of the program
is linked into its driver, so no Python code sees what it writes.
"""

import ctypes
import os
import shutil
import struct
import subprocess
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).with_name("tracer.c")
MISSING = "没有 C 编译器，断电和磁盘出错没有演练。请以 root 运行 python3 go.py drills，或先安装 gcc 和 libc6-dev。"
_RECORD = struct.Struct("<IIQQI")


class What(IntEnum):
    """What a record says was done; the numbers are those of tracer.c."""

    MADE = 1
    WROTE = 2
    CUT = 3
    FLUSHED = 4
    REMOVED = 5
    RENAMED = 6
    FOLDER_FLUSHED = 7
    LINKED = 8
    SAID = 9


@dataclass(frozen=True, slots=True)
class Step:
    """One change to the folder, or a word of the program: the path is relative to the folder.

    `at` is an offset, a new size, or the number that was said; `data` what was written, or the second path.
    `change` counts what a disk could have refused.
    """

    change: int
    what: What
    path: str
    at: int
    data: bytes


def compiler() -> str | None:
    """The C compiler of this computer, if it has one that works here at all."""
    return shutil.which("cc") or shutil.which("gcc") if os.name == "posix" and hasattr(os, "fork") else None


def build(folder: Path) -> Path | None:
    """The library, made in `folder`; None where it cannot be made."""
    cc, made = compiler(), folder / "tracer.so"
    if cc is None:
        return None
    command = [cc, "-std=gnu11", "-O1", "-shared", "-fPIC", "-o", str(made), str(SOURCE), "-ldl"]
    done = subprocess.run(command, capture_output=True)
    return made if done.returncode == 0 else None


def _library() -> ctypes.CDLL:
    """What was preloaded into this process."""
    found = ctypes.CDLL(None)
    found.tracer_say.argtypes = [ctypes.c_uint64]
    found.tracer_fail.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.c_int]
    return found


def is_here() -> bool:
    """Whether this process has the tracer."""
    return hasattr(ctypes.CDLL(None), "tracer_say")


def record(folder: Path, log: Path, task: Callable[[Callable[[int], None]], None]) -> list[Step]:
    """Do `task` in a child that is traced; every change it made under `folder`, in order.

    `task` is given a function by which it says, once the person would have been told, which of its promises
    now stands. RuntimeError when the child failed.
    """
    child = os.fork()
    if not child:
        library = _library()
        library.tracer_watch(os.fsencode(folder), os.fsencode(log))
        with leaving():
            task(library.tracer_say)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise RuntimeError("the traced child failed by itself")
    return _read(log.read_bytes())


@contextmanager
def leaving() -> Iterator[None]:
    """A block at whose end a forked child is gone, with 1 and a trace when it raised, whatever it was forked from."""
    failed = 1
    try:
        yield
        failed = 0
    except BaseException:  # nothing may get from here into the code that forked
        traceback.print_exc()
    finally:
        os._exit(failed)


def _read(log: bytes) -> list[Step]:
    steps, at = [], 0
    while at < len(log):
        what, change, offset, size, length = _RECORD.unpack_from(log, at)
        at += _RECORD.size
        path = os.fsdecode(log[at : at + length])
        at += length
        held = size if what in (What.WROTE, What.RENAMED, What.LINKED) else 0
        steps.append(Step(change, What(what), path, offset, log[at : at + held]))
        at += held
    return steps


def failing(folder: Path, at: int, error: int, always: bool, task: Callable[[], str]) -> str:
    """What `task` says of itself, done in a child whose disk fails at the `at`-th change, once or from then on."""
    said, say = os.pipe()
    child = os.fork()
    if not child:
        os.close(said)
        with leaving():
            _library().tracer_fail(os.fsencode(folder), at, error, always)
            os.write(say, task().encode())
    os.close(say)
    with os.fdopen(said, encoding="utf-8") as heard:
        words = heard.read()
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise RuntimeError("the child on a failing disk failed by itself")
    return words
