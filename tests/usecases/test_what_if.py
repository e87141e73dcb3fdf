"""The effect of other choices, worked out and nothing stored."""

from datetime import date

import pytest

from zjtx_desktop.domain.choices import CountyAmount
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.errors import Refused
from zjtx_desktop.usecases import awards, letters, rounds
from zjtx_desktop.usecases.what_if import what_if
from zjtx_desktop.values import Money

MORE = CountyAmount("little_giant", Level.NATIONAL, Money(15_000_000), "玉府发〔2024〕1号")


def compute(book, switches=None, amounts=()):
    with book.action("测算", "张三") as session:
        pack, choices = rounds.basis_for(session, 2024)
        rounds.prepare(session, 2024, pack, choices.changed(pack, switches or {}, amounts))


def effect(book, switches=None, amounts=()):
    with book.reading() as session:
        pack, choices = rounds.basis_for(session, 2024)
        return what_if(session, 2024, pack, choices.changed(pack, switches or {}, amounts))


def sums(book):
    with book.reading() as session:
        return awards.totals(awards.award_lines(session, rounds.find_round(session, 2024).id))


@pytest.mark.parametrize(
    ("switches", "amounts"),
    [({}, ()), ({}, (MORE,)), ({"re_review": "yes"}, ()), ({"several_titles": "highest"}, (MORE,)), ({"award_year_by": "label"}, ())],
)
def test_the_effect_is_what_computing_then_gives(book, recognise, switches, amounts):
    recognise()
    recognise("示例乙有限公司", kind=Kind.REVIEW)
    recognise("示例丙有限公司", on=date(2024, 1, 3), label_year=2023)
    compute(book)
    head, before = book.head(), sums(book)
    found = effect(book, switches, amounts)
    assert book.head() == head
    assert found.before == before
    compute(book, switches, amounts)
    assert sums(book) == found.after


def test_each_award_that_changes_is_named_with_both_outcomes(book, recognise):
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    recognise("示例丙有限公司", on=date(2024, 1, 3), label_year=2023)
    compute(book)
    (shift,) = effect(book, amounts=(MORE,)).shifts[:1]
    assert (shift.organisation, str(shift.before), str(shift.after)) == ("示例甲有限公司", "300,000.00 元", "350,000.00 元")
    (gone,) = effect(book, {"award_year_by": "label"}).shifts
    assert (gone.organisation, gone.after) == ("示例丙有限公司", None)


def test_a_round_that_was_never_computed_starts_from_nothing(book, recognise):
    recognise()
    found = effect(book)
    assert (found.before.awards, found.after.awards, len(found.shifts)) == (0, 1, 1)


def test_issued_awards_refuse_other_choices_as_computing_does(book, recognise):
    recognise()
    compute(book)
    with book.action("下达", "张三") as session:
        letters.issue(session, rounds.find_round(session, 2024).id, date(2024, 12, 1))
    assert effect(book).shifts == ()
    with pytest.raises(Refused, match="已有奖补下达"):
        effect(book, amounts=(MORE,))


def test_the_overview_counts_what_is_there_and_what_the_list_lacks(book, recognise):
    recognise()
    recognise("示例乙有限公司", kind=Kind.REVIEW)
    recognise("示例丙有限公司", kind=Kind.AGAIN)
    compute(book)
    recognise("示例丁有限公司")
    with book.reading() as session:
        seen = rounds.overview(session, rounds.find_round(session, 2024).id)
        assert rounds.years(session) == (2024,)
    assert (seen.ready, seen.refused, seen.undecided, seen.drafts) == (1, 1, 1, 3)
    assert (seen.listed, seen.joining, seen.leaving, seen.is_outdated) == (3, 1, 0, True)
