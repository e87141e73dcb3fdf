"""From 初审 to 归档: what each step needs, whose it is, and what becomes of those that may not be taken."""

from datetime import date, timedelta

import process_kit as kit
import pytest
from process_kit import AFTER, APPROVER, CLERK, MONDAY, PAYER, REVIEWER
from sqlalchemy import delete, select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.states import AwardState, Event
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.errors import Denied, NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import awards, credit, dual_control, large_amounts, letters, notices, process, rounds, submissions
from zjtx_desktop.usecases.duties import Actor, perform
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.values import Money

S, E = AwardState, Event


@pytest.fixture
def office(book, recognise):
    """Four persons over a computed round of two awards; the round's id and the numbers."""
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    round_id = kit.compute(book)
    kit.staff(book)
    return round_id, *kit.lines(book, round_id)


def why(outcomes):
    (one,) = outcomes
    return one.why


def steps(book, number):
    with book.reading() as session:
        return process.steps(session, kit.award(session, number).id)


def denials(book):
    with book.reading() as session:
        return [(row.person, row.deed) for row in session.scalars(select(tables.Denial))]


def issue(book, round_id, numbers=None, by=CLERK):
    with book.action("下达", by) as session:
        return letters.issue(session, round_id, AFTER, numbers)


def pay(book, number, by=PAYER):
    """The step alone; what is entered in the ledger is not looked at here."""
    with book.action("拨付", by) as session:
        row = kit.award(session, number)
        process.take(session, row, E.PAY, Words(AFTER))


def test_four_persons_take_an_award_from_draft_to_archive(book, office):
    round_id, number, _ = office
    kit.until(book, round_id, number, E.APPROVE)
    issue(book, round_id, [number])
    pay(book, number)
    assert why(kit.do(book, E.ARCHIVE, number)) == ""
    assert kit.state(book, number) == S.ARCHIVED
    taken = steps(book, number)
    assert [(step.event, step.person) for step in taken] == [
        (E.EXAMINE, CLERK), (E.REVIEW, REVIEWER), (E.PUBLISH, CLERK), (E.CLEAR, CLERK),
        (E.APPROVE, APPROVER), (E.ISSUE, CLERK), (E.PAY, PAYER), (E.ARCHIVE, CLERK),
    ]  # fmt: skip
    assert [step.start for step in taken[1:]] == [step.end for step in taken[:-1]]
    assert taken[0].opinion == "材料齐全，同意" and taken[4].document == "县政府常务会议纪要〔2024〕20号"
    assert book.check() == [] and denials(book) == []


def test_every_step_keeps_the_amount_it_was_taken_over(book, office):
    _, number, _ = office
    kit.do(book, E.EXAMINE, number)
    with book.reading() as session:
        assert session.scalars(select(tables.AwardStep)).one().fen == Money.parse("30万").fen


def test_a_batch_takes_what_it_can_and_names_the_others_with_the_reason(book, office):
    _, first, second = office
    kit.do(book, E.EXAMINE, first)
    done = kit.do(book, E.EXAMINE, first, second, "没有的编号", second)
    assert [(one.award_number, one.is_done) for one in done] == [(first, False), (second, True), ("没有的编号", False)]
    assert "现为“已初审”，不能“初审”" in done[0].why and done[0].organisation == "示例甲有限公司"
    assert "没有编号为" in done[2].why


def test_what_is_undecided_or_not_awarded_or_without_money_cannot_be_examined(book, recognise):
    recognise(kind=Kind.AGAIN)
    recognise("示例乙有限公司", kind=Kind.REVIEW)
    recognise("示例丙有限公司")
    kit.staff(book)
    round_id = kit.compute(book)
    undecided, refused, awarded = kit.lines(book, round_id)
    assert "测算结论为“待定”" in why(kit.do(book, E.EXAMINE, undecided))
    assert "测算结论为“不予奖励”" in why(kit.do(book, E.EXAMINE, refused))
    with book.action("清零", CLERK) as session:
        row = kit.award(session, awarded)
        row.beneficiary_fen = row.municipal_fen = 0
    assert "没有金额" in why(kit.do(book, E.EXAMINE, awarded))


@pytest.mark.parametrize(
    ("account", "clean", "said"), [(False, True, "没有登记收款账户"), (True, None, "没有信用核查记录"), (True, False, "信用核查不通过")]
)
def test_review_needs_an_account_and_a_clean_credit_check(book, office, account, clean, said):
    _, number, _ = office
    kit.do(book, E.EXAMINE, number)
    kit.prepare_payee(book, number, bool(clean), account)
    if clean is None:
        with book.action("换一家", CLERK) as session:
            session.connection().execute(delete(tables.CreditCheck))
    assert said in why(kit.do(book, E.REVIEW, number))
    assert kit.state(book, number) == S.EXAMINED


