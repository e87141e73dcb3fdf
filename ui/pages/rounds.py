"""奖补: the round of a year and its awards, each with its explanation."""

from collections.abc import Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from PySide6.QtWidgets import QMenu, QVBoxLayout

from ui.commands import Act, Place, text_of
from ui.models.source import HeldSource, Totals
from ui.open_book import OpenBook
from ui.pages.amount_deeds import AmountDeeds
from ui.pages.award_words import FILTERS, columns, detail_of, named, notice_of, standing_of, why_fixed
from ui.pages.list_deeds import ListDeeds
from ui.pages.round_deeds import RoundDeeds
from ui.pages.round_page import RoundPage
from ui.settings import Settings
from ui.widgets.banner import Banner
from ui.widgets.detail_panel import DetailPanel
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import TickEdit
from ui.widgets.list_pane import ListPane
from ui.widgets.round_bar import RoundBar
from ui.widgets.split import Split
from zjtx_desktop.domain.states import AwardState, RoundState
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases import awards, rounds
from zjtx_desktop.usecases.award_file import place_of
from zjtx_desktop.usecases.awards import AwardLine
from zjtx_desktop.usecases.rejudging import Stale
from zjtx_desktop.usecases.rounds import Overview

_HINT = "查找企业、编号、文号"
_NO_ROUND = ("还没有批次", "一个批次是一个年度的一批奖补。先新建批次，再锁定名单、测算。", (("new", "新建批次", "add"),))
_NO_AWARDS = ("还没有测算", "锁定名单以后，程序按文件逐项测算，每一笔都写明依据条款。", (("compute", "锁定并测算", "check"),))
_CARRIED = ("结转批次", "结转来的奖补仍在原来的批次中，款项在“拨付”页继续办理。", ())
_EMPTY_LIST = ("这个年度没有认定", "请先在“认定”页导入名单或登记，再测算。", ())


class AwardSource(HeldSource):
    """The awards of a round; voided ones are listed where asked for, and never summed."""

    def sums(self, rows: Iterable[Any]) -> Totals:
        listed = [row for row in rows if row is not None]
        return Totals(len(listed), super().sums(row for row in listed if row.counts).sums)


