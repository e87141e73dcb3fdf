"""From the book to the judgement and back: what each award rests on, and what of the outcome is new.

A judgement that comes out as it was stored is not touched. An award that is more than a draft is never judged
again: it stands before all that are judged after it, with what is frozen with it.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from sqlalchemy import delete, func, or_, select, update
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
from zjtx_desktop.domain.findings import recognition_key
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.states import DEAD_STATES, MONEYLESS_STATES, AwardState
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.bulk import insert_rows, reserve_ids
from zjtx_desktop.usecases.frozen_basis import frozen
from zjtx_desktop.usecases.office import office
from zjtx_desktop.values import ZERO, Division, Money, Share

_UNREWARDED = (*MONEYLESS_STATES, AwardState.REVOKED, AwardState.RECOVERED)  # no earlier reward to the organisation
_TAKEN = (EntryKind.VOIDED.value, EntryKind.RECOVERED.value)  # what is taken off a grant: 核减 and 追回
FEW = 200  # organisations
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def canonical(value: Any) -> str:
    """JSON that is the same text for the same content; dates are ISO."""
    return _ENCODER.encode(value)


@dataclass(slots=True)
class Supposed:
    """What rounds would come to that are tried and not stored: their drafts do not count as they stand.

    `judged` are the recognitions that they judged to an end, `earlier` what came out, by organisation.
    """

    rounds: set[tuple[int, int]] = field(default_factory=set)
    judged: set[int] = field(default_factory=set)
    earlier: dict[int, list[Earlier]] = field(default_factory=lambda: defaultdict(list))


def judge_round(session: Session, row: tables.Round, pack: Pack, choices: Choices) -> tuple[int, int]:
    """Judge the recognitions on the round's locked list; returns how many awards are new and how many changed."""
    results, known = judge_list(session, row, _listed(row), pack, choices)
    return _store(session, row, results, known)


def judge_organisation(session: Session, row: tables.Round, organisation_id: int, pack: Pack, choices: Choices) -> None:
    """Judge what the round's locked list has of one organisation, and store what came out."""
    results, known = judge_list(session, row, _listed_of(row.id, organisation_id), pack, choices)
    _store(session, row, results, known)


def judge_list(
    session: Session,
    row: tables.Round,
    listed: Any,
    pack: Pack,
    choices: Choices,
    supposed: Supposed | None = None,
) -> tuple[dict[int, Entitlement], dict[int, tuple[int, Facts]]]:
    """Judge these recognitions (ids, or a query for them) and store nothing; with each, whose it is and its facts.

    Left out are those whose award is more than a draft, or stands in another round: they are not judged again.
    What stands of the organisations' awards counts as earlier, here and elsewhere; with `supposed`, some
    rounds are taken to have come out otherwise than they stand.
    """
    view = View(session, row, listed)
    results: dict[int, Entitlement] = {}
    for organisation_id, own in view.cases.items():
        if open_ones := [case for case in own if view.is_open(case.key)]:
            before = view.earlier(organisation_id, None, supposed)
            results |= judge(open_ones, before, pack, choices, view.unsettled(organisation_id, supposed))
    known = {key: (of, facts) for key, (of, facts) in view.facts.items() if key in results}
    return results, known


@dataclass(frozen=True, slots=True)
class Held:
    """A living award that has been judged: where it is dealt with and what it counts for as an earlier one.

    `fixed` is the number of the step by which it left the draft: what was fixed before another counts for that
    one. It is None for a draft. `earlier` is None for what is no reward (不予奖励, 撤销).
    """

    award_id: int
    recognition_id: int
    round: tuple[int, int]
    state: AwardState
    fixed: int | None
    earlier: Earlier | None


