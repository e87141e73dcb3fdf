"""封顶: what the beneficiary treasuries pay one organisation for one year at most, where a county has set that.

The municipal part is ordered by the policy: it is neither counted nor reduced.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from zjtx_desktop.domain.facts import Case, Part, Payer
from zjtx_desktop.domain.findings import Context
from zjtx_desktop.domain.shares import in_proportion
from zjtx_desktop.domain.switches import YEARLY_CAP
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.values import ZERO, Money


@dataclass(frozen=True, slots=True)
class Wanted:
    """An award before the cap: the recognition, the day that fixes its year, what each treasury would pay."""

    case: Case
    day: date
    parts: tuple[Part, ...]

    @property
    def beneficiary(self) -> Money:
        """What the cap counts."""
        return Money.total(part.amount for part in self.parts if part.payer is Payer.BENEFICIARY)


@dataclass(frozen=True, slots=True)
class Capped:
    """What is left of an award under the cap: its parts, what it was before, and the sentence on it."""

    parts: tuple[Part, ...]
    uncapped: Money
    reason: str


def under_cap(wanted: Sequence[Wanted], context: Context) -> dict[int, Capped]:
    """Of the awards of one organisation those that the cap reduces, by key; nothing where no cap is set.

    Awards that are more than drafts, and those of other rounds and 历史, have their money already; of the
    others the one recognised first comes first.
    """
    cap = context.choices.cap
    if cap is None:
        return {}
    reduced: dict[int, Capped] = {}
    for year in sorted({one.day.year for one in wanted}):
        group = [one for one in wanted if one.day.year == year]
        spent = Money.total(one.beneficiary for one in context.earlier if one.award_year == year)
        spent += Money.total(one.case.held for one in group if one.case.held is not None)
        waiting = [one for one in group if one.case.held is None]
        for one in sorted(waiting, key=lambda one: _turn(one, context)):
            room = max(cap - spent, ZERO)
            if one.beneficiary > room:
                reduced[one.case.key] = _reduced(one, room, spent, cap, context)
            spent += min(one.beneficiary, room)
    return reduced


def _turn(one: Wanted, context: Context) -> tuple[date, bool, int, int]:
    facts = one.case.facts
    return one.day, facts.level is not Level.NATIONAL, context.titles.order(facts.title), one.case.key


def _reduced(one: Wanted, room: Money, spent: Money, cap: Money, context: Context) -> Capped:
    ours = [part for part in one.parts if part.payer is Payer.BENEFICIARY]
    left = in_proportion(room, [part.amount for part in ours])
    amounts = dict(zip(map(id, ours), left, strict=True))
    parts = tuple(replace(part, amount=amounts.get(id(part), part.amount)) for part in one.parts)
    before = f"同年其他奖励已计 {spent.wan} 万元，" if spent else ""
    named = [f"{part.treasury} {part.amount} 元" for part in parts if part.payer is Payer.BENEFICIARY]
    shared = f"：{'，'.join(named)}" if len(named) > 1 and room else ""
    text = (
        f"封顶：受益财政对一家企业 {one.day.year} 年最多奖励 {cap.wan} 万元，{before}"
        f"本项由 {one.beneficiary.wan} 万元减为 {room.wan} 万元{shared}；{context.silent(YEARLY_CAP)}"
    )
    return Capped(tuple(part for part in parts if part.amount), one.beneficiary, text)
