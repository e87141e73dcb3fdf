"""Who may do what in this book: every use case that writes names its duties here, and nothing else is allowed.

A book without persons has one user, who may do everything. Once it has persons, an action is kept only when a
guarded use case in it found its person entitled: what is guarded by nothing is denied. Denials go on record.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from types import MappingProxyType
from typing import Concatenate, ParamSpec, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.errors import Denied, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book, bar
from zjtx_desktop.storage.closing import CLOSED
from zjtx_desktop.usecases.free_texts import watch

P = ParamSpec("P")
T = TypeVar("T")
DUAL = "dual_control"
HOLDER = "恢复码持有人"  # who opened the book by the code from the safe: nobody who signs
_OWN_PASSWORD = "people.change_password"
_MENDING = frozenset({"findings.accept", "rollback.accept", "clocks.confirm", _OWN_PASSWORD})  # what is done even while the book can only be read
_DESK = frozenset({Role.CLERK})
_TILL = frozenset({Role.PAYER})
_DECIDERS = frozenset({Role.REVIEWER, Role.APPROVER})
_KEEPERS = frozenset({Role.ADMIN})
_BUSINESS = frozenset({Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.PAYER})
GRANTS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "organisations.register": _DESK,
        "organisations.change": _DESK,
        "organisations.set_company": _DESK,
        "organisations.remove": _DESK,
        "merging.merge": _DESK,
        "treasuries.confirm": _DESK,
        "recognitions.register": _DESK,
        "recognitions.change": _DESK,
        "recognitions.remove": _DESK,
        "imports.take_over": _DESK,
        "rounds.open_round": _DESK,
        "rounds.take_policy": _DESK,
        "rounds.lock": _DESK,
        "rounds.unlock": _DESK,
        "rounds.prepare": _DESK,
        "rounds.compute": _DESK,
        "awards.decide": _DECIDERS,
        "awards.void": _DESK,
        "manual_amounts.set_amount": _DECIDERS,
        "manual_amounts.withdraw": _DECIDERS,
        "corrections.redo": _DESK,
        "carrying_over.carry_over": _DESK,
        "year_end.close_year": frozenset({Role.APPROVER}),
        "year_end.ask_to_reopen": frozenset({Role.APPROVER}),
        "year_end.reopen": _KEEPERS,  # the second person: administrators hold no duty of business
        "process.advance": _BUSINESS,  # each step then asks for the duty that the table of states names
        "letters.issue": _DESK,
        "letters.reprint": _DESK,
        "submissions.send": _DESK,
        "undoing.take_back": _BUSINESS | _KEEPERS,  # only what was one's own and still is one's duty
        "undoing.do_again": _BUSINESS | _KEEPERS,
        "office.set_up": _KEEPERS,
        "restoring.restore": _KEEPERS,
        "people.set_up_people": _KEEPERS,
        "people.add": _KEEPERS,
        "people.change_roles": _KEEPERS,
        "people.deactivate": _KEEPERS,
        "people.reactivate": _KEEPERS,
        "people.reset_password": _KEEPERS,
        "people.set_rules": _KEEPERS,
        "people.change_password": frozenset(Role),  # one's own
        "notices.publish": _DESK,
        "notices.object_to": _DESK,
        "notices.answer": _DESK,
        "credit.record": _DESK,
        "large_amounts.set_limit": _KEEPERS,
        "calendars.record_year": frozenset({Role.CLERK, Role.ADMIN}),
        "past_awards.register": _DESK,
        "past_awards.change": _DESK,
        "past_awards.remove": _DESK,
        "past_import.take_over": _DESK,
        "account_import.take_over": _DESK,
        "attachments.attach": _DESK,
        "attachments.detach": _DESK,
        "pack_change.activate": frozenset({Role.ADMIN}),
        "budgets.set_budget": frozenset({Role.CLERK, Role.APPROVER}),
        "ledger.pay": _TILL,
        "ledger.returned": _TILL,
        "ledger.write_off": _TILL,
        "ledger.recover": _TILL,
        "ledger.revoke": frozenset({Role.APPROVER}),
        "ledger.follow": _DESK | _TILL,
        "ledger.enter_all": _DESK | _TILL,
        "dual_control.switch": _KEEPERS,
        "root.enable": _KEEPERS,
        "findings.accept": _KEEPERS,
        "rollback.accept": _KEEPERS,
        "clocks.confirm": _BUSINESS | _KEEPERS,
    }
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the name that goes into the history, and the person's own key while signed in.

    `slip` is the one that was typed along with a first password, until another password is chosen.
    """

    name: str
    key: Ed25519PrivateKey | None = None
    slip: str = field(default="", repr=False)

    @property
    def sign(self) -> Callable[[bytes], bytes] | None:
        """What signs an action of this person; None in a book without persons, where nobody has a key."""
        return self.key.sign if self.key else None


