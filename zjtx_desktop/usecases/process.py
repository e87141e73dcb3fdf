"""An award on its way from 初审 to 归档: every step is taken here, by the table of states.

A step fixes the award as it stands by a digest, and is signed with the whole of the action it is taken in.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.states import DOCUMENT, OPINION, REASON, AwardState, Deed, Event, Move, RoundState, move
from zjtx_desktop.errors import AppError, Denied, NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.action_day import require_not_later
from zjtx_desktop.usecases.award_digest import content_now, digest
from zjtx_desktop.usecases.budgets import award_fits
from zjtx_desktop.usecases.closed_years import require_award_open
from zjtx_desktop.usecases.deeds import hands
from zjtx_desktop.usecases.duties import dual_control, guarded, is_staffed, require
from zjtx_desktop.usecases.judging import canonical
from zjtx_desktop.usecases.large_amounts import require_confirmation
from zjtx_desktop.usecases.pay_to import freeze, pay_to, recorded
from zjtx_desktop.usecases.rejudging import in_turn, judged_together, require_current
from zjtx_desktop.usecases.treasuries import require_confirmed
from zjtx_desktop.values import Money

# The steps that are nothing but a step; with each of the others goes something that its own use case does.
ALONE = frozenset(
    (
        Event.EXAMINE,
        Event.REVIEW,
        Event.WAIVE,
        Event.CLEAR,
        Event.APPROVE,
        Event.SEND_BACK,
        Event.EXCLUDE,
        Event.READMIT,
        Event.REDIRECT,
        Event.ARCHIVE,
    )
)


@dataclass(frozen=True, slots=True)
class Words:
    """What a step is taken with: the opinion or reason, the document it rests on, and its day.

    `confirmed`: whoever approves has looked once more at what is above the office's limit.
    """

    on: date
    opinion: str = ""
    document: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one award in a batch of steps; `why` is empty when the step was taken."""

    award_number: str
    organisation: str
    why: str

    @property
    def is_done(self) -> bool:
        """Whether the step was taken."""
        return not self.why


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step that was taken, as lists and approval forms show it. `is_signed` with its action, or before by itself."""

    event: Event
    start: AwardState
    end: AwardState
    person: str
    on: date
    opinion: str
    document: str | None
    is_signed: bool


@guarded
def advance(session: Session, numbers: Iterable[str], event: Event, words: Words) -> tuple[Outcome, ...]:
    """Take one step with each of these awards (by number); those that may not are named with the reason.

    A step that was not this person's to take goes on record as a denial. Refused as a whole: a step that is
    taken elsewhere, because a letter, a notice or an entry goes with it, and a day that is not over yet.
    """
    if event not in ALONE:
        raise Refused(f"“{Event(event).label}”不能在这里单独办理，请在办理这件事的页面办理。")
    require_not_later(session, words.on, "办理日期")
    return batch(session, numbers, event, words)


def batch(session: Session, numbers: Iterable[str], event: Event, words: Words) -> tuple[Outcome, ...]:
    """Take a step with each of these awards and say what became of each; for use cases that do more with it."""
    given = tuple(dict.fromkeys(numbers))
    with judged_together(session, given):
        done = {number: _try(session, number, event, words) for number in in_turn(session, given)}
    return tuple(done[number] for number in given)


def take(session: Session, award: tables.Award, event: Event, words: Words) -> AwardState:
    """Take one step with one award, or Refused; what else belongs to the step is the caller's."""
    require_award_open(session, award.id or 0)
    row = move(AwardState(award.state), event, is_staffed(session))
    require(session, frozenset({row.role}))
    if event is not Event.PUBLISH:  # a notice may be put on record before it begins
        require_not_later(session, words.on, "办理日期")
    _check_words(row, words)
    _check_day(session, award, row, words)
    _check_hands(session, award, row)
    GUARDS.get(event, _no_guard)(session, award, words)
    _settle_payee(session, award, row)
    _record(session, award, row, words)
    award.state = row.end.value
    session.flush()
    return AwardState(award.state)


