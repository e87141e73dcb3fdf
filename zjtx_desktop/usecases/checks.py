"""Whether the book is sound: the file and its history, and above them what must hold for money and documents."""

from sqlalchemy import func, select
from sqlmodel import Session

from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases.agreement import disagreements
from zjtx_desktop.usecases.consent_checks import uncertified_and_unagreed
from zjtx_desktop.usecases.ledger_checks import ledger_problems
from zjtx_desktop.usecases.paper_codes import strange_codes
from zjtx_desktop.usecases.signatures import unsigned_steps


def check(book: Book) -> list[str]:
    """Everything found wrong, a Chinese sentence each; empty when the book is sound."""
    found = book.check()
    if found:
        return found
    with book.reading() as session:
        return [
            *(one.sentence for one in disagreements(session)),
            *_numbers_have_no_gap(session),
            *strange_codes(session),
            *unsigned_steps(session),
            *ledger_problems(session),
            *uncertified_and_unagreed(session),
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
