"""What was given for a whole list, as columns of the file of its bad rows: what comes back is what went out."""

from collections.abc import Collection, Mapping

from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.exchange.headings import Field
from zjtx_desktop.exchange.list_around import ListDefaults

# Each value with its column, and the columns beside which it is no more than a guess, or says nothing.
_COLUMNS = (
    ("kind", Field.KIND, ()),
    ("batch", Field.BATCH, ()),
    ("label_year", Field.YEAR, ()),
    ("document_title", Field.DOCUMENT, ()),
    ("document_number", Field.NUMBER, (Field.DOCUMENT,)),
    ("document_date", Field.DATE, ()),
    ("valid_from", Field.VALID_FROM, (Field.VALIDITY, Field.VALID_TO)),
    ("valid_to", Field.VALID_TO, (Field.VALIDITY, Field.VALID_FROM)),
)


def given_columns(given: ListDefaults, has: Collection[Field]) -> Mapping[str, str]:
    """The heading and the text of each value given that the list has no column for.

    The place is not among them: as a row's own it would silence what the row says of other places.
    """
    found: dict[str, str] = {}
    if given.title and given.level and not {Field.TITLE, Field.LEVEL} & set(has):
        found |= {Field.TITLE.label: Titles.load().name(given.title, given.level), Field.LEVEL.label: given.level.value}
    for name, field, beside in _COLUMNS:
        value = getattr(given, name)
        if value is not None and not {field, *beside} & set(has):
            found[field.label] = str(value)
    return found
