"""附件: the scans of one record, to be added, opened, saved elsewhere and removed."""

from collections.abc import Callable
from operator import attrgetter
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from ui import icons
from ui.dialogs.ask import ask_sure
from ui.dialogs.files import ask_file, ask_open
from ui.dialogs.frame import lay_out, row
from ui.models.column import Column, Kind
from ui.models.table import TableModel
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.settings import Settings
from ui.widgets.banner import Banner
from ui.widgets.labels import label
from ui.widgets.list_view import ListView
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases import attachments
from zjtx_desktop.usecases.attachments import MOST, AttachmentLine, read_scan
from zjtx_desktop.usecases.books import size_text

_SIZE = (640, 400)
_KINDS = "扫描件 (*.pdf *.jpg *.jpeg *.png)"
_SAID = f"认定文件、证书、凭证等的扫描件，收 PDF、JPG、PNG，每个不超过 {MOST >> 20} MB。附件存在账簿里，随账簿一起备份。"
_COLUMNS = (
    Column("name", "文件", attrgetter("name"), letters=24, tip=attrgetter("name")),
    Column("size", "大小", lambda line: size_text(line.size), letters=6),
    Column("sha256", "校验值", lambda line: line.sha256[:16], Kind.CODE, letters=9, tip=attrgetter("sha256")),
)


class AttachmentsDialog(QDialog):
    """`record` is ("organisation" or "recognition", id), `title` what it is called."""

    help_id = "recognitions"

    def __init__(
        self,
        desk: OpenBook,
        settings: Settings,
        record: tuple[str, int],
        title: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"附件：{title}")
        self.setModal(True)
        self._desk, self._settings, self._record, self._title = desk, settings, record, title
        self.model = TableModel(_COLUMNS, parent=self)
        self.view = ListView(self.model, settings, "attachments")
        self.view.setAccessibleName("附件")
        self.banner, self.count = Banner(), label(role="soft", wraps=True)
        self.add = _button("添加…", "attach", self.ask_add)
        self.add.setProperty("role", "primary")
        self.open_one = _button("打开", "preview", self.open_selected)
        self.save = _button("另存为…", "save", self.ask_save)
        self.remove = _button("删除…", "delete", self.ask_remove)
        self.shut = QPushButton("关闭", autoDefault=False)
        self.shut.clicked.connect(self.reject)
        self._lay_out()
        self.view.selection_changed.connect(self._show_able)
        self.view.opened.connect(self.open_selected)
        self.view.sort_changed.connect(self.model.sort_held)
        self.refresh()

    @property
    def current(self) -> AttachmentLine | None:
        """The attachment the keyboard is on."""
        index = self.view.currentIndex()
        return self.model.row(index.row()) if index.isValid() else None

    def refresh(self) -> None:
        """Ask for the attachments anew."""
        table, row_id = self._record
        self._desk.ask(lambda session: attachments.of_record(session, table, row_id), self._show, self._failed)

    def ask_add(self) -> None:
        """Ask for a scan and attach it."""
        path = ask_open(self, self._settings, "添加附件", _KINDS)
        if path:
            self.attach(path)

    def attach(self, path: Path) -> None:
        """Attach a scan as one action."""
        table, row_id = self._record

        def work(tick: Tick) -> int:
            scan = read_scan(path)
            title = f"给“{self._title}”添加附件“{scan.name}”"
            return self._desk.write(title, lambda session, _: attachments.attach(session, table, row_id, scan), tick)

        self.banner.hide()
        self._desk.jobs.run(work, self._changed, self._failed, label="添加附件")

    def open_selected(self, *_index: object) -> None:
        """Show the attachment in the program that this computer opens such files with."""
        line = self.current
        if line:
            self._desk.ask(lambda session: attachments.put_out(session, line.id), self._show_file, self._failed)

    def ask_save(self) -> None:
        """Ask for a file and write the attachment there."""
        line = self.current
        suffix = Path(line.name).suffix if line else ""
        path = line and ask_file(self, self._settings, "附件另存为", line.name, f"附件 (*{suffix})")
        if line and path:
            self._desk.ask(
                lambda session: attachments.save(session, line.id, path, overwrite=True),
                lambda written: self.banner.say("good", f"已另存：{written}"),
                self._failed,
            )

    def ask_remove(self) -> None:
        """Ask, then take the attachment off the record."""
        line = self.current
        what = f"将从“{self._title}”删除附件“{line.name}”。" if line else ""
        if line and ask_sure(self, "删除附件", what, "删除后可以用“撤销”（Ctrl+Z）恢复。"):
            self.detach(line)

    def detach(self, line: AttachmentLine) -> None:
        """Take an attachment off the record as one action."""
        title = f"从“{self._title}”删除附件“{line.name}”"
        self.banner.hide()
        self._desk.jobs.run(
            lambda tick: self._desk.write(title, lambda session, _: attachments.detach(session, line.id), tick),
            self._changed,
            self._failed,
        )

    def _changed(self, _result: object) -> None:
        self.refresh()
        self._desk.tell()

    def _lay_out(self) -> None:
        buttons = row(self.add, self.open_one, self.save, self.remove, None, self.shut)
        said = label(_SAID, "soft", wraps=True)
        lay_out(self, _SIZE, self.view, said, self.banner, self.view, self.count, buttons)

    def _show(self, lines: tuple[AttachmentLine, ...]) -> None:
        self.model.show(lines)
        self.count.setText(f"共 {len(lines)} 个附件。" if lines else "还没有附件。点“添加”选择扫描件。")
        if lines:
            self.view.selectRow(0)
        self._show_able()

    def _show_able(self) -> None:
        for button in (self.open_one, self.save, self.remove):
            button.setEnabled(self.current is not None)

    def _show_file(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
            self.banner.say("warn", "这台电脑没有能打开它的程序。请用“另存为”保存后，在别的电脑上打开。")

    def _failed(self, error: AppError) -> None:
        self.banner.say("error", str(error))


def _button(text: str, icon: str, run: Callable[..., None]) -> QPushButton:
    button = QPushButton(text, autoDefault=False)
    icons.dress(button, icon, "on_accent" if icon == "attach" else "text")
    button.clicked.connect(run)
    return button
