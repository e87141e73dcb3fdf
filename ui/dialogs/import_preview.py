"""Last step of importing a list: what would become of each row and why, and what a person decides about it."""

import re
from collections.abc import Callable, Sequence
from functools import partial
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
from ui.widgets.reasons import Reasons
from zjtx_desktop.usecases.imports import Plan
from zjtx_desktop.usecases.list_file import ParsedList
from zjtx_desktop.usecases.outcomes import UNCHANGED, Outcome, Status, is_missing, is_unchanged

_TONES = {
    Status.NEW: "good", Status.CHANGED: "info", Status.SAME: "soft",
    Status.DUPLICATE: "warn", Status.ERROR: "error", Status.NOT_OURS: "soft",
}  # fmt: skip


_FIRST = (Status.ERROR, Status.DUPLICATE, Status.CHANGED, Status.NEW, Status.SAME, Status.NOT_OURS)  # what has to be looked at
_ROW = re.compile("^(粘贴内容 )?第\\d+行 ?(?=“|第|[A-Z]+列)")
_NAMED = re.compile(r"^“(?:[^”]*(?:名称|全称)[^”]*|企业|单位|公司)”列：|^“([^”]*)”列：(?=\1)")  # as the sentence says by itself
_LINES = 5  # of the reasons of a row; the whole of them stand under the list for the one that is selected
_NOTES = 4  # lines of what is said of the whole list; the rest by scrolling
_TIPS = (
    "名单上的名称登记为现名，账簿原来的名称改记为曾用名",
    "就是账簿里的这家单位，账簿的名称不改，名单上的名称只记在这项认定上",
    "名单上的代码不是这家单位的：这一行不导入，可以另存，改正后再导入",
)


def _why(outcome: Outcome) -> str:
    said = "\n".join(outcome.messages)
    return f"工作表“{outcome.sheet}”：{said}" if outcome.sheet and said else said


def _said(outcome: Outcome) -> str:
    """The same beside the number of the row and the name."""
    said = " ".join(_NAMED.sub("", _ROW.sub("", message)) for message in outcome.messages)
    return f"〔{outcome.sheet}〕{said}" if outcome.sheet else said


_COLUMNS = (
    Column("row", "行", attrgetter("row"), Kind.NUMBER, letters=5),
    Column(
        "status",
        "状态",
        lambda outcome: State("更名？", "warn") if outcome.asked else State(outcome.status.label, _TONES[outcome.status]),
        Kind.STATE,
        letters=5,
    ),
    Column("name", "单位名称", attrgetter("name"), letters=10),
    Column("why", "原因和说明", _said, letters=16, tip=_why, lines=_LINES),
)


class Decides(Protocol):
    """What this step asks of the dialog. `verb` is what it calls taking the rows over."""

    verb: str

    def plan_again(self) -> None:
        """Compare anew with what was decided; `show_plan` follows."""
        ...

    def read_again(self) -> None:
        """Read the rows anew with the proposals taken, or not; `show_plan` follows."""
        ...

    def save_bad_rows(self) -> None:
        """Ask for a file and write the rows that cannot be taken."""
        ...

    def take_over(self, go_on: Callable[[], None]) -> None:
        """Write every good row, then go on."""
        ...


