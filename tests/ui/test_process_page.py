"""办理 by hand: an award goes from 初审 to 审定 in the window, many at a time, with what was refused and why."""

from dataclasses import replace
from datetime import date, timedelta

import looks
import pytest
import round_kit as kit
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from tests.usecases import process_kit
from ui.dialogs.award_step import StepDialog
from ui.dialogs.credit_check import CreditDialog
from ui.dialogs.holidays import HolidaysDialog
from ui.dialogs.large_amounts import LargeAmountsDialog
from ui.dialogs.public_notice import AnswerDialog, NoticeDialog, ObjectionDialog
from ui.open_book import OpenBook
from ui.pages import process_papers
from ui.pages.process import ProcessPage
from ui.pages.process_words import next_step
from zjtx_desktop.domain.states import AwardState, Event
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import awards, letters, organisations, past_awards
from zjtx_desktop.usecases.past_awards import PastAwardForm
from zjtx_desktop.values import Money

EARLIER = date.today() - timedelta(days=30)


@pytest.fixture
def book(tmp_path):
    with kit.empty_book(tmp_path / "玉山县.zjtx") as made:
        kit.fill(made)
        kit.compute(made)
        yield made


@pytest.fixture
def page(shown, book, jobs, settings):
    return shown(ProcessPage(OpenBook(book, jobs, "张三"), settings), height=660)


def act(page, name):
    return next(one for one in page.acts() if one.id == name)


def numbers(book):
    return [number for number, line in process_kit.lines(book, 1).items() if line.counts]


def go_to(page, name):
    place = next(n for n in range(page.pane.model.rowCount()) if name in page.pane.model.text(n, 0))
    page.pane.view.go_to(page.pane.model.id_at(place))


def asked(qtbot, page, name, kind):
    """Ask for a step of the page; its dialog."""
    assert act(page, name).enabled, act(page, name).why
    act(page, name).run()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def answered(qtbot, page, jobs, dialog, **values):
    for key, value in values.items():
        dialog.form.field(key).set_value(value)
    dialog.accept()
    jobs.settle()
    qtbot.waitUntil(jobs.is_idle)
    page.refresh()
    jobs.settle()
    qtbot.waitUntil(jobs.is_idle)


def results(page):
    model = page.results.results.model
    return [(model.text(row, 0), model.text(row, 2)) for row in range(model.rowCount())]


def states(page):
    return [page.pane.model.row(row).state.label for row in range(page.pane.model.rowCount())]


def test_a_batch_is_examined_and_what_may_not_be_is_named_with_the_reason(qtbot, page, jobs):
    page.pane.view.selectAll()
    first = act(page, "examine")
    assert (first.text, first.keys, first.place.value) == ("初审（3 笔）…", "F8", "primary")
    dialog = asked(qtbot, page, "examine", StepDialog)
    assert dialog.form.field("opinion").value() and dialog.ok.text() == "初审 3 笔"
    answered(qtbot, page, jobs, dialog)
    assert page.results.isVisible() and "共 5 项：没有办 2，已办 3" in page.results.results.summary.text()
    assert [done for done, _ in results(page)] == ["没有办", "没有办", "已办", "已办", "已办"]
    assert "测算结论为“待定”" in results(page)[1][1]
    assert states(page) == ["已初审"] * 3 + ["草稿"] * 2
    page.refresh()
    jobs.settle()
    assert page.results.isVisible(), "it stays until it is put away"
    qtbot.keyClick(page.results.results.view, Qt.Key.Key_Escape)
    assert not page.results.isVisible() and page.window().focusWidget() is page.pane.view


