"""The office that the drills disturb: a small book, the deeds done in it by the real use cases, and what it then holds."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session, col

from zjtx_desktop.demo import SAMPLE
from zjtx_desktop.domain.entitlement import Payer, Verdict
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.errors import AppError
from zjtx_desktop.exchange.lists import ListDefaults
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.bulk import insert_rows, reserve_ids
from tests.usecases.old_kit import make_old
from zjtx_desktop.usecases import ledger, letters, office, organisations, recognitions, rounds
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor, perform
from zjtx_desktop.usecases.imports import Plan
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.list_file import ListFile, read_list
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.recognitions import RecognitionForm
from zjtx_desktop.values import Division, Money, Share

ME = Actor("张三")
YUSHAN = Division("361123")
DAY = date(2024, 12, 2)
WAN = 1_000_000  # fen
SECRET = bytes(range(20))


@dataclass(frozen=True, slots=True)
class Held:
    """What a sound book holds: the keys of its payments, the lists it took over, and how many organisations."""

    paid: frozenset[str]
    lists: int
    organisations: int
    head: str


def make(path: Path, secret: bytes | None = None, awards: int = 1) -> None:
    """A book in which so many awards of 10 万 each are issued, with their letters, and nothing is paid."""
    with Book.create(path, secret) as book:
        perform(book, "新建账簿", ME, lambda session: office.set_up(session, YUSHAN, "玉山县财政局"))
        perform(book, "登记认定", ME, lambda session: _recognise(session, range(awards)))
        done = perform(book, "测算", ME, lambda session: rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)))
        perform(book, "下达", ME, lambda session: letters.issue(session, done.round.id, DAY))


def _recognise(session: Session, numbers: Sequence[int]) -> None:
    for number in numbers:
        name = f"示例{number}有限公司"
        form = OrganisationForm(name=name, shares=(Share(YUSHAN, 1),), shares_evidence="税务证明（示例）")
        owner = organisations.register(session, form)
        facts = {"label_year": 2024, "document_number": "示例〔2024〕1号", "document_date": date(2024, 9, 2)}
        form = RecognitionForm(owner, "srdi_sme", Level.PROVINCIAL, Kind.NEW, name, **facts)
        recognitions.register(session, form)


def make_many(path: Path, awards: int) -> None:
    """A book with very many issued awards; their letters are stand-ins, because writing them is not what is drilled."""
    with Book.create(path) as book:
        perform(book, "新建账簿", ME, lambda session: office.set_up(session, YUSHAN, "玉山县财政局"))
        perform(book, "登记认定", ME, lambda session: _recognise(session, range(awards)))
        perform(book, "测算", ME, lambda session: rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)))
        with book.action("下达", ME.name) as session:
            _issue_all(session)
        make_old(book)  # awards without steps are only those of the program before


def _issue_all(session: Session) -> None:
    pdf = b"%PDF-1.7 stand-in"
    content = tables.Content(sha256=sha256(pdf), size=len(pdf), data=pdf)
    session.add(content)
    session.flush()
    found = session.scalars(select(tables.Award).where(col(tables.Award.verdict) == Verdict.AWARD.value)).all()
    first = reserve_ids(session, tables.Document)
    rows = []
    for serial, award in enumerate(found, start=1):
        rows.append(
            {"id": first + serial - 1, "award_id": award.id, "kind": letters.KIND, "year": 2024, "serial": serial}
            | {"number": f"玉财〔2024〕{serial}号", "issued_on": DAY, "content_id": content.id}
            | {"total_fen": award.beneficiary_fen + award.municipal_fen, "snapshot": _snapshot(award, serial), "pages": 1}
            | {"round_id": award.round_id, "voided": False}
        )
        award.state = "issued"
        session.add(award)
    insert_rows(session, tables.Document, rows)
    session.flush()
    ledger.grant(session, [award.id or 0 for award in found], DAY)


def _snapshot(award: tables.Award, serial: int) -> str:
    """As much of a letter as is compared with the award: what each treasury pays."""
    printed = [
        {"payer": Payer(payer).label, "treasury": Division(division).name, "amount": fen}
        for _, payer, division, fen, _ in json.loads(award.matched)
    ]
    told = {"number": f"玉财〔2024〕{serial}号", "issued_on": DAY.isoformat(), "award_number": award.number}
    return json.dumps(told | {"parts": printed})


def parts(book: Book) -> tuple[int, ...]:
    """The parts of all issued awards, which are one each."""
    with book.reading() as session:
        return tuple(session.scalars(select(tables.LedgerEntry.part_id).where(tables.LedgerEntry.kind == "granted")))


def pay(book: Book, part_id: int, key: str, fen: int = WAN) -> None:
    """Pay some of a part under a key; the same key again is the same payment."""
    order = PaymentOrder(part_id, Money(fen), date(2024, 12, 20), "国库支付0001", key, same_voucher=True)
    perform(book, f"拨付 {key}", ME, lambda session: ledger.pay(session, order))


@cache
def sample() -> ListFile:
    """The sample list, read once: drills that kill the taking over do not want to kill the reading."""
    return read_list(SAMPLE)


def take_list(book: Book) -> None:
    """Take the sample list over in one action, as the window does."""
    file = sample()
    parsed = file.parse(ListDefaults(), DAY)
    perform(book, "导入名单", ME, lambda session: Plan(session, parsed).take_over(session, file.name, file.sha256))


def held(path: Path, secret: bytes | None = None) -> Held | str:
    """What is in the book at `path`, opened as the program opens it and checked in full; or what is wrong with it."""
    try:
        with Book(path, secret) as book:
            problems = check(book)
            return problems[0] if problems else _held(book)
    except AppError as error:
        return str(error)


def _held(book: Book) -> Held:
    e, o = tables.LedgerEntry, tables.Organisation
    with book.reading() as session:
        paid = session.scalars(select(e.key).where(e.kind == EntryKind.PAID.value)).all()
        lists = session.scalar(select(func.count()).select_from(tables.ListImport)) or 0
        count = session.scalar(select(func.count()).select_from(o)) or 0
    return Held(frozenset(paid), lists, count, book.head())


def sha256(data: bytes) -> str:
    """As the book keeps it of everything stored."""
    return hashlib.sha256(data).hexdigest()
