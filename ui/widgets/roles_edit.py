"""The duties of a person as ticks: those that go together in one row, those that stand alone below."""

from collections.abc import Hashable, Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from ui.widgets.fields import NOTHING, Remark
from zjtx_desktop.domain.duties import Role

_ROWS = ((Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.PAYER), (Role.ADMIN, Role.AUDITOR))


class RolesEdit(QWidget):
    """A tick for each duty; the value is the tuple of those ticked."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(18)
        self.ticks: dict[Role, QCheckBox] = {}
        for row, roles in enumerate(_ROWS):
            for column, role in enumerate(roles):
                tick = self.ticks[role] = QCheckBox(role.label)
                tick.toggled.connect(self.changed)
                grid.addWidget(tick, row, column)
        grid.setColumnStretch(len(_ROWS[0]), 1)
        self.setFocusProxy(self.ticks[Role.CLERK])

    def value(self) -> tuple[Role, ...] | None:
        """The duties ticked, None when there are none."""
        return tuple(role for role, tick in self.ticks.items() if tick.isChecked()) or None

    def set_value(self, value: Iterable[Role] | None) -> None:
        """Tick these and no others."""
        held = frozenset(value or ())
        for role, tick in self.ticks.items():
            tick.setChecked(role in held)

    def raw(self) -> Hashable:
        """What is ticked."""
        return self.value()

    def remark(self) -> Remark:
        """Nothing: what does not go together, saving says."""
        return NOTHING
