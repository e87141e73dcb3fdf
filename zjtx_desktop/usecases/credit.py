"""Credit checks of organisations: on which day, where it was looked up, and what was found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.action_day import require_not_later
from zjtx_desktop.usecases.duties import guarded


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One look-up as lists show it; `finding` says what was found where it was not clean."""

    id: int
    on: date
    source: str
    clean: bool
    finding: str
    by: str


@guarded
def record(
    session: Session, organisations: Iterable[int], on: date, source: str, clean: bool, finding: str = ""
) -> int:
    """Record one look-up for each of these organisations; how many they are."""
    if not source.strip():
        raise Refused("没有写明核查的来源。请写明在哪里查的，例如“信用中国”网站。")
    if not clean and not finding.strip():
        raise Refused("没有写明发现的问题。核查不通过的，请写明查到了什么。")
    require_not_later(session, on, "核查日期")
    wanted = sorted(set(organisations))
    o = tables.Organisation
    known = set(session.scalars(select(o.id).where(col(o.id).in_(wanted))))
    if not wanted or known != set(wanted):
        raise NotFound("所选的企业有的已被删除，没有登记。请刷新后再选。")
    session.add_all(
        tables.CreditCheck(
            organisation_id=each,
            on_date=on,
            source=source.strip(),
            clean=clean,
            finding=finding.strip() or None,
            by_name=session.info["by"],
        )
        for each in wanted
    )
    return len(wanted)


def checks(session: Session, organisation_id: int) -> tuple[CheckLine, ...]:
    """Every look-up of an organisation, the one that counts first."""
    c = tables.CreditCheck
    query = select(c).where(col(c.organisation_id) == organisation_id)
    rows = session.scalars(query.order_by(col(c.on_date).desc(), col(c.id).desc()))
    return tuple(
        CheckLine(row.id or 0, row.on_date, row.source, row.clean, row.finding or "", row.by_name)
        for row in rows
    )