def may(session: Session, award: tables.Award, event: Event) -> None:
    """Refused or Denied unless this step could be taken now by this person; for what takes several goes, like
    instalments before the last one.
    """
    require_award_open(session, award.id or 0)
    row = move(AwardState(award.state), event, is_staffed(session))
    require(session, frozenset({row.role}))
    _check_hands(session, award, row)


def steps(session: Session, award_id: int) -> tuple[StepLine, ...]:
    """Every step of an award, the first one first."""
    return _lines(session, col(tables.AwardStep.award_id) == award_id).get(award_id, ())


def all_steps(session: Session, round_id: int) -> dict[int, tuple[StepLine, ...]]:
    """The steps of every award of a round, by the award's id."""
    ours = select(tables.Award.id).where(col(tables.Award.round_id) == round_id)
    return _lines(session, col(tables.AwardStep.award_id).in_(ours))


def _lines(session: Session, where: ColumnElement[bool]) -> dict[int, tuple[StepLine, ...]]:
    s, c, action = tables.AwardStep, tables.Change, tables.Action
    made = (col(c.table_name) == "award_step") & (col(c.row_id) == col(s.id)) & col(c.before).is_(None)
    query = select(s, action.signature).join(c, made).join(action, col(c.action_id) == action.id).where(where)
    found: dict[int, list[StepLine]] = defaultdict(list)
    for row, signature in session.execute(query.order_by(col(s.award_id), col(s.position))):
        found[row.award_id].append(
            StepLine(
                Event(row.event),
                AwardState(row.from_state),
                AwardState(row.to_state),
                row.person,
                row.on_date,
                row.opinion,
                row.document,
                bool(row.signature or signature),
            )
        )
    return {award_id: tuple(lines) for award_id, lines in found.items()}


def signed_text(award_number: str, row: tables.AwardStep) -> bytes:
    """The very bytes that a person signed for a step before actions were signed whole."""
    told = {
        name: getattr(row, name)
        for name in ("position", "event", "from_state", "to_state", "person", "opinion", "document", "fen")
    }
    return canonical(told | {"award": award_number, "on": row.on_date.isoformat()}).encode()


def _try(session: Session, number: str, event: Event, words: Words) -> Outcome:
    a, o = tables.Award, tables.Organisation
    query = select(a, o.name).join(o, col(a.organisation_id) == o.id).where(col(a.number) == number)
    found = session.execute(query).first()
    if found is None:
        return Outcome(number, "", f"没有编号为 {number} 的奖补。请刷新后再试。")
    award, name = found
    what = f"{Event(event).label} {number}"
    return attempt(session, number, name, what, lambda: take(session, award, event, words))


def attempt(session: Session, number: str, name: str, what: str, deed: Callable[[], object]) -> Outcome:
    """Do one of many: whole or not at all, whatever it had written before it was refused.

    What was not this person's to do goes on record as a denial.
    """
    try:
        with session.begin_nested():
            deed()
    except Denied as error:
        session.add(tables.Denial(person=session.info["by"], deed=what, why=str(error)))
        return Outcome(number, name, str(error))
    except AppError as error:
        return Outcome(number, name, str(error))
    return Outcome(number, name, "")


def _check_day(session: Session, award: tables.Award, row: Move, words: Words) -> None:
    """No step before the one before it; letters and entries have days of their own."""
    if row.event not in ALONE | {Event.PUBLISH}:
        return
    s = tables.AwardStep
    last = session.scalar(select(func.max(s.on_date)).where(col(s.award_id) == award.id))
    if last and words.on < last:
        raise Refused(f"办理日期 {words.on} 早于上一步的 {last}，请改正。")


def _check_words(row: Move, words: Words) -> None:
    given = {OPINION: words.opinion, REASON: words.opinion, DOCUMENT: words.document}
    for need in row.needs:
        if not given[need].strip():
            raise Refused(f"“{row.event.label}”要写明{need}。请补填{need}。")


