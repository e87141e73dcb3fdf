"""Older and other copies in the window: named before they are shown, accepted there, held against each other."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from program_kit import settle, shown_program

from ui.dialogs.compare_copies import CompareDialog
from ui.dialogs.older_copy import AcceptOlderDialog, ConfirmClockDialog, OlderCopyDialog
from ui.keeper import Keeper
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import office, organisations
from zjtx_desktop.usecases.books import NewBook, make_book
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.values import Division


@pytest.fixture
def program(qapp, qtbot, tmp_path, monkeypatch):
    yield from shown_program(qapp, qtbot, monkeypatch, tmp_path / "家", tmp_path, "张三")


@pytest.fixture
def keeper(program):
    return Keeper(program)


@pytest.fixture
def path(tmp_path) -> Path:
    wanted = NewBook(Division("361123"), "玉山县财政局", "", tmp_path / "账簿", "玉山县奖补账簿", "张三")
    make_book(wanted).close()
    return wanted.path


def dialog(keeper: Keeper, kind: type[QDialog]) -> QDialog:
    (found,) = [one for one in keeper._window.findChildren(kind) if one.isVisible()]
    return found


def opened(keeper: Keeper, path: Path) -> None:
    keeper.open(path)
    settle(keeper._program)


def register(keeper: Keeper, name: str) -> None:
    deed = lambda session, _tick: organisations.register(session, OrganisationForm(name=name))  # noqa: E731
    keeper.desk.act(f"登记{name}", deed)
    settle(keeper._program)


@pytest.fixture
def old(keeper, path, tmp_path) -> Path:
    """A copy of the book as it was before its last action, which the window has seen; the book is closed again."""
    old = tmp_path / "旧的.zjtx"
    shutil.copy(path, old)
    opened(keeper, path)
    register(keeper, "甲公司")
    keeper._close()
    return old


def offered(keeper: Keeper) -> set[str]:
    return {act.id for act in keeper._acts()}


def test_an_older_copy_is_named_before_it_is_shown_and_need_not_be_opened(keeper, old):
    opened(keeper, old)
    asked = dialog(keeper, OlderCopyDialog)
    assert keeper.desk is None
    asked.reject()
    settle(keeper._program)
    assert keeper.desk is None
    with Book(old):
        pass  # nobody holds it any more


def test_it_is_looked_at_read_only_and_works_once_it_is_accepted(keeper, old):
    opened(keeper, old)
    dialog(keeper, OlderCopyDialog).accept()
    settle(keeper._program)
    assert "办到第 2 步" in keeper._window.banner.text() and "这一份只到第 1 步" in keeper._window.banner.text()
    register(keeper, "乙公司")
    assert "没有保存" in keeper._window.banner.text()
    assert "accept_older" in offered(keeper)
    keeper.copies.accept()
    asked = dialog(keeper, AcceptOlderDialog)
    asked.accept()
    assert asked.form.message("reason") and asked.isVisible()
    asked.form.set_values({"reason": "新的一份磁盘坏了"})
    asked.accept()
    settle(keeper._program)
    assert "账簿可以继续登记" in keeper._window.banner.text() and "accept_older" not in offered(keeper)
    register(keeper, "乙公司")
    keeper._close()
    opened(keeper, old)
    assert keeper.desk is not None and keeper.copies.memory.at(old).title == "登记乙公司"


def test_the_book_on_the_desk_stays_when_the_older_one_is_not_opened(keeper, old, path):
    opened(keeper, path)
    opened(keeper, old)
    dialog(keeper, OlderCopyDialog).reject()
    settle(keeper._program)
    assert keeper.desk.path == path
    register(keeper, "丙公司")
    assert keeper.copies.memory.at(path).title == "登记丙公司"


def test_two_copies_are_held_against_each_other_from_the_tools_menu(keeper, old, path):
    with Book(old) as book, book.action("登记丁公司", "李四") as session:
        organisations.register(session, OrganisationForm(name="丁公司"))
    opened(keeper, path)
    assert "compare" in offered(keeper) and keeper._window.menus.action("compare").isEnabled()
    keeper.copies.compare_with(old)
    settle(keeper._program)
    told = dialog(keeper, CompareDialog)
    assert "各有各的改动" in told.banner.text()
    assert "李四 登记丁公司" in told.text.toPlainText() and "张三 登记甲公司" in told.text.toPlainText()
    told.accept()


def test_a_clock_in_doubt_is_confirmed_with_a_reason(keeper, tmp_path):
    old = tmp_path / "久未使用.zjtx"
    with Book.create(old) as book, book.action("新建账簿", "张三", datetime.now(UTC) - timedelta(days=100)) as session:
        office.set_up(session, Division("361123"), "玉山县财政局")
    opened(keeper, old)
    assert "晚 100 天" in keeper._window.banner.text() and "confirm_clock" in offered(keeper)
    keeper.copies.confirm_clock()
    asked = dialog(keeper, ConfirmClockDialog)
    asked.form.set_values({"reason": "与手机核对过"})
    asked.accept()
    settle(keeper._program)
    assert "已确认" in keeper._window.banner.text() and "confirm_clock" not in offered(keeper)
    register(keeper, "甲公司")
    assert keeper.desk.ask_now(lambda session: len(organisations.LISTING.ids(session))) == 1
