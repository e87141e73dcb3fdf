"""A standing list of mistakes that the random offices must find: whoever weakens the machine is told here.

`python3 go.py test -m release tests/usecases/test_mutants.py`; each mutant plays until it is caught.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import test_money_machine as machine
import test_order_machine as disorder
from hypothesis import Phase
from machine_kit import play

from sqlmodel import Session, col

from zjtx_desktop.domain import states
from zjtx_desktop.domain.choices import Answers, Choices
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.facts import Target
from zjtx_desktop.domain.ledger import EntryKind, Standing
from zjtx_desktop.domain.states import AwardState, Event, Move
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import awards, budgets, judging, ledger, letters, notices, process, standings
from zjtx_desktop.usecases.standings import PartLine
from zjtx_desktop.values import Division, Money

pytestmark = [pytest.mark.release, pytest.mark.timeout(1800)]
EXAMPLES = 120
Mutant = Callable[[pytest.MonkeyPatch], None]


def _move(start: AwardState, event: Event, **other: object) -> Mutant:
    """A row of the table of states with something else in it."""

    def mutate(patch: pytest.MonkeyPatch) -> None:
        row = states._BY_START[start, event]
        patch.setitem(states._BY_START, (start, event), replace(row, **other))

    return mutate


def _extra(start: AwardState, event: Event, end: AwardState, role: Role) -> Mutant:
    """A row too many."""
    return lambda patch: patch.setitem(states._BY_START, (start, event), Move(start, event, end, role))


def _gone(owner: object, name: str, instead: object = None) -> Mutant:
    """A check that checks nothing."""
    return lambda patch: patch.setattr(owner, name, lambda *_args, **_named: instead)


def _guard(event: Event) -> Mutant:
    return lambda patch: patch.setitem(process.GUARDS, event, process._no_guard)


def _without(kind: EntryKind) -> Mutant:
    """Entries of a kind are forgotten."""

    def mutate(patch: pytest.MonkeyPatch) -> None:
        enter = ledger._enter
        patch.setattr(ledger, "_enter", lambda session, order, of: of is kind or enter(session, order, of))

    return mutate


def _one_day_short(patch: pytest.MonkeyPatch) -> None:
    whole = notices.last_day
    patch.setattr(notices, "last_day", lambda session, starts, days: whole(session, starts, days - 1))


def _all_to_the_first(patch: pytest.MonkeyPatch) -> None:
    def share(amount: Money, weights: list[Money]) -> tuple[Money, ...]:
        return (amount, *(Money(0) for _ in weights[1:]))

    patch.setattr(ledger, "in_proportion", share)


def _switches_bind_the_city(patch: pytest.MonkeyPatch) -> None:
    """What a county chooses holds for the municipal part as well."""
    whole = Choices.answers

    def answers(self: Choices, target: Target) -> Answers:
        alike = Answers(target.treasury, self.switches, self.bases)
        return alike if target.payer is Payer.MUNICIPAL else whole(self, target)

    patch.setattr(Choices, "answers", answers)


def _amount_binds_every_treasury(patch: pytest.MonkeyPatch) -> None:
    whole = Choices.county_amount
    patch.setattr(Choices, "county_amount", lambda self, title, level, _treasury=None: whole(self, title, level))


def _grant_instead_of_what_is_left(patch: pytest.MonkeyPatch) -> None:
    """核减 and 追回 are not taken off what an earlier award counts for."""
    patch.setattr(judging, "_TAKEN", ())


def _any_payer_of_the_treasury(patch: pytest.MonkeyPatch) -> None:
    def find(session: Session, number: str, treasury: Division | None, _payer: Payer | None = None) -> PartLine:
        lines = standings._lines(session, col(tables.Award.number) == number)
        return next(line for line in lines if treasury in (None, line.treasury))

    patch.setattr(standings, "find_part", find)


S, E, R = AwardState, Event, Role
MUTANTS: dict[str, Mutant] = {
    "复核可由初审人办理": _move(S.EXAMINED, E.REVIEW, apart=()),
    "审定可由复核人办理": _move(S.CLEARED, E.APPROVE, apart=(E.EXAMINE,)),
    "审定可由初审人办理": _move(S.CLEARED, E.APPROVE, apart=(E.REVIEW,)),
    "审定可由登记预算的人办理": _move(S.CLEARED, E.APPROVE, apart=(E.EXAMINE, E.REVIEW)),
    "拨付可由审定人办理": _move(S.ISSUED, E.PAY, apart=(E.EXAMINE, E.REVIEW)),
    "恢复可由不予奖励的登记人办理": _move(S.EXCLUDED, E.READMIT, apart=()),
    "初审交给复核岗": _move(S.DRAFT, E.EXAMINE, role=R.REVIEWER),
    "审定交给经办岗": _move(S.CLEARED, E.APPROVE, role=R.CLERK),
    "初审不要意见": _move(S.DRAFT, E.EXAMINE, needs=()),
    "初审后直接审定": _extra(S.EXAMINED, E.APPROVE, S.APPROVED, R.APPROVER),
    "已拨付退回草稿": _extra(S.PAID, E.SEND_BACK, S.DRAFT, R.APPROVER),
    "草稿可以免于公示": _extra(S.DRAFT, E.WAIVE, S.CLEARED, R.CLERK),
    "已下达退回草稿": _extra(S.ISSUED, E.SEND_BACK, S.DRAFT, R.APPROVER),
    "不分岗位": _gone(process, "require"),
    "不分人手": _gone(process, "_check_hands"),
    "不看日期先后": _gone(process, "_check_day"),
    "不看意见和文件": _gone(process, "_check_words"),
    "不查信用": _guard(E.REVIEW),
    "公示没满就结束": _guard(E.CLEAR),
    "异议不影响办理": _gone(process, "_no_objection_stands"),
    "不看预算": _gone(process, "award_fits"),
    "预算不算已审定的": lambda patch: patch.setattr(budgets.BudgetLine, "spoken_for", property(lambda line: line.used)),
    "公示少一天": _one_day_short,
    "市级资金没到账就拨付": lambda patch: patch.setattr(
        standings.PartLine, "payable_now", property(lambda line: line.standing.payable)
    ),
    "拨付不看余额": _gone(Standing, "require"),
    "拨付完不结": _gone(ledger, "_settle"),
    "重复点击记两笔": _gone(ledger, "_is_known", False),
    "作废不看已拨付": _gone(awards, "void_rest"),
    "撤销认定不追回": _without(EntryKind.CLAIMED),
    "撤销认定不核减": _without(EntryKind.VOIDED),
    "追回不按比例": _all_to_the_first,
    "下达不记台账": _gone(letters, "grant"),
    "草稿直接下达": _move(S.DRAFT, E.ISSUE, unstaffed_only=False),
}


# What issue by issue made awards wrong because of the order, or charged the wrong treasury.
ORDER_MUTANTS: dict[str, Mutant] = {
    "下达过的不算在前": _gone(judging.View, "stands_before", False),
    "过时的照样办": _gone(process, "require_current"),
    "受益财政没确认也下达": _gone(process, "require_confirmed"),
    "不问以前年度": _gone(judging, "_pending", {}),
    "编号只在本批次不重复": lambda patch: patch.setattr(
        judging, "_number", lambda code, year, recognition, _taken: f"{code}-{year}-{recognition:05d}"
    ),
    "别的批次办过的再办": lambda patch: patch.setattr(
        judging.View, "is_open", lambda self, key: not ((one := self.award(key)) and self.is_here(one) and one.fixed)
    ),
    "县里的口径也管市级部分": _switches_bind_the_city,
    "县里的标准也管别的财政": _amount_binds_every_treasury,
    "核减不看下限": _gone(ledger, "_keep_the_floor"),
    "核减以后仍按核定计": _grant_instead_of_what_is_left,
    "同一财政不分出资身份": _any_payer_of_the_treasury,
}
GENERATE = (Phase.generate,)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return machine._template(tmp_path_factory.mktemp("样"))


@pytest.fixture(scope="module")
def in_disorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return disorder.template(tmp_path_factory.mktemp("乱"))


@pytest.mark.parametrize("name", MUTANTS)
def test_the_machine_finds(name: str, template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTANTS[name](monkeypatch)
    with pytest.raises((Exception, pytest.fail.Exception)):  # whatever it trips over, it trips
        machine.play_edges(template)
        play(type("Mutated", (machine.Office,), {"template": template}), EXAMPLES, phases=GENERATE)


@pytest.mark.parametrize("name", ORDER_MUTANTS)
def test_the_machine_of_orders_finds(name: str, in_disorder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ORDER_MUTANTS[name](monkeypatch)
    with pytest.raises((Exception, pytest.fail.Exception)):
        for edge in disorder.EDGES:
            disorder.play_edge(in_disorder, edge)
        play(type("Mutated", (disorder.Disorder,), {"template": in_disorder}), EXAMPLES, phases=GENERATE)
