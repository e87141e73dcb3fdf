"""A whole list: search, filters, rows, totals and the empty state, over a Source and the one worker."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ui.jobs import Jobs, Tick
from ui.models.column import Column, Sort
from ui.models.rows import WindowRows
from ui.models.source import Source, Totals, Wanted
from ui.models.table import TableModel
from ui.settings import Settings
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import FilterBar
from ui.widgets.list_view import ListView
from ui.widgets.search_box import SearchBox
from ui.widgets.totals_bar import TotalsBar

_SUMMED_HERE = 2000  # selected rows summed on this thread; more are summed by the worker
_PAUSE = 120  # milliseconds a selection must stand before it is summed
_CHUNK = 200
_LOOKED_THROUGH = 2_000_000  # ids compared to find the selected rows again; beyond that only the current one is


class ListPane(QWidget):
    """Shows what a Source finds. `view` is the list, `model` its rows; `shown` says that new rows are on
    screen.

    The rows of the last answer stay until the next is there; the selected row stays selected when it is in
    both.
    `filters` are the keys of the columns to filter by value; `empty` is what stands there when nothing is
    recorded. With `checkable`, rows carry a tick where `can_check` lets them.
    """

    shown = Signal()
    selection_changed = Signal()
    refused = Signal(str)

    def __init__(
        self,
        columns: Sequence[Column],
        source: Source,
        jobs: Jobs,
        settings: Settings,
        name: str,
        hint: str,
        empty: EmptyState,
        filters: Sequence[str] = (),
        checkable: bool = False,
        unit: str = "条",
        can_check: Callable[[Any], bool] = lambda row: True,
    ) -> None:
        super().__init__()
        self.source, self.unit = source, unit
        self._source, self._jobs = source, jobs
        self._first_ticket = self._ticket = self._totals_ticket = self._sums_ticket = self._choices_ticket = 0
        self._answered: Wanted | None = None  # what the rows on screen are the answer to
        self._first: Sequence[int] | None = None  # what stands there until all ids are found
        self._kept: int | None = None  # the row selected before that
        self._totals: Totals | None = None
        titles = {column.key: column.title for column in columns}
        self.model = TableModel(columns, checkable=checkable, parent=self, can_check=can_check)
        self.view = ListView(self.model, settings, name)
        self.search = SearchBox(hint)
        self.filters = FilterBar([(key, titles[key]) for key in filters], before=(self.search,))
        self.totals, self.empty = TotalsBar(unit), empty
        self.nothing = EmptyState(
            "search",
            "没有符合条件的记录",
            "换一个词，或者去掉筛选。",
            (("clear", "清除查找和筛选", "close"),),
        )
        self._stack = QStackedWidget()
        self._lay_out()
        self._selecting = QTimer(self, singleShot=True, interval=_PAUSE)
        self._connect()

    @property
    def wanted(self) -> Wanted:
        """What is asked for now: search, filters and order."""
        return Wanted(self.search.text().strip(), self.filters.filters, self.view.sort)

    def refresh(self) -> None:
        """Ask anew for what is wanted, its totals and the values to filter by."""
        self.reload()

    def reload(self) -> None:
        """Ask anew for rows and totals; an earlier question that still waits is dropped."""
        wanted, source = self.wanted, self._source
        for ticket in (self._first_ticket, self._ticket, self._totals_ticket, self._choices_ticket):
            self._jobs.cancel(ticket)
        if wanted != self._answered:
            self._first_ticket = self._jobs.run(
                lambda tick: (wanted, source.first(wanted, tick)), done=self._show_first
            )
        self._ticket = self._jobs.run(lambda tick: (wanted, source.ids(wanted, tick)), done=self._show_ids)
        self._totals_ticket = self._jobs.run(
            lambda tick: (wanted, source.totals(wanted, tick)), done=self._show_totals
        )
        self._choices_ticket = self._jobs.run(source.choices, done=self.filters.offer)

    def listed_ids(self) -> list[int]:
        """The ids of all rows listed, in their order, as an export is to have them."""
        return [self.model.id_at(place) for place in range(self.model.rowCount())]

    @property
    def is_whole(self) -> bool:
        """Whether all rows of what is wanted are listed, not only those of the first screen."""
        return self._first is None and self._answered == self.wanted

    def narrowed(self) -> str:
        """By what the list is narrowed, in words; empty when it shows everything."""
        search = self.wanted.search
        return "、".join((*((f"查找“{search}”找到的",) if search else ()), *self.filters.words()))

    def enter(self) -> None:
        """Put the keyboard on the list, or on what stands in its place."""
        shown = self._stack.currentWidget()
        (shown if shown is self.view else shown.findChild(QPushButton) or shown).setFocus()

    def clear(self) -> None:
        """Search and filter for nothing."""
        self.search.forget()
        self.filters.clear()
        self.reload()

    def _widen(self) -> bool:
        """Esc in the list shows everything again; False where it does already, and Esc is for what lies around."""
        if self.wanted.is_everything:
            return False
        self.clear()
        return True

    def _lay_out(self) -> None:
        for widget in (self.view, self.empty, self.nothing):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.filters)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.totals)

    def _connect(self) -> None:
        self.search.searched.connect(self.reload)
        self.search.left.connect(self._enter_list)
        self.filters.changed.connect(self._filtered)
        self.view.sort_changed.connect(self._sorted)
        self.view.typed.connect(self.search.take)
        self.view.widened = self._widen
        self.view.refused.connect(self.refused)
        self.view.selection_changed.connect(self._selecting.start)
        self.view.selection_changed.connect(self.selection_changed)
        self.nothing.chosen.connect(self.clear)
        self._selecting.timeout.connect(self._sum_selection)

    def _filtered(self) -> None:
        self.view.header.mark_filtered(frozenset(key for key, _ in self.filters.filters))
        self.reload()

    def _sorted(self, sort: Sort) -> None:
        self.reload()

    def _enter_list(self) -> None:
        self.view.setFocus()
        if not self.view.currentIndex().isValid() and self.model.rowCount():
            self.view.go_to(self.model.id_at(0))

    def _show_first(self, found: tuple[Wanted, Sequence[int]]) -> None:
        """The first screen of a new question; what was selected is found again among all of them."""
        if len(found[1]):
            self._kept = self.view.current_id()
            self._show_ids(found)
            self._first = found[1]

    def _show_ids(self, found: tuple[Wanted, Sequence[int]]) -> None:
        wanted, ids = found
        first, self._first = self._first, None
        if wanted != self.wanted:
            return  # the person has asked for something else meanwhile; that answer is on its way
        if first is not None and wanted == self._answered and list(first) == list(ids[: len(first) + 1]):
            return  # the first screen was all there is
        self._answered = wanted
        kept, scroll = self.view.current_id(), self.view.verticalScrollBar().value()
        few = self.view.selected_count() * len(ids) <= _LOOKED_THROUGH
        chosen = self.view.selected_ids() if few else ()
        self.model.show_rows(WindowRows(ids, self._source.rows))
        if kept is not None and self.view.go_to(kept):
            self.view.select_ids(chosen)
            self.view.verticalScrollBar().setValue(scroll)
            self.view.scrollTo(self.view.currentIndex())
        elif first is not None and self._kept is not None:
            self.view.go_to(self._kept)
        self._show_instead(self.view if len(ids) else self.empty if wanted.is_everything else self.nothing)
        self.shown.emit()

    def _show_instead(self, widget: QWidget) -> None:
        """Show the list or what stands in its place; the keyboard stays here when it was here."""
        was_here = self._stack.isAncestorOf(QApplication.focusWidget())
        self._stack.setCurrentWidget(widget)
        if was_here:
            self.enter()

    def _show_totals(self, found: tuple[Wanted, Totals]) -> None:
        wanted, self._totals = found
        if wanted == self.wanted:
            self.totals.show_totals(self._totals, not wanted.is_everything)

    def _sum_selection(self) -> None:
        number = self.view.selected_count()
        self._jobs.cancel(self._sums_ticket)
        if number < 2:
            self.totals.show_selected(None)
        elif number == self.model.rowCount():
            self.totals.show_selected(self._totals)
        elif number <= _SUMMED_HERE:
            rows = [self.model.row(place) for place in self.view.selected_places()]
            self.totals.show_selected(self._source.sums(rows))
        else:
            ids, source = self.view.selected_ids(), self._source
            self._sums_ticket = self._jobs.run(
                lambda tick: _sum_ids(source, ids, tick), done=self.totals.show_selected
            )


def _sum_ids(source: Source, ids: Sequence[int], tick: Tick) -> Totals:
    def rows():
        for start in range(0, len(ids), _CHUNK):
            tick(start, len(ids))
            yield from source.rows(ids[start : start + _CHUNK])

    return source.sums(rows())
