"""Public notices: their days by the calendar, what was objected, and what their list prints."""

from dataclasses import fields, replace
from datetime import date

import process_kit as kit
import pytest
from process_kit import AFTER, CLERK, MONDAY
from pypdf import PdfReader

from zjtx_desktop.domain.states import AwardState, Event
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.errors import BadValue, Denied, NotFound, Refused
from zjtx_desktop.usecases import calendars, notices, organisations, rounds
from zjtx_desktop.usecases.approvals import write_approvals
from zjtx_desktop.usecases.calendars import Arrangement
from zjtx_desktop.usecases.notice_list import write_notice_list
from zjtx_desktop.usecases.notices import PublicLine
from zjtx_desktop.usecases.process import steps
from zjtx_desktop.values import Money

NEXT_YEAR = Arrangement.parse(2027, "国办发明电〔2026〕1号", "2027-01-01 至 2027-01-03\n2027年2月5日到2027年2月12日", "2027-02-14、2027-02-20")


@pytest.fixture
def reviewed(book, recognise):
    """Two awards after 复核; the round's id and the numbers."""
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    round_id = kit.compute(book)
    kit.staff(book)
    numbers = tuple(kit.lines(book, round_id))
    for number in numbers:
        kit.until(book, round_id, number, Event.REVIEW)
    return round_id, *numbers


def listed(book, round_id):
    with book.reading() as session:
        return notices.notices(session, round_id)


def test_a_notice_lasts_as_the_round_was_frozen_unless_it_is_set_longer(book, reviewed):
    round_id, first, second = reviewed
    assert [one.why for one in kit.publish(book, round_id, first)] == [""]
    assert [one.why for one in kit.publish(book, round_id, second, days=10)] == [""]
    assert [(line.days, line.starts, line.ends) for line in listed(book, round_id)] == [
        (10, MONDAY, date(2024, 12, 13)),
        (5, MONDAY, date(2024, 12, 6)),
    ]


def test_the_choice_of_the_policy_sets_the_days(book, recognise):
    recognise()
    with book.action("测算", CLERK) as session:
        pack, choices = rounds.basis_for(session, 2024)
        round_id = rounds.prepare(session, 2024, pack, choices.changed(pack, {"notice_working_days": "7"}, ())).round.id
        assert notices.usual_days(session, round_id) == 7


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (date(2024, 9, 28), date(2024, 10, 10)),  # a Saturday: the count begins on the Sunday that is worked
        (date(2024, 9, 30), date(2024, 10, 11)),  # over 国庆
        (date(2025, 1, 26), date(2025, 2, 7)),  # a Sunday that is worked, then 春节
    ],
)
def test_the_last_day_is_counted_over_holidays_and_make_up_days(book, starts, ends):
    with book.reading() as session:
        assert notices.last_day(session, starts, 5) == ends


def test_one_notice_holds_many_awards_and_leaves_out_those_that_may_not(book, reviewed):
    round_id, first, second = reviewed
    kit.do(book, Event.SEND_BACK, second)
    done = kit.publish(book, round_id, first, second, "没有的编号")
    assert [one.is_done for one in done] == [True, False, False]
    assert "现为“草稿”" in done[1].why and "不在这个批次" in done[2].why
    (line,) = listed(book, round_id)
    assert (line.awards, line.open, line.channel) == (1, 0, "县政府门户网站")


def test_no_notice_is_made_when_no_award_may_stand_on_it(book, reviewed):
    round_id, first, _ = reviewed
    kit.publish(book, round_id, first)
    assert [one.is_done for one in kit.publish(book, round_id, first)] == [False]
    assert len(listed(book, round_id)) == 1


