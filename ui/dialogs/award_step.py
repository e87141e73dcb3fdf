"""One step over many awards: the day, the opinion or reason, the document it rests on."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog, Save
from ui.jobs import Jobs
from ui.widgets.fields import DateEdit, LineEdit, NoteEdit, Remark, TickEdit
from ui.widgets.form import Form
from zjtx_desktop.domain.states import DOCUMENT, OPINION, REASON, Event, Move
from zjtx_desktop.usecases.awards import AwardLine
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.values import Money

NAMED = 3  # organisations that a headline names
_OPINIONS = {
    Event.EXAMINE: "材料齐全，符合奖励条件，同意。",
    Event.REVIEW: "复核无误，同意。",
    Event.APPROVE: "同意奖励。",
}
_DOCUMENTS = {
    Event.APPROVE: "如 县政府常务会议纪要〔2026〕8号",
    Event.WAIVE: "准予免于公示的文件和文号",
    Event.REDIRECT: "如 企业的书面申请、开户许可证",
}
_NOTES = {
    Event.EXAMINE: "初审通过以后，金额和依据固定；需要改的，先退回再重新测算。",
    Event.REVIEW: "复核人不能是初审人。复核以后收款账户固定，再改账户就退回草稿。没有收款账户、没有信用核查记录或核查不通过的，不能复核通过。",
    Event.WAIVE: "免于公示要有依据：写明理由和文件，记入办理经过，印在审批表上。",
    Event.CLEAR: "公示最后一天过完、异议都已答复且不成立的，才能期满。",
    Event.APPROVE: "审定人不能是初审人、复核人，也不能是定金额、口径、预算的人。审定以后可以下达拨付通知。",
    Event.REDIRECT: "没有付的款以后付到现在登记的账户。登记这个账户的人不能办这一步。",
    Event.SEND_BACK: "退回到草稿，从初审重新办理；已办的步骤和公示留在办理经过里。",
    Event.EXCLUDE: "登记以后不再计入合计，可以由另一人恢复办理。",
    Event.READMIT: "恢复到草稿，从初审重新办理。登记不予奖励的人不能自己恢复。",
    Event.ARCHIVE: "归档以后不再办理；撤销认定的，另行追回。",
}


class PastDay(DateEdit):
    """A day that is not in the future."""

    def remark_on(self, value: date) -> Remark:
        return ("error", "日期不能晚于今天，请改正。") if value > self._today() else ("", "")


class StepDialog(FormDialog):
    """Hands `Words` to `save`. `fit` are those of `awards` that the table lets take the step, the others will be
    refused one by one. Approving what is above `limit` asks for a tick.
    """

    def __init__(
        self,
        jobs: Jobs,
        move: Move,
        awards: Sequence[AwardLine],
        fit: Sequence[AwardLine],
        today: date,
        save: Callable[[Words], object],
        limit: Money | None = None,
        parent: QWidget | None = None,
    ) -> None:
        event = move.event
        super().__init__(jobs, event.label, _with_words(move, save), f"{event.label} {len(fit)} 笔", parent)
        head_of(self.form, event, awards, fit)
        self.form.add("on", "办理日期", PastDay(today=lambda: today), required=True)
        wanted = next((need for need in (OPINION, REASON) if need in move.needs), "")
        self.form.add("opinion", wanted or "说明", NoteEdit(f"写明{wanted}" if wanted else "可以不填"), required=bool(wanted))
        if DOCUMENT in move.needs:
            self.form.add("document", DOCUMENT, LineEdit(_DOCUMENTS.get(event, "文件名称和文号")), required=True)
        if event is Event.REDIRECT:
            for award in fit[:NAMED]:
                self.form.note(f"原付：{award.payee}\n改付：{award.recorded}")
        large = [award for award in fit if limit is not None and award.total > limit]
        if event is Event.APPROVE and large:
            names = named_of([award.facts.organisation for award in large])
            self.form.note(f"超过 {limit} 元的 {len(large)} 笔：{names}。")
            self.form.add("confirmed", "", TickEdit("大额已逐笔核对"))
        self.form.note(_NOTES[event])
        self.form.set_values({"on": today, "opinion": _OPINIONS.get(event)})


def head_of(form: Form, event: Event, awards: Sequence[AwardLine], fit: Sequence[AwardLine]) -> None:
    """Say over a form how many awards take the step, how much and whose, and how many cannot."""
    form.section(f"{len(fit)} 笔，合计 {Money.total(award.total for award in fit)} 元")
    form.note(named_of([award.facts.organisation for award in fit]))
    if left := len(awards) - len(fit):
        form.note(f"另外选中的 {left} 笔现在的状态不能“{event.label}”，不会办，结果里逐笔说明。")


def named_of(names: Sequence[str]) -> str:
    """The first few names, and how many there are."""
    each = list(dict.fromkeys(names))
    return "、".join(each[:NAMED]) + (f"等 {len(each)} 家" if len(each) > NAMED else "")


def _with_words(move: Move, save: Callable[[Words], object]) -> Save:
    def words(values: dict[str, Any]) -> Words:
        opinion, document = values["opinion"] or "", values.get("document") or ""
        return Words(values["on"], opinion, document, bool(values.get("confirmed")))

    return lambda values, _tick: save(words(values))
