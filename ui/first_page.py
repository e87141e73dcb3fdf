"""The first page with its figures while SQLModel is still being imported; then the Keeper opens the book."""

from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer

from ui.app import Program
from ui.jobs import Tick
from ui.pages.home_view import TITLE, HomeView, wanted_year
from ui.places import Places
from zjtx_desktop.usecases.first_look import FirstLook, first_look

_KEEPER = "ui.keeper"  # brings SQLModel, four times the start of an empty window: not imported at the top
_A_FRAME = 20  # milliseconds: the figures are painted before that import takes the interpreter


def begin(program: Program, path: Path | None) -> None:
    """Show the figures of the book asked for or open last, if it can be seen into, then open it."""
    places = Places(program.settings)
    book = path or places.last_book
    if book is None or not places.person:
        _open(program, path, None)
        return
    year, today = wanted_year(program.settings), date.today()
    program.jobs.run(
        lambda _tick: first_look(book.absolute(), year, today), done=partial(_show, program, path, book.name)
    )


def _show(program: Program, path: Path | None, name: str, seen: FirstLook | None) -> None:
    if seen is None:
        _open(program, path, None)
        return
    view = HomeView()
    view.show_overview(seen.overview)
    program.window.show_early(seen.office, name, TITLE, view)
    QTimer.singleShot(_A_FRAME, program, partial(_open, program, path, view))


def _open(program: Program, path: Path | None, view: HomeView | None) -> None:
    program.jobs.run(_keeper, done=lambda keeper: keeper(program).begin(path, view))


def _keeper(_tick: Tick) -> Any:
    return import_module(_KEEPER).Keeper
