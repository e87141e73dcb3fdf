"""A voucher that was used before is asked about on its field, and taken once somebody says that it is the very one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from ui.widgets.fields import TickEdit
from ui.widgets.form import Form

SAME = "same_voucher"
_PAUSE = 200  # milliseconds
AskUses = Callable[[Sequence[str], Callable[[Sequence[str]], None]], object]


class VoucherQuestion(QObject):
    """Watches the field `key` of a form; `ask(numbers, answer)` finds out on the worker what they were used for."""

    def __init__(self, form: Form, key: str, numbers: Callable[[], Sequence[str]], ask: AskUses) -> None:
        super().__init__(form)
        self._form, self._key, self._numbers, self._ask = form, key, numbers, ask
        self._uses: tuple[str, ...] = ()
        form.add(SAME, "凭证号用过", TickEdit("核对过，确实是同一张凭证"))
        form.set_shown(SAME, False)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.look)
        form.field(key).changed.connect(self._pause.start)
        form.field(SAME).changed.connect(self._say)

    def look(self) -> None:
        """Ask about what stands in the field now."""
        asked = self._wanted()
        if not asked:
            self._answer(asked, ())
            return
        self._ask(asked, lambda uses: self._answer(asked, uses))

    def _answer(self, asked: tuple[str, ...], uses: Sequence[str]) -> None:
        if asked != self._wanted():
            return  # typed on meanwhile: the next answer counts
        others, self._uses = tuple(uses) != self._uses, tuple(uses)
        if others:
            self._form.field(SAME).set_value(False)
        self._form.set_shown(SAME, bool(uses))
        self._say()

    def _say(self) -> None:
        if self._uses:
            agreed = self._form.field(SAME).value()
            what = "" if agreed else "请核对；确实是同一张的，请在下面确认。"
            self._form.say(self._key, "warn" if agreed else "error", f"{'；'.join(self._uses[:3])}。{what}")

    def _wanted(self) -> tuple[str, ...]:
        if self._form.field(self._key).remark()[0] == "error":
            return ()
        return tuple(number for number in self._numbers() if number)
