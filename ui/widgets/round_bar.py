"""The line over a page about one round: which round, and how it stands in words."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.settings import Settings
from ui.widgets.fields import ChoiceEdit
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import label
from zjtx_desktop.usecases.rounds import RoundLine

_KEPT = "rounds/current"


class RoundBar(QWidget):
    """Lets a person choose a round; every page comes up with the one chosen last. `chosen` follows a new choice."""

    chosen = Signal()

    def __init__(self, settings: Settings, more: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self._settings = settings
        self._lines: dict[int, RoundLine] = {}
        self.choice, self._state = ChoiceEdit(), label(role="soft")
        self.choice.setAccessibleName("批次")
        self.choice.setSizeAdjustPolicy(ChoiceEdit.SizeAdjustPolicy.AdjustToContents)
        self.choice.setToolTip("选择年度批次")
        self.choice.changed.connect(self._choose)
        layout = FlowLayout(self, gap=10)
        for widget in (self.choice, *more, self._state):
            layout.addWidget(widget)

    @property
    def line(self) -> RoundLine | None:
        """The round chosen, None where there is none."""
        return self._lines.get(self.choice.value() or 0)

    def offer(self, lines: Sequence[RoundLine]) -> None:
        """The rounds there are; the one chosen last stays chosen, here and on the other pages."""
        self._lines = {line.id: line for line in lines}
        kept = self._settings.text(_KEPT)
        self.choice.offer([(line.id, f"{line.year} 年度{line.name}{'（已结账）' if line.closed else ''}") for line in lines])
        self.choice.blockSignals(True)
        self.choice.set_value(int(kept) if kept.isdecimal() else None)
        self.choice.blockSignals(False)
        self.choice.setVisible(bool(lines))
        self.choice.updateGeometry()

    def go_to(self, round_id: int) -> None:
        """Choose a round; it stays chosen when it is only offered later."""
        self._settings.set_text(_KEPT, str(round_id))
        self.choice.set_value(round_id)

    def say(self, sentence: str) -> None:
        """How the round stands."""
        self._state.setText(sentence)
        self._state.setMinimumHeight(self.choice.sizeHint().height())
        self.layout().invalidate()
        self.updateGeometry()

    def text(self) -> str:
        """What is said of the round."""
        return self._state.text()

    def _choose(self) -> None:
        if self.line:
            self._settings.set_text(_KEPT, str(self.line.id))
        self.chosen.emit()
