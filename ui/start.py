"""How the window starts: once it is painted, the figures of the last book; then heavy imports, and the book itself."""

from collections.abc import Callable
from pathlib import Path

from ui.app import Prepare, Program
from ui.jobs import Tick


def starting_with(path: Path | None = None) -> Prepare:
    """What `open_window` is to prepare: the book at `path`, or the one that was open last."""

    def prepare(_tick: Tick) -> Callable[[Program], None]:
        from ui.first_page import begin  # brings the first page: after the first paint, not before

        return lambda program: begin(program, path)

    return prepare
