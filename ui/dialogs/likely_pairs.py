"""可能重复的企业: pairs of records that may be one organisation, to be looked at one by one."""

from collections.abc import Sequence
from operator import attrgetter

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from ui.dialogs.frame import lay_out, row
from ui.models.column import Column, Kind
from ui.models.table import TableModel
from ui.widgets.labels import label
from ui.widgets.list_view import ListView
from zjtx_desktop.usecases.likely_pairs import Pair

_SIZE = (1020, 520)
_SAID = "下面每一行的两条记录可能是同一家单位，只是提示，请逐对核对营业执照。确是同一家的，合并；不是的，不用处理。"
_NONE = "没有发现可能是同一家的企业。"
_COLUMNS = (
    Column("first", "企业", attrgetter("first.name"), letters=15, tip=attrgetter("first.name")),
    Column("second", "可能是同一家", attrgetter("second.name"), letters=15, tip=attrgetter("second.name")),
    Column("why", "原因", attrgetter("why"), letters=16, tip=attrgetter("why")),
    Column("first_code", "企业的代码", attrgetter("first.credit_code"), Kind.CODE, letters=11),
    Column("second_code", "另一家的代码", attrgetter("second.credit_code"), Kind.CODE, letters=11),
)


class PairsDialog(QDialog):
    """`chosen` carries the two ids that a person wants to look at side by side."""

    help_id = "organisations"
    chosen = Signal(int, int)

    def __init__(self, pairs: Sequence[Pair], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("可能重复的企业")
        self.setModal(True)
        self.model = TableModel(_COLUMNS, lambda pair: pair.first.id << 32 | pair.second.id)
        self.view, self.said = ListView(self.model), label(role="soft", wraps=True)
        self.view.setAccessibleName("可能是同一家的企业")
        self.view.sort_changed.connect(self.model.sort_held)
        self.merge, self.shut = QPushButton("合并…", default=True), QPushButton("关闭", autoDefault=False)
        self.merge.setProperty("role", "primary")
        self.merge.clicked.connect(self._choose)
        self.view.opened.connect(self._choose)
        self.view.selection_changed.connect(self._enable)
        self.shut.clicked.connect(self.reject)
        lay_out(self, _SIZE, self.view, self.said, self.view, row(None, self.shut, self.merge))
        self.show_pairs(pairs)

    def show_pairs(self, pairs: Sequence[Pair]) -> None:
        """Show these, the first one selected."""
        self.model.show(pairs)
        self.said.setText(_SAID if pairs else _NONE)
        if pairs:
            self.view.go_to(self.model.id_at(0))
        self._enable()

    def _enable(self) -> None:
        self.merge.setEnabled(self._pair() is not None)

    def _pair(self) -> Pair | None:
        index = self.view.currentIndex()
        return self.model.row(index.row()) if index.isValid() and self.view.selected_count() == 1 else None

    def _choose(self, *_more: object) -> None:
        if pair := self._pair():
            self.chosen.emit(pair.first.id, pair.second.id)
