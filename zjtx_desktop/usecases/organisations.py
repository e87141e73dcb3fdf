"""Organisations: registered once under one identity, found by any name they ever bore."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, or_, select
from sqlmodel import Session, col

from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.action_day import today
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.free_texts import must_be_printable
from zjtx_desktop.usecases.listing import Listing
from zjtx_desktop.usecases.payee_changes import send_back_changed
from zjtx_desktop.values import CreditCode, Division, Share, clean_name, fold_name, initials, initials_sought, look_alike

o = tables.Organisation
WAITING, CONFIRMED, NONE = "waiting", "confirmed", "none"  # how the treasuries of an organisation stand
PLAIN = ("payee_name", "payee_bank", "payee_account", "contact", "phone", "note", "is_company")


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation as a list shows it; `standing` is WAITING where a treasury is not confirmed yet."""

    id: int
    credit_code: str | None
    name: str
    division: str | None
    treasuries: str | None
    recognitions: int
    former_names: str | None
    is_company: bool | None
    standing: str


@dataclass(frozen=True, slots=True)
class OrganisationForm:
    """Everything staff fill in for one organisation. `code_reason` keeps a code whose check digit is wrong."""

    name: str
    credit_code: CreditCode | None = None
    code_reason: str | None = None
    division: Division | None = None
    shares: tuple[Share, ...] = ()
    shares_evidence: str | None = None
    former_names: tuple[str, ...] = ()
    is_company: bool | None = None
    payee_name: str | None = None
    payee_bank: str | None = None
    payee_account: str | None = None
    contact: str | None = None
    phone: str | None = None
    note: str | None = None

    @property
    def merged_codes(self) -> tuple[str, ...]:
        """The codes of organisations that were merged into this one; they stand among its former names."""
        return tuple(filter(CreditCode.is_plain, self.former_names))

    @property
    def names_before(self) -> tuple[str, ...]:
        """The former names without those codes."""
        return tuple(name for name in self.former_names if name not in self.merged_codes)


def _listing() -> Listing[OrganisationLine]:
    b, r, f = tables.Beneficiary, tables.Recognition, tables.FormerName
    names = select(func.group_concat(f.name, "、")).where(col(f.organisation_id) == o.id).scalar_subquery()
    treasuries = select(func.group_concat(b.division, ",")).where(col(b.organisation_id) == o.id).scalar_subquery()
    stands = case((func.count() == 0, NONE), (func.min(b.confirmed) == 0, WAITING), else_=CONFIRMED)
    standing = select(stands).where(col(b.organisation_id) == o.id).scalar_subquery()
    count = select(func.count()).where(col(r.organisation_id) == o.id).scalar_subquery()
    columns = {
        "credit_code": col(o.credit_code),
        "name": col(o.name),
        "division": col(o.division),
        "treasuries": treasuries,
        "recognitions": count,
        "former_names": names,
        "is_company": col(o.is_company),
        "standing": standing,
    }
    return Listing(o.__table__, col(o.id), columns, named, OrganisationLine)


def named(text: str) -> tuple[ColumnElement[bool], ...]:
    """What an organisation must meet, any of it, to be found by a part of a name, former name or code, or by the
    pinyin initials of a part of a name it ever bore.
    """
    f = tables.FormerName
    former = select(f.organisation_id).where(func.instr(f.folded, fold_name(text)) > 0)
    by_code = func.instr(func.coalesce(o.credit_code, ""), text.strip().upper()) > 0
    found = (func.instr(o.folded, fold_name(text)) > 0, by_code, col(o.id).in_(former))
    spelt = initials_sought(text)
    return (*found, func.instr(func.coalesce(o.initials, ""), spelt) > 0) if spelt else found


LISTING = _listing()


