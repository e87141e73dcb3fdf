"""Fields of a form: each gives a value, says what is wrong with what is typed, and takes any usual way of
writing it.
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QDate, QLocale, QPoint, QStringListModel, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import QCalendarWidget, QCheckBox, QComboBox, QCompleter, QLineEdit, QPlainTextEdit

from ui import icons, theme
from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import MOST_WORDS, CreditCode, Money, free_text, parse_date, uppercase

T = TypeVar("T")
Remark = tuple[str, str]  # tone and sentence; both empty when there is nothing to say
NOTHING: Remark = ("", "")
_CODE_LENGTH = 18


class Field(Protocol):
    """What a Form asks of a field."""

    changed: SignalInstance

    def value(self) -> Any:
        """What was entered, None when empty; BadValue when it cannot be read."""
        ...

    def set_value(self, value: Any) -> None:
        """Show a value, None for empty."""
        ...

    def raw(self) -> Hashable:
        """What stands in the field, to tell whether it was touched."""
        ...

    def remark(self) -> Remark:
        """What is to be said under the field just now."""
        ...


class ParsedEdit(QLineEdit, Generic[T]):
    """One line that `parse` turns into a value; it is shown in its usual form once the field is left."""

    changed = Signal()

    def __init__(self, parse: Callable[[str], T], show: Callable[[T], str] = str, hint: str = "") -> None:
        super().__init__()
        self._parse, self._show_value = parse, show
        self.setPlaceholderText(hint)
        self.textChanged.connect(self.changed)

    def value(self) -> T | None:
        text = self.text().strip()
        return self._parse(text) if text else None

    def set_value(self, value: T | None) -> None:
        self.setText("" if value is None else self._show_value(value))

    def raw(self) -> Hashable:
        return self.text().strip()

    def remark(self) -> Remark:
        try:
            value = self.value()
        except BadValue as error:
            return "error", str(error)
        return NOTHING if value is None else self.remark_on(value)

    def remark_on(self, value: T) -> Remark:
        """What to say about a value that could be read."""
        return NOTHING

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        try:
            value = self.value()
        except BadValue:
            return
        if value is not None and self._show_value(value) != self.text():
            self.setText(self._show_value(value))


class LineEdit(ParsedEdit[str]):
    """A line of text such as a name; stray blanks go, signs that nobody sees and what is too long are refused."""

    def __init__(self, hint: str = "", most: int = MOST_WORDS) -> None:
        super().__init__(lambda text: free_text(text, self.accessibleName() or "内容", most), str, hint)

    def suggest(self, texts: Sequence[str]) -> None:
        """Offer texts that contain what is typed."""
        completer = QCompleter(QStringListModel(list(texts), self), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)


class MoneyEdit(ParsedEdit[Money]):
    """An amount in 元, on the right, its unit shown; under it the amount in 大写, which shows a slipped zero."""

    def __init__(self, hint: str = "") -> None:
        super().__init__(Money.parse, str, hint)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setTextMargins(0, 0, self.fontMetrics().horizontalAdvance("元") + 4, 0)

    def remark_on(self, value: Money) -> Remark:
        return ("soft", uppercase(value)) if value.fen >= 0 else ("error", "金额不能是负数，请重新填写。")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.setPen(theme.tone("soft"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect().adjusted(0, 0, -9, 0), int(side), "元")


class DateEdit(ParsedEdit[date]):
    """A date in any usual form; the button or Alt+↓ opens a calendar, Ctrl+; puts today as in a
    spreadsheet.
    """

    def __init__(self, hint: str = "如 2024-06-03", today: Callable[[], date] = date.today) -> None:
        super().__init__(parse_date, date.isoformat, hint)
        self._today = today
        self._button = QAction("选择日期", self)
        icons.dress(self._button, "calendar", "soft")
        self._button.triggered.connect(self.open_calendar)
        self.addAction(self._button, QLineEdit.ActionPosition.TrailingPosition)

    def open_calendar(self) -> None:
        """Show a month below the field to pick a day from."""
        calendar = QCalendarWidget(self)
        calendar.setWindowFlag(Qt.WindowType.Popup)
        calendar.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        rest = QTextCharFormat()
        rest.setForeground(theme.tone("error"))
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(weekend, rest)
        day = self.value() if self.remark()[0] != "error" else None
        calendar.setSelectedDate(QDate(*(day or self._today()).timetuple()[:3]))
        calendar.clicked.connect(self._pick)
        calendar.activated.connect(self._pick)
        calendar.clicked.connect(calendar.close)
        calendar.activated.connect(calendar.close)
        calendar.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        calendar.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = event.keyCombination()
        if event.key() == Qt.Key.Key_Down and keys.keyboardModifiers() == Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
        elif (
            event.key() == Qt.Key.Key_Semicolon
            and keys.keyboardModifiers() == Qt.KeyboardModifier.ControlModifier
        ):
            self.set_value(self._today())
        else:
            super().keyPressEvent(event)

    def _pick(self, day: QDate) -> None:
        self.set_value(date(day.year(), day.month(), day.day()))
        self.setFocus()


class CodeEdit(ParsedEdit[CreditCode]):
    """A 统一社会信用代码, checked while it is typed; `fix` is the code that was probably meant."""

    def __init__(self, hint: str = "18 位") -> None:
        super().__init__(CreditCode.parse, str, hint)

    def fix(self) -> str:
        """The corrected code when only case, O/0, I/1, blanks or width are wrong; else empty."""
        return str(CreditCode.suggest(self.text()) or "")

    def remark(self) -> Remark:
        text = self.text().strip()
        if self.hasFocus() and text.isascii() and text.isalnum() and len(text) < _CODE_LENGTH:
            return "soft", f"已输入 {len(text)} 位，共 {_CODE_LENGTH} 位"
        return super().remark()

    def remark_on(self, value: CreditCode) -> Remark:
        if value.check_digit_ok:
            return "good", "校验码正确"
        last = f"最后一位应为 {value.expected_check}"
        return "warn", f"校验码不符：{last}。请核对营业执照；确实如此的，保存时写明理由。"


class NoteEdit(QPlainTextEdit):
    """Several lines of text, as strict as a LineEdit; Tab goes on to the next field."""

    changed = Signal()

    def __init__(self, hint: str = "", lines: int = 3, most: int = MOST_WORDS) -> None:
        super().__init__()
        self._most = most
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 18)
        self.textChanged.connect(self.changed)

    def value(self) -> str | None:
        text = self.toPlainText().strip()
        return free_text(text, self.accessibleName() or "内容", self._most, lines=True) if text else None

    def set_value(self, value: str | None) -> None:
        self.setPlainText(value or "")

    def raw(self) -> Hashable:
        return self.toPlainText().strip()

    def remark(self) -> Remark:
        try:
            self.value()
        except BadValue as error:
            return "error", str(error)
        return NOTHING


class ChoiceEdit(QComboBox):
    """One of several values; `blank` is the text of the choice that means none, without it one is always
    chosen.
    """

    changed = Signal()

    def __init__(self, choices: Sequence[tuple[Any, str]] = (), blank: str = "") -> None:
        super().__init__()
        self._blank = blank
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.offer(choices)
        self.currentIndexChanged.connect(self.changed)

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Set the (value, text) pairs; a value that is still among them stays chosen."""
        kept = self.value()
        self.blockSignals(True)
        self.clear()
        if self._blank:
            self.addItem(self._blank, None)
        for value, text in choices:
            self.addItem(text, (value,))  # wrapped: Qt would turn a str enum or a tuple into something else
        self.set_value(kept)
        self.blockSignals(False)

    def value(self) -> Any:
        data = self.currentData()
        return data[0] if data else None

    def set_value(self, value: Any) -> None:
        found = (row for row in range(self.count()) if (data := self.itemData(row)) and data[0] == value)
        self.setCurrentIndex(next(found, 0))

    def raw(self) -> Hashable:
        return self.currentText()

    def remark(self) -> Remark:
        return NOTHING

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the form; it does not change what was chosen."""
        event.ignore()


class TickEdit(QCheckBox):
    """Yes or no."""

    changed = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.toggled.connect(self.changed)

    def value(self) -> bool:
        return self.isChecked()

    def set_value(self, value: bool | None) -> None:
        self.setChecked(bool(value))

    def raw(self) -> Hashable:
        return self.isChecked()

    def remark(self) -> Remark:
        return NOTHING
