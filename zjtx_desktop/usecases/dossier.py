"""Everything the book holds of one organisation: its facts, recognitions, awards of now and before, letters, scans."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.ledger import Balance
from zjtx_desktop.domain.manual import MARK
from zjtx_desktop.domain.states import MONEYLESS_STATES, AwardState
from zjtx_desktop.storage.tables import Award, Document, Recognition
from zjtx_desktop.usecases import attachments, organisations, past_awards, recognitions
from zjtx_desktop.usecases.attachments import AttachmentLine
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.past_awards import HeldPast
from zjtx_desktop.usecases.recognitions import RecognitionLine
from zjtx_desktop.usecases.standings import (
    EntryLine,
    PartLine,
    entries_of_organisation,
    parts_of_organisation,
)
from zjtx_desktop.usecases.treasuries import Confirmation, confirmation
from zjtx_desktop.values import Money


@dataclass(frozen=True, slots=True)
class HeldAward:
    """One award of the organisation; `title`, `level` and `title_type` are those of its recognition."""

    id: int
    number: str
    award_year: int | None
    title: str
    level: str
    verdict: Verdict
    state: AwardState
    beneficiary: Money
    municipal: Money
    is_manual: bool = False  # 人工核定
    is_capped: bool = False  # 封顶
    title_type: str | None = None
    balance: Balance = Balance()

    @property
    def granted(self) -> Money:
        """The whole award as it was granted."""
        return self.beneficiary + self.municipal

    @property
    def marks(self) -> str:
        """What is to be known of its amount, in a word or two; mostly nothing."""
        return "、".join((*((MARK,) if self.is_manual else ()), *(("封顶",) if self.is_capped else ())))


@dataclass(frozen=True, slots=True)
class HeldLetter:
    """One issued document of the organisation."""

    id: int
    number: str
    award_number: str
    issued_on: date
    total: Money
    voided: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of one organisation, the latest first."""

    id: int
    form: OrganisationForm
    recognitions: tuple[RecognitionLine, ...]
    awards: tuple[HeldAward, ...]
    letters: tuple[HeldLetter, ...]
    past: tuple[HeldPast, ...] = ()
    attachments: tuple[AttachmentLine, ...] = ()
    parts: tuple[PartLine, ...] = ()
    movements: tuple[EntryLine, ...] = ()
    confirmation: Confirmation | None = None


def dossier(session: Session, organisation_id: int) -> Dossier:
    """What the book holds of an organisation; NotFound when it is gone."""
    parts = parts_of_organisation(session, organisation_id)
    return Dossier(
        organisation_id,
        organisations.get(session, organisation_id),
        recognitions.of_organisation(session, organisation_id),
        _awards(session, organisation_id, parts),
        _letters(session, organisation_id),
        past_awards.of_organisation(session, organisation_id),
        attachments.of_record(session, "organisation", organisation_id),
        parts,
        entries_of_organisation(session, organisation_id),
        confirmation(session, organisation_id),
    )


def _awards(session: Session, organisation_id: int, parts: Sequence[PartLine]) -> tuple[HeldAward, ...]:
    a, r = Award, Recognition
    query = (
        select(
            a.id,
            a.number,
            a.award_year,
            r.title,
            r.level,
            a.verdict,
            a.state,
            a.beneficiary_fen,
            a.municipal_fen,
            col(a.by_policy_fen).is_not(None),
            col(a.uncapped_fen).is_not(None),
            r.title_type,
        )
        .join(r, col(a.recognition_id) == r.id)
        .where(col(a.organisation_id) == organisation_id)
        .order_by(col(a.award_year).desc(), col(a.number))
    )
    return tuple(
        _with_balance(HeldAward(*row[:5], Verdict(row[5]), AwardState(row[6]), Money(row[7]), Money(row[8]), *row[9:]), parts)
        for row in session.execute(query)
    )


def _with_balance(award: HeldAward, parts: Sequence[PartLine]) -> HeldAward:
    """The award with what became of its money; before the letter all of it is left, of one taken out nothing."""
    own = [part.balance for part in parts if part.award_id == award.id]
    if own:
        return replace(award, balance=Balance.together(own))
    gone = award.state in MONEYLESS_STATES
    unissued = Balance(award.granted, written_off=award.granted) if gone else Balance(award.granted, left=award.granted)
    return replace(award, balance=unissued)


def _letters(session: Session, organisation_id: int) -> tuple[HeldLetter, ...]:
    a, d = Award, Document
    query = (
        select(d.id, d.number, a.number, d.issued_on, d.total_fen, d.voided)
        .join(a, col(d.award_id) == a.id)
        .where(col(a.organisation_id) == organisation_id)
        .order_by(col(d.year).desc(), col(d.serial).desc())
    )
    return tuple(HeldLetter(*row[:4], Money(row[4]), row[5]) for row in session.execute(query))
