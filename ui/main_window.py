"""The main window: navigation, menus, one page at a time, and the foot that says how the book stands."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QDesktopServices,
    QGuiApplication,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QGridLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ui import icons
from ui.commands import Act
from ui.jobs import Jobs
from ui.menus import Menus
from ui.page import SUBJECTS, Desk, Page, PageSpec
from ui.settings import Settings
from ui.theme import MODES, TEXT_SIZES, Theme
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import quoted
from ui.widgets.navigation import Navigation
from ui.widgets.page_head import PageHead
from ui.widgets.status_bar import StatusBar

PROGRAM = "专精特新奖补"
_NARROW_BELOW = 1000  # logical pixels: a 1366 wide screen at 150 % has 911
_SHAPE = "window/shape"
_SMALLEST = (760, 440)
_FIRST = (1220, 760)


class MainWindow(QMainWindow):
    """Shows a Desk once one is opened. It answers what pages ask for, and knows no rule and no query.

    `painted` is emitted once, after the first paint: heavy work starts then. `wants_help` names a help page.
    """

    painted = Signal()
    wants_help = Signal(str)

    def __init__(self, jobs: Jobs, settings: Settings, theme: Theme, log_file: Path) -> None:
        super().__init__()
        self._jobs, self._settings, self._theme, self._log_file = jobs, settings, theme, log_file
        self._specs: dict[str, PageSpec] = {}
        self._pages: dict[str, Page] = {}
        self._current = ""
        self._early: QWidget | None = None  # a first page shown before the book is open
        self._offered: tuple[Act, ...] = ()
        self._close: Callable[[], None] = lambda: None
        self._leave: Callable[[], None] = lambda: None
        self._was_painted = False
        self._closing = False  # the person wants to close, and jobs are still running
        self.menus = Menus(self)
        self.navigation, self.head, self.banner = Navigation(SUBJECTS), PageHead(), Banner()
        self.status, self.stack = StatusBar(), QStackedWidget()
        self.welcome = EmptyState("book", "正在启动…")
        self.stack.addWidget(self.welcome)
        self._lay_out()
        self._add_view_menu()
        self._connect()
        self._show_title()
        self._offer()
        self._restore_shape()

    # what the composer of the program calls

    def open_desk(self, desk: Desk) -> None:
        """Show an open book: its pages can be visited from now on, the first is shown."""
        self.close_desk()
        self._specs = {page.id: page for page in desk.pages}
        self._close, self._leave, self._offered = desk.close, desk.leave, desk.acts
        self.navigation.enable(desk.pages)
        self.navigation.show_desk(desk.unit, desk.book)
        self._show_title(desk.unit, desk.book)
        self.show_page(desk.pages[0].id)

    def show_early(self, unit: str, book: str, title: str, view: QWidget) -> None:
        """Show a first page while its book is still being opened; `open_desk` and `close_desk` put it away."""
        self._early = view
        self.stack.addWidget(view)
        self.stack.setCurrentWidget(view)
        self.navigation.show_desk(unit, book)
        self.head.show_title(title)
        self._show_title(unit, book)

    def close_desk(self) -> None:
        """Let go of the open book and its pages; the welcome is shown."""
        self._leave()
        self._jobs.settle()
        for page in self._pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        if self._early:
            self.stack.removeWidget(self._early)
            self._early = None
        self._close()
        self._specs, self._pages, self._current = {}, {}, ""
        self._close = self._leave = lambda: None
        self.navigation.enable(SUBJECTS)
        self.head.show_title("")
        self._show_title()
        self.stack.setCurrentWidget(self.welcome)
        self._offer()

    def offer(self, acts: tuple[Act, ...]) -> None:
        """Say what the verbs do that hold on every page, such as undo with the name of the last action."""
        self._offered = acts
        self._offer()

    def show_page(self, name: str, wanted: object = None) -> None:
        """Go to a page, made on its first visit, and give it what it is asked to show."""
        spec = self._specs.get(name)
        if spec is None or spec.factory is None:
            return
        page = self._pages.get(name) or self._make(spec)
        self._current = name
        self.banner.hide()
        self.navigation.show_page(name)
        self.head.show_title(page.title or spec.title)
        self.stack.setCurrentWidget(page)
        self._offer()
        page.refresh()
        if not self.navigation.isAncestorOf(self.focusWidget() or self):  # there the arrow keys go on to the next page
            page.enter()
        if wanted is not None:
            page.receive(wanted)

    def say(self, tone: str, sentence: str, action: str = "", run: Callable[[], None] | None = None) -> None:
        """Put a sentence over the page: info, good, warn or error."""
        self.banner.say(tone, sentence, action, run)

    def may_leave(self) -> bool:
        """Whether the book may be closed; pages with unsaved input ask the person."""
        return all(page.may_leave() for page in self._pages.values())

    @property
    def help_id(self) -> str:
        """The help page of what is shown."""
        page = self.page()
        return page.help_id if page else "index"

    def page(self) -> Page | None:
        """The page shown; None while no book is open."""
        return self._pages.get(self._current)

    # how it is built

    def _lay_out(self) -> None:
        content, area = QWidget(), QVBoxLayout()
        area.setContentsMargins(16, 8, 16, 10)
        area.setSpacing(8)
        for widget in (self.head, self.banner, self.stack):
            area.addWidget(widget)
        area.setStretchFactor(self.stack, 1)
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.navigation, 0, 0)
        grid.addLayout(area, 0, 1)
        grid.addWidget(self.status, 1, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(0, 1)  # the foot keeps its height where the page would like more than there is
        self.setCentralWidget(content)
        self.setMinimumSize(*_SMALLEST)

    def _add_view_menu(self) -> None:
        self._page_group, self._mode_group, self._size_group = (
            QActionGroup(self),
            QActionGroup(self),
            QActionGroup(self),
        )
        self.menus.add_pages(SUBJECTS, self._page_group)
        sizes = [(str(pixels), text) for pixels, text in TEXT_SIZES]
        self.menus.add_choices("外观", MODES, self._mode_group, self._theme.mode)
        self.menus.add_choices("字号", sizes, self._size_group, str(self._theme.text_size))
        self._page_group.triggered.connect(lambda action: self.show_page(action.data()))
        self._mode_group.triggered.connect(lambda action: self._theme.set_mode(action.data()))
        self._size_group.triggered.connect(lambda action: self._theme.set_text_size(int(action.data())))

    def _connect(self) -> None:
        self.navigation.picked.connect(self.show_page)
        self.welcome.chosen.connect(self._do)
        self.status.asked.connect(self._do)
        self.status.cancel.connect(self._jobs.cancel)
        self._theme.changed.connect(self._redress)
        self._jobs.busy.connect(self.status.show_busy)
        self._jobs.progress.connect(self.status.show_progress)
        self._jobs.idle.connect(self._rest)
        self._jobs.cancelled.connect(lambda label: self.say("info", f"已取消{quoted(label)}，账簿没有改动。"))
        self._jobs.failed.connect(lambda error: self.say("error", str(error)))

    def _make(self, spec: PageSpec) -> Page:
        page = spec.factory()
        page.acts_changed.connect(self._offer)
        page.wants_page.connect(self.show_page)
        page.says.connect(self.say)
        self._pages[spec.id] = page
        self.stack.addWidget(page)
        return page

    def _show_title(self, *parts: str) -> None:
        self.setWindowTitle(" — ".join((*filter(None, parts), PROGRAM)))

    # verbs

    def _offer(self) -> None:
        page = self.page()
        own = page.acts() if page else ()
        self.menus.offer((*self._standing_acts(), *self._offered, *own))
        self.head.offer(own)
        for action in self._page_group.actions():
            spec = self._specs.get(action.data())
            action.setEnabled(bool(spec and spec.factory))
            action.setChecked(action.data() == self._current)

    def _standing_acts(self) -> tuple[Act, ...]:
        """The verbs that the window itself knows."""
        page = self.page()
        on_page = (Act("refresh", page.refresh), Act("find", page.find)) if page else ()
        return (
            *on_page,
            Act("copy", partial(_pass_on, "copy")),
            Act("paste", partial(_pass_on, "paste")),
            Act("page_help", lambda: self.wants_help.emit(self.help_id)),
            Act("help_index", lambda: self.wants_help.emit("index")),
            Act("open_log", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._log_file.parent))),
            Act("quit", self.close),
        )

    def _do(self, name: str) -> None:
        """Run the verb that a button elsewhere stands for, if it is offered."""
        self.menus.run(name)

    def _redress(self) -> None:
        icons.redress(self)

    def _rest(self) -> None:
        self.status.show_idle()
        if self._closing:
            self.close()

    # the window itself

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.may_leave():
            self._closing = False
            event.ignore()
            return
        if not self._closing:
            self._leave()
        if not self._jobs.is_idle():
            self._closing = True
            self.say(
                "info",
                f"正在完成{quoted(self._jobs.running_label() or '后台任务')}，完成后自动关闭。可在窗口底部取消它。",
            )
            event.ignore()
            return
        self._settings.set_shape(_SHAPE, self.saveGeometry())
        self._settings.flush()
        self._close()
        self._close = self._leave = lambda: None
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)  # after the children have painted as well

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.navigation.set_narrow(self.width() < _NARROW_BELOW)

    def _restore_shape(self) -> None:
        if self.restoreGeometry(self._settings.shape(_SHAPE)):
            return
        room = QGuiApplication.primaryScreen().availableGeometry()
        self.resize(min(_FIRST[0], room.width()), min(_FIRST[1], room.height()))


def _pass_on(verb: str) -> None:
    """Let the widget that has the focus do what it can."""
    act = getattr(QApplication.focusWidget(), verb, None)
    if callable(act):
        act()
