"""What waits to be done, a line each that can be clicked."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.widgets.labels import IconLabel, label
from zjtx_desktop.usecases.overview import Todo

_EMPTY = "账簿还是空的。第一步：到“认定”页导入公布的名单，或者到“企业”页逐家登记。"
_DONE = "没有等待办理的事项。"


class TodoList(QWidget):
    """Shows Todos; `chosen` carries the one that was clicked."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[QWidget] = []
        self._nothing = label(_DONE, wraps=True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addWidget(self._nothing)

    def show_todos(self, todos: Sequence[Todo], is_empty: bool) -> None:
        """Show these; an empty book is told the first step instead."""
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = [self._row(todo) for todo in todos]
        for row in self._rows:
            self._layout.addWidget(row)
        self._nothing.setText(_EMPTY if is_empty else _DONE)
        self._nothing.setVisible(not todos)

    def _row(self, todo: Todo) -> QWidget:
        row, button = QWidget(), QPushButton(todo.sentence)
        button.setProperty("role", "link")
        button.setToolTip("到这一页办理")
        button.clicked.connect(partial(self.chosen.emit, todo))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(
            IconLabel("warning" if todo.urgent else "chevron-right", "warn" if todo.urgent else "soft")
        )
        layout.addWidget(button)
        layout.addStretch()
        return row
