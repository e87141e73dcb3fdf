"""办理: the awards of a round on their way from 初审 to 归档, taken on one by one or many at a time."""

from collections.abc import Mapping, Sequence
from functools import partial
from operator import attrgetter

from PySide6.QtWidgets import QMenu

from ui.commands import Act, Place
from ui.open_book import OpenBook
from ui.pages.process_deeds import ProcessDeeds
from ui.pages.process_papers import ProcessPapers
from ui.pages.process_words import ANSWER, FILTERS, FORWARD, columns, detail_with, results_of, said_of
from ui.pages.round_page import ResultsPage
from ui.pages.rounds import AwardSource
from ui.pages.way_out import say, way_out
from ui.settings import Settings
from ui.widgets.banner import Banner
from ui.widgets.detail_panel import DetailPanel
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import TickEdit
from ui.widgets.list_pane import ListPane
from ui.widgets.result_panel import ResultPanel
from ui.widgets.round_bar import RoundBar
from ui.widgets.split import Split
from zjtx_desktop.domain.states import MOVES, AwardState, Event, Move
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases import award_file, awards, notices
from zjtx_desktop.usecases.award_file import AwardFile
from zjtx_desktop.usecases.awards import AwardLine
from zjtx_desktop.usecases.notices import ObjectionLine
from zjtx_desktop.usecases.process import ALONE, Outcome
from zjtx_desktop.usecases.rounds import RoundLine

_HINT = "查找企业、编号、文号"
_EMPTY = ("没有可以办理的奖补", "锁定名单并测算以后，每一笔奖补在这里从初审办到归档。", (("rounds", "去奖补页测算", "round"),))
_ICONS = {
    Event.EXAMINE: "check", Event.REVIEW: "checklist", Event.PUBLISH: "preview", Event.CLEAR: "calendar",
    Event.APPROVE: "success", Event.ARCHIVE: "book", Event.SEND_BACK: "undo", Event.EXCLUDE: "close", Event.REDIRECT: "payment",
}  # fmt: skip
_HERE = (
    *(one for one in FORWARD if one in ALONE | {Event.PUBLISH}),
    *(Event.WAIVE, Event.SEND_BACK, Event.EXCLUDE, Event.READMIT, Event.REDIRECT),
)
_NOTICED = (AwardState.NOTICED, AwardState.CLEARED)
_ON_TOP = (Event.SEND_BACK, Event.EXCLUDE)  # besides the step that comes next
_NOBODY = "请先在列表中选中奖补（Ctrl+A 全选）"


