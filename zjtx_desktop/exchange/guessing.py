"""What the columns of a list without a header hold, told by what stands in them; a person looks it over."""

import re
from collections.abc import Callable, Mapping, Sequence

from zjtx_desktop.domain.titles import Titles, parse_kind, parse_level
from zjtx_desktop.errors import BadValue
from zjtx_desktop.exchange.headers import SAMPLED
from zjtx_desktop.exchange.headings import Field, parses
from zjtx_desktop.exchange.places import division_of
from zjtx_desktop.exchange.table import Table
from zjtx_desktop.values import CreditCode, DocumentNumber, parse_date, parse_year

ORGANISATION = re.compile("公司|厂|集团|合作社|研究院|研究所|中心|学院|医院|矿|企业|工作室|经营部|商行|基地|平台")
BATCH = re.compile(r"第[一二三四五六七八九十\d]{1,3}批次?")


def guess_columns(table: Table) -> Mapping[Field, int]:
    """What most values of each column can mean; empty when no column holds names, or not in the first row.

    Most, not all: a damaged code must be said of its row, and not make the codes a column that nobody reads.
    """
    width = max((len(row.cells) for row in table.rows), default=0)
    values = {column: _values(table, column) for column in range(1, width + 1)}
    names = {column: sum(bool(ORGANISATION.search(text)) for text in texts) for column, texts in values.items()}
    name = max(names, key=lambda column: names[column], default=0)
    texts = values.pop(name, [])
    if not texts or 2 * names[name] < len(texts) or not ORGANISATION.search(texts[0]):
        return {}
    found = {Field.NAME: name}
    for field, parse in _parsers().items():
        fitting = [column for column, some in values.items() if some and _fit(field, parse, some)]
        if fitting:
            found[field] = fitting[0]
            del values[fitting[0]]
    return found


def _parsers() -> Mapping[Field, Callable[[str], object]]:
    """From the most particular to the least, as a year is also a number."""
    titles = Titles.load()
    return {
        Field.CODE: CreditCode.parse,
        Field.LEVEL: parse_level,
        Field.KIND: parse_kind,
        Field.REGION: division_of,
        Field.NUMBER: DocumentNumber.parse,
        Field.BATCH: _batch,
        Field.TITLE: lambda text: titles.resolve(text, None, None),
        Field.YEAR: parse_year,
        Field.DATE: parse_date,
    }


def _values(table: Table, column: int) -> Sequence[str]:
    cells = (row.cells[column - 1] for row in table.rows[:SAMPLED] if column <= len(row.cells))
    return [cell.strip() for cell in cells if isinstance(cell, str)]


def _batch(text: str) -> str:
    if not BATCH.fullmatch(text):
        raise BadValue(text)
    return text


def _fit(field: Field, parse: Callable[[str], object], texts: Sequence[str]) -> bool:
    """Whether most texts mean such a field; one credit code is enough, as nothing else looks like it."""
    meant = sum(parses(parse, text) for text in texts)
    return 2 * meant > len(texts) or meant > 0 and field is Field.CODE
