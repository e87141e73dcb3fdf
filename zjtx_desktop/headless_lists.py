"""The headless commands that put a list beside the book and take over past awards, and what commands over lists are told
of the whole file.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from zjtx_desktop.domain.titles import Titles, parse_kind, parse_level
from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.lists import Answers, ListDefaults
from zjtx_desktop.headless import Answer, Ask, cannot_ask, signed_in
from zjtx_desktop.usecases import past_import
from zjtx_desktop.usecases.comparing import Compared, Finding, compare, save_comparison
from zjtx_desktop.usecases.duties import perform
from zjtx_desktop.usecases.list_file import read_list, read_sheets, save_bad_rows
from zjtx_desktop.usecases.outcomes import Status
from zjtx_desktop.usecases.past_import import UNITS, PastGiven
from zjtx_desktop.values import MOST_NAME, Division, DocumentNumber, free_text, parse_date, parse_year

Add = Callable[[str, str, Callable[[argparse.Namespace], Answer]], argparse.ArgumentParser]
LISTS = "名单：.xlsx、.xlsm、.xls、.docx、.pdf、.csv 或 .txt"
_VALUES = (
    ("title", "T", "称号"),
    ("level", "L", "级别：省级或国家级"),
    ("type", "KIND", "认定类型：新认定、复核、再次认定"),
    ("document", "NAME", "认定文件名称"),
    ("number", "NO", "文号"),
    ("date", "D", "认定日期"),
    ("batch", "B", "批次"),
    ("label-year", "Y", "名单年度"),
    ("division", "CODE", "所属地区"),
)


def add_commands(add: Add, ask: Ask) -> None:
    """Put the command among the others; `ask` gets a password where the book has persons."""
    command = add("compare", "名单与账簿对照：名单上有而账簿没有的、账簿有而名单上没有的、两边不同的；不写入", lambda o: _compare(o, ask))
    add_values(command)
    command.add_argument("--year", dest="label_year", metavar="Y", help="同 --label-year")
    command.add_argument("--as-given", action="store_true", help="标题与命令所写的不一致时，以命令为准")
    add_sheets(command, "对照")
    command.add_argument("--out", type=Path, metavar="OUT.xlsx", help="把对照结果写成工作簿")
    command = add("past-awards", "导入以前发放的奖励（历史），不经审批，计入重复和封顶的判断", lambda o: _past(o, ask))
    command.add_argument("list", type=Path, metavar="LIST", help="历史奖励的表：企业名称、称号、级别、两级财政的金额，年度、依据可以写在命令里")
    command.add_argument("--year", metavar="Y", help="表中没有写明时采用的奖励年度")
    command.add_argument("--unit", choices=UNITS, help="表头没有注明时采用的金额单位")
    command.add_argument("--basis", metavar="TEXT", help="表中没有写明时采用的依据：文件或凭证")
    command.add_argument("--as-given", action="store_true", help="名单与命令所写的年度、金额单位不一致时，以命令为准")
    command.add_argument("--dry-run", action="store_true", help="只预览，不写入")
    command.add_argument("--bad-rows", type=Path, metavar="OUT.xlsx", help="把有误的行另存，改正后再导入")


def add_values(command: argparse.ArgumentParser) -> None:
    """The list, and what holds for all of its rows that do not say it themselves; `given_values` reads it."""
    command.add_argument("list", type=Path, metavar="LIST", help=LISTS)
    for name, metavar, what in _VALUES:
        command.add_argument(f"--{name}", metavar=metavar, help=f"名单中没有时采用的{what}")


def add_sheets(command: argparse.ArgumentParser, verb: str) -> None:
    """Which sheets of the file; `chosen_sheets` reads it."""
    command.add_argument("--all-sheets", action="store_true", help=f"{verb}有名单的每一张工作表，隐藏的除外")
    command.add_argument("--sheet", action="append", default=[], metavar="NAME", help=f"只{verb}这张工作表，可以写多次")


def chosen_sheets(options: argparse.Namespace) -> Sequence[str] | None:
    """The sheets named, none of them for all, None for the first with a list."""
    return options.sheet or (() if options.all_sheets else None)


def given_values(options: argparse.Namespace) -> ListDefaults:
    """What a command says of the whole file, read; BadValue says what cannot be."""
    level = options.level and parse_level(options.level)
    day = options.date and parse_date(options.date)
    title = None
    if options.title:
        found, level = Titles.load().resolve(options.title, level or None, day or None)
        title = found.id
    return ListDefaults(
        title=title,
        level=level or None,
        kind=parse_kind(options.type) if options.type else None,
        document_title=options.document and free_text(options.document, "认定文件名称（--document）"),
        document_number=DocumentNumber.parse(options.number) if options.number else None,
        document_date=day or None,
        batch=options.batch and free_text(options.batch, "批次（--batch）", MOST_NAME),
        label_year=options.label_year and parse_year(options.label_year),
        division=options.division and Division.parse(options.division),
    )


def compare_list(
    path: Path,
    source: Path,
    defaults: ListDefaults,
    today: date,
    by: str,
    as_given: bool = False,
    sheets: Sequence[str] | None = None,
    out: Path | None = None,
    ask: Ask = cannot_ask,
) -> Answer:
    """Read a list and put it beside the book, both ways; nothing is written but the workbook `out`.

    What neither a row nor the command says is taken from the headlines. A place given for the whole list leaves out
    what the book has of other counties.
    """
    if out and out.exists():
        raise Refused(f"“{out}”已经存在，没有覆盖它。请换一个文件名。")
    with signed_in(path, by, ask) as (book, _):
        file = read_list(source) if sheets is None else read_sheets(source, sheets)
        parsed = file.parse(defaults, today, answers=Answers(True, None if as_given else frozenset()))
        with book.reading() as session:
            found = compare(session, parsed, defaults.division)
    notes = [*found.notes, *parsed.notes]
    if parsed.questions:
        notes.append("标题与命令所写的不一致，有关的行没有对照。以命令为准的，请加 --as-given；以标题为准的，请去掉有关的选项。")
    counted = "，".join(f"{one.label} {found.count(one)}" for one in Finding)
    lines = [f"{counted}。", *notes, *(_row_text(one) for one in found.rows if one.finding not in (Finding.ALIKE, Finding.NOT_OURS))]
    if out:
        save_comparison(out, found, source.name, today)
        lines.append(f"对照结果已写入：{out}")
    data: dict[str, Any] = {"counts": {one.value: found.count(one) for one in Finding}, "notes": notes}
    return Answer(tuple(lines), data | {"rows": [_row_data(one) for one in found.rows]} | ({"file": str(out)} if out else {}))


def import_past(
    path: Path,
    source: Path,
    given: PastGiven,
    by: str,
    dry_run: bool = False,
    bad_rows: Path | None = None,
    ask: Ask = cannot_ask,
) -> Answer:
    """Read a list of past awards and take over every good row in one action; `given` holds for rows that do not say it."""
    with signed_in(path, by, ask) as (book, me):
        file = past_import.read_past(source)
        if given != PastGiven():
            file = file.taking(given)
        with book.reading() as session:
            plan = past_import.plan(session, file)
        written = 0
        if plan.taken and not dry_run:
            written = perform(book, f"导入历史奖励“{source.name}”", me, lambda session: past_import.take_over(session, file))
    bad = save_bad_rows(bad_rows, file.parsed.header, plan.outcomes) if bad_rows else 0
    counted = "，".join(f"{status.label} {plan.count(status)}" for status in Status if plan.count(status))
    lines = [f"共 {len(plan.outcomes)} 行：{counted}；写入 {written} 行。", *file.parsed.notes]
    lines += ["以命令为准的，请加 --as-given；以名单为准的，请去掉有关的选项。"] if file.parsed.questions else []
    lines += [f"第 {one.row} 行 {one.status.label} {one.name}：{''.join(one.messages)}" for one in plan.outcomes]
    lines += [f"没有导入的 {bad} 行已存到：{bad_rows}"] if bad else []
    rows = [{"row": one.row, "status": one.status.value, "name": one.name, "messages": list(one.messages)} for one in plan.outcomes]
    for data, row in zip(rows, file.parsed.rows, strict=True):
        data |= {"year": row.award_year, "beneficiary_fen": row.beneficiary.fen, "municipal_fen": row.municipal.fen, "basis": row.source}
    return Answer(tuple(lines), {"rows": rows, "written": written, "notes": list(file.parsed.notes)})


def _row_text(one: Compared) -> str:
    place = f"第 {one.row} 行 " if one.row else ""
    sheet = f"工作表“{one.sheet}”" if one.sheet else ""
    told = " ".join(part for part in (one.title, one.kind, one.batch, str(one.label_year or "")) if part)
    return f"{one.finding.label} {sheet}{place}{one.name}（{told}）：{one.why}"


def _row_data(one: Compared) -> dict[str, Any]:
    data = asdict(one) | {"finding": one.finding.value, "row": one.row or None}
    return {key: value for key, value in data.items() if key != "key"}


def _past(options: argparse.Namespace, ask: Ask) -> Answer:
    o = options
    given = PastGiven(parse_year(o.year) if o.year else None, free_text(o.basis, "依据（--basis）") if o.basis else None, o.unit, o.as_given)
    return import_past(o.book, o.list, given, o.by, o.dry_run, o.bad_rows, ask)


def _compare(options: argparse.Namespace, ask: Ask) -> Answer:
    o = options
    return compare_list(o.book, o.list, given_values(o), date.today(), o.by, o.as_given, chosen_sheets(o), o.out, ask)
