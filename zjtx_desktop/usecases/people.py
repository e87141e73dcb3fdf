"""Persons who work on this book: their duties, their passwords, and the keys that they sign with.

Everybody has a private key that only the own password opens. A new password of one's own seals the same key
again; one that the administrator gives makes a new pair, because nobody can open the old one. What was signed
before stays verifiable: the history keeps every public key. In an encrypted book each password opens the book as well.

The administrator changes nothing here alone: another person agrees, and the root key certifies what comes of it. A
first password works only with the slip (首登码) that is made along with it, printed once and handed to the person.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, col, select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.passwords import PasswordAge, PasswordRules, check_password, normal
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.sealing import FULL, Cost, new_salt, public_hex, seal, unseal, wants_slip
from zjtx_desktop.usecases.consents import agreed
from zjtx_desktop.usecases.duties import guarded, is_staffed
from zjtx_desktop.usecases.free_texts import must_be_printable
from zjtx_desktop.usecases.root import begin, certify, deal
from zjtx_desktop.usecases.slots import (
    change_own_slot,
    drop_all_slots,
    drop_slot,
    is_encrypted,
    names_with_slots,
    put_slot,
)
from zjtx_desktop.values import MOST_NAME, free_text
from zjtx_desktop.values.recovery import new_slip

ALONE = frozenset({Role.ADMIN, Role.AUDITOR})  # each goes with no other duty
PASSWORD_RULES = {"password_shortest": "shortest", "password_days": "days", "idle_minutes": "idle_minutes"}
ADDED, RESET, REACTIVATED, DEACTIVATED = "登记人员", "重设密码", "重新启用人员", "停用人员"
OTHER_ROLES, RULES = "修改岗位", "修改密码和锁定的规定"
p = tables.Person


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person as a list shows it; `locked_until` is UTC."""

    id: int
    name: str
    roles: tuple[Role, ...]
    active: bool
    password_on: date
    must_change: bool
    locked_until: datetime | None

    @property
    def duties(self) -> str:
        """The duties in words."""
        return "、".join(role.label for role in self.roles)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A name and the password to begin with."""

    name: str
    password: str


@dataclass(frozen=True, slots=True)
class GivenPassword:
    """When a person got the password to begin with (UTC), and by whom; `second` is empty where one did it alone."""

    deed: str
    at: datetime
    by: str
    second: str

    @property
    def sentence(self) -> str:
        """What the person is told at the first sign-in."""
        agreed_by = f"，{self.second}同意" if self.second else "，由一人办理"
        return f"这个密码是{self.by}在 {self.at.astimezone():%Y-%m-%d %H:%M} 给的（{self.deed}{agreed_by}）。"


def people(session: Session) -> tuple[PersonLine, ...]:
    """Everybody who ever was on this book, those active first."""
    found = session.exec(select(p).order_by(col(p.active).desc(), col(p.id)))
    return tuple(_line(row) for row in found)


def person(session: Session, name: str) -> PersonLine | None:
    """One person; None where the name is unknown or no longer active."""
    row = session.exec(select(p).where(p.name == name, col(p.active))).first()
    return _line(row) if row else None


def names(session: Session) -> tuple[str, ...]:
    """Who may sign in; empty in a book without persons."""
    return tuple(session.exec(select(p.name).where(col(p.active)).order_by(col(p.id))))


def sign_in_names(session: Session) -> tuple[str, ...]:
    """Who signs in: the persons, or the one user of an encrypted book; empty in a plain book without persons."""
    return names(session) or names_with_slots(session)


def rules(session: Session) -> PasswordRules:
    """What the office asks of passwords."""
    s = tables.Setting
    kept = {row.key: int(row.value) for row in session.exec(select(s).where(col(s.key).in_(PASSWORD_RULES)))}
    return PasswordRules(**{PASSWORD_RULES[key]: value for key, value in kept.items()})


def password_age(session: Session, name: str, today: date) -> PasswordAge:
    """Whether this person must change the password now, and for how many days it lasts yet."""
    line, days = person(session, name), rules(session).days
    if line is None or line.must_change:
        return PasswordAge(line is not None)
    left = days - (today - line.password_on).days if days else None
    return PasswordAge(left is not None and left <= 0, left)


@guarded
def set_up_people(
    session: Session, admin: NewPerson, auditor: NewPerson, today: date, cost: Cost = FULL
) -> str:
    """Give a book its first 系统管理员 and its first 审计员; from then on duties count. Returns the slip of the latter."""
    if is_staffed(session):
        raise Refused("账簿已经登记了人员。请由系统管理员在“设置 → 人员”中增加。")
    drop_all_slots(session)  # the only user there was is a person now, or none
    slip = new_slip()
    _make(session, admin, (Role.ADMIN,), today, cost).must_change = False  # chose it alone
    _make(session, auditor, (Role.AUDITOR,), today, cost, slip)
    session.flush()
    begin(session)
    return slip


@guarded
def add(
    session: Session, name: str, roles: Iterable[Role], password: str, today: date, cost: Cost = FULL
) -> str:
    """Register a person with a first password, which must be changed on first sign-in; returns the slip for that."""
    wanted = tuple(roles)
    agreed(session, ADDED, {"name": free_text(name, "姓名", MOST_NAME), "roles": sorted(wanted)})
    slip = new_slip()
    certify(session, _make(session, NewPerson(name, password), wanted, today, cost, slip))
    deal(session)
    return slip


@guarded
def change_roles(session: Session, name: str, roles: Iterable[Role]) -> None:
    """Give a person these duties and no others."""
    row, wanted = _row(session, name), tuple(roles)
    agreed(session, OTHER_ROLES, {"name": row.name, "roles": sorted(wanted)})
    row.roles = _roles(wanted)
    _settle(session, row)


@guarded
def deactivate(session: Session, name: str) -> None:
    """Let a person sign in no more; what the person did stays as it is."""
    row = _row(session, name)
    agreed(session, DEACTIVATED, {"name": row.name})
    row.active = False
    drop_slot(session, row.name)
    _settle(session, row)


@guarded
def reactivate(
    session: Session, name: str, password: str = "", today: date | None = None, cost: Cost = FULL
) -> str:
    """Let a person who had left sign in again, with the duties of then.

    In a plain book the password is that of then. In an encrypted one nothing is left that it would open, so a new
    first password is given on `today`, and the slip returned.
    """
    row, slip = _row(session, name), ""
    agreed(session, REACTIVATED, {"name": row.name})
    row.active, row.failures, row.locked_until = True, 0, None
    if password and today:
        slip = _give(session, row, password, today, cost)
    elif is_encrypted(session):
        raise Refused(f"账簿是加密的，{name}停用时密码已经失效。请在启用时给一个新的初始密码。")
    _settle(session, row)
    return slip


@guarded
def reset_password(session: Session, name: str, password: str, today: date, cost: Cost = FULL) -> str:
    """Give a person a new first password and a new pair of keys; a lock ends. Returns the slip for the first sign-in."""
    row = _row(session, name)
    agreed(session, RESET, {"name": row.name})
    slip = _give(session, row, password, today, cost)
    _settle(session, row)
    return slip


def names_with_slips(session: Session) -> tuple[str, ...]:
    """Who has a first password, which needs the slip as well."""
    rows = session.exec(select(p.name, p.sealed_key).where(col(p.active), col(p.must_change)))
    return tuple(name for name, sealed in rows if wants_slip(sealed))


def who_reset(session: Session, name: str) -> GivenPassword | None:
    """Who gave a person the password to begin with, and when; None where that is not on record."""
    c, n = tables.Change, tables.Consent
    line = (
        select(n, tables.Action)
        .join(c, (col(c.table_name) == "consent") & (col(c.row_id) == col(n.id)))
        .join(tables.Action, col(tables.Action.id) == c.action_id)
        .where(col(n.deed).in_((ADDED, RESET, REACTIVATED)))
        .order_by(col(n.id).desc())
    )
    for consent, action in session.exec(line):
        if json.loads(consent.about)["name"] == name:
            return GivenPassword(consent.deed, datetime.fromisoformat(action.at), action.by_name, consent.second or "")
    return None


@guarded
def change_password(session: Session, old: str, new: str, today: date, cost: Cost = FULL) -> None:
    """Give oneself another password; the key stays the same. The only user of an encrypted book has one, too."""
    if not is_staffed(session):
        change_own_slot(session, old, new, rules(session), cost)
        return
    row = _row(session, session.info["by"])
    actor = session.info.get("actor")
    key = unseal(row.sealed_key, normal(old), row.name, row.salt, actor.slip if actor else "")
    if key is None:
        raise Refused("原密码不对，密码没有改动。请重新填写。")
    if normal(old) == normal(new):
        raise Refused("新密码和原密码一样。请换一个。")
    check_password(new, row.name, rules(session))
    give_key(session, row, key, new, today, cost)
    row.must_change = False


@guarded
def set_rules(session: Session, wanted: PasswordRules) -> None:
    """Change what the office asks of passwords, and when the screen locks."""
    wanted.check()
    agreed(session, RULES, {key: str(getattr(wanted, name)) for key, name in PASSWORD_RULES.items()})
    s = tables.Setting
    for key, name in PASSWORD_RULES.items():
        row = session.exec(select(s).where(s.key == key)).first() or s(key=key, value="")
        row.value = str(getattr(wanted, name))
        session.add(row)


def _make(
    session: Session, new: NewPerson, roles: Iterable[Role], today: date, cost: Cost, slip: str = ""
) -> tables.Person:
    name = free_text(new.name, "姓名", MOST_NAME)
    must_be_printable(name, "姓名")
    if session.exec(select(p).where(p.name == name)).first():
        raise Refused(f"“{name}”已经登记过了。同名的，请在姓名后加以区别；已停用的，请重新启用。")
    check_password(new.password, name, rules(session))
    row = p(
        name=name, roles=_roles(roles), public_key="", salt=b"", sealed_key=b"", password_on=today, must_change=True
    )
    _seal(row, Ed25519PrivateKey.generate(), new.password, today, cost, slip)
    session.add(row)
    session.flush()
    put_slot(session, name, new.password, cost, slip)
    return row


def _give(session: Session, row: tables.Person, password: str, today: date, cost: Cost) -> str:
    """A new first password and a new pair of keys; a lock ends. Returns the slip."""
    check_password(password, row.name, rules(session))
    slip = new_slip()
    give_key(session, row, Ed25519PrivateKey.generate(), password, today, cost, slip)
    row.must_change, row.failures, row.locked_until = True, 0, None
    return slip


def give_key(
    session: Session, row: tables.Person, key: Ed25519PrivateKey, password: str, today: date, cost: Cost, slip: str = ""
) -> None:
    """Seal a person's key with a password, which opens an encrypted book as well."""
    _seal(row, key, password, today, cost, slip)
    row.sealed_times += 1
    session.add(row)
    if row.active:
        put_slot(session, row.name, password, cost, slip)


