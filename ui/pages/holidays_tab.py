"""设置 › 节假日安排: the years whose days off and make-up days are known, and where another is recorded."""

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui import icons
from ui.dialogs.holidays import HolidaysDialog
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.pages.settings_tabs import Tab
from ui.widgets.detail_panel import Detail, DetailPanel, Line, Section
from zjtx_desktop.usecases import calendars
from zjtx_desktop.usecases.calendars import Arrangement
from zjtx_desktop.values import format_date

SAID = "已登记节假日安排。"
_WHY = "公示期按工作日推算。国务院办公厅每年十一月前后公布下一年的安排，公布以后在这里登记。"


class HolidaysTab(Tab):
    """Every year that is known, the latest first, and the button that records one."""

    title = "节假日安排"
    says = Signal(str, str)

    def __init__(self, desk: OpenBook) -> None:
        super().__init__()
        self._desk = desk
        self.text, self.record = DetailPanel(), QPushButton("登记节假日安排…")
        self.text.setAccessibleName(self.title)
        icons.dress(self.record, "calendar")
        self.record.clicked.connect(lambda: ask_year(desk, self, self._done))
        row = QHBoxLayout()
        row.addWidget(self.record)
        row.addStretch()
        self.column.addLayout(row)
        self.column.addWidget(self.text)

    def refresh(self) -> None:
        self._desk.ask(calendars.known_years, self._show)

    def _show(self, known: tuple[Arrangement, ...]) -> None:
        self.text.show_detail(Detail(self.title, (Section("", (_WHY,)), *map(_section, reversed(known)))))

    def _done(self) -> None:
        self._desk.tell()
        self.says.emit("good", SAID)
        self.refresh()


def ask_year(desk: OpenBook, over: QWidget, done: Callable[[], None]) -> None:
    """Ask for the days off and the make-up days of the year after the last one known, and record them."""

    def save(values: dict[str, Any], tick: Tick) -> Any:
        return desk.write("登记节假日安排", lambda session, _tick: calendars.record_year(session, **values), tick)

    years = [one.year for one in desk.ask_now(calendars.known_years)]
    dialog = HolidaysDialog(desk.jobs, max(years) + 1, f"{min(years)} 至 {max(years)} 年", save, over)
    dialog.saved.connect(lambda _: done())
    dialog.open()


def _section(one: Arrangement) -> Section:
    return Section(f"{one.year} 年", tuple(_lines(one)))


def _lines(one: Arrangement) -> Iterator[Line]:
    spans = (format_date(a) if a == b else f"{format_date(a)}至{format_date(b)}" for a, b in one.off)
    yield Line("通知", one.source)
    yield Line("放假", "、".join(spans))
    yield Line("调休上班", "、".join(map(format_date, one.work)) or "没有")
