"""Proof against double payment: all that one organisation was ever awarded, also what was voided, as a printed list."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlmodel import Session

from zjtx_desktop.documents.cells import Align
from zjtx_desktop.documents.tables import ListColumn, PrintedList, write_list
from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.ledger import Balance
from zjtx_desktop.domain.states import ISSUED_STATES, MONEYLESS_STATES
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.exchange.atomic import write_atomically
from zjtx_desktop.usecases import agreement, balance_columns
from zjtx_desktop.usecases.dossier import Dossier, HeldAward, dossier
from zjtx_desktop.usecases.office import office
from zjtx_desktop.usecases.paper_codes import printed_code
from zjtx_desktop.usecases.past_awards import SOURCE, HeldPast
from zjtx_desktop.values import ZERO, Money, format_date

_COLUMNS = (
    ListColumn("序号", 0.9, Align.CENTRE),
    ListColumn("奖励年度", 1.2, Align.CENTRE),
    ListColumn("认定称号", 3.2),
    ListColumn("状态", 1.7, Align.CENTRE),
    *map(balance_columns.money_column, ("受益财政", "市级财政", "核定合计")),
    *balance_columns.COLUMNS,
    ListColumn("奖补编号、文书和依据", 3.8),
)
_DEAD = frozenset(MONEYLESS_STATES)


def write_statement(session: Session, organisation_id: int, path: Path, today: date, overwrite: bool = False) -> int:
    """Write the statement of one organisation as PDF; how many awards stand on it."""
    agreement.require_organisation(session, organisation_id, "生成情况表")
    held = dossier(session, organisation_id)
    rows = tuple(statement_rows(held))
    printed = replace(_around(held, office(session).name, today), code=printed_code(session))

    def fill(part: Path) -> None:
        with part.open("wb") as file:
            write_list(printed, rows, file)

    write_atomically(path, fill, overwrite)
    return len(rows)


def statement_rows(held: Dossier) -> Iterator[tuple[str, ...]]:
    """Every award as a row of the statement, the oldest year first, 历史 among them."""
    entries = [(award.award_year or 0, _award(award, held)) for award in held.awards]
    entries += [(past.form.award_year, _past(past)) for past in held.past]
    for number, (year, cells) in enumerate(sorted(entries, key=lambda entry: entry[0]), start=1):
        yield (str(number), str(year or "未定"), *cells)


def doubled(held: Dossier) -> tuple[str, ...]:
    """The titles that this organisation was paid for more than once, by name."""
    names = Titles.load()
    counted = Counter((award.title, award.level) for award in held.awards if _counts(award))
    counted += Counter((past.form.title, past.form.level.value) for past in held.past)
    return tuple(f"{names.name(title, Level(level))}（{n} 笔）" for (title, level), n in counted.items() if n > 1)


def _around(held: Dossier, office_name: str, today: date) -> PrintedList:
    form = held.form
    *kinds, whole = _sums(held)
    named = f"企业：{form.name}；统一社会信用代码：{form.credit_code or '未登记'}"
    former = f"；曾用名：{'、'.join(form.names_before)}" if form.names_before else ""
    twice = doubled(held)
    return PrintedList(
        title="历次奖补情况表",
        columns=_COLUMNS,
        prepared_on=today,
        office=office_name,
        unit="元",
        subtotals=tuple(kinds),
        total=whole,
        size=balance_columns.SIZE,
        signers=("经办人", "复核人", "负责人"),
        notes=(
            f"{named}{former}。",
            f"本表列出账簿中截至{format_date(today)}该企业的全部奖补，包括已作废的、不予奖励的和启用本程序以前的（{SOURCE}）；"
            "未下达的（草稿和办理中）分开小计。",
            "核定＝核减＋已拨付＋余额；撤销认定和核减的不再拨付，已追回的是已拨付中收回的。",
            f"同一称号同一级别有多笔奖励：{'、'.join(twice)}，请核对有无重复。"
            if twice
            else "没有同一称号同一级别重复奖励的记录。",
        ),
    )


def _counts(award: HeldAward) -> bool:
    return award.verdict is Verdict.AWARD and award.state not in _DEAD


@dataclass(frozen=True, slots=True)
class _Sum:
    """What some awards come to."""

    count: int = 0
    ours: Money = ZERO
    city: Money = ZERO
    balance: Balance = Balance()

    def __add__(self, other: "_Sum") -> "_Sum":
        balance = Balance.together((self.balance, other.balance))
        return _Sum(self.count + other.count, self.ours + other.ours, self.city + other.city, balance)

    def row(self, name: str) -> tuple[str, ...]:
        """It as a row under the list."""
        left = balance_columns.cells(self.balance)
        return ("", "", f"{name} {self.count} 笔", "", str(self.ours), str(self.city), str(self.ours + self.city), *left, "")


def _sums(held: Dossier) -> Iterator[tuple[str, ...]]:
    """Of what counts: what is issued, what is not yet, what was before, each where there is any, and all together."""
    kinds = {"其中：已下达": _Sum(), "其中：未下达": _Sum(), f"其中：{SOURCE}": _Sum()}
    issued, coming, before = kinds
    for award in filter(_counts, held.awards):
        kinds[issued if award.state in ISSUED_STATES else coming] += _Sum(1, award.beneficiary, award.municipal, award.balance)
    for past in held.past:
        kinds[before] += _Sum(1, past.form.beneficiary, past.form.municipal, _past_balance(past))
    yield from (one.row(name) for name, one in kinds.items() if one.count)
    yield sum(kinds.values(), start=_Sum()).row("合计（不含作废和不予奖励）")


def _past_balance(past: HeldPast) -> Balance:
    """What was before this program was paid."""
    return Balance(past.form.total, paid=past.form.total)


def _award(award: HeldAward, held: Dossier) -> tuple[str, ...]:
    papers = [award.number, *((award.marks,) if award.marks else ())]
    for letter in held.letters:
        if letter.award_number == award.number:
            voided = "，已作废" if letter.voided else ""
            papers.append(f"{letter.number}（{format_date(letter.issued_on)}{voided}）")
    is_paid = award.verdict is Verdict.AWARD
    state = award.state.label if is_paid or award.state in _DEAD else award.verdict.label
    name = Titles.load().name(award.title, Level(award.level), award.title_type)
    granted = (award.beneficiary, award.municipal, award.granted)
    return name, state, *map(str, granted), *balance_columns.cells(award.balance), "；".join(papers)


def _past(past: HeldPast) -> tuple[str, ...]:
    form = past.form
    name = Titles.load().name(form.title, form.level)
    granted = (form.beneficiary, form.municipal, form.total)
    return name, SOURCE, *map(str, granted), *balance_columns.cells(_past_balance(past)), form.source
