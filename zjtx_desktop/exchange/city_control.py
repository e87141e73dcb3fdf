"""校验: what the city needs to tell that the workbook is whole, and to recompute it (C19)."""

from collections.abc import Iterator
from dataclasses import replace

from zjtx_desktop.exchange.city_detail import DETAIL
from zjtx_desktop.exchange.city_plan import Line, Picture, Sheet, banner, fitted
from zjtx_desktop.exchange.city_report import MOVED, NONE, STATES, UNDECIDED, USUAL, VOIDED, CityReport, Sums
from zjtx_desktop.exchange.city_summary import treasury_shares
from zjtx_desktop.values import HeadCode, Money, format_date

CONTROL = "校验"
CODE = "账簿校验码（在“核对文书校验码”中输入或扫描）"

_WIDTHS = (7, 34, 92)
_STYLES = ("index", "text", "text")
_PAGE = 45
_CODE_HEIGHT = 68  # points, for the picture in it
_HOW = (
    f"取“{DETAIL}”表头与合计行之间的每一行，从序号到备注逐格写成 JSON 字符串数组（不留空格；"
    "数值金额写成两位小数的元；空白格写成空字符串），每行末尾加一个换行符，按 UTF-8 编码计算 SHA-256。"
)


def control_sheet(report: CityReport, detail_sha256: str) -> Sheet:
    """Everything as text: who, which policy in which version, counts, sums, and the two hashes."""
    facts = (*_identity(report), *_counts(report), *_amounts(report), *_hashes(report, detail_sha256))
    top = (
        banner(f"{report.division}“专精特新”认定奖补资金校验表", "title", _WIDTHS, 34),
        Line(("序号", "项目", "内容"), ("head",) * 3, height=24),
    )
    body = tuple(
        fitted((index, name, text), _STYLES, _WIDTHS) for index, (name, text) in enumerate(facts, start=1)
    )
    lines, picture = [*top, *body], None
    if report.code:
        at = len(top) + [name for name, _ in facts].index(CODE)
        lines[at] = replace(lines[at], height=_CODE_HEIGHT)
        picture = Picture(at, len(_WIDTHS) - 1, HeadCode.parse(report.code).scanned)
    table = range(len(top), len(lines))
    pages = 1 if len(body) < _PAGE else 0
    return Sheet(CONTROL, _WIDTHS, tuple(lines), len(top) - 1, table=table, pages=pages, picture=picture)


def _identity(report: CityReport) -> Iterator[tuple[str, str]]:
    yield from (
        ("报送地区", report.division.name),
        ("地区代码", report.division.code),
        ("填报单位", report.office),
        ("奖励年度", str(report.year)),
        ("批次", report.round_name),
        ("政策依据", report.policy),
        ("政策包编号", report.pack_id),
        ("政策包校验值（SHA-256）", report.pack_sha256),
    )
    for index, text in enumerate(report.choices_text, start=1):
        yield f"测算口径 {index}", text
    yield from (
        ("程序版本", report.app_version),
        ("制表日期", format_date(report.prepared_on)),
        ("制表人", report.prepared_by),
    )


def _counts(report: CityReport) -> Iterator[tuple[str, str]]:
    states = [row.state for row in report.awards]
    verdicts = [row.verdict for row in report.rows]
    yield "计入合计的奖励笔数", str(len(report.counted))
    for state in (one for one in STATES if one in USUAL or one in states):
        yield f"{state}的奖励笔数" + ("（不计入合计）" if state == VOIDED else ""), str(states.count(state))
    for name, count in (
        ("人工核定的奖励笔数", sum(row.is_manual for row in report.counted)),
        ("封顶核减的奖励笔数", sum(row.is_capped for row in report.counted)),
    ):
        if count:
            yield name, str(count)
    yield "不予奖励笔数", str(verdicts.count(NONE))
    yield "待定笔数", str(verdicts.count(UNDECIDED))


def _amounts(report: CityReport) -> Iterator[tuple[str, str]]:
    sums = Sums.of(report.counted)
    yield "受益财政奖励合计", _both(sums.beneficiary)
    for name, share in treasury_shares(report.counted).items():
        yield f"其中：{name}", _both(share.balance.granted)
    yield "市级财政奖励合计", _both(sums.municipal)
    yield "奖励总计", _both(sums.total)
    for figure, heading in MOVED.items():
        yield f"{heading}合计", _both(getattr(sums.balance, figure))


def _hashes(report: CityReport, detail_sha256: str) -> Iterator[tuple[str, str]]:
    yield "操作记录链末值", report.head
    if report.code:
        yield CODE, report.code
    yield f"{DETAIL}行数（含作废）", str(len(report.awards))
    yield f"{DETAIL}校验值（SHA-256）", detail_sha256
    yield f"{DETAIL}校验值算法", _HOW


def _both(amount: Money) -> str:
    return f"{amount} 元（{amount.fen} 分）"
