"""The payments page by hand: paid, paid in part, returned, asked of the city, claimed back, within budgets."""

from datetime import date

import looks
import pytest
import round_kit as kit
from file_kit import answer_file
from openpyxl import load_workbook
from PySide6.QtWidgets import QApplication

from ui.dialogs.budget import BudgetDialog
from ui.dialogs.clawback import RecoverDialog, RevokeDialog
from ui.dialogs.movements import MovementDialog
from ui.open_book import OpenBook
from ui.pages.payments import PaymentsPage
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import standings
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.values import Money

K = EntryKind
DAY = "2024-12-20"


@pytest.fixture
def book(tmp_path):
    with kit.empty_book(tmp_path / "玉山县.zjtx") as made:
        kit.fill(made)
        with made.action("登记账户", "张三") as session:
            for number, row in enumerate(_all(session)):
                row.payee_bank, row.payee_account = "示例银行玉山支行", f"360000000000000{number:04d}"
                session.add(row)
        kit.issue(made, kit.compute(made))
        yield made


def _all(session):
    return [session.get(tables.Organisation, number) for number in range(1, 6)]


@pytest.fixture
def page(shown, book, jobs, settings):
    return shown(PaymentsPage(OpenBook(book, jobs, "张三"), settings), 1250, 680)


def act(page, name):
    return next(one for one in page.acts() if one.id == name)


def dialog_of(qtbot, kind):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    dialog = QApplication.activeModalWidget()
    assert looks.problems(dialog) == []
    return dialog


def save(qtbot, jobs, dialog, **texts):
    for key, text in texts.items():
        dialog.form.field(key).set_value(text) if key in ("reason",) else dialog.form.field(key).setText(text)
    dialog.accept()
    jobs.settle()
    qtbot.waitUntil(jobs.is_idle)
    jobs.settle()


def parts(book):
    with book.reading() as session:
        return standings.part_lines(session, 1)


def rows(page, *keys):
    model = page.pane.model
    places = [next(n for n, column in enumerate(model.columns) if column.key == key) for key in keys]
    return [tuple(model.text(row, place) for place in places) for row in range(model.rowCount())]


def choose(page, place):
    page.pane.view.go_to(page.pane.model.id_at(place))


def test_every_part_stands_with_what_was_paid_and_a_masked_account(page, book):
    assert rows(page, "treasury", "granted", "left", "progress")[:2] == [
        ("玉山县", "100,000.00", "100,000.00", "待拨付"),
        ("上饶市本级", "200,000.00", "200,000.00", "待申请"),
    ]
    assert rows(page, "account")[0] == ("**** 0000",)
    assert "3600000000000000000" not in page.detail.toPlainText()
    page.detail.linked.emit("account")
    assert "3600000000000000000" in page.detail.toPlainText()
    assert "核定 700,000.00 元" in page.pane.totals.shown.text()


def test_many_are_paid_at_once_each_with_a_number_of_its_own_and_the_results_stay(qtbot, page, book, jobs):
    page.pane.view.selectAll()
    assert act(page, "paid").text == "登记拨付（4 笔）…"
    act(page, "paid").run()
    dialog = dialog_of(qtbot, MovementDialog)
    dialog.form.field("numbered").setChecked(True)
    save(qtbot, jobs, dialog, on=DAY, voucher="国库支付0099")
    assert "已办 4" in page.results.results.summary.text() and page.results.isVisible()
    with book.reading() as session:
        entries = [standings.entries_of_part(session, part.id) for part in parts(book)]
    assert [e[1].voucher for e in entries if len(e) > 1] == [f"国库支付{n:04d}" for n in (99, 100, 101, 102)]
    assert rows(page, "paid", "progress")[0] == ("100,000.00", "已拨付")
    assert check(book) == []


