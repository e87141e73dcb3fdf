"""Where things stand on the pages of a letter, in millimetres as GB/T 9704-2012 gives them."""

import shutil
import subprocess
from dataclasses import replace

import pytest

from zjtx_desktop.documents import grid
from zjtx_desktop.documents.letter import LetterPart, compose, letter_pdf
from zjtx_desktop.documents.letter_sheet import lay_letter
from zjtx_desktop.values import Money

POPPLER = pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm is not installed")
BODY_TOP = 37 + 0.88 * grid.SIZE_3 / grid.MM  # baseline of the first line of a page


def near(value: float) -> object:
    return pytest.approx(value, abs=0.1)


def row_of(y: float) -> float:
    return (y - BODY_TOP) * grid.MM / grid.PITCH


def long_letter(letter, length: int):
    return replace(letter, recognition_document="关于公布" + "第一批" * length + "企业名单的通知")


def test_red_rules_stand_where_the_standard_puts_them(letter, painted):
    (page,) = painted(letter_pdf(letter))
    red = [bar for bar in page.bars if bar[2] == near(170)]
    assert [bar[0] for bar in red] == [near(20)] * 4
    top_thick, top_thin, low_thin, low_thick = red
    assert top_thick[3] > top_thin[3]
    assert low_thick[3] > low_thin[3]
    assert top_thick[1] < top_thin[1] < low_thin[1] < low_thick[1]
    assert low_thick[1] + low_thick[3] == near(297 - 20)


def test_red_rules_stand_on_the_first_page_only(shared, painted):
    first, second = painted(letter_pdf(shared))
    assert sum(bar[2] == near(170) for bar in first.bars) == 4
    assert not any(bar[2] == near(170) for bar in second.bars)


@pytest.mark.parametrize(
    "office", ["玉山县财政局", "玉山县工业和信息化局", "上饶市广信区工业和信息化局、上饶市广信区财政局"]
)
@POPPLER
def test_the_mark_begins_30_mm_down_and_the_rule_follows_4_mm_under_it(letter, office, tmp_path):
    rows, columns = red_ink(letter_pdf(replace(letter, office=office)), tmp_path)
    assert rows[0] == pytest.approx(30, abs=0.15)  # a pixel is 0.1 mm
    gaps = [(before, after) for before, after in zip(rows, rows[1:], strict=False) if after - before > 0.15]
    mark_end, rule = gaps[0]
    assert rule - (mark_end + 0.1) == pytest.approx(4, abs=0.15)
    assert rows[-1] + 0.1 == near(297 - 20)
    assert columns == (near(20), near(190))


