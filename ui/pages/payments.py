"""拨付: what each treasury pays of the issued awards of a round, how far that has come, and the budgets over it."""

from collections.abc import Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from PySide6.QtWidgets import QMenu

from ui.commands import Act, Place
from ui.dialogs.movements import DEEDS, room
from ui.models.source import HeldSource, Totals
from ui.open_book import OpenBook
from ui.pages.payment_deeds import PaymentDeeds
from ui.pages.payment_words import ACCOUNT, COLUMNS, FILTERS, detail_of
from ui.pages.process_words import results_of, said_of
from ui.pages.round_page import ResultsPage
from ui.settings import Settings
from ui.widgets.banner import Banner
from ui.widgets.budget_bars import BudgetBars
from ui.widgets.detail_panel import DetailPanel
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import TickEdit
from ui.widgets.list_pane import ListPane
from ui.widgets.result_panel import ResultPanel
from ui.widgets.round_bar import RoundBar
from ui.widgets.split import Split
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases import budgets, standings
from zjtx_desktop.usecases.budgets import BudgetLine
from zjtx_desktop.usecases.process import Outcome
from zjtx_desktop.usecases.rounds import RoundLine
from zjtx_desktop.usecases.standings import EntryLine, PartLine

_HINT = "查找企业、文号、银行"
_EMPTY = ("没有已下达的奖补", "拨付通知下达以后，由各财政承担的部分列在这里，等待拨付。", (("letters", "去文书页下达", "letter"),))
_NOBODY = "请先在列表中选中（Ctrl+A 全选）"
_LOW = 26  # lines of text: a screen at 150 % has fewer
_CITY = (EntryKind.REQUESTED, EntryKind.APPROVED, EntryKind.ARRIVED)
_REVOCABLE = (AwardState.ISSUED, AwardState.PAID, AwardState.ARCHIVED)


class PartSource(HeldSource):
    """The parts of issued awards; those of voided ones are listed where asked for, and never summed."""

    def sums(self, rows: Iterable[Any]) -> Totals:
        listed = [row for row in rows if row is not None]
        living = (row for row in listed if row.award_state is not AwardState.VOIDED)
        return Totals(len(listed), super().sums(living).sums)


