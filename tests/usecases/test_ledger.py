"""Money of awards: granted with the letter, paid once, returned, claimed back in proportion, sent by the city."""

import json
import os
import subprocess
import sys
import uuid
from datetime import date
from pathlib import Path
from random import Random

import process_kit as kit
from old_kit import make_old
import pytest
from sqlmodel import select

from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.ledger import EntryKind, Progress
from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.errors import AppError, Denied, NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.undo import next_undo
from zjtx_desktop.usecases import awards, ledger, letters, organisations, process, replay, standings
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.values import ZERO, Division, Money, Share

RACING = Path(__file__).with_name("racing.py")
K = EntryKind
DAY, LATER = date(2024, 12, 2), date(2024, 12, 20)
WAN = 1_000_000
TEN, TWENTY = Money(10 * WAN), Money(20 * WAN)
REVOKED = Words(LATER, "原认定部门撤销认定", "赣工信〔2025〕9号")


def order(part, amount=None, on=LATER, voucher="国库支付0001", key=None, reason="", same_voucher=True):
    return PaymentOrder(part.id, amount or part.standing.payable, on, voucher, key or uuid.uuid4().hex, reason, same_voucher)


def act(book, deed, *args, by="张三", **more):
    with book.action("台账", by) as session:
        return deed(session, *args, **more)


def issue(book, by=kit.CLERK):
    round_id = kit.compute(book)
    with book.action("下达", by) as session:
        letters.issue(session, round_id, DAY)
    return round_id


def parts(book, round_id):
    with book.reading() as session:
        return standings.part_lines(session, round_id)


def send_city_money(book, part, amount=TWENTY):
    for kind in (K.REQUESTED, K.APPROVED, K.ARRIVED):
        act(book, ledger.follow, order(part, amount), kind)


def pay_everything(book, round_id):
    for part in parts(book, round_id):
        if part.sent:
            send_city_money(book, part, part.standing.payable)
        act(book, ledger.pay, order(part))


@pytest.fixture
def issued(book, recognise):
    """A little giant of national level: 10 万 of the county, 20 万 of the city."""
    recognise()
    return issue(book)


def state(book, round_id):
    return parts(book, round_id)[0].award_state


def test_issuing_enters_what_every_part_was_granted(book, issued):
    ours, city = parts(book, issued)
    assert [(p.payer, p.standing.payable) for p in (ours, city)] == [(Payer.BENEFICIARY, TEN), (Payer.MUNICIPAL, TWENTY)]
    assert [p.progress for p in (ours, city)] == [Progress.OPEN, Progress.UNASKED]
    assert (ours.payable_now, city.payable_now) == (TEN, ZERO)
    assert check(book) == []


def test_an_award_is_paid_once_nothing_of_any_part_is_left(book, issued):
    ours, city = parts(book, issued)
    act(book, ledger.pay, order(ours))
    assert state(book, issued) is AwardState.ISSUED
    send_city_money(book, city)
    act(book, ledger.pay, order(city))
    assert state(book, issued) is AwardState.PAID
    assert check(book) == []
    with pytest.raises(Refused, match="现为“已拨付”，不能“拨付”"):
        act(book, ledger.pay, order(ours, TEN))


def test_nothing_that_happened_is_dated_later_than_today(book, issued):
    ours, city = parts(book, issued)
    far, some = date(2999, 1, 1), Money(WAN)
    act(book, ledger.pay, order(ours, TEN))
    for deed, given in (
        (ledger.pay, (order(ours, some, far),)),
        (ledger.returned, (order(ours, some, far, reason="户名不符"),)),
        (ledger.write_off, (order(city, some, far, reason="市级批复核减"),)),
        *((ledger.follow, (order(city, some, far), kind)) for kind in (K.REQUESTED, K.APPROVED, K.ARRIVED)),
        (ledger.revoke, (ours.award_number, Words(far, "撤销认定", "赣工信〔2025〕9号"), "撤销")),
    ):
        with pytest.raises(Refused, match="2999-01-01 还没有到"):
            act(book, deed, *given)
    act(book, ledger.revoke, ours.award_number, REVOKED, "撤销")
    with pytest.raises(Refused, match="2999-01-01 还没有到"):
        act(book, ledger.recover, ours.award_number, some, far, "缴款书", "追回")
    assert check(book) == []


def test_no_letter_is_dated_later_than_today(book, recognise):
    recognise()
    round_id = kit.compute(book)
    with pytest.raises(Refused, match="2999-01-01 还没有到"), book.action("下达", kit.CLERK) as session:
        letters.issue(session, round_id, date(2999, 1, 1))


