"""What other choices would do to a round, worked out without storing anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.entitlement import Earlier, Entitlement, Facts, Payer, Verdict
from zjtx_desktop.domain.facts import treasuries
from zjtx_desktop.domain.findings import recognition_key
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.states import DEAD_STATES, AwardState, RoundState
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.awards import AwardLine, Totals, award_lines, totals
from zjtx_desktop.usecases.judging import Supposed, judge_list
from zjtx_desktop.usecases.office import office
from zjtx_desktop.usecases.rounds import FIRST_NAME, basis_for, candidates, check_choices, open_years
from zjtx_desktop.values import Money


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a recognition comes to: the verdict, and what either kind of treasury pays."""

    verdict: Verdict
    beneficiary: Money
    municipal: Money

    def __str__(self) -> str:
        return f"{self.beneficiary + self.municipal} 元" if self.verdict is Verdict.AWARD else self.verdict.label


@dataclass(frozen=True, slots=True)
class Shift:
    """A recognition that would come out differently; None where it is not on the list."""

    recognition_id: int
    organisation: str
    title: str
    before: Outcome | None
    after: Outcome | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The round as it stands and as it would be, and each award that would change."""

    before: Totals
    after: Totals
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class YearEffect:
    """What a year would come to when the years before it are judged first."""

    year: int
    what: WhatIf


def what_if(
    session: Session, year: int, pack: Pack, choices: Choices, every_division: bool = False, name: str = FIRST_NAME
) -> WhatIf:
    """Judge the year as `rounds.prepare` would with these choices; the book stays as it is.

    Refused like there when letters have gone out and the choices differ from those they rest on.
    """
    row = _round_of(session, year, name, every_division)
    if row.state != RoundState.OPEN:
        check_choices(session, row, pack, choices, row.every_division or every_division)
    return _effect(session, row, pack, choices, Supposed())


def in_order(
    session: Session,
    year: int,
    name: str = FIRST_NAME,
    choose: Callable[[Pack, Choices], Choices] = lambda _, choices: choices,
) -> tuple[YearEffect, ...]:
    """Judge the years before that are not judged to an end, then this one with what came out; nothing is stored.

    Each year by the policy and choices it was locked with, or those of now; the last one, `year` itself, by what
    `choose` makes of them.
    """
    target = _round_of(session, year, name, False)
    supposed, found = Supposed(), []
    for one in (*open_years(session, target), year):
        row = target if one == year else _round_of(session, one, FIRST_NAME, target.every_division)
        pack, choices = basis_for(session, one, row.name)
        found.append(YearEffect(one, _effect(session, row, pack, choose(pack, choices) if one == year else choices, supposed)))
    return tuple(found)


def _round_of(session: Session, year: int, name: str, every_division: bool) -> tables.Round:
    """The round of that year and name; one that is not in the book where there is none."""
    row = session.exec(select(tables.Round).where(tables.Round.year == year, tables.Round.name == name)).first()
    everyone = every_division or office(session).division.is_city
    return row or tables.Round(year=year, name=name, state=RoundState.OPEN.value, every_division=everyone)


def _effect(
    session: Session, row: tables.Round, pack: Pack, choices: Choices, supposed: Supposed
) -> WhatIf:
    """The round as it stands and as it would be; what comes out is added to what is supposed."""
    stored = award_lines(session, row.id) if row.id else ()
    living = {line.recognition_id: line for line in stored if line.state not in DEAD_STATES}
    listed = candidates(session, row, choices)
    results, known = judge_list(session, row, listed, pack, choices, supposed)
    before = {key: _stored(line) for key, line in living.items()}
    after = {key: _judged(result) for key, result in results.items()}
    after |= {key: before[key] for key, line in living.items() if line.state is not AwardState.DRAFT}
    names = _names({key: facts for key, (_, facts) in known.items()} | {key: line.facts for key, line in living.items()})
    changed = [key for key in sorted(names) if before.get(key) != after.get(key)]
    shifts = tuple(Shift(key, *names[key], before.get(key), after.get(key)) for key in changed)
    supposed.rounds.add((row.year, row.id or 0))
    for key, result in results.items():
        if result.verdict is not Verdict.UNDECIDED:
            supposed.judged.add(key)
        if result.verdict is Verdict.AWARD:
            supposed.earlier[known[key][0]].append(_counted(key, known[key][1], result, row.year))
    return WhatIf(totals(stored), _sums(after), shifts)


def _counted(key: int, facts: Facts, result: Entitlement, year: int) -> Earlier:
    ours = treasuries([part for part in result.parts if part.payer is Payer.BENEFICIARY])
    city = result.paid_by(Payer.MUNICIPAL)
    beneficiary = result.paid_by(Payer.BENEFICIARY)
    source = f"{year} 年度试算"
    return Earlier(
        facts.title, facts.level, result.award_year or year, beneficiary, city, source, ours, recognition_key(key)
    )


def _names(facts: Mapping[int, Facts]) -> dict[int, tuple[str, str]]:
    titles = Titles.load()
    return {key: (one.organisation, titles.name(one.title, one.level, one.title_type)) for key, one in facts.items()}


def _stored(line: AwardLine) -> Outcome:
    return Outcome(line.verdict, line.paid_by(Payer.BENEFICIARY), line.paid_by(Payer.MUNICIPAL))


def _judged(result: Entitlement) -> Outcome:
    ours, city = (Money.total(part.amount for part in result.parts if part.payer is payer) for payer in (Payer.BENEFICIARY, Payer.MUNICIPAL))
    return Outcome(result.verdict, ours, city)


def _sums(outcomes: Mapping[int, Outcome]) -> Totals:
    counted = [one for one in outcomes.values() if one.verdict is Verdict.AWARD]
    return Totals(Money.total(one.beneficiary for one in counted), Money.total(one.municipal for one in counted), len(counted))
