"""Beneficiary treasuries with shares, read and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import Division, Share, format_shares, parse_shares

YUSHAN, ZONE = Division("361123"), Division("361191")


@pytest.mark.parametrize(
    "text",
    [
        "玉山县60%、上饶经开区40%",
        "玉山县 60%，经开区 40%",
        "玉山县（60％）；上饶经济技术开发区（40％）",
        "361123 60%,361191 40%",
        "玉山县60%\n上饶经开区40%",
    ],
)
def test_two_treasuries_with_percentages(text):
    assert parse_shares(text) == (Share(YUSHAN, 60), Share(ZONE, 40))


@pytest.mark.parametrize("text", ["玉山县", "玉山县100%", " 江西省上饶市玉山县 "])
def test_one_treasury_bears_all(text):
    assert parse_shares(text) == (Share(YUSHAN, 1),)


def test_decimal_percentages_become_whole_weights():
    assert parse_shares("玉山县33.3%、上饶经开区66.70%") == (Share(YUSHAN, 333), Share(ZONE, 667))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("玉山县60%、上饶经开区30%", "90%"),
        ("玉山县60%、上饶经开区50%", "110%"),
        ("玉山县60%、玉山40%", "两次"),
        ("玉山县100%、上饶经开区0%", "为 0"),
        ("玉山县、上饶经开区", "看不懂"),
        ("", "看不懂"),
        ("60%、40%", "看不懂"),
        ("南昌市60%、玉山县40%", "不在上饶市范围内"),
        ("玉山县-60%、上饶经开区160%", "160%"),
    ],
)
def test_what_does_not_add_up_or_is_unclear_is_refused(text, said):
    with pytest.raises(BadValue, match="请") as refused:
        parse_shares(text)
    assert said in str(refused.value)


@given(
    st.permutations(Division.all()), st.lists(st.integers(min_value=1, max_value=30), min_size=1, max_size=3)
)
def test_percentages_read_back(divisions, weights):
    shares = tuple(map(Share, divisions, (*weights, 100 - sum(weights))))
    assert parse_shares(format_shares(shares)) == shares


def test_weights_that_are_no_percentages_are_shown_as_a_ratio():
    assert format_shares((Share(YUSHAN, 1), Share(ZONE, 2))) == "玉山县、上饶经济技术开发区（比例 1:2）"
    assert format_shares((Share(YUSHAN, 1),)) == "玉山县"
    assert format_shares(()) == ""
