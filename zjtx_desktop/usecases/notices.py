"""Public notices (公示): which awards, from when to when, what was objected and how it was answered."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from zjtx_desktop.domain.states import AwardState, Event
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.action_day import today
from zjtx_desktop.usecases.awards import award_lines
from zjtx_desktop.usecases.calendars import work_calendar
from zjtx_desktop.usecases.closed_years import require_award_open
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.process import Outcome, Words, batch, by_number, latest_notice, notice_of_pass
from zjtx_desktop.usecases.frozen_basis import frozen
from zjtx_desktop.values import Money, format_date

SWITCH = "notice_working_days"
FEWEST, MOST = 5, 10  # working days that a notice may be set to
_AHEAD = timedelta(days=30)  # a notice is put on record at most so long before it begins
_OPEN = (AwardState.NOTICED, AwardState.CLEARED)


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """An objection and its answer; `answered_on` is None while it is open."""

    id: int
    award_number: str
    organisation: str
    received_on: date
    by_whom: str
    content: str
    answered_on: date | None
    answer: str
    upheld: bool

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its answer."""
        return self.answered_on is None


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice: `ends` is its last day; `open` objections wait for an answer, `upheld` ones were found right.

    `late_reason` says why it was entered after its first day; empty of one that was not.
    """

    id: int
    starts: date
    days: int
    ends: date
    channel: str
    awards: int
    open: int
    upheld: int
    late_reason: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """The notice an award stands on, with the objections to this award."""

    line: NoticeLine
    objections: tuple[ObjectionLine, ...]


@dataclass(frozen=True, slots=True)
class PublicLine:
    """What a notice prints of an award: no account, no person, no telephone."""

    organisation: str
    credit_code: str
    title: str
    level: str
    award_year: int | None
    amount: Money


def usual_days(session: Session, round_id: int) -> int:
    """How many working days the round's frozen choices set for its notices."""
    pack, choices = frozen(session, round_id)
    return int(choices.switches.get(SWITCH, pack.switches[SWITCH].default))


def last_day(session: Session, starts: date, days: int) -> date:
    """The last day of a notice; its first day counts when it is worked. BadValue for a year without arrangement."""
    return work_calendar(session).add_workdays(starts - timedelta(days=1), days)


@guarded
def publish(
    session: Session, round_id: int, numbers: Iterable[str], starts: date, channel: str, days: int | None = None, late_reason: str = ""
) -> tuple[Outcome, ...]:
    """Put awards on one public notice; each that may not is named with the reason and stays off it.

    One that is entered after its first day (补登) says why, for ever: else a whole notice could be made up in a day.
    """
    days = days or usual_days(session, round_id)
    if not channel.strip():
        raise Refused("没有写明公示的渠道。请写明在哪里公示，例如县政府门户网站。")
    if not FEWEST <= days <= MOST:
        raise Refused(f"公示期为 {FEWEST} 至 {MOST} 个工作日，不能是 {days} 个。请改正。")
    if starts > today(session) + _AHEAD:
        raise Refused(f"公示从 {starts} 开始，离今天太远，请核对日期。")
    is_late = starts < today(session)
    if is_late and not late_reason.strip():
        raise Refused(f"公示从 {starts} 开始，今天才登记，是补登。请写明补登的理由，理由印在审批表上。")
    why = late_reason.strip() if is_late else ""
    ends = last_day(session, starts, days)
    wanted, ours = list(dict.fromkeys(numbers)), _numbers(session, round_id)
    strange = tuple(Outcome(each, "", f"奖补 {each} 不在这个批次，没有公示。") for each in wanted if each not in ours)
    said = f"公示 {days} 个工作日，至 {format_date(ends)}{f'；{format_date(today(session))}补登，理由：{why}' if why else ''}"
    words = Words(starts, said, channel)
    outcomes = batch(session, (each for each in wanted if each in ours), Event.PUBLISH, words)
    taken = [ours[outcome.award_number] for outcome in outcomes if outcome.is_done]
    if taken:
        notice = tables.Notice(
            round_id=round_id, starts=starts, days=days, ends=ends, channel=channel.strip(), late_reason=why or None
        )
        session.add(notice)
        session.flush()
        session.add_all(tables.NoticeItem(notice_id=notice.id, award_id=award_id) for award_id in taken)
        session.flush()
    return (*outcomes, *strange)


