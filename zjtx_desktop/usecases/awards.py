"""The awards of a round as lists, letters and workbooks show them; deciding open ones and voiding issued ones."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.entitlement import Facts, Part, Payer, Verdict
from zjtx_desktop.domain.findings import question_labels
from zjtx_desktop.domain.ledger import Balance
from zjtx_desktop.domain.manual import MARK
from zjtx_desktop.domain.states import ISSUED_STATES, MONEYLESS_STATES, AwardState, Event
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.frozen_basis import frozen
from zjtx_desktop.usecases.judging import asked_about, canonical, facts_from_json
from zjtx_desktop.usecases.ledger import void_rest
from zjtx_desktop.usecases.pay_to import ACCOUNT, BANK, NAME, NOW_ACCOUNT, NOW_BANK, NOW_NAME, PayTo
from zjtx_desktop.usecases.process import Words, by_number, take
from zjtx_desktop.usecases.rounds import compute
from zjtx_desktop.usecases.standings import balances_of_round
from zjtx_desktop.values import Division, Money

_PAYEE = (NAME, BANK, ACCOUNT, NOW_NAME, NOW_BANK, NOW_ACCOUNT)


@dataclass(frozen=True, slots=True)
class AwardLine:
    """One stored judgement with what it rested on. `facts` are those of the day it was made."""

    id: int
    number: str
    round_id: int
    recognition_id: int
    organisation_id: int
    state: AwardState
    verdict: Verdict
    award_year: int | None
    facts: Facts
    division: str | None
    batch: str | None
    payee: PayTo
    recorded: PayTo  # the payee by what is recorded of the organisation now
    parts: tuple[Part, ...]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    questions: tuple[str, ...]
    void_reason: str | None
    letter: str | None
    document_id: int | None
    by_policy: Money | None = None
    uncapped: Money | None = None
    is_payee_fixed: bool = False  # its account was frozen; before that the payee is the one on record
    replaces: str = ""
    replaced_by: str = ""
    balances: tuple[Balance, ...] = ()  # of each part

    @property
    def balance(self) -> Balance:
        """What became of the money of all parts together."""
        return Balance.together(self.balances)

    def balance_of(self, payer: Payer) -> Balance:
        """The same of what this kind of treasury pays."""
        pairs = zip(self.parts, self.balances, strict=True)
        return Balance.together(balance for part, balance in pairs if part.payer is payer)

    def paid_by(self, payer: Payer) -> Money:
        """What this kind of treasury pays of the award."""
        return Money.total(part.amount for part in self.parts if part.payer is payer)

    @property
    def total(self) -> Money:
        """The whole award."""
        return Money.total(part.amount for part in self.parts)

    @property
    def marks(self) -> tuple[str, ...]:
        """What every list and paper flags: 人工核定, 封顶, and which award it replaces or is replaced by."""
        found = (
            (f"{MARK}（按政策 {self.by_policy} 元）" if self.by_policy else ""),
            (f"封顶（封顶前受益财政 {self.uncapped} 元）" if self.uncapped else ""),
            (f"替代已作废的 {self.replaces}" if self.replaces else ""),
            (f"已由 {self.replaced_by} 替代" if self.replaced_by else ""),
        )
        return tuple(filter(None, found))

    @property
    def is_redirected(self) -> bool:
        """Whether another payee is recorded by now than the one that is fixed."""
        return self.recorded != self.payee

    @property
    def counts(self) -> bool:
        """Whether it is money: awarded, and neither voided nor excluded."""
        return self.verdict is Verdict.AWARD and self.state not in MONEYLESS_STATES


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the awards that count; `awards` is how many those are."""

    beneficiary: Money
    municipal: Money
    awards: int


def award_lines(session: Session, round_id: int) -> tuple[AwardLine, ...]:
    """Every award of a round in the order of their numbers, voided ones included."""
    a, o, r, d = tables.Award, tables.Organisation, tables.Recognition, tables.Document
    query = (
        select(a, o.division, r.batch, *_PAYEE, d.id, d.number)
        .join(o, col(a.organisation_id) == o.id)
        .join(r, col(a.recognition_id) == r.id)
        .outerjoin(d, col(d.award_id) == a.id)
        .where(col(a.round_id) == round_id)
        .order_by(col(a.number))
    )
    parts, chain = _parts(session, round_id), _chain(session, round_id)
    return tuple(_line(row, parts, chain) for row in session.execute(query).all())


def totals(lines: Sequence[AwardLine]) -> Totals:
    """Add up what counts."""
    counted = [line for line in lines if line.counts]
    ours, city = (Money.total(line.paid_by(payer) for line in counted) for payer in Payer)
    return Totals(ours, city, len(counted))


def policy_of(session: Session, round_id: int, award_ids: Collection[int] | None = None) -> str:
    """What the papers on a round cite: the documents and clauses that the amounts of its awards (or these) rest on."""
    parts = _parts(session, round_id)
    kept = [part.clause for key, some in parts.items() for part, _ in some if award_ids is None or key in award_ids]
    return frozen(session, round_id)[0].cited(kept, session.get_one(tables.Round, round_id).year)


