"""人工核定: a person sets another amount for one part of a draft award, with reason, document and scan.

It is kept with the recognition, so that computing again keeps it, and marked wherever the award is shown.
"""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlmodel import Session, col

from zjtx_desktop.domain.facts import Payer
from zjtx_desktop.domain.manual import MARK
from zjtx_desktop.domain.states import AwardState, RoundState
from zjtx_desktop.errors import BadValue, NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.attachments import AttachmentLine, Scan, attach, of_record
from zjtx_desktop.usecases.awards import AwardLine, award_lines
from zjtx_desktop.usecases.closed_years import require_award_open
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.process import by_number
from zjtx_desktop.usecases.rounds import compute
from zjtx_desktop.values import Division, DocumentNumber, Money

SUBJECT = "manual_amount"
m = tables.ManualAmount


@dataclass(frozen=True, slots=True)
class ManualForm:
    """What is to be set: whose part, to how much, why, and the document it rests on."""

    payer: Payer
    treasury: Division
    amount: Money
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class ManualLine:
    """A manual amount as it is recorded, with its scans."""

    id: int
    payer: Payer
    treasury: Division
    amount: Money
    reason: str
    document: str
    by: str
    scans: tuple[AttachmentLine, ...]


@guarded
def set_amount(session: Session, award_number: str, form: ManualForm, scan: Scan | None) -> Money:
    """Set one treasury's part of a draft and judge its round anew; returns what the award comes to.

    Refused: no reason, document or scan; the city's part without the number of the city's document; nothing;
    less than the policy's floor; more than the cap; an award that is more than a draft.
    """
    award = _draft(session, award_number)
    document = _checked(form)
    if scan is None:
        raise Refused(f"{MARK}要附依据的扫描件。请添加批准文件或会议纪要的扫描件。")
    row = _row(session, award.recognition_id, form) or m(
        recognition_id=award.recognition_id, payer=form.payer.value, division=form.treasury.code, fen=0
    )
    row.fen, row.reason, row.document = form.amount.fen, form.reason.strip(), document
    row.by_name = session.info["by"]
    session.add(row)
    session.flush()
    if _hash_unknown(session, row.id or 0, scan):
        attach(session, SUBJECT, row.id or 0, scan)
    compute(session, award.round_id)
    return _adopted(session, award_number, form)


@guarded
def withdraw(session: Session, award_number: str, payer: Payer, treasury: Division) -> Money:
    """Take a manual amount back, so that the policy's own counts again; returns what the award comes to."""
    award = _draft(session, award_number)
    row = _row(session, award.recognition_id, ManualForm(payer, treasury, Money(0), "", ""))
    if row is None:
        raise NotFound(f"{treasury}（{payer.label}）没有登记{MARK}。请刷新后再试。")
    f = tables.Attachment
    session.connection().execute(
        delete(f).where(col(f.subject_table) == SUBJECT, col(f.subject_id) == row.id)
    )
    session.delete(row)
    session.flush()
    compute(session, award.round_id)
    return _line(session, award_number).total


def of_recognition(session: Session, recognition_id: int) -> tuple[ManualLine, ...]:
    """The manual amounts recorded for a recognition, the first one first."""
    rows = session.scalars(select(m).where(col(m.recognition_id) == recognition_id).order_by(col(m.id)))
    return tuple(
        ManualLine(
            row.id or 0,
            Payer(row.payer),
            Division(row.division),
            Money(row.fen),
            row.reason,
            row.document,
            row.by_name,
            of_record(session, SUBJECT, row.id or 0),
        )
        for row in rows
    )


def _draft(session: Session, award_number: str) -> tables.Award:
    award = by_number(session, award_number)
    require_award_open(session, award.id or 0)
    if award.state != AwardState.DRAFT:
        state = AwardState(award.state).label
        raise Refused(f"奖补 {award_number} 现为“{state}”，不能{MARK}。请先退回（已下达的先作废），再核定金额。")
    round_state = RoundState(session.get_one(tables.Round, award.round_id).state)
    if round_state is not RoundState.COMPUTED:
        raise Refused(f"批次现为“{round_state.label}”，不能{MARK}。请先锁定名单并测算。")
    return award


def _checked(form: ManualForm) -> str:
    """The document in its canonical form; Refused says what is missing."""
    if not form.reason.strip():
        raise Refused(f"没有写明理由。请写明{MARK}的理由。")
    if form.amount.fen <= 0:
        raise Refused(f"{MARK}的金额应大于 0。不奖励的，请登记为“不予奖励”。")
    if not form.document.strip():
        raise Refused("没有写明依据的文件。请填写批准文件的文号或会议纪要。")
    if form.payer is Payer.BENEFICIARY:
        return form.document.strip()
    try:
        return str(DocumentNumber.parse(form.document))
    except BadValue as error:
        raise Refused(f"市级部分按文件定额，改动要有市级的文件。{error}") from None


def _row(session: Session, recognition_id: int, form: ManualForm) -> tables.ManualAmount | None:
    query = select(m).where(
        col(m.recognition_id) == recognition_id,
        col(m.payer) == form.payer.value,
        col(m.division) == form.treasury.code,
    )
    return session.scalars(query).first()


def _hash_unknown(session: Session, row_id: int, scan: Scan) -> bool:
    """Whether this very scan is not kept with the amount yet, as when only the figure is corrected."""
    return scan.sha256 not in {known.sha256 for known in of_record(session, SUBJECT, row_id)}


def _line(session: Session, award_number: str) -> AwardLine:
    round_id = by_number(session, award_number).round_id
    return next(line for line in award_lines(session, round_id) if line.number == award_number)


def _adopted(session: Session, award_number: str, form: ManualForm) -> Money:
    """What the award comes to; Refused with the judgement's own words when the amount was not taken."""
    line = _line(session, award_number)
    if (form.payer, form.treasury, form.amount) in {(p.payer, p.treasury, p.amount) for p in line.parts}:
        return line.total
    told = (*line.warnings, *reversed(line.reasons))
    why = next((text for text in told if "未采用" in text or text.startswith("封顶：")), "")
    raise Refused(why or f"这笔奖补没有由{form.treasury}（{form.payer.label}）承担的部分，不能{MARK}。请核对财政。")
