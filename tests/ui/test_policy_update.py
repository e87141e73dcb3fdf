"""设置 › 政策: a pack from a file is compared with the one in use, activated, and can be taken back."""

from datetime import date

import looks
import pytest
from PySide6.QtWidgets import QApplication
from round_kit import empty_book

from tests.made_packs import AMENDMENT, amended, edited, written
from ui.dialogs.pack_change import PackChangeDialog
from ui.open_book import OpenBook
from ui.pages.policy_tab import PolicyTab
from zjtx_desktop.usecases.packs import current_pack, shipped_pack

NEW = written(edited(("review.from", date(2028, 9, 25))))


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


ALONE = "账簿由一人使用（示例）"


def in_use(tab):
    return tab._desk.ask_now(current_pack).text


def test_the_differences_are_read_before_anything_changes_and_then_it_is_in_use(qtbot, jobs, tab, tmp_path):
    dialog = compared(qtbot, jobs, tab, tmp_path / "新政策包.toml")
    text = dialog.text.toPlainText()
    assert "1 处不同" in text and "改为“2028年9月25日”" in text and "现在没有批次" in text
    assert looks.problems(dialog) == [] and in_use(tab) == shipped_pack().text
    with qtbot.waitSignal(tab.says) as said:
        dialog.accept()
        agree(dialog)
    assert jobs.settle() and jobs.settle()
    assert said.args[0] == "good" and in_use(tab) == NEW and tab.go_back.isVisible()
    assert tab._desk.ask_now(lambda session: session.connection().exec_driver_sql("SELECT deed, reason FROM consent").all()) == [
        ("启用政策包", ALONE)
    ]
    back = back_to_shipped(qtbot, jobs, tab)
    back.accept()
    agree(back)
    assert jobs.settle() and jobs.settle()
    assert in_use(tab) == shipped_pack().text and not tab.go_back.isVisible()


def agree(dialog):
    """The book has one user, who says why."""
    dialog.two.form.field("second_reason").set_value(ALONE)
    assert looks.problems(dialog.two) == []
    dialog.two.accept()


def back_to_shipped(qtbot, jobs, tab):
    tab.ask_shipped()
    assert jobs.settle()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PackChangeDialog))
    return QApplication.activeModalWidget()


def test_the_same_pack_cannot_be_activated_again(qtbot, jobs, tab, tmp_path):
    dialog = compared(qtbot, jobs, tab, tmp_path / "同一个.toml", shipped_pack().text)
    assert "完全相同" in dialog.text.toPlainText() and not dialog.ok.isEnabled()
    dialog.reject()


def test_an_amendment_is_put_upon_the_policy_in_use_and_both_documents_are_shown(qtbot, jobs, tab, tmp_path):
    dialog = compared(qtbot, jobs, tab, tmp_path / "修改.toml", AMENDMENT.read_text(encoding="utf-8"))
    text = dialog.text.toPlainText()
    for said in ("修改", "政策包 raofubanfa-2023-12", "（饶府办发〔2023〕12号）", "（示例府办发〔2026〕8号）", "新增一段标准：2027年1月1日起 25 万元"):
        assert said in text
    assert looks.problems(dialog) == []
    dialog.accept()
    agree(dialog)
    assert jobs.settle() and jobs.settle()
    assert in_use(tab) == amended().text
    shown = tab.text.toPlainText()
    for said in ("shili-2026-8，修改 raofubanfa-2023-12", "《关于调整“专精特新”认定奖励标准的通知（示例）》", "未明确的文件"):
        assert said in shown
    assert looks.problems(tab) == []


def test_a_bad_pack_is_refused_with_its_place(qtbot, tab, tmp_path):
    path = tmp_path / "坏的.toml"
    path.write_text(written(edited(("rule.1.payer", "nobody"))), encoding="utf-8")
    with qtbot.waitSignal(tab.says) as said:
        tab.compare_file(path)
    assert said.args[0] == "error" and "坏的.toml 的 rule[2].payer" in said.args[1]


def test_the_tab_holds_on_small_screens(tab):
    assert looks.problems(tab) == []
