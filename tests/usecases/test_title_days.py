"""A title that had been merged on the day of its document: the same sentence at the form, in the book, in a list, in the judgement."""

from dataclasses import replace
from datetime import date

import process_kit as kit
import pytest
from sqlmodel import select

from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.titles import Kind, Level, Titles
from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.lists import ListDefaults, parse_list
from zjtx_desktop.exchange.table import Row, Table
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import recognitions
from zjtx_desktop.usecases.basis import inputs_of
from zjtx_desktop.usecases.recognition_doubts import doubts

DAY, TODAY = date(2026, 2, 10), date(2026, 12, 1)
OLD, NEW = "关于公布国家小型微型企业创业创新示范基地名单的通告", "关于公布国家中小企业公共服务示范平台（基地）名单的通告"
MERGED = (
    "“国家小型微型企业创业创新示范基地”自2025年10月21日起已并入“国家中小企业公共服务示范平台（基地）”，类型为基地"
    "（依据：《国家中小企业公共服务示范平台（基地）创建管理办法》），"
)
SENTENCE = f"{MERGED}2026年2月10日的认定文件不会再用原来的称号，请核对称号和日期。"
BASE = {"title": "startup_base", "level": Level.NATIONAL, "document_date": DAY}
BASE_OF_BOOK = {"title": "startup_base", "level": Level.NATIONAL, "on": DAY}


def listed(title, document, level="国家级"):
    """A list of one row of that day."""
    heads = ("企业名称", "认定称号", "级别", "认定类型", "认定文件", "文号", "认定日期")
    cells = ("示例创业基地", title, level, "新认定", document, "示例〔2026〕1号", DAY)
    table = Table("名单.xlsx", "Sheet1", ("Sheet1",), (Row(1, heads), Row(2, cells)), (), ())
    (row,) = parse_list(table, ListDefaults(), Titles.load(), TODAY, None).rows
    return row


def company(book):
    """Every organisation of the book is a company, as is asked of whoever runs a base."""
    with book.action("登记单位性质", "张三") as session:
        for row in session.exec(select(tables.Organisation)):
            row.is_company = True
            session.add(row)


def test_the_form_the_book_and_a_list_refuse_it_in_the_same_words(book, recognise):
    (doubt,) = (one for one in doubts(BASE | {"document_title": OLD}, TODAY) if one.hinders)
    assert (doubt.key, doubt.sentence) == ("document_date", SENTENCE)
    with pytest.raises(Refused) as refused:
        recognise("示例创业基地", **BASE_OF_BOOK, document_title=OLD)
    assert str(refused.value) == SENTENCE
    row = listed("小型微型企业创业创新示范基地", NEW)
    assert row.errors == (f"第2行“认定称号”列：{SENTENCE}",) and not row.ok


def test_what_cannot_be_told_is_warned_and_waits_until_the_document_is_named_in_full(book, recognise):
    (doubt,) = (one for one in doubts(BASE | {"document_title": "关于公布名单的通告"}, TODAY) if one.key == "document_title")
    assert not doubt.hinders and doubt.sentence.startswith(MERGED)
    key = recognise("示例创业基地", **BASE_OF_BOOK, document_title="关于公布名单的通告")
    company(book)
    (line,) = kit.lines(book, kit.compute(book, 2026)).values()
    assert (line.verdict, line.total.fen) == (Verdict.UNDECIDED, 0) and doubt.sentence in line.reasons
    with book.action("补全文件名称", "张三") as session:
        recognitions.change(session, key, replace(recognitions.get(session, key), document_title=NEW))
    (line,) = kit.lines(book, kit.compute(book, 2026)).values()
    assert (line.verdict, line.total.wan) == (Verdict.AWARD, "30")


def test_the_merged_title_is_taken_by_its_type_and_not_before_its_day():
    row = listed("国家中小企业公共服务示范平台（基地）（基地）", NEW, None)
    assert row.ok and row.title == "startup_base" and not any("并入" in text for text in row.warnings)
    early = doubts(BASE | {"document_date": date(2025, 9, 1), "document_title": NEW}, TODAY)
    assert any(one.hinders and "自2025年10月21日起才有" in one.sentence for one in early)


def test_a_title_before_its_first_rules_is_refused_and_one_whose_rules_are_unknown_only_warned(book, recognise):
    with pytest.raises(Refused, match="自2021年12月24日起才有（依据：赣工信规字〔2021〕10号）"):
        recognise("示例冠军有限公司", "single_champion", Level.PROVINCIAL, on=date(2021, 6, 1))
    recognise("示例省级基地", "startup_base", Level.PROVINCIAL, Kind.NEW, date(2024, 5, 1))
    company(book)
    (line,) = kit.lines(book, kit.compute(book)).values()
    assert line.verdict is Verdict.AWARD and any("2024年5月1日的认定依据待核" in text for text in line.warnings)
    assert dict(inputs_of(line))["认定办法"] == "依据待核（认定文件）"
