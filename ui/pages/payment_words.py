"""Payments in words: the columns of their list, and everything about one part."""

from collections.abc import Iterator, Sequence
from datetime import date
from operator import attrgetter

from ui.models.column import Column, Kind, State
from ui.widgets.detail_panel import Detail, Line, Section
from zjtx_desktop.domain.ledger import EntryKind, Progress
from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.usecases.standings import EntryLine, PartLine

ACCOUNT = "account"  # the link that shows the whole account
FILTERS = ("progress", "treasury", "payer", "title")
_TONES = {
    Progress.UNASKED: "warn", Progress.ASKED: "info", Progress.AGREED: "info", Progress.OPEN: "warn",
    Progress.PARTLY: "info", Progress.PAID: "good", Progress.CLAIMED: "error", Progress.RECOVERED: "soft",
    Progress.DROPPED: "soft",
}  # fmt: skip


def progress_of(part: PartLine) -> State:
    """How far the money has come, with its tone."""
    if part.award_state is AwardState.VOIDED:
        return State("作废", "soft")
    return State(part.progress.label, _TONES[part.progress])


def _waiting(part: PartLine) -> int | None:
    return part.waiting(date.today())


COLUMNS = (
    Column("organisation", "企业", attrgetter("organisation"), letters=13),
    Column("treasury", "财政", lambda part: part.treasury.name, letters=6),
    Column("payer", "出资", lambda part: part.payer.label, letters=5),
    Column("progress", "进度", progress_of, Kind.STATE, letters=5),
    Column("granted", "核定（元）", lambda part: part.standing.amount, Kind.MONEY, letters=6),
    Column("written_off", "核减（元）", lambda part: part.balance.written_off, Kind.MONEY, letters=6),
    Column("paid", "已拨付（元）", lambda part: part.balance.paid, Kind.MONEY, letters=6),
    Column("recovered", "已追回（元）", lambda part: part.balance.recovered, Kind.MONEY, letters=6),
    Column("left", "余额（元）", lambda part: part.balance.left, Kind.MONEY, letters=6),
    Column("waiting", "等待天数", _waiting, Kind.NUMBER, letters=4),
    Column("letter", "拨付通知文号", lambda part: part.letter or "", letters=9),
    Column("payee", "收款单位", attrgetter("payee"), letters=12),
    Column("bank", "开户银行", lambda part: part.bank or "", letters=9, hidden=True),
    Column("account", "账号", attrgetter("masked_account"), Kind.CODE, letters=6),
    Column("title", "称号", attrgetter("title"), letters=11, hidden=True),
    Column("state", "奖补状态", lambda part: part.award_state.label, letters=6, hidden=True),
    Column("origin", "结转自", lambda part: part.origin, letters=8, hidden=True),
    Column("number", "奖补编号", attrgetter("award_number"), Kind.CODE, letters=10, hidden=True),
)


def detail_of(part: PartLine, entries: Sequence[EntryLine], whole_account: bool) -> Detail:
    """Everything about a part: whose, where to, how it stands, every entry of its ledger."""
    return Detail(part.organisation, tuple(_sections(part, entries, whole_account)), progress_of(part))


def _sections(part: PartLine, entries: Sequence[EntryLine], whole_account: bool) -> Iterator[Section]:
    yield Section(
        "",
        (
            Line("称号", part.title),
            Line("拨付通知", part.letter or ""),
            Line("奖补", f"{part.award_number}\n{part.award_state.label}", "rounds"),
            Line("财政", f"{part.treasury.name}（{part.payer.label}）"),
            *((Line("结转", f"由 {part.origin}结转"),) if part.origin else ()),
        ),
    )
    account = part.account or "未登记"
    shown = account if whole_account or not part.account else f"{part.masked_account}　显示全部"
    link = "" if whole_account or not part.account else ACCOUNT
    yield Section(
        "收款账户",
        (Line("收款单位", part.payee), Line("开户银行", part.bank or "未登记"), Line("账号", shown, link)),
    )
    yield Section("金额（元）", tuple(_figures(part)))
    if entries:
        yield Section("台账", tuple(map(entry_line, entries)))


def _figures(part: PartLine) -> Iterator[Line]:
    standing = part.standing
    yield Line("核定", str(standing.amount))
    for kind in (EntryKind.VOIDED, EntryKind.PAID, EntryKind.RETURNED, EntryKind.CLAIMED, EntryKind.RECOVERED):
        if standing.sums[kind]:
            yield Line(kind.label, str(standing.sums[kind]))
    if part.sent:
        for kind in (EntryKind.REQUESTED, EntryKind.APPROVED, EntryKind.ARRIVED):
            yield Line(kind.label, str(standing.sums[kind]))
    yield Line("余额", str(standing.payable))


def entry_line(entry: EntryLine) -> Line:
    """One entry of the ledger in words."""
    said = "，".join(filter(None, (entry.voucher, entry.reason, entry.by)))
    return Line(entry.on.isoformat(), f"{entry.kind.label} {entry.amount} 元\n{said}")