@guarded
def object_to(session: Session, award_number: str, received_on: date, by_whom: str, content: str) -> int:
    """Record an objection to an award on public notice; its id. Until it is answered the award goes no further."""
    award = by_number(session, award_number)
    require_award_open(session, award.id or 0)
    notice = notice_of_pass(session, award)
    if notice is None or award.state not in _OPEN:
        state = AwardState(award.state).label
        raise Refused(f"奖补 {award_number} 现为“{state}”，不在公示中，不能登记异议。请先退回，或登记为不予奖励。")
    if not by_whom.strip() or not content.strip():
        raise Refused("没有写明异议人或异议内容。匿名的请写“匿名”，并写明反映的问题。")
    if not notice.starts <= received_on <= today(session):
        raise Refused(f"收到日期 {received_on} 应在公示开始（{notice.starts}）以后、今天以前。请核对。")
    row = tables.Objection(
        notice_id=notice.id,
        award_id=award.id,
        received_on=received_on,
        by_whom=by_whom.strip(),
        content=content.strip(),
    )
    session.add(row)
    session.flush()
    return row.id or 0


@guarded
def answer(session: Session, objection_id: int, answered_on: date, text: str, upheld: bool) -> None:
    """Record how an objection was answered, once; one that is upheld keeps the award from going further."""
    row = session.get(tables.Objection, objection_id)
    if row is None:
        raise NotFound("这条异议已不在账簿中，请刷新后再试。")
    require_award_open(session, row.award_id)
    if row.answered_on:
        raise Refused(f"{row.by_whom}的异议已在 {row.answered_on} 答复，不能再改。确有新情况的，请另登记一条异议。")
    if not text.strip():
        raise Refused("没有写明答复的内容。请写明核实的情况和答复。")
    if not row.received_on <= answered_on <= today(session):
        raise Refused(f"答复日期 {answered_on} 应在收到异议（{row.received_on}）以后、今天以前。请核对。")
    row.answered_on, row.answer, row.upheld = answered_on, text.strip(), upheld
    session.add(row)


def notices(session: Session, round_id: int) -> tuple[NoticeLine, ...]:
    """Every notice of a round, the latest first."""
    n = tables.Notice
    rows = session.scalars(select(n).where(col(n.round_id) == round_id).order_by(col(n.id).desc()))
    return tuple(_line(session, row) for row in rows)


def objections(session: Session, notice_id: int) -> tuple[ObjectionLine, ...]:
    """The objections to the awards of a notice in the order they came in."""
    o, a, g = tables.Objection, tables.Award, tables.Organisation
    query = (
        select(o, a.number, g.name)
        .join(a, col(o.award_id) == a.id)
        .join(g, col(a.organisation_id) == g.id)
        .where(col(o.notice_id) == notice_id)
        .order_by(col(o.received_on), col(o.id))
    )
    return tuple(
        ObjectionLine(
            id=row.id,
            award_number=number,
            organisation=name,
            received_on=row.received_on,
            by_whom=row.by_whom,
            content=row.content,
            answered_on=row.answered_on,
            answer=row.answer or "",
            upheld=bool(row.upheld),
        )
        for row, number, name in session.execute(query)
    )


def of_award(session: Session, award_number: str) -> NoticeView | None:
    """The notice an award stood on last, with the objections to it; None when it never stood on one."""
    notice = latest_notice(session, by_number(session, award_number).id or 0)
    if notice is None:
        return None
    found = objections(session, notice.id or 0)
    mine = tuple(each for each in found if each.award_number == award_number)
    return NoticeView(_line(session, notice), mine)


def public_lines(session: Session, notice_id: int) -> tuple[PublicLine, ...]:
    """What the list of a notice prints, in the order of the award numbers."""
    notice = session.get(tables.Notice, notice_id)
    if notice is None:
        raise NotFound("这次公示已不在账簿中，请刷新后再试。")
    i, titles = tables.NoticeItem, Titles.load()
    listed = set(session.scalars(select(i.award_id).where(col(i.notice_id) == notice_id)))
    return tuple(
        PublicLine(
            line.facts.organisation,
            line.facts.credit_code or "",
            titles.name(line.facts.title, line.facts.level, line.facts.title_type),
            line.facts.level.value,
            line.award_year,
            line.total,
        )
        for line in award_lines(session, notice.round_id)
        if line.id in listed
    )


def _line(session: Session, row: tables.Notice) -> NoticeLine:
    i, o = tables.NoticeItem, tables.Objection
    awards = session.scalar(select(func.count()).where(col(i.notice_id) == row.id)) or 0
    against = session.execute(select(o.answered_on, o.upheld).where(col(o.notice_id) == row.id))
    counted = Counter("open" if answered is None else "upheld" if upheld else "" for answered, upheld in against)
    return NoticeLine(
        row.id or 0, row.starts, row.days, row.ends, row.channel, awards, counted["open"], counted["upheld"],
        row.late_reason or "",
    )


def _numbers(session: Session, round_id: int) -> dict[str, int]:
    a = tables.Award
    return {
        number: award_id
        for number, award_id in session.execute(select(a.number, a.id).where(col(a.round_id) == round_id))
    }
