"""确认受益财政: which treasuries of which organisations would be confirmed, and on what evidence, once for all of them."""

from collections.abc import Sequence
from operator import attrgetter

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog, Save
from ui.jobs import Jobs
from ui.models.column import Column
from ui.models.table import TableModel
from ui.widgets.fields import LineEdit
from ui.widgets.list_view import ListView
from zjtx_desktop.usecases.treasuries import Unconfirmed

_MOST_ROWS = 7
_COLUMNS = (
    Column("organisation", "单位名称", attrgetter("organisation"), letters=16),
    Column("shares", "受益财政", attrgetter("shares"), letters=12, tip=attrgetter("shares")),
    Column("evidence", "来自", attrgetter("evidence"), letters=10, tip=attrgetter("evidence")),
)


class ConfirmDialog(FormDialog):
    """Hands `{"evidence": str}` to `save`. `chosen` says how many were selected, those confirmed already among them."""

    def __init__(
        self, jobs: Jobs, waiting: Sequence[Unconfirmed], chosen: int, save: Save, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, "确认受益财政", save, f"确认 {len(waiting)} 家", parent)
        rest = f"选中的其余 {chosen - len(waiting)} 家不用再确认。" if chosen > len(waiting) else ""
        self.form.section(f"{len(waiting)} 家单位的受益财政")
        self.form.note(
            "下面的受益财政来自名单的所属地区，还没有人确认。请逐家核对；不对的，先取消，在“修改”里改正那一家。" + rest
        )
        self.model = TableModel(_COLUMNS, attrgetter("organisation_id"))
        self.view = ListView(self.model)
        self.view.setAccessibleName("待确认的受益财政")
        self.view.sort_changed.connect(self.model.sort_held)
        self.model.show(waiting)
        rows = min(len(waiting), _MOST_ROWS) + 1
        self.view.setFixedHeight(self.view.verticalHeader().defaultSectionSize() * rows + 32)
        self.form.add_widget(self.view)
        evidence = LineEdit("如 国家税务总局玉山县税务局2026年12月的证明")
        self.form.add("evidence", "依据", evidence, required=True, hint="税务部门证明等的名称和日期，记在每一家名下")
        self.form.note("确认人和日期一并记入账簿；公示、审定、下达和报送以前都要确认。")
