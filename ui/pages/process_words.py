"""Awards on their way in words: the columns of the list, what was done with one and by whom, what it waits for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from ui.models.column import Column, Kind, State
from ui.pages.award_words import MOVED, detail_of, state_of, title_of, verdict_of
from ui.widgets.detail_panel import Detail, Line, Section
from ui.widgets.result_list import Result
from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.states import AwardState, Event, moves_from
from zjtx_desktop.usecases.award_file import AwardFile
from zjtx_desktop.usecases.awards import AwardLine
from zjtx_desktop.usecases.notices import NoticeView, ObjectionLine
from zjtx_desktop.usecases.process import Outcome, StepLine
from zjtx_desktop.values import format_date

FILTERS = ("state", "title", "level", "verdict")
FORWARD = (Event.EXAMINE, Event.REVIEW, Event.PUBLISH, Event.CLEAR, Event.APPROVE, Event.ISSUE, Event.PAY, Event.ARCHIVE)
ANSWER = "answer/"  # how the link to an open objection begins
_CREDIT, _ACCOUNT = "没有登记，复核前要登记", "没有登记，复核前要补填"


def next_step(award: AwardLine, staffed: bool) -> str:
    """The step an award waits for and whose it is; empty where nothing is left to do.

    In a book without persons a draft is issued at once, by whoever uses it.
    """
    if award.state is AwardState.DRAFT and award.verdict is not Verdict.AWARD:
        return "裁定" if award.verdict is Verdict.UNDECIDED else ""
    waiting = [one for one in moves_from(award.state, staffed) if one.event in FORWARD]
    if any(one.unstaffed_only for one in waiting):
        return Event.ISSUE.label
    return next((f"{one.event.label}（{one.role.label}）" for one in waiting), "")


def columns(staffed: Callable[[], bool]) -> tuple[Column, ...]:
    """The columns of the list; `staffed` tells at any time whether the book has persons."""
    return (
        Column("organisation", "企业", lambda award: award.facts.organisation, letters=14),
        Column("state", "状态", state_of, Kind.STATE, letters=6),
        Column("total", "合计（元）", lambda award: award.total if award.parts else None, Kind.MONEY, letters=7),
        Column("next", "下一步", lambda award: next_step(award, staffed()), letters=8),
        Column("title", "称号", title_of, letters=12),
        Column("verdict", "结论", verdict_of, Kind.STATE, letters=6),
        Column("level", "级别", lambda award: award.facts.level.value, letters=4),
        Column("number", "奖补编号", lambda award: award.number, Kind.CODE, letters=10),
        *MOVED,
        Column("letter", "拨付通知文号", lambda award: award.letter or "", letters=10, hidden=True),
        Column("code", "统一社会信用代码", lambda award: award.facts.credit_code or "", Kind.CODE, letters=11, hidden=True),
    )


def detail_with(award: AwardLine, seen: AwardFile) -> Detail:
    """Everything about an award, what was done with it first, then why it is what it is."""
    plain = detail_of(replace(award, questions=()), {})
    head, *why = plain.sections
    return Detail(plain.title, (head, *_done(award, seen), *why), plain.state)


def results_of(outcomes: Sequence[Outcome], ids: Mapping[str, int]) -> list[Result]:
    """What became of each award of a batch, as a result list shows it: what was not done comes first."""
    good, bad = State("已办", "good"), State("没有办", "error")
    return [
        Result(ids.get(one.award_number, 0), f"{one.organisation}　{one.award_number}", good if one.is_done else bad, one.why)
        for one in sorted(outcomes, key=lambda one: one.is_done)
    ]


def said_of(title: str, outcomes: Sequence[Outcome]) -> str:
    """What is said instead of a list of one that was done; empty where a list is wanted."""
    if len(outcomes) != 1 or not outcomes[0].is_done:
        return ""
    named, name = title.removesuffix(" 1 笔奖补"), outcomes[0].organisation
    return f"{named}：已办。" if name in named else f"{named}：“{name}”已办。"


def _done(award: AwardLine, seen: AwardFile) -> Iterator[Section]:
    if seen.questions:
        yield Section("需要裁定", (*(State(each, "warn") for each in seen.questions), "请到“奖补”页裁定，再来办理。"))
    if seen.replaces or seen.replaced_by:
        yield Section("更正", tuple(_chain(seen)))
    if seen.steps:
        yield Section("办理经过", tuple(map(_step, seen.steps)))
    if seen.notice:
        yield Section("公示", tuple(_notice(seen.notice)))
        if seen.notice.objections:
            yield Section("异议", tuple(line for each in seen.notice.objections for line in _objection(each)))
    if award.verdict is Verdict.AWARD:
        yield Section("复核前的核查", tuple(_checks(seen)))


def _chain(seen: AwardFile) -> Iterator[Line]:
    if seen.replaces:
        yield Line("替代", "、".join(seen.replaces) + "（已作废）")
    if seen.replaced_by:
        yield Line("被替代", seen.replaced_by)


def _step(step: StepLine) -> Line:
    """Label: the step; beside it who and when, then what was said."""
    head = f"{format_date(step.on)}　{step.person}{'　已签名' if step.is_signed else ''}"
    return Line(step.event.label, "\n".join(filter(None, (head, step.opinion, step.document))))


def _notice(seen: NoticeView) -> Iterator[Line]:
    line = seen.line
    yield Line("公示期", f"{format_date(line.starts)}至{format_date(line.ends)}，{line.days} 个工作日")
    yield Line("渠道", line.channel)
    if line.late_reason:
        yield Line("补登", State(line.late_reason, "warn"))


def _objection(each: ObjectionLine) -> Iterator[Line | State]:
    yield Line(format_date(each.received_on), f"{each.by_whom}：{each.content}")
    if each.is_open:
        yield Line("答复", "还没有答复，点这里答复", f"{ANSWER}{each.id}")
    else:
        found = State("异议成立", "error") if each.upheld else State("异议不成立", "good")
        yield Line("核实结果", found)
        yield Line("答复", f"{format_date(each.answered_on)}　{each.answer}" if each.answered_on else "")


def _checks(seen: AwardFile) -> Iterator[Line]:
    yield Line("收款账户", State("已登记", "good") if seen.has_account else State(_ACCOUNT, "warn"))
    if seen.check is None:
        yield Line("信用核查", State(_CREDIT, "warn"))
        return
    word = State("没有发现问题", "good") if seen.check.clean else State(f"不通过：{seen.check.finding}", "error")
    yield Line("信用核查", word)
    yield Line("核查", f"{format_date(seen.check.on)}　{seen.check.source}　{seen.check.by}")
