"""A list and its detail side by side; where the person draws the line is remembered."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from ui.settings import Settings

_SHARE = 0.36


class Split(QSplitter):
    """`first` takes what `second` leaves; `second` can be hidden with `toggle`, which is remembered as
    well.
    """

    def __init__(
        self, first: QWidget, second: QWidget, settings: Settings, name: str, letters: int = 26
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._settings, self._name = settings, f"splits/{name}"
        self.setHandleWidth(10)
        self.setChildrenCollapsible(False)
        self.addWidget(first)
        self.addWidget(second)
        self.setStretchFactor(0, 1)
        self._wide = self.fontMetrics().horizontalAdvance("国") * letters
        self._drawn = self.restoreState(settings.shape(self._name))
        second.setVisible(settings.text(f"{self._name}-hidden") != "yes")
        self.splitterMoved.connect(self._keep)

    def toggle(self) -> None:
        """Show the detail, or hide it."""
        detail = self.widget(1)
        hide = not detail.isHidden()
        detail.setVisible(not hide)
        self._settings.set_text(f"{self._name}-hidden", "yes" if hide else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Until the person draws the line: the detail as wide as it likes, but no more than a good third."""
        super().resizeEvent(event)
        if not self._drawn:
            wide = min(self._wide, round(self.width() * _SHARE))
            self.setSizes([self.width() - wide, wide])

    def _keep(self) -> None:
        self._drawn = True
        self._settings.set_shape(self._name, self.saveState())
