"""What a letter says, when it is refused, and what its file is called."""

import json
import os
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from zjtx_desktop.documents.letter import (
    AwardLetter,
    LetterPart,
    LetterPolicy,
    PageSpan,
    compose,
    file_name,
    letter_pdf,
    write_letters,
)
from zjtx_desktop.errors import BadValue, Cancelled, Refused
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.values import ZERO, Money

AGAIN = """
import json, sys
from hashlib import sha256
from zjtx_desktop.documents.letter import AwardLetter, letter_pdf
print(sha256(letter_pdf(AwardLetter.from_json(json.load(sys.stdin)))).hexdigest())
"""


class Nowhere(BytesIO):
    """Takes what is written and keeps none of it."""

    def write(self, data: bytes) -> int:
        return len(data)


def test_an_issued_letter_says_who_gets_what_for_which_recognition_by_which_clause(letter):
    text = compose(letter)
    assert text.opening == (
        "根据《上饶市促进“专精特新”中小企业发展实施意见》（饶府办发〔2023〕12号）第一条第（九）项的规定，"
        "你单位于2024年8月15日"
        "经《关于公布2024年江西省专精特新中小企业名单的通知》（赣工信企业字〔2024〕106号）"
        "新认定为江西省专精特新中小企业，符合2024年度奖励条件。",
        "经审定，现将2024年度认定奖励资金拨付你单位（统一社会信用代码：91361123MA35F0KQ2C），金额100000.00元"
        "（大写：人民币壹拾万元整），由受益财政（玉山县）承担。",
    )
    assert text.closing[-1] == "特此通知。"
    assert (text.number, text.date) == ("玉工信字〔2024〕37号", "2024年11月20日")
    assert text.note == "（联系人及电话：王芳　0793-2551234）"


def test_what_is_not_recorded_is_left_out(letter):
    bare = replace(
        letter, credit_code=None, recognised_on=None, recognition_document=None, contact=None, kind="复核"
    )
    text = compose(bare)
    assert "你单位通过复核，认定为江西省专精特新中小企业，" in text.opening[0]
    assert text.note == ""


def test_the_level_is_said_once(letter):
    assert (
        "新认定为省级制造业单项冠军企业，" in compose(replace(letter, title="制造业单项冠军企业")).opening[0]
    )
    national = replace(letter, level="国家级", title="国家级专精特新“小巨人”企业")
    assert "新认定为国家级专精特新“小巨人”企业，" in compose(national).opening[0]


def test_a_payee_other_than_the_listed_name_is_named(letter):
    base = replace(letter, addressee="北大医疗产业园", payee="上饶饶丰园区运营管理有限公司")
    assert compose(base).closing[0] == "上述资金的收款单位为上饶饶丰园区运营管理有限公司（运营单位）。"
    assert len(compose(replace(base, payee=base.addressee)).closing) == 2


def test_several_parts_become_a_table_with_their_sum(shared):
    text = compose(shared)
    assert text.opening[1].endswith("300000.00元（大写：人民币叁拾万元整），各级财政承担情况如下：")
    assert text.table[2] == ("3", "受益财政", "上饶经济技术开发区", "20000.00", "第一条第（九）项")
    assert text.table[-1] == ("合计（大写：人民币叁拾万元整）", "300000.00")


def test_a_clause_of_its_own_is_given_with_the_part(letter):
    other = replace(letter, parts=(replace(letter.parts[0], clause="玉府发〔2024〕3号第五条"),))
    assert compose(other).opening[1].endswith("承担，依据为玉府发〔2024〕3号第五条。")


def test_parts_of_two_documents_cite_both_and_each_its_own(letter):
    old, new = letter.policies[0], LetterPolicy("关于调整奖励标准的通知", "示例府办发〔2026〕8号", "第二条第（一）项")
    city = LetterPart("市级财政", "上饶市本级", Money(25_000_000), "示例府办发〔2026〕8号第二条第（一）项")
    text = compose(replace(letter, policies=(old, new), parts=(*letter.parts, city)))
    assert text.opening[0].startswith(
        "根据《上饶市促进“专精特新”中小企业发展实施意见》（饶府办发〔2023〕12号）第一条第（九）项"
        "和《关于调整奖励标准的通知》（示例府办发〔2026〕8号）第二条第（一）项的规定，你单位"
    )
    assert "（玉山县）承担100000.00元，依据为饶府办发〔2023〕12号第一条第（九）项，" in text.opening[1]
    assert text.opening[1].endswith("（上饶市本级）承担250000.00元，依据为示例府办发〔2026〕8号第二条第（一）项。")


def test_a_snapshot_of_the_first_letters_names_its_one_document(letter):
    plain = letter.to_json()
    del plain["policies"]
    plain |= {"policy_title": "实施意见", "policy_number": "饶府办发〔2023〕12号", "policy_clause": "一（九）"}
    assert AwardLetter.from_json(plain).policies == (LetterPolicy("实施意见", "饶府办发〔2023〕12号", "一（九）"),)


