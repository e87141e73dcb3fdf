"""名单与账簿对照: a published list beside the book, both ways; nothing is written."""

from collections.abc import Callable
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui import icons
from ui.dialogs.files import ask_file
from ui.dialogs.frame import row
from ui.dialogs.list_steps import HandedList, ListSteps
from ui.dialogs.steps_dialog import Step
from ui.jobs import Jobs, Tick
from ui.models.column import Column, Kind, State
from ui.models.source import HeldSource
from ui.open_book import OpenBook
from ui.settings import Settings
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import label
from ui.widgets.list_pane import ListPane
from ui.widgets.reasons import Reasons
from zjtx_desktop.usecases.comparing import Compared, Comparison, Finding, compare, save_comparison
from zjtx_desktop.usecases.list_file import ParsedList

_HINTS = (
    "选省里、部里公布的名单，或县里自己的名单，与账簿对照：名单上有而账簿没有登记的，账簿有而名单上没有的，两边都有而内容不同的。",
    "账簿里与之对照的，是同一称号、同一级别、同一批次（没有批次的，同一年度）的认定。全表填写了所属地区的，只对照那个县（市、区）的单位。",
    "对照不改动账簿。账簿没有的各行，看过以后可以转去导入。",
)
_TONES = {
    Finding.MISSING: "error", Finding.UNLISTED: "warn", Finding.DIFFERENT: "info", Finding.DOUBTFUL: "warn",
    Finding.UNREAD: "error", Finding.REPEATED: "warn", Finding.ALIKE: "good", Finding.NOT_OURS: "soft",
}  # fmt: skip
_NOTES_SHOWN = 3  # notes that stand there unasked
_FILTERS = ("finding", "division", "title")
_COLUMNS = (
    Column("row", "行", lambda one: one.row or None, Kind.NUMBER, letters=3),
    Column("finding", "结论", lambda one: State(one.finding.label, _TONES[one.finding]), Kind.STATE, letters=6),
    Column("name", "单位名称", attrgetter("name"), letters=12),
    Column("why", "说明", attrgetter("why"), letters=15),
    Column("division", "所属地区", attrgetter("division"), letters=5),
    Column("title", "称号", attrgetter("title"), letters=8),
    Column("kind", "类型", attrgetter("kind"), letters=4),
    Column("batch", "批次", attrgetter("batch"), letters=4),
    Column("credit_code", "统一社会信用代码", attrgetter("credit_code"), Kind.CODE, letters=11, hidden=True),
    Column("in_book", "账簿中的名称", attrgetter("in_book"), letters=12, hidden=True),
)


class Compares(Protocol):
    """What the last step asks of the dialog."""

    def save_comparison(self) -> None:
        """Ask for a file and write what was found."""
        ...

    def go_to(self, found: Compared) -> None:
        """Show what the book has of it."""
        ...

    def hand_over(self, go_on: Callable[[], None]) -> None:
        """Hand what the book lacks to the import."""
        ...


