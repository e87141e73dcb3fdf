"""信用核查: what a look-up of one or many organisations showed."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from ui.dialogs.award_step import PastDay, named_of
from ui.dialogs.form_dialog import FormDialog, Save
from ui.jobs import Jobs
from ui.widgets.fields import ChoiceEdit, LineEdit, NoteEdit

_SOURCES = ("“信用中国”网站", "“信用中国（江西）”网站", "国家企业信用信息公示系统", "县市场监管、税务、应急、生态环境部门函复")
_RESULTS = ((True, "没有发现问题"), (False, "发现问题，不通过"))


class CreditDialog(FormDialog):
    """Hands `on`, `source`, `clean`, `finding` to `save`."""

    def __init__(
        self, jobs: Jobs, names: Sequence[str], today: date, save: Save, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, "登记信用核查", save, f"登记 {len(names)} 家", parent)
        self.form.section(f"{len(names)} 家企业")
        self.form.note(named_of(names))
        self.form.add("on", "核查日期", PastDay(today=lambda: today), required=True)
        source = self.form.add("source", "来源", LineEdit("在哪里查的"), required=True)
        source.suggest(_SOURCES)
        self.form.add("clean", "结果", ChoiceEdit(_RESULTS, blank="请选择"), required=True)
        self.form.add("finding", "发现的问题", NoteEdit("写明查到了什么，例如列入严重失信主体名单的日期和文号"), required=True)
        self.form.note("选了几家就登记几条，来源和结果相同；查询的截图可以作为附件另存。以最近一次核查为准。")
        self.form.set_values({"on": today, "source": _SOURCES[0]})
        self.form.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        """Only a bad result needs a finding."""
        self.form.set_shown("finding", self.form.field("clean").value() is False)
