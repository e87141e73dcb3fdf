"""The headless commands about amounts by hand, corrections, carrying over and closing a year."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session

from zjtx_desktop.headless import Answer, Ask, payer_of, signed_in
from zjtx_desktop.usecases import carrying_over, corrections, manual_amounts, year_end, year_end_list
from zjtx_desktop.usecases.attachments import read_scan
from zjtx_desktop.usecases.duties import perform
from zjtx_desktop.usecases.manual_amounts import ManualForm
from zjtx_desktop.values import Division, Money, parse_year

PAYER_HELP = "一个财政出两部分时（如上饶市本级）写明是哪一部分：beneficiary（受益财政）或 municipal（市级财政）"
Add = Callable[[str, str, Callable[[argparse.Namespace], Answer]], argparse.ArgumentParser]


def add_commands(add: Add, ask: Ask) -> None:
    """Put the commands among the others; `ask` gets a password where the book has persons."""
    command = add("set-amount", "人工核定一笔草稿的金额", lambda o: set_amount(o, ask))
    command.add_argument("--award", required=True, metavar="NUMBER", help="奖补编号")
    command.add_argument("--treasury", required=True, metavar="NAME", help="承担的财政，市级财政写 上饶市本级")
    command.add_argument("--payer", default="", metavar="PAYER", help=PAYER_HELP)
    command.add_argument("--amount", required=True, metavar="YUAN", help="核定金额，如 120000 或 12万")
    command.add_argument("--reason", required=True, metavar="TEXT")
    command.add_argument("--document", required=True, metavar="TEXT", help="批准文件的文号或会议纪要")
    command.add_argument("--scan", required=True, type=Path, metavar="FILE", help="依据的扫描件（PDF、JPG、PNG）")
    command = add("redo", "作废一笔已下达的奖补并更正重办", lambda o: redo(o, ask))
    command.add_argument("--award", required=True, metavar="NUMBER", help="奖补编号")
    command.add_argument("--reason", required=True, metavar="TEXT")
    command = add("year-end", "列出一个年度没有办结的事项", lambda o: list_unfinished(o, ask))
    command.add_argument("--year", required=True)
    command.add_argument("--out", type=Path, metavar="FILE.pdf", help="清单存为 PDF")
    command = add("carry-over", "把一个年度没有付清的奖补结转到下一年度", lambda o: carry_over(o, ask))
    command.add_argument("--year", required=True)
    command = add("close-year", "一个年度结账，结账以后只能查看", lambda o: close_year(o, ask))
    command.add_argument("--year", required=True)
    command.add_argument("--note", default="", metavar="TEXT")


def set_amount(o: argparse.Namespace, ask: Ask) -> Answer:
    """Set one treasury's part of a draft by hand, with reason, document and scan."""
    treasury, scan = Division.parse(o.treasury), read_scan(o.scan)
    payer = payer_of(treasury, o.payer)
    form = ManualForm(payer, treasury, Money.parse(o.amount), o.reason, o.document)
    title = f"人工核定奖补 {o.award}"
    total = _do(o, ask, title, lambda session: manual_amounts.set_amount(session, o.award, form, scan))
    said = f"奖补 {o.award} {treasury}（{payer.label}）核定为 {form.amount} 元，合计 {total} 元。"
    return Answer((said,), {"award": o.award, "fen": form.amount.fen, "total_fen": total.fen})


def redo(o: argparse.Namespace, ask: Ask) -> Answer:
    """Void an issued award and begin it anew as a draft that names it; a second time it is the same draft."""
    made = _do(o, ask, f"更正重办 {o.award}", lambda session: corrections.redo(session, o.award, o.reason))
    said = f"{made.replaces} 已作废，由新的草稿 {made.number} 替代（{made.verdict.label}）。"
    return Answer((said,), {"award": made.number, "replaces": made.replaces, "verdict": made.verdict.value})


def list_unfinished(o: argparse.Namespace, ask: Ask) -> Answer:
    """Name what of a year is left; with `--out` as PDF, too."""
    year = parse_year(o.year)
    with signed_in(o.book, o.by, ask) as (book, _me), book.reading() as session:
        seen = year_end.year_end(session, year)
        if o.out:
            year_end_list.write_year_end(session, year, o.out, date.today())
    lines = [
        f"{one.kind.label} {one.award_number} {one.organisation} {one.treasury} {one.amount} 元" for one in seen.lines
    ]
    lines += [f"{kind.label} {count} 笔 {money} 元" for kind, count, money in seen.sums()]
    state = f"{seen.closing.sentence}。" if seen.closing else "可以结账。" if seen.can_be_closed else "还不能结账。"
    data = {
        "year": year,
        "closed_by": seen.closing and seen.closing.closed_by,
        "unfinished": [
            {"kind": one.kind.value, "award": one.award_number, "treasury": one.treasury, "fen": one.amount.fen}
            for one in seen.lines
        ],
    }
    return Answer((*lines, f"{year} 年度：{state}"), data)


def carry_over(o: argparse.Namespace, ask: Ask) -> Answer:
    """Carry what is unpaid over into rounds of the next year."""
    year, today = parse_year(o.year), date.today()
    done = _do(o, ask, f"结转 {year} 年度", lambda session: carrying_over.carry_over(session, year, today))
    lines = tuple(f"{one.year} 年度“{one.name}”：{one.awards} 笔，未付 {one.amount} 元。" for one in done)
    rounds = [{"year": one.year, "name": one.name, "awards": one.awards, "fen": one.amount.fen} for one in done]
    return Answer(lines, {"rounds": rounds})


def close_year(o: argparse.Namespace, ask: Ask) -> Answer:
    """Close a year of which nothing is left."""
    year, today = parse_year(o.year), date.today()
    line = _do(o, ask, f"{year} 年度结账", lambda session: year_end.close_year(session, year, today, o.note))
    return Answer((f"{line.sentence}。",), {"year": year, "closed_by": line.closed_by, "on": str(line.closed_on)})


def _do(o: argparse.Namespace, ask: Ask, title: str, deed: Callable[[Session], Any]) -> Any:
    """Do it as one action of whoever has signed in."""
    with signed_in(o.book, o.by, ask) as (book, me):
        return perform(book, title, me, deed)
