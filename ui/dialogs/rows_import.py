"""What would become of each row of a workbook and why; nothing is written before 导入."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from ui import icons
from ui.dialogs.files import ask_file
from ui.dialogs.frame import lay_out, row
from ui.models.column import Column, Kind, State
from ui.models.source import HeldSource
from ui.open_book import OpenBook
from ui.settings import Settings
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import label
from ui.widgets.list_pane import ListPane
from ui.widgets.reasons import Reasons
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases.list_file import save_bad_rows
from zjtx_desktop.usecases.outcomes import Outcome, Status, not_taken_words

_SIZE = (900, 560)
_TONES = {
    Status.NEW: "good",
    Status.SAME: "soft",
    Status.CHANGED: "warn",
    Status.DUPLICATE: "warn",
    Status.ERROR: "error",
    Status.NOT_OURS: "soft",
}


@dataclass(frozen=True, slots=True)
class Intake:
    """What such a workbook holds and how its good rows are taken over: `take_over(session, file)` counts them."""

    id: str
    noun: str
    unit: str
    note: str
    take_over: Callable[[Any, Any], int]


def _why(outcome: Outcome) -> str:
    return "\n".join(outcome.messages)


def _said(outcome: Outcome) -> str:
    """The same beside the number of the row, which it need not repeat."""
    return "".join(message.removeprefix(f"第{outcome.row}行") for message in outcome.messages)


_COLUMNS = (
    Column("row", "行", attrgetter("row"), Kind.NUMBER, letters=4),
    Column("status", "状态", lambda one: State(one.status.label, _TONES[one.status]), Kind.STATE, letters=5),
    Column("name", "单位名称", attrgetter("name"), letters=14),
    Column("why", "原因和说明", _said, letters=20, tip=_why),
)


class RowsImportDialog(QDialog):
    """Shows a plan and takes it over; `imported` carries the sentence that says what was taken."""

    help_id = "organisations"
    imported = Signal(str)

    def __init__(
        self,
        desk: OpenBook,
        settings: Settings,
        intake: Intake,
        plan: Any,
        parent: QWidget | None = None,
        above: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"导入{intake.noun}：{plan.file.name}")
        self.setModal(True)
        self._desk, self._settings, self._intake, self._plan = desk, settings, intake, plan
        source = HeldSource(_COLUMNS, lambda: self._plan.outcomes, attrgetter("row"), ("status",))
        empty = EmptyState("import", "名单是空的")
        self.pane = ListPane(
            _COLUMNS, source, desk.jobs, settings, intake.id, "查找单位、原因", empty, ("status",), unit="行"
        )
        self.banner, self.why = Banner(), Reasons()
        self.pane.selection_changed.connect(self._show_why)
        self.pane.shown.connect(self._select_first)
        self.said = label(wraps=True)
        self.ok = QPushButton(default=True)
        self.ok.setProperty("role", "primary")
        self.save = QPushButton("另存有误的行…", autoDefault=False)
        icons.dress(self.save, "save")
        self.cancel = QPushButton("取消", autoDefault=False)
        self.ok.clicked.connect(self.accept)
        self.save.clicked.connect(self.ask_save)
        self.cancel.clicked.connect(self.reject)
        self._lay_out(above)
        self.show_plan(plan)

    def show_plan(self, plan: Any) -> None:
        """Show what would become of each row."""
        self._plan = plan
        new = plan.count(Status.NEW) + plan.count(Status.CHANGED)
        counted = "，".join(f"{status.label} {n}" for status in Status if (n := plan.count(status)))
        notes = "".join(getattr(plan.file.parsed, "notes", ()))
        self.said.setText(f"共 {len(plan.outcomes)} 行：{counted}。{self._intake.note}{notes}")
        self.ok.setText(f"导入 {new} 行" if new else "导入")
        self.ok.setEnabled(bool(new))
        self.save.setVisible(bool(plan.count(Status.ERROR)))
        self.pane.refresh()

    def accept(self) -> None:
        """Take every good row over as one action, and close."""
        file, intake = self._plan.file, self._intake
        self.ok.setEnabled(False)
        self._desk.act(
            f"导入{intake.noun}“{file.name}”",
            lambda session, _tick: intake.take_over(session, file),
            done=self._taken,
            failed=self._failed,
        )

    def ask_save(self) -> None:
        """Ask for a file and write the rows that cannot be taken, with their reasons."""
        name = f"{self._intake.noun}有误的行 {date.today():%Y%m%d}.xlsx"
        path = ask_file(self, self._settings, "另存有误的行", name, "Excel 工作簿 (*.xlsx)")
        if path:
            plan = self._plan
            self._desk.jobs.run(
                lambda _tick: save_bad_rows(path, plan.file.parsed.header, plan.outcomes, overwrite=True),
                lambda count: self.banner.say("good", f"已另存 {count} 行：{path}"),
                self._failed,
                label="另存有误的行",
            )

    def _select_first(self) -> None:
        """Begin with the first row that cannot be taken: it is what the person has to look at."""
        if self.pane.view.current_id() is None and self._plan.outcomes:
            bad = (outcome.row for outcome in self._plan.outcomes if outcome.status is Status.ERROR)
            self.pane.view.go_to(next(bad, self._plan.outcomes[0].row))

    def _show_why(self) -> None:
        """All that is said of the row the keyboard is on, which may be too long for its column."""
        said = [_why(one) for one in self._plan.outcomes if one.row == self.pane.view.current_id()]
        self.why.setText("\n".join(said))

    def _taken(self, count: int) -> None:
        left = not_taken_words(self._plan.outcomes)
        self.imported.emit(f"已导入 {count} {self._intake.unit}{self._intake.noun}。{left}")
        super().accept()

    def _failed(self, error: AppError) -> None:
        self.ok.setEnabled(True)
        self.banner.say("error", str(error))

    def _lay_out(self, above: QWidget | None) -> None:
        buttons = row(self.save, None, self.cancel, self.ok)
        top = (self.banner, self.said, above) if above else (self.banner, self.said)
        lay_out(self, _SIZE, self.pane, *top, self.pane, self.why, buttons)
