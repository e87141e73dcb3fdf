"""A list as people from Excel use it: sort, copy, ticks, tips, remembered columns; and the pane around it."""

from operator import attrgetter
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from test_models import COLUMNS, FIRMS

from ui.models.column import Column, Kind
from ui.models.source import HeldSource, Wanted
from ui.models.table import TableModel
from ui.widgets.clipboard import as_tsv
from ui.widgets.empty_state import EmptyState
from ui.widgets.list_header import next_sort
from ui.widgets.list_pane import ListPane
from ui.widgets.list_view import MOST_COPIED, ListView
from ui.widgets.wrapping import PADDING, lines_of

KEY = Qt.Key


@pytest.fixture
def model(qapp):
    model = TableModel(COLUMNS, attrgetter("id"), checkable=True)
    model.show(FIRMS)
    return model


@pytest.fixture
def view(qtbot, model, settings):
    view = ListView(model, settings, "firms")
    qtbot.addWidget(view)
    view.resize(900, 300)
    view.show()
    qtbot.waitExposed(view)
    return view


def _click_heading(qtbot, view, column, modifier=Qt.KeyboardModifier.NoModifier):
    at = view.header.sectionViewportPosition(column) + 15
    qtbot.mouseClick(
        view.header.viewport(),
        Qt.MouseButton.LeftButton,
        modifier,
        pos=view.header.viewport().rect().topLeft() + type(view.pos())(at, 10),
    )


def test_a_click_on_a_heading_sorts_up_then_down_then_not(qtbot, view):
    asked = []
    view.sort_changed.connect(asked.append)
    for _ in range(3):
        _click_heading(qtbot, view, 2)
    assert asked == [(("amount", False),), (("amount", True),), ()]


def test_shift_click_adds_a_second_key():
    assert next_sort((("amount", True),), "name", True) == (("amount", True), ("name", False))
    assert next_sort((("amount", True), ("name", False)), "amount", True) == (("name", False),)
    assert next_sort((("amount", True), ("name", False)), "on", False) == (("on", False),)


def test_copied_rows_are_tab_separated_and_codes_stay_text(view):
    view.selectRow(0)
    view.copy()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "玉山机械\t913611230000000017\t100,000.00\t2024-06-03\t已下达\r\n"
    assert 'mso-number-format:\'\\@\'" sdnum="1033;0;@">913611230000000017</td>' in mime.html()
    assert "#\\,##0\\.00'\">100,000.00</td>" in mime.html()


