"""What one row of a list says, field by field, under the rules of recognitions; doubt becomes an error."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zjtx_desktop.domain.titles import Kind, Level, Titles, Weight, parse_kind, parse_level
from zjtx_desktop.errors import BadValue
from zjtx_desktop.exchange.headers import Field, Header
from zjtx_desktop.exchange.list_cells import Cells, shown
from zjtx_desktop.exchange.list_fields import (
    OTHER_CITY,
    USUAL_YEARS,
    batch_of,
    code_of,
    date_of,
    division_of,
    is_usual,
    is_whole_city,
    name_of,
    number_inside,
    only_year,
    validity_of,
)
from zjtx_desktop.exchange.table import Row, Table
from zjtx_desktop.values import (
    CreditCode,
    Division,
    DocumentNumber,
    Share,
    clean_name,
    format_date,
    parse_shares,
    parse_year,
)

AGAIN = re.compile("复核|再次认定|重新认定")
STOPPED = re.compile("未通过|不通过|撤销|取消|不予|退出")
PUBLICITY = "公示"


@dataclass(frozen=True, slots=True)
class ListDefaults:
    """What the person says of the whole file; it fills what a row does not say itself."""

    title: str | None = None  # the id of a title
    level: Level | None = None
    kind: Kind | None = None
    document_title: str | None = None
    document_number: DocumentNumber | None = None
    document_date: date | None = None
    batch: str | None = None
    label_year: int | None = None
    division: Division | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class ListRow:
    """One organisation of a list. With errors it is not to be taken; each begins with the cell's address."""

    number: int
    name: str
    credit_code: CreditCode | None
    code_text: str | None
    region_text: str | None
    division: Division | None
    shares: tuple[Share, ...]
    title: str | None
    level: Level | None
    kind: Kind | None
    batch: str | None
    label_year: int | None
    document_title: str | None
    document_number: str | None
    document_date: date | None
    valid_from: date | None
    valid_to: date | None
    operator: str | None
    product: str | None
    certificate: str | None
    note: str | None
    publicity_only: bool
    raw: tuple[str, ...]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the row may be taken."""
        return not self.errors


@dataclass(frozen=True, slots=True)
class Heading:
    """What the headings between the rows, and the texts around the list, say about a row below them."""

    text: str = ""
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """The recognising document of a row."""

    title: str | None
    number: str | None
    date: date | None
    year_only: int | None  # 认定时间 that gave nothing but a year


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows under one header; `around` holds the texts over it and the names of sheet and file."""

    table: Table
    header: Header
    defaults: ListDefaults
    titles: Titles
    today: date
    around: Sequence[str]

    def read(self, row: Row, heading: Heading) -> ListRow:
        """The row with all its errors and warnings."""
        cells = Cells(self.table, self.header, row)
        name = name_of(cells)
        code, code_text = code_of(cells)
        region_text, division = self._region(cells)
        document = self._document(cells)
        title, level = self._title(cells, document.date)
        self._timing(cells, title, level, document)
        batch = batch_of(cells) or self.defaults.batch
        valid_from, valid_to = self._validity(cells)
        note = cells.text(Field.NOTE)
        if note and STOPPED.search(note):
            cells.warn(Field.NOTE, f"备注写有“{note[:30]}”，请核对这一家是否确已认定。")
        return ListRow(
            number=row.number,
            name=name,
            credit_code=code,
            code_text=code_text,
            region_text=region_text,
            division=division,
            shares=cells.parsed(Field.SHARES, parse_shares) or (),
            title=title,
            level=level,
            kind=self._kind(cells, heading, (cells.text(Field.TITLE), batch, document.title, note)),
            batch=batch,
            label_year=self._year(cells, document),
            document_title=document.title,
            document_number=document.number,
            document_date=document.date,
            valid_from=valid_from,
            valid_to=valid_to,
            operator=cells.parsed(Field.OPERATOR, clean_name),
            product=cells.text(Field.PRODUCT),
            certificate=cells.text(Field.CERTIFICATE),
            note=note,
            publicity_only=PUBLICITY in (document.title or ""),
            raw=self._raw(row),
            errors=tuple(cells.errors),
            warnings=tuple(cells.warnings),
        )

    def _raw(self, row: Row) -> tuple[str, ...]:
        missing = len(self.header.labels) - len(row.cells)
        return (*map(shown, row.cells), *[""] * missing)

    def _region(self, cells: Cells) -> tuple[str | None, Division | None]:
        field = Field.REGION if Field.REGION in self.header.columns else Field.RECOMMENDER
        text = cells.text(field)
        if cells.is_broken(field):
            return None, None
        if text is None:
            return None, self.defaults.division
        if is_whole_city(text):
            if self.defaults.division is None:
                cells.warn(field, f"“{text}”没有写明县（市、区），请导入后补充所属地区。")
            return text, self.defaults.division
        if field is Field.REGION:
            return text, cells.tried(field, lambda: division_of(text))
        return text, self._recommended(cells, text)

    def _recommended(self, cells: Cells, text: str) -> Division | None:
        """The county of a recommending office; an office of no known place says nothing."""
        try:
            return division_of(text)
        except BadValue as refusal:
            if OTHER_CITY.match(text):
                cells.error(Field.RECOMMENDER, str(refusal))
                return None
        cells.warn(Field.RECOMMENDER, f"从“{text}”看不出所属县（市、区），请导入后补充所属地区。")
        return self.defaults.division

    def _document(self, cells: Cells) -> Document:
        title = cells.text(Field.DOCUMENT) or self.defaults.document_title
        number = cells.parsed(Field.NUMBER, DocumentNumber.parse)
        silent = cells.text(Field.NUMBER) is None and not cells.is_broken(Field.NUMBER)
        if silent and title and (inside := number_inside(title)):
            number = cells.tried(Field.DOCUMENT, lambda: DocumentNumber.parse(inside[0]))
            title = inside[1]
        elif silent:
            number = self.defaults.document_number
        if silent and number is None:
            cells.warn(Field.NUMBER, "没有认定文件的文号，请导入后补充。")
        day, year = self._document_date(cells)
        return Document(title, str(number) if number else None, day, year)

    def _document_date(self, cells: Cells) -> tuple[date | None, int | None]:
        value = cells.value(Field.DATE)
        if cells.is_broken(Field.DATE):
            return None, None
        if (year := only_year(value)) is not None:
            cells.warn(Field.DATE, f"认定日期只有年份，已作为名单年度 {year}，认定日期请导入后补充。")
            return self.defaults.document_date, year
        day = self.defaults.document_date if value is None else date_of(cells, Field.DATE)
        if day is not None and day > self.today:
            cells.error(Field.DATE, f"认定日期 {format_date(day)} 晚于今天，请核对。")
        if day is None and value is None:
            cells.warn(Field.DATE, "没有认定文件的日期，请导入后补充。")
        return day, None

    def _year(self, cells: Cells, document: Document) -> int | None:
        year = cells.parsed(Field.YEAR, parse_year) or document.year_only or self.defaults.label_year
        if year is not None and year > self.today.year:
            cells.error(Field.YEAR, f"年度 {year} 晚于今年，请核对。")
        return year

    def _title(self, cells: Cells, on: date | None) -> tuple[str | None, Level | None]:
        level = cells.parsed(Field.LEVEL, parse_level)
        text = cells.text(Field.TITLE)
        unreadable = level is None and cells.text(Field.LEVEL) is not None
        if unreadable or cells.is_broken(Field.TITLE) or cells.is_broken(Field.LEVEL):
            return None, level
        if text is None:
            return self._default_title(cells, level or self.defaults.level)
        if note := self.titles.note(text):
            cells.warn(Field.TITLE, note)
        return cells.tried(Field.TITLE, lambda: self._resolved(text, level, on)) or (None, level)

    def _timing(self, cells: Cells, title: str | None, level: Level | None, document: Document) -> None:
        """Whether the title existed on the day of its document; the row's own words for it count first."""
        if title is None or level is None:
            return
        printed = cells.text(Field.TITLE) or document.title
        if found := self.titles.untimely(title, level, document.date, printed):
            say = cells.error if found.weight is Weight.WRONG else cells.warn
            say(Field.TITLE, f"{found.sentence}。")

    def _resolved(self, text: str, level: Level | None, on: date | None) -> tuple[str, Level]:
        """The title and level of a text; the level given for the whole file only where the row is silent."""
        try:
            title, found = self.titles.resolve(text, level, on)
        except BadValue as refusal:
            if level is not None or self.defaults.level is None:
                raise
            try:
                title, found = self.titles.resolve(text, self.defaults.level, on)
            except BadValue:
                raise refusal from None  # the level was not what was wrong
        return title.id, found

    def _default_title(self, cells: Cells, level: Level | None) -> tuple[str | None, Level | None]:
        if self.defaults.title is None:
            cells.error(Field.TITLE, "没有认定称号，请在名单里补充“认定称号”一列，或在导入时选择称号。")
            return None, level
        title = self.titles.get(self.defaults.title)
        level = level or (next(iter(title.names)) if len(title.names) == 1 else None)
        if level is None:
            cells.error(Field.LEVEL, "没有级别，请在名单里补充“级别”一列，或在导入时选择省级或国家级。")
            return title.id, None
        if level in title.missing:
            cells.error(Field.LEVEL, title.missing[level])
            return None, level
        return title.id, level

    def _kind(self, cells: Cells, heading: Heading, texts: Sequence[str | None]) -> Kind | None:
        if STOPPED.search(heading.text):
            cells.error(Field.NAME, f"在小标题“{heading.text[:30]}”之下，不是认定名单，请核对。")
            return None
        if cells.text(Field.KIND) or cells.is_broken(Field.KIND):
            return cells.parsed(Field.KIND, parse_kind)
        if kind := heading.kind or self.defaults.kind:
            return kind
        said = (text for text in (*texts, heading.text, *self.around) if text)
        if doubt := next(filter(AGAIN.search, said), None):
            cells.error(Field.KIND, f"没有认定类型，而“{doubt[:30]}”提到复核或再次认定，请补充“认定类型”后再导入。")
            return None
        cells.warn(Field.KIND, "未注明认定类型，按新认定登记，请核对。")
        return Kind.NEW

    def _validity(self, cells: Cells) -> tuple[date | None, date | None]:
        first, last = validity_of(cells)
        first = date_of(cells, Field.VALID_FROM) or first
        last = date_of(cells, Field.VALID_TO) or last
        if first is None and last is None:
            first, last = self.defaults.valid_from, self.defaults.valid_to
        field = Field.VALID_TO if Field.VALID_TO in self.header.columns else Field.VALIDITY
        if first and last and last < first:
            cells.error(field, f"有效期止 {format_date(last)} 早于有效期起 {format_date(first)}，请核对。")
        elif first and last and not is_usual(first, last):
            span = f"{format_date(first)}至{format_date(last)}"
            cells.warn(field, f"有效期 {span} 不是 {USUAL_YEARS} 年，请核对。")
        return first, last