def test_instalments_add_up_and_the_last_fen_settles_the_part(book, issued):
    ours, _ = parts(book, issued)
    for amount in (Money(3 * WAN), Money(7 * WAN - 1)):
        act(book, ledger.pay, order(ours, amount))
    assert parts(book, issued)[0].progress is Progress.PARTLY
    with pytest.raises(Refused, match=r"现在最多可拨付 0.01 元"):
        act(book, ledger.pay, order(ours, Money(2)))
    act(book, ledger.pay, order(ours, Money(1)))
    assert parts(book, issued)[0].progress is Progress.PAID
    assert check(book) == []


def test_money_of_the_city_is_paid_only_once_it_has_arrived_and_no_more_of_it(book, issued):
    _, city = parts(book, issued)
    with pytest.raises(Refused, match="请先登记到账"):
        act(book, ledger.pay, order(city))
    act(book, ledger.follow, order(city, TWENTY, voucher="玉财函〔2024〕1号"), K.REQUESTED)
    with pytest.raises(Refused, match="最多可市级批复 200,000.00 元"):
        act(book, ledger.follow, order(city, TWENTY + Money(1)), K.APPROVED)
    act(book, ledger.follow, order(city, Money(15 * WAN), voucher="饶财〔2024〕8号"), K.APPROVED)
    assert parts(book, issued)[1].progress is Progress.AGREED
    assert parts(book, issued)[1].waiting(date(2024, 12, 30)) == 10
    act(book, ledger.follow, order(city, Money(15 * WAN)), K.ARRIVED)
    with pytest.raises(Refused, match="已到账、还没有拨付的是 150,000.00 元"):
        act(book, ledger.pay, order(city, TWENTY))
    act(book, ledger.pay, order(city, Money(15 * WAN)))
    with pytest.raises(Refused, match="不是由市级下达的资金"):
        act(book, ledger.follow, order(parts(book, issued)[0]), K.REQUESTED)


def test_what_the_city_does_not_send_is_written_off_by_its_document(book, issued):
    ours, city = parts(book, issued)
    act(book, ledger.pay, order(ours))
    send_city_money(book, city, Money(15 * WAN))
    act(book, ledger.pay, order(city, Money(15 * WAN)))
    with pytest.raises(Refused, match="没有写明核减的理由"):
        act(book, ledger.write_off, order(city, Money(5 * WAN)))
    act(book, ledger.write_off, order(city, Money(5 * WAN), voucher="饶财〔2024〕8号", reason="市级批复少于申请"))
    assert state(book, issued) is AwardState.PAID
    assert check(book) == []


def test_an_award_of_which_nothing_is_paid_is_voided_and_not_written_off(book, recognise):
    recognise(title="srdi_sme", level=Level.PROVINCIAL)
    round_id = issue(book)
    (part,) = parts(book, round_id)
    with pytest.raises(Refused, match="请改为作废"):
        act(book, ledger.write_off, order(part, reason="不付了"))


def test_what_the_bank_sends_back_is_payable_again(book, issued):
    pay_everything(book, issued)
    ours, _ = parts(book, issued)
    with pytest.raises(Refused, match="没有写明退回的原因"):
        act(book, ledger.returned, order(ours, TEN))
    act(book, ledger.returned, order(ours, TEN, reason="户名不符"))
    assert state(book, issued) is AwardState.ISSUED
    assert parts(book, issued)[0].payable_now == TEN
    assert check(book) == []
    act(book, ledger.pay, order(parts(book, issued)[0]))
    assert state(book, issued) is AwardState.PAID
    with pytest.raises(Refused, match="最多可退回 100,000.00 元"):
        act(book, ledger.returned, order(ours, TEN + Money(1), reason="户名不符"))


def test_voiding_ends_what_is_unpaid_and_is_refused_while_the_organisation_holds_money(book, issued):
    ours, _ = parts(book, issued)
    act(book, ledger.pay, order(ours, Money(WAN)))
    with pytest.raises(Refused, match="还持有已拨付的 10,000.00 元，不能作废。请先登记退回，或办理撤销认定追回"):
        act(book, awards.void, ours.award_number, "算错了")
    act(book, ledger.returned, order(ours, Money(WAN), reason="已退回国库"))
    act(book, awards.void, ours.award_number, "算错了", LATER)
    assert state(book, issued) is AwardState.VOIDED
    assert all(part.standing.payable == ZERO for part in parts(book, issued))
    assert check(book) == []


