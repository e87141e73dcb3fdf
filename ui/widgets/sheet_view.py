"""One sheet of a workbook as it will be written: its titles above, its headings fixed, its rows as they stand."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.labels import ElidedLabel, set_role
from zjtx_desktop.exchange.city_plan import Cell, Formula, Line, Sheet
from zjtx_desktop.values import Money

Index = QModelIndex | QPersistentModelIndex
_ROLE, _SIDE = Qt.ItemDataRole, Qt.AlignmentFlag
_RIGHT = ("amount", "total_amount", "void_amount", "note_right")
_CENTRE = ("index", "count", "centre", "code", "state", "head", "section", "total", "total_count", "void_centre", "void_state", "void_code")
_FIGURES = (*_RIGHT, *(style for style in _CENTRE if style not in ("head", "section", "code", "void_code")))
_AROUND = 18  # pixels beside a figure
_BOLD = ("total", "total_count", "total_amount", "head", "section")
_LETTER, _LINE = 1.12, 1.25  # of a column's digits in our face, and of a row's points in pixels
_NARROW = 11  # digits that a column of text keeps where others are to come into view; figures are never wrapped
_EMPTY = Sheet("", (1,), (Line(("",), ("text",)),), 0)


class SheetModel(QAbstractTableModel):
    """The rows of a sheet under its headings."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sheet = _EMPTY

    @property
    def lines(self) -> tuple[Line, ...]:
        """What stands under the headings."""
        return self.sheet.lines[self.sheet.head + 1 :]

    def show(self, sheet: Sheet) -> None:
        """Show another sheet."""
        self.beginResetModel()
        self.sheet = sheet
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.sheet.widths)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        style = line.styles[index.column()]
        if role == _ROLE.DisplayRole:
            return text_of(line.cells[index.column()])
        if role == _ROLE.TextAlignmentRole:
            side = _SIDE.AlignRight if style in _RIGHT else _SIDE.AlignHCenter if style in _CENTRE else _SIDE.AlignLeft
            return int(side | _SIDE.AlignVCenter)
        if role == _ROLE.FontRole:
            return _font(style)
        if role == _ROLE.ForegroundRole and style.startswith("void_"):
            return theme.tone("soft")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if role == _ROLE.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return text_of(self.sheet.lines[self.sheet.head].cells[section])
        return None


class SheetTable(QTableView):
    """Cells that are copied as a block. `resized`: there is another room for the columns."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy the selected cells as a block, as a spreadsheet takes it."""
        rows: dict[int, list[str]] = {}
        for index in sorted(self.selectedIndexes(), key=lambda one: (one.row(), one.column())):
            rows.setdefault(index.row(), []).append(index.data().replace("\n", " "))
        QApplication.clipboard().setText("\n".join("\t".join(cells) for cells in rows.values()))


class SheetView(QWidget):
    """Shows a Sheet; cells can be selected and copied."""

    def __init__(self) -> None:
        super().__init__()
        self.model, self.table = SheetModel(self), SheetTable()
        self.heads = [ElidedLabel(), ElidedLabel(), ElidedLabel()]
        self.table.setModel(self.model)
        self.table.setWordWrap(True)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultAlignment(_SIDE.AlignCenter | Qt.TextFlag.TextWordWrap)
        self.table.horizontalHeader().setFixedHeight(2 * self.fontMetrics().lineSpacing() + 14)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(2)
        for place, head in enumerate(self.heads):
            set_role(head, "role", "small" if place else "head")
            layout.addWidget(head)
        layout.addWidget(self.table, 1)
        self._widths: list[int] = []
        self.table.resized.connect(self._fit)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a sheet of the report."""
        self.model.show(sheet)
        self.table.setAccessibleName(sheet.name)
        above = ["　　".join(filter(None, map(text_of, line.cells))) for line in sheet.lines[: sheet.head]]
        for head, text in zip(self.heads, [*above, "", ""], strict=False):
            head.setText(text)
            head.setVisible(bool(text))
        self._measure()

    def _measure(self) -> None:
        """Widths and heights in the sheet's own proportions, merged cells as they are merged."""
        self._widths, full = self._fitting(), self._full()
        for column, width in enumerate(self._widths):
            self.table.setColumnWidth(column, width)
        self.table.clearSpans()
        narrowed = [column for column, width in enumerate(self._widths) if width < full[column]]
        least = self.fontMetrics().height() + 9
        for row, line in enumerate(self.model.lines):
            needed = [self._height(line, column) for column in narrowed] if not line.spans else []
            self.table.setRowHeight(row, max(least, round((line.height or 0) * _LINE), *needed))
            for first, last in line.spans:
                if first < last:
                    self.table.setSpan(row, first, 1, last - first + 1)

    def _fit(self) -> None:
        if self._fitting() != self._widths:
            self._measure()

    def _full(self) -> list[int]:
        """The widths of the columns as the spreadsheet has them."""
        return [self._pixels(width) for width in self.model.sheet.widths]

    def _fitting(self) -> list[int]:
        """Full widths, or the widest columns narrower where all of them can be seen that way."""
        full, least = self._full(), self._least()
        widths, over = list(full), sum(full) - self.table.viewport().width()
        for column in sorted(range(len(full)), key=lambda column: least[column] - full[column]):
            given = min(max(over, 0), max(0, full[column] - least[column]))
            widths[column] -= given
            over -= given
        return widths if over <= 0 else full

    def _least(self) -> list[int]:
        """What each column needs at least: room for its longest figure, or for a few words a line."""
        wide = self.fontMetrics().horizontalAdvance
        sheet = self.model.sheet
        titles, table = sheet.lines[sheet.head].cells, sheet.lines[sheet.table.start : sheet.table.stop + 1]
        least = [-(-wide(text_of(title)) // 2) + _AROUND for title in titles]  # in two lines
        for line in table:  # and the line of its sums
            merged = {column for first, last in line.spans for column in range(first, last + 1) if first < last}
            for column in set(range(len(least))) - merged:
                figure = line.styles[column] in _FIGURES
                room = wide(text_of(line.cells[column])) + _AROUND if figure else self._pixels(_NARROW)
                least[column] = max(least[column], room)
        return least

    def _pixels(self, digits: float) -> int:
        return round(digits * self.fontMetrics().horizontalAdvance("0") * _LETTER) + 12

    def _height(self, line: Line, column: int) -> int:
        """What the text of a narrowed column needs."""
        room = QRect(0, 0, self._widths[column] - 12, 0)
        flags = int(Qt.TextFlag.TextWordWrap)
        return self.fontMetrics().boundingRect(room, flags, text_of(line.cells[column])).height() + 9


def text_of(cell: Cell) -> str:
    """A cell as it is shown in the spreadsheet."""
    match cell:
        case None:
            return ""
        case Formula():
            return text_of(cell.value)
        case Money() | int() | str():
            return str(cell)


def _font(style: str) -> QFont | None:
    font = QApplication.font()
    font.setBold(style in _BOLD)
    font.setStrikeOut(style.startswith("void_") and style not in ("void_notes", "void_state"))
    return font
