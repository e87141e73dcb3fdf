"""An encrypted book in the window: made, its code put on paper, opened by password and by code, locked, encrypted later."""

from datetime import UTC, date, datetime

import looks
import pytest
from file_kit import answer_file
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from program_kit import settle, shown_program

from ui.dialogs.new_book import NewBookDialog
from ui.dialogs.people import ReactivateDialog, SetUpPeopleDialog
from ui.dialogs.print_dialog import PrintDialog
from ui.dialogs.recovery import CodeDialog, EncryptDialog, RecoverySheetDialog, RenewDialog, ResetByCodeDialog, SlipDialog, TypeCodeDialog
from ui.dialogs.sign_in import ChangePasswordDialog, LockDialog, SignInDialog, UnlockDialog
from ui.keeper import Keeper
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.storage.keys import KeyFile, is_encrypted, key_file
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.usecases import people
from zjtx_desktop.usecases.books import NewBook, make_book
from zjtx_desktop.usecases.duties import Actor, Second, perform
from zjtx_desktop.usecases.people import NewPerson
from zjtx_desktop.usecases.recovering import is_on_paper
from zjtx_desktop.usecases.signing_in import sign_in
from zjtx_desktop.values import Division
from zjtx_desktop.values.recovery import last_group, read_recovery, recovery_text

USER, OWN, NEW = "张三", "mountain high, river long", "cloud thin, autumn far 9"
ADMIN, AUDITOR, CLERK = "管理员甲", "审计员乙", "经办丙"
CHEAP, TODAY = Cost(64, 1, 1), date.today()
ALONE = "现在没有别人（示例）"
CODES, SLIPS = {}, {}
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def program(qapp, qtbot, tmp_path, monkeypatch):
    (tmp_path / "家").mkdir()
    yield from shown_program(qapp, qtbot, monkeypatch, tmp_path / "家", tmp_path, USER, (1180, 700))


@pytest.fixture
def keeper(program):
    return Keeper(program)


@pytest.fixture
def path(tmp_path):
    """An encrypted book of one user, closed."""
    return make(tmp_path, OWN)


@pytest.fixture
def plain(tmp_path):
    """A plain book, closed."""
    return make(tmp_path, None)


@pytest.fixture
def staffed(path):
    """An encrypted book with an administrator, an auditor and a clerk, closed; and its code."""
    book = make_book(NewBook(Division("361123"), "玉山县财政局", "", path.parent, "岗位", USER, OWN), CHEAP)
    with book:
        admin, auditor = NewPerson(ADMIN, OWN), NewPerson(AUDITOR, OWN)
        SLIPS[AUDITOR] = perform(book, "登记", Actor(USER), lambda s: people.set_up_people(s, admin, auditor, TODAY, CHEAP))
        me = sign_in(book, ADMIN, OWN, datetime.now(UTC))
        add = lambda s: people.add(s, CLERK, [Role.CLERK], OWN, TODAY, CHEAP)  # noqa: E731
        SLIPS[CLERK] = perform(book, "登记", me, add, Second(None, ALONE))
        return book.path, recovery_text(book.secret)


def make(folder, password):
    wanted = NewBook(Division("361123"), "玉山县财政局", "", folder / "账簿", "玉山县奖补账簿", USER, password)
    with make_book(wanted, CHEAP) as book:
        CODES[wanted.path] = book.secret and recovery_text(book.secret)
    return wanted.path


def shown(kind):
    return [one for one in QApplication.topLevelWidgets() if type(one) is kind and one.isVisible()]


def dialog(kind):
    (found,) = shown(kind)
    return found


def accept(program, made, **values):
    for key, value in values.items():
        made.form.field(key).set_value(value)
    made.accept()
    settle(program)


def knock(keeper, path):
    keeper.open(path)
    settle(keeper._program)
    return dialog(UnlockDialog)


