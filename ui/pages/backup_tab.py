"""设置 → 备份: where backups go by themselves, how often, the second place, and how both stand."""

from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy

from ui import icons
from ui.models.column import State
from ui.open_book import OpenBook
from ui.pages.settings_tabs import Tab
from ui.places import MINUTES
from ui.vitals import Vitals
from ui.widgets.detail_panel import Detail, DetailPanel, Line, Section
from ui.widgets.fields import ChoiceEdit
from ui.widgets.folder_edit import FolderEdit
from ui.widgets.form import Form
from zjtx_desktop.usecases.self_check import GOOD, CheckLine, second_place

_LETTERS = 44
_TONES = {"good": "正常", "warn": "注意", "error": "有问题"}
_SAID = (
    "程序在打开账簿时（上次已过一天的）、每隔一段时间、下达和拨付以后、关闭账簿时自动备份；没有改动就不备份。"
    "自动备份近两天的全部保留，再往前每天、每周、每月留一份，每年的一份一直保留；手动做的备份不会被清理。"
)


class BackupTab(Tab):
    """The settings are of this computer and hold at once; `says` reports them, as every tab does."""

    says = Signal(str, str)
    title = "备份"

    def __init__(self, desk: OpenBook, vitals: Vitals) -> None:
        super().__init__()
        self._jobs, self._vitals, self._places = desk.jobs, vitals, vitals.places
        self.form = Form()
        self.form.setMaximumWidth(self.fontMetrics().horizontalAdvance("国") * _LETTERS)
        self.form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.folder = self.form.add("folder", "自动备份放在", FolderEdit("选择自动备份放在哪里"), required=True)
        self.second = self.form.add("second", "第二个位置", FolderEdit("选择第二个位置"))
        self.second.setPlaceholderText("移动硬盘、U 盘或共享文件夹；没有接上时不影响工作")
        self.minutes = self.form.add("minutes", "打开时每隔", ChoiceEdit([(one, f"{one} 分钟") for one in MINUTES]))
        self.form.note(_SAID)
        self.save, self.now, self.open = QPushButton("保存"), QPushButton("现在备份"), QPushButton("打开备份文件夹")
        self.save.setProperty("role", "primary")
        icons.dress(self.now, "backup")
        icons.dress(self.open, "folder")
        buttons = QHBoxLayout()
        for button in (self.save, self.now, self.open):
            buttons.addWidget(button)
        buttons.addStretch()
        self.text = DetailPanel()
        self.text.setAccessibleName("备份的情况")
        self.column.addWidget(self.form)
        self.column.addLayout(buttons)
        self.column.addWidget(self.text)
        self._load()
        self.form.changed.connect(self._show_dirty)
        self.form.finished.connect(self.accept)
        self.save.clicked.connect(self.accept)
        self.now.clicked.connect(vitals.wants_backup)
        self.open.clicked.connect(self.open_folder)
        vitals.changed.connect(self._ask)

    def refresh(self) -> None:
        if not self.form.is_dirty:
            self._load()
        self._ask()

    def accept(self) -> None:
        """Take over what was chosen; a first folder that cannot be made is said, a second need not be there yet."""
        if not self.form.check():
            return
        values = self.form.values()
        try:
            Path(values["folder"]).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.form.say("folder", "error", f"这个文件夹建不了（{error.strerror}）。请换一个可以写入的位置。")
            return
        if values["second"] == values["folder"]:
            self.form.say("second", "error", "和上面是同一个文件夹。请选另一块磁盘上的文件夹。")
            return
        self._places.set_backup_folder(values["folder"])
        self._places.set_second_folder(values["second"])
        self._places.set_backup_minutes(values["minutes"])
        self.form.mark_clean()
        self._vitals.settings_changed.emit()
        self._ask()
        self._show_dirty()
        self.says.emit("good", "已保存备份的设置，马上生效。")

    def open_folder(self) -> None:
        """Show the automatic backups in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._places.backup_folder)))

    def _load(self) -> None:
        values: dict[str, Any] = {
            "folder": self._places.backup_folder,
            "second": self._places.second_folder,
            "minutes": self._places.backup_minutes,
        }
        self.form.set_values(values)
        self._show_dirty()

    def _show_dirty(self) -> None:
        self.save.setEnabled(self.form.is_dirty)
        self.open.setEnabled(self._places.backup_folder.is_dir())

    def _ask(self) -> None:
        safety, now = self._vitals.safety(), datetime.now()
        self._jobs.run(lambda _tick: second_place(safety, now), done=self._show)  # a share that is gone is slow to say so

    def _show(self, second: CheckLine) -> None:
        standing, last = self._vitals.standing(), self._vitals.last_backup
        words, tone = standing.backup
        said = "没有，上次的备份就是最新的。" if self._vitals.is_covered else "可能有，到时自动备份，也可以点“现在备份”。"
        lines = (
            Line("上次备份", State(f"{last:%Y-%m-%d %H:%M}" if last else words.split("：")[-1], tone)),
            Line("未备份的改动", said),
            Line("第二份", State(_TONES[second.tone], "good" if second.tone == GOOD else "warn")),
            Line("", second.sentence),
        )
        self.text.show_detail(Detail("备份的情况", (Section("", lines),)))
        self._show_dirty()
