"""Puts the parts together: the window with a book that is given or was open last, or one command."""

import sys
from pathlib import Path

BOOK = ".zjtx"


def main(arguments: list[str]) -> int:
    """Run the program; returns the exit code. Each way imports only what it needs."""
    if arguments[:1] == ["--read-table"]:  # the reading process of a bundle, see exchange/reading.py
        from zjtx_desktop.exchange.child import serve

        serve(arguments[1:])
    book = Path(arguments[0]) if len(arguments) == 1 and arguments[0].endswith(BOOK) else None
    if arguments and book is None:
        from zjtx_desktop.cli import run

        return run(arguments)
    from ui.app import open_window
    from ui.start import starting_with

    return open_window(starting_with(book))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
