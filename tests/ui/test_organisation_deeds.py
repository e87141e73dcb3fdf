"""企业: past awards by form and from a workbook, the statement of all awards, and the scans of a record."""

import list_kit as kit
import looks
import pypdf
import pytest
import xlsxwriter
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from ui.dialogs.attachments import AttachmentsDialog
from ui.dialogs.past_award import PastAwardDialog
from ui.dialogs.past_import import PastImportDialog
from ui.open_book import OpenBook
from ui.pages.organisations import OrganisationsPage
from ui.pages.recognitions import RecognitionsPage
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.usecases import attachments, past_awards
from zjtx_desktop.values import Money

PDF = b"%PDF-1.7\nscan"
HEAD = ("企业名称", "认定称号", "级别", "年度", "受益财政金额", "市级财政金额", "依据")
ROW = ("示例甲精密有限公司", "专精特新“小巨人”企业", "国家级", 2021, 100000, 200000, "玉财企〔2021〕7号")


@pytest.fixture
def book(tmp_path):
    with kit.filled_book(tmp_path / "县.zjtx") as made:
        yield made


@pytest.fixture
def page(shown, book, jobs, settings):
    page = shown(OrganisationsPage(OpenBook(book, jobs, "张三"), settings))
    page.pane.view.go_to(1)
    assert jobs.settle()
    return page


def dialog_of(qtbot, kind):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def held(book):
    with book.reading() as session:
        return [one.form for one in past_awards.of_organisation(session, 1)]


def entered(qtbot, jobs, page):
    """A past award entered by the form."""
    kit.verb(page, "add_past").run()
    dialog = dialog_of(qtbot, PastAwardDialog)
    for key, value in (("title", "little_giant"), ("level", Level.NATIONAL)):
        dialog.form.field(key).set_value(value)
    for key, text in (("award_year", "2021"), ("beneficiary", "10万"), ("source", "玉财企〔2021〕7号")):
        dialog.form.field(key).setText(text)
    dialog.accept()
    assert jobs.settle() and jobs.settle()
    return dialog


def test_a_past_award_is_entered_shown_changed_and_deleted(qtbot, book, jobs, page):
    assert not isValid(entered(qtbot, jobs, page))
    assert "历史奖励（1）" in page.detail.toPlainText() and "玉财企〔2021〕7号" in page.detail.toPlainText()
    page.detail.linked.emit("past/1")
    assert jobs.settle()
    dialog = dialog_of(qtbot, PastAwardDialog)
    assert looks.problems(dialog) == []
    dialog.form.field("municipal").setText("20万")
    dialog.accept()
    assert jobs.settle() and jobs.settle()
    assert [form.total for form in held(book)] == [Money.parse("30万")]
    page.detail.linked.emit("past/1")
    assert jobs.settle()
    dialog_of(qtbot, PastAwardDialog).remove()
    assert jobs.settle() and jobs.settle()
    assert held(book) == [] and "历史奖励" not in page.detail.toPlainText()


def test_what_is_refused_stands_over_the_form_and_nothing_typed_is_lost(qtbot, book, jobs, page):
    entered(qtbot, jobs, page)
    again = entered(qtbot, jobs, page)
    assert isValid(again) and "已登记过历史奖励" in again.banner.text() and len(held(book)) == 1
    again.form.mark_clean()
    again.reject()


def test_a_workbook_is_looked_at_first_and_its_good_rows_are_taken(qtbot, book, jobs, page, tmp_path):
    path = tmp_path / "历史.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("历史")
        for number, row in enumerate((HEAD, ROW, (*ROW[:4], "约10", "", "凭证"))):
            sheet.write_row(number, 0, row)
    page.deeds.import_past(path)
    assert jobs.settle()
    dialog = dialog_of(qtbot, PastImportDialog)
    assert jobs.settle()
    assert dialog.ok.text() == "导入 1 行" and "新增 1，有误 1" in dialog.said.text() and held(book) == []
    assert looks.problems(dialog) == []
    with qtbot.waitSignal(page.says) as said:
        dialog.accept()
    assert said.args[0] == "good" and "已导入 1 笔" in said.args[1] and "有误的 1 行" in said.args[1]
    assert len(held(book)) == 1


