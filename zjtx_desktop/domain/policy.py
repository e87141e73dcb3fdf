"""A policy: the documents it rests on, their clauses, dated rules, open questions and worked examples.

Which clause a sentence or a paper cites is decided here alone, by the rule and the day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from zjtx_desktop.domain.example import Example
from zjtx_desktop.domain.facts import Payer
from zjtx_desktop.domain.switches import Switch
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.values import Money

UNITS = {"分": 1, "角": 10, "元": 100, "万元": 1_000_000}
ROUNDINGS = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN, "up": ROUND_UP}
RULE_KINDS = ("floor", "fixed")


@dataclass(frozen=True, slots=True)
class Document:
    """A document that a policy rests on; one that an old pack only cites by its number has no title."""

    title: str
    number: str
    issuer: str
    issued: date

    def __str__(self) -> str:
        return f"《{self.title}》（{self.number}）" if self.title else self.number


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a document, quoted in full. `label` is how papers cite it: 第一条第（九）项; packs of old have none."""

    document: Document
    id: str
    heading: str
    text: str
    label: str = ""

    @property
    def number(self) -> str:
        """The number of its document."""
        return self.document.number

    @property
    def cited(self) -> str:
        """The clause inside its document, as papers and sentences cite it."""
        return self.label or self.id

    def __str__(self) -> str:
        return f"{self.number}{self.label}" if self.label else f"{self.number} {self.id}"

    def is_named_by(self, text: str) -> bool:
        """Whether a text that was kept with an amount begins with this clause, with its label or as before labels."""
        return text.startswith((str(self), f"{self.number} {self.id}"))


@dataclass(frozen=True, slots=True)
class Amount:
    """What a rule gives from one day on, until another; an expected one is shown but never used."""

    value: Decimal
    unit: str
    since: date
    until: date | None
    clause: Clause
    quote: str
    expected: bool

    def covers(self, day: date) -> bool:
        """Whether the amount holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a rule rounds, and to which unit."""

    mode: str
    unit: str

    def apply(self, fen: Decimal) -> Money:
        """An exact figure in fen as money, rounded to the unit."""
        size = UNITS[self.unit]
        return Money(int((fen / size).quantize(Decimal(1), ROUNDINGS[self.mode])) * size)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who pays what for which titles; a floor may be raised by the county, a fixed amount may not."""

    id: str
    label: str
    payer: Payer
    fund: str
    levels: tuple[Level, ...]
    titles: tuple[str, ...]
    kind: str
    rounding: Rounding
    amounts: tuple[Amount, ...]

    def covers(self, title: str, level: Level) -> bool:
        """Whether the rule speaks of a title at a level."""
        return title in self.titles and level in self.levels

    def amount_on(self, day: date) -> Amount | None:
        """The amount in force on a day."""
        return next((amount for amount in self.amounts if not amount.expected and amount.covers(day)), None)

    def expected_on(self, day: date) -> Amount | None:
        """The amount that is only expected for a day, to be shown and not used."""
        return next((amount for amount in self.amounts if amount.expected and amount.covers(day)), None)

    def money(self, amount: Amount) -> Money:
        """The amount in fen, rounded as the rule says."""
        return self.rounding.apply(amount.value * UNITS[amount.unit])

    def round(self, money: Money) -> Money:
        """Any other figure that takes the rule's place, rounded as the rule says."""
        return self.rounding.apply(Decimal(money.fen))


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole policy as read and checked; `sha256` is over `text`, from which it can be read again alone.

    `amends` are the ids of the packs that it was put upon, the first one first; `text` then holds theirs too.
    """

    id: str
    amends: tuple[str, ...]
    sha256: str
    text: str
    documents: tuple[Document, ...]
    review_from: date
    review_sentence: str
    clauses: tuple[Clause, ...]
    rules: tuple[Rule, ...]
    switches: Mapping[str, Switch]
    examples: tuple[Example, ...]

    @property
    def issued(self) -> date:
        """When the latest of its documents was issued."""
        return max(document.issued for document in self.documents)

    @property
    def numbers(self) -> str:
        """The numbers of all its documents, where a sentence speaks of the policy as a whole."""
        return "、".join(document.number for document in self.documents)

    def rules_for(self, title: str, level: Level) -> tuple[Rule, ...]:
        """The rules that speak of a title at a level, in the file's order."""
        return tuple(rule for rule in self.rules if rule.covers(title, level))

    def clause_on(self, title: str, level: Level, day: date | None) -> Clause:
        """The clause to cite on a title where no amount is spoken of: that in force on the day.

        Before the first it is the first; after the last, and without a day, the last.
        """
        amounts = [
            amount for rule in self.rules_for(title, level) or self.rules for amount in rule.amounts if not amount.expected
        ]
        begun = [amount for amount in amounts if day is None or amount.since <= day]
        return (max(begun, key=lambda one: one.since) if begun else min(amounts, key=lambda one: one.since)).clause

    def clauses_named(self, texts: Iterable[str]) -> tuple[Clause, ...]:
        """The clauses that amounts were kept with, each once, in the order of the documents."""
        found = {self._named(text) for text in texts}
        return tuple(clause for clause in self.clauses if clause in found)

    def restated(self, text: str) -> str:
        """The clause that an amount was kept with as papers cite it, with what else was kept behind it."""
        clause = self._named(text)
        kept = next((one for one in (str(clause), f"{clause.number} {clause.id}") if text.startswith(one)), "") if clause else ""
        return f"{clause}{text.removeprefix(kept)}" if clause else text

    def cited(self, texts: Iterable[str], year: int) -> str:
        """What a paper on many awards cites: the clauses their amounts were kept with, else those of the year's amounts."""
        amounts = [amount for rule in self.rules for amount in rule.amounts if not amount.expected]
        begun = [one for one in amounts if one.since.year <= year and (one.until is None or year <= one.until.year)]
        used = {amount.clause for amount in begun or amounts}
        return cite(self.clauses_named(texts) or tuple(clause for clause in self.clauses if clause in used))

    def _named(self, text: str) -> Clause | None:
        known = (clause for clause in self.clauses if clause.is_named_by(text))
        return max(known, key=lambda clause: len(clause.cited), default=None)


def cite(clauses: Iterable[Clause]) -> str:
    """Clauses as papers cite them: 《…》（文号）第一条第（九）项; of one document together, of several joined by 和."""
    by_document: dict[Document, list[str]] = {}
    for clause in clauses:
        by_document.setdefault(clause.document, []).append(clause.cited)
    told = [f"{document}{'、'.join(cited)}" for document, cited in by_document.items()]
    return "、".join(told[:-1]) + ("和" if told[1:] else "") + told[-1] if told else ""
