"""Lists longer than what is looked up in the book at once: a row means the same organisation wherever it stands."""

from datetime import date

import pytest

from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.storage.bulk import PORTION
from zjtx_desktop.usecases import organisations, recognitions
from zjtx_desktop.usecases.imports import Plan
from zjtx_desktop.usecases.list_file import ListDefaults, paste_list
from zjtx_desktop.usecases.outcomes import Status

CODE = "91360000625912173B"
WHOLE = ListDefaults(title="srdi_sme", level=Level.PROVINCIAL, kind=Kind.NEW, label_year=2024)
BETWEEN = [f"示例{n}厂" for n in range(2 * PORTION)]


def parsed(*rows):
    return paste_list("企业名称\t统一社会信用代码\r\n" + "\r\n".join(rows)).parse(WHOLE, date(2025, 3, 1))


def taken_over(book, *rows, renamed=()):
    with book.action("粘贴", "张三") as session:
        plan = Plan(session, parsed(*rows), frozenset(renamed))
        plan.take_over(session, "粘贴内容", "00")
    return plan.outcomes


def held(book):
    with book.reading() as session:
        ids = organisations.LISTING.ids(session)
        return {line.name for line in organisations.LISTING.lines(session, ids)}, recognitions.LISTING.count(session)


def test_what_the_book_has_and_what_is_new_are_known_again_far_below(book):
    taken_over(book, "甲厂")
    known, new, *between, again, repeated = taken_over(book, "甲厂", "乙厂", *BETWEEN, "甲厂", "乙厂")
    assert (known.status, new.status, {one.status for one in between}) == (Status.SAME, Status.NEW, {Status.NEW})
    assert [(one.status, one.twin) for one in (again, repeated)] == [(Status.DUPLICATE, 2), (Status.DUPLICATE, 3)]
    assert held(book) == ({"甲厂", "乙厂", *BETWEEN}, len(BETWEEN) + 2) and book.check() == []


def test_a_code_and_a_new_name_given_at_the_top_hold_far_below(book):
    taken_over(book, "甲厂")
    first, *_, by_code, by_old_name = taken_over(book, f"甲厂\t{CODE}", *BETWEEN, f"丙厂\t{CODE}", "甲厂")
    assert (first.status, by_old_name.status, by_old_name.twin) == (Status.CHANGED, Status.DUPLICATE, 2)
    assert (by_code.status, by_code.known_as) == (Status.ERROR, "甲厂")
    renamed, *_, old, new = taken_over(book, f"丙厂\t{CODE}", *BETWEEN, "甲厂", f"丙厂\t{CODE}", renamed=[2])
    assert (renamed.status, old.twin, new.twin) == (Status.CHANGED, 2, 2)
    assert held(book) == ({"丙厂", *BETWEEN}, len(BETWEEN) + 1) and book.check() == []


@pytest.mark.parametrize("left_out", [(), (2,)])
def test_a_row_keeps_its_cells_for_the_file_of_bad_rows_where_it_is_not_taken(book, left_out):
    with book.reading() as session:
        good, bad = Plan(session, parsed("甲厂\t", "乙厂\t12345"), left_out=frozenset(left_out)).outcomes
    assert good.raw == (("甲厂", "") if left_out else ()) and bad.raw == ("乙厂", "12345")


def test_rows_that_say_the_same_keep_it_once():
    first, second = parsed(f"甲厂\t{CODE}", "乙厂\t").rows
    assert first.stated is second.stated and first.title == second.title == "srdi_sme"
    assert (first.credit_code.text, second.credit_code) == (CODE, None)
