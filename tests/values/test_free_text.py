"""Free text has one parser: what nobody sees is refused, the sentence names the field, and lengths are held."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import MOST_NOTE, clean_name, free_text, look_alike


@pytest.mark.parametrize(
    "sign",
    ["\x00", "\x1b", "\x7f", "\u00ad", "\u200b", "\u200d", "\u200f", "\u202e", "\u2060", "\u2066", "\u3164", "\u2800", "\ufe0f", "\ufeff", "\ue000", "\ufffe", "\ud800"],
)
def test_a_sign_that_nobody_sees_is_refused_wherever_it_stands_with_the_name_of_the_field(sign):
    for text in (f"赣建{sign}国", f"{sign}赣建国", f"赣建国{sign}"):
        with pytest.raises(BadValue, match="收款单位.*看不见的控制符") as refused:
            free_text(text, "收款单位")
        assert str(refused.value).isprintable()


def test_the_place_of_the_sign_is_told():
    with pytest.raises(BadValue, match=r"异议人“赵六”第 2 个字符是看不见的控制符（U\+202E）"):
        free_text("赵\u202e六", "异议人")


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u3000"])
def test_blank_is_refused(text):
    with pytest.raises(BadValue, match="公示渠道是空的，请填写。"):
        free_text(text, "公示渠道")


def test_blanks_are_trimmed_and_collapsed_and_lines_kept_only_where_they_may_be():
    assert free_text("  县政府\u3000 门户\n网站 ", "公示渠道") == "县政府 门户 网站"
    assert free_text(" 第一行 \n\n 第二  行\n", "备注", MOST_NOTE, lines=True) == "第一行\n\n第二 行"


def test_the_longest_text_is_taken_and_one_letter_more_is_refused():
    assert free_text("同" * 200, "意见") == "同" * 200
    with pytest.raises(BadValue, match="意见有 201 个字，最多 200 个字。请缩短，详细的内容可以作为附件。"):
        free_text("同" * 201, "意见")


@pytest.mark.parametrize("text", ["O'Neil & Söhne", "第（一）批·“甲”", "𬭎业", "饶财〔2024〕9号", "ＡＢＣ"])
def test_what_a_person_may_well_write_is_kept_as_it_is(text):
    assert free_text(text, "名称") == text


@given(st.text())
def test_what_is_taken_is_taken_again_unchanged(text):
    try:
        once = free_text(text, "名称")
    except BadValue:
        return
    assert free_text(once, "名称") == once


def test_a_name_out_of_a_list_is_rid_of_what_word_processors_leave_and_held_to_its_length():
    assert clean_name("\ufeff江西某\u200b某公司") == "江西某某公司"
    with pytest.raises(BadValue, match="企业名称有 101 个字"):
        clean_name("江" * 101, "企业名称")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ABC科技", "АВС科技"),
        ("Ｏ2科技", "02科技"),
        ("oo七公司", "00七公司"),
        ("上饶力达公司", "上饶カ达公司"),
        ("江西日新公司", "江西曰新公司"),
        ("上饶一凡", "上饶ー凡"),
    ],
)
def test_names_of_other_letters_that_look_the_same_meet(one, other):
    assert one != other
    assert look_alike(one) == look_alike(other)


def test_names_that_read_differently_do_not_meet():
    assert look_alike("江西甲公司") != look_alike("江西乙公司")
    assert look_alike("ABC科技") != look_alike("ABD科技")
