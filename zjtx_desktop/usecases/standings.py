"""How the money of awards stands: every part of an issued award with the sums of its ledger, and the entries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import Session, col

from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.ledger import Balance, EntryKind, Progress, Standing
from zjtx_desktop.domain.states import ISSUED_STATES, MONEYLESS_STATES, AwardState
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.office import office
from zjtx_desktop.usecases.pay_to import ACCOUNT, BANK, NAME, masked
from zjtx_desktop.values import Division, Money

_LATEST = (EntryKind.GRANTED, EntryKind.RETURNED, EntryKind.REQUESTED, EntryKind.APPROVED, EntryKind.ARRIVED, EntryKind.CLAIMED)
Treasury = tuple[Payer, Division]


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of the ledger as lists show it."""

    id: int
    award_number: str
    treasury: Division
    kind: EntryKind
    amount: Money
    on: date
    voucher: str | None
    reason: str | None
    by: str
    payee: str | None = None  # to whom; None of entries made before it was kept, and of those that move nothing
    account: str | None = None


@dataclass(frozen=True, slots=True)
class PartLine:
    """What one treasury pays of an issued award, to whom, and how that stands.

    `sent` when the money comes from the city first. `days` are those on which something was last entered.
    """

    id: int
    award_id: int
    award_number: str
    organisation_id: int
    organisation: str
    credit_code: str | None
    title: str
    award_state: AwardState
    payer: Payer
    treasury: Division
    standing: Standing
    days: Mapping[EntryKind, date]
    letter: str | None
    issued_on: date | None
    payee: str
    bank: str | None
    account: str | None
    sent: bool
    round_id: int = 0  # where it is dealt with now
    origin: str = ""  # of what was carried on (结转): the year and round it was granted in

    @property
    def masked_account(self) -> str:
        """The account as it may stand in a list: its last digits only."""
        return masked(self.account)

    @property
    def progress(self) -> Progress:
        """How far its money has come."""
        return self.standing.progress(self.sent)

    @property
    def balance(self) -> Balance:
        """What became of its money, as papers show it."""
        return Balance.of(self.standing, self.payer is Payer.MUNICIPAL, self.sent)

    @property
    def payable_now(self) -> Money:
        """What may be paid today: of money that the city sends, no more than has arrived."""
        if self.award_state is not AwardState.ISSUED:
            return Money(0)
        now = self.standing.payable.fen
        return Money(max(0, min(now, self.standing.in_hand.fen))) if self.sent else Money(now)

    def waiting(self, today: date) -> int | None:
        """For how many days the next step has been waiting; None when there is none."""
        step = {Progress.ASKED: EntryKind.REQUESTED, Progress.AGREED: EntryKind.APPROVED, Progress.CLAIMED: EntryKind.CLAIMED}
        if self.progress in (Progress.PAID, Progress.RECOVERED, Progress.DROPPED):
            return None
        kinds = (step[self.progress],) if self.progress in step else (EntryKind.ARRIVED, EntryKind.RETURNED)
        since = max((self.days[kind] for kind in kinds if kind in self.days), default=self.issued_on)
        return max(0, (today - since).days) if since else None


def part_lines(session: Session, round_id: int) -> tuple[PartLine, ...]:
    """Every part of the issued awards of a round and of those carried on into it, in the order of their numbers."""
    c = tables.CarryOver
    carried = select(c.part_id).where(col(c.round_id) == round_id)
    return _lines(session, or_(col(tables.Award.round_id) == round_id, col(tables.AwardPart.id).in_(carried)))


def parts_of(session: Session, award_id: int) -> tuple[PartLine, ...]:
    """The parts of one award; none before it is issued."""
    return _lines(session, col(tables.Award.id) == award_id)


def parts_of_organisation(session: Session, organisation_id: int) -> tuple[PartLine, ...]:
    """Every part of every issued award of an organisation."""
    return _lines(session, col(tables.Award.organisation_id) == organisation_id)


def these_parts(session: Session, part_ids: Iterable[int]) -> tuple[PartLine, ...]:
    """These parts, as far as their awards are issued."""
    return _lines(session, col(tables.AwardPart.id).in_(list(part_ids)))


