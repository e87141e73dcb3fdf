"""What is printed or saved as PDF: letters into one file or one each, and the 测算依据 of a round."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sqlmodel import Session

from zjtx_desktop.documents.basis import write_basis
from zjtx_desktop.documents.letter import AwardLetter, file_name, letter_pdf, write_letters
from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.atomic import atomic_bytes, write_atomically
from zjtx_desktop.usecases import agreement
from zjtx_desktop.usecases.basis import basis_items
from zjtx_desktop.usecases.awards import policy_of
from zjtx_desktop.usecases.letters import reprint, view
from zjtx_desktop.usecases.paper_codes import printed_code

Tick = Callable[[int, int], None]
Read = Callable[[Session, int], tuple[AwardLetter, bytes]]


@dataclass(frozen=True, slots=True)
class Prints:
    """Letters to be put out: issued ones are read one at a time as they were stored, drafts are laid out anew."""

    session: Session
    issued: Sequence[int]
    drafts: Sequence[AwardLetter]
    read: Read

    def __len__(self) -> int:
        return len(self.issued) + len(self.drafts)

    def __iter__(self) -> Iterator[tuple[AwardLetter, bytes]]:
        yield from (self.read(self.session, document_id) for document_id in self.issued)
        yield from ((draft, letter_pdf(draft)) for draft in self.drafts)


def of_letters(session: Session, issued: Sequence[int], drafts: Sequence[AwardLetter] = ()) -> Prints:
    """These letters for paper or file; each issued one is logged as printed once more."""
    return Prints(session, issued, drafts, reprint)


def to_look_at(session: Session, issued: Sequence[int], drafts: Sequence[AwardLetter] = ()) -> Prints:
    """These letters to be looked at, or to be handed over and logged afterwards; Refused while their awards do not agree."""
    agreement.require_letters(session, issued, "打印")
    return Prints(session, issued, drafts, view)


def one_pdf(prints: Prints, tick: Tick | None = None) -> bytes:
    """All letters in one PDF in memory."""
    out = BytesIO()
    _put_together(prints, out, tick)
    return out.getvalue()


def write_one(path: Path, prints: Prints, overwrite: bool = False, tick: Tick | None = None) -> Path:
    """All letters in one PDF, whole or not at all."""

    def fill(part: Path) -> None:
        with part.open("wb") as file:
            _put_together(prints, file, tick)

    write_atomically(path, fill, overwrite)
    return path


def write_each(folder: Path, prints: Prints, tick: Tick | None = None) -> list[Path]:
    """One PDF a letter, named by number and addressee; nothing is replaced, and a cancel leaves none behind."""
    if not len(prints):
        raise Refused("没有可以保存的通知。请先选择，再保存。")
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    try:
        for letter, pdf in prints:
            target = _free_name(folder / file_name(letter))
            atomic_bytes(target, pdf)
            written.append(target)
            if tick:
                tick(len(written), len(prints))
    except BaseException:
        for path in written:
            with suppress(OSError):
                path.unlink()
        raise
    return written


def write_basis_of(
    session: Session, round_id: int, path: Path, today: date, overwrite: bool = False, tick: Tick | None = None
) -> int:
    """Write the 测算依据 of a round; how many judgements it explains."""
    agreement.require_round(session, round_id, "生成测算依据")
    items, policy = basis_items(session, round_id), policy_of(session, round_id)
    code = printed_code(session)

    def fill(part: Path) -> None:
        with part.open("wb") as file:
            counted = _counted(tick, len(items))
            write_basis(items, file, policy=policy, prepared_on=today, code=code, tick=counted)

    write_atomically(path, fill, overwrite)
    return len(items)


def _put_together(prints: Prints, out: BinaryIO, tick: Tick | None) -> None:
    counted = _counted(tick, len(prints))
    if prints.issued:
        from zjtx_desktop.documents.joining import join

        join((pdf for _, pdf in prints), out, counted)
    else:
        write_letters(prints.drafts, out, counted)


def _counted(tick: Tick | None, total: int) -> Callable[[int, int | None], None] | None:
    """The same tick for a writer that does not know how many there are."""
    return (lambda done, _total: tick(done, total)) if tick else None


def _free_name(path: Path) -> Path:
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}（{number}）")
    return free
