"""文书: the letters of a round, those to be issued and those in the register, with the very page beside them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ui.commands import Act, Place
from ui.models.column import Column, Kind, State
from ui.models.source import HeldSource, Totals
from ui.open_book import OpenBook
from ui.pages.award_words import named, title_of
from ui.pages.letter_deeds import Chosen, LetterDeeds
from ui.pages.list_deeds import ListDeeds
from ui.pages.round_page import RoundPage
from ui.pages.way_out import say
from ui.settings import Settings
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.list_pane import ListPane
from ui.widgets.pdf_preview import PdfPreview
from ui.widgets.round_bar import RoundBar
from ui.widgets.split import Split
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases import letters, printouts
from zjtx_desktop.usecases.rounds import RoundLine

_DRAFTS = (
    Column("organisation", "收文单位", lambda award: award.facts.organisation, letters=15),
    Column("title", "称号", title_of, letters=13),
    Column("total", "金额（元）", attrgetter("total"), Kind.MONEY, letters=7),
    Column("level", "级别", lambda award: award.facts.level.value, letters=4),
    Column("number", "奖补编号", attrgetter("number"), Kind.CODE, letters=10),
)
_ISSUED = (
    Column("number", "文号", attrgetter("number"), letters=11),
    Column("addressee", "收文单位", attrgetter("addressee"), letters=14),
    Column("total", "金额（元）", attrgetter("total"), Kind.MONEY, letters=7),
    Column("state", "状态", lambda line: State("作废", "error") if line.voided else State("已下达", "good"), Kind.STATE, letters=5),
    Column("issued_on", "签发日期", attrgetter("issued_on"), Kind.DATE, letters=6),
    Column("prints", "打印次数", attrgetter("prints"), Kind.NUMBER, letters=5),
    Column("pages", "页数", attrgetter("pages"), Kind.NUMBER, letters=4, hidden=True),
    Column("award", "奖补编号", attrgetter("award_number"), Kind.CODE, letters=10, hidden=True),
)
_NO_DRAFTS = ("没有待下达的通知", "审定以后尚未下达的奖补列在这里；没有建人员的账簿，测算以后就列出。", (("rounds", "去奖补页测算", "round"),))
_NO_ISSUED = ("登记簿里还没有文书", "下达以后，通知连同文号和原件存在这里，可以随时重印。", ())


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of the two lists: what it holds, what it is called on paper, and how it is read."""

    id: str
    text: str
    paper: str
    columns: tuple[Column, ...]
    read: Callable[[Any, int], Sequence[Any]]
    empty: tuple[str, str, tuple[tuple[str, str, str], ...]]
    filters: tuple[str, ...]


_KINDS = (
    _Kind("drafts", "待下达", "待下达拨付通知名单", _DRAFTS, letters.ready, _NO_DRAFTS, ("title", "level")),
    _Kind("issued", "已下达登记簿", "拨付通知登记簿", _ISSUED, letters.register, _NO_ISSUED, ("state",)),
)


class LetterSource(HeldSource):
    """Letters of a round; voided ones are listed and not summed."""

    def sums(self, rows: Iterable[Any]) -> Totals:
        listed = [row for row in rows if row is not None]
        return Totals(len(listed), super().sums(row for row in listed if not getattr(row, "voided", False)).sums)


