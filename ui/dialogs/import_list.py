"""导入名单: a published list, from a file or the clipboard, in steps; nothing is written before the last one,
and that is one action.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.dialogs.ask import ask_sure
from ui.dialogs.files import ask_file
from ui.dialogs.frame import fit
from ui.dialogs.import_file import HINTS
from ui.dialogs.import_preview import PreviewStep
from ui.dialogs.list_steps import HandedList, ListSteps
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.settings import Settings
from zjtx_desktop.errors import Refused
from zjtx_desktop.usecases.imports import Plan
from zjtx_desktop.usecases.list_file import ParsedList, given_for, save_bad_rows
from zjtx_desktop.usecases.outcomes import not_taken_words

_SIZE = (1180, 660)  # of a window of 1366 × 768 most: the reasons of a row are read in it
_WORKBOOK = "Excel 工作簿 (*.xlsx)"


class ImportDialog(ListSteps):
    """`imported` carries the sentence that says what was taken over. A list that is `handed` is there already."""

    help_id = "import"
    imported = Signal(str)

    def __init__(
        self,
        desk: OpenBook,
        settings: Settings,
        parent: QWidget | None = None,
        handed: HandedList | None = None,
    ) -> None:
        self._desk, self._settings = desk, settings
        self.verb = "粘贴" if handed and handed.file.table.pasted else "导入"
        self._parsed: ParsedList | None = None
        self._plan: Plan | None = None
        self._done = False
        self.preview = PreviewStep(self, desk.jobs, settings)
        self.preview.left_out = set(handed.left_out if handed else ())
        super().__init__(desk.jobs, settings, f"{self.verb}名单", self.preview, HINTS, handed, parent)
        fit(self, _SIZE)

    # what the steps ask for

    def plan(self, go_on: Callable[[], None]) -> None:
        """Read the rows as the steps say, compare them with the book, then show what would become of each."""
        defaults, columns = self.given.defaults(), self.columns.columns()
        answers = replace(self.given.answers(), accept_fixes=self.preview.accepted)
        self._compare(lambda: self.file.parse(defaults, date.today(), columns, answers), go_on)

    def start_over(self) -> None:
        self.preview.start_over()

    def plan_again(self) -> None:
        """Compare anew with what was decided about rows."""
        parsed = self._parsed
        self._compare(lambda: parsed, lambda: None)

    def read_again(self) -> None:
        """Read the rows anew with what was decided about their cells."""
        self.plan(lambda: None)

    def _compare(self, parse: Callable[[], ParsedList], go_on: Callable[[], None]) -> None:
        decided = self.preview.decided()

        def work(tick: Tick) -> tuple[ParsedList, Plan | None]:
            parsed = parse()
            if parsed.questions:
                return parsed, None
            with self._desk.book.reading() as session:
                return parsed, Plan(session, parsed, tick=tick, **decided)

        self._work("正在与账簿核对…", work, lambda found: self._show_plan(found, go_on))

    def take_over(self, go_on: Callable[[], None]) -> None:
        """Write every ticked row as one action, if that is still what the preview shows."""
        parsed, file, seen = self._parsed, self.file, self._plan
        decided = self.preview.decided()
        pasted = file.table.pasted
        title = f"粘贴 {seen.taken} 行" if pasted else f"导入名单“{file.name}”"

        def deed(session: Any, tick: Tick) -> int:
            plan = Plan(session, parsed, tick=tick, **decided)
            if [one.taken for one in plan.outcomes] != [one.taken for one in seen.outcomes]:
                raise Refused("情况与预览的不同了，还没有写入任何内容。请退回上一步，重新看过预览再继续。")
            written = plan.take_over(session, file.name, file.sha256)
            tick(written, written)  # the last moment to stop
            return written

        def done(written: int) -> None:
            self._done = True
            self._desk.tell()
            did = f"已粘贴 {written} 行。" if pasted else f"已从“{file.name}”导入 {written} 行。"
            self.imported.emit(f"{did}{not_taken_words(seen.outcomes)}可以用“撤销”整批撤回。")
            go_on()

        self._work(title, lambda tick: self._desk.write(title, deed, tick), done)

    def save_bad_rows(self) -> None:
        """Ask for a file and write the rows that are not taken, each with its reason."""
        name = f"{Path(self.file.name).stem}（没有导入的行）.xlsx"
        path = ask_file(self, self._settings, "另存没有导入的行", name, _WORKBOOK)
        if path:
            self.write_bad_rows(path)

    def write_bad_rows(self, path: Path) -> None:
        """Write the rows that cannot be taken, and those left out."""
        header, outcomes = self._parsed.header, self._plan.outcomes
        given = given_for(self._parsed, self.given.defaults())
        self._work(
            "正在写没有导入的行…",
            lambda tick: save_bad_rows(path, header, outcomes, overwrite=True, given=given),
            self._say_saved,
        )

    # the dialog itself

    def may_close(self) -> bool:
        """At the first step there is nothing to lose; later it asks."""
        if self._done or self.is_first:
            return True
        again = f"放弃以后要重新{'复制、粘贴' if self.file.table.pasted else '选择文件'}，再核对各列。"
        return ask_sure(self, f"放弃{self.verb}", f"这份名单还没有{self.verb}，账簿没有改动。", again)

    def _show_plan(self, found: tuple[ParsedList, Plan | None], go_on: Callable[[], None]) -> None:
        parsed, plan = found
        if plan is None:
            self.given.ask(parsed.questions)
            return
        self._parsed, self._plan = parsed, plan
        self.preview.show_plan(parsed, plan)
        go_on()

    def _say_saved(self, count: int) -> None:
        self.banner.say("good", f"已另存 {count} 行，每行写明了原因。改正以后，可以把那个文件再导入。")
