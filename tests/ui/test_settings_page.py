"""设置: the office is saved as an action and asks before it is lost; the rest is shown in words."""

import looks
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from program_kit import press_next
from round_kit import empty_book

from ui.dialogs.accept_findings import AcceptFindingsDialog
from ui.dialogs.about import LICENCES, AboutDialog, LicenceDialog
from ui.open_book import OpenBook
from ui.pages.settings import SettingsPage
from ui.places import Places
from ui.vitals import Vitals


@pytest.fixture
def page(qtbot, jobs, settings, theme, tmp_path):
    book = empty_book(tmp_path / "县.zjtx")
    desk = OpenBook(book, jobs, "张三")
    page = SettingsPage(desk, settings, Vitals(desk, Places(settings)), theme)
    qtbot.addWidget(page, before_close_func=lambda shown: settle(jobs))
    page.resize(1100, 640)
    page.show()
    page.refresh()
    settle(jobs)
    yield page
    settle(jobs)
    book.close()


def settle(jobs):
    while not jobs.is_idle():
        jobs.settle()
        QApplication.processEvents()
    QApplication.processEvents()


def test_the_office_is_saved_as_one_action_that_can_be_taken_back(page, qtbot, jobs):
    tab = page.office
    assert not tab.save.isEnabled()
    tab.form.field("prefix").setText("玉财专奖")
    assert tab.save.isEnabled()
    with qtbot.waitSignal(page.says) as said:
        qtbot.mouseClick(tab.save, Qt.MouseButton.LeftButton)
    settle(jobs)
    assert said.args == ["good", "已保存：玉山县，玉山县财政局。"]
    assert tab._desk.office().prefix == "玉财专奖" and not tab.save.isEnabled()
    titles = []
    tab._desk.undo(titles.append)
    settle(jobs)
    assert titles == ["修改单位信息"] and tab._desk.office().prefix == "玉财奖"
    page.refresh()
    assert tab.form.field("prefix").text() == "玉财奖"


def test_a_name_left_out_is_said_under_its_field(page):
    page.office.form.field("name").setText(" ")
    page.office.accept()
    assert page.office.form.message("name") == "这一项必须填写。"


@pytest.mark.parametrize(
    ("button", "leaves", "kept"),
    [("不保存", True, "玉财奖"), ("取消", False, "玉财奖"), ("保存", False, "改过")],
)
def test_what_is_not_saved_asks_before_the_window_closes(page, qtbot, jobs, button, leaves, kept):
    assert page.may_leave()
    page.office.form.field("prefix").setText("改过")
    press_next(qtbot, button)
    assert page.may_leave() is leaves
    settle(jobs)
    assert page.office._desk.office().prefix == kept


def test_a_visit_elsewhere_does_not_lose_what_is_being_typed(page, jobs):
    page.office.form.field("name").setText("玉山县财政局预算股")
    page.refresh()
    settle(jobs)
    assert page.office.form.field("name").text() == "玉山县财政局预算股"


def test_the_policy_is_shown_with_rules_amounts_defaults_and_proof(page):
    text = page.policy.text.toPlainText()
    for wanted in (
        "饶府办发〔2023〕12号",
        "个算例全部通过",
        "10 万元",
        "20 万元",
        "下限，各县（市、区）可以提高",
        "默认",
        "可选",
    ):
        assert wanted in text


def test_the_book_tab_says_where_how_large_and_how_it_stands(page, jobs):
    page.book._vitals.check()
    settle(jobs)
    text = page.book.text.toPlainText()
    assert "县.zjtx" in text and "KB" in text and "张三" in text and "完好" in text and "尚未备份" in text


def test_every_font_of_the_documents_is_named(page):
    assert page.fonts.text.toPlainText().count("已带") == 5


def test_the_look_changes_at_once_and_is_remembered(page, theme):
    page.look.mode.set_value("dark")
    assert theme.mode == "dark"
    page.look.mode.set_value("light")
    page.look.size.set_value(16)
    assert theme.text_size == 16
    page.look.size.set_value(13)
    assert (theme.mode, theme.text_size) == ("light", 13)


def test_another_page_can_ask_for_a_tab(page):
    page.receive("账簿")
    assert page.tabs.tabText(page.tabs.currentIndex()) == "账簿"
    page.receive("没有的")
    assert page.tabs.tabText(page.tabs.currentIndex()) == "账簿"


def test_a_year_of_holidays_is_recorded_where_all_of_them_are_listed(page, qtbot, jobs):
    page.receive("节假日安排")
    tab = page.holidays
    assert "2026 年" in tab.text.toPlainText() and "国办发明电〔2025〕7号" in tab.text.toPlainText()
    qtbot.mouseClick(tab.record, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    assert looks.problems(dialog) == []
    dialog.form.set_values({"year": 2027, "source": "示例〔2026〕1号", "off": "2027-01-01 至 2027-01-03", "work": ""})
    with qtbot.waitSignal(page.says) as said:
        dialog.accept()
    settle(jobs)
    assert said.args == ["good", "已登记节假日安排。"]
    assert "2027年1月1日至2027年1月3日" in tab.text.toPlainText()


def test_every_tab_holds_on_small_screens(page):
    for place in range(page.tabs.count()):
        page.tabs.setCurrentIndex(place)
        assert looks.problems(page) == [], page.tabs.tabText(place)


def test_about_names_version_policy_places_and_licences(qtbot, tmp_path):
    dialog = AboutDialog(tmp_path / "县.zjtx", tmp_path, tmp_path / "zjtx.log")
    qtbot.addWidget(dialog)
    dialog.show()
    text = dialog.text.toPlainText()
    for wanted in ("0.1.0", "饶府办发〔2023〕12号", str(tmp_path / "县.zjtx"), "zjtx.log", "开源字体许可证"):
        assert wanted in text
    assert looks.problems(dialog) == []


@pytest.mark.parametrize("name", [name for _, _, name in LICENCES])
def test_every_licence_can_be_read(qtbot, name):
    dialog = LicenceDialog(name)
    qtbot.addWidget(dialog)
    assert len(dialog.text.toPlainText()) > 2000


def test_what_a_check_found_is_accepted_from_the_page_and_the_book_can_be_written_again(page, qtbot, jobs):
    tab, desk = page.book, page.book._desk
    assert not tab.accept.isVisibleTo(tab)
    with desk.book._writing.begin() as connection:
        run = connection.exec_driver_sql
        kept = run("SELECT sql FROM sqlite_schema WHERE name = 'history_setting_update'").scalar_one()
        run("DROP TRIGGER history_setting_update")
        run("UPDATE setting SET value = '假' WHERE key = 'contact'")
        run(kept)
    tab._vitals.check()
    settle(jobs)
    assert tab.accept.isVisibleTo(tab)
    page.office.form.field("prefix").setText("玉财专奖")
    with qtbot.waitSignal(page.says) as said:
        page.office.accept()
    assert said.args[0] == "error" and "只能查看" in said.args[1]
    tab.accept_findings()
    settle(jobs)
    (dialog,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, AcceptFindingsDialog) and one.isVisible()]
    dialog.accept()
    assert dialog.form.message("reason") == "这一项必须填写。"
    dialog.form.field("reason").setPlainText("办公室主任误改，已核实")
    dialog.accept()
    settle(jobs)
    assert not tab.accept.isVisibleTo(tab) and tab._vitals.problems == []
    assert len(tab._vitals.accepted) == 1 and tab._vitals.accepted[0].startswith("已由张三一人于")
    page.office.accept()
    settle(jobs)
    assert desk.office().prefix == "玉财专奖"
