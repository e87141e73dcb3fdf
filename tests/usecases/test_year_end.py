"""年度结账 and 结转: closed only when nothing is left, read-only afterwards, carried on by links and paid once."""

from datetime import date

import process_kit as kit
import pytest
from people_kit import office as hire_office
from test_ledger import K, order

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.ledger import Progress
from zjtx_desktop.domain.states import AwardState, Event
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.errors import Denied, NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.undo import undo
from zjtx_desktop.usecases import (
    awards,
    budgets,
    carrying_over,
    corrections,
    ledger,
    letters,
    manual_amounts,
    recognitions,
    rounds,
    standings,
    year_end,
)
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor, perform
from zjtx_desktop.usecases.manual_amounts import ManualForm
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.year_end import Left
from zjtx_desktop.values import Division, Money

YUSHAN = Division("361123")
DAY, LAST, NEW_YEAR = date(2024, 12, 2), date(2024, 12, 31), date(2025, 3, 3)
WAN = 1_000_000


def do(book, deed, *args, by="张三", **more):
    with book.action("办理", by) as session:
        return deed(session, *args, **more)


def look(book, deed, *args):
    with book.reading() as session:
        return deed(session, *args)


def left(book, year=2024):
    return {kind: (count, money.wan) for kind, count, money in look(book, year_end.year_end, year).sums()}


def parts(book, round_id):
    return look(book, standings.part_lines, round_id)


@pytest.fixture
def issued(book, recognise):
    """A national little giant and a provincial firm, both issued; of the first the county's 4 of 10 万 are paid."""
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    round_id = kit.compute(book)
    do(book, letters.issue, round_id, DAY)
    ours, _, other = parts(book, round_id)
    do(book, ledger.pay, order(ours, Money(4 * WAN), on=DAY))
    do(book, ledger.pay, order(other, on=DAY))
    return round_id


def file_paid(book, round_id, on=DAY):
    numbers = [line.number for line in kit.lines(book, round_id).values() if line.state is AwardState.PAID]
    outcomes = kit.do(book, Event.ARCHIVE, *numbers, words=Words(on))
    assert [one.why for one in outcomes] == [""] * len(numbers)


@pytest.fixture
def carried(book, issued):
    """The same, the second filed, the first carried on into 2025; the round there."""
    file_paid(book, issued)
    (made,) = do(book, carrying_over.carry_over, 2024, LAST)
    return made.round_id


@pytest.fixture
def closed(book, issued, carried):
    """The same with 2024 closed."""
    do(book, year_end.close_year, 2024, LAST)
    return issued


def test_everything_unfinished_is_listed_with_its_money_and_by_treasury(book, recognise, issued):
    recognise("示例丙再次认定有限公司", kind=Kind.AGAIN)
    assert left(book) == {
        Left.UNCOMPUTED: (1, "0"),
        Left.NOT_ARRIVED: (1, "20"),
        Left.UNPAID: (1, "6"),
        Left.UNARCHIVED: (1, "0"),
    }
    kit.compute(book)
    seen = look(book, year_end.year_end, 2024)
    assert seen.sums()[0][:2] == (Left.UNDECIDED, 1)
    assert dict(seen.treasuries()) == {"上饶市本级（市级财政）": Money(20 * WAN), "玉山县（受益财政）": Money(6 * WAN)}
    assert not seen.can_be_closed and seen.can_be_carried


def test_with_anything_left_the_year_is_not_closed(book, issued):
    with pytest.raises(Refused) as refused:
        do(book, year_end.close_year, 2024, LAST)
    assert str(refused.value) == (
        "2024 年度还有没有办结的：市级资金未到账 1 笔、未付清 1 笔、已拨付未归档 1 笔，不能结账。"
        "请先办结，已下达未付清的可以结转到下一年度。"
    )


@pytest.mark.parametrize(("year", "on"), [(2024, date(2023, 12, 31)), (2019, LAST)])
def test_a_year_to_come_or_without_rounds_is_not_closed(book, issued, year, on):
    with pytest.raises((Refused, NotFound), match="不能结账|不用结账"):
        do(book, year_end.close_year, year, on)


def test_drafts_and_awards_on_their_way_are_named_by_where_they_stand(book, recognise):
    for n in range(4):
        recognise(f"示例{n}有限公司", "srdi_sme", Level.PROVINCIAL)
    round_id = kit.compute(book)
    kit.staff(book)
    one, two, three, _ = kit.lines(book, round_id)
    kit.until(book, round_id, one, Event.REVIEW)
    kit.until(book, round_id, two, Event.PUBLISH)
    kit.do(book, Event.EXCLUDE, three)
    assert left(book) == {Left.DRAFT: (1, "10"), Left.UNDER_WAY: (1, "10"), Left.NOTICED: (1, "10")}


