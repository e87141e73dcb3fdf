"""年度结账: what of a year is left, carrying it over, closing the year, and opening it again by two persons."""

from collections.abc import Callable, Sequence
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from ui import icons
from ui.dialogs.ask import ask_sure
from ui.dialogs.files import ask_file
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.frame import lay_out, row
from ui.models.column import Column, Kind, State
from ui.models.source import HeldSource
from ui.open_book import OpenBook
from ui.pages.basis_deed import PDF
from ui.pages.paper import Paper
from ui.settings import Settings
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import ChoiceEdit, NoteEdit
from ui.widgets.labels import label
from ui.widgets.list_pane import ListPane
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases import carrying_over, year_end, year_end_list
from zjtx_desktop.usecases.carrying_over import Carried
from zjtx_desktop.usecases.year_end import UnfinishedLine, YearEnd

_SIZE = (980, 600)
_LIST = "未办结事项清单"
_COLUMNS = (
    Column("kind", "事项", lambda line: State(line.kind.label, "warn"), Kind.STATE, letters=8),
    Column("organisation", "企业", lambda line: line.organisation or f"{line.count} 项认定", letters=13),
    Column("treasury", "财政", attrgetter("treasury"), letters=11),
    Column("amount", "金额（元）", lambda line: line.amount or None, Kind.MONEY, letters=7),
    Column("advice", "怎样办结", lambda line: line.kind.advice, letters=13),
    Column("round", "批次", attrgetter("round"), letters=9),
    Column("number", "奖补编号", attrgetter("award_number"), Kind.CODE, letters=10),
)
_FILTERS = ("kind", "treasury")