class PreviewStep(Step):
    """Rows with their status and a tick where they are to be taken; only what is new or changed can be.

    Rows of a known code under another name are asked about: `renamed`, `kept` under the name in the book, or `wrong`. `left_out` are the rows, by their ids,
    that the person does not want; `accepted` says whether what is proposed for single cells is taken.
    """

    title = "预览并导入"

    def __init__(self, owner: Decides, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self._owner = owner
        self.outcomes: Sequence[Outcome] = ()
        self.renamed: set[int] = set()
        self.kept: set[int] = set()
        self.wrong: set[int] = set()
        self.left_out: set[int] = set()
        self.accepted = False
        source = HeldSource(_COLUMNS, self._by_need, attrgetter("id"), ("status",))
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
            checkable=True,
            can_check=attrgetter("can_be_taken"),
        )
        self.counted, self.notes = label(wraps=True), Reasons(_NOTES, "soft")
        self.why = Reasons()
        self.rename = _button("更名", "edit", partial(self._decide, self.renamed))
        self.keep = _button("同一单位", "check", partial(self._decide, self.kept))
        self.refuse = _button("错码", "close", partial(self._decide, self.wrong))
        for button, tip in zip(self._naming_buttons(), _TIPS, strict=True):
            button.setCheckable(True)
            button.setToolTip(tip)
        self.leave = _button("不导入", "close", self._leave)
        self.accept = _button("", "check", self._accept)
        self.accept.setToolTip("代码里的字母与数字之误、名称与代码写在一格等，按建议读取；每一处都写在该行的说明里")
        self.save = _button("另存没有导入的行…", "save", owner.save_bad_rows)
        self.pane.selection_changed.connect(self._show_selected)
        self.pane.view.menu_filler = self._fill_menu
        self.pane.model.checked_changed.connect(self._tell_ticks)
        self._lay_out()

    def show_plan(self, parsed: ParsedList, plan: Plan) -> None:
        """Show what was found."""
        self.outcomes, self._taken = plan.outcomes, plan.taken
        counted = "，".join(f"{status.label} {n}" for status in Status if (n := plan.count(status)))
        unticked = sum(outcome.left_out for outcome in self.outcomes)
        said = f"其中取消勾选 {unticked} 行。" if unticked else ""
        asked = sum(outcome.asked for outcome in self.outcomes)
        said += f"有 {asked} 行要答“更名？”。" if asked else ""
        self.counted.setText(f"共 {len(plan.outcomes)} 行：{counted}。{said}")
        self.notes.setText("\n".join(parsed.notes))
        is_named = any(map(self._is_named, self.outcomes))
        for button in self._naming_buttons():
            button.setVisible(is_named)
        self.accept.setText("不采纳建议" if self.accepted else f"采纳建议 {parsed.fixes} 处")
        self.accept.setVisible(self.accepted or bool(parsed.fixes))
        self.save.setVisible(any(map(is_missing, self.outcomes)))
        self.next_text = f"{self._owner.verb} {self._taken} 行" if self._taken else self._owner.verb
        self._show_ticks()
        self.pane.refresh()
        self._show_selected()
        self.changed.emit()

    def decided(self) -> dict[str, frozenset[int]]:
        """What was decided about rows, as a Plan takes it."""
        names = ("renamed", "kept", "wrong", "left_out")
        return {name: frozenset(getattr(self, name)) for name in names}

    def start_over(self) -> None:
        """Forget what was decided about the rows of another file."""
        for decided in (self.renamed, self.kept, self.wrong):
            decided.clear()
        self.left_out, self.accepted = set(), False

    def problem(self) -> str:
        if not self.outcomes or self._taken:
            return ""
        if is_unchanged(self.outcomes):
            return f"{UNCHANGED}不用导入，可以关闭。"
        return "没有要导入的行。请勾选要导入的行；有误的，请看原因，改正后再导入。"

    def proceed(self, go_on: Callable[[], None]) -> None:
        self._owner.take_over(go_on)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (*self._naming_buttons(), self.leave, self.accept):
            buttons.addWidget(button)
        buttons.addWidget(self.pane.totals, 1)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self.counted)
        layout.addWidget(self.notes)
        layout.addWidget(self.pane, 1)
        layout.addWidget(self.why)
        layout.addLayout(buttons)

    def _by_need(self) -> list[Outcome]:
        return sorted(self.outcomes, key=lambda outcome: (not outcome.asked, _FIRST.index(outcome.status)))

    def _selected(self) -> list[Outcome]:
        return [self.pane.model.row(place) for place in self.pane.view.selected_places()]

    def _show_selected(self) -> None:
        """The whole reason of one row, and what can be decided about those selected."""
        chosen = self._selected()
        self.why.setText(_why(chosen[0]) if len(chosen) == 1 else "")
        named = [one.id for one in chosen if self._is_named(one)]
        for button, decided in zip(self._naming_buttons(), (self.renamed, self.kept, self.wrong), strict=True):
            button.setEnabled(bool(named))
            button.setChecked(bool(named) and decided.issuperset(named))
        able = [one for one in chosen if one.can_be_taken]
        self.leave.setText("导入" if able and all(one.left_out for one in able) else "不导入")
        self.leave.setEnabled(bool(able))

    def _naming_buttons(self) -> tuple[QPushButton, ...]:
        return self.rename, self.keep, self.refuse

    def _is_named(self, outcome: Outcome) -> bool:
        """Whether the row has a known code under another name: it is asked about, or was decided on."""
        return bool(outcome.known_as) or any(outcome.id in one for one in (self.renamed, self.kept, self.wrong))

    def _decide(self, decided: set[int]) -> None:
        """Decide on the selected rows, or take that back where it was so decided for all of them."""
        able = {one.id for one in self._selected() if self._is_named(one)}
        takes_back = able <= decided
        for one in (self.renamed, self.kept, self.wrong):
            one -= able
        if not takes_back:
            decided |= able
        self._owner.plan_again()

    def _accept(self) -> None:
        self.accepted = not self.accepted
        self._owner.read_again()

    def _leave(self) -> None:
        rows, model = {one.id for one in self._selected() if one.can_be_taken}, self.pane.model
        model.check(list(model.checked | rows if rows <= self.left_out else model.checked - rows))

    def _show_ticks(self) -> None:
        """Tick what would be taken, without taking that for what a person ticked."""
        self.pane.model.blockSignals(True)
        self.pane.model.check([one.id for one in self.outcomes if one.taken])
        self.pane.model.blockSignals(False)

    def _tell_ticks(self) -> None:
        """Leave out what the person unticked; what repeats such a row does not step in its place by itself."""
        ticked = self.pane.model.checked
        unticked = {one.id for one in self.outcomes if one.can_be_taken} - ticked
        if unticked == {one.id for one in self.outcomes if one.left_out}:
            return
        twins = {one.id for one in self.outcomes if one.twin in unticked}
        self.left_out = (self.left_out | unticked | twins) - ticked
        self._owner.plan_again()

    def _fill_menu(self, menu: QMenu) -> None:
        for button in (*self._naming_buttons(), self.leave):
            menu.addAction(button.text(), button.click).setEnabled(button.isEnabled())


def _button(text: str, icon: str, run: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    icons.dress(button, icon)
    button.clicked.connect(lambda: run())
    return button
