"""Facts, choices and judgements in one line each, for the tests of the domain."""

from datetime import date
from typing import Any

from zjtx_desktop.domain.choices import Choices, CountyAmount
from zjtx_desktop.domain.entitlement import Case, Decision, Earlier, Entitlement, Facts, judge
from zjtx_desktop.domain.pack_file import packs
from zjtx_desktop.domain.titles import Kind, Level, Titles
from zjtx_desktop.values import Money, parse_shares

PACK = packs()[0]
TITLES = Titles.load()
DEFAULTS = Choices.of(PACK)
PROVINCIAL, NATIONAL = Level.PROVINCIAL, Level.NATIONAL
YUSHAN = parse_shares("玉山县")


def facts(title: str = "srdi_sme", level: Level = PROVINCIAL, **changes: Any) -> Facts:
    """A complete recognition of 2024 that earns an award, unless changed."""
    complete: dict[str, Any] = {
        "organisation": "江西某某科技有限公司",
        "credit_code": "91360000625912173B",
        "kind": Kind.NEW,
        "label_year": 2024,
        "document_title": "关于公布名单的通知",
        "document_number": "赣工信企业字〔2024〕1号",
        "document_date": date(2024, 3, 15),
        "valid_from": date(2024, 1, 1),
        "shares": YUSHAN,
        "shares_basis": "税务登记",
        "payee_is_company": True,
    }
    return Facts(title=title, level=level, **(complete | changes))


def choose(**switches: str) -> Choices:
    """The pack's defaults with some switches set, each with a basis."""
    return Choices.of(PACK, switches, bases=dict.fromkeys(switches, "县办抄告单"))


def own(title: str, level: Level, wan: str) -> CountyAmount:
    """A county's amount in 万元."""
    return CountyAmount(title, level, Money.parse(f"{wan}万"), "县府办发〔2024〕1号")


def earlier(title: str, level: Level, year: int, ours: str = "10", city: str = "0") -> Earlier:
    """An earlier award, amounts in 万元."""
    return Earlier(title, level, year, Money.parse(f"{ours}万"), Money.parse(f"{city}万"), "历史")


def judge_one(
    one: Facts,
    choices: Choices = DEFAULTS,
    before: tuple[Earlier, ...] = (),
    decisions: tuple[Decision, ...] = (),
) -> Entitlement:
    """The judgement on one recognition alone."""
    return judge((Case(1, one, decisions),), before, PACK, choices)[1]


def judge_all(
    *several: Facts, choices: Choices = DEFAULTS, before: tuple[Earlier, ...] = ()
) -> tuple[Entitlement, ...]:
    """The judgements on several recognitions of one organisation, in their order."""
    cases = tuple(Case(n, one) for n, one in enumerate(several))
    found = judge(cases, before, PACK, choices)
    return tuple(found[case.key] for case in cases)


def said(result: Entitlement, text: str) -> bool:
    """Whether a reason contains the text."""
    return any(text in reason for reason in result.reasons)


def warned(result: Entitlement, text: str) -> bool:
    """Whether a warning contains the text."""
    return any(text in warning for warning in result.warnings)
