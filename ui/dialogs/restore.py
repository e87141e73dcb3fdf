"""Choosing a backup to restore: each with its date, age, what it holds and how much money."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from ui.dialogs.frame import lay_out, row
from ui.jobs import Jobs
from ui.models.column import Column, Kind, State
from ui.models.table import TableModel
from ui.widgets.banner import Banner
from ui.widgets.folder_edit import FolderEdit
from ui.widgets.labels import label
from ui.widgets.list_view import ListView
from zjtx_desktop.errors import AppError, BadValue
from zjtx_desktop.usecases.backups import BackupLine, age, backups_in
from zjtx_desktop.usecases.books import size_text

_SIZE = (1040, 520)
_SAID = "选一份备份，用它替换现在的账簿。现在的账簿会先另存一份在原来的文件夹里，选错了还可以换回来；备份本身不会被改动。"
_NONE = "这里还没有备份。请在上面选择备份所在的文件夹，例如移动硬盘。"


class RestoreDialog(QDialog):
    """`chosen` carries the BackupLine that is to be restored. While no folder is named, `folders` are listed together.

    `secret` opens the backups of the book on the desk; of other encrypted ones only date and size are told.
    """

    help_id = "backup"
    chosen = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        folders: Sequence[Path],
        book: str,
        secret: bytes | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"从备份恢复“{book}”")
        self.setModal(True)
        self._jobs, self._folders, self._secret = jobs, tuple(folders), secret
        self.folder, self.banner = FolderEdit("选择备份所在的文件夹"), Banner()
        self.folder.setAccessibleName("备份文件夹")
        self.folder.setPlaceholderText("不填时列出自动备份、手动备份和第二个位置的全部备份")
        self.model = TableModel(_columns(datetime.now()), parent=self)
        self.view = ListView(self.model)
        self.view.setAccessibleName("备份")
        self.ok, self.cancel = QPushButton("恢复这一份…"), QPushButton("取消", autoDefault=False)
        self.ok.setProperty("role", "primary")
        self.look = QPushButton("列出备份", autoDefault=False)
        self._lay_out()
        self.look.clicked.connect(self.refresh)
        self.folder.changed.connect(self._forget)
        self.folder.returnPressed.connect(self.refresh)
        self.view.selection_changed.connect(self._selected)
        self.view.opened.connect(self.accept)
        self.view.sort_changed.connect(self.model.sort_held)
        self.ok.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self._selected()

    def refresh(self) -> None:
        """Look into every backup of the folder, on the worker."""
        try:
            folder = self.folder.value()
        except BadValue as error:
            self.banner.say("error", str(error))
            return
        folders, secret = (self._folders if folder is None else (folder,)), self._secret
        self.look.setEnabled(False)
        self._jobs.run(
            lambda tick: backups_in(folders, tick, secret), self._show, self._failed, self._ended, "读取备份"
        )

    def accept(self) -> None:
        """Go on with the one selected."""
        line = self._line()
        if line is not None and _can_be_tried(line):
            self.chosen.emit(line)
            super().accept()

    def _line(self) -> BackupLine | None:
        index = self.view.currentIndex()
        return self.model.row(index.row()) if index.isValid() else None

    def _lay_out(self) -> None:
        top = row(label("备份文件夹"), self.folder, self.look)
        top.setStretchFactor(self.folder, 1)
        said, buttons = label(_SAID, "soft", wraps=True), row(None, self.cancel, self.ok)
        lay_out(self, _SIZE, self.view, said, top, self.banner, self.view, buttons)

    def _show(self, lines: tuple[BackupLine, ...]) -> None:
        self.model.show(lines)
        if lines:
            self.view.setFocus()
            self.view.selectRow(0)
        else:
            self.banner.say("info", _NONE)
            self.ok.setEnabled(False)
            return
        self._selected()

    def _forget(self) -> None:
        """Another folder was named: what is listed is not from there."""
        self.model.show(())

    def _failed(self, error: AppError) -> None:
        self.banner.say("error", str(error))

    def _ended(self) -> None:
        self.look.setEnabled(True)

    def _selected(self) -> None:
        line = self._line()
        self.ok.setEnabled(line is not None and _can_be_tried(line))
        if line is None or not line.problem:
            self.banner.hide()
        elif line.locked:
            self.banner.say("info", "这份备份是加密的，选它以后输入密码或恢复码，就能看到里面有什么。")
        else:
            self.banner.say("error", f"“{line.path.name}”不能用来恢复：{line.problem}")


def _columns(now: datetime) -> tuple[Column, ...]:
    return (
        Column("at", "备份时间", lambda line: f"{line.at:%Y-%m-%d %H:%M}", letters=10),
        Column("age", "多久以前", lambda line: age(line.at, now), letters=5),
        Column("state", "状态", _state, Kind.STATE, letters=6),
        Column("organisations", "企业", attrgetter("organisations"), Kind.NUMBER, letters=4),
        Column("recognitions", "认定", attrgetter("recognitions"), Kind.NUMBER, letters=4),
        Column("awards", "奖补", attrgetter("awards"), Kind.NUMBER, letters=4),
        Column("total", "奖补合计（元）", attrgetter("total"), Kind.MONEY, letters=9),
        Column("whose", "单位", attrgetter("whose"), letters=13),
        Column("size", "大小", lambda line: size_text(line.size), letters=5),
        Column("place", "位置", lambda line: line.path.parent.name, letters=6, tip=lambda line: str(line.path.parent)),
        Column("name", "文件", lambda line: line.path.name, letters=16, tip=lambda line: str(line.path)),
    )


def _can_be_tried(line: BackupLine) -> bool:
    return line.locked or not line.problem


def _state(line: BackupLine) -> State:
    if line.locked:
        return State("要密码", "info")
    if line.problem:
        return State("打不开", "error")
    if line.is_aside:
        return State("恢复前另存", "info")
    return State("自动备份" if line.is_automatic else "手动备份", "good")
