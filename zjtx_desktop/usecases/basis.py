"""The 测算依据 of a round: for each judgement its inputs, reasons and sums, in the words of the office."""

from collections.abc import Iterator

from sqlmodel import Session

from zjtx_desktop.documents.basis import BasisItem
from zjtx_desktop.documents.letter import LetterPart
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.states import ISSUED_STATES, MONEYLESS_STATES, AwardState
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.usecases.awards import AwardLine, award_lines
from zjtx_desktop.usecases.frozen_basis import frozen
from zjtx_desktop.values import format_date, format_shares


def basis_items(session: Session, round_id: int) -> tuple[BasisItem, ...]:
    """Every judgement of the round in the order of the award numbers."""
    titles, (pack, _) = Titles.load(), frozen(session, round_id)
    return tuple(_item(line, titles, pack) for line in award_lines(session, round_id))


def inputs_of(line: AwardLine) -> tuple[tuple[str, str], ...]:
    """What the judgement rested on, as label and text."""
    return tuple(_inputs(line))


def _inputs(line: AwardLine) -> Iterator[tuple[str, str]]:
    facts = line.facts
    yield "统一社会信用代码", facts.credit_code or "未登记"
    yield "认定类型", facts.kind.value
    yield "认定文件", facts.document_title or "未登记"
    yield "文号", facts.document_number or "未登记"
    yield "认定文件日期", format_date(facts.document_date) if facts.document_date else "未登记"
    basis = facts.document_date and Titles.load().basis(facts.title, facts.level, facts.document_date)
    yield "认定办法", str(basis) if basis else "依据待核"
    yield "名单年度", f"{facts.label_year} 年" if facts.label_year else "未登记"
    yield "有效期起", format_date(facts.valid_from) if facts.valid_from else "未登记"
    yield "有效期止", format_date(facts.valid_to) if facts.valid_to else "未登记"
    yield "受益财政", format_shares(facts.shares) if facts.shares else "未登记"
    yield "受益财政依据", facts.shares_basis or "未登记"


def _out(line: AwardLine) -> str:
    return f"（{line.state.label}）" if line.state in (*MONEYLESS_STATES, AwardState.REVOKED, AwardState.RECOVERED) else ""


def _moved(line: AwardLine) -> tuple[str, ...]:
    """What became of the money since it was granted."""
    return (line.balance.told,) if line.state in ISSUED_STATES and line.balance.has_moved else ()


def _item(line: AwardLine, titles: Titles, pack: Pack) -> BasisItem:
    return BasisItem(
        organisation=line.facts.organisation,
        award_number=line.number,
        title=titles.name(line.facts.title, line.facts.level, line.facts.title_type),
        verdict="　".join((line.verdict.label + _out(line), *line.marks, *_moved(line))),
        inputs=inputs_of(line),
        reasons=line.reasons,
        warnings=line.warnings,
        parts=tuple(LetterPart(p.payer.label, p.treasury.name, p.amount, pack.restated(p.clause)) for p in line.parts),
    )
