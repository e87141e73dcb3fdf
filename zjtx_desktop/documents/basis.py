"""测算依据: for each award the facts, the clauses and the sentences that led to its amount."""

from collections.abc import Callable, Iterable, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from zjtx_desktop.documents.cells import Align, set_row
from zjtx_desktop.documents.flow import Block, Flow, centred, paragraph, portrait, space, spread
from zjtx_desktop.documents.fonts import FANG, HEI, KAI, TITLE, require
from zjtx_desktop.documents.grid import MM, Column
from zjtx_desktop.documents.letter import LetterPart
from zjtx_desktop.documents.tables import LEADING, SIZE, column_edges, row_block
from zjtx_desktop.errors import Refused
from zjtx_desktop.values import Money, format_date, uppercase

Tick = Callable[[int, int | None], None]
PAPER = portrait(25 * MM, 25 * MM, 25 * MM)
_TITLE = "认定奖励资金测算依据"
_TITLE_SIZE, _TITLE_LEADING = 21.0, 34.0
_TEXT, _TEXT_LEADING, _HANG = 12.0, 19.0, 13.3  # _HANG: “1. ” in 仿宋
_NAME_SIZE, _NAME_LEADING = 14.0, 24.0
_BETWEEN, _OVER_HEADING = 16.0, 5.0
_PART_COLUMNS = ("资金来源", "承担财政", "金额（元）", "政策依据")
_PART_SHARES, _INPUT_SHARES = (18, 28, 22, 32), (21, 29, 21, 29)
_PART_ALIGN = (Align.CENTRE, Align.CENTRE, Align.END, Align.CENTRE)
_INPUT_ALIGN = (Align.CENTRE, Align.START, Align.CENTRE, Align.START)
_SIGNERS = ("测算人：", "复核人：", "日期：")


@dataclass(frozen=True, slots=True)
class BasisItem:
    """One award as it was judged: the facts it rests on, in order, and every reason as a sentence."""

    organisation: str
    award_number: str
    title: str
    verdict: str
    inputs: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    parts: tuple[LetterPart, ...]

    @property
    def total(self) -> Money:
        """The whole award, zero when none is due."""
        return Money.total(part.amount for part in self.parts)


def write_basis(
    items: Iterable[BasisItem],
    out: BinaryIO,
    *,
    policy: str,
    prepared_on: date,
    code: str = "",
    tick: Tick | None = None,
) -> int:
    """Write one section an award, unbroken where a page can hold it; how many pages there are."""
    flow = Flow(PAPER)
    flow.add(
        *centred(_TITLE, PAPER.width / 2, TITLE, _TITLE_SIZE, PAPER.measure, _TITLE_LEADING),
        *_text(f"政策依据：{policy}", FANG),
        *_text(f"制表日期：{format_date(prepared_on)}", FANG),
    )
    total = len(items) if isinstance(items, Sized) else None
    done = 0
    for done, item in enumerate(items, start=1):
        _check_glyphs(item)
        flow.add(*_section(done, item))
        flow.bookmark(f"{item.award_number} {item.organisation}")
        if tick:
            tick(done, total)
    if not done:
        raise Refused("没有可以打印的测算结果。请先完成测算，再打印测算依据。")
    flow.add(
        space(_BETWEEN),
        spread([each + "　" * 7 for each in _SIGNERS], PAPER.left, PAPER.measure, _TEXT, 20.0),
    )
    return flow.write(out, _TITLE, code)


def _section(number: int, item: BasisItem) -> list[Block]:
    name = Column(HEI, _NAME_SIZE, _NAME_SIZE, PAPER.measure, 0.0, justify=False)
    blocks = [
        space(_BETWEEN),
        *paragraph(f"{number}. {item.organisation}", PAPER.left, name, _NAME_LEADING),
        *_text(f"奖补编号：{item.award_number}　认定称号：{item.title}", FANG),
        *_text(f"结论：{item.verdict}{f'　{item.total}元' if item.parts else ''}", FANG),
    ]
    groups = (
        ("测算所依据的事实", _inputs(item.inputs)),
        ("测算过程和理由", _sentences(item.reasons)),
        ("金额和承担财政", _parts(item) if item.parts else []),
        ("提请注意", _sentences(item.warnings)),
    )
    present = [(title, inner) for title, inner in groups if inner]
    for ordinal, (title, inner) in zip("一二三四", present, strict=False):
        blocks += [space(_OVER_HEADING), *_text(f"{ordinal}、{title}", KAI), *inner]
    return blocks


def _text(text: str, face: str) -> list[Block]:
    column = Column(face, _TEXT, _TEXT, PAPER.measure, 0.0, justify=False)
    return paragraph(text, PAPER.left, column, _TEXT_LEADING)


def _sentences(sentences: Sequence[str]) -> list[Block]:
    """The sentences numbered, their later lines under their first word."""
    column = Column(FANG, _TEXT, _TEXT, PAPER.measure, 0.0, _HANG, justify=False)
    return [
        block
        for place, sentence in enumerate(sentences, start=1)
        for block in paragraph(f"{place}. {sentence}", PAPER.left, column, _TEXT_LEADING)
    ]


def _inputs(inputs: Sequence[tuple[str, str]]) -> list[Block]:
    """The facts, two pairs a row; an odd one out has the last row to itself."""
    edges = column_edges(_INPUT_SHARES, PAPER)
    even = len(inputs) // 2 * 2
    rows = [(*left, *right) for left, right in zip(inputs[:even:2], inputs[1:even:2], strict=True)]
    blocks = [row_block(set_row(row, edges, _INPUT_ALIGN, SIZE, LEADING)) for row in rows]
    for pair in inputs[even:]:
        blocks.append(row_block(set_row(pair, (*edges[:2], edges[-1]), _INPUT_ALIGN[:2], SIZE, LEADING)))
    return blocks


def _parts(item: BasisItem) -> list[Block]:
    """Who bears what, and under it the sum in figures and in words."""
    edges = column_edges(_PART_SHARES, PAPER)
    rows = [(part.payer, part.treasury, str(part.amount), part.clause) for part in item.parts]
    words = f"合计（大写：{uppercase(item.total)}）"
    merged = (edges[0], *edges[2:])
    return [
        row_block(set_row(_PART_COLUMNS, edges, (Align.CENTRE,) * 4, SIZE, LEADING, HEI)),
        *(row_block(set_row(row, edges, _PART_ALIGN, SIZE, LEADING)) for row in rows),
        row_block(
            set_row((words, str(item.total), ""), merged, (Align.START, *_PART_ALIGN[2:]), SIZE, LEADING)
        ),
    ]


def _check_glyphs(item: BasisItem) -> None:
    require(item.organisation, "企业名称")
    require(item.organisation, "企业名称", HEI)
    where = f"“{item.organisation}”的"
    require(item.award_number + item.title + item.verdict, f"{where}奖补编号或认定称号")
    for label, value in item.inputs:
        require(label + value, f"{where}{label}")
    for sentence in (*item.reasons, *item.warnings):
        require(sentence, f"{where}测算理由")
    for part in item.parts:
        require(part.payer + part.treasury + part.clause, f"{where}承担财政")
