"""The report of one round to the city, as values: its rows, its sums, and when it may not go out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class AwardRow:
    """One award, refusal or open case. `verdict` is a key of VERDICTS, `state` one of STATES.

    `division` is where the organisation is (属地); `treasuries` are those that pay the beneficiary
    part, each with its amount. Rows that are no award carry no money; a voided one keeps its own.
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
    `single_hand` that one person may take every step.
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
    """How many awards and what they come to."""

    awards: int
    beneficiary: Money
    municipal: Money
    total: Money

    @classmethod
    def of(cls, rows: Iterable[AwardRow]) -> "Sums":
        """The sums of `rows`, each counted as it is."""
        rows = tuple(rows)
        return cls(
            len(rows),
            Money.total(row.beneficiary for row in rows),
            Money.total(row.municipal for row in rows),
            Money.total(row.total for row in rows),
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


def check_report(report: CityReport) -> None:
    """Refuse a report whose sums do not meet, to the fen, or whose text no cell can hold faithfully."""
    _check_texts(report, "报表")
    for row in report.rows:
        _check_row(row)
    _refuse_twice(row.number for row in report.rows)
    sums = Sums.of(report.counted)
    _same(sums.beneficiary + sums.municipal, sums.total, "全部奖励的受益财政与市级财政合计", "各笔奖励合计")
    for amount in (sums.beneficiary, sums.municipal, sums.total):
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
