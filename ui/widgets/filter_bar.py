"""Filters by value: one drop-down a column, several at once, always visible what is filtered by."""

from collections.abc import Hashable, Mapping, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui import icons
from ui.models.source import Choice
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import set_role

_SEARCH_FROM = 9  # choices: fewer are seen at a glance
_ROWS = 10  # of them seen at once
_NAMED = 2  # chosen values that a chip still names
_LONGEST = 12  # letters of a value that a chip shows
_VALUE = Qt.ItemDataRole.UserRole


class ChoicePopup(QFrame):
    """The values of one column with ticks, a search when there are many, and a way to clear them."""

    changed = Signal(object)

    def __init__(self, choices: Sequence[Choice], chosen: frozenset[Hashable], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.search, self.list, self.clear = QLineEdit(), QListWidget(), QPushButton("清除")
        self.search.setPlaceholderText("查找")
        self.search.setVisible(len(choices) >= _SEARCH_FROM)
        self.search.textChanged.connect(self._narrow)
        for choice in choices:
            text = choice.text if choice.count is None else f"{choice.text}（{choice.count:,}）"
            item = QListWidgetItem(text, self.list)
            item.setData(_VALUE, choice.value)
            item.setCheckState(Qt.CheckState.Checked if choice.value in chosen else Qt.CheckState.Unchecked)
        self.list.itemChanged.connect(self._tell)
        self.list.itemClicked.connect(self._flip)
        self.clear.clicked.connect(self._clear)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(6)
        for widget in (self.search, self.list, self.clear):
            layout.addWidget(widget)
        self._fit(len(choices))

    def chosen(self) -> frozenset[Hashable]:
        """The values ticked."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return frozenset(item.data(_VALUE) for item in items if item.checkState() == Qt.CheckState.Checked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)

    def _fit(self, number: int) -> None:
        row = max(self.list.sizeHintForRow(0), self.fontMetrics().height() + 8)
        self.list.setFixedHeight(row * min(max(number, 1), _ROWS) + 10)
        self.setMinimumWidth(min(max(self.list.sizeHintForColumn(0) + 60, 190), 420))

    def _flip(self, item: QListWidgetItem) -> None:
        """A click on the words ticks as well as one on the box."""
        states = Qt.CheckState
        at = self.list.viewport().mapFromGlobal(self.cursor().pos())
        if at.x() > self.list.visualItemRect(item).x() + 26:
            item.setCheckState(states.Unchecked if item.checkState() == states.Checked else states.Checked)

    def _clear(self) -> None:
        for row in range(self.list.count()):
            self.list.item(row).setCheckState(Qt.CheckState.Unchecked)
        self.close()

    def _narrow(self, text: str) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(text.strip().casefold() not in item.text().casefold())

    def _tell(self) -> None:
        self.changed.emit(self.chosen())


class FilterBar(QWidget):
    """A chip for each filter (key, title), after the widgets `before` them. `changed(filters)` carries what
    is allowed, as `Wanted.filters` has it.
    """

    changed = Signal(object)

    def __init__(self, filters: Sequence[tuple[str, str]], before: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self._titles = dict(filters)
        self._choices: dict[str, Sequence[Choice]] = {key: () for key in self._titles}
        self._allowed: dict[str, frozenset[Hashable]] = {}
        self._chips = {key: self._chip(key) for key in self._titles}
        self._all = QPushButton("清除筛选")
        self._all.setProperty("role", "link")
        self._all.clicked.connect(self.clear)
        layout = FlowLayout(self)
        for chip in (*before, *self._chips.values(), self._all):
            layout.addWidget(chip)
        self._show()

    @property
    def filters(self) -> tuple[tuple[str, frozenset[Hashable]], ...]:
        """What is allowed, for each filtered column."""
        return tuple(self._allowed.items())

    def words(self) -> tuple[str, ...]:
        """What is filtered by, for each column: “级别为国家级”."""
        return tuple(f"{self._titles[key]}为{'或'.join(self._names(key))}的" for key in self._allowed)

    def offer(self, choices: Mapping[str, Sequence[Choice]]) -> None:
        """Say which values there are; what was chosen stays chosen."""
        self._choices |= {key: values for key, values in choices.items() if key in self._titles}
        self._show()

    def allow(self, key: str, values: frozenset[Hashable]) -> None:
        """Filter a column by values, by none when empty, as a person would."""
        if values == self._allowed.get(key, frozenset()):
            return
        self._allowed = {known: some for known, some in (self._allowed | {key: values}).items() if some}
        self._show()
        self.changed.emit(self.filters)

    def clear(self) -> None:
        """Filter by nothing."""
        if self._allowed:
            self._allowed = {}
            self._show()
            self.changed.emit(())

    def popup(self, key: str) -> ChoicePopup:
        """Open the values of a column under its chip."""
        chip = self._chips[key]
        popup = ChoicePopup(self._choices[key], self._allowed.get(key, frozenset()), self)
        popup.changed.connect(lambda values: self.allow(key, values))
        popup.adjustSize()
        at = chip.mapToGlobal(QPoint(0, chip.height() + 2))
        room = (
            chip.screen().availableGeometry()
            if chip.screen()
            else QGuiApplication.primaryScreen().availableGeometry()
        )
        popup.move(min(at.x(), room.right() - popup.width()), min(at.y(), room.bottom() - popup.height()))
        popup.show()
        popup.list.setFocus()
        return popup

    def _names(self, key: str) -> list[str]:
        allowed = self._allowed.get(key, frozenset())
        return [choice.text for choice in self._choices[key] if choice.value in allowed]

    def _chip(self, key: str) -> QPushButton:
        chip = QPushButton()
        chip.setProperty("role", "chip")
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow after the words
        icons.dress(chip, "chevron-down", "soft")
        chip.clicked.connect(lambda: self.popup(key))
        return chip

    def _show(self) -> None:
        for key, chip in self._chips.items():
            allowed = self._allowed.get(key, frozenset())
            names = self._names(key)
            whole = "、".join(names)
            short = f"{len(allowed)} 项" if len(names) > _NAMED or len(whole) > _LONGEST else whole
            chip.setText(f"{self._titles[key]}：{short}" if allowed else self._titles[key])
            chip.setToolTip(f"{self._titles[key]}：{whole}" if allowed else f"按{self._titles[key]}筛选")
            set_role(chip, "set", "true" if allowed else "false")
        self._all.setVisible(bool(self._allowed))
        self.layout().invalidate()
        self.updateGeometry()
