"""A list of 202 rows as counties get them, in the kinds of the sample, and what its awards come to, counted by hand."""

from dataclasses import dataclass
from pathlib import Path

from xlsxwriter import Workbook

from zjtx_desktop.values.credit_code import CreditCode

COUNT = 200
AGAIN, REVIEWED = 50, 201  # a 再次认定 that staff decide; what passed 复核 and gets nothing
_KINDS = (
    ("专精特新“小巨人”企业", "国家级"),
    ("专精特新中小企业", "省级"),
    ("专业化小巨人企业", "省级"),
    ("制造业单项冠军企业", "省级"),
    ("制造业单项冠军企业", "国家级"),
    ("中小企业公共服务示范平台", "省级"),
    ("专精特新中小企业", "省级"),
    ("小型微型企业创业创新示范基地", "省级"),
)
_TREASURIES = {9: "玉山县60%、上饶经开区40%", 13: "玉山县33.33%、信州区33.33%、广丰区33.34%"}
_HEAD = ("序号", "企业名称", "统一社会信用代码", "所属地区", "认定称号", "级别", "认定类型", "年度", "认定文件", "文号", "认定日期", "受益财政")
_ACCOUNTS = ("企业名称", "统一社会信用代码", "户名", "开户银行", "银行账号", "联系人", "联系电话")
TEN_THOUSAND = 1_000_000  # fen


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation of the list."""

    serial: int

    @property
    def name(self) -> str:
        return f"示例企业{self.serial:03}有限公司"

    @property
    def code(self) -> str:
        body = f"91361123MA{self.serial + 100:07}"
        return body + CreditCode.parse(body + "0").expected_check

    @property
    def national(self) -> bool:
        return _KINDS[self.serial % len(_KINDS)][1] == "国家级"

    @property
    def beneficiary(self) -> int:
        """What the beneficiary treasuries give, in fen."""
        return 10 * TEN_THOUSAND

    @property
    def municipal(self) -> int:
        """What the city gives, in fen."""
        return 20 * TEN_THOUSAND if self.national else 0

    @property
    def total(self) -> int:
        return self.beneficiary + self.municipal


ROWS = tuple(Row(serial) for serial in range(1, COUNT + 1))


def write_list(path: Path) -> None:
    """The list of names: 200 that are awarded once 再次认定 is decided, and one that passed 复核."""
    with Workbook(path) as book:
        sheet = book.add_worksheet("名单")
        sheet.write(0, 0, "上饶市玉山县“专精特新”等称号认定名单（示例）")
        sheet.write_row(1, 0, _HEAD)
        for place, row in enumerate((*ROWS, Row(REVIEWED)), start=2):
            title, level = _KINDS[row.serial % len(_KINDS)]
            kind = {AGAIN: "再次认定", REVIEWED: "复核"}.get(row.serial, "新认定")
            treasury = _TREASURIES.get(row.serial % 20, "玉山县")
            document = ("关于公布2024年名单的通知（示例）", "示例工信企业字〔2024〕18号", "2024-06-03", treasury)
            sheet.write_row(place, 0, (place - 1, row.name, row.code, "玉山县", title, level, kind, 2024, *document))


def write_accounts(path: Path) -> None:
    """What the organisations handed in to be paid: names, banks, accounts as text."""
    with Workbook(path) as book:
        sheet = book.add_worksheet("收款账户")
        sheet.write_row(0, 0, _ACCOUNTS)
        for place, row in enumerate(ROWS, start=1):
            account = (row.name, "示例银行玉山支行", f"36010{row.serial:014}", "示例联系人", f"0793-255{row.serial:04}")
            sheet.write_row(place, 0, (row.name, row.code, *account))
