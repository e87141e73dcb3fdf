"""人工核定: another amount for one treasury's part of a draft award, with reason, document and scan."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ui import icons
from ui.dialogs.ask import ask_sure
from ui.dialogs.form_dialog import FormDialog, Save
from ui.jobs import Jobs
from ui.settings import Settings
from ui.widgets.fields import ChoiceEdit, LineEdit, MoneyEdit, NoteEdit
from ui.widgets.labels import label
from ui.dialogs.scan_edit import ScanEdit
from zjtx_desktop.domain.facts import Part, Payer
from zjtx_desktop.usecases.manual_amounts import ManualLine
from zjtx_desktop.values import Division

Treasury = tuple[Payer, Division]


class ManualDialog(FormDialog):
    """Hands `part` (Payer, Division), `amount`, `reason`, `document`, `scan` (a path) to `save`.

    `known` are the amounts set before; `withdrawing` carries the part whose amount is to be taken back.
    """

    withdrawing = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        settings: Settings,
        subject: str,
        parts: Sequence[Part],
        known: Sequence[ManualLine],
        save: Save,
        parent: QWidget | None = None,
        sure: Callable[[QWidget, str, str, str], bool] = ask_sure,
    ) -> None:
        super().__init__(jobs, "人工核定", save, "核定金额", parent)
        self._sure = sure
        self._amounts = {(part.payer, part.treasury): part.amount for part in parts}
        self._known = {(one.payer, one.treasury): one for one in known}
        choices = [(key, f"{key[1].name}（{key[0].label}）") for key in self._amounts]
        form = self.form
        form.section(subject)
        form.note("金额按政策测算。确需另行核定的，凭批准文件逐项登记；核定不能低于文件规定的下限，市级部分要有市级的文件。")
        self.part = form.add("part", "承担财政", ChoiceEdit(choices), required=True)
        self.standing = label(role="soft", wraps=True)
        form.add_widget(self.standing)
        form.add("amount", "核定金额", MoneyEdit("如 120000 或 12万"), required=True)
        form.add("reason", "理由", NoteEdit("写明为什么不按测算的金额，会写进测算依据"), required=True)
        form.add("document", "依据文件", LineEdit("批准文件的文号或会议纪要"), required=True)
        form.add("scan", "扫描件", ScanEdit(settings), required=True)
        form.note("核定以后，名单、通知、审批表、报送表和测算依据都标明“人工核定”；重新测算时继续有效，可以撤回。")
        self.withdraw = QPushButton("撤回这项核定…", autoDefault=False)
        icons.dress(self.withdraw, "undo")
        self.withdraw.clicked.connect(self.ask_withdraw)
        self._buttons.insertWidget(0, self.withdraw)
        self.part.changed.connect(self._show)
        self._show()

    def ask_withdraw(self) -> None:
        """Ask, then say which amount is to be taken back; whoever listens does it and closes the dialog."""
        one = self._known[self.part.value()]
        what = f"将撤回{one.treasury.name}（{one.payer.label}）核定的 {one.amount} 元，恢复按政策测算的金额。"
        if self._sure(self, "撤回人工核定", what, "撤回后可以用“撤销”（Ctrl+Z）恢复。"):
            self.withdrawing.emit((one.payer, one.treasury))

    def close_done(self) -> None:
        """Close after what was asked for has been done; nothing typed here is wanted any more."""
        self.form.mark_clean()
        self.reject()

    def _show(self) -> None:
        """The amount of the part chosen as it is now, and what was settled on it before."""
        key = self.part.value()
        one = self._known.get(key)
        self.withdraw.setVisible(one is not None)
        now = self._amounts.get(key)
        self.standing.setText(
            f"已由{one.by}核定为 {one.amount} 元（{one.document}）。" if one else f"按政策测算为 {now} 元。"
        )
        known = {"amount": one.amount, "reason": one.reason, "document": one.document} if one else {}
        self.form.set_values(dict.fromkeys(("amount", "reason", "document", "scan")) | known)


def form_values(values: dict[str, Any]) -> dict[str, Any]:
    """What the form gave, as `ManualForm` takes it."""
    payer, treasury = values["part"]
    texts = {key: values[key] or "" for key in ("reason", "document")}
    return {"payer": payer, "treasury": treasury, "amount": values["amount"], **texts}
