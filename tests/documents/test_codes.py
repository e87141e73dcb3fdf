"""The code of the book on paper: it holds what is printed beside it, and stands where nothing else does."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
import qr_reader
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader

from zjtx_desktop.documents.basis import BasisItem, write_basis
from zjtx_desktop.documents.joining import join
from zjtx_desktop.documents.letter import compose, letter_pdf, write_letters
from zjtx_desktop.documents.letter_sheet import lay_letter
from zjtx_desktop.documents.pdf import PdfFile
from zjtx_desktop.documents.qr import modules, square
from zjtx_desktop.documents.readback import check_letter
from zjtx_desktop.documents.tables import ListColumn, PrintedList, write_list
from zjtx_desktop.errors import BadValue, Refused
from zjtx_desktop.values import HeadCode, Money

MM = 72 / 25.4
DRAWN = re.compile(rb"q ([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+) cm /(Q[0-9a-f]{8}) Do Q")


def codes_on(page: PageObject) -> list[tuple[str, float, float, float]]:
    """Each code of a page: what it holds, then left, top and width in mm."""
    found = []
    for across, up, x, y, name in DRAWN.findall(page.get_contents().get_data()):
        drawing = page["/Resources"]["/XObject"]["/" + name.decode()]
        count = int(drawing["/BBox"][2])
        boxes = re.findall(r"(\d+) (\d+) (\d+) 1 re", drawing.get_data().decode())
        dark = {(count - 1 - int(b), int(a) + n) for a, b, width in boxes for n in range(int(width))}
        squares = tuple(tuple((row, column) in dark for column in range(count)) for row in range(count))
        assert across == up
        width = float(across) * count / MM
        top = (float(page.mediabox.height) - float(y)) / MM - width
        found.append((qr_reader.text_of(squares), float(x) / MM, top, width))
    return found


def pages(pdf: bytes) -> list[PageObject]:
    return list(PdfReader(BytesIO(pdf), strict=True).pages)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 999_999_999), st.binary(min_size=32, max_size=32))
def test_the_squares_hold_the_code(number, sha):
    code = HeadCode.of(number, sha.hex())
    assert HeadCode.parse(qr_reader.text_of(modules(code.scanned))) == code


def test_a_letter_carries_its_code_for_eyes_and_for_scanners(letter, read):
    pdf = letter_pdf(letter)
    (page,) = pages(pdf)
    ((held, *_),) = codes_on(page)
    assert str(HeadCode.parse(held)) == letter.code
    assert f"账簿校验码：{letter.code}" in read(pdf)[0]


def test_on_page_one_it_stands_between_the_text_area_and_the_red_rule(letter, painted):
    pdf = letter_pdf(letter)
    ((_, left, top, width),) = codes_on(pages(pdf)[0])
    (page,) = painted(pdf)
    rule = min(bar[1] for bar in page.bars if bar[2] == pytest.approx(170, abs=0.1) and bar[1] > 200)
    blank = 4 * width / 25  # four squares, which a scanner wants
    assert left == pytest.approx(28, abs=0.01) and width == pytest.approx(10, abs=0.01)
    assert top - (37 + 225) >= blank and rule - (top + width) >= blank


@pytest.mark.parametrize("length", [150, 400, 700])
def test_on_a_later_page_it_keeps_away_from_the_page_number(letter, painted, length):
    pdf = letter_pdf(replace(letter, recognition_document="关于公布" + "第一批" * length + "企业名单的通知"))
    *others, last = pages(pdf)
    assert not any(map(codes_on, others))
    ((_, left, top, width),) = codes_on(last)
    number_x, _ = painted(pdf)[-1].texts[0]
    even = len(others) % 2 == 1
    assert left + width == pytest.approx(28 + 156, abs=0.01) if even else left == pytest.approx(28, abs=0.01)
    foot = [x for x, _ in painted(pdf)[-1].texts[-2:]]
    assert number_x + 20 < min(foot) if even else number_x > max(foot) + 60
    assert top > 37 + 225


def test_a_draft_has_none(draft, read):
    pdf = letter_pdf(draft)
    assert not any(map(codes_on, pages(pdf))) and "校验码" not in "".join(read(pdf))


def test_no_letter_is_made_with_a_code_that_is_none(letter):
    with pytest.raises(BadValue, match="输错"):
        compose(replace(letter, code=letter.code[:-1] + "2"))


def test_the_letters_of_a_batch_share_one_drawing_also_when_joined(letter):
    many = [replace(letter, number=f"玉工信字〔2024〕{n}号") for n in range(1, 31)]
    together, joined = BytesIO(), BytesIO()
    write_letters(many, together)
    join([letter_pdf(one) for one in many], joined)
    for out in (together, joined):
        assert out.getvalue().count(b"/Subtype/Form") + out.getvalue().count(b"/Subtype /Form") == 1
        assert all(codes_on(page) for page in pages(out.getvalue()))


def test_two_batches_in_one_file_keep_their_codes(letter):
    other = replace(letter, code=str(HeadCode.of(9, "ab" * 32)))
    out = BytesIO()
    write_letters([letter, other], out)
    held = [codes_on(page)[0][0] for page in pages(out.getvalue())]
    assert [str(HeadCode.parse(each)) for each in held] == [letter.code, other.code]


def test_the_same_letter_gives_the_same_bytes(letter):
    assert letter_pdf(letter) == letter_pdf(letter)


def test_a_letter_with_another_code_is_found_when_it_is_read_back(letter):
    other = replace(letter, code=str(HeadCode.of(9, "ab" * 32)))
    with pytest.raises(Refused, match=f"账簿校验码“{other.code}”"):
        check_letter(letter_pdf(letter), other)


def test_a_drawing_that_holds_something_else_is_found_when_it_is_read_back(letter):
    wrong = replace(compose(letter), code=HeadCode.of(9, "ab" * 32).scanned)
    out = BytesIO()
    file = PdfFile(out, "奖励资金拨付通知")
    for sheet in lay_letter(wrong):
        sheet.write(file)
    file.close()
    with pytest.raises(Refused, match="二维码与校验码不符"):
        check_letter(out.getvalue(), letter)


def test_lists_carry_it_on_every_page(letter):
    columns = (ListColumn("企业", 3), ListColumn("代码", 2))
    printed = PrintedList("名单", columns, letter.issued_on, "玉山县财政局", code=letter.code)
    for lying in (True, False):
        out = BytesIO()
        count = write_list(replace(printed, lying=lying), [("示例公司", "91")] * 90, out)
        assert count > 1
        check_pages(out.getvalue(), letter.code)


def test_the_basis_carries_it_on_every_page(letter):
    item = BasisItem("示例公司", "361123-2024-1", "单项冠军", "奖励", (("甲", "乙"),) * 9, ("理由",) * 30, (), letter.parts)
    out = BytesIO()
    write_basis([item] * 3, out, policy="示例", prepared_on=letter.issued_on, code=letter.code)
    check_pages(out.getvalue(), letter.code)


def check_pages(pdf: bytes, code: str) -> None:
    for page in pages(pdf):
        ((held, left, top, width),) = codes_on(page)
        assert str(HeadCode.parse(held)) == code
        assert code in "".join(page.extract_text().split())
        assert top + width < float(page.mediabox.height) / MM - 5, "within what printers reach"


def test_a_drawing_is_small():
    assert len(square("ZJTX128-5NRHCGNQ4TR480B2FJMZQB1JYQV1").operators) < 2500


def test_amounts_are_read_back_beside_a_code_of_digits(letter):
    digits = replace(letter, code=str(HeadCode.of(100, "0" * 64)), parts=(replace(letter.parts[0], amount=Money(7)),))
    check_letter(letter_pdf(digits), digits)
