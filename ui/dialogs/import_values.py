"""Third step of importing a list: what holds for the whole file and fills what a row does not say itself."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout

from ui.dialogs.steps_dialog import Step
from ui.widgets.fields import ChoiceEdit, DateEdit, LineEdit, ParsedEdit, TickEdit
from ui.widgets.form import Form
from ui.widgets.labels import label
from zjtx_desktop.domain.titles import Kind, Level, Titles
from zjtx_desktop.usecases.list_file import LABELS, Answers, ListDefaults, Proposal, Question
from zjtx_desktop.values import Division, DocumentNumber, parse_year

_BLANK = "（按名单各行）"


class ValuesStep(Step):
    """`defaults()` is what was filled in; everything may stay empty. What the headlines of the list name is filled in
    beforehand, its source under it; where they say otherwise than what was filled in, that is asked here.
    """

    title = "全表相同的内容"

    def __init__(self) -> None:
        super().__init__()
        self.form, self.asked = Form(), _Asked()
        _fill(self.form)
        self._fields = tuple(self.form.values())
        self.from_heading = TickEdit("名单各行和这里都没有写的，按各张工作表的标题、小标题填写")
        self.form.add("from_heading", "", self.from_heading)
        self.form.changed.connect(self.asked.forget)
        self.form.changed.connect(self.changed)
        self.asked.changed.connect(self.changed)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.form)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        hint = "名单里没有写、而整份文件都一样的内容，填在这里；名单里某行写明了的，以该行为准。都写明了的，可以不填。"
        layout.addWidget(label(hint, "soft", wraps=True))
        layout.addWidget(self.asked)
        layout.addWidget(scroll, 1)

    def enter(self) -> None:
        self.form.field("title").setFocus()

    def problem(self) -> str:
        return self.asked.problem()

    def propose(self, offered: Iterable[Proposal]) -> None:
        """Begin anew for another list, with what its headlines name."""
        values = {one.field: one for one in offered}
        self.asked.forget()
        self.form.set_values({key: values[key].value if key in values else None for key in (*self._fields, "from_heading")})
        for key, one in values.items():
            self.form.say(key, "soft", f"取自{one.source}，请核对。")

    def fill_in(self, values: Mapping[str, Any]) -> None:
        """What was filled in elsewhere for the same list, as `form` has it."""
        self.asked.forget()
        self.form.set_values(dict(values))

    def ask(self, questions: Sequence[Question]) -> None:
        """Show where the headlines say otherwise; one cannot go on before each is answered or set right."""
        self.asked.show_questions(questions)
        self.changed.emit()

    def defaults(self) -> ListDefaults:
        """What was filled in; call it after `ready`."""
        return ListDefaults(**{key: value for key, value in self.form.values().items() if key in self._fields})

    def answers(self) -> Answers:
        """What was decided beside."""
        return Answers(self.from_heading.isChecked(), self.asked.answered())

    def ready(self) -> bool:
        """Whether every field can be read; what cannot is said under it."""
        return self.form.check()


class _Asked(QFrame):
    """The questions of a list, each with a tick that keeps what was filled in."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.ticks: dict[str, TickEdit] = {}
        self._box = QVBoxLayout(self)
        self.hide()

    def show_questions(self, questions: Sequence[Question]) -> None:
        """Show these in place of others."""
        self.forget()
        for one in questions:
            tick = TickEdit(f"已核对，{LABELS[one.field]}以下面填的为准")
            tick.changed.connect(self.changed)
            self.ticks[one.field] = tick
            self._box.addWidget(label(one.sentence, "warn", wraps=True))
            self._box.addWidget(tick)
        self.setVisible(bool(questions))

    def forget(self) -> None:
        """What was filled in has changed: the questions are asked anew when one goes on."""
        self.ticks.clear()
        while (item := self._box.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.hide()

    def answered(self) -> frozenset[str]:
        """The fields for which what was filled in stands."""
        return frozenset(field for field, tick in self.ticks.items() if tick.isChecked())

    def problem(self) -> str:
        """Why one cannot go on."""
        return "" if len(self.answered()) == len(self.ticks) else "名单的标题与填的不一致，请核对：改掉填错的，或者勾选确认。"


def _fill(form: Form) -> None:
    titles = [(one.id, one.aliases[None][0]) for one in Titles.load().all]
    form.add("title", "称号", ChoiceEdit(titles, blank=_BLANK))
    form.add("level", "级别", ChoiceEdit([(one, one.value) for one in Level], blank=_BLANK))
    form.add("kind", "类型", ChoiceEdit([(one, one.value) for one in Kind], blank=_BLANK))
    form.add("document_title", "认定文件", LineEdit("公告或通知的标题"))
    form.add("document_number", "文号", ParsedEdit(DocumentNumber.parse, str, "如 赣工信企业字〔2024〕6号"))
    form.add("document_date", "认定日期", DateEdit("文件落款日期，如 2024-06-03"))
    form.add("batch", "批次", LineEdit("如 第五批"))
    form.add("label_year", "年度", ParsedEdit(parse_year, str, "如 2024"))
    form.add("division", "所属地区", ChoiceEdit([(one, one.name) for one in Division.all()], blank=_BLANK))
    form.add("valid_from", "有效期起", DateEdit())
    form.add("valid_to", "有效期止", DateEdit())
