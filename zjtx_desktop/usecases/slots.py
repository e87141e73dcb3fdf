"""Whose password opens an encrypted book: a slot for each active person, or the one of its only user.

In a plain book nothing of this does anything. A slot that changes is a new row, so that the history has it; what is
sealed in it never stands there.
"""

from sqlmodel import Session, col, delete, select

from zjtx_desktop.domain.passwords import PasswordRules, check_password, normal
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage.keys import Slot
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.storage.tables import KeySlot


def is_encrypted(session: Session) -> bool:
    """Whether the book of this session is encrypted."""
    return session.info.get("secret") is not None


def put_slot(session: Session, name: str, password: str, cost: Cost, slip: str = "") -> None:
    """Let this password, and of this person no other, open the book; a first one together with the slip."""
    secret = session.info.get("secret")
    if secret is None:
        return
    drop_slot(session, name)
    slot = Slot.make(secret, name, normal(password), cost, slip)
    session.add(KeySlot(name=slot.name, salt=slot.salt, sealed=slot.sealed))
    session.flush()


def drop_slot(session: Session, name: str) -> None:
    """Let this person's password open the book no more."""
    session.execute(delete(KeySlot).where(col(KeySlot.name) == name))


def drop_all_slots(session: Session) -> None:
    """Let nobody's password open the book, until slots are put anew in the same action."""
    session.execute(delete(KeySlot))


def slot_of(session: Session, name: str) -> Slot | None:
    """The slot of a person."""
    row = session.exec(select(KeySlot).where(KeySlot.name == name)).first()
    return Slot(row.name, row.salt, row.sealed) if row else None


def names_with_slots(session: Session) -> tuple[str, ...]:
    """Whose passwords open the book."""
    return tuple(session.exec(select(KeySlot.name).order_by(col(KeySlot.id))))


def change_own_slot(session: Session, old: str, new: str, rules: PasswordRules, cost: Cost) -> None:
    """Give the only user of an encrypted book another password."""
    name = session.info["by"]
    slot = slot_of(session, name)
    if slot is None:
        raise Refused("这个账簿打开时不用密码，没有可以修改的密码。")
    if slot.open(normal(old)) is None:
        raise Refused("原密码不对，密码没有改动。请重新填写。")
    if normal(old) == normal(new):
        raise Refused("新密码和原密码一样。请换一个。")
    check_password(new, name, rules)
    put_slot(session, name, new, cost)
