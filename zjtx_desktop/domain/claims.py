"""The money of a recognition: what each rule gives, less what the ladder and 就高不重复 take.

A claim is what one treasury would owe alone. Where several share the beneficiary part, each owes its share of its
own claim: a county's amount and choices bind its own treasury only.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from zjtx_desktop.domain.facts import Earlier, Facts, Part, Payer, Target
from zjtx_desktop.domain.findings import Context, deciding_day, is_lower, rules_in_force
from zjtx_desktop.domain.policy import Amount, Rule
from zjtx_desktop.domain.shares import allot, odd_fen
from zjtx_desktop.domain.switches import LADDER_FULL
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.values import ZERO, Division, Money, format_shares

LADDER_CUT, HIGHEST_CUT = "补差", "就高"


@dataclass(frozen=True, slots=True)
class Claim:
    """What one rule asks of one treasury before it is shared, how it came about, and what has cut it.

    `standard` is what the rule or the county gives, `amount` what is left of it. `off` is taken off the treasury's
    own share of that: what it has paid itself.
    """

    rule: Rule
    target: Target
    standard: Money
    amount: Money
    clause: str
    reasons: tuple[str, ...]
    cuts: tuple[str, ...] = ()
    off: Money = ZERO

    @property
    def payer(self) -> Payer:
        """Whose budget pays."""
        return self.rule.payer

    def less(self, amount: Money, reason: str, cut: str, off: Money = ZERO) -> "Claim":
        """The claim reduced, never below zero, with the reason added."""
        left = max(self.amount - amount, ZERO)
        cuts = (*self.cuts, cut) if left < self.amount or off else self.cuts
        return replace(self, amount=left, reasons=(*self.reasons, reason), cuts=cuts, off=self.off + off)


def claims_of(facts: Facts, targets: Iterable[Target], context: Context) -> tuple[Claim, ...]:
    """What the rules in force give for one recognition at these treasuries' cost, the ladder already applied."""
    wanted = tuple(targets)
    found = (
        _given(rule, target, facts, context)
        for rule in rules_in_force(facts, context)
        for target in wanted
        if target.payer is rule.payer
    )
    return tuple(_ladder(claim, facts, context) for claim in found if claim)


def _given(rule: Rule, target: Target, facts: Facts, context: Context) -> Claim | None:
    if facts.kind is Kind.REVIEW and context.choice("re_review", target) == "own_amount":
        if rule.payer is Payer.BENEFICIARY:
            return _own_review(rule, target, facts, context)
    day = deciding_day(facts, context.choices)
    amount = day and rule.amount_on(day)
    return _GIVES[rule.kind](rule, target, amount, facts, context) if amount else None


def _fixed(rule: Rule, target: Target, amount: Amount, facts: Facts, context: Context) -> Claim:
    money = rule.money(amount)
    text = f"{_recognised(facts, context)}，{rule.payer.label}奖励 {money.wan} 万元，从{rule.fund}安排"
    return Claim(rule, target, money, money, str(amount.clause), (f"{text}（{amount.clause}）。",))


def _floor(rule: Rule, target: Target, amount: Amount, facts: Facts, context: Context) -> Claim:
    """The floor, or what the county pays above it."""
    floor = rule.money(amount)
    text = f"{_recognised(facts, context)}，{rule.payer.label}奖励不低于 {floor.wan} 万元"
    own = context.choices.county_amount(facts.title, facts.level, target.treasury)
    if own is None:
        said = f"{text}，按 {floor.wan} 万元奖励（{amount.clause}）。"
        return Claim(rule, target, floor, floor, str(amount.clause), (said,))
    money = max(rule.round(own.amount), floor)
    rounded = "" if rule.round(own.amount) == own.amount else f"（取整到{rule.rounding.unit}）"
    text = f"{text}，本地标准 {own.amount.wan} 万元，按 {money.wan} 万元奖励{rounded}"
    said = f"{text}（依据：{own.basis}；{amount.clause}）。"
    return Claim(rule, target, money, money, str(amount.clause), (said,))


def _own_review(rule: Rule, target: Target, facts: Facts, context: Context) -> Claim | None:
    """A passed re-review at the county's own amount."""
    own = context.choices.review_amount(facts.title, facts.level, target.treasury)
    if own is None:
        return None
    money = rule.round(own.amount)
    text = f"{context.quoted(facts)}复核通过，受益财政按本地复核标准奖励 {money.wan} 万元"
    return Claim(rule, target, money, money, str(context.clause(facts)), (f"{text}（依据：{own.basis}）。",))


