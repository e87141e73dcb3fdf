"""The closed tables of states: what an award and a round (年度批次) can become, by which event, by whose hand.

`MOVES` is the whole process of an award and a round; help and README draw it from here. A book that has no
persons yet (`staffed=False`) knows one step more: its only user issues straight from the computed draft,
because without accounts nobody could tell two hands apart.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.errors import Refused


class AwardState(StrEnum):
    """Where an award stands."""

    DRAFT = "draft"
    EXAMINED = "examined"
    REVIEWED = "reviewed"
    NOTICED = "noticed"
    CLEARED = "cleared"
    APPROVED = "approved"
    ISSUED = "issued"
    PAID = "paid"
    ARCHIVED = "archived"
    EXCLUDED = "excluded"
    VOIDED = "voided"
    REVOKED = "revoked"
    RECOVERED = "recovered"
    DISCARDED = "discarded"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return _LABELS[self]


class RoundState(StrEnum):
    """Where a round stands."""

    OPEN = "open"
    LOCKED = "locked"
    COMPUTED = "computed"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return _LABELS[self]


class Event(StrEnum):
    """What staff do to an award or a round."""

    EXAMINE = "examine"
    REVIEW = "review"
    PUBLISH = "publish"
    WAIVE = "waive"
    CLEAR = "clear"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    PAYEE_CHANGED = "payee_changed"
    ISSUE = "issue"
    REDIRECT = "redirect"
    PAY = "pay"
    BOUNCE = "bounce"
    ARCHIVE = "archive"
    EXCLUDE = "exclude"
    READMIT = "readmit"
    VOID = "void"
    REVOKE = "revoke"
    RECOVER = "recover"
    DISCARD = "discard"
    LOCK = "lock"
    COMPUTE = "compute"
    UNLOCK = "unlock"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return _LABELS[self]


class Deed(StrEnum):
    """What settles an amount, or where it goes, and is no step of the award; whoever did it may not approve it."""

    MANUAL_AMOUNT = "manual_amount"
    DECISION = "decision"
    CHOICES = "choices"
    BUDGET = "budget"
    PAYEE = "payee"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return _LABELS[self]


_LABELS = {
    AwardState.DRAFT: "草稿",
    AwardState.EXAMINED: "已初审",
    AwardState.REVIEWED: "已复核",
    AwardState.NOTICED: "公示中",
    AwardState.CLEARED: "公示期满",
    AwardState.APPROVED: "已审定",
    AwardState.ISSUED: "已下达",
    AwardState.PAID: "已拨付",
    AwardState.ARCHIVED: "已归档",
    AwardState.EXCLUDED: "不予奖励",
    AwardState.VOIDED: "作废",
    AwardState.REVOKED: "撤销认定，追回中",
    AwardState.RECOVERED: "已追回",
    AwardState.DISCARDED: "已删除",
    RoundState.OPEN: "登记中",
    RoundState.LOCKED: "已锁定",
    RoundState.COMPUTED: "已测算",
    Event.EXAMINE: "初审",
    Event.REVIEW: "复核",
    Event.PUBLISH: "公示",
    Event.WAIVE: "免于公示",
    Event.CLEAR: "公示期满",
    Event.APPROVE: "审定",
    Event.SEND_BACK: "退回",
    Event.PAYEE_CHANGED: "收款信息变更退回",
    Event.ISSUE: "下达",
    Event.REDIRECT: "变更收款账户",
    Event.PAY: "拨付",
    Event.BOUNCE: "款项退回",
    Event.ARCHIVE: "归档",
    Event.EXCLUDE: "不予奖励",
    Event.READMIT: "恢复办理",
    Event.VOID: "作废",
    Event.REVOKE: "撤销认定",
    Event.RECOVER: "追回完毕",
    Event.DISCARD: "删除",
    Event.LOCK: "锁定名单",
    Event.COMPUTE: "测算",
    Event.UNLOCK: "解锁名单",
    Deed.MANUAL_AMOUNT: "人工核定",
    Deed.DECISION: "裁定待定事项",
    Deed.CHOICES: "确定口径和标准",
    Deed.BUDGET: "登记预算",
    Deed.PAYEE: "登记收款账户",
}


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: from where, by what, to where, by which duty, and what must be stated.

    `apart` names the steps and deeds on the same award whose persons may not take this one.
    """

    start: StrEnum
    event: Event
    end: Any
    role: Role
    needs: tuple[str, ...] = ()
    apart: tuple[Event | Deed, ...] = ()
    unstaffed_only: bool = False


