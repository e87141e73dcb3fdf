"""The report of one round to the city, as values: its rows, its sums, and when it may not go out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from zjtx_desktop.domain.ledger import Balance
from zjtx_desktop.domain.states import UNDER_WAY, AwardState
from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.outgoing import cell_number, check_text, is_clean
from zjtx_desktop.values import ZERO, Division, Money

AWARD, NONE, UNDECIDED = "award", "none", "undecided"
VERDICTS = {AWARD: "奖励", NONE: "不予奖励", UNDECIDED: "待定"}
DRAFT, VOIDED = AwardState.DRAFT.label, AwardState.VOIDED.label
STATES = tuple(state.label for state in AwardState if state is not AwardState.DISCARDED)
USUAL = (DRAFT, AwardState.ISSUED.label, VOIDED)  # counted even where there is none
_UNISSUED = frozenset(state.label for state in (AwardState.DRAFT, *UNDER_WAY))
NATIONAL = "国家级"
WITHDRAWN = (AwardState.REVOKED.label, AwardState.RECOVERED.label)  # 撤销认定
# What became of the money, as columns after the amounts granted.
MOVED = {
    "written_off": "核减",
    "paid": "已拨付",
    "recovered": "已追回",
    "left": "余额",
    "to_come": "尚需市级资金",
}


@dataclass(frozen=True, slots=True)
class AwardRow:
    """One award, refusal or open case. `verdict` is a key of VERDICTS, `state` one of STATES.

    `division` is where the organisation is (属地); `treasuries` are those that pay the beneficiary
    part, each with its amount. `ledger` says what became of each of these and, as the last, of the city's part;
    empty while nothing was paid or written off. Rows that are no award carry no money; a voided one keeps its own.
    """

    number: str
    organisation: str
    credit_code: str | None
    division: str | None
    title: str
    level: str
    kind: str
    batch: str | None
    label_year: int | None
    document_number: str | None
    document_date: date | None
    award_year: int | None
    verdict: str
    state: str
    treasuries: tuple[tuple[str, Money], ...]
    beneficiary: Money
    municipal: Money
    total: Money
    letter_number: str | None = None
    payee: str | None = None
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    is_manual: bool = False  # 人工核定
    is_capped: bool = False  # 封顶
    ledger: tuple[Balance, ...] = ()

    @property
    def balances(self) -> tuple[Balance, ...]:
        """What became of the money of each of `treasuries` and, as the last, of the city's."""
        if self.ledger:
            return self.ledger
        ours = (Balance(granted=amount, left=amount) for _, amount in self.treasuries)
        return (*ours, Balance(granted=self.municipal, left=self.municipal, to_come=self.municipal))

    @property
    def balance(self) -> Balance:
        """What became of the whole award."""
        return Balance.together(self.balances)

    @property
    def voided(self) -> bool:
        """Whether the award no longer counts."""
        return self.state == VOIDED

    @property
    def unissued(self) -> bool:
        """Whether its letter is still to come."""
        return self.state in _UNISSUED

    @property
    def counts(self) -> bool:
        """Whether its amounts go into the sums."""
        return self.verdict == AWARD and not self.voided

    @property
    def payers(self) -> tuple[str, ...]:
        """The names of the beneficiary treasuries."""
        return tuple(name for name, _ in self.treasuries)


@dataclass(frozen=True, slots=True)
class CityReport:
    """What a county reports of one round: who reports, under which policy, and every row in order.

    `policy` is what it rests on, as papers cite it; `choices_text` are sentences on what the county chose where the policy is silent, with the
    basis; `head` is the end of the hash chain, `code` the same for people; `earlier` is a remark on what was reported before,
    `single_hand` that one person may take every step, `accepted` what checks found wrong and who accepted it.
    """

    division: Division
    office: str
    year: int
    round_name: str
    policy: str
    pack_id: str
    pack_sha256: str
    choices_text: tuple[str, ...]
    prepared_on: date
    prepared_by: str
    app_version: str
    head: str
    rows: tuple[AwardRow, ...]
    earlier: str | None = None
    code: str = ""
    single_hand: str = ""
    accepted: tuple[str, ...] = ()

    @property
    def awards(self) -> tuple[AwardRow, ...]:
        """The rows of the detail: every award, voided ones too."""
        return tuple(row for row in self.rows if row.verdict == AWARD)

    @property
    def counted(self) -> tuple[AwardRow, ...]:
        """The awards that go into the sums."""
        return tuple(row for row in self.rows if row.counts)

    @property
    def others(self) -> tuple[AwardRow, ...]:
        """The refusals and open cases."""
        return tuple(row for row in self.rows if row.verdict != AWARD)


