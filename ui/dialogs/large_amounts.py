"""大额标准: from which amount on an approval asks for one more look."""

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog, Save
from ui.jobs import Jobs
from ui.widgets.fields import MoneyEdit
from zjtx_desktop.values import Money


class LargeAmountsDialog(FormDialog):
    """Hands `amount` to `save`, None for no limit."""

    def __init__(self, jobs: Jobs, known: Money | None, save: Save, parent: QWidget | None = None) -> None:
        super().__init__(jobs, "大额标准", save, "保存", parent)
        self.form.section("单笔超过多少，审定时要另行核对")
        self.form.add("amount", "大额标准", MoneyEdit("不设标准的留空"))
        self.form.note("审定时有超过标准的，要勾选“大额已逐笔核对”才能办。改动记入修改记录。")
        self.form.set_values({"amount": known})
