"""Dates and years in every form of C11; a doubtful one is asked about."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import format_date, parse_date, parse_month, parse_year

JUNE_3 = date(2024, 6, 3)


@pytest.mark.parametrize(
    "value",
    [
        "2024-6-3", "2024.6.3", "2024/6/3", "2024年6月3日", "20240603", "2024-06-03", " 2024 年 6 月 3 日 ",
        "２０２４．６．３", "2024-06-03 00:00:00", "2024-06-03T08:30", "2024年6月3",
        "二〇二四年六月三日", "二○二四年六月三号", "2024年6月3号", "2024—06—03", "2024－06－03", "'2024-06-03", "2024-06-03\u200b",
        "45446", 45446, Decimal(45446), Decimal("45446.75"), 20240603,
        Decimal(20240603), JUNE_3, datetime(2024, 6, 3, 9, 0),
    ],
)  # fmt: skip
def test_every_form_of_one_day_is_the_same_date(value):
    assert parse_date(value) == JUNE_3


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("24.6.3", "是 2024年6月3日 吗"),
        ("24年6月3日", "是 2024年6月3日 吗"),
        ("45446.5", "不是完整的日期"),
        ("2023-12-31 23:59:17", "换算错的2024年1月1日"),
        (datetime(2023, 12, 31, 16, 0), "换算错的2024年1月1日"),
        ("2023-12-31T15:59:17", "换算错的2024年1月1日"),
        ("2024-02-30", "不存在"),
        ("20241301", "不存在"),
        ("2024年6月", "不是完整的日期"),
        ("2024-6/3", "不是完整的日期"),
        ("", "不是完整的日期"),
        ("去年", "不是完整的日期"),
        ("1912-01-01", "1980—2100"),
        (date(1979, 12, 31), "1980—2100"),
        (0, "不是有效日期"),
        (29220, "不是有效日期"),
        (99999, "不是有效日期"),
        (Decimal("NaN"), "不是有效日期"),
        (Decimal("20240603.5"), "不是有效日期"),
    ],
)
def test_a_doubtful_or_impossible_date_is_refused(value, said):
    with pytest.raises(BadValue, match="请") as refused:
        parse_date(value)
    assert said in str(refused.value)


@given(st.dates(min_value=date(1980, 1, 1), max_value=date(2100, 12, 31)))
def test_serials_and_printed_dates_read_back(day):
    assert parse_date((day - date(1899, 12, 30)).days) == day
    assert parse_date(format_date(day)) == parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "value", ["2024", "2024年", "2024年度", "２０２４", 2024, Decimal(2024), " 2024 年 "]
)
def test_years_are_read(value):
    assert parse_year(value) == 2024


@pytest.mark.parametrize(
    "value", ["24", "1999", "2101", "二〇二四", "", "2024.5", Decimal("2024.5"), "2024-06"]
)
def test_no_year_is_refused(value):
    with pytest.raises(BadValue, match="四位年份"):
        parse_year(value)


@pytest.mark.parametrize("text", ["2024年6月", "2024.6", "2024-06", "2024/6", "二〇二四年六月", "2024年6月份"])
def test_a_month_without_a_day_is_read_as_what_it_is(text):
    assert parse_month(text) == (2024, 6)


@pytest.mark.parametrize("text", ["2024年6月3日", "2024", "2024.13", "6月"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(BadValue, match="请"):
        parse_month(text)


@pytest.mark.parametrize(("text", "day"), [("二〇二四年十二月三十一日", date(2024, 12, 31)), ("二〇二五年十月二十日", date(2025, 10, 20))])
def test_chinese_numerals_of_dates_are_read(text, day):
    assert parse_date(text) == day
