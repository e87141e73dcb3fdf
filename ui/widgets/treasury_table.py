"""What each treasury pays: names on the left, amounts on the right, the sum at the foot."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ui.widgets.labels import label, rule
from zjtx_desktop.usecases.overview import TreasuryLine
from zjtx_desktop.values import Money

_TITLES = ("财政", "受益财政（元）", "市级财政（元）", "合计（元）")


class TreasuryTable(QWidget):
    """Shows TreasuryLines as a small table that can be selected and copied cell by cell."""

    def __init__(self) -> None:
        super().__init__()
        self._widgets: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(0, 1)

    def show_lines(self, lines: Sequence[TreasuryLine]) -> None:
        """Show these lines; nothing at all when there are none."""
        for widget in self._widgets:
            widget.hide()
            widget.deleteLater()
        self._widgets = []
        self.setVisible(bool(lines))
        if not lines:
            return
        self._add_row(0, _TITLES, "small")
        self._add_rule(1)
        for row, line in enumerate(lines, start=2):
            self._add_row(
                row, (line.treasury, *map(_amount, (line.beneficiary, line.municipal, line.total))), ""
            )
        self._add_rule(len(lines) + 2)
        sums = (
            Money.total(getattr(line, key) for line in lines) for key in ("beneficiary", "municipal", "total")
        )
        self._add_row(len(lines) + 3, ("合计", *map(_amount, sums)), "")

    def texts(self) -> list[str]:
        """Every cell from the top left on."""
        return [widget.text() for widget in self._widgets if isinstance(widget, QLabel)]

    def _add_row(self, row: int, texts: Sequence[str], role: str) -> None:
        for column, text in enumerate(texts):
            cell = label(text, role)
            cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            self._grid.addWidget(cell, row, column, side)
            self._widgets.append(cell)

    def _add_rule(self, row: int) -> None:
        line = rule()
        self._grid.addWidget(line, row, 0, 1, len(_TITLES))
        self._widgets.append(line)


def _amount(money: Money) -> str:
    return str(money) if money else "—"