def test_an_award_is_taken_from_draft_to_approval_in_the_window(qtbot, page, book, jobs):
    go_to(page, kit.NAMES[0])
    answered(qtbot, page, jobs, asked(qtbot, page, "examine", StepDialog), on=EARLIER)
    answered(qtbot, page, jobs, asked(qtbot, page, "review", StepDialog), on=EARLIER)
    assert "没有登记收款账户" in results(page)[0][1]
    answered(qtbot, page, jobs, asked(qtbot, page, "credit", CreditDialog), on=EARLIER, clean=True)
    process_kit.prepare_payee(book, numbers(book)[0], by="张三")
    answered(qtbot, page, jobs, asked(qtbot, page, "review", StepDialog), on=EARLIER)
    answered(qtbot, page, jobs, asked(qtbot, page, "publish", NoticeDialog), starts=EARLIER, late_reason="按纸质档案补登", channel="县政府门户网站")
    assert not page.results.isVisible() and "已办。" in page.banner.text()
    answered(qtbot, page, jobs, asked(qtbot, page, "clear", StepDialog))
    answered(qtbot, page, jobs, asked(qtbot, page, "approve", StepDialog), document="县政府常务会议纪要〔2024〕20号")
    assert process_kit.state(book, numbers(book)[0]) == AwardState.APPROVED
    go_to(page, kit.NAMES[0])
    said = page.detail.toPlainText()
    for text in ("办理经过", "初审", "材料齐全", "公示期", "县政府门户网站", "县政府常务会议纪要〔2024〕20号", "没有发现问题"):
        assert text in said


def test_the_last_day_is_shown_while_one_types_and_a_missing_year_can_be_recorded(qtbot, page, book, jobs):
    process_kit.until(book, 1, numbers(book)[0], Event.REVIEW)
    page.refresh()
    jobs.settle()
    go_to(page, kit.NAMES[0])
    dialog = asked(qtbot, page, "publish", NoticeDialog)
    dialog.form.field("starts").set_value(date(2024, 9, 30))
    assert dialog.end.text() == "公示到 2024年10月11日（星期五）期满。"
    dialog.form.field("days").set_value(10)
    assert "2024年10月17日" in dialog.end.text()
    dialog.form.field("starts").set_value(date(2030, 6, 3))
    assert "2030 年的节假日安排" in dialog.end.text() and not dialog.year.isHidden()
    dialog.year.click()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), HolidaysDialog))
    holidays = QApplication.activeModalWidget()
    answered(qtbot, page, jobs, holidays, year=2030, source="示例〔2029〕1号", off="2030-06-03 至 2030-06-05", work="2030-06-04")
    assert "不是周末" in holidays.banner.text()
    answered(qtbot, page, jobs, holidays, work="2030-06-08")
    assert dialog.end.text() == "公示到 2030年6月18日（星期二）期满。" and dialog.year.isHidden()
    dialog.form.mark_clean()
    dialog.reject()


def test_an_objection_is_recorded_and_answered_from_the_detail(qtbot, page, book, jobs):
    process_kit.until(book, 1, numbers(book)[0], Event.PUBLISH)
    page.refresh()
    jobs.settle()
    go_to(page, kit.NAMES[0])
    answered(qtbot, page, jobs, asked(qtbot, page, "object", ObjectionDialog), by_whom="李某", content="已迁出本县")
    assert "答复以前不能继续办理" in page.banner.text()
    answered(qtbot, page, jobs, asked(qtbot, page, "clear", StepDialog))
    assert "李某的异议还没有答复" in results(page)[0][1]
    page._follow("answer/1")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, AnswerDialog) and not dialog.form.check()
    answered(qtbot, page, jobs, dialog, upheld=False, text="税务登记在本县")
    assert "异议不成立" in page.detail.toPlainText()
    answered(qtbot, page, jobs, asked(qtbot, page, "clear", StepDialog))
    assert not page.results.isVisible() and "已办。" in page.banner.text()


def test_an_excluded_award_is_marked_not_summed_and_can_be_brought_back(qtbot, page, jobs):
    before = page.pane.totals.shown.text()
    go_to(page, kit.NAMES[0])
    answered(qtbot, page, jobs, asked(qtbot, page, "exclude", StepDialog), opinion="企业放弃奖励")
    assert states(page)[0] == "不予奖励" and "合计 400,000.00 元" in page.pane.totals.shown.text()
    answered(qtbot, page, jobs, asked(qtbot, page, "readmit", StepDialog), opinion="已书面撤回")
    assert page.pane.totals.shown.text() == before


def test_only_the_steps_of_the_table_are_offered_for_what_is_selected(page, book, jobs):
    process_kit.until(book, 1, numbers(book)[1], Event.PUBLISH)
    page.refresh()
    jobs.settle()
    go_to(page, kit.NAMES[1])
    offered = {one.id for one in page.acts() if one.enabled}
    assert {"clear", "send_back", "exclude", "object"} <= offered
    assert not offered & {"examine", "review", "publish", "approve", "archive", "waive", "readmit"}
    assert "现在都不能“初审”" in act(page, "examine").why


