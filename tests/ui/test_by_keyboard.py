"""Twelve tasks of a clerk's day on the real program by keyboard alone: keys go where the keyboard is, nothing is clicked."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import round_kit as kit
from hand import CTRL, KEY, SHIFT, Hand, open_menu, start_program, stop_program
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

from ui import printing
from ui.dialogs.organisation_form import OrganisationDialog
from ui.dialogs.print_dialog import PrintDialog
from ui.help import HelpWindow
from ui.page import SUBJECTS
from ui.widgets.list_view import ListView
from ui.widgets.search_box import SearchBox

pytestmark = pytest.mark.release  # the whole program by hand: its own command, see README

ALT = Qt.KeyboardModifier.AltModifier
CODE = "914403001922038216"


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    """A book with five recognitions, computed, its letters issued."""
    path = tmp_path_factory.mktemp("账簿") / "玉山县.zjtx"
    with kit.empty_book(path) as book:
        kit.fill(book)
        kit.issue(book, kit.compute(book))
    return path


@pytest.fixture
def hand(qtbot, tmp_path, monkeypatch, filled):
    monkeypatch.setenv("HOME", str(tmp_path))
    program = start_program(qtbot, tmp_path / "设置", Path(shutil.copy(filled, tmp_path / "玉山县.zjtx")), "张三")
    yield Hand(qtbot, program)
    stop_program(program)


def page_key(name: str) -> KEY:
    """The number of a page in the navigation."""
    return KEY(KEY.Key_1 + [page.id for page in SUBJECTS].index(name))


def go_to(hand: Hand, number: int) -> None:
    """Ctrl and the number of a page, then into its list."""
    hand.press(KEY(KEY.Key_0 + number), CTRL)
    hand.press(KEY.Key_F, CTRL)
    hand.press(KEY.Key_Down)
    hand.until(lambda: isinstance(hand.focus, ListView))


def menu_of(hand: Hand, letter: KEY) -> list[str]:
    """Open a menu with Alt and its letter: its enabled entries."""
    hand.press(letter, ALT)
    hand.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    return [action.text() for action in open_menu().actions() if action.isEnabled() and not action.isSeparator()]


def pick(hand: Hand, words: str, key: KEY = KEY.Key_Return) -> None:
    """Go down the open menu to an entry and take it."""
    menu = open_menu()
    for _ in menu.actions():
        if menu.activeAction() and menu.activeAction().text().startswith(words):
            break
        hand.press(KEY.Key_Down)
    assert menu.activeAction().text().startswith(words)
    hand.press(key)


def tab_until(hand: Hand, there: Callable[[], bool]) -> None:
    """Tab until the keyboard is where it is wanted."""
    for _ in range(40):
        if there():
            return
        hand.press(KEY.Key_Tab)
    raise AssertionError(hand.focus)


def to_field(hand: Hand, name: str) -> None:
    """Tab to a field by its name."""
    tab_until(hand, lambda: hand.focus.accessibleName() == name)


def add_organisation(hand: Hand, name: str) -> None:
    go_to(hand, 2)
    hand.press(KEY.Key_N, CTRL)
    assert isinstance(hand.window, OrganisationDialog)
    hand.type(name)
    hand.press(KEY.Key_S, CTRL)
    hand.until(lambda: not isinstance(hand.window, OrganisationDialog))
    hand.settle()


def test_every_page_is_reached_with_ctrl_and_its_number(hand):
    for number, subject in enumerate(SUBJECTS, start=1):
        hand.press(KEY(KEY.Key_0 + number), CTRL)
        assert hand.page.title == subject.title and hand.page.isAncestorOf(hand.focus), hand.focus


def test_ctrl_f_finds_and_esc_shows_everything_again(hand):
    go_to(hand, 2)
    everything = hand.rows()
    hand.press(KEY.Key_F, CTRL)
    assert isinstance(hand.focus, SearchBox)
    hand.type("光电")
    hand.press(KEY.Key_Return)
    assert hand.rows() == ["玉山县示例光电科技有限公司"]
    hand.press(KEY.Key_Escape)
    assert hand.rows() == everything


def test_a_list_is_filtered_by_value(hand):
    go_to(hand, 3)
    hand.press(KEY.Key_F, CTRL)
    tab_until(hand, lambda: getattr(hand.focus, "text", str)().startswith("级别"))
    hand.press(KEY.Key_Space)
    popup = QApplication.activePopupWidget()
    for _ in range(popup.list.count()):
        if popup.list.currentItem() and popup.list.currentItem().text().startswith("省级"):
            break
        hand.press(KEY.Key_Down)
    hand.press(KEY.Key_Space)
    hand.press(KEY.Key_Return)
    assert len(hand.rows()) == 2 and "级别：省级" in [chip.text() for chip in hand.pane().filters._chips.values()]


def test_a_list_is_sorted_from_its_menu(hand):
    go_to(hand, 2)
    hand.press(KEY.Key_Down)
    found = []
    for _ in range(2):
        view = hand.focus
        QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint()))  # the menu key
        pick(hand, "排序", KEY.Key_Right)
        hand.press(KEY.Key_Return)
        found.append(hand.rows())
    assert hand.pane().view.sort == (("name", True),) and found[0] == found[1][::-1] and len(set(found[0])) == 5


def test_an_organisation_is_entered_field_by_field_and_saved_with_ctrl_s(hand):
    go_to(hand, 2)
    hand.press(KEY.Key_N, CTRL)
    hand.type("示例键盘登记有限公司")
    hand.press(KEY.Key_Return)
    assert hand.focus.accessibleName() == "统一社会信用代码"
    hand.press(KEY.Key_Tab)
    assert hand.focus.accessibleName() == "所属地区"
    hand.press(KEY.Key_Down)
    to_field(hand, "联系人")
    hand.type("李四")
    hand.press(KEY.Key_S, CTRL)
    assert not isinstance(hand.window, OrganisationDialog)
    assert "示例键盘登记有限公司" in hand.rows()


def test_f2_changes_and_esc_leaves_it_as_it_was(hand):
    go_to(hand, 2)
    hand.press(KEY.Key_Home, CTRL)
    first = hand.rows()[0]
    hand.press(KEY.Key_F2)
    assert hand.focus.text() == first
    hand.press(KEY.Key_Escape)
    assert hand.rows()[0] == first and not isinstance(hand.window, OrganisationDialog)
    hand.press(KEY.Key_F2)
    hand.press(KEY.Key_A, CTRL)
    hand.type("示例更名后有限公司")
    hand.press(KEY.Key_Return, CTRL)
    assert "示例更名后有限公司" in hand.rows() and first not in hand.rows()


def test_ctrl_z_and_ctrl_y_take_back_and_do_again_what_the_menu_names(hand):
    add_organisation(hand, "示例撤销有限公司")
    assert "撤销：登记企业“示例撤销有限公司”" in menu_of(hand, KEY.Key_E)
    hand.press(KEY.Key_Escape)
    hand.press(KEY.Key_Z, CTRL)
    assert "示例撤销有限公司" not in hand.rows() and "已撤销：登记企业“示例撤销有限公司”" in hand.said()
    assert "重做：登记企业“示例撤销有限公司”" in menu_of(hand, KEY.Key_E)
    hand.press(KEY.Key_Escape)
    hand.press(KEY.Key_Y, CTRL)
    assert "示例撤销有限公司" in hand.rows()


def test_ctrl_c_copies_rows_with_their_codes_whole(hand):
    go_to(hand, 2)
    hand.press(KEY.Key_A, CTRL)
    hand.press(KEY.Key_C, CTRL)
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text()), delimiter="\t"))
    assert [row[0] for row in rows] == hand.rows()
    assert next(row[1] for row in rows if row[0] == kit.NAMES[0]) == CODE


def test_f5_reads_anew_and_keeps_the_row(hand):
    go_to(hand, 2)
    hand.press(KEY.Key_Down)
    kept = hand.pane().view.current_id()
    hand.press(KEY.Key_F5)
    assert hand.pane().view.current_id() == kept and len(hand.rows()) == 5


def test_f1_opens_the_help_of_the_page(hand, qtbot):
    hand.press(KEY.Key_4, CTRL)
    hand.press(KEY.Key_F1)
    window = next(shown for shown in QApplication.topLevelWidgets() if isinstance(shown, HelpWindow) and shown.isVisible())
    assert window.windowTitle() == "帮助：奖补" and "锁定并测算" in window.text.toPlainText()
    window.close()


def test_ctrl_p_asks_for_printer_and_pages(hand, monkeypatch):
    monkeypatch.setattr(printing, "queues", lambda: ("二楼打印机",))
    hand.press(page_key("letters"), CTRL)
    hand.press(KEY.Key_Tab, SHIFT)
    tab_until(hand, lambda: getattr(hand.focus, "text", str)() == "待下达")
    hand.press(KEY.Key_Right)
    hand.press(KEY.Key_P, CTRL)
    assert isinstance(hand.window, PrintDialog)
    to_field(hand, "页码")
    hand.type("1")
    assert hand.window.form.values()["pages"] == (1,)
    hand.press(KEY.Key_Escape)  # nothing typed here is kept, so nothing is asked
    assert hand.window is hand._program.window


def test_del_asks_names_the_record_and_ctrl_z_brings_it_back(hand):
    add_organisation(hand, "示例删除有限公司")
    asked = []

    def look(dialog):
        asked.append(f"{dialog.text()}{dialog.informativeText()}")

    hand.meet(lambda: hand.press(KEY.Key_Delete), lambda dialog: (look(dialog), hand.answer("取消")(dialog)))
    assert "“示例删除有限公司”" in asked[0] and "撤销" in asked[0] and "示例删除有限公司" in hand.rows()
    hand.meet(lambda: hand.press(KEY.Key_Delete), hand.answer("删除企业"))
    assert "示例删除有限公司" not in hand.rows()
    hand.press(KEY.Key_Z, CTRL)
    assert "示例删除有限公司" in hand.rows()


def test_closing_with_unsaved_input_asks(hand):
    go_to(hand, 2)
    hand.press(KEY.Key_N, CTRL)
    hand.type("示例未保存有限公司")
    hand.meet(lambda: hand.press(KEY.Key_Escape), hand.answer("取消"))
    assert isinstance(hand.window, OrganisationDialog) and hand.window.form.field("name").text() == "示例未保存有限公司"
    hand.meet(lambda: hand.press(KEY.Key_Escape), hand.answer("不保存"))
    assert "示例未保存有限公司" not in hand.rows()
    hand.press(page_key("settings"), CTRL)
    to_field(hand, "联系方式")
    hand.type("王五")
    hand.meet(lambda: hand.press(KEY.Key_Q, CTRL), hand.answer("取消"))
    assert hand.page.isVisible() and hand.page.title == "设置"
