"""The money of a recognition: what each rule gives, less what the ladder and 就高不重复 take."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from zjtx_desktop.domain.facts import Earlier, Facts, Part, Payer
from zjtx_desktop.domain.findings import Context, deciding_day, rules_in_force
from zjtx_desktop.domain.policy import Amount, Rule
from zjtx_desktop.domain.shares import allot, odd_fen
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.values import ZERO, Division, Money, format_shares


@dataclass(frozen=True, slots=True)
class Claim:
    """What one rule gives, before it is shared among treasuries, and how it came about."""

    rule: Rule
    amount: Money
    clause: str
    reasons: tuple[str, ...]

    @property
    def payer(self) -> Payer:
        """Whose budget pays."""
        return self.rule.payer

    def less(self, amount: Money, reason: str) -> "Claim":
        """The claim reduced, never below zero, with the reason added."""
        return replace(self, amount=max(self.amount - amount, ZERO), reasons=(*self.reasons, reason))


def claims_of(facts: Facts, context: Context) -> tuple[Claim, ...]:
    """What the rules in force give for one recognition, the ladder already applied."""
    own_review = facts.kind is Kind.REVIEW and context.choice("re_review") == "own_amount"
    give = _own_review if own_review else _by_rule
    found = (give(rule, facts, context) for rule in rules_in_force(facts, context))
    return tuple(_ladder(claim, facts, context) for claim in found if claim)


def _by_rule(rule: Rule, facts: Facts, context: Context) -> Claim | None:
    day = deciding_day(facts, context.choices)
    amount = day and rule.amount_on(day)
    return _GIVES[rule.kind](rule, amount, facts, context) if amount else None


def _fixed(rule: Rule, amount: Amount, facts: Facts, context: Context) -> Claim:
    money = rule.money(amount)
    text = f"{_recognised(facts, context)}，{rule.payer.label}奖励 {money.wan} 万元，从{rule.fund}安排"
    return Claim(rule, money, str(amount.clause), (f"{text}（{amount.clause}）。",))


def _floor(rule: Rule, amount: Amount, facts: Facts, context: Context) -> Claim:
    """The floor, or what the county pays above it."""
    floor = rule.money(amount)
    text = f"{_recognised(facts, context)}，{rule.payer.label}奖励不低于 {floor.wan} 万元"
    own = context.choices.county_amount(facts.title, facts.level)
    if own is None:
        return Claim(
            rule, floor, str(amount.clause), (f"{text}，按 {floor.wan} 万元奖励（{amount.clause}）。",)
        )
    money = max(rule.round(own.amount), floor)
    rounded = "" if rule.round(own.amount) == own.amount else f"（取整到{rule.rounding.unit}）"
    text = f"{text}，本地标准 {own.amount.wan} 万元，按 {money.wan} 万元奖励{rounded}"
    return Claim(rule, money, str(amount.clause), (f"{text}（依据：{own.basis}；{amount.clause}）。",))


def _own_review(rule: Rule, facts: Facts, context: Context) -> Claim | None:
    """A passed re-review at the county's own amount; the county cannot bind the other payer."""
    own = context.choices.review_amount(facts.title, facts.level)
    if own is None or rule.payer is not Payer.BENEFICIARY:
        return None
    money = rule.round(own.amount)
    text = f"{context.quoted(facts)}复核通过，按本地复核标准奖励 {money.wan} 万元，不计市级奖励"
    return Claim(rule, money, str(context.clause(facts)), (f"{text}（依据：{own.basis}）。",))


_GIVES: dict[str, Callable[[Rule, Amount, Facts, Context], Claim]] = {"floor": _floor, "fixed": _fixed}


def _recognised(facts: Facts, context: Context) -> str:
    day = deciding_day(facts, context.choices)
    return f"{day.year if day else ''} 年认定为{context.name(facts)}"


