"""The reading process: reads one file under limits, writes what it found as JSON lines, and ends.

It is started by `reading` and knows nothing of the window or the book. Whatever a hostile file does,
it does to this process. The rows are written as they are read, never held; the last line says how it ended.
"""

import errno
import json
import os
import struct
import sys
import traceback
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from stat import S_ISREG
from typing import IO, Any, NoReturn
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

from defusedxml import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from zjtx_desktop.errors import AppError, BadFile
from zjtx_desktop.exchange.guard import CANNOT_WRITE, DAMAGED, MAX_FILE, SAVE_AS, SAVE_AS_DOCUMENT, TOO_BIG
from zjtx_desktop.exchange.kinds import FileKind, differs, recognise
from zjtx_desktop.exchange.table import Row, Table, pack

try:
    import resource
except ImportError:  # Windows: the guard's limits and the clock of `reading` stand alone
    resource = None  # type: ignore[assignment]

CPU_SECONDS = 60
MEMORY = 1 << 30
ANSWER = 128 << 20  # bytes of the answer

# What the library and the parsers throw on files that lie about themselves, found by mutating books.
BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BadZipFile,
    DefusedXmlException,
    EOFError,
    ExpatError,
    InvalidFileException,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def read_file(path: Path, sheet: str | None = None) -> Table:
    """The table in a file, read in this very process; BadFile with the file's name on any failure."""
    rows: list[Row] = []
    table = hand_on(path, sheet, rows.append)
    return replace(table, rows=tuple(rows))


def hand_on(path: Path, sheet: str | None, take: Callable[[Row], None]) -> Table:
    """Give each row to `take` and return the table without them; BadFile, also after some rows, on any failure."""
    try:
        return _read(path, sheet, take)
    except BadFile as error:
        raise BadFile(f"“{path.name}”不能导入：{error}") from error


def _read(path: Path, sheet: str | None, take: Callable[[Row], None]) -> Table:
    try:
        data = _bytes(path)
        kind = recognise(path.name, data)
        table = _read_as(kind, data, path.name, sheet, take)
    except BROKEN as error:
        raise BadFile(DAMAGED) from error
    except MemoryError as error:
        raise BadFile(TOO_BIG) from error
    note = differs(path.name, kind)
    return replace(table, notes=(*table.notes, note)) if note else table


def _read_as(kind: FileKind, data: bytes, name: str, sheet: str | None, take: Callable[[Row], None]) -> Table:
    """Read as this kind; of a document the advice is Word's, for the refusals that both kinds of package share."""
    try:
        return _reader(kind)(data, name, sheet, take)
    except (BadFile, *BROKEN) as error:
        if kind is not FileKind.DOCUMENT:
            raise
        raise BadFile((str(error) if isinstance(error, BadFile) else DAMAGED).replace(SAVE_AS, SAVE_AS_DOCUMENT)) from error


def _reader(kind: FileKind) -> Callable[[bytes, str, str | None, Callable[[Row], None]], Table]:
    """What reads this kind; of the libraries only the one that is needed is loaded."""
    if kind is FileKind.BOOK:
        from zjtx_desktop.exchange.books import read_book as read
    elif kind is FileKind.OLD_BOOK:
        from zjtx_desktop.exchange.old_books import read_old_book as read
    elif kind is FileKind.DOCUMENT:
        from zjtx_desktop.exchange.word_tables import read_document as read
    elif kind is FileKind.PDF:
        from zjtx_desktop.exchange.pdf_tables import read_pdf as read
    elif kind is FileKind.WEB_PAGE:
        from zjtx_desktop.exchange.web_pages import read_page as read
    else:
        from zjtx_desktop.exchange.plain import read_text as read
    return read


def _bytes(path: Path) -> bytes:
    try:
        if not S_ISREG(path.stat().st_mode):
            raise BadFile("这不是文件，请选择名单文件。")
        with path.open("rb") as source:
            return source.read(MAX_FILE + 1)
    except FileNotFoundError as error:
        raise BadFile("文件不存在，可能已被移动或改名，请重新选择。") from error
    except OSError as error:
        raise BadFile("文件打不开，可能正被别的程序使用或没有读取权限，请关闭后再试。") from error


def answer(path: Path, sheet: str | None, out: Path) -> None:
    """Write the answer file: a line for each row, and a last line that says how it ended."""
    with _writing(out) as lines:
        try:
            written = 0

            def take(row: Row) -> None:
                nonlocal written
                written += 1
                _write(lines, pack(row))

            table = hand_on(path, sheet, take)
        except AppError as error:
            _write(lines, {"error": str(error)})
            return
        _write(lines, _ending(table, written))


def _ending(table: Table, rows: int) -> dict[str, Any]:
    return {
        "rows": rows,
        "name": table.path_name,
        "sheet": table.sheet,
        "sheets": table.sheets,
        "notes": table.notes,
        "letters": table.letters,
        "hidden": table.hidden,
        "merges": [[merge.top, merge.left, merge.bottom, merge.right] for merge in table.merges],
    }


class CannotWrite(Exception):
    """The answer found no room; nothing is wrong with the file that is read, so it must not count as BROKEN."""


@contextmanager
def _writing(out: Path) -> Iterator[IO[str]]:
    try:
        lines = out.open("w", encoding="utf-8")
    except OSError as error:
        raise CannotWrite from error
    try:
        yield lines
    except BaseException:
        with suppress(OSError):
            lines.close()
        raise
    try:
        lines.close()
    except OSError as error:
        raise CannotWrite from error


def _write(lines: IO[str], value: Any) -> None:
    try:
        lines.write(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")
    except OSError as error:
        if error.errno == errno.EFBIG:  # the limit of this process, see `limit_self`: too much was read
            raise
        raise CannotWrite from error


def limit_self() -> None:
    """Give up memory and time beyond the limits, where the system lets a process say so."""
    if resource is None:
        return
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: ANSWER,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue  # macOS refuses some; the clock of `reading` holds everywhere


def serve(arguments: Sequence[str]) -> NoReturn:
    """Read `arguments` = (file, answer file, sheet or nothing), answer, and end the process.

    It never returns and never raises: in a bundle without a console an uncaught error would open a window.
    """
    code = 1
    try:
        limit_self()
        path, out, *sheet = arguments
        answer(Path(path), sheet[0] if sheet else None, Path(out))
        code = 0
    except CannotWrite:
        code = CANNOT_WRITE
    finally:
        if code and sys.stderr is not None:
            traceback.print_exc()
            sys.stderr.flush()
        os._exit(code)
