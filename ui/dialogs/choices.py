"""What a county pays above the floor and how it answers what the policy leaves open, with the effect before it counts."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from ui.dialogs.choice_values import COUNTY, OTHERS, REVIEW, binds_city, choices_of, key_of, kinds, values_of
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.frame import row
from ui.jobs import Jobs
from ui.widgets.amounts_edit import AmountsEdit
from ui.widgets.based_fields import BasedAmount, BasedChoice, line_up
from ui.widgets.effect_panel import EffectPanel, effect_words
from ui.widgets.fields import ChoiceEdit
from ui.widgets.labels import label
from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.switches import SHARED
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.errors import AppError, BadValue, Refused
from zjtx_desktop.usecases.what_if import WhatIf
from zjtx_desktop.values import Division, Money

_PAUSE = 400  # milliseconds after the last key before the effect is asked for
_LETTERS, _ROWS, _MARGIN, _LOW = 64, 4, 72, 560
_EVERYWHERE = "全市"
_SCOPE = "各县（市、区）另有规定的，选中它再填；没有另填的按全市。"
_OWN = "口径和标准只及于本级财政承担的部分。{}不填的按文件的下限执行；高于下限的，写明依据的文号；低于下限的不能采用。"
_REVIEW = "只在上面选了“复核按本地标准奖励”时使用，由受益财政承担。"
Ask = Callable[[Choices], WhatIf]


class ChoicesDialog(FormDialog):
    """Gives Choices with `saved`; they can only be taken once their effect is on screen. `ask` runs on the worker.

    In the city's book `scope` says whose choices are shown: those of all treasuries, or those of one county.
    """

    def __init__(self, jobs: Jobs, title: str, pack: Pack, choices: Choices, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(jobs, title, lambda values, tick: self._choices(values), "采用并重新测算", parent)
        self._pack, self._ask, self._ticket = pack, ask, 0
        self._given = self._known = choices  # at first, and with what was filled in for other counties since
        self._whose: Division | None = None  # the county shown in the city's book
        self._filling = False
        self._shown: Choices | None = None  # those whose effect is on screen
        self.scope = ChoiceEdit([(None, _EVERYWHERE), *((one, one.name) for one in Division.all())])
        self.effect = EffectPanel()
        self._add_fields()
        self._fill()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._ask_effect)
        self.form.changed.connect(self._touched)
        self.layout().insertWidget(2, self.effect)
        if choices.division is None:
            self._add_scope()
        self._ask_effect()

    def accept(self) -> None:
        """Take the choices whose effect is shown; Enter before that asks for it."""
        if self._shown is not None:
            super().accept()
        elif not self._pause.isActive():
            self._ask_effect()

    def reject(self) -> None:
        """Close; what was filled in for another county than the one shown counts as input too."""
        if self._known != self._given:
            self.form.mark_dirty()
        super().reject()

    def done(self, result: int) -> None:
        """Nothing is asked any more once it is closed."""
        self._pause.stop()
        self._jobs.cancel(self._ticket)
        super().done(result)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        line_up(self.form)
        room = self.screen().availableSize()
        wide = self.fontMetrics().horizontalAdvance("国") * _LETTERS
        self.resize(min(wide, room.width() - _MARGIN), room.height() - _MARGIN)
        self.effect.fit(_ROWS if self.height() > _LOW else _ROWS // 2)

    def _add_scope(self) -> None:
        self.scope.setAccessibleName("适用范围")
        self.scope.changed.connect(self._choose_scope)
        self.layout().insertLayout(1, row(label("适用范围"), self.scope, label(_SCOPE, "soft", wraps=True)))

    def _add_fields(self) -> None:
        own = self._given.division
        self.form.section(f"{own.name if own else ''}受益财政奖励标准")
        self.form.note(_OWN.format("" if own else "各县（市、区）的，在上面选中它再填。"))
        self._add_amounts(COUNTY)
        self.form.section("文件没有明确的事项")
        for switch in self._pack.switches.values():
            self.form.add(switch.id, switch.label, BasedChoice(switch, binds_city(switch.id)), hint=switch.description)
        self.form.section("复核奖励标准")
        self.form.note(_REVIEW)
        self._add_amounts(REVIEW)

    def _add_amounts(self, group: str) -> None:
        titles, own = Titles.load(), self._given.division
        for title, level in kinds(self._pack):
            hint = f"下限 {self._floor(title, level)}" if group == COUNTY else "未定"
            self.form.add(key_of(group, (title, level)), titles.name(title, level), BasedAmount(hint))
        others = [one for one in Division.all() if one != own]
        self.form.add(f"{group} {OTHERS}", "其他财政", AmountsEdit(others, kinds(self._pack)))

    def _floor(self, title: str, level: Level) -> Money:
        rule = next(rule for rule in self._pack.rules_for(title, level) if rule.kind == "floor")
        return rule.money([amount for amount in rule.amounts if not amount.expected][-1])

    def _fill(self) -> None:
        """Show the choices of the scope."""
        self._filling = True
        for name in self._pack.switches:
            self.form.field(name).follow(self._known.switches[name] if self._whose else None)
        self.form.set_values(values_of(self._known, self._whose, self._pack))
        for name in SHARED & self._pack.switches.keys():
            self.form.set_shown(name, self._whose is None)
        for group in (COUNTY, REVIEW):  # in the city's book each has a page of its own
            self.form.set_shown(f"{group} {OTHERS}", self._given.division is not None)
        self._filling = False

    def _choose_scope(self) -> None:
        """Keep what was filled in, then show another county's; what is wrong is put right first."""
        try:
            self._known = self._choices(self.form.values())
        except (BadValue, Refused) as error:
            self.banner.say("error", f"请先改正再换适用范围：{error}")
            self.scope.blockSignals(True)
            self.scope.set_value(self._whose)
            self.scope.blockSignals(False)
            return
        self.banner.hide()
        self._whose = self.scope.value()
        self._fill()
        line_up(self.form)

    def _touched(self) -> None:
        """Ask again, unless it is the same amount, only written out when its field was left."""
        if not self._filling and (self._shown is None or self._read() != self._shown):
            self._shown = None
            self.ok.setEnabled(False)
            self._pause.start()

    def _read(self) -> Choices | None:
        try:
            return self._choices(self.form.values())
        except (BadValue, Refused):
            return None

    def _ask_effect(self) -> None:
        self._jobs.cancel(self._ticket)
        try:
            choices = self._choices(self.form.values())
        except (BadValue, Refused) as error:
            self._refused(error)
            return
        self.effect.say("正在测算影响…", "soft")
        self._ticket = self._jobs.run(lambda tick: self._ask(choices), done=lambda found: self._show(choices, found), failed=self._refused)

    def _show(self, choices: Choices, found: WhatIf) -> None:
        if self._pause.isActive() or not self.isVisible():
            return
        self._shown = choices
        self.ok.setEnabled(True)
        self.effect.say(effect_words(found), "", found.shifts)

    def _refused(self, error: AppError) -> None:
        self.ok.setEnabled(False)
        self.effect.say(str(error), "error")

    def _choices(self, values: dict[str, Any]) -> Choices:
        """The choices as the fields stand; Refused or BadValue says what is wrong with them."""
        return choices_of(values, self._known, self._whose, self._pack)
