"""What another judgement would do to a round: the totals before and after, and each award that would change."""

from operator import attrgetter
from typing import Any

from PySide6.QtWidgets import QFrame, QVBoxLayout

from ui.models.column import Column
from ui.models.table import TableModel
from ui.widgets.labels import label, set_role
from ui.widgets.list_view import ListView
from zjtx_desktop.usecases.what_if import Shift, WhatIf

_ROWS = 4
_GONE = "不在名单"
BEFORE, AFTER = "调整前", "调整后"


class EffectPanel(QFrame):
    """A sentence over the awards that would change; `before` and `after` are what the two sides are called."""

    def __init__(self, before: str = BEFORE, after: str = AFTER) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.words, self.model = label(wraps=True), TableModel(_columns(before, after), attrgetter("recognition_id"))
        self.view = ListView(self.model)
        self.view.setAccessibleName("有变化的奖补")
        self.view.sort_changed.connect(self.model.sort_held)
        self.fit(_ROWS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addWidget(self.words)
        layout.addWidget(self.view)

    def fit(self, rows: int) -> None:
        """Make room for so many rows; more are scrolled to."""
        self.view.setFixedHeight(self.view.verticalHeader().defaultSectionSize() * (rows + 1) + 16)

    def say(self, sentence: str, tone: str = "", shifts: tuple[Shift, ...] = ()) -> None:
        """Show a sentence and what would change."""
        self.words.setText(sentence)
        set_role(self.words, "role", tone)
        self.model.show(shifts)
        self.view.setVisible(bool(shifts))


def _columns(before: str, after: str) -> tuple[Column, ...]:
    return (
        Column("organisation", "企业", attrgetter("organisation"), letters=14),
        Column("title", "称号", attrgetter("title"), letters=14),
        Column("before", before, lambda shift: str(shift.before or _GONE), letters=9),
        Column("after", after, lambda shift: str(shift.after or _GONE), letters=9),
    )


def effect_words(found: WhatIf, before: str = BEFORE, after: str = AFTER) -> str:
    """The totals on either side, how much that is more or less, and how many awards change."""
    if not found.shifts:
        return f"没有影响：{_sum(found.before)}。"
    was, will = (one.beneficiary + one.municipal for one in (found.before, found.after))
    more = "合计不变" if was == will else f"增加 {will - was} 元" if will > was else f"减少 {was - will} 元"
    return f"{before}：{_sum(found.before)}。\n{after}：{_sum(found.after)}，{more}。\n有 {len(found.shifts)} 项变化："


def _sum(totals: Any) -> str:
    ours, city = totals.beneficiary, totals.municipal
    return f"奖励 {totals.awards} 笔，受益财政 {ours} 元，市级财政 {city} 元，合计 {ours + city} 元"
