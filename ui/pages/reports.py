"""报送: what would go to the city now, sheet by sheet, and what went there before."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QTabWidget, QVBoxLayout

from ui.commands import Act, Place
from ui.dialogs.files import ask_file
from ui.models.column import Column, Kind
from ui.models.table import TableModel
from ui.open_book import OpenBook
from ui.page import Page
from ui.pages.way_out import say
from ui.settings import Settings
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.list_view import ListView
from ui.widgets.round_bar import RoundBar
from ui.widgets.sheet_view import SheetView
from zjtx_desktop.domain.states import RoundState
from zjtx_desktop.errors import AppError
from zjtx_desktop.exchange.city_plan import Sheet
from zjtx_desktop.exchange.city_report import WrittenWorkbook
from zjtx_desktop.usecases import rounds, submissions
from zjtx_desktop.usecases.rounds import RoundLine
from zjtx_desktop.usecases.submissions import SubmissionLine

XLSX = "Excel 工作簿 (*.xlsx)"
_SHEETS = ("汇总表", "明细表", "不予奖励及待定", "校验")
_NO_ROUND = ("还没有可以报送的批次", "锁定名单、测算以后，这里显示报给市里的表。", (("rounds", "去奖补页测算", "round"),))
_REFUSED = ("现在不能报送", "原因见上方。处理以后按 F5 刷新。", ())
_LOADING = ("正在编制报表…", "", ())
_RECORD = "导出记录"
_NOT_SENT = ("这个批次还没有导出过报送表", "每次导出的时间、文件、金额和经办人都记在这里，供以后核对。", (("export", "导出报送表", "export"),))
_SENT = (
    Column("at", "导出时间", lambda line: _local(line.at), letters=10),
    Column("file_name", "文件", attrgetter("file_name"), letters=20),
    Column("awards", "奖励笔数", attrgetter("awards"), Kind.NUMBER, letters=5),
    Column("beneficiary", "受益财政（元）", attrgetter("beneficiary"), Kind.MONEY, letters=8),
    Column("municipal", "市级财政（元）", attrgetter("municipal"), Kind.MONEY, letters=8),
    Column("total", "合计（元）", attrgetter("total"), Kind.MONEY, letters=8),
    Column("by", "经办", attrgetter("by"), letters=5),
    Column("sha256", "文件校验值（SHA-256）", attrgetter("sha256"), Kind.CODE, letters=16),
)


class ReportsPage(Page):
    """The sheets of the chosen round as they would be written, and the list of what was exported when."""

    title = "报送"
    help_id = "reports"

    def __init__(self, desk: OpenBook, settings: Settings) -> None:
        super().__init__()
        self._desk, self._settings = desk, settings
        self._may_go = False
        self.bar, self.banner, self.tabs = RoundBar(settings), Banner(), QTabWidget()
        self.views = [SheetView() for _ in _SHEETS]
        for name, view in zip(_SHEETS, self.views, strict=True):
            self.tabs.addTab(view, name)
        self.empty = EmptyState("report", *_LOADING)
        self.stack = QStackedWidget()
        for widget in (self.empty, self.tabs):
            self.stack.addWidget(widget)
        self.model = TableModel(_SENT, attrgetter("id"), parent=self)
        self.sent = ListView(self.model, settings, "submissions")
        self.sent.setAccessibleName(_RECORD)
        self.not_sent, self.record = EmptyState("report", *_NOT_SENT), QStackedWidget()
        for widget in (self.not_sent, self.sent):
            self.record.addWidget(widget)
        self.tabs.addTab(self.record, _RECORD)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.bar, self.banner, self.stack):
            layout.addWidget(widget)
        layout.setStretchFactor(self.stack, 1)
        self.bar.chosen.connect(self._load)
        self.sent.sort_changed.connect(self.model.sort_held)
        self.empty.chosen.connect(lambda page: self.wants_page.emit(page, None))
        self.not_sent.chosen.connect(self.export)

    def refresh(self) -> None:
        self._desk.ask(rounds.rounds, self._offer)

    def acts(self) -> Sequence[Act]:
        return (Act("export", self.export, "导出报送表…", "export", self._may_go, Place.PRIMARY, "请先测算；不能报送的原因见页面上方"),)

    def export(self) -> None:
        """Ask for a file, write the workbook, read it back and log it."""
        line = self.bar.line
        name = line and self._desk.ask_now(lambda session: submissions.file_name(session, line))
        path = name and ask_file(self, self._settings, "导出报送表", name, XLSX)
        if line and path:

            def deed(session: Any, tick: Any) -> WrittenWorkbook:
                return submissions.send(session, line, path, date.today(), self._desk.person, overwrite=True, tick=tick)

            self._desk.act(f"导出 {line.year} 年度报送表", deed, self._exported, partial(self._fail, keep=True))

    def _offer(self, lines: tuple[RoundLine, ...]) -> None:
        self.bar.offer(lines)
        self._load()

    def _load(self) -> None:
        """Lay the report out on the worker, as it would be written just now."""
        line = self.bar.line
        if line is None or line.state is RoundState.OPEN:
            self._show_none(*_NO_ROUND)
            self._show_sent(())
            return

        def lay_out(session: Any) -> tuple[Sheet, ...]:
            return submissions.sheets(session, line, date.today(), self._desk.person)

        self._desk.ask(lay_out, self._show, self._fail, "编制报表")
        self._desk.ask(lambda session: submissions.sent(session, line.id), self._show_sent)

    def _show(self, sheets: tuple[Sheet, ...]) -> None:
        self._may_go = True
        for view, sheet in zip(self.views, sheets, strict=True):
            view.show_sheet(sheet)
        self.stack.setCurrentWidget(self.tabs)
        self.bar.say("表中内容就是导出的内容，导出后会读回核对。")
        self.acts_changed.emit()

    def _show_none(self, headline: str, sentence: str, buttons: tuple[tuple[str, str, str], ...]) -> None:
        self._may_go = False
        self.empty.say(headline, sentence, buttons)
        self.stack.setCurrentWidget(self.empty)
        self.bar.say("")
        self.acts_changed.emit()

    def _show_sent(self, lines: tuple[SubmissionLine, ...]) -> None:
        self.model.show(lines)
        self.record.setCurrentWidget(self.sent if lines else self.not_sent)
        self.tabs.setTabText(self.tabs.indexOf(self.record), f"{_RECORD}（{len(lines)}）")

    def _exported(self, written: WrittenWorkbook) -> None:
        sums = f"奖励 {written.awards} 笔，受益财政 {written.beneficiary} 元，市级财政 {written.municipal} 元，合计 {written.total} 元，尚需市级下达 {written.to_come} 元"
        self.banner.say("good", f"已导出并读回核对：{written.path}。{sums}。")
        self.refresh()

    def _fail(self, error: AppError, keep: bool = False) -> None:
        """A refusal to lay out leaves nothing to show; one to write leaves the preview."""
        say(self, self.banner, "error", str(error))
        if not keep:
            self._show_none(*_REFUSED)


def _local(moment: Any) -> str:
    here = moment.astimezone()
    return f"{here:%Y-%m-%d %H:%M}"
