"""Whether what is kept of an award's money in several places says the same, to the fen.

The places are written apart and at different times: the row of the award, its parts, what the judgement came to,
what the ledger was granted, the sum in the register of letters, the snapshot of the letter, and what was signed when
it was issued. Nothing is issued, paid, printed or reported of an award of which two of them differ, or whose steps do
not follow from its history.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, case, func, select
from sqlmodel import Session, col

from zjtx_desktop.domain.facts import Payer
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import ISSUED_STATES, AwardState, Event
from zjtx_desktop.errors import BadValue, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import replay
from zjtx_desktop.values import Division, Money

KIND = "award_letter"
_NAMED = 5  # awards that a refusal names
_WHOLE = "合计"
_STATES, _PAYERS = frozenset(map(str, AwardState)), frozenset(map(str, Payer))
_LETTERED = (*ISSUED_STATES, AwardState.VOIDED)
Amounts = Mapping[tuple[str, str], int]  # by payer and treasury, both as they are printed, in fen


class Side(NamedTuple):
    """One place and what it says of an award."""

    name: str
    amounts: Amounts


class _Letter(NamedTuple):
    number: str
    fen: int
    voided: bool
    amounts: Amounts | None  # None where the snapshot cannot be read


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What does not agree about one award, a phrase each with the places, their amounts and the difference."""

    award_number: str
    organisation: str
    told: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """All of it."""
        return f"奖补 {self.award_number}（{self.organisation}）核对不符：{'；'.join(self.told)}。"


def require_round(session: Session, round_id: int, deed: str) -> None:
    """Refuse `deed` unless every award of the round agrees."""
    _require(session, col(tables.Award.round_id) == round_id, deed)


def require_awards(session: Session, award_ids: Sequence[int], deed: str) -> None:
    """Refuse `deed` unless these awards agree."""
    _require(session, col(tables.Award.id).in_(award_ids), deed)


def require_organisation(session: Session, organisation_id: int, deed: str) -> None:
    """Refuse `deed` unless every award of the organisation agrees."""
    _require(session, col(tables.Award.organisation_id) == organisation_id, deed)


def require_letters(session: Session, document_ids: Sequence[int], deed: str) -> None:
    """Refuse `deed` unless the awards of these letters agree."""
    d = tables.Document
    _require(session, col(tables.Award.id).in_(select(d.award_id).where(col(d.id).in_(document_ids))), deed)


def disagreements(session: Session, where: ColumnElement[bool] | None = None) -> tuple[Disagreement, ...]:
    """Every award, or those for which `where` holds, of which two places differ; one query a place."""
    a, o = tables.Award, tables.Organisation
    columns = (a.id, a.number, o.name, a.state, a.beneficiary_fen, a.municipal_fen, a.matched)
    query = select(*columns).join(o, col(a.organisation_id) == o.id).order_by(col(a.number))
    ours = select(a.id)
    if where is not None:
        query, ours = query.where(where), ours.where(where)
    parts, letters = _parts(session, ours), _letters(session, ours)
    granted, signed = _granted(session, ours), _signed(session, ours)
    found = []
    for row in session.execute(query):
        kept = granted.get(row.id, {} if row.id in signed else None)
        told = tuple(_told(row, parts.get(row.id, {}), kept, signed.get(row.id), letters.get(row.id, ())))
        if told:
            found.append(Disagreement(row.number, row.name, told))
    return tuple(found)


def _require(session: Session, where: ColumnElement[bool], deed: str) -> None:
    session.flush()
    found = disagreements(session, where)
    if found:
        more = f"另有 {len(found) - _NAMED} 笔。" if len(found) > _NAMED else ""
        raise Refused(
            f"{len(found)} 笔奖补的金额各处核对不符，没有{deed}。"
            f"{''.join(one.sentence for one in found[:_NAMED])}{more}请运行检查，查明以前不要办理这些奖补。"
        )
    a = tables.Award
    under_way = session.scalars(select(a.id).where(where, col(a.state) != AwardState.DRAFT.value))
    replay.require_awards(session, under_way, deed)


def _told(
    row: Row[Any], parts: Amounts, granted: Amounts | None, signed: int | None, letters: Sequence[_Letter]
) -> Iterator[str]:
    """Everything that differs about one award. `granted` is None for one issued before the ledger was kept."""
    matched = _matched(row.matched)
    sides = [Side("分担部分", parts), *([Side("测算结果", matched)] if matched is not None else ())]
    sides += [Side("台账核定", granted)] if granted is not None else ()
    sides += [Side(f"{one.number} 存档", one.amounts) for one in letters if one.amounts is not None]
    found = list(_payers(row, sides))
    yield from found
    totals = [("分担部分", sum(parts.values())), *((f"{one.number} 登记", one.fen) for one in letters)]
    totals += [("下达时", signed)] if signed is not None else ()
    misread = any(one.amounts is not None and one.fen != sum(one.amounts.values()) for one in letters)
    if _differ(totals) and (misread or not found):  # else it was just said by payer
        yield _phrase(_WHOLE, totals)
    if matched is None:
        yield "测算结果读不出来"
    if row.state in _STATES:
        yield from _letters_told(AwardState(row.state), letters, signed is not None or granted is not None)
    else:
        yield f"状态“{row.state}”不认识"


