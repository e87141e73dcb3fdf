"""How wide the columns of a list are: as they were set, and wider where the frame has room left."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QHeaderView

from ui.models.column import Column, Kind


class ColumnWidths(QObject):
    """`set_to` are the widths that were set, by the number of the column; `changed`: a person set one."""

    changed = Signal()

    def __init__(self, header: QHeaderView, columns: tuple[Column, ...]) -> None:
        super().__init__(header)
        self._header, self._columns = header, columns
        self._filling = False
        self.set_to: dict[int, int] = {}
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.fill)
        header.sectionResized.connect(self._resized)

    def take(self) -> None:
        """Take the widths as they are for those that were set, then fill the room that is left."""
        for number in range(len(self._columns)):
            if not self._header.isSectionHidden(number):
                self.set_to[number] = self._header.sectionSize(number)
        self.fill()

    def fill(self) -> None:
        """Room that no column needs goes to the texts of several lines, else to those of one, or to the last column."""
        order = sorted(range(len(self._columns)), key=self._header.visualIndex)
        shown = [number for number in order if not self._header.isSectionHidden(number)]
        wrapped = [number for number in shown if self._columns[number].lines > 1]
        growing = wrapped or [number for number in shown if self._columns[number].kind is Kind.TEXT] or shown[-1:]
        left = max(0, self._header.viewport().width() - sum(self.set_to[number] for number in shown))
        self._filling = True
        for number in shown:
            part = left // len(growing) if number in growing else 0
            self._header.resizeSection(number, self.set_to[number] + part)
        if growing:
            rest = left % len(growing)
            self._header.resizeSection(growing[-1], self._header.sectionSize(growing[-1]) + rest)
        self._filling = False

    def _resized(self, number: int, before: int, now: int) -> None:
        """A column that comes or goes leaves the others another room."""
        if self._filling:
            return
        if before and now:
            self.set_to[number] = now
        else:
            self.set_to.setdefault(number, now)
            self._soon.start()
        self.changed.emit()
