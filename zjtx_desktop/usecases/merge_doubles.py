"""A recognition that two records of one organisation both have: which of them stays when the two become one.

The same recognition may give one award only. The one whose award has come further stays with its award; a draft of
the other goes, an award that was sent back or excluded becomes 作废. Two that are both under way, or for which money
has gone out, nobody but the office can settle: that is refused, with the way out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from zjtx_desktop.domain.findings import quoted
from zjtx_desktop.domain.states import DEAD_STATES, UNDER_WAY, AwardState
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.closed_years import closed_years
from zjtx_desktop.usecases.import_facts import COPIED, TELLING, cohort_of, is_same

r, a = tables.Recognition, tables.Award


class Weight(IntEnum):
    """How far the award of a recognition has come. A draft that nobody touched may go, one that was sent back or
    excluded is on record and stays there; what was decided against stands before what was not decided.
    """

    NONE = 0
    LOOSE = 1
    SENT_BACK = 2
    EXCLUDED = 3
    FIRM = 4


@dataclass(frozen=True, slots=True)
class Held:
    """A recognition with its living award, if it has one."""

    row: tables.Recognition
    award: tables.Award | None
    weight: Weight

    @property
    def told(self) -> str:
        """The award in words."""
        return f"{self.award.number}（{AwardState(self.award.state).label}）" if self.award else "没有奖补"


@dataclass(frozen=True, slots=True)
class Double:
    """One recognition recorded twice: `kept` stays, `dropped` goes into it. `problem` says why it cannot, or nothing."""

    title: str
    kept: Held
    dropped: Held
    problem: str = ""

    @property
    def sentence(self) -> str:
        """What becomes of the two, in words."""
        gone = "删去" if self.dropped.weight is Weight.LOOSE else "改为作废，编号保留"
        fate = f"{self.dropped.told}{gone}" if self.dropped.award else ""
        stays = f"，保留 {self.kept.told}" if self.kept.award else ""
        return f"{self.title}两边都有登记，是同一项认定，合并为一条{stays}{fate and '，'}{fate}。"


def doubles(session: Session, keep: int, other: int) -> tuple[Double, ...]:
    """Every recognition of one organisation that the other has, too; those of `keep` stay where it makes no difference."""
    ours, theirs = _held(session, keep), _held(session, other)
    found: list[Double] = []
    left = list(theirs)
    for one in ours:
        twins = [twin for twin in left if is_same(one.row.model_dump(), twin.row.model_dump())]
        left = [twin for twin in left if twin not in twins]
        best = max([one, *twins], key=lambda held: held.weight)
        found += [_double(session, best, held) for held in (one, *twins) if held is not best]
    return tuple(found)


def settle(session: Session, double: Double, reason: str) -> None:
    """Let the recognition that goes leave what it has to the one that stays, and delete it."""
    kept, gone = double.kept.row.id or 0, double.dropped.row.id or 0
    run = session.connection().execute
    if double.dropped.award and double.dropped.weight is Weight.LOOSE:
        p = tables.AwardPart
        run(delete(p).where(col(p.award_id) == double.dropped.award.id))
        run(delete(a).where(col(a.id) == double.dropped.award.id))
    elif double.dropped.award:
        why = f"合并单位，与 {double.kept.told} 是同一项认定：{reason}"
        run(update(a).where(col(a.id) == double.dropped.award.id).values(state=AwardState.VOIDED.value, void_reason=why))
    run(update(a).where(col(a.recognition_id) == gone).values(recognition_id=kept))
    _leave_list(session, kept, gone)
    _leave_decisions(session, double)
    m = tables.ManualAmount
    run(update(m).where(col(m.recognition_id) == gone).values(recognition_id=kept))
    move_attachments(session, "recognition", gone, kept)
    if double.kept.weight < Weight.EXCLUDED and not closed_lists(session, [kept]):
        _fill(session, double)
    run(delete(r).where(col(r.id) == gone))


def move_attachments(session: Session, table: str, gone: int, kept: int) -> None:
    """Give the scans of one record to another; a file that the other has already is not kept twice."""
    f, run = tables.Attachment, session.connection().execute
    theirs = (col(f.subject_table) == table, col(f.subject_id) == gone)
    known = select(f.content_id).where(col(f.subject_table) == table, col(f.subject_id) == kept)
    run(delete(f).where(*theirs, col(f.content_id).in_(known)))
    run(update(f).where(*theirs).values(subject_id=kept))


def closed_lists(session: Session, recognitions: Sequence[int]) -> tuple[int, ...]:
    """The closed years on whose lists any of these recognitions stands."""
    closed = closed_years(session)
    if not closed or not recognitions:
        return ()
    i, b = tables.RoundItem, tables.Round
    query = select(b.year).join(i, col(i.round_id) == b.id).where(col(i.recognition_id).in_(recognitions))
    return tuple(sorted(set(session.scalars(query)) & closed.keys()))


def _held(session: Session, organisation_id: int) -> list[Held]:
    rows = session.scalars(select(r).where(col(r.organisation_id) == organisation_id).order_by(col(r.id))).all()
    living = (col(a.recognition_id).in_([row.id for row in rows]), col(a.state).not_in(DEAD_STATES))
    awards = {award.recognition_id: award for award in session.scalars(select(a).where(*living))}
    s = tables.AwardStep
    stepped = set(session.scalars(select(s.award_id).where(col(s.award_id).in_([one.id for one in awards.values()]))))
    return [Held(row, awards.get(row.id or 0), _weight(awards.get(row.id or 0), stepped)) for row in rows]


def _weight(award: tables.Award | None, stepped: set[int]) -> Weight:
    if award is None:
        return Weight.NONE
    if award.state == AwardState.DRAFT:
        return Weight.SENT_BACK if award.id in stepped else Weight.LOOSE
    return Weight.EXCLUDED if award.state == AwardState.EXCLUDED else Weight.FIRM


def _double(session: Session, kept: Held, dropped: Held) -> Double:
    row = kept.row
    title = quoted(Titles.load().name(row.title, Level(row.level), row.title_type))
    return Double(title, kept, dropped, _problem(session, title, kept, dropped))


def _problem(session: Session, title: str, kept: Held, dropped: Held) -> str:
    one, two = kept.row, dropped.row
    if one.cohort != two.cohort and not any(getattr(one, key) and getattr(two, key) for key in TELLING):
        return f"{title}两边各有一条认定，没有可以比较的批次、文号、年度和日期，看不出是不是同一项。请先补填其中一条。"
    if dropped.weight is Weight.FIRM:
        states = {AwardState(held.award.state) for held in (kept, dropped) if held.award}
        return (
            f"{title}两边各有一笔奖补：{kept.told}、{dropped.told}。同一项认定只能奖励一次，{_way_out(states)}，再合并。"
        )
    if _is_manual(session, two) and (kept.weight is Weight.FIRM or _is_manual(session, one)):
        return f"{title}的 {dropped.told} 人工核定过金额，合并以后不再适用。请先取消这项人工核定，再合并。"
    return ""


def _is_manual(session: Session, row: tables.Recognition) -> bool:
    m = tables.ManualAmount
    return session.scalars(select(m.id).where(col(m.recognition_id) == row.id)).first() is not None


def _way_out(states: set[AwardState]) -> str:
    """What the office does first with one of two awards in these states."""
    if states & set(UNDER_WAY):
        return "请先把在办的一笔退回"
    if AwardState.ISSUED in states:
        return "请先作废已下达的一笔"
    if states & {AwardState.PAID, AwardState.ARCHIVED}:
        return "请先把多付的一笔登记退回并作废"
    return "请先核对这两项认定是不是同一项"


def _leave_list(session: Session, kept: int, gone: int) -> None:
    """On a locked list the one that stays takes the place of the other, unless it is on a list already."""
    i, run = tables.RoundItem, session.connection().execute
    if session.scalars(select(i.id).where(col(i.recognition_id) == kept)).first():
        run(delete(i).where(col(i.recognition_id) == gone))
    else:
        run(update(i).where(col(i.recognition_id) == gone).values(recognition_id=kept))


def _leave_decisions(session: Session, double: Double) -> None:
    """Decisions go along. Where two contradict each other neither counts, and the question is asked anew."""
    d, run = tables.Decision, session.connection().execute
    kept, gone = double.kept.row.id or 0, double.dropped.row.id or 0
    ours = {row.question: row for row in session.scalars(select(d).where(col(d.recognition_id) == kept))}
    for row in session.scalars(select(d).where(col(d.recognition_id) == gone)).all():
        known = ours.get(row.question)
        if known is None:
            run(update(d).where(col(d.id) == row.id).values(recognition_id=kept))
            continue
        run(delete(d).where(col(d.id) == row.id))
        if known.award != row.award and double.kept.weight is not Weight.FIRM:
            run(delete(d).where(col(d.id) == known.id))


def _fill(session: Session, double: Double) -> None:
    """Complete the recognition that stays by what only the other says; what is but published becomes recognised."""
    one, two = double.kept.row, double.dropped.row
    session.refresh(one)  # a third one may have left it something
    values: dict[str, Any] = {
        key: getattr(two, key) for key in COPIED if getattr(two, key) and getattr(one, key) in (None, "")
    }
    if one.publicity_only and not two.publicity_only:
        values["publicity_only"] = False
    if not values:
        return
    cohort = cohort_of(one.model_dump() | values)
    like = [col(getattr(r, key)) == getattr(one, key) for key in ("title", "level", "kind")]
    owners = (one.organisation_id, two.organisation_id)
    others = select(r.id).where(*like, col(r.organisation_id).in_(owners), col(r.cohort) == cohort)
    if session.scalars(others.where(col(r.id).not_in((one.id, two.id)))).first() is None:
        values["cohort"] = cohort
    session.connection().execute(update(r).where(col(r.id) == one.id).values(values))
