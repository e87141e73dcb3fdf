"""The book (账簿): one file with records, history, issued PDFs; opened once, written only through actions."""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError
from sqlmodel import Session

from zjtx_desktop.errors import AppError, BadFile, NotFound, Refused
from zjtx_desktop.exchange.atomic import clear_leftovers
from zjtx_desktop.storage import history
from zjtx_desktop.storage.connection import connect, look, reading_engine, writing_engine
from zjtx_desktop.storage.field_labels import TABLES
from zjtx_desktop.storage.keyring import Keyring
from zjtx_desktop.storage.keys import data_key, is_code, must_begin_right, why_shut
from zjtx_desktop.storage.lock import BookLock, CannotLock
from zjtx_desktop.storage.places import mark_of, must_hold_a_book, what_became, why_locked_up
from zjtx_desktop.storage.steps import APPLICATION_ID, STEPS
from zjtx_desktop.storage.upgrade import misshapen, upgrade
from zjtx_desktop.values.free_text import MOST_NAME, free_text, seen

SUFFIX = ".zjtx"
DAMAGED = "账簿文件本身已损坏或结构被改动过，检查结果写不进去，现在只能查看。请从备份恢复。"
BARRED = "检查发现的 {count} 处问题还没有经两人接受，账簿只能查看，这次操作没有保存。请查明原因，在“设置 → 账簿”中接受，或从备份恢复。"
LONGEST_PAUSE = timedelta(days=92)  # without an action, after which the clock's word alone is not taken
CLOCK = (
    "这台电脑的时间是 {now:%Y-%m-%d %H:%M}，比账簿里最后一次操作（{last:%Y-%m-%d %H:%M}）晚 {days} 天，还没有人确认。"
    "请先核对电脑的时间；时间没有错的，请写明理由，办理“确认电脑的时间”。"
)
_OVERWRITTEN = "账簿文件“{name}”的内容在打开期间被另一份账簿覆盖了。请关闭本程序，核对是谁换的，或者从备份恢复。"
_READ_ONLY = "账簿“{name}”不能写入（{cause}），现在只能查看。"
Tip = tuple[int, str]  # number and hash of the last action
Look = Callable[[Path, bytes | None], None]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What a portion of the check found wrong.

    `is_damage`: with the file itself, so that nothing can be written into it; `is_passing`: beside the file, and mended
    when the book is opened again.
    """

    sentences: tuple[str, ...]
    is_damage: bool = False
    is_passing: bool = False


class Book:
    """An open book. Holds the lock of its file until `close()`; use it as a context manager.

    `secret` opens an encrypted book and is None of a plain one: the secret of its code, or only the data key that
    follows from it, see `storage.keys`; `key` is the data key, for copies of the file.
    `latest` is when the last action was: a clock that says less has been put back.
    `read_only` says why nothing can be written where it lies, `behind` why nothing may be written into this very copy
    (see `usecases.rollback`), `damaged` why nothing may be written any more; all are empty as a rule.
    """

    behind = damaged = ""

    def __init__(self, path: Path, secret: bytes | None = None, steps: tuple[str, ...] = STEPS) -> None:
        """Open the existing book at `path` and bring it to today's shape.

        NotFound, Refused (in use) or BadFile (no book, damaged, newer, another key) say why it cannot be.
        """
        must_hold_a_book(path, may_be_read_only=True)
        self._open(path, secret, steps, _look_for_book)

    @classmethod
    def create(cls, path: Path, secret: bytes | None = None) -> "Book":
        """Make an empty book at `path`; Refused when something is there already. What fails leaves nothing there."""
        must_hold_a_book(path, "没有新建")
        book = cls.__new__(cls)
        new = not path.exists()
        try:
            book._open(path, secret, STEPS, _look_for_room)
        except CannotLock:
            if new:
                _remove(path)
            raise
        with suppress(OSError):
            path.chmod(0o600)  # the journals beside it take after it
        return book

    def _open(self, path: Path, secret: bytes | None, steps: tuple[str, ...], look_first: Look) -> None:
        look_first(path, secret)  # before the lock, so that no lock file is left beside a stranger
        self.path, self.secret = path, secret
        self.key = data_key(secret) if secret else None
        self._steps = steps
        self._keyring = Keyring(path, secret) if secret else None
        self._turn = threading.RLock()  # one action at a time, and no look at the file while it is being written
        is_new = look_first is _look_for_room
        self._lock, self.read_only = self._locked(is_new)
        is_new = is_new and not path.exists()
        if not (self.read_only or path.name.startswith(".")):  # a part that is being made lies beside others
            clear_leftovers(path.parent)
        self._writing = writing_engine(path, self.key)
        self._reading = reading_engine(path, self.key)
        try:
            look_first(path, secret)  # and again: another program may have been there until now
            if self.read_only:
                self._must_be_of_today()
            else:
                upgrade(self._writing, path, self.key, steps)
                self._settle_keys()
            self._mark, self._print = mark_of(path), print_of(path)
            self.latest, self._tip = self._look_at_the_end()
        except BaseException as error:
            self.close()
            if is_new:
                _remove(path)
            if isinstance(error, DatabaseError) and (sentence := _why_not_saved(error)):
                raise Refused(sentence) from error
            raise

    def _locked(self, is_new: bool) -> tuple[BookLock | None, str]:
        """The lock, and why the book can only be read where there is none: nobody can write there, or it is not ours to."""
        try:
            lock = BookLock(self.path)
        except CannotLock as error:
            if is_new:
                raise
            return None, _READ_ONLY.format(name=self.path.name, cause=error.cause)
        cause = "" if is_new else why_locked_up(self.path)
        return lock, _READ_ONLY.format(name=self.path.name, cause=cause) if cause else ""

    def _must_be_of_today(self) -> None:
        with self._reading.connect() as connection:
            have = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        if have != len(self._steps):
            raise Refused(f"{self.read_only}它由{'旧' if have < len(self._steps) else '新'}版程序写成，要先升级才能看。请把它复制到本机硬盘，再从那里打开。")

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @property
    def knows_code(self) -> bool:
        """Whether the 恢复码 can be told: it was made or typed a moment ago, or an older slot gave it away."""
        return self.secret is not None and is_code(self.secret)

    def forget_code(self) -> None:
        """Keep only the data key, which is enough for all but the sheet with the code."""
        self.secret = self.key

    def close(self) -> None:
        """Give the file back to the system; no transaction is open afterwards."""
        self._writing.dispose()
        self._reading.dispose()
        if self._lock:
            self._lock.release()

    @contextmanager
    def action(
        self, title: str, by: str, now: datetime | None = None, undoes: int | None = None
    ) -> Iterator[Session]:
        """One write transaction under one name: all of it is in the book afterwards, or nothing.

        An action that changed nothing leaves no trace. Refused when the file could not be written.
        Whoever has a key puts what signs with it into `session.info["sign"]`.
        `session.info["clock"]` is what the clock says. Refused as well while the book can only be read, see `bar`,
        unless `session.info["mends"]` says that this is what the action is for; and when a row that it touches was
        altered behind the program.
        `undoes` is the id of the action that this one takes back, see `storage.undo`.
        """
        if not by.strip():
            raise Refused("没有填写操作人姓名，不能改动账簿。")
        if self.read_only:
            raise Refused(f"{self.read_only}这次操作没有保存。")
        by, title = free_text(by, "操作人姓名", MOST_NAME), seen(title)
        with self._turn:
            if gone := self.what_became():
                raise Refused(f"{gone}这次操作没有保存。")
            yield from self._act(title, by, (now or datetime.now(UTC)).astimezone(UTC), undoes)

    def _act(self, title: str, by: str, clock: datetime, undoes: int | None) -> Iterator[Session]:
        key, action_id, tip = uuid.uuid4().hex, 0, self._tip
        try:
            with Session(self._writing, expire_on_commit=False) as session, session.begin() as transaction:
                connection = session.connection()
                if self._tip not in (None, history.last_sealed(connection)):
                    raise Refused(f"{_OVERWRITTEN.format(name=self.path.name)}这次操作没有保存。")
                last = history.latest(connection)
                jump = bool(doubt(last, clock))
                at = last if jump and last else clock  # what a doubtful clock says is written once somebody confirms it
                action_id = history.begin(connection, key, title, by, at, undoes)
                session.info |= {"by": by, "secret": self.secret, "key": key, "clock": clock, "is_doubtful": jump}
                session.info["barred"] = self._why_barred(connection, last, clock)
                yield session
                session.flush()
                if not history.seal(connection, action_id, session.info.get("sign")):
                    transaction.rollback()
                else:
                    bar(session)
                    history.require_untouched(connection, action_id)
                    if self._keyring:
                        self._keyring.before_commit(connection)
                    at, tip = history.latest(connection) or at, history.last_sealed(connection)
            self.latest, self._tip, self._print = max(at, self.latest or at), tip, print_of(self.path)
        except IntegrityError:
            raise  # a rule of the book was broken by the program itself: our bug, not the person's
        except DatabaseError as error:
            sentence = _why_not_saved(error)
            if sentence is None:
                raise
            # An error at COMMIT may come after the commit point: look before saying "not saved".
            if not (action_id and self._was_kept(key)):
                raise Refused(sentence) from error
            self._tip, self._print = tip, print_of(self.path)
            log.warning("commit reported an error but the action was kept: %s", error)
        finally:
            if self._keyring and self._keyring.is_between:
                self._settle_keys_after()

    def why_barred(self, now: datetime | None = None) -> str:
        """Why the book can only be read just now, a sentence; empty where it may be written."""
        with self._looking() as connection:
            return self.read_only or self._why_barred(connection, self.latest, now or datetime.now(UTC))

    def why_found(self) -> str:
        """The same where a check found something that is not accepted, or damage; empty where it did not."""
        with self._looking() as connection:
            return self.damaged or _why_found(connection)

    def _why_barred(self, connection: Connection, last: datetime | None, clock: datetime) -> str:
        if self.behind:
            return f"{self.behind}现在只能查看，这次操作没有保存。"
        if found := self.damaged or _why_found(connection):
            return found
        why = doubt(last, clock)
        return f"{why}这次操作没有保存。" if why else ""

    def _look_at_the_end(self) -> tuple[datetime | None, Tip | None]:
        try:
            with self._reading.connect() as connection:
                return history.latest(connection), history.last_sealed(connection)
        except (DBAPIError, ValueError):  # damage there is for `check` to tell, of a book that opens
            return None, None

    def what_became(self) -> str:
        """What happened to the file under the open book, a sentence; empty while it is the one that was opened."""
        return self.lost_its_file() or self._overwritten()

    def lost_its_file(self) -> str:
        """The same for a file that is gone or another one: what was open can still be read, and be saved elsewhere."""
        return what_became(self.path, self._mark)

    def _overwritten(self) -> str:
        """Whether somebody wrote another book into the very file: its history no longer ends where this program left it."""
        if print_of(self.path) == self._print or not self._turn.acquire(blocking=False):
            return ""  # untouched, or being written by this program
        try:
            seen = print_of(self.path)
            if seen == self._print:
                return ""
            for engine in (self._writing, self._reading):  # what they remember of the file may be out of date
                engine.dispose()
            with self._reading.connect() as connection:
                if self._tip in (None, history.last_sealed(connection)):
                    self._print = seen
                    return ""
        except Refused:
            return ""  # another program is at it just now; the next look tells
        except (DatabaseError, AppError) as error:
            log.warning("the file of the open book can no longer be read: %s", error)
        finally:
            self._turn.release()
        return _OVERWRITTEN.format(name=self.path.name)

    def pour_into(self, part: Path) -> None:
        """Copy what the open connections see to the empty file `part`, also when the file under them is gone.

        BadFile when none was open by then, so that nothing is left to see.
        """
        with self._reading.connect() as connection:
            target = connect(part, self.key)
            try:
                connection.connection.driver_connection.backup(target)
            finally:
                target.close()

    def _settle_keys(self) -> None:
        if self._keyring:
            try:
                with self._reading.connect() as connection:
                    self._keyring.settle(connection)
            except DatabaseError as error:  # the first page was sound, or the key would have been refused
                raise BadFile(f"密钥是对的，但账簿“{self.path.name}”已损坏。请从备份恢复。") from error

    def _settle_keys_after(self) -> None:
        """The action is over, kept or not: that the key file still holds both states is no reason to say otherwise."""
        try:
            self._settle_keys()
        except AppError as error:
            log.warning("the key file holds old and new slots until the book is opened again: %s", error)

    def _was_kept(self, key: str) -> bool:
        try:
            with self._reading.connect() as connection:
                kept = connection.exec_driver_sql("SELECT 1 FROM action WHERE key = ?", (key,)).scalar()
                return kept is not None
        except (DBAPIError, AppError) as error:
            raise Refused("账簿读写出错，不能确定这次操作是否已保存。请重新打开账簿核对。") from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the book and cannot write. Read fully, then leave it.

        BadFile when a page that is read is damaged; it may be met long after the book was opened.
        """
        try:
            with Session(self._reading) as session:
                yield session
        except DatabaseError as error:
            if not any(sign in str(error.orig) for sign in _DAMAGED):
                raise
            raise BadFile(f"账簿“{self.path.name}”有一部分读不出来，文件已损坏。请从备份恢复。") from error

    def head(self) -> str:
        """The hash at the end of the history; it stands on workbooks that leave the office."""
        with self._reading.connect() as connection:
            return history.head(connection)

    def check(self) -> list[str]:
        """Everything wrong with the file, its history and its rows, a sentence each; empty when sound."""
        return [sentence for found in self.in_portions() for sentence in found.sentences]

    def in_portions(self) -> Iterator[Found]:
        """The same a portion at a time, each read in a transaction of its own, so that writers need not wait for all."""
        try:
            with self._looking() as connection:
                damage = tuple(self._damage(connection))
            yield Found(damage, bool(damage))
            if damage:
                return
            for sentences in self._findings():
                yield Found(tuple(sentences))
            if self._keyring:
                with self._looking() as connection:
                    passing = tuple(self._keyring.findings(connection))
                yield Found(passing, is_passing=True)
        except (DBAPIError, UnicodeDecodeError) as error:  # the latter from a message that quotes garbage
            why = getattr(error, "orig", error)
            yield Found((f"账簿读不完，文件已损坏或被改动过（{why}）。请从备份恢复。",), is_damage=True)

    @contextmanager
    def _looking(self) -> Iterator[Connection]:
        with self._reading.connect() as connection:
            yield connection

    def _damage(self, connection: Connection) -> Iterator[str]:
        lines = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        if lines != ["ok"]:
            yield from (f"文件结构损坏：{line}" for line in lines)
            return
        yield from misshapen(connection, self._steps)

    def _findings(self) -> Iterator[list[str]]:
        with self._looking() as connection:
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        yield [f"“{TABLES.get(table, table)}”第 {row} 行引用的“{TABLES.get(parent, parent)}”不存在。" for table, row, parent, _ in lost]
        yield from history.broken_links(self._looking)
        for strays in history.differing_rows(self._looking):
            yield [stray.sentence for stray in strays]
        yield from history.broken_off(self._looking)
        yield from history.altered_bytes(self._looking)


