"""Proves a pack by its own worked examples: a pack whose examples fail cannot be activated (B09)."""

from collections.abc import Mapping

from zjtx_desktop.domain.choices import Choices, CountyAmount
from zjtx_desktop.domain.entitlement import judge
from zjtx_desktop.domain.example import BASIS, Example, ExampleCase, OwnAmount
from zjtx_desktop.domain.facts import Case, Earlier, Entitlement, Facts, treasuries
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import AppError
from zjtx_desktop.values import Division, Money

_ORGANISATION = "示例企业"


def check_examples(pack: Pack, titles: Titles) -> list[str]:
    """A sentence for each expectation that the program does not meet; empty when the pack holds."""
    return [
        f"示例“{example.name}”：{what}"
        for example in pack.examples
        for what in _failures(example, pack, titles)
    ]


def _failures(example: Example, pack: Pack, titles: Titles) -> list[str]:
    try:
        numbered = enumerate(example.cases, start=1)
        cases = tuple(Case(n, _facts(case, titles), case.decisions, case.manual) for n, case in numbered)
        results = judge(cases, _earlier(example, titles), pack, _choices(example, pack, titles))
    except AppError as error:
        return [str(error)]
    return [
        f"“{case.title}”{what}"
        for n, case in enumerate(example.cases, start=1)
        for what in _differences(case, results[n])
    ]


def _facts(case: ExampleCase, titles: Titles) -> Facts:
    title, level = titles.resolve(case.title)
    return Facts(
        organisation=_ORGANISATION,
        title=title.id,
        level=level,
        title_type=titles.type_of(case.title),
        kind=case.kind,
        label_year=case.label_year,
        document_title=case.title,  # an example names its title as the document does
        document_date=case.document_date,
        valid_from=case.valid_from,
        publicity_only=case.publicity_only,
        shares=case.shares,
        shares_basis=BASIS,
        payee_is_company=case.payee_is_company,
        exclusions=case.exclusions,
    )


def _choices(example: Example, pack: Pack, titles: Titles) -> Choices:
    bases = dict.fromkeys(example.switches, BASIS)
    county, review = (
        [_own(own, titles) for own in amounts] for amounts in (example.county_amounts, example.review_amounts)
    )
    documents = example.city_documents
    return Choices.of(
        pack, example.switches, county, bases, review, division=example.division, city_documents=documents
    )


def _own(own: OwnAmount, titles: Titles) -> CountyAmount:
    title, level = titles.resolve(own.title)
    return CountyAmount(title.id, level, own.amount, BASIS, own.division)


def _earlier(example: Example, titles: Titles) -> tuple[Earlier, ...]:
    found = ((titles.resolve(before.title), before) for before in example.earlier)
    return tuple(
        Earlier(title.id, level, before.year, before.beneficiary, before.municipal, "历史")
        for (title, level), before in found
    )


def _differences(case: ExampleCase, result: Entitlement) -> list[str]:
    pays = treasuries(result.parts)
    wrong = [
        f"应为{what} {wanted}，实为 {got}。"
        for what, wanted, got in (
            ("结论", case.verdict.label, result.verdict.label),
            ("年度", case.year or result.award_year, result.award_year),
            ("金额", _listed(case.pays), _listed(pays)),
            ("封顶前受益财政金额", str(case.uncapped or "未封顶"), str(result.uncapped or "未封顶")),
            ("待定事项", "、".join(case.asks), "、".join(result.open_questions)),
        )
        if wanted != got
    ]
    wrong += _missing("理由", case.because, result.reasons)
    return wrong + _missing("提醒", case.warns, result.warnings)


def _listed(pays: Mapping[Division, Money]) -> str:
    return "、".join(f"{division} {pays[division]}" for division in sorted(pays)) or "无"


def _missing(what: str, wanted: tuple[str, ...], got: tuple[str, ...]) -> list[str]:
    return [
        f"的{what}中应有“{text}”，实为：{''.join(got)}"
        for text in wanted
        if not any(text in one for one in got)
    ]
