"""What is found on one recognition before any money: every condition speaks, none stops the others."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.facts import Case, Decision, Earlier, Facts, Payer
from zjtx_desktop.domain.policy import Clause, Pack, Rule
from zjtx_desktop.domain.switches import NO_DATE
from zjtx_desktop.domain.titles import Kind, Titles, Weight

AGAIN, REWARDED_BEFORE = "again", "rewarded_before"


class Effect(Enum):
    """What a finding does to the judgement."""

    FAIL = auto()
    WAIT = auto()
    ASK = auto()
    NOTE = auto()
    WARN = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """One Chinese sentence and its effect; one that asks names the question a Decision answers."""

    effect: Effect
    text: str
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """All that a judgement rests on besides the recognition itself."""

    earlier: tuple[Earlier, ...]
    pack: Pack
    choices: Choices
    titles: Titles

    def choice(self, switch: str) -> str:
        """The value of a switch."""
        return self.choices.switches[switch]

    def silent(self, switch: str) -> str:
        """How the judgement proceeds where the policy is silent, and on what basis."""
        open_question = self.pack.switches[switch]
        chosen, basis = open_question.label_of(self.choice(switch)), self.choices.basis(switch, self.pack)
        return f"文件未明确，按“{chosen}”办理（依据：{basis}；未明确的文件：{open_question.document}）。"

    def clause(self, facts: Facts) -> Clause:
        """The clause that a sentence on a recognition rests on, by its title and its deciding day."""
        return self.pack.clause_on(facts.title, facts.level, deciding_day(facts, self.choices))

    def cited(self, sentence: str, facts: Facts) -> str:
        """A sentence on a recognition with the clause it rests on."""
        return f"{sentence}（{self.clause(facts)}）。"

    def name(self, facts: Facts | Earlier) -> str:
        """The printed name of the recognised title."""
        return self.titles.name(facts.title, facts.level)

    def quoted(self, facts: Facts | Earlier) -> str:
        """The name in quotation marks, those inside it made single."""
        return f"“{self.name(facts).replace('“', '‘').replace('”', '’')}”"


Check = Callable[[Case, Context], Iterator[Finding]]

_TIMING = {Weight.WRONG: Effect.FAIL, Weight.UNSURE: Effect.WAIT, Weight.PENDING: Effect.WARN}
_DECIDING: dict[str, Callable[[Facts], date | None]] = {
    "document": lambda facts: facts.document_date,
    "label": lambda facts: date(facts.label_year, 12, 31) if facts.label_year else None,  # a whole year
    "valid_from": lambda facts: facts.valid_from,
}


def deciding_day(facts: Facts, choices: Choices) -> date | None:
    """The day that fixes 当年 and the rules in force, by the county's choice; None when it is not recorded."""
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
    effect, outcome = (Effect.NOTE, "予以奖励") if decision.award else (Effect.FAIL, "不予奖励")
    by = f"，决定人：{decision.by}" if decision.by else ""
    return Finding(effect, f"{finding.text}经决定{outcome}（理由：{decision.reason}{by}）。")


def _day(case: Case, context: Context) -> Iterator[Finding]:
    day = deciding_day(case.facts, context.choices)
    chosen = context.pack.switches["award_year_by"].label_of(context.choice("award_year_by"))
    if day is None:
        yield Finding(
            Effect.WAIT,
            f"没有登记“{chosen}”，不能确定奖励年度，请补充。"
            f"哪个日期决定“当年”，{context.silent('award_year_by')}",
        )
        return
    yield Finding(
        Effect.NOTE, f"奖励年度为 {day.year} 年。哪个日期决定“当年”，{context.silent('award_year_by')}"
    )
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
    found = context.titles.untimely(facts.title, facts.level, facts.document_date, facts.document_title)
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
        yield _review(case.facts, context)
    elif case.facts.kind is Kind.AGAIN:
        effect = {"yes": Effect.NOTE, "no": Effect.FAIL, "undecided": Effect.ASK}[context.choice(AGAIN)]
        text = f"本次为再次认定，是否属于“当年认定”，{context.silent(AGAIN)}"
        yield Finding(effect, text, AGAIN if effect is Effect.ASK else None)


def _review(facts: Facts, context: Context) -> Finding:
    choice, text = (
        context.choice("re_review"),
        f"本次为复核，是否属于“当年认定”，{context.silent('re_review')}",
    )
    if choice == "no":
        return Finding(Effect.FAIL, text)
    if choice == "own_amount" and not context.choices.review_amount(facts.title, facts.level):
        return Finding(Effect.WAIT, f"还没有登记{context.quoted(facts)}的复核奖励标准，请补充。{text}")
    return Finding(Effect.NOTE, text)


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
    day, until = deciding_day(case.facts, context.choices), context.choice("in_force_until")
    if day and until != NO_DATE and day > date.fromisoformat(until):
        basis = context.choices.basis("in_force_until", context.pack)
        yield Finding(
            Effect.FAIL,
            f"{context.pack.switches['in_force_until'].document} 没有写明有效期，本地规定执行到 {until}，"
            f"认定在其后，不予奖励（依据：{basis}）。",
        )


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
        yield rewarded_before(f"{context.quoted(facts)}以前已奖励：{listed}。", context)


def rewarded_before(what: str, context: Context) -> Finding:
    """The finding on a second award for one title and level: a question, or a refusal by choice."""
    text = f"{what}能否再次奖励，{context.silent(REWARDED_BEFORE)}"
    if context.choice(REWARDED_BEFORE) == "refuse":
        return Finding(Effect.FAIL, text)
    return Finding(Effect.ASK, text, REWARDED_BEFORE)


def _payee(case: Case, context: Context) -> Iterator[Finding]:
    if case.facts.payee_is_company is False:
        refused = context.choice("payee_not_company") == "refuse"
        text = f"收款单位不是企业，{context.silent('payee_not_company')}"
        yield Finding(Effect.FAIL if refused else Effect.WARN, text)


def _treasury(case: Case, context: Context) -> Iterator[Finding]:
    facts = case.facts
    payers = {rule.payer for rule in context.pack.rules_for(facts.title, facts.level)}
    if Payer.BENEFICIARY in payers and not facts.shares:
        yield Finding(Effect.WAIT, context.cited("受益财政未登记，不能确定由谁承担，请补充受益财政及依据", facts))
    if facts.shares and not facts.shares_basis:
        yield Finding(Effect.WARN, "受益财政没有登记依据，请补充证明材料。")
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
    _rewarded,
    _payee,
    _treasury,
    _records,
)
