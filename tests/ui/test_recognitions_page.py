"""认定: listed and filtered, registered for an organisation of the book or a new one, checked field against field."""

from datetime import date

import list_kit as kit
import looks
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from ui.dialogs.import_list import ImportDialog
from ui.dialogs.recognition_form import RecognitionDialog
from ui.open_book import OpenBook
from ui.pages.recognitions import RecognitionsPage
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.usecases import recognitions
from zjtx_desktop.usecases.recognition_doubts import doubts

KEY = Qt.Key
TODAY = date(2026, 1, 1)


@pytest.fixture
def book(tmp_path):
    with kit.filled_book(tmp_path / "县.zjtx") as made:
        yield made


@pytest.fixture
def page(shown, book, jobs, settings):
    return shown(RecognitionsPage(OpenBook(book, jobs, "张三"), settings))


@pytest.fixture
def form(qtbot, jobs, page):
    kit.verb(page, "new").run()
    assert jobs.settle()
    dialog = dialog_of(qtbot, RecognitionDialog)
    yield dialog
    if isValid(dialog):
        dialog.form.mark_clean()
        dialog.reject()


def dialog_of(qtbot, kind):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def fill(form, **values):
    for key, value in values.items():
        form.form.field(key).set_value(value)


def test_the_list_filters_by_several_columns_at_once(jobs, page):
    page.pane.filters.allow("title", frozenset(("srdi_sme",)))
    page.pane.filters.allow("label_year", frozenset(("2024",)))
    assert jobs.settle()
    assert kit.shown_rows(page) == ["示例乙光电有限公司"] and page.pane.totals.shown.text() == "筛选出 1 条"
    page.pane.filters.allow("title", frozenset())
    page.pane.filters.allow("label_year", frozenset())
    page.pane.filters.allow("division", frozenset(("361123",)))
    page.pane.filters.allow("level", frozenset(("国家级",)))
    assert jobs.settle()
    assert kit.shown_rows(page) == ["示例甲精密有限公司"]


def test_filters_name_values_as_a_person_does(jobs, page):
    offered = {
        key: [choice.text for choice in page.pane.filters._choices[key]]
        for key in ("title", "division", "label_year")
    }
    assert offered["division"] == ["玉山县", "上饶经济技术开发区"] and offered["label_year"] == [
        "2023",
        "2024",
    ]
    assert "专精特新中小企业" in offered["title"]


def test_the_detail_leads_to_the_organisation(qtbot, jobs, page):
    page.receive(2)
    assert jobs.settle() and jobs.settle()
    assert page.current == 2
    text = page.detail.toPlainText()
    assert all(piece in text for piece in ("国家级专精特新“小巨人”企业", "示例〔2024〕1号", "尚未测算"))
    with qtbot.waitSignal(page.wants_page) as wanted:
        page.detail.linked.emit("organisations/1")
    assert wanted.args == ["organisations", 1]


def test_the_organisation_is_suggested_while_its_name_is_typed(qtbot, book, jobs, form):
    field = form.form.field("organisation")
    kit.type_chinese(field, "老厂")
    field.textEdited.emit("老厂")
    qtbot.waitUntil(lambda: field._completer.popup().isVisible())
    assert "曾用名：示例老厂" in field._model.item(0).text()
    qtbot.keyClick(field._completer.popup(), KEY.Key_Down)
    qtbot.keyClick(field._completer.popup(), KEY.Key_Return)
    assert field.text() == "示例甲精密有限公司" and field.value().id == 1


def test_a_recognition_of_a_new_organisation_registers_both_as_one_action(book, jobs, page, form):
    form.form.field("organisation").setText("示例新厂有限公司")
    fill(form, title="srdi_sme", level=Level.PROVINCIAL, kind=Kind.NEW, document_date=date(2024, 6, 3))
    form.form.field("document_number").setText("赣工信企业字[2024]06号")
    form.accept()
    assert jobs.settle() and jobs.settle()
    assert not isValid(form) and kit.shown_rows(page)[-1] == "示例新厂有限公司"
    with book.reading() as session:
        stored = recognitions.get(session, 4)
    assert (stored.document_number, stored.listed_name) == ("赣工信企业字〔2024〕6号", "示例新厂有限公司")
    page._desk.undo(lambda title: None)
    assert jobs.settle()
    page.refresh()
    assert jobs.settle()
    assert len(kit.shown_rows(page)) == 3


def test_a_document_number_takes_its_usual_form_when_the_field_is_left(qtbot, form):
    number = form.form.field("document_number")
    number.setFocus()
    number.setText("赣工信企业字【2024】第06号")
    form.form.field("document_date").setFocus()
    assert number.text() == "赣工信企业字〔2024〕6号"


