"""Awards and rounds in words: the columns of a list, the explanation of one award, how a round stands."""

from collections.abc import Callable, Iterator, Mapping

from ui.models.column import Column, Kind, State
from ui.widgets.detail_panel import Detail, Line, Section
from zjtx_desktop.domain.entitlement import Payer, Verdict
from zjtx_desktop.domain.states import ISSUED_STATES, AwardState, RoundState
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.usecases.awards import AwardLine
from zjtx_desktop.usecases.basis import inputs_of
from zjtx_desktop.usecases.pay_to import masked
from zjtx_desktop.usecases.rejudging import Stale
from zjtx_desktop.usecases.rounds import Overview, RoundLine
from zjtx_desktop.values import Money, uppercase

VERDICT_TONES = {Verdict.AWARD: "good", Verdict.NONE: "soft", Verdict.UNDECIDED: "warn"}
STATE_TONES = {
    AwardState.DRAFT: "info",
    AwardState.EXAMINED: "info",
    AwardState.REVIEWED: "info",
    AwardState.NOTICED: "warn",
    AwardState.CLEARED: "info",
    AwardState.APPROVED: "good",
    AwardState.ISSUED: "good",
    AwardState.PAID: "good",
    AwardState.ARCHIVED: "soft",
    AwardState.EXCLUDED: "soft",
    AwardState.VOIDED: "error",
    AwardState.REVOKED: "error",
    AwardState.RECOVERED: "soft",
    AwardState.DISCARDED: "soft",
}
CHANGED = "测算后有变化"
_LETTERED = (*ISSUED_STATES, AwardState.VOIDED)
FILTERS = ("verdict", "title", "level", "state")


def title_of(award: AwardLine) -> str:
    """The title as printed in lists."""
    return Titles.load().name(award.facts.title, award.facts.level, award.facts.title_type)


def verdict_of(award: AwardLine) -> State:
    """The verdict in a word, with its tone."""
    return State(award.verdict.label, VERDICT_TONES[award.verdict])


def state_of(award: AwardLine) -> State:
    """Where the award stands; what is no award has no letter to stand anywhere with."""
    if award.verdict is not Verdict.AWARD and award.state is AwardState.DRAFT:
        return State("—", "soft")
    return State(award.state.label, STATE_TONES[award.state])


def marks_of(award: AwardLine, is_stale: bool) -> str:
    """What is to be known of the amount or the award, in a word each; mostly nothing."""
    return "、".join((*((CHANGED,) if is_stale else ()), *(mark.partition("（")[0] for mark in award.marks)))


def _moved(figure: str) -> Callable[[AwardLine], Money | None]:
    """One figure of what became of an award's money; nothing before its letter is out."""
    return lambda award: getattr(award.balance, figure) if award.state in _LETTERED else None


MOVED = tuple(
    Column(figure, f"{word}（元）", _moved(figure), Kind.MONEY, letters=6)
    for figure, word in (("written_off", "核减"), ("paid", "已拨付"), ("recovered", "已追回"), ("left", "余额"))
)
def columns(is_stale: Callable[[int], bool]) -> tuple[Column, ...]:
    """The columns of the list; `is_stale` tells at any time whether the award of an id would be judged otherwise today."""
    return (
        Column("organisation", "企业", lambda award: award.facts.organisation, letters=14),
        Column("verdict", "结论", verdict_of, Kind.STATE, letters=6),
        Column("total", "合计（元）", lambda award: award.total if award.parts else None, Kind.MONEY, letters=7),
        Column("title", "称号", title_of, letters=12),
        Column("beneficiary", "受益财政（元）", lambda award: _amount(award, Payer.BENEFICIARY), Kind.MONEY, letters=7),
        Column("municipal", "市级财政（元）", lambda award: _amount(award, Payer.MUNICIPAL), Kind.MONEY, letters=7),
        Column("state", "状态", state_of, Kind.STATE, letters=5),
        Column("marks", "标注", lambda award: marks_of(award, is_stale(award.id)), letters=6),
        Column("level", "级别", lambda award: award.facts.level.value, letters=4, hidden=True),
        Column("year", "奖励年度", lambda award: str(award.award_year or ""), Kind.CODE, letters=4, hidden=True),
        Column("letter", "拨付通知文号", lambda award: award.letter or "", letters=10),
        *MOVED,
        Column("kind", "类型", lambda award: award.facts.kind.value, letters=5, hidden=True),
        Column("code", "统一社会信用代码", lambda award: award.facts.credit_code or "", Kind.CODE, letters=11, hidden=True),
        Column("number", "奖补编号", lambda award: award.number, Kind.CODE, letters=10, hidden=True),
    )


def detail_of(award: AwardLine, questions: Mapping[str, str], stale: Stale | None = None) -> Detail:
    """Everything about an award: what, why, who pays, what it rests on. `questions` names the open ones, `stale` is
    how it would be judged today where that is otherwise.
    """
    return Detail(award.facts.organisation, tuple(_sections(award, questions, stale)), verdict_of(award))


