"""Drill 22, older and other copies: copies made at random moments come back at random, beside the book or over it.

Simulated: one computer that works on a book, keeps copies of it, and opens now this one, now that one; a copy that was
accepted goes on and parts from the rest.
Promised: a copy is written to without being accepted only when it holds all that this computer has seen of the book;
what is held against each other parts exactly where it did; every payment made on both sides is named.
Control: a memory that believes whatever it saw last lets an older copy be written to.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.drills.drill import Done, Ground, Ledger
from tests.drills.office import ME
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import rollback
from zjtx_desktop.usecases.two_copies import compare_files
from zjtx_desktop.usecases.duties import Second, perform
from zjtx_desktop.usecases.seen_books import SeenBooks

Deeds = tuple[str, ...]  # what was done in a file, one word each, as the drill itself keeps it


def hold(ground: Ground) -> Done:
    """The random life of some copies, then the same one with a memory that is overwritten."""
    times, wrong = ground.pick(30, 120, 1_000), Ledger()
    named, accepted = _live(ground.fast / "甲", ground.chance(), times, wrong, rollback.note)
    control = Ledger()
    _live(ground.fast / "对照", ground.chance(), times, control, _believe_anything)
    return Done(
        f"{times:,} 次打开，副本并用、覆盖，种子 {ground.seed}",
        f"较旧的 {named} 次都先说明，接受 {accepted} 次" if not wrong.count else f"不符 {wrong.count}",
        f"只记最后一次所见的：悄悄写进较旧的 {control.count} 次",
        wrong.problems((control.count > 0, "对照没有写进较旧的"), (named > 0, "没有一次较旧的")),
    )


def _live(folder: Path, chance: Random, times: int, wrong: Ledger, note: Callable[[Book, SeenBooks], None]) -> tuple[int, int]:
    folder.mkdir()
    memory, book = SeenBooks(folder / "见过"), folder / "账簿.zjtx"
    Book.create(book).close()
    _act(book, "起")
    done: dict[Path, Deeds] = {book: ("起",)}
    seen: Deeds = ()
    named = accepted = 0
    for number in range(times):
        path = chance.choice(sorted(done))
        with Book(path) as opened:
            gap = rollback.meet(opened, memory)
            lacks = done[path][: len(seen)] != seen
            if gap and not lacks:
                wrong.add(f"第 {number} 次：没有缺少什么，却说 {gap.sentence}")
            named += bool(gap)
            word = f"{number}"
            if gap and chance.random() < 0.3:
                _accept(opened, gap)
                accepted, gap, lacks, done[path] = accepted + 1, None, False, (*done[path], f"接受{number}")
                rollback.meet(opened, memory)
            try:
                perform(opened, word, ME, lambda session, word=word: session.add(tables.Organisation(name=word, folded=word)))
                done[path] = (*done[path], word)
                if lacks:
                    wrong.add(f"第 {number} 次：悄悄写进了缺少步骤的一份")
            except Refused:
                if not gap:
                    wrong.add(f"第 {number} 次：不缺什么，却不能登记")
            note(opened, memory)
            if not gap and not lacks:
                seen = done[path]
        _copy(done, folder, chance, number)
        if number % 10 == 9:
            _compare(done, chance, wrong)
    return named, accepted


def _act(path: Path, word: str) -> None:
    with Book(path) as book, book.action(word, ME.name) as session:
        session.add(tables.Organisation(name=word, folded=word))


def _accept(book: Book, gap: rollback.Gap) -> None:
    perform(book, rollback.DEED, ME, lambda session: rollback.accept(session, gap), Second(None, "演练"))


def _copy(done: dict[Path, Deeds], folder: Path, chance: Random, number: int) -> None:
    """Now and then a copy is made, or one is laid over another."""
    source = chance.choice(sorted(done))
    match chance.randrange(6):
        case 0 if len(done) < 5:
            target = folder / f"副本{number}.zjtx"
        case 1:
            target = chance.choice(sorted(done))
        case _:
            return
    if target != source:
        shutil.copy(source, target)
        done[target] = done[source]


def _compare(done: dict[Path, Deeds], chance: Random, wrong: Ledger) -> None:
    one, other = (chance.choice(sorted(done)) for _ in range(2))
    found = compare_files(one, None, other, None)
    mine, theirs = done[one], done[other]
    common = next((n for n, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), min(len(mine), len(theirs)))
    if (found.common, found.mine_count, found.theirs_count) != (common, len(mine) - common, len(theirs) - common):
        wrong.add(f"{one.name} 与 {other.name} 在第 {common} 步以后分开，却说 {found.sentence}")


def _believe_anything(book: Book, memory: SeenBooks) -> None:
    """What the window did before: the last one seen is the one that counts."""
    with book.reading() as session:
        memory.keep(rollback.seen_now(session, book.path, False))
