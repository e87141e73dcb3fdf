"""Ctrl+V on the lists: rows copied in Excel or WPS go through the steps of an import, as one action."""

import list_kit as kit
import looks
import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from ui.dialogs.import_list import ImportDialog
from ui.open_book import OpenBook
from ui.pages.organisations import OrganisationsPage
from ui.pages.recognitions import RecognitionsPage
from ui.page import Desk, PageSpec
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.usecases import organisations, recognitions
from zjtx_desktop.usecases.outcomes import Status
from zjtx_desktop.usecases.list_file import Field

CONTROL = Qt.KeyboardModifier.ControlModifier
HEAD = "企业名称\t统一社会信用代码\t认定称号\t级别\t认定类型\t文号\t认定日期\r\n"
FACTS = "专精特新中小企业\t省级\t新认定\t示例〔2024〕9号\t2024-06-03\r\n"


@pytest.fixture
def book(tmp_path):
    with kit.filled_book(tmp_path / "县.zjtx") as made:
        yield made


@pytest.fixture
def page(shown, book, jobs, settings):
    return shown(RecognitionsPage(OpenBook(book, jobs, "张三"), settings))


@pytest.fixture
def paste(qtbot, jobs, page):
    """Copy a text elsewhere, press Ctrl+V on the list, and give the dialog that opens."""
    dialogs = []

    def press(text):
        QGuiApplication.clipboard().setText(text)
        page.pane.view.setFocus()
        qtbot.keyClick(page.pane.view, Qt.Key.Key_V, CONTROL)
        assert jobs.settle()
        dialog = QApplication.activeModalWidget()
        dialogs.append(dialog)
        return dialog

    yield press
    for dialog in dialogs:
        if dialog is not None and isValid(dialog):
            dialog._done = True
            dialog.reject()


def go_on(qtbot, jobs, dialog):
    qtbot.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
    assert jobs.settle() and jobs.settle()


def counts(book):
    with book.reading() as session:
        return recognitions.LISTING.count(session), organisations.LISTING.count(session)


def test_copied_rows_are_pasted_as_one_action_that_one_undo_takes_back(qtbot, book, jobs, page, paste):
    dialog = paste(HEAD + f'"示例新甲\n有限公司"\t{kit.code_for(1)}\t{FACTS}示例新乙厂\t{kit.code_for(2)}\t{FACTS}')
    assert isinstance(dialog, ImportDialog) and dialog.windowTitle() == "粘贴名单"
    assert dialog.step is dialog.columns and not dialog.columns.sheet.isVisible()
    go_on(qtbot, jobs, dialog)
    go_on(qtbot, jobs, dialog)
    assert dialog.next.text() == "粘贴 2 行"
    with qtbot.waitSignal(page.says) as said:
        go_on(qtbot, jobs, dialog)
    assert said.args == ["good", "已粘贴 2 行。可以用“撤销”整批撤回。"]
    assert counts(book) == (5, 5)
    with book.reading() as session:
        form = organisations.get(session, 4)
    assert (form.name, str(form.credit_code)) == ("示例新甲有限公司", kit.code_for(1))
    titles = []
    page._desk.undo(titles.append)
    assert jobs.settle()
    assert titles == ["粘贴 2 行"] and counts(book) == (3, 3) and book.check() == []


def test_rows_without_a_header_are_taken_by_the_columns_that_the_person_tells(qtbot, book, jobs, paste):
    dialog = paste(f"示例新甲厂\t{kit.code_for(1)}\t张三厂\r\n示例新乙厂\t9.14E+17\t李四厂\r\n")
    assert "没有表头" in dialog.columns.hint.text()
    choices = dialog.columns.table.choices
    assert [choice.value() for choice in choices] == [Field.NAME, Field.CODE, None]
    choices[2].set_value(Field.OPERATOR)
    go_on(qtbot, jobs, dialog)
    for key, value in (("title", "srdi_sme"), ("level", Level.PROVINCIAL), ("kind", Kind.NEW), ("label_year", "2024")):
        field = dialog.given.form.field(key)
        field.setText(value) if key == "label_year" else field.set_value(value)
    go_on(qtbot, jobs, dialog)
    good, bad = dialog.preview.outcomes
    assert good.taken and bad.messages[0].startswith("粘贴内容 第2行 第2列：")
    go_on(qtbot, jobs, dialog)
    assert counts(book) == (4, 4)
    with book.reading() as session:
        assert recognitions.get(session, 4).operator == "张三厂"


