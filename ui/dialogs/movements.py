"""One movement of money over the parts chosen: paid, returned, written off, asked for, agreed to, arrived."""

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.dialogs.award_step import PastDay, named_of
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.voucher_question import SAME, AskUses, VoucherQuestion
from ui.jobs import Jobs
from ui.widgets.fields import LineEdit, MoneyEdit, NoteEdit, Remark, TickEdit
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.usecases.ledger import VOUCHERS, PaymentOrder
from zjtx_desktop.usecases.standings import PartLine
from zjtx_desktop.values import Money

_NUMBER = re.compile(r"\d+$")
_HELD_IN = (AwardState.ISSUED, AwardState.PAID, AwardState.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Deed:
    """A kind of movement in words: its verb, what its day and its paper are called, and what it means."""

    verb: str
    icon: str
    paper: str
    hint: str
    note: str
    reason: str = ""


DEEDS = MappingProxyType(
    {
        EntryKind.PAID: Deed(
            "登记拨付", "payment", "凭证号", "国库支付凭证号", "登记的是已经由国库集中支付的款项。登记错了的，用“登记退回”更正。"
        ),
        EntryKind.RETURNED: Deed(
            "登记退回", "undo", "凭证号", "退款凭证号", "银行退回的款项登记以后，可以重新拨付。", "退回的原因"
        ),
        EntryKind.REQUESTED: Deed("向市级申请", "export", "函的文号", "报送市局的函", "报送表在“报送”页导出，这里登记函的文号。"),
        EntryKind.APPROVED: Deed("市级批复", "checklist", "文号", "市级下达文件的文号", "批复少于申请的，按批复的金额逐笔登记。"),
        EntryKind.ARRIVED: Deed("市级到账", "import", "凭证号", "收款凭证号", "到账以后，市级财政承担的部分才能拨付。"),
        EntryKind.VOIDED: Deed(
            "核减", "close", "依据的文件", "如市级批复的文号", "核减以后不再拨付这一部分；整笔不付的，请改为作废。", "核减的理由"
        ),
    }
)  # fmt: skip


def room(kind: EntryKind, part: PartLine) -> Money:
    """How much of this kind may be entered for a part just now; nothing where it does not apply."""
    if kind is EntryKind.PAID:
        return part.payable_now
    open_in = _HELD_IN if kind is EntryKind.RETURNED else (AwardState.ISSUED,)
    from_city = kind in (EntryKind.REQUESTED, EntryKind.APPROVED, EntryKind.ARRIVED)
    return part.standing.room(kind) if part.award_state in open_in and (part.sent or not from_city) else Money(0)


class _Papers(LineEdit):
    """A number for each of several; `numbered` counts up from the one that stands here."""

    def __init__(self, hint: str, count: int, numbered: Callable[[], bool]) -> None:
        super().__init__(hint)
        self._count, self._numbered = count, numbered

    def numbers(self) -> list[str]:
        """The numbers, one for each."""
        text = self.value() or ""
        found = _NUMBER.search(text)
        if not (self._numbered() and found):
            return [text] * self._count
        first, width = int(found[0]), len(found[0])
        return [f"{text[: found.start()]}{first + place:0{width}}" for place in range(self._count)]

    def remark_on(self, value: str) -> Remark:
        if not self._numbered():
            return "", ""
        if not _NUMBER.search(value):
            return "error", "依次编号的，号码要以数字结尾，请改正。"
        numbers = self.numbers()
        return "soft", f"{numbers[0]} 至 {numbers[-1]}"


class MovementDialog(FormDialog):
    """Hands the orders to `save`. One part may be entered in instalments; of many each is entered as far as it goes."""

    def __init__(
        self,
        jobs: Jobs,
        kind: EntryKind,
        chosen: Sequence[PartLine],
        today: date,
        save: Callable[[Sequence[PaymentOrder]], object],
        parent: QWidget | None = None,
        ask_uses: AskUses | None = None,
    ) -> None:
        deed = DEEDS[kind]
        self._fit = [part for part in chosen if room(kind, part)]
        self._rooms = [room(kind, part) for part in self._fit]
        self._keys = [uuid.uuid4().hex for _ in self._fit]  # before the first try, and the same in every other
        self._reason = deed.reason
        super().__init__(jobs, deed.verb, lambda values, _tick: save(self.orders(values)), deed.verb, parent)
        form, many = self.form, len(self._fit) > 1
        form.section(self._headline())
        form.note(named_of([part.organisation for part in self._fit]))
        if left := len(chosen) - len(self._fit):
            form.note(f"另外选中的 {left} 笔现在不能“{deed.verb}”，不会登记。")
        if not many:
            form.add("amount", "金额", MoneyEdit(), required=True, hint="可以少于这个数，分次登记")
        form.add("on", "日期", PastDay(today=lambda: today), required=True)
        self.papers = _Papers(deed.hint, len(self._fit), self._is_numbered)
        form.add("voucher", deed.paper, self.papers, required=True)
        if many:
            form.add("numbered", "依次编号", TickEdit("每笔一个号，从上面这个号依次往下编"))
        if ask_uses and kind in VOUCHERS:
            self.question = VoucherQuestion(form, "voucher", self.papers.numbers, ask_uses)
            if many:
                form.field("numbered").changed.connect(self.question.look)
        if deed.reason:
            form.add("reason", deed.reason, NoteEdit(f"写明{deed.reason}"), required=True)
        form.note(deed.note)
        form.set_values({"on": today} | ({} if many else {"amount": self._rooms[0]}))

    def orders(self, values: dict[str, Any]) -> list[PaymentOrder]:
        """What is to be entered."""
        amounts = self._rooms if len(self._fit) > 1 else [values["amount"]]
        given = zip(self._fit, amounts, self.papers.numbers(), self._keys, strict=True)
        said = values.get("reason") or "", bool(values.get(SAME))
        return [PaymentOrder(part.id, fen, values["on"], number, key, *said) for part, fen, number, key in given]

    def _headline(self) -> str:
        if len(self._fit) == 1:
            part = self._fit[0]
            return f"{part.treasury.name}（{part.payer.label}），最多 {self._rooms[0]} 元"
        return f"{len(self._fit)} 笔，合计 {Money.total(self._rooms)} 元"

    def _is_numbered(self) -> bool:
        return len(self._fit) > 1 and bool(self.form.field("numbered").value())
