"""The table of states as staff read it: drawn from `MOVES` for the help and the README, never written by hand."""

from collections.abc import Iterable
from enum import StrEnum

from zjtx_desktop.domain.states import MOVES, AwardState, Move, RoundState

_HEAD = ("现在的状态", "办理", "以后的状态", "岗位", "要写明", "不能是办过这些的人")
_ALONE = "{}（只有一名操作人的账簿）"


def markdown(kind: type[AwardState] | type[RoundState] = AwardState) -> str:
    """Every step of an award or of a round as a Markdown table, in the order of the process.

    What may be done alike from several states stands in one row.
    """
    rows = [_row(starts, one) for starts, one in _grouped(one for one in MOVES if isinstance(one.start, kind))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (_HEAD, ("---",) * len(_HEAD), *rows))


def _grouped(moves: Iterable[Move]) -> list[tuple[list[StrEnum], Move]]:
    """The moves that differ in nothing but where they start, each once."""
    groups: dict[tuple[object, ...], tuple[list[StrEnum], Move]] = {}
    for one in moves:
        alike = (one.event, one.end, one.role, one.needs, one.apart, one.unstaffed_only)
        groups.setdefault(alike, ([], one))[0].append(one.start)
    return list(groups.values())


def _row(starts: list[StrEnum], one: Move) -> tuple[str, ...]:
    label = one.event.label
    return (
        "、".join(_label(start) for start in starts),
        _ALONE.format(label) if one.unstaffed_only else label,
        _label(one.end),
        one.role.label,
        "、".join(one.needs),
        "、".join(each.label for each in one.apart),
    )


def _label(state: StrEnum) -> str:
    return state.label if isinstance(state, AwardState | RoundState) else str(state)
