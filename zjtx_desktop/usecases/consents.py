"""第二人同意: what one person alone may not do, even the administrator, is agreed to by another with the own key.

The first person signs the whole action; the second signs what was agreed to, and that it was in this action. Where
nobody else could agree, the reason is put on record instead.
"""

import json
from collections.abc import Mapping

from sqlmodel import Session, col, select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.sealing import public_hex
from zjtx_desktop.usecases.duties import Actor, Second
from zjtx_desktop.usecases.judging import canonical

SECONDS = frozenset({Role.ADMIN, Role.APPROVER})
_ASK = "“{deed}”要两个人办。请由另一位系统管理员或审批人员（{names}）输入自己的密码同意。"
_ASK_WHY = "“{deed}”要两个人办，现在没有另一位系统管理员或审批人员。请写明为什么由一人办理，理由长期保留。"
p = tables.Person


def who_may_agree(session: Session, first: str) -> tuple[str, ...]:
    """Who may agree to what `first` does: other administrators and approvers in office with passwords of their own."""
    rows = session.exec(select(p).where(col(p.active), col(p.must_change).is_(False), p.name != first).order_by(col(p.id)))
    return tuple(row.name for row in rows if may_second(row.roles))


def may_second(roles: str) -> bool:
    """Whether duties, as the book keeps them, hold one whose persons may agree to what takes two."""
    return bool(SECONDS & set(json.loads(roles)))


def agreed(session: Session, deed: str, about: Mapping[str, object]) -> int:
    """Put on record that a second person agreed to this deed of the action; returns the id of that record.

    `about` says what was agreed to, as plain values. Refused without a second person who may agree, or without a
    reason where there is none.
    """
    second: Second = session.info.get("second") or Second()
    names = who_may_agree(session, session.info["by"])
    row = tables.Consent(deed=deed, about=canonical(dict(about)))
    if second.actor is not None:
        row.second = second.actor.name
        row.signature = _signature(session, second.actor, row, names)
    elif names:
        raise Refused(_ASK.format(deed=deed, names="、".join(names)))
    elif not second.reason.strip():
        raise Refused(_ASK_WHY.format(deed=deed))
    row.reason = second.reason.strip() or None
    session.add(row)
    session.flush()
    return row.id or 0


def consent_text(row: tables.Consent, first: str, action_key: str) -> bytes:
    """The very bytes that the second person signs."""
    told = {"deed": row.deed, "about": row.about, "second": row.second, "first": first, "action": action_key}
    return canonical(told).encode()


def _signature(session: Session, actor: Actor, row: tables.Consent, names: tuple[str, ...]) -> str:
    first = session.info["by"]
    if actor.name == first:
        raise Refused(f"“{row.deed}”要两个人办，两次都是{first}。请由另一位人员输入密码。")
    known = session.exec(select(p.public_key).where(p.name == actor.name)).first()
    if actor.name not in names or actor.key is None or public_hex(actor.key) != known:
        raise Refused(f"{actor.name}不能同意“{row.deed}”：要是在岗的系统管理员或审批人员，并已改用自己的密码。")
    return actor.key.sign(consent_text(row, first, session.info["key"])).hex()
