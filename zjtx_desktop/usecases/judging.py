"""From the book to the judgement and back: what each award rests on, and what of the outcome is new.

A judgement that comes out as it was stored is not touched; an issued award is never touched.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.entitlement import (
    Case,
    Decision,
    Earlier,
    Entitlement,
    Facts,
    ManualAmount,
    Part,
    Payer,
    Verdict,
    judge,
)
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.states import DEAD_STATES, MONEYLESS_STATES, AwardState
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.bulk import insert_rows, reserve_ids
from zjtx_desktop.usecases.office import office
from zjtx_desktop.values import Division, Money, Share

_UNREWARDED = (*MONEYLESS_STATES, AwardState.REVOKED, AwardState.RECOVERED)  # no earlier reward to the organisation


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def canonical(value: Any) -> str:
    """JSON that is the same text for the same content; dates are ISO."""
    return _ENCODER.encode(value)


def judge_round(session: Session, row: tables.Round, pack: Pack, choices: Choices) -> tuple[int, int]:
    """Judge every recognition on the round's locked list; returns how many awards are new and how many changed."""
    locked = select(tables.RoundItem.recognition_id).where(tables.RoundItem.round_id == row.id)
    results, known = judge_list(session, row.id, locked, pack, choices)
    return _store(session, row, results, known)


def judge_list(
    session: Session, round_id: int | None, listed: Any, pack: Pack, choices: Choices
) -> tuple[dict[int, Entitlement], dict[int, tuple[int, Facts]]]:
    """Judge these recognitions (ids, or a query for them) and store nothing; with each, whose it is and its facts.

    What the organisations were given in other rounds than `round_id` counts as earlier.
    """
    cases = _cases(session, round_id, listed)
    earlier = _earlier(session, round_id, cases)
    results: dict[int, Entitlement] = {}
    for organisation_id, own in cases.items():
        results |= judge(tuple(own), earlier.get(organisation_id, ()), pack, choices)
    return results, {case.key: (organisation_id, case.facts) for organisation_id, own in cases.items() for case in own}


def facts_of(session: Session, *where: Any) -> dict[int, tuple[int, Facts]]:
    """What the judgement rests on, by recognition, with the organisation it belongs to."""
    r, o = tables.Recognition, tables.Organisation
    columns = (
        r.id, o.id, o.name, o.credit_code, r.title, r.level, r.kind, r.label_year, r.document_title, r.document_number,
        r.document_date, r.valid_from, r.valid_to, r.publicity_only, o.is_company,
    )  # fmt: skip
    query = select(*columns).join(o, col(r.organisation_id) == o.id).where(*where).order_by(col(r.id))
    rows = session.connection().execute(query).all()
    shares = _shares(session, {row[1] for row in rows})
    return {row[0]: (row[1], _fact(row, *shares.get(row[1], ((), None)))) for row in rows}


def _fact(row: Any, shares: tuple[Share, ...], basis: str | None) -> Facts:
    return Facts(
        organisation=row[2], credit_code=row[3], title=row[4], level=Level(row[5]), kind=Kind(row[6]), label_year=row[7],
        document_title=row[8], document_number=row[9], document_date=row[10], valid_from=row[11], valid_to=row[12],
        publicity_only=row[13], shares=shares, shares_basis=basis, payee_is_company=row[14], exclusions=(),
    )  # fmt: skip


def _shares(session: Session, organisations: set[int]) -> dict[int, tuple[tuple[Share, ...], str | None]]:
    found = defaultdict(list)
    b = tables.Beneficiary
    query = select(b.organisation_id, b.division, b.weight, b.evidence).order_by(col(b.organisation_id), col(b.id))
    for organisation_id, division, weight, evidence in session.connection().execute(query):
        if organisation_id in organisations:
            found[organisation_id].append((Share(Division(division), weight), evidence))
    return {key: (tuple(share for share, _ in some), some[0][1]) for key, some in found.items()}


def _cases(session: Session, round_id: int | None, listed: Any) -> dict[int, list[Case]]:
    """The recognitions with their decisions and manual amounts, by organisation."""
    decisions = defaultdict(list)
    for row in session.scalars(select(tables.Decision).where(col(tables.Decision.recognition_id).in_(listed))):
        decisions[row.recognition_id].append(Decision(row.question, row.award, row.reason, row.by_name))
    manual, held = _manual(session, listed), _held(session, round_id)
    cases = defaultdict(list)
    for key, (organisation_id, facts) in facts_of(session, col(tables.Recognition.id).in_(listed)).items():
        case = Case(key, facts, tuple(decisions.get(key, ())), manual.get(key, ()), held.get(key))
        cases[organisation_id].append(case)
    return cases


def _manual(session: Session, listed: Any) -> dict[int, tuple[ManualAmount, ...]]:
    m = tables.ManualAmount
    found = defaultdict(list)
    for row in session.scalars(select(m).where(col(m.recognition_id).in_(listed)).order_by(col(m.id))):
        payer, treasury = Payer(row.payer), Division(row.division)
        one = ManualAmount(payer, treasury, Money(row.fen), row.reason, row.document, row.by_name)
        found[row.recognition_id].append(one)
    return {key: tuple(some) for key, some in found.items()}


def _held(session: Session, round_id: int | None) -> dict[int, Money]:
    """Of the round's awards that are more than drafts the beneficiary money, nothing of those taken out."""
    a = tables.Award
    settled = col(a.state).not_in((AwardState.DRAFT, *DEAD_STATES))
    query = select(a.recognition_id, a.state, a.verdict, a.beneficiary_fen).where(a.round_id == round_id, settled)
    return {
        key: Money(fen if state not in _UNREWARDED and verdict == Verdict.AWARD else 0)
        for key, state, verdict, fen in session.execute(query)
    }


