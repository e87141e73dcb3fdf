"""历史: what an organisation was awarded before this program; it counts as earlier and passes no approval."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.values import ZERO, Money

p = tables.PastAward
SOURCE = "历史"  # how the judgement names them


@dataclass(frozen=True, slots=True)
class PastAwardForm:
    """Everything staff fill in for one past award. `title` is an id; `source` the document or voucher."""

    title: str
    level: Level
    award_year: int
    beneficiary: Money
    municipal: Money
    source: str

    @property
    def total(self) -> Money:
        """What both treasuries paid."""
        return self.beneficiary + self.municipal


@dataclass(frozen=True, slots=True)
class HeldPast:
    """A past award with its row."""

    id: int
    form: PastAwardForm


def of_organisation(session: Session, organisation_id: int) -> tuple[HeldPast, ...]:
    """Every past award of one organisation, the latest year first."""
    query = select(p).where(col(p.organisation_id) == organisation_id).order_by(col(p.award_year).desc(), col(p.id))
    return tuple(HeldPast(row.id or 0, _form(row)) for row in session.scalars(query))


def get(session: Session, past_id: int) -> PastAwardForm:
    """What is recorded of a past award."""
    return _form(_row(session, past_id))


@guarded
def register(session: Session, organisation_id: int, form: PastAwardForm) -> int:
    """Add a past award; returns its id. Refused when the very same one is there."""
    if session.get(tables.Organisation, organisation_id) is None:
        raise NotFound("这家单位已被删除，请刷新列表。")
    row = p(organisation_id=organisation_id, **_columns(form))
    _write(session, row, form)
    return row.id or 0


@guarded
def change(session: Session, past_id: int, form: PastAwardForm) -> None:
    """Bring the record to what the form says."""
    row = _row(session, past_id)
    for key, value in _columns(form).items():
        setattr(row, key, value)
    _write(session, row, form)


@guarded
def remove(session: Session, past_id: int) -> None:
    """Delete a past award that was entered by mistake."""
    session.delete(_row(session, past_id))


def count(session: Session, organisation_id: int) -> int:
    """How many past awards an organisation has."""
    return session.scalar(select(func.count()).where(col(p.organisation_id) == organisation_id)) or 0


def _row(session: Session, past_id: int) -> tables.PastAward:
    row = session.get(p, past_id)
    if row is None:
        raise NotFound("这笔历史奖励已被删除，请刷新后再试。")
    return row


def _form(row: tables.PastAward) -> PastAwardForm:
    return PastAwardForm(
        row.title, Level(row.level), row.award_year, Money(row.beneficiary_fen), Money(row.municipal_fen), row.source
    )


def _columns(form: PastAwardForm) -> dict[str, str | int]:
    return {
        "title": form.title,
        "level": form.level.value,
        "award_year": form.award_year,
        "beneficiary_fen": form.beneficiary.fen,
        "municipal_fen": form.municipal.fen,
        "source": form.source.strip(),
    }


def _write(session: Session, row: tables.PastAward, form: PastAwardForm) -> None:
    titles = Titles.load()
    if missing := titles.get(form.title).missing.get(form.level):
        raise Refused(missing)
    if form.beneficiary < ZERO or form.municipal < ZERO:
        raise Refused("历史奖励的金额不能是负数。请核对后改正。")
    if not form.total:
        raise Refused("两级财政的金额都没有填。请至少填写一项。")
    if not form.source.strip():
        raise Refused("没有写明依据。请填写当时的文件或付款凭证。")
    same = (getattr(p, key) == getattr(row, key) for key in ("organisation_id", "title", "level", "award_year", "source"))
    with session.no_autoflush:
        twin = session.scalar(select(p.id).where(*same, col(p.id) != (row.id or 0)))
    if twin:
        name = titles.name(form.title, form.level)
        raise Refused(f"{form.award_year} 年度“{name}”按同一依据已登记过历史奖励。请核对是否重复。")
    session.add(row)
    session.flush()
