"""Keys of the whole program: F1 wherever one is, and no key that means two things in one window."""

from collections import Counter

import all_windows
import pytest
from hand import KEY, start_program, stop_program
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from ui.help import HelpWindow
from ui.help_key import help_of
from ui.keeper import Keeper
from ui.page import SUBJECTS
from zjtx_desktop.demo import sample_book

OWN_TOPIC = {"备份": "backup", "恢复": "backup", "打开加密的备份": "backup", "确认恢复": "backup", "修改记录": "history", "一条的修改记录": "history"}
REACH = (Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.ApplicationShortcut)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("示例") / "示例账簿.zjtx"
    sample_book(path, "张三")
    return path


@pytest.fixture
def program(qtbot, tmp_path, monkeypatch, book):
    monkeypatch.setenv("HOME", str(tmp_path))
    program = start_program(qtbot, tmp_path / "设置", book, "张三")
    yield program
    stop_program(program)


def go_to(program, place: str) -> QWidget:
    program.window.show_page(place)
    all_windows.settle(program)
    return program.window.page()


def press_f1(dialog: QWidget) -> HelpWindow | None:
    """Press F1 where the keyboard is in a dialog; the help that stands over it then."""
    dialog.activateWindow()
    (dialog.focusWidget() or dialog).setFocus()
    QApplication.processEvents()
    QTest.keyClick(QApplication.focusWidget(), KEY.Key_F1)
    return next((one for one in dialog.findChildren(HelpWindow) if one.isVisible()), None)


def topic(window: HelpWindow) -> str:
    return window.contents.currentItem().data(Qt.ItemDataRole.UserRole)


def test_f1_in_any_dialog_opens_its_help_over_it(program, tmp_path):
    go_to(program, "rounds")
    opened, wanted = {}, {}
    for name, dialog in all_windows.dialogs(program, program.findChild(Keeper).desk, tmp_path):
        if isinstance(dialog, QDialog):
            about_it = "import" if name.startswith("导入") else getattr(dialog, "help_id", "rounds")
            wanted[name] = OWN_TOPIC.get(name, about_it)
            shown = press_f1(dialog)
            opened[name] = topic(shown) if shown else "nothing"
            if shown:
                shown.close()
    assert opened == wanted and len(wanted) > 15


def test_f1_in_a_question_and_in_a_file_dialog_opens_the_help_of_the_page(program):
    page, seen = go_to(program, "letters"), []
    for question in all_windows.questions(page):
        question(lambda box: seen.append(topic(press_f1(box))))
    dialog = QFileDialog(page, "存为一个 PDF")
    dialog.open()
    seen.append(topic(press_f1(dialog)))
    dialog.reject()
    assert seen == ["letters"] * 4
    assert not any(one.isVisible() for one in dialog.findChildren(HelpWindow)), "it goes with its dialog"


def test_the_help_of_a_dialog_is_that_of_what_it_stands_over(program):
    go_to(program, "organisations")
    assert help_of(QDialog(program.window)) == "organisations"
    assert help_of(QDialog()) == "index"


def keys_of(window) -> Counter:
    """Every key that acts anywhere in a window as it stands, and how many acts it has."""
    keys = [key.toString() for one in window.findChildren(QAction) if one.associatedObjects() and one.shortcutContext() in REACH for key in one.shortcuts()]
    for one in window.findChildren(QShortcut):
        if one.context() in REACH and one.parent().window() is window and one.parent().isVisible():
            keys.append(one.key().toString())
    return Counter(filter(None, keys))


def test_no_two_actions_of_a_window_share_a_key(program, tmp_path):
    for subject in SUBJECTS:
        go_to(program, subject.id)
        assert {key: many for key, many in keys_of(program.window).items() if many > 1} == {}, subject.title
    for name, dialog in all_windows.dialogs(program, program.findChild(Keeper).desk, tmp_path):
        assert {key: many for key, many in keys_of(dialog).items() if many > 1} == {}, name


@pytest.mark.parametrize(("place", "key", "name", "deed"), [("rounds", KEY.Key_F9, "F9", "compute"), ("letters", KEY.Key_F8, "F8", "issue")])
def test_the_main_deed_of_a_page_has_a_key_that_its_button_and_its_menu_name(qtbot, program, place, key, name, deed):
    page = go_to(program, place)
    if place == "letters":
        page.pane.view.selectAll()
    (action,) = [one for one in program.window.findChildren(QAction) if one.data() == deed and one.associatedObjects()]
    assert action.shortcut().toString() == name
    assert f"（{name}）" in program.window.head._buttons[-1].toolTip()
    with qtbot.waitSignal(action.triggered):
        qtbot.keyClick(program.window, key)
