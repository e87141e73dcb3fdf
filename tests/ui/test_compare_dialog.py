"""名单与账簿对照 in the window: read as for an import, shown both ways, exported, and what is missing handed to the import."""

import list_kit as kit
import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ui.dialogs.compare_list import CompareDialog
from ui.dialogs.import_list import ImportDialog
from ui.open_book import OpenBook
from ui.pages.recognitions import RecognitionsPage
from zjtx_desktop.usecases import recognitions
from zjtx_desktop.usecases.comparing import Finding
from zjtx_desktop.usecases.outcomes import Status


@pytest.fixture
def book(tmp_path):
    with kit.filled_book(tmp_path / "县.zjtx") as made:
        yield made


@pytest.fixture
def page(shown, book, jobs, settings):
    return shown(RecognitionsPage(OpenBook(book, jobs, "张三"), settings))


@pytest.fixture
def listed(tmp_path):
    """A list of 2024: one as in the book, one whose name differs, two the book lacks, one with a bad code."""
    rows = [
        ["2024年江西省专精特新中小企业名单"],
        ["序号", "企业名称", "统一社会信用代码", "所属地区", "批次", "备注"],
        [1, "示例乙光电有限公司", None, "上饶经开区", "第4批", None],
        [2, "示例丁有限公司", kit.code_for(1), "玉山县", "第4批", None],
        [3, "示例丙研究院", None, "玉山县", "第4批", None],
        [4, "示例坏码有限公司", "123", "玉山县", "第4批", None],
    ]
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(tmp_path / "名单.xlsx")
    return tmp_path / "名单.xlsx"


@pytest.fixture
def dialog(qtbot, jobs, page, listed):
    kit.verb(page, "compare").run()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), CompareDialog))
    dialog = QApplication.activeModalWidget()
    dialog.choose.path.setText(str(listed))
    for _ in range(3):
        qtbot.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
        assert jobs.settle() and jobs.settle()
    assert dialog.step is dialog.result_step
    return dialog


def found(dialog):
    return [(one.finding, one.name) for one in dialog.result_step.found.rows]


def test_both_sides_are_shown_and_nothing_is_written(dialog, book):
    assert found(dialog) == [
        (Finding.MISSING, "示例丁有限公司"), (Finding.MISSING, "示例丙研究院"),
        (Finding.UNREAD, "示例坏码有限公司"), (Finding.ALIKE, "示例乙光电有限公司"),
    ]  # fmt: skip
    assert dialog.result_step.counted.text() == "账簿没有 2，名单有误 1，一致 1。"
    assert dialog.next.text() == "把账簿没有的 2 行转去导入…" and dialog.next.isEnabled()
    assert "与账簿中 2024 年第 4 批的认定对照" in dialog.result_step.notes.text()
    dialog.reject()
    with book.reading() as session:
        assert recognitions.LISTING.count(session) == 3


def test_what_the_book_lacks_goes_on_to_the_import_with_all_that_was_filled_in(qtbot, jobs, book, dialog):
    qtbot.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ImportDialog))
    wizard = QApplication.activeModalWidget()
    assert wizard.windowTitle() == "导入名单" and wizard.step is wizard.columns
    for _ in range(2):
        qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
        assert jobs.settle() and jobs.settle()
    assert wizard.step is wizard.preview
    assert [(one.status, one.taken) for one in wizard.preview.outcomes] == [
        (Status.SAME, False), (Status.NEW, True), (Status.NEW, True), (Status.ERROR, False),
    ]  # fmt: skip
    qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    assert jobs.settle() and jobs.settle()
    with book.reading() as session:
        lines = recognitions.LISTING.lines(session, recognitions.LISTING.ids(session))
    assert sorted(one.organisation for one in lines if one.label_year == 2024 and one.title == "srdi_sme") == [
        "示例丁有限公司", "示例丙研究院", "示例乙光电有限公司",
    ]  # fmt: skip


def test_rows_that_differ_wait_unticked_in_the_import(qtbot, jobs, dialog, listed):
    workbook = openpyxl.load_workbook(listed)
    workbook.active["E3"] = "第5批"
    workbook.save(listed)
    dialog.back.click()
    dialog.read_sheets([])
    assert jobs.settle()
    qtbot.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
    assert jobs.settle() and jobs.settle()
    assert dialog.step is dialog.result_step
    assert (Finding.DIFFERENT, "示例乙光电有限公司") in found(dialog)
    qtbot.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ImportDialog))
    wizard = QApplication.activeModalWidget()
    for _ in range(2):
        qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
        assert jobs.settle() and jobs.settle()
    assert [one.taken for one in wizard.preview.outcomes] == [False, True, True, False]
    assert wizard.preview.outcomes[0].left_out
    wizard._done = True
    wizard.reject()


def test_the_result_is_written_and_a_row_leads_to_what_the_book_has(qtbot, jobs, page, dialog, tmp_path):
    dialog.write(tmp_path / "对照.xlsx")
    assert jobs.settle()
    assert [cell.value for cell in openpyxl.load_workbook(tmp_path / "对照.xlsx").active["A"]][:5] == ["结论", "账簿没有", "账簿没有", "名单有误", "一致"]
    assert dialog.banner.isVisible()
    step = dialog.result_step
    step.pane.view.go_to(next(one.id for one in step.found.rows if one.finding is Finding.UNREAD))
    assert not step.go.isEnabled() and "123" in step.why.text()
    step.pane.view.go_to(next(one.id for one in step.found.rows if one.finding is Finding.ALIKE))
    qtbot.mouseClick(step.go, Qt.MouseButton.LeftButton)
    assert jobs.settle() and jobs.settle()
    assert page.current == 3


def test_an_organisation_without_the_recognition_leads_to_itself(qtbot, jobs, page, dialog):
    step = dialog.result_step
    step.pane.view.go_to(next(one.id for one in step.found.rows if one.name == "示例丙研究院"))
    with qtbot.waitSignal(page.wants_page) as wanted:
        qtbot.mouseClick(step.go, Qt.MouseButton.LeftButton)
    assert wanted.args == ["organisations", 3]
