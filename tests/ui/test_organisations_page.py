"""企业: found by any name, filled in with checks, changed with the old name kept, deleted and taken back."""

import list_kit as kit
import looks
import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from ui.dialogs.organisation_form import OrganisationDialog
from ui.open_book import OpenBook
from ui.pages.organisations import OrganisationsPage
from zjtx_desktop.usecases import organisations
from zjtx_desktop.values import Share

KEY = Qt.Key


@pytest.fixture
def book(tmp_path):
    with kit.filled_book(tmp_path / "县.zjtx") as made:
        yield made


@pytest.fixture
def page(shown, book, jobs, settings):
    return shown(OrganisationsPage(OpenBook(book, jobs, "张三"), settings))


@pytest.fixture
def form(qtbot, jobs, page):
    """The form of a new organisation, opened from the page."""
    kit.verb(page, "new").run()
    dialog = dialog_of(qtbot)
    dialog.form.mark_clean()
    yield dialog
    if isValid(dialog):
        dialog.form.mark_clean()
        dialog.reject()


def dialog_of(qtbot):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), OrganisationDialog))
    return QApplication.activeModalWidget()


def stored(book, number):
    with book.reading() as session:
        return organisations.get(session, number)


def test_the_page_lists_counts_and_shows_everything_of_the_one_selected(jobs, page):
    assert kit.shown_rows(page) == ["示例甲精密有限公司", "示例乙光电有限公司", "示例丙研究院"]
    assert page.pane.totals.shown.text() == "共 3 家"
    page.pane.view.go_to(1)
    assert jobs.settle()
    text = page.detail.toPlainText()
    for piece in (
        "91360000625912173B",
        "示例老厂",
        "玉山县",
        "税务证明（示例）",
        "认定（2）",
        "国家级专精特新“小巨人”企业",
    ):
        assert piece in text
    page.pane.view.go_to(3)
    assert jobs.settle()
    assert (
        "缺统一社会信用代码、受益财政" in page.detail.toPlainText()
        and "没有登记认定" in page.detail.toPlainText()
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [("老厂", "示例甲精密有限公司"), ("625912", "示例甲精密有限公司"), ("光电", "示例乙光电有限公司")],
)
def test_a_part_of_a_name_a_former_name_or_a_code_finds_it(qtbot, jobs, page, text, found):
    kit.type_chinese(page.pane.search, text)
    qtbot.keyClick(page.pane.search, KEY.Key_Return)
    assert jobs.settle()
    assert kit.shown_rows(page) == [found]


def test_the_list_filters_by_division_and_sorts_by_every_column(jobs, page):
    page.pane.filters.allow("division", frozenset(("361191",)))
    assert jobs.settle()
    assert kit.shown_rows(page) == ["示例乙光电有限公司"] and page.pane.totals.shown.text() == "筛选出 1 家"
    page.pane.filters.clear()
    for column in page.pane.model.columns:
        page.pane.view.header._ask_sort(((column.key, True),))
        assert jobs.settle()
        assert len(kit.shown_rows(page)) == 3
    page.pane.view.header._ask_sort((("recognitions", True),))
    assert jobs.settle()
    assert kit.shown_rows(page)[0] == "示例甲精密有限公司"


