"""A field for the standards of other treasuries: for each its title, amount and the document it rests on."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from ui import icons
from ui.widgets.fields import NOTHING, ChoiceEdit, LineEdit, MoneyEdit, Remark
from zjtx_desktop.domain.choices import CountyAmount
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import Division

_INCOMPLETE = "其他财政的标准，财政、称号、标准、依据都要填写；多出来的请删去。"


class _Row(QWidget):
    """One standard."""

    changed = Signal()
    removed = Signal()

    def __init__(self, treasuries: Sequence[Division], kinds: Sequence[tuple[str, Level]]) -> None:
        super().__init__()
        titles = Titles.load()
        self.division = ChoiceEdit([(one, one.name) for one in treasuries], blank="选择财政")
        self.kind = ChoiceEdit([(kind, titles.name(*kind)) for kind in kinds], blank="选择称号")
        self.kind.setSizeAdjustPolicy(ChoiceEdit.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.amount, self.basis, self.remove = MoneyEdit("标准"), LineEdit("依据：文号"), QToolButton()
        self.remove.setToolTip("删去这一项标准")
        icons.dress(self.remove, "close", "soft")
        named = (("财政", self.division), ("称号", self.kind), ("标准", self.amount), ("标准的依据", self.basis), ("删去这一项标准", self.remove))
        for name, part in named:
            part.setAccessibleName(name)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 4)
        grid.setSpacing(6)
        grid.setColumnStretch(0, 4)
        grid.setColumnStretch(1, 5)
        for place, part in enumerate((self.division, self.kind, self.amount, self.basis)):
            grid.addWidget(part, place // 2, place % 2)
            part.changed.connect(self.changed)
        grid.addWidget(self.remove, 0, 2)
        self.remove.clicked.connect(self.removed)

    @property
    def parts(self) -> tuple[ChoiceEdit, ChoiceEdit, MoneyEdit, LineEdit]:
        """Its fields as they stand on paper."""
        return self.division, self.kind, self.amount, self.basis

    def value(self) -> CountyAmount | None:
        """The standard; None while nothing is entered, BadValue while something lacks."""
        division, kind, amount, basis = (part.value() for part in self.parts)
        if not any((division, kind, amount, basis)):
            return None
        if not all((division, kind, amount, basis)):
            raise BadValue(_INCOMPLETE)
        return CountyAmount(*kind, amount, basis, division)


class AmountsEdit(QWidget):
    """Gives the standards as a tuple of CountyAmount; `treasuries` and `kinds` are those to choose from."""

    changed = Signal()

    def __init__(self, treasuries: Sequence[Division], kinds: Sequence[tuple[str, Level]]) -> None:
        super().__init__()
        self._offered = treasuries, kinds
        self.rows: list[_Row] = []
        self.more = QPushButton("其他财政的标准…")
        self.more.setProperty("role", "link")
        icons.dress(self.more, "add", "accent")
        self.more.clicked.connect(self.add)
        self.setFocusProxy(self.more)
        self._rows = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._rows)
        layout.addWidget(self.more, alignment=Qt.AlignmentFlag.AlignLeft)

    def value(self) -> tuple[CountyAmount, ...]:
        """The standards; BadValue while one of them lacks something."""
        return tuple(filter(None, (row.value() for row in self.rows)))

    def set_value(self, value: Sequence[CountyAmount] | None) -> None:
        """Show standards."""
        while self.rows:
            self._drop(self.rows[0])
        for one in value or ():
            row = self._add()
            for part, shown in zip(row.parts, (one.division, (one.title, one.level), one.amount, one.basis), strict=True):
                part.set_value(shown)

    def raw(self) -> Hashable:
        """What stands in the rows."""
        return tuple(tuple(part.raw() for part in row.parts) for row in self.rows)

    def remark(self) -> Remark:
        """What lacks."""
        try:
            self.value()
        except BadValue as error:
            return "error", str(error)
        return NOTHING

    def add(self) -> None:
        """One more standard."""
        self._add().division.setFocus()
        self.changed.emit()

    def _add(self) -> _Row:
        row = _Row(*self._offered)
        row.changed.connect(self.changed)
        row.removed.connect(self._removed)
        self.rows.append(row)
        self._rows.addWidget(row)
        self.updateGeometry()
        return row

    def _removed(self) -> None:
        self._drop(self.sender())
        self.changed.emit()

    def _drop(self, row: _Row) -> None:
        self.rows.remove(row)
        self._rows.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.updateGeometry()
