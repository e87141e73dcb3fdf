"""测算后有变化: the awards of a round that would be judged otherwise today, and what is to be done about them."""

from collections.abc import Sequence
from operator import attrgetter

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from ui.dialogs.frame import lay_out, row
from ui.models.column import Column
from ui.models.table import TableModel
from ui.pages.award_words import advice_on
from ui.widgets.labels import label
from ui.widgets.list_view import ListView
from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.usecases.rejudging import Stale

_SIZE = (1020, 520)
_SAID = (
    "登记的内容在测算以后变了，下面的奖补现在重新测算会是另一个结果。草稿重新测算即可；已在办理中的，"
    "先到“办理”页退回，再重新测算。在这以前，这些奖补不能初审、审定和下达。"
)
_COLUMNS = (
    Column("organisation", "企业", attrgetter("organisation"), letters=13),
    Column("title", "称号", attrgetter("title"), letters=12),
    Column("state", "状态", lambda one: one.state.label, letters=4),
    Column("before", "原结果", lambda one: str(one.before), letters=13, tip=lambda one: str(one.before)),
    Column("now", "现结果", lambda one: str(one.now), letters=13, tip=lambda one: str(one.now)),
    Column("why", "原因", attrgetter("why"), letters=14, tip=attrgetter("why")),
)


class StaleDialog(QDialog):
    """`compute`: judge the round anew. `wanted` carries the award under way that is to be gone to."""

    help_id = "rounds"
    compute = Signal()
    wanted = Signal(int)

    def __init__(self, title: str, stale: Sequence[Stale], may_compute: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self._under_way = [one.award_id for one in stale if one.state is not AwardState.DRAFT]
        self.model = TableModel(_COLUMNS, attrgetter("award_id"))
        self.view, self.whole = ListView(self.model), label(role="soft", wraps=True)
        self.view.setAccessibleName("测算后有变化的奖补")
        self.view.sort_changed.connect(self.model.sort_held)
        self.view.selection_changed.connect(self._explain)
        self.go, self.again = QPushButton("到办理页"), QPushButton("重新测算", default=True)
        self.shut = QPushButton("关闭", autoDefault=False)
        self.again.setProperty("role", "primary")
        self.again.setVisible(may_compute and any(one.state is AwardState.DRAFT for one in stale))
        self.go.setVisible(bool(self._under_way))
        self.again.clicked.connect(self.accept)
        self.go.clicked.connect(self._go)
        self.shut.clicked.connect(self.reject)
        buttons = row(None, self.shut, self.go, self.again)
        lay_out(self, _SIZE, self.view, label(_SAID, "soft", wraps=True), self.view, self.whole, buttons)
        self.model.show(stale)
        self.view.go_to(stale[0].award_id)

    def accept(self) -> None:
        """Close, and judge anew."""
        super().accept()
        self.compute.emit()

    def _go(self) -> None:
        """To the award the keyboard is on where that is under way, else to the first that is."""
        chosen = self.view.current_id()
        super().accept()
        self.wanted.emit(chosen if chosen in self._under_way else self._under_way[0])

    def _explain(self) -> None:
        """All of the row one is on: in the list it may be cut."""
        index = self.view.currentIndex()
        one = self.model.row(index.row()) if index.isValid() else None
        self.whole.setText(f"原为{one.before}，现在应为{one.now}。{one.why}{advice_on(one)}" if one else "")
