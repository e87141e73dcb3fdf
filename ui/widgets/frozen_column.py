"""Keeps the first column of a list, the name, in sight while the others are scrolled sideways."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHeaderView, QStyle, QStyleOptionViewItem, QTableView, QWidget

from ui import theme

_WIDEST = 0.55  # of the list: a wider column stays where it is, or nothing else could be seen
_PLAIN = QStyle.StateFlag.State_Enabled
_SELECTED = _PLAIN | QStyle.StateFlag.State_Selected


class FrozenColumn(QWidget):
    """Lies over the left edge of a list once its first column has begun to scroll away, looking just like it.

    It has no state of its own: what is clicked here is clicked on the column itself. The list calls `follow`
    after each paint.
    """

    def __init__(self, view: QTableView, header: QHeaderView) -> None:
        super().__init__(view)
        self._view, self._header = view, header
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def follow(self) -> None:
        """Stand over the first column, or go where it can be seen whole."""
        width, room = self._header.sectionSize(self._column()), self._view.viewport().geometry()
        needed = self._header.offset() > 0 and width <= room.width() * _WIDEST
        if needed:
            top = self._header.geometry().top()
            self.setGeometry(room.left(), top, width, room.bottom() + 1 - top)
            self.update()
        self.setVisible(needed)

    def paintEvent(self, event: QPaintEvent) -> None:
        column, head = self._column(), self._header.height()
        with QPainter(self) as painter:
            painter.setFont(self._view.font())
            painter.fillRect(self.rect(), theme.tone("surface"))
            self._paint_cells(painter, column, head)
            self._header.paintSection(painter, QRect(0, 0, self.width(), head), column)
            painter.setPen(theme.tone("line_strong"))
            painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())

    def event(self, event: QEvent) -> bool:
        """Hand on what a mouse does here to the column that lies out of sight on the left."""
        if isinstance(event, QMouseEvent):
            target, at = self._place(event.position().toPoint())
            moved = QMouseEvent(
                event.type(),
                QPointF(at),
                event.globalPosition(),
                event.button(),
                event.buttons(),
                event.modifiers(),
            )
            return QApplication.sendEvent(target, moved)
        if isinstance(event, QHelpEvent):
            target, at = self._place(event.pos())
            return QApplication.sendEvent(target, QHelpEvent(event.type(), at, event.globalPos()))
        if isinstance(event, QContextMenuEvent):
            target, at = self._place(event.pos())
            moved = QContextMenuEvent(event.reason(), at, event.globalPos(), event.modifiers())
            return QApplication.sendEvent(target, moved)
        return super().event(event)

    def _column(self) -> int:
        """The first column that is shown."""
        shown = (self._header.logicalIndex(place) for place in range(self._header.count()))
        return next(number for number in shown if not self._header.isSectionHidden(number))

    def _place(self, at: QPoint) -> tuple[QWidget, QPoint]:
        """The widget below a point of ours, and the point there."""
        x, head = at.x() - self._header.offset(), self._header.height()
        if at.y() < head:
            return self._header.viewport(), QPoint(x, at.y())
        return self._view.viewport(), QPoint(x, at.y() - head)

    def _paint_cells(self, painter: QPainter, column: int, head: int) -> None:
        view, option = self._view, QStyleOptionViewItem()
        delegate = view.itemDelegate()
        first = view.rowAt(0)
        if first < 0:
            return
        selected = view.selectionModel()
        for row in range(first, view.model().rowCount()):
            top = view.rowViewportPosition(row)
            if top > self.height():
                return
            height = view.rowHeight(row)
            option.rect = QRect(0, head + top, self.width(), height)
            index = view.model().index(row, column)
            option.state = _SELECTED if selected.isSelected(index) else _PLAIN
            delegate.paint(painter, option, index)
            painter.setPen(theme.tone("line"))
            painter.drawLine(0, head + top + height - 1, self.width(), head + top + height - 1)