def get(session: Session, organisation_id: int) -> OrganisationForm:
    """What is recorded of an organisation."""
    row = _row(session, organisation_id)
    b, f = tables.Beneficiary, tables.FormerName
    shares = session.scalars(select(b).where(col(b.organisation_id) == row.id).order_by(col(b.id))).all()
    names = session.scalars(select(f.name).where(col(f.organisation_id) == row.id).order_by(col(f.id))).all()
    return OrganisationForm(
        name=row.name,
        credit_code=CreditCode(row.credit_code) if row.credit_code else None,
        code_reason=row.code_reason,
        division=Division(row.division) if row.division else None,
        shares=tuple(Share(Division(share.division), share.weight) for share in shares),
        shares_evidence=shares[0].evidence if shares else None,
        former_names=tuple(names),
        **{key: getattr(row, key) for key in PLAIN},
    )


@guarded
def register(session: Session, form: OrganisationForm) -> int:
    """Add an organisation; returns its id. Refused when its code or name is there already."""
    row = o(name=form.name, folded="")
    _write(session, row, form)
    return row.id or 0


@guarded
def change(session: Session, organisation_id: int, form: OrganisationForm) -> None:
    """Bring the record to what the form says; a changed name keeps the old one as 曾用名.

    Awards that were reviewed with another payee go back to the draft.
    """
    row = _row(session, organisation_id)
    before = row.name
    if fold_name(before) != fold_name(form.name) and before not in form.former_names:
        form = replace(form, former_names=(*form.former_names, before))
    _write(session, row, form)


@guarded
def set_company(session: Session, organisation_id: int, is_company: bool | None) -> None:
    """Record whether the payee of an organisation is a company; None for not known."""
    row = _row(session, organisation_id)
    row.is_company = is_company
    session.add(row)
    session.flush()


@guarded
def remove(session: Session, organisation_id: int) -> None:
    """Delete an organisation that has no recognition; Refused otherwise."""
    row = _row(session, organisation_id)
    r = tables.Recognition
    held = session.scalar(select(func.count()).where(col(r.organisation_id) == row.id)) or 0
    if held:
        raise Refused(f"“{row.name}”名下有 {held} 条认定，不能删除。请先处理它的认定。")
    p, f = tables.PastAward, tables.Attachment
    if past := session.scalar(select(func.count()).where(col(p.organisation_id) == row.id)):
        raise Refused(f"“{row.name}”名下有 {past} 笔历史奖励，不能删除。请先删除它的历史奖励。")
    session.connection().execute(delete(f).where(col(f.subject_table) == "organisation", col(f.subject_id) == row.id))
    for table in (tables.Beneficiary, tables.FormerName):
        session.connection().execute(delete(table).where(col(table.organisation_id) == row.id))
    session.delete(row)


def holder(session: Session, code: CreditCode | None, name: str, but: int | None = None) -> str:
    """The name of the organisation, other than `but`, that has this code or else this name; empty when none has."""
    text = code.text if code else ""
    by_code = select(o.name).where(or_(col(o.credit_code) == text, col(o.id).in_(_numbered(text))), col(o.id) != (but or 0))
    by_name = select(o.name).where(col(o.folded) == fold_name(name), col(o.id) != (but or 0))
    return session.scalar(by_code) or session.scalar(by_name) or ""


def look_alikes(session: Session, name: str, but: int | None = None) -> tuple[str, ...]:
    """Names in the book, of others than `but`, that look like this one and are written with other signs."""
    key, folded = look_alike(name), fold_name(name)
    found = session.execute(select(o.name, o.folded).where(col(o.id) != (but or 0), func.length(o.folded) == len(folded)))
    return tuple(one for one, other in found if other != folded and look_alike(one) == key)


def known_as(session: Session, text: str) -> tuple[int, ...]:
    """The organisations of exactly this credit code, name or former name."""
    f, folded = tables.FormerName, fold_name(text)
    former = select(f.organisation_id).where(col(f.folded) == folded)
    code = text.strip().upper()
    found = select(o.id).where(or_(col(o.credit_code) == code, col(o.folded) == folded, col(o.id).in_(former)))
    return tuple(one for one in session.scalars(found.order_by(col(o.id))) if one)


def _numbered(code: str) -> Any:
    """The organisation into which one of this code was merged."""
    f = tables.FormerName
    return select(f.organisation_id).where(col(f.folded) == fold_name(code))


