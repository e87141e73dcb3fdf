"""A clerk's hand on the real program: clicks, keys and typing as the window system delivers them, counted.

Every click, shortcut and field filled counts as one action. A button is found by the words a person reads on
it, in the window that has the focus; what cannot be seen or is disabled cannot be clicked.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QWidget,
)

from ui.app import Program
from ui.models.table import TableModel
from ui.page import Page
from ui.start import starting_with
from ui.widgets.list_pane import ListPane

W = TypeVar("W", bound=QWidget)
KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
_LOOKED_FOR = 20  # milliseconds between two looks whether the window asked for is there
_SCREEN = (1366, 728)


def start_program(qtbot, folder: Path, book: Path | None = None, person: str = "") -> Program:
    """The program as `main.py` starts it, its window active; its own settings lie in `folder`."""
    folder.mkdir(exist_ok=True)
    QApplication.setDoubleClickInterval(1)  # a drop-down takes no second click sooner, and a person is slower
    program = Program(QApplication.instance(), folder, starting_with(book))
    program.failures.stop()  # what is not caught fails the test
    program.theme.set_mode("light")
    if person:
        program.settings.set_text("person/name", person)
    program.window.resize(*_SCREEN)
    program.start()
    with qtbot.waitActive(program.window):
        program.window.activateWindow()
    hand = Hand(qtbot, program)
    if book:
        hand.until(lambda: program.window.page() is not None)
    else:
        hand.until(lambda: "正在" not in program.window.welcome._headline.text())
    hand.settle()
    return program


def stop_program(program: Program) -> None:
    """Close every dialog without saving, then the window."""
    while dialog := QApplication.activeModalWidget():
        QDialog.reject(dialog) if isinstance(dialog, QDialog) else dialog.close()
        QApplication.processEvents()
    while not program.jobs.is_idle():
        program.jobs.settle()
        QApplication.processEvents()
    for page in program.window._pages.values():
        page.may_leave = lambda: True
    program.window.close()
    while not program.jobs.is_idle():  # the last backup, after which it closes by itself
        program.jobs.settle()
        QApplication.processEvents()
    program.stop()
    program.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Hand:
    """Acts on a Program; `actions` counts what was done."""

    def __init__(self, qtbot, program: Program) -> None:
        self._qtbot, self._program, self.actions = qtbot, program, 0

    # what a person sees

    @property
    def window(self) -> QWidget:
        """The dialog on top, or the main window."""
        return QApplication.activeModalWidget() or self._program.window

    @property
    def page(self) -> Page:
        """The page shown."""
        page = self._program.window.page()
        assert page is not None, self._program.window.banner.text()
        return page

    @property
    def focus(self) -> QWidget:
        """The widget that has the keyboard."""
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def pane(self) -> ListPane:
        """The list on screen."""
        return next(pane for pane in self.page.findChildren(ListPane) if pane.isVisible())

    def rows(self) -> list[str]:
        """The first column of the list on screen."""
        model: TableModel = self.pane().model
        return [model.text(place, 0) for place in range(model.rowCount())]

    def said(self) -> str:
        """What stands in the banner of the window."""
        return self._program.window.banner.text()

    def button(self, words: str) -> QAbstractButton:
        """The visible, enabled button whose words begin so."""
        seen = [one for one in self.window.findChildren(QAbstractButton) if one.isVisible()]
        fitting = [one for one in seen if _words(one).startswith(words)]
        assert fitting, f"“{words}”不在{[_words(one) for one in seen]}之中"
        assert fitting[0].isEnabled(), f"“{words}”不能按：{fitting[0].toolTip()}"
        return fitting[0]

    def field(self, name: str, place: int = 0) -> QWidget:
        """The visible field with this name; of several the one in this place."""
        seen = [one for one in self.window.findChildren(QWidget) if one.isVisible() and one.accessibleName()]
        fitting = [one for one in seen if one.accessibleName() == name]
        assert fitting, f"“{name}”不在{[one.accessibleName() for one in seen]}之中"
        return fitting[place]

    # what a person does

    def click(self, words: str) -> None:
        """Click a button and wait until what it began is done."""
        self.click_on(self.button(words))

    def click_on(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click a widget in its middle, or at a point."""
        self.actions += 1
        point = at or widget.rect().center()
        top = widget.window()
        inside = QRect(QPoint(0, 0), top.size()).contains(widget.mapTo(top, point))
        assert inside, f"“{_words(widget)}”在窗口之外"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, NONE, point)
        self.settle()

    def choose(self, name: str, text: str) -> None:
        """Open a drop-down by its name and click one of its entries."""
        box = self.field(name)
        assert isinstance(box, QComboBox)
        self.click_on(box)
        view = box.view()
        self.until(view.isVisible)
        index = view.model().index(box.findText(text), 0)
        view.scrollTo(index)
        self.actions += 1

        def chosen() -> bool:  # Qt takes no click while it still counts the one that opened the list
            if view.isVisible():
                QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, NONE, view.visualRect(index).center())
            return box.currentText() == text

        self.until(chosen)
        self.settle()

    def secret(self, name: str, text: str, place: int = 0) -> None:
        """Click a field for a password and type it key by key: no input method helps there."""
        field = self.field(name, place)
        self.click_on(field)
        QTest.keyClicks(field, text)

    def tick(self, words: str) -> None:
        """Tick a box by clicking its words."""
        box = self.button(words)
        before = box.isChecked()
        self.click_on(box, QPoint(box.height() // 2, box.height() // 2))
        assert box.isChecked() is not before, words

    def fill(self, name: str, text: str, place: int = 0) -> None:
        """Click a field and type; what stood there is replaced."""
        field = self.field(name, place)
        self.click_on(field)
        if isinstance(field, QLineEdit):
            field.selectAll()
        self.type(text, counted=False)

    def type(self, text: str, counted: bool = True) -> None:
        """Type where the keyboard is, as an input method commits it."""
        self.actions += counted
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(self.focus, event)
        self.settle()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key where the keyboard is."""
        self.actions += 1
        popup, window = QApplication.activePopupWidget(), self.window
        if popup is None and not window.isActiveWindow():  # no window system gives it back when a dialog has closed
            with self._qtbot.waitActive(window):
                window.activateWindow()
        QTest.keyClick((popup or window).windowHandle(), key, modifiers)
        self.settle()

    def meet(self, act: Callable[[], None], answer: Callable[[QWidget], None]) -> None:
        """Do what opens a question that waits for its answer, and answer it."""
        met: list[QWidget] = []
        before = QApplication.activeModalWidget()
        timer = QTimer()

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is not None and dialog is not before and dialog.isVisible():
                timer.stop()
                met.append(dialog)
                answer(dialog)

        timer.timeout.connect(look)
        timer.start(_LOOKED_FOR)
        act()
        self.until(lambda: bool(met))
        self.settle()

    def accept_file(self, dialog: QWidget) -> None:
        """Take what a file dialog suggests, with Enter."""
        assert isinstance(dialog, QFileDialog)
        self.actions += 1
        QTest.keyClick(dialog.findChild(QLineEdit, "fileNameEdit"), KEY.Key_Return)

    def type_file(self, path: Path) -> Callable[[QWidget], None]:
        """Answers a file dialog with a path that is typed."""

        def answer(dialog: QWidget) -> None:
            edit = dialog.findChild(QLineEdit, "fileNameEdit")
            edit.setFocus()
            edit.selectAll()
            event = QInputMethodEvent()
            event.setCommitString(str(path))
            QApplication.sendEvent(edit, event)
            self.actions += 1
            self.accept_file(dialog)

        return answer

    def answer(self, words: str) -> Callable[[QWidget], None]:
        """Answers a question with the button of these words, by its key."""

        def answer(dialog: QWidget) -> None:
            assert isinstance(dialog, QMessageBox)
            button = next(one for one in dialog.buttons() if one.text() == words)
            self.actions += 1
            button.setFocus()
            QTest.keyClick(button, KEY.Key_Space)

        return answer

    # waiting

    def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self._qtbot.waitUntil(true, timeout=20_000)

    def settle(self) -> None:
        """Until nothing runs, and what followed from that is on screen."""
        QApplication.processEvents()
        while not self._program.jobs.is_idle():
            self._program.jobs.settle()
            QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()


def open_menu() -> QMenu:
    """The menu that is open."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def _words(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return text or widget.accessibleName() or widget.toolTip()
