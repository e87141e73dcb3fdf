"""撤销 and 重做 in a book with persons: what was one's own, as long as it is still one's duty."""

import json
from collections.abc import Callable, Mapping

from sqlmodel import Session, select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.errors import Denied, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.undo import May, Step, last_fixed, next_redo, next_undo, redo, touched, undo
from zjtx_desktop.usecases.counter_actions import instead
from zjtx_desktop.usecases.duties import DUAL, GRANTS, Actor, is_staffed, put_on_record, require
from zjtx_desktop.usecases.overview import ACTIVE_PACK
from zjtx_desktop.usecases.parting import is_merge, require_partable
from zjtx_desktop.usecases.payee_changes import refuse_changed
from zjtx_desktop.usecases.people import PASSWORD_RULES

# What an action touched tells whose duty it was; everything else that can be taken back is the clerk's.
_BY_TABLE: Mapping[str, frozenset[Role]] = {
    "setting": GRANTS["office.set_up"],
    "decision": GRANTS["awards.decide"],
    "manual_amount": GRANTS["manual_amounts.set_amount"],
}
_DESK = GRANTS["organisations.change"]


def take_back(book: Book, actor: Actor) -> str:
    """Take the last action back; returns its title. Denied when somebody else did it, which is put on record."""
    return _guarded(book, actor, undo, "undoing.take_back")


def do_again(book: Book, actor: Actor) -> str:
    """Do again what was taken back last; returns its title."""
    return _guarded(book, actor, redo, "undoing.do_again")


def offered(book: Book, actor: Actor) -> tuple[str, str]:
    """What 撤销 and 重做 would do for this person now; empty where nothing, or the last word is another's."""
    steps = next_undo(book), next_redo(book)
    with book.reading() as session:
        staffed = is_staffed(session)
    back, again = (step.title if step and (step.by == actor.name or not staffed) else "" for step in steps)
    return back, again


def fixed(book: Book, actor: Actor) -> tuple[str, str]:
    """The title of this person's newest action where it cannot be taken back, and what puts it right instead."""
    found = last_fixed(book)
    with book.reading() as session:
        staffed = is_staffed(session)
    if found is None or staffed and found.step.by != actor.name:
        return "", ""
    return found.step.title, instead(found)


def _guarded(book: Book, actor: Actor, deed: Callable[[Book, str, May, May], str], name: str) -> str:
    def may(session: Session, step: Step) -> None:
        session.info |= {"actor": actor, "sign": actor.sign}
        require(session, GRANTS[name])
        merged = is_merge(session, step.action_id)
        if merged:
            require_partable(session, step.action_id, step.title)
        if not is_staffed(session):
            return
        if step.by != actor.name:
            raise Denied(
                f"“{step.title}”是{step.by}办理的，只能由本人撤销或重做。请由{step.by}登录后办理，或在记录上直接更正。"
            )
        if _takes_two(session, step):
            raise Refused(f"“{step.title}”改动的事现在要两个人办，不能撤销或重做。请在“设置”页由两个人再改一次。")
        require(session, GRANTS["merging.merge"] if merged else _duty(touched(session, step)))

    def stands(session: Session, step: Step) -> None:
        refuse_changed(session, step.title)

    try:
        return deed(book, actor.name, may, stands)
    except Denied as error:
        put_on_record(book, actor, "撤销或重做", error)
        raise


def _takes_two(session: Session, step: Step) -> bool:
    """Whether the action, of a time when one was enough, changed a setting that two change."""
    c = tables.Change
    query = select(c.before, c.after).where(c.action_id == step.action_id, c.table_name == "setting")
    rows = (json.loads(after or before or "{}") for before, after in session.exec(query))
    return any(row.get("key") in (DUAL, ACTIVE_PACK, *PASSWORD_RULES) for row in rows)


def _duty(names: frozenset[str]) -> frozenset[Role]:
    special = [roles for table, roles in _BY_TABLE.items() if table in names]
    return frozenset.intersection(*special) if special else _DESK