def test_one_is_paid_in_instalments_and_never_more_than_is_left(qtbot, page, book, jobs):
    choose(page, 0)
    act(page, "paid").run()
    save(qtbot, jobs, dialog_of(qtbot, MovementDialog), amount="4万", on=DAY, voucher="1号")
    assert rows(page, "paid", "left", "progress")[0] == ("40,000.00", "60,000.00", "部分拨付")
    choose(page, 0)
    act(page, "paid").run()
    dialog = dialog_of(qtbot, MovementDialog)
    assert dialog.form.field("amount").value() == Money(6_000_000)
    save(qtbot, jobs, dialog, amount="60000.01", on=DAY, voucher="2号")
    assert "现在最多可拨付 60,000.00 元" in dialog.banner.text()
    save(qtbot, jobs, dialog, amount="6万")
    assert rows(page, "progress")[0] == ("已拨付",)


def test_the_money_of_the_city_is_asked_for_agreed_to_and_comes(qtbot, page, book, jobs):
    choose(page, 1)
    assert not act(page, "paid").enabled
    for name, paper in (("requested", "玉财函〔2024〕1号"), ("approved", "饶财〔2024〕2号"), ("arrived", "收款1号")):
        choose(page, 1)
        act(page, name).run()
        save(qtbot, jobs, dialog_of(qtbot, MovementDialog), on=DAY, voucher=paper)
    assert rows(page, "progress")[1] == ("待拨付",)
    choose(page, 1)
    assert act(page, "paid").enabled
    assert "市级资金到账 200,000.00 元\n收款1号" in page.detail.toPlainText()


def test_what_the_bank_sends_back_and_what_is_claimed_back(qtbot, page, book, jobs):
    choose(page, 0)
    act(page, "paid").run()
    save(qtbot, jobs, dialog_of(qtbot, MovementDialog), on=DAY, voucher="1号")
    choose(page, 0)
    act(page, "returned").run()
    dialog = dialog_of(qtbot, MovementDialog)
    save(qtbot, jobs, dialog, amount="1万", on=DAY, voucher="退1号", reason="户名不符")
    assert rows(page, "paid", "left")[0] == ("90,000.00", "10,000.00")
    choose(page, 0)
    act(page, "revoke").run()
    dialog = dialog_of(qtbot, RevokeDialog)
    save(qtbot, jobs, dialog, on=DAY, reason="认定被撤销", document="赣工信〔2025〕1号")
    assert "应追回 90,000.00 元" in page.banner.text()
    assert rows(page, "progress")[:2] == [("待追回",), ("已核减",)]
    choose(page, 0)
    act(page, "recover").run()
    save(qtbot, jobs, dialog_of(qtbot, RecoverDialog), amount="9万", on=DAY, voucher="缴款1号")
    assert rows(page, "progress")[0] == ("已追回",)
    assert check(book) == []


def test_a_budget_is_recorded_and_its_bar_says_what_is_left(qtbot, page, book, jobs):
    assert [bar.words() for bar in page.bars.bars] == ["未登记预算"] * 3
    act(page, "budget").run()
    dialog = dialog_of(qtbot, BudgetDialog)
    assert "已下达 260,000.00 元" in dialog.standing.text()
    save(qtbot, jobs, dialog, amount="30万", basis="玉府发〔2024〕2号")
    assert [bar.words() for bar in page.bars.bars] == ["可用 4 万元", "未登记预算", "未登记预算"]
    assert "已登记玉山县预算 300,000.00 元" in page.banner.text()


def test_the_payee_list_has_every_account_as_text_and_the_sum(page, book, jobs, tmp_path):
    path = tmp_path / "收款人.xlsx"
    answer_file(path)
    page.pane.view.selectAll()
    act(page, "export").run()
    jobs.settle()
    assert "收款人清单 4 笔、合计 300,000.00 元" in page.banner.text()
    assert load_workbook(path).active["F8"].value == "=SUM(F4:F7)"
    sheet = load_workbook(path, data_only=True).active
    assert [sheet.cell(8, column).value for column in range(10, 15)] == [300000, 0, 0, 0, 300000]
    assert [sheet.cell(4, column).value for column in (3, 5, 6)] == [kit.NAMES[0], "3600000000000000000", 100000]
    assert sheet.cell(8, 6).value == 300000
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_nothing_is_cut_at_either_size(page):
    assert looks.problems(page) == []


