"""One organisation of a list as it was read, with every doubt about it."""

from dataclasses import dataclass
from datetime import date

from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.values import CreditCode, Division, Share


@dataclass(frozen=True, slots=True)
class ListRow:
    """One organisation of a list. With errors it is not to be taken; each begins with the cell's address.

    `key` tells it from every other row of the file; `sheet` is empty where there is but one. `outside` says why it is
    not of this city, which is no error. `fixes` of its errors could be mended by taking what they propose. `over` is
    what stood over it in its list: headlines and sub-headings, for the file of bad rows.
    """

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
    title_type: str | None
    raw: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class Document:
    """The recognising document of a row."""

    title: str | None
    number: str | None
    date: date | None
    year_only: int | None  # 认定时间 that gave nothing but a year
