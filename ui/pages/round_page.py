"""What the pages have in common that list something of one round: the round chosen above, the list, the row looked at."""

from typing import Any

from ui.open_book import OpenBook
from ui.page import Page
from ui.widgets.list_pane import ListPane
from ui.widgets.round_bar import RoundBar
from zjtx_desktop.usecases import rounds
from zjtx_desktop.usecases.rounds import RoundLine


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
