"""A field for the beneficiary treasuries (受益财政): one, or several with percentages that make a hundred."""

from collections.abc import Hashable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from ui import icons
from ui.widgets.fields import NOTHING, ChoiceEdit, Remark
from ui.widgets.labels import label
from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import Division, Share, format_shares, parse_shares

_DIGITS = 5  # room for 33.33


class _Row(QWidget):
    """One treasury with its percentage."""

    changed = Signal()
    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.division = ChoiceEdit([(one, one.name) for one in Division.all()], blank="（请选择）")
        self.percent, self.sign, self.remove = QLineEdit(), label("%"), QToolButton()
        self.division.setAccessibleName("受益财政")
        self.percent.setAccessibleName("所占百分比")
        self.percent.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.percent.setFixedWidth(self.fontMetrics().horizontalAdvance("0") * _DIGITS + 30)
        self.remove.setToolTip("删去这一处")
        self.remove.setAccessibleName("删去这一处受益财政")
        icons.dress(self.remove, "close", "soft")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.division, 1)
        for widget in (self.percent, self.sign, self.remove):
            layout.addWidget(widget)
        self.division.changed.connect(self.changed)
        self.percent.textChanged.connect(self.changed)
        self.remove.clicked.connect(self.removed)

    def show_percent(self, shown: bool) -> None:
        """The percentage matters only beside others."""
        for widget in (self.percent, self.sign, self.remove):
            widget.setVisible(shown)

    def text(self) -> str:
        """As `parse_shares` reads it; empty while no treasury is chosen."""
        division = self.division.value()
        return f"{division}{self.percent.text().strip()}%" if division else ""


class SharesEdit(QWidget):
    """Gives the shares as a tuple, empty when none is chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[_Row] = []
        self.more = QPushButton("再加一处受益财政")
        self.more.setProperty("role", "link")
        icons.dress(self.more, "add", "accent")
        self.more.clicked.connect(self.add)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._rows)
        layout.addWidget(self.more, alignment=Qt.AlignmentFlag.AlignLeft)
        self._add("")

    def value(self) -> tuple[Share, ...]:
        """The shares; BadValue when they do not make a hundred or name a treasury twice."""
        texts = [row.text() for row in self.rows]
        if len(texts) == 1:
            division = self.rows[0].division.value()
            return (Share(division, 1),) if division else ()
        if not all(texts) or any(
            text.endswith(str(row.division.value()) + "%") for text, row in zip(texts, self.rows, strict=True)
        ):
            raise BadValue("有几处受益财政的，每一处都要选定并填写百分比；多出来的请删去。")
        return parse_shares("、".join(texts))

    def set_value(self, value: tuple[Share, ...] | None) -> None:
        """Show shares."""
        while self.rows:
            self._drop(self.rows[0])
        shares = value or ()
        if len(shares) <= 1:
            self._add("")
            self.rows[0].division.set_value(shares[0].division if shares else None)
            return
        texts = format_shares(shares).split("（")[0].split("、")
        for share, text in zip(shares, texts, strict=True):
            percent = text.removeprefix(share.division.name).removesuffix("%")
            self._add(percent or str(share.weight))
            self.rows[-1].division.set_value(share.division)

    def raw(self) -> Hashable:
        """What stands in the rows."""
        return tuple((row.division.currentText(), row.percent.text().strip()) for row in self.rows)

    def remark(self) -> Remark:
        """What is wrong, or the shares put together."""
        try:
            shares = self.value()
        except BadValue as error:
            return "error", str(error)
        return ("good", "比例合计 100%") if len(shares) > 1 else NOTHING

    def add(self) -> None:
        """One more treasury, its percentage what is left."""
        self._add("")
        self.rows[-1].division.setFocus()
        self.changed.emit()

    def _add(self, percent: str) -> None:
        row = _Row()
        row.percent.setText(percent)
        row.changed.connect(self.changed)
        row.removed.connect(self._removed)
        self.rows.append(row)
        self._rows.addWidget(row)
        self._arrange()

    def _removed(self) -> None:
        self._drop(self.sender())
        self.changed.emit()

    def _drop(self, row: _Row) -> None:
        self.rows.remove(row)
        self._rows.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._arrange()

    def _arrange(self) -> None:
        for row in self.rows:
            row.show_percent(len(self.rows) > 1)
        if self.rows:
            self.setFocusProxy(self.rows[0].division)
        self.updateGeometry()