class View:
    """What the judgement of a round's recognitions rests on, read at once for all organisations concerned."""

    def __init__(self, session: Session, row: tables.Round, listed: Any) -> None:
        self._place = (row.year, row.id or sys.maxsize)
        self.facts = facts_of(session, col(tables.Recognition.id).in_(listed))
        self.cases = _cases(session, listed, self.facts)
        r = tables.Recognition
        owners = select(r.organisation_id).where(col(r.id).in_(listed))
        self.held = _held(session, owners)
        self.past = _past(session, owners)
        self.pending = _pending(session, owners, row.year)
        self._by_recognition = {one.recognition_id: one for some in self.held.values() for one in some}

    def award(self, recognition_id: int) -> Held | None:
        """The living award of a recognition, wherever it stands."""
        return self._by_recognition.get(recognition_id)

    def is_open(self, recognition_id: int) -> bool:
        """Whether a recognition is to be judged here: it has no award, or a draft of this round."""
        award = self.award(recognition_id)
        return award is None or (self.is_here(award) and award.fixed is None)

    def is_here(self, award: Held) -> bool:
        """Whether an award belongs to the round that is judged."""
        return award.round == self._place

    def earlier(
        self, organisation_id: int, fixed: int | None, supposed: Supposed | None = None, with_rounds: bool = True
    ) -> tuple[Earlier, ...]:
        """What stands before an award of this round that was fixed by step `fixed`, or is a draft still.

        `with_rounds`: all of earlier rounds counts as well, drafts too: a question too many is cheaper than a
        payment too many.
        """
        before = (
            one.earlier
            for one in self.held.get(organisation_id, ())
            if one.earlier
            and not (supposed and one.fixed is None and one.round in supposed.rounds)
            and ((with_rounds and one.round < self._place) or self.stands_before(one, fixed))
        )
        more = supposed.earlier[organisation_id] if supposed else ()
        return (*before, *self.past.get(organisation_id, ()), *more)

    def unsettled(self, organisation_id: int, supposed: Supposed | None = None) -> tuple[tuple[str, Facts], ...]:
        """The organisation's recognitions of earlier years that are not judged to an end, with their keys."""
        judged = supposed.judged if supposed else ()
        found = self.pending.get(organisation_id, ())
        return tuple((recognition_key(key), facts) for key, facts in found if key not in judged)

    def stands_before(self, one: Held, fixed: int | None) -> bool:
        """Whether an award was fixed before another was."""
        return one.fixed is not None and (fixed is None or one.fixed < fixed)


def asked_about(session: Session, award: tables.Award, question: str) -> frozenset[str]:
    """What an open question of a draft is about today; nothing where it is no longer asked."""
    mine = _listed_of(award.round_id, award.organisation_id)
    row = session.get_one(tables.Round, award.round_id)
    results, _ = judge_list(session, row, mine, *frozen(session, award.round_id))
    found = results.get(award.recognition_id)
    return found.asked.get(question, frozenset()) if found else frozenset()


def facts_of(session: Session, *where: Any) -> dict[int, tuple[int, Facts]]:
    """What the judgement rests on, by recognition, with the organisation it belongs to."""
    r, o = tables.Recognition, tables.Organisation
    columns = (
        r.id, o.id, o.name, o.credit_code, r.title, r.level, r.kind, r.label_year, r.document_title, r.document_number,
        r.document_date, r.valid_from, r.valid_to, r.publicity_only, o.is_company, r.title_type,
    )  # fmt: skip
    query = select(*columns).join(o, col(r.organisation_id) == o.id).where(*where).order_by(col(r.id))
    rows = session.connection().execute(query).all()
    owners = {row[1] for row in rows}
    shares, excluded = _shares(session, owners), _exclusions(session, owners)
    none: _Shared = ((), None, True)
    return {row[0]: (row[1], _fact(row, shares.get(row[1], none), excluded.get(row[1], ()))) for row in rows}


_Shared = tuple[tuple[Share, ...], str | None, bool]


def _fact(row: Any, shared: _Shared, exclusions: tuple[str, ...]) -> Facts:
    shares, basis, confirmed = shared
    return Facts(
        organisation=row[2], credit_code=row[3], title=row[4], level=Level(row[5]), kind=Kind(row[6]), label_year=row[7],
        document_title=row[8], document_number=row[9], document_date=row[10], valid_from=row[11], valid_to=row[12],
        publicity_only=row[13], shares=shares, shares_basis=basis, shares_confirmed=confirmed, payee_is_company=row[14],
        exclusions=exclusions, title_type=row[15],
    )  # fmt: skip


def _of(column: Any, organisations: set[int]) -> tuple[Any, ...]:
    """The condition for rows of a few organisations; of many the whole table is read, which is faster."""
    return (col(column).in_(organisations),) if len(organisations) <= FEW else ()


def _shares(session: Session, organisations: set[int]) -> dict[int, _Shared]:
    found = defaultdict(list)
    b = tables.Beneficiary
    columns = (b.organisation_id, b.division, b.weight, b.evidence, b.confirmed)
    query = select(*columns).where(*_of(b.organisation_id, organisations)).order_by(col(b.organisation_id), col(b.id))
    for organisation_id, division, weight, evidence, confirmed in session.connection().execute(query):
        if organisation_id in organisations:
            found[organisation_id].append((Share(Division(division), weight), evidence, bool(confirmed)))
    return {
        key: (tuple(share for share, *_ in some), some[0][1], all(confirmed for *_, confirmed in some))
        for key, some in found.items()
    }


