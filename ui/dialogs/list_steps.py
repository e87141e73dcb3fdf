"""The first steps of every dialog over a published list: which file and sheets, what its columns are, what holds for all rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.dialogs.import_columns import ColumnsStep
from ui.dialogs.import_file import FileStep
from ui.dialogs.import_values import ValuesStep
from ui.dialogs.steps_dialog import Step, StepsDialog
from ui.jobs import Jobs, Tick
from ui.settings import Settings
from ui.widgets.waiting import Waiting
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases.list_file import ListFile, Proposal, read_list, read_sheets


@dataclass(frozen=True, slots=True)
class HandedList:
    """A list that was read elsewhere: pasted, or compared with the book; `path` is its file, where it has one.

    `values` are what was filled in for all its rows under these `columns` (None as found), `left_out` the rows that are
    not to be taken, by their keys.
    """

    file: ListFile
    path: Path = Path()
    values: dict[str, Any] = field(default_factory=dict)
    columns: Mapping[str, int] | None = None
    left_out: frozenset[int] = frozenset()


class ListSteps(StepsDialog):
    """Begins with the file, unless the list is `handed`; a subclass says what going on from the values does (`plan`)."""

    def __init__(
        self, jobs: Jobs, settings: Settings, title: str, last: Step, hints: Sequence[str], handed: HandedList | None, parent: QWidget | None
    ) -> None:
        self._jobs = jobs
        self.file: ListFile  # from the first step on
        self.path = Path()
        self._looked_by: Mapping[str, int] | None = None  # the columns by which the headlines were looked for
        self.columns, self.given = ColumnsStep(self, settings), _PlannedValues(self)
        steps = (self.columns, self.given, last)
        if handed:
            self.file, self.path = handed.file, handed.path
            self.given.propose(self.file.proposals())
            if handed.values:
                self.given.fill_in(handed.values)
                self._looked_by = handed.columns
        else:
            self.choose = FileStep(self, settings, hints)
            steps = (self.choose, *steps)
        super().__init__(title, steps, parent)

    def plan(self, go_on: Callable[[], None]) -> None:
        """Do what the columns and values are for, then go on."""
        raise NotImplementedError

    def start_over(self) -> None:
        """Forget what was decided about the rows of another file."""

    def read_file(self, path: Path, go_on: Callable[[], None]) -> None:
        """Read the file, then go on to its columns."""
        self.path = path
        self._read((), go_on)

    def read_sheets(self, sheets: Sequence[str]) -> None:
        """Read other sheets of the same file."""
        self._read(sheets, self.columns.enter)

    def columns_told(self) -> None:
        """Propose what the headlines name; a list whose header nobody knew has its headlines only now."""
        columns = self.columns.columns()
        if columns is not None and not self.file.has_header() and columns != self._looked_by:
            self._looked_by = columns
            self.given.propose(self.file.proposals(columns))

    def _read(self, sheets: Sequence[str], go_on: Callable[[], None]) -> None:
        path = self.path

        def work(tick: Tick) -> tuple[ListFile, tuple[Proposal, ...]]:
            file = read_sheets(path, sheets) if len(sheets) > 1 else read_list(path, *sheets)
            return file, file.proposals()

        def done(found: tuple[ListFile, tuple[Proposal, ...]]) -> None:
            self.file, offered = found
            self._looked_by = None
            self.start_over()
            self.given.propose(offered)
            go_on()

        self._work(f"正在读取“{path.name}”…", work, done)

    def _work(self, text: str, work: Callable[[Tick], Any], done: Callable[[Any], None]) -> None:
        """Do it on the worker with its progress over the dialog; a refusal stands over the step."""
        self.banner.hide()
        Waiting(self._jobs, text, self).run(work, done, self._fail)

    def _fail(self, error: AppError) -> None:
        self.banner.say("error", str(error))
        self.columns.show_ticks()


class _PlannedValues(ValuesStep):
    """The values of the whole file; going on does what they are for."""

    def __init__(self, owner: ListSteps) -> None:
        super().__init__()
        self._owner = owner

    def proceed(self, go_on: Callable[[], None]) -> None:
        if self.ready():
            self._owner.plan(go_on)
