"""What is found on one recognition before any money: every condition speaks, none stops the others.

Where the policy is silent, what is found may hold for the part of one treasury and not for that of another: a
county's choice binds its own treasury alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

from zjtx_desktop.domain.choices import Answers, Choices
from zjtx_desktop.domain.facts import Case, Decision, Earlier, Facts, Payer, Target
from zjtx_desktop.domain.policy import Clause, Pack, Rule
from zjtx_desktop.domain.switches import (
    BEFORE_ISSUED,
    LADDER_FULL,
    LADDER_WHOLE,
    MERGED_TITLE,
    NO_DATE,
    UNASKED,
)
from zjtx_desktop.domain.titles import Kind, Level, Titles, Weight
from zjtx_desktop.values import Division

AGAIN, REWARDED_BEFORE, EARLIER_YEARS = "again", "rewarded_before", "earlier_years"
NOT_CONFIRMED = "还没有人确认"
QUESTIONS = {EARLIER_YEARS: "以前年度还没有测算，或者测算在后"}  # those that are no switch of a pack


class Effect(Enum):
    """What a finding does to the judgement."""

    FAIL = auto()
    WAIT = auto()
    ASK = auto()
    NOTE = auto()
    WARN = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """One Chinese sentence and its effect; one that asks names the question a Decision answers.

    It holds for the parts of `targets`, or for the whole recognition where there are none. `about` are the keys of the
    awards and recognitions that it speaks of.
    """

    effect: Effect
    text: str
    question: str | None = None
    targets: frozenset[Target] | None = None
    about: frozenset[str] = frozenset()

    def concerns(self, targets: frozenset[Target]) -> bool:
        """Whether it holds for the part of any of these."""
        return self.targets is None or bool(self.targets & targets)


@dataclass(frozen=True, slots=True)
class Side:
    """The treasuries whose sides answer a switch alike: the answer, whose parts it decides, and the sentence on it.

    `targets` is None when all of a recognition answer alike; then `whose` is empty.
    """

    answer: str
    targets: frozenset[Target] | None
    whose: str
    silent: str


@dataclass(frozen=True, slots=True)
class Context:
    """All that a judgement rests on besides the recognition itself.

    `pending` are recognitions of the organisation that no round has judged yet, or not to an end, with their keys.
    """

    earlier: tuple[Earlier, ...]
    pack: Pack
    choices: Choices
    titles: Titles
    pending: tuple[tuple[str, Facts], ...] = ()

    def answers(self, target: Target) -> Answers:
        """How the side of a treasury answers what the policy leaves open."""
        return self.choices.answers(target)

    def choice(self, switch: str, target: Target) -> str:
        """The value of a switch for the part of one treasury."""
        return self.answers(target).switches.get(switch, UNASKED.get(switch, ""))

    def targets(self, facts: Facts) -> tuple[Target, ...]:
        """The treasuries that the policy may charge for a recognition; one unnamed where none is recorded."""
        payers = {rule.payer for rule in self.pack.rules_for(facts.title, facts.level)}
        ours = [Target(Payer.BENEFICIARY, share.division) for share in facts.shares] or [Target(Payer.BENEFICIARY)]
        city = [Target(Payer.MUNICIPAL, the_city())] if Payer.MUNICIPAL in payers else []
        return (*ours, *city)

    def sides(self, switch: str, facts: Facts) -> tuple[Side, ...]:
        """The answers to a switch, each with the treasuries whose parts it decides."""
        groups: dict[str, list[Target]] = {}
        for target in self.targets(facts):
            groups.setdefault(self.choice(switch, target), []).append(target)
        if len(groups) == 1:
            [(answer, targets)] = groups.items()
            return (Side(answer, None, "", self.silent(switch, targets[0])),)
        return tuple(
            Side(
                answer,
                frozenset(targets),
                f"{'、'.join(target.name for target in targets)}部分：",
                self.silent(switch, targets[0]),
            )
            for answer, targets in groups.items()
        )

    def silent(self, switch: str, target: Target) -> str:
        """How the part of a treasury proceeds where the policy is silent, and on what basis."""
        if switch not in self.pack.switches:
            return "文件未明确。"
        answers = self.answers(target)
        question = self.pack.switches[switch]
        chosen = question.label_of(answers.switches[switch])
        basis = self.choices.basis(switch, self.pack, answers)
        differs = answers.switches[switch] != self.choices.switches[switch]
        why = "本地口径不及于市级部分（没有市级文件），" if differs and target.payer is Payer.MUNICIPAL else ""
        return f"文件未明确，{why}按“{chosen}”办理（依据：{basis}；未明确的文件：{question.document}）。"

    def clause(self, facts: Facts) -> Clause:
        """The clause that a sentence on a recognition rests on, by its title and its deciding day."""
        return self.pack.clause_on(facts.title, facts.level, deciding_day(facts, self.choices))

    def cited(self, sentence: str, facts: Facts) -> str:
        """A sentence on a recognition with the clause it rests on."""
        return f"{sentence}（{self.clause(facts)}）。"

    def name(self, facts: Facts | Earlier) -> str:
        """The printed name of the recognised title."""
        return self.titles.name(facts.title, facts.level, getattr(facts, "title_type", None))

    def quoted(self, facts: Facts | Earlier) -> str:
        """The name in quotation marks, those inside it made single."""
        return quoted(self.name(facts))


def recognition_key(recognition: int) -> str:
    """What tells a recognition, and the award on it, from every other."""
    return f"认定/{recognition}"


def question_labels(pack: Pack) -> dict[str, str]:
    """Every question that a decision may answer, in words."""
    return {switch.id: switch.label for switch in pack.switches.values()} | QUESTIONS


def quoted(name: str) -> str:
    """A name in quotation marks, those inside it made single."""
    return f"“{name.replace('“', '‘').replace('”', '’')}”"


def the_city() -> Division:
    """The treasury that pays municipal parts."""
    return next(division for division in Division.all() if division.is_city)


Check = Callable[[Case, Context], Iterator[Finding]]

_TIMING = {Weight.WRONG: Effect.FAIL, Weight.UNSURE: Effect.WAIT, Weight.PENDING: Effect.WARN}
_DECIDING: dict[str, Callable[[Facts], date | None]] = {
    "document": lambda facts: facts.document_date,
    "label": lambda facts: date(facts.label_year, 12, 31) if facts.label_year else None,  # a whole year
    "valid_from": lambda facts: facts.valid_from,
}


def deciding_day(facts: Facts, choices: Choices) -> date | None:
    """The day that fixes 当年 and the rules in force, by the book's choice; None when it is not recorded."""
    return _DECIDING[choices.switches["award_year_by"]](facts)


