"""What the tests of the book share: a book with something in it, and a stranger's connection to its file."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import Boolean, Date, Integer, LargeBinary, Table, insert
from sqlmodel import Session, SQLModel, col, select

from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.connection import writing_engine
from zjtx_desktop.storage.history import OWN_TABLES
from zjtx_desktop.storage.keys import Slot
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.storage.steps import STEPS
from zjtx_desktop.storage.tables import Action, Change, FormerName, Organisation
from zjtx_desktop.storage.upgrade import upgrade

CLERK = "王经办"
ALL_TABLES: tuple[Table, ...] = tuple(SQLModel.metadata.sorted_tables)
BUSINESS = tuple(table for table in ALL_TABLES if table.name not in OWN_TABLES)
PDF = b"%PDF-1.7 the letter"


TODAY = len(STEPS)


def make_old_book(path: Path, version: int, *names: str) -> None:
    """A book as the program of an earlier day left it, with organisations of these names."""
    path.touch()
    engine = writing_engine(path, None)
    upgrade(engine, path, None, STEPS[:version])
    engine.dispose()
    with Book(path, steps=STEPS[:version]) as book, book.action("登记企业", CLERK) as session:
        for name in names:
            session.connection().exec_driver_sql(
                "INSERT INTO organisation (name, folded) VALUES (?, ?)", (name, name)
            )


@contextmanager
def stranger(path: Path) -> Iterator[Any]:
    """A connection as any other program would open one: with SQLite's defaults and none of our settings."""
    raw = sqlite.connect(str(path), timeout=0.05)
    raw.isolation_level = None
    try:
        yield raw
    finally:
        raw.close()


def organisation(name: str, **more: Any) -> Organisation:
    """An organisation with only its name."""
    return Organisation(name=name, folded=name, **more)


def add(book: Book, *names: str) -> None:
    """One action that adds organisations."""
    with book.action("登记企业", CLERK) as session:
        session.add_all(organisation(name) for name in names)


def names(book: Book) -> list[str]:
    """The names in the book, in the order of their ids."""
    with book.reading() as session:
        return list(session.exec(select(Organisation.name).order_by(col(Organisation.id))))


def changes(book: Book) -> list[Change]:
    """Every change in the history, oldest first."""
    with book.reading() as session:
        return list(session.exec(select(Change).order_by(col(Change.id))))


def actions(book: Book) -> list[Action]:
    """Every action in the history, oldest first."""
    with book.reading() as session:
        return list(session.exec(select(Action).order_by(col(Action.id))))


def sample_row(table: Table, text: str = "文", number: int = 1) -> dict[str, Any]:
    """A row that `table` accepts, made from nothing but its columns; foreign keys point to row 1."""
    return {column.name: _sample(column, text, number) for column in table.columns if column.name != "id"}


def _sample(column: Any, text: str, number: int) -> Any:
    if column.foreign_keys:
        return 1
    if column.name == "sha256" and column.table.name == "content":
        return sha256(PDF).hexdigest()
    if column.name == "sealed" and column.table.name == "key_slot":
        return Slot.make(bytes(20), "文", "文", Cost(64, 1, 1)).sealed  # else the key file beside the book would be a bad one
    if column.name == "size":
        return len(PDF)
    if column.name == "kind" and column.table.name == "ledger_entry":
        return "granted"  # of other kinds nothing may be entered before
    day = date(2024, 9, 29 + number % 2)
    kinds = ((Boolean, True), (Date, day), (LargeBinary, PDF), (Integer, number))
    return next((value for kind, value in kinds if isinstance(column.type, kind)), text)


def one_row_each(session: Session) -> None:
    """Row 1 in every table of the book."""
    for table in BUSINESS:
        session.connection().execute(insert(table), sample_row(table))


def fill(book: Book) -> None:
    """Three actions: a row in every table, a second organisation with a second award, and a note."""
    with book.action("建账", CLERK) as session:
        one_row_each(session)
    by_name = {table.name: table for table in ALL_TABLES}
    with book.action("补录", "李复核") as session:
        session.add(organisation("乙公司", payee_account="6222"))
        session.add(FormerName(organisation_id=1, name="旧名", folded="旧名"))
        session.flush()
        for name, more in (
            ("recognition", {"organisation_id": 2}),
            ("award", {"number": "甲2", "organisation_id": 2, "recognition_id": 2, "beneficiary_fen": 7}),
            ("award_part", {"award_id": 2, "fen": 7}),
        ):
            session.connection().execute(insert(by_name[name]), sample_row(by_name[name]) | more)
    with book.action("写备注", CLERK) as session:
        session.get_one(Organisation, 2).note = "已核"