def test_year_unit_and_basis_are_said_once_over_the_rows(qtbot, book, jobs, page, tmp_path):
    path = tmp_path / "历史.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("历史")
        for number, row in enumerate((("企业名称", "称号", "县级", "市级"), (ROW[0], "国家级专精特新“小巨人”企业", 10, 20))):
            sheet.write_row(number, 0, row)
    page.deeds.import_past(path)
    assert jobs.settle()
    dialog = dialog_of(qtbot, PastImportDialog)
    assert jobs.settle()
    assert all(edit.isVisible() for edit in (dialog.year, dialog.source, dialog.unit)) and not dialog.ok.isEnabled()
    assert looks.problems(dialog) == []
    for edit, value in ((dialog.year, 2022), (dialog.source, "玉财企〔2022〕7号"), (dialog.unit, "万元")):
        edit.set_value(value)
    dialog.again.click()
    assert jobs.settle() and jobs.settle()
    assert dialog.ok.text() == "导入 1 行"
    with qtbot.waitSignal(page.says):
        dialog.accept()
    [form] = held(book)
    assert (form.award_year, form.beneficiary, form.municipal, form.source) == (2022, Money(10_000_000), Money(20_000_000), "玉财企〔2022〕7号")


def test_the_statement_of_one_organisation_is_saved(qtbot, jobs, page, tmp_path):
    entered(qtbot, jobs, page)
    with qtbot.waitSignal(page.says) as said:
        page.deeds.write_statement(1, tmp_path / "情况表.pdf")
    assert said.args[0] == "good" and "1 笔" in said.args[1]
    assert "100,000.00" in pypdf.PdfReader(tmp_path / "情况表.pdf").pages[0].extract_text()


class Opened(QObject):
    """Stands in for the system's programs that open files."""

    def __init__(self):
        super().__init__()
        self.files = []

    @Slot(QUrl)
    def take(self, url):
        self.files.append(url.toLocalFile())


def test_a_scan_is_attached_opened_saved_and_removed(qtbot, book, jobs, page, tmp_path):
    (tmp_path / "营业执照.pdf").write_bytes(PDF)
    kit.verb(page, "attachments").run()
    dialog = dialog_of(qtbot, AttachmentsDialog)
    dialog.attach(tmp_path / "营业执照.pdf")
    assert jobs.settle() and jobs.settle()
    assert dialog.current.name == "营业执照.pdf" and looks.problems(dialog) == []
    opened = Opened()
    QDesktopServices.setUrlHandler("file", opened, "take")
    dialog.open_one.click()
    assert jobs.settle()
    QDesktopServices.unsetUrlHandler("file")
    [copy] = opened.files
    with open(copy, "rb") as file:
        assert file.read() == PDF
    dialog.attach(tmp_path / "县.zjtx")
    assert jobs.settle() and "只收 PDF、JPG 和 PNG" in dialog.banner.text()
    dialog.reject()
    assert jobs.settle() and jobs.settle() and "附件（1）" in page.detail.toPlainText()
    page.detail.linked.emit("attachments/1")
    dialog = dialog_of(qtbot, AttachmentsDialog)
    assert jobs.settle()
    dialog.detach(dialog.current)
    assert jobs.settle() and jobs.settle()
    assert dialog.current is None and not dialog.save.isEnabled()
    dialog.reject()


def test_a_recognition_shows_its_scans(qtbot, shown, book, jobs, settings):
    with book.action("添加附件", "张三") as session:
        attachments.attach(session, "recognition", 1, attachments.Scan("认定文件.pdf", PDF))
    page = shown(RecognitionsPage(OpenBook(book, jobs, "张三"), settings))
    page.pane.view.go_to(1)
    assert jobs.settle()
    assert "附件（1）" in page.detail.toPlainText() and "认定文件.pdf" in page.detail.toPlainText()