def test_the_latest_credit_check_counts_whatever_order_they_were_recorded_in(book, office):
    _, number, _ = office
    kit.do(book, E.EXAMINE, number)
    kit.prepare_payee(book, number, clean=False)
    with book.action("重新核查", CLERK) as session:
        credit.record(session, [1], MONDAY + timedelta(days=1), "信用中国（江西上饶）", True)
        credit.record(session, [1], MONDAY - timedelta(days=9), "信用中国", False, "列入异常名录")
        assert [line.clean for line in credit.checks(session, 1)] == [True, False, False]
    assert why(kit.do(book, E.REVIEW, number)) == ""


@pytest.mark.parametrize(
    ("event", "words", "said"),
    [
        (E.EXAMINE, Words(MONDAY, " "), "要写明意见"),
        (E.EXCLUDE, Words(MONDAY), "要写明理由"),
        (E.EXAMINE, Words(date(2999, 1, 1), "同意"), ""),
    ],
)
def test_a_step_without_its_words_or_in_the_future_is_not_taken(book, office, event, words, said):
    _, number, _ = office
    if said:
        assert said in why(kit.do(book, event, number, words=words))
    else:
        with pytest.raises(Refused, match="还没有到"):
            kit.do(book, event, number, words=words)
    assert kit.state(book, number) == S.DRAFT and steps(book, number) == ()


def test_approval_needs_the_document_of_the_government(book, office):
    round_id, number, _ = office
    kit.until(book, round_id, number, E.CLEAR)
    assert "要写明文件" in why(kit.do(book, E.APPROVE, number, words=Words(AFTER, "同意")))


def test_what_is_above_the_limit_is_approved_only_with_a_second_look(book, office):
    round_id, large, small = office
    with book.action("大额标准", "管理员") as session:
        session.add(tables.Person(name="管理员", roles='["admin"]', public_key="", salt=b"", sealed_key=b"", password_on=MONDAY))
        session.flush()
        large_amounts.set_limit(session, Money.parse("20万"))
        assert large_amounts.limit(session) == Money.parse("20万")
    kit.until(book, round_id, large, E.CLEAR)
    kit.until(book, round_id, small, E.APPROVE)
    assert "300,000.00 元，超过 200,000.00 元的大额标准" in why(kit.do(book, E.APPROVE, large))
    assert why(kit.do(book, E.APPROVE, large, words=Words(AFTER, "同意", "会议纪要", True))) == ""


def test_the_limit_is_set_by_the_administrator_and_can_be_taken_away(book, office):
    with pytest.raises(Denied), book.action("大额标准", CLERK) as session:
        large_amounts.set_limit(session, Money.parse("1万"))
    kit.staff(book, {"管理员": Role.ADMIN})
    with pytest.raises(Refused, match="大于零"), book.action("大额标准", "管理员") as session:
        large_amounts.set_limit(session, Money(0))
    with book.action("大额标准", "管理员") as session:
        large_amounts.set_limit(session, Money.parse("1万"))
        large_amounts.set_limit(session, None)
        assert large_amounts.limit(session) is None


def test_a_step_is_not_dated_before_the_one_before_it(book, office):
    _, number, _ = office
    kit.do(book, E.EXAMINE, number)
    early = Words(MONDAY - timedelta(days=1), "不予")
    assert "早于上一步" in why(kit.do(book, E.EXCLUDE, number, words=early))


@pytest.mark.parametrize("event", sorted(set(Event) - process.ALONE))
def test_what_goes_with_a_letter_a_notice_or_an_entry_is_no_step_by_itself(book, office, event):
    _, number, _ = office
    with pytest.raises(Refused, match="不能在这里单独办理"), book.action("办理", CLERK) as session:
        process.advance(session, [number], event, Words(MONDAY, "同意", "文件"))


def test_a_notice_runs_to_its_last_day_before_it_is_over(book, office):
    round_id, number, _ = office
    kit.until(book, round_id, number, E.PUBLISH)
    friday = MONDAY + timedelta(days=4)
    assert "公示到 2024-12-06 才期满" in why(kit.do(book, E.CLEAR, number, words=Words(friday)))
    assert why(kit.do(book, E.CLEAR, number, words=Words(friday + timedelta(days=1)))) == ""