def test_the_snapshot_gives_the_same_letter_back(shared, draft):
    for each in (shared, draft):
        plain = json.loads(json.dumps(each.to_json(), ensure_ascii=False))
        assert AwardLetter.from_json(plain) == each
    assert shared.total == Money(30_000_000)


@pytest.mark.parametrize(
    "damage", [{}, {"parts": None}, {"issued_on": "昨天"}, {"parts": [{"payer": "受益财政"}]}]
)
def test_a_damaged_snapshot_is_refused(letter, damage):
    plain = letter.to_json() | damage if damage else {}
    with pytest.raises(BadValue, match="存档内容不完整或已损坏"):
        AwardLetter.from_json(plain)


def test_no_letter_without_amount_addressee_or_date(letter):
    with pytest.raises(Refused, match="没有金额"):
        replace(letter, parts=())
    with pytest.raises(Refused, match="不大于零"):
        replace(letter, parts=(replace(letter.parts[0], amount=ZERO),))
    with pytest.raises(Refused, match="没有签发日期"):
        replace(letter, issued_on=None)
    with pytest.raises(Refused, match="没有发文机关或收文单位"):
        replace(letter, addressee=" ")
    with pytest.raises(Refused, match="没有可以打印的通知"):
        write_letters((), BytesIO())


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"addressee": "江西𠮷野食品有限公司"}, "收文单位名称中的 “𠮷”（U+20BB7）"),
        ({"payee": "㛿公司"}, "“江西鑫源精密制造有限公司”的收款单位名称中的 “㛿”（U+36FF）"),
        ({"contact": "王☎"}, "“江西鑫源精密制造有限公司”的联系人中的 “☎”（U+260E）"),
        ({"office": "玉山县𠮷局"}, "的发文机关中的 “𠮷”（U+20BB7）"),
        ({"parts": (LetterPart("受益财政", "☑县", Money(1), "一"),)}, "的资金来源中的 “☑”（U+2611）"),
    ],
)
def test_a_character_without_glyph_stops_the_letter_by_name(letter, change, where):
    with pytest.raises(Refused) as refusal:
        letter_pdf(replace(letter, **change))
    assert where in str(refusal.value)


def test_what_looks_like_markup_is_printed_as_it_is(letter, read):
    name = "<b>甲&乙</b>\\(丙)<img src='/x'>{0}%s公司"
    (page,) = read(letter_pdf(replace(letter, addressee=name)))
    assert "".join(name.split()) in page


def test_letters_in_one_file_each_know_their_pages(letter, draft, shared, read):
    out = BytesIO()
    heard = []
    spans = write_letters([letter, shared, draft], out, lambda done, total: heard.append((done, total)))
    assert spans == (PageSpan(1, 1), PageSpan(2, 2), PageSpan(4, 1))
    assert heard == [(1, 3), (2, 3), (3, 3)]
    assert [letter.number in page for page in read(out.getvalue())] == [True, True, False, False]
    marks = [mark.title for mark in PdfReader(out).outline]
    assert marks[2] == "草稿 江西鑫源精密制造有限公司"


def test_a_stop_leaves_at_once(letter):
    def stop(done: int, total: int | None) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        write_letters([letter, letter], BytesIO(), stop)


def test_two_runs_give_the_same_bytes(shared):
    given = json.dumps(shared.to_json())
    digests = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", AGAIN], input=given, capture_output=True, text=True, check=True,
            cwd=RESOURCES.parent, env=os.environ | {"PYTHONHASHSEED": seed},
        )  # fmt: skip
        digests.add(done.stdout)
    assert len(digests) == 1


def test_memory_does_not_grow_with_the_number_of_letters(letter):
    def peak(count: int) -> int:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        write_letters((replace(letter, number=f"玉工信字〔2024〕{n}号") for n in range(count)), Nowhere())
        return tracemalloc.get_traced_memory()[1] - before

    tracemalloc.start()
    try:
        peak(300)
        assert peak(300) < peak(30) + 300_000
    finally:
        tracemalloc.stop()


def test_file_names_carry_number_and_name(letter, draft):
    assert file_name(letter) == "玉工信字〔2024〕37号_江西鑫源精密制造有限公司.pdf"
    assert file_name(draft) == "草稿_361123-2024-0007_江西鑫源精密制造有限公司.pdf"
    assert file_name(replace(letter, addressee='A/B:"甲"*?')) == "玉工信字〔2024〕37号_A_B__甲___.pdf"


def test_different_numbers_never_share_a_file_name(letter):
    numbers = ("甲/1", "甲_1", "甲:1", "甲*1", "甲" * 90 + "1", "甲" * 90 + "2", "CON", "甲1.")
    names = {file_name(replace(letter, number=number, issued_on=date(2024, 1, 1))) for number in numbers}
    assert len(names) == len(numbers)
    assert all(len(name.encode()) <= 255 for name in names)
