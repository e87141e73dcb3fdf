"""The grid of 28 × 22, and where lines may break."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zjtx_desktop.documents import grid
from zjtx_desktop.documents.grid import (
    BODY,
    CELL,
    FLUSH,
    NO_END,
    NO_START,
    WIDTH,
    Column,
    break_lines,
    tokens,
)

HAN = "各县市区人民政府财政局工业和信息化部门专精特新中小企业"
CLOSING = "，。、；：？！）》〕】”’」』〉％"
OPENING = "（《〔【“‘「『〈"
PLAIN = Column(first=0.0)


def lines(text: str, column: Column = PLAIN) -> list[str]:
    return [line.text for line in break_lines(text, column)]


def test_twenty_eight_characters_and_twenty_two_lines_fill_the_text_area():
    assert pytest.approx(156 * grid.MM) == 27 * CELL + grid.SIZE_3
    assert pytest.approx(225 * grid.MM) == 21 * grid.PITCH + grid.SIZE_3
    assert pytest.approx(grid.SIZE_3 * 15 / 8, rel=0.004) == grid.PITCH


def test_a_line_holds_28_characters_and_ends_on_the_right_edge():
    first, second = break_lines("字" * 56, PLAIN)
    assert len(first.text) == len(second.text) == 28
    assert first.right == pytest.approx(WIDTH, abs=0.01)


def test_the_first_line_stands_in_two_characters():
    first, *_ = break_lines("字" * 56)
    assert (len(first.text), first.indent) == (26, 2 * CELL)


@pytest.mark.parametrize("mark", CLOSING)
@pytest.mark.parametrize("before", [26, 27, 28, 29])
def test_a_closing_mark_never_begins_a_line(mark, before):
    shown = lines((HAN * 3)[:before] + mark + HAN)
    assert all(line[0] not in NO_START for line in shown)


@pytest.mark.parametrize("mark", OPENING)
@pytest.mark.parametrize("before", [26, 27, 28])
def test_an_opening_mark_never_ends_a_line(mark, before):
    shown = lines((HAN * 3)[:before] + mark + HAN)
    assert all(line[-1] not in NO_END for line in shown)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("奖励资金100000.00元，", "100000.00元"),
        ("奖励资金￥1234567.89，", "￥1234567.89"),
        ("根据（饶府办发〔2023〕12号）", "饶府办发〔2023〕12号"),
        ("根据《意见》（赣工信企业字〔2024〕106号）", "赣工信企业字〔2024〕106号"),
        ("大写：人民币壹拾万元整", "人民币壹拾万元整"),
        ("于10月15日印发", "10月15日"),
        ("在2024年度", "2024年度"),
        ("不低于10万元的", "10万元"),
        ("增长5.5%以上", "5.5%"),
        ("第5号公告", "第5号"),
        ("全角２０２４年", "２０２４年"),
        ("代码91361123MA35F0KQ2C", "91361123MA35F0KQ2C"),
        ("说明——", "——"),
        ("等等……", "……"),
    ],
)
@pytest.mark.parametrize("shift", range(14, 28))
def test_what_belongs_together_stays_on_one_line(text, whole, shift):
    shown = lines(HAN[:13] * 2 + "的" * (shift - 14) + text + HAN)
    assert any(whole in line for line in shown)


def test_long_capital_amounts_break_only_between_their_groups():
    amount = "人民币壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元零壹角贰分"
    assert tokens(amount) == ["人民币壹拾贰亿", "叁仟肆佰伍拾陆万", "柒仟捌佰玖拾元", "零壹角贰分"]
    assert tokens("人民币贰拾万零伍拾贰元整") == ["人民币贰拾万零伍拾贰元整"]


def test_punctuation_gives_way_before_a_character_is_pushed_down():
    first, _ = break_lines("各县，" + "字" * 25 + "。" + "后" * 5, PLAIN)
    assert first.text.endswith("。")
    assert len(first.text) == 29
    assert first.right <= WIDTH + 0.05


def test_a_shortened_line_is_stretched_to_the_edge_and_never_within_a_number():
    first, *_ = break_lines("字" * 25 + "100000.00元" + "字" * 30, PLAIN)
    assert first.right == pytest.approx(WIDTH, abs=0.01)
    text = "在2024年" + "字" * 21 + "100000.00元" + "字" * 30
    first, *_ = break_lines(text, PLAIN)
    at = first.text.index("2024")
    assert max(first.spaces) > BODY.gap
    assert first.spaces[at : at + 4] == (pytest.approx(BODY.gap),) * 4


def test_the_last_line_is_not_stretched():
    assert set(break_lines("字" * 30, PLAIN)[-1].spaces) == {PLAIN.gap}


def test_a_word_wider_than_the_column_is_cut_where_it_may_be():
    narrow = Column(size=12.0, cell=12.0, width=84.0, first=0.0)
    assert lines("饶府办发〔2023〕12号", narrow) == ["饶府办发", "〔2023〕12号"]
    assert "".join(lines("A" * 90, FLUSH)) == "A" * 90


def test_blanks_between_words_do_not_push_a_line_out():
    for line in break_lines("word " * 40, PLAIN):
        assert line.right <= WIDTH + 0.01


WORD = st.one_of(
    st.text("甲乙丙丁县市专精特新企业", min_size=1, max_size=9),
    st.sampled_from(list(CLOSING)),
    st.sampled_from(list(OPENING)),
    st.from_regex(r"\A[0-9]{1,7}(\.[0-9]{2}元)?\Z"),
    st.from_regex(r"\A[A-Za-z]{1,8} ?\Z"),
    st.sampled_from(["——", "……", "〔2023〕12号", "10月15日", "人民币壹拾万元整"]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORD, max_size=80).map("".join), st.integers(12, 28), st.booleans())
def test_no_character_is_lost_and_no_line_is_too_wide(text, cells, justify):
    width = (cells - 1) * CELL + grid.SIZE_3
    column = Column(width=width, justify=justify)
    shown = break_lines(text, column)
    assert "".join(line.text for line in shown) == text
    assert all(line.right <= width + 0.05 for line in shown)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text("甲乙丙丁县市专精特新", min_size=2, max_size=9),
            st.sampled_from([*CLOSING, *OPENING, "——"]),
        ),
        max_size=40,
    ),
    st.integers(12, 28),
)
def test_no_line_begins_or_ends_with_a_forbidden_mark(parts, cells):
    text = "".join(han + mark for han, mark in parts) + "完"
    shown = lines(text, Column(width=(cells - 1) * CELL + grid.SIZE_3))
    assert all(line[0] not in NO_START for line in shown)
    assert all(line[-1] not in NO_END for line in shown[:-1])


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_tokens_joined_are_the_text(text):
    assert "".join(tokens(text)) == text
