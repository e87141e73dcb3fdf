"""Fields with the basis beside them: an amount and its document, an answer and why it was chosen."""

from collections.abc import Hashable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.widgets.fields import NOTHING, ChoiceEdit, DateEdit, LineEdit, MoneyEdit, Remark
from ui.widgets.labels import set_role
from zjtx_desktop.domain.choices import is_city_paper
from zjtx_desktop.domain.switches import Switch
from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import Money

_AMOUNT_SHARE, _BASIS_SHARE = 4, 5
_FOLLOWS = "follows"  # no answer of its own


class _Based(QWidget):
    """A field on the left, its basis on the right, as one field of a form."""

    changed = Signal()

    def __init__(self, field: ChoiceEdit | DateEdit | MoneyEdit, hint: str) -> None:
        super().__init__()
        self.field, self.basis = field, LineEdit(hint)
        self.basis.setAccessibleName("依据")
        self.setFocusProxy(field)
        for part in (self.field, self.basis):
            part.changed.connect(self.changed)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(field, 0, 0)
        layout.addWidget(self.basis, 0, 1)
        layout.setColumnStretch(0, _AMOUNT_SHARE)
        layout.setColumnStretch(1, _BASIS_SHARE)

    def raw(self) -> Hashable:
        return self.field.raw(), self.basis.raw()

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.field.setAccessibleName(name)
        self.basis.setAccessibleName(f"{name}的依据")


def line_up(form: QWidget) -> None:
    """Make the fields of a form equally wide on the left of their basis, as wide as the widest needs."""
    fields = [based.field for based in form.findChildren(_Based)]
    for field in fields:
        field.ensurePolished()
    widest = max(field.sizeHint().width() for field in fields)
    for field in fields:
        field.setMinimumWidth(widest)


class BasedAmount(_Based):
    """An amount in 元 with the document that sets it: (Money, str), or None when both are empty."""

    def __init__(self, hint: str) -> None:
        super().__init__(MoneyEdit(hint), "依据：文号")

    def value(self) -> tuple[Money, str] | None:
        amount = self.field.value()
        return (amount, self.basis.value() or "") if amount is not None else None

    def set_value(self, value: tuple[Money, str] | None) -> None:
        self.field.set_value(value and value[0])
        self.basis.set_value(value and value[1])

    def remark(self) -> Remark:
        said = self.field.remark()
        lacking = said[0] != "error" and self.field.raw() and not self.basis.raw()
        set_role(self.field, "problem", "error" if said[0] == "error" else "")
        return ("warn", "请在右边填写依据的文号。") if lacking else said


class BasedChoice(_Based):
    """An answer to an open question with its basis and the city's document: (answer, basis, document).

    With `for_city` an answer other than the default asks by which document of the city it holds for the municipal
    part. What `follows` another answer may be left open: the answer is None then.
    """

    def __init__(self, switch: Switch, for_city: bool = False) -> None:
        self._switch, self._for_city, self._follows = switch, for_city, False
        self._free = switch.takes_date or switch.takes_amount
        super().__init__(_field(switch), "依据：文号，默认可不填")
        self.city = LineEdit("市级文件（文号）：没有市级文件的，市级部分按文件执行")
        self.city.changed.connect(self.changed)
        self.field.changed.connect(self._show_city)
        self.layout().addWidget(self.city, 1, 0, 1, 2)
        self._show_city()

    def follow(self, default: str | None) -> None:
        """Let the answer be left open where it then follows `default`; None where an answer is wanted."""
        self._follows = default is not None
        said = "" if default is None else f"按全市（{self._switch.label_of(default) or default}）"
        if isinstance(self.field, ChoiceEdit):
            followed = [(_FOLLOWS, said)] if said else []
            self.field.offer([*followed, *self._switch.labels.items()])
        else:
            self.field.setPlaceholderText(said or _hint(self._switch))

    def value(self) -> tuple[str | None, str, str]:
        answer = self.field.value()
        opened = self._follows and answer in (None, _FOLLOWS)
        return (None if opened else _plain(answer), self.basis.value() or "", self.city.value() or "")

    def set_value(self, value: tuple[str | None, str, str]) -> None:
        answer, basis, document = value
        self.field.set_value(_FOLLOWS if answer is None and not self._free else self._read(answer or ""))
        self.basis.set_value(basis)
        self.city.set_value(document)
        self._show_city()

    def raw(self) -> Hashable:
        return *super().raw(), self.city.raw()

    def remark(self) -> Remark:
        said = self.field.remark() if self._free else NOTHING
        document = self.city.value()
        if said[0] != "error" and document and not is_city_paper(document):
            return "error", "市级部分要有市级文件的文号，如 饶府办发〔2024〕5号。"
        return said

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.city.setAccessibleName(f"{name}的市级文件")

    def _show_city(self) -> None:
        """Where the answer is the default the municipal part has it anyway."""
        try:
            is_default = _plain(self.field.value()) == self._switch.default
        except BadValue:
            is_default = True
        self.city.setVisible(self._for_city and not self._follows and (not is_default or bool(self.city.text())))

    def _read(self, answer: str) -> object:
        """The stored answer as its field takes it."""
        if isinstance(self.field, DateEdit):
            return date.fromisoformat(answer) if answer else None
        if isinstance(self.field, MoneyEdit):
            return Money.parse(answer) if answer else None
        return answer


def _field(switch: Switch) -> ChoiceEdit | DateEdit | MoneyEdit:
    if switch.takes_date:
        return DateEdit(_hint(switch))
    if switch.takes_amount:
        return MoneyEdit(_hint(switch))
    return ChoiceEdit(tuple(switch.labels.items()))


def _hint(switch: Switch) -> str:
    return f"不填为{switch.label_of('')}"


def _plain(answer: object) -> str:
    """An answer of a field as it is stored."""
    if isinstance(answer, date):
        return answer.isoformat()
    return answer.yuan if isinstance(answer, Money) else str(answer or "")