def rules_in_force(facts: Facts, context: Context) -> tuple[Rule, ...]:
    """The rules that speak of the recognition on its deciding day."""
    day = deciding_day(facts, context.choices)
    rules = context.pack.rules_for(facts.title, facts.level)
    return tuple(rule for rule in rules if day and rule.amount_on(day))


def examine(case: Case, context: Context) -> tuple[Finding, ...]:
    """Everything found on one recognition, decisions not yet taken into account."""
    return tuple(finding for check in CHECKS for finding in check(case, context))


def settle(findings: Sequence[Finding], decisions: Sequence[Decision]) -> tuple[Finding, ...]:
    """Let decisions answer the questions that are open; other decisions change nothing and are named."""
    answers: dict[str | None, Decision] = {decision.question: decision for decision in decisions}
    asked = {finding.question for finding in findings if finding.effect is Effect.ASK}
    settled = [_answered(one, answers) if one.effect is Effect.ASK else one for one in findings]
    unused = [
        Finding(Effect.WARN, f"已登记的决定“{answers[question].reason}”没有对应的待定事项，未采用，请核对。")
        for question in answers
        if question not in asked
    ]
    return (*settled, *unused)


def _answered(finding: Finding, answers: dict[str | None, Decision]) -> Finding:
    decision = answers.get(finding.question)
    if decision is None:
        return replace(finding, text=f"{finding.text}请作出决定并写明理由。")
    if decision.about is not None and not finding.about <= decision.about:
        before = f"原来的决定（{'予以奖励' if decision.award else '不予奖励'}，理由：{decision.reason}）没有包括新的情况，"
        return replace(finding, text=f"{finding.text}{before}请重新作出决定并写明理由。")
    effect, outcome = (Effect.NOTE, "予以奖励") if decision.award else (Effect.FAIL, "不予奖励")
    by = f"，决定人：{decision.by}" if decision.by else ""
    text = f"{finding.text}经决定{outcome}（理由：{decision.reason}{by}）。"
    return replace(finding, effect=effect, text=text, question=None)