def test_guessed_columns_that_nobody_changed_hold(qtbot, jobs, paste):
    dialog = paste(f"示例新甲厂\t{kit.code_for(1)}\t{FACTS}")
    go_on(qtbot, jobs, dialog)
    go_on(qtbot, jobs, dialog)
    row = dialog._parsed.rows[0]
    assert dialog.preview.outcomes[0].taken
    assert (row.title, str(row.credit_code), row.document_number) == ("srdi_sme", kit.code_for(1), "示例〔2024〕9号")


@pytest.mark.parametrize(("text", "word"), [("", "没有表格内容"), ("示例甲厂", "只有一格"), ("甲\t乙\r\n" * 20_001, "过大")])
def test_a_clipboard_without_a_list_gets_a_sentence_and_no_dialog(qtbot, page, paste, text, word):
    with qtbot.waitSignal(page.says) as said:
        assert paste(text) is None
    assert said.args[0] == "warn" and word in said.args[1]


def test_a_clipboard_that_holds_no_text_gets_a_sentence(qtbot, jobs, page):
    mime = QMimeData()
    mime.setData("image/png", b"\x89PNG")
    QGuiApplication.clipboard().setMimeData(mime)
    page.pane.view.setFocus()
    with qtbot.waitSignal(page.says) as said:
        kit.verb(page, "paste").run()
    assert "没有表格内容" in said.args[1]
    QGuiApplication.clipboard().setText("")


def test_rows_copied_here_are_known_again_when_pasted(qtbot, jobs, page, paste):
    page.pane.view.selectAll()
    page.pane.view.copy_with_titles()
    dialog = paste(QGuiApplication.clipboard().text())
    go_on(qtbot, jobs, dialog)
    go_on(qtbot, jobs, dialog)
    assert [outcome.status for outcome in dialog.preview.outcomes] == [Status.SAME] * 3


def test_in_the_search_box_the_key_pastes_text(qtbot, page):
    QGuiApplication.clipboard().setText("精密")
    page.pane.search.setFocus()
    kit.verb(page, "paste").run()
    assert page.pane.search.text() == "精密" and QApplication.activeModalWidget() is None


def test_closing_at_the_columns_loses_nothing_and_does_not_ask(paste):
    dialog = paste(HEAD + f"示例新甲厂\t{kit.code_for(1)}\t{FACTS}")
    dialog.reject()
    assert not isValid(dialog) or not dialog.isVisible()


def test_organisations_hand_pasted_rows_to_the_recognitions(qtbot, book, jobs, settings, window):
    desk = OpenBook(book, jobs, "张三")
    specs = (
        PageSpec("organisations", "企业", "organisation", lambda: OrganisationsPage(desk, settings)),
        PageSpec("recognitions", "认定", "recognition", lambda: RecognitionsPage(desk, settings)),
    )
    window.open_desk(Desk("玉山县财政局", "县", book.path, specs))
    assert jobs.settle()
    QGuiApplication.clipboard().setText(HEAD + f"示例新甲厂\t{kit.code_for(1)}\t{FACTS}")
    window.page().pane.view.setFocus()
    qtbot.keyClick(window.page().pane.view, Qt.Key.Key_V, CONTROL)
    assert jobs.settle()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ImportDialog))
    assert isinstance(window.page(), RecognitionsPage)
    QApplication.activeModalWidget().reject()


def test_every_step_holds_on_small_screens(qtbot, jobs, paste):
    dialog = paste(f"示例新甲厂\t{kit.code_for(1)}\t{FACTS}示例新乙厂\t12\t{FACTS}")
    for _ in range(2):
        assert looks.problems(dialog) == []
        go_on(qtbot, jobs, dialog)
    assert looks.problems(dialog) == []
