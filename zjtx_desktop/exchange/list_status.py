"""How far the recognition of a row is, and of what kind, from everything that is said about it; doubt is an error."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from zjtx_desktop.domain.titles import Kind, Level, parse_kind
from zjtx_desktop.exchange.headers import Role, Watched
from zjtx_desktop.exchange.headings import Field, is_descriptive
from zjtx_desktop.exchange.list_cells import Cells
from zjtx_desktop.exchange.list_words import any_of, plain_set, whole
from zjtx_desktop.exchange.statements import SHOWN, SILENT, Said, Status, hint_in, is_harmless, is_no, is_tick, issuer_level, said_in, status_of

REVIEWED = frozenset((Kind.REVIEW, Kind.AGAIN))
PUBLICITY = "公示"
LONGEST_STATUS = 40  # letters; a longer text in a column of no known use tells a story
_YEAR = re.compile(r"20\d\d")


@dataclass(slots=True)
class Evidence:
    """What was found about one row: the kinds it speaks of, and what makes it a publicity list."""

    kinds: list[tuple[frozenset[Kind], str]] = field(default_factory=list)
    publicity: str = ""
    former: str = ""

    def add(self, status: Status, source: str) -> None:
        """Keep what a text says of the kind."""
        if status.kinds:
            self.kinds.append((status.kinds, source))

    @property
    def reviewed(self) -> tuple[frozenset[Kind], str] | None:
        """The first text that speaks of a review and not of a new recognition as well."""
        return next((one for one in self.kinds if one[0] & REVIEWED and Kind.NEW not in one[0]), None)


def gather(cells: Cells, said: Sequence[tuple[Said, str]], watched: Iterable[Watched], tail: str) -> Evidence:
    """What headings, columns and remark say; words that stop a row become its errors, quoting the text.

    `said` are the headlines and headings over the row with what each is called, `tail` a bracket behind the name.
    """
    found = Evidence()
    for one, source in said:
        if one.stopped:
            cells.error(Field.NAME, f"{source}写有“{one.stopped}”，不是认定名单，请核对。")
        elif one.renamed:
            cells.error(Field.NAME, f"{source}写有“{one.renamed}”，更名名单不认定任何单位。请在企业中登记新名称，原名记为曾用名。")
        elif one.proposed:
            found.publicity = found.publicity or f"{source}写有“{one.proposed}”"
    if tail:
        _take(cells, found, Field.NAME, tail, status_of(tail))
    for label in (Field.NOTE, Field.BATCH, Field.DOCUMENT, Field.TITLE):
        if (text := cells.text(label)) and (status := status_of(text)) is not SILENT or label is Field.NOTE and text:
            _take(cells, found, label, text, status)
    for column in watched:
        text = cells.plain(column.column)
        if column.role is Role.ADVERSE:
            if not is_no(text) and not is_harmless(text):
                cells.error_at(column.column, f"“{column.label}”写的是“{text[:SHOWN]}”，不能登记，请核对。")
        elif column.role is Role.RESULT:
            _take_result(cells, found, column, text)
        elif text:
            _take_watched(cells, found, column, text)
    return found


def _take(cells: Cells, found: Evidence, label: Field, text: str, status: Status) -> None:
    """What the remark, the batch, the document or a bracket behind the name says."""
    quoted = text[:SHOWN]
    if status.stopped:
        cells.error(label, f"写有“{quoted}”，不是认定，请核对。")
    elif label is not Field.DOCUMENT and (status.proposed.startswith("拟") or PUBLICITY in status.proposed):
        found.publicity = found.publicity or f"{label.label}写有“{quoted}”"
    elif label is Field.NOTE and (hint := hint_in(text)):
        cells.warn(label, f"备注写有“{hint}”（{quoted}），请核对这一家的情况。")
    kinds = status.kinds - {Kind.NEW} if status.kinds & REVIEWED and label is not Field.DOCUMENT else status.kinds
    found.add(replace(status, kinds=kinds), f"“{quoted}”")  # 2021年首次认定，2024年复核 is a review


def _take_result(cells: Cells, found: Evidence, column: Watched, text: str) -> None:
    """A column of an examination's results: who did not pass, or of whom it is not told, cannot be taken."""
    status = status_of(text)
    if not text:
        cells.error_at(column.column, f"“{column.label}”没有写明，只有写明通过的才能登记，请补充。")
    elif status.stopped or is_no(text):
        cells.error_at(column.column, f"“{column.label}”写的是“{text[:SHOWN]}”，没有通过，不能登记。")
    elif whole(text) not in plain_set("status", "passed") and not status.kinds:
        cells.error_at(column.column, f"“{column.label}”写的是“{text[:SHOWN]}”，看不出是否通过，请核对。")
    elif status.proposed.startswith("拟"):
        found.publicity = found.publicity or f"“{column.label}”写有“{text[:SHOWN]}”"
    if not status.stopped:
        found.add(status, f"“{column.label}”写的“{text[:SHOWN]}”")
    if any_of("status", "review", "again").search(column.label) and "意见" not in column.label and text and not is_no(text):
        found.add(status_of(column.label), f"“{column.label}”写的“{text[:SHOWN]}”")


