"""Drill 14, a power cut while a workbook or a letter is written.

Simulated: a new file and one that is replaced are written by `write_atomically` in a traced child, then the power is
cut at every point in both models of a folder.
Promised: under its name lies nothing, the old file whole, or the new one whole, and once told the new one.
Control: a plain write, and a write beside that is renamed without a flush, must leave empty or mixed files.
"""

import os
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.drills import tracing
from tests.drills.disks import Disk, Files
from tests.drills.drill import Done, Ground, Ledger
from tests.drills.tracing import Step, What
from zjtx_desktop.exchange.atomic import write_atomically

NAMES = ("上报.xlsx", "通知.pdf")
OLD = b"old" * 20_000
Write = Callable[[Path, bytes], None]


def by_the_program(path: Path, data: bytes) -> None:
    """As the program writes whatever leaves it: in pieces, as the libraries do."""

    def fill(part: Path) -> None:
        with part.open("wb") as file:
            for at in range(0, len(data), 10_000):
                file.write(data[at : at + 10_000])

    write_atomically(path, fill, overwrite=True)


def plainly(path: Path, data: bytes) -> None:
    """As most programs do."""
    path.write_bytes(data)


def without_a_flush(path: Path, data: bytes) -> None:
    """As careful ones do who forgot the flush."""
    part = path.with_suffix(".part")
    part.write_bytes(data)
    os.replace(part, path)


def hold(ground: Ground) -> Done:
    """The program's way, then both bad ones."""
    if not tracing.is_here():
        return Done("—", "未演练", "—", skipped=tracing.MISSING)
    chance, wrong = ground.chance(), Ledger()
    new = chance.randbytes(ground.pick(60_000, 150_000, 150_000))
    states = ground.pick(240, 1_200, 50_000)
    for words in _bad(ground, by_the_program, new, chance, states):
        wrong.add(words)
    plain, unflushed = (len(_bad(ground, how, new, chance, 200)) for how in (plainly, without_a_flush))
    return Done(
        f"断电 {states:,} 态（新写与覆盖，两种目录模型），种子 {ground.seed}",
        f"空的、新旧相混的或确认后不见的 {wrong.count}",
        f"各 200 态：直接写 {plain} 态坏，不落盘就改名 {unflushed} 态坏",
        wrong.problems((plain > 0, "对照直接写没有坏"), (unflushed > 0, "对照不落盘没有坏")),
    )


def _bad(ground: Ground, write: Write, new: bytes, chance: Random, states: int) -> list[str]:
    """What was wrong with the files after so many cuts."""
    folder = ground.fast / write.__name__
    folder.mkdir()
    (folder / NAMES[0]).write_bytes(OLD)

    def task(say: Callable[[int], None]) -> None:
        for number, name in enumerate(NAMES, start=1):
            write(folder / name, new)
            say(number)

    steps = tracing.record(folder, ground.fast / f"{write.__name__}.log", task)
    return [
        words
        for ordered in (True, False)
        for files, said in _cuts(steps, chance, ordered, states // 2)
        if (words := _wrong(files, said, new))
    ]


def _cuts(steps: list[Step], chance: Random, ordered: bool, states: int) -> list[tuple[Files, int]]:
    disk, said, found = Disk({NAMES[0]: OLD}, ordered), 0, []
    for at, step in enumerate(steps):
        disk.do(step)
        said = step.at if step.what is What.SAID else said
        for _ in range(states * at // len(steps), states * (at + 1) // len(steps)):
            found.append((disk.after_a_cut(chance), said))
    return found


def _wrong(files: Files, said: int, new: bytes) -> str:
    for number, (name, before) in enumerate(zip(NAMES, (OLD, None), strict=True), start=1):
        have = files.get(name)
        if have != new and (said >= number or have != before):
            return f"第 {said} 步后“{name}”{'不见了' if have is None else f'为 {len(have)} 字节'}"
    return ""
