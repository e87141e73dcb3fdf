"""The main window with two invented pages: by keyboard, its menus, its foot, closing, and what it
remembers.
"""

import dataclasses
import threading
from pathlib import Path

import looks
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout

from ui.commands import COMMANDS, SEPARATOR, Act, Place
from ui.main_window import MainWindow
from ui.page import SUBJECTS, Desk, Page
from ui.widgets.status_bar import Standing
from zjtx_desktop.errors import Refused

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


class Notes(Page):
    """An invented page: writes down what it is asked for."""

    title = "企业名录"
    help_id = "organisations"

    def __init__(self):
        super().__init__()
        self.asked, self.stays, self.may_delete = [], False, False
        self.box = QLineEdit()
        QVBoxLayout(self).addWidget(self.box)

    def refresh(self):
        self.asked.append("refresh")

    def find(self):
        self.asked.append("find")

    def receive(self, wanted):
        self.asked.append(wanted)

    def may_leave(self):
        return not self.stays

    def acts(self):
        return (
            Act("new", lambda: self.asked.append("new"), "登记企业…", place=Place.PRIMARY),
            Act(
                "delete",
                lambda: self.asked.append("delete"),
                enabled=self.may_delete,
                why="请先选中一家企业。",
                place=Place.TOOL,
            ),
            Act("lock", lambda: self.asked.append("lock"), "锁定名单", "lock", place=Place.TOOL),
        )


class Quiet(Page):
    """An invented page that offers nothing."""


@pytest.fixture
def desk(window):
    closed = []
    factories = {"home": Quiet, "organisations": Notes}
    pages = tuple(dataclasses.replace(page, factory=factories.get(page.id)) for page in SUBJECTS)
    undo = Act("undo", lambda: None, "撤销 粘贴 200 行")
    window.open_desk(
        Desk(
            "玉山县财政局", "2024年度账簿", Path("book.zjtx"), pages, (undo,), lambda: closed.append("closed")
        )
    )
    desk = window
    desk.closed = closed
    return desk


def _press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.focusWidget() or QApplication.activeWindow(), key, modifier)


def test_the_title_names_office_and_book(window, desk):
    assert window.windowTitle() == "玉山县财政局 — 2024年度账簿 — 专精特新奖补"
    window.close_desk()
    assert window.windowTitle() == "专精特新奖补"


def test_pages_are_made_on_their_first_visit_and_refreshed_on_each(window, desk):
    window.show_page("organisations")
    page = window.page()
    window.show_page("home")
    window.show_page("organisations", 12)
    assert window.page() is page
    assert page.asked == ["refresh", "refresh", 12]


def test_the_keyboard_walks_pages_and_verbs(qtbot, window, desk):
    _press(qtbot, KEY.Key_2, CTRL)
    page = window.page()
    assert isinstance(page, Notes)
    for key, modifier in (
        (KEY.Key_N, CTRL),
        (KEY.Key_F, CTRL),
        (KEY.Key_F5, Qt.KeyboardModifier.NoModifier),
        (KEY.Key_Delete, Qt.KeyboardModifier.NoModifier),
    ):
        _press(qtbot, key, modifier)
    assert page.asked == ["refresh", "new", "find", "refresh"]
    _press(qtbot, KEY.Key_3, CTRL)
    assert window.page() is page
    _press(qtbot, KEY.Key_1, CTRL)
    assert isinstance(window.page(), Quiet)


def test_the_navigation_looks_the_same_after_it_was_narrow(window, desk):
    navigation = window.navigation
    button = navigation.findChild(QPushButton)
    navigation.set_narrow(False)
    QApplication.processEvents()
    wide = button.grab().toImage()
    for narrow in (True, False):
        navigation.set_narrow(narrow)
        QApplication.processEvents()
        button.grab()
    assert button.grab().toImage() == wide


def test_f1_asks_for_the_help_of_the_page(qtbot, window, desk):
    window.show_page("organisations")
    with qtbot.waitSignal(window.wants_help) as told:
        _press(qtbot, KEY.Key_F1)
    assert told.args == ["organisations"]


def test_menus_follow_what_the_page_offers(window, desk):
    window.show_page("organisations")
    menus = window.menus
    assert (menus.action("new").text(), menus.action("new").isEnabled()) == ("登记企业…", True)
    assert not menus.action("delete").isEnabled()
    assert menus.action("undo").text() == "撤销 粘贴 200 行"
    window.page().may_delete = True
    window.page().acts_changed.emit()
    assert menus.action("delete").isEnabled()
    window.show_page("home")
    assert not menus.action("new").isEnabled()
    assert menus.action("new").text() == "新建…"