def bar(session: Session) -> None:
    """Refuse an action early, with the reason why the book can only be read; nothing where it may be written."""
    why = session.info.get("barred")
    if why and not session.info.get("mends"):
        raise Refused(why)


def _why_found(connection: Connection) -> str:
    if not connection.exec_driver_sql("SELECT 1 FROM sqlite_schema WHERE name = 'finding'").scalar():
        return ""  # a book of an earlier step, in the hands of the program of then
    count = connection.exec_driver_sql("SELECT count(*) FROM finding WHERE consent_id IS NULL").scalar_one()
    return BARRED.format(count=count) if count else ""


def print_of(path: Path) -> tuple[int, int] | None:
    """Size and time of the last change of a file: when they are as they were, nobody has written to it."""
    with suppress(OSError):
        found = path.stat()
        return found.st_size, found.st_mtime_ns
    return None


def doubt(last: datetime | None, clock: datetime) -> str:
    """Why the clock's word alone is not taken after the last action, a sentence; empty where it is."""
    if last is None or clock - last <= LONGEST_PAUSE:
        return ""
    return CLOCK.format(now=clock.astimezone(), last=last.astimezone(), days=(clock - last).days)


def _remove(path: Path) -> None:
    """What a creation that failed has left."""
    for end in ("", "-journal", ".lock-journal", ".lock"):
        with suppress(OSError):
            path.with_name(path.name + end).unlink(missing_ok=True)