def suggestions(session: Session, text: str, limit: int = 12) -> tuple[OrganisationLine, ...]:
    """The first organisations whose name, former name or code contains `text`."""
    query = select(o.id).where(or_(*named(text))).order_by(func.length(o.name), col(o.id)).limit(limit)
    return LISTING.lines(session, session.scalars(query).all())


def _row(session: Session, organisation_id: int) -> tables.Organisation:
    row = session.get(o, organisation_id)
    if row is None:
        raise NotFound("这家单位已被删除，请刷新列表。")
    return row


def _write(session: Session, row: tables.Organisation, form: OrganisationForm) -> None:
    name = clean_name(form.name, "单位名称")
    if not row.folded or name != row.name:  # what an older program took hinders no other change
        must_be_printable(name, "单位名称")
    if form.payee_name and form.payee_name != row.payee_name:
        must_be_printable(form.payee_name, "收款单位")
    code = form.credit_code.text if form.credit_code else None
    if form.credit_code and not form.credit_code.check_digit_ok and not (form.code_reason or "").strip():
        raise Refused(f"统一社会信用代码 {code} 的校验位不对，请核对；确认无误的，请写明保留的理由。")
    _refuse_twins(session, row.id, code, name)
    row.name, row.folded, row.credit_code = name, fold_name(name), code
    row.initials = initials(name, *form.former_names)
    row.code_reason = form.code_reason
    row.division = form.division.code if form.division else None
    for key in PLAIN:
        setattr(row, key, getattr(form, key))
    session.add(row)
    session.flush()
    _write_shares(session, row.id or 0, form.shares, form.shares_evidence)
    _write_names(session, row.id or 0, form.former_names)
    send_back_changed(session, row.id)


def _refuse_twins(session: Session, row_id: int | None, code: str | None, name: str) -> None:
    merged = code and session.scalars(select(o.name).where(col(o.id).in_(_numbered(code)), col(o.id) != (row_id or 0))).first()
    if merged:
        raise Refused(f"统一社会信用代码“{code}”是已并入“{merged}”的单位的，请核对。")
    for column, value, what in ((o.credit_code, code, "统一社会信用代码"), (o.folded, fold_name(name), "名称")):
        twin = value and session.scalars(select(o).where(col(column) == value, col(o.id) != (row_id or 0))).first()
        if twin and (column is o.credit_code or code is None or twin.credit_code in (None, code)):
            raise Refused(f"{what}“{code if column is o.credit_code else name}”已登记在“{twin.name}”名下，请核对。")


def _write_shares(session: Session, row_id: int, shares: Sequence[Share], evidence: str | None) -> None:
    b = tables.Beneficiary
    have = {row.division: row for row in session.scalars(select(b).where(col(b.organisation_id) == row_id))}
    if shares and not (evidence or "").strip():
        raise Refused("受益财政要写明依据，如税务部门证明的名称和日期。请填写。")
    told = (evidence or "").strip()
    known = {(row.division, row.weight, row.evidence) for row in have.values()}
    same = known == {(share.division.code, share.weight, told) for share in shares}
    for share in () if same else shares:  # what is saved as it was is not confirmed by that
        row = have.pop(share.division.code, None) or b(organisation_id=row_id, division=share.division.code, weight=1, evidence="")
        row.weight, row.evidence, row.confirmed = share.weight, told, True
        row.confirmed_by, row.confirmed_on = session.info["by"], today(session)
        session.add(row)
    if same:
        return
    for gone in have.values():
        session.delete(gone)
    session.flush()


def _write_names(session: Session, row_id: int, names: Sequence[str]) -> None:
    f = tables.FormerName
    have = {row.folded: row for row in session.scalars(select(f).where(col(f.organisation_id) == row_id))}
    wanted: dict[str, Any] = {fold_name(name): clean_name(name, "曾用名") for name in names if fold_name(name)}
    for folded in wanted.keys() - have.keys():
        session.add(f(organisation_id=row_id, name=wanted[folded], folded=folded))
    for folded in have.keys() - wanted.keys():
        session.delete(have[folded])
    session.flush()
