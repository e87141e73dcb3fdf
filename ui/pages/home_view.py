"""The face of 工作台: cards of figures and short cuts. It asks nothing of a book, so that the start can fill it early."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.settings import Settings
from ui.widgets.bar_chart import Bar, BarChart
from ui.widgets.card import Card
from ui.widgets.fields import ChoiceEdit
from ui.widgets.labels import label
from ui.widgets.todo_list import TodoList
from ui.widgets.treasury_table import TreasuryTable
from zjtx_desktop.usecases.overview import Overview, Todo

TITLE = "工作台"
YEAR = "home/year"  # the setting
FIGURES = "homeFigures"  # the object name of the line that is filled last
_TWO_COLUMNS_FROM = 860  # logical pixels
_DRAFTS = "drafts"
_SHORTCUTS: tuple[tuple[str, object, str], ...] = (
    ("recognitions", ("import",), "导入名单"),
    ("organisations", None, "登记企业"),
    ("rounds", None, "测算奖补"),
    ("letters", _DRAFTS, "下达拨付通知"),
    ("reports", None, "报送市里"),
)


class HomeView(QWidget):
    """Shows an Overview. `asked(page, wanted)`: a click wants that page. `health` is the card of the self-check.

    A click before `take_over`, while the book is still being opened, is kept and given to who takes over.
    """

    asked = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._kept: tuple[str, object] | None = None
        self.todos, self.treasuries = TodoList(), TreasuryTable()
        self.paid = label(role="soft", wraps=True)
        self.chart = BarChart("各称号奖补金额")
        self.year = ChoiceEdit()
        self.year.setAccessibleName("年度")
        self.year.setSizeAdjustPolicy(ChoiceEdit.SizeAdjustPolicy.AdjustToContents)
        self.year.setEnabled(False)
        self.counted, self.awarded = label(role="soft", wraps=True), label(role="soft", wraps=True)
        self.counted.setObjectName(FIGURES)
        self._opening = label("正在打开账簿，打开后自检。", "soft", wraps=True)
        self.health = _card("自检", self._opening)
        self.columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self.todos.chosen.connect(self._go_to)
        self.asked.connect(self._keep)

    def take_over(self, checks: QWidget) -> tuple[str, object] | None:
        """The book is open: `checks` shows its self-check; what was clicked meanwhile."""
        self.asked.disconnect(self._keep)
        self._opening.hide()
        self.health.body.addWidget(checks)
        self.year.setEnabled(True)
        return self._kept

    def _keep(self, page: str, wanted: object) -> None:
        self._kept = (page, wanted)

    def _lay_out(self) -> None:
        main, side = QVBoxLayout(), QVBoxLayout()
        for column in (main, side):
            column.setSpacing(12)
        main.addWidget(_card("待办", self.todos, self.counted))
        money = _card("奖补资金", self.awarded, self.treasuries, self.paid, label("各称号", "soft"), self.chart)
        money.head.addWidget(self.year)
        main.addWidget(money)
        main.addStretch()
        side.addWidget(self.health)
        side.addWidget(_card("常用操作", *(self._shortcut(*one) for one in _SHORTCUTS)))
        side.addStretch()
        self.columns.setSpacing(12)
        self.columns.setContentsMargins(0, 0, 0, 0)
        self.columns.addLayout(main, 5)
        self.columns.addLayout(side, 3)
        inside = QWidget()
        inside.setLayout(self.columns)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def _shortcut(self, page: str, wanted: object, text: str) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(partial(self.asked.emit, page, wanted))
        return button

    def show_overview(self, seen: Overview) -> None:
        """Show these figures."""
        self.year.offer([(year, f"{year} 年度") for year in seen.years])
        self.year.blockSignals(True)
        self.year.set_value(seen.year)
        self.year.blockSignals(False)
        self.year.setVisible(len(seen.years) > 0)
        self.todos.show_todos(seen.todos, is_empty=not seen.organisations and not seen.recognitions)
        self.counted.setText(f"账簿里有企业 {seen.organisations:,} 家、认定 {seen.recognitions:,} 条。")
        self.awarded.setText(_awarded(seen))
        self.treasuries.show_lines(seen.treasuries)
        self.paid.setText(_paid(seen))
        self.paid.setVisible(bool(self.paid.text()))
        self.chart.show_bars(
            [
                Bar(line.title, line.total.fen, f"{line.awards} 笔 · {line.total.wan} 万元")
                for line in seen.titles
            ]
        )

    def _go_to(self, todo: Todo) -> None:
        self.asked.emit(todo.page, _DRAFTS if todo.id == "issue" else todo.first)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _TWO_COLUMNS_FROM
        self.columns.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )


def wanted_year(settings: Settings) -> int | None:
    """The year whose money the person looked at last; None for the latest."""
    text = settings.text(YEAR)
    return int(text) if text.isdecimal() else None


def _awarded(seen: Overview) -> str:
    if seen.year is None:
        return "还没有测算过奖补。名单登记好以后，到“奖补”页锁定名单并测算。"
    return (
        f"奖励 {seen.awards} 笔，合计 {seen.beneficiary + seen.municipal} 元："
        f"受益财政 {seen.beneficiary} 元，市级财政 {seen.municipal} 元。"
    )


def _paid(seen: Overview) -> str:
    """What became of the issued awards, by treasury; empty before the first letter."""
    moved = [line for line in seen.treasuries if line.issued.granted]
    each = "；".join(f"{line.treasury}核定 {line.issued.granted} 元，{line.issued.told}" for line in moved)
    return f"已下达的：{each}。" if moved else ""


def _card(title: str, *widgets: QWidget) -> Card:
    card = Card(title)
    for widget in widgets:
        card.body.addWidget(widget)
    return card
