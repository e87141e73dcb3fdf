"""Drill 1, the program is killed (kill -9) while it takes a list over, judges, issues letters and pays.

Simulated: the real use cases in a forked child that is killed at a random moment of what it takes.
Promised: each deed is whole in the book or not at all, payments that were told are there, the book is sound.
Control: a list taken over row by row, each in an action of its own, must be found half taken over.
A kill says nothing of flushing, see drill 2: what was written reaches the disk without the program.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel

from tests.drills import office
from tests.drills.drill import Done, Ground, Ledger
from tests.drills.forking import killed
from tests.drills.office import DAY, ME, YUSHAN
from zjtx_desktop.errors import AppError
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import letters, office as offices, organisations, rounds, treasuries
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import perform
from zjtx_desktop.usecases.organisations import OrganisationForm

ROWS = 30
KILLS_A_BOOK = 25
COUNTED: tuple[type[SQLModel], ...] = (
    tables.Organisation, tables.Recognition, tables.Award, tables.Document, tables.LedgerEntry, tables.ListImport
)  # fmt: skip
Deed = Callable[[Book], None]


def compute(book: Book) -> None:
    """Lock and judge 2024."""
    perform(book, "测算", ME, lambda session: rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)))


def _confirm(session: Session) -> None:
    waiting = [one.organisation_id for one in treasuries.unconfirmed(session)]
    treasuries.confirm(session, waiting, "税务局清单（示例）", DAY)


def issue(book: Book) -> None:
    """Issue every letter of 2024."""
    perform(book, "下达", ME, lambda session: letters.issue(session, rounds.find_round(session, 2024).id, DAY))


def row_by_row(book: Book) -> None:
    """The control: what a list must not be taken over by."""
    for number in range(ROWS):
        form = OrganisationForm(name=f"示例逐行{number}有限公司")
        perform(book, f"登记第 {number} 行", ME, lambda session, form=form: organisations.register(session, form))


@dataclass(frozen=True, slots=True)
class Stage:
    """A deed and the book just before it."""

    name: str
    deed: Deed
    book: Path


def hold(ground: Ground) -> Done:
    """The three whole deeds, the payments, and the control."""
    wrong, half, seen = Ledger(), Ledger(), Counter[str]()
    each = ground.pick(2, 75, 2_500)
    stages = _stages(ground.folder)
    for stage in stages:
        _kill(stage, ground, each, wrong, seen)
    _kill_payments(ground, each, wrong, seen)
    _kill(Stage("逐行登记", row_by_row, stages[0].book), ground, ground.pick(5, 12, 50), half, Counter(), 0.5, 0.9)
    return Done(
        f"杀 {each * 4:,} 次（导入、测算、下达、拨付各 {each:,}），种子 {ground.seed}",
        f"只做了一半或丢失 {wrong.count}；已做完 {seen['done']:,}，没有做 {seen['left']:,}，正在写盘 {seen['hot']:,}；"
        f"已确认的拨付 {seen['told']:,} 笔都在",
        f"逐行提交的名单：{half.count} 次只进了一半",
        wrong.problems(
            (half.count > 0, "对照逐行提交没有发现只进了一半"),
            (seen["hot"] > 0 or ground.size == "ci", "没有一次杀在写盘的时候"),
        ),
    )


def _stages(folder: Path) -> list[Stage]:
    path, made = folder / "账簿.zjtx", []
    with Book.create(path) as book:
        perform(book, "新建账簿", ME, lambda session: offices.set_up(session, YUSHAN, "玉山县财政局"))
    for name, deed in (("导入", office.take_list), ("测算", compute), ("下达", issue)):
        made.append(Stage(name, deed, Path(shutil.copy(path, folder / f"{name}前.zjtx"))))
        with Book(path) as book:
            deed(book)
            perform(book, "确认受益财政", ME, _confirm)  # what the list brought, a person confirms
    return made


def _kill(
    stage: Stage, ground: Ground, times: int, wrong: Ledger, seen: Counter[str], first: float = 0, last: float = 1.1
) -> None:
    """Kill a deed so many times, between two shares of the time it takes: all of it is in the book then, or nothing."""
    before, path = _amounts(stage.book), ground.folder / "试" / "账簿.zjtx"
    _fresh(stage.book, path)
    _, took = killed(lambda: _do(stage.deed, path), None)
    after, chance = _amounts(path), ground.chance()
    for _ in range(times):
        _fresh(stage.book, path)
        was_killed, took_now = killed(lambda: _do(stage.deed, path), took * chance.uniform(first, last))
        took = took if was_killed else max(took_now, took / 2)
        seen["hot"] += _is_hot(path)
        found = _amounts(path)
        seen["done" if found == after else "left"] += 1
        if found not in (before, after) or (not was_killed and found != after):
            wrong.add(f"{stage.name}：{found}，应为 {before} 或 {after}")


def _is_hot(path: Path) -> bool:
    """Whether a journal is left that must be rolled back."""
    journal = path.with_name(f"{path.name}-journal")
    return journal.exists() and journal.stat().st_size > 0


def _do(deed: Deed, path: Path) -> None:
    with Book(path) as book:
        deed(book)


def _fresh(start: Path, path: Path) -> None:
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir()
    shutil.copy(start, path)


def _amounts(path: Path) -> tuple[int, ...] | str:
    """How many rows of each kind the sound book holds; what is wrong with one that is not."""
    try:
        with Book(path) as book:
            problems = check(book)
            with book.reading() as session:
                return problems[0] if problems else _count(session)
    except AppError as error:
        return str(error)


def _count(session: Session) -> tuple[int, ...]:
    return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in COUNTED)


def _kill_payments(ground: Ground, times: int, wrong: Ledger, seen: Counter[str]) -> None:
    """Kill the paying of part after part, each told, in books that are used on and on."""
    chance, start, path = ground.chance(), ground.folder / "拨付前.zjtx", ground.folder / "付" / "账簿.zjtx"
    office.make(start, awards=3)
    _fresh(start, path)
    _, took = killed(lambda: _pay_on(path, ground.folder / "试付", 0, 8), None)
    for first in range(0, times, KILLS_A_BOOK):
        told = ground.folder / f"已确认{first}"
        _fresh(start, path)
        for number in range(first, min(first + KILLS_A_BOOK, times)):
            killed(lambda number=number: _pay_on(path, told, number), chance.uniform(0, took))
            seen["hot"] += _is_hot(path)
            said = told.read_text(encoding="utf-8").split() if told.exists() else []
            found = office.held(path)
            if isinstance(found, str):
                wrong.add(f"拨付：{found}")
            elif not (set(said) <= found.paid and len(found.paid) - len(said) <= number - first + 1):
                wrong.add(f"拨付：确认了 {len(said)} 笔，账簿中 {len(found.paid)} 笔")
        seen["told"] += len(said)


def _pay_on(path: Path, told: Path, number: int, most: int = 10_000) -> None:
    with Book(path) as book, told.open("ab", buffering=0) as said:
        parts = office.parts(book)
        for nth in range(most):
            key = f"{number}-{nth}"
            office.pay(book, parts[nth % len(parts)], key, 1)
            said.write(f"{key}\n".encode())
