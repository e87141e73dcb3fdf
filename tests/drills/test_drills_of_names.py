"""Names that hurt: on paper, in cells, as file names; and the eyes of these drills see what they look for."""

import zlib

import pytest

from tests.drills.drill import Ledger
from tests.drills.hostile_files import why_no_name
from tests.drills.hostile_names import active, look, written_alone

NUMBERS = "15,16,17"


@pytest.mark.parametrize("number", ["15", "16", "17"])
def test_no_name_does_more_than_stand_there(held, number):
    held(number)


@pytest.mark.parametrize("what", [b"/URI(x)", b"/Subtype/Image", b"/OpenAction 3 0 R", b"/JS(x)", b"/Launch"])
def test_what_is_active_in_a_pdf_is_seen_outside_its_streams(what):
    packed = zlib.compress(what * 9)
    stream = b"1 0 obj\n<</Length %d>>stream\n%b\nendstream\nendobj\n" % (len(what), what)
    assert active(b"%PDF-1.7\n" + stream) == b"" and active(b"<<" + what + b">>\n" + packed)


def test_a_formula_in_a_cell_is_seen_and_a_text_that_is_gone(tmp_path):
    path = written_alone(tmp_path / "公式.xlsx", ["=1+1", "甲"])
    wrong = Ledger()
    look("列表", path, ["甲", "乙"], wrong)
    assert wrong.problems() == ("列表有公式或错误值", "列表里没有 '乙'")


@pytest.mark.parametrize("name", ["a/b", "a.", " a", "", "..", "con", "LPT9 .x", "COM¹", "甲" * 90, "x\ud800", "a\0"])
def test_what_is_no_file_name_is_seen(name):
    assert why_no_name(name)


def test_an_honest_name_is_a_file_name():
    assert not why_no_name("玉财奖〔2024〕1号_江西某某（上饶）有限公司.pdf")