def test_a_revoked_recognition_is_claimed_back_from_both_treasuries_in_proportion(book, issued):
    pay_everything(book, issued)
    number = parts(book, issued)[0].award_number
    act(book, ledger.revoke, number, REVOKED, "r1")
    assert [part.standing.claimed for part in parts(book, issued)] == [TEN, TWENTY]
    assert check(book) == []
    act(book, ledger.recover, number, Money(100), LATER, "缴款书1", "back-1")
    assert [part.standing.sums[K.RECOVERED] for part in parts(book, issued)] == [Money(33), Money(67)]
    with pytest.raises(Refused, match=r"还应追回 299,999.00 元"):
        act(book, ledger.recover, number, Money(30 * WAN), LATER, "缴款书2", "back-2")
    assert state(book, issued) is AwardState.REVOKED
    act(book, ledger.recover, number, Money(30 * WAN - 100), LATER, "缴款书2", "back-2")
    assert state(book, issued) is AwardState.RECOVERED
    assert [part.progress for part in parts(book, issued)] == [Progress.RECOVERED] * 2
    assert check(book) == []


def test_revoking_half_way_drops_the_rest_and_claims_what_was_paid(book, issued):
    ours, _ = parts(book, issued)
    act(book, ledger.pay, order(ours, Money(4 * WAN)))
    act(book, ledger.revoke, ours.award_number, REVOKED, "r1")
    ours, city = parts(book, issued)
    assert (ours.standing.claimed, ours.standing.payable) == (Money(4 * WAN), ZERO)
    assert (city.standing.claimed, city.standing.payable) == (ZERO, ZERO)
    assert city.progress is Progress.DROPPED
    for refused in (lambda: act(book, ledger.pay, order(ours, Money(1))), lambda: act(book, ledger.returned, order(ours, Money(1), reason="x"))):
        with pytest.raises(Refused, match="追回"):
            refused()
    assert check(book) == []


def test_shares_of_two_beneficiaries_stay_apart_to_the_fen(book, recognise):
    with book.action("登记", "张三") as session:
        form = organisations.OrganisationForm(
            name="示例两地有限公司", shares=(Share(Division("361123"), 1), Share(Division("361191"), 2)), shares_evidence="示例"
        )
        owner = organisations.register(session, form)
    recognise(organisation=owner)
    round_id = issue(book)
    pay_everything(book, round_id)
    with book.reading() as session:
        found = standings.standing_of_treasuries(session, round_id)
        whole = standings.standing_of_award(session, parts(book, round_id)[0].award_id)
        assert standings.standing_of_organisation(session, owner) == whole
    assert [(treasury.code, one.held.fen) for (_, treasury), one in found.items()] == [
        ("361123", 3_333_333), ("361191", 6_666_667), ("361199", 20_000_000)
    ]  # fmt: skip
    assert whole.held == Money(30 * WAN)


def test_the_same_order_twice_is_one_entry_and_its_key_is_good_for_no_other(book, issued):
    ours, _ = parts(book, issued)
    first = order(ours, Money(WAN))
    for _ in range(3):
        act(book, ledger.pay, first)
    assert parts(book, issued)[0].standing.held == Money(WAN)
    with pytest.raises(Refused, match="已经用在另一笔上"):
        act(book, ledger.pay, order(ours, Money(2 * WAN), key=first.key))
    act(book, ledger.revoke, ours.award_number, REVOKED, "r1")
    act(book, ledger.revoke, ours.award_number, REVOKED, "r1")
    for _ in range(2):
        act(book, ledger.recover, ours.award_number, Money(100), LATER, "缴款书", "b1")
    assert parts(book, issued)[0].standing.sums[K.RECOVERED] == Money(100)


def test_a_batch_names_what_was_not_entered_and_why(book, recognise):
    recognise()
    recognise("示例乙有限公司", "single_champion")
    round_id = issue(book)
    first, _, second, city = parts(book, round_id)
    orders = (order(first), order(second, voucher=" "), order(city), PaymentOrder(999, TEN, LATER, "1", "x"))
    done = act(book, ledger.enter_all, K.PAID, orders)
    assert [one.is_done for one in done] == [True, False, False, False]
    assert [word in one.why for one, word in zip(done[1:], ("凭证号", "到账", "还没有下达"), strict=True)] == [True] * 3
    assert done[0].organisation == "示例甲有限公司"


def test_a_day_before_the_letter_is_refused(book, issued):
    with pytest.raises(Refused, match="早于下达日期"):
        act(book, ledger.pay, order(parts(book, issued)[0], on=date(2024, 12, 1)))
    with pytest.raises(NotFound, match="没有编号为"):
        act(book, ledger.revoke, "没有", REVOKED, "r")


def test_entries_are_never_taken_back_by_undo(book, issued):
    before = next_undo(book)
    act(book, ledger.pay, order(parts(book, issued)[0]))
    assert next_undo(book) == before


