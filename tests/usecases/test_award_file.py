"""The file of one award: what was done, what was looked up, and which award it replaces."""

import process_kit as kit
import pytest
from process_kit import AFTER, CLERK

from zjtx_desktop.domain.states import AwardState, Event
from zjtx_desktop.domain.titles import Kind
from zjtx_desktop.errors import NotFound
from zjtx_desktop.usecases import awards, letters
from zjtx_desktop.usecases.award_file import award_file, place_of


@pytest.fixture
def office(book, recognise):
    recognise()
    round_id = kit.compute(book)
    kit.staff(book)
    return round_id, *kit.lines(book, round_id)


def opened(book, number):
    with book.reading() as session:
        return award_file(session, number)


def test_a_fresh_award_has_an_empty_file(book, office):
    found = opened(book, office[1])
    assert (found.steps, found.notice, found.check, found.has_account) == ((), None, None, False)
    with pytest.raises(NotFound):
        opened(book, "没有的编号")


def test_what_waits_for_a_decision_is_told_in_words(book, recognise):
    recognise(kind=Kind.AGAIN)
    (number,) = kit.lines(book, kit.compute(book))
    (asked,) = opened(book, number).questions
    assert not asked.isascii()


def test_steps_notice_and_check_are_in_it(book, office):
    round_id, number = office
    kit.until(book, round_id, number, Event.PUBLISH)
    found = opened(book, number)
    assert [step.event for step in found.steps] == [Event.EXAMINE, Event.REVIEW, Event.PUBLISH]
    assert found.notice.line.days == 5 and found.check.clean and found.has_account


def test_a_correction_and_what_it_replaces_name_each_other(book, office):
    round_id, number = office
    kit.until(book, round_id, number, Event.APPROVE)
    with book.action("下达", CLERK) as session:
        letters.issue(session, round_id, AFTER)
    with book.action("作废", CLERK) as session:
        awards.void(session, number, "金额有误")
    kit.compute(book)
    again = f"{number}-2"
    assert opened(book, again).replaces == (number,) and opened(book, again).replaced_by == ""
    assert opened(book, number).replaced_by == again and opened(book, number).replaces == ()


def test_an_award_leads_to_its_round_and_state(book, office):
    with book.reading() as session:
        assert place_of(session, 1) == (office[0], AwardState.DRAFT)
        assert place_of(session, 99) is None
