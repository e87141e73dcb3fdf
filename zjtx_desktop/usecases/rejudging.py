"""Whether what was computed would come out the same today: nothing goes on that would be judged otherwise now."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.entitlement import Case, Entitlement, Verdict, judge
from zjtx_desktop.domain.findings import deciding_day, quoted
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.states import UNDER_WAY, AwardState, RoundState
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.frozen_basis import frozen
from zjtx_desktop.usecases.judging import FEW, View, stored_facts
from zjtx_desktop.values import Division, Money

_OPEN = (AwardState.DRAFT, *UNDER_WAY)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a judgement comes to: the verdict, and each part as treasury and amount, whatever their order was."""

    verdict: Verdict
    parts: tuple[tuple[str, Division, Money, str], ...]  # payer, treasury, amount, clause

    @classmethod
    def of(cls, verdict: Verdict, parts: Iterable[tuple[str, Division, Money, str]]) -> "Outcome":
        """The parts in one order: that in which treasuries were recorded changes nothing."""
        return cls(verdict, tuple(sorted(parts, key=lambda part: part[:2])))

    def __str__(self) -> str:
        if self.verdict is not Verdict.AWARD:
            return self.verdict.label
        listed = "、".join(f"{treasury} {amount} 元" for _, treasury, amount, _ in self.parts)
        return f"奖励 {Money.total(amount for _, _, amount, _ in self.parts)} 元（{listed}）"


@dataclass(frozen=True, slots=True)
class Stale:
    """An award that would be judged otherwise today: how it was, how it would be, and the reason that is new."""

    award_id: int
    number: str
    organisation: str
    title: str
    state: AwardState
    before: Outcome
    now: Outcome
    why: str

    @property
    def sentence(self) -> str:
        """The difference in words, and what to do."""
        advice = "请重新测算" if self.state is AwardState.DRAFT else "请先退回，再重新测算"
        return (
            f"“{self.organisation}”{quoted(self.title)}测算后有变化：原为{self.before}，现在应为{self.now}。{self.why}"
            f"没有办理，{advice}。"
        )


def changed_since(session: Session, round_id: int) -> tuple[Stale, ...]:
    """Every award of a computed round, not yet issued, that would be judged otherwise today."""
    row = session.get_one(tables.Round, round_id)
    if row.state != RoundState.COMPUTED or row.follows_id:
        return ()
    a = tables.Award
    query = select(a).where(a.round_id == round_id, col(a.state).in_(_OPEN)).order_by(col(a.number))
    return _stale(session, row, session.scalars(query).all())


@contextmanager
def judged_together(session: Session, numbers: Iterable[str]) -> Iterator[None]:
    """Judge the awards of a batch at once; `require_current` then asks again only where one may bear on another."""
    a = tables.Award
    rows = session.scalars(select(a).where(col(a.number).in_(list(numbers)), col(a.state).in_(_OPEN))).all()
    by_round: dict[int, list[tables.Award]] = {}
    for row in rows:
        by_round.setdefault(row.round_id, []).append(row)
    stale: set[int] = set()
    for round_id, some in by_round.items():
        line = session.get_one(tables.Round, round_id)
        if line.state == RoundState.COMPUTED:
            stale |= {one.award_id for one in _stale(session, line, some)}
    owners = Counter(row.organisation_id for row in rows)
    session.info["current"] = frozenset(row.id for row in rows if owners[row.organisation_id] == 1) - stale
    try:
        yield
    finally:
        del session.info["current"]


def require_current(session: Session, award: tables.Award) -> None:
    """Refused with the difference in words when the award would be judged otherwise today."""
    if award.id in session.info.get("current", ()):
        return
    if found := _stale(session, session.get_one(tables.Round, award.round_id), (award,)):
        raise Refused(found[0].sentence)


def in_turn(session: Session, numbers: Iterable[str]) -> tuple[str, ...]:
    """The award numbers as given, but those of one organisation in the order in which they were recognised.

    So that of two awards the one that comes first by the judgement is also dealt with first.
    """
    given = tuple(dict.fromkeys(numbers))
    a = tables.Award
    rows = session.scalars(select(a).where(col(a.number).in_(given))).all()
    choices: dict[int, Choices] = {}
    places: dict[int, list[int]] = {}
    known = {row.number: row for row in rows}
    for place, number in enumerate(given):
        if number in known:
            places.setdefault(known[number].organisation_id, []).append(place)
    ordered = list(given)
    for held in places.values():
        if len(held) > 1:
            own = sorted((known[given[place]] for place in held), key=lambda row: _day(session, row, choices))
            for place, row in zip(held, own, strict=True):
                ordered[place] = row.number
    return tuple(ordered)


