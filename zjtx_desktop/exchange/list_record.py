"""One organisation of a list as it was read, with every doubt about it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.exchange.list_cells import as_stood
from zjtx_desktop.exchange.table import CellValue
from zjtx_desktop.values import CreditCode, Division, Share


class Stated(NamedTuple):
    """What a row says of its place and its recognition; most rows of a long list say the same and share one."""

    region_text: str | None = None
    division: Division | None = None
    shares: tuple[Share, ...] = ()
    title: str | None = None
    level: Level | None = None
    kind: Kind | None = None
    batch: str | None = None
    label_year: int | None = None
    document_title: str | None = None
    document_number: str | None = None
    document_date: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    operator: str | None = None
    product: str | None = None
    certificate: str | None = None
    note: str | None = None
    publicity_only: bool = False
    title_type: str | None = None


@dataclass(frozen=True, slots=True)
class ListRow:
    """One organisation of a list. With errors it is not to be taken; each begins with the cell's address.

    What it `stated` is read as if it were the row's own (`row.title`). `cells` are those of its table, under the
    header of the list. `key` tells it from every other row of the file; `sheet` is empty where there is but one. `outside` says why it is
    not of this city, which is no error. `fixes` of its errors could be mended by taking what they propose. `over` is
    what stood over it in its list: headlines and sub-headings, for the file of bad rows.
    """

    number: int
    name: str
    code: str | None  # of a credit code that can be taken
    code_text: str | None
    stated: Stated
    cells: tuple[CellValue, ...]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    former: str | None = None
    outside: str = ""
    fixes: int = 0
    sheet: str = ""
    key: int = 0
    over: tuple[str, str] = ("", "")

    @property
    def ok(self) -> bool:
        """Whether the row may be taken."""
        return not self.errors and not self.outside

    @property
    def credit_code(self) -> CreditCode | None:
        """The code that can be taken."""
        return CreditCode(self.code) if self.code else None

    @property
    def raw(self) -> tuple[str, ...]:
        """Its cells as they stood, for the file of bad rows."""
        return tuple(map(as_stood, self.cells))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stated, name)


@dataclass(frozen=True, slots=True)
class Document:
    """The recognising document of a row."""

    title: str | None
    number: str | None
    date: date | None
    year_only: int | None  # 认定时间 that gave nothing but a year
