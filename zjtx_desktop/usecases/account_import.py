"""Taking over a list of payee accounts: each row compared with the book, then all good rows written as one action."""

from dataclasses import dataclass, replace
from pathlib import Path

from sqlmodel import Session

from zjtx_desktop.exchange.account_list import AccountField, AccountList, AccountRow, parse_account_list
from zjtx_desktop.exchange.reading import read_table
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import organisations
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.outcomes import Outcome, Status
from zjtx_desktop.usecases.owners import Owner, Owners

_KEPT_AS = {
    AccountField.PAYEE: "payee_name",
    AccountField.BANK: "payee_bank",
    AccountField.ACCOUNT: "payee_account",
    AccountField.CONTACT: "contact",
    AccountField.PHONE: "phone",
}

_SHOWN = (AccountField.ACCOUNT, AccountField.BANK, AccountField.PAYEE, AccountField.CONTACT, AccountField.PHONE)


@dataclass(frozen=True, slots=True)
class AccountFile:
    """A list of payee accounts that somebody sent, its rows checked."""

    name: str
    parsed: AccountList


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """What the rows would do to the book; `taken` pairs each row to be written with its organisation's id."""

    file: AccountFile
    outcomes: tuple[Outcome, ...]
    taken: tuple[tuple[AccountRow, int], ...]

    def count(self, status: Status) -> int:
        """How many rows have this status."""
        return sum(outcome.status is status for outcome in self.outcomes)


def read_accounts(path: Path) -> AccountFile:
    """Read a workbook of payee accounts; BadFile says what to do with one that cannot be read."""
    return AccountFile(path.name, parse_account_list(read_table(path)))


def plan(session: Session, file: AccountFile) -> AccountPlan:
    """Compare every row with the book; nothing is written before `take_over`."""
    book, seen = Owners(session), dict[Owner, int]()
    outcomes, taken = [], []
    for row in file.parsed.rows:
        outcome, owner_id = _judged(session, row, book, seen)
        outcomes.append(outcome)
        if outcome.can_be_taken and owner_id:
            taken.append((row, owner_id))
    return AccountPlan(file, tuple(outcomes), tuple(taken))


@guarded
def take_over(session: Session, file: AccountFile) -> int:
    """Write every good row, comparing anew with the book as it is now; returns how many."""
    taken = plan(session, file).taken
    for row, owner_id in taken:
        form = organisations.get(session, owner_id)
        organisations.change(session, owner_id, replace(form, **_given(row)))
    return len(taken)


def _given(row: AccountRow) -> dict[str, str]:
    return {_KEPT_AS[field]: text for field, text in row.told.items()}


def _judged(
    session: Session, row: AccountRow, book: Owners, seen: dict[Owner, int]
) -> tuple[Outcome, int | None]:
    def outcome(status: Status, *messages: str) -> Outcome:
        return Outcome(row.number, status, row.name, (*messages, *row.warnings), row.raw)

    if row.errors:
        return outcome(Status.ERROR, *row.errors), None
    owner, why = book.find(row.name, row.credit_code)
    if owner is None or owner.id is None:
        return outcome(Status.ERROR, why or "账簿中没有这家单位。请核对名称，或先导入认定名单。"), None
    if owner in seen:
        return outcome(Status.ERROR, f"与第 {seen[owner]} 行是同一家单位。请只留一行。"), None
    seen[owner] = row.number
    known = session.get_one(tables.Organisation, owner.id)
    told = {field: getattr(known, _KEPT_AS[field]) for field in row.told}
    other = [field for field, text in row.told.items() if told[field] != text]
    if not other:
        return outcome(Status.SAME, "账簿中已是这个账户。"), owner.id
    replaced = [f"{field.value}原为“{told[field]}”，改为“{row.told[field]}”。" for field in other if told[field]]
    if replaced:
        return outcome(Status.CHANGED, *replaced), owner.id
    said = "，".join(row.told[field] for field in _SHOWN if field in row.told and row.told[field] != known.name)
    return outcome(Status.NEW, f"{said}。"), owner.id
