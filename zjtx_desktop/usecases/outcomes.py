"""What becomes of each row of a list that is taken over, and how it is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

UNCHANGED = "没有变化：各行账簿里都有，内容相同。"
NAMED = 3  # rows left out that a sentence still names
LEFT_OUT = "预览时取消了勾选，不导入。"


class Status(StrEnum):
    """What taking over would do with a row."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    DUPLICATE = "duplicate"
    ERROR = "error"
    NOT_OURS = "not_ours"

    @property
    def label(self) -> str:
        return STATUS_LABELS[self.value]


STATUS_LABELS = {"new": "新增", "same": "无变化", "changed": "有变化", "duplicate": "重复", "error": "有误", "not_ours": "不属本市"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of the list: its number in the file, what would happen, and every reason and remark.

    `known_as` is the name under which the book knows the code of the row, where the list has another one:
    while it is `asked`, the person is to say whether the organisation was renamed. `twin` is the row that a duplicate repeats.
    A row that is `left_out` could be taken, but the person does not want it. One that is not ours belongs to another
    city or province: there is nothing wrong with it. `key` tells it from every other row of the file (0: its number
    does), `sheet` is empty where there is but one, `raw` are its cells where it is to be saved, `over` is what stood over it in its list.
    """

    row: int
    status: Status
    name: str
    messages: tuple[str, ...]
    raw: tuple[str, ...]
    known_as: str | None = None
    twin: int | None = None
    left_out: bool = False
    key: int = 0
    sheet: str = ""
    over: tuple[str, str] = ("", "")
    asked: bool = False

    @property
    def id(self) -> int:
        """What tells it from every other row of the file."""
        return self.key or self.row

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return f"工作表“{self.sheet}”第 {self.row} 行" if self.sheet else f"第 {self.row} 行"

    @property
    def can_be_taken(self) -> bool:
        """Whether there is something to take from it."""
        return self.status in (Status.NEW, Status.CHANGED)

    @property
    def taken(self) -> bool:
        """Whether taking over writes it."""
        return self.can_be_taken and not self.left_out


def is_missing(outcome: Outcome) -> bool:
    """Whether the row stays out of the book, though what it says is not there: to be saved and taken later."""
    return outcome.status is Status.ERROR or outcome.left_out


def is_unchanged(outcomes: Sequence[Outcome]) -> bool:
    """Whether every row says what the book says already."""
    return bool(outcomes) and all(outcome.status is Status.SAME for outcome in outcomes)


def not_taken_words(outcomes: Sequence[Outcome]) -> str:
    """Which rows were not taken and why, in one sentence; empty when all were, or are in the book already."""
    left_out = [outcome for outcome in outcomes if outcome.left_out]
    parts = [f"取消勾选的 {len(left_out)} 行（{_names(left_out)}）"] if left_out else []
    for status in (Status.DUPLICATE, Status.ERROR, Status.NOT_OURS):
        if number := sum(outcome.status is status for outcome in outcomes):
            parts.append(f"{status.label}的 {number} 行")
    return f"没有导入的有：{'，'.join(parts)}。" if parts else ""


def _names(outcomes: Iterable[Outcome]) -> str:
    names = [f"{outcome.place}“{outcome.name}”" for outcome in outcomes]
    return "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")
