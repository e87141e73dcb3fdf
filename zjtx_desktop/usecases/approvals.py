"""The 审批表 of a round on paper: every award with its sums and who examined, reviewed and approved it, and when."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from sqlmodel import Session

from zjtx_desktop.documents.cells import Align
from zjtx_desktop.documents.tables import SIZE, ListColumn, PrintedList, write_list
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.states import ISSUED_STATES, AwardState, Event
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.exchange.atomic import write_atomically
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import agreement, balance_columns
from zjtx_desktop.usecases.awards import AwardLine, award_lines, balance_of, policy_of, totals
from zjtx_desktop.usecases import dual_control, findings
from zjtx_desktop.usecases.duties import is_staffed
from zjtx_desktop.usecases.office import office
from zjtx_desktop.usecases.paper_codes import printed_code
from zjtx_desktop.usecases.process import StepLine, all_steps
from zjtx_desktop.values import format_date

COLUMNS = (
    ListColumn("序号", 0.8, Align.CENTRE),
    ListColumn("企业", 3.4),
    ListColumn("认定称号", 3.0),
    ListColumn("受益财政（元）", 1.9, Align.END),
    ListColumn("市级财政（元）", 1.9, Align.END),
    ListColumn("现状", 1.5, Align.CENTRE),
    ListColumn("办理经过", 7.5),
)
_ISSUED_COLUMNS = (  # once letters are out, with what became of the money
    ListColumn("序号", 0.9, Align.CENTRE),
    ListColumn("企业", 3.0),
    ListColumn("认定称号", 2.4),
    *map(balance_columns.money_column, ("受益财政（元）", "市级财政（元）")),
    *balance_columns.COLUMNS,
    ListColumn("现状", 1.4, Align.CENTRE),
    ListColumn("办理经过", 5.0),
)
_SHOWN = (
    Event.EXAMINE,
    Event.REVIEW,
    Event.PUBLISH,
    Event.WAIVE,
    Event.CLEAR,
    Event.APPROVE,
    Event.ISSUE,
    Event.REDIRECT,
    Event.SEND_BACK,
    Event.PAYEE_CHANGED,
    Event.EXCLUDE,
    Event.READMIT,
    Event.VOID,
    Event.REVOKE,
    Event.RECOVER,
)


def write_approvals(session: Session, round_id: int, path: Path, today: date, overwrite: bool = False) -> int:
    """Write the 审批表 of a round as PDF, whole or not at all; how many awards it lists."""
    agreement.require_round(session, round_id, "生成审批表")
    lines, steps = award_lines(session, round_id), all_steps(session, round_id)
    row = session.get_one(tables.Round, round_id)
    sums, moved = totals(lines), any(line.state in ISSUED_STATES for line in lines)
    left = balance_columns.cells(balance_of(lines)) if moved else ()
    printed = PrintedList(
        title=f"{row.year}年度{row.name}认定奖励资金审批表",
        columns=_ISSUED_COLUMNS if moved else COLUMNS,
        prepared_on=today,
        office=office(session).name,
        unit="元",
        total=("合计", f"{sums.awards} 笔", "", str(sums.beneficiary), str(sums.municipal), *left, "", ""),
        signers=("经办人", "复核人", "审批人", "负责人"),
        notes=(f"政策依据：{policy_of(session, round_id)}。", *_notes(session, round_id)),
        code=printed_code(session),
        size=balance_columns.SIZE if moved else SIZE,
    )
    rows = [_row(place, line, steps.get(line.id, ()), moved) for place, line in enumerate(lines, start=1)]

    def fill(part: Path) -> None:
        with part.open("wb") as file:
            write_list(printed, rows, file)

    write_atomically(path, fill, overwrite)
    return len(lines)


def _row(place: int, line: AwardLine, steps: Sequence[StepLine], moved: bool) -> tuple[str, ...]:
    """One award; `moved` with what became of its money."""
    left = balance_columns.cells(line.balance) if moved else ()
    granted = (*(str(line.paid_by(payer)) for payer in Payer), *left)
    counted = granted if line.counts else ("—",) * len(granted)
    state = line.state.label if line.state is not AwardState.DRAFT else f"草稿（{line.verdict.label}）"
    title = Titles.load().name(line.facts.title, line.facts.level, line.facts.title_type)
    return (str(place), line.facts.organisation, title, *counted, state, "；".join((*line.marks, *_told(steps))))


def _told(steps: Sequence[StepLine]) -> Iterator[str]:
    for step in steps:
        if step.event in _SHOWN:
            said = "，".join(part for part in (step.opinion, step.document) if part)
            yield f"{format_date(step.on)}{step.person}{step.event.label}" + (f"（{said}）" if said else "")


def _notes(session: Session, round_id: int) -> Iterator[str]:
    """What a reader of the sums must know about how they were approved."""
    if not is_staffed(session):
        yield "本账簿没有登记人员和岗位，以上各步由同一操作人办理。"
    yield from dual_control.remarks(session, round_id)
    yield from findings.remarks(session)
