"""What each headless command does: opens the book, calls the use cases, and says what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from zjtx_desktop.domain.choices import CountyAmount
from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import awards, letters, office, printouts, rounds, submissions
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.imports import Outcome, Plan, Status
from zjtx_desktop.usecases.list_file import ListDefaults, read_list, save_bad_rows
from zjtx_desktop.values import Division


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: lines for a person, one object for a program, remarks for stderr."""

    lines: tuple[str, ...]
    data: dict[str, Any]
    warnings: tuple[str, ...] = ()
    failed: bool = False


def new_book(path: Path, division: str, name: str, by: str) -> Answer:
    """Make an empty book for an office."""
    where = Division.parse(division)
    with Book.create(path) as book, book.action("新建账簿", by) as session:
        us = office.set_up(session, where, name)
    said = f"已新建账簿：{path}（{us.division.name}，{us.name}，文号“{us.prefix}〔年〕序号”）"
    return Answer((said,), {"book": str(path), "division": us.division.code, "office": us.name})


def import_list(
    path: Path, source: Path, defaults: ListDefaults, today: date, by: str, dry_run: bool = False, bad_rows: Path | None = None
) -> Answer:
    """Read a list, compare it with the book, and take over every good row in one action."""
    with Book(path) as book:
        file = read_list(source)
        parsed = file.parse(defaults, today)
        if dry_run:
            with book.reading() as session:
                plan, written = Plan(session, parsed), 0
        else:
            with book.action(f"导入名单“{source.name}”", by) as session:
                plan = Plan(session, parsed)
                written = plan.take_over(session, file.name, file.sha256)
    bad = save_bad_rows(bad_rows, parsed.header, plan.outcomes) if bad_rows else 0
    counted = "，".join(f"{status.label} {plan.count(status)}" for status in Status if status is not Status.SKIPPED)
    lines = [f"共 {len(plan.outcomes)} 行：{counted}；写入 {written} 行。", *parsed.notes]
    lines += [_row_text(outcome) for outcome in plan.outcomes if outcome.messages]
    if bad:
        lines.append(f"有误的 {bad} 行已存到：{bad_rows}")
    rows = [_row_data(outcome) for outcome in plan.outcomes]
    return Answer(tuple(lines), {"rows": rows, "written": written, "notes": list(parsed.notes)})


def compute_year(
    path: Path, year: int, switches: dict[str, str], amounts: Sequence[CountyAmount], every_division: bool, by: str
) -> Answer:
    """Lock and judge the recognitions of a year; a second time changes nothing.

    `switches` and `amounts` go on top of what the year was computed with before, or of the policy's defaults.
    """
    with Book(path) as book:
        with book.action(f"测算 {year} 年度奖补", by) as session:
            pack, choices = rounds.basis_for(session, year)
            done = rounds.prepare(session, year, pack, choices.changed(pack, switches, amounts), every_division)
            lines = awards.award_lines(session, done.round.id)
        sums = awards.totals(lines)
    titles = Titles.load()
    data = {
        "year": year,
        "round": done.round.name,
        "awards": [_award_data(line, titles) for line in lines],
        "totals": {
            "beneficiary_fen": sums.beneficiary.fen,
            "municipal_fen": sums.municipal.fen,
            "awards": sums.awards,
        },
        "added": done.added,
        "changed": done.changed,
    }
    said = [f"{line.number} {line.verdict.label} {_money_text(line)} {line.facts.organisation}（{titles.name(line.facts.title, line.facts.level)}）" for line in lines]
    said.append(f"{year} 年度：奖励 {sums.awards} 笔，受益财政 {sums.beneficiary} 元，市级财政 {sums.municipal} 元。")
    return Answer(tuple(said), data, done.warnings)


def decide_award(path: Path, number: str, award: bool, reason: str, by: str) -> Answer:
    """Settle an award that waits for a decision."""
    with Book(path) as book, book.action(f"裁定奖补 {number}", by) as session:
        awards.decide(session, number, award, reason, by)
    return Answer((f"奖补 {number} 已按决定重新测算。",), {"award": number, "decided": "award" if award else "none"})


def void_award(path: Path, number: str, reason: str, by: str) -> Answer:
    """Void an issued award; its letter stays in the register as 作废."""
    with Book(path) as book, book.action(f"作废奖补 {number}", by) as session:
        awards.void(session, number, reason)
    return Answer((f"奖补 {number} 已作废，文号保留在登记簿中。",), {"award": number, "voided": True})


