"""Whether the book is sound: the file and its history, and above them what must hold for money and documents."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book, Found
from zjtx_desktop.usecases.agreement import disagreements
from zjtx_desktop.usecases.consent_checks import uncertified_and_unagreed
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.findings import acceptances, record, record_damage, strange_acceptances, unaccepted
from zjtx_desktop.usecases.ledger_checks import ledger_problems
from zjtx_desktop.usecases.paper_codes import strange_codes
from zjtx_desktop.usecases.replay import replayed
from zjtx_desktop.usecases.signatures import unsigned_steps


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: what nobody has accepted, and what was accepted earlier, with the names; a sentence each."""

    problems: tuple[str, ...]
    accepted: tuple[str, ...] = ()


def check(book: Book) -> list[str]:
    """Everything found wrong and not accepted, a Chinese sentence each; empty when the book is sound."""
    return list(report(book, in_portions(book)).problems)


def check_and_record(book: Book, actor: Actor) -> Report:
    """Check the book and put what was found on record; from then on it can only be read until that is accepted."""
    return recorded(book, tuple(in_portions(book)), actor)


def in_portions(book: Book) -> Iterator[Found]:
    """Look through the whole book a portion at a time; what cannot be told of a book whose rows are wrong is left out."""
    is_sound = True
    for found in book.in_portions():
        is_sound = is_sound and not found.sentences
        yield found
    for look in _CHECKS if is_sound else ():
        with book.reading() as session:
            sentences = tuple(look(session))
        yield Found(sentences)


def recorded(book: Book, found: Sequence[Found], actor: Actor) -> Report:
    """What the portions of a check come to, put on record."""
    if any(one.is_damage for one in found):
        record_damage(book)
    else:
        record(book, [sentence for one in found if not one.is_passing for sentence in one.sentences], actor)
    return report(book, found)


def report(book: Book, found: Iterable[Found]) -> Report:
    """What the portions of a check come to, beside what is on record."""
    found = tuple(found)
    now = list(dict.fromkeys(sentence for one in found for sentence in one.sentences))
    if any(one.is_damage for one in found):
        return Report(tuple(now))
    with book.reading() as session:
        waiting, taken = unaccepted(session), acceptances(session)
    done = {sentence for one in taken for sentence in one.sentences}
    gone = [f"以前检查发现，还没有人接受：{sentence}" for sentence in waiting if sentence not in now]
    told = tuple(f"{one.by}：{sentence}" for one in taken for sentence in one.sentences)
    return Report((*(sentence for sentence in now if sentence not in done), *gone), told)


def _numbers_have_no_gap(session: Session) -> Iterator[str]:
    d = tables.Document
    rows = session.execute(select(d.kind, d.year, d.serial).order_by(col(d.kind), col(d.year), col(d.serial)))
    last: dict[tuple[str, int], int] = {}
    for kind, year, serial in rows:
        first = last.get((kind, year), 0) + 1
        if serial > first:
            yield f"{year} 年的文号不连续：没有第 {first}{f' 至 {serial - 1}' if serial - 1 > first else ''} 号。"
        last[kind, year] = serial


_CHECKS: tuple[Callable[[Session], Iterable[str]], ...] = (
    lambda session: (one.sentence for one in disagreements(session)),
    _numbers_have_no_gap,
    strange_codes,
    unsigned_steps,
    replayed,
    ledger_problems,
    strange_acceptances,
    uncertified_and_unagreed,
)
