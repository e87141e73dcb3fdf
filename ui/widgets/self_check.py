"""The lines of the self-check: an icon and a word in its colour, what was looked at, and a sentence."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ui.widgets.labels import IconLabel, label
from zjtx_desktop.usecases.self_check import CheckLine

_ICONS = {"good": "success", "warn": "warning", "error": "error"}
_TOP = Qt.AlignmentFlag.AlignTop


class SelfCheckList(QWidget):
    """Shows CheckLines; made once, filled anew each time."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[IconLabel, QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(2, 1)

    def show_lines(self, lines: Sequence[CheckLine]) -> None:
        """Show these lines."""
        while len(self._lines) < len(lines):
            self._lines.append(self._add(len(self._lines)))
        for (icon, head, sentence), line in zip(self._lines, lines, strict=True):
            icon.show_icon(_ICONS[line.tone], line.tone)
            head.setText(f"{line.subject}：{line.word}")
            sentence.setText(line.sentence)

    def texts(self) -> list[str]:
        """What is shown, a line each."""
        return [f"{head.text()}　{sentence.text()}" for _, head, sentence in self._lines]

    def _add(self, row: int) -> tuple[IconLabel, QLabel, QLabel]:
        widgets = IconLabel("info"), label(), label(role="soft", wraps=True)
        for column, widget in enumerate(widgets):
            self._grid.addWidget(widget, row, column, _TOP if column < 2 else Qt.AlignmentFlag(0))
        return widgets
