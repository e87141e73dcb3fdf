"""What one row of a list says, field by field, under the rules of recognitions; doubt becomes an error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from zjtx_desktop.domain.titles import Kind, Level, Titles, Weight
from zjtx_desktop.errors import BadValue
from zjtx_desktop.exchange.headings import Field
from zjtx_desktop.exchange.list_around import Answers, ListDefaults, Question, sources
from zjtx_desktop.exchange.list_cells import REMEMBERED, Cells, as_stood
from zjtx_desktop.exchange.list_fields import (
    USUAL_YEARS,
    batch_of,
    code_of,
    date_of,
    doubtful_date,
    is_usual,
    name_of,
    number_inside,
    only_year,
    validity_of,
)
from zjtx_desktop.exchange.list_feet import is_office
from zjtx_desktop.exchange.list_hints import tell_hints, tell_remarks
from zjtx_desktop.exchange.list_names import Name, has_body, is_firm
from zjtx_desktop.exchange.list_place import whereabouts
from zjtx_desktop.exchange.list_record import Document, ListRow, Stated
from zjtx_desktop.exchange.list_sections import Line
from zjtx_desktop.exchange.list_status import PUBLICITY, REVIEWED, Evidence, earlier_year, gather, judge_claims, own_kind
from zjtx_desktop.exchange.list_titles import TitleReader
from zjtx_desktop.exchange.statements import SHOWN, Said, status_of
from zjtx_desktop.exchange.table import CellValue, Hint, Table
from zjtx_desktop.values import (
    MOST_NAME,
    MOST_NOTE,
    CreditCode,
    DocumentNumber,
    format_date,
    parse_month,
    parse_shares,
    parse_year,
)

BESIDE = 1 << 21  # keys of one block before those of the next one beside it
FIRM_CODES = ("91", "92", "93")  # of companies, sole traders, cooperatives
LISTED = frozenset(("startup_base", "service_platform"))  # titles whose listed name need be no legal person's


@dataclass(frozen=True, slots=True)
class Around:
    """What holds for all rows under the same headlines: these, what was given, and what is in doubt between the two."""

    heads: tuple[Said, ...]
    file: Said
    defaults: ListDefaults
    answers: Answers = Answers()
    open: Mapping[str, Question] = field(default_factory=dict)
    feet: tuple[str, ...] = ()


@dataclass(slots=True)
class RowReader:
    """Reads rows under the same headlines; `relied` are the questions that a row could not do without an answer,
    `usual` the colours of cells that mean nothing.
    """

    table: Table
    titles: Titles
    today: date
    around: Around
    usual: frozenset[Hint] = frozenset()
    relied: set[str] = field(default_factory=set)
    _documents: dict[Any, Document] = field(default_factory=dict)
    _named: dict[Any, tuple[str | None, Level | None, str | None]] = field(default_factory=dict)
    _stood: dict[tuple[Said, ...], tuple[str, str]] = field(default_factory=dict)
    _sources: dict[tuple[Said, ...], list[tuple[Said, str]]] = field(default_factory=dict)
    _stated: dict[Stated, Stated] = field(default_factory=dict)

    def read(self, line: Line, columns: Sequence[int] | None = None) -> ListRow:
        """The row with all its errors and warnings; `columns` are those that it keeps the cells of, all without."""
        cells, given = Cells(self.table, line.header, line.row), self.around.defaults
        name = name_of(cells, line.more, self.around.answers.accept_fixes)
        place = whereabouts(cells, line.said, line.header.watched, given.division, name.place)
        if place.outside and given.division is None:
            return self._outside(line, name, place.outside, columns)
        if "division" in self.around.open and place.division is given.division and place.text is None:
            self._ask(cells, Field.REGION, "division")
        found = gather(cells, self._said(line.said), line.header.watched, name.tail)
        self._judge_marks(cells, found, name)
        tell_hints(cells, line, self.usual)
        tell_remarks(cells, line, name.text)
        code, code_text = code_of(cells, name.code, self.around.answers.accept_fixes)
        told = (cells.text(Field.DOCUMENT), cells.text(Field.NUMBER), cells.value(Field.DATE))
        document = cells.once(self._documents, told, lambda: self._document(cells))
        named = (cells.text(Field.TITLE), cells.text(Field.LEVEL), document, line.said)
        title, level, title_type = cells.once(self._named, named, lambda: self._titles(cells, line, document))
        judge_claims(cells, line.header.watched, title, level)
        batch = self._batch(cells, line)
        kind = self._kind(cells, line, found, document)
        valid_from, valid_to = self._validity(cells)
        year = self._year(cells, document)
        self._judge_years(cells, line, kind, document, year)
        _judge_body(cells, name, code, title)
        publicity = PUBLICITY in (document.title or "") and not status_of(document.title or "").stopped
        if found.publicity:
            cells.warn(Field.NAME, f"{found.publicity}：公示、推荐、申报的名单不是认定，按“仅公示”登记，不据以奖补。")
        stated = Stated(
            region_text=place.text,
            division=place.division,
            shares=cells.parsed(Field.SHARES, parse_shares) or (),
            title=title,
            level=level,
            kind=kind,
            batch=batch,
            label_year=year,
            document_title=document.title,
            document_number=document.number,
            document_date=document.date,
            valid_from=valid_from,
            valid_to=valid_to,
            operator=cells.words(Field.OPERATOR, MOST_NAME),
            product=cells.words(Field.PRODUCT),
            certificate=cells.words(Field.CERTIFICATE, MOST_NAME),
            note=cells.words(Field.NOTE, MOST_NOTE),
            publicity_only=publicity or bool(found.publicity),
            title_type=title_type,
        )
        return ListRow(
            number=line.row.number,
            name=name.text,
            code=code.text if code else None,
            code_text=code_text,
            stated=self._once(stated),
            cells=_cells(line, columns),
            errors=tuple(cells.errors),
            warnings=tuple(cells.warnings),
            former=name.former or found.former or None,
            outside=place.outside,
            fixes=cells.fixes,
            key=_key(line),
            over=self._over(line),
        )

    def _outside(self, line: Line, name: Name, why: str, columns: Sequence[int] | None) -> ListRow:
        """A row of another city or province: nothing more is asked of it."""
        return ListRow(
            line.row.number, name.text, None, None, Stated(), _cells(line, columns), (), (), outside=why, key=_key(line)
        )

    def _once(self, stated: Stated) -> Stated:
        """The same object for rows that say the same."""
        return self._stated.setdefault(stated, stated) if len(self._stated) < REMEMBERED else self._stated.get(stated, stated)

    def _said(self, said: tuple[Said, ...]) -> list[tuple[Said, str]]:
        """Headlines and headings that tell of the status, and how each is called."""
        if said not in self._sources:
            both = [*sources(self.around.heads)] + [(one, f"小标题{one.quoted}") for one in said]
            self._sources[said] = [(one, called) for one, called in both if one.stopped or one.renamed or one.proposed]
        return self._sources[said]

    def _over(self, line: Line) -> tuple[str, str]:
        if line.said not in self._stood:
            heads, said = ([one.text for one in some if not one.is_silent] for some in (self.around.heads, line.said))
            self._stood[line.said] = "\n".join(heads), "\n".join(said)
        return self._stood[line.said]

    def _ask(self, cells: Cells, label: Field, field_name: str) -> bool:
        """Whether a value given for the whole file is in doubt; the row is an error until that is settled."""
        question = self.around.open.get(field_name)
        if question is None:
            return False
        self.relied.add(field_name)
        cells.error(label, f"{question.sentence}请先对整份名单核对清楚。")
        return True

    def _titles(self, cells: Cells, line: Line, document: Document) -> tuple[str | None, Level | None, str | None]:
        """The title, its level, and its type where the list says the merged national title."""
        reader = TitleReader(cells, self.titles, self.around.defaults, document.date, line.said, self.around.heads, self.around.answers.from_heading)
        title, level = reader.read()
        for name, label in (("title", Field.TITLE), ("level", Field.LEVEL)):
            if name in reader.took_given:
                self._ask(cells, label, name)
        if title and level:
            self._judge_timing(cells, title, level, document, reader.printed)
        return title, level, self.titles.type_of(reader.printed or "")

    def _judge_timing(
        self, cells: Cells, title: str, level: Level, document: Document, printed: str | None
    ) -> None:
        """Whether the title existed on the day of its document; the list's own words for it count first."""
        if found := self.titles.untimely(title, level, document.date, printed or document.title):
            say = cells.error if found.weight is Weight.WRONG else cells.warn
            say(Field.TITLE, f"{found.sentence}。")

    def _batch(self, cells: Cells, line: Line) -> str | None:
        own = batch_of(cells)
        if own is not None:
            return own
        heading = next((one.batch for one in reversed(line.said) if one.batch), None)
        if heading is None and self.around.defaults.batch:
            self._ask(cells, Field.BATCH, "batch")
        return heading or self.around.defaults.batch

    def _document(self, cells: Cells) -> Document:
        title = cells.words(Field.DOCUMENT) or self.around.defaults.document_title
        number = cells.parsed(Field.NUMBER, _number)
        silent = cells.text(Field.NUMBER) is None and not cells.is_broken(Field.NUMBER)
        if silent and title and (inside := number_inside(title)):
            number = cells.tried(Field.DOCUMENT, lambda: DocumentNumber.parse(inside[0]))
            title = inside[1]
        elif silent:
            number = self.around.defaults.document_number
        if silent and number is None:
            cells.warn(Field.NUMBER, "没有认定文件的文号，请导入后补充。")
        day, year = self._document_date(cells)
        return Document(title, str(number) if number else None, day, year)

    def _document_date(self, cells: Cells) -> tuple[date | None, int | None]:
        value, given = cells.value(Field.DATE), self.around.defaults.document_date
        if cells.is_broken(Field.DATE):
            return None, None
        if (year := only_year(value)) is not None:
            rest = f"认定日期按全表的{format_date(given)}登记，请核对。" if given else "认定日期请导入后补充。"
            cells.warn(Field.DATE, f"认定日期只有年份，已作为名单年度 {year}，{rest}")
            return given, year
        if value is not None and given and _is_month_of(value, given):
            cells.warn(Field.DATE, f"“{cells.text(Field.DATE)}”没有写明日子，按全表的认定日期{format_date(given)}登记。")
            return given, None
        day = given if value is None else date_of(cells, Field.DATE)
        if day is not None and day > self.today:
            cells.error(Field.DATE, f"认定日期 {format_date(day)} 晚于今天，请核对。")
        if day is None and value is None:
            cells.warn(Field.DATE, "没有认定文件的日期，请导入后补充。")
        return day, None

    def _year(self, cells: Cells, document: Document) -> int | None:
        year = cells.parsed(Field.YEAR, parse_year) or document.year_only or self.around.defaults.label_year
        if year is not None and year > self.today.year:
            cells.error(Field.YEAR, f"年度 {year} 晚于今年，请核对。")
        return year

    def _kind(self, cells: Cells, line: Line, found: Evidence, document: Document) -> Kind | None:
        """By the row's own columns, then the heading over it, then what was given; never new where a review is told."""
        if cells.text(Field.KIND) or cells.is_broken(Field.KIND):
            return own_kind(cells, found)
        given = self.around.defaults.kind
        over = next((one for one in reversed(line.said) if one.kinds), None)
        heading = over.kind if over else None
        kind = heading or given
        if found.reviewed and (kind is None or kind is Kind.NEW):
            told = found.reviewed[1]
            cells.error(Field.KIND, f"没有认定类型，而{told}提到复核或再次认定，请补充“认定类型”后再导入。")
            return None
        if heading:
            return heading
        if over:
            cells.error(Field.KIND, f"没有认定类型，而小标题{over.quoted}写有不止一种，请补充“认定类型”后再导入。")
            return None
        if given:
            self._ask(cells, Field.KIND, "kind")
            return given
        around = (*line.said, *self.around.heads, self.around.file)
        doubt = next((one.text for one in around if one.kinds & REVIEWED), "")
        if not doubt and status_of(document.title or "").kinds & REVIEWED:
            doubt = document.title or ""
        if doubt:
            cells.error(Field.KIND, f"没有认定类型，而“{doubt[:SHOWN]}”提到复核或再次认定，请补充“认定类型”后再导入。")
            return None
        cells.warn(Field.KIND, "未注明认定类型，按新认定登记，请核对。")
        return Kind.NEW

    def _judge_years(self, cells: Cells, line: Line, kind: Kind | None, document: Document, year: int | None) -> None:
        """The year of a first recognition against this one's, and the year of the headline against what was given."""
        now = year or (document.date.year if document.date else None)
        earlier = earlier_year(line.header.watched, cells)
        if earlier and now and earlier[0] < now and kind not in REVIEWED:
            cells.error(Field.KIND, f"“{earlier[1]}”写的是 {earlier[0]} 年，早于这次的 {now} 年，请核对是不是复核，并补充“认定类型”。")
        own = cells.text(Field.YEAR) or cells.text(Field.DATE)
        if own is None and "label_year" in self.around.open:
            self._ask(cells, Field.YEAR, "label_year")

    def _judge_marks(self, cells: Cells, found: Evidence, name: Name) -> None:
        """A footnote mark at the name, where a note of the list says what it means."""
        for mark in dict.fromkeys(name.marks):
            note = next((text for text in (*self.around.feet, *(one.text for one in self.around.heads)) if mark in text), None)
            if note is None:
                continue
            status = status_of(note)
            if status.stopped:
                cells.error(Field.NAME, f"名称带“{mark}”，而名单注明“{note[:SHOWN]}”，请核对。")
            found.add(status, f"带“{mark}”的注“{note[:SHOWN]}”")

    def _validity(self, cells: Cells) -> tuple[date | None, date | None]:
        first, last = validity_of(cells)
        first = doubtful_date(cells, Field.VALID_FROM) or first
        last = doubtful_date(cells, Field.VALID_TO) or last
        if first is None and last is None:
            first, last = self.around.defaults.valid_from, self.around.defaults.valid_to
        field = Field.VALID_TO if Field.VALID_TO in cells.columns else Field.VALIDITY
        if first and last and last < first:
            cells.error(field, f"有效期止 {format_date(last)} 早于有效期起 {format_date(first)}，请核对。")
        elif first and last and not is_usual(first, last):
            span = f"{format_date(first)}至{format_date(last)}"
            cells.warn(field, f"有效期 {span} 不是 {USUAL_YEARS} 年，请核对。")
        return first, last