def test_a_pages_own_verb_stands_in_the_menu_and_over_the_page_and_leaves_with_it(window, desk):
    window.show_page("organisations")
    window.menus.run("lock")
    assert window.page().asked[-1] == "lock"
    names = [button.accessibleName() for button in window.head.findChildren(QPushButton)]
    assert names == ["删除", "锁定名单", "登记企业"]
    assert window.head.findChildren(QPushButton)[0].toolTip() == "请先选中一家企业。"
    assert any(action.text() == "锁定名单" for action in window.findChildren(QAction))
    page = window.page()
    window.show_page("home")
    window.menus.run("lock")
    assert page.asked.count("lock") == 1


def test_shortcuts_are_given_once():
    keys = [command.keys for command in COMMANDS if command.keys]
    assert len(keys) == len(set(keys))
    assert {"Ctrl+N", "Ctrl+S", "Ctrl+F", "Ctrl+P", "Ctrl+Z", "Ctrl+Y", "F1", "F2", "F5"} <= set(keys)
    ids = [command.id for command in COMMANDS if command.id != SEPARATOR]
    assert len(ids) == len(set(ids))


def test_a_page_may_ask_for_another_with_what_to_show(window, desk):
    window.page().wants_page.emit("organisations", "玉山")
    assert window.page().asked == ["refresh", "玉山"]


def test_an_app_error_of_a_job_is_said_over_the_page(window, desk, jobs):
    def refuse(tick):
        raise Refused("名单已锁定。请先解锁。")

    jobs.run(refuse)
    assert jobs.settle()
    assert window.banner.text() == "名单已锁定。请先解锁。"


def test_the_foot_shows_the_standing_and_the_job_under_way(qtbot, window, desk, jobs):
    window.status.show_standing(Standing("经办 李芳", "/账簿/玉山.zjtx", ("上次备份 今天", "good")))
    texts = [button.text() for button in window.status.findChildren(QPushButton) if button.isVisible()]
    assert texts == ["经办 李芳", "上次备份 今天", "尚未检查"]
    gate = threading.Event()

    def work(tick):
        tick(1, 4)
        gate.wait(5)
        tick(2, 4)

    jobs.run(work, label="测算 2024 年度奖补")
    qtbot.waitUntil(lambda: window.status._bar.maximum() == 4)
    assert window.status._job.text() == "测算 2024 年度奖补"
    window.status._stop.click()
    gate.set()
    assert jobs.settle()
    assert window.banner.text() == "已取消“测算 2024 年度奖补”，账簿没有改动。"
    assert not window.status._bar.isVisible()


def test_closing_asks_the_pages_and_then_closes_the_book(window, desk):
    window.show_page("organisations")
    window.page().stays = True
    assert not window.close()
    window.page().stays = False
    assert window.close()
    assert desk.closed == ["closed"]


def test_closing_waits_for_the_job_under_way(qtbot, window, desk, jobs):
    gate = threading.Event()
    jobs.run(lambda tick: gate.wait(5), label="导入名单")
    qtbot.waitUntil(lambda: jobs.running_label() == "导入名单")
    assert not window.close()
    assert "导入名单" in window.banner.text()
    gate.set()
    assert jobs.settle()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_the_window_opens_where_it_was_left(qtbot, window, jobs, settings, theme, tmp_path):
    window.resize(780, 600)
    window.close()
    again = MainWindow(jobs, type(settings)(settings.path), theme, tmp_path / "zjtx.log")
    qtbot.addWidget(again)
    assert again.size() == QSize(780, 600)


def test_copy_goes_to_the_widget_that_has_the_focus(qtbot, window, desk):
    window.show_page("organisations")
    box = window.page().box
    box.setText("玉山机械")
    box.setFocus()
    box.selectAll()
    window.menus.run("copy")
    assert QApplication.clipboard().text() == "玉山机械"


@pytest.mark.parametrize("pixels", [13, 16])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_nothing_is_cut_at_any_size_in_either_theme(qtbot, window, desk, theme, tmp_path, mode, pixels):
    theme.set_mode(mode)
    theme.set_text_size(pixels)
    try:
        window.show_page("organisations")
        window.status.show_standing(
            Standing(
                "复核 欧阳建国",
                "/home/玉山县财政局/账簿/玉山县2024年度.zjtx",
                ("上次备份 2024-11-05 09:12", "good"),
                ("账簿完好", "good"),
            )
        )
        window.say("warn", "有 3 笔奖补待定，需要作出决定后才能下达。" * 3, "去处理", lambda: None)
        assert looks.problems(window) == []
        picture = looks.picture(window, tmp_path / "window.png", 1.5)
        ground = picture.toImage().pixelColor(picture.width() // 2, picture.height() - 100).lightness()
        assert (ground < 80) is (mode == "dark")
    finally:
        theme.set_mode("light")
        theme.set_text_size(13)


def test_the_measure_itself_finds_a_cut_text(qtbot):
    button = QPushButton("一个写着很多字的按钮")
    qtbot.addWidget(button)
    button.setFixedWidth(50)
    button.show()
    assert len(looks.cut_texts(button)) == 1
