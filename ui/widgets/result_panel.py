"""What came of a batch, under a list: it stays on screen, also while one goes on, until it is put away, by its cross or Esc."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from ui import icons
from ui.settings import Settings
from ui.widgets.result_list import Result, ResultList

QWIDGETSIZE_MAX = (1 << 24) - 1  # Qt's own, which PySide6 does not give
_TALLEST, _LEAST = 14, 4  # lines of text


class ResultPanel(QFrame):
    """Hidden until `show_results`. `opened(id)` leads back to a record; `put_away`: the person is done with it."""

    opened = Signal(int)
    put_away = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.results, self._close = ResultList(settings), QToolButton()
        self._close.setToolTip("收起结果（Esc）")
        self._close.setAccessibleName("收起结果")
        icons.dress(self._close, "close", "soft")
        self._close.clicked.connect(self._put_away)
        self.results.view.widened = self._put_away
        self.results.opened.connect(self.opened)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 4)
        layout.addWidget(self.results, 1)
        layout.addWidget(self._close, alignment=Qt.AlignmentFlag.AlignTop)
        self.results.view.setMinimumHeight(self.fontMetrics().lineSpacing() * _LEAST)
        self.share_height(True)
        self.hide()

    def share_height(self, shared: bool) -> None:
        """Leave most of the height to what stands above, or take all there is."""
        self.setMaximumHeight(self.fontMetrics().lineSpacing() * _TALLEST if shared else QWIDGETSIZE_MAX)

    def show_results(self, title: str, results: Sequence[Result]) -> None:
        """Show what came of it, under the name of what was done."""
        self.results.show_results(results)
        self.results.summary.setText(f"{title}　{self.results.summary.text()}")
        self.results.lead_on("", None)
        self.show()

    def _put_away(self, *_pressed: object) -> bool:
        self.hide()
        self.put_away.emit()
        return True
