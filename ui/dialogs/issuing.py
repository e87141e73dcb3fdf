"""下达: how many letters, which numbers they take and what they come to, before it is done."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog
from ui.jobs import Jobs
from ui.widgets.fields import DateEdit, Remark
from ui.widgets.labels import label
from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import Money, format_date


class _IssueDay(DateEdit):
    """A day that is not in the future."""

    def remark_on(self, value: date) -> Remark:
        return ("error", "签发日期不能晚于今天，请改正。") if value > self._today() else ("", "")


class IssueDialog(FormDialog):
    """Gives `{"on": date}` with `saved`. `numbers(year)` tells the numbers that would be taken."""

    keeps_input = False

    def __init__(
        self, jobs: Jobs, count: int, total: Money, today: date, numbers: Callable[[int], Sequence[str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, "下达拨付通知", lambda values, tick: values, f"下达 {count} 份", parent)
        self._numbers = numbers
        self.taken = label(wraps=True)
        self.form.section(f"下达 {count} 份拨付通知，合计 {total} 元")
        self.form.add("on", "签发日期", _IssueDay(today=lambda: today), required=True)
        self.form.set_values({"on": today})
        self.form.add_widget(self.taken)
        self.form.note("下达以后，编号、金额和文书内容随即固定，不能再改；确需收回的，在“奖补”页作废，文号不再使用。")
        self.form.changed.connect(self._show_numbers)
        self._show_numbers()

    def _show_numbers(self) -> None:
        try:
            day = self.form.field("on").value()
        except BadValue:
            day = None
        numbers = self._numbers(day.year) if day else ()
        taken = f"{numbers[0]} 至 {numbers[-1]}" if len(numbers) > 1 else "".join(numbers)
        self.taken.setText(f"占用文号：{taken}，落款日期 {format_date(day)}。" if day else "")
