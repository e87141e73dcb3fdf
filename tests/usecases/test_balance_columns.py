"""The columns on what became of a grant are wide enough on every list that has them."""

import pytest

from zjtx_desktop.documents.cells import Align, set_row
from zjtx_desktop.documents.tables import LEADING, LYING, column_edges
from zjtx_desktop.domain.ledger import Balance
from zjtx_desktop.usecases import approvals, award_statement, balance_columns, year_end_list
from zjtx_desktop.values import Money

MOST = Money(9_999_999_999)  # 99,999,999.99: more than all counties of the city grant in a year


@pytest.mark.parametrize("columns", [approvals._ISSUED_COLUMNS, award_statement._COLUMNS, year_end_list.COLUMNS])
def test_tens_of_millions_stand_on_one_line(columns):
    edges = column_edges([column.share for column in columns], LYING)
    texts = tuple(str(MOST) if column.align is Align.END else "" for column in columns)

    row = set_row(texts, edges, tuple(column.align for column in columns), balance_columns.SIZE, LEADING)

    assert sum(map(bool, texts)) >= 5
    assert [len(lines) for lines, text in zip(row.cells, texts, strict=True) if text] == [1] * sum(map(bool, texts))


def test_the_columns_are_those_of_the_figures():
    balance = Balance(*map(Money, (1000, 200, 300, 100, 500, 0)))

    assert [column.heading for column in balance_columns.COLUMNS] == ["核减", "已拨付", "已追回", "余额"]
    assert balance_columns.cells(balance) == ("2.00", "3.00", "1.00", "5.00")
