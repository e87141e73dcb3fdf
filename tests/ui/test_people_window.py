"""Persons in the window: registered, signed in, locked, changed; what each may press, and what is kept."""

from datetime import UTC, date, datetime

import looks
import pytest
from file_kit import answer_file
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from program_kit import settle, shown_program

from ui.dialogs.organisation_form import OrganisationDialog
from ui.dialogs.people import (
    DualControlDialog,
    PersonFormDialog,
    ResetPasswordDialog,
    RolesDialog,
    RulesDialog,
    SetUpPeopleDialog,
)
from ui.dialogs.recovery import SlipDialog
from ui.dialogs.second_person import TwoPersonsDialog
from ui.dialogs.sign_in import ChangePasswordDialog, SignInDialog
from ui.keeper import Keeper
from ui.widgets.cover import Cover
from ui.widgets.password_edit import PasswordEdit
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.usecases import people
from zjtx_desktop.usecases.books import NewBook, make_book, open_book
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor, Second, perform
from zjtx_desktop.usecases.people import NewPerson
from zjtx_desktop.usecases.signing_in import sign_in
from zjtx_desktop.values import Division

FIRST, OWN, NEW = "first day only 42", "mountain high, river long", "cloud thin, autumn far 9"
ADMIN, AUDITOR, CLERK = "管理员甲", "审计员乙", "经办丙"
CHEAP, TODAY = Cost(64, 1, 1), date.today()
KEY = Qt.Key
ALONE = "现在没有别人（示例）"
SLIPS = {}  # of who has a first password


@pytest.fixture
def program(qapp, qtbot, tmp_path, monkeypatch):
    yield from shown_program(qapp, qtbot, monkeypatch, tmp_path / "家", tmp_path, "张三", (1180, 700))


@pytest.fixture
def path(tmp_path):
    """A book of one user, closed."""
    wanted = NewBook(Division("361123"), "玉山县财政局", "", tmp_path / "账簿", "玉山县奖补账簿", "张三")
    make_book(wanted).close()
    return wanted.path


@pytest.fixture
def staffed(path):
    """A book with an administrator, an auditor and a clerk whose first password is not changed yet."""
    book = open_book(path)
    admin, auditor = NewPerson(ADMIN, OWN), NewPerson(AUDITOR, FIRST)
    perform(book, "登记", Actor("张三"), lambda s: people.set_up_people(s, admin, auditor, TODAY, CHEAP))
    me, alone = sign_in(book, ADMIN, OWN, datetime.now(UTC)), Second(None, ALONE)
    add = lambda s: people.add(s, CLERK, [Role.CLERK], FIRST, TODAY, CHEAP)  # noqa: E731
    SLIPS[CLERK] = perform(book, "登记", me, add, alone)
    book.close()
    return path


@pytest.fixture
def keeper(program):
    return Keeper(program)


def dialog(kind):
    (found,) = [one for one in QApplication.topLevelWidgets() if type(one) is kind and one.isVisible()]
    return found


def shown(kind):
    return [one for one in QApplication.topLevelWidgets() if type(one) is kind and one.isVisible()]


def fill(form, **values):
    for key, value in values.items():
        form.field(key).set_value(value)


def accept(program, made, **values):
    fill(made.form, **values)
    made.accept()
    settle(program)


def enter(keeper, path, name=ADMIN, password=OWN):
    keeper.open(path)
    settle(keeper._program)
    sign(keeper, name, password)
    return keeper


def sign(keeper, name, password, kind=SignInDialog):
    """Sign in by the dialog that is shown, with the slip where the password is a first one."""
    slip = {"slip": SLIPS[name]} if password == FIRST else {}
    accept(keeper._program, dialog(kind), name=name, password=password, **slip)


def tab(keeper):
    keeper._window.show_page("settings", "人员")
    settle(keeper._program)
    return keeper._window.page().people


