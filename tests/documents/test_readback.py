"""A letter counts only when the finished file says what is recorded."""

from dataclasses import replace
from datetime import date

import pytest

from zjtx_desktop.documents.letter import letter_pdf
from zjtx_desktop.documents.readback import check_letter
from zjtx_desktop.errors import BadFile, Refused
from zjtx_desktop.values import Money


def test_what_was_written_passes(letter, draft, shared):
    rare = replace(shared, addressee="江西𬱖𬬻 （上饶）新材料有限公司", payee="草稿设计（上饶）有限公司")
    for each in (letter, draft, shared, rare):
        check_letter(letter_pdf(each), each)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": "玉工信字〔2024〕38号"}, "发文字号“玉工信字〔2024〕38号”"),
        ({"addressee": "江西鑫源精密机械有限公司"}, "收文单位“江西鑫源精密机械有限公司”"),
        ({"office": "玉山县财政局"}, "发文机关“玉山县财政局”"),
        ({"issued_on": date(2024, 11, 21)}, "签发日期“2024年11月21日”"),
        ({"payee": "某运营公司"}, "收款单位“某运营公司”"),
        ({"award_year": 2023}, "文件文字与应有文字不同"),
        ({"title": "制造业单项冠军企业"}, "文件文字与应有文字不同"),
    ],
)
def test_another_fact_is_named(letter, change, said):
    with pytest.raises(Refused, match=said):
        check_letter(letter_pdf(letter), replace(letter, **change))


def test_another_amount_is_named(letter):
    other = replace(letter, parts=(replace(letter.parts[0], amount=Money(10_000_001)),))
    with pytest.raises(Refused, match="金额“100000.01”"):
        check_letter(letter_pdf(letter), other)


def test_the_same_sum_in_other_parts_is_found(letter):
    written, recorded = (
        replace(
            letter, parts=tuple(replace(letter.parts[0], amount=Money(each * 10_000)) for each in amounts)
        )
        for amounts in ((1, 1, 1, 1, 2), (1, 1, 2, 2))
    )
    with pytest.raises(Refused, match="登记的金额不同"):
        check_letter(letter_pdf(written), recorded)


def test_a_part_moved_to_another_treasury_is_found(shared):
    one, two, *rest = shared.parts
    swapped = replace(
        shared, parts=(replace(one, treasury=two.treasury), replace(two, treasury=one.treasury), *rest)
    )
    with pytest.raises(Refused, match="文件文字与应有文字不同"):
        check_letter(letter_pdf(swapped), shared)


def test_a_draft_does_not_pass_as_issued_nor_the_other_way_round(letter, draft):
    with pytest.raises(Refused, match="发文字号“玉工信字〔2024〕37号”"):
        check_letter(letter_pdf(draft), letter)
    with pytest.raises(Refused, match="发文字号“（草稿，未编号）”"):
        check_letter(letter_pdf(letter), draft)


def test_a_damaged_file_is_refused(letter):
    pdf = letter_pdf(letter)
    for broken in (b"", b"no pdf", pdf[:1000]):
        with pytest.raises(BadFile, match="PDF 已损坏"):
            check_letter(broken, letter)