def test_a_notice_can_only_be_left_out_with_a_ground_and_a_document(book, office):
    round_id, number, _ = office
    kit.until(book, round_id, number, E.REVIEW)
    assert "不能“审定”" in why(kit.do(book, E.APPROVE, number))
    assert "要写明文件" in why(kit.do(book, E.WAIVE, number, words=Words(MONDAY, "涉密")))
    assert why(kit.do(book, E.WAIVE, number)) == ""
    assert why(kit.do(book, E.APPROVE, number)) == ""


@pytest.mark.parametrize("upheld", [True, False])
def test_an_open_or_upheld_objection_holds_the_award_and_an_unfounded_one_does_not(book, office, upheld):
    round_id, number, _ = office
    kit.until(book, round_id, number, E.PUBLISH)
    with book.action("登记异议", CLERK) as session:
        row = notices.object_to(session, number, MONDAY, "李某", "该企业已迁出本县")
    assert "李某的异议还没有答复" in why(kit.do(book, E.CLEAR, number))
    with book.action("答复异议", CLERK) as session:
        notices.answer(session, row, AFTER, "经核实，企业税务登记在本县", upheld)
    done = why(kit.do(book, E.CLEAR, number))
    assert ("异议成立" in done) is upheld and (done == "") is not upheld


def test_an_objection_after_the_last_day_still_holds_the_approval(book, office):
    round_id, number, _ = office
    kit.until(book, round_id, number, E.CLEAR)
    with book.action("登记异议", CLERK) as session:
        notices.object_to(session, number, AFTER, "匿名", "产品不属实")
    assert "异议还没有答复" in why(kit.do(book, E.APPROVE, number))


def test_what_was_sent_back_goes_the_whole_way_again_with_a_new_notice(book, office):
    round_id, number, _ = office
    kit.until(book, round_id, number, E.PUBLISH)
    with book.action("登记异议", CLERK) as session:
        row = notices.object_to(session, number, MONDAY, "李某", "金额有误")
        notices.answer(session, row, MONDAY, "异议成立，重新核对", True)
    assert why(kit.do(book, E.SEND_BACK, number)) == ""
    assert kit.state(book, number) == S.DRAFT
    later = [Words(AFTER + timedelta(days=n), "同意", "文件") for n in (0, 1, 8, 9)]
    assert why(kit.do(book, E.EXAMINE, number, words=later[0])) == ""
    assert why(kit.do(book, E.REVIEW, number, words=later[1])) == ""
    assert why(kit.publish(book, round_id, number, starts=AFTER + timedelta(days=1))) == ""
    assert why(kit.do(book, E.CLEAR, number, words=later[2])) == "", "the objection to the first notice is dealt with"
    assert why(kit.do(book, E.APPROVE, number, words=later[3])) == ""
    with book.reading() as session:
        assert [line.awards for line in notices.notices(session, round_id)] == [1, 1]


def test_an_objection_upheld_before_it_was_sent_back_does_not_hold_what_needs_no_notice_now(book, office):
    round_id, number, _ = office
    kit.until(book, round_id, number, E.PUBLISH)
    with book.action("登记异议", CLERK) as session:
        notices.answer(session, notices.object_to(session, number, MONDAY, "李某", "金额有误"), MONDAY, "属实", True)
    kit.do(book, E.SEND_BACK, number)
    for event in (E.EXAMINE, E.REVIEW, E.WAIVE, E.APPROVE):
        assert why(kit.do(book, event, number, words=Words(AFTER, "同意", "文件"))) == ""
    with pytest.raises(Refused, match="不在公示中"), book.action("登记异议", CLERK) as session:
        notices.object_to(session, number, AFTER, "李某", "仍有异议")


def test_what_was_sent_back_keeps_its_number_and_steps_when_the_list_is_opened(book, office):
    round_id, number, second = office
    kit.do(book, E.EXAMINE, number)
    with pytest.raises(Refused, match="请先把它们退回"), book.action("解锁", CLERK) as session:
        rounds.unlock(session, round_id)
    kit.do(book, E.SEND_BACK, number)
    with book.action("解锁", CLERK) as session:
        with pytest.raises(Refused, match="“解除名单锁定”要两个人办"):
            rounds.unlock(session, round_id)
        session.info["second"] = kit.ALONE
        assert rounds.unlock(session, round_id) == 1
    assert list(kit.lines(book, round_id)) == [number], "the other draft is discarded"
    assert "请先锁定名单并测算" in why(kit.do(book, E.EXAMINE, number, words=Words(AFTER, "同意")))
    kit.compute(book)
    assert list(kit.lines(book, round_id)) == [number, second]
    assert [step.event for step in steps(book, number)] == [E.EXAMINE, E.SEND_BACK]
    assert why(kit.do(book, E.EXAMINE, number, words=Words(AFTER, "同意"))) == ""
    assert book.check() == []