def acts(keeper):
    menus = keeper._window.menus
    return {name: menus.action(name).isEnabled() for name in ("person", "change_password", "lock")}


def test_a_book_of_one_user_is_opened_as_ever_and_offers_to_register_persons(keeper, path):
    keeper.open(path)
    settle(keeper._program)
    assert keeper.desk.person == "张三"
    assert acts(keeper) == {"person": True, "change_password": False, "lock": False}
    page = tab(keeper)
    assert page.empty.isVisible() and not page.view.isVisible()
    keeper.door.lock()
    assert keeper.door.lock_dialog is None


def test_the_first_two_are_registered_and_somebody_signs_in_at_once(keeper, path, qtbot):
    program = keeper._program
    keeper.open(path)
    settle(program)
    page = tab(keeper)
    (button,) = page.empty._buttons
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    asked = dialog(SetUpPeopleDialog)
    accept(program, asked, admin=ADMIN, auditor=AUDITOR, new=OWN, again=OWN + "x", first=FIRST)
    assert "两次输入" in asked.banner.text()
    accept(program, asked, new="short", again="short")
    assert "至少要 12 位" in asked.banner.text()
    accept(program, asked, new=OWN, again=OWN)
    assert not shown(SetUpPeopleDialog)
    slip = dialog(SlipDialog)
    assert AUDITOR in slip.windowTitle() and len(slip.shown.text()) == 9 and not shown(SignInDialog)
    slip.accept()
    accept(program, dialog(SignInDialog), name=ADMIN, password=OWN)
    assert keeper.desk.person == ADMIN and keeper.desk.actor.key
    assert "（系统管理员）" in keeper.vitals.standing().person
    assert page.view.isVisible() and [line.name for line in page._seen.people] == [ADMIN, AUDITOR]
    assert acts(keeper) == {"person": True, "change_password": True, "lock": True}


def test_who_does_not_sign_in_after_registering_is_shown_out(keeper, path):
    keeper.open(path)
    settle(keeper._program)
    accept_set_up(keeper)
    dialog(SlipDialog).accept()
    dialog(SignInDialog).reject()
    settle(keeper._program)
    assert keeper.desk is None


def accept_set_up(keeper):
    page = tab(keeper)
    page.ask_set_up()
    values = {"admin": ADMIN, "auditor": AUDITOR, "new": OWN, "again": OWN, "first": FIRST}
    accept(keeper._program, dialog(SetUpPeopleDialog), **values)


def test_nothing_of_a_staffed_book_is_shown_before_somebody_signs_in(keeper, staffed):
    program = keeper._program
    keeper.open(staffed)
    settle(program)
    asked = dialog(SignInDialog)
    assert keeper.desk is None and keeper._window.page() is None
    accept(program, asked, name=ADMIN, password="wrong, wrong, wrong")
    assert asked.banner.text() == "姓名或密码不对，没有登录。请核对后再试。"
    assert asked.password.text() == "" and asked.isVisible()
    asked.reject()
    settle(program)
    assert keeper.desk is None
    book = open_book(staffed)  # it was let go of
    assert check(book) == []
    book.close()
    enter(keeper, staffed)
    assert keeper.desk.person == ADMIN
    assert program.settings.text("person/name") == ADMIN


def test_a_first_password_must_be_changed_before_the_book_is_shown(keeper, staffed):
    program = keeper._program
    enter(keeper, staffed, CLERK, FIRST)
    assert keeper.desk is None
    asked = dialog(ChangePasswordDialog)
    told = " ".join(one.text() for one in asked.form.findChildren(QLabel))
    assert f"{ADMIN}在" in told and "由一人办理" in told
    accept(program, asked, old="not the first one", new=OWN, again=OWN)
    assert "原密码不对" in asked.banner.text()
    accept(program, asked, old=FIRST, new=OWN, again=OWN)
    assert keeper.desk.person == CLERK and "（经办）" in keeper.vitals.standing().person
    page = tab(keeper)
    assert not page.add.isEnabled() and not page.dual.isEnabled()
    assert "系统管理员管理" in page.said.text()