def enter(keeper, path, name=USER, password=OWN):
    slip = {} if name in (USER, ADMIN) else {"slip": SLIPS[name]}
    accept(keeper._program, knock(keeper, path), name=name, password=password, **slip)
    return keeper


def said(keeper):
    return keeper._window.banner.text()


# made


def test_the_guide_makes_an_encrypted_book_and_leads_to_its_code(keeper, qtbot, tmp_path):
    keeper.new_book()
    guide = dialog(NewBookDialog)
    values = {"division": Division("361123"), "folder": tmp_path / "新", "person": USER}
    accept(keeper._program, guide, **values)
    assert guide.form.message("new"), "a password is asked for"
    accept(keeper._program, guide, new=OWN, again=NEW)
    assert "两次输入" in guide.banner.text()
    accept(keeper._program, guide, new="short", again="short")
    assert "至少要 12 位" in guide.banner.text()
    accept(keeper._program, guide, new=OWN, again=OWN)
    assert keeper.desk.is_encrypted and keeper.desk.person == USER and is_encrypted(keeper.desk.path)
    sheet = dialog(RecoverySheetDialog)
    code = recovery_text(keeper.desk.book.secret)
    assert all(group in sheet.shown.text() for group in code.split("-"))
    assert not sheet.ok.isEnabled(), "first it must be on paper"
    answer_file(tmp_path / "恢复码.pdf")
    qtbot.mouseClick(sheet.save, LEFT)
    settle(keeper._program)
    assert (tmp_path / "恢复码.pdf").read_bytes().startswith(b"%PDF") and sheet.ok.isEnabled()
    accept(keeper._program, sheet, group="0000" if last_group(code) != "0000" else "1111")
    assert "最后一组不对" in sheet.banner.text() and not is_on_paper(keeper.desk.book)
    accept(keeper._program, sheet, group=last_group(code).lower())
    assert is_on_paper(keeper.desk.book) and shown(RecoverySheetDialog) == []


def again(keeper, path):
    """Ask for another sheet: the own password, then the code from the old one."""
    keeper._window.menus.run("recovery")
    accept(keeper._program, dialog(SignInDialog), password=OWN)
    accept(keeper._program, dialog(TypeCodeDialog), code=recovery_text(bytes(20)))
    assert "属于另一个账簿" in dialog(TypeCodeDialog).banner.text() and shown(RecoverySheetDialog) == []
    accept(keeper._program, dialog(TypeCodeDialog), code=CODES[path])


def test_the_code_goes_to_a_printer_as_well(keeper, path, lp):
    enter(keeper, path)
    again(keeper, path)
    sheet = dialog(RecoverySheetDialog)
    sheet.paper.queues = lambda: ("办公室",)
    sheet.print_sheet()
    settle(keeper._program)
    accept(keeper._program, dialog(PrintDialog))
    assert sheet.ok.isEnabled() and "已交给打印机" in sheet.banner.text()
    sheet.reject()


def test_a_code_that_is_not_on_paper_is_asked_for_at_each_opening(keeper, path):
    enter(keeper, path)
    assert "恢复码还没有登记为打印封存" in said(keeper)
    keeper._window.banner._action.click()
    dialog(RenewDialog).reject()


def test_a_trial_is_not_encrypted_and_says_so(keeper, tmp_path):
    keeper.new_book()
    guide = dialog(NewBookDialog)
    values = {"division": Division("361123"), "folder": tmp_path / "新", "person": USER, "plain": True}
    accept(keeper._program, guide, **values)
    assert keeper.desk is not None and not keeper.desk.is_encrypted and not is_encrypted(keeper.desk.path)
    assert said(keeper).startswith("未加密账簿，只作示例和试用")
    assert keeper._window.status.plain.isVisible() and keeper._window.status.plain.text() == "未加密"


# opened


