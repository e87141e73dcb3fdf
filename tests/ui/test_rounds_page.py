"""The round page by hand: a round is made, computed, explained, decided, changed and voided in the window."""

from time import perf_counter

import looks
import pytest
import round_kit as kit
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from sqlalchemy import select

from tests.made_packs import made
from ui.dialogs.attachments import AttachmentsDialog
from ui.dialogs.choices import ChoicesDialog
from ui.dialogs.decision import DecisionDialog
from ui.dialogs.new_round import NewRoundDialog
from ui.dialogs.take_policy import TakePolicyDialog
from ui.dialogs.voiding import VoidDialog
from ui.open_book import OpenBook
from ui.pages.rounds import RoundsPage
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import attachments, awards, pack_change, past_awards, rounds
from zjtx_desktop.usecases.duties import Second
from zjtx_desktop.usecases.past_awards import PastAwardForm
from zjtx_desktop.values import Money


@pytest.fixture
def book(tmp_path):
    with kit.empty_book(tmp_path / "玉山县.zjtx") as made:
        yield made


@pytest.fixture
def page(shown, book, jobs, settings):
    return shown(RoundsPage(OpenBook(book, jobs, "张三"), settings), height=660)


@pytest.fixture
def filled(page, book, jobs):
    """The page over a computed round with an award of every kind."""
    kit.fill(book)
    kit.compute(book)
    page.refresh()
    jobs.settle()
    return page


def act(page, name):
    return next(one for one in page.acts() if one.id == name)


def rows(page):
    model = page.pane.model
    return [[model.text(row, column) for column in range(7)] for row in range(model.rowCount())]


def dialog_of(qtbot, kind):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def answer(text):
    """Press that button in the question that opens next."""

    def press():
        box = QApplication.activeModalWidget()
        next(button for button in box.findChildren(QPushButton) if button.text() == text).click()

    QTimer.singleShot(0, press)


def go_to(page, name):
    number = next(place for place in range(page.pane.model.rowCount()) if name in page.pane.model.text(place, 0))
    page.pane.view.go_to(page.pane.model.id_at(number))


def settled(qtbot, page, jobs):
    jobs.settle()
    qtbot.waitUntil(jobs.is_idle)
    return page.banner.text()


def test_a_book_without_a_round_says_what_to_do_first(page):
    assert page.empty.isVisible()
    assert not act(page, "compute").enabled


def test_a_round_is_made_locked_and_computed_in_the_window(qtbot, page, book, jobs):
    kit.fill(book)
    act(page, "new").run()
    dialog = dialog_of(qtbot, NewRoundDialog)
    assert dialog.form.field("year").text() == "2024", "the year that has recognitions and no round yet"
    dialog.accept()
    settled(qtbot, page, jobs)
    assert "名单上有 5 项认定，还没有锁定" in page.bar.text()
    act(page, "compute").run()
    assert "新增 5 笔" in settled(qtbot, page, jobs)
    assert "待下达 3 · 待定 1 · 不予奖励 1" in page.bar.text()
    assert [row[1] for row in rows(page)] == ["奖励", "奖励", "奖励", "不予奖励", "待定"]
    assert "合计 700,000.00 元 · 受益财政 300,000.00 元 · 市级财政 400,000.00 元" in page.pane.totals.shown.text()


def test_a_new_policy_is_offered_shown_with_its_effect_and_taken_up(qtbot, filled, book, jobs):
    assert not act(filled, "policy").enabled
    fifteen = made(("rule.1.amount.0.value", 15), ("rule.1.amount.0.quote", "市级财政分别给予"), examples=1)
    with book.action("启用政策包", "张三") as session:
        session.info["second"] = Second(None, "账簿由一人使用（示例）")
        pack_change.activate(session, fifteen)
    filled.refresh()
    settled(qtbot, filled, jobs)
    assert "政策包已更新（饶府办发〔2023〕12号），本批次仍按原来的" in filled.notice.text()
    assert looks.problems(filled) == []
    act(filled, "policy").run()
    dialog = dialog_of(qtbot, TakePolicyDialog)
    text = dialog.text.toPlainText()
    assert "3 笔，700,000.00 元" in text and "3 笔，600,000.00 元" in text and "300,000.00 元 → 250,000.00 元" in text
    assert looks.problems(dialog) == []
    dialog.accept()
    dialog.two.form.field("second_reason").set_value("账簿由一人使用（示例）")
    assert looks.problems(dialog.two) == []
    dialog.two.accept()
    settled(qtbot, filled, jobs)
    settled(qtbot, filled, jobs)
    assert "合计 600,000.00 元" in filled.pane.totals.shown.text() and not act(filled, "policy").enabled
    with book.reading() as session:
        assert rounds.basis_for(session, 2024)[0] == fifteen


