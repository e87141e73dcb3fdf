"""The desk as a whole: first start, last book, undo, backup and restore, another book or person."""

import os
import subprocess
import sys
from pathlib import Path

import looks
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from program_kit import settle, shown_program

from ui.dialogs.backup import BackupDialog
from ui.dialogs.history import HistoryDialog
from ui.dialogs.new_book import NewBookDialog, PersonDialog
from ui.dialogs.recovery import RecoverySheetDialog
from ui.dialogs.restore import RestoreDialog
from ui.dialogs.restore_steps import ConfirmRestoreDialog
from ui.keeper import Keeper
from ui.page import SUBJECTS
from ui.widgets.empty_state import EmptyState
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import organisations
from zjtx_desktop.usecases.backups import describe
from zjtx_desktop.usecases.books import NewBook, make_book, open_book
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.restoring import Hands
from zjtx_desktop.values import Division

ROOT = Path(__file__).resolve().parents[2]
CTRL, KEY = Qt.KeyboardModifier.ControlModifier, Qt.Key


@pytest.fixture
def program(qapp, qtbot, tmp_path, monkeypatch):
    yield from shown_program(qapp, qtbot, monkeypatch, tmp_path / "家", tmp_path)


@pytest.fixture
def keeper(program):
    program.settings.set_text("person/name", "张三")
    return Keeper(program)


@pytest.fixture
def path(tmp_path) -> Path:
    """A book of 玉山县 in a folder of its own, closed."""
    wanted = NewBook(Division("361123"), "玉山县财政局", "", tmp_path / "账簿", "玉山县奖补账簿", "张三")
    make_book(wanted).close()
    return wanted.path


def opened(keeper: Keeper, path: Path) -> Keeper:
    keeper.open(path)
    settle(keeper._program)
    assert keeper.desk is not None, keeper._window.banner.text()
    return keeper


def register(keeper: Keeper, name: str) -> None:
    keeper.desk.act(
        f"登记企业“{name}”",
        lambda session, _tick: organisations.register(session, OrganisationForm(name=name)),
    )
    settle(keeper._program)


def held(keeper: Keeper) -> list[str]:
    def names(session):
        listing = organisations.LISTING
        return [line.name for line in listing.lines(session, listing.ids(session))]

    return keeper.desk.ask_now(names)


def dialog(keeper: Keeper, kind: type[QDialog]) -> QDialog:
    (found,) = [one for one in keeper._window.findChildren(kind) if one.isVisible()]
    return found


def lines_of(choosing: RestoreDialog) -> list:
    return [choosing.model.row(number) for number in range(choosing.model.rowCount())]


def test_a_first_start_leads_by_one_button_and_the_guide_to_an_open_book(program, qtbot, tmp_path):
    keeper = Keeper(program)
    keeper.begin(None)
    buttons = program.window.findChild(EmptyState).findChildren(QPushButton)
    assert [button.text() for button in buttons] == ["新建账簿", "打开账簿", "看看示例账簿", "从备份恢复"]
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    guide = dialog(keeper, NewBookDialog)
    for _ in range(3):
        qtbot.keyClick(guide.division, KEY.Key_Down)
    place = guide.division.value().name
    assert guide.office.text() == f"{place}财政局"
    guide.form.field("folder").setText(str(tmp_path / "新文件夹"))
    guide.form.field("person").setText("张三")
    qtbot.keyClick(guide.form.field("person"), KEY.Key_Return)
    qtbot.keyClick(guide.plain, KEY.Key_Return)
    for key in ("new", "again"):
        qtbot.keyClicks(guide.form.field(key), "mountain high, river long")
        qtbot.keyClick(guide.form.field(key), KEY.Key_Return)
    settle(program)
    code = dialog(keeper, RecoverySheetDialog)
    assert QApplication.activeModalWidget() is code
    code.reject()
    assert keeper.desk.path == tmp_path / "新文件夹" / f"{place}奖补账簿.zjtx"
    assert program.window.windowTitle().startswith(keeper.desk.office().name)
    assert program.window.page().title == "工作台"
    assert (keeper.places.last_book, keeper.places.person) == (keeper.desk.path, "张三")


def test_the_guide_keeps_what_the_person_wrote_and_says_what_is_missing(keeper, qtbot):
    keeper.new_book()
    guide = dialog(keeper, NewBookDialog)
    guide.accept()
    assert guide.form.message("division") and guide.isVisible()
    guide.office.setText("玉山县财政局预算股")
    guide.division.set_value(Division("361102"))
    assert (guide.office.text(), guide.name.text()) == ("玉山县财政局预算股", "信州区奖补账簿")
    guide.form.field("folder").setText("随便")
    guide.accept()
    assert "完整的文件夹" in guide.form.message("folder")
    guide.form.mark_clean()


