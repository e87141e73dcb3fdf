"""All of one organisation: recognitions, awards and letters, and nothing of others."""

from datetime import date

import pytest

from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.errors import NotFound
from zjtx_desktop.usecases import letters, rounds
from zjtx_desktop.usecases.dossier import dossier
from zjtx_desktop.values import Money


def test_a_dossier_holds_recognitions_awards_and_letters_of_one_organisation(book, recognise):
    recognise("示例甲厂")
    recognise("示例乙厂")
    with book.action("测算", "张三") as session:
        pack, choices = rounds.basis_for(session, 2024)
        done = rounds.prepare(session, 2024, pack, choices)
        letters.issue(session, done.round.id, date(2024, 12, 1))
    with book.reading() as session:
        held = dossier(session, 1)
    (award,), (letter,) = held.awards, held.letters
    assert (held.form.name, len(held.recognitions)) == ("示例甲厂", 1)
    assert (award.verdict, award.state, award.award_year) == (Verdict.AWARD, AwardState.ISSUED, 2024)
    assert (award.beneficiary, award.municipal) == (Money.parse("10万"), Money.parse("20万"))
    assert (letter.award_number, letter.total, letter.voided) == (award.number, Money.parse("30万"), False)


def test_one_that_is_gone_is_said_to_be_gone(book):
    with book.reading() as session, pytest.raises(NotFound, match="已被删除"):
        dossier(session, 7)
