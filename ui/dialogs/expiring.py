"""即将到期的认定: what ends in the next months, to be saved as PDF and gone to."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from ui import icons
from ui.dialogs.frame import lay_out, row
from ui.models.column import Column, Kind
from ui.models.source import HeldSource
from ui.open_book import OpenBook
from ui.pages.list_deeds import ListDeeds
from ui.pages.organisation_words import division_name
from ui.settings import Settings
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import ChoiceEdit
from ui.widgets.labels import label
from ui.widgets.list_pane import ListPane
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.usecases.expiring import MONTHS, expiring
from zjtx_desktop.usecases.recognitions import RecognitionLine

_SIZE = (900, 560)
_USUAL = 6


def _title(line: RecognitionLine) -> str:
    return Titles.load().name(line.title, Level(line.level), line.title_type)


_COLUMNS = (
    Column("valid_to", "有效期止", attrgetter("valid_to"), Kind.DATE, letters=6),
    Column("organisation", "单位名称", attrgetter("organisation"), letters=15),
    Column("title", "称号", _title, letters=13),
    Column("division", "所属地区", lambda line: division_name(line.division), letters=6),
    Column("batch", "批次", attrgetter("batch"), letters=5),
)


class ExpiringDialog(QDialog):
    """`wanted` carries the id of the recognition to be gone to."""

    help_id = "recognitions"
    wanted = Signal(object)

    def __init__(self, desk: OpenBook, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("即将到期的认定")
        self.setModal(True)
        self._desk = desk
        self.months = ChoiceEdit([(months, f"{months} 个月内") for months in MONTHS])
        self.months.set_value(_USUAL)
        self.months.setAccessibleName("今后几个月内到期")
        source = HeldSource(_COLUMNS, self._read, attrgetter("id"), ("title", "division"))
        empty = EmptyState("calendar", "没有即将到期的认定")
        self.pane = ListPane(
            _COLUMNS, source, desk.jobs, settings, "expiring", "查找单位", empty, ("title", "division")
        )
        self.banner = Banner()
        self.lists = ListDeeds(desk, settings, self, lambda: self.pane, self._name)
        self.lists.said.connect(self.banner.say)
        self.save, self.go = QPushButton("存为 PDF…", autoDefault=False), QPushButton("转到这一条")
        icons.dress(self.save, "save")
        self.go.setProperty("role", "primary")
        self.shut = QPushButton("关闭", autoDefault=False)
        self.save.clicked.connect(self.lists.save)
        self.go.clicked.connect(self.accept)
        self.shut.clicked.connect(self.reject)
        self.pane.view.opened.connect(self.accept)
        self.months.changed.connect(self.pane.refresh)
        self.pane.shown.connect(self._show_able)
        self.pane.selection_changed.connect(self._show_able)
        self._lay_out()
        self.pane.refresh()

    def accept(self, *_index: object) -> None:
        """Go to the recognition the keyboard is on."""
        record = self.pane.view.current_id()
        if record is not None:
            self.wanted.emit(record)
            super().accept()

    def _name(self) -> str:
        return f"今后 {self.months.value()} 个月内到期的认定"

    def _read(self) -> Sequence[RecognitionLine]:
        """The recognitions to list; called on the worker."""
        months, today = self.months.value(), date.today()
        return self._desk.ask_now(lambda session: expiring(session, today, months))

    def _show_able(self) -> None:
        self.save.setEnabled(bool(self.pane.model.rowCount()))
        self.go.setEnabled(self.pane.view.current_id() is not None)

    def _lay_out(self) -> None:
        top = row(label("今后"), self.months, label("有效期届满的认定，请提醒企业及早申报复核。", "soft"), None)
        buttons = row(self.save, None, self.shut, self.go)
        lay_out(self, _SIZE, self.pane, top, self.banner, self.pane, buttons)