def test_refusing_to_change_the_first_password_lets_nobody_in(keeper, staffed):
    enter(keeper, staffed, CLERK, FIRST)
    dialog(ChangePasswordDialog).reject()
    settle(keeper._program)
    assert keeper.desk is None
    open_book(staffed).close()


def test_the_slip_is_asked_for_with_a_first_password_only_and_printed_once(keeper, staffed, qtbot, tmp_path):
    program = keeper._program
    keeper.open(staffed)
    settle(program)
    asked = dialog(SignInDialog)
    asked.form.field("name").set_value(ADMIN)
    assert asked.form.field("slip").isHidden()
    asked.form.field("name").set_value(CLERK)
    assert not asked.form.field("slip").isHidden()
    accept(program, asked, password=FIRST, slip="0000-0000")
    assert "密码不对" in asked.banner.text()
    accept(program, asked, name=ADMIN, password=OWN)
    page = tab(keeper)
    page.view.selectRow(2)
    page.ask_reset()
    accept(program, dialog(ResetPasswordDialog), new=NEW, again=NEW, second_reason=ALONE)
    slip = dialog(SlipDialog)
    assert looks.problems(slip) == []
    (tmp_path / "家").mkdir(exist_ok=True)  # where the file dialog begins
    answer_file(tmp_path / "首登码.pdf")
    slip.save.click()
    settle(program)
    assert "已存为" in slip.banner.text()
    text = "".join("".join(one.extract_text().split()) for one in PdfReader(tmp_path / "首登码.pdf").pages)
    assert slip.shown.text() in text and CLERK in text and "玉山县财政局" in text
    slip.accept()


def test_another_person_agrees_by_the_own_password(keeper, staffed):
    program = keeper._program
    book = open_book(staffed)
    me = sign_in(book, ADMIN, OWN, datetime.now(UTC))
    slip = perform(book, "登记", me, lambda s: people.add(s, "审批丁", [Role.APPROVER], FIRST, TODAY, CHEAP), Second(None, ALONE))
    approver = sign_in(book, "审批丁", FIRST, datetime.now(UTC), slip=slip)
    perform(book, "改", approver, lambda s: people.change_password(s, FIRST, NEW, TODAY, CHEAP))
    book.close()
    page = tab(enter(keeper, staffed))
    page.ask_rules()
    asked = dialog(RulesDialog)
    assert asked.form.field("second_name").value() == "审批丁" and looks.problems(asked) == []
    accept(program, asked, days=90, second_password=OWN)
    assert "密码不对" in asked.banner.text()
    accept(program, asked, second_password=NEW)
    assert page._seen.rules.days == 90 and "单位根密钥的指纹" in page.root.text()
    assert check(keeper.desk.book) == []


def test_the_administrator_adds_changes_resets_and_deactivates(keeper, staffed, qtbot):
    program = keeper._program
    page = tab(enter(keeper, staffed))
    qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)
    asked = dialog(PersonFormDialog)
    accept(program, asked, name="复核丁", roles=(Role.REVIEWER, Role.ADMIN), new=FIRST, again=FIRST)
    assert asked.form.message("second_reason") == "这一项必须填写。"
    accept(program, asked, second_reason=ALONE)
    assert "不能兼任" in asked.banner.text()
    accept(program, asked, roles=(Role.REVIEWER, Role.APPROVER))
    dialog(SlipDialog).accept()
    assert [line.duties for line in page._seen.people][-1] == "复核、审批"
    page.view.selectRow(3)
    page.ask_roles()
    accept(program, dialog(RolesDialog), roles=(Role.REVIEWER, Role.PAYER), second_reason=ALONE)
    assert page.line().duties == "复核、支付"
    page.ask_reset()
    accept(program, dialog(ResetPasswordDialog), new=NEW, again=NEW, second_reason=ALONE)
    dialog(SlipDialog).accept()
    keys = keeper.desk.ask_now(lambda session: people.people(session))[3]
    assert keys.must_change
    page.switch_active()
    accept(program, dialog(TwoPersonsDialog), second_reason=ALONE)
    assert not page.line().active and page.leave.text() == "重新启用" and not page.roles.isEnabled()
    page.switch_active()
    accept(program, dialog(TwoPersonsDialog), second_reason=ALONE)
    assert page.line().active
    assert keeper.desk.ask_now(lambda session: people.names(session)) == (ADMIN, AUDITOR, CLERK, "复核丁")


