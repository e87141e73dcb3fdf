"""人工核定: a person sets another amount for one treasury's part; taken only where the floor allows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from zjtx_desktop.domain.facts import Facts, ManualAmount, Part, Payer
from zjtx_desktop.domain.findings import Context, deciding_day, rules_in_force
from zjtx_desktop.domain.policy import Clause
from zjtx_desktop.values import ZERO, Money

MARK = "人工核定"


@dataclass(frozen=True, slots=True)
class Settled:
    """The parts after the manual amounts, with a sentence for each one taken and for each that was not."""

    parts: tuple[Part, ...]
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def settle_manual(
    parts: Sequence[Part], manual: Sequence[ManualAmount], facts: Facts, context: Context
) -> Settled:
    """Put the manual amounts in the place of those of the same treasury.

    None is taken that stands for no part, is nothing, or leaves the beneficiary treasuries together below
    the floor of the policy, or below what the policy itself gives where that is less.
    """
    amounts = {(one.payer, one.treasury): one for one in manual}
    known = {(part.payer, part.treasury) for part in parts}
    strange = [one for key, one in amounts.items() if key not in known or one.amount <= ZERO]
    warnings = [f"{_told(one)}没有对应的奖励金额，未采用，请核对。" for one in strange]
    taken = {key: one for key, one in amounts.items() if one not in strange}
    floor, clause = floor_of(facts, context)
    least = min(floor, _beneficiary(parts))
    settled = tuple(_settled(part, taken) for part in parts)
    if _beneficiary(settled) < least:
        low = [one for one in taken.values() if one.payer is Payer.BENEFICIARY]
        told = f"受益财政合计 {_beneficiary(settled)} 元，低于下限 {least} 元（{clause}）"
        warnings += [f"{_told(one)}后，{told}，未采用，请核对。" for one in low]
        taken = {key: one for key, one in taken.items() if one not in low}
        settled = tuple(_settled(part, taken) for part in parts)
    reasons = [_reason(part, one) for part in parts if (one := taken.get((part.payer, part.treasury)))]
    return Settled(settled, tuple(reasons), tuple(warnings))


def _settled(part: Part, taken: dict[tuple[Payer, object], ManualAmount]) -> Part:
    one = taken.get((part.payer, part.treasury))
    return replace(part, amount=one.amount, clause=f"{part.clause}，{MARK}") if one else part


def _reason(part: Part, one: ManualAmount) -> str:
    by = f"；核定人：{one.by}" if one.by else ""
    return (
        f"{MARK}：{part.treasury}（{part.payer.label}）按政策测算 {part.amount} 元，核定为 {one.amount} 元"
        f"（理由：{one.reason}；依据：{one.document}{by}）。"
    )


def _told(one: ManualAmount) -> str:
    return f"{one.treasury}（{one.payer.label}）{MARK}为 {one.amount} 元"


def floor_of(facts: Facts, context: Context) -> tuple[Money, Clause]:
    """What the policy orders of the beneficiary treasuries at least, and where; nothing where no floor is in force."""
    day = deciding_day(facts, context.choices)
    floors = [
        (rule.money(amount), amount.clause)
        for rule in rules_in_force(facts, context)
        if rule.kind == "floor" and day and (amount := rule.amount_on(day))
    ]
    return max(floors, key=lambda floor: floor[0], default=(ZERO, context.clause(facts)))


def _beneficiary(parts: Iterable[Part]) -> Money:
    return Money.total(part.amount for part in parts if part.payer is Payer.BENEFICIARY)
