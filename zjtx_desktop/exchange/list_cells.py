"""One row of a list as its fields: texts and values taken out, errors and warnings with addresses."""

from collections.abc import Callable, Hashable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, cast

from zjtx_desktop.errors import BadValue
from zjtx_desktop.exchange.headers import Header
from zjtx_desktop.exchange.headings import Field
from zjtx_desktop.exchange.list_words import EMPTY_MARKS
from zjtx_desktop.exchange.table import UNREADABLE, CellProblem, CellValue, Row, Table
from zjtx_desktop.values import MOST_WORDS, clean_name

T = TypeVar("T")
REMEMBERED = 4096  # different readings
DOES_WITHOUT = (Field.NOTE, Field.VALIDITY, Field.VALID_FROM, Field.VALID_TO)  # a row is good without these


class Cells:
    """The fields of a row. A cell that is a problem is reported once and then counts as empty."""

    def __init__(self, table: Table, header: Header, row: Row) -> None:
        self.errors: list[str] = []
        self.warnings: list[str] = []
        self.fixes = 0  # of the errors, how many could be mended by taking what is proposed
        self._table, self._header, self._row = table, header, row
        self._broken: set[Field] = set()
        self._values: dict[Field, CellValue] = {}
        self._texts: dict[Field, str] = {}
        written, width = row.cells, len(row.cells)
        for field, column in header.columns.items():
            cell = written[column - 1] if column <= width else None
            if cell is None:
                continue
            if type(cell) is str:
                text = " ".join(cell.split())
                if text not in EMPTY_MARKS:
                    self._values[field], self._texts[field] = cell, text
            elif isinstance(cell, CellProblem):
                if field is not Field.SERIAL:
                    self._broken.add(field)
                    (self.warn if field in DOES_WITHOUT else self.error)(field, cell.sentence)
            else:
                self._values[field], self._texts[field] = cell, shown(cell)

    @property
    def columns(self) -> Mapping[Field, int]:
        """Where the fields stand, counted from 1."""
        return self._header.columns

    def value(self, field: Field) -> CellValue:
        """What stands in the cell; None when there is no such column, no content, or only a mark like “/”."""
        return self._values.get(field)

    def text(self, field: Field) -> str | None:
        """The cell as a text on one line; numbers and dates as they are usually written."""
        return self._texts.get(field)

    def once(self, known: dict[Any, Any], key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, remembered under a key where there was nothing to say: a list repeats much."""
        if key in known and not self._broken:
            return cast(T, known[key])
        said = len(self.errors) + len(self.warnings)
        found = make()
        if said == len(self.errors) + len(self.warnings) and not self._broken and len(known) < REMEMBERED:
            known[key] = found
        return found

    def parsed(self, field: Field, parse: Callable[[str], T]) -> T | None:
        """The text of the cell as a value; a text that `parse` refuses becomes an error of the row."""
        text = self.text(field)
        if text is None:
            return None
        try:
            return parse(text)
        except BadValue as refusal:
            self.error(field, str(refusal))
            return None

    def words(self, field: Field, most: int = MOST_WORDS) -> str | None:
        """The text of the cell as it is kept; one too long, or with signs that nobody sees, is an error of the row."""
        return self.parsed(field, lambda text: clean_name(text, field.label, most))

    def tried(self, field: Field, make: Callable[[], T]) -> T | None:
        """What `make` gives; its BadValue becomes an error of the row."""
        try:
            return make()
        except BadValue as refusal:
            self.error(field, str(refusal))
            return None

    def is_broken(self, field: Field) -> bool:
        """Whether the cell holds something that could not be read, which has been reported."""
        return field in self._broken

    def error(self, field: Field, sentence: str) -> None:
        """Keep a sentence that stops the row, with the address of the field."""
        self.errors.append(f"{self.where(field)}：{sentence}")

    def warn(self, field: Field, sentence: str) -> None:
        """Keep a sentence that does not stop the row, with the address of the field."""
        self.warnings.append(f"{self.where(field)}：{sentence}")

    def refuse(self, sentence: str) -> None:
        """Keep a sentence that stops the row and begins with its own address."""
        self.errors.append(sentence)

    def plain(self, column: int) -> str:
        """The text in a column that holds no field, on one line; nothing for a mark like “/”."""
        cell = cell_at(self._row, column)
        text = " ".join(shown(cell).split())
        return "" if text in EMPTY_MARKS else text

    def error_at(self, column: int, sentence: str) -> None:
        """Keep a sentence that stops the row, with the address of a column that holds no field."""
        self.errors.append(f"{place(self._table, self._header, self._row.number, column)}：{sentence}")

    def warn_at(self, column: int, sentence: str) -> None:
        """Keep a sentence that does not stop the row, with the address of a column that holds no field."""
        self.warnings.append(f"{place(self._table, self._header, self._row.number, column)}：{sentence}")

    def remark(self, sentence: str) -> None:
        """Keep a sentence about the whole row that does not stop it."""
        self.warnings.append(sentence)

    def has_said(self, column: int, word: str) -> bool:
        """Whether a sentence about the cell in this column has the word already."""
        where = place(self._table, self._header, self._row.number, column)
        return any(said.startswith(f"{where}：") and word in said for said in (*self.errors, *self.warnings))

    def where(self, field: Field) -> str:
        """The address of the field's cell; without such a column, of the cell with the name."""
        column = self._header.columns.get(field, self._header.columns[Field.NAME])
        return place(self._table, self._header, self._row.number, column)


def place(table: Table, header: Header, row: int, column: int) -> str:
    """Where a cell is, by the words over its column: 第3行“文号”列; in what was pasted, by its number."""
    if table.pasted:
        return table.address(row, column)
    said = header.labels[column - 1] if column <= len(header.labels) else ""
    if said:
        return f"第{row}行“{said}”列"
    return f"第{row}行{table.column(column)}列" if table.letters else f"第{row}行 第{column}列"


def cell_at(row: Row, column: int) -> CellValue:
    """The cell in a column counted from 1; None beyond the last."""
    return row.cells[column - 1] if column <= len(row.cells) else None


def shown(cell: CellValue) -> str:
    """A cell as the text a person would see; nothing for one that holds no value to be trusted."""
    if isinstance(cell, str):
        return cell
    if cell is None or isinstance(cell, CellProblem):
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def as_stood(cell: CellValue) -> str:
    """A cell as it stood, for writing bad rows back: what is wrong stays wrong until somebody corrects it."""
    return (cell.seen or UNREADABLE) if isinstance(cell, CellProblem) else shown(cell)
