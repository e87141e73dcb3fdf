"""Printed lists: heading on every page, page n of N, unit, date and room to sign."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from zjtx_desktop.documents.cells import Align
from zjtx_desktop.documents.tables import ListColumn, PrintedList, write_list
from zjtx_desktop.errors import Refused

COLUMNS = (
    ListColumn("序号", 6, Align.CENTRE),
    ListColumn("企业名称", 40),
    ListColumn("奖励金额", 18, Align.END),
)
LIST = PrintedList(
    "玉山县2024年度认定奖励资金明细表", COLUMNS, date(2024, 11, 20), "玉山县工业和信息化局", "元",
    total=("", "合计", "999,999.00"),
)  # fmt: skip


def rows(count: int) -> list[tuple[str, str, str]]:
    return [(str(n), f"江西第{n}精密制造有限公司", "100,000.00") for n in range(1, count + 1)]


def printed(count: int, around: PrintedList = LIST) -> bytes:
    out = BytesIO()
    write_list(around, rows(count), out)
    return out.getvalue()


@pytest.mark.parametrize("lying", [True, False])
def test_every_page_repeats_the_heading_and_counts_the_pages(read, lying):
    pages = read(printed(100, PrintedList(LIST.title, COLUMNS, LIST.prepared_on, lying=lying)))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert page.count("序号企业名称奖励金额") == 1
        assert page.endswith(f"第{number}页共{len(pages)}页")


def test_no_row_is_lost_and_none_runs_into_the_foot(painted, read):
    pdf = printed(100)
    whole = "".join(read(pdf))
    assert all(f"{n}江西第{n}精密制造有限公司100,000.00" in whole for n in range(1, 101))
    for page in painted(pdf):
        assert max(top + tall for _, top, _, tall in page.bars) <= 190.2


@pytest.mark.parametrize("count", range(12, 24))
def test_signatures_never_stand_without_the_last_row(read, count):
    last = read(printed(count))[-1]
    assert f"江西第{count}精密" in last
    assert "合计999,999.00" in last
    assert "制表人：复核人：负责人：" in last


def test_unit_date_and_office_stand_over_the_table_of_page_one(read):
    first = read(printed(1))[0]
    assert first.startswith(
        "玉山县2024年度认定奖励资金明细表编制单位：玉山县工业和信息化局制表日期：2024年11月20日单位：元"
    )


def test_lying_and_upright_pages_have_their_size():
    lying, upright = (
        PdfReader(BytesIO(printed(1, PrintedList("名单", COLUMNS, LIST.prepared_on, lying=each))))
        .pages[0]
        .mediabox
        for each in (True, False)
    )
    assert lying.width > lying.height
    assert upright.width < upright.height


def test_a_character_without_glyph_is_refused_by_row_and_column():
    with pytest.raises(Refused, match=r"第 2 行“企业名称”（𠮷野公司）中的 “𠮷”（U\+20BB7）"):
        write_list(LIST, [rows(1)[0], ("2", "𠮷野公司", "1.00")], BytesIO())


def test_progress_is_told():
    heard = []
    write_list(LIST, rows(3), BytesIO(), lambda done, total: heard.append((done, total)))
    assert heard == [(1, 3), (2, 3), (3, 3)]
