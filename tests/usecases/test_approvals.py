"""The 审批表 on paper says who took which step of every award, and its sums are those of the book."""

import json
from datetime import date

import pytest
from pypdf import PdfReader

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.states import Event
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import awards, budgets, dual_control, process, rounds, submissions
from zjtx_desktop.usecases.approvals import write_approvals
from zjtx_desktop.usecases.duties import Actor, Second, perform
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.values import Division, Money

TODAY = date(2024, 12, 2)


def person(name: str, *roles: Role) -> tables.Person:
    return tables.Person(
        name=name,
        roles=json.dumps(sorted(roles)),
        public_key="",
        salt=b"",
        sealed_key=b"",
        password_on=TODAY,
    )


def computed(book, recognise) -> int:
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    with book.action("测算", "张三") as session:
        return rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id


def printed(book, round_id, path) -> str:
    with book.reading() as session:
        write_approvals(session, round_id, path, TODAY)
    return "".join("".join(page.extract_text().split()) for page in PdfReader(path).pages)


def test_every_award_stands_with_its_steps_and_the_sums_of_the_book(book, recognise, tmp_path):
    round_id = computed(book, recognise)
    with book.action("登记人员", "张三") as session:
        session.add(person("张三", Role.CLERK))
    with book.reading() as session:
        lines = awards.award_lines(session, round_id)
    words = Words(TODAY, "材料齐全，同意")
    perform(
        book,
        "初审",
        Actor("张三"),
        lambda session: process.advance(session, [lines[0].number], Event.EXAMINE, words),
    )
    text = printed(book, round_id, tmp_path / "审批表.pdf")
    assert "2024年度第一批认定奖励资金审批表" in text
    assert "2024年12月2日张三初审（材料齐全，同意）" in text
    assert text.count("张三初审") == 1
    assert "合计2笔200,000.00200,000.00" in text
    assert "没有登记人员" not in text and "政策依据：《上饶市促进“专精特新”中小企业发展实施意见》（饶府办发〔2023〕12号）第一条第（九）项。" in text


def test_one_pair_of_hands_is_said_on_paper(book, recognise, tmp_path):
    round_id = computed(book, recognise)
    assert "没有登记人员和岗位" in printed(book, round_id, tmp_path / "一.pdf")
    with book.action("登记人员", "张三") as session:
        session.add(person("管理员", Role.ADMIN))
    perform(
        book,
        "停用岗位分离",
        Actor("管理员"),
        lambda session: dual_control.switch(session, False, "玉府办〔2024〕3号"),
        Second(None, "现在没有别人"),
    )
    text = printed(book, round_id, tmp_path / "二.pdf")
    assert "已停用不相容岗位分离" in text
    assert "玉府办〔2024〕3号" in text
    with book.reading() as session:
        line = rounds.find_round(session, 2024)
        summary = submissions.sheets(session, line, date(2024, 12, 2), "张三")[0]
    assert any("已停用不相容岗位分离" in str(cell) for row in summary.lines for cell in row.cells)


def test_what_passed_a_step_while_one_might_do_it_all_says_so_for_ever_and_nothing_else_does(book, recognise, tmp_path):
    round_id = computed(book, recognise)
    recognise("示例另一年有限公司", "srdi_sme", Level.PROVINCIAL, on=date(2025, 3, 3))
    with book.action("测算", "张三") as session:
        other = rounds.prepare(session, 2025, *rounds.basis_for(session, 2025)).round.id
        lines = awards.award_lines(session, round_id)
    with book.action("登记人员", "张三") as session:
        session.add(person("管理员", Role.ADMIN))
        session.add(person("张三", Role.CLERK))

    def switch(on, reason):
        perform(book, "岗位分离", Actor("管理员"), lambda s: dual_control.switch(s, on, reason), Second(None, "现在没有别人"))

    def step(line):
        words = Words(TODAY, "材料齐全，同意")
        perform(book, "初审", Actor("张三"), lambda s: process.advance(s, [line.number], Event.EXAMINE, words))

    switch(False, "甲文号")
    switch(True, "")
    switch(False, "乙文号")
    step(lines[0])
    switch(True, "")
    step(lines[1])
    text = printed(book, round_id, tmp_path / "这一年.pdf")
    assert "在本批次办理期间曾停用不相容岗位分离" in text and "乙文号" in text and "甲文号" not in text
    assert "停用" not in printed(book, other, tmp_path / "另一年.pdf")
    switch(False, "丙文号")
    now = printed(book, other, tmp_path / "停用时.pdf")
    assert "已停用不相容岗位分离" in now and "丙文号" in now and "乙文号" not in now


def test_a_deed_on_money_that_one_did_alone_stands_on_the_paper_of_its_round(book, recognise, tmp_path):
    round_id = computed(book, recognise)

    def set_aside(yuan):
        budgets.set_budget(session, round_id, Payer.BENEFICIARY, Division("361123"), Money.parse(yuan), "批复")

    with book.action("登记预算", "张三") as session:
        set_aside("100万")
        set_aside("90万")
        with pytest.raises(Refused, match="“追加预算”要两个人办.*写明为什么"):
            set_aside("91万")
        session.info["second"] = Second(None, "局里只有一人")
        set_aside("120万")
    assert "“追加预算”由一人办理。理由：局里只有一人" in printed(book, round_id, tmp_path / "一.pdf")
