"""The sheets with one row a case: 明细表 with every award, 不予奖励及待定 with the rest and why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from zjtx_desktop.exchange.city_plan import (
    Cell,
    Line,
    Sheet,
    banner,
    digest,
    fitted,
    heading,
    plain,
    signers,
    summed,
)
from zjtx_desktop.exchange.city_report import MOVED, VERDICTS, AwardRow, CityReport, Sums
from zjtx_desktop.values import Money

DETAIL, OTHERS = "明细表", "不予奖励及待定"


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, its width in digits, how its cells look, and where they come from."""

    heading: str
    width: int
    style: str
    value: Callable[[AwardRow], Cell]


def _treasuries(row: AwardRow) -> str:
    """Who pays the beneficiary part; several each with their amount, a line each."""
    if len(row.treasuries) == 1:
        return row.treasuries[0][0]
    return "\n".join(f"{name} {amount}" for name, amount in row.treasuries)


def _remarks(row: AwardRow) -> str:
    remarks = [*row.flags, *row.warnings]
    if row.payee and row.payee != row.organisation:
        remarks.append(f"收款单位：{row.payee}")
    if row.letter_number:
        remarks.append(f"拨付通知：{row.letter_number}")
    return "；".join(remark.rstrip("。；") for remark in remarks)


def _moved(name: str, row: AwardRow) -> Money:
    """One figure of what became of the award's money."""
    amount: Money = getattr(row.balance, name)
    return amount


def _numbered(texts: Sequence[str]) -> str:
    return "\n".join(f"{index}. {text}" for index, text in enumerate(texts, start=1))


CASE_COLUMNS = (
    Column("奖补编号", 18, "code", lambda row: row.number),
    Column("企业（单位）名称", 20, "text", lambda row: row.organisation),
    Column("统一社会信用代码", 19, "code", lambda row: row.credit_code),
    Column("属地", 8, "centre", lambda row: row.division),
    Column("认定称号", 14, "text", lambda row: row.title),
    Column("级别", 7, "centre", lambda row: row.level),
    Column("类型", 7, "centre", lambda row: row.kind),
    Column("批次", 7, "centre", lambda row: row.batch),
    Column("认定年度", 5, "code", lambda row: None if row.label_year is None else str(row.label_year)),
    Column("认定文件文号", 16, "text", lambda row: row.document_number),
    Column("认定日期", 11, "code", lambda row: None if row.document_date is None else str(row.document_date)),
)
_AMOUNTS = (
    Column("受益财政奖励", 11, "amount", lambda row: row.beneficiary),
    Column("市级财政奖励", 11, "amount", lambda row: row.municipal),
    Column("核定合计", 11, "amount", lambda row: row.total),
    *(Column(heading, 11, "amount", partial(_moved, name)) for name, heading in MOVED.items()),
)
DETAIL_COLUMNS = (
    *CASE_COLUMNS,
    Column("奖励年度", 5, "code", lambda row: None if row.award_year is None else str(row.award_year)),
    Column("受益财政", 15, "text", _treasuries),
    *_AMOUNTS,
    Column("状态", 7, "state", lambda row: row.state),
    Column("备注", 17, "notes", _remarks),
)
AMOUNT_COLUMNS = tuple(
    index for index, column in enumerate(DETAIL_COLUMNS, start=1) if column.style == "amount"
)
OTHER_COLUMNS = (
    *CASE_COLUMNS,
    Column("结论", 9, "centre", lambda row: VERDICTS[row.verdict]),
    Column("原因", 54, "text", lambda row: _numbered(row.reasons) or "（没有记录原因）"),
    Column("提示", 24, "text", lambda row: _numbered((*row.flags, *row.warnings))),
)


def detail_sheet(report: CityReport) -> Sheet:
    """One row an award and the sums; what was voided stands there struck out, as text, and unsummed."""
    top = _top(report, "明细表", DETAIL_COLUMNS)
    body = _body(report.awards, DETAIL_COLUMNS)
    table = range(len(top), len(top) + len(body))
    foot = (_total(table, Sums.of(report.counted)), signers(_widths(DETAIL_COLUMNS)))
    lines = (*top, *body, *foot)
    return Sheet(
        DETAIL, _widths(DETAIL_COLUMNS), lines, len(top) - 1, frozen=3, filtered=True, table=table
    )


def others_sheet(report: CityReport) -> Sheet:
    """One row a refusal or open case, with its reasons numbered."""
    top = _top(report, "不予奖励及待定事项表", OTHER_COLUMNS)
    body = _body(report.others, OTHER_COLUMNS)
    if not body:
        body = (banner("本批次没有不予奖励或待定的事项。", "centre", _widths(OTHER_COLUMNS), 24),)
    table = range(len(top), len(top) + len(report.others))
    lines = (*top, *body, signers(_widths(OTHER_COLUMNS)))
    return Sheet(OTHERS, _widths(OTHER_COLUMNS), lines, len(top) - 1, frozen=3, table=table)


def detail_digest(sheet: Sheet) -> str:
    """The SHA-256 over the rows of the detail, as `digest` and `plain` say."""
    return digest([plain(cell) for cell in line.cells] for line in sheet.body)


def _top(report: CityReport, name: str, columns: Sequence[Column]) -> tuple[Line, ...]:
    return heading(report, name, ("序号", *(column.heading for column in columns)), _widths(columns))


def _widths(columns: Sequence[Column]) -> tuple[int, ...]:
    return (5, *(column.width for column in columns))


def _body(rows: Iterable[AwardRow], columns: Sequence[Column]) -> tuple[Line, ...]:
    styles = ("index", *(column.style for column in columns))
    widths = _widths(columns)
    struck = ("index", *(f"void_{column.style}" for column in columns))
    return tuple(
        fitted(
            (number, *(_cell(column.value(row), row.voided) for column in columns)),
            struck if row.voided else styles,
            widths,
        )
        for number, row in enumerate(rows, start=1)
    )


def _cell(value: Cell, voided: bool) -> Cell:
    """A voided amount is text, so that no sum over the column takes it in."""
    if voided and isinstance(value, Money):
        return str(value)
    return value or None if isinstance(value, str) else value


def _total(table: range, sums: Sums) -> Line:
    """The foot of the detail, summed by the spreadsheet over the same columns as by us."""
    cells: list[Cell] = [None] * (len(DETAIL_COLUMNS) + 1)
    styles = ["total"] * len(cells)
    cells[0] = f"合计（{sums.awards} 笔，不含作废）"
    for column, value in zip(AMOUNT_COLUMNS, sums.amounts, strict=True):
        cells[column], styles[column] = summed(table, column, value), "total_amount"
    return Line(tuple(cells), tuple(styles), ((0, AMOUNT_COLUMNS[0] - 1),), 24)
