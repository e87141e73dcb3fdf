"""What a person does with awards on their way: each step asks for its words once and says what became of each."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.dialogs.award_step import StepDialog
from ui.dialogs.credit_check import CreditDialog
from ui.dialogs.large_amounts import LargeAmountsDialog
from ui.dialogs.public_notice import AnswerDialog, NoticeDialog, ObjectionDialog
from ui.open_book import OpenBook
from ui.pages.award_words import subject_of
from ui.pages.deeds import DeedsOverMany
from ui.pages.holidays_tab import SAID, ask_year
from zjtx_desktop.domain.states import Move
from zjtx_desktop.usecases import credit, large_amounts, notices, process
from zjtx_desktop.usecases.awards import AwardLine
from zjtx_desktop.usecases.notices import ObjectionLine
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.rounds import RoundLine

Chosen = Sequence[AwardLine]


class ProcessDeeds(DeedsOverMany):
    """Dialogs stand over `page`. `finished(title, outcomes)` follows a step over many, `said(tone, sentence)` the
    rest; the book has told by then that it changed.
    """

    def __init__(self, desk: OpenBook, page: QWidget, today: Callable[[], date] = date.today) -> None:
        super().__init__(desk, page, today)

    def step(self, move: Move, chosen: Chosen, fit: Chosen) -> None:
        """Ask for the words of a step, then take it with every award chosen."""
        title = f"{move.event.label} {len(fit)} 笔奖补"

        def save(words: Words) -> Any:
            return self._write(title, lambda session: process.advance(session, _numbers(chosen), move.event, words))

        limit = self._desk.ask_now(large_amounts.limit)
        dialog = StepDialog(self._desk.jobs, move, chosen, fit, self._today(), save, limit, self._page)
        dialog.saved.connect(lambda outcomes: self._finish(title, outcomes))
        dialog.open()

    def publish(self, line: RoundLine, chosen: Chosen, fit: Chosen) -> None:
        """Ask from when, how long and where, then put every award chosen on one notice."""

        def ask(found: tuple[int, tuple[str, ...]]) -> None:
            dialog = NoticeDialog(
                self._desk.jobs, chosen, fit, self._today(), *found, self._last_day, save, self._record_missing, self._page
            )
            dialog.saved.connect(lambda outcomes: self._finish(title, outcomes))
            dialog.open()

        def read(session: Any) -> tuple[int, tuple[str, ...]]:
            known = dict.fromkeys(notice.channel for notice in notices.notices(session, line.id))
            return notices.usual_days(session, line.id), tuple(known)

        def save(values: dict[str, Any], _tick: Any) -> Any:
            given = values | {"late_reason": values["late_reason"] or ""}
            return self._write(title, lambda session: notices.publish(session, line.id, _numbers(chosen), **given))

        title = f"公示 {len(fit)} 笔奖补"
        self._desk.ask(read, ask, self._fail)

    def object_to(self, award: AwardLine) -> None:
        """Ask what was objected to an award on notice."""
        name = award.facts.organisation

        def save(values: dict[str, Any], _tick: Any) -> Any:
            return self._write(f"登记对“{name}”的异议", lambda session: notices.object_to(session, award.number, **values))

        dialog = ObjectionDialog(self._desk.jobs, subject_of(award), self._today(), save, self._page)
        dialog.saved.connect(lambda _: self._done(f"已登记对“{name}”的异议，答复以前不能继续办理。"))
        dialog.open()

    def answer(self, award: AwardLine, objection: ObjectionLine) -> None:
        """Ask how an objection was answered."""

        def save(values: dict[str, Any], _tick: Any) -> Any:
            return self._write(f"答复{objection.by_whom}的异议", lambda session: notices.answer(session, objection.id, **values))

        dialog = AnswerDialog(self._desk.jobs, subject_of(award), objection, self._today(), save, self._page)
        dialog.saved.connect(lambda _: self._done(f"已答复{objection.by_whom}的异议。"))
        dialog.open()

    def check_credit(self, chosen: Chosen) -> None:
        """Ask what a look-up of the organisations of these awards showed."""
        names = {award.organisation_id: award.facts.organisation for award in chosen}
        title = f"登记 {len(names)} 家企业的信用核查"

        def save(values: dict[str, Any], _tick: Any) -> Any:
            given = values | {"finding": values["finding"] or ""}
            return self._write(title, lambda session: credit.record(session, names, **given))

        dialog = CreditDialog(self._desk.jobs, tuple(names.values()), self._today(), save, self._page)
        dialog.saved.connect(lambda count: self._done(f"已登记 {count} 家企业的信用核查。"))
        dialog.open()

    def set_limit(self) -> None:
        """Ask from which amount on an approval needs one more look."""

        def save(values: dict[str, Any], _tick: Any) -> Any:
            return self._write("设置大额标准", lambda session: large_amounts.set_limit(session, **values))

        dialog = LargeAmountsDialog(self._desk.jobs, self._desk.ask_now(large_amounts.limit), save, self._page)
        dialog.saved.connect(lambda _: self._done("大额标准已保存。"))
        dialog.open()

    def record_year(self, parent: QWidget | None = None, then: Callable[[], None] = lambda: None) -> None:
        """Ask for the days off and the make-up days of a year."""

        def done() -> None:
            self._done(SAID)
            then()

        ask_year(self._desk, parent or self._page, done)

    def _record_missing(self, dialog: QWidget) -> None:
        assert isinstance(dialog, NoticeDialog)
        self.record_year(dialog, dialog.count)

    def _last_day(self, starts: date, days: int) -> date:
        return self._desk.ask_now(lambda session: notices.last_day(session, starts, days))



def _numbers(chosen: Chosen) -> list[str]:
    return [award.number for award in chosen]
