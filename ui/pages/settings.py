"""设置: the office, the policy with its rules, fonts, where the book lies, and how the window looks."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from ui.open_book import OpenBook
from ui.page import Page
from ui.pages.backup_tab import BackupTab
from ui.pages.holidays_tab import HolidaysTab
from ui.pages.people_tab import PeopleTab
from ui.pages.policy_tab import PolicyTab
from ui.pages.settings_tabs import BookTab, FontsTab, LookTab, OfficeTab
from ui.settings import Settings
from ui.theme import Theme
from ui.vitals import Vitals


class SettingsPage(Page):
    """One tab a subject; what is typed under 单位 asks before it is lost."""

    title = "设置"
    help_id = "settings"

    def __init__(self, desk: OpenBook, settings: Settings, vitals: Vitals, theme: Theme) -> None:
        super().__init__()
        self.tabs = QTabWidget()
        self.office = OfficeTab(desk)
        self.people = PeopleTab(desk, settings)
        self.policy, self.fonts = PolicyTab(desk, settings), FontsTab()
        self.book, self.backup, self.look = BookTab(desk, vitals), BackupTab(desk, vitals), LookTab(theme)
        self.holidays = HolidaysTab(desk)
        self._tabs = (self.office, self.people, self.policy, self.holidays, self.book, self.backup, self.fonts, self.look)
        for tab in self._tabs:
            self.tabs.addTab(_scrolling(tab), tab.title)
        self.office.says.connect(self.says)
        self.policy.says.connect(self.says)
        self.people.says.connect(self.says)
        self.holidays.says.connect(self.says)
        self.backup.says.connect(self.says)
        self.book.says.connect(self.says)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)

    def refresh(self) -> None:
        for tab in self._tabs:
            tab.refresh()

    def may_leave(self) -> bool:
        return self.office.may_leave()

    def receive(self, wanted: object) -> None:
        """`wanted` is the title of a tab."""
        titles = [tab.title for tab in self._tabs]
        if wanted in titles:
            self.tabs.setCurrentIndex(titles.index(str(wanted)))


def _scrolling(tab: QWidget) -> QScrollArea:
    scroll = QScrollArea(widgetResizable=True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(tab)
    return scroll
