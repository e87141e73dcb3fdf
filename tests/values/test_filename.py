"""File names are safe everywhere, whatever the name of the organisation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.values import safe_filename


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("通知〔2024〕1号 江西某某公司", "通知〔2024〕1号 江西某某公司"),
        ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("COM¹", "_COM¹"),
        ("LPT9 .pdf", "_LPT9 .pdf"),
        ("名称. ", "名称"),
        ("..", "_"),
        ("", "_"),
        ("\u202e甲", "甲"),
        ("甲\n乙", "甲 乙"),
        ("甲\x01乙", "甲_乙"),
        ("甲\ud800乙", "甲_乙"),
    ],
)
def test_known_traps(text, name):
    assert safe_filename(text) == name


@given(st.text(alphabet=st.characters()), st.integers(min_value=3, max_value=80))
def test_any_text_makes_a_name_that_can_be_written(tmp_path_factory, text, limit):
    name = safe_filename(text, limit)
    assert 0 < len(name) <= limit
    assert len(name.encode()) <= 3 * limit
    assert not name.endswith((" ", ".")) or name == "_"
    assert not set(name) & set('<>:"/\\|?*')
    assert safe_filename(name, limit) == name


def test_a_long_name_is_cut_between_letters():
    assert safe_filename("玉" * 200) == "玉" * 80
    assert len(safe_filename("𠮷" * 200).encode()) <= 240


def test_the_name_can_really_be_written(tmp_path):
    path = tmp_path / safe_filename("江西某某(上饶)有限公司/第1号：通知")
    path.write_text("", encoding="utf-8")
    assert path.exists()