def _ladder(claim: Claim, facts: Facts, context: Context) -> Claim:
    """A national award after an earlier year's provincial one of the title: full, or the difference."""
    if facts.level is not Level.NATIONAL:
        return claim
    day = deciding_day(facts, context.choices)
    before = [
        one
        for one in context.earlier
        if (one.title, one.level) == (facts.title, Level.PROVINCIAL)
        and day
        and one.award_year < day.year
        and one.paid(claim.payer)
    ]
    if not before:
        return claim
    paid = Money.total(one.paid(claim.payer) for one in before)
    text = f"{claim.payer.label}以前已奖励 {paid.wan} 万元：{_sources(before, context)}；"
    text += f"先省级后国家级，{context.silent('ladder')}"
    return claim.less(paid if context.choice("ladder") == "difference" else ZERO, text)


@dataclass(frozen=True, slots=True)
class Entry:
    """One recognition among those that compete under 就高不重复."""

    key: int
    facts: Facts
    claims: tuple[Claim, ...]


def highest_only(entries: Sequence[Entry], context: Context) -> dict[int, tuple[Claim, ...]]:
    """Per payer only the highest claim of one year keeps its money; the others name the winner."""
    rivals: dict[Payer, list[tuple[Entry, Claim]]] = defaultdict(list)
    for entry in entries:
        for claim in entry.claims:
            rivals[claim.payer].append((entry, claim))
    winners = {
        payer: min(some, key=lambda rival: _rank(rival[0], rival[1], context))
        for payer, some in rivals.items()
    }
    return {
        entry.key: tuple(_kept(entry, claim, *winners[claim.payer], context) for claim in entry.claims)
        for entry in entries
    }


def _rank(entry: Entry, claim: Claim, context: Context) -> tuple[int, bool, int, int]:
    """Highest amount first, then national before provincial, then the order of titles, then the key."""
    order = context.titles.order(entry.facts.title)
    return -claim.amount.fen, entry.facts.level is not Level.NATIONAL, order, entry.key


def _kept(entry: Entry, claim: Claim, best: Entry, top: Claim, context: Context) -> Claim:
    if best.key == entry.key:
        return claim
    text = (
        f"{claim.payer.label}部分同年已按{context.quoted(best.facts)}计 {top.amount.wan} 万元，本项不再计；"
    )
    return claim.less(claim.amount, f"{text}同年多个称号，{context.silent('several_titles')}")


def less_same_year(claim: Claim, year: int, context: Context) -> Claim:
    """Under 就高不重复, what another round of the same year has granted already is not paid again."""
    before = [one for one in context.earlier if one.award_year == year and one.paid(claim.payer)]
    if not before:
        return claim
    paid = Money.total(one.paid(claim.payer) for one in before)
    text = f"{claim.payer.label}同年已另奖励 {paid.wan} 万元：{_sources(before, context)}，只计高出部分；"
    return claim.less(paid, f"{text}同年多个称号，{context.silent('several_titles')}")


def _sources(earlier: Iterable[Earlier], context: Context) -> str:
    return "、".join(f"{one.award_year} 年{context.quoted(one)}（来源：{one.source}）" for one in earlier)


def parts_of(claim: Claim, facts: Facts) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The claim as one part per treasury that owes anything, and the sentence on how it was shared."""
    if claim.payer is Payer.MUNICIPAL:
        return _parts(claim, ((_city(), claim.amount),)), ()
    allotted = allot(claim.amount, facts.shares)
    if len(facts.shares) < 2 or not claim.amount:
        return _parts(claim, allotted), ()
    listed = "，".join(f"{division} {money} 元" for division, money in allotted)
    odd = odd_fen(claim.amount, facts.shares)
    rest = f"，除不尽的尾差各 1 分由{'、'.join(map(str, odd))}承担" if odd else ""
    basis = facts.shares_basis or "未登记依据"
    text = f"受益财政部分 {claim.amount} 元按{format_shares(facts.shares)}分担：{listed}{rest}（依据：{basis}）。"
    return _parts(claim, allotted), (text,)


def _parts(claim: Claim, allotted: Iterable[tuple[Division, Money]]) -> tuple[Part, ...]:
    return tuple(
        Part(claim.payer, treasury, amount, claim.rule.id, claim.clause)
        for treasury, amount in allotted
        if amount
    )


@cache
def _city() -> Division:
    return next(division for division in Division.all() if division.is_city)
