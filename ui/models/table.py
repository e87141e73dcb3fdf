"""The one table model: shows rows under declared columns, and knows nothing of what they mean."""

from collections.abc import Callable, Sequence
from functools import cmp_to_key
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCollator,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ui.models.column import RIGHT, Column, Kind, Sort, State
from ui.models.rows import HeldRows, Rows

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_ALIGNED = {
    True: int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
    False: int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
}
_PLAIN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_TICKABLE = _PLAIN | Qt.ItemFlag.ItemIsUserCheckable
_GONE = "（已删除）"


class TableModel(QAbstractTableModel):
    """Rows held in memory, or a window on long ones. With `checkable`, rows carry a tick kept by id; where
    `can_check(row)` is given, only those that it lets have one.
    """

    checked_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column],
        id_of: Callable[[Any], int] | None = None,
        checkable: bool = False,
        parent: QObject | None = None,
        can_check: Callable[[Any], bool] = lambda row: True,
    ) -> None:
        super().__init__(parent)
        self._can_check = can_check
        self.columns = tuple(columns)
        self.checkable = checkable
        self.checked: set[int] = set()
        self._id_of = id_of
        self._rows: Rows = HeldRows(())

    def show(self, rows: Sequence[Any]) -> None:
        """Show rows that are held in memory."""
        self.show_rows(HeldRows(rows, self._id_of))

    def show_rows(self, rows: Rows) -> None:
        """Show rows of either kind. Ticks of ids stay until `check_none`."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, place: int) -> Any:
        """The row at a place, or None when it is gone from the book meanwhile."""
        return self._rows[place]

    def id_at(self, place: int) -> int:
        """The id of the row at a place."""
        return self._rows.id_at(place)

    def place_of(self, id: int) -> int | None:
        """Where the row with this id is shown, or None."""
        return self._rows.place_of(id)

    def text(self, place: int, column: int) -> str:
        """What stands in a cell; the list's delegate asks this directly."""
        row = self._rows[place]
        if row is None:
            return "" if column else _GONE
        return self.columns[column].text(row)

    def tone(self, place: int, column: int) -> str:
        """The tone of a state, or empty for other kinds."""
        if self.columns[column].kind is not Kind.STATE or (row := self._rows[place]) is None:
            return ""
        state = self.columns[column].value(row)
        return state.tone if isinstance(state, State) else "soft"

    def tip(self, place: int, column: int) -> str:
        """What a tip says of a cell beyond its text."""
        tip, row = self.columns[column].tip, self._rows[place]
        return tip(row) if tip and row is not None else ""

    def can_check(self, place: int) -> bool:
        """Whether the row at a place may have a tick."""
        return self.checkable and (row := self._rows[place]) is not None and self._can_check(row)

    def toggle(self, place: int) -> None:
        """Tick or untick a row that may have a tick."""
        if not self.can_check(place):
            return
        self.checked ^= {self.id_at(place)}
        self.dataChanged.emit(self.index(place, 0), self.index(place, 0))
        self.checked_changed.emit()

    def check(self, ids: Sequence[int]) -> None:
        """Tick exactly these rows; none to untick all."""
        self.checked = set(ids)
        if len(self._rows):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))
        self.checked_changed.emit()

    def sort_held(self, sort: Sort) -> None:
        """Sort rows that are held in memory: numbers and dates by value, Chinese as a dictionary does."""
        rows = [self._rows[place] for place in range(len(self._rows))]
        self.show(sorted_rows(rows, self.columns, sort))

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place, column = index.row(), index.column()
        if role == _ROLE.DisplayRole:
            return self.text(place, column)
        if role == _ROLE.TextAlignmentRole:
            return _ALIGNED[self.columns[column].kind in RIGHT]
        if role == _ROLE.CheckStateRole and column == 0 and self.can_check(place):
            return Qt.CheckState.Checked if self.id_at(place) in self.checked else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = _ROLE.EditRole) -> bool:
        if role != _ROLE.CheckStateRole or not self.checkable or index.column():
            return False
        self.toggle(index.row())
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Asked for every cell of every frame: three answers, made once."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _TICKABLE if index.column() == 0 and self.can_check(index.row()) else _PLAIN

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == _ROLE.DisplayRole:
            return self.columns[section].title
        return _ALIGNED[self.columns[section].kind in RIGHT] if role == _ROLE.TextAlignmentRole else None


def sorted_rows(rows: Sequence[Any], columns: Sequence[Column], sort: Sort) -> list[Any]:
    """Rows in the order asked for; what is missing stands last, and equal rows keep their order."""
    by_key = {column.key: column for column in columns}
    ordered = list(rows)
    for key, descending in reversed(sort):
        column = by_key[key]
        present = [row for row in ordered if column.value(row) is not None]
        missing = [row for row in ordered if column.value(row) is None]
        ordered = sorted(present, key=_sort_key(column), reverse=descending) + missing
    return ordered


def _sort_key(column: Column) -> Callable[[Any], Any]:
    if column.kind in (Kind.TEXT, Kind.STATE):
        order = cmp_to_key(QCollator(QLocale("zh_CN")).compare)
        return lambda row: order(column.text(row))
    return column.value