def round_of_part(session: Session, part_id: int) -> int | None:
    """The round that a part is dealt with in; None when it is gone."""
    p, a = tables.AwardPart, tables.Award
    found = _carried(session, col(tables.CarryOver.part_id) == part_id).get(part_id)
    query = select(a.round_id).join(p, col(p.award_id) == a.id).where(col(p.id) == part_id)
    return found or session.scalars(query).first()


def find_part(
    session: Session, award_number: str, treasury: Division | None, payer: Payer | None = None
) -> PartLine:
    """The part of an issued award that this treasury pays as this payer; whatever is not named may be any, if
    that leaves one part. The city's treasury may pay two parts of one award, as beneficiary and as the city.
    """
    lines = _lines(session, col(tables.Award.number) == award_number)
    found = [line for line in lines if treasury in (None, line.treasury) and payer in (None, line.payer)]
    if not lines:
        raise NotFound(f"没有编号为 {award_number} 的已下达奖补。请核对编号。")
    if len(found) != 1:
        names = "、".join(f"{line.treasury.name}（{line.payer.label}）" for line in found or lines)
        raise Refused(
            f"奖补 {award_number} 由{names}承担。请写明由哪一个财政拨付（--treasury），"
            "同一个财政出两部分的再写明是受益财政还是市级财政（--payer）。"
        )
    return found[0]


def standing_of_award(session: Session, award_id: int) -> Standing:
    """All parts of an award together."""
    return Standing.together(line.standing for line in parts_of(session, award_id))


def standing_of_organisation(session: Session, organisation_id: int) -> Standing:
    """Everything an organisation was ever granted, together."""
    return Standing.together(line.standing for line in parts_of_organisation(session, organisation_id))


def standing_of_treasuries(session: Session, round_id: int) -> dict[Treasury, Standing]:
    """What each treasury has to do with the awards of a round, wherever they are dealt with since."""
    by_treasury: dict[Treasury, list[Standing]] = defaultdict(list)
    for line in _lines(session, col(tables.Award.round_id) == round_id):
        by_treasury[line.payer, line.treasury].append(line.standing)
    return {treasury: Standing.together(some) for treasury, some in by_treasury.items()}


def balances_of_round(session: Session, round_id: int) -> dict[int, Balance]:
    """What became of the money of every part of every award of a round, by the part's id; drafts have all of it left."""
    p, a, e = tables.AwardPart, tables.Award, tables.LedgerEntry
    parts = select(p.id, p.payer, p.fen, a.state).join(a, col(p.award_id) == a.id).where(col(a.round_id) == round_id)
    sums = (
        select(e.part_id, e.kind, func.sum(e.fen))
        .join(p, col(e.part_id) == p.id)
        .join(a, col(p.award_id) == a.id)
        .where(col(a.round_id) == round_id)
        .group_by(col(e.part_id), col(e.kind))
    )
    entries: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for part_id, kind, fen in session.execute(sums):
        entries[part_id].append((kind, int(fen)))
    from_city = not office(session).division.is_city
    return {
        part_id: _balance(payer, fen, state, tuple(entries.get(part_id, ())), from_city)
        for part_id, payer, fen, state in session.execute(parts)
    }


@lru_cache(maxsize=1024)  # most parts of a round stand alike
def _balance(payer: str, fen: int, state: str, sums: tuple[tuple[str, int], ...], from_city: bool) -> Balance:
    municipal = payer == Payer.MUNICIPAL
    entries = tuple((EntryKind(kind), Money(total)) for kind, total in sums)
    return Balance.of(standing_of(Money(fen), AwardState(state), entries), municipal, municipal and from_city)


def standing_of(amount: Money, state: AwardState, entries: tuple[tuple[EntryKind, Money], ...]) -> Standing:
    """How a part stands by its sums. Without any it is a draft, or was issued before the ledger was kept, and all of
    it is left; what was voided or taken out by then has nothing left.
    """
    if entries:
        return Standing.replay(amount, entries)
    gone = ((EntryKind.VOIDED, amount),) if state in MONEYLESS_STATES else ()
    return Standing.replay(amount, ((EntryKind.GRANTED, amount), *gone))


def entries_of_part(session: Session, part_id: int) -> tuple[EntryLine, ...]:
    """Every entry of a part, the first one first."""
    return _entries(session, col(tables.LedgerEntry.part_id) == part_id)


def entries_of_organisation(session: Session, organisation_id: int) -> tuple[EntryLine, ...]:
    """Every entry of every award of an organisation, the first one first."""
    return _entries(session, col(tables.Award.organisation_id) == organisation_id)