def _take_watched(cells: Cells, found: Evidence, column: Watched, text: str) -> None:
    if column.role is Role.REVIEW:
        if not is_no(text):
            found.add(status_of(column.label), f"“{column.label}”写的“{text[:SHOWN]}”")
        if stopped := status_of(text).stopped:
            cells.error_at(column.column, f"“{column.label}”写有“{stopped}”（{text[:SHOWN]}），不能登记。")
    elif column.role is Role.FORMER:
        found.former = found.former or text
    elif column.role is Role.LATER:
        cells.error_at(column.column, f"“{column.label}”写的是“{text[:SHOWN]}”，名单里有两个名称，请核对后只填写现在的名称。")
    elif column.role is Role.TEXT and len(text) <= LONGEST_STATUS and not is_descriptive(column.label):
        status = status_of(text)
        if status.stopped:
            cells.error_at(column.column, f"“{column.label}”写的是“{text}”，不是认定，请核对。")
        elif status.proposed.startswith("拟") or text == PUBLICITY:
            found.publicity = found.publicity or f"“{column.label}”写有“{text}”"
        found.add(status, f"“{column.label}”写的“{text}”")


def earlier_year(watched: Iterable[Watched], cells: Cells) -> tuple[int, str] | None:
    """The year of a first recognition, and the words over it."""
    for column in watched:
        if column.role is Role.FIRST and (year := _YEAR.search(cells.plain(column.column))):
            return int(year[0]), column.label
    return None


def judge_claims(cells: Cells, watched: tuple[Watched, ...], title: str | None, level: Level | None) -> None:
    """Columns called 国家级 or 单项冠军 that are ticked, and who recognised (工业和信息化部), against the row's title and level."""
    for column, said in _claims(watched):
        text = cells.plain(column.column)
        if not text:
            continue
        if said is None:
            said = said_in(text)
            other = said.level or issuer_level(text)
            wrong = level is not None and other is not None and other is not level
        else:
            named = {one.title.id for one in said.titles if one.title}
            wrong = is_tick(text) and (bool(title and named and title not in named) or bool(level and said.level and said.level is not level))
        if wrong:
            cells.error_at(column.column, f"“{column.label}”写的是“{text[:SHOWN]}”，与这一行登记的称号或级别不符，请核对。")


@lru_cache(64)
def _claims(watched: tuple[Watched, ...]) -> tuple[tuple[Watched, Said | None], ...]:
    """The columns that claim a title or a level: what their text says, None where their values say it."""
    found: list[tuple[Watched, Said | None]] = []
    for column in watched:
        if column.role is Role.ISSUER:
            found.append((column, None))
        elif column.role is Role.TEXT and ((said := said_in(column.label)).titles or said.level):
            found.append((column, said))
    return tuple(found)


def own_kind(cells: Cells, found: Evidence) -> Kind | None:
    """The kind in the row's own column; one that its other columns contradict is an error."""
    kind = cells.parsed(Field.KIND, parse_kind)
    if kind is Kind.NEW and found.reviewed:
        cells.error(Field.KIND, f"认定类型写的是新认定，而{found.reviewed[1]}提到复核或再次认定，请核对。")
        return None
    return kind
