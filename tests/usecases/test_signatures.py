"""Of steps from before actions were signed whole, every one that its person did not sign is found, and what is wrong with it."""

import pytest
from people_kit import CHEAP, TODAY, choose, manage, office
from process_kit import MONDAY
from sqlmodel import select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.states import Event
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import people, process, rounds
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import perform
from zjtx_desktop.usecases.process import Words, signed_text
from zjtx_desktop.usecases.signatures import unsigned_steps

FIRST_AGAIN = "another first one 77"


@pytest.fixture
def staff(book, recognise):
    recognise()
    staff = office(book)
    perform(book, "测算", staff[Role.CLERK], lambda s: rounds.prepare(s, 2024, *rounds.basis_for(s, 2024)))
    return staff


def forge(book, signer=None, **shown):
    """Put a step into the book past the program, its history in order; `shown` differs from what was signed."""
    with book.action("初审", "经办人员") as session:
        award = session.exec(select(tables.Award)).one()
        facts = dict(
            award_id=award.id, position=1, event="examine", from_state="draft", to_state="examined", person="经办人员",
            on_date=MONDAY, opinion="同意", fen=1,
        )  # fmt: skip
        signature = None
        if signer:
            own = tables.AwardStep(**facts | {"person": signer.name})
            signature = signer.key.sign(signed_text(award.number, own)).hex()
        session.add(tables.AwardStep(**facts | shown, signature=signature))


def problems(book):
    with book.reading() as session:
        return unsigned_steps(session)


def examine(book, actor):
    with book.reading() as session:
        number = session.exec(select(tables.Award.number)).one()
    words = Words(MONDAY, "材料齐全，同意")
    (done,) = perform(book, "初审", actor, lambda s: process.advance(s, [number], Event.EXAMINE, words))
    assert done.is_done, done.why


def test_what_was_signed_stays_good_after_new_passwords_and_new_keys(book, staff):
    examine(book, staff[Role.CLERK])
    me = staff[Role.CLERK].name
    slip = manage(book, "重设", lambda s: people.reset_password(s, me, FIRST_AGAIN, TODAY, CHEAP))
    choose(book, me, slip, FIRST_AGAIN)
    manage(book, "停用", lambda s: people.deactivate(s, me))
    assert check(book) == []


def test_a_key_of_before_a_reset_signs_nothing_any_more(book, staff):
    old = staff[Role.CLERK]
    manage(book, "重设", lambda s: people.reset_password(s, old.name, FIRST_AGAIN, TODAY, CHEAP))
    forge(book, old)
    (problem,) = problems(book)
    assert "第 1 步“初审”（经办人员）" in problem
    assert "已作废的密钥" in problem


@pytest.mark.parametrize(
    ("signer", "shown", "said"),
    [
        (None, {}, "没有签名"),
        (None, {"person": "没有登记过的人"}, "没有登记过这个人"),
        (Role.CLERK, {"opinion": "不同意"}, "签名与内容不符"),
        (Role.CLERK, {"fen": 2}, "签名与内容不符"),
        (Role.CLERK, {"to_state": "approved"}, "签名与内容不符"),
        (Role.CLERK, {"document": "假纪要"}, "签名与内容不符"),
        (Role.REVIEWER, {}, "签名是复核人员的，办理人被改动过"),
    ],
)
def test_a_forged_step_a_swapped_person_and_an_altered_opinion_are_named(book, staff, signer, shown, said):
    forge(book, signer and staff[signer], **shown)
    (problem,) = problems(book)
    assert said in problem
    assert "第 1 步“初审”" in problem


def test_an_honest_copy_of_what_was_signed_is_found_good(book, staff):
    forge(book, staff[Role.CLERK])
    assert problems(book) == []


@pytest.mark.parametrize("signature", ["", "zz", "00" * 64])
def test_a_signature_that_is_none_is_found(book, staff, signature):
    forge(book)
    with book.action("再办", "经办人员") as session:
        step = session.exec(select(tables.AwardStep)).one()
        values = step.model_dump() | {"id": None, "position": 2, "signature": signature}
        session.add(tables.AwardStep(**values))
    assert len(problems(book)) == 2

