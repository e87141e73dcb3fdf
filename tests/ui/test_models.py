"""Rows under columns: in memory, in windows by id, sorted, and as Qt's own model tester wants them."""

from array import array
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

import pytest
from PySide6.QtCore import Qt

from ui.models.column import Column, Kind, State
from ui.models.rows import WindowRows
from ui.models.source import HeldSource, Wanted
from ui.models.table import TableModel, sorted_rows
from zjtx_desktop.values import Money


@dataclass(frozen=True, slots=True)
class Firm:
    id: int
    name: str
    code: str
    amount: Money | None
    on: date | None
    state: State


COLUMNS = (
    Column("name", "企业名称", attrgetter("name")),
    Column("code", "代码", attrgetter("code"), Kind.CODE, letters=12),
    Column("amount", "金额（元）", attrgetter("amount"), Kind.MONEY),
    Column("on", "日期", attrgetter("on"), Kind.DATE),
    Column("state", "状态", attrgetter("state"), Kind.STATE),
)
FIRMS = (
    Firm(7, "玉山机械", "913611230000000017", Money(10_000_000), date(2024, 6, 3), State("已下达", "good")),
    Firm(3, "德兴铜业", "913611810000000025", None, None, State("待定", "warn")),
    Firm(9, "广丰轴承", "913611030000000033", Money(30_000_050), date(2023, 9, 23), State("草稿")),
)


@pytest.fixture
def model(qapp):
    model = TableModel(COLUMNS, attrgetter("id"), checkable=True)
    model.show(FIRMS)
    return model


def test_a_table_in_memory_is_a_sound_qt_model(model, qtmodeltester):
    qtmodeltester.check(model)


def test_a_window_on_many_rows_is_a_sound_qt_model(qapp, qtmodeltester):
    model = TableModel(COLUMNS)
    model.show_rows(WindowRows(range(1000), lambda ids: [FIRMS[id % 3] for id in ids]))
    qtmodeltester.check(model)


def test_cells_are_written_as_their_kind_asks(model):
    assert [model.index(0, n).data() for n in range(5)] == [
        "玉山机械",
        "913611230000000017",
        "100,000.00",
        "2024-06-03",
        "已下达",
    ]
    assert [model.index(1, n).data() for n in range(2, 4)] == ["", ""]
    right = Qt.AlignmentFlag.AlignRight.value
    assert [bool(model.index(0, n).data(Qt.ItemDataRole.TextAlignmentRole) & right) for n in range(5)] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert model.tone(1, 4) == "warn"


def test_ticks_belong_to_ids_and_survive_a_new_order(model):
    model.toggle(1)
    model.show(sorted(FIRMS, key=attrgetter("id")))
    ticked = [model.index(place, 0).data(Qt.ItemDataRole.CheckStateRole) for place in range(3)]
    assert ticked == [Qt.CheckState.Checked, Qt.CheckState.Unchecked, Qt.CheckState.Unchecked]


def test_rows_of_a_window_are_read_by_pages_and_the_oldest_dropped():
    asked = []

    def read(ids):
        asked.append((ids[0], len(ids)))
        return list(ids)

    rows = WindowRows(array("q", range(1_000_000)), read)
    assert (rows[0], rows[199], rows[200]) == (0, 199, 200)
    assert asked == [(0, 200), (200, 200)]
    for place in range(0, 60 * 200, 200):
        assert rows[place] == place
    assert len(asked) == 60
    assert rows[0] == 0
    assert len(asked) == 61
    assert rows.place_of(999_999) == 999_999
    assert rows.place_of(-1) is None


def test_a_row_deleted_meanwhile_says_so(qapp):
    model = TableModel(COLUMNS)
    model.show_rows(WindowRows([1, 2], lambda ids: [None, FIRMS[0]]))
    assert model.text(0, 0) == "（已删除）"
    assert (model.text(0, 2), model.tone(0, 4)) == ("", "")


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ((("amount", False),), [7, 9, 3]),
        ((("amount", True),), [9, 7, 3]),
        ((("on", False),), [9, 7, 3]),
        ((("name", False),), [3, 9, 7]),  # 德 guang yu: as a dictionary, not by code point
        ((), [7, 3, 9]),
    ],
)
def test_what_is_missing_stands_last_in_either_direction(sort, order):
    assert [firm.id for firm in sorted_rows(FIRMS, COLUMNS, sort)] == order


def test_a_second_key_orders_what_the_first_leaves_equal():
    firms = [
        Firm(n, name, "", Money(amount), None, State(""))
        for n, (name, amount) in enumerate([("乙", 5), ("甲", 5), ("丙", 1)])
    ]
    found = sorted_rows(firms, COLUMNS, (("amount", True), ("name", False)))
    assert [firm.name for firm in found] == ["甲", "乙", "丙"]


def test_a_source_in_memory_filters_searches_and_sums():
    source = HeldSource(COLUMNS, lambda: FIRMS, attrgetter("id"), filters=("state",))
    everything = Wanted()
    assert list(source.ids(everything, print)) == [7, 3, 9]
    assert source.totals(everything, print).sums == (("金额", Money(40_000_050)),)
    assert list(source.ids(Wanted("3611 轴承"), print)) == [9]
    assert list(source.ids(Wanted("GFZC"), print)) == list(source.ids(Wanted("zc 913611030"), print)) == [9]
    some = Wanted(filters=(("state", frozenset({"待定", "草稿"})),))
    assert list(source.ids(some, print)) == [3, 9]
    assert source.totals(some, print).count == 2
    assert [(choice.text, choice.count) for choice in source.choices(print)["state"]] == [
        ("已下达", 1),
        ("待定", 1),
        ("草稿", 1),
    ]