def _earlier(session: Session, round_id: int | None, organisations: Iterable[int]) -> dict[int, tuple[Earlier, ...]]:
    """Every living award of these organisations in other rounds, issued or not: a warning too many is cheaper.

    What they were paid before this program (历史) counts like it.
    """
    wanted = set(organisations)
    a, r = tables.Award, tables.Recognition
    query = (
        select(a.organisation_id, r.title, r.level, a.award_year, a.beneficiary_fen, a.municipal_fen, a.number, a.state)
        .join(r, col(a.recognition_id) == r.id)
        .where(a.round_id != round_id, col(a.state).not_in(_UNREWARDED), a.verdict == Verdict.AWARD.value)
        .order_by(col(a.id))
    )
    found = defaultdict(list)
    for organisation_id, title, level, year, ours, city, number, state in session.connection().execute(query):
        if organisation_id in wanted:
            source = f"{number}（{AwardState(state).label}）"
            found[organisation_id].append(Earlier(title, Level(level), year, Money(ours), Money(city), source))
    p = tables.PastAward
    past = select(p.organisation_id, p.title, p.level, p.award_year, p.beneficiary_fen, p.municipal_fen, p.source)
    for organisation_id, title, level, year, ours, city, source in session.connection().execute(past.order_by(col(p.id))):
        if organisation_id in wanted:
            found[organisation_id].append(Earlier(title, Level(level), year, Money(ours), Money(city), f"历史：{source}"))
    return {key: tuple(some) for key, some in found.items()}


def _store(
    session: Session, row: tables.Round, results: Mapping[int, Entitlement], known: Mapping[int, tuple[int, Facts]]
) -> tuple[int, int]:
    code = office(session).division.code
    living = (tables.Award.round_id == row.id, col(tables.Award.state).not_in(DEAD_STATES))
    stored = {award.recognition_id: award for award in session.scalars(select(tables.Award).where(*living))}
    numbers = set(session.scalars(select(tables.Award.number).where(tables.Award.round_id == row.id)))
    fresh: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    changed = 0
    next_award = reserve_ids(session, tables.Award)
    for key, result in results.items():
        organisation_id, facts = known[key]
        values = _values(result, facts)
        have = stored.get(key)
        if have is None:
            award_id = next_award + len(fresh)
            number = _number(code, row.year, key, numbers)
            fixed = {"id": award_id, "number": number, "round_id": row.id, "recognition_id": key}
            fresh.append(values | fixed | {"organisation_id": organisation_id, "state": AwardState.DRAFT.value})
        elif have.state == AwardState.DRAFT and any(getattr(have, name) != value for name, value in values.items()):
            award_id = have.id or 0
            changed += 1
            _rewrite(session, award_id, values)
        else:
            continue
        parts += [_part(award_id, position, part) for position, part in enumerate(result.parts)]
    for number, part in enumerate(parts, start=reserve_ids(session, tables.AwardPart)):
        part["id"] = number
    insert_rows(session, tables.Award, fresh)
    insert_rows(session, tables.AwardPart, parts)
    session.expire_all()
    return len(fresh), changed


def _rewrite(session: Session, award_id: int, values: Mapping[str, Any]) -> None:
    connection = session.connection()
    connection.execute(update(tables.Award).where(col(tables.Award.id) == award_id).values(**values))
    connection.execute(delete(tables.AwardPart).where(col(tables.AwardPart.award_id) == award_id))


def _values(result: Entitlement, facts: Facts) -> dict[str, Any]:
    by_payer: dict[str, int] = defaultdict(int)
    for part in result.parts:
        by_payer[part.payer.value] += part.amount.fen
    return {
        "verdict": result.verdict.value,
        "award_year": result.award_year,
        "beneficiary_fen": by_payer["beneficiary"],
        "municipal_fen": by_payer["municipal"],
        "facts": canonical(facts_to_json(facts)),
        "reasons": canonical(result.reasons),
        "warnings": canonical(result.warnings),
        "questions": canonical(result.open_questions),
        "matched": canonical([[p.rule, p.payer, p.treasury.code, p.amount.fen, p.clause] for p in result.parts]),
        "by_policy_fen": result.by_policy.fen if result.by_policy else None,
        "uncapped_fen": result.uncapped.fen if result.uncapped else None,
    }


def _part(award_id: int, position: int, part: Part) -> dict[str, Any]:
    return {
        "award_id": award_id, "position": position, "payer": part.payer.value, "division": part.treasury.code,
        "fen": part.amount.fen, "rule": part.rule, "clause": part.clause,
    }  # fmt: skip


def _number(code: str, year: int, recognition_id: int, taken: set[str]) -> str:
    """The award's number: county, year, recognition; a voided one keeps its own and the next gets a suffix."""
    first = number = f"{code}-{year}-{recognition_id:05d}"
    again = 1
    while number in taken:
        again += 1
        number = f"{first}-{again}"
    taken.add(number)
    return number


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """Every input of a judgement, shares as [division code, weight]."""
    plain = {field.name: getattr(facts, field.name) for field in fields(facts)}
    return plain | {"shares": [[share.division.code, share.weight] for share in facts.shares]}


def facts_from_json(data: Mapping[str, Any]) -> Facts:
    """The inputs as they were when the judgement was stored."""
    known = dict(data)
    for name in ("document_date", "valid_from", "valid_to"):
        known[name] = date.fromisoformat(known[name]) if known[name] else None
    known["shares"] = tuple(Share(Division(code), weight) for code, weight in known["shares"])
    known["level"], known["kind"] = Level(known["level"]), Kind(known["kind"])
    known["exclusions"] = tuple(known["exclusions"])
    return Facts(**known)