class PaymentsPage(ResultsPage):
    """The parts of the chosen round beside their ledger. `receive` takes a part's id."""

    title = "拨付"
    help_id = "payments"

    def __init__(self, desk: OpenBook, settings: Settings) -> None:
        super().__init__(desk)
        self._line: RoundLine | None = None
        self._budgets: Sequence[BudgetLine] = ()
        self._shown: tuple[int, bool] = (0, False)  # the part in the detail, and whether its whole account is
        self.voided, self.banner, self.detail = TickEdit("显示作废的"), Banner(), DetailPanel()
        self.bar, self.bars = RoundBar(settings, (self.voided,)), BudgetBars()
        self.deeds, self.results = PaymentDeeds(desk, settings, self), ResultPanel(settings)
        source = PartSource(COLUMNS, self._read, attrgetter("id"), FILTERS)
        empty = EmptyState("payment", *_EMPTY)
        empty.chosen.connect(lambda page: self.wants_page.emit(page, None))
        self.pane = ListPane(COLUMNS, source, desk.jobs, settings, "payments", _HINT, empty, FILTERS, unit="笔")
        self.split = Split(self.pane, self.detail, settings, "payments", letters=26)
        self._stack(self.bar, self.banner, self.bars, self.split, self.results)
        self._connect()

    def receive(self, wanted: object) -> None:
        if isinstance(wanted, int):
            self._desk.ask(lambda session: standings.round_of_part(session, wanted), partial(self._go_to, wanted))

    def acts(self) -> Sequence[Act]:
        """Paying stands out; of the steps of the city's money the one that most of the selection waits for is a button."""
        chosen, line, deeds, tool = self.rows_chosen(), self._line, self.deeds, Place.TOOL
        city = max(_CITY, key=lambda kind: sum(bool(room(kind, part)) for part in chosen))
        places = {city: tool, EntryKind.PAID: Place.PRIMARY}
        some, first = bool(chosen), "请先新建批次并测算"
        return (
            Act("budget", lambda: deeds.set_budget(line, self._budgets), "登记预算…", "chart", line is not None, tool, first),
            Act("export", lambda: deeds.export(line, chosen), "收款人清单…", "export", some, tool, _NOBODY),
            *(self._act(kind, chosen, places.get(kind, Place.MENU)) for kind in DEEDS if kind is not EntryKind.PAID),
            *self._clawback(self.current),
            Act("detail", self.split.toggle),
            self._act(EntryKind.PAID, chosen, Place.PRIMARY),
        )

    def _act(self, kind: EntryKind, chosen: Sequence[PartLine], place: Place) -> Act:
        fit, deed = [part for part in chosen if room(kind, part)], DEEDS[kind]
        count = f"（{len(fit)} 笔）" if len(fit) > 1 else ""
        why = f"选中的现在都不能“{deed.verb}”" if chosen else _NOBODY
        run = partial(self.deeds.enter, kind, chosen)
        key = "F8" if place is Place.PRIMARY else ""
        return Act(kind.value, run, f"{deed.verb}{count}…", deed.icon, bool(fit), place, why, key)

    def _clawback(self, part: PartLine | None) -> tuple[Act, ...]:
        issued = part is not None and part.award_state in _REVOCABLE
        claimed = part is not None and part.award_state is AwardState.REVOKED
        return (
            Act("revoke", lambda: self.deeds.revoke(part), "撤销认定追回…", "warning", issued, why="请先选中一笔已下达的奖补"),
            Act("recover", lambda: self.deeds.recover(part), "登记追回…", "redo", claimed, Place.TOOL if claimed else Place.MENU, "请先选中一笔待追回的奖补"),
        )

    def _connect(self) -> None:
        self.bar.chosen.connect(self._load)
        self.voided.changed.connect(self.pane.refresh)
        self.pane.selection_changed.connect(self._show_selected)
        self.pane.shown.connect(self._select_wanted)
        self.pane.refused.connect(partial(self.says.emit, "warn"))
        self.pane.view.menu_filler = self._fill_menu
        self.detail.linked.connect(self._follow)
        self.deeds.said.connect(self._tell)
        self.deeds.finished.connect(self._show_results)
        self.results.opened.connect(self.open_result)
        self.results.put_away.connect(self._back_to_list)

    def _load(self) -> None:
        line = self._line = self.bar.line
        self.pane.refresh()
        if line:
            self._desk.ask(lambda session: budgets.budget_lines(session, line.id), self._show_budgets, self._fail)
        else:
            self._show_budgets(())
        self.acts_changed.emit()

    def _read(self) -> Sequence[PartLine]:
        """The parts to list; called on the worker."""
        line, voided = self._line, self.voided.isChecked()
        found = self._desk.ask_now(lambda session: standings.part_lines(session, line.id)) if line else ()
        return [part for part in found if voided or part.award_state is not AwardState.VOIDED]

    def _show_budgets(self, lines: Sequence[BudgetLine]) -> None:
        self._budgets = lines
        self.bars.show_lines([line for line in lines if line.budget is not None or line.spoken_for or line.waiting])
        self._fit()

    def _show_selected(self) -> None:
        """Show the ledger of the part the keyboard is on."""
        self.acts_changed.emit()
        part = self.current
        if part is None:
            self.detail.show_detail(None)
            return
        if self._shown[0] != part.id:
            self._shown = (part.id, False)
        entries: Sequence[EntryLine] = self._desk.ask_now(lambda session: standings.entries_of_part(session, part.id))
        self.detail.show_detail(detail_of(part, entries, self._shown[1]))

    def _select_wanted(self) -> None:
        super()._select_wanted()
        self._show_selected()

    def _go_to(self, wanted: int, round_id: int | None) -> None:
        if round_id is not None:
            self._open_at(wanted, round_id)

    def _show_results(self, title: str, outcomes: Sequence[Outcome]) -> None:
        self.refresh()
        if said := said_of(title, outcomes):
            self.results.hide()
            self.banner.say("good", said)
            self._fit()
            return
        self.banner.hide()
        ids = {part.award_number: part.id for part in map(self.pane.model.row, range(self.pane.model.rowCount())) if part}
        self.results.show_results(title, results_of(outcomes, ids))
        self._fit()

    def _tell(self, tone: str, sentence: str) -> None:
        self.refresh()
        self.banner.say(tone, sentence)

    def _fit(self) -> bool:
        """The bars are for the list: low where that has little height, away where it is."""
        both = super()._fit()
        self.bars.set_low(self.height() // self.fontMetrics().lineSpacing() < _LOW)
        self.bars.setVisible(both and bool(self.bars.bars))
        return both

    def _fill_menu(self, menu: QMenu) -> None:
        for act in self.acts():
            if act.enabled and act.text:
                menu.addAction(act.text, act.run)

    def _follow(self, link: str) -> None:
        part = self.current
        if part and link == ACCOUNT:
            self._shown = (part.id, True)
            self._show_selected()
        elif part:
            self.wants_page.emit(link, part.award_id)

    def _fail(self, error: AppError) -> None:
        self.banner.say("error", str(error))
