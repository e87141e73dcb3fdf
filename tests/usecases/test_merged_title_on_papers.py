"""The merged national title of 2025: kept with its type, and printed under its own name on every paper and in every list."""

from dataclasses import replace
from datetime import date

import process_kit as kit
import pypdf
import pytest

from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.lists import ListDefaults, parse_list
from zjtx_desktop.exchange.table import Row, Table
from zjtx_desktop.usecases import letters, organisations, overview, record_history, rounds, submissions
from zjtx_desktop.usecases.approvals import write_approvals
from zjtx_desktop.usecases.award_statement import statement_rows
from zjtx_desktop.usecases.basis import basis_items
from zjtx_desktop.usecases.dossier import dossier
from zjtx_desktop.usecases.recognition_doubts import doubts
from zjtx_desktop.usecases.standings import part_lines

DAY, TODAY = date(2026, 2, 10), date(2026, 12, 1)
PRINTED = "国家中小企业公共服务示范平台（基地）（平台）"
FACTS = {"title": "service_platform", "level": Level.NATIONAL, "on": DAY, "title_type": "平台"}


@pytest.fixture
def computed(book, recognise):
    """A platform recognised under the merged title, paid to a company, judged."""
    recognise("示例服务平台", **FACTS)
    with book.action("登记收款单位", "张三") as session:
        form = organisations.get(session, 1)
        organisations.change(session, 1, replace(form, is_company=True))
    return kit.compute(book, 2026)


def issue(book, round_id):
    with book.action("下达", "张三") as session:
        letters.issue(session, round_id, TODAY)


def test_every_paper_and_list_prints_the_merged_name_with_its_type(book, computed, tmp_path):
    issue(book, computed)
    with book.reading() as session:
        line = rounds.find_round(session, 2026)
        found = {
            "letter": letters.view(session, 1)[0].title,
            "basis": basis_items(session, computed)[0].title,
            "workbook": submissions.city_report(session, line, TODAY, "张三").rows[0].title,
            "payments": part_lines(session, computed)[0].title,
            "statement": next(statement_rows(dossier(session, 1)))[2],
            "home": overview.overview(session, 2026, TODAY).titles[0].title,
            "history": next(one.new for one in record_history.history_of(session, "recognition", 1) if one.field == "称号"),
        }
        write_approvals(session, computed, tmp_path / "审批表.pdf", TODAY)
    assert found == dict.fromkeys(found, PRINTED)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "审批表.pdf").pages)
    assert PRINTED in text.replace("\n", "").replace(" ", "")


def test_a_list_keeps_the_type_that_its_rows_name(book):
    heads = ("企业名称", "认定称号", "级别", "认定类型", "认定文件", "文号", "认定日期")
    cells = ("示例服务平台", "国家中小企业公共服务示范平台（基地）（平台）", "国家级", "新认定", "关于公布名单的通告", "示例〔2026〕1号", DAY)
    table = Table("名单.xlsx", "Sheet1", ("Sheet1",), (Row(1, heads), Row(2, cells)), (), ())
    plan = parse_list(table, ListDefaults(), Titles.load(), TODAY, None)
    assert [(row.title, row.title_type, row.errors) for row in plan.rows] == [("service_platform", "平台", ())]


@pytest.mark.parametrize(
    "wrong", [{"level": Level.PROVINCIAL}, {"title": "startup_base"}, {"title_type": "园区"}], ids=["level", "title", "type"]
)
def test_a_type_goes_with_its_own_national_title_only(book, recognise, wrong):
    with pytest.raises(Refused, match="合并后的称号是国家级的，类型为平台或基地"):
        recognise("示例服务平台", **FACTS | wrong)


def test_the_form_takes_the_type_for_the_name_that_the_document_leaves_out():
    values = {"title": "service_platform", "level": Level.NATIONAL, "document_date": DAY, "document_title": "关于公布名单的通告"}
    assert [one.key for one in doubts(values, TODAY)] == ["document_title"]
    assert doubts(values | {"title_type": "平台"}, TODAY) == ()
