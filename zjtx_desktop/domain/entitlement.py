"""The judgement: what one organisation's recognitions of a year entitle it to, with every reason. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from zjtx_desktop.domain.caps import Capped, Wanted, beneficiary, under_cap
from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.claims import (
    Claim,
    Entry,
    claims_of,
    highest_only,
    less_same_year,
    parts_of,
    reasons_of,
    takes_highest,
)
from zjtx_desktop.domain.facts import (
    Case,
    Decision,
    Earlier,
    Entitlement,
    Facts,
    ManualAmount,
    Part,
    Payer,
    Target,
    Verdict,
)
from zjtx_desktop.domain.findings import (
    Context,
    Effect,
    Finding,
    deciding_day,
    examine,
    recognition_key,
    rewarded_before,
    rules_in_force,
    settle,
)
from zjtx_desktop.domain.manual import Settled, floor_of, settle_manual
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.values import Money

__all__ = [
    "Case",
    "Decision",
    "Earlier",
    "Entitlement",
    "Facts",
    "ManualAmount",
    "Part",
    "Payer",
    "Verdict",
    "award_year",
    "judge",
]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A recognition on its way to a judgement."""

    case: Case
    day: date | None
    targets: tuple[Target, ...]
    findings: tuple[Finding, ...]
    claims: tuple[Claim, ...] = ()

    @property
    def facts(self) -> Facts:
        return self.case.facts

    @property
    def key(self) -> int:
        return self.case.key

    @property
    def paying(self) -> tuple[Target, ...]:
        """The treasuries whose part nothing forbids."""
        failed = [finding for finding in self.findings if finding.effect is Effect.FAIL]
        return tuple(one for one in self.targets if not any(f.concerns(frozenset((one,))) for f in failed))

    @property
    def verdict(self) -> Verdict:
        """What the findings come to, before any money is counted."""
        paying = frozenset(self.paying)
        if not paying:
            return Verdict.NONE
        open_ones = (finding for finding in self.findings if finding.effect in (Effect.WAIT, Effect.ASK))
        return Verdict.UNDECIDED if any(one.concerns(paying) for one in open_ones) else Verdict.AWARD


def award_year(facts: Facts, choices: Choices) -> int | None:
    """The year that a recognition counts for (当年), by the county's choice; None when its date is missing."""
    day = deciding_day(facts, choices)
    return day.year if day else None


def judge(
    cases: Sequence[Case],
    earlier: Sequence[Earlier],
    pack: Pack,
    choices: Choices,
    pending: Sequence[tuple[str, Facts]] = (),
) -> dict[int, Entitlement]:
    """Judge recognitions of one organisation together; the result does not depend on their order.

    `earlier` are the awards that stand already, under way and issued ones of the same round among them: they
    count with what is frozen with them and are not judged again. `pending` are recognitions of earlier years that
    are not judged yet, with their keys.
    """
    context = Context(tuple(earlier), pack, choices, Titles.load(), tuple(pending))
    drafts = [_examined(case, context) for case in sorted(cases, key=lambda case: case.key)]
    drafts = [
        replace(draft, claims=claims_of(draft.facts, draft.paying, context))
        if draft.verdict is Verdict.AWARD
        else draft
        for draft in _ask_about_twins(drafts, context)
    ]
    if any(takes_highest(target, context) for draft in drafts for target in draft.targets):
        drafts = _highest(drafts, context)
    owed = {draft.key: _owed(draft, context) for draft in drafts}
    wanted = (
        Wanted(draft.case, draft.day, owed[draft.key].settled.parts)
        for draft in drafts
        if draft.day and draft.verdict is Verdict.AWARD
    )
    capped = under_cap(tuple(wanted), context)
    return {
        draft.key: _entitlement(draft, owed[draft.key], capped.get(draft.key), context) for draft in drafts
    }


def _examined(case: Case, context: Context, more: Sequence[Finding] = ()) -> _Draft:
    findings = settle((*examine(case, context), *more), case.decisions)
    return _Draft(case, deciding_day(case.facts, context.choices), context.targets(case.facts), findings)


def _ask_about_twins(drafts: Sequence[_Draft], context: Context) -> list[_Draft]:
    """A second recognition of one title and level in a list needs a decision, like one rewarded before."""
    first: dict[tuple[str, Level], _Draft] = {}
    asked: dict[int, _Draft] = {}
    for draft in sorted(drafts, key=lambda draft: (draft.day or date.max, draft.key)):
        twin = first.get((draft.facts.title, draft.facts.level))
        if twin and draft.verdict is not Verdict.NONE:
            what, about = f"本批名单中{context.quoted(draft.facts)}不止一条认定。", frozenset((recognition_key(twin.key),))
            draft = _examined(draft.case, context, tuple(rewarded_before(what, draft.facts, context, about)))
        if draft.verdict is not Verdict.NONE:
            first.setdefault((draft.facts.title, draft.facts.level), draft)
        asked[draft.key] = draft
    return [asked[draft.key] for draft in drafts]


