"""What is wrong or doubtful in a recognition as it is being filled in, each at the field it is about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zjtx_desktop.domain.titles import Titles, Weight
from zjtx_desktop.exchange.list_fields import USUAL_YEARS, is_usual
from zjtx_desktop.values import DocumentNumber, format_date

CHECKED = (
    "level",
    "label_year",
    "document_title",
    "document_number",
    "document_date",
    "valid_from",
    "valid_to",
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A sentence about one field; one that `hinders` must be put right before saving."""

    key: str
    sentence: str
    hinders: bool = False


def doubts(values: Mapping[str, Any], today: date) -> tuple[Doubt, ...]:
    """Check the fields against each other; `values` has the keys of a RecognitionForm, None where nothing is given."""
    return (*_of_title(values), *_of_document(values, today), *_of_years(values), *_of_validity(values))


def _of_title(values: Mapping[str, Any]) -> Iterator[Doubt]:
    if values.get("title") and values.get("level") in (missing := Titles.load().get(values["title"]).missing):
        yield Doubt("level", missing[values["level"]], hinders=True)
    elif values.get("title") and values.get("level"):
        day, printed, kind = (values.get(key) for key in ("document_date", "document_title", "title_type"))
        if found := Titles.load().untimely(values["title"], values["level"], day, printed, kind):
            key = "document_title" if found.weight is Weight.UNSURE else "document_date"
            yield Doubt(key, f"{found.sentence}。", hinders=found.weight is Weight.WRONG)


def _of_document(values: Mapping[str, Any], today: date) -> Iterator[Doubt]:
    day, number = values.get("document_date"), values.get("document_number")
    if day and day > today:
        yield Doubt("document_date", f"认定日期 {format_date(day)} 晚于今天，请核对。", hinders=True)
    elif day is None:
        yield Doubt("document_date", "没有认定日期就不能确定奖补年度，请按认定文件补充。")
    if isinstance(number, DocumentNumber) and day and number.year not in (day.year, day.year - 1):
        yield Doubt("document_number", f"文号是 {number.year} 年的，认定日期却在 {day.year} 年，请核对。")
    if "公示" in (values.get("document_title") or "") and not values.get("publicity_only"):
        yield Doubt(
            "document_title",
            "公示不是认定文件。只有公示的，请勾选“仅为公示”；已正式认定的，请改填公告或通知。",
        )


def _of_years(values: Mapping[str, Any]) -> Iterator[Doubt]:
    day, year, start = values.get("document_date"), values.get("label_year"), values.get("valid_from")
    if day and year and year != day.year:
        yield Doubt(
            "label_year",
            f"名单年度是 {year} 年，认定文件日期在 {day.year} 年：奖补年度按设置中选定的日期确定，请核对。",
        )
    if day and start and start.year != day.year:
        yield Doubt("valid_from", f"有效期从 {start.year} 年起，认定文件日期在 {day.year} 年，请核对。")


def _of_validity(values: Mapping[str, Any]) -> Iterator[Doubt]:
    first, last = values.get("valid_from"), values.get("valid_to")
    if not first or not last:
        return
    if last < first:
        yield Doubt("valid_to", f"有效期止早于有效期起 {format_date(first)}，请核对。", hinders=True)
    elif not is_usual(first, last):
        yield Doubt("valid_to", f"有效期不是通常的 {USUAL_YEARS} 年，请核对。")