def _entries(session: Session, where: ColumnElement[bool]) -> tuple[EntryLine, ...]:
    e, p, a = tables.LedgerEntry, tables.AwardPart, tables.Award
    query = (
        select(e.id, a.number, p.division, e.kind, e.fen, e.on_date, e.voucher, e.reason, e.by_name, e.payee_name, e.payee_account)
        .join(p, col(e.part_id) == p.id)
        .join(a, col(p.award_id) == a.id)
        .where(where)
        .order_by(col(e.id))
    )
    return tuple(
        EntryLine(row[0], row[1], Division(row[2]), EntryKind(row[3]), Money(row[4]), *row[5:])
        for row in session.execute(query)
    )


def _lines(session: Session, where: ColumnElement[bool]) -> tuple[PartLine, ...]:
    p, a, o, r, d = tables.AwardPart, tables.Award, tables.Organisation, tables.Recognition, tables.Document
    query = (
        select(p, a, o, r, d.number, d.issued_on, NAME, BANK, ACCOUNT)
        .join(a, col(p.award_id) == a.id)
        .join(o, col(a.organisation_id) == o.id)
        .join(r, col(a.recognition_id) == r.id)
        .outerjoin(d, col(d.award_id) == a.id)
        .where(where, col(a.state).in_((*ISSUED_STATES, AwardState.VOIDED)), col(p.fen) > 0)
        .order_by(col(a.number), col(p.position))
    )
    rows = session.execute(query).all()
    sums = _sums(session, select(p.id).join(a, col(p.award_id) == a.id).where(where))
    from_city = not office(session).division.is_city
    carried = _carried(session, col(tables.CarryOver.part_id).in_(select(p.id).join(a, col(p.award_id) == a.id).where(where)))
    names = _round_names(session) if carried else {}
    return tuple(
        replace(_line(row, sums.get(row[0].id, {}), from_city), round_id=carried[row[0].id], origin=names[row[1].round_id])
        if row[0].id in carried
        else _line(row, sums.get(row[0].id, {}), from_city)
        for row in rows
    )


def _carried(session: Session, where: ColumnElement[bool]) -> dict[int, int]:
    """Of parts that were carried on the round they were carried to last."""
    c = tables.CarryOver
    rows = session.execute(select(c.part_id, c.round_id).where(where).order_by(col(c.id)))
    return {part_id: round_id for part_id, round_id in rows}


def _round_names(session: Session) -> dict[int, str]:
    r = tables.Round
    return {row_id: f"{year} 年度{name}" for row_id, year, name in session.execute(select(r.id, r.year, r.name))}


def _sums(session: Session, parts: Select[Any]) -> dict[int, dict[EntryKind, tuple[Money, date]]]:
    """Of each part and kind of entry the sum and the latest day."""
    e = tables.LedgerEntry
    query = (
        select(e.part_id, e.kind, func.sum(e.fen), func.max(e.on_date))
        .where(col(e.part_id).in_(parts))
        .group_by(col(e.part_id), col(e.kind))
    )
    found: dict[int, dict[EntryKind, tuple[Money, date]]] = defaultdict(dict)
    for part_id, kind, fen, day in session.execute(query):
        found[part_id][EntryKind(kind)] = (Money(int(fen)), day)
    return found


def _line(row: Any, sums: dict[EntryKind, tuple[Money, date]], from_city: bool) -> PartLine:
    part, award, organisation, recognition, letter, issued_on, payee, bank, account = row
    state, payer = AwardState(award.state), Payer(part.payer)
    entries = tuple((kind, total) for kind, (total, _) in sums.items())
    return PartLine(
        id=part.id,
        award_id=award.id,
        award_number=award.number,
        organisation_id=organisation.id,
        organisation=organisation.name,
        credit_code=organisation.credit_code,
        title=Titles.load().name(recognition.title, Level(recognition.level), recognition.title_type),
        award_state=state,
        payer=payer,
        treasury=Division(part.division),
        standing=standing_of(Money(part.fen), state, entries),
        days={kind: day for kind, (_, day) in sums.items() if kind in _LATEST},
        letter=letter,
        issued_on=issued_on,
        payee=payee,
        bank=bank,
        account=account,
        sent=from_city and payer is Payer.MUNICIPAL,
        round_id=award.round_id,
    )
