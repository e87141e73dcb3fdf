"""The first page: what waits, what treasuries pay, and how the book stands, all counted from the book."""

from datetime import date, datetime, timedelta
from pathlib import Path

import process_kit as kit
import pytest

from zjtx_desktop.documents.fonts import FACES
from zjtx_desktop.domain.states import Event
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.usecases import awards, calendars, letters, notices, organisations, rounds
from zjtx_desktop.usecases.books import Place, place, size_text
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.overview import overview
from zjtx_desktop.usecases.packs import shipped_pack
from zjtx_desktop.usecases.policy_view import policy_view
from zjtx_desktop.usecases.self_check import FACE_NAMES, Safety, faces, second_place, self_check
from zjtx_desktop.values import Money

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 0)


def seen(book, year=None):
    with book.reading() as session:
        return overview(session, year, TODAY)


def todos(book):
    return {todo.id: todo for todo in seen(book).todos}


def compute(book, year):
    with book.action("测算", "张三") as session:
        return rounds.prepare(session, year, *rounds.basis_for(session, year)).round.id


def test_an_empty_book_has_nothing_to_do_and_no_money(book):
    found = seen(book)
    assert (found.todos, found.years, found.year, found.treasuries, found.titles) == ((), (), None, (), ())


def test_a_year_with_recognitions_waits_until_it_is_computed(book, recognise):
    recognise()
    assert todos(book)["compute"].sentence == "2024 年度有 1 条认定还没有测算"
    compute(book, 2024)
    assert "compute" not in todos(book)


def test_a_publicity_notice_and_a_year_before_the_policy_do_not_wait(book, recognise):
    recognise(publicity_only=True)
    recognise("示例乙有限公司", on=date(2022, 3, 1))
    assert "compute" not in todos(book)


def test_undecided_awards_come_first_and_lead_to_the_award(book, recognise):
    recognise(kind=Kind.AGAIN)
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    round_id = compute(book, 2024)
    with book.reading() as session:
        waiting = next(line for line in awards.award_lines(session, round_id) if line.questions)
    first = seen(book).todos[0]
    assert (first.id, first.count, first.page, first.urgent, first.first) == (
        "undecided",
        1,
        "rounds",
        True,
        waiting.id,
    )


def test_letters_wait_until_they_are_issued(book, recognise):
    recognise()
    round_id = compute(book, 2024)
    assert todos(book)["issue"].sentence == "2024 年度有 1 份拨付通知可以下达"
    with book.action("下达", "张三") as session:
        letters.issue(session, round_id, TODAY)
    assert "issue" not in todos(book)


def test_in_a_book_with_persons_each_step_that_waits_is_counted_and_leads_to_its_first_award(book, recognise):
    for number in range(5):
        recognise(f"示例{number}号有限公司")
    round_id = compute(book, 2024)
    kit.staff(book)
    first, *others = kit.lines(book, round_id)
    ids = [line.id for line in kit.lines(book, round_id).values()]
    for number, event in zip(others, (Event.EXAMINE, Event.REVIEW, Event.CLEAR, Event.APPROVE), strict=True):
        kit.until(book, round_id, number, event)
    found = todos(book)
    said = {name: (found[name].sentence, found[name].page, found[name].first) for name in ("examine", "examined", "reviewed", "cleared")}
    assert said == {
        "examine": ("2024 年度有 1 笔奖补等待初审", "process", ids[0]),
        "examined": ("2024 年度有 1 笔奖补等待复核", "process", ids[1]),
        "reviewed": ("2024 年度有 1 笔奖补等待公示", "process", ids[2]),
        "cleared": ("2024 年度有 1 笔奖补等待审定", "process", ids[3]),
    }
    assert found["issue"].sentence == "2024 年度有 1 份拨付通知可以下达", "the approved one, not the draft"