@pytest.mark.parametrize("after", [None, E.EXAMINE, E.PUBLISH, E.APPROVE])
def test_an_excluded_award_is_no_money_and_only_another_person_brings_it_back(book, office, after):
    round_id, number, _ = office
    if after:
        kit.until(book, round_id, number, after)
    approved = after is E.APPROVE
    if approved:
        assert "没有“审批”岗位" in why(kit.do(book, E.EXCLUDE, number))
    assert why(kit.do(book, E.EXCLUDE, number, by=kit.APPROVER if approved else None)) == ""
    line = kit.lines(book, round_id)[number]
    assert (line.state, line.counts) == (S.EXCLUDED, False)
    with pytest.raises(Refused), book.action("下达", CLERK) as session:
        letters.issue(session, round_id, AFTER, [number])
    assert why(kit.do(book, E.READMIT, number)) == ""
    assert kit.state(book, number) == S.DRAFT


def test_awards_on_their_way_go_into_the_report_and_excluded_ones_are_refusals_with_their_reason(book, office):
    round_id, number, other = office
    kit.until(book, round_id, number, E.EXAMINE)
    kit.do(book, E.EXCLUDE, other)
    with book.reading() as session:
        line = rounds.find_round(session, 2024)
        report = submissions.city_report(session, line, MONDAY, CLERK)
        sheets = submissions.sheets(session, line, MONDAY, CLERK)
    assert [(row.number, row.state) for row in report.counted] == [(number, "已初审")]
    (out,) = report.others
    assert (out.verdict, out.total, out.reasons[0]) == ("none", Money(0), "登记为不予奖励：企业放弃奖励")
    assert len(sheets) >= 3


@pytest.mark.parametrize("event", [E.EXAMINE, E.REVIEW, E.PUBLISH, E.CLEAR, E.APPROVE])
def test_a_report_can_be_written_whatever_the_awards_stand_at(book, office, tmp_path, event):
    round_id, number, _ = office
    kit.until(book, round_id, number, event)
    with book.action("报送", CLERK) as session:
        written = submissions.send(session, rounds.find_round(session, 2024), tmp_path / "报送.xlsx", MONDAY, CLERK)
    assert written.awards == 2


def test_only_what_is_paid_is_archived_and_only_what_is_approved_is_issued(book, office):
    round_id, number, _ = office
    with pytest.raises(Refused), book.action("下达", CLERK) as session:
        letters.issue(session, round_id, AFTER, [number])
    kit.until(book, round_id, number, E.APPROVE)
    issue(book, round_id, [number])
    assert "不能“归档”" in why(kit.do(book, E.ARCHIVE, number))
    pay(book, number)
    assert why(kit.do(book, E.ARCHIVE, number)) == ""


def test_an_issued_award_is_voided_and_its_recognition_awarded_anew(book, office):
    round_id, number, second = office
    kit.until(book, round_id, number, E.APPROVE)
    issue(book, round_id, [number])
    with book.action("作废", CLERK) as session:
        awards.void(session, number, "金额有误")
    assert kit.state(book, number) == S.VOIDED
    kit.compute(book)
    assert list(kit.lines(book, round_id)) == [number, f"{number}-2", second]
    assert steps(book, f"{number}-2") == () and steps(book, number)[-1].event is E.VOID


WRONG_HANDS = [
    (E.EXAMINE, REVIEWER), (E.REVIEW, CLERK), (E.APPROVE, REVIEWER), (E.EXCLUDE, APPROVER), (E.SEND_BACK, CLERK), (E.CLEAR, PAYER),
]  # fmt: skip


@pytest.mark.parametrize(("event", "person"), WRONG_HANDS)
def test_a_step_of_another_duty_is_denied_and_put_on_record(book, office, event, person):
    round_id, number, _ = office
    before = {E.REVIEW: E.EXAMINE, E.APPROVE: E.CLEAR, E.SEND_BACK: E.EXAMINE, E.CLEAR: E.PUBLISH}
    if event in before:
        kit.until(book, round_id, number, before[event])
    stood = kit.state(book, number)
    assert "岗位，不能办理" in why(kit.do(book, event, number, by=person))
    assert kit.state(book, number) == stood
    assert denials(book) == [(person, f"{event.label} {number}")]


