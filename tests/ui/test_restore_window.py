"""From “从备份恢复” to the book that is there again: chosen, unlocked, agreed to by two, with and without an open book."""

from datetime import UTC, date, datetime

import looks
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from program_kit import settle, shown_program, shut

from ui.app import Program
from ui.dialogs.restore import RestoreDialog
from ui.dialogs.restore_steps import ConfirmRestoreDialog, UnlockBackupDialog
from ui.dialogs.sign_in import SignInDialog
from ui.keeper import Keeper
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keys import key_file
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.usecases import organisations, people, record_history
from zjtx_desktop.usecases.books import NewBook, make_book
from zjtx_desktop.usecases.duties import Actor, Second, perform
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.people import NewPerson
from zjtx_desktop.usecases.safekeeping import keep_safe
from zjtx_desktop.usecases.signing_in import sign_in as sign_in_here
from zjtx_desktop.usecases.trails import trail
from zjtx_desktop.values import Division, HeadCode
from zjtx_desktop.values.recovery import recovery_text

OWN, FIRST = "mountain high, river long", "first day only 42"
ADMIN, AUDITOR = "管理员甲", "审计员乙"
CHEAP = Cost(64, 1, 1)


@pytest.fixture
def program(qapp, qtbot, tmp_path, monkeypatch):
    settings = tmp_path / "设置"
    settings.mkdir()
    yield from shown_program(qapp, qtbot, monkeypatch, tmp_path / "家", settings, "张三", close=put_away)


@pytest.fixture
def keeper(program):
    return Keeper(program)


def put_away(program: Program) -> None:
    """Put every dialog away, then close the window."""
    while shown := QApplication.activeModalWidget():
        shown.hide()
        shown.deleteLater()
        QApplication.processEvents()
    shut(program)


def new_book(tmp_path, password: str | None = None) -> Book:
    wanted = NewBook(Division("361123"), "玉山县财政局", "", tmp_path / "账簿", "玉山县奖补账簿", "张三", password)
    return make_book(wanted, CHEAP)


def dialog(keeper: Keeper, kind):
    (found,) = [one for one in keeper._window.findChildren(kind) if one.isVisible()]
    return found


def choose_first(keeper: Keeper, program: Program) -> None:
    """Choose the first backup of the list that is open."""
    settle(program)
    choosing = dialog(keeper, RestoreDialog)
    assert choosing.model.rowCount() == 1
    choosing.accept()
    settle(program)


def backed_up(book: Book, keeper: Keeper) -> None:
    keep_safe(book, keeper.places.backup_folder, None, datetime.now(), lambda done, total: None)


def registered(book: Book, name: str) -> None:
    with book.action(f"登记企业“{name}”", "张三") as session:
        organisations.register(session, OrganisationForm(name=name))


def held(book) -> list[str]:
    with book.reading() as session:
        listing = organisations.LISTING
        return [line.name for line in listing.lines(session, listing.ids(session))]


def test_a_deleted_book_comes_back_from_the_welcome_page_by_its_button(keeper, program, tmp_path):
    with new_book(tmp_path) as book:
        registered(book, "甲公司")
        backed_up(book, keeper)
        path = book.path
    keeper.places.set_last_book(path)
    path.unlink()
    keeper.begin(None)
    settle(program)
    assert keeper.desk is None and "找不到账簿" in program.window.banner.text()
    buttons = [one for one in program.window.welcome.findChildren(QPushButton) if one.text() == "从备份恢复"]
    buttons[0].click()
    choose_first(keeper, program)
    agreeing = dialog(keeper, ConfirmRestoreDialog)
    assert "原来的账簿已不在那里" in all_text(agreeing) and not agreeing.lost.isVisible()
    agreeing.accept()
    settle(program)
    assert keeper.desk.path == path and held(keeper.desk.book) == ["甲公司"]
    assert "已恢复到" in program.window.banner.text() and "另存为" not in program.window.banner.text()


