"""Puts the parts together: one headless command when arguments are given, the window when there are none."""

import sys


def main(arguments: list[str]) -> int:
    """Run the program; returns the exit code. Each way imports only what it needs, so that none waits for another."""
    if arguments[:1] == ["--read-table"]:  # the reading process of a bundle, see exchange/reading.py
        from zjtx_desktop.exchange.child import serve

        serve(arguments[1:])
    if arguments:
        from zjtx_desktop.cli import run

        return run(arguments)
    from ui.app import open_window

    return open_window()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
