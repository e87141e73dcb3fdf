"""How the window starts: once it is painted, heavy imports on the worker; then the last book."""

from collections.abc import Callable
from pathlib import Path

from ui.app import Prepare, Program
from ui.jobs import Tick


def starting_with(path: Path | None = None) -> Prepare:
    """What `open_window` is to prepare: the book at `path`, or the one that was open last."""

    def prepare(_tick: Tick) -> Callable[[Program], None]:
        from ui.keeper import Keeper  # brings the pages and SQLModel: after the first paint, not before

        return lambda program: Keeper(program).begin(path)

    return prepare
