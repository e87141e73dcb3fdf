"""The code on paper: read however it is typed, and a slip of the hand is told from another history."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import HeadCode
from zjtx_desktop.values.head_code import LETTERS

SHA = hashlib.sha256(b"128").hexdigest()
CODE = HeadCode.of(128, SHA)
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)
NUMBERS = st.integers(1, 999_999_900)


@given(NUMBERS, HASHES)
def test_what_is_printed_reads_back_and_holds_130_bits(number, sha):
    code = HeadCode.of(number, sha)
    assert HeadCode.parse(str(code)) == HeadCode.parse(code.scanned) == code
    assert code.is_of(sha) and len(code.head) == 26
    value = 0
    for letter in code.head:
        value = value * 32 + LETTERS.index(letter)
    assert value == int(sha, 16) >> 126


@pytest.mark.parametrize(
    "typed",
    [
        str(CODE).lower(),
        str(CODE).replace("-", ""),
        str(CODE).replace("-", " "),
        str(CODE).replace("-", "—"),
        f"  账簿校验码：{CODE} ",
        f"{str(CODE)[:19]}\n{str(CODE)[19:]}",
        f"奖补编号：361123-2024-0007　账簿校验码：{CODE}",
        CODE.scanned.lower(),
        f"{CODE.scanned}\r\n",
        str(CODE).translate({ord("0"): "O", ord("1"): "i"}),
        str(CODE).translate({ord("0"): "o", ord("1"): "L"}),
        str(CODE).translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)}),
    ],
)
def test_a_code_is_read_as_people_and_scanners_type_it(typed):
    assert HeadCode.parse(typed) == CODE


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "从操作号输起"),
        ("128", "从操作号输起"),
        (str(CODE)[4:], "从操作号输起"),
        (str(CODE)[:-1], "现在是 27 个"),
        (f"{CODE}7", "现在是 29 个"),
        (str(CODE)[:-1] + "U", "不会有“U”（操作号后第 28 个）"),
        (str(CODE)[:-1] + "码", "不会有“码”"),
    ],
)
def test_a_slip_is_told_and_nothing_is_said_of_any_book(typed, said):
    with pytest.raises(BadValue, match=said):
        HeadCode.parse(typed)


@given(NUMBERS, HASHES, st.integers(0, 27), st.sampled_from(LETTERS))
def test_any_single_wrong_letter_is_found(number, sha, place, letter):
    plain = str(HeadCode.of(number, sha)).partition("-")[2].replace("-", "")
    wrong = plain[:place] + letter + plain[place + 1 :]
    if wrong != plain:
        with pytest.raises(BadValue, match="输错"):
            HeadCode.parse(f"{number}-{wrong}")


@given(NUMBERS, HASHES, st.integers(0, 25))
def test_two_letters_exchanged_are_found(number, sha, place):
    plain = str(HeadCode.of(number, sha)).partition("-")[2].replace("-", "")
    wrong = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    if wrong != plain:
        with pytest.raises(BadValue, match="输错"):
            HeadCode.parse(f"{number}-{wrong}")


@given(NUMBERS, st.integers(-9, 9), HASHES)
def test_a_number_typed_wrongly_is_found(number, by, sha):
    code = HeadCode.of(number, sha)
    other = number + by
    if by and other > 0:
        with pytest.raises(BadValue, match="输错"):
            HeadCode.parse(f"{other}{str(code)[len(str(number)) :]}")


@given(st.text(max_size=60))
def test_no_text_does_more_than_be_refused(text):
    try:
        HeadCode.parse(text)
    except BadValue as refused:
        assert str(refused).endswith("。")
