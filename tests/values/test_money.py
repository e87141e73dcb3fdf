"""Money is exact to the fen, and what cannot be read is never zero."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import ZERO, Money

FEN = st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.50", 123450),
        ("¥1234.5", 123450),
        ("￥1,234.50元", 123450),
        ("1234.5元", 123450),
        (" 5万 ", 5_000_000),
        ("5万元", 5_000_000),
        ("0.000001万", 1),
        ("１，２３４．５０", 123450),
        ("0", 0),
        ("-3.20", -320),
        ("1000000", 100_000_000),
        ("1.500", 150),
    ],
)
def test_reads_what_clerks_type(text, fen):
    assert Money.parse(text) == Money(fen)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "约10", "10左右", "NaN", "inf", "1e5", "1E+17", "1,23.4", "1234,567", ",123", "1.2.3", "0.001",
        "1.234元", "0.0000001万", "1234567890123456", "999999999999.99万", "--5", "-¥-5", "一百", "5亿", "10-20",
        "1 000", "٣", "=1+1", "5万万",
    ],
)  # fmt: skip
def test_refuses_what_is_no_exact_amount(text):
    with pytest.raises(BadValue, match="请"):
        Money.parse(text)


def test_shows_groups_plain_yuan_and_the_shortest_wan():
    money = Money(10_050_000)
    assert (str(money), money.yuan, money.wan) == ("100,500.00", "100500.00", "10.05")
    assert (str(Money(-5)), Money(1).wan, Money(10_000_000).wan) == ("-0.05", "0.000001", "10")
    assert (ZERO.wan, ZERO.yuan, str(ZERO)) == ("0", "0.00", "0.00")


@given(FEN)
def test_every_text_form_reads_back_to_the_same_fen(fen):
    money = Money(fen)
    assert Money.parse(str(money)) == Money.parse(money.yuan) == money
    assert Decimal(money.wan) * 1_000_000 == fen


@given(st.lists(FEN))
def test_sums_are_exact(fens):
    assert Money.total(map(Money, fens)) == Money(sum(fens))


@given(FEN, FEN)
def test_adds_subtracts_orders_and_is_true_unless_zero(a, b):
    assert Money(a) + Money(b) - Money(b) == Money(a)
    assert (Money(a) < Money(b)) == (a < b)
    assert bool(Money(a)) == (a != 0)
    assert -Money(a) + Money(a) == ZERO


@pytest.mark.parametrize("fen", [1.0, Decimal(1), True, "1"])
def test_nothing_but_a_whole_number_of_fen_is_money(fen):
    with pytest.raises(TypeError):
        Money(fen)


@pytest.mark.parametrize("other", [1, 0.5, Decimal(1)])
def test_money_does_not_mix_with_plain_numbers(other):
    with pytest.raises(TypeError):
        Money(1) + other