def _check_hands(session: Session, award: tables.Award, row: Move) -> None:
    """Denied when the person took a step of this pass, or did a deed, that the table keeps apart from this one."""
    if not row.apart or not is_staffed(session) or not dual_control(session):
        return
    me = session.info["by"]
    mine = [step for step in _since_draft(session, award) if step.person == me]
    clash = next((Event(step.event) for step in mine if step.event in row.apart), None) or next(
        (deed for deed in row.apart if isinstance(deed, Deed) and me in hands(session, award, deed)), None
    )
    if clash:
        raise Denied(
            f"{me}已经办理过这笔奖补的“{clash.label}”，不能再办“{row.event.label}”。"
            f"请由另一人办理（不相容岗位相互分离）。"
        )


def _since_draft(session: Session, award: tables.Award) -> list[tables.AwardStep]:
    """The steps since the award was last sent back to the draft."""
    s = tables.AwardStep
    found: list[tables.AwardStep] = []
    for step in session.scalars(select(s).where(col(s.award_id) == award.id).order_by(col(s.position))):
        found = [step] if step.from_state == AwardState.DRAFT else [*found, step]
    return found


def _can_be_examined(session: Session, award: tables.Award, words: Words) -> None:
    _round_stands(session, award, words)
    if award.verdict != Verdict.AWARD:
        raise Refused(f"测算结论为“{Verdict(award.verdict).label}”，不能初审通过。请先裁定，或登记为不予奖励。")
    if not (award.beneficiary_fen or award.municipal_fen):
        raise Refused("这笔奖补没有金额，不能初审通过。请先核对测算结果。")
    require_current(session, award)


def _can_be_reviewed(session: Session, award: tables.Award, words: Words) -> None:
    organisation = session.get_one(tables.Organisation, award.organisation_id)
    if not (organisation.payee_bank and organisation.payee_account):
        raise Refused(f"“{organisation.name}”没有登记收款账户，不能复核通过。请先在企业档案中补填开户行和账号。")
    c = tables.CreditCheck
    query = select(c).where(col(c.organisation_id) == organisation.id)
    latest = session.scalars(query.order_by(col(c.on_date).desc(), col(c.id).desc())).first()
    if latest is None:
        raise Refused(f"“{organisation.name}”没有信用核查记录，不能复核通过。请先登记核查日期、来源和结果。")
    if not latest.clean:
        raise Refused(
            f"“{organisation.name}” {latest.on_date} 的信用核查不通过（{latest.finding}），不能复核通过。"
            f"请登记为不予奖励，或重新核查。"
        )


def _notice_is_over(session: Session, award: tables.Award, words: Words) -> None:
    notice = notice_of_pass(session, award)
    if notice is None:
        raise NotFound("这笔奖补没有公示记录，请先登记公示。")
    if words.on <= notice.ends:
        raise Refused(f"公示到 {notice.ends} 才期满，{words.on} 还不能结束。请在期满后办理。")
    _no_objection_stands(session, award, notice)


def _can_be_approved(session: Session, award: tables.Award, words: Words) -> None:
    notice = notice_of_pass(session, award)
    if notice:  # an objection may come in after the last day as well
        _no_objection_stands(session, award, notice)
    require_current(session, award)
    _payee_stands(session, award)
    require_confirmed(session, award, "不能审定")
    require_confirmation(session, Money(award.beneficiary_fen + award.municipal_fen), words.confirmed)
    award_fits(session, award, words)


def _no_objection_stands(session: Session, award: tables.Award, notice: tables.Notice) -> None:
    o = tables.Objection
    against = select(o).where(col(o.notice_id) == notice.id, col(o.award_id) == award.id)
    for objection in session.scalars(against):
        if objection.answered_on is None:
            raise Refused(f"{objection.by_whom}的异议还没有答复，不能继续办理。请先登记答复。")
        if objection.upheld:
            raise Refused(f"{objection.by_whom}的异议成立，不能继续办理。请退回或登记为不予奖励。")


def _can_be_issued(session: Session, award: tables.Award, words: Words) -> None:
    _round_stands(session, award, words)
    require_current(session, award)
    _payee_stands(session, award)
    require_confirmed(session, award, "不能下达")
    award_fits(session, award, words)


