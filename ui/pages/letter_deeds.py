"""What a person does with letters: issue, save, print; each on the worker, each whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.dialogs.files import ask_file, ask_folder
from ui.dialogs.issuing import IssueDialog
from ui.open_book import OpenBook
from ui.pages.award_words import named
from ui.pages.basis_deed import PDF, save_basis
from ui.pages.deeds import Deeds
from ui.pages.paper import Paper
from ui.settings import Settings
from zjtx_desktop.usecases import letters, printouts
from zjtx_desktop.usecases.letters import LetterLine
from zjtx_desktop.usecases.printouts import Prints
from zjtx_desktop.usecases.rounds import RoundLine
from zjtx_desktop.values import Money

_NOT_LOGGED = "已取消打印，没有登记打印次数。"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows selected in one of the two lists: awards to be issued, or letters of the register."""

    kind: str
    rows: tuple[Any, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def issued(self) -> tuple[int, ...]:
        """The documents among them."""
        return tuple(row.id for row in self.rows) if self.kind == "issued" else ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the awards whose letters are drafts."""
        return tuple(row.number for row in self.rows) if self.kind == "drafts" else ()

    @property
    def total(self) -> Money:
        """What they come to."""
        return Money.total(row.total for row in self.rows)


class LetterDeeds(Deeds):
    """Dialogs stand over `page`. `said(tone, sentence)` tells how it went, `changed` that the book is another now."""

    changed = Signal()
    issued = Signal(object)

    def __init__(self, desk: OpenBook, settings: Settings, page: QWidget) -> None:
        super().__init__(desk, page)
        self._settings = settings
        self.paper = Paper(desk.jobs, page)
        self.paper.said.connect(self.said)

    def issue(self, line: RoundLine, chosen: Chosen) -> None:
        """Ask with count, numbers and sum, then issue."""

        def numbers(year: int) -> tuple[str, ...]:
            return self._desk.ask_now(lambda session: letters.coming(session, year, len(chosen)))

        dialog = IssueDialog(self._desk.jobs, len(chosen), chosen.total, date.today(), numbers, self._page)
        dialog.saved.connect(partial(self._issue, line, chosen))
        dialog.open()

    def save_one(self, line: RoundLine, chosen: Chosen) -> None:
        """Ask for a file and write all letters into it."""
        path = ask_file(self._page, self._settings, "存为一个 PDF", f"{named(line)}拨付通知.pdf", PDF)
        if path:
            self._put_out(line, chosen, lambda prints, tick: [printouts.write_one(path, prints, overwrite=True, tick=tick)])

    def save_each(self, line: RoundLine, chosen: Chosen) -> None:
        """Ask for a folder and write each letter into a file of its own."""
        folder = ask_folder(self._page, self._settings, "每份存一个 PDF，选择文件夹")
        if folder:
            self._put_out(line, chosen, lambda prints, tick: printouts.write_each(folder, prints, tick))

    def save_basis(self, line: RoundLine) -> None:
        """Ask for a file and write the 测算依据 of the round into it."""
        save_basis(self._page, self._desk, self._settings, line, self.said.emit, self._fail)

    def print(self, line: RoundLine, chosen: Chosen) -> None:
        """Put the letters together, ask for printer and pages, print, and log each issued one."""
        what = f"{len(chosen)} 份{'拨付通知' if chosen.issued else '草稿'}"

        def read(tick: Any) -> bytes:
            return self._desk.ask_now(lambda session: printouts.one_pdf(self._prints(session, line, chosen, log=False), tick))

        self.paper.put(what, read, "存为一个 PDF", partial(self._printed, chosen, what), _NOT_LOGGED)

    def _printed(self, chosen: Chosen, what: str) -> None:
        def log(session: Any, tick: Any) -> None:
            for document_id in chosen.issued:
                letters.reprint(session, document_id)

        if chosen.issued:
            self._desk.act(f"打印 {what}", log, lambda _: self.changed.emit(), self._fail)

    def _issue(self, line: RoundLine, chosen: Chosen, values: dict[str, Any]) -> None:
        def done(lines: tuple[LetterLine, ...]) -> None:
            span = lines[0].number if len(lines) == 1 else f"{lines[0].number} 至 {lines[-1].number}"
            self.issued.emit(tuple(letter.id for letter in lines))
            self.changed.emit()
            self.said.emit("good", f"已下达 {len(lines)} 份拨付通知（{span}），合计 {chosen.total} 元。可以打印了。")

        self._desk.act(
            f"下达 {len(chosen)} 份拨付通知",
            lambda session, tick: letters.issue(session, line.id, values["on"], chosen.numbers, tick),
            done,
            self._fail,
        )

    def _put_out(self, line: RoundLine, chosen: Chosen, write: Callable[[Prints, Any], list[Path]]) -> None:
        """Write files; issued letters are logged as printed, in the same action."""

        def done(written: list[Path]) -> None:
            where = written[0] if len(written) == 1 else f"{len(written)} 个文件，{written[0].parent}"
            self.changed.emit()
            self.said.emit("good", f"已保存 {len(chosen)} 份：{where}")

        def log(session: Any, tick: Any) -> list[Path]:
            return write(self._prints(session, line, chosen, log=True), tick)

        def only_write(tick: Any) -> list[Path]:
            return self._desk.ask_now(lambda session: write(self._prints(session, line, chosen, log=False), tick))

        if chosen.issued:
            self._desk.act(f"保存 {len(chosen)} 份拨付通知", log, done, self._fail)
        else:
            self._desk.jobs.run(only_write, done, self._fail, label="保存草稿")

    def _prints(self, session: Any, line: RoundLine, chosen: Chosen, *, log: bool) -> Prints:
        drafts = letters.drafts(session, line.id, chosen.numbers) if chosen.numbers else ()
        return (printouts.of_letters if log else printouts.to_look_at)(session, chosen.issued, drafts)
