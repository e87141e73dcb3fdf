"""Document numbers in every form that lists use, and one form that is printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import DocumentNumber


@pytest.mark.parametrize(
    "text",
    [
        "饶府办发〔2023〕12号", "饶府办发[2023]12号", "饶府办发【2023】12号", "饶府办发(2023)12号",
        "饶府办发（2023）12号", "饶府办发﹝2023﹞12号", "饶府办发〔2023〕第12号", "饶府办发〔2023〕012号",
        " 饶府办发 〔 2023 〕 12 号 ", "饶府办发〔２０２３〕１２号", "饶府办发［2023］12号", "饶府办发2023年12号",
        "饶府办发〔2023年〕12号",
    ],
)  # fmt: skip
def test_every_bracket_blank_and_width_is_one_number(text):
    assert DocumentNumber.parse(text) == DocumentNumber("饶府办发", 2023, 12)
    assert str(DocumentNumber.parse(text)) == "饶府办发〔2023〕12号"


@pytest.mark.parametrize(
    "text",
    ["工业和信息化部公告2024年第5号", "工业和信息化部2024年第5号公告", "工业和信息化部公告〔2024〕5号"],
)
def test_announcements_keep_their_own_form(text):
    assert str(DocumentNumber.parse(text)) == "工业和信息化部公告2024年第5号"


@pytest.mark.parametrize(
    "text",
    [
        "", "饶府办发", "12号", "〔2023〕12号", "饶府办发〔2023〕号", "饶府办发〔23〕12号", "饶府办发〔2023〕12",
        "饶府办发〔2023〕0号", "饶府办发〔1023〕12号", "饶府办发〔2023〕12号文件", "饶府办发〔2023〕1-2号",
    ],
)  # fmt: skip
def test_an_incomplete_number_is_refused(text):
    with pytest.raises(BadValue, match="请"):
        DocumentNumber.parse(text)


@given(
    st.text(alphabet="饶府办发赣工信部企业字规函", min_size=1, max_size=10),
    st.integers(min_value=1949, max_value=2100),
    st.integers(min_value=1, max_value=99_999),
)
def test_the_printed_form_reads_back(agency, year, serial):
    number = DocumentNumber(agency, year, serial)
    assert DocumentNumber.parse(str(number)) == number
