"""Headless commands over the same use cases as the window.

Exit code 0: done; 1: refused, with one Chinese sentence on stderr; 2: the command line itself is wrong.
With `--json` the answer is one JSON object on stdout: dates ISO, money in 分.
"""

import argparse
import json
import logging
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from zjtx_desktop import VERSION, headless
from zjtx_desktop.demo import demo
from zjtx_desktop.domain.choices import CountyAmount
from zjtx_desktop.domain.titles import Kind, Titles, parse_kind, parse_level
from zjtx_desktop.errors import AppError, Refused
from zjtx_desktop.exchange.lists import ListDefaults
from zjtx_desktop.headless import Answer
from zjtx_desktop.storage.lock import login_name
from zjtx_desktop.values import Division, DocumentNumber, Money, clean_name, parse_date, parse_year

log = logging.getLogger(__name__)
USAGE_ERRORS = (
    (r"the following arguments are required: (.*)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数：\1"),
    (r"argument (\S+): expected one argument", r"参数 \1 后面缺少内容"),
    (r"argument (\S+): invalid choice: (\S+) \(choose from (.*)\)", r"\1 不能是 \2，可以是：\3"),
    (r"argument (\S+): invalid \S+ value: (.*)", r"参数 \1 的内容 \2 不对"),
)


class Parser(argparse.ArgumentParser):
    """Says in Chinese what is wrong with a command line, and exits with 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        for english, chinese in USAGE_ERRORS:
            if re.fullmatch(english, message):
                message = re.sub(english, chinese, message)
                break
        self.exit(2, f"{message}\n")


def run(arguments: Sequence[str]) -> int:
    """Carry out one command and say what came of it; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # a Windows console may be GBK
    options = _parser().parse_args(arguments)
    try:
        answer: Answer = options.do(options)
    except AppError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    for warning in answer.warnings:
        print(warning, file=sys.stderr)
    if options.json:
        print(json.dumps(answer.data, ensure_ascii=False))
    else:
        print("\n".join(answer.lines))
    if answer.failed:
        print("账簿有问题，请不要继续使用，从备份恢复或联系维护人员。", file=sys.stderr)
    return int(answer.failed)


def _parser() -> Parser:
    parser = Parser(prog="main.py", description="“专精特新”认定奖补。不带参数时打开窗口。", add_help=True)
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")

    def add(name: str, what: str, do: object, book: bool = True) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=what, description=what)
        command.set_defaults(do=do)
        if book:
            command.add_argument("book", type=Path, metavar="BOOK", help="账簿文件（.zjtx）")
        command.add_argument("--json", action="store_true", help="以 JSON 回答，金额为分")
        command.add_argument("--by", default=login_name(), metavar="NAME", help="操作人姓名，默认为本机登录名")
        return command

    command = add("demo", "在文件夹中建示例账簿并走完全程", lambda o: demo(o.folder, o.by), book=False)
    command.add_argument("folder", type=Path, metavar="DIR")
    command = add("new", "新建账簿", lambda o: headless.new_book(o.book, o.division, o.office, o.by))
    command.add_argument("--division", required=True, metavar="CODE", help="所属县（市、区）代码或名称")
    command.add_argument("--office", required=True, metavar="NAME", help="单位全称")
    _import_options(add("import", "导入认定名单", _import))
    command = add("compute", "测算一个年度的奖补", _compute)
    command.add_argument("--year", required=True)
    command.add_argument("--award-year-by", choices=("document", "label", "valid_from"), help="以什么日期确定“当年”")
    command.add_argument("--county-amount", action="append", default=[], metavar="TITLE:LEVEL=YUAN")
    command.add_argument("--basis", metavar="TEXT", help="县级奖励标准的依据（文号）")
    command.add_argument("--all-divisions", action="store_true", help="测算全市，不只本县")
    command = add("decide", "裁定待定的奖补", _decide)
    command.add_argument("--award", required=True, metavar="NUMBER", help="奖补编号")
    command.add_argument("--verdict", required=True, choices=("award", "none"))
    command.add_argument("--reason", required=True, metavar="TEXT")
    command = add("void", "作废已下达的奖补", lambda o: headless.void_award(o.book, o.award, o.reason, o.by))
    command.add_argument("--award", required=True, metavar="NUMBER", help="奖补编号")
    command.add_argument("--reason", required=True, metavar="TEXT")
    command = add("letters", "生成拨付通知", _letters)
    command.add_argument("--year", required=True)
    command.add_argument("--out", required=True, type=Path, metavar="FILE.pdf|DIR/")
    command.add_argument("--issue", action="store_true", help="取号下达；不加时为草稿")
    command = add("basis", "生成测算依据", lambda o: headless.write_basis_file(o.book, parse_year(o.year), o.out, date.today()))
    command.add_argument("--year", required=True)
    command.add_argument("--out", required=True, type=Path, metavar="FILE.pdf")
    command = add("export", "导出报送市级的工作簿", _export)
    command.add_argument("--year", required=True)
    command.add_argument("--out", required=True, type=Path, metavar="FILE.xlsx")
    add("check", "检查账簿", lambda o: headless.check_book(o.book))
    return parser