def test_another_page_leads_to_a_part_and_its_account_is_hidden_again(page, jobs):
    page.detail.linked.emit("account")
    page.receive(4)
    jobs.settle()
    assert page.current.id == 4
    choose(page, 0)
    assert "3600000000000000000" not in page.detail.toPlainText()


def test_today_is_the_last_day_that_is_taken(qtbot, page):
    choose(page, 0)
    act(page, "paid").run()
    dialog = dialog_of(qtbot, MovementDialog)
    dialog.form.field("on").setText(date(2099, 1, 1).isoformat())
    dialog.accept()
    assert "不能晚于今天" in dialog.form.message("on")
    dialog.form.mark_clean()
    dialog.reject()


def test_a_voucher_used_before_is_said_on_its_field_and_taken_once_that_is_confirmed(qtbot, page, book, jobs):
    choose(page, 0)
    act(page, "paid").run()
    save(qtbot, jobs, dialog_of(qtbot, MovementDialog), amount="4万", on=DAY, voucher="国库 0001")
    choose(page, 0)
    act(page, "paid").run()
    dialog = dialog_of(qtbot, MovementDialog)
    same = dialog.form.field("same_voucher")
    assert same.isHidden()
    dialog.form.field("voucher").setText("国库０００1")
    qtbot.waitUntil(lambda: not same.isHidden())
    told = dialog.form.message("voucher")
    assert "凭证号“国库 0001”2024-12-20 已用于拨付" in told and "40,000.00 元" in told and "请在下面确认" in told
    dialog.form.field("on").setText(DAY)
    dialog.accept()
    assert dialog.isVisible() and "请在下面确认" in dialog.form.message("voucher")
    assert looks.problems(dialog) == []
    same.setChecked(True)
    assert "请在下面确认" not in dialog.form.message("voucher")
    save(qtbot, jobs, dialog)
    assert not dialog.isVisible()
    assert rows(page, "progress")[0] == ("已拨付",) and check(book) == []


def test_a_fresh_voucher_takes_the_question_away_again(qtbot, page, book, jobs):
    choose(page, 0)
    act(page, "paid").run()
    save(qtbot, jobs, dialog_of(qtbot, MovementDialog), amount="4万", on=DAY, voucher="1号")
    choose(page, 0)
    act(page, "paid").run()
    dialog = dialog_of(qtbot, MovementDialog)
    same = dialog.form.field("same_voucher")
    dialog.form.field("voucher").setText("1 号")
    qtbot.waitUntil(lambda: not same.isHidden())
    same.setChecked(True)
    dialog.form.field("voucher").setText("2号")
    qtbot.waitUntil(same.isHidden)
    save(qtbot, jobs, dialog, on=DAY)
    with book.reading() as session:
        vouchers = [one.voucher for one in standings.entries_of_part(session, parts(book)[0].id)]
    assert vouchers[1:] == ["1号", "2号"]


def test_money_paid_back_under_a_used_voucher_is_asked_about(qtbot, page, book, jobs):
    for place in (0, 2):
        choose(page, place)
        act(page, "paid").run()
        save(qtbot, jobs, dialog_of(qtbot, MovementDialog), on=DAY, voucher=f"{place}号")
        choose(page, place)
        act(page, "revoke").run()
        save(qtbot, jobs, dialog_of(qtbot, RevokeDialog), on=DAY, reason="撤销认定", document="赣工信〔2025〕9号")
    choose(page, 0)
    act(page, "recover").run()
    save(qtbot, jobs, dialog_of(qtbot, RecoverDialog), on=DAY, voucher="缴款1")
    choose(page, 2)
    act(page, "recover").run()
    dialog = dialog_of(qtbot, RecoverDialog)
    dialog.form.field("voucher").setText("缴款 1")
    qtbot.waitUntil(lambda: not dialog.form.field("same_voucher").isHidden())
    dialog.form.field("same_voucher").setChecked(True)
    save(qtbot, jobs, dialog, on=DAY)
    assert not dialog.isVisible() and check(book) == []