class LettersPage(RoundPage):
    """Drafts and the register of the chosen round. `receive` takes “drafts” or “issued”, or the id of a document."""

    title = "文书"
    help_id = "letters"

    def __init__(self, desk: OpenBook, settings: Settings) -> None:
        super().__init__(desk)
        self._settings = settings
        self._line: RoundLine | None = None
        self._just_issued: tuple[int, ...] = ()
        self._ticket = 0
        self.tabs, self.banner, self.preview = QButtonGroup(self), Banner(), PdfPreview()
        self.deeds = LetterDeeds(desk, settings, self)
        self.list_deeds = ListDeeds(desk, settings, self, lambda: self.pane, self._on_paper)
        buttons = [self._tab(place, kind) for place, kind in enumerate(_KINDS)]
        self.bar = RoundBar(settings, buttons)
        self.panes = [self._pane(kind) for kind in _KINDS]
        self.lists = QStackedWidget()
        for pane in self.panes:
            self.lists.addWidget(pane)
        self.split = Split(self.lists, self.preview, settings, "letters", letters=38)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.bar, self.banner, self.split):
            layout.addWidget(widget)
        layout.setStretchFactor(self.split, 1)
        self._connect()

    @property
    def kind(self) -> str:
        """Which list is shown: drafts or issued."""
        return _KINDS[self.lists.currentIndex()].id

    @property
    def pane(self) -> ListPane:
        """The list shown."""
        return self.panes[self.lists.currentIndex()]

    def chosen(self) -> Chosen:
        """The rows selected, in the list's order."""
        return Chosen(self.kind, self.rows_chosen())

    def receive(self, wanted: object) -> None:
        if isinstance(wanted, int):
            self._wanted = wanted
        self.show_kind("issued" if isinstance(wanted, int) else str(wanted))

    def show_kind(self, name: str) -> None:
        """Show the drafts or the register."""
        place = next((place for place, kind in enumerate(_KINDS) if kind.id == name), 0)
        self.tabs.button(place).setChecked(True)

    def acts(self) -> Sequence[Act]:
        """Issuing stands out over drafts, printing over the register."""
        chosen, line, deeds = self.chosen(), self._line, self.deeds
        some, drafts, tool = bool(chosen), self.kind == "drafts", Place.TOOL
        issue = f"下达选中的 {len(chosen)} 份…" if chosen else "下达…"
        why, number = "请先在列表中选中通知（Ctrl+A 全选）", f"（{len(chosen)} 份）" if len(chosen) > 1 else ""
        own = (
            Act("export", lambda: deeds.save_one(line, chosen), "存为一个 PDF…", "export", some, tool, why),
            Act("save_each", lambda: deeds.save_each(line, chosen), "每份存一个 PDF…", "folder", some, tool, why),
            Act("print", lambda: deeds.print(line, chosen), f"打印{number}…", "print", some, tool if drafts else Place.PRIMARY, why),
            Act("basis", lambda: deeds.save_basis(line), "测算依据…", "checklist", line is not None, why="请先测算"),
            *self.list_deeds.acts("print_list"),
            Act("detail", self.split.toggle),
        )
        return (*own, Act("issue", lambda: deeds.issue(line, chosen), issue, "letter", some, Place.PRIMARY, why, "F8")) if drafts else own

    def _on_paper(self) -> str:
        """What the list shown is called when it is printed."""
        return f"{named(self._line) if self._line else ''}{_KINDS[self.lists.currentIndex()].paper}"

    def _connect(self) -> None:
        self.bar.chosen.connect(self._load)
        self.tabs.idToggled.connect(self._switch)
        self.deeds.said.connect(partial(say, self, self.banner))
        self.list_deeds.said.connect(self.banner.say)
        self.deeds.changed.connect(self.refresh)
        self.deeds.issued.connect(self._show_issued)

    def _tab(self, place: int, kind: _Kind) -> QPushButton:
        button = QPushButton(kind.text, checkable=True, checked=not place)
        button.setProperty("role", "plain")
        self.tabs.addButton(button, place)
        return button

    def _pane(self, kind: _Kind) -> ListPane:
        def read() -> Sequence[Any]:
            line = self._line
            return self._desk.ask_now(lambda session: kind.read(session, line.id)) if line else ()

        empty = EmptyState("letter", *kind.empty)
        empty.chosen.connect(lambda page: self.wants_page.emit(page, None))
        source = LetterSource(kind.columns, read, attrgetter("id"), kind.filters)
        hint = "查找单位、编号" if kind.id == "drafts" else "查找单位、文号"
        pane = ListPane(kind.columns, source, self._desk.jobs, self._settings, f"letters-{kind.id}", hint, empty, kind.filters, unit="份")
        pane.selection_changed.connect(self._selected)
        pane.shown.connect(partial(self._listed, pane))
        pane.refused.connect(partial(self.says.emit, "warn"))
        return pane

    def _load(self) -> None:
        self._line = self.bar.line
        for pane in self.panes:
            pane.refresh()
        self.acts_changed.emit()

    def _switch(self, place: int, on: bool) -> None:
        if on:
            self.lists.setCurrentIndex(place)
            self._listed(self.pane)

    def _listed(self, pane: QWidget) -> None:
        """Go to what was asked for; else the first row, so that a page is there to look at."""
        if pane is not self.pane:
            return
        if self.kind == "issued" and self._just_issued and self.pane.view.go_to(self._just_issued[0]):
            self.pane.view.select_ids(self._just_issued)
            self._just_issued = ()
        elif self._wanted is not None and self.pane.view.go_to(self._wanted):
            self._wanted = None
        elif not self.pane.view.currentIndex().isValid() and self.pane.model.rowCount():
            self.pane.view.go_to(self.pane.model.id_at(0))
        self._selected()

    def _selected(self) -> None:
        """Show the letter the keyboard is on."""
        self.acts_changed.emit()
        index, line = self.pane.view.currentIndex(), self._line
        row = self.pane.model.row(index.row()) if index.isValid() else None
        self._desk.jobs.cancel(self._ticket)
        if row is None or line is None:
            self.preview.show_pdf(None)
            return
        issued = self.kind == "issued"
        caption = row.number if issued else f"草稿　{row.facts.organisation}"

        def read(session: Any) -> bytes:
            if issued:
                return letters.view(session, row.id)[1]
            return printouts.one_pdf(printouts.to_look_at(session, (), letters.drafts(session, line.id, (row.number,))))

        self._ticket = self._desk.ask(read, lambda pdf: self.preview.show_pdf(pdf, caption), self._fail)

    def _show_issued(self, documents: tuple[int, ...]) -> None:
        """Go to the register; what was just issued is selected there, to be printed or saved."""
        self._just_issued = documents
        self.show_kind("issued")
        self.pane.enter()

    def _fail(self, error: AppError) -> None:
        self.preview.show_pdf(None)
        say(self, self.banner, "error", str(error))