class YearEndDialog(QDialog):
    """`wanted` carries the id of an award to be gone to; `changed` follows what alters rounds or years."""

    help_id = "year_end"
    wanted = Signal(int)
    changed = Signal()

    def __init__(self, desk: OpenBook, settings: Settings, seen: YearEnd, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("年度结账")
        self.setModal(True)
        self._desk, self._settings, self._seen = desk, settings, seen
        self.years = ChoiceEdit([(year, f"{year} 年度") for year in seen.years])
        self.years.set_value(seen.year)
        self.years.setAccessibleName("年度")
        self.said, self.banner = label(wraps=True), Banner()
        self.paper = Paper(desk.jobs, self)
        self.paper.said.connect(self.banner.say)
        source = HeldSource(_COLUMNS, self._read, attrgetter("id"), _FILTERS)
        empty = EmptyState("success", "没有未办结的事项")
        self.pane = ListPane(
            _COLUMNS, source, desk.jobs, settings, "year_end", "查找企业、编号", empty, _FILTERS, unit="行"
        )
        self.save, self.print = _button("存为 PDF…", "save"), _button("打印清单…", "print")
        self.carry, self.open_again = _button("结转…", "redo"), _button("重新开账…", "unlock")
        self.close_it, self.shut = _button("结账…", "lock"), QPushButton("关闭", autoDefault=False)
        self.close_it.setProperty("role", "primary")
        self._lay_out()
        self._connect()
        self._show(seen)

    def refresh(self) -> None:
        """Ask for the chosen year anew."""
        year = self.years.value()
        self._desk.ask(lambda session: year_end.year_end(session, year), self._show, self._failed)

    def ask_carry(self) -> None:
        """Ask, then carry what is unpaid over into the next year."""
        year = self._seen.year
        what = f"将把 {year} 年度已下达而未付清、未到账或待追回的奖补结转到 {year + 1} 年度，在结转批次中继续办理。"
        if ask_sure(self, "结转", what, "结转的是原来的奖补，不另编号；结转以后不能撤回，款项在新年度照常拨付。"):
            self.carry_over()

    def carry_over(self) -> None:
        """Carry over as one action."""
        year, today = self._seen.year, date.today()
        self._act(f"结转 {year} 年度", lambda session: carrying_over.carry_over(session, year, today), self._carried)

    def ask_close(self) -> None:
        """Ask, then close the year."""
        what = f"将对 {self._seen.year} 年度结账。结账以后，这一年度的批次、奖补、预算和台账只能查看。"
        if ask_sure(self, "结账", what, "确需改动的，由审批人员申请、系统管理员同意后重新开账。"):
            self.close_year()

    def close_year(self) -> None:
        """Close the year as one action."""
        year, today = self._seen.year, date.today()
        self._act(
            f"{year} 年度结账",
            lambda session: year_end.close_year(session, year, today),
            lambda line: f"{line.sentence}。",
        )

    def ask_open_again(self) -> None:
        """Ask why the year is to be opened again, or agree to what somebody else has asked for."""
        closing, year = self._seen.closing, self._seen.year
        if closing is None or not closing.asked_by:
            dialog = ReopenDialog(self._desk, year, self)
            dialog.saved.connect(lambda _: self._done("已申请重新开账。请由系统管理员登录后同意。"))
            dialog.open()
        elif ask_sure(
            self,
            "同意重新开账",
            f"{closing.asked_by}于 {closing.asked_on} 申请重新开账，理由：{closing.reason}。同意后 {year} 年度可以改动。",
            "办完以后请再次结账。",
        ):
            self.agree()

    def agree(self) -> None:
        """Open the year again as one action."""
        year, today = self._seen.year, date.today()
        self._act(
            f"{year} 年度重新开账",
            lambda session: year_end.reopen(session, year, today),
            lambda _: f"{year} 年度已重新开账，办完以后请再次结账。",
        )

    def ask_save(self) -> None:
        """Ask for a file and write the list into it."""
        path = ask_file(self, self._settings, f"{_LIST}另存为", f"{self._seen.year}年度{_LIST}.pdf", PDF)
        if path:
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the list into a file."""
        year, today = self._seen.year, date.today()

        def work(_tick: Any) -> int:
            return self._desk.ask_now(
                lambda session: year_end_list.write_year_end(session, year, path, today, overwrite=True)
            )

        self._desk.jobs.run(work, lambda _: self.banner.say("good", f"清单已保存：{path}"), self._failed)

    def put_on_paper(self) -> None:
        """Print the list."""
        year, today = self._seen.year, date.today()

        def make(_tick: Any) -> bytes:
            return self._desk.ask_now(lambda session: year_end_list.year_end_pdf(session, year, today))[0]

        self.paper.put(f"{year}年度{_LIST}", make, "存为 PDF")

    def go(self, *_index: object) -> None:
        """Go to the award of the line the keyboard is on."""
        found = [line for line in self._seen.lines if line.id == self.pane.view.current_id()]
        if found and found[0].award_id:
            self.wanted.emit(found[0].award_id)
            self.accept()

    def _read(self) -> Sequence[UnfinishedLine]:
        return self._seen.lines

    def _connect(self) -> None:
        self.years.changed.connect(self.refresh)
        self.pane.view.opened.connect(self.go)
        for button, run in (
            (self.save, self.ask_save),
            (self.print, self.put_on_paper),
            (self.carry, self.ask_carry),
            (self.open_again, self.ask_open_again),
            (self.close_it, self.ask_close),
            (self.shut, self.reject),
        ):
            button.clicked.connect(run)

    def _show(self, seen: YearEnd) -> None:
        self._seen = seen
        asked = seen.closing is not None and bool(seen.closing.asked_by)
        self.said.setText(_told(seen))
        self.carry.setVisible(seen.closing is None)
        self.carry.setEnabled(seen.can_be_carried)
        self.carry.setToolTip("" if seen.can_be_carried else "没有已下达而未付清的奖补")
        self.close_it.setVisible(seen.closing is None)
        self.close_it.setEnabled(seen.can_be_closed)
        self.close_it.setToolTip("" if seen.can_be_closed else "还有没有办结的事项")
        self.open_again.setVisible(seen.closing is not None)
        self.open_again.setText("同意重新开账…" if asked else "申请重新开账…")
        self.pane.refresh()

    def _carried(self, found: Sequence[Carried]) -> str:
        told = "；".join(f"{one.year} 年度“{one.name}”{one.awards} 笔，未付 {one.amount} 元" for one in found)
        return f"已结转到 {told}。"

    def _act(self, title: str, deed: Callable[[Any], Any], words: Callable[[Any], str]) -> None:
        self.banner.hide()
        self._desk.act(
            title, lambda session, _tick: deed(session), lambda found: self._done(words(found)), self._failed
        )

    def _done(self, sentence: str) -> None:
        self.banner.say("good", sentence)
        self.changed.emit()
        self.refresh()

    def _failed(self, error: AppError) -> None:
        self.banner.say("error", str(error))

    def _lay_out(self) -> None:
        top = row(self.years, self.said)
        top.setStretchFactor(self.said, 1)
        buttons = row(self.save, self.print, None, self.shut, self.carry, self.open_again, self.close_it)
        lay_out(self, _SIZE, self.pane, top, self.banner, self.pane, buttons)


class ReopenDialog(FormDialog):
    """Asks for a closed year to be opened again, with the reason, as one action."""

    def __init__(self, desk: OpenBook, year: int, parent: QWidget | None = None) -> None:
        def save(values: dict[str, Any], tick: Any) -> None:
            def deed(session: Any, _tick: Any) -> None:
                year_end.ask_to_reopen(session, year, values["reason"], date.today())

            desk.write(f"申请 {year} 年度重新开账", deed, tick)

        super().__init__(desk.jobs, "申请重新开账", save, "申请", parent)
        self.form.note(f"{year} 年度已结账。重新开账要两个人：审批人员申请，系统管理员同意，都记入修改记录。")
        self.form.add("reason", "理由", NoteEdit("写明为什么要改动已结账的年度"), required=True)
        self.saved.connect(desk.tell)


def _told(seen: YearEnd) -> str:
    """How the year stands, in a sentence or two."""
    closing = seen.closing
    if closing:
        asked = f"{closing.asked_by}已申请重新开账：{closing.reason}。" if closing.asked_by else ""
        return f"{closing.sentence}，只能查看。{asked}"
    if not seen.lines:
        return "没有未办结的事项，可以结账。"
    counted = "，".join(
        f"{kind.label} {count} 笔{f' {money} 元' if money else ''}" for kind, count, money in seen.sums()
    )
    return f"未办结：{counted}。办结或结转以后才能结账。"


def _button(text: str, icon: str) -> QPushButton:
    button = QPushButton(text, autoDefault=False)
    icons.dress(button, icon, "on_accent" if icon == "lock" else "text")
    return button
