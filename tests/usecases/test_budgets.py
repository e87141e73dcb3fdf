"""Budgets: what is approved or issued beyond what a treasury has set aside is refused with the four figures."""

from datetime import date

import process_kit as kit
import pytest
from sqlmodel import select

from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.states import AwardState, Event
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import awards, budgets, ledger, letters
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.values import ZERO, Division, Money

YUSHAN, CITY = Division("361123"), Division("361199")
OURS, THEIRS = (Payer.BENEFICIARY, YUSHAN), (Payer.MUNICIPAL, CITY)
WAN = 1_000_000
TEN, TWENTY = Money(10 * WAN), Money(20 * WAN)
PLENTY = Money(1000 * WAN)
FEN = Money(1)
SHORT = "预算不足：预算 {} 元，已用 {} 元，本次 {} 元，超出 {} 元"


def set_aside(book, round_id, treasury, amount, by=kit.CLERK):
    with book.action("登记预算", by) as session:
        session.info["second"] = kit.ALONE
        return budgets.set_budget(session, round_id, *treasury, amount, "玉府发〔2024〕2号")


def figures(book, round_id, treasury=OURS):
    with book.reading() as session:
        return next(line for line in budgets.budget_lines(session, round_id) if (line.payer, line.treasury) == treasury)


def issue(book, round_id, numbers=None):
    with book.action("下达", kit.CLERK) as session:
        letters.issue(session, round_id, date(2024, 12, 2), numbers)


@pytest.fixture
def two(book, recognise):
    """Two awards of 10 万 of the county and 20 万 of the city each, in a book of one person."""
    recognise()
    recognise("示例乙有限公司", "single_champion")
    return kit.compute(book)


@pytest.fixture
def approved(book, recognise):
    """Two awards of 10 万 of the county each, in an office of four; the first is approved, the other cleared."""
    recognise(title="srdi_sme", level=Level.PROVINCIAL)
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    kit.staff(book)
    round_id = kit.compute(book)
    first, second = kit.lines(book, round_id)
    kit.until(book, round_id, first, Event.APPROVE)
    kit.until(book, round_id, second, Event.CLEAR)
    return round_id, first, second


def approve(book, number):
    (done,) = kit.do(book, Event.APPROVE, number)
    return done.why


def test_exactly_the_budget_is_enough(book, approved):
    round_id, _, second = approved
    set_aside(book, round_id, OURS, TWENTY)
    assert approve(book, second) == ""
    assert figures(book, round_id).left == ZERO


def test_one_fen_over_is_refused_with_the_four_figures(book, approved):
    round_id, _, second = approved
    set_aside(book, round_id, OURS, TWENTY - FEN)
    said = approve(book, second)
    assert "玉山县" in said and SHORT.format("199,999.99", "100,000.00", "100,000.00", "0.01") in said
    assert kit.state(book, second) == AwardState.CLEARED


def test_a_budget_of_nothing_allows_nothing(book, two):
    set_aside(book, two, OURS, ZERO)
    with pytest.raises(Refused, match=SHORT.format("0.00", "0.00", "100,000.00", "100,000.00")):
        issue(book, two)


def test_without_a_recorded_budget_nothing_is_refused(book, approved):
    round_id, _, second = approved
    assert figures(book, round_id).budget is None
    assert approve(book, second) == ""


def test_of_two_treasuries_the_one_that_is_over_is_named(book, two):
    set_aside(book, two, OURS, PLENTY)
    set_aside(book, two, THEIRS, Money(30 * WAN))
    with pytest.raises(Refused, match="上饶市本级（市级财政）预算不足：预算 300,000.00 元，已用 200,000.00 元"):
        issue(book, two)
    assert figures(book, two).used == ZERO, "the whole issue is one action"
    issue(book, two, [next(iter(kit.lines(book, two)))])


def test_a_treasury_without_a_budget_beside_one_that_has_one_is_free(book, two):
    set_aside(book, two, OURS, TWENTY)
    issue(book, two)
    assert figures(book, two, THEIRS).left is None


def test_voiding_frees_what_was_used(book, two):
    set_aside(book, two, OURS, TEN)
    first, second = kit.lines(book, two)
    issue(book, two, [first])
    with pytest.raises(Refused, match="超出 100,000.00 元"):
        issue(book, two, [second])
    with book.action("作废", kit.CLERK) as session:
        awards.void(session, first, "算错了", date(2024, 12, 3))
    assert figures(book, two).left == TEN
    issue(book, two, [second])


def test_sending_back_frees_what_was_reserved(book, approved):
    round_id, first, second = approved
    set_aside(book, round_id, OURS, TEN)
    assert "已用 100,000.00 元" in approve(book, second)
    assert [one.why for one in kit.do(book, Event.SEND_BACK, first, by=kit.APPROVER)] == [""]
    assert figures(book, round_id).reserved == ZERO
    assert approve(book, second) == ""


def test_what_was_approved_is_issued_even_where_the_budget_was_cut_since(book, approved):
    round_id, first, second = approved
    set_aside(book, round_id, OURS, FEN)
    issue(book, round_id, [first])
    seen = figures(book, round_id)
    assert (seen.reserved, seen.used, seen.left) == (ZERO, TEN, FEN - TEN)
    assert "超出" in approve(book, second)


def test_what_came_back_of_a_revoked_award_may_be_used_again(book, approved):
    round_id, first, second = approved
    issue(book, round_id, [first])
    set_aside(book, round_id, OURS, TEN)
    with book.action("拨付", kit.PAYER) as session:
        ledger.pay(session, PaymentOrder(1, TEN, date(2024, 12, 20), "1", "k"))
    assert figures(book, round_id).paid == TEN
    with book.action("撤销", kit.APPROVER) as session:
        ledger.revoke(session, first, Words(date(2025, 1, 2), "撤销认定", "赣工信〔2025〕1号"), "r")
    assert "超出" in approve(book, second)
    with book.action("追回", kit.PAYER) as session:
        ledger.recover(session, first, TEN, date(2025, 2, 2), "缴款书", "b")
    assert (figures(book, round_id).used, figures(book, round_id).paid) == (ZERO, ZERO)
    assert approve(book, second) == ""


def test_what_all_that_waits_would_take_is_told_before_anything_is_approved(book, approved):
    round_id, *_ = approved
    set_aside(book, round_id, OURS, Money(15 * WAN))
    seen = figures(book, round_id)
    assert (seen.reserved, seen.waiting, seen.left, seen.short) == (TEN, TEN, Money(5 * WAN), Money(5 * WAN))


def test_a_budget_is_altered_in_place_and_the_history_keeps_what_it_was(book, two):
    set_aside(book, two, OURS, TEN)
    set_aside(book, two, OURS, TWENTY)
    assert figures(book, two).budget == TWENTY
    with book.reading() as session:
        c = tables.Change
        changes = session.exec(select(c).where(c.table_name == "budget").order_by(c.id)).all()
    assert [('"fen":10000000' in (c.after or ""), c.before is None) for c in changes] == [(True, True), (False, False)]


def test_a_budget_needs_its_basis_and_is_not_below_nothing(book, two):
    with pytest.raises(Refused, match="没有写明依据"), book.action("登记预算", "张三") as session:
        budgets.set_budget(session, two, *OURS, TEN, " ")
    with pytest.raises(Refused, match="不能是负数"):
        set_aside(book, two, OURS, Money(-1))


def test_in_a_staffed_office_the_payer_sets_no_budget(book, approved):
    round_id, *_ = approved
    with pytest.raises(Refused, match="没有“经办”、“审批”岗位"):
        set_aside(book, round_id, OURS, TEN, by=kit.PAYER)
