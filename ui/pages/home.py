"""工作台: what waits to be done, what each treasury pays, how the book stands."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.open_book import OpenBook
from ui.page import Page
from ui.settings import Settings
from ui.vitals import Vitals
from ui.widgets.bar_chart import Bar, BarChart
from ui.widgets.card import Card
from ui.widgets.fields import ChoiceEdit
from ui.widgets.labels import label
from ui.widgets.self_check import SelfCheckList
from ui.widgets.todo_list import TodoList
from ui.widgets.treasury_table import TreasuryTable
from zjtx_desktop.usecases.books import place
from zjtx_desktop.usecases.overview import Overview, Todo, overview
from zjtx_desktop.usecases.rounds import current_pack
from zjtx_desktop.usecases.self_check import CheckLine, self_check

_TWO_COLUMNS_FROM = 860  # logical pixels
_YEAR = "home/year"
_DRAFTS = "drafts"
_SHORTCUTS: tuple[tuple[str, object, str], ...] = (
    ("recognitions", ("import",), "导入名单"),
    ("organisations", None, "登记企业"),
    ("rounds", None, "测算奖补"),
    ("letters", _DRAFTS, "下达拨付通知"),
    ("reports", None, "报送市里"),
)


class HomePage(Page):
    """Asks for the overview on each visit; a click on what waits goes to its page."""

    title = "工作台"
    help_id = "home"

    def __init__(self, desk: OpenBook, settings: Settings, vitals: Vitals) -> None:
        super().__init__()
        self._desk, self._settings, self._vitals = desk, settings, vitals
        self.todos, self.checks, self.treasuries = TodoList(), SelfCheckList(), TreasuryTable()
        self.chart = BarChart("各称号奖补金额")
        self.year = ChoiceEdit()
        self.year.setAccessibleName("年度")
        self.year.setSizeAdjustPolicy(ChoiceEdit.SizeAdjustPolicy.AdjustToContents)
        self.counted, self.awarded = label(role="soft", wraps=True), label(role="soft", wraps=True)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self.year.changed.connect(self._choose_year)
        self.todos.chosen.connect(self._go_to)
        vitals.changed.connect(self._ask_checks)

    def refresh(self) -> None:
        wanted, today = self._settings.text(_YEAR), date.today()
        year = int(wanted) if wanted.isdecimal() else None
        self._desk.ask(lambda session: overview(session, year, today), self._show)
        self._ask_checks()

    def _lay_out(self) -> None:
        main, side = QVBoxLayout(), QVBoxLayout()
        for column in (main, side):
            column.setSpacing(12)
        main.addWidget(_card("待办", self.todos, self.counted))
        money = _card("奖补资金", self.awarded, self.treasuries, label("各称号", "soft"), self.chart)
        money.head.addWidget(self.year)
        main.addWidget(money)
        main.addStretch()
        side.addWidget(_card("自检", self.checks))
        side.addWidget(_card("常用操作", *(self._shortcut(*one) for one in _SHORTCUTS)))
        side.addStretch()
        self._columns.setSpacing(12)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.addLayout(main, 5)
        self._columns.addLayout(side, 3)
        inside = QWidget()
        inside.setLayout(self._columns)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def _shortcut(self, page: str, wanted: object, text: str) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(partial(self.wants_page.emit, page, wanted))
        return button

    def _show(self, seen: Overview) -> None:
        self.year.offer([(year, f"{year} 年度") for year in seen.years])
        self.year.blockSignals(True)
        self.year.set_value(seen.year)
        self.year.blockSignals(False)
        self.year.setVisible(len(seen.years) > 0)
        self.todos.show_todos(seen.todos, is_empty=not seen.organisations and not seen.recognitions)
        self.counted.setText(f"账簿里有企业 {seen.organisations:,} 家、认定 {seen.recognitions:,} 条。")
        self.awarded.setText(_awarded(seen))
        self.treasuries.show_lines(seen.treasuries)
        self.chart.show_bars(
            [
                Bar(line.title, line.total.fen, f"{line.awards} 笔 · {line.total.wan} 万元")
                for line in seen.titles
            ]
        )

    def _ask_checks(self) -> None:
        problems, last, now, path = (
            self._vitals.problems,
            self._vitals.last_backup,
            datetime.now(),
            self._desk.path,
        )
        work: Callable[[object], tuple[CheckLine, ...]] = lambda _tick: self_check(
            place(path), problems, last, current_pack(), now
        )
        self._desk.jobs.run(work, done=self.checks.show_lines)

    def _choose_year(self) -> None:
        self._settings.set_text(_YEAR, str(self.year.value() or ""))
        self.refresh()

    def _go_to(self, todo: Todo) -> None:
        self.wants_page.emit(todo.page, _DRAFTS if todo.id == "issue" else todo.first)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _TWO_COLUMNS_FROM
        self._columns.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )


def _awarded(seen: Overview) -> str:
    if seen.year is None:
        return "还没有测算过奖补。名单登记好以后，到“奖补”页锁定名单并测算。"
    return (
        f"奖励 {seen.awards} 笔，合计 {seen.beneficiary + seen.municipal} 元："
        f"受益财政 {seen.beneficiary} 元，市级财政 {seen.municipal} 元。"
    )


def _card(title: str, *widgets: QWidget) -> Card:
    card = Card(title)
    for widget in widgets:
        card.body.addWidget(widget)
    return card