def _highest(drafts: Sequence[_Draft], context: Context) -> list[_Draft]:
    """Let the awards of one year compete per payer; what is still undecided is only named."""
    years = defaultdict(list)
    for draft in drafts:
        if draft.day:
            years[draft.day.year].append(draft)
    done = {draft.key: draft for draft in drafts}
    for year, group in years.items():
        awarded = (draft for draft in group if draft.verdict is Verdict.AWARD)
        entries = [Entry(draft.key, draft.facts, draft.claims) for draft in awarded]
        waiting = [context.quoted(draft.facts) for draft in group if draft.verdict is Verdict.UNDECIDED]
        for key, claims in highest_only(entries, context).items():
            kept = tuple(less_same_year(claim, done[key].facts, year, context) for claim in claims)
            findings = (*done[key].findings, *map(_may_change, waiting))
            done[key] = replace(done[key], claims=kept, findings=findings)
    return list(done.values())


def _may_change(name: str) -> Finding:
    return Finding(Effect.WARN, f"同年的{name}尚待决定，决定后就高的结果可能变化，请届时重新测算。")


@dataclass(frozen=True, slots=True)
class _Owed:
    """What a draft comes to before the cap: as the policy gives it, and as a person settled it."""

    by_policy: Money
    reasons: tuple[str, ...]
    settled: Settled


def _owed(draft: _Draft, context: Context) -> _Owed:
    """The claims shared among the treasuries, then the manual amounts; nothing for what is no award."""
    parts, shared = parts_of(draft.claims, draft.facts)
    reasons = (*reasons_of(draft.claims), *shared)
    by_policy = Money.total(part.amount for part in parts)
    if draft.verdict is not Verdict.AWARD:
        return _Owed(by_policy, reasons, Settled(()))
    settled = settle_manual(parts, draft.case.manual, draft.facts, context)
    return _Owed(by_policy, (*reasons, *settled.reasons), settled)


def _entitlement(draft: _Draft, owed: _Owed, cap: Capped | None, context: Context) -> Entitlement:
    unsaid = {Effect.WARN, Effect.ASK} if draft.verdict is Verdict.NONE else {Effect.WARN}
    reasons = [finding.text for finding in draft.findings if finding.effect not in unsaid]
    reasons += [*owed.reasons, *(cap.reasons if cap else ())]
    parts = cap.parts if cap else owed.settled.parts
    verdict = Verdict.NONE if draft.verdict is Verdict.AWARD and not parts else draft.verdict
    asked = _asked(draft, frozenset(draft.paying)) if verdict is Verdict.UNDECIDED else {}
    warned = (finding.text for finding in draft.findings if finding.effect is Effect.WARN)
    return Entitlement(
        verdict=verdict,
        award_year=draft.day.year if draft.day else None,
        parts=parts,
        reasons=tuple(reasons),
        warnings=(*warned, *owed.settled.warnings, *_below_the_floor(draft, parts, cap, context)),
        open_questions=tuple(asked),
        matched=tuple(rule.id for rule in rules_in_force(draft.facts, context)),
        by_policy=owed.by_policy if owed.settled.reasons else None,
        uncapped=cap.uncapped if cap else None,
        asked=asked,
    )


def _asked(draft: _Draft, paying: frozenset[Target]) -> dict[str, frozenset[str]]:
    """Of each open question everything that it is about."""
    asked: dict[str, frozenset[str]] = {}
    for finding in draft.findings:
        if finding.effect is Effect.ASK and finding.question and finding.concerns(paying):
            asked[finding.question] = asked.get(finding.question, frozenset()) | finding.about
    return asked


def _below_the_floor(
    draft: _Draft, parts: Sequence[Part], cap: Capped | None, context: Context
) -> tuple[str, ...]:
    """A warning where a county's own choice leaves the beneficiary treasuries paying less than the policy orders."""
    ours = [claim for claim in draft.claims if claim.payer is Payer.BENEFICIARY]
    cuts = [cut for claim in ours for cut in claim.cuts] + (["封顶"] if cap else [])
    floor, clause = floor_of(draft.facts, context)
    left = beneficiary(parts)
    if not cuts or left >= floor:
        return ()
    causes = "、".join(dict.fromkeys(cuts))
    return (
        f"按{causes}办理后，受益财政合计 {left} 元，低于文件的下限 {floor} 元（{clause}），请核对口径的依据。",
    )
