"""What every list can do: be printed, and be saved as PDF, exactly as it stands on screen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QWidget

from ui.commands import Act
from ui.dialogs.files import ask_file
from ui.jobs import Tick
from ui.models.printed import Listed, for_paper
from ui.open_book import OpenBook
from ui.pages.basis_deed import PDF
from ui.pages.deeds import Deeds
from ui.pages.paper import Paper
from ui.settings import Settings
from ui.widgets.list_pane import ListPane
from zjtx_desktop.usecases import list_prints
from zjtx_desktop.usecases.list_prints import ListPrint
from zjtx_desktop.usecases.paper_codes import printed_code
from zjtx_desktop.values import safe_filename

_AS_PDF = "列表存为 PDF"


class ListDeeds(Deeds):
    """A page makes one and puts its `acts` among its own. Dialogs stand over `page`; `said(tone, sentence)` tells how it went.

    `title` names what the pane lists just now. `uncounted` is the sentence on paper about rows that the sums leave out.
    """

    def __init__(
        self,
        desk: OpenBook,
        settings: Settings,
        page: QWidget,
        pane: Callable[[], ListPane],
        title: Callable[[], str],
        uncounted: str = "作废的不计入合计。",
    ) -> None:
        super().__init__(desk, page)
        self._settings = settings
        self._pane, self._title, self._uncounted = pane, title, uncounted
        self.paper = Paper(desk.jobs, page)
        self.paper.said.connect(self.said)

    def acts(self, print_id: str = "print") -> tuple[Act, ...]:
        """“打印列表…”, by Ctrl+P unless the page prints something else by it, and “列表存为 PDF…”."""
        some, why = bool(self._pane().model.rowCount()), "列表是空的"
        return (
            Act(print_id, self.print, "打印列表…", "print", some, why=why),
            Act("save_list", self.save, enabled=some, why=why),
        )

    def print(self) -> None:
        """Print the rows listed, in their order, with the visible columns."""
        listed = self.listed()
        if listed is None:
            return
        self.paper.put(listed.words, lambda tick: list_prints.list_pdf(self._read(listed, tick), tick), _AS_PDF)

    def save(self) -> None:
        """Ask for a file and write the list into it."""
        listed = self.listed()
        if listed is None:
            return
        name = f"{safe_filename(listed.title)}.pdf"
        path = ask_file(self._page, self._settings, _AS_PDF, name, PDF)
        if path:
            self.write(path, listed)

    def write(self, path: Path, listed: Listed) -> None:
        """Write a list into a file."""

        def work(tick: Tick) -> None:
            list_prints.save_list(path, self._read(listed, tick), tick)

        def done(_nothing: None) -> None:
            self.said.emit("good", f"{listed.words}已保存：{path}")

        self._desk.jobs.run(work, done, self._fail, label=_AS_PDF)

    def listed(self) -> Listed | None:
        """What the list shows just now; None, and said so, while it is still being read."""
        pane = self._pane()
        if not pane.is_whole:
            self.said.emit("warn", "列表还在读取，请等读完再打印。")
            return None
        columns, ids = tuple(pane.view.columns_shown()), tuple(pane.listed_ids())
        return Listed(self._title(), columns, ids, pane.source, pane.unit, pane.narrowed())

    def _read(self, listed: Listed, tick: Tick) -> ListPrint:
        found = for_paper(listed, self._desk.office().name, date.today(), self._uncounted, tick)
        return replace(found, code=self._desk.ask_now(printed_code))