def test_nothing_is_open_before_the_password_and_the_right_one_opens_it(keeper, path):
    asked = knock(keeper, path)
    assert keeper.desk is None and asked.name.value() == USER
    accept(keeper._program, asked, password="nothing like it")
    assert "姓名或密码不对" in asked.banner.text() and keeper.desk is None and asked.password.value() is None
    accept(keeper._program, asked, password=OWN)
    assert keeper.desk.person == USER and keeper.desk.is_encrypted
    assert not keeper._window.status.plain.isVisible()


def test_leaving_the_sign_in_leaves_the_book_shut_and_the_other_open(keeper, path, staffed):
    knock(keeper, path).reject()
    assert keeper.desk is None and keeper._window.welcome.isVisible()
    enter(keeper, path)
    knock(keeper, staffed[0]).reject()
    assert keeper.desk.path == path
    enter(keeper, staffed[0], CLERK)
    dialog(ChangePasswordDialog).reject()
    assert keeper.desk.path == path, "a first password must be changed before the book is shown"


def test_the_sign_in_locks_after_five_failures_also_in_another_program(keeper, path):
    asked = knock(keeper, path)
    for _ in range(5):
        accept(keeper._program, asked, password="nothing like it")
    assert "暂停登录。请 1 分钟后再试" in asked.banner.text()
    asked.reject()
    second = Keeper(keeper._program)
    asked = knock(second, path)
    accept(keeper._program, asked, password=OWN)
    assert "暂停登录" in asked.banner.text() and second.desk is None
    asked.reject()


def test_the_last_book_asks_for_its_password_at_the_next_start_and_no_figure_is_painted_before(keeper, path):
    keeper.places.set_last_book(path)
    keeper.begin(None)
    settle(keeper._program)
    accept(keeper._program, dialog(UnlockDialog), password=OWN)
    assert keeper.desk.path == path


def test_persons_open_it_by_their_own_password_and_change_places(keeper, staffed):
    path, _ = staffed
    enter(keeper, path, ADMIN)
    assert keeper.desk.person == ADMIN and keeper.desk.duties == "系统管理员"
    keeper.door.change_person()
    accept(keeper._program, dialog(SignInDialog), name=AUDITOR, password=OWN, slip=SLIPS[AUDITOR])
    accept(keeper._program, dialog(ChangePasswordDialog), old=OWN, new=NEW, again=NEW)
    assert keeper.desk.person == AUDITOR
    assert KeyFile.read(path).unlock(AUDITOR, NEW) and not KeyFile.read(path).unlock(AUDITOR, OWN)


def test_persons_are_set_up_in_an_encrypted_book_and_open_it_from_then_on(keeper, path):
    enter(keeper, path)
    keeper._window.show_page("settings", "人员")
    settle(keeper._program)
    tab = next(one for one in keeper._window.page().tabs.findChildren(object) if type(one).__name__ == "PeopleTab")
    tab.ask_set_up()
    accept(keeper._program, dialog(SetUpPeopleDialog), admin=ADMIN, new=OWN, again=OWN, auditor=AUDITOR, first=NEW)
    dialog(SlipDialog).accept()
    accept(keeper._program, dialog(SignInDialog), name=ADMIN, password=OWN)
    assert keeper.desk.person == ADMIN and KeyFile.read(path).names == (ADMIN, AUDITOR)
    keeper._close()
    enter(keeper, path, ADMIN)
    assert keeper.desk.person == ADMIN


# locked


def test_the_one_user_of_an_encrypted_book_locks_unlocks_and_changes_the_password(keeper, path):
    enter(keeper, path)
    keeper._window.menus.run("lock")
    lock = dialog(LockDialog)
    accept(keeper._program, lock, password="nothing like it")
    assert "不对" in lock.banner.text()
    accept(keeper._program, lock, password=OWN)
    assert shown(LockDialog) == [] and keeper.desk.person == USER
    keeper._window.menus.run("change_password")
    accept(keeper._program, dialog(ChangePasswordDialog), old=OWN, new=NEW, again=NEW)
    keeper._close()
    enter(keeper, path, password=NEW)
    assert keeper.desk is not None
    assert not keeper._window.menus.action("person").isEnabled(), "the name belongs to the password"


