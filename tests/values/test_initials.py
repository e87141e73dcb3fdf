"""Pinyin initials: what a clerk types without an input method stands in what is kept of a name."""

from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.values import initials, initials_sought
from zjtx_desktop.values.initials import MOST

# The first character of each letter in GB/T 2312, whose first level stands in the order of pinyin.
FIRST = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
LETTERS = "abcdefghjklmnopqrstwxyz"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("上饶市某某科技有限公司", "srsmmkjyxgs"),
        ("江西（上饶）某某 科技", "jxsrmmkj"),
        ("ＡＢＣ3D打印厂", "abc3ddyc"),
        ("瑄煜 — 鑫垚", "xyxy"),
        ("。、！", ""),
        ("", ""),
    ],
)
def test_each_character_gives_its_first_letter_and_signs_give_none(name, wanted):
    assert initials(name) == wanted


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("景秋科技", "JQKJ"),
        ("重庆长安", "cqca"),
        ("重型机械", "ZXJX"),
        ("玉山县乐平长运", "lpcy"),
        ("音乐之声", "yyzs"),
        ("铅山县铜业", "ysxty"),
        ("铅锌矿", "qxk"),
        ("农村商业银行", "yh"),
        ("厦门某某", "xm"),
        ("示例厂", "ｓｌｃ"),
    ],
)
def test_a_name_is_found_by_every_usual_reading(name, typed):
    assert initials_sought(typed) in initials(name)


@pytest.mark.parametrize("text", ["", "j", "科技", "科j", "361123", "j-k", "jq kj 科"])
def test_what_is_no_row_of_letters_seeks_no_initials(text):
    assert initials_sought(text) == ""


def test_blanks_and_capitals_between_letters_do_not_matter():
    assert initials_sought(" JQ kj ") == "jqkj"


def test_several_names_are_found_by_any_and_kept_once():
    assert initials("示例甲厂", "老厂", "老厂", "") == "sljc lc"


def test_many_doubtful_characters_do_not_multiply_without_end():
    ways = initials("长重行乐会传单曾" * 5).split()
    assert len(ways) == MOST and len({len(way) for way in ways}) == 1


def test_the_letters_agree_with_the_national_character_set():
    """All but a few of its 3,755 commonest characters; those few have several readings."""
    places = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    common = [place.decode("gb2312", "ignore") for place in places]
    common = [character for character in common if len(character) == 1]
    starts = [common.index(character) for character in FIRST]
    expected = [LETTERS[bisect_right(starts, place) - 1] for place in range(len(common))]
    unlike = [c for c, letter in zip(common, expected, strict=True) if letter not in initials(c).split()]
    assert len(common) == 3755
    assert set(unlike) <= set("匙脯槛咯傀炔伺辗椎")


@given(st.text(max_size=40))
def test_any_text_gives_small_letters_and_figures_in_ways_of_one_length(text):
    ways = initials(text).split(" ")
    assert len({len(way) for way in ways}) == 1 and len(ways) <= MOST
    assert all(way.isascii() and (way.isalnum() or not way) and way == way.lower() for way in ways)