def guarded(deed: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
    """Let a use case run only for persons whose duties `GRANTS` lists under its name, module.function.

    What it calls of other guarded use cases is part of it and not asked about again: who may decide an award may
    have its round judged anew.
    """
    name = f"{deed.__module__.rpartition('.')[2]}.{deed.__name__}"

    @wraps(deed)
    def checked(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if session.info.get("inside"):
            return deed(session, *args, **kwargs)
        watch(session)
        if name != _OWN_PASSWORD:
            _refuse_first_password(session)
        require(session, GRANTS.get(name, frozenset()))
        session.info["mends"] = name in _MENDING or session.info.get("mends")
        bar(session)
        session.info["inside"] = True
        try:
            return deed(session, *args, **kwargs)
        finally:
            session.info["inside"] = False

    return checked


@dataclass(frozen=True, slots=True)
class Second:
    """Who agrees besides the one at the desk: another person by the own key, or why there is nobody to ask."""

    actor: Actor | None = None
    reason: str = ""


def perform(
    book: Book, title: str, actor: Actor, deed: Callable[[Session], T], second: Second = Second()
) -> T:
    """Do something as one action of this person, signed with the person's key, where `second` may have agreed to it.

    Denied when it is not theirs to do, which is put on record.
    """
    try:
        with book.action(title, actor.name) as session:
            session.info |= {"actor": actor, "second": second, "sign": actor.sign}
            result = deed(session)
            if not session.info.get("granted") and is_staffed(session) and _has_written(session):
                raise Denied(f"“{title}”没有规定由哪个岗位办理，没有保存。请联系系统管理员。")
            return result
    except Denied as error:
        put_on_record(book, actor, title, error)
        raise
    except IntegrityError as error:
        if CLOSED not in str(error.orig):
            raise
        raise Refused(f"“{title}”会改动已结账年度的记录，没有保存。确需改动的，请先重新开账。") from error


def _has_written(session: Session) -> bool:
    session.flush()
    c = tables.Change
    newest = select(func.max(tables.Action.id)).scalar_subquery()
    return session.exec(select(c.id).where(c.action_id == newest).limit(1)).first() is not None


def put_on_record(book: Book, actor: Actor, title: str, error: Denied) -> None:
    """Write down what a person tried and may not do."""
    with book.action(f"拒绝：{title}", actor.name) as session:
        session.info["mends"] = True
        session.info["sign"] = actor.sign
        session.add(tables.Denial(person=actor.name, deed=title, why=str(error)))


def require(session: Session, roles: frozenset[Role]) -> None:
    """Denied unless the acting person holds one of these duties, or the book has no persons."""
    if is_staffed(session) and not roles & roles_of(session):
        wanted = "、".join(f"“{role.label}”" for role in Role if role in roles) or "任何"
        name = session.info["by"]
        raise Denied(f"{name}没有{wanted}岗位，不能办理。请由有此岗位的人员登录后办理。")
    session.info["granted"] = True


def is_staffed(session: Session) -> bool:
    """Whether the book has persons, so that duties count."""
    return session.exec(select(tables.Person.id).limit(1)).first() is not None


def roles_of(session: Session) -> frozenset[Role]:
    """The duties of the acting person; none when the name is unknown or no longer active."""
    p = tables.Person
    found = session.exec(select(p.roles).where(p.name == session.info["by"], col(p.active))).first()
    return frozenset(map(Role, json.loads(found))) if found else frozenset()


def dual_control(session: Session) -> bool:
    """Whether one award needs different hands (不相容岗位相互分离); on until switched off."""
    s = tables.Setting
    return session.exec(select(s.value).where(s.key == DUAL)).first() in (None, "")


def why_single(session: Session) -> str:
    """The recorded reason why one person may do it all; empty while dual control is on."""
    s = tables.Setting
    return session.exec(select(s.value).where(s.key == DUAL)).first() or ""


def _refuse_first_password(session: Session) -> None:
    """A password that the administrator knows, too, opens the key but is good for nothing else."""
    actor: Actor | None = session.info.get("actor")
    p = tables.Person
    if actor and actor.key and session.exec(select(p.must_change).where(p.name == actor.name)).first():
        raise Denied(f"{actor.name}还在用初始密码，不能办理。请先修改密码。")
