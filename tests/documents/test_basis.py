"""The printed 测算依据: one section an award, every reason in full."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from zjtx_desktop.documents.basis import BasisItem, write_basis
from zjtx_desktop.documents.letter import LetterPart
from zjtx_desktop.errors import Refused
from zjtx_desktop.values import Money

POLICY = "《上饶市促进“专精特新”中小企业发展实施意见》（饶府办发〔2023〕12号）"
ITEM = BasisItem(
    organisation="江西鑫源精密制造有限公司",
    award_number="361123-2024-0007",
    title="国家级专精特新“小巨人”企业",
    verdict="奖励",
    inputs=(
        ("认定类型", "新认定"),
        ("认定文件日期", "2024年9月2日"),
        ("受益财政", "玉山县60%、上饶经开区40%"),
    ),
    reasons=(
        "国家级专精特新“小巨人”企业属于“省级及以上”认定，由受益财政给予不低于10万元的资金奖励，本县标准为10万元"
        "（饶府办发〔2023〕12号 一（九）第一句）。",
        "市级财政给予20万元的资金奖励（饶府办发〔2023〕12号 一（九）第二句）。",
    ),
    warnings=("认定年度标签为2023年，与认定文件日期所在年度不同，请核对。",),
    parts=(
        LetterPart("受益财政", "玉山县", Money(6_000_000), "一（九）第一句"),
        LetterPart("受益财政", "上饶经济技术开发区", Money(4_000_000), "一（九）第一句"),
        LetterPart("市级财政", "上饶市本级", Money(20_000_000), "一（九）第二句"),
    ),
)
NONE = replace(ITEM, verdict="不予奖励", parts=(), warnings=(), award_number="361123-2024-0008")


def printed(*items: BasisItem) -> bytes:
    out = BytesIO()
    write_basis(items, out, policy=POLICY, prepared_on=date(2024, 11, 20))
    return out.getvalue()


def test_facts_reasons_parts_and_warnings_are_printed_in_order(read):
    (page,) = read(printed(ITEM))
    order = [
        "认定奖励资金测算依据", "政策依据：《上饶市", "1.江西鑫源精密制造有限公司", "奖补编号：361123-2024-0007",
        "结论：奖励300,000.00元", "一、测算所依据的事实", "认定类型新认定", "二、测算过程和理由", "1.国家级专精特新",
        "2.市级财政给予20万元", "三、金额和承担财政", "玉山县60,000.00一（九）第一句",
        "合计（大写：人民币叁拾万元整）300,000.00", "四、提请注意", "1.认定年度标签为2023年", "测算人：复核人：日期：",
        "第1页共1页",
    ]  # fmt: skip
    places = [page.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)
    assert all(reason.replace(" ", "") in page for reason in ITEM.reasons)


def test_what_there_is_none_of_leaves_no_heading_and_no_gap_in_the_count(read):
    (page,) = read(printed(NONE))
    assert "结论：不予奖励一、" in page
    assert "金额和承担财政" not in page
    assert "二、测算过程和理由" in page
    (bare,) = read(printed(replace(NONE, inputs=())))
    assert "一、测算过程和理由" in bare


def test_a_section_stays_on_one_page(read):
    pages = read(printed(*[ITEM, NONE] * 4))
    assert len(pages) > 2
    for number in range(1, 9):
        name = f"{number}.江西鑫源精密制造有限公司"
        (page,) = [each for each in pages if name in each]
        assert "二、测算过程和理由" in page[page.index(name) :]


def test_a_section_longer_than_a_page_runs_on(read):
    pages = read(printed(replace(ITEM, reasons=ITEM.reasons * 30)))
    assert len(pages) > 2
    assert "60.市级财政给予20万元" in "".join(pages)


def test_a_character_without_glyph_is_refused_by_its_place():
    with pytest.raises(Refused, match="“江西鑫源精密制造有限公司”的认定类型中的 “☑”"):
        printed(replace(ITEM, inputs=(("认定类型", "☑新认定"),)))


def test_nothing_to_print_is_refused():
    with pytest.raises(Refused, match="没有可以打印的测算结果"):
        printed()
