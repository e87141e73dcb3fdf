"""Lists of payee accounts that organisations hand in: from a table to checked rows, every doubt with its cell."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from zjtx_desktop.errors import BadFile, BadValue
from zjtx_desktop.exchange.headers import Header, find_header, is_header, own_columns
from zjtx_desktop.exchange.headings import Field
from zjtx_desktop.exchange.list_feet import is_foot
from zjtx_desktop.exchange.list_words import bare, words
from zjtx_desktop.exchange.list_cells import EMPTY_MARKS, Cells, as_stood, cell_at, place, shown
from zjtx_desktop.exchange.list_fields import code_of, name_of
from zjtx_desktop.exchange.table import CellProblem, CellValue, Row, Table
from zjtx_desktop.values import CreditCode, clean_name

_GAPS = re.compile(r"[\s-]+")
_NUMBER = re.compile(r"\d{6,32}")  # the shortest numbers of old passbooks; the longest that banks give out


class AccountField(StrEnum):
    """What such a list has besides names and codes."""

    PAYEE = "户名"
    BANK = "开户银行"
    ACCOUNT = "银行账号"
    CONTACT = "联系人"
    PHONE = "联系电话"


_KEYS = {
    AccountField.PAYEE: "payee",
    AccountField.BANK: "bank",
    AccountField.ACCOUNT: "account",
    AccountField.CONTACT: "contact",
    AccountField.PHONE: "phone",
}
_MEANINGS = {name: field for field, key in _KEYS.items() for name in words("accounts")[key]}
_NEEDED = (AccountField.BANK, AccountField.ACCOUNT)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """What one row says of an organisation; empty where it says nothing. With errors it is not to be taken.

    `reason` is what the list's own 备注 or 说明 says of it: what is in doubt is taken with one only.
    """

    number: int
    name: str
    credit_code: CreditCode | None
    told: Mapping[AccountField, str]
    raw: tuple[str, ...]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AccountList:
    """The rows of a list under its header."""

    header: tuple[str, ...]
    rows: tuple[AccountRow, ...]


def parse_account_list(table: Table) -> AccountList:
    """Check every row; BadFile when the bank or the account has no column, an error of the row for other doubts."""
    header = find_header(table)
    columns = _own_columns(table, header)
    rows = tuple(
        _row(table, header, columns, row)
        for row in table.rows
        if row.number > header.row and _is_data(header, row)
    )
    if not rows:
        raise BadFile(f"{table.called}的表头下面没有内容，没有导入任何账户。请核对后再导入。")
    return AccountList(header.labels, rows)


def _is_data(header: Header, row: Row) -> bool:
    """Whether the row is an organisation's, and no total, note, signature or header repeated."""
    filled = [(column, cell) for column, cell in enumerate(row.cells, start=1) if shown(cell).strip() or isinstance(cell, CellProblem)]
    named = any(column == header.columns[Field.NAME] for column, _ in filled)
    return bool(filled) and not is_header(row, header) and not (is_foot(filled) and not (named and len(filled) > 2))


def _own_columns(table: Table, header: Header) -> dict[AccountField, int]:
    columns = own_columns(table, header, _meaning)
    if missing := [field.value for field in _NEEDED if field not in columns]:
        raise BadFile(f"{table.called}缺少这些列：{'、'.join(missing)}，没有导入任何账户。请在表头补上后再导入。")
    return columns


def _meaning(label: str) -> AccountField | None:
    return _MEANINGS.get(bare(label))


def _row(table: Table, header: Header, columns: Mapping[AccountField, int], row: Row) -> AccountRow:
    cells = Cells(table, header, row)
    code, _ = code_of(cells)
    name, told, errors = name_of(cells).text, {}, []
    for field, column in columns.items():
        try:
            text = _text(field, cell_at(row, column))
        except BadValue as refusal:
            errors.append(f"{place(table, header, row.number, column)}：{refusal}")
            continue
        if text:
            told[field] = text
        elif field in _NEEDED:
            errors.append(f"{place(table, header, row.number, column)}：没有填写{field.value}，请补充。")
    raw = tuple(map(as_stood, row.cells))
    reason = cells.words(Field.NOTE) or ""
    return AccountRow(row.number, name, code, told, raw, (*cells.errors, *errors), tuple(cells.warnings), reason)


def _text(field: AccountField, cell: CellValue) -> str:
    if isinstance(cell, CellProblem):
        raise BadValue(cell.sentence)
    text = shown(cell).strip()
    if text in EMPTY_MARKS:
        return ""
    if field is AccountField.ACCOUNT:
        return _account(text)
    return clean_name(text, field.value)


def _account(text: str) -> str:
    """The digits of an account number; numbers that a workbook has cut are refused where cells are read."""
    digits = _GAPS.sub("", unicodedata.normalize("NFKC", text))
    if not _NUMBER.fullmatch(digits):
        raise BadValue(f"银行账号“{text}”应为 6 至 32 位数字，请把该列设为文本格式后重新填写。")
    return digits
