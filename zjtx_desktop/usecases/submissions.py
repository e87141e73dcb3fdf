"""What goes to the city: the workbook over a round, taken from the book and logged with its control figures."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, col, select

from zjtx_desktop import VERSION
from zjtx_desktop.domain.entitlement import Payer, Verdict
from zjtx_desktop.domain.ledger import Balance
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.states import AwardState, Event
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.exchange.city_plan import Sheet
from zjtx_desktop.exchange.city_report import AwardRow, CityReport, Sums, WrittenWorkbook, check_report
from zjtx_desktop.exchange.city_workbook import city_sheets, write_city_workbook
from zjtx_desktop.storage import history, tables
from zjtx_desktop.usecases import agreement
from zjtx_desktop.usecases.awards import AwardLine, award_lines, policy_of
from zjtx_desktop.usecases import dual_control, findings
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.frozen_basis import frozen
from zjtx_desktop.usecases.office import office
from zjtx_desktop.usecases.paper_codes import code_of_paper, workbook_facts
from zjtx_desktop.usecases.process import StepLine, all_steps
from zjtx_desktop.usecases.rounds import FIRST_NAME, RoundLine
from zjtx_desktop.usecases.treasuries import require_all_confirmed
from zjtx_desktop.values import ZERO, Money, safe_filename

Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """A workbook that went to the city: when (UTC), by whom, and with which figures."""

    id: int
    file_name: str
    sha256: str
    awards: int
    beneficiary: Money
    municipal: Money
    at: datetime
    by: str

    @property
    def total(self) -> Money:
        """What it asked for and reported in all."""
        return self.beneficiary + self.municipal


def city_report(session: Session, line: RoundLine, today: date, by: str) -> CityReport:
    """The report of a round as values, with the head of the book as it stands; Refused when awards, parts, ledger and letters do not agree."""
    us, (pack, choices) = office(session), frozen(session, line.id)
    agreement.require_round(session, line.id, "导出")
    lines = award_lines(session, line.id)
    require_all_confirmed(session, {one.organisation_id for one in lines if one.counts}, "不能报送")
    titles, steps, policy = Titles.load(), all_steps(session, line.id), policy_of(session, line.id)
    report = CityReport(
        division=us.division,
        office=us.name,
        year=line.year,
        round_name=line.name,
        policy=policy,
        pack_id=pack.id,
        pack_sha256=pack.sha256,
        choices_text=choices.sentences(pack, titles),
        prepared_on=today,
        prepared_by=by,
        app_version=VERSION,
        head=history.head(session.connection()),
        single_hand="；".join(dual_control.remarks(session, line.id)),
        accepted=findings.remarks(session),
        rows=tuple(_with_policy(_row(one, titles, steps.get(one.id, ())), one, pack, policy) for one in lines),
    )
    sums = Sums.of(report.counted)
    code = code_of_paper(session, workbook_facts(line.id, sums.awards, sums.beneficiary.fen, sums.municipal.fen))
    return replace(report, code=str(code or ""))


@guarded
def send(
    session: Session, line: RoundLine, out: Path, today: date, by: str, overwrite: bool = False, tick: Tick | None = None
) -> WrittenWorkbook:
    """Write the workbook for the city, read it back, and log what went out; all of it or nothing."""
    report = city_report(session, line, today, by)
    written = write_city_workbook(report, out, overwrite, tick)
    _log(session, line, written, report.head)
    return written


def write_unlogged(session: Session, line: RoundLine, out: Path, today: date, by: str, overwrite: bool = False) -> WrittenWorkbook:
    """The same workbook for looking things up, where the book cannot be written: it does not count as sent."""
    return write_city_workbook(city_report(session, line, today, by), out, overwrite)


def sheets(session: Session, line: RoundLine, today: date, by: str) -> tuple[Sheet, ...]:
    """The sheets as they would go to the city just now; Refused with the difference when they may not."""
    report = city_report(session, line, today, by)
    check_report(report)
    return city_sheets(report)[0]


def sent(session: Session, round_id: int) -> tuple[SubmissionLine, ...]:
    """Every workbook of the round that went out, the latest first."""
    s, c, a = tables.Submission, tables.Change, tables.Action
    query = (
        select(s, a.at, a.by_name)
        .outerjoin(c, (col(c.row_id) == s.id) & (col(c.table_name) == "submission"))
        .outerjoin(a, col(c.action_id) == a.id)
        .where(s.round_id == round_id)
        .order_by(col(s.id).desc())
    )
    return tuple(
        SubmissionLine(
            id=row.id,
            file_name=row.file_name,
            sha256=row.sha256,
            awards=row.awards,
            beneficiary=Money(row.beneficiary_fen),
            municipal=Money(row.municipal_fen),
            at=datetime.fromisoformat(at),
            by=by,
        )
        for row, at, by in session.exec(query).all()
    )


def file_name(session: Session, line: RoundLine) -> str:
    """What the workbook of a round is called unless a person calls it otherwise."""
    batch = "" if line.name == FIRST_NAME else line.name
    return f"{safe_filename(f'{office(session).division.name}{line.year}年度{batch}报送表')}.xlsx"


def _log(session: Session, line: RoundLine, written: WrittenWorkbook, head: str) -> None:
    """Write down which file went out with which figures; its hash tells later whether it is still that file."""
    session.add(
        tables.Submission(
            round_id=line.id,
            file_name=written.path.name,
            sha256=written.sha256,
            awards=written.awards,
            beneficiary_fen=written.beneficiary.fen,
            municipal_fen=written.municipal.fen,
            head=head,
        )
    )


def _row(line: AwardLine, titles: Titles, steps: tuple[StepLine, ...]) -> AwardRow:
    """One award; what a person took out is reported as a refusal, its reason first and without money (B18)."""
    row, out = _judged(line, titles), [step.opinion for step in steps if step.event is Event.EXCLUDE]
    if line.state is not AwardState.EXCLUDED:
        return row
    reasons = (f"登记为不予奖励：{out[-1]}" if out else "登记为不予奖励。", *row.reasons)
    return replace(
        row, verdict=Verdict.NONE.value, treasuries=(), ledger=(), beneficiary=ZERO, municipal=ZERO, total=ZERO, reasons=reasons
    )


def _with_policy(row: AwardRow, line: AwardLine, pack: Pack, policy: str) -> AwardRow:
    """The row with the documents that its award rests on, where the round rests on more."""
    own = pack.cited((part.clause for part in line.parts), line.award_year or 0) if line.parts else policy
    return row if own == policy else replace(row, flags=(*row.flags, f"政策依据：{own}"))


def _judged(line: AwardLine, titles: Titles) -> AwardRow:
    facts = line.facts
    treasuries: dict[str, Balance] = defaultdict(Balance)
    for part, balance in zip(line.parts, line.balances, strict=True):
        if part.payer is Payer.BENEFICIARY:
            treasuries[part.treasury.name] = Balance.together((treasuries[part.treasury.name], balance))
    return AwardRow(
        number=line.number,
        organisation=facts.organisation,
        credit_code=facts.credit_code,
        division=line.division,
        title=titles.name(facts.title, facts.level, facts.title_type),
        level=facts.level.value,
        kind=facts.kind.value,
        batch=line.batch,
        label_year=facts.label_year,
        document_number=facts.document_number,
        document_date=facts.document_date,
        award_year=line.award_year,
        verdict=line.verdict.value,
        state=line.state.label,
        treasuries=tuple((name, balance.granted) for name, balance in treasuries.items()),
        ledger=(*treasuries.values(), line.balance_of(Payer.MUNICIPAL)) if line.parts else (),
        beneficiary=line.paid_by(Payer.BENEFICIARY),
        municipal=line.paid_by(Payer.MUNICIPAL),
        total=line.total,
        letter_number=line.letter,
        payee=line.payee.name,
        reasons=line.reasons,
        warnings=line.warnings,
        flags=(*((f"作废：{line.void_reason}",) if line.void_reason else ()), *line.marks),
        is_manual=line.by_policy is not None,
        is_capped=line.uncapped is not None,
    )
