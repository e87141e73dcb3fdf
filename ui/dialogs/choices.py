"""What a county pays above the floor and how it answers what the policy leaves open, with the effect before it counts."""

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog
from ui.jobs import Jobs
from ui.widgets.based_fields import BasedAmount, BasedChoice, line_up
from ui.widgets.effect_panel import EffectPanel, effect_words
from zjtx_desktop.domain.choices import Choices, CountyAmount
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.errors import AppError, BadValue, Refused
from zjtx_desktop.usecases.what_if import WhatIf
from zjtx_desktop.values import Money

_PAUSE = 400  # milliseconds after the last key before the effect is asked for
_LETTERS, _ROWS, _MARGIN, _LOW = 64, 4, 72, 560
Ask = Callable[[Choices], WhatIf]


class ChoicesDialog(FormDialog):
    """Gives Choices with `saved`; they can only be taken once their effect is on screen. `ask` runs on the worker."""

    def __init__(self, jobs: Jobs, title: str, pack: Pack, choices: Choices, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(jobs, title, lambda values, tick: self._choices(values), "采用并重新测算", parent)
        self._pack, self._ask, self._ticket = pack, ask, 0
        self._shown: Choices | None = None  # those whose effect is on screen
        self.effect = EffectPanel()
        self.effect.fit(_ROWS)
        self._add_fields(choices)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._ask_effect)
        self.form.changed.connect(self._touched)
        self.layout().insertWidget(2, self.effect)
        self._ask_effect()

    def accept(self) -> None:
        """Take the choices whose effect is shown; Enter before that asks for it."""
        if self._shown is not None:
            super().accept()
        elif not self._pause.isActive():
            self._ask_effect()

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

    def _add_fields(self, choices: Choices) -> None:
        titles = Titles.load()
        self.form.section("受益财政奖励标准")
        self.form.note("不填的按文件的下限执行。高于下限的，写明依据的文号；低于下限的不能采用。")
        self._add_amounts("county", titles, choices.county_amount)
        self.form.section("文件没有明确的事项")
        for switch in self._pack.switches.values():
            field = self.form.add(switch.id, switch.label, BasedChoice(switch), hint=switch.description)
            field.set_value((choices.switches[switch.id], choices.bases.get(switch.id, "")))
        self.form.section("复核奖励标准")
        self.form.note("只在上面选了“复核按本地标准奖励”时使用，由受益财政承担。")
        self._add_amounts("review", titles, choices.review_amount)
        self.form.mark_clean()

    def _add_amounts(self, group: str, titles: Titles, known: Callable[[str, Level], CountyAmount | None]) -> None:
        for title, level in _kinds(self._pack, titles):
            own = known(title, level)
            hint = f"下限 {self._floor(title, level)}" if group == "county" else "未定"
            field = self.form.add(f"{group} {title} {level}", titles.name(title, level), BasedAmount(hint))
            field.set_value(own and (own.amount, own.basis))

    def _floor(self, title: str, level: Level) -> Money:
        rule = next(rule for rule in self._pack.rules_for(title, level) if rule.kind == "floor")
        return rule.money([amount for amount in rule.amounts if not amount.expected][-1])

    def _touched(self) -> None:
        """Ask again, unless it is the same amount, only written out when its field was left."""
        if self._shown is None or self._read() != self._shown:
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
        switches = {name: values[name][0] for name in self._pack.switches}
        bases = {name: values[name][1] for name in self._pack.switches}
        return Choices.of(self._pack, switches, _amounts(values, "county"), bases, _amounts(values, "review"))


def _kinds(pack: Pack, titles: Titles) -> Iterator[tuple[str, Level]]:
    """Every title and level that a beneficiary treasury pays something for, the national ones first."""
    for level in (Level.NATIONAL, Level.PROVINCIAL):
        for title in titles.all:
            if level in title.names and any(rule.kind == "floor" for rule in pack.rules_for(title.id, level)):
                yield title.id, level


def _amounts(values: dict[str, Any], group: str) -> list[CountyAmount]:
    named = [(key.split(" "), value) for key, value in values.items() if key.startswith(f"{group} ")]
    return [CountyAmount(title, Level(level), *value) for (_, title, level), value in named if value]