def _payee_stands(session: Session, award: tables.Award) -> None:
    """Refused where the payee that was reviewed is no longer the one on record, however that came about."""
    frozen, now = pay_to(session, award.id or 0), recorded(session, award.id or 0)
    if award.payee_name is not None and frozen != now:
        raise Refused(f"复核时的收款账户是{frozen}，现在登记的是{now}，不能继续办理。请先退回，从初审重新办理。")


def _can_be_redirected(session: Session, award: tables.Award, words: Words) -> None:
    before, now = pay_to(session, award.id or 0), recorded(session, award.id or 0)
    if not (now.bank and now.account):
        raise Refused("没有登记收款账户，不能变更。请先由经办在企业档案中登记新的开户行和账号。")
    if before == now:
        raise Refused(f"企业档案中登记的收款账户就是现在的{now}，不需要变更。请先由经办登记新的账户。")


def _treasuries_stand(session: Session, award: tables.Award, words: Words) -> None:
    require_confirmed(session, award, "不能公示")


def _round_stands(session: Session, award: tables.Award, words: Words) -> None:
    """A list that was opened again is judged anew before anything is done with its awards."""
    row = session.get_one(tables.Round, award.round_id)
    if row.state != RoundState.COMPUTED:
        state = RoundState(row.state).label
        raise Refused(f"{row.year} 年度{row.name}现为“{state}”，不能办理其中的奖补。请先锁定名单并测算。")


def by_number(session: Session, number: str) -> tables.Award:
    """The award with this number, or NotFound."""
    row = session.scalars(select(tables.Award).where(col(tables.Award.number) == number)).first()
    if row is None:
        raise NotFound(f"没有编号为 {number} 的奖补。请核对编号。")
    return row


def latest_notice(session: Session, award_id: int) -> tables.Notice | None:
    """The notice that the award stood on last."""
    i, n = tables.NoticeItem, tables.Notice
    query = select(n).join(i, col(i.notice_id) == n.id).where(col(i.award_id) == award_id)
    return session.scalars(query.order_by(col(n.id).desc())).first()


def notice_of_pass(session: Session, award: tables.Award) -> tables.Notice | None:
    """The notice of this pass; None where it was waived, whatever stood on an earlier one before it was sent back."""
    published = any(step.event == Event.PUBLISH for step in _since_draft(session, award))
    return latest_notice(session, award.id or 0) if published else None


def _no_guard(session: Session, award: tables.Award, words: Words) -> None:
    """Nothing more is asked."""


Guard = Callable[[Session, tables.Award, Words], None]
GUARDS: Mapping[Event, Guard] = {
    Event.EXAMINE: _can_be_examined,
    Event.REVIEW: _can_be_reviewed,
    Event.PUBLISH: _treasuries_stand,
    Event.WAIVE: _treasuries_stand,
    Event.CLEAR: _notice_is_over,
    Event.APPROVE: _can_be_approved,
    Event.ISSUE: _can_be_issued,
    Event.REDIRECT: _can_be_redirected,
}


def _settle_payee(session: Session, award: tables.Award, row: Move) -> None:
    """Freeze to whom the award is paid, from 复核 on and anew where that is what the step is for; a draft follows the record."""
    if row.end is AwardState.DRAFT:
        freeze(award, None)
    elif row.event in (Event.REVIEW, Event.REDIRECT) or (row.event is Event.ISSUE and award.payee_name is None):
        freeze(award, recorded(session, award.id or 0))
    session.add(award)
    session.flush()


def _record(session: Session, award: tables.Award, row: Move, words: Words) -> None:
    s = tables.AwardStep
    query = select(s.position, s.digest).where(col(s.award_id) == award.id).order_by(col(s.position).desc())
    last = session.execute(query.limit(1)).first()
    position, before = last or (0, None)
    session.add(
        s(
            award_id=award.id,
            position=position + 1,
            event=row.event.value,
            from_state=award.state,
            to_state=row.end.value,
            person=session.info["by"],
            on_date=words.on,
            opinion=words.opinion.strip(),
            document=words.document.strip() or None,
            fen=award.beneficiary_fen + award.municipal_fen,
            digest=digest(content_now(session, award), before or ""),
        )
    )
