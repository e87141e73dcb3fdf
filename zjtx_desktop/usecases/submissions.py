"""What goes to the city: the workbook over a round, taken from the book and logged with its control figures."""

from collections import defaultdict
from datetime import date

from sqlmodel import Session

from zjtx_desktop import VERSION
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.city_report import AwardRow, CityReport, WrittenWorkbook
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.awards import AwardLine, award_lines, totals
from zjtx_desktop.usecases.letters import register
from zjtx_desktop.usecases.office import office
from zjtx_desktop.usecases.rounds import RoundLine, frozen
from zjtx_desktop.values import Money


def city_report(session: Session, line: RoundLine, head: str, today: date, by: str) -> CityReport:
    """The report of a round as values; Refused when awards, parts and letters do not add up to the same fen."""
    us, (pack, choices) = office(session), frozen(session, line.id)
    lines = award_lines(session, line.id)
    _letters_agree(session, line, lines)
    titles = Titles.load()
    return CityReport(
        division=us.division,
        office=us.name,
        year=line.year,
        round_name=line.name,
        policy_title=pack.title,
        policy_number=pack.number,
        policy_clause=pack.clauses[0].id,
        pack_id=pack.id,
        pack_sha256=pack.sha256,
        choices_text=choices.sentences(pack, titles),
        prepared_on=today,
        prepared_by=by,
        app_version=VERSION,
        head=head,
        rows=tuple(_row(award, titles) for award in lines),
    )


def log_submission(session: Session, line: RoundLine, written: WrittenWorkbook, head: str) -> None:
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


def _letters_agree(session: Session, line: RoundLine, lines: tuple[AwardLine, ...]) -> None:
    """Σ issued awards = Σ letters that are not voided; else nothing may go out."""
    totals(lines)
    awarded = Money.total(award.total for award in lines if award.counts and award.letter)
    lettered = Money.total(letter.total for letter in register(session, line.id) if not letter.voided)
    if awarded != lettered:
        raise Refused(f"已下达奖补合计 {awarded} 元，拨付通知合计 {lettered} 元，两者不等，没有导出。请运行检查。")


def _row(line: AwardLine, titles: Titles) -> AwardRow:
    facts = line.facts
    treasuries: dict[str, Money] = defaultdict(lambda: Money(0))
    for part in line.parts:
        if part.payer is Payer.BENEFICIARY:
            treasuries[part.treasury.name] += part.amount
    return AwardRow(
        number=line.number,
        organisation=facts.organisation,
        credit_code=facts.credit_code,
        division=line.division,
        title=titles.name(facts.title, facts.level),
        level=facts.level.value,
        kind=facts.kind.value,
        batch=line.batch,
        label_year=facts.label_year,
        document_number=facts.document_number,
        document_date=facts.document_date,
        award_year=line.award_year,
        verdict=line.verdict.value,
        state=line.state.label,
        treasuries=tuple(treasuries.items()),
        beneficiary=line.paid_by(Payer.BENEFICIARY),
        municipal=line.paid_by(Payer.MUNICIPAL),
        total=line.total,
        letter_number=line.letter,
        payee=line.payee,
        reasons=line.reasons,
        warnings=line.warnings,
        flags=(f"作废：{line.void_reason}",) if line.void_reason else (),
    )
