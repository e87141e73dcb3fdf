"""The worked examples of a pack: recognitions and their outcome, as a policy officer writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zjtx_desktop.domain.facts import Decision, ManualAmount, Payer, Verdict
from zjtx_desktop.domain.strict import Table
from zjtx_desktop.domain.titles import Kind, parse_kind
from zjtx_desktop.values import ZERO, Division, Money, Share, parse_shares

BASIS = "示例"


@dataclass(frozen=True, slots=True)
class OwnAmount:
    """A county's amount for a title, as an example sets it; without a division every treasury's."""

    title: str
    amount: Money
    division: Division | None


@dataclass(frozen=True, slots=True)
class Before:
    """An award granted before, as an example sets it."""

    title: str
    year: int
    beneficiary: Money
    municipal: Money


@dataclass(frozen=True, slots=True)
class ExampleCase:
    """One recognition and what must come out of it; `title` is text with its level, as a list has it."""

    title: str
    kind: Kind
    document_date: date | None
    label_year: int | None
    valid_from: date | None
    publicity_only: bool
    shares: tuple[Share, ...]
    payee_is_company: bool | None
    exclusions: tuple[str, ...]
    decisions: tuple[Decision, ...]
    manual: tuple[ManualAmount, ...]
    verdict: Verdict
    year: int | None
    pays: Mapping[Division, Money]
    uncapped: Money | None
    asks: tuple[str, ...]
    because: tuple[str, ...]
    warns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A few recognitions of one organisation judged together under certain choices.

    `division` is whose choices they are; `city_documents` say by which documents of the city they hold for its part.
    """

    name: str
    division: Division | None
    switches: Mapping[str, str]
    city_documents: Mapping[str, str]
    county_amounts: tuple[OwnAmount, ...]
    review_amounts: tuple[OwnAmount, ...]
    earlier: tuple[Before, ...]
    cases: tuple[ExampleCase, ...]


def read_example(table: Table) -> Example:
    """Read one example strictly; BadFile names the place."""
    switches, documents = table.table("switches", {}), table.table("city_documents", {})
    example = Example(
        name=table.text("name"),
        division=table.parsed("division", Division.parse, None),
        switches={key: switches.plain(key) for key in switches},
        city_documents={key: documents.text(key) for key in documents},
        county_amounts=tuple(map(_own, table.tables("county_amounts", []))),
        review_amounts=tuple(map(_own, table.tables("review_amounts", []))),
        earlier=tuple(map(_before, table.tables("earlier", []))),
        cases=tuple(map(_case, table.tables("case"))),
    )
    table.done()
    if not example.cases:
        raise table.wrong("case", "没有认定，请补充")
    return example


def _own(table: Table) -> OwnAmount:
    own = OwnAmount(
        table.text("title"), table.parsed("amount", Money.parse), table.parsed("division", Division.parse, None)
    )
    table.done()
    return own


def _before(table: Table) -> Before:
    before = Before(
        table.text("title"),
        table.integer("year"),
        table.parsed("beneficiary", Money.parse, ZERO),
        table.parsed("municipal", Money.parse, ZERO),
    )
    table.done()
    return before


def _case(table: Table) -> ExampleCase:
    pays = table.table("pays", {})
    case = ExampleCase(
        title=table.text("title"),
        kind=table.parsed("kind", parse_kind, Kind.NEW),
        document_date=table.day("document_date", None),
        label_year=table.integer("label_year", None),
        valid_from=table.day("valid_from", None),
        publicity_only=table.flag("publicity_only", False),
        shares=table.parsed("shares", parse_shares, ()),
        payee_is_company=table.flag("payee_is_company", None),
        exclusions=table.texts("exclusions", []),
        decisions=tuple(map(_decision, table.tables("decisions", []))),
        manual=tuple(map(_manual, table.tables("manual", []))),
        verdict=_verdict(table),
        year=table.integer("year", None),
        pays={_treasury(pays, key): pays.parsed(key, Money.parse) for key in pays},
        uncapped=table.parsed("uncapped", Money.parse, None),
        asks=table.texts("asks", []),
        because=table.texts("because", []),
        warns=table.texts("warns", []),
    )
    table.done()
    return case


def _decision(table: Table) -> Decision:
    decision = Decision(
        table.text("question"), table.flag("award"), table.text("reason"), table.text("by", None)
    )
    table.done()
    return decision


def _manual(table: Table) -> ManualAmount:
    treasury = table.parsed("treasury", Division.parse)
    manual = ManualAmount(
        Payer.MUNICIPAL if treasury.is_city else Payer.BENEFICIARY,
        treasury,
        table.parsed("amount", Money.parse),
        table.text("reason"),
        table.text("document"),
    )
    table.done()
    return manual


def _verdict(table: Table) -> Verdict:
    labels = {verdict.label: verdict for verdict in Verdict}
    return labels[table.word("verdict", labels)]


def _treasury(pays: Table, name: str) -> Division:
    return pays.checked(name, Division.parse, name)
