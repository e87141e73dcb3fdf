"""What a drill is: something bad that is done to the program many times, a promise, and a control that must fail."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Literal

Size = Literal["ci", "short", "release"]


@dataclass(frozen=True, slots=True)
class Done:
    """How a drill went: its scale, its figures and its control in words; nothing in `problems` when it held.

    `skipped` says why it could not be held here at all.
    """

    scale: str
    result: str
    control: str
    problems: tuple[str, ...] = ()
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where and how a drill is held: how big, by which seed, in which empty folder, which is in memory if `fast`."""

    size: Size
    seed: int
    folder: Path
    fast: Path

    def pick(self, ci: int, short: int, release: int) -> int:
        """The count that belongs to the size."""
        return {"ci": ci, "short": short, "release": release}[self.size]

    def chance(self) -> Random:
        """The dice of this drill: the same seed, the same throws."""
        return Random(self.seed)


@dataclass(frozen=True, slots=True)
class Drill:
    """One line of the plan: `what` names a module and what in it holds the drill. `traced` ones need the tracer,
    `long` ones begin first.
    """

    number: str
    title: str
    what: str
    traced: bool = False
    long: bool = False

    def hold(self, ground: Ground) -> Done:
        """Hold it here and now."""
        module, _, name = self.what.partition(".")
        held: Callable[[Ground], Done] = getattr(import_module(f"tests.drills.{module}"), name)
        return held(ground)


class Ledger:
    """What went wrong, the first few in words, all of it counted."""

    def __init__(self) -> None:
        self.count, self._said = 0, list[str]()

    def add(self, words: str) -> None:
        """Note one thing that must not have happened."""
        self.count += 1
        if len(self._said) < 5:
            self._said.append(words)

    def problems(self, *controls: tuple[bool, str]) -> tuple[str, ...]:
        """What was noted, and for each control that did not fail as it must, its words."""
        return (*self._said, *problems(*controls))


def problems(*controls: tuple[bool, str]) -> tuple[str, ...]:
    """For each control that did not fail as it must, its words."""
    return tuple(words for failed, words in controls if not failed)
