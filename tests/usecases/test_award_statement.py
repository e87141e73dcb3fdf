"""The statement against double payment: all awards ever, voided and 历史 too, each with state and papers."""

from datetime import date

import pypdf
import pytest

from zjtx_desktop.domain.titles import Level
from zjtx_desktop.usecases import awards, letters, past_awards, rounds
from zjtx_desktop.usecases.award_statement import doubled, statement_rows, write_statement
from zjtx_desktop.usecases.dossier import dossier
from zjtx_desktop.usecases.past_awards import PastAwardForm
from zjtx_desktop.values import ZERO, Money

WAN = 1_000_000


@pytest.fixture
def held(book, recognise):
    """An issued and then voided award, a refused one and a past one."""
    recognise()
    recognise("示例甲有限公司", "srdi_sme", Level.PROVINCIAL, organisation=1, publicity_only=True)
    with book.action("测算", "张三") as session:
        made = rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))
        letters.issue(session, made.round.id, date(2024, 12, 1))
    with book.action("作废", "张三") as session:
        awards.void(session, awards.award_lines(session, made.round.id)[0].number, "登记有误", date(2024, 12, 2))
    with book.action("历史", "张三") as session:
        past = PastAwardForm("little_giant", Level.PROVINCIAL, 2021, Money(10 * WAN), ZERO, "玉财企〔2021〕7号")
        past_awards.register(session, 1, past)
    with book.reading() as session:
        return dossier(session, 1)


def test_voided_refused_and_past_awards_all_stand_on_it_in_the_order_of_years(held):
    rows = list(statement_rows(held))
    assert [(row[1], row[3], *row[6:11]) for row in rows] == [
        ("2021", "历史", "100,000.00", "0.00", "100,000.00", "0.00", "0.00"),
        ("2024", "作废", "300,000.00", "300,000.00", "0.00", "0.00", "0.00"),
        ("2024", "不予奖励", "0.00", "0.00", "0.00", "0.00", "0.00"),
    ]
    assert rows[0][11] == "玉财企〔2021〕7号" and "玉财奖〔2024〕1号（2024年12月1日，已作废）" in rows[1][11]


def test_only_what_was_paid_twice_counts_as_doubled(book, held):
    assert doubled(held) == ()
    with book.action("历史", "张三") as session:
        past = PastAwardForm("little_giant", Level.PROVINCIAL, 2022, Money(1), ZERO, "凭证2")
        past_awards.register(session, 1, past)
    with book.reading() as session:
        assert doubled(dossier(session, 1)) == ("江西省专业化小巨人企业（2 笔）",)


def test_the_sheet_names_the_organisation_sums_what_counts_and_can_be_signed(book, held, tmp_path):
    path = tmp_path / "情况表.pdf"
    with book.reading() as session:
        assert write_statement(session, 1, path, date(2026, 1, 5)) == 3
    text = "".join(pypdf.PdfReader(path).pages[0].extract_text().split())
    for piece in ("历次奖补情况表", "示例甲有限公司", "玉山县财政局", "其中：历史1笔100,000.00", "合计（不含作废和不予奖励）1笔100,000.00", "负责人"):
        assert piece in text