def _look_for_book(path: Path, secret: bytes | None) -> None:
    if not path.is_file():
        raise NotFound(f"找不到账簿“{path}”。请核对位置，或用 new 新建。")
    try:
        owner = look(path, data_key(secret) if secret else None)
    except BadFile as error:
        raise (why_shut(path, secret) or error) from error
    if owner != APPLICATION_ID:
        raise BadFile(f"“{path.name}”不是本程序的账簿。请选择扩展名为 {SUFFIX} 的账簿文件。")
    if secret:
        must_begin_right(path, secret)


def _look_for_room(path: Path, secret: bytes | None) -> None:
    if path.suffix != SUFFIX:
        raise Refused(f"账簿文件名要以 {SUFFIX} 结尾，请改为“{path.stem}{SUFFIX}”。")
    if not path.parent.is_dir():
        raise NotFound(f"文件夹“{path.parent}”不存在，请先建好再新建账簿。")
    try:
        # A killed creation leaves an empty file.
        taken = path.exists() and look(path, data_key(secret) if secret else None) is not None
    except BadFile:
        taken = True
    if taken:
        raise Refused(f"“{path}”已经存在，没有改动它。请换一个名字。")


_DAMAGED = ("disk image is malformed", "file is not a database", "disk I/O error")
CAUSES = (
    ("database is locked", "账簿正被其他程序占用，这次操作没有保存。请稍候再试。"),
    ("database or disk is full", "磁盘已满，这次操作没有保存。请清理磁盘后再试。"),
    ("readonly database", "账簿所在的位置不能写入，这次操作没有保存。请检查文件权限。"),
    ("unable to open database file", "账簿所在的位置不能写入，这次操作没有保存。请检查文件权限。"),
    ("disk I/O error", "磁盘读写出错，这次操作没有保存。请检查磁盘，再从备份恢复。"),
    ("disk image is malformed", "账簿文件已损坏，这次操作没有保存。请从备份恢复。"),
)


def _why_not_saved(error: DatabaseError) -> str | None:
    """What the person can act on; None when the mistake is ours."""
    return next((sentence for sign, sentence in CAUSES if sign in str(error.orig)), None)
