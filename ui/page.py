"""What every page of the main window is, and what an open book brings to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.commands import Act


class Page(QWidget):
    """One subject of the window. A page overrides what it needs; it never reaches for the window itself.

    `acts_changed`: ask `acts` again. `wants_page(id, wanted)`: show that page, with what it is to show.
    `says(tone, sentence)`: put a sentence over the page; tone is info, good, warn or error.
    """

    acts_changed = Signal()
    wants_page = Signal(str, object)
    says = Signal(str, str)

    title = ""
    help_id = "index"

    def refresh(self) -> None:
        """Ask for what is shown anew; called on each visit, on F5 and after a change elsewhere."""

    def acts(self) -> Sequence[Act]:
        """The verbs that this page offers just now; all others are disabled in the menus."""
        return ()

    def enter(self) -> None:
        """Put the keyboard where one begins; called when the page is gone to, after `refresh`."""
        self.setFocus()

    def find(self) -> None:
        """Put the cursor where one searches."""

    def may_leave(self) -> bool:
        """Whether the window may close; a page with unsaved input asks the person here."""
        return True

    def receive(self, wanted: object) -> None:
        """Show what another page asked for with `wants_page`."""


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page in the navigation. Without a factory it is shown there, but cannot be opened yet."""

    id: str
    title: str
    icon: str
    factory: Callable[[], Page] | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """An open book as the window needs it: whose it is, its pages, the verbs that hold on every page.

    `leave` comes before `close`: what it begins on the window's worker is waited for.
    """

    unit: str
    book: str
    path: Path
    pages: tuple[PageSpec, ...]
    acts: tuple[Act, ...] = ()
    close: Callable[[], None] = lambda: None
    leave: Callable[[], None] = lambda: None


SUBJECTS: tuple[PageSpec, ...] = (
    PageSpec("home", "工作台", "home"),
    PageSpec("organisations", "企业", "organisation"),
    PageSpec("recognitions", "认定", "recognition"),
    PageSpec("rounds", "奖补", "round"),
    PageSpec("process", "办理", "checklist"),
    PageSpec("letters", "文书", "letter"),
    PageSpec("payments", "拨付", "payment"),
    PageSpec("reports", "报送", "report"),
    PageSpec("settings", "设置", "settings"),
)