def test_carrying_over_makes_links_and_no_copies(book, issued, carried):
    line = next(one for one in look(book, rounds.rounds) if one.id == carried)
    assert (line.year, line.name, line.follows) == (2025, "第一批结转（2024年）", issued)
    assert kit.lines(book, carried) == {}
    there = parts(book, carried)
    assert [(part.payer, part.standing.payable.wan, part.origin) for part in there] == [
        (Payer.BENEFICIARY, "6", "2024 年度第一批"),
        (Payer.MUNICIPAL, "20", "2024 年度第一批"),
    ]
    assert {part.id for part in there} < {part.id for part in parts(book, issued)}
    assert left(book) == {} and left(book, 2025) == {Left.NOT_ARRIVED: (1, "20"), Left.UNPAID: (1, "6")}
    with pytest.raises(Refused, match="不用结转"):
        do(book, carrying_over.carry_over, 2024, LAST)
    assert check(book) == []


def budget(book, round_id, payer=Payer.BENEFICIARY):
    return next(line for line in look(book, budgets.budget_lines, round_id) if line.payer is payer)


def test_the_budget_of_the_new_year_counts_what_was_carried_and_the_old_one_no_longer(book, issued, carried):
    assert [(one.used.wan, one.paid.wan) for one in (budget(book, issued), budget(book, carried))] == [("14", "14"), ("6", "0")]
    do(book, ledger.pay, order(parts(book, carried)[0], Money(5 * WAN), on=NEW_YEAR))
    assert [(one.used.wan, one.paid.wan) for one in (budget(book, issued), budget(book, carried))] == [("14", "14"), ("6", "5")]
    do(book, ledger.write_off, order(parts(book, carried)[0], Money(WAN), on=NEW_YEAR, voucher="饶财〔2025〕8号", reason="核减"))
    assert (budget(book, issued).used.wan, budget(book, carried).used.wan) == ("14", "5")


def test_what_was_carried_is_paid_there_and_counts_for_the_original_award(book, closed, carried):
    ours, city = parts(book, carried)
    do(book, ledger.pay, order(ours, on=NEW_YEAR))
    for kind in (K.REQUESTED, K.APPROVED, K.ARRIVED):
        do(book, ledger.follow, order(city, Money(20 * WAN), on=NEW_YEAR), kind)
    do(book, ledger.pay, order(city, on=NEW_YEAR))
    (award,) = [line for line in kit.lines(book, closed).values() if line.id == ours.award_id]
    assert award.state is AwardState.PAID
    assert {part.progress for part in parts(book, carried)} == {Progress.PAID}
    assert left(book, 2025) == {Left.UNARCHIVED: (1, "0")}
    file_paid(book, closed, on=NEW_YEAR)
    with pytest.raises(Refused):
        do(book, ledger.pay, order(ours, Money(1), on=NEW_YEAR))
    assert look(book, year_end.year_end, 2025).can_be_closed
    assert check(book) == []


def test_what_is_still_unpaid_is_carried_on_from_year_to_year(book, closed, carried):
    do(book, ledger.pay, order(parts(book, carried)[0], Money(WAN), on=NEW_YEAR))
    (again,) = do(book, carrying_over.carry_over, 2025, date(2025, 12, 31))
    assert (again.year, again.name, again.awards, again.amount.wan) == (2026, "第一批结转（2024年）", 1, "25")
    do(book, year_end.close_year, 2025, date(2025, 12, 31))
    assert [budget(book, one).used.wan for one in (closed, carried, again.round_id)] == ["14", "1", "5"]
    do(book, ledger.pay, order(parts(book, again.round_id)[0], on=date(2026, 2, 2)))
    with pytest.raises(Refused, match="2025 年度已由张三于2025年12月31日结账"):
        do(book, budgets.set_budget, carried, Payer.BENEFICIARY, YUSHAN, Money(WAN), "批复")
    assert check(book) == []


def test_a_round_that_carries_on_has_no_list_to_judge(book, issued, carried):
    for deed in (rounds.compute, rounds.unlock):
        with pytest.raises(Refused, match="是结转批次，只办理结转来的款项"):
            do(book, deed, carried)
    seen = look(book, rounds.overview, carried)
    assert (seen.listed, seen.joining, seen.drafts) == (0, 0, 0)