def test_one_person_may_do_it_all_only_with_a_reason_that_is_shown(keeper, staffed):
    program = keeper._program
    page = tab(enter(keeper, staffed))
    page.ask_dual()
    asked = dialog(DualControlDialog)
    asked.accept()
    assert asked.form.message("reason") == "这一项必须填写。"
    accept(program, asked, reason="编制一人，玉府办〔2024〕3号", second_reason=ALONE)
    assert "玉府办〔2024〕3号" in page.single.text() and page.dual.text() == "恢复岗位分离…"
    page.ask_dual()
    accept(program, dialog(DualControlDialog), second_reason=ALONE)
    assert "不同的人" in page.single.text()
    page.ask_rules()
    accept(program, dialog(RulesDialog), shortest=14, days=90, idle_minutes=5, second_reason=ALONE)
    assert (page._seen.rules.shortest, page._seen.rules.days, page._seen.rules.idle_minutes) == (14, 90, 5)


def begin_work(keeper):
    keeper._window.show_page("organisations")
    settle(keeper._program)
    made = OrganisationDialog(keeper.desk, parent=keeper._window)
    made.finished.connect(made.deleteLater)
    made.open()
    made.form.field("name").setText("写到一半的企业")
    return made


def test_the_lock_hides_everything_and_keeps_what_was_begun(keeper, staffed, qtbot):
    program = keeper._program
    enter(keeper, staffed)
    work = begin_work(keeper)
    program.window.menus.run("lock")
    lock = keeper.door.lock_dialog
    settle(program)
    for window in (program.window, work):
        (cover,) = [one for one in window.findChildren(Cover) if one.parent() is window]
        assert cover.isVisible() and cover.geometry() == window.rect()
    program.window.resize(1000, 650)
    settle(program)
    assert program.window.findChild(Cover).geometry() == program.window.rect()
    qtbot.keyClick(lock, KEY.Key_Escape)
    lock.close()
    assert lock.isVisible()
    accept(program, lock, password="wrong, wrong, wrong")
    assert lock.isVisible() and "密码不对" in lock.banner.text()
    accept(program, lock, password=OWN)
    QApplication.processEvents()
    assert keeper.door.lock_dialog is None
    assert not any(one.isVisible() for window in (program.window, work) for one in window.findChildren(Cover))
    assert work.isVisible() and work.form.field("name").text() == "写到一半的企业"
    work.form.mark_clean()
    work.reject()


def test_another_person_unlocks_as_oneself_and_finds_no_work_of_the_first(keeper, staffed):
    program = keeper._program
    enter(keeper, staffed)
    begin_work(keeper)
    keeper.door.lock()
    accept(program, keeper.door.lock_dialog, name=CLERK, password=FIRST, slip=SLIPS[CLERK])
    assert keeper.desk.person == ADMIN and not shown(OrganisationDialog)
    dialog(ChangePasswordDialog).reject()
    settle(program)
    assert keeper.door.lock_dialog.isVisible() and keeper.desk.person == ADMIN
    accept(program, keeper.door.lock_dialog, name=CLERK, password=FIRST, slip=SLIPS[CLERK])
    accept(program, dialog(ChangePasswordDialog), old=FIRST, new=NEW, again=NEW)
    assert keeper.desk.person == CLERK and not program.window.findChild(Cover, options=Qt.FindChildOption.FindDirectChildrenOnly)


