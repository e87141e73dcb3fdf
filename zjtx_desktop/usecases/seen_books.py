"""What this computer has seen of each book: how far its history went, whichever path it lay at, in window and commands.

Kept by the book's identity beside the program's settings, a small file each, written whole or not at all. Of an
encrypted book nothing is kept that was inside it but numbers, hashes and a time. Nothing here needs the book's tables.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from zjtx_desktop.errors import AppError
from zjtx_desktop.exchange.atomic import atomic_bytes
from zjtx_desktop.paths import own_folder

KEPT_HEADS = 64  # of the latest actions, so that it can be told where another copy parts from what was seen


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a book was when it was last seen: `head` is the hash of action `seq`, `at` its time (ISO, UTC).

    `title` is empty where the book is encrypted; `heads` has the hashes of its latest actions by their numbers.
    """

    identity: str
    seq: int
    head: str
    at: str
    title: str
    path: str
    heads: Mapping[int, str] = field(default_factory=dict)


class SeenBooks:
    """Reads and writes these memories. One that cannot be read counts as none, and one that cannot be written is let go."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or own_folder() / "seen"

    def of(self, identity: str) -> Seen | None:
        """What was seen of the book of this identity."""
        return _read(self._file(identity)) if identity else None

    def at(self, path: Path) -> Seen | None:
        """What was seen of the book that was last seen at this path; of several the one seen last."""
        files = sorted(self._files(), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        return next((seen for file in files if (seen := _read(file)) and seen.path == str(path.absolute())), None)

    def keep(self, seen: Seen) -> None:
        """Remember this in place of what was known of the book; whether that may be is for `rollback` to say."""
        if not seen.identity:
            return
        told = {name: getattr(seen, name) for name in ("identity", "seq", "head", "at", "title", "path")}
        data = json.dumps(told | {"heads": {str(seq): head for seq, head in seen.heads.items()}}, ensure_ascii=False)
        with suppress(OSError, AppError):  # a computer that cannot remember still works
            self._folder.mkdir(parents=True, exist_ok=True)
            atomic_bytes(self._file(seen.identity), data.encode(), overwrite=True)

    def _file(self, identity: str) -> Path:
        return self._folder / f"{''.join(filter(str.isalnum, identity))}.json"

    def _files(self) -> Iterator[Path]:
        with suppress(OSError):
            yield from self._folder.glob("*.json")


def _read(file: Path) -> Seen | None:
    try:
        match json.loads(file.read_bytes()):
            case {
                "identity": str(identity), "seq": int(seq), "head": str(head), "at": str(at),
                "title": str(title), "path": str(path), "heads": dict(heads),
            }:  # fmt: skip
                return Seen(identity, seq, head, at, title, path, {int(number): str(one) for number, one in heads.items()})
    except (OSError, ValueError):
        pass
    return None