_GIVES: dict[str, Callable[[Rule, Target, Amount, Facts, Context], Claim]] = {"floor": _floor, "fixed": _fixed}


def _recognised(facts: Facts, context: Context) -> str:
    day = deciding_day(facts, context.choices)
    return f"{day.year if day else ''} 年认定为{context.name(facts)}"


def _ladder(claim: Claim, facts: Facts, context: Context) -> Claim:
    """An award after an earlier year's lower one: full, or the difference to what was really paid then."""
    day, answer = deciding_day(facts, context.choices), context.choice("ladder", claim.target)
    before = [
        one
        for one in context.earlier
        if day
        and one.award_year < day.year
        and is_lower(one, facts, answer, context.titles)
        and one.paid(claim.payer)
    ]
    if not before:
        return claim
    whole, own = _paid(before, claim, facts)
    text = f"{_whose(claim, own)}以前已奖励 {(whole + own).wan} 万元：{_sources(before, context)}；"
    text += f"先省级后国家级，{context.silent('ladder', claim.target)}"
    if answer == LADDER_FULL:
        whole = own = ZERO
    return claim.less(whole, text, LADDER_CUT, own)


def _paid(before: Iterable[Earlier], claim: Claim, facts: Facts) -> tuple[Money, Money]:
    """What earlier awards take off a claim: off the whole standard, and off the treasury's own share of it.

    Of a part that several treasuries share each counts what it paid itself, where that is recorded.
    """
    whole = own = ZERO
    for one in before:
        if claim.payer is Payer.BENEFICIARY and len(facts.shares) > 1 and one.by_treasury:
            own += one.by_treasury.get(_known(claim), ZERO)
        else:
            whole += one.paid(claim.payer)
    return whole, own


def _whose(claim: Claim, own: Money) -> str:
    return claim.target.name if own else claim.payer.label


@dataclass(frozen=True, slots=True)
class Entry:
    """One recognition among those that compete under 就高不重复."""

    key: int
    facts: Facts
    claims: tuple[Claim, ...]


def takes_highest(target: Target, context: Context) -> bool:
    """Whether the treasury pays only the highest of several titles of a year."""
    return context.choice("several_titles", target) == "highest"


def highest_only(entries: Sequence[Entry], context: Context) -> dict[int, tuple[Claim, ...]]:
    """Of each treasury that takes the highest only that claim of one year keeps its money; others name the winner."""
    rivals: dict[Target, list[tuple[Entry, Claim]]] = defaultdict(list)
    for entry in entries:
        for claim in entry.claims:
            if takes_highest(claim.target, context):
                rivals[claim.target].append((entry, claim))
    winners = {
        target: min(some, key=lambda rival: _rank(rival[0], rival[1], context))
        for target, some in rivals.items()
    }
    return {
        entry.key: tuple(
            _kept(entry, claim, *winners[claim.target], context) if claim.target in winners else claim
            for claim in entry.claims
        )
        for entry in entries
    }


def _rank(entry: Entry, claim: Claim, context: Context) -> tuple[int, bool, int, int]:
    """What the treasury would pay alone, highest first; then national, then the order of titles, then the key."""
    order = context.titles.order(entry.facts.title)
    return -_share_of(claim, ZERO, entry.facts).fen, entry.facts.level is not Level.NATIONAL, order, entry.key


def _kept(entry: Entry, claim: Claim, best: Entry, top: Claim, context: Context) -> Claim:
    if best.key == entry.key:
        return claim
    text = (
        f"{claim.payer.label}部分同年已按{context.quoted(best.facts)}计 {top.amount.wan} 万元，本项不再计；"
    )
    text += f"同年多个称号，{context.silent('several_titles', claim.target)}"
    return claim.less(claim.amount, text, HIGHEST_CUT)


