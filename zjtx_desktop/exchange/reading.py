"""Reads a table in a file somebody sent, in a process of its own, so that no file can hurt the program.

The reading process is our own interpreter started with `-I`, not `multiprocessing`: spawn would import
main.py and with it Qt, and would bring the rows back by pickle. From source it is told where the code
lies; a bundle has no interpreter to talk to, so there the program starts itself with `HOOK` as its first
argument, and main.py must answer that, before it imports Qt, with `child.serve(sys.argv[2:])`.
The rows come back as JSON lines in a temporary file: a windowed program on Windows has no standard output.
"""

import errno
import json
import logging
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.guard import CANNOT_WRITE, SAVE_AS
from zjtx_desktop.exchange.passing import run_folder
from zjtx_desktop.exchange.table import (
    CellProblem,
    CellValue,
    Hint,
    HintKind,
    Merge,
    Row,
    Table,
    Unpacker,
    address,
    column_letter,
    column_number,
)

__all__ = (
    "HOOK",
    "CellProblem",
    "CellValue",
    "Hint",
    "HintKind",
    "Merge",
    "Row",
    "Table",
    "address",
    "column_letter",
    "column_number",
    "read_table",
)

HOOK = "--read-table"
SECONDS = 60
_KILLED = 9  # by the system, which had no memory left
_SHORT = (errno.ENOMEM, errno.EAGAIN)
MAX_ANSWER = 128 << 20  # bytes; as much as the reading process may write
CODE = Path(__file__).resolve().parents[2]
START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from zjtx_desktop.exchange.child import serve; serve(sys.argv[1:])"
)

log = logging.getLogger(__name__)


def read_table(path: Path, sheet: str | None = None) -> Table:
    """The table on `sheet`, or on the first visible sheet with content; BadFile says what to do."""
    try:
        passing = TemporaryDirectory(prefix="read-", dir=run_folder())
    except OSError as error:
        raise BadFile(_no_room(path, error.filename)) from error
    with passing as folder:
        out, trace = Path(folder, "table.jsonl"), Path(folder, "trace.txt")
        try:
            code = _run([str(path.absolute()), str(out), *([] if sheet is None else [sheet])], trace)
        except subprocess.TimeoutExpired as error:
            raise BadFile(_too_slow(path)) from error
        except OSError as error:
            raise BadFile(_no_memory(path) if error.errno in _SHORT else _no_room(path, folder)) from error
        if code == CANNOT_WRITE:
            raise BadFile(_no_room(path, folder))
        if code == -_KILLED or code and not out.exists():  # it did not come so far as to look at the file
            log.error("reading process did not begin, %s\n%s", code, trace.read_text("utf-8", "replace")[-4000:])
            raise BadFile(_no_memory(path))
        if code or not out.exists() or out.stat().st_size >= MAX_ANSWER:
            log.error("reading process ended with %s\n%s", code, trace.read_text("utf-8", "replace")[-4000:])
            raise BadFile(f"“{path.name}”不能导入：内容无法读取，{SAVE_AS}。")
        return _table(out)


def _run(arguments: list[str], trace: Path) -> int:
    with trace.open("wb") as errors:
        return subprocess.run(
            [*_command(), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            timeout=SECONDS,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # no black window on Windows
        ).returncode


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, HOOK]
    return [sys.executable, "-I", "-X", "utf8", "-c", START, str(CODE)]


def _too_slow(path: Path) -> str:
    return f"“{path.name}”读了 {SECONDS} 秒还没有读完，请只保留要导入的行，另存为 .xlsx 后再导入。"


def _no_room(path: Path, folder: object) -> str:
    return (
        f"“{path.name}”没有读完：临时文件写不进“{folder}”，磁盘已满或没有写入权限，不是这个文件的问题。"
        "请清理磁盘后再导入。"
    )


def _no_memory(path: Path) -> str:
    return f"“{path.name}”没有读完：读取程序没有运行起来，多半是电脑内存不足，不是这个文件的问题。请关闭一些程序后再导入。"


def _table(out: Path) -> Table:
    rows: list[Row] = []
    last: dict[str, Any] = {}
    unpacker = Unpacker()
    with out.open(encoding="utf-8") as lines:
        for line in lines:
            value = json.loads(line)
            if isinstance(value, list):
                rows.append(unpacker.row(value))
            else:
                last = value
    if "error" in last:
        raise BadFile(last["error"])
    if last["rows"] != len(rows):
        raise ValueError("the answer of the reading process is not whole")
    return Table(
        path_name=last["name"],
        sheet=last["sheet"],
        sheets=tuple(last["sheets"]),
        rows=tuple(rows),
        notes=tuple(last["notes"]),
        merges=tuple(Merge(*ends) for ends in last["merges"]),
        letters=last["letters"],
        hidden=tuple(last["hidden"]),
    )
