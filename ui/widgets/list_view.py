"""The list of every page: sorts, finds, copies, ticks and remembers its columns as people from Excel
expect.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QToolTip, QWidget

from ui import theme
from ui.models.column import Column, Sort
from ui.models.table import TableModel
from ui.settings import Settings
from ui.widgets import list_layout
from ui.widgets.clipboard import as_mime
from ui.widgets.column_widths import ColumnWidths
from ui.widgets.frozen_column import FrozenColumn
from ui.widgets.list_delegate import ListDelegate
from ui.widgets.list_header import ListHeader
from ui.widgets.wrapping import RowHeights

MOST_COPIED = 20_000
_KEPT_AFTER = 400  # milliseconds after the last drag of a column
_MOVES = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ListView(QTableView):
    """Shows a TableModel by rows. `name` is where its arrangement is kept in the settings.

    `opened(id)`: double click or Enter. `typed(text)`: letters typed on the list, for a search box.
    `pasted`: rows that were copied elsewhere are to be taken in. `refused(sentence)`: why nothing was copied.
    `menu_filler` puts the page's verbs into the context menu. `widened` shows what is filtered away, at Esc; False
    where nothing is.
    """

    sort_changed = Signal(object)
    opened = Signal(int)
    selection_changed = Signal()
    typed = Signal(str)
    pasted = Signal()
    refused = Signal(str)

    def __init__(
        self,
        model: TableModel,
        settings: Settings | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._name = settings, f"lists/{name}"
        self.menu_filler: Callable[[QMenu], None] = lambda menu: None
        self.widened: Callable[[], bool] = lambda: False
        self.header = ListHeader(model.columns, self)
        self.setHorizontalHeader(self.header)
        self.setModel(model)
        self._heights = RowHeights(self, model)
        self._delegate = ListDelegate(model, self)
        self.setItemDelegate(self._delegate)
        self._frozen = FrozenColumn(self, self.header)
        self._keeping = QTimer(self, singleShot=True, interval=_KEPT_AFTER)
        self._keeping.timeout.connect(self.keep_layout)
        self._widths = ColumnWidths(self.header, model.columns)
        self._set_behaviour()
        self._arrange()
        self._connect()

    # what pages ask

    @property
    def sort(self) -> Sort:
        """The order in force."""
        return self.header.sort

    def columns_shown(self) -> list[Column]:
        """The visible columns from left to right, as an export is to have them."""
        return [self._model().columns[n] for n in self._shown()]

    def selected_places(self) -> list[int]:
        """The places of the selected rows, from the top."""
        ranges = self.selectionModel().selection()
        return sorted({place for one in ranges for place in range(one.top(), one.bottom() + 1)})

    def selected_count(self) -> int:
        """How many rows are selected; quick also when it is a million."""
        return sum(one.bottom() - one.top() + 1 for one in self.selectionModel().selection())

    def selected_ids(self) -> list[int]:
        """The ids of the selected rows, from the top."""
        return [self._model().id_at(place) for place in self.selected_places()]

    def current_id(self) -> int | None:
        """The id of the row the keyboard is on."""
        index = self.currentIndex()
        return self._model().id_at(index.row()) if index.isValid() else None

    def go_to(self, id: int) -> bool:
        """Select the row with this id and bring it into view; False when it is not shown."""
        place = self._model().place_of(id)
        if place is None:
            return False
        rows = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        index = self._model().index(place, self._shown()[0])
        self.selectionModel().setCurrentIndex(index, rows)
        self.scrollTo(index)
        return True

    def select_ids(self, ids: Sequence[int]) -> bool:
        """Select the rows with these ids besides those selected; False when none is shown."""
        places = [place for id in ids if (place := self._model().place_of(id)) is not None]
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for place in places:
            self.selectionModel().select(self._model().index(place, 0), flags)
        return bool(places)

    def copy(self, titles: bool = False) -> None:
        """Copy the selected rows with the visible columns, as text and as a table."""
        if self.selected_count() > MOST_COPIED:
            self.refused.emit(
                f"选中了 {self.selected_count():,} 行，一次最多复制 {MOST_COPIED:,} 行。请先筛选，或者改用“导出”。"
            )
            return
        shown, model = self._shown(), self._model()
        rows = ([model.text(place, column) for column in shown] for place in self.selected_places())
        QGuiApplication.clipboard().setMimeData(as_mime(self.columns_shown(), rows, titles))

    def copy_with_titles(self) -> None:
        """Copy the selected rows under their headings."""
        self.copy(titles=True)

    def keep_layout(self) -> None:
        """Remember order, widths, hidden columns and sort."""
        if self._settings:
            self._settings.set_data(
                self._name, list_layout.layout_of(self.header, self._model().columns, self._widths.set_to, self.sort)
            )

    def reset_layout(self) -> None:
        """Back to the columns as they come."""
        list_layout.arrange(self.header, self._model().columns, self._default())
        self._widths.take()
        self.keep_layout()

    # how it behaves

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(self.verticalHeader().ResizeMode.Fixed)
        self._fit_rows()

    def _connect(self) -> None:
        self.header.sort_changed.connect(self._sorted)
        self.header.sort_changed.connect(self._frozen.update)
        self.header.reset_asked.connect(self.reset_layout)
        self.header.sectionMoved.connect(self._keeping.start)
        self._widths.changed.connect(self._keeping.start)
        self.doubleClicked.connect(self._open_current)
        self.selectionModel().selectionChanged.connect(self.selection_changed)
        self.selectionModel().currentRowChanged.connect(self.selection_changed)  # the keyboard's row follows the selection
        self._model().modelReset.connect(self.selection_changed)

    def _arrange(self) -> None:
        kept = self._settings.data(self._name) if self._settings else None
        list_layout.arrange(self.header, self._model().columns, self._default())
        if isinstance(kept, dict):
            list_layout.arrange(self.header, self._model().columns, kept)
            self.header.set_sort(list_layout.sort_in(kept))
        self._widths.take()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._widths.fill()

    def _default(self) -> dict[str, Any]:
        return list_layout.default_layout(self._model().columns, self.fontMetrics().horizontalAdvance("国"))

    def _fit_rows(self) -> None:
        self._heights.forget()
        self._heights.fit()
        self.verticalScrollBar().setSingleStep(self.fontMetrics().height() + 9)

    def _model(self) -> TableModel:
        model = self.model()
        assert isinstance(model, TableModel)
        return model

    def _shown(self) -> list[int]:
        order = sorted(range(self.header.count()), key=self.header.visualIndex)
        return [n for n in order if not self.header.isSectionHidden(n)]

    def _sorted(self, sort: Sort) -> None:
        self.keep_layout()
        self.sort_changed.emit(sort)

    def _open_current(self) -> None:
        if (id := self.current_id()) is not None:
            self.opened.emit(id)

    # keys, tips, menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        elif event.key() in _MOVES:
            self._open_current()
        elif event.key() == Qt.Key.Key_Escape and self.widened():
            event.accept()
        elif event.key() == Qt.Key.Key_Space and self._model().checkable and self.currentIndex().isValid():
            self._tick_selected()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters go to the search box: looking through a million rows here would read them all."""
        if search.strip():
            self.typed.emit(search)

    def _tick_selected(self) -> None:
        """Space ticks the selected rows that may have a tick, or unticks them when all are ticked."""
        model = self._model()
        ids = {model.id_at(place) for place in self.selected_places() if model.can_check(place)}
        model.check(list(model.checked - ids if ids <= model.checked else model.checked | ids))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cells, then one thin line under each row; the first column stays in sight."""
        super().paintEvent(event)
        self._frozen.follow()
        first = self.rowAt(event.rect().top())
        if first < 0:
            return
        with QPainter(self.viewport()) as painter:
            painter.setPen(theme.tone("line"))
            y, right = self.rowViewportPosition(first) - 1, self.viewport().width()
            for place in range(first, self._model().rowCount()):
                y += self.rowHeight(place)
                if y > event.rect().bottom():
                    break
                painter.drawLine(0, y, right, y)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            QToolTip.showText(event.globalPos(), self.tip(index) if index.isValid() else "", self.viewport())
            return True
        return super().viewportEvent(event)

    def tip(self, index: Any) -> str:
        """What the column says of a cell, else its text where it is cut."""
        model = self._model()
        text = model.text(index.row(), index.column())
        room = self._delegate.room(index, self.visualRect(index))
        cut = self.fontMetrics().horizontalAdvance(text) > room
        return model.tip(index.row(), index.column()) or (text if cut else "")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.context_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        at = event.globalPos() if event.reason() == event.Reason.Mouse else self._under_current()
        menu.popup(at)

    def context_menu(self) -> QMenu:
        """The page's verbs, then copying."""
        menu = QMenu(self)
        self.menu_filler(menu)
        if not menu.isEmpty():
            menu.addSeparator()
        menu.addAction("复制选中的行", self.copy)
        menu.addAction("连同表头复制", self.copy_with_titles)
        sorts = menu.addMenu("排序")
        for column in self.columns_shown():
            if column.sortable:
                sorts.addAction(column.title, partial(self.header.sort_by, column.key))
        return menu

    def _under_current(self) -> QPoint:
        return self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (
            QEvent.Type.PaletteChange,
            QEvent.Type.FontChange,
            QEvent.Type.StyleChange,
        ) and hasattr(self, "_delegate"):
            self._delegate.take_theme()
            self._fit_rows()
