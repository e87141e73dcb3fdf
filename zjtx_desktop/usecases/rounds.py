"""Annual batches: the list is locked, then every recognition on it gets its explained judgement."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from sqlalchemy import case, delete, func, or_
from sqlmodel import Session, col, select

from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.entitlement import Verdict, award_year
from zjtx_desktop.domain.findings import deciding_day, question_labels
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.states import DEAD_STATES, ISSUED_STATES, UNDER_WAY, AwardState, RoundState, transition
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.bulk import insert_rows, reserve_ids
from zjtx_desktop.usecases.closed_years import closed_years, require_open
from zjtx_desktop.usecases.consents import agreed
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.frozen_basis import frozen, read_kept
from zjtx_desktop.usecases.judging import canonical, facts_of, judge_round, unjudged
from zjtx_desktop.usecases.office import office, own_treasury
from zjtx_desktop.usecases.packs import carried, current_pack, keep_pack
from zjtx_desktop.usecases.rejudging import Stale, changed_since

FIRST_NAME = "第一批"
UNLOCKED, TAKEN = "解除名单锁定", "采用新政策"


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round as a list shows it. `closed` says by whom and when its year was closed (已结账), else it is empty."""

    id: int
    year: int
    name: str
    state: RoundState
    every_division: bool
    follows: int | None = None  # the round whose unpaid awards it carries on (结转)
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Computed:
    """What a computation did: awards added, changed, discarded, and what it wants the person to know."""

    round: RoundLine
    added: int
    changed: int
    discarded: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """How a round stands: `joining` and `leaving` are recognitions that its locked list lacks or has too many.

    Of the drafts `ready` are to be awarded, the others are `undecided` or `refused`; `under_way` are between
    初审 and 审定, `excluded` were taken out by a person, `issued` have their letter, wherever they stand since. `questions` names
    what a decision may be asked for, `choices` are the choices in force as sentences. `policy` are the numbers of the
    documents that the round rests on, `newer` those of the policy in use that it could take up instead. `stale` are
    the awards that would be judged otherwise today, `open_years` the years before that are not judged to an end.
    """

    line: RoundLine
    listed: int
    joining: int
    leaving: int
    ready: int
    undecided: int
    refused: int
    under_way: int
    excluded: int
    issued: int
    voided: int
    questions: Mapping[str, str]
    choices: tuple[str, ...]
    policy: str
    newer: str
    stale: tuple[Stale, ...] = ()
    open_years: tuple[int, ...] = ()

    @property
    def drafts(self) -> int:
        """The results that unlocking discards."""
        return self.ready + self.undecided + self.refused

    @property
    def is_outdated(self) -> bool:
        """Whether the locked list is no longer the one that would be locked now."""
        return bool(self.joining or self.leaving)


def rounds(session: Session) -> tuple[RoundLine, ...]:
    """Every round, the latest year first."""
    found = session.exec(select(tables.Round).order_by(col(tables.Round.year).desc(), col(tables.Round.id))).all()
    closed = closed_years(session)
    return tuple(_line(row, closed[row.year].sentence if row.year in closed else "") for row in found)


def find_round(session: Session, year: int, name: str = FIRST_NAME) -> RoundLine:
    """The round of that year and name; NotFound says how to make it."""
    row = session.exec(select(tables.Round).where(tables.Round.year == year, tables.Round.name == name)).first()
    if row is None:
        raise NotFound(f"{year} 年度{name}还没有测算。请先测算，再做这一步。")
    return _line(row)


@guarded
def open_round(session: Session, year: int, name: str = FIRST_NAME, every_division: bool = False) -> RoundLine:
    """The round of that year and name, made when there is none."""
    row = session.exec(select(tables.Round).where(tables.Round.year == year, tables.Round.name == name)).first()
    if row is None:
        require_open(session, year)
        everyone = every_division or office(session).division.is_city
        row = tables.Round(year=year, name=name, state=RoundState.OPEN.value, every_division=everyone)
        row.pack_row = keep_pack(session, current_pack(session))
        session.add(row)
        session.flush()
    return _line(row)


@guarded
def lock(session: Session, round_id: int, pack: Pack, choices: Choices) -> None:
    """Fix the list, the pack and the choices; only then can be computed."""
    row = _get_to_judge(session, round_id)
    if row.choices is not None:
        check_choices(session, row, pack, choices, row.every_division)
    row.state = transition(RoundState(row.state), "lock").value
    row.pack_row = keep_pack(session, pack)
    row.choices = canonical(choices.to_json())
    wanted = candidates(session, row, choices)
    session.flush()
    ids = reserve_ids(session, tables.RoundItem)
    insert_rows(
        session,
        tables.RoundItem,
        [{"id": n, "round_id": round_id, "recognition_id": r} for n, r in enumerate(sorted(wanted), start=ids)],
    )