class FoundStep(Step):
    """What was found; going on hands the rows that the book lacks to the import."""

    title = "对照结果"

    def __init__(self, owner: Compares, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self._owner = owner
        self.found = Comparison((), ())
        source = HeldSource(_COLUMNS, lambda: self.found.rows, attrgetter("id"), _FILTERS)
        empty = EmptyState("checklist", "名单和账簿里都没有可对照的")
        self.pane = ListPane(_COLUMNS, source, jobs, settings, "compare", "查找单位、说明", empty, _FILTERS, unit="行")
        self.counted, self.notes, self.why = label(wraps=True), label(role="soft", wraps=True), Reasons()
        self.more = QPushButton(autoDefault=False)
        self.more.setProperty("role", "link")
        self.more.clicked.connect(lambda: self.notes.setVisible(self.notes.isHidden()))
        self.save, self.go = QPushButton("导出对照结果…", autoDefault=False), QPushButton("转到账簿中的这一条", autoDefault=False)
        icons.dress(self.save, "export")
        icons.dress(self.go, "chevron-right")
        self.save.clicked.connect(owner.save_comparison)
        self.go.clicked.connect(self._go)
        self.pane.view.opened.connect(self._go)
        self.pane.selection_changed.connect(self._show_selected)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        top = row(self.counted, self.more)
        top.setStretch(0, 1)
        layout.addLayout(top)
        layout.addWidget(self.notes)
        layout.addWidget(self.pane, 1)
        layout.addWidget(self.why)
        layout.addLayout(row(self.go, None, self.save))

    def show_found(self, found: Comparison, parsed: ParsedList) -> None:
        """Show what was found."""
        self.found = found
        counted = "，".join(f"{one.label} {n}" for one in Finding if (n := found.count(one)))
        self.counted.setText(f"{counted}。" if counted else "")
        notes = (*found.notes, *parsed.notes)
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(len(notes) <= _NOTES_SHOWN)
        self.more.setText(f"对照范围和 {len(notes)} 条说明")
        self.more.setVisible(len(notes) > _NOTES_SHOWN)
        missing = found.count(Finding.MISSING)
        self.next_text = f"把账簿没有的 {missing} 行转去导入…" if missing else "转去导入…"
        self.pane.refresh()
        self._show_selected()
        self.changed.emit()

    def problem(self) -> str:
        return "" if self.found.count(Finding.MISSING) else "名单上各行账簿里都有，没有要导入的。"

    def proceed(self, go_on: Callable[[], None]) -> None:
        self._owner.hand_over(go_on)

    def _selected(self) -> Compared | None:
        places = self.pane.view.selected_places()
        return self.pane.model.row(places[0]) if len(places) == 1 else None

    def _show_selected(self) -> None:
        one = self._selected()
        self.why.setText(one.why if one else "")
        self.go.setEnabled(one is not None and (one.recognition or one.organisation) is not None)

    def _go(self, *_index: object) -> None:
        if (one := self._selected()) and self.go.isEnabled():
            self._owner.go_to(one)


class CompareDialog(ListSteps):
    """`handed` carries the list whose missing rows are to be imported, `wanted` what was found of the one to be shown."""

    help_id = "recognitions"
    handed = Signal(object)
    wanted = Signal(object)

    def __init__(self, desk: OpenBook, settings: Settings, parent: QWidget | None = None) -> None:
        self._desk, self._settings = desk, settings
        self.result_step = FoundStep(self, desk.jobs, settings)
        super().__init__(desk.jobs, settings, "名单与账簿对照", self.result_step, _HINTS, None, parent)

    def plan(self, go_on: Callable[[], None]) -> None:
        """Read the rows as the steps say and put them beside the book."""
        defaults, columns, answers = self.given.defaults(), self.columns.columns(), self.given.answers()

        def work(tick: Tick) -> tuple[ParsedList, Comparison | None]:
            parsed = self.file.parse(defaults, date.today(), columns, answers)
            if parsed.questions:
                return parsed, None
            with self._desk.book.reading() as session:
                return parsed, compare(session, parsed, defaults.division, tick)

        def done(found: tuple[ParsedList, Comparison | None]) -> None:
            parsed, comparison = found
            if comparison is None:
                self.given.ask(parsed.questions)
                return
            self.result_step.show_found(comparison, parsed)
            go_on()

        self._work("正在与账簿对照…", work, done)

    def save_comparison(self) -> None:
        """Ask for a file and write what was found."""
        name = f"{Path(self.file.name).stem}（与账簿对照）.xlsx"
        path = ask_file(self, self._settings, "导出对照结果", name, "Excel 工作簿 (*.xlsx)")
        if path:
            self.write(path)

    def write(self, path: Path) -> None:
        """Write what was found as a workbook."""
        found, name = self.result_step.found, self.file.name
        self._work(
            "正在写对照结果…",
            lambda _tick: save_comparison(path, found, name, date.today()),
            lambda _nothing: self.banner.say("good", f"对照结果已写入：{path}"),
        )

    def go_to(self, found: Compared) -> None:
        """Leave the comparison for what the book has."""
        self.wanted.emit(found)
        self.accept()

    def hand_over(self, go_on: Callable[[], None]) -> None:
        """Leave the comparison for the import, which leaves out what the book has."""
        found = self.result_step.found
        others = frozenset(one.key for one in found.rows if one.key) - found.keys(Finding.MISSING)
        go_on()
        self.handed.emit(HandedList(self.file, self.path, self.given.form.values(), self.columns.columns(), others))
