"""Third step of importing a list: what holds for the whole file and fills what a row does not say itself."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout

from ui.dialogs.steps_dialog import Step
from ui.widgets.fields import ChoiceEdit, DateEdit, LineEdit, ParsedEdit
from ui.widgets.form import Form
from ui.widgets.labels import label
from zjtx_desktop.domain.titles import Kind, Level, Titles
from zjtx_desktop.usecases.list_file import ListDefaults
from zjtx_desktop.values import Division, DocumentNumber, parse_year

_BLANK = "（按名单各行）"


class ValuesStep(Step):
    """`defaults()` is what was filled in; everything may stay empty."""

    title = "全表相同的内容"

    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        _fill(self.form)
        self.form.changed.connect(self.changed)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.form)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        hint = "名单里没有写、而整份文件都一样的内容，填在这里；名单里某行写明了的，以该行为准。都写明了的，可以不填。"
        layout.addWidget(label(hint, "soft", wraps=True))
        layout.addWidget(scroll, 1)

    def enter(self) -> None:
        self.form.field("title").setFocus()

    def defaults(self) -> ListDefaults:
        """What was filled in; call it after `ready`."""
        return ListDefaults(**self.form.values())

    def ready(self) -> bool:
        """Whether every field can be read; what cannot is said under it."""
        return self.form.check()


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
