"""A new round: its year and its name."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog, Save
from ui.jobs import Jobs
from ui.widgets.fields import LineEdit, ParsedEdit
from zjtx_desktop.usecases.rounds import FIRST_NAME
from zjtx_desktop.values import parse_year


class NewRoundDialog(FormDialog):
    """Hands `{"year": int, "name": str}` to `save`. `years` are those that the registered recognitions have."""

    def __init__(self, jobs: Jobs, years: Sequence[int], free: int | None, save: Save, parent: QWidget | None = None) -> None:
        super().__init__(jobs, "新建批次", save, "新建", parent)
        if years:
            self.form.note(f"账簿中的认定有这些年度：{'、'.join(map(str, years))}。")
        self.form.note("锁定名单以前，批次里还没有测算结果；同一年度漏报的，另开补充批次。")
        self.form.add("year", "奖励年度", ParsedEdit(parse_year, str, "如 2024"), required=True)
        self.form.add("name", "批次名称", LineEdit("如 第一批、补充批"), required=True)
        self.form.set_values({"year": free, "name": FIRST_NAME})
