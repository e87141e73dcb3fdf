"""汇总表: the awards of the round by title, level and treasury, and what each treasury pays."""

from collections import defaultdict
from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell

from zjtx_desktop.exchange.city_plan import Formula, Line, Sheet, banner, fitted, heading, signers, summed
from zjtx_desktop.exchange.city_report import (
    DRAFT,
    NATIONAL,
    NONE,
    UNDECIDED,
    AwardRow,
    CityReport,
    Sums,
)
from zjtx_desktop.values import Money

SUMMARY = "汇总表"

_HEADINGS = ("序号", "认定称号", "级别", "受益财政", "奖励笔数", "受益财政奖励", "市级财政奖励", "合计")
_WIDTHS = (6, 31, 9, 36, 11, 18, 18, 18)
_BODY = ("index", "text", "centre", "text", "count", "amount", "amount", "amount")
_TOTAL = ("total",) * 4 + ("total_count",) + ("total_amount",) * 3

_PAGE = 36

_SHARE_HEADINGS = ("序号", "受益财政", None, None, "参与笔数", "受益财政奖励", "其中与其他财政共担", None)
_SHARE_BODY = ("index", "text", "text", "text", "count", "amount", "centre", "centre")
_SHARE_SPANS = ((1, 3), (6, 7))

_Group = tuple[str, str, tuple[str, ...]]


def summary_sheet(report: CityReport) -> Sheet:
    """Every counted award in exactly one line, so that the lines add up; then each treasury's share."""
    top = heading(report, "汇总表", _HEADINGS, _WIDTHS)
    body = _group_lines(report.counted, len(top))
    table = range(len(top), len(top) + len(body))
    lines = [*top, *body, _total(table, Sums.of(report.counted))]
    lines += _share_lines(report.counted, len(lines))
    lines += [banner(text, "remark", _WIDTHS) for text in _remarks(report)]
    pages = 1 if len(lines) < _PAGE else 0      # the signatures stay with a table that nearly fits
    return Sheet(SUMMARY, _WIDTHS, (*lines, signers(_WIDTHS)), len(top) - 1, table=table, pages=pages)


def _groups(rows: Sequence[AwardRow]) -> dict[_Group, list[AwardRow]]:
    """The awards by title, level and who pays; titles as they first come, national before provincial."""
    groups: dict[_Group, list[AwardRow]] = defaultdict(list)
    titles: dict[str, int] = {}
    for row in rows:
        titles.setdefault(row.title, len(titles))
        groups[row.title, row.level, row.payers].append(row)
    order = sorted(groups, key=lambda group: (titles[group[0]], group[1] != NATIONAL, group[1]))
    return {group: groups[group] for group in order}


def _group_lines(rows: Sequence[AwardRow], first_row: int) -> tuple[Line, ...]:
    lines = []
    for index, ((title, level, payers), members) in enumerate(_groups(rows).items()):
        sums = Sums.of(members)
        left, right = (xl_rowcol_to_cell(first_row + index, column) for column in (5, 6))
        total = Formula(f"={left}+{right}", sums.total)
        payer = "、".join(payers) + ("（共担）" if len(payers) > 1 else "")
        cells = (index + 1, title, level, payer, sums.awards, sums.beneficiary, sums.municipal, total)
        lines.append(fitted(cells, _BODY, _WIDTHS))
    return tuple(lines)


def _total(table: range, sums: Sums) -> Line:
    values = (sums.awards, sums.beneficiary, sums.municipal, sums.total)
    cells = (summed(table, column, value) for column, value in enumerate(values, start=4))
    return Line(("合计", None, None, None, *cells), _TOTAL, ((0, 3),), 24)


def _share_lines(rows: Sequence[AwardRow], first_row: int) -> list[Line]:
    """What each treasury pays; left out where no award is shared and the table above says it all."""
    if not any(len(row.treasuries) > 1 for row in rows):
        return []
    shares = treasury_shares(rows)
    table = range(first_row + 2, first_row + 2 + len(shares))
    total = summed(table, 5, Money.total(amount for _, _, amount in shares.values()))
    return [
        banner("各受益财政应承担金额", "section", _WIDTHS, 26),
        Line(_SHARE_HEADINGS, ("head",) * 8, _SHARE_SPANS, 22),
        *(
            Line(
                (index, name, None, None, joined, amount, f"{shared} 笔", None),
                _SHARE_BODY,
                _SHARE_SPANS,
                height=21,
            )
            for index, (name, (joined, shared, amount)) in enumerate(shares.items(), start=1)
        ),
        Line(("合计", None, None, None, None, total, None, None), _TOTAL, ((0, 4), (6, 7)), 24),
    ]


def treasury_shares(rows: Sequence[AwardRow]) -> dict[str, tuple[int, int, Money]]:
    """By treasury: the awards it takes part in, those of them it shares, and what it pays."""
    shares: dict[str, tuple[int, int, Money]] = {}
    for row in rows:
        for name, amount in row.treasuries:
            joined, shared, paid = shares.get(name, (0, 0, Money(0)))
            shares[name] = (joined + 1, shared + (len(row.treasuries) > 1), paid + amount)
    return shares


def _remarks(report: CityReport) -> list[str]:
    """The basis, what is not in the sums, and what the county chose."""
    states = [row.state for row in report.counted]
    verdicts = [row.verdict for row in report.others]
    voided = len(report.awards) - len(report.counted)
    under_way = sum(row.unissued for row in report.counted) - states.count(DRAFT)
    remarks = [
        f"政策依据：{report.policy}。",
        f"未计入合计：作废 {voided} 笔，不予奖励 {verdicts.count(NONE)} 笔，待定 {verdicts.count(UNDECIDED)} 笔；"
        f"已计入的奖励中，草稿 {states.count(DRAFT)} 笔{f'，办理中 {under_way} 笔' if under_way else ''}。",
        *(f"测算口径 {index}：{text}" for index, text in enumerate(report.choices_text, start=1)),
    ]
    return [*remarks, *filter(None, (report.single_hand, report.earlier))]
