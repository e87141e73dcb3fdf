"""Which face draws a character, and that nothing is printed that no face can draw."""

import struct
import zlib
from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.pdfbase.ttfonts import TTFontFile

from zjtx_desktop.documents import fonts, grid, truetype, wording
from zjtx_desktop.documents.embedding import subset
from zjtx_desktop.documents.page import Sheet, single
from zjtx_desktop.documents.pdf import PdfFile
from zjtx_desktop.errors import BadFile, Refused
from zjtx_desktop.paths import RESOURCES

ABSENT = "𠮷"


def written(text: str, face: str = fonts.FANG) -> bytes:
    out = BytesIO()
    file = PdfFile(out, "试")
    sheet = Sheet()
    sheet.line(single(text, face, 12.0), 72, 72)
    sheet.write(file)
    file.close()
    return out.getvalue()


@pytest.mark.parametrize("name", fonts.FACES)
def test_every_face_draws_the_wording_set_in_it(name):
    assert wording.characters()[name] <= fonts.face(name).glyphs.keys()


def test_a_character_comes_from_the_next_face_that_has_it():
    assert fonts.home("江", fonts.FANG) == fonts.FANG
    assert fonts.home("𬱖", fonts.FANG) == fonts.KAI
    assert fonts.home("“", fonts.KAI) == fonts.FANG
    assert fonts.home(ABSENT, fonts.FANG) is None


def test_missing_lists_each_character_once_and_in_order():
    assert fonts.missing("甲☑乙☑" + ABSENT) == ("☑", ABSENT)
    assert fonts.missing("甲乙（）《》〔2024〕") == ()


def test_a_character_without_glyph_is_refused_with_its_code_point_and_its_place():
    with pytest.raises(Refused, match=r"“某公司”的收款单位名称中的 “☑”（U\+2611）"):
        fonts.require("甲☑", "“某公司”的收款单位名称")
    with pytest.raises(Refused, match=r"“□”（U\+200B）"):
        fonts.require("甲\u200b乙", "企业名称")


@pytest.mark.parametrize("name", fonts.FACES)
def test_punctuation_that_gives_up_half_a_cell_has_that_half_blank(name):
    own = [char for char in grid._BLANK_LEFT | grid._BLANK_RIGHT if fonts.home(char, name) == name]
    for char in own:
        left, _, right, _ = fonts.face(name).bounds(char)
        assert left >= 500 if char in grid._BLANK_LEFT else right <= 500, char


@pytest.mark.parametrize("name", fonts.FACES)
def test_text_comes_back_from_the_file_beyond_the_bmp_too(name, read):
    text = "江西𬱖𬭊𬬻昇，专精特新〔2024〕12号￥100000.00"
    assert read(written(text, name)) == [text]


def test_more_than_a_hundred_characters_of_one_subset_come_back(read):
    text = "".join(chr(code) for code in range(0x4E00, 0x5200) if not fonts.missing(chr(code)))[:600]
    assert read(written(text)) == [text]


def test_a_subset_is_a_sound_font_whose_widths_are_those_of_the_face():
    pack = subset("G0", "江西光电")
    program = zlib.decompress(pack.program)
    assert len(program) == pack.program_length
    assert sum(struct.unpack(f">{len(program) // 4}L", program)) & 0xFFFFFFFF == 0xB1B0AFBA
    assert pack.widths == ""
    code = fonts.face(fonts.FANG).glyphs["1"]
    assert subset("G0", "1").widths == f"{code}[500]"


def test_glyph_numbers_lead_to_the_glyphs_of_the_subset():
    owner = fonts.face(fonts.FANG)
    places = zlib.decompress(subset("G0", "江西").glyph_map)
    found = [place for place in struct.unpack(f">{len(places) // 2}H", places) if place]
    assert sorted(found) == [1, 2]
    at = 2 * owner.glyphs["江"]
    assert places[at : at + 2] == b"\0\1"


def test_all_fonts_are_embedded_and_no_other_is_named():
    page = PdfReader(BytesIO(written("江西𬱖1"))).pages[0]
    for font in page["/Resources"]["/Font"].values():
        whole = font.get_object()
        assert whole["/Encoding"] == "/Identity-H"
        assert whole["/DescendantFonts"][0]["/Subtype"] == "/CIDFontType2"
        assert "/FontFile2" in whole["/DescendantFonts"][0]["/FontDescriptor"]


@pytest.mark.parametrize("name", fonts.FACES)
def test_characters_and_outlines_are_those_reportlab_reads(name):
    file, theirs = fonts.face(name).file, TTFontFile(str(RESOURCES / "fonts" / f"{name}.ttf"))
    assert file.glyphs == {chr(code): glyph for code, glyph in theirs.charToGlyph.items() if glyph}
    outlines, places = theirs.get_table("glyf"), theirs.glyphPos
    for glyph in range(theirs.numGlyphs):
        assert file.outline(glyph) == outlines[places[glyph] : places[glyph + 1]]


def test_a_file_that_is_no_truetype_font_is_refused(tmp_path):
    path = tmp_path / "坏.ttf"
    path.write_bytes((RESOURCES / "fonts" / "GWHei.ttf").read_bytes()[:4000])
    with pytest.raises(BadFile, match=r"坏\.ttf"):
        truetype.TrueType(path)