def less_same_year(claim: Claim, facts: Facts, year: int, context: Context) -> Claim:
    """Under 就高不重复, what was granted already for the same year is not paid again."""
    before = [one for one in context.earlier if one.award_year == year and one.paid(claim.payer)]
    if not before or not claim.amount or not takes_highest(claim.target, context):
        return claim
    whole, own = _paid(before, claim, facts)
    text = f"{_whose(claim, own)}同年已另奖励 {(whole + own).wan} 万元：{_sources(before, context)}，只计高出部分；"
    text += f"同年多个称号，{context.silent('several_titles', claim.target)}"
    return claim.less(whole, text, HIGHEST_CUT, own)


def _sources(earlier: Iterable[Earlier], context: Context) -> str:
    return "、".join(f"{one.award_year} 年{context.quoted(one)}（来源：{one.source}）" for one in earlier)


def reasons_of(claims: Sequence[Claim]) -> tuple[str, ...]:
    """The reasons of claims, once where the treasuries that share a part have them in common."""
    told: list[str] = []
    for payer in Payer:
        some = [claim for claim in claims if claim.payer is payer]
        if len({claim.reasons for claim in some}) < 2:
            told += some[0].reasons if some else ()
            continue
        told += [f"{claim.target.name}：{reason}" for claim in some for reason in claim.reasons]
    return tuple(told)


def parts_of(claims: Sequence[Claim], facts: Facts) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The claims as one part per treasury that owes anything, and the sentences on how they were shared and cut."""
    least = min((claim.amount for claim in claims if claim.payer is Payer.BENEFICIARY), default=ZERO)
    owed = [(claim, _share_of(claim, least, facts)) for claim in claims]
    parts = tuple(
        Part(claim.payer, claim.target.treasury, amount, claim.rule.id, claim.clause)
        for claim, amount in owed
        if amount and claim.target.treasury
    )
    ours = [(claim, amount) for claim, amount in owed if claim.payer is Payer.BENEFICIARY]
    told = _shared(ours, facts) if len(facts.shares) > 1 else ()
    left = (_left(payer, [one for one in owed if one[0].payer is payer]) for payer in Payer)
    return parts, (*filter(None, left), *told)


def _left(payer: Payer, owed: Sequence[tuple[Claim, Money]]) -> str:
    """What a payer owes after all, where something was taken off the standard."""
    if not any(claim.cuts for claim, _ in owed):
        return ""
    total, sums = Money.total(amount for _, amount in owed), {(claim.standard, claim.amount) for claim, _ in owed}
    how = "".join(
        f"（标准 {standard.wan} 万元，扣减 {(standard - amount).wan} 万元）"
        for standard, amount in sums
        if len(sums) == 1 and not any(claim.off for claim, _ in owed)
    )
    return f"{payer.label}部分应付 {total if total else 0} 元{how}。"


def _share_of(claim: Claim, least: Money, facts: Facts) -> Money:
    """What the treasury owes of its claim: its share, and never less than it would owe of the lowest claim."""
    if claim.payer is Payer.MUNICIPAL or len(facts.shares) < 2:
        return claim.amount
    share = max(dict(allot(amount, facts.shares))[_known(claim)] for amount in (claim.amount, least))
    return max(share - claim.off, ZERO)


def _known(claim: Claim) -> Division:
    assert claim.target.treasury is not None  # a part that is shared has treasuries
    return claim.target.treasury


def _shared(owed: Sequence[tuple[Claim, Money]], facts: Facts) -> tuple[str, ...]:
    """How the beneficiary part is shared: one sum by the shares, or each treasury's share of its own standard."""
    if not any(claim.amount for claim, _ in owed):
        return ()
    basis = facts.shares_basis or "未登记依据"
    by_shares = f"按{format_shares(facts.shares)}分担"
    listed = "，".join(f"{_known(claim)} {amount} 元" for claim, amount in owed)
    amounts = {claim.amount for claim, _ in owed}
    if len(owed) == len(facts.shares) and len(amounts) == 1 and not any(claim.off for claim, _ in owed):
        (amount,) = amounts
        odd = odd_fen(amount, facts.shares)
        rest = f"，除不尽的尾差各 1 分由{'、'.join(map(str, odd))}承担" if odd else ""
        return (f"受益财政部分 {amount} 元{by_shares}：{listed}{rest}（依据：{basis}）。",)
    each = "，".join(f"{_known(claim)}为 {claim.amount} 元" for claim, _ in owed)
    return (f"受益财政部分{by_shares}，各财政按自己的标准计（{each}）：{listed}（依据：{basis}）。",)