def test_a_stranger_an_auditor_and_somebody_who_left_may_do_nothing(book, office):
    _, number, _ = office
    kit.staff(book, {"审计员戊": Role.AUDITOR, "离职己": Role.CLERK})
    with book.action("离职", "系统管理员") as session:
        session.scalars(select(tables.Person).where(tables.Person.name == "离职己")).one().active = False
    for name in ("陌生人", "审计员戊", "离职己"):
        with pytest.raises(Denied):
            perform(
                book, "初审", Actor(name), lambda session: process.advance(session, [number], E.EXAMINE, Words(MONDAY, "同意"))
            )
    assert denials(book) == [(name, "初审") for name in ("陌生人", "审计员戊", "离职己")]


def test_one_person_with_every_duty_takes_one_step_of_an_award_only(book, recognise):
    recognise()
    every = {"全能戊": frozenset((Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.PAYER)), "另一人": Role.REVIEWER}
    round_id = kit.compute(book)
    (number,) = kit.lines(book, round_id)
    kit.staff(book, every)
    kit.prepare_payee(book, number, by="全能戊")
    assert why(kit.do(book, E.EXAMINE, number, by="全能戊")) == ""
    assert "不相容岗位相互分离" in why(kit.do(book, E.REVIEW, number, by="全能戊"))
    assert why(kit.do(book, E.REVIEW, number, by="另一人")) == ""
    kit.publish(book, round_id, number, by="全能戊")
    kit.do(book, E.CLEAR, number, by="全能戊")
    assert "办理过这笔奖补的“初审”" in why(kit.do(book, E.APPROVE, number, by="全能戊"))
    assert denials(book) == [("全能戊", f"复核 {number}"), ("全能戊", f"审定 {number}")]


def test_without_dual_control_one_person_may_take_every_step(book, recognise):
    recognise()
    round_id = kit.compute(book)
    (number,) = kit.lines(book, round_id)
    kit.staff(book, {"全能戊": frozenset(Role)})
    kit.prepare_payee(book, number, by="全能戊")
    with book.action("停用分离", "全能戊") as session:
        session.info["second"] = kit.ALONE
        dual_control.switch(session, False, "只有一名工作人员，局务会〔2024〕3号")
    kit.do(book, E.EXAMINE, number, by="全能戊")
    assert why(kit.do(book, E.REVIEW, number, by="全能戊")) == ""


def test_hands_are_counted_anew_after_an_award_was_sent_back(book, recognise):
    recognise()
    round_id = kit.compute(book)
    (number,) = kit.lines(book, round_id)
    kit.staff(book, {"甲": frozenset((Role.CLERK, Role.REVIEWER)), "乙": frozenset((Role.CLERK, Role.REVIEWER))})
    kit.prepare_payee(book, number, by="甲")
    kit.do(book, E.EXAMINE, number, by="甲")
    kit.do(book, E.SEND_BACK, number, by="乙")
    again = Words(AFTER, "同意")
    kit.do(book, E.EXAMINE, number, by="乙", words=again)
    assert why(kit.do(book, E.REVIEW, number, by="甲", words=again)) == ""
    assert denials(book) == []


def test_a_book_without_persons_has_one_user_who_takes_every_step(book, recognise):
    recognise()
    round_id = kit.compute(book)
    (number,) = kit.lines(book, round_id)
    kit.prepare_payee(book, number)
    for event in (E.EXAMINE, E.REVIEW, E.WAIVE, E.APPROVE):
        assert why(kit.do(book, event, number, by="张三")) == ""
    assert len(issue(book, round_id, by="张三")) == 1


def test_a_credit_check_says_where_and_what_and_is_recorded_for_many_at_once(book, office):
    refusals = (
        ([1], MONDAY, " ", True, "", "没有写明核查的来源"),
        ([1], MONDAY, "信用中国", False, "", "没有写明发现的问题"),
        ([1], date(2999, 1, 1), "信用中国", True, "", "还没有到"),
    )
    for *given, said in refusals:
        with pytest.raises(Refused, match=said), book.action("核查", CLERK) as session:
            credit.record(session, *given)
    for unknown in ([], [1, 99]):
        with pytest.raises(NotFound), book.action("核查", CLERK) as session:
            credit.record(session, unknown, MONDAY, "信用中国", True)
    with book.action("核查", CLERK) as session:
        assert credit.record(session, [1, 2, 1], MONDAY, "信用中国", True) == 2
        (line,) = credit.checks(session, 2)
    assert (line.on, line.source, line.clean, line.by) == (MONDAY, "信用中国", True, CLERK)