def all_text(widget) -> str:
    return "".join(one.text() for one in widget.findChildren(QLabel))


@pytest.mark.parametrize("by_code", [True, False])
def test_a_deleted_encrypted_book_is_restored_by_its_password_or_by_its_code(keeper, program, tmp_path, by_code):
    with new_book(tmp_path, OWN) as book:
        registered(book, "甲公司")
        backed_up(book, keeper)
        path, secret = book.path, book.secret
    keeper.places.set_last_book(path)
    path.unlink()
    key_file(path).unlink()
    keeper.restore()
    choose_first(keeper, program)
    unlocking = dialog(keeper, UnlockBackupDialog)
    unlocking.accept()
    settle(program)
    assert "都没有填" in unlocking.banner.text() and looks.problems(unlocking) == []
    if by_code:
        unlocking.form.field("code").setText("ABCD")
        unlocking.accept()
        settle(program)
        assert unlocking.banner.text() and unlocking.isVisible()
        unlocking.form.field("code").setText(recovery_text(secret).lower())
    else:
        unlocking.form.field("password").set_value(OWN)
    unlocking.accept()
    settle(program)
    agreeing = dialog(keeper, ConfirmRestoreDialog)
    assert "企业 1 家" in all_text(agreeing)
    agreeing.accept()
    settle(program)
    assert path.exists() and key_file(path).exists() and "已恢复到" in program.window.banner.text()
    with Book(path, secret) as back:
        assert held(back) == ["甲公司"] and back.check() == []


@pytest.fixture
def staffed(keeper, program, tmp_path):
    """An open book with an administrator at the desk, a clerk, a backup, and a company registered since."""
    with new_book(tmp_path) as book:
        today = date.today()
        both = NewPerson(ADMIN, OWN), NewPerson(AUDITOR, FIRST)
        slip = perform(book, "登记人员", Actor("张三"), lambda session: people.set_up_people(session, *both, today, CHEAP))
        me, alone = sign_in_here(book, ADMIN, OWN, datetime.now(UTC)), Second(None, "现在没有别人（示例）")
        add = lambda s: people.add(s, "经办丙", [Role.CLERK], FIRST, today, CHEAP)  # noqa: E731
        for name, code in ((AUDITOR, slip), ("经办丙", perform(book, "登记经办", me, add, alone))):
            mine = sign_in_here(book, name, FIRST, datetime.now(UTC), slip=code)
            perform(book, "修改密码", mine, lambda s: people.change_password(s, FIRST, OWN, today, CHEAP))
        backed_up(book, keeper)
        with book.action("登记企业“后来的公司”", "经办丙") as session:
            session.info["inside"] = True
            organisations.register(session, OrganisationForm(name="后来的公司"))
        path = book.path
    keeper.open(path)
    settle(program)
    sign_in(keeper, program, ADMIN)
    assert keeper.desk.person == ADMIN
    return path


def sign_in(keeper: Keeper, program: Program, name: str) -> None:
    entering = dialog(keeper, SignInDialog)
    entering.form.set_values({"name": name, "password": OWN})
    entering.accept()
    settle(program)


def test_two_persons_restore_a_book_that_has_persons(keeper, program, staffed):
    keeper.restore()
    choose_first(keeper, program)
    agreeing = dialog(keeper, ConfirmRestoreDialog)
    assert "恢复后将少" in agreeing.banner.text() and "后来的公司" in agreeing.lost.toPlainText()
    other = agreeing.form.field("other")
    names = [other.itemText(number) for number in range(other.count())]
    assert ADMIN not in names and {AUDITOR, "经办丙"} <= set(names)
    agreeing.accept()
    assert agreeing.form.message("other") and agreeing.isVisible()
    agreeing.form.set_values({"other": AUDITOR, "other_password": "falsch"})
    agreeing.accept()
    settle(program)
    assert "密码不对" in agreeing.banner.text() and not agreeing.form.values()["other_password"]
    agreeing.form.set_values({"other": AUDITOR, "other_password": OWN})
    agreeing.accept()
    settle(program)
    sign_in(keeper, program, ADMIN)
    assert held(keeper.desk.book) == []
    with keeper.desk.book.reading() as session:
        restored = next(one for one in record_history.actions(session) if one.title.startswith("恢复备份"))
    assert f"同办人{AUDITOR}" in restored.title and restored.by_name == ADMIN


