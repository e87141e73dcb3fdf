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
from datetime import date, datetime
from getpass import getpass
from pathlib import Path
from typing import NoReturn

from zjtx_desktop import VERSION, headless, headless_backups, headless_copies, headless_keys, headless_lists, headless_merging, headless_rounds, headless_year
from zjtx_desktop.demo import demo
from zjtx_desktop.errors import AppError, Refused
from zjtx_desktop.exchange.lists import Answers
from zjtx_desktop.headless import Answer, With
from zjtx_desktop.headless_lists import add_sheets, add_values, chosen_sheets, given_values
from zjtx_desktop.storage.lock import login_name
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.rounds import FIRST_NAME
from zjtx_desktop.values import MOST_NAME, free_text, parse_date, parse_year

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
        if hasattr(options, "by"):
            options.by = free_text(options.by, "操作人姓名（--by）", MOST_NAME)
        answer: Answer = options.do(options)
    except AppError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    for warning in answer.warnings:
        print(warning, file=sys.stderr)
    if options.json:
        _print_json(answer)
    else:
        for line in answer.lines:
            print(line)
    return int(answer.failed)


def _print_json(answer: Answer) -> None:
    """The answer as one object; its rows are printed as they are made."""
    whole = json.dumps(answer.data, ensure_ascii=False)
    if answer.rows is None:
        print(whole)
        return
    print('{"rows": [', end="")
    for place, row in enumerate(answer.rows):
        print(", " if place else "", json.dumps(row, ensure_ascii=False), sep="", end="")
    print(f"], {whole[1:]}")


def ask_password(name: str) -> str:
    """Ask on the terminal, unseen; Refused where there is none, a password must not come from anywhere else."""
    if not sys.stdin.isatty():
        return headless.cannot_ask(name)
    return getpass(f"{name}的密码：")


def ask_new_password(name: str) -> str:
    """Ask for a new password twice on the terminal, unseen; Refused when the two differ."""
    first = ask_password(name)
    if getpass("再输一遍密码：") != first:
        raise Refused("两次输入的密码不一样，没有办理。请重新运行命令。")
    return first