_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in (AwardRow, CityReport)}


@dataclass(frozen=True, slots=True)
class Sums:
    """How many awards, what they come to, and what became of that."""

    awards: int
    beneficiary: Money
    municipal: Money
    total: Money
    balance: Balance = Balance()

    @property
    def amounts(self) -> tuple[Money, ...]:
        """The sums in the order of the columns: 受益财政, 市级财政, 合计, then `MOVED`."""
        moved = (getattr(self.balance, name) for name in MOVED)
        return (self.beneficiary, self.municipal, self.total, *moved)

    @classmethod
    def of(cls, rows: Iterable[AwardRow]) -> "Sums":
        """The sums of `rows`, each counted as it is."""
        rows = tuple(rows)
        return cls(
            len(rows),
            Money.total(row.beneficiary for row in rows),
            Money.total(row.municipal for row in rows),
            Money.total(row.total for row in rows),
            Balance.together(row.balance for row in rows),
        )


@dataclass(frozen=True, slots=True)
class WrittenWorkbook:
    """A workbook that was written, read back and found equal to its report."""

    path: Path
    sha256: str
    beneficiary: Money
    municipal: Money
    total: Money
    awards: int
    to_come: Money = ZERO  # what the city is still asked for


def check_report(report: CityReport) -> None:
    """Refuse a report whose sums do not meet, to the fen, or whose text no cell can hold faithfully."""
    _check_texts(report, "报表")
    for row in report.rows:
        _check_row(row)
    _refuse_twice(row.number for row in report.rows)
    sums = Sums.of(report.counted)
    _same(sums.beneficiary + sums.municipal, sums.total, "全部奖励的受益财政与市级财政合计", "各笔奖励合计")
    _check_balance(sums.balance, "全部奖励")
    for amount in sums.amounts:
        cell_number(amount)


def _check_row(row: AwardRow) -> None:
    where = f"奖励 {row.number}（{row.organisation}）"
    _check_texts(row, where)
    if row.verdict not in VERDICTS or row.state not in STATES:
        raise Refused(f"{where}的结论“{row.verdict}”或状态“{row.state}”不能识别，没有导出。请重新测算本批次。")
    if row.verdict != AWARD and (row.total or row.treasuries or row.beneficiary or row.municipal):
        raise Refused(f"{where}的结论是{VERDICTS[row.verdict]}，却带有金额 {row.total} 元。请重新测算本批次。")
    for amount in (*(part for _, part in row.treasuries), row.beneficiary, row.municipal, row.total):
        cell_number(amount)
        if amount < ZERO:
            raise Refused(f"{where}有负数金额 {amount} 元，没有导出。请核对这一笔。")
    _same(Money.total(part for _, part in row.treasuries), row.beneficiary, f"{where}各受益财政分担", "受益财政奖励")
    _same(row.beneficiary + row.municipal, row.total, f"{where}受益财政加市级财政", "合计")
    granted = (*(part for _, part in row.treasuries), row.municipal)
    for balance, amount in zip(row.balances, granted, strict=True):
        _same(balance.granted, amount, f"{where}台账所记的核定金额", "承担金额")
        _check_balance(balance, where)


def _check_balance(balance: Balance, where: str) -> None:
    """核定 is 核减, 已拨付 and 余额 together, to the fen."""
    _same(balance.written_off + balance.paid + balance.left, balance.granted, f"{where}核减、已拨付和余额之和", "核定金额")


def _refuse_twice(numbers: Iterable[str]) -> None:
    """A number may stand in the report once; drafts may have none yet."""
    for number, times in Counter(filter(None, numbers)).items():
        if times > 1:
            raise Refused(f"奖补编号 {number} 出现了 {times} 次，同一笔不能报两遍。请重新测算本批次。")


def _same(left: Money, right: Money, left_name: str, right_name: str) -> None:
    if left != right:
        raise Refused(
            f"{left_name} {left} 元，{right_name} {right} 元，相差 {left - right} 元，没有导出。请核对后再导出。"
        )


def _check_texts(values: AwardRow | CityReport, where: str) -> None:
    """Check every text in a frozen value, one by one only when something is wrong in all of them."""
    texts = tuple(_texts(getattr(values, name) for name in _FIELDS[type(values)]))
    if not is_clean(texts):
        for text in texts:
            check_text(text, where)


def _texts(values: Iterable[object]) -> Iterator[str]:
    """The texts among the values and in tuples of them; nested rows are checked on their own."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from _texts(value)
