"""Amounts in capitals against the official examples of 支付结算办法 附一 and a golden table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import Money, uppercase

DIGITS = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("1409.50", ["壹仟肆佰零玖元伍角", "壹仟肆佰零玖元伍角整"]),
        ("6007.14", ["陆仟零柒元壹角肆分"]),
        ("1680.32", ["壹仟陆佰捌拾元零叁角贰分", "壹仟陆佰捌拾元叁角贰分"]),
        ("107000.53", ["壹拾万柒仟元零伍角叁分", "壹拾万零柒仟元伍角叁分"]),
        ("16409.02", ["壹万陆仟肆佰零玖元零贰分"]),
        ("325.04", ["叁佰贰拾伍元零肆分"]),
    ],
)
def test_official_examples(text, accepted):
    assert uppercase(Money.parse(text)).removeprefix("人民币") in accepted


@pytest.mark.parametrize(
    ("text", "capitals"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.32", "叁角贰分"),
        ("10", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("101", "壹佰零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        ("10000", "壹万元整"),
        ("30506.80", "叁万零伍佰零陆元捌角整"),
        ("100000", "壹拾万元整"),
        ("100500", "壹拾万零伍佰元整"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("300000", "叁拾万元整"),
        ("1000000", "壹佰万元整"),
        ("1010000", "壹佰零壹万元整"),
        ("20010000", "贰仟零壹万元整"),
        ("100000005", "壹亿零伍元整"),
        ("100010001", "壹亿零壹万零壹元整"),
        ("100001000", "壹亿零壹仟元整"),
        ("1000000000000", "壹万亿元整"),
        ("1234500000000", "壹万贰仟叁佰肆拾伍亿元整"),
        ("1000100000000", "壹万零壹亿元整"),
        ("1020345678901.23", "壹万零贰佰零叁亿肆仟伍佰陆拾柒万捌仟玖佰零壹元贰角叁分"),
    ],
)
def test_golden_table(text, capitals):
    assert uppercase(Money.parse(text)) == f"人民币{capitals}"


def test_a_negative_or_endless_amount_has_no_capitals():
    for fen in (-1, 10**18):
        with pytest.raises(BadValue, match="请核对"):
            uppercase(Money(fen))


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_capitals_read_back_to_the_same_amount_and_say_zero_once(fen):
    text = uppercase(Money(fen))
    assert read(text.removeprefix("人民币")) == fen
    assert "零零" not in text
    assert text.endswith("整") == (fen % 10 == 0)


def read(text: str) -> int:
    """An independent reader of capitals, in fen."""
    whole, _, rest = text.removesuffix("整").rpartition("元")
    fen = digit = 0
    for character in rest:
        if character in DIGITS:
            digit = DIGITS[character]
        else:
            fen += digit * {"角": 10, "分": 1}[character]
    return read_whole(whole) * 100 + fen


def read_whole(text: str) -> int:
    for name, size in (("亿", 10**8), ("万", 10**4)):
        high, found, low = text.rpartition(name)
        if found:
            return read_whole(high) * size + read_whole(low)
    total = digit = 0
    for character in text:
        if character in UNITS:
            total, digit = total + digit * UNITS[character], 0
        else:
            digit = DIGITS[character]
    return total + digit
