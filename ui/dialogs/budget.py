"""登记预算: what a treasury has set aside for a round, by which document."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog, Save
from ui.dialogs.second_person import add_second_person
from ui.jobs import Jobs
from ui.widgets.fields import ChoiceEdit, LineEdit, MoneyEdit
from ui.widgets.labels import label
from zjtx_desktop.errors import BadValue
from zjtx_desktop.usecases.budgets import BudgetLine


class BudgetDialog(FormDialog):
    """Hands `{"treasury": (Payer, Division), "amount", "basis"}` to `save`; more than before asks for one of `names`."""

    def __init__(
        self,
        jobs: Jobs,
        subject: str,
        lines: Sequence[BudgetLine],
        save: Save,
        names: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, "登记预算", save, parent=parent)
        self._lines = {(line.payer, line.treasury): line for line in lines}
        choices = [(key, f"{key[1].name}（{key[0].label}）") for key in self._lines]
        self.form.section(subject)
        self.treasury = self.form.add("treasury", "财政", ChoiceEdit(choices), required=True)
        self.standing = label(role="soft", wraps=True)
        self.form.add_widget(self.standing)
        self.form.add("amount", "预算", MoneyEdit("如 100万"), required=True)
        self.form.add("basis", "依据", LineEdit("预算批复的文号"), required=True)
        self.form.note("登记以后，审定（一人办理的账簿为下达）超过预算的会被拒绝。改动预算的，原来的留在修改记录里；比原来增加的，要两个人办。")
        self.second = add_second_person(self.form, names)
        self.form.field("amount").changed.connect(self._show_second)
        self.treasury.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        line = self._lines[self.treasury.value()]
        self.form.field("amount").set_value(line.budget)
        self.form.field("basis").set_value(line.basis)
        self._show_second()
        self.form.mark_clean()
        self.standing.setText(
            f"已下达 {line.used} 元，已审定未下达 {line.reserved} 元，还在办理 {line.waiting} 元。"
        )

    def _show_second(self) -> None:
        """Raising what was recorded before takes two."""
        before = self._lines[self.treasury.value()].budget
        try:
            amount = self.form.field("amount").value()
        except BadValue:
            return
        self.second.set_shown(before is not None and amount is not None and amount > before)
