"""What need not be there for the first page: the other pages and the sample book.

They bring a second of imports, so each comes when it is first asked for, or from `warm_up` on the worker once
the first page is on screen. That is why they are named here and not imported at the top.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.page import SUBJECTS, Page, PageSpec
from ui.pages.home import HomePage
from ui.pages.home_view import HomeView
from ui.settings import Settings
from ui.theme import Theme
from ui.vitals import Vitals

_LATER = {
    "organisations": ("ui.pages.organisations", "OrganisationsPage"),
    "recognitions": ("ui.pages.recognitions", "RecognitionsPage"),
    "rounds": ("ui.pages.rounds", "RoundsPage"),
    "process": ("ui.pages.process", "ProcessPage"),
    "letters": ("ui.pages.letters", "LettersPage"),
    "payments": ("ui.pages.payments", "PaymentsPage"),
    "reports": ("ui.pages.reports", "ReportsPage"),
    "settings": ("ui.pages.settings", "SettingsPage"),
}
_SAMPLE = ("zjtx_desktop.demo", "sample_book")


def pages_of(
    desk: OpenBook, settings: Settings, vitals: Vitals, theme: Theme, view: HomeView | None = None
) -> tuple[PageSpec, ...]:
    """The pages over one open book in the order of the navigation, each made on its first visit. `view` is that of
    the first page where its figures are shown already.
    """
    own: dict[str, tuple[Any, ...]] = {"settings": (vitals, theme)}
    made: dict[str, Callable[[], Page]] = {
        name: partial(_make, name, desk, settings, *own.get(name, ())) for name in _LATER
    }
    made["home"] = lambda: HomePage(desk, settings, vitals, view)
    return tuple(replace(subject, factory=made[subject.id]) for subject in SUBJECTS)


def warm_up(tick: Tick) -> None:
    """Import on the worker what a first visit would otherwise wait for."""
    for done, (module, _) in enumerate(_LATER.values()):
        tick(done, len(_LATER))
        import_module(module)


def make_sample(path: Path, person: str, _tick: Tick) -> None:
    """Make the sample book at `path`."""
    _named(*_SAMPLE)(path, person)


def _make(name: str, *given: Any) -> Page:
    page = _named(*_LATER[name])(*given)
    assert isinstance(page, Page)
    return page


def _named(module: str, name: str) -> Callable[..., Any]:
    made: Callable[..., Any] = getattr(import_module(module), name)
    return made
