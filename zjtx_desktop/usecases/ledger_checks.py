"""Whether the ledger, the parts of awards and the states of awards say the same."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.ledger import EntryKind, Standing, first_excess
from zjtx_desktop.domain.states import ISSUED_STATES, AwardState, Event
from zjtx_desktop.errors import BadValue
from zjtx_desktop.storage import tables
from zjtx_desktop.values import Division, Money

_SETTLED = (AwardState.PAID, AwardState.ARCHIVED)
_ENDED = (AwardState.VOIDED, AwardState.REVOKED, AwardState.RECOVERED)
_STATES, _KINDS = frozenset(map(str, AwardState)), frozenset(map(str, EntryKind))
Entries = Sequence[tuple[EntryKind, Money]]


def ledger_problems(session: Session) -> Iterator[str]:
    """A sentence for everything that does not agree."""
    entries = _entries(session)
    standings: dict[tuple[str, AwardState], list[Standing]] = defaultdict(list)
    kept = _issued_with_ledger(session)
    for award_id, number, said, part_id, division, fen in _parts(session):
        if (state := _state(said)) is None:
            yield f"奖补 {number} 的状态“{said}”不认识，没有核对它的台账。"
            continue
        if strange := [kind for kind, _ in entries.get(part_id, ()) if kind not in _KINDS]:
            yield f"奖补 {number} 的台账里有不认识的种类“{strange[0]}”，没有核对它的台账。"
            continue
        if (treasury := _treasury(division)) is None:
            yield f"奖补 {number} 的分担里有不认识的财政“{division}”。"
        own = [(EntryKind(kind), Money(one)) for kind, one in entries.get(part_id, ())]
        amount, issued = Money(fen), state in (*ISSUED_STATES, AwardState.VOIDED)
        yield from _part_problems(f"奖补 {number} {treasury or division}的台账", amount, own, issued)
        if issued and (own or award_id in kept):
            standings[number, state].append(Standing.replay(amount, own))
    for (number, state), parts in standings.items():
        yield from _award_problems(number, state, Standing.together(parts))
    yield from _carried_problems(session)


def _part_problems(where: str, amount: Money, entries: Entries, issued: bool) -> Iterator[str]:
    if entries and not issued:
        yield f"{where}有登记，奖补却没有下达。"
    if excess := first_excess(amount, entries):
        yield f"{where}“{excess.label}”超过了可以登记的金额。"


def _award_problems(number: str, state: AwardState, standing: Standing) -> Iterator[str]:
    said = f"奖补 {number} 现为“{state.label}”"
    if state in (*_SETTLED, *_ENDED) and standing.payable:
        yield f"{said}，台账上却还有 {standing.payable} 元可以拨付。"
    if state is AwardState.ISSUED and not standing.payable:
        yield f"{said}，台账上却没有可以拨付的了。"
    if state in (AwardState.VOIDED, AwardState.RECOVERED) and standing.held:
        yield f"{said}，企业却还持有 {standing.held} 元。"
    claimed = standing.sums[EntryKind.CLAIMED]
    if claimed and state not in (AwardState.REVOKED, AwardState.RECOVERED):
        yield f"{said}，台账上却有应追回的 {claimed} 元。"
    if state is AwardState.REVOKED and (standing.held != standing.claimed or claimed and not standing.claimed):
        yield f"{said}，企业持有 {standing.held} 元，应追回未追回的却是 {standing.claimed} 元。"


def _carried_problems(session: Session) -> Iterator[str]:
    """What was carried over is what was payable by the entries of that time."""
    c, p, a, e = tables.CarryOver, tables.AwardPart, tables.Award, tables.LedgerEntry
    query = select(c, a.number, p.fen).join(p, col(c.part_id) == p.id).join(a, col(p.award_id) == a.id)
    for row, number, fen in session.execute(query.order_by(col(c.id))):
        before = select(e.kind, e.fen).where(col(e.part_id) == row.part_id, col(e.id) <= row.after_entry)
        entries = [(EntryKind(kind), Money(one)) for kind, one in session.execute(before) if kind in _KINDS]
        payable = Standing.replay(Money(fen), entries or [(EntryKind.GRANTED, Money(fen))]).payable
        if payable.fen != row.fen:
            yield f"奖补 {number} 结转 {Money(row.fen)} 元，按当时的台账应为 {payable} 元。"


def _state(said: str) -> AwardState | None:
    return AwardState(said) if said in _STATES else None


def _treasury(code: str) -> str | None:
    """The name of a treasury; None where no division has that code."""
    try:
        return Division(code).name
    except (BadValue, KeyError):
        return None


def _parts(session: Session) -> Iterator[tuple[int, str, str, int, str, int]]:
    a, p = tables.Award, tables.AwardPart
    query = (
        select(a.id, a.number, a.state, p.id, p.division, p.fen)
        .join(p, col(p.award_id) == a.id)
        .where(col(p.fen) > 0)
        .order_by(col(a.number), col(p.position))
    )
    yield from session.execute(query)


def _entries(session: Session) -> Mapping[int, Sequence[tuple[str, int]]]:
    """The entries of each part as they stand, kind and fen."""
    e = tables.LedgerEntry
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for part_id, kind, fen in session.execute(select(e.part_id, e.kind, e.fen).order_by(col(e.id))):
        found[part_id].append((kind, fen))
    return found


def _issued_with_ledger(session: Session) -> frozenset[int]:
    """The awards issued since steps are recorded; those before got no entries with their letters."""
    s = tables.AwardStep
    return frozenset(session.scalars(select(s.award_id).where(col(s.event) == Event.ISSUE.value)))