def _exclusions(session: Session, organisations: set[int]) -> dict[int, tuple[str, ...]]:
    """What the latest look-up of an organisation's credit has against it (失信、经营异常 and the like)."""
    c = tables.CreditCheck
    columns = (c.organisation_id, c.on_date, c.source, c.clean, c.finding)
    query = select(*columns).where(*_of(c.organisation_id, organisations)).order_by(col(c.on_date), col(c.id))
    latest = {row[0]: row for row in session.connection().execute(query) if row[0] in organisations}
    return {
        key: (f"{finding}（{source}，核查日期 {on}）",)
        for key, (_, on, source, clean, finding) in latest.items()
        if not clean
    }


def _cases(session: Session, listed: Any, facts: Mapping[int, tuple[int, Facts]]) -> dict[int, list[Case]]:
    """The recognitions with their decisions and manual amounts, by organisation."""
    decisions = defaultdict(list)
    for row in session.scalars(select(tables.Decision).where(col(tables.Decision.recognition_id).in_(listed))):
        about = None if row.about is None else frozenset(json.loads(row.about))
        decisions[row.recognition_id].append(Decision(row.question, row.award, row.reason, row.by_name, about))
    manual = _manual(session, listed)
    cases = defaultdict(list)
    for key, (organisation_id, one) in facts.items():
        cases[organisation_id].append(Case(key, one, tuple(decisions.get(key, ())), manual.get(key, ())))
    return cases


def _manual(session: Session, listed: Any) -> dict[int, tuple[ManualAmount, ...]]:
    m = tables.ManualAmount
    found = defaultdict(list)
    for row in session.scalars(select(m).where(col(m.recognition_id).in_(listed)).order_by(col(m.id))):
        payer, treasury = Payer(row.payer), Division(row.division)
        one = ManualAmount(payer, treasury, Money(row.fen), row.reason, row.document, row.by_name)
        found[row.recognition_id].append(one)
    return {key: tuple(some) for key, some in found.items()}


def _held(session: Session, owners: Any) -> dict[int, list[Held]]:
    """Every living award of these organisations with what it counts for: the grant less 核减 and 追回."""
    a, r, s = tables.Award, tables.Round, tables.AwardStep
    left = (
        select(s.award_id, func.max(s.id).label("fixed"))
        .where(col(s.from_state) == AwardState.DRAFT.value, col(s.award_id).in_(_awards_of(owners)))
        .group_by(col(s.award_id))
        .subquery()
    )
    columns = (
        a.organisation_id, a.id, a.recognition_id, a.number, a.state, a.verdict, a.award_year, r.year, r.id.label("round"),
        left.c.fixed, func.json_extract(a.facts, "$.title").label("title"), func.json_extract(a.facts, "$.level").label("level"),
    )  # fmt: skip
    query = (
        select(*columns)
        .join(r, col(a.round_id) == r.id)
        .outerjoin(left, left.c.award_id == a.id)
        .where(col(a.organisation_id).in_(owners), col(a.state).not_in(DEAD_STATES))
        .order_by(col(a.id))
    )
    money = _money_left(session, owners)
    found: dict[int, list[Held]] = defaultdict(list)
    for row in session.connection().execute(query):
        state = AwardState(row.state)
        fixed = None if state is AwardState.DRAFT else row.fixed or 0
        counts = state not in _UNREWARDED and row.verdict == Verdict.AWARD
        earlier = _earlier(row, state, money.get(row.id, ({}, ZERO))) if counts else None
        found[row.organisation_id].append(Held(row.id, row.recognition_id, (row.year, row.round), state, fixed, earlier))
    return found


def _awards_of(owners: Any) -> Any:
    a = tables.Award
    return select(a.id).where(col(a.organisation_id).in_(owners))


def _earlier(row: Any, state: AwardState, money: tuple[dict[Division, Money], Money]) -> Earlier:
    ours, city = money
    source = f"{row.number}（{state.label}）"
    key = recognition_key(row.recognition_id)
    return Earlier(row.title, Level(row.level), row.award_year, Money.total(ours.values()), city, source, ours, key)


def _money_left(session: Session, owners: Any) -> dict[int, tuple[dict[Division, Money], Money]]:
    """Of each award what its beneficiary treasuries give, by treasury, and what the city gives."""
    a, p, e = tables.Award, tables.AwardPart, tables.LedgerEntry
    taken = (
        select(e.part_id, func.sum(e.fen).label("fen"))
        .where(
            col(e.kind).in_(_TAKEN),
            col(e.part_id).in_(select(p.id).where(col(p.award_id).in_(_awards_of(owners)))),
        )
        .group_by(col(e.part_id))
        .subquery()
    )
    query = (
        select(p.award_id, p.payer, p.division, p.fen - func.coalesce(taken.c.fen, 0))
        .join(a, col(p.award_id) == a.id)
        .outerjoin(taken, taken.c.part_id == p.id)
        .where(col(a.organisation_id).in_(owners))
    )
    found: dict[int, tuple[dict[Division, Money], Money]] = {}
    for award_id, payer, division, fen in session.connection().execute(query):
        ours, city = found.get(award_id, ({}, ZERO))
        if payer == Payer.MUNICIPAL:
            found[award_id] = ours, city + Money(fen)
        else:
            ours[Division(division)] = ours.get(Division(division), ZERO) + Money(fen)
            found[award_id] = ours, city
    return found


