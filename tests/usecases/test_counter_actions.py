"""What cannot be taken back says which act puts it right: every event, every entry, every table has its own."""

from datetime import date

import pytest
from process_kit import compute, do, lines, publish, until
from sqlmodel import SQLModel

from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import MOVES, AwardState, Event
from zjtx_desktop.storage.undo import PASSING, REVERSIBLE, last_fixed, undo
from zjtx_desktop.usecases import awards, counter_actions, letters, organisations, undoing
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.organisations import OrganisationForm

AFTERWARDS = {EntryKind.GRANTED, EntryKind.CLAIMED}  # entries that come with a letter or a revocation


def said(book, name="张三"):
    return undoing.fixed(book, Actor(name))


@pytest.fixture
def round_id(book, recognise):
    recognise()
    return compute(book)


def test_every_step_entry_and_table_names_its_counter_action():
    steps = {move.event for move in MOVES if isinstance(move.start, AwardState)} - {Event.DISCARD}
    kinds = set(EntryKind) - AFTERWARDS
    assert {word.value for word in steps | kinds} == counter_actions.known_words()
    tables = set(SQLModel.metadata.tables) - REVERSIBLE - PASSING - {"action", "change"}
    assert tables <= counter_actions.known_tables() | {"award"}


def test_what_was_computed_is_unlocked(book, round_id):
    title, instead = undoing.fixed(book, Actor("经办甲"))
    assert title == "测算" and "解除锁定" in instead


def test_a_letter_is_voided_and_a_void_letter_is_written_anew(book, round_id):
    with book.action("下达", "张三") as session:
        letters.issue(session, round_id, date(2024, 12, 2))
    assert said(book)[0] == "下达" and "作废" in said(book)[1]
    with book.action("作废", "张三") as session:
        awards.void(session, next(iter(lines(book, round_id))), "名称有误", date(2024, 12, 3))
    assert "重新测算" in said(book)[1]


def test_steps_of_the_process_are_sent_back(book, round_id):
    [number] = lines(book, round_id)
    until(book, round_id, number, Event.REVIEW)
    assert "退回" in undoing.fixed(book, Actor("复核乙"))[1]
    publish(book, round_id, number)
    assert undoing.fixed(book, Actor("经办甲"))[0] == "公示"
    do(book, Event.EXCLUDE, number)
    assert "恢复办理" in undoing.fixed(book, Actor("经办甲"))[1]


def test_what_can_be_taken_back_is_offered_as_before(book, round_id):
    with book.action("登记“示例丁”", "张三") as session:
        organisations.register(session, OrganisationForm(name="示例丁"))
    assert last_fixed(book) is None and undoing.offered(book, Actor("张三"))[0] == "登记“示例丁”"
    undo(book, "张三")
    assert last_fixed(book) is None, "after 撤销 the menu offers what comes next"


def test_a_refusal_or_a_print_is_nothing_to_take_back(book, round_id):
    before = last_fixed(book).step
    with book.action("拒绝：审定", "张三") as session:
        from_tables = SQLModel.metadata.tables["denial"]
        session.connection().execute(from_tables.insert().values(person="张三", deed="审定", why="没有岗位"))
    assert last_fixed(book).step == before and check(book) == []