_S, _E, _R, _B = AwardState, Event, Role, RoundState
_AMOUNT = (Deed.MANUAL_AMOUNT, Deed.DECISION, Deed.CHOICES, Deed.BUDGET)
_UNDECIDED = (_S.DRAFT, _S.EXAMINED, _S.REVIEWED, _S.NOTICED, _S.CLEARED, _S.APPROVED)
REASON, OPINION, DOCUMENT = "理由", "意见", "文件"
MOVES = (
    Move(_B.OPEN, _E.LOCK, _B.LOCKED, _R.CLERK),
    Move(_B.LOCKED, _E.COMPUTE, _B.COMPUTED, _R.CLERK),
    Move(_B.COMPUTED, _E.COMPUTE, _B.COMPUTED, _R.CLERK),  # computing again is harmless (B54)
    Move(_B.LOCKED, _E.UNLOCK, _B.OPEN, _R.CLERK),
    Move(_B.COMPUTED, _E.UNLOCK, _B.OPEN, _R.CLERK),
    Move(_S.DRAFT, _E.EXAMINE, _S.EXAMINED, _R.CLERK, (OPINION,)),
    Move(_S.EXAMINED, _E.REVIEW, _S.REVIEWED, _R.REVIEWER, (OPINION,), (_E.EXAMINE,)),
    Move(_S.REVIEWED, _E.PUBLISH, _S.NOTICED, _R.CLERK),
    Move(_S.REVIEWED, _E.WAIVE, _S.CLEARED, _R.CLERK, (REASON, DOCUMENT)),
    Move(_S.NOTICED, _E.CLEAR, _S.CLEARED, _R.CLERK),
    Move(_S.CLEARED, _E.APPROVE, _S.APPROVED, _R.APPROVER, (OPINION, DOCUMENT), (_E.EXAMINE, _E.REVIEW, *_AMOUNT)),
    *(
        Move(start, _E.SEND_BACK, _S.DRAFT, role, (REASON,))
        for start, role in (
            (_S.EXAMINED, _R.REVIEWER),
            (_S.REVIEWED, _R.REVIEWER),
            (_S.NOTICED, _R.REVIEWER),
            (_S.CLEARED, _R.APPROVER),
            (_S.APPROVED, _R.APPROVER),
        )
    ),
    *(Move(start, _E.PAYEE_CHANGED, _S.DRAFT, _R.CLERK, (REASON,)) for start in _UNDECIDED[2:]),
    Move(_S.DRAFT, _E.ISSUE, _S.ISSUED, _R.CLERK, unstaffed_only=True),
    Move(_S.APPROVED, _E.ISSUE, _S.ISSUED, _R.CLERK),
    Move(_S.ISSUED, _E.REDIRECT, _S.ISSUED, _R.APPROVER, (REASON, DOCUMENT), (Deed.PAYEE,)),
    Move(_S.ISSUED, _E.PAY, _S.PAID, _R.PAYER, (), (_E.EXAMINE, _E.REVIEW, _E.APPROVE)),
    *(Move(start, _E.BOUNCE, _S.ISSUED, _R.PAYER, (REASON,)) for start in (_S.PAID, _S.ARCHIVED)),
    Move(_S.PAID, _E.ARCHIVE, _S.ARCHIVED, _R.CLERK),
    *(Move(start, _E.EXCLUDE, _S.EXCLUDED, _R.CLERK, (REASON,)) for start in _UNDECIDED[:-1]),
    Move(_S.APPROVED, _E.EXCLUDE, _S.EXCLUDED, _R.APPROVER, (REASON,)),  # what was approved, approvers take back
    Move(_S.EXCLUDED, _E.READMIT, _S.DRAFT, _R.REVIEWER, (REASON,), (_E.EXCLUDE,)),
    Move(_S.ISSUED, _E.VOID, _S.VOIDED, _R.CLERK, (REASON,)),
    *(
        Move(start, _E.REVOKE, _S.REVOKED, _R.APPROVER, (REASON, DOCUMENT))
        for start in (_S.ISSUED, _S.PAID, _S.ARCHIVED)
    ),
    Move(_S.REVOKED, _E.RECOVER, _S.RECOVERED, _R.PAYER),
    Move(_S.DRAFT, _E.DISCARD, _S.DISCARDED, _R.CLERK),
)
_BY_START = {(move.start, move.event): move for move in MOVES}
UNDER_WAY = _UNDECIDED[1:]  # somebody has taken a step, and the letter is not out
FROZEN_STATES = _UNDECIDED[2:]  # the payee was reviewed with the award, and the letter is not out
ISSUED_STATES = (_S.ISSUED, _S.PAID, _S.ARCHIVED, _S.REVOKED, _S.RECOVERED)  # its letter has left the office
DEAD_STATES = (_S.VOIDED, _S.DISCARDED)  # the recognition may be awarded anew
MONEYLESS_STATES = (_S.VOIDED, _S.DISCARDED, _S.EXCLUDED)  # not in any sum
_WHAT = {AwardState: "奖励", RoundState: "批次"}

State = TypeVar("State", AwardState, RoundState)


def move(state: State, event: Event | str, staffed: bool = False) -> Move:
    """The row of the table for this event, or Refused with what is possible instead."""
    event = Event(event)
    found = _BY_START.get((state, event))
    if found and not (staffed and found.unstaffed_only):
        return found
    possible = "、".join(f"“{one.event.label}”" for one in moves_from(state, staffed))
    advice = f"只能{possible}" if possible else "不能再变更"
    raise Refused(f"{_WHAT[type(state)]}现为“{state.label}”，不能“{event.label}”，请先刷新核对（{advice}）。")


def moves_from(state: State, staffed: bool = False) -> tuple[Move, ...]:
    """What may happen next."""
    return tuple(one for one in MOVES if one.start is state and not (staffed and one.unstaffed_only))


def may_be_issued(staffed: bool) -> tuple[AwardState, ...]:
    """The states an award's letter is issued from."""
    return tuple(
        one.start for one in MOVES if one.event is Event.ISSUE and not (staffed and one.unstaffed_only)
    )


def transition(state: State, event: Event | str, staffed: bool = False) -> State:
    """The state after an event, or Refused with what is possible instead."""
    following: State = move(state, event, staffed).end
    return following
