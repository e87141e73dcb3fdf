"""What the random offices have in common: how a deed is tried, and how many days are played."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from zjtx_desktop.errors import AppError
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases.duties import Actor, Second, perform


def tried(book: Book, person: str, deed: Callable[[Any], Any]) -> bool:
    """Whether the program did it; nobody of the machine has a key to agree with, so one says why."""
    try:
        done = perform(book, "办理", Actor(person), deed, Second(None, "现在没有别人（示例）"))
    except AppError:
        return False
    outcomes = done if isinstance(done, tuple) else ()
    return all(getattr(one, "is_done", True) for one in outcomes)


def play(
    machine: type[RuleBasedStateMachine], examples: int, steps: int = 40, phases: tuple[Phase, ...] = tuple(Phase)
) -> None:
    """Play so many random days, always the same ones; AssertionError shows the shortest that went wrong."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=True,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
