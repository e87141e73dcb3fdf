"""Lists of awards paid before this program (历史): from a table to checked rows, every doubt with its cell."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from zjtx_desktop.domain.titles import Level, Titles, parse_level
from zjtx_desktop.errors import BadFile, BadValue
from zjtx_desktop.exchange.headers import Header, find_header, is_header, own_columns
from zjtx_desktop.exchange.headings import Field
from zjtx_desktop.exchange.list_cells import EMPTY_MARKS, Cells, as_stood, cell_at, place, shown
from zjtx_desktop.exchange.list_fields import code_of, name_of
from zjtx_desktop.exchange.list_feet import is_foot, is_signed, is_total
from zjtx_desktop.exchange.list_names import has_body, is_firm
from zjtx_desktop.exchange.list_words import any_of, bare, pattern, words
from zjtx_desktop.exchange.statements import Said, first, said_in, status_of
from zjtx_desktop.exchange.table import CellProblem, CellValue, Row, Table
from zjtx_desktop.values import MOST_WORDS, ZERO, CreditCode, Money, clean_name, parse_year

T = TypeVar("T")
LEAST_YUAN = 1000  # fewer yuan are taken for 万元 that nobody wrote
MOST_YUAN = 5_000_000  # an award of more is taken for yuan under a heading that says 万元


class PastField(StrEnum):
    """What such a list has besides the columns of every list."""

    YEAR = "奖励年度"
    BENEFICIARY = "受益财政金额"
    MUNICIPAL = "市级财政金额"
    SOURCE = "依据"
    TOTAL = "合计"
    UNIT = "金额单位"  # said over the amounts, or once for the file


ONE_AMOUNT = (
    "名单只有一列金额的：钱由一级财政出的，把这一列改名为“受益财政金额”或“市级财政金额”，另一列添上后留空；"
    "两级都出了的，请按拨付凭证分成两列。"
)
UNITS = ("元", "万元")
_KEYS = {
    PastField.YEAR: "year",
    PastField.BENEFICIARY: "beneficiary",
    PastField.MUNICIPAL: "municipal",
    PastField.SOURCE: "source",
    PastField.TOTAL: "total",
}
MEANINGS = {name: field for field, key in _KEYS.items() for name in words("past")[key]}
_NEEDED = (PastField.BENEFICIARY, PastField.MUNICIPAL)
_UNIT = re.compile(r"[（(\[【]\s*(?:金额)?(?:单位)?\s*[:：]?\s*(?:人民币)?(万元|元)\s*[）)\]】]|单位\s*[:：]\s*(?:人民币)?(万元|元)")


@dataclass(frozen=True, slots=True)
class PastGiven:
    """What holds for every row that does not say it itself: the year, the document or voucher, and the unit of amounts."""

    year: int | None = None
    source: str | None = None
    unit: str | None = None  # one of UNITS
    as_given: bool = False  # where the list says otherwise of all its rows, this holds and the list does not


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
    given: PastGiven  # what was taken for the rows that do not say it, from the person or from the headline
    questions: tuple[str, ...]  # where the list contradicts what was given; the rows are errors until that is answered
    lacking: tuple[PastField, ...]  # the columns that the list does not have; UNIT where no unit is said over the amounts


def parse_past_list(table: Table, titles: Titles, today: date, given: PastGiven = PastGiven()) -> PastList:
    """Check every row; BadFile when a column is missing, an error of the row for everything else in doubt.

    The year, the source and the unit may be `given` once for the file; else the year is the headline's, and the source
    the headline itself. A unit that the list says over an amount goes before the one given;
    where the list says of all its rows another year or unit than was given, that is a question. No year is after `today`'s.
    """
    header = find_header(table)
    columns, units = _own_columns(table, header)
    lacking = tuple(field for field in (PastField.YEAR, PastField.SOURCE) if field not in columns)
    if any(field not in units for field in _NEEDED):
        lacking = (*lacking, PastField.UNIT)
    headline = _headline(header)
    questions = _questions(given, headline, units, lacking)
    said = [f"{question}已按填写的导入，请核对。" for question in questions.values() if given.as_given]
    if given.unit:
        ours = dict.fromkeys((*_NEEDED, PastField.TOTAL), given.unit)
        units = units | ours if given.as_given and PastField.UNIT in questions else ours | units
    open_ = {} if given.as_given else questions
    said += [f"{question}有关的行没有导入，请先对整份名单核对清楚。" for question in open_.values()]
    if not given.year and PastField.YEAR in lacking and headline.year:
        given = replace(given, year=headline.year)
        said.append(f"没有年度一列，按标题{headline.quoted}记为 {headline.year} 年度，请核对。")
    if not given.source and PastField.SOURCE in lacking and headline.text:
        given = replace(given, source=headline.text)
        said.append(f"没有依据一列，依据记为标题{headline.quoted}，请核对。")
    reader = _RowReader(table, header, columns, units, titles, given, open_, today)
    rows = tuple(reader.read(row) for row in table.rows if row.number > header.row and reader.is_data(row))
    if not rows:
        raise BadFile(f"{table.called}的表头下面没有历史奖励，没有导入任何内容。请核对后再导入。")
    return PastList(header.labels, rows, (*table.notes, *said), given, tuple(open_.values()), lacking)


def _questions(given: PastGiven, headline: Said, units: Mapping[PastField, str], lacking: tuple[PastField, ...]) -> dict[PastField, str]:
    """Where the headline or the heads of all amounts say otherwise than what was given for the whole list."""
    found = {}
    if given.year and headline.year and given.year != headline.year and PastField.YEAR in lacking:
        found[PastField.YEAR] = f"标题{headline.quoted}写的是 {headline.year} 年，而填写的奖励年度是 {given.year}。"
    theirs = {units[field] for field in _NEEDED if field in units}
    if given.unit and PastField.UNIT not in lacking and theirs != {given.unit}:
        found[PastField.UNIT] = f"名单上写的金额单位是{'、'.join(sorted(theirs))}，而填写的金额单位是{given.unit}。"
    return found


def _headline(header: Header) -> Said:
    """The headline that names a year, or the first one."""
    said = [said_in(text) for text in header.above if not is_signed(text)]
    return first(said, "year") or next(iter(said), Said())


def _own_columns(table: Table, header: Header) -> tuple[dict[PastField, int], dict[PastField, str]]:
    """Where the money, the year and the source stand, and the unit said over each, or once over the list."""
    columns = own_columns(table, header, _meaning)
    said = {field: _UNIT.search(header.labels[column - 1]) for field, column in columns.items()}
    above = {found[1] or found[2] for text in (*header.above, *header.groups) if (found := _UNIT.search(text))}
    units = dict.fromkeys((*_NEEDED, PastField.TOTAL), next(iter(above))) if len(above) == 1 else {}
    units |= {field: found[1] or found[2] for field, found in said.items() if found}
    missing = [] if Field.TITLE in header.columns else [Field.TITLE.label]
    lacking = [field.value for field in _NEEDED if field not in columns]
    how = ONE_AMOUNT if lacking else ""
    if missing := [*missing, *lacking]:
        raise BadFile(f"{table.called}缺少这些列：{'、'.join(missing)}，没有导入任何内容。请在表头补上后再导入。{how}")
    return columns, units


def _meaning(label: str) -> PastField | None:
    core = bare(label)
    if found := MEANINGS.get(core):
        return found
    if pattern("past", "beneficiary_pattern").fullmatch(core):
        return PastField.BENEFICIARY
    return PastField.MUNICIPAL if pattern("past", "municipal_pattern").fullmatch(core) else None


class _RowReader:
    """Reads one row after another under the same header."""

    def __init__(
        self,
        table: Table,
        header: Header,
        columns: Mapping[PastField, int],
        units: Mapping[PastField, str],
        titles: Titles,
        given: PastGiven,
        questions: Mapping[PastField, str],
        today: date,
    ) -> None:
        self._table, self._header, self._titles, self._given = table, header, titles, given
        self._columns, self._units = columns, units
        self._questions, self._today = questions, today

    def is_data(self, row: Row) -> bool:
        """Whether the row is an award, and not blank, a sum, a note, a signature or the header repeated."""
        filled = [(column, cell) for column, cell in enumerate(row.cells, start=1) if shown(cell).strip() or isinstance(cell, CellProblem)]
        texts = [cell for _, cell in filled if isinstance(cell, str)]
        sums = any(is_total(text) and not self._is_name(column, text) for column, text in filled if isinstance(text, str))
        if len(filled) == 1 and texts and not is_firm(texts[0]) and not has_body(texts[0]):
            return False  # a heading over some of the rows
        return bool(filled) and bool(texts) and not (sums or is_foot(filled) or is_header(row, self._header))

    def _is_name(self, column: int, text: str) -> bool:
        return column == self._header.columns[Field.NAME] and has_body(text)

    def read(self, row: Row) -> PastRow:
        """The row with every doubt about it."""
        cells = Cells(self._table, self._header, row)
        code, _ = code_of(cells)
        title, level = self._title(cells)
        errors: list[str] = []
        beneficiary = self._money(row, PastField.BENEFICIARY, errors)
        municipal = self._money(row, PastField.MUNICIPAL, errors)
        if not errors and not beneficiary and not municipal:
            errors.append(f"{self._where(row, PastField.BENEFICIARY)}：两级财政的金额都没有填，请补充。")
        self._judge_total(row, beneficiary + municipal, errors)
        errors += [f"{self._place(row)}：{question}请先对整份名单核对清楚。" for question in self._questions.values()]
        year = self._year(row, errors)
        if year and year > self._today.year:
            errors.append(f"{self._place(row)}：奖励年度 {year} 晚于今年，请核对。")
        source = self._source(row, errors)
        if (note := cells.text(Field.NOTE)) and (status_of(note).stopped or any_of("past", "unpaid").search(note)):
            cells.error(Field.NOTE, f"备注写有“{note[:30]}”，请核对这笔奖励是否拨付。")
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
        if found and (unusual := self._titles.unusual(text, found[1])):
            cells.warn(Field.TITLE, f"{unusual}，请核对。")
        return (found[0].id, found[1]) if found else (None, level)

    def _year(self, row: Row, errors: list[str]) -> int | None:
        """The year of the row; of the whole file where the row is silent."""
        column = self._columns.get(PastField.YEAR)
        if self._given.year and (column is None or cell_at(row, column) is None):
            return self._given.year
        if column is None:
            errors.append(f"{self._place(row)}：没有奖励年度，请在表头写明，或在导入时填写。")
            return None
        return self._tried(row, PastField.YEAR, _year, errors)

    def _source(self, row: Row, errors: list[str]) -> str:
        column = self._columns.get(PastField.SOURCE)
        if self._given.source and (column is None or cell_at(row, column) is None):
            return self._given.source
        if column is None:
            errors.append(f"{self._place(row)}：没有写明依据（文件或凭证），请补充“依据”一列，或在导入时填写。")
            return ""
        return self._tried(row, PastField.SOURCE, _source, errors) or ""

    def _judge_total(self, row: Row, both: Money, errors: list[str]) -> None:
        if PastField.TOTAL not in self._columns or errors:
            return
        total = self._money(row, PastField.TOTAL, errors)
        if not errors and total and total != both:
            errors.append(f"{self._where(row, PastField.TOTAL)}：合计 {total} 元不等于两级财政之和 {both} 元，请核对。")

    def _place(self, row: Row) -> str:
        return place(self._table, self._header, row.number, self._header.columns[Field.NAME])

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
    return clean_name(text, "依据", MOST_WORDS)


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
    if money and not said and unit != "万元" and money.fen < LEAST_YUAN * 100:
        told = f"注明的单位是元，而“{text}”元" if unit else f"金额“{text}”没有写明单位"
        raise BadValue(f"{told}，请写成“{text}万元”，或在表头注明（元）或（万元），或在导入时写明单位。" if not unit else f"{told}不合常理，请核对单位。")
    if money.fen > MOST_YUAN * 100:
        raise BadValue(f"金额“{text}”{'' if said else f'按{unit}读取'}是 {money} 元，不合常理，请核对单位后改正。")
    return money
