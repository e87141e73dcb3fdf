"""企业: every organisation under one identity, with all the book holds of it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt

from ui.commands import Act, Place
from ui.dialogs.award_step import NAMED
from ui.dialogs.organisation_form import OrganisationDialog
from ui.open_book import OpenBook
from ui.pages.book_list import BookListPage
from ui.pages.organisation_deeds import OrganisationDeeds
from ui.pages.organisation_words import COLUMNS, FILTER_TEXTS, FILTERS, detail_of
from ui.settings import Settings
from ui.widgets.detail_panel import Detail
from ui.widgets.empty_state import EmptyState
from zjtx_desktop.usecases import organisations
from zjtx_desktop.usecases.dossier import dossier
from zjtx_desktop.usecases.organisations import WAITING, OrganisationForm
from zjtx_desktop.usecases.overview import UNCONFIRMED
from zjtx_desktop.usecases.treasuries import Confirmation, confirmation

_HINT = "查找新旧名称、代码"
_CONFIRMED = "请先选中受益财政待确认的企业"
_TWO = "请先选中要合并的两家企业（按住 Ctrl 点第二家）"
_LOOKED_AT = 500  # selected rows
_EMPTY = (
    "organisation",
    "还没有登记企业",
    "导入认定名单时会自动登记名单上的企业；也可以逐家新建。",
    (("import", "导入名单", "import"), ("new", "新建企业", "add")),
)


class OrganisationsPage(BookListPage):
    """The organisations. Deeper links lead to their recognitions, awards and letters."""

    title = "企业"
    help_id = "organisations"
    noun = "企业"
    table = "organisation"
    needs_one = "请先在列表中选中一家企业"

    def __init__(self, desk: OpenBook, settings: Settings) -> None:
        listing = organisations.LISTING
        super().__init__(
            desk,
            settings,
            "organisations",
            listing,
            COLUMNS,
            FILTERS,
            FILTER_TEXTS,
            _HINT,
            EmptyState(*_EMPTY),
            "家",
        )
        self.deeds = OrganisationDeeds(desk, settings, self)
        self.deeds.said.connect(self.says)
        self.deeds.changed.connect(self.refresh)
        self.deeds.merged.connect(self.show_record)

    def acts(self) -> Sequence[Act]:
        one = self.current is not None
        return (
            Act("new", self.new, "新建企业…", place=Place.PRIMARY),
            Act(
                "recognitions",
                self.show_recognitions,
                "查看认定",
                "recognition",
                one,
                Place.TOOL,
                self.needs_one,
            ),
            Act("confirm", self.confirm, "确认受益财政…", "check", self._any_waiting(), Place.TOOL, _CONFIRMED),
            *self.standing_acts(),
            Act("merge", self.merge, "合并单位…", "organisation", self.pane.view.selected_count() == 2, why=_TWO),
            Act("pairs", self.deeds.show_pairs, "可能重复的企业…", "search"),
            Act("company", self.set_company, "收款单位是不是企业…", "organisation", one, why=self.needs_one),
            Act("add_past", self.add_past, "登记历史奖励…", "add", one, why=self.needs_one),
            Act("statement", self.save_statement, "历次奖补情况表…", "report", one, why=self.needs_one),
            Act("import_accounts", self.deeds.ask_accounts, "导入收款账户…", "payment", place=Place.TOOL),
            Act("import_past", self.deeds.ask_import, "导入历史奖励…", "import"),
            Act("import", self.import_list),
        )

    def read_detail(self, session: Any, record: int) -> Detail:
        return detail_of(dossier(session, record))

    def new(self) -> None:
        """Open an empty form."""
        self._open(OrganisationDialog(self._desk, parent=self))

    def edit(self) -> None:
        record = self.current
        if record is not None:
            self._desk.ask(
                lambda session: (record, organisations.get(session, record), confirmation(session, record)), self._open_known, self._fail
            )

    def confirm(self) -> None:
        """Ask for the evidence, then confirm the treasuries of every organisation selected that waits for it."""
        self.deeds.confirm(self.pane.view.selected_ids())

    def set_company(self) -> None:
        """Ask whether the payees of those selected are companies, and record it for all of them."""
        places = self.pane.view.selected_places()
        names = [self.name_at(place) for place in places[:NAMED]]
        self.deeds.set_company([self.pane.model.id_at(place) for place in places], names)

    def merge(self) -> None:
        """Show the two that are selected side by side, to be merged."""
        self.deeds.merge(*self.pane.view.selected_ids())

    def receive(self, wanted: object) -> None:
        if wanted == UNCONFIRMED:
            self.pane.search.forget()
            self.pane.filters.clear()
            self.pane.filters.allow("standing", frozenset((WAITING,)))
        else:
            super().receive(wanted)

    def _any_waiting(self) -> bool:
        """Whether any of those selected waits; of very many that is only found when it is asked for."""
        places = self.pane.view.selected_places() if self.pane.view.selected_count() <= _LOOKED_AT else ()
        rows = [self.pane.model.row(place) for place in places]
        return not places and self.pane.view.selected_count() > 0 or any(row and row.standing == WAITING for row in rows)

    def remove(self, session: Any, record: int) -> None:
        organisations.remove(session, record)

    def show_recognitions(self) -> None:
        """Go to the recognitions of the organisation the keyboard is on."""
        line = self.pane.model.row(self.pane.view.currentIndex().row())
        self.wants_page.emit("recognitions", line.credit_code or line.name)

    def add_past(self) -> None:
        """Open the form for what the organisation was awarded before this program."""
        if self.current is not None:
            self.deeds.add_past(self.current, self.name_of_current())

    def save_statement(self) -> None:
        """Ask for a file and write every award the organisation ever had."""
        if self.current is not None:
            self.deeds.save_statement(self.current, self.name_of_current())

    def follow(self, page: str, number: int) -> None:
        if page == "past" and self.current is not None:
            self.deeds.change_past(self.current, self.name_of_current(), number)
        else:
            super().follow(page, number)

    def import_list(self) -> None:
        """Go where lists are imported."""
        self.wants_page.emit("recognitions", ("import",))

    def paste_rows(self) -> None:
        self.wants_page.emit("recognitions", ("paste",))

    def _open_known(self, found: tuple[int, OrganisationForm, Confirmation | None]) -> None:
        self._open(OrganisationDialog(self._desk, *found, parent=self))

    def _open(self, dialog: OrganisationDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(self.show_record)
        dialog.open()
