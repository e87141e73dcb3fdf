"""Making a backup, with its progress; what came of it stays on screen."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.widgets.banner import Banner
from ui.widgets.folder_edit import FolderEdit
from ui.widgets.labels import label
from zjtx_desktop.errors import AppError, BadValue
from zjtx_desktop.usecases.backups import BackupLine, back_up
from zjtx_desktop.usecases.books import size_text

_SAID = (
    "先检查账簿，再整份复制，最后检查复制出来的这一份；全部通过才算备份成功。建议放到另一块磁盘或 U 盘上。"
)
_WIDE = 34  # 汉字


class BackupDialog(QDialog):
    """Backs the open book up into a folder; `saved` carries the BackupLine of what was written."""

    help_id = "backup"
    saved = Signal(object)

    def __init__(self, desk: OpenBook, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("备份账簿")
        self.setModal(True)
        self._desk, self._ticket, self._default = desk, 0, folder
        self.folder, self.banner, self.bar = (
            FolderEdit("选择备份放在哪里"),
            Banner(),
            QProgressBar(textVisible=False),
        )
        self.folder.set_value(folder)
        self.folder.setAccessibleName("备份文件夹")
        self.ok, self.cancel = QPushButton("开始备份", default=True), QPushButton("关闭", autoDefault=False)
        self.ok.setProperty("role", "primary")
        self.ok.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        desk.jobs.progress.connect(self._show_progress)
        self._lay_out()

    def accept(self) -> None:
        """Write the backup on the worker; the dialog stays to say what came of it."""
        try:
            folder = self.folder.value()
        except BadValue as error:
            self.banner.say("error", str(error))
            return
        if folder is None:
            self.banner.say("error", "没有填写备份文件夹，请填写或选择。")
        elif not self._ticket:
            self._start(folder)

    def reject(self) -> None:
        """Close; while a backup is being written, stop that first."""
        if self._ticket:
            self._desk.jobs.cancel(self._ticket)
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()

    def _start(self, folder: Path) -> None:
        book, now, make = self._desk.book, datetime.now(), folder == self._default

        def work(tick: Tick) -> BackupLine:
            if make:
                folder.mkdir(
                    parents=True, exist_ok=True
                )  # the default one; a folder typed wrongly is not made
            return back_up(book, folder, now, tick)

        self.banner.hide()
        self._set_busy(True)
        self._ticket = self._desk.jobs.run(work, self._done, self._failed, self._ended, "备份账簿")

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.ok)
        self.bar.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(label(_SAID, "soft", wraps=True))
        layout.addWidget(label("备份文件夹"))
        layout.addWidget(self.folder)
        layout.addWidget(self.bar)
        layout.addWidget(self.banner)
        layout.addStretch()
        layout.addLayout(buttons)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("国") * _WIDE)

    def _show_progress(self, done: int, total: int) -> None:
        if self._ticket:
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    def _set_busy(self, busy: bool) -> None:
        self.bar.setVisible(busy)
        self.bar.setRange(0, 0)
        self.ok.setEnabled(not busy)
        self.folder.setEnabled(not busy)
        self.cancel.setText("停止" if busy else "关闭")

    def _done(self, line: BackupLine) -> None:
        self.banner.say(
            "good",
            f"已备份并检查：“{line.path.name}”，{size_text(line.size)}。"
            f"企业 {line.organisations:,} 家，奖补 {line.awards:,} 笔。",
        )
        self.saved.emit(line)

    def _failed(self, error: AppError) -> None:
        self.banner.say("error", str(error))

    def _ended(self) -> None:
        self._ticket = 0
        self._set_busy(False)
