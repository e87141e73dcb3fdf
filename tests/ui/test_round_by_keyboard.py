"""From a filled book to issued letters in the main window with keys alone."""

import pytest
import round_kit as kit
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.dialogs.decision import DecisionDialog
from ui.dialogs.issuing import IssueDialog
from ui.dialogs.new_round import NewRoundDialog
from ui.open_book import OpenBook
from ui.page import SUBJECTS, Desk, PageSpec
from ui.pages.letters import LettersPage
from ui.pages.reports import ReportsPage
from ui.pages.rounds import RoundsPage
from zjtx_desktop.usecases import letters, rounds

PAGES = {"rounds": RoundsPage, "letters": LettersPage, "reports": ReportsPage}
CTRL, NO = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def book(tmp_path):
    with kit.empty_book(tmp_path / "玉山县.zjtx") as made:
        kit.fill(made)
        yield made


@pytest.fixture
def shown(window, book, jobs, settings):
    desk = OpenBook(book, jobs, "张三")

    def spec(subject):
        kind = PAGES.get(subject.id)
        return PageSpec(subject.id, subject.title, subject.icon, kind and (lambda: kind(desk, settings)))

    window.open_desk(Desk("玉山县财政局", "玉山县", book.path, tuple(map(spec, SUBJECTS))))
    window.show_page("rounds")
    jobs.settle()
    yield window
    jobs.settle()
    window.close_desk()


def press(qtbot, window, key, modifiers=NO):
    """Press a key where the keyboard is, as the window system would."""
    target = QApplication.activeModalWidget() or window
    if not target.isActiveWindow():  # without a window system nobody gives it back when a dialog has closed
        with qtbot.waitActive(target):
            target.activateWindow()
    QTest.keyClick(target.windowHandle(), key, modifiers)
    QApplication.processEvents()


def dialog_of(qtbot, kind):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    dialog = QApplication.activeModalWidget()
    qtbot.waitExposed(dialog)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and QApplication.focusWidget().window() is dialog)
    return dialog


def test_a_round_is_made_decided_and_issued_by_keyboard(qtbot, shown, book, jobs):
    press(qtbot, shown, Qt.Key.Key_N, CTRL)
    dialog_of(qtbot, NewRoundDialog)
    press(qtbot, shown, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: "还没有锁定" in shown.page().bar.text())
    jobs.settle()
    next(act for act in shown.page().acts() if act.id == "compute").run()
    qtbot.waitUntil(lambda: shown.page().pane.model.rowCount() == 5)
    jobs.settle()

    shown.page().pane.view.setFocus()
    press(qtbot, shown, Qt.Key.Key_End, CTRL)
    press(qtbot, shown, Qt.Key.Key_F2)
    dialog = dialog_of(qtbot, DecisionDialog)
    dialog.form.field("award").setFocus()
    press(qtbot, shown, Qt.Key.Key_Down)
    dialog.form.field("reason").set_value("期满后重新申报")
    dialog.ok.setFocus()
    press(qtbot, shown, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "待下达 4" in shown.page().bar.text())

    press(qtbot, shown, Qt.Key(Qt.Key.Key_1 + [page.id for page in SUBJECTS].index("letters")), CTRL)
    qtbot.waitUntil(lambda: isinstance(shown.page(), LettersPage) and shown.page().pane.model.rowCount() == 4)
    jobs.settle()
    shown.page().pane.view.setFocus()
    press(qtbot, shown, Qt.Key.Key_A, CTRL)
    next(act for act in shown.page().acts() if act.id == "issue").run()
    dialog_of(qtbot, IssueDialog)
    press(qtbot, shown, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: "已下达 4 份" in shown.page().banner.text())
    with book.reading() as session:
        assert len(letters.register(session, rounds.find_round(session, 2024).id)) == 4