@lru_cache  # a list names few documents, many times
def _number(text: str) -> DocumentNumber:
    return DocumentNumber.parse(text)


def _judge_body(cells: Cells, name: Name, code: CreditCode | None, title: str | None) -> None:
    """A name that says nothing of a body is asked about, unless a code or the title speaks for it."""
    if not name.text or not isinstance(cells.value(Field.NAME), str) or name.doubt or is_firm(name.text):
        return
    if title not in LISTED and is_office(name.text) and not (code and str(code).startswith(FIRM_CODES)):
        cells.error(Field.NAME, f"“{name.text}”是机关，不是企业，请核对。")
        return
    if has_body(name.text):
        return
    sentence = f"“{name.text}”看不出是单位名称（没有公司、厂、合作社、园、平台等字样）"
    if title in LISTED or code and code.check_digit_ok:
        cells.warn(Field.NAME, f"{sentence}，请核对。")
    else:
        cells.error(Field.NAME, f"{sentence}。确是单位的，请写全称，或补上统一社会信用代码后再导入。")


def _is_month_of(value: object, day: date) -> bool:
    """Whether a cell gives the month of this day and no more."""
    if not isinstance(value, str):
        return False
    try:
        return parse_month(value) == (day.year, day.month)
    except BadValue:
        return False


def _key(line: Line) -> int:
    block, number = line.order[1], line.row.number
    return block * BESIDE + number if block else number  # the number itself: a long list has many


def _cells(line: Line, columns: Sequence[int] | None) -> tuple[CellValue, ...]:
    cells = line.row.cells
    if line.more:  # the break stays to be seen in a file of bad rows
        column = line.header.columns[Field.NAME]
        cells = (*cells[: column - 1], f"{as_stood(cells[column - 1])}…{line.more}", *cells[column:])
    if columns is not None:
        return tuple(cells[column - 1] if 0 < column <= len(cells) else None for column in columns)
    lacking = len(line.header.labels) - len(cells)
    return (*cells, *[None] * lacking) if lacking > 0 else cells
