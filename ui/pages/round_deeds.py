"""What a person does to a round: each asks what it needs to know, acts on the worker, and says what came of it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.dialogs.ask import ask_sure
from ui.dialogs.attachments import AttachmentsDialog
from ui.dialogs.choices import ChoicesDialog
from ui.dialogs.decision import DecisionDialog
from ui.dialogs.in_order import InOrderDialog
from ui.dialogs.new_round import NewRoundDialog
from ui.dialogs.second_person import TwoPersonsDialog
from ui.dialogs.stale import StaleDialog
from ui.dialogs.take_policy import TakePolicyDialog
from ui.dialogs.voiding import VoidDialog
from ui.open_book import OpenBook
from ui.pages.award_words import changes_of, named, subject_of, why_fixed
from ui.pages.basis_deed import save_basis
from ui.pages.deeds import Deeds
from ui.settings import Settings
from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.usecases import awards, rounds
from zjtx_desktop.usecases.awards import AwardLine
from zjtx_desktop.usecases.consents import who_may_agree
from zjtx_desktop.usecases.pack_change import Taking, taking
from zjtx_desktop.usecases.rounds import Computed, Overview, RoundLine
from zjtx_desktop.usecases.what_if import WhatIf, what_if


class RoundDeeds(Deeds):
    """Dialogs stand over `page`. `said(tone, sentence)` tells how it went, `changed` that the book is another now,
    `made(round)` that a round is to be shown, `to_process(award)` and `to_compute` what a dialog leads on to.
    """

    changed = Signal()
    made = Signal(int)
    to_process = Signal(int)
    to_compute = Signal()

    def __init__(self, desk: OpenBook, settings: Settings, page: QWidget) -> None:
        super().__init__(desk, page)
        self._settings = settings

    def make_round(self, year: int | None = None) -> None:
        """Ask for year and name, then make the round; `year` is the one it stands at first."""
        self._desk.ask(lambda session: (rounds.years(session), rounds.rounds(session)), partial(self._ask_new_round, year))

    def show_stale(self, seen: Overview) -> None:
        """List what would be judged otherwise today."""
        dialog = StaleDialog(f"{named(seen.line)}测算后有变化", seen.stale, not why_fixed(seen.line), self._page)
        dialog.compute.connect(self.to_compute)
        dialog.wanted.connect(self.to_process)
        dialog.open()

    def show_in_order(self, line: RoundLine) -> None:
        """Show what judging the years before would change."""
        dialog = InOrderDialog(self._desk, line, self._page)
        dialog.wanted.connect(self._begin_with)
        dialog.open()

    def compute(self, seen: Overview) -> None:
        """Lock where needed and judge everything; asks before results are discarded."""
        if not (seen.drafts and seen.is_outdated) or self._sure_to_discard(seen, "重新测算"):
            self._compute(seen.line)

    def unlock(self, seen: Overview) -> None:
        """Open the list again, after asking."""
        title, unlock = f"解除锁定{named(seen.line)}名单", partial(rounds.unlock, round_id=seen.line.id)
        if self._desk.ask_now(lambda session: rounds.has_steps(session, seen.line.id)):
            names = self._desk.ask_now(lambda session: who_may_agree(session, self._desk.person))
            said = f"本批次有奖补已经办过初审等步骤。解除锁定后，{seen.drafts} 笔尚未下达的测算结果作废，要两个人办。"
            dialog = TwoPersonsDialog(self._desk, title, said, "解除锁定", unlock, names, self._page)
            dialog.saved.connect(lambda count: self._done(_unlocked(count)))
            dialog.open()
        elif self._sure_to_discard(seen, "解除锁定"):
            self._act(title, lambda session, tick: unlock(session), _unlocked)

    def change_choices(self, line: RoundLine) -> None:
        """Show county amounts and switches with their effect; taking them computes the round anew."""
        self._desk.ask(
            lambda session: rounds.basis_for(session, line.year, line.name), lambda basis: self._ask_choices(line, *basis), self._fail
        )

    def take_policy(self, line: RoundLine) -> None:
        """Show what the policy in use would do to a round that keeps another; taking it computes the round anew."""
        self._desk.ask(lambda session: taking(session, line), self._ask_taking, self._fail)

    def decide(self, award: AwardLine, seen: Overview) -> None:
        """Ask for one thing that an undecided award waits for, then judge its round again."""
        questions, name = {asked: seen.questions.get(asked, asked) for asked in award.questions}, award.facts.organisation

        def save(values: dict[str, Any], tick: Any) -> tuple[str, ...]:
            def deed(session: Any, _tick: Any) -> tuple[str, ...]:
                question, reason = values["question"], values["reason"]
                awards.decide(session, award.number, values["award"], reason, self._desk.person, question)
                lines = awards.award_lines(session, award.round_id)
                return next((line.questions for line in lines if line.recognition_id == award.recognition_id), ())

            return self._desk.write(f"裁定“{name}”", deed, tick)

        def saved(still: tuple[str, ...]) -> None:
            more = "；".join(seen.questions.get(asked, asked) for asked in still)
            rest = f"还有 {len(still)} 项待定：{more}。请逐项裁定。" if still else ""
            self._done(f"已裁定“{name}”，并重新测算。{rest}", "warn" if still else "good")

        dialog = DecisionDialog(self._desk.jobs, subject_of(award), questions, award.reasons, save, self._page)
        dialog.saved.connect(saved)
        dialog.open()

    def void(self, award: AwardLine) -> None:
        """Ask why an issued award is voided, then do it."""
        name = award.facts.organisation

        def save(values: dict[str, Any], tick: Any) -> None:
            def deed(session: Any, _tick: Any) -> None:
                awards.void(session, award.number, values["reason"])

            self._desk.write(f"作废“{name}”的奖补", deed, tick)

        dialog = VoidDialog(self._desk.jobs, subject_of(award), award.letter or "", save, self._page)
        dialog.saved.connect(lambda _: self._done(f"“{name}”的奖补已作废，文号 {award.letter} 保留在登记簿中。"))
        dialog.open()

    def show_attachments(self, award: AwardLine) -> None:
        """Show the scans of the recognition that an award rests on."""
        record, title = ("recognition", award.recognition_id), award.facts.organisation
        AttachmentsDialog(self._desk, self._settings, record, title, self._page).open()

    def save_basis(self, line: RoundLine) -> None:
        """Ask where to, and write the 测算依据 of the round as PDF."""
        save_basis(self._page, self._desk, self._settings, line, self.said.emit, self._fail)

    def _begin_with(self, year: int) -> None:
        """Go to the first round of a year, or ask for a new one."""
        lines = self._desk.ask_now(rounds.rounds)
        if there := [line.id for line in lines if line.year == year and not line.follows]:
            self.made.emit(there[0])
        else:
            self.make_round(year)

    def _ask_new_round(self, wanted: int | None, found: tuple[tuple[int, ...], tuple[RoundLine, ...]]) -> None:
        years, lines = found
        taken = {line.year for line in lines}
        free = wanted or next((year for year in years if year not in taken), None)

        def save(values: dict[str, Any], tick: Any) -> RoundLine:
            year, name = values["year"], values["name"]
            return self._desk.write(f"新建批次“{year} 年度{name}”", lambda session, _: rounds.open_round(session, year, name), tick)

        dialog = NewRoundDialog(self._desk.jobs, years, free, save, self._page)
        dialog.saved.connect(self._show_made)
        dialog.open()

    def _ask_choices(self, line: RoundLine, pack: Pack, choices: Choices) -> None:
        def effect(new: Choices) -> WhatIf:
            return self._desk.ask_now(lambda session: what_if(session, line.year, pack, new, line.every_division, line.name))

        dialog = ChoicesDialog(self._desk.jobs, f"{named(line)}测算口径", pack, choices, effect, self._page)
        dialog.saved.connect(partial(self._compute, line))
        dialog.open()

    def _ask_taking(self, found: Taking) -> None:
        dialog = TakePolicyDialog(self._desk, found, self._page)
        dialog.taken.connect(self._done)
        dialog.open()

    def _show_made(self, line: RoundLine) -> None:
        self.made.emit(line.id)
        self._done(f"{named(line)}：请核对名单，然后锁定并测算。", "info")

    def _compute(self, line: RoundLine, choices: Choices | None = None) -> None:
        def deed(session: Any, tick: Any) -> Computed:
            pack, known = rounds.basis_for(session, line.year, line.name)
            return rounds.prepare(session, line.year, pack, choices or known, line.every_division, line.name)

        self._act(f"测算{named(line)}奖补", deed, _computed, lambda done: "warn" if done.warnings else "good")

    def _done(self, sentence: str, tone: str = "good") -> None:
        """A dialog has saved."""
        self._desk.tell()
        self.changed.emit()
        self.said.emit(tone, sentence)

    def _act(
        self, title: str, deed: Callable[[Any, Any], Any], words: Callable[[Any], str], tone: str | Callable[[Any], str] = "good"
    ) -> None:
        def saved(result: Any) -> None:
            sentence = words(result)
            self.changed.emit()
            self.said.emit(tone if isinstance(tone, str) else tone(result), sentence)

        self._desk.act(title, deed, saved, self._fail)

    def _sure_to_discard(self, seen: Overview, act: str) -> bool:
        why = f"锁定以后名单有变化：{changes_of(seen)}。" if seen.is_outdated else ""
        what = f"{why}{act}会解除名单的锁定，{seen.drafts} 笔尚未下达的测算结果作废。"
        return ask_sure(self._page, act, what, "已下达的不受影响，裁定过的决定仍然有效；可以用“撤销”收回。")


def _unlocked(count: int) -> str:
    return f"名单已解除锁定，{count} 笔测算结果已作废。"


def _computed(done: Computed) -> str:
    if done.discarded:
        return f"已重新测算 {done.added} 笔。{''.join(done.warnings)}"
    said = f"测算完成：新增 {done.added} 笔，变化 {done.changed} 笔。" if done.added or done.changed else "测算完成，结果没有变化。"
    return said + "".join(done.warnings)