def test_the_guide_says_over_the_form_when_the_file_is_taken(keeper, path):
    keeper.new_book()
    guide = dialog(keeper, NewBookDialog)
    guide.division.set_value(Division("361123"))
    guide.form.field("folder").setText(str(path.parent))
    for key in ("new", "again"):
        guide.form.field(key).setText("mountain high, river long")
    guide.accept()
    settle(keeper._program)
    assert "已经存在" in guide.banner.text() and guide.isVisible()
    guide.form.mark_clean()


def test_the_last_book_is_opened_at_the_next_start(keeper, path):
    opened(keeper, path)
    keeper._close()
    second = Keeper(keeper._program)
    second.begin(None)
    settle(keeper._program)
    assert second.desk.path == path


def test_a_book_given_to_the_program_comes_before_the_last_one(keeper, path, tmp_path):
    keeper.places.set_last_book(tmp_path / "另一个.zjtx")
    keeper.begin(path)
    settle(keeper._program)
    assert keeper.desk.path == path


def test_a_person_without_a_name_is_asked_before_the_book_opens(program, qtbot, path):
    keeper = Keeper(program)
    keeper.begin(path)
    asked = dialog(keeper, PersonDialog)
    asked.form.field("person").setText("李四")
    qtbot.keyClick(asked.form.field("person"), KEY.Key_Return)
    settle(program)
    assert keeper.desk.person == "李四"


def test_a_last_book_that_is_gone_or_damaged_is_named_and_restoring_is_offered(keeper, path):
    path.write_bytes(b"nothing" * 900)
    keeper.begin(path)
    settle(keeper._program)
    assert keeper.desk is None
    said = keeper._window.banner.text()
    assert "玉山县奖补账簿.zjtx" in said and "请从备份恢复" in said
    keeper._window.banner._action.click()
    restoring = dialog(keeper, RestoreDialog)
    settle(keeper._program)
    restoring.reject()


def test_undo_and_redo_stand_in_the_menu_by_name_and_work_by_key(keeper, qtbot, path):
    opened(keeper, path)
    assert (
        not keeper._window.menus.action("undo").isEnabled()
        or "新建账簿" in keeper._window.menus.action("undo").text()
    )
    register(keeper, "甲公司")
    assert keeper._window.menus.action("undo").text() == "撤销：登记企业“甲公司”"
    qtbot.keyClick(keeper._window, KEY.Key_Z, CTRL)
    settle(keeper._program)
    assert held(keeper) == []
    assert keeper._window.banner.text() == "已撤销：登记企业“甲公司”"
    assert keeper._window.menus.action("redo").text() == "重做：登记企业“甲公司”"
    qtbot.keyClick(keeper._window, KEY.Key_Y, CTRL)
    settle(keeper._program)
    assert held(keeper) == ["甲公司"]


def test_a_backup_and_a_restore_bring_the_earlier_book_back(keeper, qtbot, path, tmp_path):
    opened(keeper, path)
    register(keeper, "甲公司")
    keeper._window.menus.run("backup")
    making = dialog(keeper, BackupDialog)
    making.accept()
    settle(keeper._program)
    assert making.banner.text().startswith("已备份并检查：“玉山县 ")
    making.reject()
    assert keeper._window.status._facts["backup"].text() == "备份：刚刚"
    register(keeper, "乙公司")
    keeper.restore()
    settle(keeper._program)
    choosing = dialog(keeper, RestoreDialog)
    line = next(line for line in lines_of(choosing) if not line.is_automatic)
    assert (line.organisations, line.problem) == (1, "")
    choosing.view.selectRow(lines_of(choosing).index(line))
    qtbot.keyClick(choosing.view, KEY.Key_Return)
    settle(keeper._program)
    agreeing = dialog(keeper, ConfirmRestoreDialog)
    assert "恢复后将少 1 步操作" in agreeing.banner.text() and "登记企业“乙公司”" in agreeing.lost.toPlainText()
    agreeing.accept()
    settle(keeper._program)
    assert held(keeper) == ["甲公司"]
    assert "已恢复到" in keeper._window.banner.text()
    (aside,) = path.parent.glob("*（恢复前）*.zjtx")
    assert aside.name in keeper._window.banner.text()
    with Book(aside) as before:
        assert before.check() == []


def test_a_refused_restore_opens_the_book_again_as_it_was(keeper, path, tmp_path):
    opened(keeper, path)
    register(keeper, "甲公司")
    bad = tmp_path / "坏的 2026-01-02 0300.zjtx"
    bad.write_bytes(b"nothing" * 900)
    keeper.put_back(path, describe(bad), Hands(keeper.desk.actor))
    settle(keeper._program)
    assert held(keeper) == ["甲公司"]
    assert keeper._window.banner.text()


def test_another_book_takes_the_place_of_the_first_which_is_free_then(keeper, path, tmp_path):
    opened(keeper, path)
    other = tmp_path / "账簿" / "另一个.zjtx"
    make_book(NewBook(Division("361102"), "信州区财政局", "", other.parent, "另一个", "张三")).close()
    opened(keeper, other)
    assert keeper._window.windowTitle().startswith("信州区财政局")
    open_book(path).close()