class RoundsPage(RoundPage):
    """Awards of the chosen round beside their explanation; `notice` says what the round wants to be looked at for, `banner`
    what came of a deed. `receive` takes an award's id, or a 结论 to filter by."""

    title = "奖补"
    help_id = "rounds"

    def __init__(self, desk: OpenBook, settings: Settings) -> None:
        super().__init__(desk)
        self._overview: Overview | None = None
        self._stale: dict[int, Stale] = {}  # the awards that would be judged otherwise today
        self._kept: int | None = None  # the recognition looked at last: its award has another id once computed anew
        self.voided, self.notice, self.banner, self.detail = TickEdit("显示作废的"), Banner(), Banner(), DetailPanel()
        self.bar, self.deeds = RoundBar(settings, (self.voided,)), RoundDeeds(desk, settings, self)
        self.amounts = AmountDeeds(desk, settings, self)
        self.empty = EmptyState("round", "正在读取…")
        shown = columns(lambda award_id: award_id in self._stale)
        source = AwardSource(shown, self._read, attrgetter("id"), FILTERS)
        self.pane = ListPane(shown, source, desk.jobs, settings, "awards", _HINT, self.empty, FILTERS, unit="笔")
        self.split = Split(self.pane, self.detail, settings, "awards", letters=30)
        self.lists = ListDeeds(desk, settings, self, lambda: self.pane, lambda: f"{named(self.bar.line)}奖补名单")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.bar, self.notice, self.banner, self.split):
            layout.addWidget(widget)
        layout.setStretchFactor(self.split, 1)
        self._connect()

    def receive(self, wanted: object) -> None:
        if isinstance(wanted, str):
            self.pane.filters.allow("verdict", frozenset((wanted,)))
        elif isinstance(wanted, int):
            self._go_to(wanted, self._desk.ask_now(lambda session: place_of(session, wanted)))

    def acts(self) -> Sequence[Act]:
        """The verbs of the round, then those of the award selected."""
        line, seen, tool, first, shut = self.bar.line, self._overview, Place.TOOL, "请先新建批次", why_fixed(self.bar.line)
        fixed = seen is not None and seen.line.state is not RoundState.OPEN
        newer = bool(seen and seen.newer) and not shut
        compute, deeds = "重新测算" if fixed else "锁定并测算", self.deeds
        return (
            Act("new", deeds.make_round, "新建批次…", "add", place=tool),
            Act("choices", lambda: deeds.change_choices(line), "测算口径…", "settings", bool(line) and not shut, tool, shut or first),
            *self._acts_on(self.current, seen),
            Act("stale", lambda: deeds.show_stale(seen), "测算后有变化…", "warning", bool(self._stale), why="没有测算后有变化的奖补"),
            Act("in_order", lambda: deeds.show_in_order(line), "试算先后…", "report", bool(seen and seen.open_years), why="以前年度没有还要测算的认定"),
            Act("policy", lambda: deeds.take_policy(line), "采用新政策…", "refresh", newer, why=shut or "本批次用的就是现行政策，或已有奖补下达"),
            Act("unlock", lambda: deeds.unlock(seen), "解除锁定…", "unlock", fixed and not shut, why=shut or "名单还没有锁定"),
            Act("export", lambda: deeds.save_basis(line), "测算依据…", "export", fixed, tool, "请先测算"),
            Act("year_end", lambda: self.amounts.close_year(line and line.year), "年度结账和结转…", "lock", line is not None, why=first),
            *self.lists.acts(),
            Act("detail", self.split.toggle),
            Act("compute", lambda: deeds.compute(seen), compute, "check", bool(seen) and not shut, Place.PRIMARY, shut or first, "F9"),
        )

    def _acts_on(self, award: AwardLine | None, seen: Overview | None) -> tuple[Act, ...]:
        shut = bool(seen and seen.line.closed)
        draft = award is not None and award.state is AwardState.DRAFT and not shut
        issued = award is not None and award.state is AwardState.ISSUED and not shut
        gone = award is not None and award.state is AwardState.VOIDED and not award.replaced_by and not shut
        asked, paid = draft and bool(award and award.questions), draft and bool(award and award.parts)
        why, whose = "请先选中一笔待定、等待决定的奖补", "只有草稿状态、测算有金额的奖补可以核定"
        return (
            Act("edit", lambda: self.deeds.decide(award, seen), "裁定…", "decide", asked, Place.TOOL, why),
            Act("manual", lambda: self.amounts.set_amount(award), "人工核定…", "edit", paid, why=whose),
            Act("delete", lambda: self.deeds.void(award), "作废…", "delete", issued, why="只有已下达的奖补可以作废"),
            Act("redo_award", lambda: self.amounts.redo(award), "更正重办…", "redo", issued or gone, why="只有已下达或已作废的奖补可以更正重办"),
            Act("attachments", lambda: self.deeds.show_attachments(award), "认定的附件…", "attach", award is not None),
        )

    def _connect(self) -> None:
        self.bar.chosen.connect(self._load)
        self.voided.changed.connect(self.pane.refresh)
        self.pane.selection_changed.connect(self._show_selected)
        self.pane.shown.connect(self._select_wanted)
        self.pane.shown.connect(self.acts_changed)
        self.pane.refused.connect(partial(self.says.emit, "warn"))
        self.pane.view.opened.connect(partial(self._run, "edit"))
        self.pane.view.menu_filler = self._fill_menu
        self.empty.chosen.connect(self._run)
        self.detail.linked.connect(self._follow)
        for deeds in (self.deeds, self.amounts):
            deeds.said.connect(self.banner.say)
            deeds.changed.connect(self.refresh)
        self.amounts.wanted.connect(lambda award_id: self._desk.ask(lambda session: place_of(session, award_id), partial(self._go_to, award_id)))
        self.lists.said.connect(self.banner.say)
        self.deeds.made.connect(self.bar.go_to)
        self.deeds.to_process.connect(partial(self.wants_page.emit, "process"))
        self.deeds.to_compute.connect(partial(self._run, "compute"))

    def _load(self) -> None:
        line = self.bar.line
        if line is None:
            self._show(None)
        else:
            self._desk.ask(lambda session: rounds.overview(session, line.id), self._show, self._fail)

    def _show(self, seen: Overview | None) -> None:
        self._overview = seen
        self.bar.say(standing_of(seen, self._desk.is_staffed()) if seen else "")
        self.voided.setVisible(bool(seen and seen.voided))
        self.empty.say(*(_NO_ROUND if seen is None else _CARRIED if seen.line.follows else _NO_AWARDS if seen.listed else _EMPTY_LIST))
        self._stale = {one.award_id: one for one in seen.stale} if seen else {}
        if notice := notice_of(seen):
            tone, said, action, verb = notice
            self.notice.say(tone, said, action, partial(self._run, verb))
        else:
            self.notice.hide()
        self.pane.refresh()
        self.acts_changed.emit()

    def _fail(self, error: AppError) -> None:
        self.banner.say("error", str(error))

    def _read(self) -> Sequence[AwardLine]:
        """The awards to list; called on the worker."""
        seen, voided = self._overview, self.voided.isChecked()
        lines = self._desk.ask_now(lambda session: awards.award_lines(session, seen.line.id)) if seen else ()
        return [line for line in lines if voided or line.state is not AwardState.VOIDED]

    def _go_to(self, award_id: int, place: tuple[int, AwardState] | None) -> None:
        """Show an award, in whichever round it is."""
        if place:
            self._open_at(award_id, place[0])

    def _show_selected(self) -> None:
        award, seen = self.current, self._overview
        if award:
            self._kept = award.recognition_id
        self.detail.show_detail(detail_of(award, seen.questions, self._stale.get(award.id)) if award and seen else None)
        self.acts_changed.emit()

    def _first(self) -> int:
        """The award of the recognition looked at last, else the first."""
        rows = map(self.pane.model.row, range(self.pane.model.rowCount()))
        return next((row.id for row in rows if row.recognition_id == self._kept), super()._first())

    def _run(self, name: str, *_more: object) -> None:
        for act in self.acts():
            if act.id == name and act.enabled:
                act.run()

    def _fill_menu(self, menu: QMenu) -> None:
        for act in self._acts_on(self.current, self._overview):
            menu.addAction(text_of(act), act.run).setEnabled(act.enabled)

    def _follow(self, link: str) -> None:
        award = self.current
        if award:
            self.wants_page.emit(link, award.organisation_id if link == "organisations" else award.recognition_id)
