"""受益财政待确认 in the window: seen in the list, filtered, confirmed singly or many at once on one piece of evidence, and who and when."""

from datetime import date

import list_kit as kit
import looks
import pytest
from PySide6.QtWidgets import QApplication, QLabel
from sqlalchemy import select

from ui.dialogs.confirm_treasuries import ConfirmDialog
from ui.dialogs.organisation_form import OrganisationDialog
from ui.dialogs.payee_kind import PayeeKindDialog
from ui.open_book import OpenBook
from ui.pages.organisations import OrganisationsPage
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import organisations, treasuries
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.overview import UNCONFIRMED
from zjtx_desktop.values import Share, format_date

EVIDENCE = "玉山县税务局证明 2026-11-30"
MANY = 600  # more than one question to the book may name


@pytest.fixture
def book(tmp_path):
    with kit.filled_book(tmp_path / "县.zjtx") as made:
        from_list(made, "示例丁有限公司", (Share(kit.YUSHAN, 3), Share(kit.ZONE, 2)))
        from_list(made, "示例戊有限公司", (Share(kit.YUSHAN, 1),))
        yield made


def from_list(book, name, shares):
    """An organisation as an import leaves it: its treasuries from 所属地区, confirmed by nobody."""
    with book.action("导入", "张三") as session:
        number = organisations.register(session, OrganisationForm(name, shares=shares, shares_evidence="名单“所属地区”列"))
        for row in session.scalars(select(tables.Beneficiary).where(tables.Beneficiary.organisation_id == number)):
            row.confirmed, row.confirmed_by, row.confirmed_on = False, None, None


@pytest.fixture
def page(shown, book, jobs, settings):
    return shown(OrganisationsPage(OpenBook(book, jobs, "张三"), settings))


def dialog_of(qtbot, kind):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def standings(page):
    model = page.pane.model
    place = [one.key for one in model.columns].index("standing")
    return [model.text(row, place) for row in range(model.rowCount())]


def waiting(book):
    with book.reading() as session:
        return [one.organisation for one in treasuries.unconfirmed(session)]


def test_the_list_says_who_waits_and_filters_by_it(qtbot, jobs, page):
    assert standings(page) == ["已确认", "未登记", "未登记", "待确认", "待确认"]
    page.receive(UNCONFIRMED)
    assert jobs.settle()
    assert kit.shown_rows(page) == ["示例丁有限公司", "示例戊有限公司"]
    assert looks.problems(page) == []


def test_many_are_confirmed_at_once_on_one_piece_of_evidence(qtbot, jobs, page, book):
    page.pane.view.go_to(1)
    assert jobs.settle() and not kit.verb(page, "confirm").enabled
    page.pane.view.selectAll()
    kit.verb(page, "confirm").run()
    dialog = dialog_of(qtbot, ConfirmDialog)
    listed = [[dialog.model.text(row, column) for column in range(3)] for row in range(dialog.model.rowCount())]
    assert listed == [
        ["示例丁有限公司", "玉山县60%、上饶经济技术开发区40%", "名单“所属地区”列"], ["示例戊有限公司", "玉山县", "名单“所属地区”列"],
    ]  # fmt: skip
    assert dialog.ok.text() == "确认 2 家"
    dialog.accept()
    assert dialog.form.message("evidence") and waiting(book)
    assert looks.problems(dialog) == []
    dialog.form.field("evidence").setText(EVIDENCE)
    with qtbot.waitSignal(page.says) as said:
        dialog.accept()
    assert jobs.settle() and jobs.settle()
    assert said.args == ["good", "已确认 2 家的受益财政。"]
    assert waiting(book) == [] and standings(page) == ["已确认", "未登记", "未登记", "已确认", "已确认"]
    page.pane.view.go_to(4)
    assert jobs.settle()
    told = page.detail.toPlainText()
    assert f"已由张三于{format_date(date.today())}确认" in told and EVIDENCE in told
    assert not kit.verb(page, "confirm").enabled


def test_one_is_confirmed_alone_and_it_can_be_taken_back(qtbot, jobs, page, book):
    page.pane.view.go_to(5)
    assert jobs.settle()
    assert "受益财政待确认" in page.detail.toPlainText()
    kit.verb(page, "confirm").run()
    dialog = dialog_of(qtbot, ConfirmDialog)
    dialog.form.field("evidence").setText(EVIDENCE)
    dialog.accept()
    assert jobs.settle() and waiting(book) == ["示例丁有限公司"]
    page._desk.undo(lambda title: None)
    assert jobs.settle() and waiting(book) == ["示例丁有限公司", "示例戊有限公司"]


def test_the_form_says_whether_they_are_confirmed_and_new_evidence_confirms_them(qtbot, jobs, page, book):
    page.pane.view.go_to(5)
    kit.verb(page, "edit").run()
    assert jobs.settle()
    form = dialog_of(qtbot, OrganisationDialog)
    assert "还没有人确认" in said_in(form) and looks.problems(form) == []
    form.form.field("shares_evidence").setText(EVIDENCE)
    form.form.field("is_company").set_value(False)
    form.accept()
    assert jobs.settle() and jobs.settle()
    assert waiting(book) == ["示例丁有限公司"] and "不是" in page.detail.toPlainText()
    kit.verb(page, "edit").run()
    assert jobs.settle()
    again = dialog_of(qtbot, OrganisationDialog)
    assert f"已由张三于{format_date(date.today())}确认" in said_in(again)
    again.reject()


def said_in(dialog):
    return "\n".join(one.text() for one in dialog.form.findChildren(QLabel))


def test_more_than_one_question_may_name_are_confirmed_in_one_go(book):
    for number in range(MANY):
        from_list(book, f"示例第{number}有限公司", (Share(kit.YUSHAN, 1),))
    with book.action("确认", "张三") as session:
        chosen = [one.organisation_id for one in treasuries.unconfirmed(session)]
        assert treasuries.confirm(session, chosen[1:], EVIDENCE, date(2026, 12, 1)) == MANY + 1
    assert len(waiting(book)) == 1


def test_whether_payees_are_companies_is_recorded_for_many_at_once(qtbot, jobs, page, book):
    page.pane.view.selectAll()
    kit.verb(page, "company").run()
    dialog = dialog_of(qtbot, PayeeKindDialog)
    assert dialog.ok.text() == "登记 5 家" and looks.problems(dialog) == []
    dialog.accept()
    assert dialog.form.message("is_company"), "neither goes without saying"
    dialog.form.field("is_company").set_value(True)
    with qtbot.waitSignal(page.says) as said:
        dialog.accept()
    assert jobs.settle() and said.args == ["good", "已登记 5 家的收款单位是不是企业。"]
    with book.reading() as session:
        assert [organisations.get(session, number).is_company for number in range(1, 6)] == [True] * 5
    page._desk.undo(lambda title: None)
    assert jobs.settle()
    with book.reading() as session:
        assert [organisations.get(session, number).is_company for number in range(1, 4)] == [None, None, False]
