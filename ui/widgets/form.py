"""A form: labelled fields as on paper, messages under the field they are about, Enter going on to the
next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.widgets.fields import NOTHING, CodeEdit, Remark, TickEdit
from ui.widgets.labels import label, rule, set_role
from zjtx_desktop.errors import BadValue

_PAUSE = 350  # milliseconds after the last key before a message comes
_ABSENT = object()  # no field stands so
_MISSING = "这一项必须填写。"
_MARKED = ("error", "warn")
_ROLES = {"soft": "small"}


@dataclass(slots=True)
class _Line:
    title: str
    field: Any
    required: bool
    label: QLabel
    message: QLabel
    fix: QPushButton
    said: Remark = NOTHING  # by `say`, until the field is changed


class Form(QWidget):
    """Fields under keys. `changed` follows every touch; `finished` is Enter in the last field."""

    changed = Signal()
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: dict[str, _Line] = {}
        self._clean: dict[str, Any] = {}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 4, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._grid)
        outer.addStretch()
        self._touched: set[str] = set()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._show_touched)

    def section(self, title: str) -> tuple[QWidget, ...]:
        """A headline over the fields that follow; returns what it is made of."""
        row = self._grid.rowCount()
        made = (rule(), label(title, "head")) if self._lines else (label(title, "head"),)
        for place, widget in enumerate(made, start=row):
            self._grid.addWidget(widget, place, 0, 1, 2)
        return made

    def note(self, sentence: str) -> QWidget:
        """A sentence across the form; returns it."""
        said = label(sentence, "soft", wraps=True)
        self._grid.addWidget(said, self._grid.rowCount(), 0, 1, 2)
        return said

    def add_widget(self, widget: QWidget) -> None:
        """Something else across the form."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)

    def add(self, key: str, title: str, field: Any, required: bool = False, hint: str = "") -> Any:
        """Put a field (see `fields.Field`) under a key; returns it. A required one is marked with a star."""
        line = _Line(title, field, required, label(), label(wraps=True), QPushButton())
        line.label.setTextFormat(Qt.TextFormat.RichText)
        line.label.setText(_title(line))
        line.label.setBuddy(field)
        line.label.setToolTip(hint)
        field.setToolTip(hint)
        field.setAccessibleName(title)
        field.installEventFilter(self)
        field.changed.connect(lambda: self._touch(key))
        line.fix.setProperty("role", "link")
        line.fix.clicked.connect(lambda: field.setText(line.fix.property("fix")))
        self._lines[key] = line
        self._place(line)
        self._clean[key] = field.raw()
        return field

    def field(self, key: str) -> Any:
        """The field under a key."""
        return self._lines[key].field

    def enter(self) -> None:
        """Put the keyboard into the first field, unless it is in the form already."""
        if self._lines and not self.isAncestorOf(self.window().focusWidget()):
            next(iter(self._lines.values())).field.setFocus()

    def set_shown(self, key: str, shown: bool) -> None:
        """Show a field, or leave it out; one left out counts as empty and is not required."""
        line = self._lines[key]
        for widget in (line.label, line.field):
            widget.setVisible(shown)
        self._show(key, line.said if shown else NOTHING)

    def values(self) -> dict[str, Any]:
        """Every value; call it after `check`, a field that cannot be read raises BadValue."""
        return {
            key: None if line.field.isHidden() else line.field.value() for key, line in self._lines.items()
        }

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show values under their keys; the form counts as untouched then."""
        for key, value in values.items():
            self._lines[key].field.set_value(value)
        self.mark_clean()

    def mark_clean(self) -> None:
        """What stands here now is saved."""
        self._clean = {key: line.field.raw() for key, line in self._lines.items()}
        self._touched.clear()
        self._pause.stop()
        for key in self._lines:
            self._show(key, NOTHING)

    def mark_dirty(self) -> None:
        """There is input that is not saved, though it is not shown now."""
        self._clean = {}

    @property
    def is_dirty(self) -> bool:
        """Whether anything differs from what was last saved or shown."""
        return any(line.field.raw() != self._clean.get(key, _ABSENT) for key, line in self._lines.items())

    def say(self, key: str, tone: str, sentence: str) -> None:
        """Put a message under a field until it is changed, such as what the book knows about it."""
        self._lines[key].said = (tone, sentence)
        self._show(key, (tone, sentence))

    def message(self, key: str) -> str:
        """What is said under a field."""
        shown = self._lines[key].message
        return "" if shown.isHidden() else shown.text()

    def check(self) -> bool:
        """Show everything that is wrong, go to the first of it; True when all is well. Warnings do not
        hinder.
        """
        wrong = [key for key in self._lines if self._complain(key)]
        if wrong:
            self._lines[wrong[0]].field.setFocus()
        return not wrong

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on to the next field; what is being composed is kept from us by the CompositionGuard."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        ends = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if isinstance(watched, QPlainTextEdit) and not ends:
            return False  # a new line in a field of several
        if ends or not self._go_on_from(watched):
            self.finished.emit()
        return True

    def _go_on_from(self, field: QObject) -> bool:
        """Go to the field after this one; False when it is the last."""
        fields = [
            line.field
            for line in self._lines.values()
            if line.field.isVisibleTo(self) and line.field.isEnabled()
        ]
        place = fields.index(field) + 1
        if place == len(fields):
            return False
        fields[place].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for line in self._lines.values():
                line.label.setText(_title(line))

    def _place(self, line: _Line) -> None:
        row = self._grid.rowCount()
        under = QHBoxLayout()
        under.setSpacing(6)
        under.addWidget(line.message, 1)
        under.addWidget(line.fix, alignment=Qt.AlignmentFlag.AlignTop)
        cell = QVBoxLayout()
        cell.setSpacing(3)
        cell.addWidget(line.field)
        cell.addLayout(under)
        line.message.hide()
        line.fix.hide()
        line.label.setContentsMargins(0, 5, 0, 0)
        self._grid.addWidget(line.label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addLayout(cell, row, 1)

    def _touch(self, key: str) -> None:
        self._lines[key].said = NOTHING
        self._touched.add(key)
        self._pause.start()
        self.changed.emit()

    def _show_touched(self) -> None:
        for key in self._touched:
            line = self._lines[key]
            self._show(key, line.said if line.said != NOTHING else line.field.remark())
        self._touched.clear()

    def _complain(self, key: str) -> bool:
        """Show what is wrong with a field as it stands; whether it hinders saving."""
        line = self._lines[key]
        if line.field.isHidden():
            return False
        try:
            missing = line.required and line.field.value() in (None, "")
        except BadValue as error:
            self._show(key, ("error", str(error)))
            return True
        remark = (
            line.said if line.said != NOTHING else ("error", _MISSING) if missing else line.field.remark()
        )
        self._show(key, remark)
        return remark[0] == "error"

    def _show(self, key: str, remark: Remark) -> None:
        line, (tone, sentence) = self._lines[key], remark
        line.message.setText(sentence)
        line.message.setVisible(bool(sentence))
        set_role(line.message, "role", _ROLES.get(tone, tone))
        set_role(line.field, "problem", tone if tone in _MARKED else "")
        line.field.setAccessibleDescription(sentence)
        fix = line.field.fix() if isinstance(line.field, CodeEdit) and tone == "error" else ""
        line.fix.setProperty("fix", fix)
        line.fix.setText(f"改为 {fix}")
        line.fix.setVisible(bool(fix))


def _title(line: _Line) -> str:
    """The label, with a star where the field is required; a tick carries its own words."""
    if isinstance(line.field, TickEdit):
        return ""
    return escape(line.title) + (
        f'<span style="color:{theme.colours().error}"> *</span>' if line.required else ""
    )
