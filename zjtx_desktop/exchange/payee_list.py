"""The payee list (收款人清单) for 国库集中支付: who gets how much on which account, as a workbook ready to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from zjtx_desktop.domain.ledger import Balance
from zjtx_desktop.exchange.atomic import write_atomically
from zjtx_desktop.exchange.outgoing import cell_number, check_text, new_workbook, put_text, row_height
from zjtx_desktop.values import Money, format_date

COLUMNS = (
    ("序号", 6), ("企业（单位）名称", 24), ("收款单位", 24), ("开户银行", 20), ("银行账号", 22), ("金额（元）", 14),
    ("财政", 16), ("拨付通知文号", 19), ("奖补编号", 19), ("核定", 13), ("核减", 13), ("已拨付", 13), ("已追回", 13), ("余额", 13),
)  # fmt: skip
_AMOUNT, _HEAD = 5, 2
_MOVED = 9  # the first of the columns on what became of the grant, by which a part is not paid twice
_FIGURES = ("granted", "written_off", "paid", "recovered", "left")


@dataclass(frozen=True, slots=True)
class Payee:
    """One line of the list."""

    organisation: str
    payee: str
    bank: str
    account: str
    amount: Money
    treasury: str
    letter: str
    award_number: str
    balance: Balance = Balance()

    @property
    def amounts(self) -> dict[int, Money]:
        """The amounts by their columns."""
        return {_AMOUNT: self.amount} | {_MOVED + n: getattr(self.balance, name) for n, name in enumerate(_FIGURES)}

    @property
    def texts(self) -> tuple[str, ...]:
        """The text cells around the amount."""
        return (self.organisation, self.payee, self.bank, self.account, self.treasury, self.letter, self.award_number)


def write_payees(
    payees: Sequence[Payee], title: str, office: str, made_on: date, path: Path, overwrite: bool = False
) -> Money:
    """Write the list, whole or not at all; what it comes to. Accounts are text and never lose a digit."""
    for place, payee in enumerate(payees, start=1):
        for text in payee.texts:
            check_text(text, f"收款人清单第 {place} 行")

    def fill(temporary: Path) -> None:
        with new_workbook(temporary, made_on) as book:
            _fill(book, payees, title, office, made_on)

    write_atomically(path, fill, overwrite)
    return Money.total(payee.amount for payee in payees)


def _fill(book: Workbook, payees: Sequence[Payee], title: str, office: str, made_on: date) -> None:
    sheet = book.add_worksheet("收款人清单")
    song = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "num_format": "@"}
    box = {**song, "border": 1, "text_wrap": True}
    head = book.add_format({**box, "font_name": "黑体", "align": "center", "bg_color": "#E7E6E6"})
    text, code = (book.add_format({**box, "quote_prefix": True, **more}) for more in ({}, {"align": "center"}))
    money = {**box, "num_format": "#,##0.00", "align": "right"}
    amount, total = book.add_format(money), book.add_format({**money, "font_name": "黑体", "bg_color": "#F2F2F2"})
    number = book.add_format({**box, "num_format": "0", "align": "center"})
    bold = book.add_format({**box, "font_name": "黑体", "align": "center", "bg_color": "#F2F2F2"})
    last = len(COLUMNS) - 1
    sheet.merge_range(0, 0, 0, last, "", book.add_format({**song, "font_name": "黑体", "font_size": 18, "align": "center"}))
    put_text(sheet, 0, 0, title, book.add_format({**song, "font_name": "黑体", "font_size": 18, "align": "center"}))
    sheet.merge_range(1, 0, 1, last, "", book.add_format(song))
    put_text(sheet, 1, 0, f"编制单位：{office}　　制表日期：{format_date(made_on)}　　单位：元", book.add_format(song))
    widths = tuple(width for _, width in COLUMNS)
    for column, (heading, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        put_text(sheet, _HEAD, column, heading, head)
    for row, payee in enumerate(payees, start=_HEAD + 1):
        cells = (row - _HEAD, *payee.texts[:4], None, *payee.texts[4:], *(None,) * len(_FIGURES))
        sheet.set_row(row, row_height(cells, widths))
        sheet.write_number(row, 0, row - _HEAD, number)
        for column, money_there in payee.amounts.items():
            sheet.write_number(row, column, cell_number(money_there), amount)
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                put_text(sheet, row, column, cell, code if column in (4, 8) else text)
    foot = _HEAD + 1 + len(payees)
    for column in range(last + 1):
        put_text(sheet, foot, column, "合计" if column == 1 else "", bold)
    for column in (_AMOUNT, *range(_MOVED, _MOVED + len(_FIGURES))):
        whole = Money.total(payee.amounts[column] for payee in payees)
        top, bottom = (xl_rowcol_to_cell(row, column) for row in (_HEAD + 1, foot - 1))
        sheet.write_formula(foot, column, f"=SUM({top}:{bottom})", total, cell_number(whole))
    put_text(sheet, foot + 1, 1, "经办人：　　　　　　复核人：　　　　　　负责人：", book.add_format(song))
    sheet.set_row(foot + 1, 40)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD)
    sheet.freeze_panes(_HEAD + 1, 2)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_footer("&C第 &P 页，共 &N 页")
