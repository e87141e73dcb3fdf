"""Whether two organisations that were merged may be parted again by 撤销: until an award of theirs went out on it."""

import json
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from zjtx_desktop.domain.states import ISSUED_STATES, AwardState
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage.tables import Change

LOCKED = (AwardState.APPROVED, *ISSUED_STATES)


def is_merge(session: Session, action_id: int) -> bool:
    """Whether an action added or removed one organisation, as merging two does and taking that back."""
    ends = or_(col(Change.before).is_(None), col(Change.after).is_(None))
    query = select(Change.id).where(col(Change.action_id) == action_id, col(Change.table_name) == "organisation", ends)
    return len(session.scalars(query.limit(2)).all()) == 1


def require_partable(session: Session, action_id: int, title: str) -> None:
    """Refused when an award of the two was locked since (审定 or later), or a list opened that they stood on."""
    owners, rounds = _concerned(session, action_id)
    for before, after in _since(session, "award", action_id):
        if after.get("organisation_id") in owners and after["state"] in LOCKED and before.get("state") not in LOCKED:
            state = AwardState(after["state"]).label
            raise Refused(f"“{title}”以后，奖补 {after['number']} {state}，不能撤销或重做。请在记录上直接更正。")
    for before, after in _since(session, "round", action_id):
        if after and after["id"] in rounds and before.get("state") != after["state"]:
            raise Refused(f"“{title}”以后，{after['year']} 年度{after['name']}的名单重新锁定过，不能撤销或重做。请在记录上直接更正。")


def _concerned(session: Session, action_id: int) -> tuple[set[int], set[int]]:
    """The organisations that an action touched, and the rounds whose lists or drafts it added to or took from."""
    owners: set[int] = set()
    rounds: set[int] = set()
    query = select(Change.table_name, Change.before, Change.after).where(col(Change.action_id) == action_id)
    for table, *texts in session.execute(query):
        sides = [json.loads(text) for text in texts if text]
        key = "id" if table == "organisation" else "organisation_id"
        owners |= {side[key] for side in sides if key in side}
        if table == "round_item" or table == "award" and len(sides) == 1:
            rounds |= {side["round_id"] for side in sides}
    return owners, rounds


def _since(session: Session, table: str, action_id: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    query = select(Change.before, Change.after).where(col(Change.table_name) == table, col(Change.action_id) > action_id)
    rows = session.execute(query.order_by(col(Change.id))).all()
    return [(json.loads(before) if before else {}, json.loads(after) if after else {}) for before, after in rows]