def _past(session: Session, owners: Any) -> dict[int, list[Earlier]]:
    """What these organisations were paid before this program (历史)."""
    p = tables.PastAward
    columns = (p.organisation_id, p.title, p.level, p.award_year, p.beneficiary_fen, p.municipal_fen, p.source, p.id)
    found = defaultdict(list)
    query = select(*columns).where(col(p.organisation_id).in_(owners)).order_by(col(p.id))
    for organisation_id, title, level, year, ours, city, source, past_id in session.connection().execute(query):
        earlier = Earlier(title, Level(level), year, Money(ours), Money(city), f"历史：{source}", key=f"历史/{past_id}")
        found[organisation_id].append(earlier)
    return found


def unjudged(session: Session, listed: Any, year: int) -> dict[int, list[tuple[int, Facts]]]:
    """Of the organisations of these recognitions those from before a year that no round has judged to an end."""
    r = tables.Recognition
    return _pending(session, select(r.organisation_id).where(col(r.id).in_(listed)), year)


def _pending(session: Session, owners: Any, year: int) -> dict[int, list[tuple[int, Facts]]]:
    """The recognitions of these organisations from before a year that no round has judged to an end."""
    r, a = tables.Recognition, tables.Award
    open_drafts = (a.state == AwardState.DRAFT.value) & (a.verdict == Verdict.UNDECIDED.value)
    judged = select(a.recognition_id).where(~open_drafts, col(a.state).not_in(DEAD_STATES))
    start = date(year, 1, 1)
    before = or_(col(r.label_year) < year, col(r.document_date) < start, col(r.valid_from) < start)
    where = (col(r.organisation_id).in_(owners), ~col(r.publicity_only), before, col(r.id).not_in(judged))
    found = defaultdict(list)
    for key, (organisation_id, facts) in facts_of(session, *where).items():
        found[organisation_id].append((key, facts))
    return found


def _store(
    session: Session, row: tables.Round, results: Mapping[int, Entitlement], known: Mapping[int, tuple[int, Facts]]
) -> tuple[int, int]:
    code = office(session).division.code
    living = (tables.Award.round_id == row.id, col(tables.Award.state).not_in(DEAD_STATES))
    stored = {award.recognition_id: award for award in session.scalars(select(tables.Award).where(*living))}
    awarded = select(tables.Award.number).where(col(tables.Award.recognition_id).in_(_listed(row)))
    numbers = set(session.scalars(awarded))
    fresh: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    changed = 0
    next_award = reserve_ids(session, tables.Award)
    for key, result in results.items():
        organisation_id, facts = known[key]
        values = _values(result, facts) | {"organisation_id": organisation_id}
        have = stored.get(key)
        if have is None:
            award_id = next_award + len(fresh)
            number = _number(code, row.year, key, numbers)
            fixed = {"id": award_id, "number": number, "round_id": row.id, "recognition_id": key}
            fresh.append(values | fixed | {"state": AwardState.DRAFT.value})
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


def _listed(row: tables.Round) -> Any:
    """The recognitions on a round's locked list."""
    return select(tables.RoundItem.recognition_id).where(tables.RoundItem.round_id == row.id)


def _listed_of(round_id: int | None, organisation_id: int) -> Any:
    """Those of them that are of one organisation."""
    r, i = tables.Recognition, tables.RoundItem
    mine = select(i.recognition_id).join(r, col(r.id) == i.recognition_id)
    return mine.where(i.round_id == round_id, r.organisation_id == organisation_id)


def _number(code: str, year: int, recognition_id: int, taken: set[str]) -> str:
    """The award's number: county, year, recognition; a voided one keeps its own and the next gets a suffix.

    It is the only one of its kind in the book: it names the recognition, and `taken` has all numbers of that.
    """
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


def stored_facts(award: tables.Award) -> Facts:
    """The inputs that an award was judged by."""
    return facts_from_json(json.loads(award.facts))


def facts_from_json(data: Mapping[str, Any]) -> Facts:
    """The inputs as they were when the judgement was stored."""
    known = dict(data)
    for name in ("document_date", "valid_from", "valid_to"):
        known[name] = date.fromisoformat(known[name]) if known[name] else None
    known["shares"] = tuple(Share(Division(code), weight) for code, weight in known["shares"])
    known["level"], known["kind"] = Level(known["level"]), Kind(known["kind"])
    known["exclusions"] = tuple(known["exclusions"])
    return Facts(**known)
