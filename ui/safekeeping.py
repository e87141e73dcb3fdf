"""Backups without being asked: at the start, every so often, after money was moved, and when the book is closed."""

from datetime import datetime, timedelta
from threading import Lock

from PySide6.QtCore import QObject, QTimer, Signal

from ui.jobs import Jobs, Tick
from ui.open_book import OpenBook
from ui.places import SAMPLE_NAME
from ui.vitals import Vitals
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases.backups import BackupLine, back_up
from zjtx_desktop.usecases.rollback import note
from zjtx_desktop.usecases.safekeeping import Kept, Second, keep_safe, money_mark
from zjtx_desktop.usecases.seen_books import SeenBooks
from zjtx_desktop.usecases.trails import Trail, trail

_MINUTE = 60_000
_SOON = 3_000  # milliseconds after a payment: a series of them is one backup
_LOOKS = 5_000  # milliseconds between two looks whether the file still lies there
_OVERDUE = timedelta(days=1)


class Safekeeping(QObject):
    """Over one open book. `says(tone, sentence)` goes over the page; `lost`: the file is gone, or is another;
    what the program still has of it was saved before that.

    It has a worker of its own: pages go on asking the book while it is copied. What is done when the book closes runs
    on the window's worker, which the window waits for.
    """

    says = Signal(str, str)
    lost = Signal(str)

    def __init__(self, desk: OpenBook, vitals: Vitals, memory: SeenBooks) -> None:
        super().__init__(desk)
        self._desk, self._vitals, self._places, self._memory = desk, vitals, vitals.places, memory
        self._own = Jobs(self)
        self._own.crashed.connect(desk.jobs.crashed)
        self._one_at_a_time = Lock()
        self._mark: tuple[int, int] | None = None  # of the money, as it was last seen
        self._safe_at: Trail | None = None  # what the last backup holds
        self._second_was_said = False
        self._gone = ""
        self._regular, self._soon, self._watch = QTimer(self), QTimer(self, singleShot=True), QTimer(self)
        self._regular.timeout.connect(self.back_up)
        self._soon.timeout.connect(self.back_up)
        self._watch.timeout.connect(self._look)
        desk.changed.connect(self._ask)
        vitals.wants_backup.connect(self.back_up_now)

    @property
    def _is_kept(self) -> bool:
        """The sample can be made anew, and an older copy must not push out the backups of a newer one."""
        return self._desk.path.name != SAMPLE_NAME and not self._desk.book.behind

    def start(self) -> None:
        """From now on; backs up at once when the last time is a day ago, and says what went wrong at the last close."""
        self._watch.start(_LOOKS)
        self._ask()
        if why := self._places.trouble(self._desk.path):
            self.says.emit("warn", f"上次关闭时没有备份成：{why}")
            self._places.set_trouble(self._desk.path, "")
        if self._is_kept:
            self._regular.start(self._places.backup_minutes * _MINUTE)
            last = self._vitals.last_backup
            if last is None or datetime.now() - last > _OVERDUE:
                self.back_up()

    def back_up(self) -> None:
        """Back up what has changed, in the background; said only when it went wrong."""
        if self._own.is_idle():
            self._own.run(self._work, self._done, self._failed)

    def back_up_now(self) -> None:
        """Back up because somebody asked; what came of it is said."""

        def done(kept: Kept) -> None:
            self._second_was_said = False
            self._done(kept)
            if kept.second in (Second.THERE, Second.NOT_SET):
                new = "已备份并检查" if kept.is_new else "没有新的改动，最近的备份就是最新的"
                self.says.emit("good", f"{new}：“{kept.line.path.name}”。")

        self._desk.jobs.run(self._work, done, self._failed, label="备份账簿")

    def leave(self) -> None:
        """The book is about to be closed: the window waits for what is begun here, and closes whatever comes of it."""
        for timer in (self._regular, self._soon, self._watch):
            timer.stop()
        self._own.cancel()
        self._vitals.stop_check()
        if self._is_kept and not self._desk.book.what_became() and self._has_changed():
            path = self._desk.path
            self._desk.jobs.run(
                self._work, self._done, lambda error: self._places.set_trouble(path, str(error)), label="备份账簿"
            )

    def stop(self) -> None:
        """The book is closed next: nothing of this touches it any more."""
        self._own.close()

    def follow_settings(self) -> None:
        """Folders or minutes were changed."""
        if self._regular.isActive():
            self._regular.start(self._places.backup_minutes * _MINUTE)

    def _work(self, tick: Tick) -> Kept:
        with self._one_at_a_time:
            return keep_safe(
                self._desk.book, self._places.backup_folder, self._places.second_folder, datetime.now(), tick
            )

    def _has_changed(self) -> bool:
        return self._safe_at is None or self._desk.ask_now(trail) != self._safe_at

    def _done(self, kept: Kept) -> None:
        self._safe_at = kept.holds
        self._places.set_trouble(self._desk.path, "")
        self._vitals.backed_up(kept.line.at, kept.line.path)
        if kept.second is Second.THERE:
            self._places.set_second_copy(self._desk.path, kept.line.at)
        elif kept.second is not Second.NOT_SET and not self._second_was_said:
            self._second_was_said = True
            self.says.emit("warn", kept.why or self._behind_words(kept))

    def _behind_words(self, kept: Kept) -> str:
        there = self._places.second_copy(self._desk.path)
        days = (kept.line.at.date() - there.date()).days if there else None
        behind = "那里还没有备份" if days is None else f"第二份备份已落后 {days} 天" if days else "第二份备份是今天的"
        return f"第二个备份位置“{self._places.second_folder}”没有接上，{behind}。接上以后程序自动补上。"

    def _failed(self, error: AppError) -> None:
        self.says.emit("warn", f"自动备份没有完成。{error}")

    def _ask(self) -> None:
        def look(_tick: Tick) -> tuple[int, int]:
            note(self._desk.book, self._memory)
            with self._desk.book.reading() as session:
                return money_mark(session)

        self._desk.jobs.run(look, self._seen, failed=lambda _error: None)

    def _seen(self, mark: tuple[int, int]) -> None:
        if self._is_kept and self._mark is not None and mark > self._mark:
            self._soon.start(_SOON)
        self._mark = mark

    def _look(self) -> None:
        gone = self._desk.book.what_became()
        if gone and gone != self._gone and not self._desk.book.lost_its_file():
            self.lost.emit(gone)  # written over: nothing of what it was is left to be saved
        elif gone and gone != self._gone:
            self._own.run(
                self._rescue, lambda line: self.lost.emit(_saved_words(gone, line)), lambda _error: self.lost.emit(gone)
            )
        self._gone = gone

    def _rescue(self, tick: Tick) -> BackupLine:
        """What the program still has of a book whose file is gone."""
        folder = self._places.backup_folder
        with self._one_at_a_time:
            folder.mkdir(parents=True, exist_ok=True)
            return back_up(self._desk.book, folder, datetime.now(), tick)


def _saved_words(gone: str, line: BackupLine) -> str:
    return f"{gone}打开着的内容没有丢，已存成备份“{line.path.name}”。"
