"""工作台: what waits to be done, what each treasury pays, how the book stands."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout

from ui.open_book import OpenBook
from ui.page import Page
from ui.pages.home_view import TITLE, YEAR, HomeView, wanted_year
from ui.settings import Settings
from ui.vitals import Vitals
from ui.widgets.self_check import SelfCheckList
from zjtx_desktop.usecases.books import place
from zjtx_desktop.usecases.overview import Overview, Todo, overview
from zjtx_desktop.usecases.packs import current_pack
from zjtx_desktop.usecases.self_check import CheckLine, self_check
from zjtx_desktop.usecases.stale_todos import stale_todos, with_stale


class HomePage(Page):
    """Asks for the overview on each visit; a click on what waits goes to its page.

    `view` is one that the start has filled already.
    """

    title = TITLE
    help_id = "home"

    def __init__(self, desk: OpenBook, settings: Settings, vitals: Vitals, view: HomeView | None = None) -> None:
        super().__init__()
        self._desk, self._settings, self._vitals = desk, settings, vitals
        self._stale: tuple[Todo, ...] = ()
        self.view, self.checks = view or HomeView(), SelfCheckList()
        self.todos, self.treasuries, self.chart = self.view.todos, self.view.treasuries, self.view.chart
        self.year, self.awarded = self.view.year, self.view.awarded
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.view.show()
        self.year.changed.connect(self._choose_year)
        self.view.asked.connect(self.wants_page)
        vitals.changed.connect(self._ask_checks)
        if clicked := self.view.take_over(self.checks):
            QTimer.singleShot(0, self, partial(self.wants_page.emit, *clicked))  # once the window listens

    def refresh(self) -> None:
        year, today = wanted_year(self._settings), date.today()
        self._desk.ask(lambda session: overview(session, year, today), self._show)
        self._ask_checks()

    def _show(self, seen: Overview) -> None:
        """Show the figures at once, then what takes a judgement to find; till then that stands as it was found last."""
        self.view.show_overview(with_stale(seen, self._stale))
        self._desk.ask(stale_todos, partial(self._show_stale, seen))

    def _show_stale(self, seen: Overview, stale: tuple[Todo, ...]) -> None:
        if stale != self._stale:
            self._stale = stale
            self.view.show_overview(with_stale(seen, stale))

    def _ask_checks(self) -> None:
        problems, safety, now, path = (
            self._vitals.problems,
            self._vitals.safety(),
            datetime.now(),
            self._desk.path,
        )
        work: Callable[[object], tuple[CheckLine, ...]] = lambda _tick: self_check(
            place(path), problems, safety, self._desk.ask_now(current_pack), now
        )
        self._desk.jobs.run(work, done=self.checks.show_lines)

    def _choose_year(self) -> None:
        self._settings.set_text(YEAR, str(self.year.value() or ""))
        self.refresh()