def test_a_book_that_another_program_holds_leaves_the_open_one(keeper, path, tmp_path):
    opened(keeper, path)
    other = tmp_path / "账簿" / "另一个.zjtx"
    with make_book(NewBook(Division("361102"), "信州区财政局", "", other.parent, "另一个", "张三")):
        keeper.open(other)
        settle(keeper._program)
    assert keeper.desk.path == path and "正被" in keeper._window.banner.text()


def test_another_person_stands_at_the_foot_and_in_the_history(keeper, qtbot, path):
    opened(keeper, path)
    qtbot.mouseClick(keeper._window.status._facts["person"], Qt.MouseButton.LeftButton)
    asked = dialog(keeper, PersonDialog)
    asked.form.field("person").setText("李四")
    asked.accept()
    settle(keeper._program)
    assert keeper._window.status._facts["person"].text() == "李四"
    register(keeper, "甲公司")
    keeper._window.menus.run("history")
    settle(keeper._program)
    shown = dialog(keeper, HistoryDialog)
    assert shown.actions.text(0, 1) == "李四"
    shown.reject()


def test_the_sample_book_is_made_once_and_opened_again_later(keeper, path):
    keeper.open_sample()
    settle(keeper._program)
    assert keeper.desk.path.name == "示例账簿.zjtx" and len(held(keeper)) > 30
    opened(keeper, path)
    keeper.open_sample()
    settle(keeper._program)
    assert keeper.desk.path.name == "示例账簿.zjtx"


def test_everything_that_waits_leads_to_its_page_and_every_page_can_be_visited(keeper, qtbot):
    keeper.open_sample()
    settle(keeper._program)
    waiting = len(keeper._window.page().todos.findChildren(QPushButton))
    assert waiting >= 6
    pages = []
    for place in range(waiting):
        keeper._window.show_page("home")
        settle(keeper._program)
        buttons = [one for one in keeper._window.page().todos.findChildren(QPushButton) if one.isVisible()]
        qtbot.mouseClick(buttons[place], Qt.MouseButton.LeftButton)
        settle(keeper._program)
        pages.append(keeper._window.page().title)
    assert set(pages) - {"设置"} == {"奖补", "文书", "企业", "认定"}  # 设置 in the weeks when holidays are published
    for number in range(1, len(SUBJECTS) + 1):
        qtbot.keyClick(keeper._window, KEY(KEY.Key_0 + number), CTRL)
        settle(keeper._program)
    assert keeper._window.page().title == "设置" and keeper._window.banner.text() == ""


def test_the_check_of_an_ordinary_book_runs_by_itself_and_by_the_menu(keeper, qtbot, path):
    opened(keeper, path)
    assert keeper._window.status._facts["check"].text() == "尚未检查"
    qtbot.waitUntil(lambda: keeper._window.status._facts["check"].text() == "检查：完好")
    settle(keeper._program)
    keeper._window.menus.run("check")
    assert keeper._window.status._facts["check"].text() == "正在检查"
    settle(keeper._program)
    assert keeper.vitals.problems == []


def test_dialogs_of_the_book_hold_on_small_screens(keeper, path, tmp_path):
    opened(keeper, path)
    (tmp_path / "备份").mkdir()
    made = [
        NewBookDialog(keeper._jobs, tmp_path, "张三", keeper._window),
        PersonDialog(keeper._jobs, "张三", keeper._window),
        BackupDialog(keeper.desk, tmp_path / "备份", keeper._window),
        RestoreDialog(keeper._jobs, (tmp_path / "备份",), path.name, parent=keeper._window),
        HistoryDialog(keeper.desk, keeper._program.settings, parent=keeper._window),
        HistoryDialog(keeper.desk, keeper._program.settings, ("setting", 1), "所属", keeper._window),
    ]
    for one in made:
        one.show()
        settle(keeper._program)
        assert looks.problems(one) == [], type(one).__name__
        one.hide()


START = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ui.app import Program
from ui.start import starting_with
app = QApplication([])
program = Program(app, Path(sys.argv[1]), starting_with(Path(sys.argv[2])))
program.settings.set_text("person/name", "张三")
heavy = {"sqlmodel", "sqlalchemy", "pydantic", "openpyxl", "reportlab", "xlsxwriter", "pypdf", "ui.keeper"}
program.window.painted.disconnect(program._begin)
program.window.painted.connect(lambda: print("painted", sorted(heavy & set(sys.modules))))
program.window.painted.connect(program._begin)
def opened():
    if program.window.page():
        print(program.window.windowTitle())
        program.window.close()
program.jobs.idle.connect(opened)
program.start()
code = app.exec()
program.stop()
print("code", code)
"""


def test_the_program_starts_with_the_book_it_is_given_and_nothing_heavy_before_the_first_paint(
    path, tmp_path
):
    done = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path), str(path)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    said = done.stdout.splitlines()
    assert said[:1] == ["painted []"] and said[-1:] == ["code 0"], done.stderr
    assert said[1] == "玉山县财政局 — 玉山县奖补账簿.zjtx — 专精特新奖补"
