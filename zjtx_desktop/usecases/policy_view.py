"""The policy in force in words: clauses, rules with amounts and dates, open questions, proof."""

from collections.abc import Iterator
from dataclasses import dataclass

from zjtx_desktop.domain.pack_check import check_examples
from zjtx_desktop.domain.policy import Amount, Clause, Pack, Rule
from zjtx_desktop.domain.switches import Switch
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.values import format_date

_KINDS = {"floor": "下限，各县（市、区）可以提高", "fixed": "定额"}


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause as it is quoted."""

    where: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as label and text."""

    label: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SwitchView:
    """An open question, what the program does by default, and what else can be chosen."""

    label: str
    description: str
    document: str
    default: str
    others: str


@dataclass(frozen=True, slots=True)
class PolicyView:
    """Everything a page shows of a policy; `failures` are the worked examples that do not come out.

    `documents` are those it rests on, as label and text; `pack` tells the file, and what it amends.
    """

    title: str
    documents: tuple[tuple[str, str], ...]
    pack: str
    clauses: tuple[ClauseView, ...]
    rules: tuple[RuleView, ...]
    switches: tuple[SwitchView, ...]
    examples: int
    failures: tuple[str, ...]


def policy_view(pack: Pack) -> PolicyView:
    """A policy in words."""
    titles = Titles.load()
    return PolicyView(
        title=f"《{pack.documents[0].title}》",
        documents=documents_of(pack),
        pack="".join((pack.id, *(f"，修改 {base}" for base in reversed(pack.amends)), f"（校验值 {pack.sha256[:12]}…）")),
        clauses=tuple(map(_clause, pack.clauses)),
        rules=tuple(RuleView(rule.label, tuple(_rule(rule, titles))) for rule in pack.rules),
        switches=tuple(map(_switch, pack.switches.values())),
        examples=len(pack.examples),
        failures=tuple(check_examples(pack, titles)),
    )


def documents_of(pack: Pack) -> tuple[tuple[str, str], ...]:
    """The documents that a policy rests on, as label and text: each as it is cited, and who issued it when."""
    told = (
        (("文件", str(one)), ("印发", f"{one.issuer}，{format_date(one.issued)}")) for one in pack.documents
    )
    return tuple(line for lines in told for line in lines)


def _clause(clause: Clause) -> ClauseView:
    return ClauseView(str(clause), clause.heading, clause.text)


def _rule(rule: Rule, titles: Titles) -> Iterator[tuple[str, str]]:
    yield "出资", f"{rule.payer.label}，{rule.fund}" if rule.fund != rule.payer.label else rule.fund
    yield "级别", "、".join(level.value for level in rule.levels)
    names = (
        titles.name(title, level)
        for title in rule.titles
        for level in rule.levels
        if titles.get(title).names.get(level)
    )
    yield "称号", "、".join(dict.fromkeys(names))
    yield "标准", _KINDS[rule.kind]
    for amount in rule.amounts:
        yield "金额", _amount(amount)


def _amount(amount: Amount) -> str:
    until = f"至 {format_date(amount.until)}" if amount.until else "起"
    expected = "（拟，不采用）" if amount.expected else ""
    figure = f"{amount.value} {amount.unit}，{format_date(amount.since)}{until}{expected}"
    return f"{figure}（{amount.clause}：“{amount.quote}”）"


def _switch(switch: Switch) -> SwitchView:
    others = [text for value, text in switch.labels.items() if value != switch.default]
    others += ["一个日期"] if switch.takes_date else ["一个金额"] if switch.takes_amount else []
    return SwitchView(
        switch.label, switch.description, switch.document, switch.label_of(switch.default), "、".join(others)
    )
