"""导入名单: a published list in four steps; nothing is written before the last one, and that is one action."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.dialogs.ask import ask_sure
from ui.dialogs.files import ask_file
from ui.dialogs.import_columns import ColumnsStep
from ui.dialogs.import_file import FileStep
from ui.dialogs.import_preview import PreviewStep
from ui.dialogs.import_values import ValuesStep
from ui.dialogs.steps_dialog import StepsDialog
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.settings import Settings
from ui.widgets.waiting import Waiting
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases.imports import Plan
from zjtx_desktop.usecases.list_file import ListFile, ParsedList, read_list, save_bad_rows

_WORKBOOK = "Excel 工作簿 (*.xlsx)"


class ImportDialog(StepsDialog):
    """`imported` carries the sentence that says what was taken over."""

    imported = Signal(str)

    def __init__(self, desk: OpenBook, settings: Settings, parent: QWidget | None = None) -> None:
        self._desk, self._settings = desk, settings
        self.file: ListFile  # from the first step on
        self._path = Path()
        self._parsed: ParsedList | None = None
        self._plan: Plan | None = None
        self._done = False
        self.choose, self.columns, self.given = (
            FileStep(self, settings),
            ColumnsStep(self),
            _PlannedValues(self),
        )
        self.preview = PreviewStep(self, desk.jobs, settings)
        super().__init__("导入名单", (self.choose, self.columns, self.given, self.preview), parent)

    # what the steps ask for

    def read_file(self, path: Path, go_on: Callable[[], None]) -> None:
        """Read the file, then go on to its columns."""
        self._path = path
        self._read(None, go_on)

    def read_sheet(self, sheet: str) -> None:
        """Read another sheet of the same file."""
        self._read(sheet, self.columns.enter)

    def plan(self, go_on: Callable[[], None]) -> None:
        """Compare the list with the book, then show what would become of it."""
        defaults, columns = self.given.defaults(), self.columns.columns()
        renamed, skipped = frozenset(self.preview.renamed), frozenset(self.preview.skipped)

        def work(tick: Tick) -> tuple[ParsedList, Plan]:
            parsed = self.file.parse(defaults, date.today(), columns)
            with self._desk.book.reading() as session:
                return parsed, Plan(session, parsed, renamed, skipped, tick)

        self._work("正在与账簿核对…", work, lambda found: self._show_plan(found, go_on))

    def plan_again(self) -> None:
        """Compare anew with what was decided about rows."""
        self.plan(lambda: None)

    def take_over(self, go_on: Callable[[], None]) -> None:
        """Write every good row as one action."""
        parsed, file = self._parsed, self.file
        renamed, skipped = frozenset(self.preview.renamed), frozenset(self.preview.skipped)

        def deed(session: Any, tick: Tick) -> int:
            written = Plan(session, parsed, renamed, skipped, tick).take_over(session, file.name, file.sha256)
            tick(written, written)  # the last moment to stop
            return written

        def done(written: int) -> None:
            self._done = True
            self._desk.tell()
            self.imported.emit(f"已从“{file.name}”导入 {written} 行。可以用“撤销”整批撤回。")
            go_on()

        self._work(
            f"导入名单“{file.name}”",
            lambda tick: self._desk.write(f"导入名单“{file.name}”", deed, tick),
            done,
        )

    def save_bad_rows(self) -> None:
        """Ask for a file and write the rows that cannot be taken, each with its reason."""
        name = f"{Path(self.file.name).stem}（有误的行）.xlsx"
        path = ask_file(self, self._settings, "另存有误的行", name, _WORKBOOK)
        if path:
            self.write_bad_rows(path)

    def write_bad_rows(self, path: Path) -> None:
        """Write the rows that cannot be taken."""
        header, outcomes = self._parsed.header, self._plan.outcomes
        self._work(
            "正在写有误的行…",
            lambda tick: save_bad_rows(path, header, outcomes, overwrite=True),
            self._say_saved,
        )

    # the dialog itself

    def may_close(self) -> bool:
        """Before the file is read there is nothing to lose; later it asks."""
        if self._done or self.step is self.choose:
            return True
        return ask_sure(
            self, "放弃导入", "这份名单还没有导入，账簿没有改动。", "放弃以后要重新选择文件、核对各列。"
        )

    def _read(self, sheet: str | None, go_on: Callable[[], None]) -> None:
        path = self._path

        def done(file: ListFile) -> None:
            self.file = file
            self.preview.start_over()
            go_on()

        self._work(f"正在读取“{path.name}”…", lambda tick: read_list(path, sheet), done)

    def _work(self, text: str, work: Callable[[Tick], Any], done: Callable[[Any], None]) -> None:
        """Do it on the worker with its progress over the dialog; a refusal stands over the step."""
        self.banner.hide()
        Waiting(self._desk.jobs, text, self).run(work, done, self._fail)

    def _fail(self, error: AppError) -> None:
        self.banner.say("error", str(error))

    def _show_plan(self, found: tuple[ParsedList, Plan], go_on: Callable[[], None]) -> None:
        self._parsed, self._plan = found
        self.preview.show_plan(*found)
        go_on()

    def _say_saved(self, count: int) -> None:
        self.banner.say("good", f"已另存 {count} 行，每行写明了原因。改正以后，可以把那个文件再导入。")


class _PlannedValues(ValuesStep):
    """The values of the whole file; going on compares the list with the book."""

    def __init__(self, owner: ImportDialog) -> None:
        super().__init__()
        self._owner = owner

    def proceed(self, go_on: Callable[[], None]) -> None:
        if self.ready():
            self._owner.plan(go_on)