def write_letters_to(path: Path, year: int, out: Path, issue: bool, today: date, by: str) -> Answer:
    """Write the letters of a year: one PDF, or one file each into a folder. Issued ones are the stored bytes."""
    single = out.suffix.lower() == ".pdf"
    if single and out.exists():
        raise Refused(f"“{out}”已经存在，没有覆盖它。请换一个文件名。")
    with Book(path) as book:
        with book.reading() as session:
            line = rounds.find_round(session, year)
            waiting = letters.ready(session, line.id)
        issued = 0
        if issue and waiting:
            with book.action(f"下达 {year} 年度奖补拨付通知", by) as session:
                issued = len(letters.issue(session, line.id, today))
        with book.action(f"打印 {year} 年度奖补拨付通知", by) as session:
            living = [known.id for known in letters.register(session, line.id) if not known.voided]
            drafts = letters.drafts(session, line.id)
            if not living and not drafts:
                raise Refused(f"{year} 年度没有可以出文的奖补：都是待定或不予奖励。请先处理待定事项。")
            prints = printouts.of_letters(session, living, drafts)
            written = [printouts.write_one(out, prints)] if single else printouts.write_each(out, prints)
        with book.reading() as session:
            listed = letters.register(session, line.id)
    said = [f"{known.number} {known.addressee} {known.total} 元" for known in listed if not known.voided]
    said.append(f"本次下达 {issued} 份，已下达共 {len(living)} 份，草稿 {len(drafts)} 份，写入：{out}")
    data = {
        "issued": issued,
        "drafts": len(drafts),
        "letters": [{"number": k.number, "award": k.award_number, "organisation": k.addressee, "fen": k.total.fen} for k in listed],
        "files": [str(one) for one in written],
    }
    return Answer(tuple(said), data)


def write_basis_file(path: Path, year: int, out: Path, today: date) -> Answer:
    """Write the 测算依据 of a year: every judgement with its inputs, clauses and sums."""
    with Book(path) as book, book.reading() as session:
        count = printouts.write_basis_of(session, rounds.find_round(session, year).id, out, today)
    return Answer((f"已写入测算依据 {count} 笔：{out}",), {"file": str(out), "awards": count})


def export_workbook(path: Path, year: int, out: Path, today: date, by: str, overwrite: bool = False) -> Answer:
    """Write the workbook for the city, read it back, and log what went out."""
    with Book(path) as book, book.action(f"导出 {year} 年度报送表", by) as session:
        written = submissions.send(session, rounds.find_round(session, year), out, today, by, overwrite)
    said = (
        f"已写入并核对：{written.path}",
        f"奖励 {written.awards} 笔，受益财政 {written.beneficiary} 元，市级财政 {written.municipal} 元，合计 {written.total} 元。",
    )
    data = {
        "file": str(written.path),
        "sha256": written.sha256,
        "awards": written.awards,
        "beneficiary_fen": written.beneficiary.fen,
        "municipal_fen": written.municipal.fen,
        "total_fen": written.total.fen,
    }
    return Answer(said, data)


def check_book(path: Path) -> Answer:
    """Check file, history, money and documents of a book."""
    with Book(path) as book:
        problems = check(book)
    said = tuple(problems) or ("账簿完好：文件结构、历史校验链、金额和文书都一致。",)
    return Answer(said, {"sound": not problems, "problems": problems}, failed=bool(problems))


def _row_text(outcome: Outcome) -> str:
    return f"第 {outcome.row} 行 {outcome.status.label} {outcome.name}：{''.join(outcome.messages)}"


def _row_data(outcome: Outcome) -> dict[str, Any]:
    return {"row": outcome.row, "status": outcome.status.value, "name": outcome.name, "messages": list(outcome.messages)}


def _money_text(line: awards.AwardLine) -> str:
    return f"{line.total} 元" if line.verdict is Verdict.AWARD else "—"


def _award_data(line: awards.AwardLine, titles: Titles) -> dict[str, Any]:
    return {
        "number": line.number,
        "organisation": line.facts.organisation,
        "credit_code": line.facts.credit_code,
        "title": titles.name(line.facts.title, line.facts.level),
        "level": line.facts.level.value,
        "kind": line.facts.kind.value,
        "document_number": line.facts.document_number,
        "award_year": line.award_year,
        "verdict": line.verdict.value,
        "state": line.state.value,
        "parts": [
            {"payer": p.payer.value, "treasury": p.treasury.code, "treasury_name": p.treasury.name, "fen": p.amount.fen, "clause": p.clause}
            for p in line.parts
        ],
        "reasons": list(line.reasons),
        "warnings": list(line.warnings),
        "questions": list(line.questions),
    }