@guarded
def decide(
    session: Session, award_number: str, award: bool, reason: str, by: str, question: str | None = None
) -> None:
    """Answer one open question of an undecided award, with its own reason, and judge its round again.

    `question` may be left out where only one is open. Refused: no such question, no reason.
    """
    row = by_number(session, award_number)
    asked = _question(session, row, question)
    if not reason.strip():
        raise Refused("没有写明理由。请写明作出这一决定的理由。")
    d = tables.Decision
    query = select(d).where(col(d.recognition_id) == row.recognition_id, col(d.question) == asked)
    known = session.scalars(query).first() or d(
        recognition_id=row.recognition_id, question=asked, award=award, reason="", by_name=by
    )
    known.award, known.reason, known.by_name = award, reason.strip(), by
    known.about = canonical(())  # what was answered before is asked with the rest: the new answer is about all of it
    session.add(known)
    session.flush()
    known.about = canonical(sorted(asked_about(session, row, asked)))
    session.flush()
    compute(session, row.round_id)


def open_questions(session: Session, award_number: str) -> tuple[str, ...]:
    """The questions that an award still waits for."""
    return tuple(json.loads(by_number(session, award_number).questions))


def _question(session: Session, row: tables.Award, wanted: str | None) -> str:
    """Which of the open questions of a draft is meant; each is decided by itself."""
    asked: list[str] = json.loads(row.questions)
    if not asked or row.state != AwardState.DRAFT:
        raise Refused(f"奖补 {row.number} 没有待定事项，不需要作出决定。")
    if wanted is None and len(asked) == 1:
        return asked[0]
    labels = question_labels(frozen(session, row.round_id)[0])
    if wanted not in asked:
        listed = "、".join(f"“{labels.get(one, one)}”（{one}）" for one in asked)
        raise Refused(f"奖补 {row.number} 有 {len(asked)} 项待定，逐项决定，各写理由：{listed}。请写明决定哪一项。")
    return wanted


@guarded
def void(session: Session, award_number: str, reason: str, today: date | None = None) -> None:
    """Take an issued award back; its number and its letter stay in the register as 作废."""
    row = by_number(session, award_number)
    if not reason.strip():
        raise Refused("没有写明理由。请写明作废的理由。")
    on = today or date.today()
    if row.state in ISSUED_STATES:
        void_rest(session, row, on, reason)
    take(session, row, Event.VOID, Words(on, reason))
    row.void_reason = reason.strip()
    session.add(row)
    for document in session.scalars(select(tables.Document).where(col(tables.Document.award_id) == row.id)):
        document.voided = True
        session.add(document)


def balance_of(lines: Sequence[AwardLine]) -> Balance:
    """What became of the money of those that count."""
    return Balance.together(balance for line in lines if line.counts for balance in line.balances)


def _parts(session: Session, round_id: int) -> dict[int, list[tuple[Part, Balance]]]:
    p, balances = tables.AwardPart, balances_of_round(session, round_id)
    query = (
        select(p.id, p.award_id, p.payer, p.division, p.fen, p.rule, p.clause)
        .join(tables.Award, col(p.award_id) == tables.Award.id)
        .where(col(tables.Award.round_id) == round_id)
        .order_by(col(p.award_id), col(p.position))
    )
    parts = defaultdict(list)
    for part_id, award_id, payer, division, fen, rule, clause in session.execute(query):
        part = Part(Payer(payer), Division(division), Money(fen), rule, clause)
        parts[award_id].append((part, balances[part_id]))
    return parts


def _chain(session: Session, round_id: int) -> dict[int, tuple[str, str]]:
    """Of awards that replace a voided one, or were voided and replaced: both numbers, by the award's id."""
    a = tables.Award
    voided = select(a.recognition_id).where(col(a.state) == AwardState.VOIDED.value)
    ours = select(a.recognition_id).where(a.round_id == round_id)
    query = select(a.recognition_id, a.id, a.number).where(
        col(a.recognition_id).in_(voided), col(a.recognition_id).in_(ours)
    )
    living_last = a.state != AwardState.VOIDED.value  # of organisations that were merged it may be the older one
    by_recognition = defaultdict(list)
    for recognition_id, award_id, number in session.execute(query.order_by(living_last, col(a.id))):
        by_recognition[recognition_id].append((award_id, number))
    found: dict[int, tuple[str, str]] = {}
    for some in by_recognition.values():
        numbers = ["", *(number for _, number in some), ""]
        found |= {award_id: (numbers[n], numbers[n + 2]) for n, (award_id, _) in enumerate(some)}
    return found


def _line(row: Any, parts: dict[int, list[tuple[Part, Balance]]], chain: dict[int, tuple[str, str]]) -> AwardLine:
    award, division, batch, *payee, document_id, letter = row
    replaces, replaced_by = chain.get(award.id, ("", ""))
    return AwardLine(
        id=award.id,
        number=award.number,
        round_id=award.round_id,
        recognition_id=award.recognition_id,
        organisation_id=award.organisation_id,
        state=AwardState(award.state),
        verdict=Verdict(award.verdict),
        award_year=award.award_year,
        facts=facts_from_json(json.loads(award.facts)),
        division=division and Division(division).name,
        batch=batch,
        payee=PayTo(*payee[:3]),
        recorded=PayTo(*payee[3:]),
        is_payee_fixed=award.payee_account is not None,
        parts=tuple(part for part, _ in parts.get(award.id, ())),
        balances=tuple(balance for _, balance in parts.get(award.id, ())),
        reasons=tuple(json.loads(award.reasons)),
        warnings=tuple(json.loads(award.warnings)),
        questions=tuple(json.loads(award.questions)),
        void_reason=award.void_reason,
        letter=letter,
        document_id=document_id,
        by_policy=_money(award.by_policy_fen),
        uncapped=_money(award.uncapped_fen),
        replaces=replaces,
        replaced_by=replaced_by,
    )


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)
