"""The credit code of GB 32100: check digit, careful corrections, and damage done by spreadsheets."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import CreditCode, damaged_code

HUAWEI = "914403001922038216"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODIES = st.text(alphabet=ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize("text", [HUAWEI, "9144030071526726XG", "91360000625912173B"])
def test_real_codes_pass(text):
    assert CreditCode.parse(f" {text}\n").check_digit_ok
    assert str(CreditCode.parse(text)) == text


def test_the_example_printed_in_the_standard_is_read_but_fails_its_check():
    code = CreditCode.parse("91350100M000100Y4Z")
    assert not code.check_digit_ok
    assert code.expected_check == "3"
    assert CreditCode.parse("91350100M000100Y43").check_digit_ok


@pytest.mark.parametrize("start", ["12", "51", "52", "93", "Y1", "N2"])
def test_codes_of_institutes_and_associations_are_read(start):
    code = CreditCode(f"{start}36110000000000A0")
    assert CreditCode.parse(code.text[:17] + code.expected_check).check_digit_ok


@given(BODIES, st.sampled_from(ALPHABET))
def test_exactly_one_check_character_fits(body, last):
    expected = CreditCode(body + "0").expected_check
    assert CreditCode(body + last).check_digit_ok == (last == expected)


@given(BODIES, st.integers(min_value=0, max_value=16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(body, place, letter):
    right = body + CreditCode(body + "0").expected_check
    wrong = right[:place] + letter + right[place + 1 :]
    assert CreditCode(wrong).check_digit_ok == (wrong == right)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("91440300192203821S6", "19 位"),
        ("91440300S922038216", "第 9 位“S”"),
        ("91440300192203821！", "第 18 位“！”"),
        ("360000000000123", "旧工商注册号"),
        ("192203821", "组织机构代码"),
        ("", "0 位"),
        ("华为技术有限公司", "8 位"),
    ],
)
def test_a_wrong_length_or_letter_is_refused_with_its_place(text, said):
    with pytest.raises(BadValue, match="请") as refused:
        CreditCode.parse(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "91440300I922038216",
        "9144O3OO1922O38216",
        "91440300192203821６",
        "9144-0300-1922-0382-16",
        "9144 0300 1922 0382 16",
        "９１４４０３００１９２２０３８２１６",
        "\u200b914403001922038216",
    ],
)
def test_harmless_slips_are_suggested_and_taken_only_after_confirmation(text):
    assert CreditCode.suggest(text) == CreditCode(HUAWEI)
    with pytest.raises(BadValue, match=HUAWEI):
        CreditCode.parse(text)


def test_lower_case_is_suggested_and_a_good_or_hopeless_code_is_not():
    assert CreditCode.suggest("9144030071526726xg") == CreditCode("9144030071526726XG")
    assert CreditCode.suggest(HUAWEI) is None
    assert CreditCode.suggest("91440300S922038216") is None
    assert CreditCode.suggest("9.14E+17") is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("9.14E+17", "科学计数法"),
        ("9.14403001922038E+17", "科学计数法"),
        ("9.14e17", "科学计数法"),
        (914403001922038000, "15 位之后的数字丢失"),
        (Decimal("9.14403001922038E+17"), "15 位之后的数字丢失"),
        (Decimal("9.144030019220382E+17"), "15 位之后的数字丢失"),
        ("914403001922038216.0", "小数点"),
        (Decimal("914403001922038216.0"), "小数点"),
        ("14403001922038216", "17 位"),
        (14403001922038216, "17 位"),
        ("91440300192203821", "17 位"),
    ],
)
def test_damage_by_a_spreadsheet_is_told_with_what_to_do(value, said):
    reason = damaged_code(value)
    assert reason is not None
    assert said in reason
    assert "请把该列设为文本格式" in reason


def test_a_text_that_ends_in_zeros_and_fails_its_check_digit_is_damaged_too():
    assert "像是被表格软件当作数字存储" in (damaged_code("914403001922038000") or "")
    ends_in_zeros = next(
        f"91440300{middle:07d}000" for middle in range(100) if CreditCode(f"91440300{middle:07d}000").check_digit_ok
    )
    assert damaged_code(ends_in_zeros) is None


@pytest.mark.parametrize("value", [HUAWEI, int(HUAWEI), Decimal(HUAWEI), "", "华为"])
def test_an_undamaged_code_is_left_alone(value):
    assert damaged_code(value) is None


@pytest.mark.parametrize(
    "text",
    [
        "９１４４０３００１９２２０３８２１６", "9144 0300\xa01922\u30000382 16", "'914403001922038216", "914403001922038216\t",
        '="914403001922038216"', "\u200b914403001922038216", "9144-0300-1922-0382-16",
    ],
)  # fmt: skip
def test_a_code_written_oddly_has_one_reading_when_its_check_digit_agrees(text):
    assert CreditCode.one_reading(text) == CreditCode(HUAWEI)
    assert CreditCode.one_reading(text.replace("6", "7").replace("６", "７")) is None


def test_a_letter_for_the_digit_it_looks_like_is_proposed_when_the_check_digit_agrees():
    assert CreditCode.proposed("91440300I922O38216") == CreditCode(HUAWEI)
    assert CreditCode.proposed("914403001922O38217") is CreditCode.proposed(HUAWEI) is None
    assert CreditCode.one_reading("91440300I922O38216") is None


def test_parse_refuses_damaged_text_with_the_same_sentence():
    with pytest.raises(BadValue) as refused:
        CreditCode.parse("9.14E+17")
    assert str(refused.value) == damaged_code("9.14E+17")
