"""A report whose sums do not meet, or whose text no cell can hold, is refused before a byte is written."""

from dataclasses import replace

import pytest
from city_samples import NATIONAL, OPEN, PROVINCIAL, REFUSED, REPORT, SHARED, TEN, TWENTY, VOIDED

from zjtx_desktop.domain.ledger import Balance
from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.city_report import Sums, check_report
from zjtx_desktop.exchange.city_workbook import write_city_workbook
from zjtx_desktop.values import ZERO, Money

FEN, FIFTY = Money(1), Money.parse("50万")

WRONG = [
    (replace(NATIONAL, total=TEN), "受益财政加市级财政 300,000.00 元，合计 100,000.00 元，相差 200,000.00 元"),
    (replace(NATIONAL, municipal=TWENTY - FEN), "相差 -0.01 元"),
    (replace(NATIONAL, treasuries=(("玉山县", TEN - FEN),)), "各受益财政分担 99,999.99 元，受益财政奖励 100,000.00 元"),
    (replace(VOIDED, total=TEN), "玉奖2024-0004.*相差"),
    (replace(REFUSED, treasuries=(("玉山县", TEN),), beneficiary=TEN, total=TEN), "结论是不予奖励，却带有金额"),
    (replace(OPEN, municipal=TEN, total=TEN), "结论是待定，却带有金额 100,000.00 元"),
    (replace(NATIONAL, verdict="maybe"), "不能识别"),
    (replace(NATIONAL, state="已作废"), "状态“已作废”不能识别"),
    (replace(NATIONAL, treasuries=(("玉山县", -TEN),), beneficiary=-TEN, total=TEN), "负数金额 -100,000.00 元"),
    (replace(NATIONAL, number=PROVINCIAL.number), "奖补编号 玉奖2024-0002 出现了 2 次"),
    (replace(NATIONAL, organisation="甲\x07乙"), r"第 2 个字符是看不见的控制符（U\+0007）"),
    (replace(NATIONAL, organisation="甲\u202e乙"), r"控制符（U\+202E）"),
    (replace(NATIONAL, reasons=("好", "坏\ud800")), r"控制符（U\+D800）"),
    (replace(NATIONAL, treasuries=(("玉山县\x00", TEN),)), "控制符"),
    (replace(NATIONAL, organisation="长" * 32_768), "超过 32,767 个字"),
    (replace(NATIONAL, organisation="𠮷" * 16_384), "超过 32,767 个字"),
    (replace(NATIONAL, organisation="甲_x0041_乙"), "另作解释的字符“_x0041_”"),
]


@pytest.mark.parametrize(("row", "sentence"), WRONG)
def test_a_wrong_row_is_refused_with_the_difference_and_nothing_is_written(tmp_path, row, sentence):
    report = replace(REPORT, rows=(row, PROVINCIAL, SHARED))

    with pytest.raises(Refused, match=sentence) as caught:
        write_city_workbook(report, tmp_path / "上报.xlsx")

    assert "请" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("field", ["office", "round_name", "prepared_by", "policy", "earlier", "head"])
def test_control_characters_are_refused_wherever_they_come_from(field):
    with pytest.raises(Refused, match="报表第 1 个字符"):
        check_report(replace(REPORT, **{field: "\x1b"}))


def test_an_amount_that_a_cell_would_round_is_refused():
    most = Money(10**15)
    row = replace(NATIONAL, treasuries=(("玉山县", most),), beneficiary=most, municipal=ZERO, total=most)

    with pytest.raises(Refused, match="超过 15 位数字"):
        check_report(replace(REPORT, rows=(row,)))


def test_a_sum_that_a_cell_would_round_is_refused():
    most = Money(10**15 - 1)
    rows = [
        replace(
            NATIONAL, number=number, treasuries=(("玉山县", most),), beneficiary=most, municipal=ZERO, total=most
        )
        for number in ("1", "2")
    ]

    with pytest.raises(Refused, match="超过 15 位数字"):
        check_report(replace(REPORT, rows=tuple(rows)))


def test_several_drafts_without_a_number_are_no_duplicates():
    check_report(replace(REPORT, rows=(replace(NATIONAL, number=""), replace(SHARED, number=""))))


def test_texts_that_fill_a_cell_only_together_are_refused_not_cut(tmp_path):
    row = replace(NATIONAL, flags=("长" * 20_000, "长" * 20_000))

    with pytest.raises(Refused, match="超过 32,767 个字"):
        write_city_workbook(replace(REPORT, rows=(row,)), tmp_path / "上报.xlsx")

    assert list(tmp_path.iterdir()) == []


def test_voided_awards_refusals_and_open_cases_are_in_no_sum():
    assert Sums.of(REPORT.counted) == Sums(3, TEN + TEN + TEN, TWENTY, FIFTY, Balance(FIFTY, left=FIFTY, to_come=TWENTY))
    assert REPORT.awards == (NATIONAL, PROVINCIAL, SHARED, VOIDED)
    assert REPORT.others == (REFUSED, OPEN)
