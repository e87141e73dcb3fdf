"""Forms: every usual way of writing, messages under the field, Enter as on paper, and Chinese being
composed.
"""

from datetime import date

import pytest
from PySide6.QtCore import QTimer, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QScrollArea, QVBoxLayout

from ui.dialogs.ask import Unsaved
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.people import NewNameEdit
from ui.widgets.based_fields import BasedAmount, line_up
from ui.widgets.fields import ChoiceEdit, CodeEdit, DateEdit, LineEdit, MoneyEdit, NoteEdit, TickEdit
from ui.widgets.form import Form
from zjtx_desktop.errors import Refused
from zjtx_desktop.values import CreditCode, Money

KEY = Qt.Key
DEAD_BAND = 24  # pixels
GOOD_CODE = "91360000625912173B"


def compose(widget, letters):
    """What an input method does while letters are being composed."""
    QApplication.sendEvent(widget, QInputMethodEvent(letters, []))


def commit(widget, text):
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


@pytest.fixture
def form(qtbot):
    form = Form()
    form.section("企业")
    form.add("name", "企业名称", LineEdit(), required=True)
    form.add("code", "统一社会信用代码", CodeEdit())
    form.add("on", "文件日期", DateEdit(today=lambda: date(2024, 11, 5)))
    form.add("amount", "金额", MoneyEdit())
    form.add("level", "级别", ChoiceEdit([("p", "省级"), ("n", "国家级")], blank="请选择"), required=True)
    form.add("sure", "", TickEdit("已核对"))
    form.add("note", "备注", NoteEdit())
    qtbot.addWidget(form)
    form.resize(500, 500)
    form.show()
    with qtbot.waitActive(form):
        form.activateWindow()
    return form


def test_what_is_typed_becomes_values(qtbot, form):
    form.field("name").setText(" 玉山机械 ")
    form.field("code").setText(GOOD_CODE)
    form.field("on").setText("2024年6月3日")
    form.field("amount").setText("30万")
    form.field("level").set_value("n")
    assert form.check()
    assert form.values() == {
        "name": "玉山机械",
        "code": CreditCode(GOOD_CODE),
        "on": date(2024, 6, 3),
        "amount": Money(30_000_000),
        "level": "n",
        "sure": False,
        "note": None,
    }


@pytest.mark.parametrize("written", ["2024-6-3", "2024.6.3", "2024/6/3", "2024年6月3日", "20240603"])
def test_a_date_in_any_usual_form_is_shown_in_one(qtbot, form, written):
    field = form.field("on")
    field.setFocus()
    qtbot.keyClicks(field, written) if written.isascii() else field.setText(written)
    form.field("name").setFocus()
    assert field.text() == "2024-06-03"