def test_what_waits_leads_to_its_round_its_state_and_its_award(qtbot, page, book, jobs):
    process_kit.until(book, 1, numbers(book)[1], Event.EXAMINE)
    with book.reading() as session:
        wanted = awards.award_lines(session, 1)[1].id
    page.receive(wanted)
    jobs.settle()
    qtbot.waitUntil(lambda: page.pane.model.rowCount() == 1)
    assert page.current.id == wanted and states(page) == ["已初审"]
    page.receive(99_999)
    jobs.settle()


def test_a_refused_batch_is_said_in_its_dialog_and_the_words_stay(qtbot, page, jobs):
    go_to(page, kit.NAMES[0])
    dialog = asked(qtbot, page, "examine", StepDialog)
    dialog.form.field("opinion").set_value("写了很久的意见")
    dialog.form.field("on").set_value(date.today() + timedelta(days=1))
    dialog.accept()
    assert "不能晚于今天" in dialog.form.message("on") and dialog.isVisible()
    assert dialog.form.field("opinion").value() == "写了很久的意见"
    dialog.form.mark_clean()
    dialog.reject()


def test_f8_reaches_the_step_that_comes_next_and_the_menu_has_the_others(page):
    go_to(page, kit.NAMES[0])
    assert [one.id for one in page.acts() if one.keys == "F8"] == ["examine"]
    assert all(one.enabled == (one.id in ("examine", "exclude")) for one in page.acts() if one.id in {event.value for event in Event})


def test_a_large_amount_asks_for_a_tick_at_approval(qtbot, page, book, jobs):
    process_kit.until(book, 1, numbers(book)[0], Event.CLEAR)
    answered(qtbot, page, jobs, asked(qtbot, page, "limit", LargeAmountsDialog), amount=Money.parse("20万"))
    go_to(page, kit.NAMES[0])
    paper = {"document": "县政府常务会议纪要〔2024〕20号"}
    answered(qtbot, page, jobs, asked(qtbot, page, "approve", StepDialog), **paper)
    assert "超过 200,000.00 元的大额标准" in results(page)[0][1]
    answered(qtbot, page, jobs, asked(qtbot, page, "approve", StepDialog), confirmed=True, **paper)
    assert not page.results.isVisible() and "已办。" in page.banner.text()


def test_the_form_of_approval_and_the_public_list_are_saved_as_pdf(qtbot, page, book, jobs, tmp_path, monkeypatch):
    process_kit.until(book, 1, numbers(book)[0], Event.PUBLISH)
    page.refresh()
    jobs.settle()
    go_to(page, kit.NAMES[0])
    for name in ("export", "notice_list"):
        monkeypatch.setattr(process_papers, "ask_file", lambda *asked, name=name: tmp_path / f"{name}.pdf")
        act(page, name).run()
        jobs.settle()
        qtbot.waitUntil(lambda: "已保存" in page.banner.text())
        assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF")
        page.banner.hide()


def test_nothing_is_cut_with_results_on_screen(qtbot, page, jobs):
    page.pane.view.selectAll()
    answered(qtbot, page, jobs, asked(qtbot, page, "examine", StepDialog))
    assert looks.problems(page) == []
    page.resize(860, 380)
    assert page.split.isHidden() and page.results.isVisible(), "on a low screen they stand in the place of the list"
    page.results.opened.emit(page.pane.model.id_at(1))
    assert page.split.isVisible() and page.results.isHidden() and page.current.id == page.pane.model.id_at(1)
    page.resize(1180, 660)
    page.results.show()
    page.results.results.view.setFocus(Qt.FocusReason.TabFocusReason)
    page.results.results.view.go_to(page.pane.model.id_at(4))
    assert "测算结论为“待定”" in page.results.results.why.text()


def test_a_step_of_another_duty_is_refused_in_the_list_of_results_and_put_on_record(qtbot, shown, book, jobs, settings):
    process_kit.staff(book)
    page = shown(ProcessPage(OpenBook(book, jobs, process_kit.REVIEWER), settings), height=660)
    go_to(page, kit.NAMES[0])
    answered(qtbot, page, jobs, asked(qtbot, page, "examine", StepDialog))
    assert results(page) == [("没有办", "复核乙没有“经办”岗位，不能办理。请由有此岗位的人员登录后办理。")]
    with book.reading() as session:
        assert [row.person for row in session.scalars(select(tables.Denial))] == [process_kit.REVIEWER]


