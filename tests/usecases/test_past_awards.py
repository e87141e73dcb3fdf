"""历史: awards paid before this program warn, ask and lessen like those of the program itself."""

from datetime import date

import pytest

from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.entitlement import Payer, Verdict
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage.undo import undo
from zjtx_desktop.usecases import awards, organisations, past_awards, rounds
from zjtx_desktop.usecases.past_awards import PastAwardForm
from zjtx_desktop.usecases.record_history import history_of
from zjtx_desktop.values import ZERO, Money

WAN = 1_000_000
PAID = PastAwardForm("little_giant", Level.NATIONAL, 2021, Money(10 * WAN), Money(20 * WAN), "玉财企〔2021〕7号")
PROVINCIAL = PastAwardForm("little_giant", Level.PROVINCIAL, 2022, Money(6 * WAN), ZERO, "2022年第118号凭证")


def load(book, form=PAID, organisation=1):
    with book.action("登记历史奖励", "张三") as session:
        return past_awards.register(session, organisation, form)


def judged(book, **switches):
    with book.action("测算", "张三") as session:
        pack, _ = rounds.basis_for(session, 2024)
        choices = Choices.of(pack, switches, (), dict.fromkeys(switches, "县政府会议纪要（示例）"))
        made = rounds.prepare(session, 2024, pack, choices)
        return awards.award_lines(session, made.round.id)[0]


def test_a_title_rewarded_before_waits_for_a_decision_and_names_the_voucher(book, recognise):
    recognise()
    load(book)
    line = judged(book)
    assert line.verdict is Verdict.UNDECIDED and line.questions == ("rewarded_before",)
    assert any("2021 年 30 万元（来源：历史：玉财企〔2021〕7号）" in reason for reason in line.reasons)


def test_a_title_rewarded_before_is_refused_where_the_county_chose_so(book, recognise):
    recognise()
    load(book)
    line = judged(book, rewarded_before="refuse")
    assert line.verdict is Verdict.UNDECIDED  # the county refuses its own part; the city has said nothing
    assert any("玉山县部分：" in text and "已奖励过的不再奖励" in text for text in line.reasons)
    with book.action("裁定", "张三") as session:
        awards.decide(session, line.number, False, "市级也不再奖励", "张三")
        [line] = awards.award_lines(session, line.round_id)
    assert line.verdict is Verdict.NONE


def test_the_difference_only_is_paid_after_a_provincial_award_of_the_past(book, recognise):
    recognise()
    load(book, PROVINCIAL)
    line = judged(book, ladder="difference")
    assert line.verdict is Verdict.AWARD
    assert (line.paid_by(Payer.BENEFICIARY), line.paid_by(Payer.MUNICIPAL)) == (Money(4 * WAN), Money(20 * WAN))


def test_the_highest_only_counts_what_was_paid_in_the_same_year(book, recognise):
    recognise()
    load(book, PastAwardForm("srdi_sme", Level.PROVINCIAL, 2024, Money(7 * WAN), ZERO, "凭证3"))
    line = judged(book, several_titles="highest")
    assert line.paid_by(Payer.BENEFICIARY) == Money(3 * WAN)


def test_the_past_of_one_organisation_is_not_that_of_another(book, recognise):
    recognise("示例甲有限公司")
    recognise("示例乙有限公司", on=date(2019, 1, 1))
    load(book, organisation=2)
    assert judged(book).verdict is Verdict.AWARD


def test_it_is_entered_changed_removed_and_each_can_be_taken_back(book, recognise):
    recognise()
    row = load(book)
    with book.action("修改历史奖励", "张三") as session:
        past_awards.change(session, row, PROVINCIAL)
    with book.action("删除历史奖励", "张三") as session:
        past_awards.remove(session, row)
    undo(book, "张三")
    with book.reading() as session:
        assert past_awards.get(session, row) == PROVINCIAL
        told = [(one.field, one.old, one.new) for one in history_of(session, "organisation", 1)]
    assert ("受益财政金额", "100,000.00 元", "60,000.00 元") in told
    undo(book, "张三")
    undo(book, "张三")
    with book.reading() as session:
        assert past_awards.of_organisation(session, 1) == ()
    assert book.check() == []


@pytest.mark.parametrize(
    ("form", "why"),
    [
        (PAID, "已登记过历史奖励"),
        (PastAwardForm("srdi_sme", Level.PROVINCIAL, 2022, ZERO, ZERO, "凭证"), "金额都没有填"),
        (PastAwardForm("srdi_sme", Level.PROVINCIAL, 2022, Money(-1), Money(2), "凭证"), "不能是负数"),
        (PastAwardForm("srdi_sme", Level.PROVINCIAL, 2022, Money(1), ZERO, " "), "没有写明依据"),
        (PastAwardForm("srdi_sme", Level.NATIONAL, 2022, Money(1), ZERO, "凭证"), "专精特新"),
    ],
)
def test_what_cannot_have_been_is_refused(book, recognise, form, why):
    recognise()
    load(book)
    with pytest.raises(Refused, match=why):
        load(book, form)


def test_an_organisation_with_past_awards_is_not_deleted(book):
    with book.action("登记", "张三") as session:
        owner = organisations.register(session, organisations.OrganisationForm("示例丙有限公司"))
    load(book, organisation=owner)
    with pytest.raises(Refused, match="1 笔历史奖励"), book.action("删除", "张三") as session:
        organisations.remove(session, owner)