@guarded
def unlock(session: Session, round_id: int) -> int:
    """Open the list again; discards every draft and returns how many those were.

    Refused while awards are on their way: somebody has judged them by this list. A draft that was sent back
    stays, with its number and the steps on record, to be judged anew. Once steps were taken it needs two persons.
    """
    _get_to_judge(session, round_id)
    _refuse_under_way(session, round_id)
    if has_steps(session, round_id):
        agreed(session, UNLOCKED, {"round": round_id})
    return _open_again(session, round_id)


def has_steps(session: Session, round_id: int) -> bool:
    """Whether somebody has judged awards of the round by its list."""
    a, t = tables.Award, tables.AwardStep
    query = select(t.id).join(a, col(t.award_id) == a.id).where(a.round_id == round_id)
    return session.exec(query.limit(1)).first() is not None


def _open_again(session: Session, round_id: int) -> int:
    row = _get_to_judge(session, round_id)
    _refuse_under_way(session, round_id)
    row.state = transition(RoundState(row.state), "unlock").value
    stepped = select(tables.AwardStep.award_id)
    drafts = select(tables.Award.id).where(
        tables.Award.round_id == round_id, tables.Award.state == AwardState.DRAFT.value, col(tables.Award.id).not_in(stepped)
    )
    discarded = session.exec(drafts).all()
    parts = delete(tables.AwardPart).where(col(tables.AwardPart.award_id).in_(drafts))
    session.connection().execute(parts)
    session.connection().execute(delete(tables.Award).where(col(tables.Award.id).in_(drafts)))
    session.connection().execute(delete(tables.RoundItem).where(col(tables.RoundItem.round_id) == round_id))
    session.flush()
    return len(discarded)


def basis_for(session: Session, year: int, name: str = FIRST_NAME) -> tuple[Pack, Choices]:
    """The pack and choices that a round keeps, its list locked or open; of a new one the current policy with its defaults.

    A round keeps its policy until a person takes another up, see `take_policy`.
    """
    found = session.exec(select(tables.Round).where(tables.Round.year == year, tables.Round.name == name)).first()
    return _kept(session, found) if found else _today(session)


def keeps_policy(session: Session, round_id: int) -> bool:
    """Whether a round has a policy of its own already."""
    return _get(session, round_id).pack_row is not None


def newer_policy(session: Session, year: int, name: str = FIRST_NAME) -> tuple[Pack, Choices, tuple[str, ...]] | None:
    """The policy in use where a round keeps another: with the round's choices, and a sentence for each that is lost."""
    (old, choices), new = basis_for(session, year, name), current_pack(session)
    return None if old.sha256 == new.sha256 else (new, *carried(choices, old, new))


@guarded
def take_policy(session: Session, round_id: int) -> Computed | None:
    """Let a round take up the policy in use, its choices carried over; a locked one is computed anew.

    Two persons agree where that changes amounts. Refused where it has that policy already, and once a letter was issued.
    """
    row = _get_to_judge(session, round_id)
    newer = newer_policy(session, row.year, row.name)
    if newer is None:
        raise Refused(f"{row.year} 年度{row.name}用的就是现行政策，不需要再采用。")
    pack, choices, _ = newer
    if RoundState(row.state) is not RoundState.OPEN:
        return prepare(session, row.year, pack, choices, row.every_division, row.name)
    if _any_issued(session, round_id):
        raise _issued_already(row)
    row.pack_row, row.choices = keep_pack(session, pack), canonical(choices.to_json())
    session.add(row)
    session.flush()
    return None


@guarded
def prepare(
    session: Session, year: int, pack: Pack, choices: Choices, every_division: bool = False, name: str = FIRST_NAME
) -> Computed:
    """Open, lock and compute the round of a year in one go, opening it again first when its list has changed.

    Choices that differ from those the round was locked with are refused once a letter was issued; another policy that
    changes amounts takes two persons.
    """
    line = open_round(session, year, name, every_division)
    row = _get_to_judge(session, line.id)
    before = _amounts(session, line.id) if row.pack_row and _kept(session, row)[0].sha256 != pack.sha256 else {}
    wide = line.every_division or every_division
    discarded, warnings = 0, []
    if line.state is not RoundState.OPEN:
        differs = check_choices(session, row, pack, choices, wide)
        row.every_division = wide
        session.flush()
        if differs or candidates(session, row, choices) != _locked(session, line.id):
            discarded = _open_again(session, line.id)
            warnings.append(f"名单或测算口径有变化，已重新锁定，原测算结果 {discarded} 笔作废重算。")
    row.every_division = wide
    if RoundState(row.state) is RoundState.OPEN:
        lock(session, line.id, pack, choices)
    computed = compute(session, line.id)
    if before and _amounts(session, line.id) != before:
        agreed(session, TAKEN, {"round": line.id, "pack": pack.sha256})
    return replace(computed, discarded=discarded, warnings=(*warnings, *computed.warnings))


