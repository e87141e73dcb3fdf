"""Whether every step of an award from before actions were signed whole bears the signature of its person.

The keys are read from the history, so that those of before a new password stay good for what they signed.
"""

import json
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.states import Event
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.process import signed_text


@dataclass(frozen=True, slots=True)
class _Ring:
    """The public keys a person had, each from the change on that brought it."""

    since: tuple[int, ...]
    keys: tuple[str, ...]

    def at(self, change_id: int) -> str:
        """The key held at that time; empty when there was none."""
        place = bisect(self.since, change_id)
        return self.keys[place - 1] if place else ""


def unsigned_steps(session: Session) -> list[str]:
    """One sentence for each step without digest whose signature is missing or is not that of its person over its content."""
    rings = _rings(session)
    if not rings:
        return []
    return [problem for number, step, change_id in _steps(session) if (problem := _problem(rings, number, step, change_id))]


def _problem(rings: dict[str, _Ring], number: str, step: tables.AwardStep, change_id: int) -> str:
    key = rings[step.person].at(change_id) if step.person in rings else ""
    where = f"奖补 {number} 第 {step.position} 步“{Event(step.event).label}”（{step.person}）"
    if not key:
        if not any(ring.at(change_id) for ring in rings.values()):
            return ""  # a book without persons, whose user signs nothing
        return f"{where}：当时没有登记过这个人，这一步不是按程序办理的。"
    if not step.signature:
        return f"{where}：没有签名，不是本人登录办理的。"
    if _is_by(key, step, number):
        return ""
    if any(_is_by(old, step, number) for old in rings[step.person].keys if old):
        return f"{where}：用的是当时已作废的密钥（重设密码以前的），不是本人所签。"
    if whose := _who_signed(rings, step, number):
        return f"{where}：签名是{whose}的，办理人被改动过。"
    return f"{where}：签名与内容不符，意见、文件、金额、日期或状态被改动过，或者不是本人所签。"


def _who_signed(rings: dict[str, _Ring], step: tables.AwardStep, number: str) -> str:
    """The person who did sign this content under the own name; empty when nobody did."""
    for name, ring in rings.items():
        own = tables.AwardStep(**step.model_dump() | {"person": name})
        if any(_is_by(key, own, number) for key in ring.keys if key):
            return name
    return ""


def _is_by(key: str, step: tables.AwardStep, number: str) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(step.signature or ""), signed_text(number, step))
    except (InvalidSignature, ValueError):  # the latter from a text that is no key or no signature
        return False
    return True


def _steps(session: Session) -> Iterator[tuple[str, tables.AwardStep, int]]:
    a, s, c = tables.Award, tables.AwardStep, tables.Change
    made = (col(c.table_name) == "award_step") & (col(c.row_id) == col(s.id)) & col(c.before).is_(None)
    query = select(a.number, s, c.id).join(a, col(s.award_id) == a.id).join(c, made).where(col(s.digest).is_(None))
    query = query.order_by(col(s.id))
    yield from ((number, step, change_id) for number, step, change_id in session.execute(query))


def _rings(session: Session) -> dict[str, _Ring]:
    c = tables.Change
    query = select(c.id, c.after).where(col(c.table_name) == "person", col(c.after).is_not(None)).order_by(col(c.id))
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for change_id, after in session.execute(query):
        row = json.loads(after)
        found[row["name"]].append((change_id, row["public_key"]))
    return {
        name: _Ring(tuple(since for since, _ in keys), tuple(key for _, key in keys)) for name, keys in found.items()
    }
