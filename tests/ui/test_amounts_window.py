"""人工核定, 封顶 and 更正重办 on the page 奖补: by hand, with what is said and what the list marks."""

import pytest
import round_kit as kit
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ui.dialogs.choices import ChoicesDialog
from ui.dialogs.manual_amount import ManualDialog
from ui.dialogs.voiding import RedoDialog
from ui.open_book import OpenBook
from ui.pages.rounds import RoundsPage
from zjtx_desktop.domain.facts import Payer, Target
from zjtx_desktop.usecases import awards
from zjtx_desktop.values import Division, Money

YUSHAN, TOWN = Division("361123"), Division("361199")


@pytest.fixture
def book(tmp_path):
    with kit.empty_book(tmp_path / "玉山县.zjtx") as made:
        kit.recognise(made, kit.NAMES[0])
        made_round = kit.compute(made)
        assert made_round == 1
        yield made


@pytest.fixture
def page(shown, book, jobs, settings):
    page = shown(RoundsPage(OpenBook(book, jobs, "张三"), settings), height=660)
    jobs.settle()
    return page


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "会议纪要.pdf"
    path.write_bytes(b"%PDF-1.7 minutes")
    return path


def act(page, name):
    return next(one for one in page.acts() if one.id == name)


def opened(qtbot, jobs, page, name, kind):
    act(page, name).run()
    jobs.settle()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def save(qtbot, jobs, dialog):
    with qtbot.waitSignal(dialog.saved):
        qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    jobs.settle()


def column(page, key):
    model, place = page.pane.model, [one.key for one in page.pane.model.columns].index(key)
    return [model.text(row, place) for row in range(model.rowCount())]


def lines(book):
    with book.reading() as session:
        return awards.award_lines(session, 1)


def test_an_amount_is_set_by_hand_shown_in_the_list_and_taken_back(qtbot, jobs, page, book, scan):
    dialog = opened(qtbot, jobs, page, "manual", ManualDialog)
    assert "按政策测算为 100,000.00 元" in dialog.standing.text()
    assert not dialog.withdraw.isVisible()
    dialog.form.set_values({"part": (Payer.BENEFICIARY, YUSHAN)})
    for key, text in (("amount", "12万"), ("document", "玉府专纪〔2024〕6号"), ("scan", str(scan))):
        dialog.form.field(key).setText(text)
    dialog.form.field("reason").setPlainText("县政府专题会议决定")
    save(qtbot, jobs, dialog)
    assert page.banner.text() == "已核定“江西示例精密制造有限公司”的金额，这笔奖补合计 320,000.00 元。"
    assert column(page, "marks") == ["人工核定"]
    assert "人工核定（按政策 300,000.00 元）" in page.detail.toPlainText()

    again = opened(qtbot, jobs, page, "manual", ManualDialog)
    assert "已由张三核定为 120,000.00 元" in again.standing.text()
    again.part.set_value((Payer.MUNICIPAL, TOWN))
    assert (again.form.field("amount").raw(), again.withdraw.isVisible()) == ("", False)
    again.part.set_value((Payer.BENEFICIARY, YUSHAN))
    again._sure = lambda *_: True
    qtbot.mouseClick(again.withdraw, Qt.MouseButton.LeftButton)
    jobs.settle()
    qtbot.waitUntil(lambda: not again.isVisible())
    jobs.settle()
    assert column(page, "marks") == [""] and lines(book)[0].total == Money.parse("30万")


def test_what_is_refused_is_said_over_the_form_and_keeps_what_was_typed(qtbot, jobs, page, book, scan):
    dialog = opened(qtbot, jobs, page, "manual", ManualDialog)
    dialog.part.set_value((Payer.BENEFICIARY, YUSHAN))
    for key, text in (("amount", "9万"), ("document", "纪要"), ("scan", str(scan))):
        dialog.form.field(key).setText(text)
    dialog.form.field("reason").setPlainText("资金紧张")
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    jobs.settle()
    assert "低于下限 100,000.00 元" in dialog.banner.text()
    assert dialog.form.values()["amount"] == Money.parse("9万")
    dialog.form.field("scan").setText("会议纪要.pdf")
    assert "完整位置" in dialog.form.field("scan").remark()[1]
    dialog.close_done()


def test_the_button_is_there_for_drafts_with_an_amount_only(jobs, page, book):
    assert act(page, "manual").enabled and not act(page, "redo_award").enabled
    list(kit.issue(book, 1))
    page.refresh()
    jobs.settle()
    assert not act(page, "manual").enabled and act(page, "redo_award").enabled


def test_an_issued_award_is_done_anew_and_both_name_each_other(qtbot, jobs, page, book):
    list(kit.issue(book, 1))
    page.refresh()
    jobs.settle()
    dialog = opened(qtbot, jobs, page, "redo_award", RedoDialog)
    dialog.form.field("reason").setPlainText("金额写错")
    save(qtbot, jobs, dialog)
    assert page.banner.text() == "361123-2024-00001 已作废，由新的草稿 361123-2024-00001-2 替代（奖励），请从初审重新办理。"
    assert column(page, "marks") == ["替代已作废的 361123-2024-00001"]
    page.voided.setChecked(True)
    jobs.settle()
    assert set(column(page, "marks")) == {"替代已作废的 361123-2024-00001", "已由 361123-2024-00001-2 替代"}


def test_a_cap_is_set_with_its_basis_and_the_effect_is_seen_first(qtbot, jobs, page, book):
    dialog = opened(qtbot, jobs, page, "choices", ChoicesDialog)
    field = dialog.form.field("yearly_cap")
    assert field.field.placeholderText() == "不填为不封顶"
    field.field.setText("10万")
    assert dialog._read() is None, "a cap without a basis is no choice yet"
    field.basis.setText("玉府办发〔2024〕9号")
    assert dialog._read().answers(Target(Payer.BENEFICIARY, kit.YUSHAN)).cap == Money.parse("10万")
    dialog.form.mark_clean()
    dialog.reject()
