"""What a disk may hold after the power went: rebuilt from a trace of every change, in two models of a folder.

ordered    the file system keeps a journal of its folders: names change in the order in which the program changed
           them, and any flush makes all earlier changes last (ext4, NTFS)
loose      a new, changed or removed name lasts only once its folder was flushed, each for itself (POSIX, no more)

In both, what was written to a file and not flushed may be kept, dropped, or torn at 512 bytes.
"""

from collections.abc import Iterator, Mapping
from random import Random

from tests.drills.tracing import Step, What

SECTOR = 512
Files = dict[str, bytes]
Change = tuple[int | None, bytes]  # where and what; nothing for where is a new size
Names = dict[str, "_File | None"]  # under which name which file is from now on, or none; all at once


class _File:
    """One file: what is safe of it, and what was done to it since it was last flushed."""

    def __init__(self, safe: bytes = b"") -> None:
        self.safe, self.since = safe, list[Change]()

    def flush(self) -> None:
        if self.since:
            self.safe = _done(self.safe, self.since)
            self.since.clear()


def _done(data: bytes, changes: list[Change]) -> bytes:
    held = bytearray(data)
    for at, what in changes:
        if at is None:
            size = int.from_bytes(what)
            held = held[:size] + bytes(max(0, size - len(held)))
        else:
            held += bytes(max(0, at - len(held)))
            held[at : at + len(what)] = what
    return bytes(held)


class Disk:
    """The folder at one moment of a trace."""

    def __init__(self, start: Mapping[str, bytes], ordered: bool) -> None:
        self._ordered = ordered
        self._now = {name: _File(data) for name, data in start.items()}
        self._safe = dict(self._now)
        self._renaming: list[Names] = []  # not yet safe

    def do(self, step: Step) -> None:
        """Take one step of the trace."""
        match step.what:
            case What.MADE:
                self._name({step.path: _File()})
            case What.WROTE:
                self._now[step.path].since.append((step.at, step.data))
            case What.CUT:
                self._now[step.path].since.append((None, step.at.to_bytes(8)))
            case What.FLUSHED:
                self._now[step.path].flush()
                if self._ordered:
                    self._names_are_safe("")
            case What.FOLDER_FLUSHED:
                self._names_are_safe("" if self._ordered else f"{step.path}/" if step.path else "./")
            case What.REMOVED:
                self._name({step.path: None})
            case What.RENAMED | What.LINKED:
                names: Names = {step.data.decode(): self._now[step.path]}
                self._name(names if step.what is What.LINKED else names | {step.path: None})

    def _name(self, names: Names) -> None:
        _set(self._now, names)
        self._renaming.append(names)

    def _names_are_safe(self, folder: str) -> None:
        mine = [one for one in self._renaming if not folder or any(_folder(path) == folder for path in one)]
        self._renaming = [one for one in self._renaming if one not in mine]
        for names in mine:
            _set(self._safe, names)

    def as_written(self) -> Files:
        """Everything that was written, as another program sees it while the power is on."""
        return {path: _done(file.safe, file.since) for path, file in self._now.items()}

    def after_a_cut(self, chance: Random) -> Files:
        """One of the many things that may be there when the power comes back."""
        found = dict(self._safe)
        if self._ordered:
            kept = self._renaming[: chance.randint(0, len(self._renaming))]
        else:
            kept = [one for one in self._renaming if chance.random() < 0.5]
        for names in kept:
            _set(found, names)
        mood = chance.random()
        return {path: _done(file.safe, list(_survivors(file, mood, chance))) for path, file in found.items()}


def _survivors(file: _File, mood: float, chance: Random) -> Iterator[Change]:
    """Everything, nothing, or some of what was not flushed, a few of those torn."""
    for at, data in file.since:
        if mood < 0.15 or (mood >= 0.3 and chance.random() < 0.5):
            yield at, data
        elif mood >= 0.3 and at is not None and len(data) > SECTOR and chance.random() < 0.3:
            for sector in range(0, len(data), SECTOR):
                if chance.random() < 0.5:
                    yield at + sector, data[sector : sector + SECTOR]


def _set(files: dict[str, _File], names: Names) -> None:
    for path, file in names.items():
        if file is None:
            files.pop(path, None)
        else:
            files[path] = file


def _folder(path: str) -> str:
    return f"{path.rpartition('/')[0]}/" if "/" in path else "./"
