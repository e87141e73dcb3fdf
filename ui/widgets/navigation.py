"""The navigation on the left: one button a page, with words where there is room and icons alone where not."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QVBoxLayout, QWidget

from ui import icons
from ui.page import PageSpec
from ui.widgets.labels import ElidedLabel, set_role

_NARROW = 54
_LETTERS = 10  # width of the wide form in Chinese letters


class Navigation(QFrame):
    """Says which page is wanted; `show_page` marks the one shown. Arrow keys move within it."""

    picked = Signal(str)

    def __init__(self, pages: Sequence[PageSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nav")
        self.setAccessibleName("导航")
        self._narrow = False
        self._unit, self._book = ElidedLabel(role="head"), ElidedLabel(role="small")
        self._head = QWidget()
        head = QVBoxLayout(self._head)
        head.setContentsMargins(16, 12, 10, 10)
        head.setSpacing(1)
        head.addWidget(self._unit)
        head.addWidget(self._book)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 6)
        layout.setSpacing(1)
        layout.addWidget(self._head)
        for page in pages:
            if page is pages[-1]:
                layout.addStretch()
            layout.addWidget(self._button(page))
        self._group.buttonClicked.connect(self._pick)
        self.set_narrow(False)

    def show_desk(self, unit: str, book: str) -> None:
        """Name the office and the book over the pages."""
        self._unit.setText(unit)
        self._book.setText(book)

    def enable(self, pages: Sequence[PageSpec]) -> None:
        """Let those pages be picked that can be made."""
        for page in pages:
            self._buttons[page.id].setEnabled(page.factory is not None)

    def show_page(self, name: str) -> None:
        """Mark a page as the one shown."""
        self._buttons[name].setChecked(True)

    def set_narrow(self, narrow: bool) -> None:
        """Show icons alone, or icons with words."""
        self._narrow = narrow
        self._head.setVisible(not narrow)
        for button in self._buttons.values():
            set_role(button, "narrow", narrow)
            button.setText("" if narrow else button.accessibleName())
            button.setToolTip(
                f"{button.accessibleName()}（{button.property('keys')}）"
                if narrow
                else button.property("keys")
            )
        self.setFixedWidth(_NARROW if narrow else self.fontMetrics().horizontalAdvance("国" * _LETTERS) + 24)

    def _button(self, page: PageSpec) -> QPushButton:
        button = QPushButton(page.title, checkable=True)
        number = len(self._buttons) + 1
        button.setAccessibleName(page.title)
        button.setProperty("keys", f"Ctrl+{number}")
        button.setProperty("page", page.id)
        button.setIconSize(QSize(20, 20))
        button.setEnabled(page.factory is not None)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard to the page it opens
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        icons.dress(button, page.icon, "soft")
        self._buttons[page.id] = button
        self._group.addButton(button)
        return button

    def _pick(self, button: QPushButton) -> None:
        self.picked.emit(button.property("page"))
