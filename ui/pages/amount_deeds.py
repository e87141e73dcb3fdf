"""What a person does to the amounts of awards beyond judging them: 人工核定, 更正重办, 年度结账 with 结转."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.dialogs.manual_amount import ManualDialog, Treasury, form_values
from ui.dialogs.voiding import RedoDialog
from ui.dialogs.year_end import YearEndDialog
from ui.open_book import OpenBook
from ui.pages.award_words import subject_of
from ui.pages.deeds import Deeds
from ui.settings import Settings
from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.usecases import corrections, manual_amounts, year_end
from zjtx_desktop.usecases.attachments import read_scan
from zjtx_desktop.usecases.awards import AwardLine
from zjtx_desktop.usecases.corrections import Redone
from zjtx_desktop.usecases.manual_amounts import ManualForm, ManualLine


class AmountDeeds(Deeds):
    """Dialogs stand over `page`. `said(tone, sentence)` tells how it went, `changed` that the book is another now.

    `wanted` carries the id of an award that a person wants to see.
    """

    changed = Signal()
    wanted = Signal(int)

    def __init__(self, desk: OpenBook, settings: Settings, page: QWidget) -> None:
        super().__init__(desk, page)
        self._settings = settings

    def set_amount(self, award: AwardLine) -> None:
        """Ask for another amount for one part of a draft, or take one back."""
        self._desk.ask(
            lambda session: manual_amounts.of_recognition(session, award.recognition_id),
            partial(self._ask_amount, award),
            self._fail,
        )

    def redo(self, award: AwardLine) -> None:
        """Void an issued award and begin it anew; one voided before is begun anew at once."""
        if award.state is AwardState.VOIDED:
            self._act(f"更正重办“{award.facts.organisation}”", lambda s: corrections.redo(s, award.number), _redone)
            return
        name = award.facts.organisation

        def save(values: dict[str, Any], tick: Any) -> Redone:
            def deed(session: Any, _tick: Any) -> Redone:
                return corrections.redo(session, award.number, values["reason"])

            return self._desk.write(f"更正重办“{name}”", deed, tick)

        dialog = RedoDialog(self._desk.jobs, subject_of(award), award.letter or "", save, self._page)
        dialog.saved.connect(lambda made: self._done(_redone(made)))
        dialog.open()

    def close_year(self, year: int | None) -> None:
        """Show what of a year is left; carrying over, closing and opening again begin there."""
        self._desk.ask(lambda session: year_end.year_end(session, year), self._show_year, self._fail)

    def _ask_amount(self, award: AwardLine, known: tuple[ManualLine, ...]) -> None:
        name = award.facts.organisation

        def save(values: dict[str, Any], tick: Any) -> Any:
            scan, form = read_scan(values["scan"]), ManualForm(**form_values(values))

            def deed(session: Any, _tick: Any) -> Any:
                return manual_amounts.set_amount(session, award.number, form, scan)

            return self._desk.write(f"人工核定“{name}”", deed, tick)

        subject = subject_of(award)
        dialog = ManualDialog(self._desk.jobs, self._settings, subject, award.parts, known, save, self._page)
        dialog.saved.connect(lambda total: self._done(f"已核定“{name}”的金额，这笔奖补合计 {total} 元。"))
        dialog.withdrawing.connect(partial(self._withdraw, award, dialog))
        dialog.open()

    def _withdraw(self, award: AwardLine, dialog: ManualDialog, part: Treasury) -> None:
        name = award.facts.organisation
        self._desk.act(
            f"撤回“{name}”的人工核定",
            lambda session, _tick: manual_amounts.withdraw(session, award.number, *part),
            lambda total: (dialog.close_done(), self._done(f"已撤回人工核定，“{name}”的奖补合计 {total} 元。")),
            lambda error: dialog.banner.say("error", str(error)),
        )

    def _show_year(self, seen: year_end.YearEnd) -> None:
        dialog = YearEndDialog(self._desk, self._settings, seen, self._page)
        dialog.changed.connect(self.changed)
        dialog.wanted.connect(self.wanted)
        dialog.open()

    def _act(self, title: str, deed: Callable[[Any], Any], words: Callable[[Any], str]) -> None:
        def saved(found: Any) -> None:
            self.changed.emit()
            self.said.emit("good", words(found))

        self._desk.act(title, lambda session, _tick: deed(session), saved, self._fail)

    def _done(self, sentence: str) -> None:
        self._desk.tell()
        self.changed.emit()
        self.said.emit("good", sentence)


def _redone(made: Redone) -> str:
    return f"{made.replaces} 已作废，由新的草稿 {made.number} 替代（{made.verdict.label}），请从初审重新办理。"
