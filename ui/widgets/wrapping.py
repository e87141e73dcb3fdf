"""Long texts in a list: broken into lines, and the rows as high as that needs."""

from collections import Counter

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout, QTextOption
from PySide6.QtWidgets import QHeaderView, QTableView

from ui.models.table import TableModel

PADDING = 8  # pixels left and right of a text
_KEPT = 4096  # texts whose lines were counted: lists repeat themselves
_MOST_FITTED = 3_000  # rows of a list that are measured one by one, which takes a third of a second
_UNMEASURED = 2  # lines of every row of a longer list


def lines_of(text: str, font: QFont, room: int, most: int) -> list[str]:
    """The lines of a text in a width of pixels, at most `most`: what does not fit ends in … on the last one."""
    layout, option = QTextLayout(text.replace("\n", "\u2028"), font), QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    starts: list[int] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(room, 1))
        starts.append(line.textStart())
    layout.endLayout()
    units = text.encode("utf-16-le", "surrogatepass")  # as Qt counts them
    parts = [units[2 * start : 2 * end] for start, end in zip(starts, [*starts[1:], len(units) // 2], strict=True)]
    found = [part.decode("utf-16-le", "surrogatepass").strip() for part in parts]
    if len(found) <= most:
        return found
    rest = " ".join(found[most - 1 :])
    return [*found[: most - 1], QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideRight, room)]


class RowHeights(QObject):
    """Keeps the rows of a list as high as the texts in its wrapped columns need; does nothing where there are none."""

    def __init__(self, view: QTableView, model: TableModel) -> None:
        super().__init__(view)
        self._view, self._model, self._known = view, model, dict[tuple[str, int], int]()
        self._wrapped = [number for number, column in enumerate(model.columns) if column.lines > 1]
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.fit)
        if self._wrapped:
            model.modelReset.connect(self.fit)
            view.horizontalHeader().sectionResized.connect(self._resized)

    def fit(self) -> None:
        """Give every row its height."""
        rows, metrics = self._view.verticalHeader(), self._view.fontMetrics()
        plain = metrics.height() + 9
        if not self._wrapped:
            rows.setDefaultSectionSize(plain)
            return
        number = self._model.rowCount()
        needed = [self._lines(place) for place in range(number)] if number <= _MOST_FITTED else []
        usual = Counter(needed).most_common(1)[0][0] if needed else _UNMEASURED if number else 1
        self._set(rows, [plain + (lines - 1) * metrics.lineSpacing() for lines in needed], plain + (usual - 1) * metrics.lineSpacing())

    def forget(self) -> None:
        """The font is another one."""
        self._known.clear()

    def _set(self, rows: QHeaderView, heights: list[int], usual: int) -> None:
        """Most rows at one stroke, the others one by one."""
        current = self._view.verticalScrollBar().value()
        rows.setDefaultSectionSize(usual)
        for place, height in enumerate(heights):
            if height != rows.sectionSize(place):
                rows.resizeSection(place, height)
        self._view.verticalScrollBar().setValue(current)

    def _lines(self, place: int) -> int:
        return max(self._count(self._model.text(place, number), number) for number in self._wrapped)

    def _count(self, text: str, number: int) -> int:
        room = self._view.columnWidth(number) - 2 * PADDING
        if len(text) * self._view.fontMetrics().horizontalAdvance("国") <= room:
            return 1
        most, key = self._model.columns[number].lines, (text, room)
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[key] = max(1, len(lines_of(text, self._view.font(), room, most)))
        return self._known[key]

    def _resized(self, number: int, before: int, now: int) -> None:
        if number in self._wrapped and before != now:
            self._soon.start()