def _day(case: Case, context: Context) -> Iterator[Finding]:
    day = deciding_day(case.facts, context.choices)
    [side] = context.sides("award_year_by", case.facts)
    if day is None:
        chosen = context.pack.switches["award_year_by"].label_of(side.answer)
        yield Finding(
            Effect.WAIT,
            f"没有登记“{chosen}”，不能确定奖励年度，请补充。哪个日期决定“当年”，{side.silent}",
        )
        return
    yield Finding(Effect.NOTE, f"奖励年度为 {day.year} 年。哪个日期决定“当年”，{side.silent}")
    if day >= context.pack.review_from:
        yield Finding(Effect.WARN, context.pack.review_sentence)


def _years(case: Case, context: Context) -> Iterator[Finding]:
    facts = case.facts
    years = {
        "名单标注年度": facts.label_year,
        "认定文件日期": facts.document_date and facts.document_date.year,
        "有效期起始日": facts.valid_from and facts.valid_from.year,
    }
    known = {what: year for what, year in years.items() if year}
    if len(set(known.values())) > 1:
        listed = "、".join(f"{what}为 {year} 年" for what, year in known.items())
        yield Finding(Effect.WARN, f"年份不一致：{listed}，请核对奖励年度。")


def _title(case: Case, context: Context) -> Iterator[Finding]:
    """Whether the title existed on the day of its document, and whether its basis is known."""
    facts = case.facts
    found = context.titles.untimely(
        facts.title, facts.level, facts.document_date, facts.document_title, facts.title_type
    )
    if found:
        yield Finding(_TIMING[found.weight], f"{found.sentence}。")


def _publicity(case: Case, context: Context) -> Iterator[Finding]:
    if case.facts.publicity_only:
        yield Finding(
            Effect.FAIL,
            context.cited("目前只有公示，公示不是认定，不符合“当年认定”；请待正式认定文件印发后登记", case.facts),
        )


def _exclusions(case: Case, context: Context) -> Iterator[Finding]:
    for reason in case.facts.exclusions:
        yield Finding(
            Effect.FAIL,
            f"已登记不予奖励的情形：{reason}。{context.clause(case.facts).number} 未明确，按登记的核查结论不予奖励（依据：核查记录）。",
        )


def _kind(case: Case, context: Context) -> Iterator[Finding]:
    if case.facts.kind is Kind.REVIEW:
        yield from _review(case.facts, context)
    elif case.facts.kind is Kind.AGAIN:
        for side in context.sides(AGAIN, case.facts):
            effect = {"yes": Effect.NOTE, "no": Effect.FAIL, "undecided": Effect.ASK}[side.answer]
            text = f"{side.whose}本次为再次认定，是否属于“当年认定”，{side.silent}"
            yield Finding(effect, text, AGAIN if effect is Effect.ASK else None, side.targets)


def _review(facts: Facts, context: Context) -> Iterator[Finding]:
    for side in context.sides("re_review", facts):
        text = f"{side.whose}本次为复核，是否属于“当年认定”，{side.silent}"
        if side.answer == "own_amount":
            yield from _without_amount(facts, side, text, context)
        effect = Effect.FAIL if side.answer == "no" else Effect.NOTE
        yield Finding(effect, text, targets=side.targets)


def _without_amount(facts: Facts, side: Side, text: str, context: Context) -> Iterator[Finding]:
    """A treasury that pays a re-review by an amount of its own waits until there is one."""
    for target in side.targets or context.targets(facts):
        amount = context.choices.review_amount(facts.title, facts.level, target.treasury)
        if target.payer is Payer.BENEFICIARY and not amount:
            what = f"还没有登记{context.quoted(facts)}的复核奖励标准，请补充。{text}"
            yield Finding(Effect.WAIT, what, targets=side.targets and frozenset((target,)))