@pytest.mark.parametrize(
    ("more", "said"), [({"channel": " "}, "没有写明公示的渠道"), ({"days": 4}, "5 至 10 个工作日"), ({"days": 11}, "5 至 10 个工作日")]
)
def test_a_notice_says_where_and_keeps_within_its_days(book, reviewed, more, said):
    round_id, first, _ = reviewed
    with pytest.raises(Refused, match=said):
        kit.publish(book, round_id, first, **more)
    with pytest.raises(Refused, match="离今天太远"):
        kit.publish(book, round_id, first, starts=date(2099, 1, 4))


def test_a_notice_entered_after_its_first_day_says_why_for_good(book, reviewed, tmp_path):
    round_id, first, second = reviewed
    with pytest.raises(Refused, match="从 2024-12-02 开始，今天才登记，是补登。请写明补登的理由"):
        kit.publish(book, round_id, first, late_reason=" ")
    kit.publish(book, round_id, first, late_reason="停电三天")
    with book.action("公示", CLERK, kit.as_of(MONDAY)) as session:
        notices.publish(session, round_id, [second], MONDAY, "县政府门户网站")
    assert [line.late_reason for line in listed(book, round_id)] == ["", "停电三天"]
    with book.reading() as session:
        said = {number: steps(session, kit.award(session, number).id)[-1].opinion for number in (first, second)}
        write_approvals(session, round_id, tmp_path / "审批表.pdf", AFTER)
    assert said[first].endswith("补登，理由：停电三天") and "补登" not in said[second]
    printed = "".join("".join(page.extract_text().split()) for page in PdfReader(tmp_path / "审批表.pdf").pages)
    assert printed.count("补登，理由：停电三天") == 1


def test_objections_are_listed_with_their_answers_and_counted_on_the_notice(book, reviewed):
    round_id, first, second = reviewed
    kit.publish(book, round_id, first, second)
    with book.action("登记异议", CLERK) as session:
        one = notices.object_to(session, first, MONDAY, "李某", "已迁出")
        notices.object_to(session, second, MONDAY, "匿名", "名称不符")
        notices.answer(session, one, AFTER, "属实", True)
    (line,) = listed(book, round_id)
    assert (line.open, line.upheld) == (1, 1)
    with book.reading() as session:
        found = notices.of_award(session, second)
        assert notices.of_award(session, first).objections[0].answer == "属实"
    assert [(each.by_whom, each.is_open, each.organisation) for each in found.objections] == [("匿名", True, "示例乙有限公司")]


def test_objections_are_refused_where_they_have_no_place_and_answered_once(book, reviewed):
    round_id, first, _ = reviewed
    with pytest.raises(Refused, match="不在公示中"), book.action("异议", CLERK) as session:
        notices.object_to(session, first, MONDAY, "李某", "已迁出")
    kit.publish(book, round_id, first)
    for given, said in (
        ((MONDAY, " ", "已迁出"), "没有写明异议人"),
        ((date(2024, 11, 29), "李某", "已迁出"), "收到日期"),
        ((date(2999, 1, 1), "李某", "已迁出"), "收到日期"),
    ):
        with pytest.raises(Refused, match=said), book.action("异议", CLERK) as session:
            notices.object_to(session, first, *given)
    with book.action("异议", CLERK) as session:
        row = notices.object_to(session, first, AFTER, "李某", "已迁出")
    for given, said in (((AFTER, " ", False), "没有写明答复"), ((MONDAY, "不实", False), "答复日期")):
        with pytest.raises(Refused, match=said), book.action("答复", CLERK) as session:
            notices.answer(session, row, *given)
    with book.action("答复", CLERK) as session:
        notices.answer(session, row, AFTER, "不实", False)
    with pytest.raises(Refused, match="不能再改"), book.action("答复", CLERK) as session:
        notices.answer(session, row, AFTER, "属实", True)
    with pytest.raises(NotFound), book.action("答复", CLERK) as session:
        notices.answer(session, 99, AFTER, "属实", True)


