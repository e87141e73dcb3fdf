"""公示 and what comes of it: the notice with its last day counted while one types, an objection, its answer."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QPushButton, QWidget

from ui.dialogs.award_step import PastDay, head_of
from ui.dialogs.form_dialog import FormDialog, Save
from ui.jobs import Jobs
from ui.widgets.fields import ChoiceEdit, DateEdit, LineEdit, NoteEdit
from ui.widgets.labels import label, set_role
from zjtx_desktop.domain.states import Event
from zjtx_desktop.errors import BadValue
from zjtx_desktop.usecases.awards import AwardLine
from zjtx_desktop.usecases.notices import FEWEST, MOST, ObjectionLine
from zjtx_desktop.values import MOST_NOTE, format_date

_WEEKDAYS = "一二三四五六日"


class NoticeDialog(FormDialog):
    """Hands `starts`, `days`, `channel`, `late_reason` to `save`. `last_day(starts, days)` counts; it may raise BadValue.

    `record_year` opens what a missing year is recorded with; call `count` afterwards.
    """

    def __init__(
        self,
        jobs: Jobs,
        awards: Sequence[AwardLine],
        fit: Sequence[AwardLine],
        today: date,
        usual: int,
        channels: Sequence[str],
        last_day: Callable[[date, int], date],
        save: Save,
        record_year: Callable[[QWidget], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, "公示", save, f"公示 {len(fit)} 笔", parent)
        self._last_day, self._today = last_day, today
        self.end = label(wraps=True)
        self.year = QPushButton("登记节假日安排…", autoDefault=False)
        self.year.setProperty("role", "link")
        self.year.clicked.connect(lambda: record_year(self))
        head_of(self.form, Event.PUBLISH, awards, fit)
        self.form.add("starts", "开始日期", DateEdit(today=lambda: today), required=True)
        days = [(number, f"{number} 个工作日") for number in range(FEWEST, MOST + 1)]
        self.form.add("days", "公示期", ChoiceEdit(days), required=True)
        self.form.add_widget(self.end)
        self.form.add_widget(self.year)
        channel = self.form.add("channel", "公示渠道", LineEdit("如 县人民政府门户网站"), required=True)
        channel.suggest(channels)
        late = NoteEdit("公示已经开始，今天才登记：写明为什么")
        self.form.add("late_reason", "补登的理由", late, required=True, hint="印在审批表上，长期保留")
        self.form.note("公示的名单不印银行账号、联系人和电话。公示期按国务院办公厅公布的节假日安排推算，开始当天是工作日的算第一天。")
        self.form.set_values({"starts": today, "days": usual, "channel": next(iter(channels), None)})
        self.form.changed.connect(self.count)
        self.count()

    def count(self) -> None:
        """Show the last day, or why it cannot be told; ask for the reason where the notice began before today."""
        try:
            starts = self.form.field("starts").value()
            self._ask_why(bool(starts and starts < self._today))
            ends = self._last_day(starts, self.form.field("days").value()) if starts else None
            said = f"公示到 {format_date(ends)}（星期{_WEEKDAYS[ends.weekday()]}）期满。" if ends else ""
            tone = "strong"
        except BadValue as error:
            said, tone = str(error), "error"
        self.end.setText(said)
        set_role(self.end, "role", tone)
        self.year.setVisible("节假日安排" in said)

    def _ask_why(self, is_late: bool) -> None:
        if self.form.field("late_reason").isHidden() is is_late:
            self.form.set_shown("late_reason", is_late)


class ObjectionDialog(FormDialog):
    """Hands `received_on`, `by_whom`, `content` to `save`."""

    def __init__(self, jobs: Jobs, subject: str, today: date, save: Save, parent: QWidget | None = None) -> None:
        super().__init__(jobs, "登记异议", save, "登记", parent)
        self.form.section(subject)
        self.form.add("received_on", "收到日期", PastDay(today=lambda: today), required=True)
        self.form.add("by_whom", "异议人", LineEdit("姓名或单位，匿名的写“匿名”"), required=True)
        self.form.add("content", "异议内容", NoteEdit("写明反映的问题", most=MOST_NOTE), required=True)
        self.form.note("异议答复以前，这笔奖补的公示不能结束，也不能审定。")
        self.form.set_values({"received_on": today})


class AnswerDialog(FormDialog):
    """Hands `answered_on`, `text`, `upheld` to `save`."""

    def __init__(
        self, jobs: Jobs, subject: str, objection: ObjectionLine, today: date, save: Save, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, "答复异议", save, "答复", parent)
        self.form.section(subject)
        self.form.note(f"{format_date(objection.received_on)}，{objection.by_whom}：{objection.content}")
        self.form.add("answered_on", "答复日期", PastDay(today=lambda: today), required=True)
        self.form.add(
            "upheld", "核实结果", ChoiceEdit(((False, "异议不成立"), (True, "异议成立")), blank="请选择"), required=True
        )
        self.form.add("text", "答复内容", NoteEdit("写明核实的情况和答复", most=MOST_NOTE), required=True)
        self.form.note("异议成立的，这笔奖补不能继续办理，请退回或登记为不予奖励。答复以后不能再改。")
        self.form.set_values({"answered_on": today})