def _sections(award: AwardLine, questions: Mapping[str, str], stale: Stale | None) -> Iterator[Section]:
    yield Section("", tuple(_head(award)))
    if stale:
        results = (Line("原结果", str(stale.before)), Line("现结果", str(stale.now)), Line("原因", stale.why))
        yield Section(CHANGED, (*results, State(advice_on(stale), "warn")))
    if award.marks:
        yield Section("标注", tuple(State(mark, "warn") for mark in award.marks))
    if award.void_reason:
        yield Section("作废", (State(award.void_reason, "error"),))
    yield Section("理由", _numbered(award.reasons))
    if award.questions:
        asked = tuple(State(questions.get(name, name), "warn") for name in award.questions)
        yield Section("需要决定", (*asked, "选中这一行，用“裁定”（F2）写明决定和理由。"))
    if award.parts:
        parts = (Line(f"{part.payer.label}", f"{part.treasury.name}　{part.amount} 元\n{part.clause}") for part in award.parts)
        yield Section("由谁承担", tuple(parts))
    if award.state in _LETTERED:
        yield Section("资金（元）", tuple(_money(award)))
    if award.warnings:
        yield Section("提请注意", tuple(State(warning, "warn") for warning in award.warnings))
    yield Section("依据的事实", (*(Line(*pair) for pair in inputs_of(award)), Line("认定", "打开这条认定", "recognitions")))


def advice_on(stale: Stale) -> str:
    """What is to be done about an award that would be judged otherwise today."""
    return "请重新测算。" if stale.state is AwardState.DRAFT else "请先到“办理”页退回，再重新测算。"


def _head(award: AwardLine) -> Iterator[Line]:
    yield Line("企业", award.facts.organisation, "organisations")
    yield Line("称号", f"{title_of(award)}（{award.facts.level.value}）")
    yield Line("奖励年度", f"{award.award_year} 年" if award.award_year else "未定")
    if award.parts:
        yield Line("合计", f"{award.total} 元\n{uppercase(award.total)}")
    if award.payee.name != award.facts.organisation:
        yield Line("收款单位", award.payee.name)
    if award.is_payee_fixed and award.payee.account:
        yield Line("收款账户", f"{award.payee.bank}　{masked(award.payee.account)}\n已固定，按它拨付")
    if award.is_redirected and award.state is AwardState.ISSUED:
        yield Line("现登记的账户", State(f"{award.recorded.name}　{award.recorded.bank}　{masked(award.recorded.account)}", "warn"))
    yield Line("奖补编号", award.number)
    if award.verdict is Verdict.AWARD or award.state is not AwardState.DRAFT:
        yield Line("状态", state_of(award))
    if award.letter:
        yield Line("拨付通知", award.letter)


def _money(award: AwardLine) -> Iterator[Line]:
    """What became of what was granted; of the city's part also what is still to come."""
    balance = award.balance
    yield Line("核定", str(balance.granted))
    for column in MOVED:
        yield Line(column.title.removesuffix("（元）"), str(column.value(award)))
    if award.paid_by(Payer.MUNICIPAL):
        yield Line("尚需市级资金", str(balance.to_come))


def _numbered(sentences: tuple[str, ...]) -> tuple[str, ...]:
    if len(sentences) < 2:
        return sentences
    return tuple(f"{place}. {sentence}" for place, sentence in enumerate(sentences, start=1))


def _amount(award: AwardLine, payer: Payer) -> object:
    return (award.paid_by(payer) or None) if award.parts else None



def named(line: RoundLine) -> str:
    """A round as titles and file names call it."""
    return f"{line.year}年度{line.name}"


def subject_of(award: AwardLine) -> str:
    """An award as a dialog about it calls it."""
    return f"{award.facts.organisation}：{title_of(award)}"


def changes_of(seen: Overview) -> str:
    """How the list to be locked differs from the one that was."""
    parts = ((seen.joining, f"多出 {seen.joining} 项认定"), (seen.leaving, f"少了 {seen.leaving} 项认定"))
    return "，".join(text for count, text in parts if count)


def notice_of(seen: Overview | None) -> tuple[str, str, str, str] | None:
    """What a round wants to be looked at for: tone, sentence, what to do about it and the id of that verb."""
    if seen is None:
        return None
    if seen.is_outdated:
        return "warn", f"锁定以后名单有变化：{changes_of(seen)}。请重新测算。", "重新测算", "compute"
    years = "" if seen.line.closed else "、".join(f"{year} 年度" for year in seen.open_years)
    waiting = f"{years}还有认定没有测算，可能改变本批金额。" if years else ""
    if seen.stale:
        said = f"{CHANGED} {len(seen.stale)} 笔：登记的内容变了，现在测算会是另一个结果。"
        return "warn", said + (f"另外，{waiting}" if waiting else ""), "查看", "stale"
    if waiting:
        return "warn", waiting, "试算先后", "in_order"
    if seen.newer:
        kept = f"（{seen.policy}）" if seen.policy != seen.newer else ""
        return "info", f"政策包已更新（{seen.newer}），本批次仍按原来的{kept}。", "采用新政策…", "policy"
    return None


def standing_of(seen: Overview, staffed: bool = False) -> str:
    """How a round stands. In a book with persons what was computed is examined first, in another it is issued."""
    state = seen.line.state
    if seen.line.follows:
        return f"{'已结账，' if seen.line.closed else ''}结转批次：款项在“拨付”页办理。"
    if state is RoundState.OPEN:
        return f"登记中：名单上有 {seen.listed} 项认定，还没有锁定。"
    counted = (
        (seen.ready, "待初审" if staffed else "待下达"), (seen.under_way, "办理中"), (seen.issued, "已下达"), (seen.undecided, "待定"),
        (seen.refused + seen.excluded, "不予奖励"), (seen.voided, "作废"),
    )  # fmt: skip
    results = "".join(f" · {word} {count}" for count, word in counted if count)
    closed = f"{seen.line.closed}。" if seen.line.closed else ""
    return f"{closed}{state.label}：名单 {seen.listed} 项{results or '，还没有测算'}"


def why_fixed(line: RoundLine | None) -> str:
    """Why the list of a round is neither altered nor judged any more; empty where it may be."""
    if line and line.closed:
        return f"{line.closed}，只能查看"
    return "结转批次没有名单，只办理结转来的款项" if line and line.follows else ""
