"""Document numbers (文号): `赣府发〔2024〕5号` in one canonical form, however a list has typed them."""

import re
import unicodedata
from dataclasses import dataclass

from zjtx_desktop.errors import BadValue

_YEARS = range(1949, 2101)
_BRACKETED = re.compile(
    r"(?P<agency>[^\d\[\]〔〕【】()〖〗]{1,40})[\[〔【(〖](?P<year>\d{4})年?[\]〕】)〗]第?(?P<serial>\d{1,6})号",
    re.ASCII,
)
_BY_YEAR = re.compile(
    r"(?P<agency>[^\d\[\]〔〕【】()〖〗]{1,40})(?P<year>\d{4})年第?(?P<serial>\d{1,6})号(?P<kind>公告|通告|令)?",
    re.ASCII,
)
_BY_YEAR_KINDS = ("公告", "通告", "令")  # these are numbered 2024年第5号, not 〔2024〕5号


@dataclass(frozen=True, order=True, slots=True)
class DocumentNumber:
    """Agency word, year and serial; `str` gives the form of GB/T 9704, or that of an announcement."""

    agency: str
    year: int
    serial: int

    @classmethod
    def parse(cls, text: str) -> "DocumentNumber":
        """Read any bracket style, full width, 第 and leading zeros; BadValue when a piece is missing."""
        plain = "".join(unicodedata.normalize("NFKC", text).split())
        found = _BRACKETED.fullmatch(plain) or _BY_YEAR.fullmatch(plain)
        if not found:
            raise BadValue(f"“{text.strip()}”不是完整的文号，请按“赣府发〔2024〕5号”的样式填写。")
        year, serial = int(found["year"]), int(found["serial"])
        if year not in _YEARS or serial == 0:
            raise BadValue(f"文号“{text.strip()}”的年份或顺序号有误，请核对原文件。")
        return cls(found["agency"] + (found.groupdict().get("kind") or ""), year, serial)

    def __str__(self) -> str:
        if self.agency.endswith(_BY_YEAR_KINDS):
            return f"{self.agency}{self.year}年第{self.serial}号"
        return f"{self.agency}〔{self.year}〕{self.serial}号"
