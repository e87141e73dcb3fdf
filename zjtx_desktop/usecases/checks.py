"""Whether the book is sound: the file and its history, and above them what must hold for money and documents."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.states import ISSUED_STATES, AwardState
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases.ledger_checks import ledger_problems
from zjtx_desktop.usecases.paper_codes import strange_codes
from zjtx_desktop.usecases.signatures import unsigned_steps
from zjtx_desktop.values import Money


def check(book: Book) -> list[str]:
    """Everything found wrong, a Chinese sentence each; empty when the book is sound."""
    found = book.check()
    if found:
        return found
    with book.reading() as session:
        return [
            *_parts_add_up(session),
            *_numbers_have_no_gap(session),
            *_letters_match(session),
            *strange_codes(session),
            *unsigned_steps(session),
            *ledger_problems(session),
        ]


def _parts_add_up(session: Session) -> list[str]:
    a, p = tables.Award, tables.AwardPart
    sums: dict[tuple[int, str], int] = {
        (award_id, payer): int(fen)
        for award_id, payer, fen in session.execute(select(p.award_id, p.payer, func.sum(p.fen)).group_by(p.award_id, p.payer))
    }
    return [
        f"奖补 {number} 的受益财政或市级财政金额与各分担部分之和不等。"
        for award_id, number, ours, city in session.execute(select(a.id, a.number, a.beneficiary_fen, a.municipal_fen))
        if (ours, city)
        != (sums.get((award_id, Payer.BENEFICIARY.value), 0), sums.get((award_id, Payer.MUNICIPAL.value), 0))
    ]


def _numbers_have_no_gap(session: Session) -> list[str]:
    d = tables.Document
    groups = session.execute(
        select(d.kind, d.year, func.count(), func.min(d.serial), func.max(d.serial)).group_by(d.kind, d.year)
    )
    return [
        f"{year} 年的文号不连续：共 {count} 份，最小 {first} 号，最大 {last} 号。"
        for _, year, count, first, last in groups
        if (first, last) != (1, count)
    ]


def _letters_match(session: Session) -> list[str]:
    a, d = tables.Award, tables.Document
    rows = session.execute(
        select(a.number, a.state, a.beneficiary_fen + a.municipal_fen, d.number, d.total_fen, d.voided)
        .outerjoin(d, col(d.award_id) == a.id)
        .where(col(a.state).in_((*ISSUED_STATES, AwardState.VOIDED)))
    )
    found = []
    for number, state, fen, letter, lettered, voided in rows:
        if letter is None:
            found.append(f"奖补 {number} 已下达，却没有拨付通知。")
        elif fen != lettered:
            found.append(f"奖补 {number} 为 {Money(fen)} 元，{letter} 却是 {Money(lettered)} 元。")
        elif voided != (state == "voided"):
            found.append(f"奖补 {number} 与 {letter} 的作废状态不一致。")
    return found