def test_it_locks_when_nobody_touched_it_and_not_while_somebody_types(keeper, staffed, qtbot):
    program = keeper._program
    enter(keeper, staffed)
    watch = keeper.door._watch
    assert watch._timer.interval() == 10 * 60_000
    with qtbot.waitActive(program.window):
        program.window.activateWindow()
    qtbot.waitUntil(lambda: watch._watched == program.window.windowHandle())
    watch._timer.setTimerType(Qt.TimerType.PreciseTimer)  # a coarse one rounds to whole seconds
    watch.start(60_000)
    qtbot.waitUntil(lambda: watch._timer.remainingTime() < 59_900)
    QTest.keyClick(program.window.windowHandle(), KEY.Key_Shift)
    assert watch._timer.remainingTime() > 59_900
    watch.start(1)
    qtbot.waitUntil(lambda: keeper.door.lock_dialog is not None)
    accept(program, keeper.door.lock_dialog, password=OWN)
    assert watch._timer.isActive()


def test_another_person_signs_in_over_the_menu_and_the_book_stays(keeper, staffed):
    program = keeper._program
    enter(keeper, staffed)
    desk = keeper.desk
    program.window.menus.run("person")
    asked = dialog(SignInDialog)
    asked.reject()
    assert keeper.desk.person == ADMIN
    program.window.menus.run("person")
    accept(program, dialog(SignInDialog), name=CLERK, password=FIRST, slip=SLIPS[CLERK])
    accept(program, dialog(ChangePasswordDialog), old=FIRST, new=NEW, again=NEW)
    assert keeper.desk is desk and desk.person == CLERK
    program.window.menus.run("change_password")
    accept(program, dialog(ChangePasswordDialog), old=NEW, new=OWN, again=OWN)
    assert program.window.banner.text() == "密码已修改。"


def test_what_is_not_ones_own_is_refused_with_a_sentence_and_cannot_be_undone(keeper, staffed):
    program = keeper._program
    enter(keeper, staffed)
    work = begin_work(keeper)
    work.accept()
    settle(program)
    assert "没有“经办”岗位" in work.banner.text()
    work.form.mark_clean()
    work.reject()
    settle(program)
    undo = program.window.menus.action("undo")
    assert not undo.isEnabled() or "不能撤销" in undo.text()  # and what was refused has left nothing to take back
    assert "登记企业" not in undo.text()


def test_a_password_field_keeps_blanks_hides_and_tells_of_caps_lock(qtbot):
    edit = PasswordEdit()
    qtbot.addWidget(edit)
    assert not edit.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    assert edit.echoMode() is PasswordEdit.EchoMode.Password
    qtbot.keyClicks(edit, " a b ")
    assert edit.value() == " a b " and edit.remark() == ("", "")
    QApplication.sendEvent(edit, QKeyEvent(QKeyEvent.Type.KeyPress, KEY.Key_A, Qt.KeyboardModifier.NoModifier, "A"))
    assert "大写锁定" in edit.remark()[1]
    edit._eye.trigger()
    assert edit.echoMode() is PasswordEdit.EchoMode.Normal
    assert not edit.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_the_tab_and_every_dialog_hold_on_small_screens(keeper, staffed, theme):
    program = keeper._program
    page = tab(enter(keeper, staffed))
    assert looks.problems(program.window) == []
    for ask in (page.ask_new, page.ask_roles, page.ask_reset, page.ask_dual, page.ask_rules, page.ask_root, keeper.door.change_password, keeper.door.change_person):
        ask()
        (made,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
        assert looks.problems(made) == [], type(made)
        made.form.mark_clean()
        made.reject()
        settle(program)
    keeper.door.lock()
    assert looks.problems(keeper.door.lock_dialog) == []
    accept(program, keeper.door.lock_dialog, password=OWN)