def test_a_level_that_the_title_does_not_have_hinders_saving(book, jobs, form):
    form.form.field("organisation").setText("示例新厂")
    fill(form, title="srdi_sme", level=Level.NATIONAL, kind=Kind.NEW)
    form.accept()
    assert form.isVisible() and "没有国家级" in form.form.message("level")


def test_a_wrong_field_keeps_its_own_message(form):
    form.form.field("valid_to").setText("24.6.3")
    form.form._show_touched()
    said = form.form.message("valid_to")
    form.compare()
    assert said and form.form.message("valid_to") == said


@pytest.mark.parametrize(
    ("values", "key", "word", "hinders"),
    [
        ({"document_date": date(2026, 2, 1)}, "document_date", "晚于今天", True),
        ({}, "document_date", "没有认定日期", False),
        ({"document_date": date(2024, 3, 1), "label_year": 2023}, "label_year", "2023", False),
        ({"valid_from": date(2024, 3, 1), "valid_to": date(2023, 3, 1)}, "valid_to", "早于", True),
        ({"valid_from": date(2024, 3, 1), "valid_to": date(2025, 3, 1)}, "valid_to", "3 年", False),
        ({"document_date": date(2024, 3, 1), "valid_from": date(2021, 3, 1)}, "valid_from", "2021", False),
        ({"document_title": "关于名单的公示"}, "document_title", "公示不是认定", False),
        ({"title": "srdi_sme", "level": Level.NATIONAL}, "level", "没有国家级", True),
    ],
)
def test_fields_are_checked_against_each_other(values, key, word, hinders):
    found = {doubt.key: doubt for doubt in doubts(values, TODAY)}
    assert word in found[key].sentence and found[key].hinders is hinders


def test_nothing_is_doubtful_in_a_usual_recognition():
    usual = {
        "document_date": date(2024, 9, 2),
        "label_year": 2024,
        "valid_from": date(2024, 9, 2),
        "valid_to": date(2027, 9, 1),
    }
    assert (
        doubts(usual | {"title": "little_giant", "level": Level.NATIONAL, "document_title": "公告"}, TODAY)
        == ()
    )


def test_several_are_deleted_as_one_action_and_taken_back_together(jobs, page):
    page.delete([1, 3], "“示例”")
    assert jobs.settle() and jobs.settle()
    assert len(kit.shown_rows(page)) == 1
    page._desk.undo(lambda title: None)
    page.refresh()
    assert jobs.settle()
    assert len(kit.shown_rows(page)) == 3


def test_the_import_opens_where_another_page_asks_for_it(qtbot, page):
    page.receive(("import",))
    dialog_of(qtbot, ImportDialog).reject()


def test_the_selected_rows_are_copied_with_codes_as_text(jobs, page):
    page.pane.view.selectAll()
    page.pane.view.copy()
    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == 3 and lines[0].startswith("示例甲精密有限公司\t")


def test_page_and_form_hold_on_small_screens(page, form):
    form.form.check()
    form.compare()
    assert looks.problems(form) == []
    assert looks.problems(page) == []


def test_the_merged_title_is_chosen_with_its_type_and_is_national_by_itself(book, jobs, page, form):
    offered = [form.form.field("title").itemText(row) for row in range(form.form.field("title").count())]
    assert offered[-2:] == [f"国家中小企业公共服务示范平台（基地）（{kind}）" for kind in ("平台", "基地")]
    form.form.field("organisation").setText("示例服务平台")
    fill(form, title="service_platform/平台", kind=Kind.NEW, document_date=date(2026, 2, 10))
    assert form.form.field("level").value() is Level.NATIONAL
    form.accept()
    assert jobs.settle() and jobs.settle()
    with book.reading() as session:
        stored = recognitions.get(session, 4)
    assert (stored.title, stored.title_type, stored.level) == ("service_platform", "平台", Level.NATIONAL)
    assert page.pane.model.text(3, 1) == "国家中小企业公共服务示范平台（基地）（平台）"
    assert "示范平台（基地）（平台）" in page.detail.toPlainText()
    page.pane.view.go_to(4)
    kit.verb(page, "edit").run()
    assert jobs.settle()
    again = QApplication.activeModalWidget()
    assert again.form.field("title").value() == "service_platform/平台" and not again.form.is_dirty
    again.form.field("title").set_value("service_platform")
    again.form.field("document_title").setText("关于公布国家中小企业公共服务示范平台（基地）名单的通告")
    again.accept()
    assert jobs.settle() and jobs.settle()
    with book.reading() as session:
        assert recognitions.get(session, 4).title_type is None
