"""收款单位是不是企业: recorded for one or many organisations at once."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ui.dialogs.award_step import named_of
from ui.dialogs.form_dialog import FormDialog, Save
from ui.dialogs.organisation_form import COMPANY
from ui.jobs import Jobs
from ui.widgets.fields import ChoiceEdit


class PayeeKindDialog(FormDialog):
    """Hands `{"is_company": bool}` to `save`. `names` are the first of those chosen, `count` how many there are."""

    def __init__(self, jobs: Jobs, names: Sequence[str], count: int, save: Save, parent: QWidget | None = None) -> None:
        super().__init__(jobs, "收款单位是不是企业", save, f"登记 {count} 家", parent)
        self.form.section(f"{count} 家单位")
        self.form.note(named_of(names) if count == len(names) else f"{'、'.join(names)}等")
        self.form.add("is_company", "收款单位是不是企业", ChoiceEdit(COMPANY, blank="请选择"), required=True)
        self.form.note("基地、平台的收款单位未必是企业，登记以前不能奖励；企业称号的不用登记。登记以后请重新测算。")