def test_only_the_clerk_publishes_and_records_objections(book, reviewed):
    round_id, first, _ = reviewed
    with pytest.raises(Denied):
        kit.publish(book, round_id, first, by=kit.APPROVER)
    with pytest.raises(Denied), book.action("异议", kit.APPROVER) as session:
        notices.object_to(session, first, MONDAY, "李某", "已迁出")
    assert kit.state(book, first) == AwardState.REVIEWED


def test_what_a_notice_prints_has_no_account_no_person_and_no_telephone(book, recognise, tmp_path):
    recognise()
    round_id = kit.compute(book)
    kit.staff(book)
    (first,) = kit.lines(book, round_id)
    with book.action("改企业", CLERK) as session:
        form = organisations.get(session, 1)
        organisations.change(session, 1, replace(form, contact="王五", phone="13900000000", payee_name="示例收款单位"))
    kit.until(book, round_id, first, Event.REVIEW)
    kit.publish(book, round_id, first)
    with book.reading() as session:
        (line,) = notices.public_lines(session, 1)
        with pytest.raises(NotFound):
            notices.public_lines(session, 9)
    assert (line.organisation, line.amount) == ("示例甲有限公司", Money.parse("30万"))
    assert {field.name for field in fields(PublicLine)} == {"organisation", "credit_code", "title", "level", "award_year", "amount"}
    with book.reading() as session:
        assert write_notice_list(session, 1, tmp_path / "公示名单.pdf") == 1
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(tmp_path / "公示名单.pdf").pages)
    assert "示例甲有限公司" in text and "300,000.00" in text and "2024年12月2日至2024年12月6日" in text
    for secret in ("3600000000000000001", "13900000000", "王五", "示例银行", "示例收款单位"):
        assert secret not in repr(line) and secret not in text


def test_staff_record_the_arrangement_of_a_year_that_was_published_later(book):
    with book.reading() as session, pytest.raises(BadValue, match="2027 年"):
        notices.last_day(session, date(2026, 12, 30), 5)
    with book.action("登记节假日安排", CLERK) as session:
        calendars.record_year(session, NEXT_YEAR)
    with book.reading() as session:
        assert notices.last_day(session, date(2026, 12, 30), 5) == date(2027, 1, 6)
        assert calendars.arrangements(session) == (NEXT_YEAR,)


def test_a_year_recorded_again_replaces_what_was_there_and_no_other(book):
    with book.action("登记节假日安排", CLERK) as session:
        calendars.record_year(session, NEXT_YEAR)
        calendars.record_year(session, replace(NEXT_YEAR, off=((date(2027, 1, 1), date(2027, 1, 1)),)))
        calendars.record_year(session, Arrangement.parse(2024, "示例", "2024-12-03", ""))
    with book.reading() as session:
        calendar = calendars.work_calendar(session)
    assert calendar.is_workday(date(2027, 2, 8)) and not calendar.is_workday(date(2024, 12, 3))
    assert calendar.is_workday(date(2024, 10, 1)) and not calendar.is_workday(date(2025, 10, 1))


@pytest.mark.parametrize(
    ("off", "work", "said"),
    [
        ("", "", "没有填写放假的日期"),
        ("2027-01-03 至 2027-01-01", "", "起止日期不对"),
        ("2027-01-01 至 2027-03-01", "", "起止日期不对"),
        ("2027-01-01 至 2027-01-02 至 2027-01-03", "", "看不懂"),
        ("2026-05-01", "", "不在 2027 年"),
        ("2027-01-01", "2027-01-04", "不是周末"),
        ("2027-01-01 至 2027-01-03", "2027-01-02", "既放假又上班"),
        ("元旦", "", "不是完整的日期"),
    ],
)
def test_an_arrangement_that_cannot_be_right_is_refused(off, work, said):
    with pytest.raises(BadValue, match=said):
        Arrangement.parse(2027, "国办发明电〔2026〕1号", off, work)
    with pytest.raises(BadValue, match="没有写明通知的文号"):
        Arrangement.parse(2027, " ", "2027-01-01", "")