@guarded
def compute(session: Session, round_id: int) -> Computed:
    """Judge every recognition on the locked list and store what came out."""
    row = _get_to_judge(session, round_id)
    row.state = transition(RoundState(row.state), "compute").value
    added, changed = judge_round(session, row, *frozen(session, round_id))
    return Computed(_line(row), added, changed, 0, _earlier_years(session, row))


def _amounts(session: Session, round_id: int) -> dict[tuple[int, str, str], int]:
    """What each recognition of the round gets, from whom, in fen."""
    a, p = tables.Award, tables.AwardPart
    query = (
        select(a.recognition_id, p.payer, p.division, func.sum(p.fen))
        .join(p, col(p.award_id) == a.id)
        .where(a.round_id == round_id)
        .group_by(col(a.recognition_id), col(p.payer), col(p.division))
    )
    return {(owner, payer, where): fen for owner, payer, where, fen in session.exec(query)}


def open_years(session: Session, row: tables.Round) -> dict[int, int]:
    """The earlier years of the policy with recognitions of the round's organisations that are not judged to an end.

    With each year how many those are.
    """
    pack, choices = basis_for(session, row.year, row.name)
    listed = _listed(session, row, choices)
    counted: Counter[int] = Counter()
    for _, facts in chain.from_iterable(unjudged(session, listed, row.year).values()):
        day = deciding_day(facts, choices)
        if day and day.year < row.year and any(rule.amount_on(day) for rule in pack.rules):
            counted[day.year] += 1
    return dict(sorted(counted.items()))


def _listed(session: Session, row: tables.Round, choices: Choices) -> set[int]:
    return _locked(session, row.id or 0) or candidates(session, row, choices)


def _earlier_years(session: Session, row: tables.Round) -> tuple[str, ...]:
    return tuple(
        f"{year} 年度还有 {count} 条认定没有测算或者没有决定，可能改变本批的金额，请先测算 {year} 年度，再重新测算。"
        for year, count in open_years(session, row).items()
    )


def overview(session: Session, round_id: int) -> Overview:
    """How the round stands, and whether its locked list is still the list one would lock now."""
    row = _get(session, round_id)
    is_open = RoundState(row.state) is RoundState.OPEN
    pack, choices = _kept(session, row)
    wanted, locked = candidates(session, row, choices), _locked(session, round_id)
    a = tables.Award
    outcome = case((col(a.state) == AwardState.DRAFT.value, a.verdict), else_=a.state)
    counted = dict(session.execute(select(outcome, func.count()).where(a.round_id == round_id).group_by(outcome)).all())
    closed = closed_years(session).get(row.year)
    return Overview(
        line=_line(row, closed.sentence if closed else ""),
        listed=len(wanted if is_open else locked),
        joining=0 if is_open else len(wanted - locked),
        leaving=0 if is_open else len(locked - wanted),
        ready=counted.get(Verdict.AWARD.value, 0),
        undecided=counted.get(Verdict.UNDECIDED.value, 0),
        refused=counted.get(Verdict.NONE.value, 0),
        under_way=sum(counted.get(state.value, 0) for state in UNDER_WAY),
        excluded=counted.get(AwardState.EXCLUDED.value, 0),
        issued=sum(counted.get(state.value, 0) for state in ISSUED_STATES),
        voided=counted.get(AwardState.VOIDED.value, 0),
        questions=question_labels(pack),
        stale=changed_since(session, round_id),
        open_years=() if is_open else tuple(open_years(session, row)),
        choices=choices.sentences(pack, Titles.load()),
        policy=pack.numbers,
        newer=_newer(session, row, pack),
    )


def years(session: Session) -> tuple[int, ...]:
    """The years that recognitions on the book are labelled or dated with, the latest first."""
    r = tables.Recognition
    labelled = session.exec(select(r.label_year).distinct()).all()
    dated = session.exec(select(func.strftime("%Y", r.document_date)).distinct()).all()
    return tuple(sorted({int(year) for year in (*labelled, *dated) if year}, reverse=True))