def test_a_notice_waits_once_its_last_day_is_over_and_an_open_objection_is_urgent(book, recognise):
    recognise()
    round_id = compute(book, 2024)
    kit.staff(book)
    (number,) = kit.lines(book, round_id)
    kit.until(book, round_id, number, Event.REVIEW)
    kit.publish(book, round_id, number)

    def waiting(day):
        with book.reading() as session:
            return {todo.id: todo for todo in overview(session, None, day).todos}

    assert not {"noticed", "objections"} & set(waiting(kit.MONDAY))
    with book.action("异议", kit.CLERK) as session:
        notices.object_to(session, number, kit.MONDAY, "李某", "已迁出")
    assert waiting(kit.MONDAY)["objections"].urgent
    assert waiting(kit.AFTER)["noticed"].sentence == "2024 年度有 1 笔奖补公示期已满，等待办理期满"


@pytest.mark.parametrize(
    ("day", "year", "urgent"),
    [
        (date(2026, 10, 31), None, None),
        (date(2026, 11, 1), 2027, False),
        (date(2026, 12, 1), 2027, True),
        (date(2027, 1, 4), 2027, True),
    ],
)
def test_the_holidays_of_the_next_year_wait_to_be_recorded_from_november_on(book, day, year, urgent):
    def waiting():
        with book.reading() as session:
            return [todo for todo in overview(session, None, day).todos if todo.id == "holidays"]

    assert waiting() == []  # in a new book other things come first
    with book.action("登记企业", "张三") as session:
        organisations.register(session, OrganisationForm(name="示例甲有限公司"))
    found = waiting()
    assert [(str(year) in todo.sentence, todo.urgent, todo.page, todo.first) for todo in found] == (
        [(True, urgent, "settings", "节假日安排")] if year else []
    )
    with book.action("登记节假日安排", "张三") as session:
        calendars.record_year(session, calendars.Arrangement.parse(2027, "示例〔2026〕1号", "2027-01-01 至 2027-01-03", ""))
    assert waiting() == []


def test_organisations_without_code_or_treasury_are_counted_and_the_first_is_named(book, recognise):
    recognise()
    recognise("示例乙有限公司", division=None)
    found = todos(book)
    assert (found["no_code"].count, found["no_code"].first) == (2, 1)
    assert (found["no_treasury"].count, found["no_treasury"].first) == (1, 2)


@pytest.mark.parametrize(
    ("ends", "counted"),
    [
        (TODAY, True),
        (date(2027, 5, 22), True),
        (date(2027, 5, 23), False),
        (TODAY - timedelta(days=1), False),
    ],
)
def test_recognitions_that_end_within_six_months_are_counted(book, recognise, ends, counted):
    recognise(valid_to=ends)
    assert ("expiring" in todos(book)) is counted


def test_six_months_from_the_end_of_august_is_the_end_of_february(book, recognise):
    recognise(valid_to=date(2027, 2, 28))
    with book.reading() as session:
        found = overview(session, None, date(2026, 8, 31))
    assert any(todo.id == "expiring" for todo in found.todos)


def test_treasuries_and_titles_add_up_to_the_same_money_and_voided_awards_are_none(book, recognise):
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    recognise("示例丙有限公司", "srdi_sme", Level.PROVINCIAL)
    round_id = compute(book, 2024)
    with book.action("下达", "张三") as session:
        letters.issue(session, round_id, TODAY)
    with book.action("作废", "张三") as session:
        last = awards.award_lines(session, round_id)[-1]
        awards.void(session, last.number, "示例理由")
    found = seen(book)
    lines = {line.treasury: (line.beneficiary, line.municipal) for line in found.treasuries}
    assert lines == {"玉山县": (Money.parse("20万"), Money(0)), "上饶市本级": (Money(0), Money.parse("20万"))}
    assert (
        Money.total(line.total for line in found.titles)
        == found.beneficiary + found.municipal
        == Money.parse("40万")
    )
    assert found.awards == 2 and found.year == 2024


def test_the_money_is_of_the_year_chosen_and_of_the_latest_where_that_year_has_no_batch(book, recognise):
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL, on=date(2023, 12, 1))
    compute(book, 2023)
    compute(book, 2024)
    assert (seen(book).year, seen(book, 2023).year, seen(book, 1999).year) == (2024, 2023, 2024)
    assert seen(book, 2023).beneficiary == Money.parse("10万")


SUBJECTS = ["账簿", "备份", "第二份备份", "位置", "加密", "字体", "磁盘", "政策"]