def test_an_organisation_is_registered_by_keyboard_alone(qtbot, book, jobs, page, form):
    kit.type_chinese(form.form.field("name"), "示例丁材料有限公司")
    qtbot.keyClick(form.form.field("name"), KEY.Key_Return)
    assert form.form.field("credit_code").hasFocus()
    qtbot.keyClicks(form.form.field("credit_code"), kit.code_for(77))
    qtbot.keyClick(form.form.field("credit_code"), KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert jobs.settle() and jobs.settle()
    assert not isValid(form) and "示例丁材料有限公司" in kit.shown_rows(page)
    assert page.current == 4 and str(stored(book, 4).credit_code) == kit.code_for(77)


def test_enter_while_composing_belongs_to_the_input_method(qtbot, form):
    name = form.form.field("name")
    QApplication.sendEvent(name, QInputMethodEvent("shili", []))
    qtbot.keyClick(name, KEY.Key_Return)
    assert form.isVisible() and name.hasFocus()
    QApplication.sendEvent(name, QInputMethodEvent("", []))


def test_a_code_that_was_misread_is_corrected_only_when_confirmed(qtbot, form):
    code = form.form.field("credit_code")
    code.setText("91360000625912173b")
    assert not form.form.check() and code.text() == "91360000625912173b"
    fix = form.form._lines["credit_code"].fix
    assert fix.text() == "改为 91360000625912173B"
    qtbot.mouseClick(fix, Qt.MouseButton.LeftButton)
    assert code.text() == "91360000625912173B"


def test_a_code_that_fails_its_check_is_kept_only_with_a_reason(book, jobs, form):
    form.form.field("name").setText("示例戊有限公司")
    form.form.field("credit_code").setText(
        kit.code_for(78)[:-1] + ("0" if kit.code_for(78)[-1] != "0" else "1")
    )
    form.accept()
    assert "必须填写" in form.form.message("code_reason")
    form.form.field("code_reason").setText("营业执照上即如此")
    form.accept()
    assert jobs.settle()
    assert stored(book, 4).code_reason == "营业执照上即如此"


def test_several_treasuries_need_percentages_that_make_a_hundred_and_evidence(qtbot, book, jobs, form):
    shares = form.form.field("shares")
    form.form.field("name").setText("示例己有限公司")
    shares.rows[0].division.set_value(kit.YUSHAN)
    qtbot.mouseClick(shares.more, Qt.MouseButton.LeftButton)
    shares.rows[1].division.set_value(kit.ZONE)
    for row, percent in zip(shares.rows, ("60", "30"), strict=True):
        row.percent.setText(percent)
    form.accept()
    assert "90%" in form.form.message("shares")
    shares.rows[1].percent.setText("40")
    form.accept()
    assert jobs.settle()
    assert "依据" in form.banner.text() and form.isVisible()
    form.form.field("shares_evidence").setText("税务局证明")
    form.accept()
    assert jobs.settle()
    assert stored(book, 4).shares == (Share(kit.YUSHAN, 60), Share(kit.ZONE, 40))


def test_what_was_stored_comes_back_into_the_form_unchanged(qtbot, book, jobs, page):
    before = stored(book, 1)
    page.pane.view.go_to(1)
    qtbot.keyClick(page.pane.view, KEY.Key_Return)
    assert jobs.settle()
    dialog = dialog_of(qtbot)
    assert not dialog.form.is_dirty
    dialog.form.field("note").setPlainText("改了备注")
    dialog.accept()
    assert jobs.settle()
    after = stored(book, 1)
    assert after.note == "改了备注" and (after.shares, after.former_names, after.credit_code) == (
        before.shares,
        before.former_names,
        before.credit_code,
    )


def test_a_changed_name_keeps_the_old_one_and_can_be_taken_back(qtbot, book, jobs, page):
    page.pane.view.go_to(2)
    kit.verb(page, "edit").run()
    assert jobs.settle()
    dialog = dialog_of(qtbot)
    dialog.form.field("name").setText("示例乙科技股份有限公司")
    dialog.accept()
    assert jobs.settle()
    assert stored(book, 2).former_names == ("示例乙光电有限公司",)
    titles = []
    page._desk.undo(titles.append)
    assert jobs.settle()
    assert titles == ["修改企业“示例乙科技股份有限公司”"] and stored(book, 2).name == "示例乙光电有限公司"


def test_one_with_recognitions_is_not_deleted_and_the_page_says_why(qtbot, book, jobs, page):
    with qtbot.waitSignal(page.says) as said:
        page.delete([1], "“示例甲”")
    assert said.args[0] == "error" and "2 条认定" in said.args[1]
    page.delete([3], "“示例丙研究院”")
    assert jobs.settle() and jobs.settle()
    assert "示例丙研究院" not in kit.shown_rows(page)


def test_an_export_holds_the_listed_rows_in_their_order_with_the_visible_columns(qtbot, jobs, page, tmp_path):
    page.pane.view.header._ask_sort((("recognitions", True), ("name", False)))
    page.pane.view.header.setSectionHidden(3, True)
    assert jobs.settle()
    with qtbot.waitSignal(page.says) as said:
        page.write_list(tmp_path / "企业.xlsx")
    assert said.args == ["good", f"已导出 3 行：{tmp_path / '企业.xlsx'}"]
    rows = list(openpyxl.load_workbook(tmp_path / "企业.xlsx").active.iter_rows(values_only=True))
    assert rows[0] == ("单位名称", "统一社会信用代码", "受益财政确认", "所属地区", "认定数")
    assert rows[1] == ("示例甲精密有限公司", "91360000625912173B", "已确认", "玉山县", 2)
    assert [row[0] for row in rows[1:]] == kit.shown_rows(page)


def test_deeper_links_and_verbs_lead_to_the_recognitions(qtbot, jobs, page):
    page.pane.view.go_to(1)
    assert jobs.settle()
    with qtbot.waitSignal(page.wants_page) as wanted:
        kit.verb(page, "recognitions").run()
    assert wanted.args == ["recognitions", "91360000625912173B"]
    with qtbot.waitSignal(page.wants_page) as wanted:
        page.detail.linked.emit("recognitions/2")
    assert wanted.args == ["recognitions", 2]


def test_the_form_says_when_the_book_knows_the_name_already(qtbot, jobs, form):
    form.form.field("name").setText("示例老厂")
    form.form.field("credit_code").setText(str(kit.CODE))
    qtbot.waitUntil(lambda: "示例甲精密有限公司" in form.form.message("name"))


def test_page_and_form_hold_on_small_screens(page, form):
    form.form.check()
    assert looks.problems(form) == []
    assert looks.problems(page) == []
