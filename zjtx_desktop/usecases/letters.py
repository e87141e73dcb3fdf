"""Award letters: drafts at any time; issuing takes the gapless number and keeps snapshot and PDF in the book."""

import hashlib
import json
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO

from sqlalchemy import func, select
from sqlmodel import Session, col

from zjtx_desktop.documents.letter import AwardLetter, LetterPart, LetterPolicy, write_letters
from zjtx_desktop.domain.policy import Document, Pack
from zjtx_desktop.domain.states import Event, may_be_issued
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import agreement
from zjtx_desktop.usecases.agreement import KIND
from zjtx_desktop.usecases.awards import AwardLine, award_lines
from zjtx_desktop.usecases.duties import guarded, is_staffed
from zjtx_desktop.usecases.judging import canonical
from zjtx_desktop.usecases.ledger import grant
from zjtx_desktop.usecases.office import Office, office
from zjtx_desktop.usecases.paper_codes import code_of_paper, letter_facts
from zjtx_desktop.usecases.process import Words, take
from zjtx_desktop.usecases.rejudging import in_turn, judged_together
from zjtx_desktop.usecases.frozen_basis import frozen
from zjtx_desktop.values import DocumentNumber, Money

Tick = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class LetterLine:
    """An issued letter in the register."""

    id: int
    number: str
    addressee: str
    award_number: str
    issued_on: date
    total: Money
    pages: int
    prints: int
    voided: bool


def ready(session: Session, round_id: int) -> tuple[AwardLine, ...]:
    """The awards of the round whose letters could be issued now."""
    states = may_be_issued(is_staffed(session))
    return tuple(line for line in award_lines(session, round_id) if line.counts and line.state in states)


def drafts(session: Session, round_id: int, numbers: Container[str] | None = None) -> tuple[AwardLetter, ...]:
    """The letters of the round that could be issued now (of these awards only), without number and date."""
    write = _writer(session, round_id)
    chosen = [line for line in ready(session, round_id) if numbers is None or line.number in numbers]
    agreement.require_awards(session, [line.id for line in chosen], "生成通知")
    return tuple(map(write, chosen))


def coming(session: Session, year: int, count: int) -> tuple[str, ...]:
    """The numbers that the next `count` letters of a year would take."""
    first, prefix = _last_serial(session, year) + 1, office(session).prefix
    return tuple(str(DocumentNumber(prefix, year, serial)) for serial in range(first, first + count))


@guarded
def issue(
    session: Session,
    round_id: int,
    today: date,
    numbers: Iterable[str] | None = None,
    tick: Tick | None = None,
) -> tuple[LetterLine, ...]:
    """Issue the letters of these awards (all drafts when None): number, snapshot, PDF and state in one transaction.

    Each carries a code over the book as it stood before and over itself. Each PDF is read back before it counts. Refused
    leaves nothing issued: an award that is no draft, a glyph that no font has, amounts that do not agree before or after.
    """
    lines = award_lines(session, round_id)
    wanted = set(numbers) if numbers is not None else {line.number for line in ready(session, round_id)}
    by_number = {line.number: line for line in lines if line.number in wanted}
    chosen = [by_number[number] for number in in_turn(session, by_number)]
    if len(chosen) < len(wanted):
        raise NotFound("所选的奖补有的已不在本批次中，没有发文。请刷新后再选。")
    if not chosen:
        raise Refused("没有可以下达的奖补：都已下达，或者还是待定、不予奖励。")
    ids = [line.id for line in chosen]
    agreement.require_awards(session, ids, "下达")
    write, prefix = _writer(session, round_id), office(session).prefix
    serial = _last_serial(session, today.year)
    with judged_together(session, by_number):
        for done, line in enumerate(chosen):
            if tick:
                tick(done, len(chosen))
            if not line.counts:
                raise Refused(f"“{line.facts.organisation}”的奖补是{line.verdict.label}，不能下达。")
            serial += 1
            number = str(DocumentNumber(prefix, today.year, serial))
            letter = replace(write(line), number=number, issued_on=today, account=_account(session, line))
            code = code_of_paper(session, letter_facts(KIND, letter))
            _keep(session, line, replace(letter, code=code and str(code), bound=code is not None), serial)
    grant(session, ids, today)
    agreement.require_awards(session, ids, "下达")
    return tuple(line for line in register(session, round_id) if line.award_number in {c.number for c in chosen})


def register(session: Session, round_id: int) -> tuple[LetterLine, ...]:
    """Every letter ever issued for the round, voided ones included, in the order of their numbers."""
    d, p = tables.Document, tables.Printing
    prints = select(func.count()).where(col(p.document_id) == d.id).scalar_subquery()
    query = (
        select(d, tables.Award.number, prints)
        .join(tables.Award, col(d.award_id) == tables.Award.id)
        .where(col(d.round_id) == round_id, col(d.kind) == KIND)
        .order_by(col(d.year), col(d.serial))
    )
    return tuple(
        LetterLine(
            id=row.id,
            number=row.number,
            addressee=json.loads(row.snapshot)["addressee"],
            award_number=award,
            issued_on=row.issued_on,
            total=Money(row.total_fen),
            pages=row.pages,
            prints=count,
            voided=row.voided,
        )
        for row, award, count in session.execute(query).all()
    )