def test_a_draft_waits_to_be_issued_in_a_book_without_persons_and_to_be_examined_in_one_with_them(page, book):
    with book.reading() as session:
        draft = next(one for one in awards.award_lines(session, page.bar.line.id) if one.counts)
    assert next_step(draft, staffed=False) == "下达"
    assert next_step(draft, staffed=True) == "初审（经办）"
    place = page.pane.model.place_of(draft.id)
    assert page.pane.model.text(place, 3) == "下达"


def test_what_changed_after_the_computation_is_refused_in_full_and_leads_to_where_it_is_computed_anew(qtbot, page, book, jobs):
    with book.action("登记历史奖励", "张三") as session:
        paid = PastAwardForm("little_giant", Level.NATIONAL, 2023, Money.parse("10万"), Money.parse("20万"), "玉财企〔2023〕7号")
        past_awards.register(session, 1, paid)
    page.pane.view.selectAll()
    answered(qtbot, page, jobs, asked(qtbot, page, "examine", StepDialog), on=EARLIER)
    shown = page.results.results
    assert "没有办 3，已办 2" in shown.summary.text()
    place = next(row for row in range(shown.model.rowCount()) if "测算后有变化" in shown.model.text(row, 2))
    assert shown.why.text() == shown.model.text(0, 2), "the first that was refused is told in full at once"
    shown.view.selectRow(place)
    assert "现在应为待定" in shown.why.text() and shown.why.text().endswith("没有办理，请重新测算。")
    assert looks.problems(page) == []
    assert shown.lead.text() == "到“奖补”页重新测算"
    with qtbot.waitSignal(page.wants_page) as wanted:
        shown.lead.click()
    assert wanted.args == ["rounds", page.pane.model.row(0).id]
    go_to(page, kit.NAMES[1])
    answered(qtbot, page, jobs, asked(qtbot, page, "send_back", StepDialog), on=EARLIER, opinion="退回重核")
    assert not page.results.isVisible() or not shown.lead.isVisible(), "it belongs to that refusal alone"


def change_account(qtbot, page, jobs, award_number):
    """Another account on record, as the form of the organisation writes it."""

    def deed(session, _tick):
        owner = process_kit.award(session, award_number).organisation_id
        form = organisations.get(session, owner)
        organisations.change(session, owner, replace(form, payee_account="3600000000000009999"))

    page._desk.act("修改企业", deed)
    jobs.settle()
    qtbot.waitUntil(jobs.is_idle)
    page.refresh()
    jobs.settle()
    qtbot.waitUntil(jobs.is_idle)


def test_an_account_that_changes_after_the_review_sends_back_and_says_so(qtbot, page, book, jobs):
    number = numbers(book)[0]
    process_kit.prepare_payee(book, number, by="张三")
    for event in (Event.EXAMINE, Event.REVIEW):
        process_kit.do(book, event, number, by="张三")
    with qtbot.waitSignal(page._desk.noted) as noted:
        change_account(qtbot, page, jobs, number)
    assert noted.args == [f"1 笔奖补已退回草稿：收款信息已变更，要从初审重新办理（{number}）。"]
    go_to(page, kit.NAMES[0])
    shown = page.detail.toPlainText()
    assert "收款信息变更退回" in shown and "现登记为" in shown


def test_an_issued_award_is_paid_to_another_account_by_a_step_of_its_own(qtbot, page, book, jobs):
    number = numbers(book)[0]
    process_kit.prepare_payee(book, number, by="张三")
    with book.action("下达", "张三") as session:
        letters.issue(session, 1, kit.TODAY, [number])
    page.refresh()
    jobs.settle()
    go_to(page, kit.NAMES[0])
    assert not act(page, "redirect").enabled
    change_account(qtbot, page, jobs, number)
    go_to(page, kit.NAMES[0])
    dialog = asked(qtbot, page, "redirect", StepDialog)
    answered(qtbot, page, jobs, dialog, on=date.today(), opinion="企业更换开户行", document="企业书面申请")
    line = process_kit.lines(book, 1)[number]
    assert (line.payee.account, line.state) == ("3600000000000009999", AwardState.ISSUED)
    assert not act(page, "redirect").enabled
