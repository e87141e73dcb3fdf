"""The report page by hand: the sheets as they would be written, exported, listed, refused."""

import looks
import pytest
import round_kit as kit
from file_kit import answer_file
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import update

from ui.open_book import OpenBook
from ui.pages.reports import ReportsPage
from zjtx_desktop.storage import tables


@pytest.fixture
def book(tmp_path):
    with kit.empty_book(tmp_path / "玉山县.zjtx") as made:
        kit.fill(made)
        yield made


@pytest.fixture
def page(shown, book, jobs, settings):
    return shown(ReportsPage(OpenBook(book, jobs, "张三"), settings), height=660)


@pytest.fixture
def reported(page, book, jobs):
    """The page over a round of which every letter was issued."""
    page.round_id = kit.compute(book)
    kit.issue(book, page.round_id)
    page.refresh()
    jobs.settle()
    return page


def act(page):
    return next(one for one in page.acts() if one.id == "export")


def cells(view):
    model = view.model
    return [[model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())]


def test_without_a_computed_round_there_is_nothing_to_send(page):
    assert page.empty.isVisible()
    assert not act(page).enabled


def test_the_sheets_are_shown_with_the_values_that_are_written(reported, jobs, tmp_path):
    path = tmp_path / "报送.xlsx"
    offered = answer_file(path)
    act(reported).run()
    jobs.settle()
    assert offered[0] == "玉山县2024年度报送表.xlsx"
    book = load_workbook(path, data_only=True)
    assert book.sheetnames == ["汇总表", "明细表", "不予奖励及待定", "校验"]
    for view, sheet in zip(reported.views[:3], book, strict=False):
        head = view.model.sheet.head + 1
        shown = [[text for text in row if text] for row in cells(view)]
        written = [[_text(cell.value, cell.number_format) for cell in row if cell.value not in (None, "")] for row in sheet.iter_rows(min_row=head + 1)]
        assert shown == written


def _text(value, form):
    return f"{value:,.2f}" if form == "#,##0.00" else str(value)


def test_what_was_exported_when_is_listed(reported, book, jobs, tmp_path):
    answer_file(tmp_path / "报送.xlsx")
    act(reported).run()
    jobs.settle()
    assert "已导出并读回核对" in reported.banner.text()
    assert "合计 700,000.00 元" in reported.banner.text()
    assert [reported.model.text(0, column) for column in (1, 2, 5, 6)] == ["报送.xlsx", "3", "700,000.00", "张三"]
    assert reported.tabs.tabText(4) == "导出记录（1）"


def test_a_round_that_was_never_exported_says_so(reported, jobs, tmp_path):
    reported.tabs.setCurrentWidget(reported.record)
    assert reported.not_sent.isVisible()
    answer_file(tmp_path / "报送.xlsx")
    reported.not_sent.chosen.emit("export")
    jobs.settle()
    assert reported.sent.isVisible()


def test_sums_that_do_not_meet_are_refused_with_the_difference_and_nothing_goes_out(reported, book, jobs):
    with book.action("改坏", "张三") as session:
        session.execute(update(tables.AwardPart).where(tables.AwardPart.id == 1).values(fen=1))
    reported.refresh()
    jobs.settle()
    assert "分担部分 0.01 元，相差 99,999.99 元（9999999 分）" in reported.banner.text()
    assert reported.empty.isVisible()
    assert not act(reported).enabled


def test_cells_are_copied_as_a_block(qtbot, reported):
    view = reported.views[0]
    view.table.selectRow(0)
    qtbot.keyClick(view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text().split("\t")[:3] == ["1", "国家级专精特新“小巨人”企业", "国家级"]


def test_nothing_is_cut_at_either_size(reported):
    assert looks.problems(reported) == []