@guarded
def reprint(session: Session, document_id: int) -> tuple[AwardLetter, bytes]:
    """The very bytes that were issued, with the letter they show; each time is logged as 第 n 次打印.

    Refused while what the book holds of the award's money does not agree.
    """
    agreement.require_letters(session, (document_id,), "打印")
    issued = view(session, document_id)
    times = session.scalar(select(func.count()).where(col(tables.Printing.document_id) == document_id)) or 0
    session.add(tables.Printing(document_id=document_id, nth=times + 1))
    return issued


def view(session: Session, document_id: int) -> tuple[AwardLetter, bytes]:
    """The letter and the bytes as issued, to be looked at only; Refused when they are no longer those."""
    row = session.get(tables.Document, document_id)
    if row is None:
        raise NotFound("登记簿中没有这份文书，请刷新后再试。")
    kept = session.get_one(tables.Content, row.content_id)
    if hashlib.sha256(kept.data).hexdigest() != kept.sha256:
        raise Refused(f"{row.number} 的存档内容与登记的校验值不符，没有打印。请从备份恢复后再打印。")
    return AwardLetter.from_json(json.loads(row.snapshot)), kept.data


def _last_serial(session: Session, year: int) -> int:
    d = tables.Document
    return session.scalar(select(func.max(d.serial)).where(col(d.kind) == KIND, col(d.year) == year)) or 0


def _account(session: Session, line: AwardLine) -> str | None:
    """Where the money goes: as frozen when the award was reviewed, or as registered now where nothing was."""
    award, organisation = session.get_one(tables.Award, line.id), session.get_one(tables.Organisation, line.organisation_id)
    return award.payee_account or organisation.payee_account


def _keep(session: Session, line: AwardLine, letter: AwardLetter, serial: int) -> None:
    written = BytesIO()
    try:
        (span,) = write_letters([letter], written)
    except Refused as error:  # of many letters the one that cannot be printed is named
        raise Refused(f"“{letter.addressee}”（{line.number}）的拨付通知印不出来：{error}") from error
    pdf = written.getvalue()
    from zjtx_desktop.documents.readback import check_letter

    check_letter(pdf, letter)
    content = tables.Content(sha256=hashlib.sha256(pdf).hexdigest(), size=len(pdf), data=pdf)
    session.add(content)
    session.flush()
    award = session.get_one(tables.Award, line.id)
    take(session, award, Event.ISSUE, Words(letter.issued_on, document=letter.number))
    session.add(
        tables.Document(
            kind=KIND,
            year=letter.issued_on.year,
            serial=serial,
            number=letter.number,
            round_id=line.round_id,
            award_id=line.id,
            issued_on=letter.issued_on,
            total_fen=letter.total.fen,
            pages=span.count,
            snapshot=canonical(letter.to_json()),
            content_id=content.id,
        )
    )
    session.flush()


def _writer(session: Session, round_id: int) -> Callable[[AwardLine], AwardLetter]:
    """What turns an award into its letter, with the office and policy that all letters of a round share."""
    us, (pack, _), titles = office(session), frozen(session, round_id), Titles.load()

    def write(line: AwardLine) -> AwardLetter:
        return replace(_letter(line, us, pack, titles), replaces=_voided_letter(session, line))

    return write


def _voided_letter(session: Session, line: AwardLine) -> str | None:
    """The number of the letter that this award's letter takes the place of (更正重办)."""
    if not line.replaces:
        return None
    d, a = tables.Document, tables.Award
    query = select(d.number).join(a, col(d.award_id) == a.id).where(col(a.number) == line.replaces, col(d.voided))
    return session.scalars(query).first()


def _letter(line: AwardLine, us: Office, pack: Pack, titles: Titles) -> AwardLetter:
    facts = line.facts
    return AwardLetter(
        office=us.name,
        number=None,
        addressee=facts.organisation,
        payee=line.payee.name if line.payee.name != facts.organisation else None,
        credit_code=facts.credit_code,
        title=titles.name(facts.title, facts.level, facts.title_type),
        level=facts.level.value,
        kind=facts.kind.value,
        award_year=line.award_year,
        recognition_document=facts.document_title,
        recognition_number=facts.document_number,
        recognised_on=facts.document_date,
        policies=_policies(line, pack),
        parts=tuple(LetterPart(p.payer.label, p.treasury.name, p.amount, pack.restated(p.clause)) for p in line.parts),
        award_number=line.number,
        issued_on=None,
        contact=us.contact,
        code=None,
    )


def _policies(line: AwardLine, pack: Pack) -> tuple[LetterPolicy, ...]:
    """The documents that the award's own amounts rest on, each with its clauses."""
    for part in line.parts:
        if not pack.clauses_named((part.clause,)):
            raise Refused(f"奖补 {line.number} 的政策依据“{part.clause}”不在本批次的政策包里，不能出具通知。请重新测算。")
    cited: dict[Document, list[str]] = {}
    for clause in pack.clauses_named(part.clause for part in line.parts):
        cited.setdefault(clause.document, []).append(clause.cited)
    return tuple(LetterPolicy(one.title, one.number, "、".join(clauses)) for one, clauses in cited.items())
