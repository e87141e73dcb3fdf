"""What a person does with payments: each asks for its words, and says what became of each part."""

import uuid
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.dialogs.budget import BudgetDialog
from ui.dialogs.clawback import RecoverDialog, RevokeDialog
from ui.dialogs.files import ask_file
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.movements import DEEDS, MovementDialog, room
from ui.dialogs.second_person import second_of
from ui.dialogs.voucher_question import SAME, AskUses
from ui.open_book import OpenBook
from ui.pages.award_words import named
from ui.pages.deeds import DeedsOverMany
from ui.settings import Settings
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.usecases import budgets, ledger, payees
from zjtx_desktop.usecases.budgets import BudgetLine
from zjtx_desktop.usecases.consents import who_may_agree
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.process import Outcome, Words
from zjtx_desktop.usecases.rounds import RoundLine
from zjtx_desktop.usecases.standings import PartLine, parts_of
from zjtx_desktop.values import Division, Money

XLSX = "Excel 工作簿 (*.xlsx)"
_CITY = Division("361199")


class PaymentDeeds(DeedsOverMany):
    """Dialogs stand over `page`. `finished(title, outcomes)` follows a deed over many, `said(tone, sentence)` the
    rest; the book has told by then that it changed.
    """

    def __init__(
        self, desk: OpenBook, settings: Settings, page: QWidget, today: Callable[[], date] = date.today
    ) -> None:
        super().__init__(desk, page, today)
        self._settings = settings

    def enter(self, kind: EntryKind, chosen: Sequence[PartLine]) -> None:
        """Ask for day and paper, then enter the movement for every part chosen that it applies to."""
        fit = [part for part in chosen if room(kind, part)]
        title = f"{DEEDS[kind].verb} {len(fit)} 笔" if len(fit) > 1 else f"{DEEDS[kind].verb}“{fit[0].organisation}”"

        def save(orders: Sequence[PaymentOrder]) -> Any:
            if len(orders) > 1:
                return self._write(title, lambda session: ledger.enter_all(session, kind, orders))
            part = self._write(title, lambda session: ledger.enter(session, kind, orders[0]))
            return (Outcome(part.award_number, part.organisation, ""),)

        dialog = MovementDialog(self._desk.jobs, kind, chosen, self._today(), save, self._page, self._asks(kind))
        dialog.saved.connect(lambda outcomes: self._finish(title, outcomes))
        dialog.open()

    def revoke(self, part: PartLine) -> None:
        """Ask why and by which document, then claim back what was paid of the award."""
        key = uuid.uuid4().hex

        def deed(session: Any, values: dict[str, Any]) -> Any:
            words = Words(values["on"], values["reason"], values["document"])
            return ledger.revoke(session, part.award_number, words, key)

        def done(parts: Sequence[PartLine]) -> str:
            claimed = Money.total(one.standing.claimed for one in parts)
            return f"已登记“{part.organisation}”撤销认定，应追回 {claimed} 元。"

        self._over_award(RevokeDialog, part, f"撤销认定“{part.organisation}”", deed, done)

    def recover(self, part: PartLine) -> None:
        """Ask what the organisation paid back."""
        key = uuid.uuid4().hex

        def deed(session: Any, values: dict[str, Any]) -> Any:
            given = (values["amount"], values["on"], values["voucher"])
            return ledger.recover(session, part.award_number, *given, key, bool(values.get(SAME)))

        def done(parts: Sequence[PartLine]) -> str:
            rest = Money.total(one.standing.claimed for one in parts)
            return f"已登记“{part.organisation}”缴回的款项，" + (f"还应追回 {rest} 元。" if rest else "已全部追回。")

        self._over_award(
            lambda *given: RecoverDialog(*given, self._asks(EntryKind.RECOVERED)),
            part,
            f"登记追回“{part.organisation}”",
            deed,
            done,
        )

    def set_budget(self, line: RoundLine, known: Sequence[BudgetLine]) -> None:
        """Ask what a treasury has set aside."""

        def save(values: dict[str, Any], _tick: Any) -> BudgetLine:
            payer, treasury = values["treasury"]
            given = (payer, treasury, values["amount"], values["basis"])
            title, second = f"登记{named(line)}{treasury.name}预算", second_of(values, self._desk)
            return self._write(title, lambda session: budgets.set_budget(session, line.id, *given), second)

        offered = known or tuple(BudgetLine(*one) for one in self._usual())
        names = self._desk.ask_now(lambda session: who_may_agree(session, self._desk.person))
        dialog = BudgetDialog(self._desk.jobs, named(line), offered, save, names, self._page)
        dialog.saved.connect(lambda seen: self._done(f"已登记{seen.treasury.name}预算 {seen.budget} 元。"))
        dialog.open()

    def export(self, line: RoundLine, chosen: Sequence[PartLine]) -> None:
        """Ask for a file and write the payee list of what can be paid of these parts."""
        path = ask_file(self._page, self._settings, "导出收款人清单", f"{named(line)}收款人清单.xlsx", XLSX)
        if not path:
            return
        ids, title, today = [part.id for part in chosen], f"{named(line)}奖补资金收款人清单", self._today()

        def write(_tick: Any) -> tuple[int, Money]:
            return self._desk.ask_now(
                lambda session: payees.write_payee_list(session, ids, title, path, today, overwrite=True)
            )

        def written(result: tuple[int, Money]) -> None:
            self.said.emit("good", f"收款人清单 {result[0]} 笔、合计 {result[1]} 元已保存：{path}")

        self._desk.jobs.run(write, written, self._fail, label="导出收款人清单")

    def _asks(self, kind: EntryKind) -> AskUses:
        return lambda numbers, answer: self._desk.ask(
            lambda session: ledger.voucher_uses(session, kind, numbers), answer
        )

    def _usual(self) -> tuple[tuple[Payer, Division], ...]:
        return (Payer.BENEFICIARY, self._desk.office().division), (Payer.MUNICIPAL, _CITY)

    def _over_award(
        self,
        make: Callable[..., FormDialog],
        part: PartLine,
        title: str,
        deed: Callable[[Any, dict[str, Any]], Any],
        words: Callable[[Sequence[PartLine]], str],
    ) -> None:
        def save(values: dict[str, Any], _tick: Any) -> Any:
            return self._write(title, lambda session: deed(session, values))

        parts = self._desk.ask_now(lambda session: parts_of(session, part.award_id))
        dialog = make(self._desk.jobs, parts, self._today(), save, self._page)
        dialog.saved.connect(lambda seen: self._done(words(seen)))
        dialog.open()
