"""Who settled the amount of an award, and where it goes: by the history, for whoever did it may not approve it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.states import Deed
from zjtx_desktop.storage import tables

# The table that a deed writes and the columns by which it settles something.
WRITES: Mapping[Deed, tuple[str, tuple[str, ...]]] = {
    Deed.MANUAL_AMOUNT: ("manual_amount", ("fen",)),
    Deed.DECISION: ("decision", ("award",)),
    Deed.CHOICES: ("round", ("choices",)),
    Deed.BUDGET: ("budget", ("fen",)),
    Deed.PAYEE: ("organisation", ("name", "payee_name", "payee_bank", "payee_account")),
}


def is_new(deed: Deed, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> bool:
    """Whether a change of a row settles what it did not say before."""
    _, columns = WRITES[deed]
    return any((before or {}).get(name) != after.get(name) for name in columns)


def hands(session: Session, award: tables.Award, deed: Deed) -> frozenset[str]:
    """Who settled what now stands of this award by a deed of this kind."""
    c, action = tables.Change, tables.Action
    table, _ = WRITES[deed]
    query = (
        select(c.row_id, c.before, c.after, action.by_name)
        .join(action, col(c.action_id) == action.id)
        .where(col(c.table_name) == table, col(c.row_id).in_(list(_rows(session, award, deed))), col(c.after).is_not(None))
        .order_by(col(c.id))
    )
    last: dict[int, str] = {}
    for row_id, before, after, by in session.execute(query):
        if is_new(deed, json.loads(before) if before else None, json.loads(after)):
            last[row_id] = by
    return frozenset(last.values())


def _rows(session: Session, award: tables.Award, deed: Deed) -> Iterable[int]:
    """The rows by which a deed of this kind bears on the award now."""
    m, d, b, p = tables.ManualAmount, tables.Decision, tables.Budget, tables.AwardPart
    if deed is Deed.CHOICES:
        return (award.round_id,)
    if deed is Deed.PAYEE:
        return (award.organisation_id,)
    if deed is Deed.MANUAL_AMOUNT:
        return tuple(session.scalars(select(m.id).where(col(m.recognition_id) == award.recognition_id)))
    if deed is Deed.DECISION:
        return tuple(session.scalars(select(d.id).where(col(d.recognition_id) == award.recognition_id)))
    charged = (col(p.payer) == b.payer) & (col(p.division) == b.division) & (col(p.award_id) == award.id)
    return tuple(session.scalars(select(b.id).join(p, charged).where(col(b.round_id) == award.round_id).distinct()))
