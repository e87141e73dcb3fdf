"""The line under a list: how many rows and how much money it shows, and the same of what is selected."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.models.source import Totals
from ui.widgets.labels import ElidedLabel


class TotalsBar(QWidget):
    """Shows Totals; with a filter in force it says so."""

    def __init__(self, unit: str = "条", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = unit
        self.shown, self.selected = ElidedLabel(role="small"), ElidedLabel(role="strong")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 0, 2, 0)
        layout.setSpacing(24)
        layout.addWidget(self.shown, 1)
        layout.addWidget(self.selected, 1)
        self.show_selected(None)

    def show_totals(self, totals: Totals | None, filtered: bool) -> None:
        """Of the rows listed; None while they are being counted."""
        self.shown.setText(
            f"{'筛选出' if filtered else '共'} {self._words(totals)}" if totals else "正在统计…"
        )

    def show_selected(self, totals: Totals | None) -> None:
        """Of the rows selected; None when it is one or none."""
        self.selected.setText(f"已选 {self._words(totals)}" if totals else "")
        self.selected.setVisible(totals is not None)

    def _words(self, totals: Totals) -> str:
        sums = "".join(f" · {name} {amount} 元" for name, amount in totals.sums)
        return f"{totals.count:,} {self._unit}{sums}"