def check_choices(session: Session, row: tables.Round, pack: Pack, choices: Choices, wide: bool) -> bool:
    """Whether the round was locked with something else; Refused when it was and a letter has gone out since."""
    kept_pack, kept = frozen(session, row.id or 0)
    differs = pack.sha256 != kept_pack.sha256 or choices.to_json() != kept.to_json() or wide != row.every_division
    if differs and _any_issued(session, row.id or 0):
        raise _issued_already(row)
    return differs


def _issued_already(row: tables.Round) -> Refused:
    return Refused(f"{row.year} 年度{row.name}已有奖补下达，政策和测算口径不能再改。请按原口径测算，或另开补充批次。")


def _kept(session: Session, row: tables.Round) -> tuple[Pack, Choices]:
    if row.pack_row is None:  # of a list that was opened before rounds kept their policy from the first day
        return _today(session)
    if row.choices is not None:
        return frozen(session, row.id or 0)
    pack = read_kept(session, row.pack_row)
    return pack, Choices.of(pack, division=own_treasury(session))


def _newer(session: Session, row: tables.Round, pack: Pack) -> str:
    """The documents of the policy in use where the round keeps another and nothing stands against taking it up."""
    current = current_pack(session)
    free = not row.follows_id and row.year not in closed_years(session) and not _any_issued(session, row.id or 0)
    return current.numbers if free and current.sha256 != pack.sha256 else ""


def _refuse_under_way(session: Session, round_id: int) -> None:
    a = tables.Award
    query = select(func.count()).where(a.round_id == round_id, col(a.state).in_(UNDER_WAY))
    if count := session.scalar(query):
        raise Refused(f"有 {count} 笔奖补已进入初审以后的步骤，名单不能解锁。请先把它们退回，再解锁。")


def _line(row: tables.Round, closed: str = "") -> RoundLine:
    return RoundLine(row.id or 0, row.year, row.name, RoundState(row.state), row.every_division, row.follows_id, closed)


def _get_to_judge(session: Session, round_id: int) -> tables.Round:
    """A round whose list may be altered or judged: not of a closed year, and with a list of its own."""
    row = _get(session, round_id)
    require_open(session, row.year)
    if row.follows_id:
        raise Refused(f"{row.year} 年度{row.name}是结转批次，只办理结转来的款项，没有名单可以测算。请选择当年的批次。")
    return row


def _get(session: Session, round_id: int) -> tables.Round:
    row = session.get(tables.Round, round_id)
    if row is None:
        raise NotFound("这个批次已被删除，请刷新后再试。")
    return row


def _today(session: Session) -> tuple[Pack, Choices]:
    pack = current_pack(session)
    return pack, Choices.of(pack, division=own_treasury(session))


def _any_issued(session: Session, round_id: int) -> bool:
    query = select(tables.Award.id).where(tables.Award.round_id == round_id, tables.Award.state != AwardState.DRAFT.value)
    return session.exec(query.limit(1)).first() is not None


def _locked(session: Session, round_id: int) -> set[int]:
    return set(session.exec(select(tables.RoundItem.recognition_id).where(tables.RoundItem.round_id == round_id)).all())


def candidates(session: Session, row: tables.Round, choices: Choices) -> set[int]:
    """The recognitions that belong to the round's year and to its treasuries and to no other round.

    None for one that only carries on the unpaid awards of another.
    """
    if row.follows_id:
        return set()
    first, last = date(row.year, 1, 1), date(row.year, 12, 31)
    r = tables.Recognition
    near = or_(
        col(r.label_year) == row.year,
        col(r.document_date).between(first, last),
        col(r.valid_from).between(first, last),
    )
    elsewhere = select(tables.Award.recognition_id).where(
        tables.Award.round_id != row.id, col(tables.Award.state).not_in(DEAD_STATES)
    )
    where = [near, col(r.id).not_in(elsewhere)]
    if not row.every_division:
        ours = select(tables.Beneficiary.organisation_id).where(tables.Beneficiary.division == office(session).division.code)
        known = select(tables.Beneficiary.organisation_id)
        where.append(or_(col(r.organisation_id).in_(ours), col(r.organisation_id).not_in(known)))
    found = facts_of(session, *where)
    a = tables.Award
    begun = or_(a.state != AwardState.DRAFT.value, col(a.id).in_(select(tables.AwardStep.award_id)))
    held = select(a.recognition_id).where(a.round_id == row.id, begun, col(a.state).not_in(DEAD_STATES))
    return set(session.exec(held).all()) | {key for key, (_, facts) in found.items() if award_year(facts, choices) in (row.year, None)}
