"""年度未办结事项清单 on paper: what of a year is left, with whom and how much, and the sums by kind and treasury."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

from sqlmodel import Session

from zjtx_desktop.documents.cells import Align
from zjtx_desktop.documents.tables import ListColumn, PrintedList, write_list
from zjtx_desktop.domain.ledger import Balance
from zjtx_desktop.exchange.atomic import atomic_bytes
from zjtx_desktop.usecases import balance_columns
from zjtx_desktop.usecases.office import office
from zjtx_desktop.usecases.paper_codes import printed_code
from zjtx_desktop.usecases.year_end import UnfinishedLine, YearEnd, count_of, year_end
from zjtx_desktop.values import Money

COLUMNS = (
    ListColumn("序号", 0.9, Align.CENTRE),
    ListColumn("事项", 1.6, Align.CENTRE),
    ListColumn("批次", 1.7),
    ListColumn("奖补编号", 2.2),
    ListColumn("企业", 2.6),
    ListColumn("财政", 2.2),
    balance_columns.money_column("核定（元）"),
    *balance_columns.COLUMNS,
    balance_columns.money_column("未办结金额"),
    ListColumn("怎样办结", 2.0),
)


def year_end_pdf(session: Session, year: int, today: date) -> tuple[bytes, int]:
    """The list of a year as PDF, and how many lines it has; a closed year's says by whom it was closed."""
    seen, out = year_end(session, year), BytesIO()
    total, whole = Money.total(line.amount for line in seen.lines), Balance.together(line.balance for line in seen.lines)
    printed = PrintedList(
        title=f"{year}年度未办结事项清单",
        columns=COLUMNS,
        prepared_on=today,
        office=office(session).name,
        unit="元",
        total=("合计", f"{count_of(seen.lines)} 笔", "", "", "", "", str(whole.granted), *balance_columns.cells(whole), str(total), ""),
        size=balance_columns.SIZE,
        signers=("经办人", "复核人", "审批人"),
        notes=tuple(_notes(seen)),
        code=printed_code(session),
    )
    rows = [_row(place, line) for place, line in enumerate(seen.lines, start=1)]
    write_list(printed, rows, out)
    return out.getvalue(), len(rows)


def write_year_end(session: Session, year: int, path: Path, today: date, overwrite: bool = False) -> int:
    """Write the list of a year as PDF, whole or not at all; how many lines it has."""
    pdf, count = year_end_pdf(session, year, today)
    atomic_bytes(path, pdf, overwrite)
    return count


def _row(place: int, line: UnfinishedLine) -> tuple[str, ...]:
    organisation = line.organisation or (f"{line.count} 项认定" if not line.award_number else "")
    money = str(line.amount) if line.amount else ""
    what = (line.kind.label, line.round, line.award_number, organisation, line.treasury)
    moved = (str(line.balance.granted), *balance_columns.cells(line.balance)) if line.treasury else ("",) * 5
    return (str(place), *what, *moved, money, line.kind.advice)


def _notes(seen: YearEnd) -> Iterator[str]:
    if seen.closing:
        yield f"{seen.closing.sentence}。"
    elif not seen.lines:
        yield f"{seen.year} 年度没有未办结事项，可以结账。"
    if seen.lines:
        counted = "；".join(f"{kind.label} {count} 笔 {money} 元" for kind, count, money in seen.sums())
        yield f"按事项：{counted}。"
    if owed := seen.treasuries():
        yield "按财政：" + "；".join(f"{name} {money} 元" for name, money in owed) + "。"
