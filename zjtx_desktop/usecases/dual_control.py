"""不相容岗位相互分离 switched off and on by two persons, and what papers say of what one person did alone, for ever."""

import json
from collections.abc import Iterator

from sqlmodel import Session, col, select

from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.consents import agreed
from zjtx_desktop.usecases.duties import DUAL, guarded

OFF, ON = "停用岗位分离", "恢复岗位分离"
s = tables.Setting


@guarded
def switch(session: Session, on: bool, reason: str) -> None:
    """Let one person take every step of an award, or no longer; the reason is printed on every batch summary."""
    if not on and not reason.strip():
        raise Refused("没有写明理由。请写明为什么由一人办理，例如批准文件的文号。")
    value = "" if on else reason.strip()
    agreed(session, ON if on else OFF, {DUAL: value})
    row = session.exec(select(s).where(s.key == DUAL)).first() or s(key=DUAL, value="")
    row.value = value
    session.add(row)


def remarks(session: Session, round_id: int) -> tuple[str, ...]:
    """What every summary and approval form of a round must say (B14): who decided alone, and why that was so.

    Of the steps by the switch as it was when they were taken; of deeds for two persons those that one did with a reason.
    """
    return (*_single_hands(session, round_id), *_alone(session, round_id))


def _single_hands(session: Session, round_id: int) -> Iterator[str]:
    """One remark for each reason under which a step of the round was taken; now, too, while it is off."""
    reasons = _reasons(session)
    a, t, c = tables.Award, tables.AwardStep, tables.Change
    made = (col(c.table_name) == "award_step") & (col(c.row_id) == col(t.id)) & col(c.before).is_(None)
    query = select(c.id).join(t, made).join(a, col(t.award_id) == a.id).where(a.round_id == round_id)
    steps = session.exec(query).all() if any(reasons.values()) else []
    held = {since: reason for since, reason in reasons.items() if reason}
    ends = sorted(reasons)
    for since, reason in held.items():
        until = next((end for end in ends if end > since), None)
        touched = any(since < step and (until is None or step < until) for step in steps)
        if until is None or touched:
            now = "已停用" if until is None else "在本批次办理期间曾停用"
            yield f"本账簿{now}不相容岗位分离，同一人可以办理一笔奖补的各步。理由：{reason}"


def _reasons(session: Session) -> dict[int, str]:
    """From which change on which reason held; an empty one where the switch was on again."""
    c = tables.Change
    query = select(c.id, c.after).where(col(c.table_name) == "setting", col(c.after).is_not(None)).order_by(col(c.id))
    rows = ((change_id, json.loads(after)) for change_id, after in session.exec(query))
    return {change_id: row["value"] for change_id, row in rows if row["key"] == DUAL}


def _alone(session: Session, round_id: int) -> Iterator[str]:
    """One remark for each deed on money of this round that one person did because nobody else could agree."""
    n, k = tables.Consent, tables.Pack
    packs = session.exec(select(k.sha256).join(tables.Round, col(tables.Round.pack_row) == k.id).where(tables.Round.id == round_id))
    ours = {"round": round_id, "pack": packs.first()}
    for row in session.exec(select(n).where(col(n.second).is_(None)).order_by(col(n.id))):
        about = json.loads(row.about)
        if any(about.get(key) == value for key, value in ours.items() if key != "pack" or "round" not in about):
            yield f"“{row.deed}”由一人办理。理由：{row.reason}"