def test_copying_follows_the_visible_columns_in_their_order_and_skips_hidden_ones(qtbot, view):
    view.header.moveSection(view.header.visualIndex(4), 0)
    view.header.setSectionHidden(1, True)
    view.selectAll()
    qtbot.keyClick(view, KEY.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines()[2] == "草稿\t广丰轴承\t300,000.50\t2023-09-23"
    view.copy_with_titles()
    assert QGuiApplication.clipboard().text().splitlines()[0] == "状态\t企业名称\t金额（元）\t日期"
    assert [column.key for column in view.columns_shown()] == ["state", "name", "amount", "on"]


def test_texts_with_tabs_quotes_and_line_breaks_are_quoted():
    assert as_tsv([["a\tb", 'c"d', "e\nf", "g"]]) == '"a\tb"\t"c""d"\t"e\nf"\tg\r\n'


def test_too_many_rows_are_not_copied_and_it_says_why(qtbot, view, model):
    model.show(FIRMS * 7000)
    view.selectAll()
    with qtbot.waitSignal(view.refused) as told:
        view.copy()
    assert f"一次最多复制 {MOST_COPIED:,} 行" in told.args[0]


def test_columns_sort_and_widths_survive_a_restart(qtbot, view, model, settings):
    view.header.moveSection(view.header.visualIndex(2), 0)
    view.header.resizeSection(0, 222)
    view.header.setSectionHidden(3, True)
    _click_heading(qtbot, view, 0)
    view.keep_layout()
    settings.flush()
    again = ListView(model, type(settings)(settings.path), "firms")
    qtbot.addWidget(again)
    assert [column.key for column in again.columns_shown()] == ["amount", "name", "code", "state"]
    assert again.header.sectionSize(0) == 222
    assert again.sort == (("name", False),)
    again.reset_layout()
    assert [column.key for column in again.columns_shown()] == [column.key for column in COLUMNS]


def test_a_column_added_later_does_not_disturb_what_was_kept(qtbot, view, settings):
    view.header.moveSection(view.header.visualIndex(2), 0)
    view.keep_layout()
    more = (*COLUMNS[:2], Column("new", "新列", attrgetter("name")), *COLUMNS[2:])
    later = ListView(TableModel(more, attrgetter("id")), settings, "firms")
    qtbot.addWidget(later)
    assert {column.key for column in later.columns_shown()} == {column.key for column in more}
    assert later.columns_shown()[0].key == "amount"


def test_the_last_visible_column_cannot_be_hidden(view):
    for number in range(4):
        view.header.setSectionHidden(number, True)
    entry = next(action for action in view.header.menu(4).actions() if action.text() == "状态")
    assert entry.isChecked()
    assert not entry.isEnabled()


def test_space_ticks_the_selected_rows_and_unticks_them_again(qtbot, view, model):
    view.selectRow(0)
    rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    view.selectionModel().select(model.index(2, 0), rows)
    qtbot.keyClick(view, KEY.Key_Space)
    assert model.checked == {7, 9}
    qtbot.keyClick(view, KEY.Key_Space)
    assert model.checked == set()


def test_a_click_on_the_box_ticks_one_row(qtbot, view, model):
    cell = view.visualRect(model.index(1, 0))
    qtbot.mouseClick(
        view.viewport(),
        Qt.MouseButton.LeftButton,
        pos=cell.topLeft() + type(cell.topLeft())(14, cell.height() // 2),
    )
    assert model.checked == {3}


def test_enter_and_double_click_open_the_row(qtbot, view):
    opened = []
    view.opened.connect(opened.append)
    view.selectRow(1)
    qtbot.keyClick(view, KEY.Key_Return)
    at = view.visualRect(view.model().index(2, 1)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert opened == [3, 9]


def test_cut_text_has_a_tip_and_whole_text_has_none(view, model):
    assert view.tip(model.index(0, 1)) == ""
    view.header.resizeSection(1, 60)
    assert view.tip(model.index(0, 1)) == "913611230000000017"


def test_a_row_gone_to_stays_selected_by_its_id(view, model):
    assert view.go_to(9)
    assert (view.current_id(), view.selected_ids()) == (9, [9])
    assert not view.go_to(12345)


def test_letters_typed_on_the_list_go_to_the_search(qtbot, view):
    with qtbot.waitSignal(view.typed) as told:
        qtbot.keyClick(view, KEY.Key_9, Qt.KeyboardModifier.NoModifier)
    assert told.args == ["9"]


@pytest.fixture
def pane(qtbot, jobs, settings):
    source = HeldSource(COLUMNS, lambda: FIRMS, attrgetter("id"), filters=("state", "name"))
    empty = EmptyState("organisation", "还没有企业", "", (("new", "登记企业", "add"),))
    pane = ListPane(
        COLUMNS,
        source,
        jobs,
        settings,
        "pane",
        "按名称或代码查找",
        empty,
        filters=("state", "name"),
        unit="家",
    )
    qtbot.addWidget(pane)
    pane.resize(1000, 500)
    pane.show()
    qtbot.waitExposed(pane)
    pane.refresh()
    assert jobs.settle()
    return pane


def test_a_pane_shows_rows_and_their_totals(pane):
    assert pane.listed_ids() == [7, 3, 9]
    assert pane.totals.shown.text() == "共 3 家 · 金额 400,000.50 元"


def test_two_filters_and_a_search_hold_at_once_and_the_count_says_so(qtbot, jobs, pane):
    pane.filters.allow("state", frozenset({"已下达", "草稿"}))
    pane.filters.allow("name", frozenset({"广丰轴承", "德兴铜业"}))
    pane.search.setText("9136")
    qtbot.keyClick(pane.search, KEY.Key_Return)
    assert jobs.settle()
    assert pane.listed_ids() == [9]
    assert pane.totals.shown.text() == "筛选出 1 家 · 金额 300,000.50 元"
    assert pane.wanted == Wanted(
        "9136", (("state", frozenset({"已下达", "草稿"})), ("name", frozenset({"广丰轴承", "德兴铜业"})))
    )


def test_the_selection_is_counted_and_summed(qtbot, pane):
    pane.view.selectRow(0)
    pane.view.selectionModel().select(
        pane.model.index(2, 0),
        QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
    )
    qtbot.waitUntil(lambda: pane.totals.selected.text() == "已选 2 家 · 金额 400,000.50 元")


def test_what_cannot_be_found_offers_to_clear_and_nothing_recorded_offers_to_begin(qtbot, jobs, pane):
    pane.search.setText("没有这一家")
    qtbot.keyClick(pane.search, KEY.Key_Return)
    assert jobs.settle()
    assert pane.nothing.isVisible()
    pane.nothing.chosen.emit("clear")
    assert jobs.settle()
    assert pane.listed_ids() == [7, 3, 9]


def test_a_new_order_keeps_the_selected_row(jobs, pane):
    pane.view.go_to(3)
    pane.view.header._ask_sort((("amount", True),))
    assert jobs.settle()
    assert (pane.listed_ids(), pane.view.current_id()) == ([9, 7, 3], 3)


def test_esc_clears_the_search_and_down_goes_into_the_list(qtbot, jobs, pane):
    pane.search.find()
    qtbot.keyClicks(pane.search, "zzz")
    qtbot.keyClick(pane.search, KEY.Key_Escape)
    assert pane.search.text() == ""
    qtbot.keyClick(pane.search, KEY.Key_Down)
    assert jobs.settle()
    assert pane.view.current_id() == 7


def test_a_chip_names_what_it_filters_by_and_clears_again(qtbot, jobs, pane):
    popup = pane.filters.popup("state")
    popup.list.item(0).setCheckState(Qt.CheckState.Checked)
    assert jobs.settle()
    assert pane.listed_ids() == [7]
    assert pane.filters._chips["state"].text() == "状态：已下达"
    popup.clear.click()
    assert jobs.settle()
    assert pane.filters.filters == ()
    assert pane.filters._chips["state"].text() == "状态"


def test_a_long_text_is_shortened_where_it_does_not_fit(view):
    assert view._delegate.shortened("短", 100) == "短"
    assert view._delegate.shortened("很长很长的企业名称" * 4, 100).endswith("…")


def test_kinds_of_columns_cover_all_that_lists_show():
    assert {kind.value for kind in Kind} == {"text", "code", "number", "money", "date", "state"}


@pytest.fixture
def narrow(qtbot, view, model):
    model.show(FIRMS * 40)
    view.resize(420, 300)
    view.horizontalScrollBar().setValue(150)
    qtbot.waitUntil(lambda: view._frozen.isVisible())
    return view


def test_the_first_column_stays_in_sight_while_others_are_scrolled(narrow):
    frozen = narrow._frozen
    assert frozen.width() == narrow.header.sectionSize(0)
    assert frozen.x() == narrow.viewport().x()
    narrow.horizontalScrollBar().setValue(0)
    narrow.viewport().repaint()
    assert not frozen.isVisible()


def test_a_click_on_the_frozen_column_is_one_on_the_column_itself(qtbot, narrow, model):
    frozen, row = narrow._frozen, narrow.header.height() + narrow.rowViewportPosition(2) + 10
    point = type(narrow.pos())
    qtbot.mouseClick(frozen, Qt.MouseButton.LeftButton, pos=point(60, row))
    assert narrow.selected_places() == [2]
    assert narrow.currentIndex().column() == 0
    qtbot.mouseClick(frozen, Qt.MouseButton.LeftButton, pos=point(14, row))
    assert model.checked == {9}
    qtbot.mouseClick(frozen, Qt.MouseButton.LeftButton, pos=point(40, 10))
    assert narrow.sort == (("name", False),)


def test_room_that_is_left_goes_to_the_columns_of_text_and_is_not_remembered(qtbot, view, settings):
    before = view.header.sectionSize(2)
    view.resize(1600, 300)
    assert view.header.length() == view.viewport().width()
    assert view.header.sectionSize(2) == before  # amounts stay as narrow as they were set
    view.header.setSectionHidden(1, True)
    qtbot.waitUntil(lambda: view.header.length() == view.viewport().width())
    view.keep_layout()
    assert settings.data("lists/firms")["widths"]["name"] < view.header.sectionSize(0)


# texts of several lines


TALL = (Column("id", "编号", attrgetter("id"), Kind.NUMBER, letters=4), Column("why", "原因", attrgetter("why"), letters=10, lines=3))
REASONS = ("", "没有文号。", "没有认定文件的文号，请导入后补充。" * 2, "没有认定文件的文号，请导入后补充。" * 40)


@pytest.fixture
def tall(qtbot, settings):
    model = TableModel(TALL, attrgetter("id"))
    view = ListView(model, settings, "tall")
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    view.resize(360, 400)
    model.show([SimpleNamespace(id=number, why=why) for number, why in enumerate(REASONS)])
    return view


def heights(view):
    line, plain = view.fontMetrics().lineSpacing(), view.fontMetrics().height() + 9
    return [1 + (view.rowHeight(place) - plain) / line for place in range(view.model().rowCount())]


def test_a_row_is_as_high_as_its_text_needs_and_no_higher_than_its_column_lets_it(tall):
    room = tall.columnWidth(1) - 2 * PADDING
    two = len(lines_of(REASONS[2], tall.font(), room, 9))
    assert two in (2, 3) and heights(tall) == [1, 1, two, 3]
    tall.model().show([SimpleNamespace(id=7, why=REASONS[2]), SimpleNamespace(id=8, why="短")])
    assert heights(tall) == [two, 1]


def test_wider_columns_make_lower_rows(qtbot, tall):
    tall.resize(1200, 400)
    qtbot.waitUntil(lambda: heights(tall) == [1, 1, 1, 3])


def test_a_very_long_list_is_not_measured_row_by_row(tall):
    tall.model().show([SimpleNamespace(id=number, why="短") for number in range(3_001)])
    assert (tall.rowHeight(0), tall.rowHeight(3_000)) == (tall.rowHeight(1),) * 2 and heights(tall)[0] == 2


def test_lines_hold_the_whole_text_and_the_last_says_when_they_do_not(view):
    text = "统一社会信用代码“91361123MA0000002M”里有𠮷字。\n请核对。"
    lines = lines_of(text, view.font(), 200, 9)
    assert "".join("".join(lines).split()) == "".join(text.split()) and len(lines) > 2
    assert all(view.fontMetrics().horizontalAdvance(line) <= 200 for line in lines)
    few = lines_of(text, view.font(), 200, 2)
    assert few[0] == lines[0] and few[1].endswith("…") and len(few) == 2
    assert lines_of("", view.font(), 200, 2) in ([], [""])