def tones(found):
    return {line.subject: (line.tone, line.word) for line in found}


def test_the_self_check_is_green_when_all_is_well(book):
    safety = Safety(NOW, True, second=book.path.parent, second_at=NOW, encrypted=True)
    lines = self_check(place(book.path), [], safety, shipped_pack(), NOW)
    assert [line.subject for line in lines] == SUBJECTS
    assert {line.tone for line in lines if line.subject != "磁盘"} == {"good"}


def test_the_self_check_says_what_is_wrong_in_colour_and_word(book):
    full = Place(book.path, 1, 10 << 20)
    late = datetime(2028, 9, 1)
    found = tones(self_check(full, ["金额不符。"], Safety(datetime(2028, 8, 1)), shipped_pack(), late))
    assert found == {
        "账簿": ("error", "有问题"),
        "备份": ("warn", "注意"),
        "第二份备份": ("warn", "注意"),
        "位置": ("good", "正常"),
        "加密": ("warn", "注意"),
        "字体": ("good", "正常"),
        "磁盘": ("error", "有问题"),
        "政策": ("warn", "注意"),
    }


def test_a_book_not_checked_yet_and_never_backed_up_is_amber(book):
    found = tones(self_check(place(book.path), None, Safety(), shipped_pack(), NOW))
    assert found["账簿"][0] == found["备份"][0] == "warn"


def test_a_backup_of_long_ago_is_green_while_nothing_has_changed_since():
    old = datetime(2020, 1, 1)
    assert self_check_of(Safety(old, covered=True))["备份"] == ("good", "正常")
    assert self_check_of(Safety(old))["备份"] == ("warn", "注意")


def self_check_of(safety):
    return tones(self_check(Place(Path("账簿.zjtx"), 1, 10 << 30), [], safety, shipped_pack(), NOW))


def test_the_second_copy_says_how_many_days_it_is_behind_and_whether_its_disk_is_there(tmp_path):
    days = lambda n: NOW + timedelta(days=n)  # noqa: E731
    away, here = tmp_path / "没有接上", tmp_path

    def said(**more):
        line = second_place(Safety(NOW, **more), NOW)
        return line.tone, line.sentence

    assert said()[0] == "warn" and "没有设" in said()[1]
    assert "落后 3 天" in said(second=away, second_at=days(-3))[1] and "请接上" in said(second=away, second_at=days(-3))[1]
    assert said(second=here, second_at=NOW)[0] == "good"
    assert said(second=away, second_at=NOW)[0] == "good"
    assert said(second=here)[0] == "warn" and "还没有备份" in said(second=here)[1]
    assert "同一块磁盘" in said(second=here, second_at=NOW, folder=tmp_path)[1]


def test_a_book_whose_file_is_gone_is_red_and_no_error_of_the_program(tmp_path):
    gone = place(tmp_path / "没有" / "账簿.zjtx")
    found = tones(self_check(gone, [], Safety(), shipped_pack(), NOW))
    assert (gone.size, found["位置"]) == (0, ("error", "有问题"))


def test_a_missing_face_is_named(tmp_path):
    assert tuple(FACE_NAMES) == FACES
    assert [there for _, there in faces(tmp_path)] == [False] * 5
    assert all(there for _, there in faces())


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 字节"), (1536, "1.5 KB"), (3 << 20, "3.0 MB"), (5 << 40, "5120.0 GB")]
)
def test_sizes_in_words(size, text):
    assert size_text(size) == text


def test_the_policy_is_shown_with_its_clauses_rules_and_open_questions():
    view = policy_view(shipped_pack())
    assert view.documents[0] == ("文件", "《上饶市促进“专精特新”中小企业发展实施意见》（饶府办发〔2023〕12号）")
    assert view.documents[1] == ("印发", "上饶市人民政府办公室，2023年9月23日") and view.failures == () and view.examples > 30
    assert "不低于10 万元" in view.clauses[0].text
    amounts = [text for rule in view.rules for name, text in rule.lines if name == "金额"]
    assert [text.split("，")[0] for text in amounts] == ["10 万元", "20 万元"]
    assert len(view.switches) == 12 and all(switch.default for switch in view.switches)