class ProcessPage(ResultsPage):
    """Awards of the chosen round beside what was done with each. `receive` takes an award's id: its round is
    shown, and all that stand where it stands.
    """

    title = "办理"
    help_id = "process"

    def __init__(self, desk: OpenBook, settings: Settings) -> None:
        super().__init__(desk)
        self._line: RoundLine | None = None
        self._file: AwardFile | None = None
        self.voided, self.banner, self.detail = TickEdit("显示作废的"), Banner(), DetailPanel()
        self.bar, self.deeds, self.results = RoundBar(settings, (self.voided,)), ProcessDeeds(desk, self), ResultPanel(settings)
        self.papers, self.empty = ProcessPapers(desk, settings, self), EmptyState("checklist", *_EMPTY)
        self._staffed = True
        shown = columns(lambda: self._staffed)
        source = AwardSource(shown, self._read, attrgetter("id"), FILTERS)
        self.pane = ListPane(shown, source, desk.jobs, settings, "process", _HINT, self.empty, FILTERS, unit="笔")
        self.split = Split(self.pane, self.detail, settings, "process", letters=30)
        self._stack(self.bar, self.banner, self.split, self.results)
        self._connect()

    def receive(self, wanted: object) -> None:
        if isinstance(wanted, int):
            self._desk.ask(lambda session: award_file.place_of(session, wanted), partial(self._go_to, wanted))

    def acts(self) -> Sequence[Act]:
        """The steps that the table allows for what is selected; the one most of it waits for stands out."""
        chosen, award = self.rows_chosen(), self.current
        fitting = {event: _fitting(event, chosen) for event in _HERE}
        forward = max((event for event in _HERE if event in FORWARD), key=lambda event: len(fitting[event]))
        steps = [self._act(event, chosen, fitting[event], event is forward) for event in _HERE]
        on_notice = any(each.state in _NOTICED for each in chosen)
        place = Place.MENU if on_notice else Place.TOOL
        return (
            Act("credit", lambda: self.deeds.check_credit(chosen), "信用核查…", "search", bool(chosen), place, _NOBODY),
            *self._of_notice(award, Place.TOOL if on_notice else Place.MENU),
            *steps,
            Act("export", lambda: self.papers.save_approvals(self._line), "审批表…", "export", self._line is not None, why="请先测算"),
            Act("limit", self.deeds.set_limit, "大额标准…", "settings"),
            Act("holidays", self.deeds.record_year, "节假日安排…", "calendar"),
            Act("detail", self.split.toggle),
        )

    def _of_notice(self, award: AwardLine | None, place: Place) -> tuple[Act, ...]:
        """What belongs to a public notice: buttons while one is on."""
        line, noticed = self._line, award is not None and award.state in _NOTICED
        listed = place is Place.TOOL or bool(self._file and self._file.notice)
        return (
            Act("notice_list", lambda: self._save_notice(line), "公示名单…", "export", listed, place, "请先选中公示过的奖补"),
            Act("object", lambda: self.deeds.object_to(award), "登记异议…", "warning", noticed, place, "只有公示中、公示期满的奖补可以登记异议"),
            Act("answer", self._answer, "答复异议…", "decide", bool(self._open_objections()), place, "这笔奖补没有等待答复的异议"),
        )

    def _save_notice(self, line: RoundLine) -> None:
        """Save the list of the notice that the award looked at stands on, else of the latest one."""
        seen = self._file.notice if self._file else None
        self.papers.save_notice(line, seen.line if seen else self._desk.ask_now(lambda session: notices.notices(session, line.id))[0])

    def _open_objections(self) -> list[ObjectionLine]:
        """The objections to the award looked at that nobody has answered yet."""
        notice = self._file.notice if self._file else None
        return [each for each in notice.objections if each.is_open] if notice else []

    def _answer(self, objection_id: int | None = None) -> None:
        """Answer an open objection to the award looked at, the oldest where none is named."""
        for objection in self._open_objections():
            if self.current and objection_id in (None, objection.id):
                self.deeds.answer(self.current, objection)
                return

    def _act(self, event: Event, chosen: Sequence[AwardLine], fit: Sequence[AwardLine], stands_out: bool) -> Act:
        move = _move(event, fit)
        place = Place.PRIMARY if stands_out else Place.TOOL if event in _ON_TOP else Place.MENU
        count = f"（{len(fit)} 笔）" if len(fit) > 1 else ""
        why = _NOBODY if not chosen else f"选中的奖补现在都不能“{event.label}”"
        run = partial(self._take, move, chosen, fit)
        return Act(event.value, run, f"{event.label}{count}…", _ICONS.get(event, ""), bool(fit), place, why, "F8" if stands_out else "")

    def _take(self, move: Move, chosen: Sequence[AwardLine], fit: Sequence[AwardLine]) -> None:
        if move.event is Event.PUBLISH and self._line:
            self.deeds.publish(self._line, chosen, fit)
        else:
            self.deeds.step(move, chosen, fit)

    def _connect(self) -> None:
        self.bar.chosen.connect(self._load)
        self.voided.changed.connect(self.pane.refresh)
        self.pane.selection_changed.connect(self._show_selected)
        self.pane.shown.connect(self._select_wanted)
        self.pane.refused.connect(partial(self.says.emit, "warn"))
        self.pane.view.menu_filler = self._fill_menu
        self.empty.chosen.connect(lambda page: self.wants_page.emit(page, None))
        self.detail.linked.connect(self._follow)
        self.deeds.said.connect(partial(say, self, self.banner))
        self.papers.said.connect(partial(say, self, self.banner))
        self.deeds.finished.connect(self._show_results)
        self.results.opened.connect(self.open_result)
        self.results.put_away.connect(self._back_to_list)

    def _load(self) -> None:
        self._line = self.bar.line
        self.pane.refresh()
        self.acts_changed.emit()

    def _read(self) -> Sequence[AwardLine]:
        """The awards to list; called on the worker."""
        line, voided = self._line, self.voided.isChecked()
        self._staffed = self._desk.is_staffed()
        found = self._desk.ask_now(lambda session: awards.award_lines(session, line.id)) if line else ()
        return [award for award in found if voided or award.state is not AwardState.VOIDED]

    def _show_selected(self) -> None:
        """Show what was done with the award the keyboard is on."""
        award, self._file = self.current, None
        if award:
            try:
                self._file = self._desk.ask_now(lambda session: award_file.award_file(session, award.number))
            except AppError as error:
                self.banner.say("warn", str(error))
        self.detail.show_detail(detail_with(award, self._file) if award and self._file else None)
        self.acts_changed.emit()

    def _select_wanted(self) -> None:
        super()._select_wanted()
        self._show_selected()

    def _go_to(self, wanted: int, found: tuple[int, AwardState] | None) -> None:
        if found is None:
            return
        round_id, state = found
        self.pane.filters.allow("state", frozenset((state.label,)))
        self._open_at(wanted, round_id)

    def _show_results(self, title: str, outcomes: Sequence[Outcome]) -> None:
        if said := said_of(title, outcomes):
            self.results.hide()
            self.banner.say("good", said)
        else:
            ids = {award.number: award.id for award in map(self.pane.model.row, range(self.pane.model.rowCount())) if award}
            self.banner.hide()
            self.results.show_results(title, results_of(outcomes, ids))
            self._lead_on(outcomes, ids)
        self._fit()

    def _lead_on(self, outcomes: Sequence[Outcome], ids: Mapping[str, int]) -> None:
        """Offer the page where the first refusal that has a way out is put right."""
        refused = ((one, way_out(one.why)) for one in outcomes if not one.is_done)
        one, found = next(((one, found) for one, found in refused if found), (None, None))
        if one and found:
            words, page, wanted = found
            run = partial(self.wants_page.emit, page, wanted or ids.get(one.award_number))
            self.results.results.lead_on(words, run)

    def _fill_menu(self, menu: QMenu) -> None:
        for act in self.acts():
            if act.enabled and act.text:
                menu.addAction(act.text, act.run)

    def _follow(self, link: str) -> None:
        if link.startswith(ANSWER):
            self._answer(int(link.removeprefix(ANSWER)))
        elif award := self.current:
            self.wants_page.emit(link, award.organisation_id if link == "organisations" else award.recognition_id)


def _fitting(event: Event, chosen: Sequence[AwardLine]) -> tuple[AwardLine, ...]:
    """Those that the table lets go on by this step; what is no award cannot be examined, and what has no other account
    on record goes to none.
    """
    starts = {one.start for one in MOVES if one.event is event}
    asked = {Event.EXAMINE: lambda award: award.counts, Event.REDIRECT: lambda award: award.is_redirected}.get(event)
    return tuple(award for award in chosen if award.state in starts and (asked is None or asked(award)))


def _move(event: Event, fit: Sequence[AwardLine]) -> Move:
    """The row of the table for the first of them; rows of one event ask for the same words."""
    start = fit[0].state if fit else None
    rows = [one for one in MOVES if one.event is event]
    return next((one for one in rows if one.start is start), rows[0])