def red_ink(pdf: bytes, folder) -> tuple[list[float], tuple[float, float]]:
    """The rows of a rendered page that have red in them, and how far the red reaches, in mm."""
    (folder / "a.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "254", "-singlefile", folder / "a.pdf", folder / "a"], check=True)
    _, size, _, pixels = (folder / "a.ppm").read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    rows, ends = [], []
    for row in range(height):
        line = pixels[3 * width * row : 3 * width * (row + 1)]
        if min(line[1::3]) > 90:
            continue
        red = [at for at, (r, g) in enumerate(zip(line[::3], line[1::3], strict=True)) if r > 150 and g < 90]
        if red:
            rows.append(row / 10)
            ends += [red[0], red[-1] + 1]
    return rows, (min(ends) / 10, max(ends) / 10)


def test_the_number_ends_at_the_right_edge_and_the_title_stands_two_lines_under_it(letter, painted):
    (page,) = painted(letter_pdf(letter))
    _, (number_x, number_y), (_, title_y), (addressee_x, addressee_y), *_ = page.texts
    rule = min(bar[1] + bar[3] for bar in page.bars if bar[2] == near(170) and bar[3] < 0.5)
    assert number_y - 0.88 * grid.SIZE_3 / grid.MM - rule == near(grid.SIZE_3 * 7 / 8 / grid.MM)
    width = sum(1000 if ord(char) > 255 else 500 for char in letter.number) * grid.SIZE_3 / 1000
    gaps = (len(letter.number) - 1) * grid.BODY.gap
    assert number_x + (width + gaps) / grid.MM == near(28 + 156)
    between = title_y - 0.88 * 21 / grid.MM - (number_y + 0.12 * grid.SIZE_3 / grid.MM)
    assert between == near(2 * grid.PITCH / grid.MM)
    assert addressee_x == near(28)
    assert row_of(addressee_y) == pytest.approx(round(row_of(addressee_y)), abs=0.01)


def test_a_full_page_holds_22_lines_between_the_margins(letter, painted):
    pages = painted(letter_pdf(long_letter(letter, 400)))
    body = [y for _, y in pages[1].texts[1:]]
    assert len(body) == 22
    assert body[0] == near(BODY_TOP)
    assert body[-1] + 0.12 * grid.SIZE_3 / grid.MM == near(37 + 225)
    assert pages[1].texts[1][0] == near(28)


def test_page_one_has_no_number_and_later_ones_alternate(letter, read, painted):
    pdf = letter_pdf(long_letter(letter, 500))
    texts, pages = read(pdf), painted(pdf)
    assert len(texts) == 4
    assert [f"—{page}—" in text for page, text in enumerate(texts, 1)] == [False, True, True, True]
    even, odd = pages[1].texts[0], pages[2].texts[0]
    assert even[0] == near(28 + 14 / grid.MM)
    assert odd[0] > 100
    assert even[1] > 262 + 7


def test_the_date_ends_four_characters_from_the_right_with_the_office_centred_over_it(letter, painted):
    (page,) = painted(letter_pdf(letter))
    (office_x, office_y), (date_x, date_y) = page.texts[-5:-3]
    office_width = (10 * grid.SIZE_3 + 9 * grid.BODY.gap) / grid.MM
    date_width = (8 * 0.5 * grid.SIZE_3 + 3 * grid.SIZE_3 + 10 * grid.BODY.gap) / grid.MM
    assert office_x + office_width / 2 == near(date_x + date_width / 2)
    assert date_x + date_width == near(184 - 4 * grid.CELL / grid.MM)
    assert date_y > office_y


@pytest.mark.parametrize("length", range(0, 130, 3))
def test_the_signature_never_stands_without_text_before_it(letter, length):
    sheets = lay_letter(compose(long_letter(letter, length)))
    texts = sheets[-1].texts
    assert "特此通知。" in texts
    assert "2024年11月20日" in texts
    if len(sheets) > 1:
        number = 1  # the page's own number comes first
        assert texts.index("特此通知。") > number


def test_an_ordinary_letter_fits_on_one_page(letter, draft):
    assert len(lay_letter(compose(letter))) == 1
    assert len(lay_letter(compose(draft))) == 1


def test_lines_move_together_by_an_eighth_at_most(letter, painted):
    for length in range(12):
        pages = painted(letter_pdf(long_letter(letter, length)))
        lines = [y for _, y in pages[0].texts[3:9]]
        steps = {round(after - before, 3) for before, after in zip(lines, lines[1:], strict=False)}
        assert max(steps) - min(steps) < 0.01
        assert 0.87 * grid.PITCH / grid.MM < min(steps) <= grid.PITCH / grid.MM + 0.001


def test_two_treasuries_are_told_in_a_sentence_on_one_page(letter, read):
    parts = (LetterPart("受益财政", "玉山县", Money(100), "第一条第（九）项"), LetterPart("市级财政", "上饶市本级", Money(205), "第一条第（九）项"))
    (page,) = read(letter_pdf(replace(letter, parts=parts)))
    assert "其中：受益财政（玉山县）承担1.00元，市级财政（上饶市本级）承担2.05元。" in page


@pytest.mark.parametrize("count", [3, 5, 9, 16, 40])
def test_many_treasuries_continue_under_a_repeated_heading(letter, count, read):
    parts = tuple(
        LetterPart("受益财政", f"第{n}财政", Money(n * 100), "一（九）第一句") for n in range(1, count + 1)
    )
    pages = read(letter_pdf(replace(letter, parts=parts)))
    whole = "".join(pages)
    assert all(f"第{n}财政{n}.00" in whole for n in range(1, count + 1))
    for page in pages:
        assert ("受益财政" in page) == ("序号资金来源承担财政金额（元）政策依据" in page)


def test_a_long_name_wraps_flush_left_and_is_printed_in_full(letter, read):
    name = "上饶市信州区中科智能装备与新材料产业技术协同创新研究院（江西）股份有限公司玉山分公司检测中心"
    pages = read(letter_pdf(replace(letter, addressee=name, payee=name + "工会")))
    assert f"{name}：" in pages[0]
    assert f"{name}工会" in "".join(page.replace("—2—", "") for page in pages)


def test_every_page_of_a_draft_says_so_and_none_of_an_issued_letter(shared, read):
    draft = replace(shared, number=None, issued_on=None)
    pages = read(letter_pdf(long_letter(draft, 300)))
    assert len(pages) > 2
    assert all(page.startswith("草稿草稿") for page in pages)
    assert "（草稿，未编号）" in pages[0]
    assert not any("草稿" in page for page in read(letter_pdf(shared)))


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_pdftotext_finds_draft_number_and_rare_characters_too(draft, tmp_path):
    (tmp_path / "a.pdf").write_bytes(letter_pdf(replace(draft, addressee="江西𬱖昇公司")))
    shown = subprocess.run(
        ["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()
    assert "草稿\n" in shown
    assert "江西𬱖昇公司：" in shown
    assert "人民币壹拾万元整" in shown


def test_the_watermark_lies_under_the_text(draft):
    (sheet,) = lay_letter(compose(draft))
    assert sheet.texts[:2] == ["草稿", "草稿"]
