"""认定: which organisation was given which title, by which document, from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from ui.commands import Act, Place
from ui.dialogs.expiring import ExpiringDialog
from ui.dialogs.compare_list import CompareDialog
from ui.dialogs.import_list import ImportDialog
from ui.dialogs.list_steps import HandedList
from ui.dialogs.recognition_form import RecognitionDialog
from ui.open_book import OpenBook
from ui.pages.book_list import BookListPage
from ui.pages.recognition_words import COLUMNS, FILTER_TEXTS, FILTERS, detail_of
from ui.settings import Settings
from ui.widgets.detail_panel import Detail
from ui.widgets.empty_state import EmptyState
from ui.widgets.organisation_edit import ChosenOrganisation
from zjtx_desktop.errors import AppError, NotFound
from zjtx_desktop.usecases import attachments, organisations, recognitions
from zjtx_desktop.usecases.comparing import Compared
from zjtx_desktop.usecases.list_file import paste_list
from zjtx_desktop.usecases.recognitions import RecognitionForm

_HINT = "查找单位、代码、文号"
_EMPTY = (
    "recognition",
    "还没有登记认定",
    "把省、市公布的名单导入，或者逐条登记；也可以在表格里复制名单的几行，在这里按 Ctrl+V 粘贴。",
    (("import", "导入名单", "import"), ("new", "新建认定", "add")),
)


@dataclass(frozen=True, slots=True)
class _Opened:
    """What the form needs of the book."""

    id: int | None
    form: RecognitionForm | None
    organisation: ChosenOrganisation | None
    batches: tuple[str, ...]


class RecognitionsPage(BookListPage):
    """The recognitions. `receive` also takes ("import",), which opens the import of a list, and ("paste",)."""

    title = "认定"
    help_id = "recognitions"
    noun = "认定"
    table = "recognition"
    needs_one = "请先在列表中选中一条认定"
    telling = ("title", "level", "kind")

    def __init__(self, desk: OpenBook, settings: Settings) -> None:
        listing = recognitions.LISTING
        super().__init__(
            desk,
            settings,
            "recognitions",
            listing,
            COLUMNS,
            FILTERS,
            FILTER_TEXTS,
            _HINT,
            EmptyState(*_EMPTY),
            "条",
        )

    def acts(self) -> Sequence[Act]:
        return (
            Act("new", self.new, "新建认定…", place=Place.TOOL),
            *self.standing_acts(),
            Act("expiring", self.show_expiring, "即将到期的认定…", "calendar"),
            Act("compare", self.compare_list, "名单与账簿对照…", "checklist"),
            Act("import", self.import_list, place=Place.PRIMARY),
        )

    def receive(self, wanted: object) -> None:
        if wanted == ("import",):
            self.import_list()
        elif wanted == ("paste",):
            self.paste_rows()
        else:
            super().receive(wanted)

    def read_detail(self, session: Any, record: int) -> Detail:
        lines = recognitions.LISTING.lines(session, (record,))
        if not lines:
            raise NotFound("这条认定已被删除，请刷新列表。")
        scans = attachments.of_record(session, self.table, record)
        return detail_of(lines[0], recognitions.get(session, record), scans, date.today())

    def new(self) -> None:
        """Open an empty form."""
        self._desk.ask(lambda session: _opened(session, None), self._open)

    def edit(self) -> None:
        record = self.current
        if record is not None:
            self._desk.ask(lambda session: _opened(session, record), self._open, self._fail)

    def remove(self, session: Any, record: int) -> None:
        recognitions.remove(session, record)

    def show_expiring(self) -> None:
        """Show the recognitions that end in the next months, to be printed and gone to."""
        dialog = ExpiringDialog(self._desk, self._settings, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.wanted.connect(self.show_record)
        dialog.open()

    def compare_list(self) -> None:
        """Put a list beside the book; what the book lacks can be handed to the import."""
        dialog = CompareDialog(self._desk, self._settings, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.handed.connect(self._open_import)
        dialog.wanted.connect(self._go_to)
        dialog.open()

    def _go_to(self, found: Compared) -> None:
        if found.recognition is not None:
            self.show_record(found.recognition)
        elif found.organisation is not None:
            self.wants_page.emit("organisations", found.organisation)

    def import_list(self) -> None:
        """Open the import of a list."""
        self._open_import(None)

    def paste_rows(self) -> None:
        text = QGuiApplication.clipboard().text()
        self._desk.jobs.run(lambda _tick: HandedList(paste_list(text)), self._open_import, self._refuse_pasted)

    def _refuse_pasted(self, error: AppError) -> None:
        self.says.emit("warn", str(error))

    def _open_import(self, handed: HandedList | None) -> None:
        dialog = ImportDialog(self._desk, self._settings, self, handed)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.imported.connect(self._imported)
        dialog.open()

    def name_at(self, place: int) -> str:
        return f"{self.pane.model.text(place, 0)}的{self.pane.model.text(place, 1)}"

    def _open(self, opened: _Opened) -> None:
        dialog = RecognitionDialog(
            self._desk, opened.id, opened.form, opened.organisation, opened.batches, self
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(self.show_record)
        dialog.open()

    def _imported(self, sentence: str) -> None:
        self.says.emit("good", sentence)
        self.refresh()


def _opened(session: Any, record: int | None) -> _Opened:
    batches = tuple(text for text, _ in recognitions.LISTING.values(session, "batch") if text)
    if record is None:
        return _Opened(None, None, None, batches)
    form = recognitions.get(session, record)
    owner = organisations.get(session, form.organisation_id)
    return _Opened(record, form, ChosenOrganisation(form.organisation_id, owner.name), batches)
