"""修改记录: who changed what, from what to what, when; of one record, or of the whole book."""

from collections.abc import Sequence
from operator import attrgetter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from ui.dialogs.frame import fit
from ui.models.column import Column
from ui.models.table import TableModel
from ui.open_book import OpenBook
from ui.settings import Settings
from ui.widgets.detail_panel import Detail, DetailPanel, Line, Section
from ui.widgets.labels import label
from ui.widgets.list_view import ListView
from zjtx_desktop.usecases.record_history import (
    ActionLine,
    FieldChange,
    RecordState,
    actions,
    changes_of_action,
    history_of,
    state_after,
)

_SIZE = (1080, 620)


def _minute(line: ActionLine | FieldChange) -> str:
    return f"{line.at:%Y-%m-%d %H:%M}"


_WHEN = Column("at", "时间", _minute, letters=9)
_WHO = Column("by", "操作人", attrgetter("by_name"), letters=5)
_FIELDS = (
    Column("field", "项目", attrgetter("field"), letters=8),
    Column("old", "原来", attrgetter("old"), letters=9, tip=attrgetter("old")),
    Column("new", "改为", attrgetter("new"), letters=12, tip=attrgetter("new")),
)
_RECORD = Column("record", "记录", attrgetter("record"), letters=12, tip=attrgetter("record"))
_ACTION = Column("action", "操作", attrgetter("action"), letters=14, tip=attrgetter("action"))
ACTIONS = (_WHEN, _WHO, Column("title", "操作", attrgetter("title"), letters=22, tip=attrgetter("title")))


class HistoryDialog(QDialog):
    """Without `record` the book's actions stand on top, and below them what the selected one changed.

    The foot shows the selected change in full over the whole width, for what is too long for a column.

    `record` is (table, id) as in `storage.field_labels`, `title` what it is called.
    """

    help_id = "history"

    def __init__(
        self,
        desk: OpenBook,
        settings: Settings,
        record: tuple[str, int] | None = None,
        title: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"修改记录：{title}" if title else "修改记录")
        self._desk, self._record, self._wanted = desk, record, 0
        self.actions, self.actions_view = _list(ACTIONS, settings, "history-actions", "操作")
        own = (_WHEN, _WHO, *_FIELDS, _ACTION) if record else (_RECORD, *_FIELDS)
        self.changes, self.changes_view = _list(
            own, settings, "history-record" if record else "history-changes", "改动"
        )
        self.said, self.detail = label(role="soft", wraps=True), DetailPanel()
        self._lay_out()
        self.actions_view.selection_changed.connect(self._show_action)
        self.changes_view.selection_changed.connect(self._show_state)
        self.refresh()

    def refresh(self) -> None:
        """Ask anew."""
        record = self._record
        if record is None:
            self._desk.ask(actions, self._show_actions)
        else:
            self._desk.ask(lambda session: history_of(session, *record), self._show_changes)

    def _lay_out(self) -> None:
        parts, close = QSplitter(Qt.Orientation.Vertical), QPushButton("关闭", autoDefault=False)
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(8)
        if self._record is None:
            parts.addWidget(self.actions_view)
        for widget in (self.changes_view, self.detail):
            parts.addWidget(widget)
        parts.setSizes([1] * parts.count())
        foot = QHBoxLayout()
        foot.addWidget(self.said, 1)
        foot.addWidget(close)
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.addWidget(parts, 1)
        layout.addLayout(foot)
        fit(self, _SIZE)

    def _show_actions(self, lines: Sequence[ActionLine]) -> None:
        self.actions.show(lines)
        self.said.setText(f"最近 {len(lines):,} 次操作，新的在上面。选中一次操作，下面是它改动的内容。")
        if lines:
            self.actions_view.selectRow(0)

    def _show_action(self) -> None:
        index = self.actions_view.currentIndex()
        if index.isValid():
            action_id = self.actions.row(index.row()).id
            self._desk.ask(lambda session: changes_of_action(session, action_id), self._show_changes)

    def _show_changes(self, lines: Sequence[FieldChange]) -> None:
        self.changes.show(lines)
        if self._record is not None:
            self.said.setText(f"共 {len(lines):,} 处改动，新的在上面。" if lines else "这条记录没有改动过。")
        if lines:
            self.changes_view.selectRow(0)
        else:
            self.detail.show_detail(self._action_alone())

    def _action_alone(self) -> Detail | None:
        """An action without fields to list, such as a restore, in full."""
        index = self.actions_view.currentIndex()
        if not index.isValid():
            return None
        line: ActionLine = self.actions.row(index.row())
        return Detail(line.title, (Section("", (Line("时间", _minute(line)), Line("操作人", line.by_name))),))

    def _show_state(self) -> None:
        index = self.changes_view.currentIndex()
        if not index.isValid():
            return
        line: FieldChange = self.changes.row(index.row())
        self._wanted = line.change_id
        self._desk.ask(lambda session: (line, state_after(session, line.change_id)), self._show_detail)

    def _show_detail(self, found: tuple[FieldChange, RecordState]) -> None:
        line, state = found
        if line.change_id != self._wanted:
            return
        changed = Section(
            "这次改动",
            (Line(line.field, f"{line.old or '（空）'} → {line.new or '（空）'}"), Line("操作", line.action)),
        )
        fields = [Line(name, text) for name, text in state.fields] or ["这次操作删除了这条记录。"]
        self.detail.show_detail(
            Detail(line.record, (changed, Section(f"{_minute(line)} 改动后的样子", fields)))
        )


def _list(
    columns: tuple[Column, ...], settings: Settings, name: str, title: str
) -> tuple[TableModel, ListView]:
    model = TableModel(columns)
    view = ListView(model, settings, name)
    model.setParent(view)
    view.setAccessibleName(title)
    view.sort_changed.connect(model.sort_held)
    return model, view
