"""Saving the 测算依据 of a round, which the pages of awards and of letters both offer."""

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from ui.dialogs.files import ask_file
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.pages.award_words import named
from ui.settings import Settings
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases import printouts
from zjtx_desktop.usecases.rounds import RoundLine

PDF = "PDF 文件 (*.pdf)"


def save_basis(
    page: QWidget,
    desk: OpenBook,
    settings: Settings,
    line: RoundLine,
    say: Callable[[str, str], None],
    fail: Callable[[AppError], None],
) -> None:
    """Ask for a file and write the 测算依据 of the round into it; `say` gets tone and sentence."""
    path = ask_file(page, settings, "测算依据另存为", f"{named(line)}测算依据.pdf", PDF)
    if not path:
        return

    def write(tick: Tick) -> int:
        return desk.ask_now(
            lambda session: printouts.write_basis_of(session, line.id, path, date.today(), overwrite=True, tick=tick)
        )

    desk.jobs.run(write, lambda count: say("good", f"测算依据（{count} 笔）已保存：{path}"), fail, label="保存测算依据")
