"""Connections to a book file, each set up the same way and every setting read back.

Why these settings (measured by replaying power cuts and kills): with TRUNCATE and EXTRA no
acknowledged work was lost in any state, where SQLite's own default lost the last unit; a setting
that the file system cannot honour is ignored by SQLite without a word, so each is asked for again.
One SQLite library only may touch a book: closing a file through another one drops its locks.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from zjtx_desktop.errors import BadFile, Refused

BUSY_SECONDS = 5
PLAIN_HEAD = b"SQLite format 3\0"
SALT_BYTES = len(PLAIN_HEAD)
SETTINGS = (
    ("journal_mode", "TRUNCATE", "truncate"),
    ("synchronous", "EXTRA", "3"),
    ("foreign_keys", "ON", "1"),
    ("recursive_triggers", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
    ("secure_delete", "ON", "1"),
)


def connect(path: Path, key: bytes | None = None) -> Any:
    """A driver connection to `path`; `key` is the raw data key of an encrypted book: 256 bits, and the salt after them.

    BadFile when the file is no book, or cannot be opened as asked; Refused while another program writes.
    """
    with _explained(path):
        raw = _open(path, key)
        try:
            for name, value, wanted in SETTINGS:
                raw.execute(f"PRAGMA {name} = {value}")
                got = str(raw.execute(f"PRAGMA {name}").fetchone()[0]).lower()
                if got != wanted:
                    raise BadFile(
                        f"账簿“{path.name}”所在的位置不支持安全保存（{name}），请把账簿放到本机硬盘上。"
                    )
            raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # damage there is met now, not later
        except BaseException:
            raw.close()
            raise
    return raw


def look(path: Path, key: bytes | None) -> int | None:
    """Whose file is at `path`: its application id, or None when nothing is in it.

    Asked before any setting is made: the journal mode, say, is written into the file, which may be
    somebody else's.
    """
    with _explained(path):
        raw = _open(path, key)
        try:
            owner = int(raw.execute("PRAGMA application_id").fetchone()[0])
            return owner if owner or raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] else None
        finally:
            raw.close()


def head_of(path: Path) -> bytes:
    """The first bytes of a file, which an encrypted book has for salt; any bytes when it is shorter than that.

    Asked of the driver: to open and close the file oneself would drop the locks that this process holds on it.
    """
    raw = _open(path, bytes(32))
    try:
        with suppress(sqlite.DatabaseError):
            raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # fails, but has read the salt
        return bytes.fromhex(raw.execute("PRAGMA cipher_salt").fetchone()[0])
    finally:
        raw.close()


def _open(path: Path, key: bytes | None) -> Any:
    raw = sqlite.connect(str(path), timeout=BUSY_SECONDS, check_same_thread=False)
    raw.isolation_level = None  # the program sends BEGIN, not the driver
    if key is not None:
        raw.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is said once, by us, and not on stderr
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return raw


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite.DatabaseError, UnicodeDecodeError) as error:  # the latter: a message quotes garbage
        if "database is locked" in str(error):
            raise Refused(f"账簿“{path.name}”正被其他程序占用。请稍候再打开。") from error
        if "readonly database" in str(error):  # what a crash left has to be undone before it can be read
            raise BadFile(f"账簿“{path.name}”上次没有正常关闭，而这里不能写入，看不了。请连同旁边的 -journal 文件复制到本机硬盘，再从那里打开。") from error
        raise BadFile(f"“{path.name}”打不开：不是账簿文件、已损坏或密钥不对。请从备份恢复。") from error


def writing_engine(path: Path, key: bytes | None) -> Engine:
    """The engine of actions: every transaction starts as BEGIN IMMEDIATE."""
    return _engine(lambda: connect(path, key), "BEGIN IMMEDIATE")


def reading_engine(path: Path, key: bytes | None) -> Engine:
    """The engine of lists and reports: it cannot write, whatever is sent to it."""

    def open_read_only() -> Any:
        if not path.exists():  # SQLite would make an empty file there
            raise BadFile(f"账簿文件“{path.name}”被删除或移走了。请把它放回原处，或者从备份恢复。")
        raw = connect(path, key)
        raw.execute("PRAGMA query_only = ON")
        return raw

    return _engine(open_read_only, "BEGIN")


def _engine(creator: Callable[[], Any], begin: str) -> Engine:
    engine = create_engine(
        "sqlite://", module=sqlite, creator=creator, poolclass=QueuePool, pool_size=2, hide_parameters=True
    )  # what was bound never stands in an error, and so in no log

    @event.listens_for(engine, "begin")
    def send_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    @event.listens_for(engine, "reset")
    def roll_back(raw: Any, _record: Any, _state: Any) -> None:
        # A COMMIT that failed ("database is locked") leaves its transaction open in the pool, and the
        # next user of the connection would commit the failed work. Shown on SQLAlchemy 2.0 and 2.1.
        if raw.in_transaction:
            raw.rollback()

    return engine
