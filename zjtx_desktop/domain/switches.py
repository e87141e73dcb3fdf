"""The questions a policy leaves open: what the program can do for each, and what a pack says of it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from zjtx_desktop.domain.strict import Table
from zjtx_desktop.errors import BadValue, Refused
from zjtx_desktop.values import DocumentNumber, Money

NO_DATE = ""
YEARLY_CAP = "yearly_cap"
BEFORE_ISSUED = "before_issued"
MERGED_TITLE = "merged_title"
LADDER_FULL, LADDER_TITLE, LADDER_WHOLE = "full", "difference", "difference_ladder"


def _one_of(*words: str) -> Callable[[str], bool]:
    return lambda value: value in words


def _is_count(value: str) -> bool:
    return value.isascii() and value.isdecimal() and int(value) > 0


def _is_day_or_none(value: str) -> bool:
    try:
        return value == NO_DATE or date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_amount_or_none(value: str) -> bool:
    try:
        return not value or Money.parse(value).fen > 0
    except BadValue:
        return False


SUPPORTED: Mapping[str, Callable[[str], bool]] = {
    "re_review": _one_of("no", "yes", "own_amount"),
    "again": _one_of("undecided", "yes", "no"),
    "award_year_by": _one_of("document", "label", "valid_from"),
    "several_titles": _one_of("each", "highest"),
    "ladder": _one_of(LADDER_FULL, LADDER_TITLE, LADDER_WHOLE),
    "rewarded_before": _one_of("decide", "refuse"),
    "payee_not_company": _one_of("warn", "refuse"),
    "notice_working_days": _is_count,
    "in_force_until": _is_day_or_none,
    YEARLY_CAP: _is_amount_or_none,
    BEFORE_ISSUED: _one_of("yes", "no"),
    MERGED_TITLE: _one_of("yes", "no"),
}
# Asked since some packs were written: the answer of a pack that does not ask it.
UNASKED: Mapping[str, str] = {YEARLY_CAP: "", BEFORE_ISSUED: "yes", MERGED_TITLE: "yes"}
# What all treasuries of a book have in common: the year of an award and its public notice are one.
SHARED = frozenset(("award_year_by", "notice_working_days"))


@dataclass(frozen=True, slots=True)
class Switch:
    """One open question with its default and the answers a pack allows; "" is “no date” or “no amount”.

    `document` is the number of the document that leaves it open.
    """

    id: str
    label: str
    description: str
    clause: str
    default: str
    labels: Mapping[str, str]
    document: str

    @property
    def takes_date(self) -> bool:
        """Whether an answer is any date, or none, instead of one of `labels`."""
        return SUPPORTED[self.id] is _is_day_or_none

    @property
    def takes_amount(self) -> bool:
        """Whether an answer is any amount above zero, or none, instead of one of `labels`."""
        return SUPPORTED[self.id] is _is_amount_or_none

    def label_of(self, value: str) -> str:
        """The Chinese words for an answer."""
        if value not in self.labels and self.takes_amount:
            return f"最高 {Money.parse(value).wan} 万元"
        return self.labels.get(value, value)

    def plain(self, value: str) -> str:
        """The answer in the one form in which it is kept."""
        return Money.parse(value).yuan if value and self.takes_amount else value

    def check(self, value: str) -> None:
        """Refuse an answer that is not allowed."""
        free = self.takes_date or self.takes_amount
        if value in self.labels or free and SUPPORTED[self.id](value):
            return
        labels = "、".join(f"“{one}”" for one in self.labels.values())
        wanted = "形如 2030-12-31 的日期" if self.takes_date else "大于 0 的金额" if free else labels
        raise Refused(f"“{self.label}”不能选“{value}”，请改为{wanted}。")


def read_switch(table: Table, documents: Collection[str], default: str) -> Switch:
    """Read one switch of a pack; it may not offer what the program cannot do.

    It belongs to the document of the number it names, one of `documents`, else to that of the number `default`.
    """
    switch_id = table.word("id", SUPPORTED)
    values = [(one, one.plain("id"), one.text("label")) for one in table.tables("value")]
    switch = Switch(
        id=switch_id,
        label=table.text("label"),
        description=table.text("description"),
        clause=table.text("clause"),
        default=table.plain("default"),
        labels={value: label for _, value, label in values},
        document=str(table.parsed("document", DocumentNumber.parse, default)),
    )
    for one, value, _ in values:
        one.done()
        if not SUPPORTED[switch_id](value):
            raise one.wrong("id", f"程序不支持“{value}”，请改正")
    table.done()
    if switch.document not in documents:
        raise table.wrong("document", f"没有收录文件 {switch.document}，请补充 document 表")
    if len(switch.labels) < len(values):
        raise table.wrong("value", "取值重复，请改正")
    if switch.default not in switch.labels:
        raise table.wrong("default", "不在可选的取值之内，请改正")
    return switch


def check_complete(switches: Mapping[str, Switch], file: Table) -> None:
    """Every question the program asks is answered by the pack."""
    for missing in sorted(SUPPORTED.keys() - UNASKED.keys() - switches.keys()):
        raise file.wrong("switch", f"缺少“{missing}”，请补充")