# the code


def by_code(keeper, path, code):
    asked = knock(keeper, path)
    asked.code.click()
    settle(keeper._program)
    accept(keeper._program, dialog(CodeDialog), code=code)


def test_by_the_code_a_new_password_is_set_and_the_book_opens(keeper, path):
    code = CODES[path]
    by_code(keeper, path, ("2" if code[0] != "2" else "3") + code[1:])
    assert "抄错了" in dialog(CodeDialog).banner.text()
    accept(keeper._program, dialog(CodeDialog), code=code.lower().replace("-", " "))
    accept(keeper._program, dialog(ResetByCodeDialog), new=NEW, again=NEW)
    assert keeper.desk.person == USER and KeyFile.read(path).unlock(USER, NEW)


def test_by_the_code_the_administrator_of_a_book_with_persons_is_helped(keeper, staffed):
    path, code = staffed
    by_code(keeper, path, code)
    asked = dialog(ResetByCodeDialog)
    assert asked.form.field("name").value() == ADMIN
    accept(keeper._program, asked, new=NEW, again=NEW)
    assert keeper.desk.person == ADMIN and keeper.desk.actor.key is not None


def test_leaving_the_new_password_leads_back_to_the_sign_in(keeper, staffed):
    path, code = staffed
    by_code(keeper, path, code)
    dialog(ResetByCodeDialog).reject()
    settle(keeper._program)
    assert keeper.desk is None
    accept(keeper._program, dialog(UnlockDialog), name=ADMIN, password=OWN)
    assert keeper.desk.person == ADMIN


def test_leaving_the_code_leads_back_to_the_sign_in_and_from_there_out(keeper, path):
    asked = knock(keeper, path)
    asked.code.click()
    settle(keeper._program)
    dialog(CodeDialog).reject()
    dialog(UnlockDialog).reject()
    settle(keeper._program)
    assert shown(UnlockDialog) == shown(CodeDialog) == [] and keeper.desk is None


@pytest.mark.parametrize(("damage", "why"), [("gone", "旁边没有钥匙文件"), ("broken", "已损坏，密码用不上")])
def test_without_a_key_file_the_code_is_asked_for_and_the_passwords_work_again(keeper, staffed, damage, why):
    path, code = staffed
    key_file(path).unlink()
    if damage == "broken":
        key_file(path).write_bytes(b"{}")
    keeper.open(path)
    settle(keeper._program)
    asked = dialog(CodeDialog)
    assert any(why in one.text() for one in asked.form.findChildren(type(asked.form._lines["code"].label)))
    accept(keeper._program, asked, code=code)
    dialog(ResetByCodeDialog).reject()
    settle(keeper._program)
    accept(keeper._program, dialog(UnlockDialog), name=ADMIN, password=OWN)
    assert keeper.desk.person == ADMIN


# rewritten


def test_a_plain_book_is_encrypted_from_the_window_and_goes_on(keeper, plain):
    keeper.open(plain)
    settle(keeper._program)
    assert keeper._window.menus.action("encrypt").isEnabled()
    assert not keeper._window.menus.action("recovery").isEnabled()
    keeper._window.banner._action.click()
    asked = dialog(EncryptDialog)
    accept(keeper._program, asked, new="short", again="short")
    assert "12 位" in asked.banner.text() and not is_encrypted(plain)
    accept(keeper._program, asked, new=OWN, again=OWN)
    settle(keeper._program)
    assert keeper.desk.is_encrypted and is_encrypted(plain) and "旧的备份和拷贝仍然没有加密" in said(keeper)
    dialog(RecoverySheetDialog).reject()
    assert keeper._window.menus.action("recovery").isEnabled()
    keeper._close()
    enter(keeper, plain)
    assert keeper.desk is not None


