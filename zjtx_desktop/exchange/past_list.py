"""Lists of awards paid before this program (历史): from a table to checked rows, every doubt with its cell."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from zjtx_desktop.domain.titles import Level, Titles, parse_level
from zjtx_desktop.errors import BadFile, BadValue
from zjtx_desktop.exchange.headers import Header, find_header, own_columns
from zjtx_desktop.exchange.headings import Field
from zjtx_desktop.exchange.list_words import bare
from zjtx_desktop.exchange.list_cells import EMPTY_MARKS, Cells, as_stood, cell_at, place, shown
from zjtx_desktop.exchange.list_fields import code_of, name_of
from zjtx_desktop.exchange.table import CellProblem, CellValue, Row, Table
from zjtx_desktop.values import ZERO, CreditCode, Money, parse_year

T = TypeVar("T")
SUMS = ("合计", "总计", "小计", "共计")
LEAST_YUAN = 1000  # fewer yuan without a unit are taken for 万元 that nobody wrote


class PastField(StrEnum):
    """What such a list has besides the columns of every list."""

    YEAR = "奖励年度"
    BENEFICIARY = "受益财政金额"
    MUNICIPAL = "市级财政金额"
    SOURCE = "依据"


NAMES = {
    PastField.YEAR: "年度 奖励年度 年份 奖补年度 兑现年度",
    PastField.BENEFICIARY: "受益财政金额 受益财政 受益财政奖励 受益财政奖励金额 受益财政奖补金额 县级金额 县级财政金额 县级奖励金额",
    PastField.MUNICIPAL: "市级财政金额 市级财政 市级金额 市级奖励 市级奖励金额 市级财政奖励金额 市级奖补金额",
    PastField.SOURCE: "依据 文件或凭证 来源 拨付文件 凭证 凭证号 文件依据 奖励依据",
}
MEANINGS = {name: field for field, names in NAMES.items() for name in names.split()}
_UNIT = re.compile(r"[（(\[【]\s*(万元|元)\s*[）)\]】]")


@dataclass(frozen=True, slots=True)
class PastRow:
    """One past award of a list. With errors it is not to be taken; each begins with the place of the cell."""

    number: int
    name: str
    credit_code: CreditCode | None
    title: str | None
    level: Level | None
    award_year: int | None
    beneficiary: Money
    municipal: Money
    source: str
    raw: tuple[str, ...]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastList:
    """The rows of a list, and what the person should know of the whole."""

    header: tuple[str, ...]
    rows: tuple[PastRow, ...]
    notes: tuple[str, ...]


def parse_past_list(table: Table, titles: Titles) -> PastList:
    """Check every row; BadFile when a column is missing, an error of the row for everything else in doubt."""
    header = find_header(table)
    columns, units = _own_columns(table, header)
    reader = _RowReader(table, header, columns, units, titles)
    rows = tuple(reader.read(row) for row in table.rows if row.number > header.row and reader.is_data(row))
    if not rows:
        raise BadFile(f"{table.called}的表头下面没有历史奖励，没有导入任何内容。请核对后再导入。")
    return PastList(header.labels, rows, table.notes)


def _own_columns(table: Table, header: Header) -> tuple[dict[PastField, int], dict[PastField, str]]:
    """Where the money, the year and the source stand, and the unit said over each."""
    columns = own_columns(table, header, _meaning)
    said = {field: _UNIT.search(header.labels[column - 1]) for field, column in columns.items()}
    units = {field: found[1] for field, found in said.items() if found}
    missing = [] if Field.TITLE in header.columns else [Field.TITLE.label]
    missing += [field.value for field in PastField if field not in columns]
    if missing:
        raise BadFile(f"{table.called}缺少这些列：{'、'.join(missing)}，没有导入任何内容。请在表头补上后再导入。")
    return columns, units


def _meaning(label: str) -> PastField | None:
    return MEANINGS.get(bare(label.replace("（", "(").replace("）", ")")))


class _RowReader:
    """Reads one row after another under the same header."""

    def __init__(
        self,
        table: Table,
        header: Header,
        columns: Mapping[PastField, int],
        units: Mapping[PastField, str],
        titles: Titles,
    ) -> None:
        self._table, self._header, self._titles = table, header, titles
        self._columns, self._units = columns, units

    def is_data(self, row: Row) -> bool:
        """Whether the row is an award and not blank or a sum."""
        texts = ["".join(shown(cell).split()) for cell in row.cells]
        return any(texts) and not any(text in SUMS for text in texts)

    def read(self, row: Row) -> PastRow:
        """The row with every doubt about it."""
        cells = Cells(self._table, self._header, row)
        code, _ = code_of(cells)
        title, level = self._title(cells)
        errors: list[str] = []
        year = self._tried(row, PastField.YEAR, _year, errors)
        beneficiary = self._money(row, PastField.BENEFICIARY, errors)
        municipal = self._money(row, PastField.MUNICIPAL, errors)
        if not errors and not beneficiary and not municipal:
            errors.append(f"{self._where(row, PastField.BENEFICIARY)}：两级财政的金额都没有填，请补充。")
        source = self._tried(row, PastField.SOURCE, _source, errors) or ""
        return PastRow(
            number=row.number,
            name=name_of(cells).text,
            credit_code=code,
            title=title,
            level=level,
            award_year=year,
            beneficiary=beneficiary,
            municipal=municipal,
            source=source,
            raw=tuple(map(as_stood, row.cells)),
            errors=(*cells.errors, *errors),
            warnings=tuple(cells.warnings),
        )

    def _title(self, cells: Cells) -> tuple[str | None, Level | None]:
        level = cells.parsed(Field.LEVEL, parse_level)
        text = cells.text(Field.TITLE)
        if text is None:
            if not cells.is_broken(Field.TITLE):
                cells.error(Field.TITLE, "没有认定称号，请补充。")
            return None, level
        found = cells.tried(Field.TITLE, lambda: self._titles.resolve(text, level))
        return (found[0].id, found[1]) if found else (None, level)

    def _money(self, row: Row, field: PastField, errors: list[str]) -> Money:
        unit = self._units.get(field, "")
        return self._tried(row, field, lambda cell: _money(cell, unit), errors) or ZERO

    def _tried(
        self, row: Row, field: PastField, read: Callable[[CellValue], T], errors: list[str]
    ) -> T | None:
        cell = cell_at(row, self._columns[field])
        try:
            if isinstance(cell, CellProblem):
                raise BadValue(cell.sentence)
            return read(cell)
        except BadValue as refusal:
            errors.append(f"{self._where(row, field)}：{refusal}")
            return None

    def _where(self, row: Row, field: PastField) -> str:
        return place(self._table, self._header, row.number, self._columns[field])


def _year(cell: CellValue) -> int:
    if cell is None:
        raise BadValue("没有奖励年度，请补充。")
    if isinstance(cell, bool) or not isinstance(cell, str | int | Decimal):
        raise BadValue(f"年度“{shown(cell)}”看不懂，请按 2022 的样式填写。")
    return parse_year(cell)


def _source(cell: CellValue) -> str:
    text = " ".join(shown(cell).split())
    if text in EMPTY_MARKS:
        raise BadValue("没有写明依据（文件或凭证），请补充。")
    return text


def _money(cell: CellValue, unit: str) -> Money:
    """The amount; an empty cell is none, and a small figure without any unit is asked about."""
    text = shown(cell).strip()
    if text in EMPTY_MARKS:
        return ZERO
    if isinstance(cell, bool) or not isinstance(cell, str | int | Decimal):
        raise BadValue(f"金额“{text}”看不懂，请按 123000 或 12.3万元 的样式填写。")
    said = text.endswith(("元", "万"))
    money = Money.parse(text if said else f"{text}{unit}")
    if money < ZERO:
        raise BadValue(f"金额“{text}”是负数，请核对后改正。")
    if money and not said and not unit and money.fen < LEAST_YUAN * 100:
        raise BadValue(f"金额“{text}”没有写明单位，请写成“{text}万元”，或在表头注明（元）或（万元）。")
    return money
