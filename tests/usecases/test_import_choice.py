"""Rows of a list that a person leaves out: told as they would be, kept out of the book, named afterwards."""

from datetime import date

import pytest

from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.usecases import organisations, recognitions
from zjtx_desktop.usecases.imports import Plan
from zjtx_desktop.usecases.list_file import ListDefaults, paste_list
from zjtx_desktop.usecases.outcomes import Status, is_missing, not_taken_words

CODE, OTHER = "91360000625912173B", "91361123MA0000001P"
WHOLE = ListDefaults(title="srdi_sme", level=Level.PROVINCIAL, kind=Kind.NEW, label_year=2024)
HEAD = "企业名称\t统一社会信用代码\t所属地区\r\n"


def planned(book, text, left_out=(), renamed=()):
    parsed = paste_list(HEAD + text).parse(WHOLE, date(2025, 3, 1))
    with book.reading() as session:
        return Plan(session, parsed, frozenset(renamed), frozenset(left_out))


def taken_over(book, text, left_out=(), renamed=()):
    parsed = paste_list(HEAD + text).parse(WHOLE, date(2025, 3, 1))
    with book.action("粘贴", "张三") as session:
        plan = Plan(session, parsed, frozenset(renamed), frozenset(left_out))
        plan.take_over(session, "粘贴内容", "00")
    return plan


def held(book):
    with book.reading() as session:
        names = [line.name for line in organisations.LISTING.lines(session, organisations.LISTING.ids(session))]
        return names, recognitions.LISTING.count(session)


def told(plan):
    return [(outcome.status, outcome.taken) for outcome in plan.outcomes]


def test_a_row_left_out_is_told_as_it_would_be_and_not_written(book):
    plan = taken_over(book, "甲厂\r\n乙厂\r\n", left_out=[2])
    assert told(plan) == [(Status.NEW, False), (Status.NEW, True)] and plan.taken == 1
    assert "取消了勾选" in plan.outcomes[0].messages[0]
    assert held(book) == (["乙厂"], 1) and book.check() == []


def test_what_repeats_a_row_left_out_is_taken_in_its_place(book):
    assert told(planned(book, "甲厂\r\n甲厂\r\n")) == [(Status.NEW, True), (Status.DUPLICATE, False)]
    assert planned(book, "甲厂\r\n甲厂\r\n").outcomes[1].twin == 2
    assert told(planned(book, "甲厂\r\n甲厂\r\n", left_out=[2])) == [(Status.NEW, False), (Status.NEW, True)]


@pytest.mark.parametrize(
    ("row", "status"),
    [("甲厂", Status.SAME), (f"甲厂\t{CODE}", Status.CHANGED), ("甲厂\t\t玉山县", Status.CHANGED)],
)
def test_rows_left_out_are_compared_with_the_book_as_the_others_are(book, row, status):
    taken_over(book, "甲厂\r\n")
    assert [one.status for one in planned(book, row + "\r\n").outcomes] == [status]
    left = planned(book, row + "\r\n", left_out=[2]).outcomes[0]
    assert (left.status, left.taken, left.left_out) == (status, False, status is Status.CHANGED)
    before = held(book)
    taken_over(book, row + "\r\n", left_out=[2])
    assert held(book) == before and book.check() == []


def test_a_renaming_left_out_renames_nothing_for_the_rows_that_follow(book):
    taken_over(book, f"旧厂\t{CODE}\r\n")
    text = f"新厂\t{CODE}\r\n新厂\t{CODE}\r\n"
    assert told(planned(book, text, renamed=[2])) == [(Status.CHANGED, True), (Status.DUPLICATE, False)]
    assert told(planned(book, text, left_out=[2], renamed=[2])) == [(Status.CHANGED, False), (Status.ERROR, False)]
    taken_over(book, text, left_out=[2], renamed=[2])
    assert held(book)[0] == ["旧厂"]


def test_an_error_stays_one_whatever_the_person_says(book):
    plan = planned(book, "甲厂\t123\r\n", left_out=[2])
    assert told(plan) == [(Status.ERROR, False)] and not plan.outcomes[0].left_out


def test_what_was_not_taken_is_named(book):
    rows = "".join(f"示例{number}厂\r\n" for number in range(5)) + "示例4厂\r\n坏厂\t123\r\n"
    outcomes = planned(book, rows, left_out=[2, 3, 4, 5]).outcomes
    assert not_taken_words(outcomes) == (
        "没有导入的有：取消勾选的 4 行（第 2 行“示例0厂”、第 3 行“示例1厂”、第 4 行“示例2厂”等），重复的 1 行，有误的 1 行。"
    )
    assert [one.row for one in outcomes if is_missing(one)] == [2, 3, 4, 5, 8]
    assert not_taken_words(planned(book, "甲厂\r\n").outcomes) == ""


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (f"甲厂\t{CODE}\r\n乙厂\t{CODE}\r\n", f"统一社会信用代码 {CODE} 在名单的第 2 行中是“甲厂”，这一行是“乙厂”。"),
        (f"甲厂\t{CODE}\r\n甲厂\t{OTHER}\r\n", f"名单的第 2 行中“甲厂”的统一社会信用代码是 {CODE}，这一行是 {OTHER}。"),
    ],
)
def test_what_contradicts_an_earlier_row_of_the_list_names_that_row(book, rows, said):
    refused = planned(book, rows).outcomes[1]
    assert refused.status is Status.ERROR and said in refused.messages[0] and "账簿" not in refused.messages[0]
    taken_over(book, rows.split("\r\n")[0] + "\r\n")
    assert "账簿中" in planned(book, rows).outcomes[1].messages[0]


@pytest.mark.parametrize("number", ["赣工信企业字〔2024〕19号", "赣工信企业字〔2023〕18号"])
def test_the_same_title_under_another_number_is_said_with_the_one_it_may_be(book, number):
    first, second = (
        paste_list(f"企业名称\t文号\r\n甲厂\t{one}\r\n").parse(WHOLE, date(2025, 3, 1)) for one in ("赣工信企业字〔2024〕18号", number)
    )
    with book.action("粘贴", "张三") as session:
        Plan(session, first).take_over(session, "粘贴内容", "00")
    with book.reading() as session:
        found = Plan(session, second).outcomes[0]
        assert Plan(session, first).outcomes[0].status is Status.SAME
    assert found.status is Status.NEW
    assert "账簿中已有这家单位的同一称号（新认定，赣工信企业字〔2024〕18号，2024 年度）" in found.messages[0]


def test_the_same_title_twice_in_one_list_names_the_row(book):
    text = "企业名称\t文号\t认定类型\r\n甲厂\t赣工信企业字〔2024〕18号\t新认定\r\n甲厂\t赣工信企业字〔2024〕19号\t新认定\r\n甲厂\t赣工信企业字〔2024〕20号\t复核\r\n"
    with book.reading() as session:
        found = Plan(session, paste_list(text).parse(WHOLE, date(2025, 3, 1))).outcomes
    assert [one.status for one in found] == [Status.NEW] * 3
    assert ["第 2 行已有这家单位的同一称号" in "".join(one.messages) for one in found] == [False, True, False]
