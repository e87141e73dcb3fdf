"""What goes on paper from 办理: the 审批表 of a round and the list of a public notice, each saved as PDF."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.dialogs.files import ask_file
from ui.open_book import OpenBook
from ui.pages.award_words import named
from ui.pages.basis_deed import PDF
from ui.pages.deeds import Deeds
from ui.settings import Settings
from zjtx_desktop.usecases.approvals import write_approvals
from zjtx_desktop.usecases.notice_list import write_notice_list
from zjtx_desktop.usecases.notices import NoticeLine
from zjtx_desktop.usecases.rounds import RoundLine


class ProcessPapers(Deeds):
    """File dialogs stand over `page`; `said(tone, sentence)` tells how it went."""

    def __init__(self, desk: OpenBook, settings: Settings, page: QWidget) -> None:
        super().__init__(desk, page)
        self._settings = settings

    def save_approvals(self, line: RoundLine) -> None:
        """Ask where to, and write who examined, reviewed and approved each award of the round."""
        self._save(
            "审批表",
            f"{named(line)}审批表.pdf",
            lambda session, path: write_approvals(session, line.id, path, date.today(), overwrite=True),
        )

    def save_notice(self, line: RoundLine, notice: NoticeLine) -> None:
        """Ask where to, and write the list of a notice."""
        self._save(
            "公示名单",
            f"{named(line)}公示名单{notice.starts:%Y%m%d}.pdf",
            lambda session, path: write_notice_list(session, notice.id, path, overwrite=True),
        )

    def _save(self, what: str, name: str, write: Callable[[Any, Path], int]) -> None:
        path = ask_file(self._page, self._settings, f"{what}另存为", name, PDF)
        if path:
            self._desk.jobs.run(
                lambda _tick: self._desk.ask_now(lambda session: write(session, path)),
                lambda count: self.said.emit("good", f"{what}（{count} 笔）已保存：{path}"),
                self._fail,
                label=f"保存{what}",
            )
