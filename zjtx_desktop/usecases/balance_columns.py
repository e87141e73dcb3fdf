"""What became of granted money, as the columns that every printed list puts after the amounts granted."""

from zjtx_desktop.documents.cells import Align
from zjtx_desktop.documents.tables import ListColumn
from zjtx_desktop.domain.ledger import Balance

SIZE = 8.0  # points: with these columns a list is too wide for the usual size
_SHARE = 2.2  # 99,999,999.99 on one line of A4 landscape
WORDS = {"written_off": "核减", "paid": "已拨付", "recovered": "已追回", "left": "余额"}
COLUMNS = tuple(ListColumn(word, _SHARE, Align.END) for word in WORDS.values())


def money_column(heading: str) -> ListColumn:
    """A column of amounts beside these, as wide."""
    return ListColumn(heading, _SHARE, Align.END)


def cells(balance: Balance) -> tuple[str, ...]:
    """The texts of the columns."""
    return tuple(str(getattr(balance, name)) for name in WORDS)
