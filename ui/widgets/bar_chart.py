"""A bar chart of a few named amounts, painted here: it follows the theme, and its amounts are never cut.

Not QtCharts: its view brings a scene of its own, its labels are cut on narrow windows, and it has to be told
of every change of theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme

_GAP, _BAR = 12, 8  # pixels between bars, and the height of one


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, how long it is, and the words at its end."""

    name: str
    size: int
    words: str


class BarChart(QWidget):
    """Shows bars one under the other, the name over each; a screen reader hears them as a sentence."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these bars."""
        self._bars = tuple(bars)
        self.setAccessibleDescription("；".join(f"{bar.name}：{bar.words}" for bar in bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, max(1, len(self._bars)) * self._step())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            longest = max((bar.size for bar in self._bars), default=0) or 1
            for place, bar in enumerate(self._bars):
                self._paint(painter, place * self._step(), bar, bar.size / longest)

    def _paint(self, painter: QPainter, top: int, bar: Bar, share: float) -> None:
        letters = self.fontMetrics()
        line = QRect(0, top, self.width(), letters.height())
        words = letters.horizontalAdvance(bar.words)
        painter.setPen(theme.tone("soft"))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), bar.words)
        painter.setPen(theme.tone("text"))
        name = letters.elidedText(bar.name, Qt.TextElideMode.ElideMiddle, self.width() - words - _GAP)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
        trough = QRect(0, line.bottom() + 4, self.width(), _BAR)
        painter.fillRect(trough, theme.tone("sunken"))
        trough.setWidth(max(2, round(self.width() * share)))
        painter.fillRect(trough, theme.tone("accent"))

    def _step(self) -> int:
        return self.fontMetrics().height() + 4 + _BAR + _GAP
