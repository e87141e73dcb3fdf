"""To whom an award is paid: as frozen with it at 复核, and as recorded of its organisation now until then.

Letters, lists, entries of the ledger and exports all ask here. Where the payee recorded now is no longer the one that
was reviewed, the award goes back to the draft before it can go on.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlmodel import Session, col

from zjtx_desktop.domain.states import FROZEN_STATES
from zjtx_desktop.storage import tables

_SHOWN = 4  # digits of an account
a, o, r = tables.Award, tables.Organisation, tables.Recognition
FIELDS = ("payee_name", "payee_bank", "payee_account")
_NOW = (func.coalesce(func.nullif(o.payee_name, ""), func.nullif(r.operator, ""), o.name), o.payee_bank, o.payee_account)
# What was frozen without an account, in a book whose one user issues before it is known, is completed from the record.
NAME: ColumnElement[str] = func.coalesce(a.payee_name, _NOW[0])
BANK: ColumnElement[str | None] = case((col(a.payee_account).is_(None), o.payee_bank), else_=a.payee_bank)
ACCOUNT: ColumnElement[str | None] = func.coalesce(a.payee_account, o.payee_account)
NOW_NAME, NOW_BANK, NOW_ACCOUNT = _NOW  # as recorded now, whatever is frozen
_CHANGED = and_(
    col(a.payee_name).is_not(None),
    or_(*(now.is_distinct_from(col(getattr(a, field))) for now, field in zip((_NOW[0], *map(col, _NOW[1:])), FIELDS, strict=True))),
)


@dataclass(frozen=True, slots=True)
class PayTo:
    """Name, bank and account that the money goes to."""

    name: str
    bank: str | None
    account: str | None

    def __str__(self) -> str:
        return "，".join(filter(None, (self.name, self.bank, self.account)))


def masked(account: str | None) -> str:
    """An account as it may stand in a list: its last digits only."""
    digits = (account or "").replace(" ", "")
    return f"**** {digits[-_SHOWN:]}" if len(digits) > _SHOWN else "****" if digits else ""


def pay_to(session: Session, award_id: int) -> PayTo:
    """To whom an award is paid."""
    return PayTo(*session.execute(_of(NAME, BANK, ACCOUNT).where(col(a.id) == award_id)).one())


def recorded(session: Session, award_id: int) -> PayTo:
    """To whom it would be paid by what is recorded of its organisation now."""
    return PayTo(*session.execute(_of(*_NOW).where(col(a.id) == award_id)).one())


def freeze(award: tables.Award, payee: PayTo | None) -> None:
    """Fix to whom an award is paid, or let it follow the record again."""
    award.payee_name = payee.name if payee else None
    award.payee_bank = payee.bank if payee else None
    award.payee_account = payee.account if payee else None


def changed_since_review(session: Session, organisation_id: int | None = None) -> tuple[tables.Award, ...]:
    """Of this organisation, or of all, the awards between 复核 and 下达 whose payee is recorded otherwise now."""
    where = [col(a.state).in_(FROZEN_STATES), _CHANGED]
    if organisation_id is not None:
        where.append(col(a.organisation_id) == organisation_id)
    return tuple(session.scalars(_of(a).where(*where).order_by(col(a.id))))


def _of(*columns: Any) -> Select[Any]:
    whole = select(*columns).select_from(a).join(o, col(a.organisation_id) == o.id)
    return whole.join(r, col(a.recognition_id) == r.id)
