"""Whether what takes two persons was done by two, or by one with a reason where there was nobody else.

Only since the office has its root key: what was before is 旧账. A book without persons has one user, who could write
any reason.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.budgets import RAISED
from zjtx_desktop.usecases.certificates import Agreement, walk
from zjtx_desktop.usecases.dual_control import OFF, ON
from zjtx_desktop.usecases.duties import DUAL
from zjtx_desktop.usecases.overview import ACTIVE_PACK
from zjtx_desktop.usecases.pack_change import ACTIVATED
from zjtx_desktop.usecases.people import PASSWORD_RULES, RULES
from zjtx_desktop.usecases.root import CODE_BOX, ENCRYPTED, RENEWED
from zjtx_desktop.usecases.rounds import TAKEN

_SETTINGS: Mapping[str, tuple[str, ...]] = {
    DUAL: (OFF, ON), ACTIVE_PACK: (ACTIVATED,), CODE_BOX: (ENCRYPTED, RENEWED), **dict.fromkeys(PASSWORD_RULES, (RULES,))
}  # fmt: skip
_WORDS = {DUAL: "岗位分离", ACTIVE_PACK: "政策包", CODE_BOX: "恢复码", **dict.fromkeys(PASSWORD_RULES, "密码和锁定的规定")}
Row = dict[str, Any]


def uncertified_and_unagreed(session: Session) -> list[str]:
    """One sentence for each state of a person that nobody certified, and each deed of one that takes two."""
    found = walk(session)
    problems = list(found.problems)
    if found.since:
        agreed: dict[int, list[Agreement]] = defaultdict(list)
        for one in found.agreements:
            agreed[one.action_id].append(one)
        for action, changes in _actions(session, found.since):
            where = f"第 {action.id} 号操作“{action.title}”（{action.by_name}）"
            problems += [f"{where}：{what}，没有第二人同意，也没有写明理由。" for what in _lacking(changes, agreed[action.id or 0])]
    return problems


def _actions(session: Session, since: int) -> Iterator[tuple[tables.Action, list[tuple[str, Row, Row]]]]:
    a, c = tables.Action, tables.Change
    query = (
        select(a, c.table_name, c.before, c.after)
        .join(a, col(c.action_id) == a.id)
        .where(col(c.table_name).in_(("setting", "budget", "round", "award_part")), col(c.action_id) > since)
        .order_by(col(c.id))
    )
    for action, lines in groupby(session.execute(query), lambda line: line[0]):
        yield action, [(table, json.loads(before or "{}"), json.loads(after or "{}")) for _, table, before, after in lines]


def _lacking(changes: list[tuple[str, Row, Row]], agreed: list[Agreement]) -> Iterator[str]:
    """What was done in one action and not agreed to there."""
    for table, before, after in changes:
        if table == "setting" and (key := (after or before)["key"]) in _SETTINGS:
            value = after.get("value", "")
            if value != before.get("value", "") and not _has(agreed, _SETTINGS[key], None if key == CODE_BOX else {_said(key): value}):
                yield f"改动了{_WORDS[key]}"
        if table == "budget" and before and after.get("fen", 0) > before["fen"]:
            if not _has(agreed, (RAISED,), {"round": after["round_id"], "division": after["division"], "fen": after["fen"]}):
                yield "增加了预算"
        if table == "round" and before and before["pack_row"] and after.get("pack_row") != before["pack_row"]:
            if _sums(changes, 1) and _sums(changes, 1) != _sums(changes, 2) and not _has(agreed, (TAKEN,), {"round": before["id"]}):
                yield "采用了另一个政策包，金额有变化"


def _said(key: str) -> str:
    """Under which name a consent says the value of a setting."""
    return "pack" if key == ACTIVE_PACK else key


def _has(agreed: list[Agreement], deeds: tuple[str, ...], about: Mapping[str, Any] | None) -> bool:
    fitting = (one.about for one in agreed if one.deed in deeds)
    return any(about is None or all(said.get(key) == value for key, value in about.items()) for said in fitting)


def _sums(changes: list[tuple[str, Row, Row]], side: int) -> list[tuple[Any, ...]]:
    """The parts of awards before (1) or after (2) an action, as far as it touched them."""
    rows = (change[side] for change in changes if change[0] == "award_part" and change[side])
    return sorted((row["payer"], row["division"], row["fen"]) for row in rows)
