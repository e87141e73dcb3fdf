"""Second step of importing a list: which sheet, and what each of its columns is taken for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.steps_dialog import Step
from ui.layouts import Layouts
from ui.settings import Settings
from ui.widgets.fields import ChoiceEdit
from ui.widgets.labels import ElidedLabel, label
from zjtx_desktop.usecases.list_file import Field, ListColumn, ListFile

_HEADS = ("列", "表头", "内容举例", "用作")
_BY_HEADER = "程序按表头认出了下面各列。认得不对的，在右边改过来；用不着的选“（不用）”。"
_BY_VALUES = "粘贴的内容没有表头，程序按内容猜了各列。请逐列核对，在右边改过来；用不着的选“（不用）”。"
_NO_HEADER = "没有认出表头。请在右边指明各列，至少要有“企业名称”；没有表头的，每一行都作为名单导入。"
_LETTERS = 13  # of the widest meaning of a column


class HasFile(Protocol):
    """What this step asks of the dialog: the file, and to read others of its sheets."""

    file: ListFile

    def read_sheets(self, sheets: Sequence[str]) -> None:
        """Read these sheets, the first to be looked at here; `enter` follows."""
        ...

    def columns_told(self) -> None:
        """The columns are told; what stands around the list may be looked at by them."""
        ...


class ColumnTable(QWidget):
    """A line for each column of the sheet with the choice of what it is taken for."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._columns: Sequence[ListColumn] = ()
        self.choices: list[ChoiceEdit] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2, 0, 10, 8)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(5)
        for place, stretch in ((1, 3), (2, 4)):
            self._grid.setColumnStretch(place, stretch)

    def show_columns(self, columns: Sequence[ListColumn]) -> None:
        """Show the columns as found."""
        while (item := self._grid.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._columns, self.choices = columns, []
        for place, head in enumerate(_HEADS):
            self._grid.addWidget(label(head, "small"), 0, place)
        fields = [(field, field.label) for field in Field]
        for row, column in enumerate(columns, start=1):
            choice = ChoiceEdit(fields, blank="（不用）")
            choice.setMinimumWidth(self.fontMetrics().horizontalAdvance("国") * _LETTERS)
            choice.setAccessibleName(f"{column.letter} 列用作")
            choice.set_value(column.field)
            choice.changed.connect(self.changed)
            self.choices.append(choice)
            shown = (
                label(column.letter),
                ElidedLabel(column.label or "（没有表头）"),
                ElidedLabel("、".join(column.samples), "soft"),
                choice,
            )
            for place, widget in enumerate(shown):
                self._grid.addWidget(widget, row, place)
        self._grid.setRowStretch(len(columns) + 1, 1)

    def choose(self, meant: Mapping[int, tuple[str, Field | None]]) -> tuple[str, ...]:
        """Choose for columns by their numbers, each with its heading; what that changed, in words."""
        told = []
        for choice, column in zip(self.choices, self._columns, strict=True):
            heading, field = meant.get(column.number, ("", column.field))
            if choice.value() != field:
                told.append(f"“{' '.join(heading.split())}”{f'用作{field.label}' if field else '不用'}")
                choice.set_value(field)
        return tuple(told)

    def columns(self) -> Mapping[str, int]:
        """What was chosen, whole: a field that no column holds is 0."""
        chosen = {field.value: 0 for field in Field}
        return chosen | {choice.value().value: column.number for choice, column in self._chosen()}

    def as_found(self) -> bool:
        """Whether nothing was changed."""
        return all(
            choice.value() == column.field for choice, column in zip(self.choices, self._columns, strict=True)
        )

    def problem(self) -> str:
        """Why one cannot go on like this."""
        fields = [choice.value() for choice, _ in self._chosen()]
        if Field.NAME not in fields:
            return f"请指明哪一列是“{Field.NAME.label}”。"
        twice = next((field for field in fields if fields.count(field) > 1), None)
        return f"有两列都用作“{twice.label}”，请只留一列。" if twice else ""

    def _chosen(self) -> list[tuple[ChoiceEdit, ListColumn]]:
        pairs = zip(self.choices, self._columns, strict=True)
        return [(choice, column) for choice, column in pairs if choice.value() is not None]


class ColumnsStep(Step):
    """`columns()` is what was chosen, None when all is as found.

    What a person chose is remembered for lists with the same headings, and proposed for the next such list.
    """

    title = "核对各列"

    def __init__(self, owner: HasFile, settings: Settings) -> None:
        super().__init__()
        self._owner, self._layouts = owner, Layouts(settings)
        self._shown: ListFile | None = None
        self.sheet, self.table = ChoiceEdit(), ColumnTable()
        self.sheet.setAccessibleName("工作表")
        self.sheet.changed.connect(self._other_sheet)
        self.table.changed.connect(self.changed)
        self.others, self._menu = QPushButton(), QMenu(self)
        self.others.setAutoDefault(False)
        self.others.setMenu(self._menu)
        self.hint, self._sheets = label(role="soft", wraps=True), QWidget()
        self.told, self.forget = label("", "info", wraps=True), QPushButton("忘掉这些选择", autoDefault=False)
        self.forget.setToolTip("按程序认出的填写；以后遇到同样的表头也不再按这次的填")
        self.forget.clicked.connect(self._forget)
        self._told = QWidget()
        beside = QHBoxLayout(self._told)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.told, 1)
        beside.addWidget(self.forget)
        top = QHBoxLayout(self._sheets)
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(label("工作表"))
        top.addWidget(self.sheet, 1)
        top.addWidget(self.others, 1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.hint)
        layout.addWidget(self._told)
        layout.addWidget(self._sheets)
        layout.addWidget(scroll, 1)

    def enter(self) -> None:
        file = self._owner.file
        if file is self._shown:
            return
        self._shown = file
        self.sheet.blockSignals(True)
        self.sheet.offer([(name, _called(file, name)) for name in file.table.sheets])
        self.sheet.set_value(file.table.sheet)
        self.sheet.blockSignals(False)
        self._sheets.setVisible(not file.table.pasted)
        self._offer_others(file)
        hint = _BY_HEADER if file.has_header() else _BY_VALUES if file.table.pasted else _NO_HEADER
        self.hint.setText(f"{hint}{_hidden_words(file)}")
        self._propose(file)
        self.changed.emit()

    def problem(self) -> str:
        return self.table.problem() if self._shown else ""

    def columns(self) -> Mapping[str, int] | None:
        """What was chosen, None when all is as found."""
        return None if self.table.as_found() else self.table.columns()

    def proceed(self, go_on: Callable[[], None]) -> None:
        """Remember what was chosen, or that nothing is to be any more."""
        if self.table.as_found():
            self._layouts.forget(self._owner.file)
        else:
            self._layouts.remember(self._owner.file, self.table.columns())
        self._owner.columns_told()
        go_on()

    def _propose(self, file: ListFile) -> None:
        """Choose as for the last list with these headings, and say so."""
        meant = self._layouts.proposed(file)
        self.table.show_columns([replace(one, label=meant[one.number][0]) if one.number in meant else one for one in file.columns()])
        told = self.table.choose(meant)
        if told:
            self.told.setText(f"表头与以前核对过的一份名单相同，已按那次的选择填好：{'，'.join(told)}。请核对。")
        self._told.setVisible(bool(told))
        self.hint.setVisible(not told or file.has_header())

    def _forget(self) -> None:
        file = self._owner.file
        self._layouts.forget(file)
        self.table.show_columns(file.columns())
        self._told.hide()
        self.hint.show()
        self.changed.emit()

    def _other_sheet(self) -> None:
        self._owner.read_sheets([self.sheet.value()])

    def show_ticks(self) -> None:
        """Tick the sheets that were read, after one that was ticked could not be."""
        if self._shown:
            self._offer_others(self._shown)

    def _offer_others(self, file: ListFile) -> None:
        """A tick for each of the other sheets, to be taken in the same action."""
        self._menu.clear()
        taken = [table.sheet for table in file.more]
        for name in file.table.sheets:
            if name != file.table.sheet:
                tick = self._menu.addAction(_called(file, name))
                tick.setData(name)
                tick.setCheckable(True)
                tick.setChecked(name in taken)
                tick.triggered.connect(self._tick_others)
        self.others.setText(f"一并导入：{'、'.join(taken)}" if taken else "一并导入其他工作表")
        self.others.setVisible(len(file.table.sheets) > 1)

    def _tick_others(self) -> None:
        ticked = [tick.data() for tick in self._menu.actions() if tick.isChecked()]
        self._owner.read_sheets([self.sheet.value(), *ticked])


def _called(file: ListFile, sheet: str) -> str:
    return f"{sheet}（隐藏）" if sheet in file.table.hidden else sheet


def _hidden_words(file: ListFile) -> str:
    """Which sheets a person who opens the file does not see, and that none of them is taken unasked."""
    if not (names := "、".join(f"“{name}”" for name in file.table.hidden)):
        return ""
    return f"\n工作表{names}是隐藏的，没有勾上；确要导入的，请自己选。"
