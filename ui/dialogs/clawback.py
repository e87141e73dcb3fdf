"""撤销认定 and what is paid back after it."""

from collections.abc import Iterator, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from ui.dialogs.award_step import PastDay
from ui.dialogs.form_dialog import FormDialog, Save
from ui.dialogs.voucher_question import AskUses, VoucherQuestion
from ui.jobs import Jobs
from ui.widgets.fields import LineEdit, MoneyEdit, NoteEdit
from zjtx_desktop.usecases.standings import PartLine
from zjtx_desktop.values import Money


class RevokeDialog(FormDialog):
    """Hands `{"on", "reason", "document"}` to `save`. `parts` are those of one award."""

    def __init__(
        self, jobs: Jobs, parts: Sequence[PartLine], today: date, save: Save, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, "撤销认定追回", save, "撤销认定", parent)
        self.form.section(f"{parts[0].organisation}：{parts[0].title}")
        for sentence in _effect(parts):
            self.form.note(sentence)
        self.form.add("on", "日期", PastDay(today=lambda: today), required=True)
        self.form.add("reason", "理由", NoteEdit("写明撤销认定的原因"), required=True)
        self.form.add("document", "文件", LineEdit("撤销认定的文件和文号"), required=True)
        self.form.note("登记以后不能收回。企业缴回的款项，用“登记追回”登记。")
        self.form.set_values({"on": today})


class RecoverDialog(FormDialog):
    """Hands `{"amount", "on", "voucher", "same_voucher"}` to `save`."""

    def __init__(
        self,
        jobs: Jobs,
        parts: Sequence[PartLine],
        today: date,
        save: Save,
        parent: QWidget | None = None,
        ask_uses: AskUses | None = None,
    ) -> None:
        super().__init__(jobs, "登记追回", save, "登记追回", parent)
        claimed = Money.total(part.standing.claimed for part in parts)
        self.form.section(f"{parts[0].organisation}，还应追回 {claimed} 元")
        self.form.add("amount", "缴回金额", MoneyEdit(), required=True)
        self.form.add("on", "日期", PastDay(today=lambda: today), required=True)
        voucher = self.form.add("voucher", "凭证号", LineEdit("缴款书或收款凭证号"), required=True)
        if ask_uses:
            self.question = VoucherQuestion(self.form, "voucher", lambda: (voucher.value() or "",), ask_uses)
        self.form.note("缴回的款项按各财政应追回的金额同比例分到各财政，分毫不差。全部追回后，奖补成为“已追回”。")
        self.form.set_values({"amount": claimed, "on": today})


def _effect(parts: Sequence[PartLine]) -> Iterator[str]:
    held = [f"{part.treasury.name}（{part.payer.label}） {part.standing.held} 元" for part in parts if part.standing.held]
    rest = Money.total(part.standing.payable for part in parts)
    if held:
        yield f"应追回：{'，'.join(held)}。"
    else:
        yield "企业还没有收到款项，没有应追回的。"
    if rest:
        yield f"还没有拨付的 {rest} 元不再拨付。"
