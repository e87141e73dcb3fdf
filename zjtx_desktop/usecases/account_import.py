"""Taking over a list of payee accounts: each row compared with the book, then all good rows written as one action."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.exchange.account_list import AccountField, AccountList, AccountRow, parse_account_list
from zjtx_desktop.exchange.list_names import has_body
from zjtx_desktop.exchange.reading import read_table
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import organisations
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.free_texts import why_not_printable
from zjtx_desktop.usecases.outcomes import Outcome, Status
from zjtx_desktop.usecases.owners import Owner, Owners
from zjtx_desktop.values import MOST_NOTE, fold_name

_KEPT_AS = {
    AccountField.PAYEE: "payee_name",
    AccountField.BANK: "payee_bank",
    AccountField.ACCOUNT: "payee_account",
    AccountField.CONTACT: "contact",
    AccountField.PHONE: "phone",
}

_PERSON = 4  # letters that names of persons have at most
_REASON = "收款账户说明："
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
    book, seen, shared = Owners(session), dict[Owner, int](), _Shared(session, file.parsed.rows)
    outcomes, taken = [], []
    for row in file.parsed.rows:
        outcome, owner_id = _judged(session, row, book, seen, shared)
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
        organisations.change(session, owner_id, replace(form, **_given(row, form.note)))
    return len(taken)


def _given(row: AccountRow, note: str | None) -> dict[str, str]:
    given = {_KEPT_AS[field]: text for field, text in row.told.items()}
    said = f"{_REASON}{row.reason}"
    if not row.reason or said in (note or ""):
        return given
    return given | {"note": f"{note}；{said}" if note else said}


class _Shared:
    """Accounts that more than one organisation would have: in the list, or one of the book and one of the list."""

    def __init__(self, session: Session, rows: Iterable[AccountRow]) -> None:
        self._rows = defaultdict[str, list[AccountRow]](list)
        for row in rows:
            if account := row.told.get(AccountField.ACCOUNT):
                self._rows[account].append(row)
        o = tables.Organisation
        held = select(o.id, o.name, o.payee_account).where(col(o.payee_account).is_not(None))
        self._held = defaultdict[str, list[tuple[int, str]]](list)
        for row_id, name, account in session.execute(held):
            self._held[account].append((row_id, name))

    def doubt(self, row: AccountRow, owner: Owner | None) -> str:
        """Who else has the account of a row; empty when nobody has."""
        account = row.told.get(AccountField.ACCOUNT, "")
        for other in self._rows[account]:
            if other is not row and fold_name(other.name) != fold_name(row.name):
                return f"与第 {other.number} 行“{other.name}”是同一账号 {account}。"
        listed = {fold_name(other.name) for other in self._rows[account]}
        for row_id, name in self._held[account]:
            if not (owner and row_id == owner.id) and fold_name(name) not in listed:
                return f"账簿中“{name}”登记的是同一账号 {account}。"
        return ""


def _doubts(session: Session, row: AccountRow, owner: Owner | None, book: Owners, shared: _Shared) -> list[str]:
    return [doubt for doubt in (shared.doubt(row, owner), _holder_doubt(session, row, owner, book)) if doubt]


def _holder_doubt(session: Session, row: AccountRow, owner: Owner | None, book: Owners) -> str:
    """Why the account may not be the organisation's own: its holder bears another name, or is a person."""
    holder = row.told.get(AccountField.PAYEE)
    if not holder or fold_name(holder) == fold_name(row.name) or owner and owner in book.bearing(holder):
        return ""
    r = tables.Recognition
    mine = (col(r.organisation_id) == (owner.id if owner else None), col(r.operator).is_not(None))
    if fold_name(holder) in map(fold_name, session.scalars(select(r.operator).where(*mine))):
        return ""
    person = "，像是个人姓名" if len(holder) <= _PERSON and not has_body(holder) else ""
    return f"户名“{holder}”与单位名称不同{person}。"


def _judged(
    session: Session, row: AccountRow, book: Owners, seen: dict[Owner, int], shared: _Shared
) -> tuple[Outcome, int | None]:
    def outcome(status: Status, *messages: str) -> Outcome:
        return Outcome(row.number, status, row.name, (*messages, *row.warnings), row.raw)

    if row.errors:
        return outcome(Status.ERROR, *row.errors), None
    owner, why = book.find(row.name, row.credit_code)
    if owner is None or owner.id is None:
        doubts = _doubts(session, row, None, book, shared)
        return outcome(Status.ERROR, why or "账簿中没有这家单位。请核对名称，或先导入认定名单。", *doubts), None
    if owner in seen:
        return outcome(Status.ERROR, f"与第 {seen[owner]} 行是同一家单位。请只留一行。"), None
    seen[owner] = row.number
    known = session.get_one(tables.Organisation, owner.id)
    told = {field: getattr(known, _KEPT_AS[field]) for field in row.told}
    if why := why_not_printable(row.told.get(AccountField.PAYEE, ""), AccountField.PAYEE.value):
        return outcome(Status.ERROR, why), None
    if len(_given(row, known.note).get("note") or "") > MOST_NOTE:
        return outcome(Status.ERROR, f"备注加上说明超过 {MOST_NOTE} 个字，请先在企业档案中缩短备注。"), None
    doubts = _doubts(session, row, owner, book, shared)
    other = [field for field, text in row.told.items() if told[field] != text]
    if doubts and other and not row.reason:
        return outcome(Status.ERROR, *doubts, "确实如此的，请在“说明”列写明理由后再导入。"), None
    doubts += [f"按写明的理由登记：{row.reason}。"] if doubts and other else []
    if not other:
        return outcome(Status.SAME, "账簿中已是这个账户。", *doubts), owner.id
    replaced = [f"{field.value}原为“{told[field]}”，改为“{row.told[field]}”。" for field in other if told[field]]
    if replaced:
        return outcome(Status.CHANGED, *doubts, *replaced), owner.id
    said = "，".join(row.told[field] for field in _SHOWN if field in row.told and row.told[field] != known.name)
    return outcome(Status.NEW, *doubts, f"{said}。"), owner.id