def test_only_the_payer_pays_and_never_what_he_examined_himself(book, recognise):
    recognise()
    kit.staff(book, kit.STAFF | {"多岗戊": kit.Role.CLERK})
    with book.action("改岗位", "系统管理员") as session:
        row = session.exec(select(tables.Person).where(tables.Person.name == kit.APPROVER)).one()
        row.roles = '["approver", "payer"]'
        session.add(row)
    round_id = kit.compute(book)
    (number,) = kit.lines(book, round_id)
    kit.until(book, round_id, number, kit.Event.APPROVE)
    with book.action("下达", kit.CLERK) as session:
        letters.issue(session, round_id, kit.AFTER)
    ours, _ = parts(book, round_id)
    with pytest.raises(Denied, match="没有“支付”岗位"):
        act(book, ledger.pay, order(ours, Money(1)), by=kit.CLERK)
    with pytest.raises(Denied, match="已经办理过这笔奖补的“审定”"):
        act(book, ledger.pay, order(ours, Money(1)), by=kit.APPROVER)
    act(book, ledger.pay, order(ours, Money(1)), by=kit.PAYER)
    (refused,) = act(book, ledger.enter_all, K.PAID, [order(ours, Money(1))], by=kit.APPROVER)
    assert "请由另一人办理" in refused.why
    with book.reading() as session:
        assert [row.person for row in session.exec(select(tables.Denial))] == [kit.APPROVER]
    with pytest.raises(Denied, match="没有“审批”岗位"):
        act(book, ledger.revoke, number, REVOKED, "r", by=kit.PAYER)


def test_a_letter_from_before_the_ledger_gets_its_grant_with_the_first_payment(book, recognise, monkeypatch):
    recognise()
    with monkeypatch.context() as before:  # neither steps nor entries were kept then
        before.setattr(letters, "grant", lambda *_given: None)
        before.setattr(process, "_record", lambda *_given: None)
        before.setattr(replay, "require_awards", lambda *_given: None)
        round_id = issue(book)
    make_old(book)
    ours, _ = parts(book, round_id)
    assert ours.standing.payable == TEN
    act(book, ledger.pay, order(ours))
    assert [part.standing.sums[K.GRANTED] for part in parts(book, round_id)] == [TEN, TWENTY]
    with book.reading() as session:
        assert replay.replayed(session) == []


@pytest.mark.parametrize(
    ("way", "fen", "key", "then"),
    [
        ("by_use_case", 10 * WAN, "", ["paid", "refused", "refused", "refused"]),
        ("by_use_case", 6 * WAN, "", ["paid", "refused", "refused", "refused"]),
        ("by_use_case", 10 * WAN, "一次点击", ["paid"] * 4),  # the same order each time: one entry, told four times
        ("by_hand", 6 * WAN, "", ["paid", "room", "room", "room"]),
        ("by_hand", 1 * WAN, "一次点击", ["key", "key", "key", "paid"]),
    ],
)
def test_of_four_processes_past_the_lock_one_pays(book, issued, way, fen, key, then):
    told = {"path": str(book.path), "way": way, "part_id": 1, "fen": fen, "runners": 4, "key": key}
    done = subprocess.run(
        [sys.executable, str(RACING), json.dumps(told)],
        env=os.environ | {"PYTHONPATH": str(RACING.parents[2]), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == then
    assert parts(book, issued)[0].standing.held == Money(fen)
    assert check(book) == []


def test_whatever_is_tried_in_any_order_the_book_stays_sound(book, recognise):
    """A random clerk with a fixed seed: refused or entered, the books agree to the fen after each step."""
    recognise()
    recognise("示例乙有限公司", "single_champion")
    round_id = issue(book)
    dice = Random(20240902)
    entered = 0
    for step in range(150):
        part = dice.choice(parts(book, round_id))
        amount = Money(dice.choice((1, WAN, 5 * WAN, 10 * WAN, 20 * WAN, 20 * WAN + 1)))
        one = order(part, amount, reason="示例")
        deed = dice.choice(
            [lambda s, k=k: ledger.follow(s, one, k) for k in (K.REQUESTED, K.APPROVED, K.ARRIVED)]
            + [lambda s: ledger.pay(s, one)] * 4
            + [lambda s: ledger.returned(s, one), lambda s: ledger.write_off(s, one)]
            + [lambda s: ledger.recover(s, part.award_number, amount, LATER, "缴款书", one.key)] * 2
            + [lambda s: ledger.revoke(s, part.award_number, REVOKED, one.key)] * (step > 100)
        )
        try:
            act(book, deed)
            entered += 1
        except AppError:
            pass
        for line in parts(book, round_id):
            assert line.standing.payable >= ZERO and line.standing.held >= ZERO
            assert line.standing.sums[K.GRANTED] == line.standing.amount
    assert entered > 20
    assert check(book) == []


def test_a_second_program_does_not_get_at_the_book_at_all(book, issued):
    with pytest.raises(Refused, match="正被"):
        Book(book.path)
