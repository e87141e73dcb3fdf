"""What pages over a long list share: the list beside its detail, going to a record, deleting, exporting."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout

from ui.commands import Act, Place, text_of
from ui.dialogs.ask import ask_sure
from ui.dialogs.attachments import AttachmentsDialog
from ui.dialogs.files import ask_file
from ui.dialogs.history import HistoryDialog
from ui.models.column import Column
from ui.models.listing_source import ListingSource
from ui.models.written import write_rows
from ui.open_book import OpenBook
from ui.page import Page
from ui.pages.list_deeds import ListDeeds
from ui.settings import Settings
from ui.widgets.detail_panel import Detail, DetailPanel
from ui.widgets.empty_state import EmptyState
from ui.widgets.list_pane import ListPane
from ui.widgets.split import Split
from zjtx_desktop.errors import AppError, NotFound
from zjtx_desktop.usecases.listing import Listing

_NAMED = 3  # records that a question before deleting still names
_WAY_BACK = "删除后可以用“撤销”（Ctrl+Z）恢复。"


class BookListPage(Page):
    """A list over a Listing with its detail. `receive` takes the id of a record, or a text to search for.

    A subclass says how a record is read (`detail`), made, changed and removed, and what its verbs are.
    """

    noun = "记录"
    table = ""  # as the history names it
    needs_one = "请先在列表中选中一条"
    telling: Sequence[str] = ()  # columns that an export has though they are hidden: without them its rows would say something else

    def __init__(
        self,
        desk: OpenBook,
        settings: Settings,
        name: str,
        listing: Listing[Any],
        columns: Sequence[Column],
        filters: Sequence[str],
        texts: Mapping[str, Callable[[str], str]],
        hint: str,
        empty: EmptyState,
        unit: str,
    ) -> None:
        super().__init__()
        self._desk, self._settings, self._columns = desk, settings, columns
        self._wanted: int | None = None  # a record to go to once it is listed
        self._ticket = 0
        self.detail = DetailPanel()
        self._source = ListingSource(desk, listing, filters, texts)
        self.pane = ListPane(
            columns, self._source, desk.jobs, settings, name, hint, empty, filters, unit=unit
        )
        self.split = Split(self.pane, self.detail, settings, name)
        self.lists = ListDeeds(desk, settings, self, lambda: self.pane, lambda: f"{self.title}名单")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.split)
        self.pane.selection_changed.connect(self._show_selected)
        self.pane.shown.connect(self._go_to_wanted)
        self.pane.shown.connect(self.acts_changed)
        self.pane.refused.connect(partial(self.says.emit, "warn"))
        self.lists.said.connect(self.says)
        self.pane.view.opened.connect(partial(self._run, "edit"))
        self.pane.view.pasted.connect(self.paste_rows)
        self.pane.view.menu_filler = self._fill_menu
        empty.chosen.connect(self._run)
        self.detail.linked.connect(self._follow)

    def read_detail(self, session: Any, record: int) -> Detail:
        """Everything about a record; called on the worker."""
        raise NotImplementedError

    def edit(self) -> None:
        """Open the form of the record the keyboard is on."""
        raise NotImplementedError

    def remove(self, session: Any, record: int) -> None:
        """Delete one record; Refused says why it cannot be."""
        raise NotImplementedError

    def paste_rows(self) -> None:
        """Take in the rows of a list that was copied in a spreadsheet."""
        raise NotImplementedError

    def paste(self) -> None:
        """Paste into the field that has the keyboard, as everywhere; on the list, rows copied elsewhere."""
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit):
            field.paste()
        else:
            self.paste_rows()

    def name_at(self, place: int) -> str:
        """What to call the record at a place when asking whether to delete it."""
        return self.pane.model.text(place, 0)

    @property
    def current(self) -> int | None:
        """The record the keyboard is on."""
        return self.pane.view.current_id()

    def refresh(self) -> None:
        self.pane.refresh()

    def enter(self) -> None:
        self.pane.enter()

    def find(self) -> None:
        self.pane.search.find()

    def receive(self, wanted: object) -> None:
        if isinstance(wanted, str):
            self.pane.filters.clear()
            self.pane.search.setText(wanted)
        elif isinstance(wanted, int):
            self._wanted = wanted
            self.pane.clear()

    def standing_acts(self) -> tuple[Act, ...]:
        """The verbs that every such page has besides its own."""
        one = self.current is not None
        return (
            Act("edit", self.edit, enabled=one, place=Place.TOOL, why=self.needs_one),
            Act("delete", self.ask_delete, enabled=one, place=Place.TOOL, why=self.needs_one),
            Act("history", self.show_history, f"“{self.name_of_current()}”的修改记录…" if one else ""),
            Act("attachments", self.show_attachments, "附件…", "attach", one, why=self.needs_one),
            Act("paste", self.paste),
            Act("export", self.export, enabled=bool(self.pane.model.rowCount()), why="列表是空的"),
            *self.lists.acts(),
            Act("detail", self.split.toggle),
        )

    def export(self) -> None:
        """Ask for a file and write the rows listed, in their order."""
        path = ask_file(self, self._settings, "导出列表", f"{self.title}名单.xlsx", "Excel 工作簿 (*.xlsx)")
        if path:
            self.write_list(path)

    def write_list(self, path: Path) -> None:
        """Write the rows listed, in their order, with the visible columns and those that are `telling`."""
        ids, shown = self.pane.listed_ids(), self.pane.view.columns_shown()
        columns = [*shown, *(one for one in self._columns if one.key in self.telling and one not in shown)]
        self._desk.jobs.run(
            lambda tick: write_rows(path, self.title, columns, ids, self._source, tick),
            lambda count: self.says.emit("good", f"已导出 {count:,} 行：{path}"),
            self._fail,
            label=f"导出{self.title}列表",
        )

    def name_of_current(self) -> str:
        """What the record the keyboard is on is called."""
        return self.name_at(self.pane.view.currentIndex().row())

    def show_history(self) -> None:
        """Show who changed what of the record, or of the whole book when none is selected."""
        record = self.current
        of_record = ((self.table, record), self.name_of_current()) if record is not None else ()
        dialog = HistoryDialog(self._desk, self._settings, *of_record, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_attachments(self) -> None:
        """Show the scans of the record, to be added and opened."""
        record = self.current
        if record is not None:
            title = self.name_of_current()
            dialog = AttachmentsDialog(self._desk, self._settings, (self.table, record), title, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.finished.connect(self.refresh)
            dialog.open()

    def ask_delete(self) -> None:
        """Ask, then delete the selected records as one action: all of them, or none."""
        places = self.pane.view.selected_places()
        if not places:
            return
        names = "、".join(f"“{self.name_at(place)}”" for place in places[:_NAMED])
        what = names if len(places) <= _NAMED else f"{names}等 {len(places)} 条"
        if ask_sure(self, f"删除{self.noun}", f"将删除{self.noun}{what}。", _WAY_BACK):
            self.delete([self.pane.model.id_at(place) for place in places], what)

    def delete(self, records: Sequence[int], what: str) -> None:
        """Delete these records as one action."""

        def deed(session: Any, tick: Callable[[int, int], None]) -> None:
            for number, record in enumerate(records):
                tick(number, len(records))
                self.remove(session, record)

        self._desk.act(f"删除{self.noun}{what}", deed, done=self._deleted, failed=self._fail)

    def show_record(self, record: int) -> None:
        """Go to a record once the list is read anew."""
        self._wanted = record
        self.refresh()

    def _deleted(self, _nothing: None) -> None:
        self.says.emit("good", f"已删除{self.noun}。可以用“撤销”恢复。")
        self.refresh()

    def _fail(self, error: AppError) -> None:
        self.says.emit("error", str(error))

    def _show_selected(self) -> None:
        record = self.current
        self._desk.jobs.cancel(self._ticket)
        if record is None:
            self.detail.show_detail(None)
        else:
            self._ticket = self._desk.ask(
                lambda session: (record, self.read_detail(session, record)), self._show_detail, self._gone
            )
        self.acts_changed.emit()

    def _show_detail(self, found: tuple[int, Detail]) -> None:
        if found[0] == self.current:
            self.detail.show_detail(found[1])

    def _gone(self, error: AppError) -> None:
        self.detail.show_detail(None)
        if not isinstance(error, NotFound):
            self._fail(error)

    def _go_to_wanted(self) -> None:
        if self._wanted is not None and self.pane.view.go_to(self._wanted):
            self._wanted = None
        elif self.current is not None:
            self._show_selected()  # its facts may have changed with the list

    def _run(self, name: str, *_more: object) -> None:
        for act in self.acts():
            if act.id == name and act.enabled:
                act.run()

    def _fill_menu(self, menu: QMenu) -> None:
        for act in self.acts():
            if act.id not in ("detail", "import", "export", "print", "save_list", "import_past", "expiring", "pairs", "compare"):  # these are about the whole page
                menu.addAction(text_of(act), act.run).setEnabled(act.enabled)

    def follow(self, page: str, number: int) -> None:
        """Go where a line of the detail leads: to a record of another page, or to the attachments of this one."""
        if page == "attachments":
            self.show_attachments()
        else:
            self.wants_page.emit(page, number)

    def _follow(self, link: str) -> None:
        page, _, number = link.partition("/")
        self.follow(page, int(number))
