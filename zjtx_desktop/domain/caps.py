"""封顶: what a county's treasury pays one organisation for one year at most, where the county has set that.

It binds the county's own treasury alone. The municipal part is ordered by the policy: neither counted nor reduced.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from zjtx_desktop.domain.choices import Answers
from zjtx_desktop.domain.facts import Case, Earlier, Part, Payer, Target
from zjtx_desktop.domain.findings import Context
from zjtx_desktop.domain.shares import in_proportion
from zjtx_desktop.domain.switches import YEARLY_CAP
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.values import ZERO, Division, Money


@dataclass(frozen=True, slots=True)
class Wanted:
    """An award before the cap: the recognition, the day that fixes its year, what each treasury would pay."""

    case: Case
    day: date
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Capped:
    """What is left of an award under the cap: its parts, the beneficiary part before, and the sentences on it."""

    parts: tuple[Part, ...]
    uncapped: Money
    reasons: tuple[str, ...]


def beneficiary(parts: Iterable[Part]) -> Money:
    """What the beneficiary treasuries pay of these parts."""
    return Money.total(part.amount for part in parts if part.payer is Payer.BENEFICIARY)


def under_cap(wanted: Sequence[Wanted], context: Context) -> dict[int, Capped]:
    """Of the awards of one organisation those that a cap reduces, by key; nothing where no cap is set.

    What was granted before has its money already; of the others the one recognised first comes first.
    """
    treasuries = {part.treasury for one in wanted for part in one.parts if part.payer is Payer.BENEFICIARY}
    sides = {side.cap_owner: side for side in (_side(treasury, context) for treasury in sorted(treasuries)) if side.cap}
    parts = {one.case.key: one.parts for one in wanted}
    reasons: dict[int, list[str]] = {}
    for side in sides.values():
        ours = frozenset(treasury for treasury in treasuries if _side(treasury, context).cap_owner == side.cap_owner)
        for key, (left, reason) in _under_one(wanted, parts, side, ours, context).items():
            parts[key] = left
            reasons.setdefault(key, []).append(reason)
    return {
        one.case.key: Capped(parts[one.case.key], beneficiary(one.parts), tuple(reasons[one.case.key]))
        for one in wanted
        if one.case.key in reasons
    }


def _side(treasury: Division, context: Context) -> Answers:
    return context.answers(Target(Payer.BENEFICIARY, treasury))


def _under_one(
    wanted: Sequence[Wanted],
    parts: dict[int, tuple[Part, ...]],
    side: Answers,
    ours: frozenset[Division],
    context: Context,
) -> dict[int, tuple[tuple[Part, ...], str]]:
    """The awards that one county's cap reduces, each with what is left of its parts and the sentence."""
    reduced: dict[int, tuple[tuple[Part, ...], str]] = {}
    for year in sorted({one.day.year for one in wanted}):
        group = [one for one in wanted if one.day.year == year]
        spent = Money.total(_spent(one, side, context) for one in context.earlier if one.award_year == year)
        for one in sorted(group, key=lambda one: _turn(one, context)):
            mine = [part for part in parts[one.case.key] if _is_ours(part, ours)]
            asked, room = beneficiary(mine), max((side.cap or ZERO) - spent, ZERO)
            if asked > room:
                reduced[one.case.key] = _reduced(one, parts[one.case.key], mine, (room, spent), side, context)
            spent += min(asked, room)
    return reduced


def _spent(one: Earlier, side: Answers, context: Context) -> Money:
    """What an earlier award took of the cap: the parts of the treasuries that it binds; all of it where none is known."""
    if not one.by_treasury:
        return one.beneficiary
    bound = (treasury for treasury in one.by_treasury if _side(treasury, context).cap_owner == side.cap_owner)
    return Money.total(one.by_treasury[treasury] for treasury in bound)


def _is_ours(part: Part, ours: frozenset[Division]) -> bool:
    return part.payer is Payer.BENEFICIARY and part.treasury in ours


def _turn(one: Wanted, context: Context) -> tuple[date, bool, int, int]:
    facts = one.case.facts
    return one.day, facts.level is not Level.NATIONAL, context.titles.order(facts.title), one.case.key


def _reduced(
    one: Wanted,
    parts: tuple[Part, ...],
    mine: Sequence[Part],
    sums: tuple[Money, Money],
    side: Answers,
    context: Context,
) -> tuple[tuple[Part, ...], str]:
    room, spent = sums
    cap, before = side.cap or ZERO, beneficiary(mine)
    left = in_proportion(room, [part.amount for part in mine])
    amounts = dict(zip(map(id, mine), left, strict=True))
    whole = tuple(replace(part, amount=amounts.get(id(part), part.amount)) for part in parts)
    counted = f"同年其他奖励已计 {spent.wan} 万元，" if spent else ""
    named = [f"{part.treasury} {amounts[id(part)]} 元" for part in mine]
    shared = f"：{'，'.join(named)}" if len(named) > 1 and room else ""
    whose = f"{mine[0].treasury}" if len(parts) > len(mine) and side.cap_owner else "受益财政"
    text = (
        f"封顶：{whose}对一家企业 {one.day.year} 年最多奖励 {cap.wan} 万元，{counted}"
        f"本项由 {before.wan} 万元减为 {room.wan} 万元{shared}；"
        f"{context.silent(YEARLY_CAP, Target(Payer.BENEFICIARY, mine[0].treasury))}"
    )
    return tuple(part for part in whole if part.amount), text