def test_an_award_is_explained_in_sentences_with_clauses_inputs_and_parts(filled):
    go_to(filled, kit.NAMES[2])
    said = " ".join(filled.detail.toPlainText().split())
    for text in ("（饶府办发〔2023〕12号第一条第（九）项）", "玉山县 60,000.00 元", "上饶经济技术开发区 40,000.00 元", "上饶市本级 200,000.00 元",
                 "税务证明（示例）", "工信部企业函〔2024〕222号", "人民币叁拾万元整"):  # fmt: skip
        assert text in said


def test_the_explanation_is_there_within_50_ms_of_the_selection(filled):
    took = []
    for place in range(filled.pane.model.rowCount()):
        begun = perf_counter()
        filled.pane.view.go_to(filled.pane.model.id_at(place))
        took.append(perf_counter() - begun)
        assert filled.current.facts.organisation in filled.detail.toPlainText()
    assert max(took) < 0.05


def test_an_undecided_award_is_decided_with_a_reason(qtbot, filled, jobs):
    go_to(filled, "示例再次认定")
    assert "需要决定" in filled.detail.toPlainText()
    act(filled, "edit").run()
    dialog = dialog_of(qtbot, DecisionDialog)
    dialog.accept()
    assert dialog.form.message("award") and dialog.form.message("reason"), "neither goes without saying"
    dialog.form.field("award").set_value(True)
    dialog.form.field("reason").set_value("期满后重新申报")
    dialog.accept()
    jobs.settle()
    assert "已裁定" in settled(qtbot, filled, jobs)
    assert filled.current.verdict.label == "奖励"
    assert "期满后重新申报" in filled.detail.toPlainText()


def test_choices_show_their_effect_before_they_count(qtbot, filled, book, jobs):
    before = book.head()
    act(filled, "choices").run()
    dialog = dialog_of(qtbot, ChoicesDialog)
    qtbot.waitUntil(lambda: "没有影响" in dialog.effect.words.text())
    own = dialog.form.field("county little_giant 国家级")
    own.field.setText("9万")
    own.basis.setText("玉府发〔2024〕1号")
    qtbot.waitUntil(lambda: "低于下限" in dialog.effect.words.text())
    assert not dialog.ok.isEnabled()
    own.field.setText("15万")
    qtbot.waitUntil(lambda: "增加 80,000.00 元" in dialog.effect.words.text())
    assert "有 2 项变化" in dialog.effect.words.text()
    assert book.head() == before, "looking at the effect stores nothing"
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)  # the field is left, and writes its amount out
    assert "已重新测算 5 笔" in settled(qtbot, filled, jobs)
    assert "受益财政 380,000.00 元" in filled.pane.totals.shown.text(), "of the shared one 玉山县 pays its 60 % of 15 万, the zone 40 % of the floor"


def test_a_changed_list_is_said_and_results_are_only_discarded_after_asking(qtbot, filled, book, jobs):
    kit.recognise(book, "后来登记的有限公司")
    filled.refresh()
    settled(qtbot, filled, jobs)
    assert "多出 1 项认定" in filled.notice.text()
    answer("取消")
    act(filled, "compute").run()
    jobs.settle()
    assert len(rows(filled)) == 5
    answer("重新测算")
    act(filled, "compute").run()
    settled(qtbot, filled, jobs)
    assert len(rows(filled)) == 6


def test_unlocking_says_how_many_results_it_discards(qtbot, filled, jobs):
    answer("解除锁定")
    act(filled, "unlock").run()
    assert "5 笔测算结果已作废" in settled(qtbot, filled, jobs)
    assert rows(filled) == []
    assert filled.empty.isVisible()


def test_a_voided_award_is_hidden_not_summed_and_one_click_away(qtbot, filled, book, jobs):
    with book.reading() as session:
        line = rounds.find_round(session, 2024)
    kit.issue(book, line.id)
    filled.refresh()
    jobs.settle()
    go_to(filled, kit.NAMES[0])
    act(filled, "delete").run()
    dialog = dialog_of(qtbot, VoidDialog)
    dialog.form.field("reason").set_value("名单更正（示例）")
    dialog.accept()
    assert "已作废" in settled(qtbot, filled, jobs)
    assert len(rows(filled)) == 4
    filled.voided.click()
    settled(qtbot, filled, jobs)
    assert len(rows(filled)) == 5
    assert "合计 400,000.00 元" in filled.pane.totals.shown.text()
    go_to(filled, kit.NAMES[0])
    assert "名单更正（示例）" in filled.detail.toPlainText()


