"""Organisations that are probably one: what is listed, what is not."""

import pytest

from zjtx_desktop.usecases import organisations
from zjtx_desktop.usecases.likely_pairs import ACCOUNT, ALIKE, FORMER_NAME, LEGAL_FORM, SAME_NAME, likely_pairs
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.values import CreditCode

VALID = [CreditCode(code) for code in ("91361123MA35F00016", "91361123MA35F0002" + CreditCode("91361123MA35F00020").expected_check)]
WRONG = CreditCode("91361123MA35F00017")


@pytest.fixture
def listed(book):
    """Register organisations by their forms; the pairs found, as names and reasons."""

    def found(*forms):
        with book.action("登记", "张三") as session:
            for form in forms:
                organisations.register(session, form)
        with book.reading() as session:
            return [(pair.first.name, pair.second.name, pair.reasons) for pair in likely_pairs(session)]

    return found


def coded(name, code, **more):
    return OrganisationForm(name=name, credit_code=code, code_reason=None if code.check_digit_ok else "执照如此", **more)


def test_a_name_of_one_and_a_former_name_of_the_other(listed):
    forms = OrganisationForm(name="示例实业有限公司"), coded("新名精密有限公司", VALID[0], former_names=("示例 实业有限公司",))
    assert listed(*forms) == [("新名精密有限公司", "示例实业有限公司", (FORMER_NAME,))]


def test_the_same_name_under_a_wrong_code_but_not_under_two_valid_ones(listed):
    assert listed(coded("示例（江西）有限公司", VALID[0]), coded("示例(江西)有限公司", WRONG)) == [
        ("示例（江西）有限公司", "示例(江西)有限公司", (SAME_NAME,))
    ]


def test_two_valid_codes_are_two(listed):
    forms = coded("示例（江西）有限公司", VALID[0]), coded("示例(江西)有限公司", VALID[1], former_names=("示例（江西）有限公司",))
    assert listed(*forms) == []


@pytest.mark.parametrize(
    ("one", "two", "reasons"),
    [
        ("示例精密有限责任公司", "示例精密有限公司", (LEGAL_FORM,)),
        ("示例精密有限公司", "示例精蜜有限公司", (ALIKE,)),
        ("江西示例精密有限公司", "江西示例精有限公司", (ALIKE,)),
        ("示例精密有限公司", "示例精密密有限公司", (ALIKE,)),
        ("示例精密有限公司", "别的精密有限公司", None),
        ("示例一厂有限公司", "示例二厂有限公司", None),  # a figure that counts
        ("示例甲有限公司", "示例甲乙有限公司", None),
        ("甲厂子", "甲厂了", None),  # too short to tell
    ],
)
def test_names_that_nearly_agree(listed, one, two, reasons):
    wanted = [(two, one, reasons)] if reasons else []
    assert listed(OrganisationForm(name=one), coded(two, VALID[0])) == wanted


def test_of_two_with_codes_a_slip_in_the_name_says_nothing(listed):
    assert listed(coded("示例精密有限公司", WRONG), coded("示例精蜜有限公司", VALID[0])) == []


def test_names_of_a_series_are_no_slips(listed):
    assert listed(*(OrganisationForm(name=f"示例{letter}字有限公司") for letter in "东西南北")) == []


def test_one_account_of_one_holder(listed):
    account = {"payee_name": "示例（江西）公司", "payee_bank": "示例银行", "payee_account": "3600 0001"}
    forms = OrganisationForm(name="东方精密有限公司", **account), OrganisationForm(
        name="上饶光学厂", **account | {"payee_account": "36000001", "payee_name": "示例(江西)公司"}
    )
    assert listed(*forms) == [("东方精密有限公司", "上饶光学厂", (ACCOUNT,))]