def _coverage(case: Case, context: Context) -> Iterator[Finding]:
    """Whether any rule speaks of the title on the day (B03); expected amounts are shown, never used (B04)."""
    facts, day = case.facts, deciding_day(case.facts, context.choices)
    rules = context.pack.rules_for(facts.title, facts.level)
    if missing := context.titles.get(facts.title).missing.get(facts.level):
        yield Finding(Effect.FAIL, context.cited(missing.rstrip("。"), facts))
    if not rules:
        yield _without_rule(facts, "", context)
    if day is None:
        return
    if rules and not rules_in_force(facts, context):
        yield _without_rule(facts, f"在 {day} ", context)
    for rule in rules:
        if expected := rule.expected_on(day):
            amount = rule.money(expected).wan
            yield Finding(Effect.WARN, f"“{rule.label}”另有拟定标准 {amount} 万元，尚未生效，没有采用。")


def _without_rule(facts: Facts, when: str, context: Context) -> Finding:
    said = f"{context.pack.numbers} {when}没有关于{context.quoted(facts)}的有效规定"
    return Finding(Effect.FAIL, context.cited(said, facts))


def _in_force(case: Case, context: Context) -> Iterator[Finding]:
    day = deciding_day(case.facts, context.choices)
    for side in context.sides("in_force_until", case.facts):
        if day and side.answer != NO_DATE and day > date.fromisoformat(side.answer):
            target = next(iter(side.targets or context.targets(case.facts)))
            basis = context.choices.basis("in_force_until", context.pack, context.answers(target))
            yield Finding(
                Effect.FAIL,
                f"{side.whose}{context.pack.switches['in_force_until'].document} 没有写明有效期，"
                f"本地规定执行到 {side.answer}，认定在其后，不予奖励（依据：{basis}）。",
                targets=side.targets,
            )


def _before_issued(case: Case, context: Context) -> Iterator[Finding]:
    """A recognition from before the document was issued that its amounts rest on, for each payer its own."""
    day = deciding_day(case.facts, context.choices)
    for side in context.sides(BEFORE_ISSUED, case.facts):
        payers = {target.payer for target in side.targets or context.targets(case.facts)}
        amounts = (rule.amount_on(day) for rule in rules_in_force(case.facts, context) if day and rule.payer in payers)
        issued = max((amount.clause.document.issued for amount in amounts if amount), default=None)
        if day and issued and day < issued:
            text = f"{side.whose}认定在文件印发（{issued}）以前，是否属于“当年认定”，{side.silent}"
            yield Finding(Effect.NOTE if side.answer == "yes" else Effect.FAIL, text, targets=side.targets)


def _merged(case: Case, context: Context) -> Iterator[Finding]:
    """A recognition under the merged national title, which the policy does not name."""
    facts = case.facts
    if facts.title_type is None:
        return
    stands_for = quoted(context.titles.name(facts.title, facts.level))
    for side in context.sides(MERGED_TITLE, facts):
        text = f"{side.whose}{context.quoted(facts)}是合并后的称号，类型为{facts.title_type}，对应{stands_for}，{side.silent}"
        yield Finding(Effect.NOTE if side.answer == "yes" else Effect.FAIL, text, targets=side.targets)


def _rewarded(case: Case, context: Context) -> Iterator[Finding]:
    facts = case.facts
    before = [
        one
        for one in context.earlier
        if (one.title, one.level) == (facts.title, facts.level) and (one.beneficiary or one.municipal)
    ]
    if before:
        listed = "、".join(
            f"{one.award_year} 年 {(one.beneficiary + one.municipal).wan} 万元（来源：{one.source}）"
            for one in before
        )
        about = frozenset(one.key for one in before)
        yield from rewarded_before(f"{context.quoted(facts)}以前已奖励：{listed}。", facts, context, about)


def rewarded_before(what: str, facts: Facts, context: Context, about: frozenset[str]) -> Iterator[Finding]:
    """The findings on a second award for one title and level: a question, or a refusal by choice."""
    for side in context.sides(REWARDED_BEFORE, facts):
        text = f"{side.whose}{what}能否再次奖励，{side.silent}"
        if side.answer == "refuse":
            yield Finding(Effect.FAIL, text, targets=side.targets)
        else:
            yield Finding(Effect.ASK, text, REWARDED_BEFORE, side.targets, about)


def is_lower(lower: Facts | Earlier, higher: Facts | Earlier, answer: str, titles: Titles) -> bool:
    """Whether an award stands below another on the ladder, as far as a county counts it."""
    low, high = (titles.step(one.title, one.level) for one in (lower, higher))
    if answer == LADDER_WHOLE and low and high:
        return low < high
    return lower.title == higher.title and lower.level is not higher.level and higher.level is Level.NATIONAL


