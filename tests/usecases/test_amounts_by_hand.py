"""人工核定 in the book: by whom, with what, kept through every new computation, and marked wherever it shows."""

import process_kit as kit
import pytest

from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.states import Event
from zjtx_desktop.domain.switches import YEARLY_CAP
from zjtx_desktop.errors import Denied, NotFound, Refused
from zjtx_desktop.storage.undo import undo
from zjtx_desktop.usecases import attachments, awards, manual_amounts, rounds
from zjtx_desktop.usecases.attachments import Scan
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor, perform
from zjtx_desktop.usecases.manual_amounts import ManualForm
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.record_history import history_of
from zjtx_desktop.values import Division, Money

YUSHAN, TOWN = Division("361123"), Division("361199")
SCAN = Scan("专题会议纪要.pdf", b"%PDF-1.7 minutes")
OURS = ManualForm(Payer.BENEFICIARY, YUSHAN, Money.parse("12万"), "县政府专题会议决定", "玉府专纪〔2024〕6号")
CITY = ManualForm(Payer.MUNICIPAL, TOWN, Money.parse("18万"), "市级资金压减", "饶工信字【2024】09号")


@pytest.fixture
def office(book, recognise):
    """A national little giant, 10 万 and 20 万, in a staffed office; the round and the award's number."""
    recognise()
    round_id = kit.compute(book)
    kit.staff(book)
    return round_id, next(iter(kit.lines(book, round_id)))


def set_amount(book, number, form=OURS, scan=SCAN, by=kit.REVIEWER):
    return perform(book, "人工核定", Actor(by), lambda session: manual_amounts.set_amount(session, number, form, scan))


def line(book, office):
    return kit.lines(book, office[0])[office[1]]


def test_it_is_kept_with_reason_document_and_scan_and_computing_again_changes_nothing(book, office):
    assert set_amount(book, office[1]).wan == "32"
    assert set_amount(book, office[1], CITY).wan == "30"
    before = line(book, office)
    with book.action("重新测算", kit.CLERK) as session:
        done = rounds.compute(session, office[0])
    assert (done.added, done.changed) == (0, 0)
    assert line(book, office) == before
    assert [(part.amount.wan, part.clause[-5:]) for part in before.parts] == [("12", "，人工核定"), ("18", "，人工核定")]
    assert before.marks == ("人工核定（按政策 300,000.00 元）",)
    with book.reading() as session:
        first, second = manual_amounts.of_recognition(session, before.recognition_id)
    assert (first.reason, first.by, [scan.name for scan in first.scans]) == ("县政府专题会议决定", kit.REVIEWER, ["专题会议纪要.pdf"])
    assert (second.document, second.amount.wan) == ("饶工信字〔2024〕9号", "18")
    assert check(book) == []


def test_the_totals_of_the_round_follow(book, office):
    set_amount(book, office[1])
    with book.reading() as session:
        sums = awards.totals(awards.award_lines(session, office[0]))
    assert (sums.beneficiary.wan, sums.municipal.wan) == ("12", "20")


def test_the_list_unlocked_and_locked_anew_keeps_it(book, office):
    set_amount(book, office[1])
    with book.action("解锁", kit.CLERK) as session:
        rounds.unlock(session, office[0])
    kit.compute(book)
    assert line(book, office).total.wan == "32"


@pytest.mark.parametrize(
    ("form", "scan", "why"),
    [
        (OURS, None, "要附依据的扫描件"),
        (ManualForm(Payer.BENEFICIARY, YUSHAN, OURS.amount, " ", OURS.document), SCAN, "没有写明理由"),
        (ManualForm(Payer.BENEFICIARY, YUSHAN, OURS.amount, "理由", ""), SCAN, "没有写明依据的文件"),
        (ManualForm(Payer.BENEFICIARY, YUSHAN, Money(0), "理由", "文件"), SCAN, "登记为“不予奖励”"),
        (ManualForm(Payer.BENEFICIARY, YUSHAN, Money.parse("9万"), "理由", "文件"), SCAN, "低于下限 100,000.00 元"),
        (ManualForm(Payer.MUNICIPAL, TOWN, CITY.amount, "理由", "电话通知"), SCAN, "要有市级的文件"),
        (ManualForm(Payer.BENEFICIARY, Division("361191"), OURS.amount, "理由", "文件"), SCAN, "没有对应的奖励金额"),
    ],
)
def test_what_is_lacking_or_too_low_is_refused_and_nothing_is_kept(book, office, form, scan, why):
    before = line(book, office)
    with pytest.raises(Refused, match="请") as refused:
        set_amount(book, office[1], form, scan)
    assert why in str(refused.value)
    assert line(book, office) == before
    with book.reading() as session:
        assert manual_amounts.of_recognition(session, before.recognition_id) == ()


