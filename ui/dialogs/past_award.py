"""The form of one past award (历史): what an organisation was paid before this program, by which document."""

from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ui import icons
from ui.dialogs.ask import ask_sure
from ui.dialogs.form_dialog import FormDialog
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.widgets.fields import ChoiceEdit, LineEdit, MoneyEdit, ParsedEdit
from ui.widgets.form import Form
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases import past_awards
from zjtx_desktop.usecases.past_awards import PastAwardForm
from zjtx_desktop.values import ZERO, parse_year


class PastAwardDialog(FormDialog):
    """Registers a past award of an organisation, or changes or deletes the one given; `done` follows either."""

    help_id = "organisations"
    done = Signal()

    def __init__(
        self,
        desk: OpenBook,
        organisation_id: int,
        name: str,
        past_id: int | None = None,
        known: PastAwardForm | None = None,
        parent: QWidget | None = None,
    ) -> None:
        title = f"{'修改' if past_id else '登记'}历史奖励：{name}"
        super().__init__(desk.jobs, title, self._write, parent=parent)
        self._desk, self._owner, self._name, self._id = desk, organisation_id, name, past_id
        _fill(self.form)
        if known:
            self.form.set_values({key: getattr(known, key) for key in PastAwardForm.__dataclass_fields__})
        self.delete = QPushButton("删除这一笔…", autoDefault=False)
        icons.dress(self.delete, "delete")
        self.delete.setVisible(past_id is not None)
        self.delete.clicked.connect(self.ask_delete)
        self._buttons.insertWidget(0, self.delete)
        self.saved.connect(desk.tell)
        self.saved.connect(self.done)

    def ask_delete(self) -> None:
        """Ask, then delete the past award that is open."""
        what = f"将删除“{self._name}”的这笔历史奖励。"
        if self._id is not None and ask_sure(self, "删除历史奖励", what, "删除后可以用“撤销”（Ctrl+Z）恢复。"):
            self.remove()

    def remove(self) -> None:
        """Delete the past award that is open, and close."""
        past_id = self._id
        self._desk.act(
            f"删除“{self._name}”的历史奖励",
            lambda session, _tick: past_awards.remove(session, past_id),
            done=self._removed,
            failed=self._refused,
        )

    def _removed(self, _nothing: None) -> None:
        self.form.mark_clean()
        self.done.emit()
        self.reject()

    def _refused(self, error: AppError) -> None:
        self.banner.say("error", str(error))

    def _write(self, values: dict[str, Any], tick: Tick) -> None:
        form = PastAwardForm(**values | {key: values[key] or ZERO for key in ("beneficiary", "municipal")})
        past_id = self._id

        def deed(session: Any, _tick: Tick) -> None:
            if past_id is None:
                past_awards.register(session, self._owner, form)
            else:
                past_awards.change(session, past_id, form)

        self._desk.write(f"{'修改' if past_id else '登记'}“{self._name}”的历史奖励", deed, tick)


def _fill(form: Form) -> None:
    titles = [(one.id, one.aliases[None][0]) for one in Titles.load().all]
    form.note("启用本程序以前已经奖励过的，登记在这里；测算时与本程序下达的奖补一样，用来查重、补差和就高。")
    form.add("title", "称号", ChoiceEdit(titles, blank="（请选择）"), required=True)
    levels = [(one, one.value) for one in Level]
    form.add("level", "级别", ChoiceEdit(levels, blank="（请选择）"), required=True)
    form.add("award_year", "奖励年度", ParsedEdit(parse_year, str, f"如 {date.today().year - 3}"), required=True)
    form.add("beneficiary", "受益财政金额", MoneyEdit("如 100000 或 10万"))
    form.add("municipal", "市级财政金额", MoneyEdit("没有的不填"))
    form.add("source", "依据", LineEdit("当时的文件文号或付款凭证号"), required=True)
