"""What goes into a judgement and what comes out of it: frozen records, no rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.values import ZERO, Division, Money, Share


class Payer(StrEnum):
    """Whose budget pays a part."""

    BENEFICIARY = "beneficiary"
    MUNICIPAL = "municipal"

    @property
    def label(self) -> str:
        """The word in sentences and tables."""
        return {Payer.BENEFICIARY: "受益财政", Payer.MUNICIPAL: "市级财政"}[self]


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """One treasury that may owe a part of an award; a beneficiary that is not recorded yet has no division."""

    payer: Payer
    treasury: Division | None = None

    @property
    def name(self) -> str:
        """The treasury as sentences name its part."""
        return self.payer.label if self.payer is Payer.MUNICIPAL or self.treasury is None else self.treasury.name


class Verdict(StrEnum):
    """What a judgement says of a recognition."""

    AWARD = "award"
    NONE = "none"
    UNDECIDED = "undecided"

    @property
    def label(self) -> str:
        """The word in sentences and tables."""
        return {Verdict.AWARD: "奖励", Verdict.NONE: "不予奖励", Verdict.UNDECIDED: "待定"}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is recorded of one recognition and of its organisation, as far as the policy asks.

    `title_type` is the type (平台 or 基地) of a recognition under the merged national title. `shares_confirmed`
    is false while the treasuries only come from the 所属地区 of a list.
    """

    organisation: str
    title: str
    level: Level
    kind: Kind
    title_type: str | None = None
    credit_code: str | None = None
    label_year: int | None = None
    document_title: str | None = None
    document_number: str | None = None
    document_date: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    publicity_only: bool = False
    shares: tuple[Share, ...] = ()
    shares_basis: str | None = None
    shares_confirmed: bool = True
    payee_is_company: bool | None = None
    exclusions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """An award of the same organisation that stands before the one judged: ours, issued or under way, or 历史.

    Title, level, year and money are those frozen with it; money is what is left of the grant after 核减 and 追回.
    `by_treasury` says which treasuries the beneficiary part came from, where that is recorded.
    """

    title: str
    level: Level
    award_year: int
    beneficiary: Money
    municipal: Money
    source: str
    by_treasury: Mapping[Division, Money] = field(default_factory=dict)
    key: str = ""  # tells it from every other one, however it is called in sentences

    def paid(self, payer: Payer) -> Money:
        """What this payer granted then."""
        return {Payer.BENEFICIARY: self.beneficiary, Payer.MUNICIPAL: self.municipal}[payer]


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's answer to an open question of one recognition.

    `about` are the keys of what was asked about; what comes to it later is asked anew. None answers whatever is asked.
    """

    question: str
    award: bool
    reason: str
    by: str | None = None
    about: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ManualAmount:
    """What a person set one treasury's part of a recognition to, why, and by which document (人工核定)."""

    payer: Payer
    treasury: Division
    amount: Money
    reason: str
    document: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One recognition with the decisions taken on it; `key` is the caller's."""

    key: int
    facts: Facts
    decisions: tuple[Decision, ...] = ()
    manual: tuple[ManualAmount, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Money that one treasury owes, and the rule that says so."""

    payer: Payer
    treasury: Division
    amount: Money
    rule: str
    clause: str


@dataclass(frozen=True, slots=True)
class Entitlement:
    """The judgement on one recognition with every reason; only an AWARD has parts.

    `by_policy` is the whole award as the policy gives it, where a person set another amount; `uncapped` is the
    beneficiary part as it would be without the cap, where the cap reduced it. `asked` says of each open question what
    it is about.
    """

    verdict: Verdict
    award_year: int | None
    parts: tuple[Part, ...]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    open_questions: tuple[str, ...]
    matched: tuple[str, ...]
    by_policy: Money | None = None
    uncapped: Money | None = None
    asked: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def manual(self) -> bool:
        """Whether a person set the amount (人工核定)."""
        return self.by_policy is not None

    @property
    def capped(self) -> bool:
        """Whether the cap took something off (封顶)."""
        return self.uncapped is not None

    @property
    def total(self) -> Money:
        """The sum of all parts."""
        return Money.total(part.amount for part in self.parts)

    def paid_by(self, payer: Payer) -> Money:
        """The sum of one payer's parts."""
        return Money.total(part.amount for part in self.parts if part.payer is payer)


def treasuries(parts: Sequence[Part]) -> dict[Division, Money]:
    """What each treasury owes in sum."""
    owed: dict[Division, Money] = {}
    for part in parts:
        owed[part.treasury] = owed.get(part.treasury, ZERO) + part.amount
    return owed
