"""What the fields of 测算口径 show of Choices, and the Choices that they come to: of the whole book, or of one county in the city's."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zjtx_desktop.domain.choices import Answers, Choices, CountyAmount
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.switches import SHARED, YEARLY_CAP
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.values import Division

COUNTY, REVIEW, OTHERS = "county", "review", "others"  # how the keys of fields begin, and end for other treasuries
Kind = tuple[str, Level]


def kinds(pack: Pack) -> tuple[Kind, ...]:
    """Every title and level that a beneficiary treasury pays something for, the national ones first."""
    return tuple(
        (title.id, level)
        for level in (Level.NATIONAL, Level.PROVINCIAL)
        for title in Titles.load().all
        if level in title.names and any(rule.kind == "floor" for rule in pack.rules_for(title.id, level))
    )


def key_of(group: str, kind: Kind) -> str:
    """Under which key the amount of a title and level stands."""
    return f"{group} {kind[0]} {kind[1]}"


def binds_city(switch: str) -> bool:
    """Whether a document of the city may make a choice hold for the municipal part too."""
    return switch not in SHARED and switch != YEARLY_CAP


def values_of(choices: Choices, scope: Division | None, pack: Pack) -> dict[str, Any]:
    """The value of every field; `scope` is the county of the city's book whose own they are, None for the whole book."""
    own = next((one for one in choices.counties if one.owner == scope), None) if scope else None
    values: dict[str, Any] = {}
    for name in pack.switches:
        if scope:
            answer = own.switches.get(name) if own else None
            values[name] = (answer, own.bases.get(name, "") if own else "", "")
        else:
            values[name] = (choices.switches[name], choices.bases.get(name, ""), choices.city_documents.get(name, ""))
    whose = scope or choices.division
    for group, amounts in ((COUNTY, choices.county_amounts), (REVIEW, choices.review_amounts)):
        known = {(one.title, one.level): (one.amount, one.basis) for one in amounts if one.division == whose}
        values |= {key_of(group, kind): known.get(kind) for kind in kinds(pack)}
        values[f"{group} {OTHERS}"] = tuple(one for one in amounts if one.division != whose)
    return values


def choices_of(values: Mapping[str, Any], known: Choices, scope: Division | None, pack: Pack) -> Choices:
    """The choices as the fields stand, with all that they do not show as it is `known`. Refused says what is wrong."""
    counties = known.counties
    switches, bases, documents = known.switches, known.bases, known.city_documents
    if scope:
        answers = {name: values[name][0] for name in pack.switches if name not in SHARED and values[name][0] is not None}
        told = {name: values[name][1] for name in answers}
        rest = [one for one in counties if one.owner != scope]
        counties = (*rest, Answers(scope, answers, told)) if answers else tuple(rest)
    else:
        switches, bases, documents = ({name: values[name][place] for name in pack.switches} for place in range(3))
    whose = scope or known.division
    county, review = (
        tuple(_amounts(values, group, [one for one in amounts if one.division != whose], whose))
        for group, amounts in ((COUNTY, known.county_amounts), (REVIEW, known.review_amounts))
    )
    return Choices.of(
        pack,
        switches,
        county,
        bases,
        review,
        division=known.division,
        city_documents={name: text for name, text in documents.items() if text},
        counties=counties,
    )


def _amounts(
    values: Mapping[str, Any], group: str, others: Iterable[CountyAmount], whose: Division | None
) -> Iterator[CountyAmount]:
    """The amounts of one treasury as the fields stand, and the `others` unless a field shows those too."""
    for key, value in values.items():
        start, _, rest = key.partition(" ")
        title, _, level = rest.partition(" ")
        if start == group and title == OTHERS:
            others = others if value is None else value
        elif start == group and value:
            yield CountyAmount(title, Level(level), *value, whose)
    yield from others
