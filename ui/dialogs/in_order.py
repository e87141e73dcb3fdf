"""试算先后: what the years before would come to when they are judged first, and what that does to a round; nothing is stored."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.dialogs.frame import lay_out, row
from ui.open_book import OpenBook
from ui.widgets.effect_panel import EffectPanel, effect_words
from ui.widgets.labels import label, set_role
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases.rounds import RoundLine
from zjtx_desktop.usecases.what_if import YearEffect, in_order

_SIZE = (900, 620)
_SAID = "按年度先后试算：先测算以前年度，再按测算的结果测算本批次。这里只是试算，账簿不变；要照此办理的，请从最早的年度测算起。"
_NOW, _THEN = "现在", "按先后测算"


class InOrderDialog(QDialog):
    """Works the years out on the worker and shows each; `wanted` carries the year that is to be judged first."""

    help_id = "rounds"
    wanted = Signal(int)

    def __init__(self, desk: OpenBook, line: RoundLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{line.year}年度{line.name}试算先后")
        self.setModal(True)
        self._desk, self._first = desk, 0
        self.said = label("正在试算…", "soft", wraps=True)
        self.panels: list[EffectPanel] = []
        self._years = QVBoxLayout()
        inside = QWidget()
        inside.setLayout(self._years)
        self._years.setContentsMargins(0, 0, 0, 0)
        self.scroll = QScrollArea(widgetResizable=True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setWidget(inside)
        self.go, self.shut = QPushButton("先测算以前年度"), QPushButton("关闭", autoDefault=False)
        self.go.setProperty("role", "primary")
        self.go.setEnabled(False)
        self.go.clicked.connect(self.accept)
        self.shut.clicked.connect(self.reject)
        lay_out(self, _SIZE, self.scroll, label(_SAID, "soft", wraps=True), self.said, self.scroll, row(None, self.shut, self.go))
        self._ticket = desk.ask(lambda session: in_order(session, line.year, line.name), self._show, self._fail)

    def accept(self) -> None:
        """Close, and go to the year that comes first."""
        super().accept()
        self.wanted.emit(self._first)

    def done(self, result: int) -> None:
        """Nothing is worked out any more once it is closed."""
        self._desk.jobs.cancel(self._ticket)
        super().done(result)

    def _show(self, found: tuple[YearEffect, ...]) -> None:
        self.said.hide()
        for one in found:
            panel = EffectPanel(_NOW, _THEN)
            panel.say(effect_words(one.what, _NOW, _THEN), "", one.what.shifts)
            panel.fit(max(2, min(len(one.what.shifts), 4)))
            self.panels.append(panel)
            self._years.addWidget(label(f"{one.year} 年度", "head"))
            self._years.addWidget(panel)
        self._years.addStretch()
        self._first = found[0].year
        self.go.setText(f"先测算 {self._first} 年度…")
        self.go.setEnabled(len(found) > 1)

    def _fail(self, error: AppError) -> None:
        self.said.setText(str(error))
        set_role(self.said, "role", "error")
