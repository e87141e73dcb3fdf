"""接受检查发现的问题: shows what checks found, and lets two persons accept it with a reason."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.second_person import add_second_person, second_of
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.widgets.fields import NoteEdit
from zjtx_desktop.usecases.findings import DEED, accept


class AcceptFindingsDialog(FormDialog):
    """`found` is accepted as it is shown; `names` are those who may agree, none in a book with one user."""

    def __init__(
        self, desk: OpenBook, found: Sequence[str], names: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(desk.jobs, DEED, self._accept_them, "接受", parent)
        self._desk, self._found = desk, tuple(found)
        self.form.section(f"检查发现的 {len(found)} 处问题")
        for number, sentence in enumerate(found, start=1):
            self.form.note(f"{number}．{sentence}")
        self.form.section("查明的结果")
        self.form.add("reason", "接受的理由", NoteEdit("查明的经过，为什么可以接受，例如领导批示的文号"), required=True)
        self.form.note(
            "没有查明的，请不要接受，从备份恢复。接受以后，被绕过程序改动的记录按现在的内容算；"
            "问题、理由和接受的人长期保留，印在以后各批次的审批表和报送表上。"
        )
        if names:
            add_second_person(self.form, names)

    def _accept_them(self, values: dict[str, Any], tick: Tick) -> str:
        second = replace(second_of(values, self._desk), reason=values["reason"])
        return self._desk.write(DEED, lambda session, _tick: accept(session, self._found), tick, second).by
