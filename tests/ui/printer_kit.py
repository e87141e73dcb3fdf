"""A printer that is none: what is handed to it can be read."""

import stat
from pathlib import Path


class Lp:
    """A stand-in for the system's `lp`, a real program that writes down what it was given."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.program = folder, folder / "lp"
        self._write(0, "")

    def fail(self, why: str) -> None:
        """Refuse everything from now on."""
        self._write(1, why)

    def _write(self, code: int, why: str) -> None:
        given = self.folder / "arguments"
        self.program.write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" > "{given}"\ncat > "{self.folder}/pdf"\necho "{why}" >&2\nexit {code}\n', encoding="utf-8"
        )
        self.program.chmod(self.program.stat().st_mode | stat.S_IXUSR)

    def __call__(self) -> tuple[list[str], bytes]:
        """The arguments it was called with, and the file."""
        return (self.folder / "arguments").read_text(encoding="utf-8").splitlines(), (self.folder / "pdf").read_bytes()
