"""A process without threads that forks the real commands and kills them at moments it is told.

Run as a program: one JSON command a line on stdin, one answer a line on stdout. The child does exactly what the
headless command does, in the same functions; the fork only saves the start of Python.
"""

import json
import os
import signal
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

from zjtx_desktop import headless, headless_rounds
from zjtx_desktop.demo import SAMPLE
from zjtx_desktop.exchange.lists import ListDefaults
from zjtx_desktop.exchange.reading import read_table

TODAY = date(2026, 3, 2)
TABLE = read_table(SAMPLE)


def do_import(book: Path) -> None:
    """Take the sample list over; the file was read before, so that kills fall into the book."""
    headless.import_list(book, SAMPLE, ListDefaults(), TODAY, "张三")


def do_compute(book: Path) -> None:
    """Lock and judge 2024."""
    headless_rounds.compute_year(book, 2024, "张三")


def do_issue(book: Path) -> None:
    """Issue every letter of 2024 and write the file."""
    headless.write_letters_to(book, 2024, book.with_suffix(".pdf"), True, TODAY, "张三")


def run(task: str, book: Path, after: float | None) -> dict[str, object]:
    """Fork `task`; kill it after so many seconds, or let it end. Whether it was killed, and how long it took."""
    started = time.monotonic()
    child = os.fork()
    if not child:
        os.environ["XDG_DATA_HOME"] = mkdtemp(dir=book.parent)  # a computer that has not seen the book go further
        headless.read_table = lambda _path: TABLE
        globals()[task](book)
        os._exit(0)
    if after is not None:
        time.sleep(after)  # the moment of death is what the test is about, nothing is waited for
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    failed = os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0
    return {"killed": os.WIFSIGNALED(status), "seconds": time.monotonic() - started, "failed": failed}


if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(run(asked["task"], Path(asked["book"]), asked.get("after"))), flush=True)
