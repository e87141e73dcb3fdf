"""Recognitions: which organisation was given which title, by which document, from when to when."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlmodel import Session, col

from zjtx_desktop.domain.states import DEAD_STATES, AwardState
from zjtx_desktop.domain.titles import Kind, Level, Titles, Weight
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.closed_years import require_recognition_open
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.import_facts import both_told, cohort_of
from zjtx_desktop.usecases.listing import Listing
from zjtx_desktop.usecases.organisations import named

r, o = tables.Recognition, tables.Organisation


@dataclass(frozen=True, slots=True)
class RecognitionLine:
    """A recognition as a list shows it; `award` is the number of its living award. One that is `publicity_only` is none yet."""

    id: int
    organisation: str
    credit_code: str | None
    division: str | None
    title: str
    level: str
    kind: str
    batch: str | None
    label_year: int | None
    document_number: str | None
    document_date: date | None
    valid_to: date | None
    award: str | None
    title_type: str | None = None
    publicity_only: bool = False


@dataclass(frozen=True, slots=True)
class RecognitionForm:
    """Everything staff fill in for one recognition. `title` is the id of an award title, `title_type` the type (平台 or
    基地) of one recognised under the merged national title.
    """

    organisation_id: int
    title: str
    level: Level
    kind: Kind
    listed_name: str
    batch: str | None = None
    label_year: int | None = None
    document_title: str | None = None
    document_number: str | None = None
    document_date: date | None = None
    publicity_only: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    operator: str | None = None
    product: str | None = None
    certificate: str | None = None
    note: str | None = None
    title_type: str | None = None


def _listing() -> Listing[RecognitionLine]:
    a = tables.Award
    award = (
        select(a.number)
        .where(col(a.recognition_id) == r.id, col(a.state).not_in(DEAD_STATES))
        .correlate(r)
        .scalar_subquery()
    )
    columns = {
        "organisation": col(o.name),
        "credit_code": col(o.credit_code),
        "division": col(o.division),
        "title": col(r.title),
        "level": col(r.level),
        "kind": col(r.kind),
        "batch": col(r.batch),
        "label_year": col(r.label_year),
        "document_number": col(r.document_number),
        "document_date": col(r.document_date),
        "valid_to": col(r.valid_to),
        "award": award,
        "title_type": col(r.title_type),
        "publicity_only": col(r.publicity_only),
    }
    both, named_there = r.__table__.join(o.__table__), frozenset(("organisation", "credit_code", "division"))
    from_names = r.__table__.join(o.__table__, col(r.organisation_id) == col(o.id) + 0)  # + 0: no way from r to o
    return Listing(both, col(r.id), columns, _search, RecognitionLine, r.__table__, named_there, from_names)


def _search(text: str) -> tuple[ColumnElement[bool], ...]:
    by_number = func.instr(func.coalesce(r.document_number, ""), text.strip()) > 0
    return (col(r.organisation_id).in_(select(o.id).where(or_(*named(text)))), by_number)


LISTING = _listing()


def get(session: Session, recognition_id: int) -> RecognitionForm:
    """What is recorded of a recognition."""
    row = _row(session, recognition_id)
    values = {field.name: getattr(row, field.name) for field in fields(RecognitionForm)}
    return RecognitionForm(**values | {"level": Level(row.level), "kind": Kind(row.kind)})


def of_organisation(session: Session, organisation_id: int) -> tuple[RecognitionLine, ...]:
    """Every recognition of one organisation, the latest document first."""
    query = select(r.id).where(col(r.organisation_id) == organisation_id).order_by(col(r.document_date).desc(), col(r.id))
    return LISTING.lines(session, session.scalars(query).all())


@guarded
def register(session: Session, form: RecognitionForm) -> int:
    """Add a recognition; returns its id. Refused when the organisation has the same one already."""
    row = r(organisation_id=form.organisation_id, title="", level="", kind="", cohort="", listed_name="")
    _write(session, row, form)
    return row.id or 0


@guarded
def change(session: Session, recognition_id: int, form: RecognitionForm) -> None:
    """Bring the record to what the form says; Refused once its award is issued."""
    row = _row(session, recognition_id)
    require_recognition_open(session, recognition_id)
    _refuse_issued(session, row, "修改")
    _write(session, row, form)


@guarded
def remove(session: Session, recognition_id: int) -> None:
    """Delete a recognition that no round has taken up."""
    row = _row(session, recognition_id)
    require_recognition_open(session, recognition_id)
    used = session.scalar(select(func.count()).where(col(tables.RoundItem.recognition_id) == row.id)) or 0
    awards = session.scalar(select(func.count()).where(col(tables.Award.recognition_id) == row.id)) or 0
    if used or awards:
        raise Refused("这条认定已列入奖补批次，不能删除。请先解锁该批次的名单。")
    f = tables.Attachment
    session.connection().execute(delete(f).where(col(f.subject_table) == "recognition", col(f.subject_id) == row.id))
    session.delete(row)


def _row(session: Session, recognition_id: int) -> tables.Recognition:
    row = session.get(r, recognition_id)
    if row is None:
        raise NotFound("这条认定已被删除，请刷新列表。")
    return row


def _refuse_issued(session: Session, row: tables.Recognition, what: str) -> None:
    a = tables.Award
    loose = (AwardState.DRAFT, *DEAD_STATES)
    query = select(a.number, a.state).where(col(a.recognition_id) == row.id, col(a.state).not_in(loose))
    if held := session.execute(query).first():
        word = AwardState(held.state).label
        raise Refused(f"这条认定的奖补 {held.number} {word}，不能{what}。确需更正的，请先退回或作废该笔奖补。")


def _write(session: Session, row: tables.Recognition, form: RecognitionForm) -> None:
    titles = Titles.load()
    if form.level in (missing := titles.get(form.title).missing):
        raise Refused(missing[form.level])
    if form.title_type and (form.level is not Level.NATIONAL or titles.merged_types().get(form.title_type) != form.title):
        raise Refused("合并后的称号是国家级的，类型为平台或基地。请改正级别，或者改选其他称号。")
    found = titles.untimely(form.title, form.level, form.document_date, form.document_title, form.title_type)
    if found and found.weight is Weight.WRONG:
        raise Refused(f"{found.sentence}。")
    if form.valid_from and form.valid_to and form.valid_to < form.valid_from:
        raise Refused("有效期止早于有效期起，请核对两个日期。")
    values = {field.name: getattr(form, field.name) for field in fields(form)}
    values |= {"level": form.level.value, "kind": form.kind.value, "cohort": cohort_of(values)}
    if _has_twin(session, row, values):
        raise Refused(f"这家单位已登记过同一项认定（{titles.name(form.title, form.level, form.title_type)}，{form.batch or values['cohort'] or '无批次'}），请核对。")
    for key, value in values.items():
        setattr(row, key, value)
    session.add(row)
    session.flush()


def _has_twin(session: Session, row: tables.Recognition, values: dict[str, Any]) -> bool:
    """Whether the organisation has another recognition that is the same one, by its batch whatever its document."""
    same = [getattr(r, key) == values[key] for key in ("organisation_id", "title", "level", "kind")]
    others = session.scalars(select(r).where(*same, col(r.id) != (row.id or 0))).all()
    return any(values["cohort"] == one.cohort or both_told(one.model_dump(), values) for one in others)
