"""Beneficiary treasuries that nobody has confirmed yet: what a list's 所属地区 says is no decision on who pays.

A person confirms them, singly or many at once, with the evidence; official papers wait for that.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from zjtx_desktop.domain.findings import NOT_CONFIRMED
from zjtx_desktop.domain.states import UNDER_WAY, AwardState
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.judging import canonical
from zjtx_desktop.values import Division, Share, format_shares

b, o = tables.Beneficiary, tables.Organisation
_PORTION = 500  # ids that one question names


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """An organisation whose treasuries wait to be confirmed, and where they came from."""

    organisation_id: int
    organisation: str
    shares: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Whether somebody confirmed the treasuries of an organisation, and who and when where that is known."""

    is_confirmed: bool
    by: str | None
    on: date | None


def confirmation(session: Session, organisation_id: int) -> Confirmation | None:
    """How the recorded treasuries of an organisation stand; None where none is recorded."""
    rows = session.scalars(select(b).where(col(b.organisation_id) == organisation_id).order_by(col(b.id))).all()
    if not rows:
        return None
    last = max(rows, key=lambda row: row.confirmed_on or date.min)
    return Confirmation(all(row.confirmed for row in rows), last.confirmed_by, last.confirmed_on)


def unconfirmed(session: Session, organisations: Collection[int] | None = None) -> tuple[Unconfirmed, ...]:
    """Every organisation, or of these, that has a treasury nobody confirmed, by name."""
    ids = select(b.organisation_id).where(~col(b.confirmed))
    where: list[ColumnElement[bool]] = [col(b.organisation_id).in_(ids)]
    if organisations is not None and len(organisations) <= _PORTION:
        where.append(col(b.organisation_id).in_(list(organisations)))
    query = select(b, o.name).join(o, col(b.organisation_id) == o.id).where(*where).order_by(col(o.name), col(b.id))
    wanted = None if organisations is None else set(organisations)
    found: dict[int, list[tuple[tables.Beneficiary, str]]] = {}
    for row, name in session.execute(query):
        if wanted is None or row.organisation_id in wanted:
            found.setdefault(row.organisation_id, []).append((row, name))
    return tuple(
        Unconfirmed(
            organisation_id,
            rows[0][1],
            format_shares([Share(Division(row.division), row.weight) for row, _ in rows]),
            rows[0][0].evidence,
        )
        for organisation_id, rows in found.items()
    )


@guarded
def confirm(session: Session, organisations: Collection[int], evidence: str, today: date) -> int:
    """Confirm the recorded treasuries of these organisations with the evidence; returns of how many that was.

    Refused without evidence. Those that are confirmed already stay as they are.
    """
    if not evidence.strip():
        raise Refused("没有写明依据。请写明确认受益财政的依据，如税务部门证明的名称和日期。")
    waiting = [one.organisation_id for one in unconfirmed(session, organisations)]
    for start in range(0, len(waiting), _PORTION):
        some = waiting[start : start + _PORTION]
        for row in session.scalars(select(b).where(col(b.organisation_id).in_(some))):
            row.confirmed, row.evidence = True, evidence.strip()
            row.confirmed_by, row.confirmed_on = session.info["by"], today
            session.add(row)
        session.flush()
        _tell_awards(session, some, evidence.strip())
    return len(waiting)


def _tell_awards(session: Session, organisations: Collection[int], evidence: str) -> None:
    """Put the confirmation into the awards that have no letter yet, in the place of the warning that it was missing."""
    a = tables.Award
    states = (AwardState.DRAFT, *UNDER_WAY)
    for award in session.scalars(select(a).where(col(a.organisation_id).in_(list(organisations)), col(a.state).in_(states))):
        facts = json.loads(award.facts)
        if facts.get("shares_confirmed", True):
            continue
        award.facts = canonical(facts | {"shares_confirmed": True, "shares_basis": evidence})
        award.warnings = canonical([text for text in json.loads(award.warnings) if NOT_CONFIRMED not in text])
        session.add(award)
    session.flush()


def require_confirmed(session: Session, award: tables.Award, what: str) -> None:
    """Refused while the treasuries that an award charges are not confirmed; `what` says what waits for it."""
    require_all_confirmed(session, (award.organisation_id,), what)


def require_all_confirmed(session: Session, organisations: Collection[int], what: str) -> None:
    """Refused, naming the first, while treasuries of any of these organisations are not confirmed."""
    waiting = unconfirmed(session, organisations)
    if len(waiting) == 1:
        raise Refused(_sentence(waiting[0], what))
    if waiting:
        raise Refused(f"“{waiting[0].organisation}”等 {len(waiting)} 家单位的受益财政还没有确认，{what}。{_ADVICE}")


_ADVICE = "请核对后在“企业”页写明依据、确认受益财政。"


def _sentence(one: Unconfirmed, what: str) -> str:
    return f"“{one.organisation}”的受益财政（{one.shares}，来自{one.evidence}）还没有确认，{what}。{_ADVICE}"
