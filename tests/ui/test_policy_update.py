"""设置 › 政策: a pack from a file is compared with the one in use, activated, and can be taken back."""

import looks
import pytest
from PySide6.QtWidgets import QApplication
from round_kit import empty_book

from ui.dialogs.pack_change import PackChangeDialog
from ui.open_book import OpenBook
from ui.pages.policy_tab import PolicyTab
from zjtx_desktop.usecases.packs import current_pack, shipped_pack

NEW = shipped_pack().text.replace("issued = 2023-09-23", "issued = 2023-09-25")


@pytest.fixture
def tab(shown, jobs, settings, tmp_path):
    with empty_book(tmp_path / "县.zjtx") as book:
        yield shown(PolicyTab(OpenBook(book, jobs, "张三"), settings))
        assert jobs.settle()


def compared(qtbot, jobs, tab, path, text=NEW):
    path.write_text(text, encoding="utf-8")
    tab.compare_file(path)
    assert jobs.settle()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PackChangeDialog))
    return QApplication.activeModalWidget()


def in_use(tab):
    return tab._desk.ask_now(current_pack).text


def test_the_differences_are_read_before_anything_changes_and_then_it_is_in_use(qtbot, jobs, tab, tmp_path):
    dialog = compared(qtbot, jobs, tab, tmp_path / "新政策包.toml")
    text = dialog.text.toPlainText()
    assert "1 处不同" in text and "改为“2023年9月25日”" in text and "没有已锁定的批次" in text
    assert looks.problems(dialog) == [] and in_use(tab) == shipped_pack().text
    with qtbot.waitSignal(tab.says) as said:
        dialog.accept()
    assert jobs.settle() and jobs.settle()
    assert said.args[0] == "good" and in_use(tab) == NEW and tab.go_back.isVisible()
    titles = []
    tab._desk.undo(titles.append)
    assert jobs.settle() and titles == ["启用政策包“饶府办发〔2023〕12号”"]
    tab.refresh()
    assert jobs.settle()
    assert in_use(tab) == shipped_pack().text and not tab.go_back.isVisible()


def test_the_same_pack_cannot_be_activated_again(qtbot, jobs, tab, tmp_path):
    dialog = compared(qtbot, jobs, tab, tmp_path / "同一个.toml", shipped_pack().text)
    assert "完全相同" in dialog.text.toPlainText() and not dialog.ok.isEnabled()
    dialog.reject()


def test_a_bad_pack_is_refused_with_its_place(qtbot, tab, tmp_path):
    path = tmp_path / "坏的.toml"
    path.write_text(NEW.replace('payer = "municipal"', 'payer = "nobody"'), encoding="utf-8")
    with qtbot.waitSignal(tab.says) as said:
        tab.compare_file(path)
    assert said.args[0] == "error" and "坏的.toml 的 rule[2].payer" in said.args[1]


def test_the_tab_holds_on_small_screens(tab):
    assert looks.problems(tab) == []
