"""The closed tables of states: what an award and a round (年度批次) can become, and by which event."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from zjtx_desktop.errors import Refused


class AwardState(StrEnum):
    """Where an award stands."""

    DRAFT = "draft"
    ISSUED = "issued"
    VOIDED = "voided"
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

    ISSUE = "issue"
    VOID = "void"
    DISCARD = "discard"
    LOCK = "lock"
    COMPUTE = "compute"
    UNLOCK = "unlock"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return _LABELS[self]


_LABELS = {
    AwardState.DRAFT: "草稿",
    AwardState.ISSUED: "已下达",
    AwardState.VOIDED: "作废",
    AwardState.DISCARDED: "已删除",
    RoundState.OPEN: "登记中",
    RoundState.LOCKED: "已锁定",
    RoundState.COMPUTED: "已测算",
    Event.ISSUE: "下达",
    Event.VOID: "作废",
    Event.DISCARD: "删除",
    Event.LOCK: "锁定名单",
    Event.COMPUTE: "测算",
    Event.UNLOCK: "解锁名单",
}
_NEXT: Mapping[tuple[StrEnum, Event], Any] = {
    (AwardState.DRAFT, Event.ISSUE): AwardState.ISSUED,
    (AwardState.DRAFT, Event.DISCARD): AwardState.DISCARDED,
    (AwardState.ISSUED, Event.VOID): AwardState.VOIDED,
    (RoundState.OPEN, Event.LOCK): RoundState.LOCKED,
    (RoundState.LOCKED, Event.COMPUTE): RoundState.COMPUTED,
    (RoundState.COMPUTED, Event.COMPUTE): RoundState.COMPUTED,  # computing again is harmless (B54)
    (RoundState.LOCKED, Event.UNLOCK): RoundState.OPEN,
    (RoundState.COMPUTED, Event.UNLOCK): RoundState.OPEN,
}
_WHAT = {AwardState: "奖励", RoundState: "批次"}

State = TypeVar("State", AwardState, RoundState)


def transition(state: State, event: Event | str) -> State:
    """The state after an event, or Refused with what is possible instead."""
    event = Event(event)
    following: State | None = _NEXT.get((state, event))
    if following:
        return following
    possible = "、".join(f"“{one.label}”" for start, one in _NEXT if start is state)
    advice = f"只能{possible}" if possible else "不能再变更"
    raise Refused(f"{_WHAT[type(state)]}现为“{state.label}”，不能“{event.label}”，请先刷新核对（{advice}）。")
