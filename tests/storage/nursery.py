"""A process without threads that forks children at once, for tests that race them or kill them.

Forking pytest itself would copy its threads' locks; starting Python anew for each child would cost most
of a second. Run as a program this file is that process: it reads one command a line and answers each.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from zjtx_desktop.errors import Refused
from zjtx_desktop.storage.backup import copy_book, put_back
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.bulk import insert_rows
from zjtx_desktop.storage.lock import BookLock
from zjtx_desktop.storage.steps import STEPS
from zjtx_desktop.storage.tables import FormerName, Organisation

ROOT = Path(__file__).resolve().parents[2]
BULK = 200
NEXT_STEPS = (
    "ALTER TABLE organisation ADD COLUMN website TEXT NOT NULL DEFAULT '';\n"
    "CREATE TABLE visit (id INTEGER PRIMARY KEY AUTOINCREMENT, organisation_id INTEGER NOT NULL, seen TEXT)",
    "UPDATE organisation SET website = 'www.' || id;\n"
    "INSERT INTO visit (organisation_id, seen) SELECT id, name FROM organisation",
)


class Nursery:
    """The tests' side: `ask` sends one command and waits for its answer."""

    def __enter__(self) -> "Nursery":
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            encoding="utf-8",
        )
        return self

    def ask(self, command: str, path: Path, **more: Any) -> Any:
        """Have the command done; what it answers."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"command": command, "path": str(path), **more}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def __exit__(self, *_exc: object) -> None:
        self._process.communicate()


def act(path: Path, acknowledged: Path) -> None:
    """Action after action, by session and in bulk by turns, each acknowledged once the book has taken it."""
    with Book(path) as book, acknowledged.open("ab", buffering=0) as said:
        for number in range(10_000):
            tag = f"{os.getpid()}-{number}"
            with book.action(tag, "子进程") as session:
                if number % 2:
                    rows = [{"name": f"{tag} {n}", "folded": tag, "note": tag} for n in range(BULK)]
                    insert_rows(session, Organisation, rows)
                else:
                    one = Organisation(name=tag, folded=tag, note=tag)
                    session.add(one)
                    session.flush()
                    session.add(FormerName(organisation_id=one.id or 0, name=tag, folded=tag))
            said.write(f"{tag}\n".encode())


def create(path: Path, acknowledged: Path) -> None:
    """Make a new book."""
    Book.create(path).close()
    acknowledged.write_text("done")


def migrate(path: Path, acknowledged: Path) -> None:
    """Bring a book of today to a shape of tomorrow."""
    Book(path, steps=STEPS + NEXT_STEPS).close()
    acknowledged.write_text("done")


def back_up(path: Path, acknowledged: Path) -> None:
    """Backup after backup beside the book, each acknowledged once it has its name."""
    with Book(path) as book, acknowledged.open("ab", buffering=0) as said:
        for number in range(10_000):
            target = path.parent / "备份" / f"{os.getpid()}-{number}.zjtx"
            copy_book(book, target, Book.check, lambda _done, _total: None)
            said.write(f"{target.name}\n".encode())


def put_backs(path: Path, acknowledged: Path) -> None:
    """Restore one of two backups by turns, each acknowledged once it is in place."""
    with acknowledged.open("ab", buffering=0) as said:
        for number in range(10_000):
            backup = path.parent / "备份" / ("甲.zjtx", "乙.zjtx")[number % 2]
            aside = path.parent / f"恢复前{os.getpid()}-{number}.zjtx"
            put_back(backup, path, aside, Book.check, lambda _done, _total: None)
            said.write(f"{backup.stem}\n".encode())


def killed(path: Path, task: str, acknowledged: str, after: float) -> bool:
    """Fork a child for `task`, kill it `after` seconds; whether it was still at work then."""
    child = os.fork()
    if not child:
        globals()[task](path, Path(acknowledged))
        os._exit(0)
    time.sleep(after)  # the moment of death is what the test is about, nothing is waited for
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("the child failed by itself")
    return os.WIFSIGNALED(status)


def race_to_create(path: Path, runners: int) -> int:
    """Let `runners` children make the same new book and close it at once; how many say that they made it."""
    go, children = os.pipe(), []
    for _ in range(runners):
        child = os.fork()
        if not child:
            os.close(go[1])
            os.read(go[0], 1)
            try:
                Book.create(path).close()
            except Refused:
                os._exit(1)
            os._exit(0)
        children.append(child)
    for end in go:
        os.close(end)
    said = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    return said.count(0)


def race(path: Path, runners: int, books: int = 1) -> list[list[str]]:
    """Let `runners` children go for the lock of each of `books` books at once; what each said, by book.

    Winners hold their lock until all have answered.
    """
    go, say, hold = os.pipe(), os.pipe(), os.pipe()
    children = []
    for number in range(runners * books):
        child = os.fork()
        if not child:
            for end in (go[1], hold[1]):
                os.close(end)
            os.read(go[0], 1)
            try:
                lock = BookLock(path if books == 1 else path.with_stem(f"{path.stem}{number % books}"))
            except Refused as refused:
                os.write(say[1], f"{number % books} {refused}\n".encode())
                os._exit(0)
            os.write(say[1], f"{number % books} won {os.getpid()}\n".encode())
            os.read(hold[0], 1)
            lock.release()
            os._exit(0)
        children.append(child)
    for end in (go[1], say[1]):
        os.close(end)
    with os.fdopen(say[0], encoding="utf-8") as heard:
        said = [heard.readline().rstrip("\n").split(" ", 1) for _ in children]
    for end in (go[0], hold[0], hold[1]):
        os.close(end)
    for child in children:
        os.waitpid(child, 0)
    return [[line for number, line in said if number == str(book)] for book in range(books)]


def hold(path: Path) -> int:
    """Fork a child that opens the book and keeps it; its process id, once it has."""
    ready = os.pipe()
    child = os.fork()
    if not child:
        with Book(path):
            os.write(ready[1], b"!")
            signal.pause()
    os.read(ready[0], 1)
    for end in ready:
        os.close(end)
    return child


def end(path: Path, child: int) -> bool:
    """Kill a child that holds a book."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def serve() -> None:
    """Answer commands until the tests have no more."""
    for line in sys.stdin:
        asked = json.loads(line)
        command, path = globals()[asked.pop("command")], Path(asked.pop("path"))
        print(json.dumps(command(path, **asked), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    serve()
