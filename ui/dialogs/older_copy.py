"""较旧的账簿: names what a copy lacks before it is shown, and lets two persons accept that; and the clock's confirmation."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.second_person import add_second_person, second_of
from ui.jobs import Jobs, Tick
from ui.open_book import OpenBook
from ui.widgets.fields import NoteEdit
from zjtx_desktop.usecases import clocks, rollback
from zjtx_desktop.usecases.rollback import Gap

_ADVICE = (
    "这一份可能是旧的备份或别处复制来的。请先找较新的那一份。用这一份继续登记，缺少的步骤都不在里面，已经付过的款会再付一次。"
)


class OlderCopyDialog(FormDialog):
    """Says what the copy lacks before anything of it is shown; `saved` once it is to be looked at all the same."""

    help_id = "backup"
    keeps_input = False

    def __init__(self, jobs: Jobs, found: Gap, name: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, "这一份不是最新的账簿", lambda _values, _tick: None, "只查看", parent)
        self.cancel.setText("不打开")
        self.form.section(f"“{name}”")
        self.form.note(found.sentence)
        self.form.note(f"{_ADVICE}现在打开只能查看；确实要用它的，打开以后由两个人接受（只有一名操作人的，写明理由）。")


class AcceptOlderDialog(FormDialog):
    """Lets the copy be written; `names` are those who may agree, none in a book with one user."""

    help_id = "backup"

    def __init__(self, desk: OpenBook, found: Gap, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(desk.jobs, rollback.DEED, self._accept, "接受", parent)
        self._desk, self._found = desk, found
        self.ok.setProperty("role", "danger")
        self.form.section("将会少的步骤")
        self.form.note(found.sentence)
        self.form.note(_ADVICE)
        reason = NoteEdit("较新的那一份为什么不能用，缺少的步骤怎样补办")
        self.form.add("reason", "接受的理由", reason, required=True)
        if names:
            add_second_person(self.form, names)
        self.form.note("理由和接受的人长期保留，可以在历史中查到。")

    def _accept(self, values: dict[str, Any], tick: Tick) -> None:
        second = replace(second_of(values, self._desk), reason=values["reason"])
        self._desk.write(rollback.DEED, lambda session, _tick: rollback.accept(session, self._found), tick, second)


class ConfirmClockDialog(FormDialog):
    """Asks why the clock may be believed although nothing was done for long; `why` names both times."""

    help_id = "backup"

    def __init__(self, desk: OpenBook, why: str, parent: QWidget | None = None) -> None:
        super().__init__(desk.jobs, clocks.DEED, self._confirm, "时间没有错", parent)
        self._desk = desk
        self.form.section("请核对电脑的时间")
        self.form.note(why)
        self.form.add("reason", "理由", NoteEdit("怎样核对了时间，为什么这么久没有使用账簿"), required=True)
        self.form.note("时间不对的，请按“取消”，先校准电脑的时间。理由长期保留，可以在历史中查到。")

    def _confirm(self, values: dict[str, Any], tick: Tick) -> None:
        self._desk.write(clocks.DEED, lambda session, _tick: clocks.confirm(session, values["reason"]), tick)
