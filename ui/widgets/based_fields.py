"""Fields with the basis beside them: an amount and its document, an answer and why it was chosen."""

from collections.abc import Hashable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets.fields import NOTHING, ChoiceEdit, DateEdit, LineEdit, MoneyEdit, Remark
from ui.widgets.labels import set_role
from zjtx_desktop.domain.switches import Switch
from zjtx_desktop.values import Money

_AMOUNT_SHARE, _BASIS_SHARE = 4, 5


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
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(field, _AMOUNT_SHARE)
        layout.addWidget(self.basis, _BASIS_SHARE)

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
    """An answer to an open question with its basis: (answer, basis)."""

    def __init__(self, switch: Switch) -> None:
        self._free = switch.takes_date or switch.takes_amount
        super().__init__(_field(switch), "依据：文号，默认可不填")

    def value(self) -> tuple[str, str]:
        answer = self.field.value()
        return (_plain(answer), self.basis.value() or "")

    def set_value(self, value: tuple[str, str]) -> None:
        answer = value[0]
        self.field.set_value(self._read(answer))
        self.basis.set_value(value[1])

    def remark(self) -> Remark:
        return self.field.remark() if self._free else NOTHING

    def _read(self, answer: str) -> object:
        """The stored answer as its field takes it."""
        if isinstance(self.field, DateEdit):
            return date.fromisoformat(answer) if answer else None
        if isinstance(self.field, MoneyEdit):
            return Money.parse(answer) if answer else None
        return answer


def _field(switch: Switch) -> ChoiceEdit | DateEdit | MoneyEdit:
    if switch.takes_date:
        return DateEdit("不填为没有截止日期")
    if switch.takes_amount:
        return MoneyEdit(f"不填为{switch.label_of('')}")
    return ChoiceEdit(tuple(switch.labels.items()))


def _plain(answer: object) -> str:
    """An answer of a field as it is stored."""
    if isinstance(answer, date):
        return answer.isoformat()
    return answer.yuan if isinstance(answer, Money) else str(answer or "")
