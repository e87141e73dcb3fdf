"""What each treasury has set aside and what of it is spoken for: a bar each, painted here so that it follows the theme."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.widgets.flow import FlowLayout
from zjtx_desktop.usecases.budgets import BudgetLine

_LETTERS, _BAR, _GAP = 19, 8, 3


class BudgetBar(QWidget):
    """One treasury: paid, issued, approved, and what is left; without a budget it says so. A `low` one leaves the
    figures to its tip.
    """

    def __init__(self, line: BudgetLine) -> None:
        super().__init__()
        self.line = line
        self.low = False
        self.setAccessibleName(f"{line.treasury.name}（{line.payer.label}）预算")
        self.setAccessibleDescription(self.words())
        self.setToolTip(self.story())

    def words(self) -> str:
        """How it stands, short."""
        if self.line.budget is None:
            return "未登记预算"
        left = self.line.left
        over = left is not None and left.fen < 0
        return f"{'超出' if over else '可用'} {(-left if over else left).wan} 万元" if left is not None else ""

    def story(self) -> str:
        """How it stands, in full."""
        line = self.line
        told = [f"{line.treasury.name}（{line.payer.label}）"]
        told.append(f"预算 {line.budget} 元，依据 {line.basis}" if line.budget is not None else "未登记预算，审定时不核对")
        told.append(f"已下达 {line.used} 元，其中已拨付 {line.paid} 元；已审定未下达 {line.reserved} 元")
        told.append(f"还在办理的 {line.waiting} 元" + (f"，全部审定还差 {line.short} 元" if line.short else ""))
        return "\n".join(told)

    def sizeHint(self) -> QSize:
        letters = self.fontMetrics()
        under = 0 if self.low else letters.height() + _GAP
        return QSize(letters.horizontalAdvance("国") * _LETTERS, letters.height() + _BAR + _GAP + under)

    def paintEvent(self, event: QPaintEvent) -> None:
        letters, line = self.fontMetrics(), self.line
        top = QRect(0, 0, self.width(), letters.height())
        with QPainter(self) as painter:
            painter.setPen(theme.tone("error" if line.left is not None and line.left.fen < 0 else "soft"))
            painter.drawText(top, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), self.words())
            painter.setPen(theme.tone("text"))
            room = self.width() - letters.horizontalAdvance(self.words()) - 12
            name = letters.elidedText(f"{line.treasury.name}（{line.payer.label}）", Qt.TextElideMode.ElideRight, room)
            painter.drawText(top, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
            self._paint_bar(painter, QRect(0, top.bottom() + 1 + _GAP, self.width(), _BAR))
            if self.low:
                return
            under = QRect(0, top.bottom() + 1 + _BAR + 2 * _GAP, self.width(), letters.height())
            painter.setPen(theme.tone("soft"))
            told = f"已下达 {line.used.wan} 万元，已拨付 {line.paid.wan} 万元"
            painter.drawText(under, 0, letters.elidedText(told, Qt.TextElideMode.ElideRight, self.width()))

    def _paint_bar(self, painter: QPainter, trough: QRect) -> None:
        """Paid over issued over approved, from the left; what is beyond the budget in the tone of an error."""
        line, whole = self.line, max(self.line.spoken_for.fen, 1)
        layers = [(whole, "pressed"), (line.paid.fen, "good")]
        if line.budget is not None:
            spoken, budget = line.spoken_for.fen, line.budget.fen
            whole = max(budget, spoken, 1)
            within = [(line.spoken_for, "warn"), (line.used, "accent"), (line.paid, "good")]
            layers = [(whole, "pressed"), (spoken, "error"), *((min(fen.fen, budget), tone) for fen, tone in within)]
        for fen, tone in layers:
            part = QRect(trough)
            part.setWidth(round(trough.width() * fen / whole))
            painter.fillRect(part, theme.tone(tone))


class BudgetBars(QWidget):
    """The bars of a round, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.bars: list[BudgetBar] = []
        self._low = False
        self._layout = FlowLayout(self, gap=18)

    def show_lines(self, lines: Sequence[BudgetLine]) -> None:
        """Show these; nothing where there are none."""
        while item := self._layout.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.bars = [BudgetBar(line) for line in lines]
        for bar in self.bars:
            bar.low = self._low
            self._layout.addWidget(bar)
        self.setVisible(bool(lines))
        self._layout.invalidate()
        self.updateGeometry()

    def set_low(self, low: bool) -> None:
        """Take less height, where the list below has little."""
        if low != self._low:
            self._low = low
            self.show_lines([bar.line for bar in self.bars])