def test_above_the_cap_is_refused_and_a_cap_that_comes_later_still_holds(book, office):
    set_amount(book, office[1])
    with book.action("封顶", kit.CLERK) as session:
        pack, choices = rounds.basis_for(session, 2024)
        capped = choices.changed(pack, {YEARLY_CAP: "110000"}, (), {YEARLY_CAP: "县府办发〔2024〕9号"})
        rounds.prepare(session, 2024, pack, capped)
    after = line(book, office)
    assert after.paid_by(Payer.BENEFICIARY).wan == "11"
    assert (after.uncapped.wan, after.by_policy.wan) == ("12", "30")
    assert after.marks == ("人工核定（按政策 300,000.00 元）", "封顶（封顶前受益财政 120,000.00 元）")
    with pytest.raises(Refused, match="封顶：玉山县对一家企业 2024 年最多奖励 11 万元"):
        set_amount(book, office[1])


def test_it_is_for_those_who_review_or_approve(book, office):
    for who in (kit.CLERK, kit.PAYER):
        with pytest.raises(Denied, match="没有“复核”、“审批”岗位"):
            set_amount(book, office[1], by=who)
    assert set_amount(book, office[1], by=kit.APPROVER).wan == "32"


def test_once_examined_the_amount_stands_until_the_award_is_sent_back(book, office):
    kit.prepare_payee(book, office[1])
    kit.do(book, Event.EXAMINE, office[1])
    with pytest.raises(Refused, match="现为“已初审”，不能人工核定。请先退回"):
        set_amount(book, office[1])
    kit.do(book, Event.SEND_BACK, office[1], words=Words(kit.MONDAY, "核定金额"))
    set_amount(book, office[1])
    kit.until(book, *office, Event.APPROVE)
    assert line(book, office).total.wan == "32"


def test_it_can_be_corrected_withdrawn_and_taken_back(book, office):
    recognition = line(book, office).recognition_id
    set_amount(book, office[1])
    again = ManualForm(Payer.BENEFICIARY, YUSHAN, Money.parse("13万"), "更正", OURS.document)
    assert set_amount(book, office[1], again).wan == "33"
    with book.reading() as session:
        (one,) = manual_amounts.of_recognition(session, recognition)
    assert (one.amount.wan, len(one.scans)) == ("13", 1)
    with pytest.raises(Refused, match="不能单独删除。请撤回这项人工核定"), book.action("删", kit.CLERK) as session:
        attachments.detach(session, one.scans[0].id)

    def withdraw(session):
        return manual_amounts.withdraw(session, office[1], Payer.BENEFICIARY, YUSHAN)

    assert perform(book, "撤回核定", Actor(kit.REVIEWER), withdraw).wan == "30"
    assert line(book, office).marks == ()
    with pytest.raises(NotFound):
        perform(book, "撤回核定", Actor(kit.REVIEWER), withdraw)
    assert undo(book, kit.REVIEWER) == "撤回核定"
    assert line(book, office).total.wan == "33"
    assert check(book) == []


def test_the_history_of_the_recognition_tells_it_in_words(book, office):
    set_amount(book, office[1])
    with book.reading() as session:
        told = {(one.field, one.new) for one in history_of(session, "recognition", 1) if one.record.startswith("人工核定")}
    assert {("金额", "120,000.00 元"), ("理由", "县政府专题会议决定"), ("核定人", kit.REVIEWER), ("财政", "玉山县")} <= told