def test_a_paper_newer_than_the_backup_stops_the_restore_until_it_is_taken_away(keeper, program, tmp_path):
    with new_book(tmp_path) as book:
        backed_up(book, keeper)
        registered(book, "甲公司")
        with book.reading() as session:
            now = trail(session)
        path = book.path
    keeper.open(path)
    settle(program)
    keeper.restore()
    choose_first(keeper, program)
    agreeing = dialog(keeper, ConfirmRestoreDialog)
    agreeing.form.field("paper").setText(str(HeadCode.of(now.seq, now.head)))
    agreeing.accept()
    settle(program)
    assert "至少少 1 步" in agreeing.banner.text() and agreeing.isVisible() and held(keeper.desk.book) == ["甲公司"]
    agreeing.form.field("paper").setText("")
    agreeing.accept()
    settle(program)
    assert held(keeper.desk.book) == []


def test_somebody_else_than_the_administrator_is_told_to_change_the_person(keeper, program, staffed):
    keeper.door.change_person()
    sign_in(keeper, program, AUDITOR)
    keeper.restore()
    choose_first(keeper, program)
    agreeing = dialog(keeper, ConfirmRestoreDialog)
    assert "系统管理员登录" in agreeing.banner.text() and not agreeing.ok.isEnabled()
    agreeing.reject()


def test_the_dialogs_hold_on_small_screens_and_in_large_type(keeper, program, staffed, jobs):
    keeper.restore()
    settle(program)
    assert looks.problems(dialog(keeper, RestoreDialog)) == []
    choose_first(keeper, program)
    agreeing = dialog(keeper, ConfirmRestoreDialog)
    assert looks.problems(agreeing) == []
    agreeing.reject()


def test_a_red_banner_offers_to_restore_a_book_that_was_deleted_while_open(keeper, program, tmp_path):
    with new_book(tmp_path) as book:
        registered(book, "甲公司")
        backed_up(book, keeper)
        path = book.path
    keeper.open(path)
    settle(program)
    keeper.desk.act("登记企业“乙公司”", lambda session, _tick: organisations.register(session, OrganisationForm(name="乙公司")))
    settle(program)
    path.unlink()
    keeper._safekeeping._look()
    keeper._safekeeping._own.settle()
    assert "被删除或移走了" in program.window.banner.text() and "没有丢" in program.window.banner.text()
    program.window.banner._action.click()
    settle(program)
    choosing = dialog(keeper, RestoreDialog)
    assert [choosing.model.row(number).organisations for number in range(2)] == [2, 1]
    choosing.accept()
    settle(program)
    dialog(keeper, ConfirmRestoreDialog).accept()
    settle(program)
    assert path.exists() and held(keeper.desk.book) == ["甲公司", "乙公司"]


def test_closing_the_window_makes_a_last_backup_first_and_then_closes(keeper, program, tmp_path):
    with new_book(tmp_path) as book:
        path = book.path
    keeper.open(path)
    settle(program)
    keeper.desk.act("登记企业“甲公司”", lambda session, _tick: organisations.register(session, OrganisationForm(name="甲公司")))
    settle(program)
    program.window.close()
    assert program.window.isVisible() and "完成后自动关闭" in program.window.banner.text()
    settle(program)
    assert not program.window.isVisible()
    (backup,) = keeper.places.backup_folder.glob("*（自动 *.zjtx")
    with Book(backup) as copy:
        assert held(copy) == ["甲公司"]