def test_a_two_digit_year_asks_and_today_is_one_key(qtbot, form):
    field = form.field("on")
    field.setText("24.6.3")
    assert not form.check()
    assert form.message("on").endswith("请写成四位年份。")
    field.setFocus()
    qtbot.keyClick(field, KEY.Key_Semicolon, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "2024-11-05"


def test_a_money_field_writes_the_amount_in_capitals(qtbot, form):
    form.field("amount").setText("300000")
    qtbot.waitUntil(lambda: form.message("amount") == "人民币叁拾万元整")
    assert form.field("amount").text() == "300000"


def test_a_code_is_checked_while_typing_and_a_slip_is_offered_mended(qtbot, form):
    code = form.field("code")
    code.setFocus()
    qtbot.keyClicks(code, "913600")
    qtbot.waitUntil(lambda: form.message("code") == "已输入 6 位，共 18 位")
    code.setText(GOOD_CODE.lower())
    assert not form.check()
    fix = next(button for button in form.findChildren(QPushButton) if button.isVisible())
    assert fix.text() == f"改为 {GOOD_CODE}"
    fix.click()
    qtbot.waitUntil(lambda: form.message("code") == "校验码正确")


def test_a_failed_check_digit_only_warns(form):
    form.field("name").setText("某企业")
    form.field("level").set_value("p")
    form.field("code").setText(GOOD_CODE[:-1] + "A")
    assert form.check()
    assert form.message("code").startswith("校验码不符：最后一位应为 B")


def test_required_fields_are_marked_and_missed(qtbot, form):
    assert not form.check()
    assert form.message("name") == "这一项必须填写。"
    assert form.message("level") == "这一项必须填写。"
    qtbot.waitUntil(form.field("name").hasFocus)


def test_a_message_from_the_book_stays_until_the_field_is_changed(qtbot, form):
    form.say("name", "error", "账簿里已有这家企业。")
    assert not form.check()
    assert form.message("name") == "账簿里已有这家企业。"
    form.field("name").setText("另一家")
    qtbot.waitUntil(lambda: form.message("name") == "")


def test_a_form_knows_whether_it_was_touched(form):
    assert not form.is_dirty
    form.field("note").setPlainText("改过")
    assert form.is_dirty
    form.mark_clean()
    assert not form.is_dirty


def test_enter_goes_from_field_to_field_and_ends_at_the_last(qtbot, form):
    form.field("name").setFocus()
    for key in ("code", "on", "amount", "level", "sure", "note"):
        qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Return)
        assert QApplication.focusWidget() is form.field(key)
    qtbot.keyClick(form.field("note"), KEY.Key_Return)
    assert form.field("note").toPlainText() == "\n"
    with qtbot.waitSignal(form.finished):
        qtbot.keyClick(form.field("name"), KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_ctrl_enter_ends_the_form_also_from_a_field_of_several_lines(qtbot, form):
    note = form.field("note")
    note.setFocus()
    qtbot.keyClick(note, KEY.Key_Return)
    assert note.toPlainText() == "\n"
    with qtbot.waitSignal(form.finished, timeout=1000):
        qtbot.keyClick(note, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_enter_while_composing_neither_leaves_the_field_nor_ends_the_form(qtbot, form):
    field = form.field("name")
    field.setFocus()
    compose(field, "yu'shan")
    with qtbot.assertNotEmitted(form.finished):
        qtbot.keyClick(field, KEY.Key_Return)
    assert QApplication.focusWidget() is field
    commit(field, "玉山")
    assert field.text() == "玉山"
    qtbot.keyClick(field, KEY.Key_Return)
    assert QApplication.focusWidget() is form.field("code")


def test_enter_and_esc_while_composing_leave_any_dialog_open(qtbot):
    dialog = QDialog()
    field, button = QLineEdit(), QPushButton("确定", default=True)
    button.clicked.connect(dialog.accept)
    layout = QVBoxLayout(dialog)
    layout.addWidget(field)
    layout.addWidget(button)
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    field.setFocus()
    compose(field, "li'fang")
    qtbot.keyClick(field, KEY.Key_Return)
    qtbot.keyClick(field, KEY.Key_Escape)
    assert dialog.isVisible()
    commit(field, "李芳")
    qtbot.keyClick(field, KEY.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted


@pytest.fixture
def dialog(qtbot, jobs):
    kept = []

    def save(values, tick):
        if values["name"] == "重复":
            raise Refused("账簿里已有“重复”。请换一个名称。")
        kept.append(values)
        return values["name"]

    dialog = FormDialog(jobs, "登记企业", save)
    dialog.form.add("name", "企业名称", LineEdit(), required=True)
    dialog.kept = kept
    qtbot.addWidget(dialog, before_close_func=lambda d: d.form.mark_clean())
    dialog.show()
    return dialog


def test_a_dialog_saves_on_the_worker_and_closes(qtbot, dialog):
    dialog.form.field("name").setText("玉山机械")
    with qtbot.waitSignal(dialog.saved) as told:
        dialog.ok.click()
    assert told.args == ["玉山机械"]
    assert not dialog.isVisible()


def test_what_is_refused_is_said_over_the_form_and_nothing_typed_is_lost(qtbot, jobs, dialog):
    dialog.form.field("name").setText("重复")
    dialog.ok.click()
    assert not dialog.form.isEnabled()
    assert jobs.settle()
    assert dialog.banner.text() == "账簿里已有“重复”。请换一个名称。"
    assert (dialog.isVisible(), dialog.form.isEnabled(), dialog.form.field("name").text()) == (
        True,
        True,
        "重复",
    )


def _below_the_last_field(dialog):
    """Empty pixels between the fields and the buttons."""
    form = dialog.form
    return form.height() - max(form.childrenRect().bottom() + 1, 0)


def test_a_dialog_is_as_tall_as_its_fields_and_grows_with_what_is_said(qtbot, jobs):
    dialog = FormDialog(jobs, "登记企业", lambda values, tick: None)
    dialog.form.note("这句话长得在对话框里要折成两行，折行以后才知道它有多高，对话框不能按一行一个字来算它的高度。" * 2)
    for number in range(4):
        dialog.form.add(str(number), f"第{number}项", LineEdit(), required=True)
    note = dialog.form.add("note", "曾用名", NoteEdit())
    qtbot.addWidget(dialog)
    dialog.show()
    bar = dialog.findChild(QScrollArea).verticalScrollBar()
    assert _below_the_last_field(dialog) <= DEAD_BAND
    assert bar.maximum() == 0
    assert note.viewport().height() >= 3 * note.fontMetrics().lineSpacing()
    before = dialog.height()
    assert not dialog.form.check()
    qtbot.waitUntil(lambda: dialog.height() > before)
    assert _below_the_last_field(dialog) <= DEAD_BAND
    assert bar.maximum() == 0


def test_what_stands_beside_its_basis_lines_up(qtbot):
    form = Form()
    form.add("amount", "金额", BasedAmount("下限 100,000.00"))
    form.add("other", "另一金额", BasedAmount("未定"))
    qtbot.addWidget(form)
    form.field("amount").field.setMinimumWidth(200)
    line_up(form)
    form.resize(500, 200)
    form.show()
    assert len({form.field(key).basis.x() for key in ("amount", "other")}) == 1


def _answer(text):
    """Press a button of the question that is about to open."""

    def press():
        box = QApplication.activeModalWidget()
        if box is None or not hasattr(box, "buttons"):
            QTimer.singleShot(10, press)
            return
        next(button for button in box.buttons() if button.text() == text).click()

    QTimer.singleShot(0, press)


@pytest.mark.parametrize(
    ("answer", "open_after", "saved"),
    [(Unsaved.STAY, True, 0), (Unsaved.DISCARD, False, 0), (Unsaved.SAVE, False, 1)],
)
def test_closing_with_unsaved_input_asks(qtbot, jobs, dialog, answer, open_after, saved):
    dialog.form.field("name").setText("未保存")
    _answer(answer.value)
    dialog.reject()
    assert jobs.settle()
    assert dialog.isVisible() is open_after
    assert len(dialog.kept) == saved


def test_closing_untouched_input_does_not_ask(dialog):
    dialog.reject()
    assert not dialog.isVisible()


def test_a_sign_that_nobody_sees_is_said_under_its_field_by_the_fields_name(form):
    form.field("name").setText("玉\u200b山机械")
    form.field("level").set_value("n")
    form.field("note").setPlainText("同意\u202e")
    assert not form.check()
    assert form.message("name") == "企业名称“玉山机械”第 2 个字符是看不见的控制符（U+200B），请删去后重填。"
    assert form.message("note").startswith("备注“同意”第 3 个字符是看不见的控制符（U+202E）")
    form.field("name").setText("玉" * 201)
    form.field("note").setPlainText("第一行\n" + "同" * 197)
    assert not form.check()
    assert form.message("name") == "企业名称有 201 个字，最多 200 个字。请缩短，详细的内容可以作为附件。"
    assert form.message("note") == "备注有 201 个字，最多 200 个字。请缩短，详细的内容可以作为附件。"


def test_the_name_of_somebody_new_that_looks_like_another_is_pointed_out(qtbot):
    edit = NewNameEdit(["ABC", "张三"])
    qtbot.addWidget(edit)
    for typed, tone in (("АВС", "warn"), ("ABC", ""), ("李四", "")):
        edit.setText(typed)
        assert edit.remark()[0] == tone
    edit.setText("АВС")
    assert "账簿中的“ABC”看上去一样" in edit.remark()[1]