def test_a_refused_voiding_is_said_in_its_dialog_and_the_reason_stays(qtbot, filled, book, jobs):
    with book.reading() as session:
        line = rounds.find_round(session, 2024)
    kit.issue(book, line.id)
    filled.refresh()
    jobs.settle()
    go_to(filled, kit.NAMES[0])
    act(filled, "delete").run()
    dialog = dialog_of(qtbot, VoidDialog)
    with book.action("别处先作废", "张三") as session:
        awards.void(session, filled.current.number, "名单更正（示例）")
    dialog.form.field("reason").set_value("写了很久的理由")
    dialog.accept()
    jobs.settle()
    assert dialog.isVisible() and dialog.banner.text()
    assert dialog.form.field("reason").value() == "写了很久的理由"
    assert not filled.banner.isVisible()


def test_a_refused_decision_is_said_in_its_dialog_and_the_reason_stays(qtbot, filled, book, jobs):
    go_to(filled, "示例再次认定")
    act(filled, "edit").run()
    dialog = dialog_of(qtbot, DecisionDialog)
    with book.action("别处先解除锁定", "张三") as session:
        rounds.unlock(session, rounds.find_round(session, 2024).id)
    dialog.form.field("award").set_value(True)
    dialog.form.field("reason").set_value("写了很久的理由")
    dialog.accept()
    jobs.settle()
    assert dialog.isVisible() and dialog.banner.text()
    assert dialog.form.field("reason").value() == "写了很久的理由"
    assert not filled.banner.isVisible()


def test_the_scans_of_an_awards_recognition_are_one_click_away(qtbot, filled, book, jobs):
    with book.action("添加附件", "张三") as session:
        attachments.attach(session, "recognition", 1, attachments.Scan("认定文件.pdf", b"%PDF-1.7"))
    go_to(filled, kit.NAMES[0])
    act(filled, "attachments").run()
    dialog = dialog_of(qtbot, AttachmentsDialog)
    assert jobs.settle() and dialog.current.name == "认定文件.pdf"
    dialog.reject()


def test_a_filter_by_verdict_can_be_asked_for_by_another_page(qtbot, filled, jobs):
    filled.receive("待定")
    settled(qtbot, filled, jobs)
    assert [row[1] for row in rows(filled)] == ["待定"]


def test_an_award_can_be_asked_for_by_its_id(filled, book):
    with book.reading() as session:
        line = awards.award_lines(session, rounds.find_round(session, 2024).id)[2]
    filled.receive(line.id)
    assert filled.current.id == line.id


def test_nothing_is_cut_at_either_size(filled):
    assert looks.problems(filled) == []


def test_no_dialog_is_cut(qtbot, filled, book, jobs):
    go_to(filled, "示例再次认定")
    for name, kind in (("edit", DecisionDialog), ("new", NewRoundDialog), ("choices", ChoicesDialog)):
        act(filled, name).run()
        dialog = dialog_of(qtbot, kind)
        qtbot.waitUntil(jobs.is_idle)  # what it shows of the effect makes it grow
        assert looks.problems(dialog) == []
        dialog.form.mark_clean()
        dialog.reject()


def test_several_open_questions_are_decided_one_by_one_each_with_its_reason(qtbot, filled, book, jobs):
    with book.action("登记历史奖励", "张三") as session:
        paid = PastAwardForm("srdi_sme", Level.PROVINCIAL, 2023, Money.parse("10万"), Money.parse("0"), "玉财企〔2023〕7号")
        past_awards.register(session, 5, paid)
    kit.compute(book)
    filled.refresh()
    settled(qtbot, filled, jobs)
    go_to(filled, "示例再次认定")
    act(filled, "edit").run()
    dialog = dialog_of(qtbot, DecisionDialog)
    asked = dialog.form.field("question")
    offered = [asked.itemText(row) for row in range(asked.count())]
    assert offered[0] == "请选择" and len(offered) == 3
    assert looks.problems(dialog) == []
    dialog.form.field("award").set_value(True)
    dialog.form.field("reason").set_value("期满后重新申报")
    dialog.accept()
    assert dialog.form.message("question"), "which one goes without saying no more than the rest"
    asked.set_value("again")
    dialog.accept()
    jobs.settle()
    assert "已裁定" in settled(qtbot, filled, jobs) and "还有 1 项待定" in filled.banner.text()
    assert filled.current.verdict.label == "待定" and filled.current.questions == ("rewarded_before",)
    act(filled, "edit").run()
    dialog = dialog_of(qtbot, DecisionDialog)
    dialog.form.field("award").set_value(False)
    dialog.form.field("reason").set_value("2023 年已奖励")
    dialog.accept()
    jobs.settle()
    assert "还有" not in settled(qtbot, filled, jobs) and filled.current.verdict.label == "不予奖励"
    with book.reading() as session:
        kept = {row.question: (row.award, row.reason) for row in session.scalars(select(tables.Decision))}
    assert kept == {"again": (True, "期满后重新申报"), "rewarded_before": (False, "2023 年已奖励")}