def _order(case: Case, context: Context) -> Iterator[Finding]:
    """Years that are judged out of their order: what an earlier one still may bring, what a later one has had."""
    facts, day = case.facts, deciding_day(case.facts, context.choices)
    answers = {context.choice("ladder", target) for target in context.targets(facts)} - {LADDER_FULL}
    told = [
        (key, f"{year} 年的{context.quoted(one)}还没有测算或者还没有决定")
        for key, one in context.pending
        if day and (year := _may_earn(one, context)) and year < day.year
        if (one.title, one.level) == (facts.title, facts.level)
        or any(is_lower(one, facts, answer, context.titles) for answer in answers)
    ]
    told += [
        (
            one.key,
            f"{one.award_year} 年已按{context.quoted(one)}奖励 {(one.beneficiary + one.municipal).wan} 万元"
            f"（来源：{one.source}），当时没有算上本项",
        )
        for one in context.earlier
        if day and one.award_year > day.year
        if any(is_lower(facts, one, answer, context.titles) for answer in answers)
    ]
    if told:
        advice = "年度的先后可能改变金额，请先测算以前的年度，再重新测算本批；确需照此办理的，"
        about = frozenset(key for key, _ in told)
        yield Finding(Effect.ASK, f"{'；'.join(text for _, text in told)}。{advice}", EARLIER_YEARS, about=about)


def _may_earn(facts: Facts, context: Context) -> int | None:
    """The year in which a recognition that is not judged yet may earn an award; None when it cannot."""
    day = deciding_day(facts, context.choices)
    alone = replace(context, pending=(), earlier=())
    failed = [one for one in examine(Case(0, facts), alone) if one.effect is Effect.FAIL]
    sides = (frozenset((target,)) for target in context.targets(facts))
    earns = any(not any(one.concerns(side) for one in failed) for side in sides)
    return day.year if day and earns else None


def _payee(case: Case, context: Context) -> Iterator[Finding]:
    facts = case.facts
    if facts.payee_is_company is None and context.titles.is_operated(facts.title):
        yield Finding(
            Effect.WAIT, f"{context.quoted(facts)}的收款单位是不是企业没有登记，请在企业档案中补充。"
        )
    if facts.payee_is_company is False:
        for side in context.sides("payee_not_company", facts):
            effect = Effect.FAIL if side.answer == "refuse" else Effect.WARN
            yield Finding(effect, f"{side.whose}收款单位不是企业，{side.silent}", targets=side.targets)


def _treasury(case: Case, context: Context) -> Iterator[Finding]:
    facts = case.facts
    payers = {rule.payer for rule in context.pack.rules_for(facts.title, facts.level)}
    if Payer.BENEFICIARY in payers and not facts.shares:
        yield Finding(Effect.WAIT, context.cited("受益财政未登记，不能确定由谁承担，请补充受益财政及依据", facts))
    if facts.shares and not facts.shares_basis:
        yield Finding(Effect.WARN, "受益财政没有登记依据，请补充证明材料。")
    if facts.shares and not facts.shares_confirmed:
        yield Finding(
            Effect.WARN,
            f"受益财政（{'、'.join(str(share.division) for share in facts.shares)}）只是从名单的所属地区得来，"
            f"{NOT_CONFIRMED}，请写明依据后确认；确认以前不公示、不审定、不下达、不报送。",
        )
    for share in facts.shares:
        if not share.division.named_in_policy:
            yield Finding(
                Effect.WARN, f"{context.clause(facts).number} 没有列明{share.division}，由其承担奖励前请先确认。"
            )


def _records(case: Case, _: Context) -> Iterator[Finding]:
    facts = case.facts
    if not facts.credit_code:
        yield Finding(Effect.WARN, f"“{facts.organisation}”没有登记统一社会信用代码，请补充。")
    if not (facts.document_title or facts.document_number):
        yield Finding(Effect.WARN, "没有登记认定文件的名称和文号，请补充。")


CHECKS: tuple[Check, ...] = (
    _day,
    _years,
    _title,
    _publicity,
    _exclusions,
    _kind,
    _coverage,
    _in_force,
    _before_issued,
    _merged,
    _rewarded,
    _order,
    _payee,
    _treasury,
    _records,
)