def test_an_open_clawback_can_be_carried_on(book, issued):
    file_paid(book, issued)
    number = parts(book, issued)[2].award_number
    do(book, ledger.revoke, number, Words(DAY, "撤销认定", "赣工信〔2024〕9号"), "revoke")
    assert left(book)[Left.CLAIMED] == (1, "10")
    (made,) = do(book, carrying_over.carry_over, 2024, LAST)
    do(book, year_end.close_year, 2024, LAST)
    do(book, ledger.recover, number, Money(10 * WAN), NEW_YEAR, "收款0001", "recover")
    assert kit.state(book, number) == AwardState.RECOVERED
    assert look(book, rounds.rounds)[0].id == made.round_id


def _deeds(book, round_id):
    """Everything that would touch the closed year, by name."""
    lines = list(kit.lines(book, round_id).values())
    filed = next(line for line in lines if line.state is AwardState.ARCHIVED)
    part = next(part for part in parts(book, round_id) if part.award_number == filed.number)
    form = look(book, recognitions.get, filed.recognition_id)
    manual = ManualForm(Payer.BENEFICIARY, YUSHAN, Money(12 * WAN), "理由", "文件")
    revoked = Words(NEW_YEAR, "撤销认定", "赣工信〔2025〕9号")
    return {
        "unlock": lambda s: rounds.unlock(s, round_id),
        "compute": lambda s: rounds.compute(s, round_id),
        "prepare": lambda s: rounds.prepare(s, 2024, *rounds.basis_for(s, 2024)),
        "open_round": lambda s: rounds.open_round(s, 2024, "补充批"),
        "void": lambda s: awards.void(s, filed.number, "理由"),
        "redo": lambda s: corrections.redo(s, filed.number, "理由"),
        "manual": lambda s: manual_amounts.set_amount(s, filed.number, manual, None),
        "budget": lambda s: budgets.set_budget(s, round_id, Payer.BENEFICIARY, YUSHAN, Money(WAN), "批复"),
        "returned": lambda s: ledger.returned(s, order(part, Money(1), on=NEW_YEAR, reason="退回")),
        "revoke": lambda s: ledger.revoke(s, filed.number, revoked, "key"),
        "recognition": lambda s: recognitions.change(s, filed.recognition_id, form),
        "carry": lambda s: carrying_over.carry_over(s, 2024, NEW_YEAR),
        "close": lambda s: year_end.close_year(s, 2024, NEW_YEAR),
    }


NAMES = ("unlock", "compute", "prepare", "open_round", "void", "redo", "manual", "budget", "returned", "revoke",
         "recognition", "carry", "close")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_closed_year_is_read_only_and_says_by_whom_and_when(book, closed, name):
    before = look(book, awards.award_lines, closed)
    with pytest.raises(Refused, match="2024 年度已由张三于2024年12月31日结账，只能查看"):
        do(book, _deeds(book, closed)[name])
    assert look(book, awards.award_lines, closed) == before


def test_the_list_of_deeds_is_whole(book, closed):
    assert tuple(_deeds(book, closed)) == NAMES


WRITES = (
    "UPDATE award SET void_reason = 'x' WHERE state = 'archived'",
    "UPDATE round SET name = 'x' WHERE year = 2024",
    "DELETE FROM round_item",
    "UPDATE award_part SET fen = 1 WHERE award_id = (SELECT id FROM award WHERE state = 'archived')",
    "UPDATE recognition SET note = 'x'",
    "UPDATE document SET voided = 1 WHERE award_id = (SELECT id FROM award WHERE state = 'archived')",
    "INSERT INTO budget (round_id, payer, division, fen, basis) VALUES (1, 'beneficiary', '361123', 1, 'x')",
    "INSERT INTO round (year, name, state, every_division) VALUES (2024, 'x', 'open', 0)",
    "DELETE FROM year_closing",
)


@pytest.mark.parametrize("statement", WRITES)
def test_the_file_itself_refuses_what_goes_past_the_use_cases(book, closed, statement):
    with pytest.raises(Exception, match="closed year|closings are kept"):
        do(book, lambda session: session.connection().exec_driver_sql(statement))
    assert check(book) == []


def test_what_the_file_refuses_is_told_in_words(book, closed):
    with pytest.raises(Refused, match="“改”会改动已结账年度的记录，没有保存"):
        perform(book, "改", Actor("张三"), lambda session: session.connection().exec_driver_sql(WRITES[0]))