def ask_code() -> str:
    """Ask for the 恢复码 on the terminal, seen, because it is long; Refused where there is no terminal."""
    if not sys.stdin.isatty():
        raise Refused("恢复码要由本人在终端输入，不能从文件或其他程序送进来。请在终端窗口运行这个命令。")
    print("恢复码：", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()


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
        command.add_argument("--by", default=login_name(), metavar="NAME", help="操作人姓名，默认为本机登录名；账簿登记了人员的，会要求输入密码")
        return command

    command = add("demo", "在文件夹中建示例账簿并走完全程", lambda o: demo(o.folder, o.by), book=False)
    command.add_argument("folder", type=Path, metavar="DIR")
    command = add("new", "新建账簿", _new)
    command.add_argument("--division", required=True, metavar="CODE", help="所属县（市、区）代码或名称")
    command.add_argument("--office", required=True, metavar="NAME", help="单位全称")
    command.add_argument("--encrypt", action="store_true", help="加密，密码在终端输入两遍；不加时只作示例和试用")
    command.add_argument("--recovery-sheet", type=Path, metavar="FILE.pdf", help="恢复码写到哪里；加密时必须写明")
    command = add("encrypt", "加密没有加密的账簿", lambda o: headless_keys.encrypt(o.book, o.by, o.recovery_sheet, ask_password, ask_new_password, With(o.other, o.reason)))
    command.add_argument("--recovery-sheet", required=True, type=Path, metavar="FILE.pdf", help="恢复码写到哪里")
    headless_rounds.add_second(command, "登记了人员的账簿")
    command = add("recover", "用恢复码重设密码", lambda o: headless_keys.recover(o.book, o.person, ask_code, ask_new_password, date.today()))
    command.add_argument("--person", default="", metavar="NAME", help="重设谁的密码，系统管理员或审批人员；只有一名的，可以不写")
    _import_options(add("import", "导入认定名单", _import))
    headless_lists.add_commands(add, ask_password)
    headless_merging.add_commands(add, ask_password)
    headless_rounds.add_commands(add, ask_password)
    command = add("void", "作废已下达的奖补", lambda o: headless.void_award(o.book, o.award, o.reason, o.by, ask_password))
    command.add_argument("--award", required=True, metavar="NUMBER", help="奖补编号")
    command.add_argument("--reason", required=True, metavar="TEXT")
    headless_year.add_commands(add, ask_password)
    command = add("pay", "登记一笔拨付", _pay)
    for name, metavar, what in (
        ("award", "NUMBER", "奖补编号"), ("amount", "YUAN", "金额"), ("on", "DATE", "拨付日期"), ("voucher", "TEXT", "凭证号"),
    ):  # fmt: skip
        command.add_argument(f"--{name}", required=True, metavar=metavar, help=what)
    command.add_argument("--treasury", default="", metavar="NAME", help="由哪个财政拨付；只有一个时可以不写")
    command.add_argument("--again", action="store_true", help="同样的一笔退回以后，再付一次")
    command.add_argument("--same-voucher", action="store_true", help="凭证号以前用过，核对过确实是同一张")
    command.add_argument("--payer", default="", metavar="PAYER", help=headless_year.PAYER_HELP)
    command = add("budget", "登记一个年度的预算", _budget)
    for name, metavar, what in (
        ("year", "Y", "年度"), ("treasury", "NAME", "财政"), ("amount", "YUAN", "金额"), ("basis", "TEXT", "预算批复的文号"),
    ):  # fmt: skip
        command.add_argument(f"--{name}", required=True, metavar=metavar, help=what)
    command.add_argument("--round", default=FIRST_NAME, metavar="NAME", help=headless_rounds.ROUND_HELP)
    command.add_argument("--payer", default="", metavar="PAYER", help=headless_year.PAYER_HELP)
    headless_rounds.add_second(command, "比原来增加的")
    command = add("advance", "办理奖补的一步：初审、复核、公示、公示期满、审定等", _advance)
    command.add_argument("--year", required=True)
    command.add_argument("--round", default=FIRST_NAME, metavar="NAME", help=headless_rounds.ROUND_HELP)
    command.add_argument("--event", required=True, metavar="STEP", help="步骤，如初审")
    command.add_argument("--award", action="append", default=[], metavar="NUMBER", help="奖补编号，可以写多次；不写时办所有等着这一步的")
    command.add_argument("--opinion", default="", metavar="TEXT", help="意见或理由")
    command.add_argument("--document", default="", metavar="TEXT", help="依据的文件；公示时为公示渠道")
    command.add_argument("--confirm-large", action="store_true", help="审定时：超过大额标准的已逐笔核对")
    command.add_argument("--on", default="", metavar="DATE", help="办理日期，默认今天；公示时为开始日期")
    command.add_argument("--late-reason", default="", metavar="TEXT", help="公示开始以后才登记的（补登）：为什么")
    command = add("letters", "生成拨付通知", _letters)
    command.add_argument("--year", required=True)
    command.add_argument("--round", default=FIRST_NAME, metavar="NAME", help=headless_rounds.ROUND_HELP)
    command.add_argument("--out", required=True, type=Path, metavar="FILE.pdf|DIR/")
    command.add_argument("--issue", action="store_true", help="取号下达；不加时为草稿")
    command = add("basis", "生成测算依据", _basis)
    command.add_argument("--year", required=True)
    command.add_argument("--round", default=FIRST_NAME, metavar="NAME", help=headless_rounds.ROUND_HELP)
    command.add_argument("--out", required=True, type=Path, metavar="FILE.pdf")
    command = add("export", "导出报送市级的工作簿", _export)
    command.add_argument("--year", required=True)
    command.add_argument("--round", default=FIRST_NAME, metavar="NAME", help=headless_rounds.ROUND_HELP)
    command.add_argument("--out", required=True, type=Path, metavar="FILE.xlsx")
    add("people", "列出账簿的人员和岗位", lambda o: headless.people_of(o.book, o.by, ask_password))
    command = add("backup", "备份账簿：检查、整份复制、再检查副本", lambda o: headless_backups.back_up_book(o.book, o.to, o.by, ask_password, datetime.now()))
    command.add_argument("--to", type=Path, metavar="DIR", help="放在哪个文件夹，默认为账簿旁边的“备份”")
    command = add("restore", "用备份恢复账簿，现有的账簿先另存", _restore, book=False)
    command.add_argument("backup", type=Path, metavar="BACKUP", help="备份文件（.zjtx）")
    command.add_argument("--to", required=True, type=Path, metavar="BOOK", help="恢复成哪个账簿文件")
    command.add_argument("--with", dest="other", default="", metavar="NAME", help="登记了人员的账簿：另一位同办人的姓名")
    command.add_argument("--code", action="store_true", help="用恢复码打开加密的备份，在终端输入")
    command.add_argument("--yes", action="store_true", help="知道会少哪些操作，确实要恢复")
    command = add("check", "检查账簿，或核对同一账簿的两份", _check)
    command.add_argument("--against", type=Path, metavar="OTHER", help="同一账簿的另一份：从哪一步分开，各自办了什么，有没有付了两次")
    command.add_argument("--code", action="store_true", help="与 --against 一起用：加密的用恢复码打开，在终端输入")
    command = add("accept-findings", "接受检查发现的问题，账簿才能继续登记", lambda o: headless.accept_findings(o.book, o.reason, o.other, o.by, ask_password))
    command.add_argument("--reason", required=True, metavar="TEXT", help="查明的经过，为什么可以接受")
    command.add_argument("--with", dest="other", default="", metavar="NAME", help="登记了人员的账簿：另一位系统管理员或审批人员的姓名")
    headless_copies.add_commands(add, ask_password)
    command = add("verify", "核对纸质文书上的账簿校验码", lambda o: headless.verify_paper(o.book, o.code, o.number, o.by, ask_password))
    command.add_argument("--code", default="", metavar="TEXT", help="纸上的账簿校验码，或扫描二维码得到的文字")
    command.add_argument("--number", default="", metavar="NO", help="文号；可以与校验码一起写，也可以只写文号")
    return parser


def _check(options: argparse.Namespace) -> Answer:
    o = options
    if o.against is None:
        return headless.check_book(o.book, o.by, ask_password)
    return headless_copies.check_against(o.book, o.against, o.by, ask_password, ask_code if o.code else None)


def _restore(options: argparse.Namespace) -> Answer:
    o = options
    code = ask_code if o.code else None
    return headless_backups.restore_book(o.backup, o.to, o.by, o.other, o.yes, ask_password, code, datetime.now())


def _import_options(command: argparse.ArgumentParser) -> None:
    add_values(command)
    for name, what in (
        ("from-heading", "名单和命令都没有写明的称号、级别、类型、年度、批次，按标题、工作表名填写"),
        ("as-given", "标题与命令所写的不一致时，以命令为准"),
        ("accept-fixes", "采纳对代码和名称的建议（如代码里的 O 改为 0，校验码相符的）"),
    ):
        command.add_argument(f"--{name}", action="store_true", help=what)
    add_sheets(command, "导入")
    command.add_argument("--renamed", action="append", default=[], metavar="NAME", help="名单上的名称或代码：账簿中是旧名，已经更名；可以写多次")
    command.add_argument("--keep-name", action="append", default=[], metavar="NAME", help="名单上的名称或代码：就是账簿中的那家单位，账簿名称不改；可以写多次")
    command.add_argument("--dry-run", action="store_true", help="只预览，不写入")
    command.add_argument("--bad-rows", type=Path, metavar="OUT.xlsx", help="把有误的行另存，改正后再导入")


def _new(options: argparse.Namespace) -> Answer:
    o = options
    if not o.encrypt:
        return headless.new_book(o.book, o.division, o.office, o.by)
    if o.recovery_sheet is None:
        raise Refused("加密的账簿要有恢复码。请用 --recovery-sheet 写明恢复码写到哪个 PDF 文件。")
    return headless_keys.new_encrypted_book(o.book, o.division, o.office, o.by, o.recovery_sheet, ask_new_password)


def _import(options: argparse.Namespace) -> Answer:
    return headless.import_list(
        options.book,
        options.list,
        given_values(options),
        date.today(),
        options.by,
        options.dry_run,
        options.bad_rows,
        ask_password,
        Answers(options.from_heading, None if options.as_given else frozenset(), options.accept_fixes),
        chosen_sheets(options),
        options.renamed,
        options.keep_name,
    )


def _pay(options: argparse.Namespace) -> Answer:
    o, day = options, parse_date(options.on)
    return headless.pay_award(o.book, o.award, o.treasury, o.amount, day, o.voucher, o.by, ask_password, o.payer, o.again, o.same_voucher)


def _budget(options: argparse.Namespace) -> Answer:
    o, year = options, parse_year(options.year)
    return headless.record_budget(o.book, year, o.treasury, o.amount, o.basis, o.by, ask_password, o.payer, o.round, With(o.other, o.reason))


def _advance(options: argparse.Namespace) -> Answer:
    o, day = options, parse_date(options.on) if options.on else date.today()
    words = Words(day, o.opinion, o.document, o.confirm_large)
    return headless.advance_awards(o.book, parse_year(o.year), o.event, o.award, words, o.by, ask_password, o.round, o.late_reason)


def _letters(options: argparse.Namespace) -> Answer:
    year = parse_year(options.year)
    return headless.write_letters_to(
        options.book, year, options.out, options.issue, date.today(), options.by, ask_password, options.round
    )


def _basis(options: argparse.Namespace) -> Answer:
    year = parse_year(options.year)
    return headless.write_basis_file(options.book, year, options.out, date.today(), options.by, ask_password, options.round)


def _export(options: argparse.Namespace) -> Answer:
    year = parse_year(options.year)
    return headless.export_workbook(
        options.book, year, options.out, date.today(), options.by, ask=ask_password, name=options.round
    )