def _day(session: Session, award: tables.Award, choices: dict[int, Choices]) -> tuple[str, int]:
    if award.round_id not in choices:
        choices[award.round_id] = frozen(session, award.round_id)[1]
    day = deciding_day(stored_facts(award), choices[award.round_id])
    return day.isoformat() if day else "9999", award.recognition_id


def _stale(session: Session, row: tables.Round, awards: Sequence[tables.Award]) -> tuple[Stale, ...]:
    """Of these awards of one round those that would be judged otherwise today."""
    if not awards:
        return ()
    pack, choices = frozen(session, row.id or 0)
    view = View(session, row, _lists_of(row, awards))
    stored = _stored(session, awards)
    drafts: dict[int, dict[int, Entitlement]] = {}
    found = []
    for award in awards:
        key, before = award.recognition_id, stored[award.id or 0]
        owner, held = view.facts[key][0] if key in view.facts else award.organisation_id, view.award(key)
        if held is None or held.fixed is None:
            if owner not in drafts:
                drafts[owner] = _judged(view, owner, None, pack, choices)
            results = (drafts[owner].get(key),)
        else:
            views = (_judged(view, owner, held.fixed, pack, choices, with_rounds) for with_rounds in (True, False))
            results = tuple(one.get(key) for one in views)
        if owner != award.organisation_id or before not in map(_outcome, results):
            found.append(_told(award, before, results[0], view.facts[key][1].organisation if key in view.facts else ""))
    return tuple(found)


def _lists_of(row: tables.Round, awards: Sequence[tables.Award]) -> object:
    """What is judged together with these: all that the round's list has of their organisations."""
    r, i = tables.Recognition, tables.RoundItem
    query = select(i.recognition_id).where(i.round_id == row.id)
    if len(awards) <= FEW:
        mine = select(r.organisation_id).where(col(r.id).in_([award.recognition_id for award in awards]))
        query = query.join(r, col(r.id) == i.recognition_id).where(col(r.organisation_id).in_(mine))
    return query


def _judged(
    view: View, organisation_id: int, fixed: int | None, pack: Pack, choices: Choices, with_rounds: bool = True
) -> dict[int, Entitlement]:
    """The organisation's recognitions judged as when one of them was fixed by a step, by what is recorded today.

    What was fixed before counts as earlier; what was fixed since, or is a draft, competes. Without `with_rounds`
    nothing of earlier rounds counts that was fixed since: it has been judged with this one counted.
    """
    cases = [case for case in view.cases.get(organisation_id, ()) if _competes(view, case, fixed)]
    before = view.earlier(organisation_id, fixed, with_rounds=with_rounds)
    return judge(cases, before, pack, choices, view.unsettled(organisation_id))


def _competes(view: View, case: Case, fixed: int | None) -> bool:
    award = view.award(case.key)
    if award is None:
        return True
    return view.is_here(award) and award.state in _OPEN and not view.stands_before(award, fixed)


def _stored(session: Session, awards: Sequence[tables.Award]) -> dict[int, Outcome]:
    p = tables.AwardPart
    parts: dict[int, list[tuple[str, Division, Money, str]]] = {award.id or 0: [] for award in awards}
    query = select(p.award_id, p.payer, p.division, p.fen, p.clause).order_by(col(p.award_id), col(p.position))
    wanted = {award.round_id for award in awards}
    query = query.join(tables.Award, col(p.award_id) == tables.Award.id).where(col(tables.Award.round_id).in_(wanted))
    if len(awards) <= FEW:
        query = query.where(col(p.award_id).in_([award.id for award in awards]))
    for award_id, payer, division, fen, clause in session.execute(query):
        if award_id in parts:
            parts[award_id].append((str(payer), Division(division), Money(fen), clause))
    return {award.id or 0: Outcome.of(Verdict(award.verdict), parts[award.id or 0]) for award in awards}


def _outcome(now: Entitlement | None) -> Outcome:
    if now is None:
        return Outcome(Verdict.NONE, ())
    return Outcome.of(now.verdict, ((str(p.payer), p.treasury, p.amount, p.clause) for p in now.parts))


def _told(award: tables.Award, before: Outcome, now: Entitlement | None, owner: str) -> Stale:
    facts, after = stored_facts(award), _outcome(now)
    title = Titles.load().name(facts.title, facts.level, facts.title_type)
    reasons = now.reasons if now else ("这条认定已不在本批次的名单中。",)
    known = set(json.loads(award.reasons))
    why = next((text for text in reasons if text not in known), "")
    if before == after and owner:
        why = f"这条认定现在登记在“{owner}”名下。"
    state = AwardState(award.state)
    return Stale(award.id or 0, award.number, facts.organisation, title, state, before, after, why)
