"""The headings of a list: a click sorts, Shift adds a second key, the right button shows and hides
columns.
"""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QApplication, QHeaderView, QMenu, QWidget

from ui import icons, theme
from ui.models.column import RIGHT, Column, Sort
from ui.widgets.wrapping import PADDING

_ICON = 14


class ListHeader(QHeaderView):
    """Draws titles with the direction and rank of their sort, and a mark where a column is filtered.

    `sort_changed` follows a person's click; `set_sort` is silent.
    """

    sort_changed = Signal(object)
    reset_asked = Signal()

    def __init__(self, columns: tuple[Column, ...], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = columns
        self._sort: Sort = ()
        self._filtered: frozenset[str] = frozenset()
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.sectionClicked.connect(self._clicked)

    @property
    def sort(self) -> Sort:
        """The order in force."""
        return self._sort

    def set_sort(self, sort: Sort) -> None:
        """Show an order without asking for it."""
        known = {column.key for column in self._columns if column.sortable}
        self._sort = tuple(key for key in sort if key[0] in known)
        self.viewport().update()

    def mark_filtered(self, keys: frozenset[str]) -> None:
        """Mark the columns that are filtered."""
        self._filtered = keys
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().height() + 12)

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        column = self._columns[logical]
        painter.fillRect(rect, theme.tone("window"))
        painter.setPen(theme.tone("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.right(), rect.top() + 7, rect.right(), rect.bottom() - 7)
        inner = rect.adjusted(PADDING, 0, -PADDING, -1)
        rank = next((place for place, (key, _) in enumerate(self._sort) if key == column.key), None)
        if rank is not None:
            self._paint_sort(painter, inner, rank)
        if column.key in self._filtered:
            self._paint_icon(painter, inner, "filter")
        side = Qt.AlignmentFlag.AlignRight if column.kind in RIGHT else Qt.AlignmentFlag.AlignLeft
        painter.setPen(theme.tone("text" if rank is not None else "soft"))
        title = self.fontMetrics().elidedText(column.title, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), title)

    def _paint_sort(self, painter: QPainter, inner: QRect, rank: int) -> None:
        """The arrow at the right end, with its rank where there are several keys; `inner` loses that room."""
        self._paint_icon(painter, inner, "sort-down" if self._sort[rank][1] else "sort-up")
        if len(self._sort) > 1:
            painter.setPen(theme.tone("accent"))
            text = str(rank + 1)
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
            inner.setRight(inner.right() - self.fontMetrics().horizontalAdvance(text) - 2)

    def _paint_icon(self, painter: QPainter, inner: QRect, name: str) -> None:
        picture = icons.pixmap(name, _ICON, "accent", painter.device().devicePixelRatioF())
        painter.drawPixmap(inner.right() - _ICON + 1, inner.center().y() - _ICON // 2 + 1, picture)
        inner.setRight(inner.right() - _ICON - 2)

    def sort_by(self, key: str) -> None:
        """Sort by a column as a click on its heading does: ascending, descending, then not at all; Shift adds it."""
        adding = bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._ask_sort(next_sort(self._sort, key, adding))

    def _clicked(self, logical: int) -> None:
        column = self._columns[logical]
        if column.sortable:
            self.sort_by(column.key)

    def _ask_sort(self, sort: Sort) -> None:
        self.set_sort(sort)
        self.sort_changed.emit(self._sort)

    def _open_menu(self, at: QPoint) -> None:
        menu = self.menu(self.logicalIndexAt(at))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(at))

    def menu(self, logical: int) -> QMenu:
        """The context menu over a column."""
        menu = QMenu(self)
        if logical >= 0 and self._columns[logical].sortable:
            key = self._columns[logical].key
            for text, icon, sort in (
                ("升序", "sort-up", ((key, False),)),
                ("降序", "sort-down", ((key, True),)),
                ("取消排序", "", ()),
            ):
                self._add(menu, text, icon).triggered.connect(lambda _=False, sort=sort: self._ask_sort(sort))
            menu.addSeparator()
        shown = [n for n in range(self.count()) if not self.isSectionHidden(n)]
        for number, column in enumerate(self._columns):
            action = self._add(menu, column.title, "")
            action.setCheckable(True)
            action.setChecked(number in shown)
            action.setEnabled(shown != [number])  # one column must stay
            action.toggled.connect(lambda on, number=number: self.setSectionHidden(number, not on))
        menu.addSeparator()
        self._add(menu, "恢复默认的列", "refresh").triggered.connect(self.reset_asked)
        return menu

    def _add(self, menu: QMenu, text: str, icon: str) -> QAction:
        action = menu.addAction(text)
        if icon:
            icons.dress(action, icon)
        return action


def next_sort(sort: Sort, key: str, adding: bool) -> Sort:
    """The order after a click on a heading: ascending, descending, then none; `adding` keeps the other
    keys.
    """
    now = dict(sort).get(key)
    mine: Sort = ((key, False),) if now is None else ((key, True),) if not now else ()
    if not adding:
        return mine
    if now is None:
        return (*sort, *mine)
    return tuple(part for one in sort for part in (mine if one[0] == key else (one,)))
