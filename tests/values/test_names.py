"""Names are compared without what the eye does not see, and kept without control signs."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values import clean_name, fold_name

NAME = "江西某某（上饶）有限公司"


@pytest.mark.parametrize(
    "other",
    [
        "江西某某(上饶)有限公司",
        "江西某某〔上饶〕有限公司",
        "江西某某【上饶】有限公司",
        " 江西某某 （上饶） 有限公司\u3000",
        "江西\u200b某某（上饶）有限公司\ufeff",
        "江西某某（上饶）有限公司\u202e",
        "江西\u3164某某（上饶）\u2800有限公司",
        "江西某某（上饶）有限\ufe00公司",
    ],
)
def test_names_that_look_alike_fold_alike(other):
    assert fold_name(other) == fold_name(NAME)


def test_case_and_width_do_not_matter_but_words_do():
    assert fold_name("ＡＢＣ科技") == fold_name("abc科技")
    assert fold_name("江西某某有限公司") != fold_name("上饶某某有限公司")


@given(st.text())
def test_folding_twice_changes_nothing_and_leaves_nothing_unseen(text):
    key = fold_name(text)
    assert fold_name(key) == key
    assert not any(
        letter.isspace() or unicodedata.category(letter) in {"Cf", "Cc", "Cs", "Co"} for letter in key
    )


def test_the_kept_form_is_trimmed_and_collapsed():
    assert clean_name("  江西 \n 某某\u200b公司\t") == "江西 某某公司"


@pytest.mark.parametrize("text", ["江西\u202e某某", "江西\x00某某", "江西\ud800某某", "江西\u2066某某"])
def test_control_signs_are_refused_with_their_place(text):
    with pytest.raises(BadValue, match="第 3 个字符") as refused:
        clean_name(text)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_an_empty_name_is_refused(text):
    with pytest.raises(BadValue, match="请填写"):
        clean_name(text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"]), min_size=1))
def test_cleaning_twice_changes_nothing(text):
    try:
        once = clean_name(text)
    except BadValue:
        return
    assert clean_name(once) == once