def _settle(session: Session, row: tables.Person) -> None:
    """What every change of a person ends with: it leaves an administrator, is certified, and shares follow."""
    session.add(row)
    _keep_an_admin(session)
    certify(session, row)
    deal(session)


def _seal(row: tables.Person, key: Ed25519PrivateKey, password: str, today: date, cost: Cost, slip: str) -> None:
    row.salt = new_salt()
    row.sealed_key = seal(key, normal(password), row.name, row.salt, cost, slip)
    row.public_key, row.password_on = public_hex(key), today


def _roles(roles: Iterable[Role]) -> str:
    """The duties as they are kept; Refused when they do not go together."""
    wanted = frozenset(roles)
    if not wanted:
        raise Refused("没有选择岗位。请至少选择一个。")
    if wanted & ALONE and len(wanted) > 1:
        alone = next(role for role in Role if role in wanted & ALONE)
        raise Refused(
            f"“{alone.label}”不能兼任其他岗位（不相容岗位相互分离）。一人要办两样的，请用两个姓名分别登记。"
        )
    return json.dumps([role.value for role in Role if role in wanted])


def _keep_an_admin(session: Session) -> None:
    session.flush()
    ready = (line for line in people(session) if line.active and not line.must_change)
    if not any(Role.ADMIN in line.roles for line in ready):
        raise Refused("至少要有一名在岗的、用自己密码的系统管理员，没有改动。请先登记另一名系统管理员，由其登录一次。")


def _row(session: Session, name: str) -> tables.Person:
    row = session.exec(select(p).where(p.name == name)).first()
    if row is None:
        raise NotFound(f"没有登记过“{name}”。请刷新后再试。")
    return row


def _line(row: tables.Person) -> PersonLine:
    held = json.loads(row.roles)
    return PersonLine(
        row.id or 0,
        row.name,
        tuple(role for role in Role if role in held),
        row.active,
        row.password_on,
        row.must_change,
        datetime.fromisoformat(row.locked_until) if row.locked_until else None,
    )