def _payers(row: Row[Any], sides: Sequence[Side]) -> Iterator[str]:
    """Payers of whom the places say different sums, or share the same sum differently among the treasuries."""
    own = {Payer.BENEFICIARY.label: row.beneficiary_fen, Payer.MUNICIPAL.label: row.municipal_fen}
    for payer, fen in own.items():
        sums = [("奖补记录", fen), *((side.name, _sum(side.amounts, payer)) for side in sides)]
        if _differ(sums):
            yield _phrase(payer, sums)
        else:
            yield from _treasuries(payer, sides)


def _treasuries(payer: str, sides: Sequence[Side]) -> Iterator[str]:
    """Treasuries of one payer among which the places share the same sum differently."""
    names = dict.fromkeys(key for side in sides for key in side.amounts if key[0] == payer)
    for key in names:
        sums = [(side.name, side.amounts.get(key, 0)) for side in sides]
        if _differ(sums):
            yield _phrase(f"{key[1]}（{payer}）", sums)


def _letters_told(state: AwardState, letters: Sequence[_Letter], was_issued: bool) -> Iterator[str]:
    """What is wrong with the letters; one that became 作废 before it was issued, as by merging two, never had any."""
    if not letters and (state in ISSUED_STATES or state is AwardState.VOIDED and was_issued):
        yield "已下达，却没有拨付通知"
    if len(letters) > 1:
        yield f"有 {len(letters)} 份拨付通知"
    for one in letters:
        if one.amounts is None:
            yield f"{one.number} 的存档读不出来"
        if state not in _LETTERED:
            yield f"{one.number} 已经编号，奖补却没有下达"
        elif one.voided != (state is AwardState.VOIDED):
            yield f"奖补现为“{state.label}”，{one.number} 的作废状态却不同"


def _differ(sums: Sequence[tuple[str, int]]) -> bool:
    return len({fen for _, fen in sums}) > 1


def _phrase(what: str, sums: Sequence[tuple[str, int]]) -> str:
    """The amounts with the places that say them, and how far apart they are."""
    names: dict[int, list[str]] = defaultdict(list)
    for name, fen in sums:
        names[fen].append(name)
    told = "，".join(f"{'、'.join(some)} {Money(fen)} 元" for fen, some in names.items())
    apart = max(names) - min(names)
    return f"{what}：{told}，相差 {Money(apart)} 元（{apart} 分）"


def _sum(amounts: Amounts, payer: str) -> int:
    return sum(fen for (source, _), fen in amounts.items() if source == payer)


def _parts(session: Session, ours: Any) -> dict[int, dict[tuple[str, str], int]]:
    p = tables.AwardPart
    query = select(p.award_id, p.payer, p.division, func.sum(p.fen)).where(col(p.award_id).in_(ours), col(p.fen) > 0)
    return _by_award(session.execute(query.group_by(p.award_id, p.payer, p.division)))


def _granted(session: Session, ours: Any) -> dict[int, dict[tuple[str, str], int]]:
    """What the ledger was granted, of every award that has an entry of any kind."""
    e, p = tables.LedgerEntry, tables.AwardPart
    granted = func.sum(case((col(e.kind) == EntryKind.GRANTED.value, e.fen), else_=0))
    query = (
        select(p.award_id, p.payer, p.division, granted)
        .join(e, col(e.part_id) == p.id)
        .where(col(p.award_id).in_(ours))
        .group_by(p.award_id, p.payer, p.division)
    )
    return _by_award(session.execute(query))


def _by_award(rows: Any) -> dict[int, dict[tuple[str, str], int]]:
    found: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    for award_id, payer, division, fen in rows:
        found[award_id][_key(payer, division)] = int(fen)
    return dict(found)


def _signed(session: Session, ours: Any) -> dict[int, int]:
    """What was signed when the letter was issued; nothing of those issued before steps were recorded."""
    s = tables.AwardStep
    query = select(s.award_id, s.fen).where(col(s.award_id).in_(ours), col(s.event) == Event.ISSUE.value)
    return {award_id: fen for award_id, fen in session.execute(query)}


def _letters(session: Session, ours: Any) -> dict[int, list[_Letter]]:
    d = tables.Document
    query = select(d.award_id, d.kind, d.number, d.total_fen, d.voided, d.snapshot).where(col(d.award_id).in_(ours))
    found: dict[int, list[_Letter]] = defaultdict(list)
    for award_id, kind, number, fen, voided, snapshot in session.execute(query.order_by(col(d.id))):
        if kind == KIND:  # not asked of SQL, which would then look for all of the kind first
            found[award_id].append(_Letter(number, fen, voided, _printed(snapshot)))
    return dict(found)


def _printed(snapshot: str) -> Amounts | None:
    """What the letter says each treasury pays."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    try:
        for part in json.loads(snapshot)["parts"]:
            found[part["payer"], _treasury(part["treasury"])] += int(part["amount"])
    except (ValueError, KeyError, TypeError):
        return None
    return dict(found)


def _matched(text: str) -> Amounts | None:
    """What the judgement came to, as it was stored with the award."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    try:
        for _, payer, division, fen, _ in json.loads(text):
            found[_key(payer, division)] += int(fen)
    except (ValueError, KeyError, TypeError):
        return None
    return dict(found)


@lru_cache(maxsize=256)
def _key(payer: str, division: str) -> tuple[str, str]:
    return Payer(payer).label if payer in _PAYERS else payer, _treasury(division)


@lru_cache(maxsize=256)
def _treasury(text: str) -> str:
    """A treasury by its name of today, whether a code or a name of then is given; anything else stays as it is."""
    try:
        return Division.parse(text).name
    except BadValue:
        return text