def _import_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("list", type=Path, metavar="LIST.xlsx")
    for name, metavar, what in (
        ("title", "T", "称号"),
        ("level", "L", "级别：省级或国家级"),
        ("type", "KIND", "认定类型：新认定、复核、再次认定"),
        ("document", "NAME", "认定文件名称"),
        ("number", "NO", "文号"),
        ("date", "D", "认定日期"),
        ("batch", "B", "批次"),
        ("label-year", "Y", "名单年度"),
        ("division", "CODE", "所属地区"),
    ):
        command.add_argument(f"--{name}", metavar=metavar, help=f"名单中没有时采用的{what}")
    command.add_argument("--dry-run", action="store_true", help="只预览，不写入")
    command.add_argument("--bad-rows", type=Path, metavar="OUT.xlsx", help="把有误的行另存，改正后再导入")


def _import(options: argparse.Namespace) -> Answer:
    level = options.level and parse_level(options.level)
    day = options.date and parse_date(options.date)
    title = None
    if options.title:
        found, level = Titles.load().resolve(options.title, level or None, day or None)
        title = found.id
    kind: Kind | None = parse_kind(options.type) if options.type else None
    defaults = ListDefaults(
        title=title,
        level=level or None,
        kind=kind,
        document_title=options.document and clean_name(options.document),
        document_number=DocumentNumber.parse(options.number) if options.number else None,
        document_date=day or None,
        batch=options.batch and clean_name(options.batch),
        label_year=options.label_year and parse_year(options.label_year),
        division=options.division and Division.parse(options.division),
    )
    return headless.import_list(
        options.book, options.list, defaults, date.today(), options.by, options.dry_run, options.bad_rows
    )


def _compute(options: argparse.Namespace) -> Answer:
    switches = {"award_year_by": options.award_year_by} if options.award_year_by else {}
    amounts = tuple(_county_amount(text, options.basis or "") for text in options.county_amount)
    year = parse_year(options.year)
    return headless.compute_year(options.book, year, switches, amounts, options.all_divisions, options.by)


def _county_amount(text: str, basis: str) -> CountyAmount:
    found = re.fullmatch(r"(?P<title>.+)[:：](?P<level>[^:：=]+)=(?P<yuan>.+)", text)
    if not found:
        raise Refused(f"县级标准“{text}”看不懂，请按“专精特新中小企业:省级=150000”的样式填写。")
    title, level = Titles.load().resolve(found["title"], parse_level(found["level"]))
    return CountyAmount(title.id, level, Money.parse(found["yuan"]), basis)


def _decide(options: argparse.Namespace) -> Answer:
    return headless.decide_award(options.book, options.award, options.verdict == "award", options.reason, options.by)


def _letters(options: argparse.Namespace) -> Answer:
    year = parse_year(options.year)
    return headless.write_letters_to(options.book, year, options.out, options.issue, date.today(), options.by)


def _export(options: argparse.Namespace) -> Answer:
    return headless.export_workbook(options.book, parse_year(options.year), options.out, date.today(), options.by)
