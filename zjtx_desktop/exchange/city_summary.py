"""汇总表: the awards of the round by title, level and treasury, and what each treasury pays."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from zjtx_desktop.domain.ledger import Balance
from zjtx_desktop.exchange.city_plan import Formula, Line, Sheet, banner, fitted, heading, signers, summed
from zjtx_desktop.exchange.city_report import (
    DRAFT,
    MOVED,
    NATIONAL,
    NONE,
    UNDECIDED,
    WITHDRAWN,
    AwardRow,
    CityReport,
    Sums,
)
from zjtx_desktop.values import Money

SUMMARY = "汇总表"

_GRANTED = ("受益财政奖励", "市级财政奖励", "核定合计")
_HEADINGS = ("序号", "认定称号", "级别", "受益财政", "奖励笔数", *_GRANTED, *MOVED.values())
_WIDTHS = (6, 27, 8, 25, 9, *(15,) * 8)
_BODY = ("index", "text", "centre", "text", "count", *("amount",) * 8)
_TOTAL = ("total",) * 4 + ("total_count",) + ("total_amount",) * 8

_PAGE = 36

_SHARED = "其中与其他财政共担"
_SHARE_HEADINGS = ("序号", "受益财政", None, None, "参与笔数", "受益财政奖励", _SHARED, None, *list(MOVED.values())[:-1], None)
_SHARE_BODY = ("index", "text", "text", "text", "count", "amount", "centre", "centre", *("amount",) * 4, "centre")
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
        ours, city, whole, less, paid = (xl_rowcol_to_cell(first_row + index, column) for column in (5, 6, 7, 8, 9))
        total = Formula(f"={ours}+{city}", sums.total)
        left = Formula(f"={whole}-{less}-{paid}", sums.balance.left)
        payer = "、".join(payers) + ("（共担）" if len(payers) > 1 else "") or "（只有市级财政部分）"
        granted = (index + 1, title, level, payer, sums.awards, sums.beneficiary, sums.municipal, total)
        moved = sums.balance
        cells = (*granted, moved.written_off, moved.paid, moved.recovered, left, moved.to_come)
        lines.append(fitted(cells, _BODY, _WIDTHS))
    return tuple(lines)


def _total(table: range, sums: Sums) -> Line:
    values = (sums.awards, *sums.amounts)
    cells = (summed(table, column, value) for column, value in enumerate(values, start=4))
    return Line(("合计", None, None, None, *cells), _TOTAL, ((0, 3),), 24)


def _share_lines(rows: Sequence[AwardRow], first_row: int) -> list[Line]:
    """What each treasury pays; left out where no award is shared and the table above says it all."""
    if not any(len(row.treasuries) > 1 for row in rows):
        return []
    shares = treasury_shares(rows)
    table = range(first_row + 2, first_row + 2 + len(shares))
    whole = Balance.together(share.balance for share in shares.values())
    total, *moved = (
        summed(table, column, amount) for column, amount in zip((5, 8, 9, 10, 11), _moved(whole, whole.granted), strict=True)
    )
    return [
        banner("各受益财政应承担金额", "section", _WIDTHS, 26),
        Line(_SHARE_HEADINGS, ("head",) * len(_WIDTHS), _SHARE_SPANS, 22),
        *(
            Line(
                (index, name, None, None, one.joined, one.balance.granted, f"{one.shared} 笔", None, *_moved(one.balance), None),
                _SHARE_BODY,
                _SHARE_SPANS,
                height=21,
            )
            for index, (name, one) in enumerate(shares.items(), start=1)
        ),
        Line(("合计", None, None, None, None, total, None, None, *moved, None), _TOTAL, ((0, 4), (6, 7)), 24),
    ]


def _moved(balance: Balance, *first: Money) -> tuple[Money, ...]:
    """What became of a treasury's money, as the columns of its share show it."""
    return (*first, balance.written_off, balance.paid, balance.recovered, balance.left)


@dataclass(frozen=True, slots=True)
class Share:
    """The awards a treasury takes part in, those of them it shares, and what it pays."""

    joined: int = 0
    shared: int = 0
    balance: Balance = Balance()


def treasury_shares(rows: Sequence[AwardRow]) -> dict[str, Share]:
    """The share of each beneficiary treasury, by its name."""
    shares: dict[str, Share] = {}
    for row in rows:
        for (name, _), balance in zip(row.treasuries, row.balances, strict=False):  # the city's is the last
            was = shares.get(name, Share())
            together = Balance.together((was.balance, balance))
            shares[name] = Share(was.joined + 1, was.shared + (len(row.treasuries) > 1), together)
    return shares


def _asked(report: CityReport) -> str:
    """What the amounts mean, and what the city is still asked for."""
    moved = Sums.of(report.counted).balance
    withdrawn = [row for row in report.counted if row.state in WITHDRAWN]
    gone = f"其中撤销认定 {len(withdrawn)} 笔，" if withdrawn else ""
    return (
        f"奖励金额为核定数；核定＝核减＋已拨付＋余额，已追回的是已拨付中收回的。{gone}"
        f"撤销和核减的部分不再申请市级资金，尚需市级下达 {moved.to_come} 元。"
    )


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
    remarks.append(_asked(report))
    return [*remarks, *filter(None, (report.single_hand, *report.accepted, report.earlier))]