def test_taking_back_what_stands_in_a_closed_year_is_refused(book, issued):
    file_paid(book, issued)
    with book.action("改备注", "张三") as session:
        session.connection().exec_driver_sql("UPDATE recognition SET note = '备注' WHERE id = 2")
    do(book, carrying_over.carry_over, 2024, LAST)
    do(book, year_end.close_year, 2024, LAST)
    with pytest.raises(Refused, match="不能撤销"):
        undo(book, "张三")


def test_what_belongs_to_no_closed_year_goes_on(book, closed, recognise):
    recognise("示例丁有限公司", "srdi_sme", Level.PROVINCIAL, on=date(2025, 5, 6))
    with book.action("测算", "张三") as session:
        done = rounds.prepare(session, 2025, *rounds.basis_for(session, 2025))
    assert done.added == 1
    do(book, letters.issue, done.round.id, date(2025, 6, 2))
    (letter,) = look(book, letters.register, closed)[:1]
    do(book, letters.reprint, letter.id)
    assert check(book) == []


def test_reopening_needs_two_persons_and_a_reason_and_the_year_can_be_closed_anew(book, recognise):
    recognise(on=date(2024, 9, 2))
    staff = hire_office(book)
    clerk, reviewer, approver, admin = (staff[role] for role in (Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.ADMIN))
    perform(book, "测算", clerk, lambda s: rounds.prepare(s, 2024, *rounds.basis_for(s, 2024)))
    number = next(iter(kit.lines(book, 1)))
    perform(book, "不予奖励", clerk, lambda s: kit.process.advance(s, [number], Event.EXCLUDE, Words(DAY, "企业放弃")))

    def close(session):
        return year_end.close_year(session, 2024, LAST, "各批次均已办结")

    for stranger in (clerk, reviewer, admin):
        with pytest.raises(Denied):
            perform(book, "结账", stranger, close)
    assert perform(book, "结账", approver, close).sentence == "2024 年度已由审批人员于2024年12月31日结账"
    with pytest.raises(Refused, match="还没有人申请重新开账"):
        perform(book, "开账", admin, lambda s: year_end.reopen(s, 2024, NEW_YEAR))
    with pytest.raises(Refused, match="没有写明理由"):
        perform(book, "申请", approver, lambda s: year_end.ask_to_reopen(s, 2024, " ", NEW_YEAR))
    perform(book, "申请", approver, lambda s: year_end.ask_to_reopen(s, 2024, "漏报一户", NEW_YEAR))
    for stranger in (clerk, approver):
        with pytest.raises(Denied):
            perform(book, "开账", stranger, lambda s: year_end.reopen(s, 2024, NEW_YEAR))
    with pytest.raises(Refused, match="结账"):
        perform(book, "测算", clerk, lambda s: rounds.compute(s, 1))
    perform(book, "开账", admin, lambda s: year_end.reopen(s, 2024, NEW_YEAR))
    perform(book, "测算", clerk, lambda s: rounds.compute(s, 1))
    with pytest.raises(Refused, match="没有结账"):
        perform(book, "申请", approver, lambda s: year_end.ask_to_reopen(s, 2024, "再开", NEW_YEAR))
    perform(book, "结账", approver, close)
    with book.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT closed_by, asked_by, reason, reopened_by FROM year_closing").all()
    assert rows == [("审批人员", "审批人员", "漏报一户", admin.name), ("审批人员", None, None, None)]
    assert check(book) == []


def test_a_book_without_rounds_has_nothing_to_close(book):
    with pytest.raises(NotFound, match="还没有批次"):
        look(book, year_end.year_end)


def test_the_year_that_comes_up_is_the_earliest_still_open(book, closed):
    seen = look(book, year_end.year_end)
    assert (seen.year, seen.years) == (2025, (2025, 2024))
    shut = look(book, year_end.year_end, 2024)
    assert (shut.lines, shut.can_be_closed, shut.can_be_carried, shut.closing.closed_by) == ((), False, False, "张三")
    assert [line.closed for line in look(book, rounds.rounds)] == ["", "2024 年度已由张三于2024年12月31日结账"]


def test_a_link_that_says_another_amount_than_the_ledger_is_found(book, issued):
    with book.action("伪造", "张三") as session:
        target = tables.Round(year=2025, name="结转", state="computed", follows_id=issued)
        session.add(target)
        session.flush()
        link = {"from_round_id": issued, "round_id": target.id, "after_entry": 99, "on_date": LAST, "by_name": "张三"}
        session.add(tables.CarryOver(part_id=1, fen=10 * WAN, **link))
    assert check(book) == ["奖补 361123-2024-00001 结转 100,000.00 元，按当时的台账应为 60,000.00 元。"]
