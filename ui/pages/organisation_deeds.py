"""What a person does with one organisation besides its form: its past awards, and the statement of all awards."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from ui.dialogs.confirm_treasuries import ConfirmDialog
from ui.dialogs.files import LISTS, ask_file, ask_open
from ui.dialogs.likely_pairs import PairsDialog
from ui.dialogs.merge import MergeDialog
from ui.dialogs.past_award import PastAwardDialog
from ui.dialogs.past_import import AccountImportDialog, PastImportDialog
from ui.dialogs.payee_kind import PayeeKindDialog
from ui.dialogs.rows_import import RowsImportDialog
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.pages.basis_deed import PDF
from ui.pages.deeds import Deeds
from ui.settings import Settings
from zjtx_desktop.usecases import account_import, merging, organisations, past_awards, past_import, treasuries
from zjtx_desktop.usecases.account_import import AccountPlan
from zjtx_desktop.usecases.award_statement import write_statement
from zjtx_desktop.usecases.likely_pairs import Pair, likely_pairs
from zjtx_desktop.usecases.merging import Merged, Preview
from zjtx_desktop.usecases.past_import import PastPlan
from zjtx_desktop.usecases.treasuries import Unconfirmed
from zjtx_desktop.values import safe_filename



class OrganisationDeeds(Deeds):
    """Dialogs stand over `page`. `said(tone, sentence)` tells how it went, `changed` that the book is another now,
    `merged` which record stayed of two.
    """

    changed = Signal()
    merged = Signal(int)

    def __init__(self, desk: OpenBook, settings: Settings, page: QWidget) -> None:
        super().__init__(desk, page)
        self._settings = settings

    def add_past(self, organisation_id: int, name: str) -> None:
        """Open an empty form for a past award."""
        self._show(PastAwardDialog(self._desk, organisation_id, name, parent=self._page))

    def change_past(self, organisation_id: int, name: str, past_id: int) -> None:
        """Open the form of a past award."""

        def opened(form: Any) -> None:
            self._show(PastAwardDialog(self._desk, organisation_id, name, past_id, form, self._page))

        self._desk.ask(lambda session: past_awards.get(session, past_id), opened, self._fail)

    def confirm(self, chosen: Sequence[int]) -> None:
        """List the treasuries that wait among these organisations, then confirm them with the evidence."""

        def save(values: dict[str, Any], tick: Tick) -> int:
            def deed(session: Any, _tick: Tick) -> int:
                return treasuries.confirm(session, chosen, values["evidence"], date.today())

            return self._desk.write("确认受益财政", deed, tick)

        def ask(waiting: tuple[Unconfirmed, ...]) -> None:
            if not waiting:
                self.said.emit("info", "选中的企业没有待确认的受益财政。")
                return
            dialog = ConfirmDialog(self._desk.jobs, waiting, len(chosen), save, self._page)
            dialog.saved.connect(self._confirmed)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

        self._desk.ask(lambda session: treasuries.unconfirmed(session, chosen), ask, self._fail)

    def set_company(self, chosen: Sequence[int], names: Sequence[str]) -> None:
        """Ask whether the payees of these organisations are companies; `names` are those of the first."""

        def save(values: dict[str, Any], tick: Tick) -> int:
            def deed(session: Any, tick: Tick) -> int:
                for number, record in enumerate(chosen):
                    tick(number, len(chosen))
                    organisations.set_company(session, record, values["is_company"])
                return len(chosen)

            return self._desk.write("登记收款单位是不是企业", deed, tick)

        dialog = PayeeKindDialog(self._desk.jobs, names, len(chosen), save, self._page)
        dialog.saved.connect(lambda count: self._written(f"已登记 {count} 家的收款单位是不是企业。"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def merge(self, one: int, two: int) -> None:
        """Show two records side by side and merge them once a person says so."""
        self._ask_to_merge(one, two, self._page, lambda: None)

    def show_pairs(self) -> None:
        """List the records that may be one organisation; each pair can be merged from there."""

        def opened(pairs: Sequence[Pair]) -> None:
            dialog = PairsDialog(pairs, self._page)
            dialog.chosen.connect(lambda one, two: self._ask_to_merge(one, two, dialog, again))

            def again() -> None:
                self._desk.ask(likely_pairs, dialog.show_pairs, self._fail)

            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

        self._desk.ask(likely_pairs, opened, self._fail, "查找可能重复的企业")

    def _ask_to_merge(self, one: int, two: int, above: QWidget, then: Callable[[], None]) -> None:
        def opened(seen: Preview) -> None:
            dialog = MergeDialog(self._desk, seen, above)

            def merged(done: Merged) -> None:
                self._written(f"{done.sentence}可以用“撤销”分开。")
                self.merged.emit(done.organisation_id)
                then()

            dialog.saved.connect(merged)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

        self._desk.ask(lambda session: merging.preview_of_two(session, one, two), opened, self._fail)

    def _confirmed(self, count: int) -> None:
        self._written(f"已确认 {count} 家的受益财政。")

    def _written(self, sentence: str) -> None:
        self._desk.tell()
        self.said.emit("good", sentence)
        self.changed.emit()

    def ask_import(self) -> None:
        """Ask for a list of past awards and show what it would bring."""
        path = ask_open(self._page, self._settings, "导入历史奖励", LISTS)
        if path:
            self.import_past(path)

    def import_past(self, path: Path) -> None:
        """Read a workbook of past awards on the worker, then show what it would bring."""

        def read(_tick: Tick) -> PastPlan:
            file = past_import.read_past(path)
            return self._desk.ask_now(lambda session: past_import.plan(session, file))

        self._desk.jobs.run(read, self._show_plan, self._fail, label="读取历史奖励")

    def ask_accounts(self) -> None:
        """Ask for a list of payee accounts and show what it would bring."""
        path = ask_open(self._page, self._settings, "导入收款账户", LISTS)
        if path:
            self.import_accounts(path)

    def import_accounts(self, path: Path) -> None:
        """Read a workbook of payee accounts on the worker, then show what it would bring."""

        def read(_tick: Tick) -> AccountPlan:
            file = account_import.read_accounts(path)
            return self._desk.ask_now(lambda session: account_import.plan(session, file))

        self._desk.jobs.run(read, self._show_accounts, self._fail, label="读取收款账户")

    def save_statement(self, organisation_id: int, name: str) -> None:
        """Ask for a file and write all awards of the organisation into it."""
        file = safe_filename(f"{name}历次奖补情况表") + ".pdf"
        path = ask_file(self._page, self._settings, "历次奖补情况表另存为", file, PDF)
        if path:
            self.write_statement(organisation_id, path)

    def write_statement(self, organisation_id: int, path: Path) -> None:
        """Write all awards of the organisation as PDF."""
        self._desk.ask(
            lambda session: write_statement(session, organisation_id, path, date.today(), overwrite=True),
            lambda count: self.said.emit("good", f"历次奖补情况表（{count} 笔）已保存：{path}"),
            self._fail,
            "保存历次奖补情况表",
        )

    def _show_plan(self, plan: PastPlan) -> None:
        self._show_import(PastImportDialog(self._desk, self._settings, plan, self._page))

    def _show_accounts(self, plan: AccountPlan) -> None:
        self._show_import(AccountImportDialog(self._desk, self._settings, plan, self._page))

    def _show_import(self, dialog: RowsImportDialog) -> None:
        dialog.imported.connect(self._imported)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _imported(self, sentence: str) -> None:
        self.said.emit("good", sentence)
        self.changed.emit()

    def _show(self, dialog: PastAwardDialog) -> None:
        dialog.done.connect(self.changed)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        QDialog.open(dialog)
