"""核对文书校验码 by hand: typed, scanned, found, not found, and never an answer beside another question."""

import pytest
import round_kit as kit
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ui.commands import BY_ID
from ui.dialogs.paper_check import PaperCheckDialog
from ui.open_book import OpenBook
from zjtx_desktop.usecases import awards, letters
from zjtx_desktop.values import HeadCode


@pytest.fixture
def book(tmp_path):
    with kit.empty_book(tmp_path / "玉山县.zjtx") as made:
        kit.fill(made)
        kit.issue(made, kit.compute(made))
        yield made


@pytest.fixture
def paper(book):
    """The first letter as issued."""
    with book.reading() as session:
        return letters.view(session, 1)[0]


@pytest.fixture
def dialog(qtbot, book, jobs, settings):
    dialog = PaperCheckDialog(OpenBook(book, jobs, "张三"), settings)
    qtbot.addWidget(dialog, before_close_func=lambda shown: jobs.settle())
    dialog.show()
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    return dialog


def ask(qtbot, dialog, jobs, code, number=""):
    dialog.number.setText(number)
    dialog.code.clear()
    qtbot.keyClicks(dialog.code, code)
    qtbot.keyClick(dialog.code, Qt.Key.Key_Return)
    assert jobs.settle()
    return dialog.banner.text()


def listed(dialog):
    return [dialog.lines.text(row, 0) for row in range(dialog.lines.rowCount())] if dialog.list.isVisible() else []


def test_a_scanner_types_the_code_and_its_return_key_asks(qtbot, dialog, jobs, paper):
    said = ask(qtbot, dialog, jobs, HeadCode.parse(paper.code).scanned)
    assert said.startswith("相符。") and len(listed(dialog)) == 1
    assert dialog.banner.property("tone") == "good"
    assert dialog.code.hasSelectedText(), "the next scan takes its place"


def test_typed_in_small_letters_with_the_number_it_tells_of_one_paper(qtbot, dialog, jobs, paper):
    said = ask(qtbot, dialog, jobs, paper.code.lower().replace("-", " "), paper.number)
    assert listed(dialog) == [paper.number]
    assert paper.number in said and paper.addressee in said and "300,000.00" in said


def test_a_slip_is_told_without_a_word_about_the_book(qtbot, dialog, jobs, paper):
    said = ask(qtbot, dialog, jobs, paper.code[:-1])
    assert "现在是 27 个" in said and not dialog.list.isVisible()


def test_a_code_of_another_history_says_what_to_do(qtbot, dialog, jobs, paper):
    other = HeadCode.of(HeadCode.parse(paper.code).number, "ab" * 32)
    said = ask(qtbot, dialog, jobs, str(other))
    assert said.startswith("与账簿不符") and "备份" in dialog.advice.text()
    assert dialog.banner.property("tone") == "error"


def test_a_voided_letter_stands_as_such(qtbot, dialog, jobs, book, paper):
    with book.action("作废", "张三") as session:
        awards.void(session, paper.award_number, "企业名称有误")
    assert "现为“作废”" in ask(qtbot, dialog, jobs, paper.code, paper.number)
    assert dialog.lines.text(0, 3) == "作废"


def test_typing_puts_the_answer_away(qtbot, dialog, jobs, paper):
    ask(qtbot, dialog, jobs, paper.code)
    qtbot.keyClicks(dialog.number, "3")
    assert dialog.banner.isHidden() and dialog.list.isHidden() and dialog.advice.isHidden()


def test_escape_closes_and_the_book_is_as_it_was(qtbot, dialog, jobs, book, paper):
    before = book.head()
    ask(qtbot, dialog, jobs, paper.code)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not dialog.isVisible() and book.head() == before


def test_it_stands_in_the_tools_menu():
    assert BY_ID["check_paper"].menu == "tools"
