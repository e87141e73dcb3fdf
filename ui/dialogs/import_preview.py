"""Last step of importing a list: what would become of each row and why, and what a person decides about it."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Protocol

from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout

from ui import icons
from ui.dialogs.steps_dialog import Step
from ui.jobs import Jobs
from ui.models.column import Column, Kind, State
from ui.models.source import HeldSource
from ui.settings import Settings
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import label
from ui.widgets.list_pane import ListPane
from zjtx_desktop.usecases.imports import Outcome, Plan, Status
from zjtx_desktop.usecases.list_file import ParsedList

_TONES = {
    Status.NEW: "good", Status.CHANGED: "info", Status.SAME: "soft",
    Status.DUPLICATE: "warn", Status.ERROR: "error", Status.SKIPPED: "soft",
}  # fmt: skip
_TAKEN = (Status.NEW, Status.CHANGED)


def _why(outcome: Outcome) -> str:
    return "".join(outcome.messages)


_COLUMNS = (
    Column("row", "行", attrgetter("row"), Kind.NUMBER, letters=3),
    Column(
        "status",
        "状态",
        lambda outcome: State(outcome.status.label, _TONES[outcome.status]),
        Kind.STATE,
        letters=5,
    ),
    Column("name", "单位名称", attrgetter("name"), letters=14),
    Column("why", "原因和说明", _why, letters=26, tip=_why),
)


class Decides(Protocol):
    """What this step asks of the dialog."""

    def plan_again(self) -> None:
        """Compare anew with what was decided; `show_plan` follows."""
        ...

    def save_bad_rows(self) -> None:
        """Ask for a file and write the rows that cannot be taken."""
        ...

    def take_over(self, go_on: Callable[[], None]) -> None:
        """Write every good row, then go on."""
        ...


class PreviewStep(Step):
    """Rows with their status; those of a known code under another name can be taken as renamed, any can be skipped."""

    title = "预览并导入"

    def __init__(self, owner: Decides, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self._owner = owner
        self.outcomes: Sequence[Outcome] = ()
        self.renamed: set[int] = set()
        self.skipped: set[int] = set()
        source = HeldSource(_COLUMNS, lambda: self.outcomes, attrgetter("row"), ("status",))
        empty = EmptyState("import", "名单是空的")
        self.pane = ListPane(
            _COLUMNS,
            source,
            jobs,
            settings,
            "import-preview",
            "查找名称、原因",
            empty,
            ("status",),
            unit="行",
        )
        self.counted, self.notes, self.why = (
            label(wraps=True),
            label(role="soft", wraps=True),
            label(wraps=True),
        )
        self.more = _button("", "info", self._toggle_notes)
        self.more.setProperty("role", "link")
        self.rename = _button("按更名处理", "check", self._rename)
        self.skip = _button("跳过", "close", self._skip)
        self.save = _button("另存有误的行…", "save", owner.save_bad_rows)
        self.pane.selection_changed.connect(self._show_selected)
        self.pane.view.menu_filler = self._fill_menu
        self._lay_out()

    def show_plan(self, parsed: ParsedList, plan: Plan) -> None:
        """Show what was found."""
        self.outcomes = plan.outcomes
        counted = "，".join(f"{status.label} {n}" for status in Status if (n := plan.count(status)))
        self.counted.setText(f"共 {len(plan.outcomes)} 行：{counted}。")
        self.notes.setText("\n".join(parsed.notes))
        self.notes.hide()
        self.more.setText(f"对整份名单的 {len(parsed.notes)} 条说明")
        self.more.setVisible(bool(parsed.notes))
        self.save.setVisible(bool(plan.count(Status.ERROR)))
        self._taken = sum(plan.count(status) for status in _TAKEN)
        self.next_text = f"导入 {self._taken} 行" if self._taken else "导入"
        self.pane.refresh()
        self._show_selected()
        self.changed.emit()

    def start_over(self) -> None:
        """Forget what was decided about the rows of another file."""
        self.renamed, self.skipped = set(), set()

    def problem(self) -> str:
        return (
            ""
            if not self.outcomes or self._taken
            else "没有可以导入的行。请看每一行的原因，或另存有误的行改正后再导入。"
        )

    def proceed(self, go_on: Callable[[], None]) -> None:
        self._owner.take_over(go_on)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.rename, self.skip):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.addWidget(self.counted, 1)
        top.addWidget(self.more)
        layout.addLayout(top)
        layout.addWidget(self.notes)
        layout.addWidget(self.pane, 1)
        layout.addWidget(self.why)
        layout.addLayout(buttons)

    def _toggle_notes(self) -> None:
        self.notes.setVisible(self.notes.isHidden())

    def _selected(self) -> list[Outcome]:
        return [self.pane.model.row(place) for place in self.pane.view.selected_places()]

    def _show_selected(self) -> None:
        """The whole reason of one row, and what can be decided about those selected."""
        chosen = self._selected()
        self.why.setText(_why(chosen[0]) if len(chosen) == 1 else "")
        undo = bool(chosen) and all(one.row in self.renamed for one in chosen)
        self.rename.setText("不按更名处理" if undo else "按更名处理")
        self.rename.setEnabled(undo or any(one.known_as for one in chosen))
        self.skip.setText("不跳过" if chosen and all(one.row in self.skipped for one in chosen) else "跳过")
        self.skip.setEnabled(bool(chosen))
        self.rename.setToolTip("名单上的名称登记为现名，账簿原来的名称改记为曾用名")

    def _rename(self) -> None:
        able = {one.row for one in self._selected() if one.known_as or one.row in self.renamed}
        self.renamed = self.renamed - able if able <= self.renamed else self.renamed | able
        self._owner.plan_again()

    def _skip(self) -> None:
        rows = {one.row for one in self._selected()}
        self.skipped = self.skipped - rows if rows <= self.skipped else self.skipped | rows
        self._owner.plan_again()

    def _fill_menu(self, menu: QMenu) -> None:
        for button in (self.rename, self.skip):
            menu.addAction(button.text(), button.click).setEnabled(button.isEnabled())


def _button(text: str, icon: str, run: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    icons.dress(button, icon)
    button.clicked.connect(lambda: run())
    return button
