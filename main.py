"""Puts the parts together: the window with a book that is given or was open last, or one command."""

import gc
import sys
from contextlib import suppress
from pathlib import Path

try:
    import resource
except ImportError:  # Windows keeps such images only where somebody asked for them
    resource = None  # type: ignore[assignment]

BOOK = ".zjtx"
KEPT = 100_000  # objects made before Python looks for garbage


def leave_no_core() -> None:
    """Have the system write no image of the memory when the program crashes: keys and open records are in it."""
    if resource:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str]) -> int:
    """Run the program; returns the exit code. Each way imports only what it needs."""
    leave_no_core()
    if arguments[:1] == ["--read-table"]:  # the reading process of a bundle, see exchange/reading.py
        from zjtx_desktop.exchange.child import serve

        serve(arguments[1:])
    book = Path(arguments[0]) if len(arguments) == 1 and arguments[0].endswith(BOOK) else None
    if arguments and book is None:
        from zjtx_desktop.cli import run
        from zjtx_desktop.exchange.passing import clear_leftovers

        clear_leftovers()
        gc.freeze()  # what is imported stays to the end, and of what a command builds little is garbage:
        gc.set_threshold(KEPT)  # looking through it again and again took a tenth of an import
        return run(arguments)
    from zjtx_desktop.exchange.passing import clear_leftovers

    clear_leftovers()
    from ui.app import open_window
    from ui.start import starting_with

    return open_window(starting_with(book))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