def test_a_refused_encryption_opens_the_plain_book_again(keeper, plain):
    keeper.open(plain)
    settle(keeper._program)
    key_file(plain).write_bytes(b"another book's")
    keeper.keys.encrypt()
    accept(keeper._program, dialog(EncryptDialog), new=OWN, again=OWN)
    settle(keeper._program)
    assert keeper.desk is not None and not keeper.desk.is_encrypted and "另一个账簿" in said(keeper)


def test_another_code_is_made_from_the_menu_and_the_old_one_is_refused(keeper, path):
    enter(keeper, path)
    code = CODES[path]
    keeper._window.menus.run("renew_code")
    accept(keeper._program, dialog(RenewDialog), new=OWN)
    settle(keeper._program)
    assert recovery_text(keeper.desk.book.secret) != code and "销毁旧的恢复码" in said(keeper)
    dialog(RecoverySheetDialog).reject()
    keeper._close()
    by_code(keeper, path, code)
    assert "属于另一个账簿" in dialog(CodeDialog).banner.text()
    dialog(CodeDialog).reject()
    dialog(UnlockDialog).reject()


def test_the_code_is_shown_to_the_administrator_only_and_only_after_the_password(keeper, staffed):
    enter(keeper, staffed[0], ADMIN)
    keeper._window.menus.run("recovery")
    asked = dialog(SignInDialog)
    accept(keeper._program, asked, password="nothing like it")
    assert shown(RecoverySheetDialog) == []
    accept(keeper._program, asked, password=OWN)
    accept(keeper._program, dialog(TypeCodeDialog), code=staffed[1])
    dialog(RecoverySheetDialog).reject()
    keeper.door.change_person()
    accept(keeper._program, dialog(SignInDialog), name=AUDITOR, password=OWN, slip=SLIPS[AUDITOR])
    accept(keeper._program, dialog(ChangePasswordDialog), old=OWN, new=NEW, again=NEW)
    assert not any(keeper._window.menus.action(name).isEnabled() for name in ("recovery", "renew_code", "encrypt"))


def test_who_left_comes_back_with_a_new_first_password(keeper, staffed, qtbot):
    path, _ = staffed
    enter(keeper, path, ADMIN)
    keeper.desk.write(f"停用“{CLERK}”", lambda session, _: people.deactivate(session, CLERK), None, Second(None, ALONE))
    settle(keeper._program)
    keeper._window.show_page("settings", "人员")
    settle(keeper._program)
    tab = next(one for one in keeper._window.page().tabs.findChildren(object) if type(one).__name__ == "PeopleTab")
    tab.view.selectRow([line.name for line in tab._seen.people].index(CLERK))
    qtbot.mouseClick(tab.leave, LEFT)
    accept(keeper._program, dialog(ReactivateDialog), new=NEW, again=NEW, second_reason=ALONE)
    slip = dialog(SlipDialog)
    code = slip.shown.text().replace("-", "")
    slip.accept()
    assert CLERK in KeyFile.read(path).names and KeyFile.read(path).unlock(CLERK, NEW, code)


def test_the_dialogs_hold_on_small_screens(keeper, path, tmp_path):
    enter(keeper, path)
    names, window, jobs = (USER,), keeper._window, keeper._jobs
    keeper.desk.book.secret = read_recovery(CODES[path])
    found = type("Found", (), {"book": keeper.desk.book, "names": names, "staffed": False})()
    made = [
        UnlockDialog(path, jobs, names, USER, window),
        CodeDialog(path, jobs, "", window),
        ResetByCodeDialog(found, jobs, window),
        RecoverySheetDialog(keeper.desk, keeper._program.settings, window),
        EncryptDialog(keeper.desk, window),
        RenewDialog(keeper.desk, window),
        TypeCodeDialog(keeper.desk, window),
        NewBookDialog(jobs, tmp_path, USER, window),
    ]
    for one in made:
        one.show()
        settle(keeper._program)
        assert looks.problems(one) == [], type(one).__name__
        one.hide()
