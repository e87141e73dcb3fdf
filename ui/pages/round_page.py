"""What the pages have in common that list something of one round: the round chosen above, the list, the row looked at."""

from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.open_book import OpenBook
from ui.page import Page
from ui.widgets.list_pane import ListPane
from ui.widgets.result_panel import ResultPanel
from ui.widgets.round_bar import RoundBar
from ui.widgets.split import Split
from zjtx_desktop.usecases import rounds
from zjtx_desktop.usecases.rounds import RoundLine

_BOTH_FROM = 28  # lines of text that list and results need together


class RoundPage(Page):
    """A page brings `bar` and `pane`, and loads what the chosen round has with `_load`."""

    bar: RoundBar
    pane: ListPane

    def __init__(self, desk: OpenBook) -> None:
        super().__init__()
        self._desk = desk
        self._wanted: int | None = None  # a row to go to once it is listed

    @property
    def current(self) -> Any:
        """The row the keyboard is on, or None."""
        index = self.pane.view.currentIndex()
        return self.pane.model.row(index.row()) if index.isValid() else None

    def rows_chosen(self) -> tuple[Any, ...]:
        """The rows selected, in the list's order."""
        return tuple(row for place in self.pane.view.selected_places() if (row := self.pane.model.row(place)))

    def refresh(self) -> None:
        self._desk.ask(rounds.rounds, self._offer)

    def enter(self) -> None:
        self.pane.enter()

    def find(self) -> None:
        self.pane.search.find()

    def _offer(self, lines: tuple[RoundLine, ...]) -> None:
        self.bar.offer(lines)
        self._load()

    def _load(self) -> None:
        raise NotImplementedError

    def _select_wanted(self) -> None:
        """Go to the row asked for, else to the first."""
        if self._wanted is not None and self.pane.view.go_to(self._wanted):
            self._wanted = None
        elif self.current is None and self.pane.model.rowCount():
            self.pane.view.go_to(self._first())

    def _first(self) -> int:
        """The row to begin with in a list that has some."""
        return self.pane.model.id_at(0)

    def _open_at(self, wanted: int, round_id: int) -> None:
        """Show a row of some round, whichever is chosen now."""
        self._wanted = wanted
        if self.bar.choice.value() == round_id:
            self._select_wanted()
        else:
            self.bar.go_to(round_id)


class ResultsPage(RoundPage):
    """One with `results` of what was done under its `split`; on a low screen they stand in its place until put away."""

    split: Split
    results: ResultPanel

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _stack(self, *widgets: QWidget) -> None:
        """Put the widgets under each other; list and results share what the others leave."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in widgets:
            layout.addWidget(widget)
        layout.setStretchFactor(self.split, 3)
        layout.setStretchFactor(self.results, 2)

    def open_result(self, row_id: int) -> None:
        """Back to the row of a result; where only one of the two has room, the list comes back."""
        if self.split.isHidden():
            self.results.hide()
            self._fit()
        self.pane.view.go_to(row_id)

    def _fit(self) -> bool:
        """Share the height; whether there is room for both."""
        lines = self.height() // self.fontMetrics().lineSpacing()
        both = self.results.isHidden() or lines > _BOTH_FROM
        left = not both and self.split.isAncestorOf(self.focusWidget() or self)
        self.split.setVisible(both)
        self.results.share_height(both)
        if left:  # Esc there puts the results away again
            self.results.results.view.setFocus()
        return both

    def _back_to_list(self) -> None:
        self._fit()
        self.pane.enter()
